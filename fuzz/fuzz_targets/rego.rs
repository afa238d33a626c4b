//! Any text as a user's policy: loading and judging end, and what cannot be used is said with its file.
#![no_main]

use libfuzzer_sys::fuzz_target;
use podgate::{Context, Gate, RegoFile};
use podgate_fuzz::invariants;

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
