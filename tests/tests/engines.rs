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
use podgate_policies::RULES;
use podgate_tests::{check, documents, invariants, mutate, pods};
use serde_json::{Value, json};

/// How many changed documents are tried: `PODGATE_MUTANTS`, or what is affordable on every change.
fn mutants(affordable: usize) -> usize {
    std::env::var("PODGATE_MUTANTS").map_or(affordable, |number| number.parse().unwrap())
}

/// Generated pods, over every field that the Pod Security Standards look at.
const PODS: usize = 600;

/// The built-in policies as files of a user: other package, id and name.
fn copies() -> Vec<RegoFile> {
    RULES
        .iter()
        .filter(|file| !file.path.starts_with("lib/"))
        .map(|file| RegoFile {
            path: format!("copy/{}", file.path),
            text: file
                .text
                .replace("package podgate.ci.", "package copy.ci.x_")
                .replace("data.podgate.ci.", "data.copy.ci.x_")
                .replace("package podgate.psp.", "package copy.psp.x_")
                .replace("package podgate.pss.", "package copy.pss.x_")
                .replace("data.podgate.pss.", "data.copy.pss.x_")
                .replace("id: CI", "id: X")
                .replace("id: PSP-", "id: XPSP-")
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
    let profiles = [
        vec!["ci".to_owned(), "psp".to_owned()],
        named("baseline", versions.0),
        named("restricted", versions.1),
    ];
    let own = json!({ "parameters": { "registries": registries() } });
    json!({ "profiles": profiles.concat(), "policies": { "registry-not-allowed": own, "X506": own } })
}

/// A gate with the built-in policies and their copies, under the same settings.
fn gate(versions: (&[&str], &[&str])) -> Gate {
    let mut settings = settings(versions);
    let own = json!({ "parameters": { "podSecurity": pod_security(versions) } });
    for policy in policy::built_in().unwrap() {
        if policy.parameters.contains_key("podSecurity") {
            settings["policies"][format!("X{}", policy.id)] = own.clone();
        }
    }
    let mut settings = Settings::from_yaml("podgate.yaml", &settings.to_string()).unwrap();
    for policy in policy::built_in().unwrap().iter().filter(|policy| policy.profiles.is_empty()) {
        // The copies judge anyway, as users' policies do.
        settings.policies.entry(policy.id.clone()).or_default().mode = Some(Mode::Deny);
    }
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
            finding.pointer.to_string(),
            finding.severity.as_str().to_owned(),
            finding.container.as_deref().map(str::to_owned),
            finding.evidence.as_deref().map(str::to_owned),
            finding.message.to_string(),
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
    let (mut findings, mutants) = (0, mutants(3_000));
    for (round, gate) in gates.iter().cycle().take(mutants).enumerate() {
        let (name, document) = rng.choice(&documents).unwrap();
        let mutant = mutate::mutant(&mut rng, document);
        findings += agree(gate, &format!("{round}-{name}"), &mutant.to_string());
    }
    assert!(findings > mutants, "only {findings} findings compared");
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
