//! The built-in policies say the same in the virtual machine, in the interpreter and in OPA.
//!
//! Loaded a second time under other names they are a user's policies, and those are judged by both engines: where
//! the two differ the policy has failed.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use fastrand::Rng;
use podgate::report::Finding;
use podgate::{Context, Gate, RegoFile, Report, Settings};
use podgate_policies::FILES;
use podgate_tests::{check, documents, invariants, manifests, mutate};
use serde_json::{Value, json};

const MUTANTS: usize = 3_000;

/// The built-in policies as files of a user: other package, id and name.
fn copies() -> Vec<RegoFile> {
    FILES
        .iter()
        .filter(|file| file.path.ends_with(".rego") && !file.path.ends_with("_test.rego"))
        .filter(|file| !file.path.starts_with("lib/"))
        .map(|file| RegoFile {
            path: format!("copy/{}", file.path),
            text: file
                .text
                .replace("package podgate.ci.", "package copy.ci.x_")
                .replace("data.podgate.ci.", "data.copy.ci.x_")
                .replace("id: CI", "id: X")
                .replace("#   name: ", "#   name: x-"),
        })
        .collect()
}

/// A gate with the built-in policies and their copies, under the same settings.
fn gate() -> Gate {
    let own = json!({ "parameters": parameters() });
    let settings = json!({"policies": {"registry-not-allowed": own, "X506": own}});
    let settings = Settings::from_yaml("podgate.yaml", &settings.to_string()).unwrap();
    Gate::builder().settings(settings).policies(copies()).build().unwrap()
}

fn parameters() -> Value {
    json!({"registries": ["registry.example.com/ci", "docker.io/library"]})
}

type Line = (usize, String, String, String, Option<String>, Option<String>, String);

/// The findings of the built-in policies and of their copies, each sorted, under one id.
fn by_origin(report: &Report) -> (Vec<Line>, Vec<Line>) {
    let line = |finding: &Finding| {
        (
            finding.subject,
            finding.policy.trim_start_matches(['C', 'I', 'X']).to_owned(),
            finding.pointer.clone(),
            finding.severity.as_str().to_owned(),
            finding.container.clone(),
            finding.evidence.clone(),
            finding.message.clone(),
        )
    };
    let (own, copied): (Vec<_>, Vec<_>) =
        report.findings.iter().partition(|finding| finding.policy.starts_with("CI"));
    let sorted = |findings: Vec<&Finding>| {
        let mut lines: Vec<Line> = findings.into_iter().map(line).collect();
        lines.sort();
        lines
    };
    (sorted(own), sorted(copied))
}

fn agree(gate: &Gate, name: &str, text: &str) -> usize {
    let report = check(gate, name, text);
    assert_eq!(report.failed_policies, [], "{name}: {text}");
    let (own, copied) = by_origin(&report);
    assert_eq!(own, copied, "{name}: {text}");
    if let Err(broken) = invariants::report(name, text.as_bytes(), &report) {
        panic!("{name}: {broken}\n{text}");
    }
    own.len()
}

#[test]
fn machine_and_interpreter_agree_on_every_fixture() {
    let gate = gate();
    assert_eq!(
        gate.start(&Context::default())
            .warnings
            .iter()
            .filter(|one| one.reason.contains("interpreter alone"))
            .count(),
        0
    );
    assert_eq!(gate.policies().len(), 2 * copies().len());
    let findings: usize = ["bad", "bypass", "clean", "good"]
        .iter()
        .flat_map(|folder| podgate_tests::manifests(folder).unwrap())
        .map(|(path, text)| agree(&gate, &path.display().to_string(), &text))
        .sum();
    assert!(findings > 100, "only {findings} findings compared");
}

#[test]
fn machine_and_interpreter_agree_on_mutants() {
    let gate = gate();
    let documents = documents().unwrap();
    let mut rng = Rng::with_seed(20_261_123);
    let mut findings = 0;
    for round in 0..MUTANTS {
        let (name, document) = rng.choice(&documents).unwrap();
        let mutant = mutate::mutant(&mut rng, document);
        findings += agree(&gate, &format!("{round}-{name}"), &mutant.to_string());
    }
    assert!(findings > MUTANTS, "only {findings} findings compared");
}

/// A user's policy that tells what policies are given, so that another engine can be given the same.
const RECORDER: &str = r#"# METADATA
# title: Recorder
# custom:
#   id: RECORD
#   kinds: [Pod, PersistentVolume, Namespace, ServiceAccount, RoleBinding, ClusterRoleBinding, Cluster, InstanceGroup]
package recorder

import rego.v1

default inventory := {}

inventory := data.inventory

violation contains {"msg": json.marshal({"input": input, "inventory": inventory})} if true
"#;

/// What one subject was given, and what the built-in policies said of it: id, message, container.
struct Recorded {
    name: String,
    given: Value,
    kind: String,
    said: Vec<(String, String, String)>,
}

fn record(gate: &Gate, name: &str, text: &str, recorded: &mut Vec<Recorded>) {
    let report = check(gate, name, text);
    assert_eq!(report.failed_policies, [], "{name}: {text}");
    for index in 0..report.subjects.len() {
        let own = || report.findings.iter().filter(move |finding| finding.subject == index);
        let Some(record) = own().find(|finding| finding.policy == "RECORD") else { continue };
        // A character that JSON leaves alone and a message does not: such a pod is passed over.
        let Ok(mut given) = serde_json::from_str::<Value>(&record.message) else { continue };
        given["input"]["parameters"] = parameters();
        let kind = given["input"]["review"]["kind"]["kind"].as_str().unwrap_or_default().to_owned();
        let container = |finding: &Finding| finding.container.clone().unwrap_or_default();
        let said = own().filter(|finding| finding.policy != "RECORD");
        let mut said: Vec<_> = said
            .map(|finding| (finding.policy.clone(), finding.message.clone(), container(finding)))
            .collect();
        said.sort();
        recorded.push(Recorded { name: name.to_owned(), given, kind, said });
    }
}

/// The verdicts of OPA over everything recorded, in one call.
fn ask_opa(opa: &Path, gate: &Gate, recorded: &[Recorded]) -> Vec<BTreeMap<String, Vec<Value>>> {
    let folder = tempfile::tempdir().unwrap();
    for file in FILES.iter().filter(|file| file.path.ends_with(".rego") && !file.path.ends_with("_test.rego"))
    {
        let path = folder.path().join("policies").join(file.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, file.text).unwrap();
    }
    let built_in = gate.policies().iter().filter(|policy| policy.id != "RECORD");
    let verdicts: String =
        built_in.map(|policy| format!("\t{:?}: data.{}.violation,\n", policy.id, policy.package)).collect();
    let driver = format!(
        "package driver\n\nimport rego.v1\n\nverdicts := {{\n{verdicts}}}\n\nresults := [verdict |\n\tsome item in input\n\t\
         verdict := data.driver.verdicts with input as item.input with data.inventory as item.inventory\n]\n"
    );
    fs::write(folder.path().join("policies/driver.rego"), driver).unwrap();
    let given: Vec<&Value> = recorded.iter().map(|one| &one.given).collect();
    fs::write(folder.path().join("input.json"), json!(given).to_string()).unwrap();
    let output = Command::new(opa)
        .current_dir(folder.path())
        .args([
            "eval",
            "--data",
            "policies",
            "--input",
            "input.json",
            "--format",
            "raw",
            "data.driver.results",
        ])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A message as a report shows it.
fn shown(message: &str) -> String {
    let one = |one: char| if one.is_control() { one.escape_default().to_string() } else { one.to_string() };
    message.chars().map(one).collect()
}

#[test]
fn opa_agrees_on_fixtures_and_mutants() {
    let Some(opa) = std::env::var_os("PODGATE_OPA") else {
        println!("skipped: PODGATE_OPA is not set");
        return;
    };
    let own = json!({"policies": {"registry-not-allowed": {"parameters": parameters()}}});
    let settings = Settings::from_yaml("podgate.yaml", &own.to_string()).unwrap();
    let recorder = RegoFile { path: "recorder.rego".to_owned(), text: RECORDER.to_owned() };
    let gate = Gate::builder().settings(settings).policies([recorder]).build().unwrap();
    let mut recorded = Vec::new();
    for folder in ["bad", "bypass", "clean", "good"] {
        for (path, text) in manifests(folder).unwrap() {
            record(&gate, &path.display().to_string(), &text, &mut recorded);
        }
    }
    let (documents, mut rng) = (documents().unwrap(), Rng::with_seed(20_261_124));
    for round in 0..MUTANTS {
        let (name, document) = rng.choice(&documents).unwrap();
        let mutant = mutate::mutant(&mut rng, document);
        record(&gate, &format!("{round}-{name}"), &mutant.to_string(), &mut recorded);
    }
    let verdicts = ask_opa(Path::new(&opa), &gate, &recorded);
    assert_eq!(verdicts.len(), recorded.len());
    let mut compared = 0;
    for (one, verdict) in recorded.iter().zip(verdicts) {
        let mut by_opa = Vec::new();
        for (id, violations) in verdict {
            let policy = gate.policies().iter().find(|policy| policy.id == id).unwrap();
            for violation in violations.iter().filter(|_| policy.judges(&one.kind)) {
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                let message = shown(&text(&violation["msg"]));
                by_opa.push((id.clone(), message, text(&violation["details"]["container"])));
            }
        }
        by_opa.sort();
        assert_eq!(one.said, by_opa, "{}: {}", one.name, one.given);
        compared += one.said.len();
    }
    println!("{} subjects, {compared} findings compared", recorded.len());
    assert!(compared > MUTANTS);
}
