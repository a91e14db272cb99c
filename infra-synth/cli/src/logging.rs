//! One line an event, on standard error.

use std::fmt;
use std::io::{IsTerminal, stderr};

use jiff::ZonedDateTime;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::{Format, Writer};
use tracing_subscriber::fmt::time::FormatTime;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::arguments::{LocalArguments, LogFormat};

pub(crate) fn start(options: &LocalArguments) {
    // Ours at the chosen level; what the storage engine and the HTTP server say of themselves only when it is bad.
    let level = options.log_level;
    let ours = [
        "infra_synth",
        "infra_synth_local",
        "schedule_handlers",
        "schedule_core",
        "schedule_mysql",
    ];
    let filter = Targets::new()
        .with_default(level.min(tracing_subscriber::filter::LevelFilter::WARN))
        .with_targets(ours.map(|target| (target, level)));
    let layer = tracing_subscriber::fmt::layer().with_writer(stderr);
    let registry = tracing_subscriber::registry().with(filter);
    match options.log_format {
        LogFormat::Json => registry.with(layer.json().flatten_event(true)).init(),
        LogFormat::Text => {
            let colour =
                stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
            let format = Format::default()
                .compact()
                .with_timer(TimeOfDay)
                .with_target(false);
            registry.with(layer.with_ansi(colour).event_format(format)).init();
        }
    }
}

/// The local time of day, to the millisecond.
struct TimeOfDay;

impl FormatTime for TimeOfDay {
    fn format_time(&self, writer: &mut Writer<'_>) -> fmt::Result {
        let now = ZonedDateTime::now();
        write!(
            writer,
            "{:02}:{:02}:{:02}.{:03}",
            now.hour(),
            now.minute(),
            now.second(),
            now.millisecond()
        )
    }
}
