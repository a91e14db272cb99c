use jiff::{Timestamp, tz::Offset};
use mysql_async::Value;
use schedule_core::{Appointment, Country, Reference, names::COUNTRY_ROW_STATUS};

/// Rows of one statement: far below the 65,535 placeholders that a prepared statement may have.
pub(crate) const ROWS_A_STATEMENT: usize = 1_000;

const COLUMNS: [&str; 11] = [
    "appointment_id",
    "insured_id",
    "schedule_id",
    "center_id",
    "specialty_id",
    "medic_id",
    "date_schedule",
    "country_iso",
    "status",
    "created_at",
    "updated_at",
];

/// The statement that inserts so many rows, and leaves a row that is there already as it is.
///
/// `INSERT IGNORE` would be shorter, but it also turns a value that does not fit into one that does.
pub(crate) fn statement(country: Country, rows: usize) -> String {
    let table = country.table_name();
    let columns = COLUMNS.map(|column| format!("`{column}`")).join(", ");
    let row = format!("({})", ["?"; COLUMNS.len()].join(", "));
    let rows = vec![row; rows].join(", ");
    format!(
        "INSERT INTO `{table}` ({columns}) VALUES {rows} \
         ON DUPLICATE KEY UPDATE `appointment_id` = `{table}`.`appointment_id`"
    )
}

/// The values of a row, in the order of the columns.
///
/// # Errors
///
/// [`DateOutOfRange`] for a date before the year 0, which MySQL has no form for.
pub(crate) fn values(appointment: &Appointment) -> Result<[Value; COLUMNS.len()], DateOutOfRange> {
    let created = date(appointment.date_created.as_timestamp())?;
    Ok([
        appointment.appointment_id.to_string().into(),
        appointment.insured_id.as_str().into(),
        text(appointment.schedule_id.as_ref()),
        text(appointment.center_id.as_ref()),
        text(appointment.specialty_id.as_ref()),
        text(appointment.medic_id.as_ref()),
        date(appointment.date_schedule.as_timestamp())?,
        appointment.country_iso.as_str().into(),
        COUNTRY_ROW_STATUS.into(),
        created.clone(),
        created,
    ])
}

/// A date that no column can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DateOutOfRange;

fn text(reference: Option<&Reference>) -> Value {
    reference.map(Reference::as_str).into()
}

pub(crate) fn date(instant: Timestamp) -> Result<Value, DateOutOfRange> {
    let utc = Offset::UTC.to_datetime(instant);
    let part = |part: i8| u8::try_from(part).map_err(|_| DateOutOfRange);
    Ok(Value::Date(
        u16::try_from(utc.year()).map_err(|_| DateOutOfRange)?,
        part(utc.month())?,
        part(utc.day())?,
        part(utc.hour())?,
        part(utc.minute())?,
        part(utc.second())?,
        u32::try_from(utc.subsec_nanosecond()).map_err(|_| DateOutOfRange)? / 1_000,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_one_statement_with_a_place_for_every_value() {
        let statement = statement(Country::CL, 3);
        assert!(statement.starts_with("INSERT INTO `appointment_cl` (`appointment_id`, `insured_id`,"));
        assert_eq!(statement.matches('?').count(), 3 * COLUMNS.len());
    }

    #[test]
    fn a_full_statement_stays_within_the_placeholders_of_mysql() {
        assert!(ROWS_A_STATEMENT * COLUMNS.len() <= usize::from(u16::MAX));
    }

    #[test]
    fn a_date_goes_in_as_utc_to_the_millisecond() {
        let instant: Timestamp = "2030-05-20T15:30:00.123-05:00".parse().expect("an instant");
        assert_eq!(date(instant), Ok(Value::Date(2030, 5, 20, 20, 30, 0, 123_000)));
        let before_christ: Timestamp = "-000044-03-15T12:00:00Z".parse().expect("an instant");
        assert_eq!(date(before_christ), Err(DateOutOfRange));
    }
}
