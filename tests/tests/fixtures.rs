//! Every fixture gives exactly the findings that stand beside it. With `PODGATE_UPDATE_FIXTURES` set, what is
//! found is written there: for review, line by line, in the change that follows.

use std::fs;

use podgate::Gate;
use podgate_tests::{check, lines, manifests, with_parameters};

fn exact(folder: &str) {
    let plain = Gate::new().unwrap();
    let manifests = manifests(folder).unwrap();
    assert!(!manifests.is_empty(), "no fixtures in {folder}");
    let mut wrong = Vec::new();
    for (path, text) in manifests {
        let own = with_parameters(&path);
        let gate = own.as_ref().unwrap_or(&plain);
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
