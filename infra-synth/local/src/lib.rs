//! A CloudFormation template, run on one machine.
#![warn(missing_docs)]

mod event_pattern;
mod filter_policy;
mod matching;
mod policy;
