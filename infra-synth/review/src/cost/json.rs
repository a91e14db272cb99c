use serde_json::{Value as Json, json};

use super::{Estimate, list_date, list_is_old, list_region};

pub(super) fn render(estimate: &Estimate, today: &str) -> Json {
    let services: Vec<Json> = estimate
        .services()
        .into_iter()
        .map(|total| {
            json!({
                "service": total.service,
                "fixed": cents(total.fixed),
                "inUse": cents(total.in_use),
                "perMillion": cents(estimate.scaled_to_million(total.in_use)),
            })
        })
        .collect();
    let lines: Vec<Json> = estimate
        .lines()
        .iter()
        .map(|line| {
            json!({
                "service": line.service,
                "resource": line.logical_id,
                "what": line.what,
                "amount": cents(line.amount),
                "usd": cents(line.usd),
                "fixed": line.fixed,
            })
        })
        .collect();
    let unpriced: Vec<Json> = estimate
        .unpriced()
        .iter()
        .map(|(id, kind)| json!({ "resource": id, "type": kind }))
        .collect();
    json!({
        "version": 1,
        "currency": "USD",
        "prices": { "date": list_date(), "region": list_region(), "olderThanAYear": list_is_old(today) },
        "month": { "fixed": cents(estimate.fixed()), "inUse": cents(estimate.in_use()) },
        "perMillion": cents(estimate.per_million()),
        "services": services,
        "lines": lines,
        "unpriced": unpriced,
        "assumptions": estimate.assumptions(),
    })
}

/// To a hundredth of a cent: below it is nothing but the noise of adding up.
fn cents(amount: f64) -> f64 {
    // Nothing is never less than nothing: `-0.0` is no amount.
    (amount * 1e4).round() / 1e4 + 0.0
}
