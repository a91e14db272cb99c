use mysql_async::Value;
use schedule_core::{AppointmentId, Country, Moment};

use crate::insert::{DateOutOfRange, date};

/// The statement that reads the next keys in their order, each with whether its appointment was accepted then or later,
/// and its values. It looks at `limit` rows, wanted or not, so that its time is bounded: no index is by that time.
pub(crate) fn in_order(
    country: Country,
    after: &str,
    since: Option<Moment>,
    limit: usize,
) -> Result<(String, Vec<Value>), DateOutOfRange> {
    let table = country.table_name();
    let since = since.map(|since| date(since.as_timestamp())).transpose()?;
    let statement = format!(
        "SELECT `appointment_id`, COALESCE(`created_at` >= ?, TRUE) FROM `{table}` WHERE `appointment_id` > ? \
         ORDER BY `appointment_id` LIMIT ?"
    );
    let limit = u64::try_from(limit).unwrap_or(u64::MAX);
    Ok((statement, vec![since.into(), after.into(), limit.into()]))
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
