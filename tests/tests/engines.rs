//! The built-in policies say the same in the virtual machine and in the interpreter, and, exported, in OPA, Conftest
//! and Gatekeeper's gator.
//!
//! Loaded a second time under other names they are a user's policies, and those are judged by both engines: where
//! the two differ the policy has failed. The other tools are given what the policies were given here
//! (`recorded.rs`), and must find the same. `PODGATE_MUTANTS` sets how many changed documents are tried.

#[path = "engines/conftest.rs"]
mod conftest;
#[path = "engines/gator.rs"]
mod gator;
#[path = "engines/opa.rs"]
mod opa;
#[path = "engines/recorded.rs"]
mod recorded;

use fastrand::Rng;
use podgate::report::Finding;
use podgate::settings::Mode;
use podgate::{Context, Gate, RegoFile, Report, Settings, policy};
use podgate_policies::FILES;
use podgate_tests::{check, documents, invariants, mutate};
use serde_json::{Value, json};

/// How many changed documents are tried: `PODGATE_MUTANTS`, or what is affordable on every change.
fn mutants(affordable: usize) -> usize {
    std::env::var("PODGATE_MUTANTS").map_or(affordable, |number| number.parse().unwrap())
}

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
    let mut settings = Settings::from_yaml("podgate.yaml", &settings.to_string()).unwrap();
    for policy in policy::built_in().unwrap().iter().filter(|policy| policy.profiles.is_empty()) {
        // The copies judge anyway, as users' policies do.
        settings.policies.entry(policy.id.clone()).or_default().mode = Some(Mode::Deny);
    }
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
    let (mut findings, mutants) = (0, mutants(3_000));
    for round in 0..mutants {
        let (name, document) = rng.choice(&documents).unwrap();
        let mutant = mutate::mutant(&mut rng, document);
        findings += agree(&gate, &format!("{round}-{name}"), &mutant.to_string());
    }
    assert!(findings > mutants, "only {findings} findings compared");
}
