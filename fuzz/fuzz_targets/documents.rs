//! Any bytes as documents: nothing panics, every place lies in the text, and JSON reads back the same.
#![no_main]

#[path = "../../tests/src/invariants.rs"]
#[expect(dead_code, reason = "shared with the tests; no target asks every question")]
mod invariants;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for name in ["input.yaml", "input.json"] {
        if let Err(broken) = invariants::documents(name, bytes) {
            panic!("{name}: {broken}");
        }
    }
});
