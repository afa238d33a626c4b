//! What policies are given and say here, so that another tool can be given the same and its answer compared.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use fastrand::Rng;
use podgate::export::Export;
use podgate::{Gate, RegoFile, Settings};
use podgate_tests::{check, documents, manifests, mutate};
use serde_json::{Value, json};

use super::registries;

/// A user's policy that tells what policies are given.
const RECORDER: &str = r#"# METADATA
# title: Recorder
# custom:
#   id: RECORD
#   kinds: [KINDS]
package recorder

import rego.v1

default inventory := {}

inventory := data.inventory

violation contains {"msg": json.marshal({"input": input, "inventory": inventory})} if true
"#;

/// A finding as every tool can tell it: policy, severity, message, container.
pub(crate) type Said = (String, String, String, String);

/// One subject: what policies were given, and what they said.
pub(crate) struct Recorded {
    pub(crate) name: String,
    /// The input without parameters, which exports bring themselves.
    pub(crate) input: Value,
    pub(crate) inventory: Value,
    pub(crate) said: Vec<Said>,
    /// What was said before of other pods of the same object, which a report does not repeat.
    told: BTreeSet<Said>,
}

impl Recorded {
    /// The object alone, as a tool finds it that knows of no review, with a number by which it is known again.
    /// `None` for what such a tool cannot be given: only podgate knows that a pod is a part of one.
    pub(crate) fn bare(&self, number: usize) -> Option<Value> {
        if self.input["partial"] == json!(true) {
            return None;
        }
        let mut object = self.input["review"]["object"].clone();
        let metadata = object.get_mut("metadata")?.as_object_mut()?;
        metadata.insert("uid".to_owned(), json!(number.to_string()));
        if let Some(namespace) = self.input["review"]["namespace"].as_str().filter(|name| !name.is_empty()) {
            metadata.insert("namespace".to_owned(), json!(namespace));
        }
        Some(object)
    }

    pub(crate) fn has_inventory(&self) -> bool {
        self.inventory.as_object().is_some_and(|own| !own.is_empty())
    }
}

/// The gate whose policies are exported and compared.
pub(crate) fn gate() -> Gate {
    let own = json!({"policies": {"registry-not-allowed": {"parameters": {"registries": registries()}}}});
    let settings = Settings::from_yaml("podgate.yaml", &own.to_string()).unwrap();
    let kinds: BTreeSet<&str> = podgate::policy::built_in()
        .unwrap()
        .iter()
        .flat_map(|policy| &policy.kinds)
        .map(String::as_str)
        .collect();
    let kinds = kinds.into_iter().collect::<Vec<_>>().join(", ");
    let recorder = RegoFile { path: "recorder.rego".to_owned(), text: RECORDER.replace("KINDS", &kinds) };
    let profiles: BTreeSet<&String> =
        podgate::policy::built_in().unwrap().iter().flat_map(|policy| &policy.profiles).collect();
    let builder = Gate::builder().settings(settings).policies([recorder]);
    profiles.into_iter().fold(builder, |builder, profile| builder.profile(profile)).build().unwrap()
}

/// Everything in the fixtures, and then that many changed documents.
pub(crate) fn record(gate: &Gate, mutants: usize) -> Vec<Recorded> {
    let mut recorded = Vec::new();
    for folder in ["bad", "bypass", "clean", "good"] {
        for (path, text) in manifests(folder).unwrap() {
            one(gate, &path.display().to_string(), &text, &mut recorded);
        }
    }
    let (documents, mut rng) = (documents().unwrap(), Rng::with_seed(20_261_124));
    for round in 0..mutants {
        let (name, document) = rng.choice(&documents).unwrap();
        let mutant = mutate::mutant(&mut rng, document);
        one(gate, &format!("{round}-{name}"), &mutant.to_string(), &mut recorded);
    }
    recorded
}

fn one(gate: &Gate, name: &str, text: &str, recorded: &mut Vec<Recorded>) {
    let report = check(gate, name, text);
    assert_eq!(report.failed_policies, [], "{name}: {text}");
    let mut told = BTreeSet::new();
    for index in 0..report.subjects.len() {
        let own = || report.findings.iter().filter(move |finding| finding.subject == index);
        let Some(record) = own().find(|finding| finding.policy == "RECORD") else { continue };
        // A character that JSON leaves alone and a message does not: such a pod is passed over.
        let Ok(mut given) = serde_json::from_str::<Value>(&record.message) else { continue };
        let mut input = given["input"].take();
        // What Conftest would pass stands beside the review for users' policies.
        if let Some(input) = input.as_object_mut() {
            input.retain(|key, _| ["review", "notes", "partial"].contains(&key.as_str()));
        }
        let said = own().filter(|finding| finding.policy != "RECORD").map(|finding| {
            (
                finding.policy.to_string(),
                finding.severity.as_str().to_owned(),
                finding.message.to_string(),
                finding.container.as_deref().unwrap_or_default().to_owned(),
            )
        });
        let said: Vec<Said> = said.collect();
        recorded.push(Recorded {
            name: name.to_owned(),
            input,
            inventory: given["inventory"].take(),
            said: said.clone(),
            told: told.clone(),
        });
        told.extend(said);
    }
}

/// The ids of the policies that an export holds; with `whole` only of those that find all there that they find here.
pub(crate) fn exported(gate: &Gate, export: &Export, whole: bool) -> BTreeSet<String> {
    let less = |id: &str| export.notes.iter().any(|note| note.starts_with(&format!("{id} finds less")));
    let is_there = |id: &str, path: &str| {
        let template = format!("templates/{}-", id.to_lowercase());
        export.files.iter().any(|file| file.path.ends_with(path) || file.path.starts_with(&template))
    };
    gate.policies()
        .iter()
        .filter(|policy| is_there(&policy.id, &policy.path) && !(whole && less(&policy.id)))
        .map(|policy| policy.id.clone())
        .collect()
}

pub(crate) fn write(folder: &Path, export: &Export) {
    for file in &export.files {
        let path = folder.join(&file.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &file.text).unwrap();
    }
}

/// What a tool said in its own words.
pub(crate) fn said(policy: &str, severity: &str, violation: &Value) -> Said {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let container = text(&violation["details"]["container"]);
    (policy.to_owned(), severity.to_owned(), shown(&text(&violation["msg"])), container)
}

/// A message as a report shows it.
fn shown(message: &str) -> String {
    let one = |one: char| if one.is_control() { one.escape_default().to_string() } else { one.to_string() };
    message.chars().map(one).collect()
}

/// Holds what a tool says of one subject to what is said here, among `policies`. Gives the number of findings.
///
/// The tool knows of no other pods of the same object, and may repeat what was said of them. So it may what it says of
/// two containers of one name, which a changed document may have and a cluster does not.
pub(crate) fn compare(
    tool: &str,
    here: &Recorded,
    policies: &BTreeSet<String>,
    there: impl IntoIterator<Item = Said>,
) -> usize {
    let has_twins = has_twins(&here.input["review"]["object"]["spec"]);
    let sorted = |all: Vec<Said>| {
        let mut all: Vec<Said> = all.into_iter().filter(|(policy, ..)| policies.contains(policy)).collect();
        all.sort();
        if has_twins {
            all.dedup();
        }
        all
    };
    let is_new = |one: &Said| here.said.contains(one) || !here.told.contains(one);
    let (own, other) = (sorted(here.said.clone()), sorted(there.into_iter().filter(is_new).collect()));
    assert_eq!(own, other, "{tool} on the right: {}: {} {}", here.name, here.input, here.inventory);
    own.len()
}

/// Whether two containers of a pod have one name.
fn has_twins(spec: &Value) -> bool {
    let lists = ["containers", "initContainers", "ephemeralContainers"].map(|list| spec[list].as_array());
    let names: Vec<&Value> =
        lists.into_iter().flatten().flatten().map(|container| &container["name"]).collect();
    (1..names.len()).any(|at| names[..at].contains(&names[at]))
}
