//! Any bytes as documents: nothing panics, every place lies in the text, and JSON reads back the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use podgate_tests::invariants;

fuzz_target!(|bytes: &[u8]| {
    for name in ["input.yaml", "input.json"] {
        if let Err(broken) = invariants::documents(name, bytes) {
            panic!("{name}: {broken}");
        }
    }
});
