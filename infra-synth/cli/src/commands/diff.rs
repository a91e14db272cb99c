use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail};
use infra_synth_cfn::Template;
use infra_synth_review::diff::{self, Gate, Offence};

use super::synth;
use crate::arguments::{Against, DiffArguments, DiffFormat, FailOn, StageArguments};
use crate::gate::GateFailed;
use crate::{output, template_file};

/// Where the golden templates lie in the project.
const SNAPSHOTS: &str = "snapshots";

pub(crate) fn run(stage: &StageArguments, arguments: &DiffArguments) -> Result<()> {
    let (old, new) = templates(stage, arguments)?;
    let review = diff::compare(&old, &new);
    let offences: Vec<Offence> = arguments
        .fail_on
        .iter()
        .filter_map(|change| gate(*change).offence(&review))
        .collect();
    output::data(&match arguments.format {
        // Where colour is not wanted, the writer takes it out.
        DiffFormat::Text => diff::text(&review, true),
        DiffFormat::Markdown => diff::markdown(&review),
        DiffFormat::Json => diff::json(&review, &offences)?,
    })?;
    if offences.is_empty() {
        Ok(())
    } else {
        Err(GateFailed(in_words(&offences)).into())
    }
}

fn templates(stage: &StageArguments, arguments: &DiffArguments) -> Result<(Template, Template)> {
    if let (Some(old), Some(new)) = (&arguments.old, &arguments.new) {
        return Ok((template_file::read(old)?, template_file::read(new)?));
    }
    let old = match &arguments.against {
        Against::Snapshot => snapshot(&stage.stage)?,
        Against::File(file) => template_file::read(file)?,
        Against::Revision(revision) => snapshot_in(revision, &stage.stage)?,
        #[cfg(feature = "aws")]
        Against::Deployed => super::aws::deployed_template(stage, &arguments.stack)?,
        #[cfg(not(feature = "aws"))]
        Against::Deployed => bail!(
            "this program was built without AWS, so it cannot read the deployed stack; \
             compare with `snapshot`, with `git:REV` or with a file"
        ),
    };
    Ok((old, synth::template(stage)?))
}

fn snapshot(stage: &str) -> Result<Template> {
    let file = snapshots()?.join(format!("{stage}.snap"));
    if !file.is_file() {
        bail!(
            "stage `{stage}` has no snapshot `{}`; make one with `make golden`, \
             or name what to compare with by --against",
            file.display()
        );
    }
    template_file::read(&file)
}

fn snapshot_in(revision: &str, stage: &str) -> Result<Template> {
    let folder = snapshots()?;
    let root = folder.parent().unwrap_or(Path::new("."));
    // `./` counts from the folder that git runs in, which need not be the repository's top.
    let name = format!("{revision}:./{SNAPSHOTS}/{stage}.snap");
    let shown = Command::new("git")
        .args(["show", "--end-of-options", &name])
        .current_dir(root)
        .output()
        .context("git cannot be started; compare with a file instead")?;
    if !shown.status.success() {
        bail!(
            "git has no `{name}`: {}; name a revision that has the snapshot",
            String::from_utf8_lossy(&shown.stderr).trim()
        );
    }
    template_file::from_text(&String::from_utf8_lossy(&shown.stdout), &name)
}

fn snapshots() -> Result<PathBuf> {
    let here = env::current_dir().context("the current folder cannot be read")?;
    here.ancestors().map(|folder| folder.join(SNAPSHOTS)).find(|folder| folder.is_dir()).ok_or_else(|| {
        anyhow!(
            "no folder `{SNAPSHOTS}` here or above; run inside the project, or name two templates to compare"
        )
    })
}

fn gate(change: FailOn) -> Gate {
    match change {
        FailOn::Any => Gate::Any,
        FailOn::Broadening => Gate::Broadening,
        FailOn::Destructive => Gate::Destructive,
    }
}

fn in_words(offences: &[Offence]) -> String {
    let mut words = String::new();
    for offence in offences {
        if !words.is_empty() {
            words.push('\n');
        }
        words.push_str(&format!("--fail-on {} does not hold:", offence.gate));
        for reason in &offence.reasons {
            words.push_str(&format!("\n  {reason}"));
        }
    }
    words
}
