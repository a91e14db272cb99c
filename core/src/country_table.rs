//! What a row of a country's table can hold. The table is made from these limits, and what does not fit is known
//! before the database is asked.

use std::num::NonZeroU16;

use jiff::{Timestamp, tz::Offset};

use crate::domain::{Appointment, InsuredId, Reference};

/// Characters of `insured_id`; an [`InsuredId`] never has more.
pub const INSURED_ID_CHARACTERS: usize = InsuredId::MAX_CHARACTERS;
/// Characters of `schedule_id`, `center_id`, `specialty_id` and `medic_id`. A request is held to that, but what an
/// older system sent may be longer.
pub const REFERENCE_CHARACTERS: usize = Reference::MAX_CHARACTERS;
/// The first year of a `DATETIME`, <https://dev.mysql.com/doc/refman/8.4/en/datetime.html>; the last one, 9999, is
/// also the calendar's.
pub const FIRST_YEAR: i16 = 1000;

/// How many connections one running function holds at most, which the settings of a stage count with: two, since a function
/// handles one batch at a time.
pub const CONNECTIONS_PER_FUNCTION: NonZeroU16 = NonZeroU16::MIN.saturating_add(1);

/// Says whether an appointment fits in a row.
///
/// # Errors
///
/// [`DoesNotFit`] names the first field that does not.
pub fn check(appointment: &Appointment) -> Result<(), DoesNotFit> {
    for (field, reference) in [
        ("scheduleId", &appointment.schedule_id),
        ("centerId", &appointment.center_id),
        ("specialtyId", &appointment.specialty_id),
        ("medicId", &appointment.medic_id),
    ] {
        if reference
            .as_ref()
            .is_some_and(|reference| reference.as_str().chars().nth(REFERENCE_CHARACTERS).is_some())
        {
            return Err(DoesNotFit::TooLong { field });
        }
    }
    for (field, instant) in [
        ("dateSchedule", appointment.date_schedule.as_timestamp()),
        ("dateCreated", appointment.date_created.as_timestamp()),
    ] {
        if year(instant) < FIRST_YEAR {
            return Err(DoesNotFit::TooEarly { field });
        }
    }
    Ok(())
}

/// Why an appointment has no row: it never will have one. The value itself is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DoesNotFit {
    /// A text is longer than its column.
    #[error("`{field}` is longer than the {REFERENCE_CHARACTERS} characters that the country's table holds")]
    TooLong {
        /// The field's name in the message.
        field: &'static str,
    },
    /// A date lies before those of the column.
    #[error("`{field}` lies before the year {FIRST_YEAR}, where the dates of the country's table begin")]
    TooEarly {
        /// The field's name in the message.
        field: &'static str,
    },
}

fn year(instant: Timestamp) -> i16 {
    Offset::UTC.to_datetime(instant).year()
}
