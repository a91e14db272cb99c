//! Where the stages' settings are.

use std::env;
use std::path::PathBuf;

use anyhow::{Result, anyhow};
use schedule_stacks::StageSettings;

use crate::arguments::StageArguments;

/// Where the settings lie in the project.
const FOLDER: &str = "stacks/stages";

pub(crate) fn load(arguments: &StageArguments) -> Result<StageSettings> {
    let folder = match &arguments.stages {
        Some(folder) => folder.clone(),
        None => find().ok_or_else(|| {
            anyhow!(
                "no folder `{FOLDER}` here or above; run inside the project, or name the folder with --stages"
            )
        })?,
    };
    Ok(StageSettings::load(&folder, &arguments.stage)?)
}

fn find() -> Option<PathBuf> {
    let here = env::current_dir().ok()?;
    here.ancestors()
        .map(|folder| folder.join(FOLDER))
        .find(|folder| folder.is_dir())
}
