use std::fmt::Write;

use super::{Estimate, list_date, list_is_old, list_region};

pub(super) fn render(estimate: &Estimate, today: &str) -> String {
    let mut out = String::new();
    let head = [
        "service",
        "fixed a month",
        "in use a month",
        "per million appointments",
    ];
    // Writing to a String never fails.
    let _ = writeln!(
        out,
        "{:<16}{:>16}{:>18}{:>28}",
        head[0], head[1], head[2], head[3]
    );
    for total in estimate.services() {
        row(
            &mut out,
            total.service,
            total.fixed,
            total.in_use,
            estimate.scaled_to_million(total.in_use),
        );
    }
    row(
        &mut out,
        "all",
        estimate.fixed(),
        estimate.in_use(),
        estimate.per_million(),
    );
    let _ = writeln!(
        out,
        "\n{:.2} USD a month in all, by AWS's list prices of {} in {}.",
        estimate.fixed() + estimate.in_use(),
        list_date(),
        list_region(),
    );
    if list_is_old(today) {
        let _ = writeln!(
            out,
            "These prices are more than a year old: compare them with the pages that `prices.json` names."
        );
    }
    let _ = writeln!(out, "\nAssumed:");
    for assumption in estimate.assumptions() {
        let _ = writeln!(out, "- {assumption}");
    }
    if !estimate.unpriced().is_empty() {
        let _ = writeln!(out, "\nNot in it, for want of a price:");
        for (logical_id, kind) in estimate.unpriced() {
            let _ = writeln!(out, "- {logical_id} ({kind})");
        }
    }
    out
}

fn row(out: &mut String, name: &str, fixed: f64, in_use: f64, per_million: f64) {
    let _ = writeln!(out, "{name:<16}{fixed:>16.2}{in_use:>18.2}{per_million:>28.2}");
}
