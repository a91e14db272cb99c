"""What the document cannot say about a valid request: an appointment's date lies in the future, and a cursor is not to
be made up."""

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


def is_past(text):
    try:
        return datetime.fromisoformat(text.upper()) <= datetime.now(timezone.utc)
    except (TypeError, ValueError):
        return False


@schemathesis.hook
def map_body(context, body):
    """The tool sends again what it was answered, also when an appointment was made as the date of another."""
    if isinstance(body, dict) and isinstance(date := body.get("dateSchedule"), str) and is_past(date):
        return {**body, "dateSchedule": f"2040{date[4:]}"}
    return body


@schemathesis.hook
def map_query(context, query):
    """What looks like a cursor is none; what does not is left for the API to refuse."""
    cursor = query.get("cursor") if isinstance(query, dict) else None
    if isinstance(cursor, str) and re.fullmatch(r"[A-Za-z0-9_-]+", cursor):
        return {name: value for name, value in query.items() if name != "cursor"}
    return query
