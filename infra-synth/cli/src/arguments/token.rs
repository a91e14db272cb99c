use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use schedule_core::domain::{Country, InsuredId};

use super::span::span;

/// What a development token says of its bearer.
#[derive(Debug, Args)]
pub(crate) struct TokenArguments {
    #[command(flatten)]
    pub(crate) bearer: BearerArguments,
    /// A country that the bearer may act for, PE or CL; may be repeated. Without it an insured may act in each
    #[arg(long, value_name = "COUNTRY")]
    pub(crate) country: Vec<Country>,
    /// How long the token is good: a number and s, m, h or d
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = span)]
    pub(crate) expires: Duration,
    /// The data folder of the `infra-synth local` that is to take the token
    #[arg(long, value_name = "DIR", default_value = super::DATA_FOLDER)]
    pub(crate) data_dir: PathBuf,
}

/// Who the bearer is and what it may do: at least one of these has to be said.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(crate) struct BearerArguments {
    /// The insured that the bearer is
    #[arg(long, value_name = "ID", value_parser = insured)]
    pub(crate) insured: Option<InsuredId>,
    /// For an insurer's back office, which acts for anyone in the countries of --country
    #[arg(long, requires = "country")]
    pub(crate) back_office: bool,
    /// What the bearer may do; by default `appointments:read` and `appointments:write`; may be repeated
    #[arg(long, value_name = "SCOPE", value_parser = scope)]
    pub(crate) scope: Vec<String>,
}

fn insured(text: &str) -> Result<InsuredId, String> {
    InsuredId::new(text).map_err(|error| error.to_string())
}

/// Scopes stand in one text, parted by spaces.
fn scope(text: &str) -> Result<String, String> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("expected a scope such as `appointments:read`".to_owned());
    }
    Ok(text.to_owned())
}
