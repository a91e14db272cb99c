//! What is said at the start: where it listens, who may call it, and lines that work as pasted.

use std::env;
use std::path::Path;

use infra_synth_local::Running;
use jiff::{ToSpan, ZonedDateTime};

use crate::arguments::{LocalArguments, StageArguments};

/// A bearer's header, for the lines that are to be pasted.
const HEADER: &str = " -H \"authorization: Bearer $TOKEN\"";

pub(super) fn text(running: &Running, stage: &StageArguments, arguments: &LocalArguments) -> String {
    let address = running.address();
    let url = format!("http://{address}");
    let date = ZonedDateTime::now()
        .checked_add(30.days())
        .map_or_else(|_| String::new(), |date| date.strftime("%Y-%m-%d").to_string());
    let (auth, token, header) = match (running.issuer(), &arguments.jwks) {
        (None, _) => (
            format!("none: anyone who reaches {address} can book and read"),
            String::new(),
            "",
        ),
        (Some(issuer), Some(file)) => (
            format!("tokens of {issuer}, verified with {}", file.display()),
            String::new(),
            HEADER,
        ),
        (Some(issuer), None) => (
            format!("tokens of {issuer}; the first line makes one that only this system takes"),
            format!("  TOKEN=$({})\n", token_command(stage, arguments)),
            HEADER,
        ),
    };
    format!(
        "Listening on {url}\n\
         Auth: {auth}\n\
         Try it in a browser: {url}/docs\n\n\
         {token}  \
         curl -i {url}/appointments{header} -H 'content-type: application/json' \
         -d '{{\"insuredId\":\"00123\",\"countryISO\":\"PE\",\"dateSchedule\":\"{date}T10:00:00-05:00\"}}'\n  \
         curl{header} {url}/appointments/00123\n\n"
    )
}

fn token_command(stage: &StageArguments, arguments: &LocalArguments) -> String {
    let program = env::args().next().unwrap_or_else(|| "infra-synth".to_owned());
    let mut command = format!(
        "{} token --insured 00123 --stage {} --data-dir {}",
        quoted(Path::new(&program)),
        quoted(Path::new(&stage.stage)),
        quoted(&arguments.data_dir)
    );
    if let Some(stages) = &stage.stages {
        command.push_str(&format!(" --stages {}", quoted(stages)));
    }
    command
}

/// As a shell reads one word.
fn quoted(word: &Path) -> String {
    let word = word.display().to_string();
    let plain = |character: char| character.is_ascii_alphanumeric() || "/._-".contains(character);
    if !word.is_empty() && word.chars().all(plain) {
        word
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_a_shell_would_part_is_quoted() {
        for (word, expected) in [
            ("target/local/infra-synth", "target/local/infra-synth"),
            ("a b", "'a b'"),
            ("it's", r"'it'\''s'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(Path::new(word)), expected);
        }
    }
}
