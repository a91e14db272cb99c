//! The figures as a table, and what they are held against.

use std::fmt::Write;

use crate::measure::Figures;

/// One row: what, its size if it is one file, and its figures.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) size: Option<u64>,
    pub(crate) figures: Figures,
}

const MEBIBYTE: f64 = 1024.0 * 1024.0;

/// A table of one transport.
pub(crate) fn table(transport: &str, rows: &[Row]) -> String {
    let mut text = format!(
        "\nAWS answered over {transport}; medians\n{:<32}{:>9}{:>10}{:>10}{:>10}{:>10}{:>10}{:>9}{:>9}\n",
        "", "init ms", "first ms", "start ms", "p50 µs", "p99 µs", "CPU µs", "MiB", "binary"
    );
    for Row { name, size, figures } in rows {
        let size = size.map_or_else(|| "-".to_owned(), |size| format!("{:.2}", size as f64 / MEBIBYTE));
        // A `String` takes every text.
        let _ = writeln!(
            text,
            "{name:<32}{:>9.2}{:>10.2}{:>10.2}{:>10.0}{:>10.0}{:>10.0}{:>9.1}{size:>9}",
            figures.init / 1e3,
            figures.first / 1e3,
            figures.start / 1e3,
            figures.p50,
            figures.p99,
            figures.processor,
            figures.resident as f64 / MEBIBYTE,
        );
    }
    text
}

/// What a figure must reach.
enum Aim {
    AtMost(f64),
    AtLeast(f64),
    None,
}

/// createAppointment's figures beside what they must reach.
pub(crate) fn targets(plain: &[Row], tls: &[Row]) -> String {
    let mut text = "\ncreateAppointment\n".to_owned();
    let found = |rows: &[Row], start: &str| rows.iter().find(|row| row.name == start).map(|row| row.figures);
    let (ours, theirs) = ("createAppointment", "createAppointment (TypeScript)");
    let mut line = |what: &str, value: Option<f64>, aim: Aim| {
        let Some(value) = value else { return };
        let (held, aim) = match aim {
            Aim::AtMost(bound) => (value <= bound, format!("   at most {bound}")),
            Aim::AtLeast(bound) => (value >= bound, format!("   at least {bound}")),
            Aim::None => (true, String::new()),
        };
        let verdict = if held { "" } else { "  MISSED" };
        let _ = writeln!(text, "  {what:<52}{value:>9.2}{aim}{verdict}");
    };
    let over = |rows: &[Row], of: fn(&Figures) -> f64, divisor: &str| {
        Some(of(&found(rows, ours)?) / of(&found(rows, divisor)?))
    };
    let size = plain.iter().find(|row| row.name == ours).and_then(|row| row.size);
    line(
        "init, ms",
        found(plain, ours).map(|figures| figures.init / 1e3),
        Aim::AtMost(1.6),
    );
    line(
        "init, times hello world's",
        over(plain, |figures| figures.init, "hello world"),
        Aim::AtMost(1.4),
    );
    line(
        "the same on one thread (floor)",
        over(plain, |figures| figures.init, "hello world, one thread (floor)"),
        Aim::None,
    );
    line(
        "start to first answer over TLS, ms",
        found(tls, ours).map(|figures| figures.start / 1e3),
        Aim::AtMost(5.0),
    );
    line(
        "warm p50, µs",
        found(plain, ours).map(|figures| figures.p50),
        Aim::AtMost(350.0),
    );
    let with_token = found(plain, "createAppointment, with a token");
    line(
        "what a token adds to it, µs",
        with_token
            .zip(found(plain, ours))
            .map(|(with, without)| with.p50 - without.p50),
        Aim::AtMost(100.0),
    );
    line(
        "resident, MiB",
        found(plain, ours).map(|figures| figures.resident as f64 / MEBIBYTE),
        Aim::AtMost(8.0),
    );
    line(
        "binary, MiB",
        size.map(|size| size as f64 / MEBIBYTE),
        Aim::AtMost(6.0),
    );
    let faster = |rows, of| over(rows, of, theirs).map(|share| 1.0 / share);
    line(
        "start to first answer, times faster than TypeScript",
        faster(plain, |figures| figures.start),
        Aim::AtLeast(35.0),
    );
    line(
        "the same over TLS",
        faster(tls, |figures| figures.start),
        Aim::AtLeast(20.0),
    );
    line(
        "warm p99, times faster than TypeScript",
        faster(plain, |figures| figures.p99),
        Aim::AtLeast(10.0),
    );
    text
}
