//! Every fixture gives exactly the findings that stand beside it.

use std::fs;

use podgate::Gate;
use podgate_tests::{check, lines, manifests};

fn exact(folder: &str) {
    let gate = Gate::new().unwrap();
    let manifests = manifests(folder).unwrap();
    assert!(!manifests.is_empty(), "no fixtures in {folder}");
    let mut wrong = Vec::new();
    for (path, text) in manifests {
        let report = check(&gate, &path.display().to_string(), &text);
        let expected = fs::read_to_string(path.with_extension("findings")).unwrap();
        let unread: Vec<_> = report.not_evaluated.iter().filter(|entry| entry.cause.is_error()).collect();
        assert!(unread.is_empty() && report.failed_policies.is_empty(), "{}: {report:#?}", path.display());
        let found = lines(&report);
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
