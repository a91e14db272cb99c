//! One module a command.

#[cfg(feature = "aws")]
pub(crate) mod aws;
#[cfg(feature = "review")]
pub(crate) mod check;
pub(crate) mod completions;
#[cfg(feature = "review")]
pub(crate) mod cost;
#[cfg(any(feature = "aws", feature = "local"))]
pub(crate) mod dead_letters;
#[cfg(feature = "review")]
pub(crate) mod diff;
#[cfg(feature = "review")]
pub(crate) mod graph;
#[cfg(feature = "local")]
pub(crate) mod local;
#[cfg(any(feature = "aws", feature = "local"))]
pub(crate) mod reconcile;
pub(crate) mod synth;
#[cfg(feature = "local")]
pub(crate) mod token;
#[cfg(feature = "local")]
pub(crate) mod trace;

/// What a program that was built without AWS says of a stage's deployed stack.
#[cfg(all(feature = "local", not(feature = "aws")))]
fn without_aws(stage: &crate::arguments::StageArguments) -> anyhow::Result<()> {
    anyhow::bail!(
        "stage `{}` may be deployed, but this program was built without AWS; say --local",
        stage.stage
    )
}
