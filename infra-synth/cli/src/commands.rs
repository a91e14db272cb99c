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
pub(crate) mod synth;
#[cfg(feature = "local")]
pub(crate) mod token;
