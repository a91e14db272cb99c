use mysql_async::Value;
use schedule_core::{AppointmentId, Country, Moment};

use crate::insert::{DateOutOfRange, date};

/// The statement that reads keys in their order, and its values.
pub(crate) fn in_order(
    country: Country,
    after: Option<&str>,
    since: Option<Moment>,
    limit: usize,
) -> Result<(String, Vec<Value>), DateOutOfRange> {
    let table = country.table_name();
    let mut statement = format!("SELECT `appointment_id` FROM `{table}` WHERE `appointment_id` > ?");
    let mut values = vec![after.unwrap_or_default().into()];
    if let Some(since) = since {
        statement.push_str(" AND `created_at` >= ?");
        values.push(date(since.as_timestamp())?);
    }
    statement.push_str(" ORDER BY `appointment_id` LIMIT ?");
    values.push(u64::try_from(limit).unwrap_or(u64::MAX).into());
    Ok((statement, values))
}

/// The statement that reads which of these keys there are, and its values.
pub(crate) fn among(country: Country, ids: &[AppointmentId]) -> (String, Vec<Value>) {
    let table = country.table_name();
    let places = vec!["?"; ids.len()].join(", ");
    (
        format!("SELECT `appointment_id` FROM `{table}` WHERE `appointment_id` IN ({places})"),
        ids.iter().map(|id| id.to_string().into()).collect(),
    )
}
