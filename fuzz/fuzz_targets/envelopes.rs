//! Messages of the queues, and whole events of them: what has `Records` is an event.
#![no_main]

#[path = "../../functions/handlers/tests/properties/envelopes.rs"]
mod properties;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tokio::runtime::{Builder, Runtime};

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    Builder::new_current_thread()
        .build()
        .expect("a runtime of one thread")
});

fuzz_target!(|input: &[u8]| {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    if text.contains("\"Records\"") {
        RUNTIME.block_on(properties::hold_for_event(input));
    }
    RUNTIME.block_on(properties::hold_for_body(text));
});
