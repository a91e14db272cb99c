"""What the document cannot say about a valid request: an appointment's date lies in the future, a list begins before it
ends, and a cursor is not to be made up."""

import re
from datetime import datetime, timezone

import schemathesis
from hypothesis import strategies as st

OFFSETS = ["Z", "+00:00", "-05:00", "-03:00", "+14:00", "z"]


@st.composite
def future(draw):
    """An RFC 3339 date-time that lies in the future for some years to come."""
    day = f"{draw(st.integers(2040, 9998)):04}-{draw(st.integers(1, 12)):02}-{draw(st.integers(1, 28)):02}"
    time = f"{draw(st.integers(0, 23)):02}:{draw(st.integers(0, 59)):02}:{draw(st.integers(0, 59)):02}"
    fraction = draw(st.sampled_from(["", ".5", ".123456789"]))
    return f"{day}{draw(st.sampled_from('Tt'))}{time}{fraction}{draw(st.sampled_from(OFFSETS))}"


schemathesis.openapi.format("date-time", future())


def instant(text):
    """The second that it lies in; `None` for what is no date-time, which is left for the API to refuse."""
    try:
        return datetime.fromisoformat(re.sub(r"\.\d+", "", text.upper()))
    except (AttributeError, TypeError, ValueError):
        return None


@schemathesis.hook
def before_call(context, case, kwargs):
    """Mends that in every phase, since the tool also sends again what it was answered."""
    if isinstance(case.body, dict) and (date := instant(case.body.get("dateSchedule"))):
        if date.tzinfo and date <= datetime.now(timezone.utc):
            case.body["dateSchedule"] = f"2040{case.body['dateSchedule'][4:]}"
    query = case.query or {}
    first, last = instant(query.get("from")), instant(query.get("to"))
    if first and last and first.tzinfo and last.tzinfo and first >= last:
        del query["to"]
    if isinstance(cursor := query.get("cursor"), str) and re.fullmatch(r"[A-Za-z0-9_-]+", cursor):
        del query["cursor"]
