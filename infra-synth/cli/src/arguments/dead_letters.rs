use std::time::Duration;

use clap::{Args, Subcommand};
use infra_synth_operations::CauseKind;

use super::span::span;
use super::{ListFormat, SystemArguments};

#[derive(Debug, Args)]
pub(crate) struct DeadLettersArguments {
    #[command(subcommand)]
    pub(crate) command: DeadLettersCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DeadLettersCommand {
    /// Show what lies in the dead-letter queues, by cause; start here
    List(ListDeadLettersArguments),
    /// Show messages, with health data hidden
    Show(ShowDeadLettersArguments),
    /// Put messages back into the queues that they come from, once the cause is mended
    #[command(after_help = "Nothing is lost if this is interrupted: say it again, and it goes on.")]
    Redrive(RedriveDeadLettersArguments),
    /// Take messages away for good: nobody can bring them back
    Purge(PurgeDeadLettersArguments),
}

impl DeadLettersCommand {
    pub(crate) fn place(&self) -> &PlaceArguments {
        match self {
            Self::List(options) => &options.place,
            Self::Show(options) => &options.place,
            Self::Redrive(options) => &options.place,
            Self::Purge(options) => &options.place,
        }
    }
}

/// Which system is looked at, and how much of it.
#[derive(Debug, Args)]
pub(crate) struct PlaceArguments {
    /// Only what lies in this dead-letter queue
    #[arg(long, value_name = "NAME")]
    pub(crate) queue: Option<String>,
    #[command(flatten)]
    pub(crate) system: SystemArguments,
}

#[derive(Debug, Args)]
pub(crate) struct ListDeadLettersArguments {
    /// How the list is written; JSON has every message
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub(crate) format: ListFormat,
    #[command(flatten)]
    pub(crate) place: PlaceArguments,
}

#[derive(Debug, Args)]
pub(crate) struct ShowDeadLettersArguments {
    /// Show whole bodies, with insured persons and comments: mind who sees the terminal and its log
    #[arg(long)]
    pub(crate) show_health_data: bool,
    /// How the messages are written
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub(crate) format: ListFormat,
    #[command(flatten)]
    pub(crate) selection: SelectionArguments,
    #[command(flatten)]
    pub(crate) place: PlaceArguments,
}

#[derive(Debug, Args)]
pub(crate) struct RedriveDeadLettersArguments {
    /// How many messages a second go back, so that what was down is not run over
    #[arg(long, value_name = "MESSAGES", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) rate: u32,
    /// Only tell which messages would go back
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// How the outcome is written
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub(crate) format: ListFormat,
    #[command(flatten)]
    pub(crate) selection: SelectionArguments,
    #[command(flatten)]
    pub(crate) place: PlaceArguments,
}

#[derive(Debug, Args)]
pub(crate) struct PurgeDeadLettersArguments {
    /// Only tell which messages would be taken away
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not ask
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// How the outcome is written
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub(crate) format: ListFormat,
    #[command(flatten)]
    pub(crate) selection: SelectionArguments,
    #[command(flatten)]
    pub(crate) place: PlaceArguments,
}

/// Which messages are meant: each condition that is given has to hold.
#[derive(Debug, Args)]
#[command(next_help_heading = "Which messages (all that is given has to hold)")]
#[group(required = true, multiple = true)]
pub(crate) struct SelectionArguments {
    /// The messages with these ids
    #[arg(value_name = "ID", conflicts_with = "all")]
    pub(crate) ids: Vec<String>,
    /// Those that failed for this cause
    #[arg(long, value_name = "CAUSE", value_parser = cause())]
    pub(crate) cause: Option<CauseKind>,
    /// Those that were first sent longer ago than this: a number and s, m, h or d
    #[arg(long, value_name = "TIME", value_parser = span)]
    pub(crate) older_than: Option<Duration>,
    /// All of them
    #[arg(long, conflicts_with_all = ["cause", "older_than"])]
    pub(crate) all: bool,
}

/// The names of the causes, so that the help lists them.
fn cause() -> impl clap::builder::TypedValueParser<Value = CauseKind> {
    use clap::builder::{PossibleValuesParser, TypedValueParser};
    PossibleValuesParser::new(CauseKind::ALL.map(CauseKind::name)).try_map(|name| {
        let mut kinds = CauseKind::ALL.into_iter();
        kinds
            .find(|kind| kind.name() == name)
            .ok_or("there is no such cause")
    })
}
