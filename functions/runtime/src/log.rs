use std::io;

use tracing_subscriber::{filter::LevelFilter, fmt};

/// Starts the log: one JSON object a line on standard output, with the invocation's `requestId` in `span`.
///
/// Information and above, and that is not to be set: what libraries say below it are requests and answers, with a
/// patient's data in them. A release build does not even hold it, by this crate's choice of `tracing`'s features.
pub(crate) fn start() {
    fmt()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_target(false)
        .with_max_level(LevelFilter::INFO)
        .with_writer(io::stdout)
        .init();
}
