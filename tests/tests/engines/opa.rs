//! The exported bundle in OPA.

use std::fs;
use std::process::Command;

use podgate::export;
use podgate_tests::named_by;
use serde_json::{Value, json};

use super::recorded;

/// Asks the bundle's entry point about every subject, with its own inventory, in one call.
const DRIVER: &str = "package driver

import rego.v1

results := [violations |
	some item in input
	violations := data.podgate.main.violations with input as item.input with data.inventory as item.inventory
]
";

#[test]
fn opa_agrees_on_the_exported_bundle() {
    let Some(opa) = named_by("PODGATE_OPA") else { return };
    let (gate, mutants) = (recorded::gate(), super::mutants(2_000));
    let export = export::opa_bundle(&gate, None).unwrap();
    let policies = recorded::exported(&gate, &export, false);
    let all = recorded::record(&gate, mutants);
    let folder = tempfile::tempdir().unwrap();
    recorded::write(&folder.path().join("bundle"), &export);
    fs::write(folder.path().join("driver.rego"), DRIVER).unwrap();
    let given: Vec<Value> =
        all.iter().map(|one| json!({"input": one.input, "inventory": one.inventory})).collect();
    fs::write(folder.path().join("input.json"), json!(given).to_string()).unwrap();
    let output = Command::new(opa)
        .current_dir(folder.path())
        .args(["eval", "--bundle", "bundle", "--data", "driver.rego", "--input", "input.json"])
        .args(["--format", "raw", "data.driver.results"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let verdicts: Vec<Vec<Value>> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(verdicts.len(), all.len());
    let mut findings = 0;
    for (one, verdict) in all.iter().zip(verdicts) {
        let there = verdict.iter().map(|violation| {
            let text = |key: &str| violation[key].as_str().unwrap_or_default();
            recorded::said(text("policy"), text("severity"), violation)
        });
        findings += recorded::compare("OPA", one, &policies, there);
    }
    println!(
        "OPA: {} subjects, {findings} findings, {} policies compared; 0 differ",
        all.len(),
        policies.len()
    );
    assert!(findings > mutants / 2);
}
