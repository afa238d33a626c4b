//! Any bytes through the whole gate: nothing panics, every finding has its place, nothing is dropped in silence.
#![no_main]

#[path = "../../tests/src/invariants.rs"]
#[expect(dead_code, reason = "shared with the tests; no target asks every question")]
mod invariants;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use podgate::{Context, Gate};

static GATE: LazyLock<Gate> = LazyLock::new(|| Gate::new().expect("the built-in policies compile"));

fuzz_target!(|bytes: &[u8]| {
    let mut context = Context::default();
    if let Ok(text) = std::str::from_utf8(bytes) {
        context.inventory.add_text("input.yaml", text);
    }
    let report = GATE.check_bytes("input.yaml", bytes, &context);
    if let Err(broken) = invariants::report("input.yaml", bytes, &report) {
        panic!("{broken}\n{report:#?}");
    }
});
