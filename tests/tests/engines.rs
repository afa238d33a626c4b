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
use podgate_tests::{check, documents, invariants, manifests, mutate, pods};
use serde_json::{Value, json};

const MUTANTS: usize = 3_000;

/// Generated pods, over every field that the Pod Security Standards look at.
const PODS: usize = 600;

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
                .replace("package podgate.pss.", "package copy.pss.x_")
                .replace("data.podgate.pss.", "data.copy.pss.x_")
                .replace("id: CI", "id: X")
                .replace("id: PSS-", "id: XPSS-")
                .replace("#   name: ", "#   name: x-"),
        })
        .collect()
}

/// Versions of the two levels of the Pod Security Standards that pods are judged by in turn: together they have
/// every form of every check.
const VERSIONS: [(&[&str], &[&str]); 3] =
    [(&["v1.18"], &["v1.7", "v1.21"]), (&["v1.30", "latest"], &["v1.24"]), (&["v1.34"], &["latest"])];

/// The settings by which all built-in policies judge.
fn settings(versions: (&[&str], &[&str])) -> Value {
    let named = |level: &str, versions: &[&str]| {
        versions.iter().map(|version| format!("pss-{level}:{version}")).collect::<Vec<_>>()
    };
    let profiles = [vec!["ci".to_owned()], named("baseline", versions.0), named("restricted", versions.1)];
    let own = json!({ "parameters": { "registries": registries() } });
    json!({ "profiles": profiles.concat(), "policies": { "registry-not-allowed": own, "X506": own } })
}

/// A gate with the built-in policies and their copies, under the same settings.
fn gate(versions: (&[&str], &[&str])) -> Gate {
    let mut settings = settings(versions);
    let own = json!({ "parameters": { "podSecurity": pod_security(versions) } });
    for policy in podgate::policy::built_in().unwrap() {
        if policy.parameters.contains_key("podSecurity") {
            settings["policies"][format!("X{}", policy.id)] = own.clone();
        }
    }
    let settings = Settings::from_yaml("podgate.yaml", &settings.to_string()).unwrap();
    Gate::builder().settings(settings).policies(copies()).build().unwrap()
}

fn registries() -> Value {
    json!(["registry.example.com/ci", "docker.io/library"])
}

fn pod_security((baseline, restricted): (&[&str], &[&str])) -> Value {
    json!({ "baseline": baseline, "restricted": restricted })
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
        report.findings.iter().partition(|finding| !finding.policy.starts_with('X'));
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
    for versions in VERSIONS {
        let gate = gate(versions);
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
}

#[test]
fn machine_and_interpreter_agree_on_mutants() {
    let gates = VERSIONS.map(gate);
    let documents = documents().unwrap();
    let mut rng = Rng::with_seed(20_261_123);
    let mut findings = 0;
    for (round, gate) in gates.iter().cycle().take(MUTANTS).enumerate() {
        let (name, document) = rng.choice(&documents).unwrap();
        let mutant = mutate::mutant(&mut rng, document);
        findings += agree(gate, &format!("{round}-{name}"), &mutant.to_string());
    }
    assert!(findings > MUTANTS, "only {findings} findings compared");
}

#[test]
fn machine_and_interpreter_agree_on_generated_pods() {
    let gates = VERSIONS.map(gate);
    let mut rng = Rng::with_seed(20_261_125);
    let mut findings = 0;
    for (round, gate) in gates.iter().cycle().take(PODS).enumerate() {
        findings += agree(gate, &format!("pod-{round}"), &pods::pod(&mut rng).to_string());
    }
    assert!(findings > PODS, "only {findings} findings compared");
}

/// A user's policy that tells what policies are given, so that another engine can be given the same.
const RECORDER: &str = r#"# METADATA
# title: Recorder
# custom:
#   id: RECORD
#   kinds: [Pod, PersistentVolume]
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

fn record(one: &(Gate, Value), name: &str, text: &str, recorded: &mut Vec<Recorded>) {
    let (gate, parameters) = one;
    let report = check(gate, name, text);
    assert_eq!(report.failed_policies, [], "{name}: {text}");
    for (index, subject) in report.subjects.iter().enumerate() {
        let own = || report.findings.iter().filter(move |finding| finding.subject == index);
        let Some(record) = own().find(|finding| finding.policy == "RECORD") else { continue };
        // A character that JSON leaves alone and a message does not: such a pod is passed over.
        let Ok(mut given) = serde_json::from_str::<Value>(&record.message) else { continue };
        given["input"]["parameters"] = parameters.clone();
        let container = |finding: &Finding| finding.container.clone().unwrap_or_default();
        let said = own().filter(|finding| finding.policy != "RECORD");
        let mut said: Vec<_> = said
            .map(|finding| (finding.policy.clone(), finding.message.clone(), container(finding)))
            .collect();
        said.sort();
        recorded.push(Recorded { name: name.to_owned(), given, kind: subject.object.kind.clone(), said });
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
    let recorder = RegoFile { path: "recorder.rego".to_owned(), text: RECORDER.to_owned() };
    let gates = VERSIONS.map(|versions| {
        let mut settings = settings(versions);
        settings["policies"].as_object_mut().unwrap().remove("X506");
        let settings = Settings::from_yaml("podgate.yaml", &settings.to_string()).unwrap();
        let gate = Gate::builder().settings(settings).policies([recorder.clone()]).build().unwrap();
        (gate, json!({ "registries": registries(), "podSecurity": pod_security(versions) }))
    });
    let mut in_turn = gates.iter().cycle();
    let mut recorded = Vec::new();
    for folder in ["bad", "bypass", "clean", "good"] {
        for (path, text) in manifests(folder).unwrap() {
            for gate in &gates {
                record(gate, &path.display().to_string(), &text, &mut recorded);
            }
        }
    }
    let (documents, mut rng) = (documents().unwrap(), Rng::with_seed(20_261_124));
    for (round, gate) in in_turn.by_ref().take(MUTANTS).enumerate() {
        let (name, document) = rng.choice(&documents).unwrap();
        let mutant = mutate::mutant(&mut rng, document);
        record(gate, &format!("{round}-{name}"), &mutant.to_string(), &mut recorded);
    }
    for (round, gate) in in_turn.take(PODS).enumerate() {
        record(gate, &format!("pod-{round}"), &pods::pod(&mut rng).to_string(), &mut recorded);
    }
    let (gate, _) = &gates[0];
    let verdicts = ask_opa(Path::new(&opa), gate, &recorded);
    assert_eq!(verdicts.len(), recorded.len());
    let mut compared = 0;
    for (one, verdict) in recorded.iter().zip(verdicts) {
        let mut by_opa = Vec::new();
        for (id, violations) in verdict {
            let policy = gate.policies().iter().find(|policy| policy.id == id).unwrap();
            let is_pod = one.kind != "PersistentVolume";
            for violation in
                violations.iter().filter(|_| policy.judges(if is_pod { "Pod" } else { &one.kind }))
            {
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
