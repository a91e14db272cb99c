//! One module a command.

#[cfg(feature = "review")]
pub(crate) mod check;
pub(crate) mod completions;
#[cfg(feature = "local")]
pub(crate) mod local;
pub(crate) mod synth;
