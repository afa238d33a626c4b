//! The exported folder in Conftest.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use podgate::export;
use podgate_tests::named_by;
use serde_json::Value;

use super::recorded::{self, Said};

/// Conftest with the policies and the data of an exported folder.
fn run(conftest: &Path, folder: &Path, rest: &[&str]) -> Output {
    Command::new(conftest)
        .current_dir(folder)
        .args(["test", "--policy", "policy", "--data", "data", "--all-namespaces"])
        .args(rest)
        .output()
        .unwrap()
}

/// What Conftest passes on and the policies cannot judge is not passed over in silence.
#[test]
fn conftest_warns_of_what_is_not_judged() {
    let Some(conftest) = named_by("PODGATE_CONFTEST") else { return };
    let folder = tempfile::tempdir().unwrap();
    recorded::write(folder.path(), &export::conftest(&recorded::gate(), None).unwrap());
    for object in [
        "{kind: Deployment, spec: {template: {spec: {hostPID: true}}}}",
        "{kind: CronJob, spec: {jobTemplate: {spec: {template: {spec: {hostPID: true}}}}}}",
        "{kind: List, items: [{kind: Pod, spec: {hostPID: true}}]}",
    ] {
        fs::write(folder.path().join("a.yaml"), object).unwrap();
        let output = run(&conftest, folder.path(), &["--no-color", "a.yaml"]);
        let output = String::from_utf8(output.stdout).unwrap();
        assert!(output.contains("WARN - a.yaml - podgate.main - the "), "{object}: {output}");
    }
}

#[test]
fn conftest_agrees_on_the_exported_folder() {
    let Some(conftest) = named_by("PODGATE_CONFTEST") else { return };
    let (gate, mutants) = (recorded::gate(), super::mutants(800));
    let export = export::conftest(&gate, None).unwrap();
    let mut policies = recorded::exported(&gate, &export, true);
    let all = recorded::record(&gate, mutants);
    let folder = tempfile::tempdir().unwrap();
    recorded::write(folder.path(), &export);
    let objects = folder.path().join("objects");
    fs::create_dir(&objects).unwrap();
    let mut subjects = BTreeMap::new();
    for (number, one) in all.iter().enumerate() {
        // There is one inventory for all files; what looks things up in it is compared on the other subjects.
        if let Some(object) = one.bare(number).filter(|_| !one.has_inventory()) {
            fs::write(objects.join(format!("{number}.json")), object.to_string()).unwrap();
            subjects.insert(number, one);
        }
    }
    let output = run(&conftest, folder.path(), &["--output", "json", "objects"]);
    let Ok(files) = serde_json::from_slice::<Vec<Value>>(&output.stdout) else {
        panic!("{}", String::from_utf8_lossy(&output.stderr));
    };
    let mut said: BTreeMap<usize, Vec<Said>> = BTreeMap::new();
    for file in &files {
        let name = file["filename"].as_str().unwrap_or_default();
        let number = name.trim_start_matches("objects/").trim_end_matches(".json").parse().unwrap();
        let own = said.entry(number).or_default();
        for entry in ["failures", "warnings"].iter().flat_map(|kind| file[kind].as_array()).flatten() {
            let metadata = &entry["metadata"];
            let text = |key: &str| metadata[key].as_str().unwrap_or_default();
            let violation = serde_json::json!({"msg": entry["msg"], "details": metadata["details"]});
            own.push(recorded::said(text("policy"), text("severity"), &violation));
        }
    }
    assert_eq!(said.len(), subjects.len(), "not every object was tested");
    // The pod itself cannot say that it is not judged.
    policies.insert(String::new());
    let findings: usize = said
        .into_iter()
        .map(|(number, there)| recorded::compare("Conftest", subjects[&number], &policies, there))
        .sum();
    println!(
        "Conftest: {} subjects, {findings} findings, {} policies compared; 0 differ; {} subjects passed over \
         (parts of pods, and those with an inventory)",
        subjects.len(),
        policies.len() - 1,
        all.len() - subjects.len()
    );
    assert!(findings > mutants / 2);
}
