use std::time::Duration;

use clap::Args;

use super::span::span;
use super::{ListFormat, SystemArguments};

#[derive(Debug, Args)]
#[command(
    after_help = "Each difference is read twice before it is told, and mending may be repeated: nothing happens twice. \
    No health data is read.\n\n\
    Exit codes: 0 compared (and mended, with --apply), 1 it failed, 2 wrong usage, 3 --fail-on-difference and one is left."
)]
pub(crate) struct ReconcileArguments {
    /// Only what was accepted within this time: a number and s, m, h or d
    #[arg(long, value_name = "TIME", value_parser = span)]
    pub(crate) since: Option<Duration>,
    /// Mend what can be mended: complete what has its row, announce again what lacks it
    #[arg(long)]
    pub(crate) apply: bool,
    /// How many differences a second are mended, so that a country is not run over
    #[arg(long, value_name = "DIFFERENCES", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..), requires = "apply")]
    pub(crate) rate: u32,
    /// End with exit code 3 if a difference is left
    #[arg(long)]
    pub(crate) fail_on_difference: bool,
    /// How the outcome is written; JSON is a line a difference and a last one with the sums
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub(crate) format: ListFormat,
    /// The countries' database of a deployed stack: mysql://USER:PASSWORD@HOST:PORT/DATABASE; without it, the functions'
    /// own, with these credentials and IAM
    #[cfg(feature = "aws")]
    #[arg(
        long,
        env = "INFRA_SYNTH_MYSQL_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub(crate) database_url: Option<String>,
    #[command(flatten)]
    pub(crate) system: SystemArguments,
}
