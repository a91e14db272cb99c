use std::{fmt, str::FromStr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize, Serializer};

/// When an appointment takes place: an instant in whole seconds, written in UTC with `Z`.
///
/// It is the range key of the index over the insured, and this form makes the order of the text the order in time.
/// What is finer than a second is cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct DateSchedule(Timestamp);

impl DateSchedule {
    /// The whole second that holds this instant.
    #[must_use]
    pub fn new(instant: Timestamp) -> Self {
        Self(Timestamp::from_second(instant.as_second()).unwrap_or(instant))
    }

    /// What its text begins with in every form of the older system: in the order of text, where its second begins.
    #[must_use]
    pub fn index_prefix(self) -> String {
        let mut text = self.to_string();
        text.truncate("2030-05-20T15:30:00".len());
        text
    }

    /// Reads an RFC 3339 `date-time`, offset included (section 5.6).
    ///
    /// # Errors
    ///
    /// [`DateScheduleError`] if it is anything else, also where ISO 8601 would be more lenient: no offset, no
    /// seconds, a space in place of the `T`, a time zone's name.
    pub fn from_rfc3339(text: &str) -> Result<Self, DateScheduleError> {
        instant(text).map(Self::new)
    }

    /// Reads the limit of a range, which may lie within a second: the first whole second that is not before it. A limit
    /// beyond either end of the calendar is that end, since nothing lies beyond it.
    ///
    /// # Errors
    ///
    /// As for [`from_rfc3339`](Self::from_rfc3339).
    pub fn limit_from_rfc3339(text: &str) -> Result<Self, DateScheduleError> {
        let instant = match instant(text) {
            // The calendar ends before its last year does, so that every offset finds room.
            Err(_) if is_beyond(text) => return Ok(Self::new(Timestamp::MAX)),
            instant => instant?.max(first()),
        };
        let second = Self::new(instant);
        if second.0 < instant {
            Timestamp::from_second(second.0.as_second() + 1)
                .map(Self)
                .map_err(|_| DateScheduleError)
        } else {
            Ok(second)
        }
    }

    /// The instant.
    #[must_use]
    pub const fn as_timestamp(self) -> Timestamp {
        self.0
    }
}

impl fmt::Display for DateSchedule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:.0}", self.0)
    }
}

impl FromStr for DateSchedule {
    type Err = DateScheduleError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::from_rfc3339(text)
    }
}

impl TryFrom<String> for DateSchedule {
    type Error = DateScheduleError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl Serialize for DateSchedule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The text is no RFC 3339 date-time with offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an RFC 3339 date-time with offset, such as `2030-05-20T15:30:00-05:00`")]
pub struct DateScheduleError;

/// Whether it would be an instant, were it not for its year.
fn is_beyond(text: &str) -> bool {
    text.strip_prefix("9999")
        .is_some_and(|rest| instant(&format!("9998{rest}")).is_ok())
}

/// The first instant whose year has four digits, without a sign.
fn first() -> Timestamp {
    Timestamp::from_second(-62_167_219_200).unwrap_or(Timestamp::MIN)
}

fn instant(text: &str) -> Result<Timestamp, DateScheduleError> {
    if is_rfc3339(text.as_bytes()) {
        without_more_digits(text).parse().map_err(|_| DateScheduleError)
    } else {
        Err(DateScheduleError)
    }
}

/// The text without the digits beyond nanoseconds: what is finer than a second is cut off anyway.
fn without_more_digits(text: &str) -> String {
    const NANOSECONDS: usize = "2030-05-20T15:30:00.000000000".len();
    let digits = |(place, c): &(usize, char)| *place < NANOSECONDS || !c.is_ascii_digit();
    let offset = text.rfind(['Z', 'z', '+', '-']).unwrap_or(text.len());
    let (time, offset) = text.split_at(offset);
    time.char_indices()
        .filter(digits)
        .map(|(_, c)| c)
        .chain(offset.chars())
        .collect()
}

// Only the shape: whether day 31 exists in the month is the calendar's business, and jiff's.
fn is_rfc3339(text: &[u8]) -> bool {
    let Some((date_time, rest)) = text.split_at_checked("2030-05-20T15:30:00".len()) else {
        return false;
    };
    has_shape(date_time, b"dddd-dd-ddTdd:dd:dd") && is_offset(after_fraction(rest))
}

fn after_fraction(rest: &[u8]) -> &[u8] {
    match rest {
        [b'.', first, more @ ..] if first.is_ascii_digit() => {
            let digits = more.iter().take_while(|byte| byte.is_ascii_digit()).count();
            &more[digits..]
        }
        _ => rest,
    }
}

fn is_offset(rest: &[u8]) -> bool {
    match rest {
        [b'Z' | b'z'] => true,
        [b'+' | b'-', offset @ ..] => {
            has_shape(offset, b"dd:dd") && &offset[..2] < b"24" && &offset[3..] < b"60"
        }
        _ => false,
    }
}

fn has_shape(text: &[u8], shape: &[u8]) -> bool {
    text.len() == shape.len()
        && text.iter().zip(shape).all(|(byte, expected)| match expected {
            b'd' => byte.is_ascii_digit(),
            b'T' => matches!(byte, b'T' | b't'),
            punctuation => byte == punctuation,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn limit(text: &str, expected: &str) {
        let limit = DateSchedule::limit_from_rfc3339(text).expect("a limit");
        assert_eq!(limit.to_string(), expected, "{text}");
        assert_eq!(
            DateSchedule::limit_from_rfc3339(&limit.to_string()).expect("a limit"),
            limit,
            "what is written is read again"
        );
    }

    #[test]
    fn a_limit_beyond_the_calendar_is_its_end() {
        limit("9999-12-31T23:59:59Z", "9999-12-30T22:00:00Z");
        limit("9999-12-30T23:59:59.5-05:00", "9999-12-30T22:00:00Z");
        limit("0000-01-01T00:00:00+05:00", "0000-01-01T00:00:00Z");
        limit("2030-05-20T15:30:00.1Z", "2030-05-20T15:30:01Z");
        for wrong in [
            "9999-13-01T00:00:00Z",
            "9999-12-32T00:00:00Z",
            "9999-12-31T25:00:00Z",
        ] {
            assert!(DateSchedule::limit_from_rfc3339(wrong).is_err(), "{wrong}");
        }
        assert!(DateSchedule::from_rfc3339("9999-12-31T23:59:59Z").is_err());
    }

    #[test]
    fn a_second_may_be_written_as_finely_as_one_likes() {
        for fraction in ["", ".1", ".123456789", ".1234567890123456789"] {
            for offset in ["Z", "z", "+00:00", "-00:00"] {
                let text = format!("2030-05-20T15:30:00{fraction}{offset}");
                let read = DateSchedule::from_rfc3339(&text).expect("an instant");
                assert_eq!(read.to_string(), "2030-05-20T15:30:00Z", "{text}");
            }
        }
        assert!(DateSchedule::from_rfc3339("2030-05-20T15:30:00.1234567890x23Z").is_err());
    }
}
