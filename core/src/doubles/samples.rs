use jiff::Timestamp;
use uuid::Uuid;

use crate::domain::{
    Appointment, AppointmentId, Country, DateSchedule, InsuredId, Moment, Reference, Status,
};

/// The first instant of 2030; the samples are created then and take place after it.
const CREATED_SECOND: i64 = 1_893_456_000;

/// The id with this number: the one that [`SequentialIds`](super::SequentialIds) gives at that count.
#[must_use]
pub const fn sample_id(number: u32) -> AppointmentId {
    AppointmentId::new(Uuid::from_u128(number as u128))
}

/// A pending appointment of insured `00123`; a higher number takes place later, by an hour each.
#[must_use]
pub fn sample_appointment(number: u32, country: Country) -> Appointment {
    Appointment {
        appointment_id: sample_id(number),
        insured_id: sample_insured_id(),
        schedule_id: reference("100"),
        center_id: reference("4"),
        specialty_id: None,
        medic_id: reference("Núñez-7"),
        comments: None,
        date_schedule: DateSchedule::new(second(CREATED_SECOND + 3600 * i64::from(number))),
        date_created: Moment::new(second(CREATED_SECOND)),
        country_iso: country,
        status: Status::Pending,
        updated_at: None,
    }
}

#[expect(
    clippy::expect_used,
    reason = "the text keeps the rule, and a test calls this"
)]
fn sample_insured_id() -> InsuredId {
    InsuredId::new("00123").expect("an insured id")
}

fn reference(text: &str) -> Option<Reference> {
    Reference::new(text).ok()
}

#[expect(
    clippy::expect_used,
    reason = "the calendar ends in the year 9999, and a test calls this"
)]
fn second(second: i64) -> Timestamp {
    Timestamp::from_second(second).expect("a second of the calendar")
}
