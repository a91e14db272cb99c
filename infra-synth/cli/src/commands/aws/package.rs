use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use infra_synth_deploy::package::{Builder, Package, rust_target};
use schedule_stacks::{CODE_PARAMETERS, StageSettings};
use serde_json::json;

use crate::arguments::{ListFormat, PackageArguments, StageArguments};
use crate::{output, stages};

/// The cargo profile that functions are built with: for a short start and a small package.
const PROFILE: &str = "function";

pub(crate) fn run(stage: &StageArguments, arguments: &PackageArguments) -> Result<()> {
    let packages = built(&stages::load(stage)?)?;
    output::data(&match arguments.format {
        ListFormat::Text => packages
            .iter()
            .map(|package| {
                format!(
                    "{}\t{}\t{}\n",
                    package.binary,
                    package.bytes,
                    package.file.display()
                )
            })
            .collect(),
        ListFormat::Json => {
            let list: Vec<_> = packages
                .iter()
                .map(|package| {
                    json!({
                        "function": package.binary,
                        "bytes": package.bytes,
                        "sha256": package.hash,
                        "key": package.key(),
                        "file": package.file,
                    })
                })
                .collect();
            format!("{:#}\n", json!(list))
        }
    })
}

/// The packages of a stage's functions, in the order of [`CODE_PARAMETERS`], built from the source.
pub(super) fn built(settings: &StageSettings) -> Result<Vec<Package>> {
    Ok(builder(settings)?.package(&binaries())?)
}

/// The same of executables in a folder; with settings, only for the processor that these name.
pub(super) fn given(folder: &Path, settings: Option<&StageSettings>) -> Result<Vec<Package>> {
    let out = root(&here()?)?.join("target/package/given");
    let expected = settings.map(|settings| settings.architecture);
    Ok(Package::of_executables(folder, &binaries(), &out, expected)?)
}

fn binaries() -> [&'static str; CODE_PARAMETERS.len()] {
    CODE_PARAMETERS.map(|(_, binary)| binary)
}

/// What Rust calls the stage's processor, if it can build for it here.
pub(super) fn target(settings: &StageSettings) -> Result<String> {
    let builder = builder(settings)?;
    builder.check_target()?;
    Ok(format!("builds for `{}`", rust_target(builder.processor)))
}

/// The program that links the functions against Lambda's C library.
pub(super) fn linker(settings: &StageSettings) -> Result<String> {
    Ok(format!("`{}`", builder(settings)?.zigbuild()?.display()))
}

fn builder(settings: &StageSettings) -> Result<Builder> {
    let here = here()?;
    let root = root(&here)?;
    Ok(Builder {
        // Cargo is started elsewhere: what is relative is relative to here.
        target_folder: env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root.join("target"), |folder| here.join(folder)),
        root,
        processor: settings.architecture,
        profile: PROFILE.to_owned(),
    })
}

fn here() -> Result<PathBuf> {
    env::current_dir().context("the current folder cannot be read")
}

fn root(here: &Path) -> Result<PathBuf> {
    here.ancestors()
        .find(|folder| folder.join("Cargo.lock").is_file())
        .map(Path::to_owned)
        .ok_or_else(|| anyhow!("no `Cargo.lock` here or above; run inside the project"))
}
