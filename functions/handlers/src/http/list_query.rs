//! The query of a list: which part of it is asked for.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use schedule_core::{DateSchedule, InsuredId, Status, ports::AppointmentFilter};

/// Only what takes place then or later.
pub const FROM: &str = "from";
/// Only what takes place before then.
pub const TO: &str = "to";
/// Only what has this status.
pub const STATUS: &str = "status";
/// At most so many in a page.
pub const LIMIT: &str = "limit";
/// Where the page begins.
pub const CURSOR: &str = "cursor";

/// How many are in a page where nothing is said.
pub const DEFAULT_LIMIT: usize = 50;
/// The most that a page may have.
pub const MAX_LIMIT: usize = 200;

/// All but what RFC 3986, section 2.3, calls unreserved.
const RESERVED: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A query that was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ListQuery {
    pub(super) filter: AppointmentFilter,
    limit: Option<usize>,
    pub(super) cursor: Option<String>,
}

impl ListQuery {
    /// Reads a query as it stands in the URL, or all that is wrong with it.
    pub(super) fn read(raw: &str) -> Result<Self, Vec<QueryFault>> {
        let mut faults = Vec::new();
        let mut values: [Option<String>; Parameter::ALL.len()] = Default::default();
        for pair in raw.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = percent_decode_str(name).decode_utf8_lossy();
            let known = Parameter::ALL.iter().position(|known| known.name() == name);
            let kind = match known.map(|place| &mut values[place]) {
                None => QueryFaultKind::Unknown,
                Some(Some(_)) => QueryFaultKind::Repeated,
                Some(place) => {
                    // A plus is a plus: this is no form, and an offset begins with one.
                    *place = Some(percent_decode_str(value).decode_utf8_lossy().into_owned());
                    continue;
                }
            };
            let fault = QueryFault {
                parameter: name.into_owned(),
                kind,
            };
            if !faults.contains(&fault) {
                faults.push(fault);
            }
        }
        let [from, to, status, limit, cursor] = values;
        let mut reading = Reading { faults };
        let query = Self {
            filter: AppointmentFilter {
                from: reading.value(Parameter::From, from, QueryFaultKind::NotADateTime, date),
                to: reading.value(Parameter::To, to, QueryFaultKind::NotADateTime, date),
                status: reading.value(Parameter::Status, status, QueryFaultKind::UnknownStatus, |text| {
                    text.parse::<Status>().ok()
                }),
            },
            limit: reading.value(Parameter::Limit, limit, QueryFaultKind::NotALimit, page_limit),
            cursor,
        };
        if query.filter.is_empty() {
            reading.note(Parameter::To, QueryFaultKind::EmptyRange);
        }
        if reading.faults.is_empty() {
            Ok(query)
        } else {
            Err(reading.faults)
        }
    }

    pub(super) fn limit(&self) -> usize {
        self.limit.unwrap_or(DEFAULT_LIMIT)
    }

    /// Where the page that begins with this cursor is, relative to the API.
    pub(super) fn next_page(&self, insured_id: &InsuredId, cursor: &str) -> String {
        let date = |date: Option<DateSchedule>| date.map(|date| date.to_string());
        let query: Vec<_> = [
            (Parameter::From, date(self.filter.from)),
            (Parameter::To, date(self.filter.to)),
            (
                Parameter::Status,
                self.filter.status.map(|status| status.to_string()),
            ),
            (Parameter::Limit, self.limit.map(|limit| limit.to_string())),
            (Parameter::Cursor, Some(cursor.to_owned())),
        ]
        .into_iter()
        .filter_map(|(parameter, value)| {
            let value = value?;
            let encoded = utf8_percent_encode(&value, &RESERVED);
            Some(format!("{}={encoded}", parameter.name()))
        })
        .collect();
        format!("/appointments/{}?{}", insured_id.as_str(), query.join("&"))
    }
}

/// A parameter that a query may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Parameter {
    From,
    To,
    Status,
    Limit,
    Cursor,
}

impl Parameter {
    const ALL: [Self; 5] = [Self::From, Self::To, Self::Status, Self::Limit, Self::Cursor];

    const fn name(self) -> &'static str {
        match self {
            Self::From => FROM,
            Self::To => TO,
            Self::Status => STATUS,
            Self::Limit => LIMIT,
            Self::Cursor => CURSOR,
        }
    }
}

/// One thing that is wrong with a query, and with which parameter.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct QueryFault {
    /// The parameter's name, as it was sent.
    pub(super) parameter: String,
    pub(super) kind: QueryFaultKind,
}

impl QueryFault {
    /// That the cursor does not hold here, or no longer.
    pub(super) fn of_cursor() -> Self {
        Self {
            parameter: Parameter::Cursor.name().to_owned(),
            kind: QueryFaultKind::Cursor,
        }
    }
}

// The name of an unknown parameter is the client's text and may say anything about a patient.
impl std::fmt::Debug for QueryFault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("QueryFault").field(&self.kind).finish()
    }
}

/// What can be wrong with a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum QueryFaultKind {
    /// There is no such parameter.
    Unknown,
    /// The parameter is there more than once.
    Repeated,
    /// The text is no RFC 3339 date-time with offset.
    NotADateTime,
    /// `to` is not after `from`.
    EmptyRange,
    /// The text is no status.
    UnknownStatus,
    /// The text is no number of appointments that a page may have.
    NotALimit,
    /// The cursor was not made for this list, or has expired.
    Cursor,
}

struct Reading {
    faults: Vec<QueryFault>,
}

impl Reading {
    fn value<T>(
        &mut self,
        parameter: Parameter,
        text: Option<String>,
        fault: QueryFaultKind,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let text = text?;
        let value = parse(&text);
        if value.is_none() {
            self.note(parameter, fault);
        }
        value
    }

    fn note(&mut self, parameter: Parameter, kind: QueryFaultKind) {
        self.faults.push(QueryFault {
            parameter: parameter.name().to_owned(),
            kind,
        });
    }
}

fn date(text: &str) -> Option<DateSchedule> {
    DateSchedule::limit_from_rfc3339(text).ok()
}

fn page_limit(text: &str) -> Option<usize> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let limit = text.parse().ok().filter(|_| is_number)?;
    (1..=MAX_LIMIT).contains(&limit).then_some(limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(raw: &str) -> Vec<(String, QueryFaultKind)> {
        ListQuery::read(raw)
            .expect_err(raw)
            .into_iter()
            .map(|fault| (fault.parameter, fault.kind))
            .collect()
    }

    #[test]
    fn a_query_is_read_and_written_again_for_the_next_page() {
        let raw = "from=2030-05-20T10:00:00+01:00&to=2030-05-20T10%3A00%3A00.5Z&status=PENDING&limit=7";
        let query = ListQuery::read(raw).expect("a query");
        assert_eq!(query.limit(), 7);
        let insured = InsuredId::new("00123").expect("an insured id");
        assert_eq!(
            query.next_page(&insured, "Ab-_"),
            "/appointments/00123?from=2030-05-20T09%3A00%3A00Z&to=2030-05-20T10%3A00%3A01Z\
             &status=PENDING&limit=7&cursor=Ab-_"
        );
        let bare = ListQuery::read("").expect("no query");
        assert_eq!((bare.limit(), bare.cursor.as_deref()), (DEFAULT_LIMIT, None));
        assert_eq!(bare.next_page(&insured, "A"), "/appointments/00123?cursor=A");
    }

    #[test]
    fn all_that_is_wrong_is_named_at_once() {
        let named = |parameter: &str, kind| (parameter.to_owned(), kind);
        assert_eq!(
            faults("from=ayer&limt=3&limt=4&status=pending&status=DONE&limit=0"),
            [
                named("limt", QueryFaultKind::Unknown),
                named("status", QueryFaultKind::Repeated),
                named("from", QueryFaultKind::NotADateTime),
                named("status", QueryFaultKind::UnknownStatus),
                named("limit", QueryFaultKind::NotALimit),
            ]
        );
        assert_eq!(
            faults("from=2030-05-20T10:00:00Z&to=2030-05-20T10:00:00Z"),
            [named("to", QueryFaultKind::EmptyRange)]
        );
        for limit in ["201", "-1", "+5", "5.0", "", "99999999999999999999", "%35%00"] {
            assert_eq!(
                faults(&format!("limit={limit}")),
                [named("limit", QueryFaultKind::NotALimit)]
            );
        }
    }
}
