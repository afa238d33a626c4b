//! Every fixture gives exactly the findings that stand beside it. With `PODGATE_UPDATE_FIXTURES` set, what is
//! found is written there: for review, line by line, in the change that follows.

use std::fs;
use std::path::Path;

use podgate::document::{self, Limits};
use podgate::settings::PolicySettings;
use podgate::{Gate, Settings, policy};
use podgate_tests::{check, lines, manifests};

/// A gate with the parameters that stand beside a fixture, as those of the policies that take them.
fn parameters(path: &Path) -> Option<Gate> {
    let file = path.with_extension("parameters.yaml");
    let text = fs::read_to_string(&file).ok()?;
    let document = document::read("parameters", text, &Limits::default()).remove(0).unwrap();
    let serde_json::Value::Object(given) = serde_json::to_value(document.root()).unwrap() else {
        panic!("{file:?}")
    };
    let mut settings = Settings::default();
    for policy in policy::built_in().unwrap() {
        let own = given.iter().filter(|(name, _)| policy.parameters.contains_key(*name));
        let own = PolicySettings {
            parameters: own.map(|(name, value)| (name.clone(), value.clone())).collect(),
            ..PolicySettings::default()
        };
        settings.policies.insert(policy.id.clone(), own);
    }
    Some(Gate::builder().settings(settings).build().unwrap())
}

fn exact(folder: &str) {
    let plain = Gate::new().unwrap();
    let manifests = manifests(folder).unwrap();
    assert!(!manifests.is_empty(), "no fixtures in {folder}");
    let mut wrong = Vec::new();
    for (path, text) in manifests {
        let with_parameters = parameters(&path);
        let gate = with_parameters.as_ref().unwrap_or(&plain);
        let report = check(gate, &path.display().to_string(), &text);
        let expected = fs::read_to_string(path.with_extension("findings")).unwrap();
        let unread: Vec<_> = report.not_evaluated.iter().filter(|entry| entry.cause.is_error()).collect();
        assert!(unread.is_empty() && report.failed_policies.is_empty(), "{}: {report:#?}", path.display());
        let found = lines(&report);
        if std::env::var_os("PODGATE_UPDATE_FIXTURES").is_some() {
            fs::write(path.with_extension("findings"), &found).unwrap();
        }
        if found != expected {
            wrong.push(format!("{}\nexpected:\n{expected}found:\n{found}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn bypasses_are_seen() {
    exact("bypass");
}

#[test]
fn false_positives_stay_out() {
    exact("clean");
}

#[test]
fn bad_pods() {
    exact("bad");
}

#[test]
fn good_pods() {
    exact("good");
}
