//! Bodies of `POST /appointments`.
#![no_main]

#[path = "../../core/tests/properties/request.rs"]
mod properties;

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;

/// The first instant of 2030.
const NOW: i64 = 1_893_456_000;

fuzz_target!(|body: &[u8]| {
    let now = Timestamp::from_second(NOW).expect("a second of the calendar");
    properties::hold_for_body(body, now);
});
