use std::sync::LazyLock;

use serde::Deserialize;

/// AWS's list prices, with the day and the region that they are of.
#[derive(Deserialize)]
struct List {
    date: String,
    region: String,
    prices: Prices,
}

/// Every price that the estimate knows; the file must have each of them and no other.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Prices {
    pub(super) http_api_request: Price,
    pub(super) lambda_request: Price,
    pub(super) lambda_gb_second_arm64: Price,
    pub(super) lambda_gb_second_x86_64: Price,
    pub(super) dynamodb_write_unit: Price,
    pub(super) dynamodb_read_unit: Price,
    pub(super) dynamodb_write_capacity_hour: Price,
    pub(super) dynamodb_read_capacity_hour: Price,
    pub(super) dynamodb_storage_gb_month: Price,
    pub(super) dynamodb_recovery_gb_month: Price,
    pub(super) sns_publish: Price,
    pub(super) sqs_request: Price,
    pub(super) sqs_fifo_request: Price,
    pub(super) eventbridge_event: Price,
    pub(super) endpoint_zone_hour: Price,
    pub(super) endpoint_gb: Price,
    pub(super) nat_gateway_hour: Price,
    pub(super) log_ingestion_gb: Price,
    pub(super) log_storage_gb_month: Price,
    pub(super) dashboard_month: Price,
    pub(super) alarm_month: Price,
    pub(super) secret_month: Price,
    pub(super) key_month: Price,
    pub(super) transfer_out_gb: Price,
}

/// A price for so many of a unit.
#[derive(Deserialize)]
pub(super) struct Price {
    usd: f64,
    per: f64,
}

impl Price {
    pub(super) fn of(&self, amount: f64) -> f64 {
        self.usd * amount / self.per
    }
}

#[expect(
    clippy::expect_used,
    reason = "the file is part of the crate, and a test reads it"
)]
static LIST: LazyLock<List> = LazyLock::new(|| {
    serde_json::from_str(include_str!("prices.json")).expect("`prices.json` has every price")
});

pub(super) fn prices() -> &'static Prices {
    &LIST.prices
}

/// The month that the list prices are of, as `YYYY-MM`.
pub fn list_date() -> &'static str {
    &LIST.date
}

/// The region that they are of.
pub fn list_region() -> &'static str {
    &LIST.region
}

/// Whether the list is of more than a year before a day, as `YYYY-MM-DD`: prices have changed since, probably.
pub fn list_is_old(today: &str) -> bool {
    // Both are written so that the order of the texts is the order of the days.
    let a_year_on = list_date()
        .split_once('-')
        .and_then(|(year, month)| Some(format!("{}-{month}", year.parse::<u32>().ok()? + 1)));
    let this_month = today.get(..7).unwrap_or(today);
    a_year_on.is_none_or(|limit| this_month > limit.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_has_every_price_a_date_and_a_region() {
        assert_eq!(list_region(), "us-east-1");
        assert_eq!(list_date().len(), "2025-06".len());
        let year: u32 = list_date()[..4].parse().unwrap();
        let month = &list_date()[5..];
        assert!(!list_is_old(&format!("{year}-12-31")));
        assert!(!list_is_old(&format!("{}-{month}-28", year + 1)));
        assert!(list_is_old(&format!("{}-01-01", year + 2)));
        assert!((prices().sqs_request.of(1_000_000.0) - 0.40).abs() < 1e-9);
    }
}
