//! What an EventBridge pattern and an SNS filter policy have in common: conditions on one value.
//!
//! The evaluator is ours, and `quamina` 0.7 is the second opinion in the property tests. It compiles many
//! patterns into one automaton over bytes, which pays off with hundreds of rules; here there are a handful, and
//! the event is a `serde_json::Value` already. It is not faithful either: `{"numeric": ["<", 0]}` takes texts,
//! true and null, `[{"equals-ignore-case": "ab"}, "Aa"]` takes `aa`, an object in a list passes for a value,
//! `exists` counts only where it stands alone, and `anything-but` takes no nested operator.
//!
//! Where the documentation is silent, the published engine of EventBridge (aws/event-ruler) decides:
//! numbers compare as numbers (`300` is `300.0`), `anything-but` accepts a value of another type, and an
//! array matches when any of its elements does, `anything-but` included.

mod error;
mod ignore_case;
mod number;
mod parse;
#[cfg(test)]
pub(crate) mod samples;
mod value;

pub use error::PatternError;
pub(crate) use number::Number;
pub(crate) use parse::{Dialect, kind, parse_conditions};
pub(crate) use value::{Condition, Scalar};
