use std::{io, path::PathBuf};

/// Why a stage's settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// The stage has no file.
    #[error("there is no stage `{stage}` in `{}`; {}", .dir.display(), stages_in(.stages))]
    NoSuchStage {
        /// What was asked for.
        stage: String,
        /// Where it was looked for.
        dir: PathBuf,
        /// The stages that are there.
        stages: Vec<String>,
    },
    /// The file is there and cannot be read.
    #[error("`{}` cannot be read; look at its permissions", .file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The file is not TOML.
    #[error("`{}` is not TOML; mend the place that the parser names", .file.display())]
    Syntax {
        /// The file.
        file: PathBuf,
        /// What the parser said, with line and column.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// A setting that must be there is not.
    #[error("`{}`: `{key}` is missing; expected {expected}", .file.display())]
    Missing {
        /// The file.
        file: PathBuf,
        /// The setting, with its section before a dot.
        key: String,
        /// What may stand there.
        expected: String,
    },
    /// A setting that nothing reads.
    #[error("`{}`: `{key}` is no setting; expected one of {}", .file.display(), quoted(.known))]
    Unknown {
        /// The file.
        file: PathBuf,
        /// The setting, with its section before a dot.
        key: String,
        /// The settings that the section has.
        known: Vec<String>,
    },
    /// A setting with a value of the wrong type or out of range.
    #[error("`{}`: `{key}` is `{found}`; expected {expected}", .file.display())]
    OutOfRange {
        /// The file.
        file: PathBuf,
        /// The setting, with its section before a dot.
        key: String,
        /// What stands there.
        found: String,
        /// What may stand there.
        expected: String,
    },
}

fn stages_in(stages: &[String]) -> String {
    if stages.is_empty() {
        return "no stage is there: write `<stage>.toml`".to_owned();
    }
    format!("expected one of {}", quoted(stages))
}

fn quoted(names: &[String]) -> String {
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}
