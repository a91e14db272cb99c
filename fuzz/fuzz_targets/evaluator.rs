//! Expressions of a template, and templates as text: the first byte says which.
#![no_main]
#![allow(dead_code, reason = "two modules of a crate that has more")]

#[path = "../../infra-synth/local/src/evaluate.rs"]
mod evaluate;
#[path = "../../infra-synth/local/src/naming.rs"]
mod naming;
#[path = "../../infra-synth/local/src/evaluate/properties.rs"]
mod properties;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    match input.first() {
        // Text that is JSON starts with a bracket here.
        Some(b'[') => properties::hold_for_json(input),
        _ => properties::hold_for_expression(input),
    }
});
