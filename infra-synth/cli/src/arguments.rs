//! What can be asked for.

use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

#[cfg(feature = "aws")]
mod aws;
#[cfg(any(feature = "aws", feature = "local"))]
mod dead_letters;
#[cfg(any(feature = "aws", feature = "local"))]
mod reconcile;
#[cfg(feature = "review")]
mod review;
#[cfg(any(feature = "aws", feature = "local"))]
mod span;
#[cfg(any(feature = "aws", feature = "local"))]
mod system;
#[cfg(feature = "local")]
mod token;
#[cfg(feature = "local")]
mod trace;

#[cfg(feature = "aws")]
pub(crate) use aws::{
    AwsArguments, BootstrapArguments, DeployArguments, DestroyArguments, DoctorArguments, LogsArguments,
    MigrateArguments, OutputsArguments, PackageArguments, StackArguments, StatusArguments,
};

#[cfg(any(feature = "aws", feature = "local"))]
pub(crate) use dead_letters::{
    DeadLettersArguments, DeadLettersCommand, ListDeadLettersArguments, PlaceArguments,
    PurgeDeadLettersArguments, RedriveDeadLettersArguments, SelectionArguments, ShowDeadLettersArguments,
};
#[cfg(feature = "local")]
pub(crate) use token::{BearerArguments, TokenArguments};
#[cfg(feature = "local")]
pub(crate) use trace::TraceArguments;

#[cfg(any(feature = "aws", feature = "local"))]
pub(crate) use reconcile::ReconcileArguments;
#[cfg(feature = "review")]
pub(crate) use review::{
    CheckArguments, CostArguments, CostFormat, GraphArguments, GraphFormat, ReportFormat,
};
#[cfg(feature = "local")]
pub(crate) use system::DATA_FOLDER;
#[cfg(any(feature = "aws", feature = "local"))]
pub(crate) use system::SystemArguments;

/// Defines, reviews and runs the infrastructure of the appointment system.
#[derive(Debug, Parser)]
#[command(name = "infra-synth", version, propagate_version = true, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) stage: StageArguments,
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Arguments {
    /// The process's own; ends it where they are wrong.
    pub(crate) fn read() -> Self {
        let matches = Self::command().get_matches();
        let mut read = Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
        read.stage.is_given = matches.value_source("stage") == Some(ValueSource::CommandLine);
        read
    }
}

/// The stage where none is named.
pub(crate) const DEFAULT_STAGE: &str = "dev";

#[derive(Debug, Args)]
pub(crate) struct StageArguments {
    /// The stage, as in `<stages>/<STAGE>.toml`
    #[arg(long, global = true, default_value = DEFAULT_STAGE, value_name = "STAGE")]
    pub(crate) stage: String,
    /// The folder with the stages' settings; by default `stacks/stages` here or in a folder above
    #[arg(long, global = true, env = "INFRA_SYNTH_STAGES", value_name = "DIR")]
    pub(crate) stages: Option<PathBuf>,
    /// Whether the stage was asked for by name, and is not the default
    #[arg(skip)]
    pub(crate) is_given: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write the CloudFormation template of a stage
    Synth(SynthArguments),
    /// Run the whole system on this machine, from its template
    #[cfg(feature = "local")]
    Local(LocalArguments),
    /// Make a token for the local system's API, where the stage asks for one
    #[cfg(feature = "local")]
    Token(TokenArguments),
    /// Find what failed for good, and give it another try or take it away
    #[cfg(any(feature = "aws", feature = "local"))]
    DeadLetters(DeadLettersArguments),
    /// Compare the table with the country databases, and mend what differs
    #[cfg(any(feature = "aws", feature = "local"))]
    Reconcile(ReconcileArguments),
    /// Show the way of an appointment through the system that runs here, and what it waits for
    #[cfg(feature = "local")]
    Trace(TraceArguments),
    /// Tell what a template change opens, replaces and loses; exit code 3 when a gate does not hold
    #[cfg(feature = "review")]
    Diff(DiffArguments),
    /// Hold the template of a stage against the rules; exit code 3 when one is not kept
    #[cfg(feature = "review")]
    Check(CheckArguments),
    /// Draw the architecture as it is in the template of a stage
    #[cfg(feature = "review")]
    Graph(GraphArguments),
    /// Estimate what the template of a stage costs a month
    #[cfg(feature = "review")]
    Cost(CostArguments),
    /// Build and pack the functions of a stage
    #[cfg(feature = "aws")]
    Package(PackageArguments),
    /// Make the bucket for the functions' code, once per account and region
    #[cfg(feature = "aws")]
    Bootstrap(BootstrapArguments),
    /// Show what AWS would change, ask, and deploy a stage
    #[cfg(feature = "aws")]
    Deploy(DeployArguments),
    /// Show how a stage's stack stands, and the way out where it is stuck
    #[cfg(feature = "aws")]
    Status(StatusArguments),
    /// Show what a stage's stack tells: the API's URL, the queues
    #[cfg(feature = "aws")]
    Outputs(OutputsArguments),
    /// Show what the functions of a stage have written
    #[cfg(feature = "aws")]
    Logs(LogsArguments),
    /// Delete a stage's stack; what holds appointments is retained
    #[cfg(feature = "aws")]
    Destroy(DestroyArguments),
    /// Tell whether all is here that deploying a stage needs, and how to mend what is not
    #[cfg(feature = "aws")]
    Doctor(DoctorArguments),
    /// Bring the database's schema up to date
    #[cfg(feature = "aws")]
    Migrate(MigrateArguments),
    /// Write a completion script for a shell to standard output
    Completions {
        /// The shell to complete for
        shell: Shell,
    },
}

#[cfg(any(feature = "aws", feature = "local"))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// For a person
    Text,
    /// For a machine
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct SynthArguments {
    /// The template's notation
    #[arg(long, value_enum, default_value_t = TemplateFormat::Yaml)]
    pub(crate) format: TemplateFormat,
    /// Write `<STAGE>.template.<FORMAT>` into this folder instead of to standard output
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TemplateFormat {
    Yaml,
    Json,
}

#[cfg(feature = "review")]
#[derive(Debug, Args)]
pub(crate) struct DiffArguments {
    /// Compare this template (YAML, JSON or a snapshot) with NEW instead of the stage's
    #[arg(value_name = "OLD", requires = "new")]
    pub(crate) old: Option<PathBuf>,
    /// The template that OLD becomes
    #[arg(value_name = "NEW", conflicts_with = "against")]
    pub(crate) new: Option<PathBuf>,
    /// What to compare the stage's template with: `snapshot`, `git:REV` (the snapshot in that revision),
    /// a file, or `deployed`
    #[arg(long, default_value = "snapshot", value_name = "WHAT")]
    pub(crate) against: Against,
    /// How the review is written
    #[arg(long, value_enum, default_value_t = DiffFormat::Text)]
    pub(crate) format: DiffFormat,
    /// End with exit code 3 if there is such a change, or one that could not be judged; may be repeated
    #[arg(long, value_enum, value_name = "CHANGE")]
    pub(crate) fail_on: Vec<FailOn>,
    /// The stack that `--against deployed` means
    #[cfg(feature = "aws")]
    #[command(flatten)]
    pub(crate) stack: StackArguments,
}

/// What a stage's template is compared with.
#[cfg(feature = "review")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Against {
    Snapshot,
    Deployed,
    Revision(String),
    File(PathBuf),
}

#[cfg(feature = "review")]
impl std::str::FromStr for Against {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "snapshot" => Ok(Self::Snapshot),
            "deployed" => Ok(Self::Deployed),
            "git:" => Err("`git:` names no revision; write for example `git:main`".to_owned()),
            _ => Ok(text.strip_prefix("git:").map_or_else(
                || Self::File(PathBuf::from(text)),
                |revision| Self::Revision(revision.to_owned()),
            )),
        }
    }
}

#[cfg(feature = "review")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    /// For a person at a terminal
    Text,
    /// For a comment on a pull request
    Markdown,
    /// For a machine
    Json,
}

#[cfg(feature = "review")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Anything at all
    Any,
    /// Something is opened, or a protection is taken away
    Broadening,
    /// Data, a way that data take, or an address is lost
    Destructive,
}

#[cfg(feature = "local")]
#[derive(Debug, Args)]
pub(crate) struct LocalArguments {
    /// The address of the HTTP API, or its port alone; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:3000", value_name = "ADDRESS", value_parser = address)]
    pub(crate) listen: std::net::SocketAddr,
    /// The folder that keeps the state between runs
    #[arg(
        long,
        default_value = DATA_FOLDER,
        value_name = "DIR",
        conflicts_with = "ephemeral"
    )]
    pub(crate) data_dir: PathBuf,
    /// Keep the state in memory and forget it at the end
    #[arg(long)]
    pub(crate) ephemeral: bool,
    /// Put the country tables on a real MySQL or MariaDB: mysql://USER:PASSWORD@HOST:PORT/DATABASE
    #[arg(
        long,
        env = "INFRA_SYNTH_MYSQL_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub(crate) mysql_url: Option<String>,
    /// Verify tokens with the public keys in this JWKS file, instead of with a key of the data folder's own
    #[arg(long, value_name = "FILE")]
    pub(crate) jwks: Option<PathBuf>,
    /// Run this template (YAML or JSON) instead of the stage's
    #[arg(long, value_name = "FILE")]
    pub(crate) template: Option<PathBuf>,
    /// How the events on standard error look
    #[arg(long, value_enum, default_value_t = LogFormat::Text)]
    pub(crate) log_format: LogFormat,
    /// Events of this level and above; `debug` shows each delivery, `off` nothing
    #[arg(long, default_value = "info", value_name = "LEVEL")]
    pub(crate) log_level: tracing_subscriber::filter::LevelFilter,
}

#[cfg(feature = "local")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// One readable line an event
    Text,
    /// One JSON object an event
    Json,
}

/// A port of the loopback address, or a host and a port.
#[cfg(feature = "local")]
fn address(text: &str) -> Result<std::net::SocketAddr, String> {
    use std::net::{Ipv4Addr, ToSocketAddrs};
    if let Ok(port) = text.parse::<u16>() {
        return Ok((Ipv4Addr::LOCALHOST, port).into());
    }
    let mut addresses = text.to_socket_addrs().into_iter().flatten();
    addresses
        .next()
        .ok_or_else(|| "expected a port, or an address and a port such as 127.0.0.1:3000".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Arguments::command().debug_assert();
    }
}
