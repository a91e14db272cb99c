//! One module a command.

pub(crate) mod completions;
#[cfg(feature = "local")]
pub(crate) mod local;
pub(crate) mod synth;
