//! Any text as a user's policy: loading and judging end, and what cannot be used is said with its file.
#![no_main]

#[path = "../../tests/src/invariants.rs"]
#[expect(dead_code, reason = "shared with the tests; no target asks every question")]
mod invariants;

use libfuzzer_sys::fuzz_target;
use podgate::{Context, Gate, RegoFile};

const POD: &str =
    "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: c, image: i}]}}";

fuzz_target!(|text: &str| {
    let file = RegoFile { path: "user.rego".to_owned(), text: text.to_owned() };
    let gate = Gate::builder().policies([file]).build().expect("a user's policy is no error of the gate");
    let report = gate.check_text("input.yaml", POD, &Context::default());
    if let Err(broken) = invariants::failures(&report) {
        panic!("{broken}\n{report:#?}");
    }
});
