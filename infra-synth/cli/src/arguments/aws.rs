use std::{path::PathBuf, time::Duration};

use clap::Args;

use super::{ListFormat, span::span};

const AWS: &str = "AWS";

/// Which account and region; as in the AWS CLI, the environment and the profile say what these do not.
// Each by itself: a heading of the whole would stand over what follows it in a command, too.
#[derive(Debug, Clone, Args)]
pub(crate) struct AwsArguments {
    /// The profile, instead of AWS_PROFILE and of credentials in the environment
    #[arg(long, value_name = "NAME", help_heading = AWS)]
    pub(crate) profile: Option<String>,
    /// The region, instead of AWS_REGION
    #[arg(long, value_name = "REGION", help_heading = AWS)]
    pub(crate) region: Option<String>,
    /// Where AWS answers, instead of AWS_ENDPOINT_URL
    #[arg(long, value_name = "URL", help_heading = AWS)]
    pub(crate) endpoint_url: Option<String>,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct StackArguments {
    #[command(flatten)]
    pub(crate) aws: AwsArguments,
    /// The stack; by default `<service>-<stage>`, with the stage's qualifier
    #[arg(long, value_name = "NAME", help_heading = AWS)]
    pub(crate) stack_name: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct PackageArguments {
    /// How the list of packages is written
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub(crate) format: ListFormat,
}

#[derive(Debug, Args)]
pub(crate) struct BootstrapArguments {
    #[command(flatten)]
    pub(crate) aws: AwsArguments,
    /// Do not ask
    #[arg(long, short)]
    pub(crate) yes: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DeployArguments {
    #[command(flatten)]
    pub(crate) stack: StackArguments,
    /// A parameter's value; later deployments keep it. May be repeated
    #[arg(long = "parameter", value_name = "NAME=VALUE", value_parser = name_and_value)]
    pub(crate) parameters: Vec<(String, String)>,
    /// Do not ask
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Show what would be done, leave it as a change set, and stop
    #[arg(long, conflicts_with = "yes")]
    pub(crate) no_execute: bool,
    /// Go through with a change that destroys data
    #[arg(long)]
    pub(crate) allow_destructive: bool,
    /// Also set back what was changed by hand; a deployment looks only at what the templates differ in otherwise
    #[arg(long)]
    pub(crate) revert_drift: bool,
    /// Take into the stack what exists already, in no stack, under a name of the template: a table, log groups; not queues
    #[arg(long)]
    pub(crate) import_existing: bool,
    /// Take the functions' executables from this folder instead of building them
    #[arg(long, value_name = "DIR")]
    pub(crate) executables: Option<PathBuf>,
    /// Go on undoing an update whose undoing stopped half-way, and do nothing else
    #[arg(long, conflicts_with_all = ["no_execute", "parameters", "executables", "revert_drift", "import_existing"])]
    pub(crate) continue_rollback: bool,
    /// A resource that the undoing leaves as it is. May be repeated
    #[arg(long, value_name = "LOGICAL_ID", requires = "continue_rollback")]
    pub(crate) skip: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct DestroyArguments {
    #[command(flatten)]
    pub(crate) stack: StackArguments,
    /// A resource that stays in the account, where an earlier deletion failed on it. May be repeated
    #[arg(long, value_name = "LOGICAL_ID")]
    pub(crate) retain: Vec<String>,
    /// Do not ask
    #[arg(long, short)]
    pub(crate) yes: bool,
}

#[derive(Debug, Args)]
pub(crate) struct StatusArguments {
    #[command(flatten)]
    pub(crate) stack: StackArguments,
    /// Wait for the end of what runs, and show it while it does
    #[arg(long, short)]
    pub(crate) follow: bool,
    /// How the status is written
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub(crate) format: ListFormat,
}

#[derive(Debug, Args)]
pub(crate) struct DoctorArguments {
    #[command(flatten)]
    pub(crate) stack: StackArguments,
    /// How the list of findings is written
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub(crate) format: ListFormat,
}

#[derive(Debug, Args)]
pub(crate) struct OutputsArguments {
    #[command(flatten)]
    pub(crate) stack: StackArguments,
    /// How the outputs are written
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub(crate) format: ListFormat,
}

#[derive(Debug, Args)]
pub(crate) struct LogsArguments {
    #[command(flatten)]
    pub(crate) stack: StackArguments,
    /// The function, such as `createAppointment`; all of them by default
    #[arg(value_name = "FUNCTION")]
    pub(crate) function: Option<String>,
    /// Go on showing what is written
    #[arg(long, short)]
    pub(crate) follow: bool,
    /// How far back: a number and s, m, h or d
    #[arg(long, default_value = "10m", value_name = "TIME", value_parser = span)]
    pub(crate) since: Duration,
}

#[derive(Debug, Args)]
pub(crate) struct MigrateArguments {
    /// The database: mysql://USER:PASSWORD@HOST:PORT/DATABASE
    #[arg(
        long,
        env = "INFRA_SYNTH_MYSQL_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub(crate) database_url: String,
    /// Only tell which migrations the database lacks
    #[arg(long)]
    pub(crate) dry_run: bool,
}

fn name_and_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("expected NAME=VALUE".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameters_value_may_hold_an_equals_sign_or_nothing() {
        let pair = |name: &str, value: &str| Ok((name.to_owned(), value.to_owned()));
        assert_eq!(name_and_value("A=b=c"), pair("A", "b=c"));
        assert_eq!(name_and_value("A="), pair("A", ""));
        assert!(name_and_value("A").is_err() && name_and_value("=b").is_err());
    }
}
