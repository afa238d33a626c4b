use super::*;
use crate::{Context, Gate};

fn owner(name: &str) -> Owner {
    Owner { api_version: "apps/v1".to_owned(), kind: "Deployment".to_owned(), name: name.to_owned() }
}

fn verdict(name: &str, image: &str, extra: &str) -> Report {
    let text = format!(
        r#"{{"apiVersion": "v1", "kind": "Pod", "metadata": {{"name": "{name}", "namespace": "ci"}}, "spec": {{
        "containers": [{{"name": "a", "image": "{image}", "securityContext": {{"privileged": true}}}}],
        "volumes": [{{"name": "kube-api-access-{extra}", "projected": {{"sources": [
            {{"serviceAccountToken": {{"path": "token", "expirationSeconds": 3607}}}}]}}}}]}}}}"#
    );
    Gate::new().unwrap().check_text("cluster", &text, &Context::default())
}

fn told(folds: Folds) -> Report {
    let mut report = Gate::new().unwrap().start(&Context::default());
    folds.tell_all(&mut report);
    report
}

#[test]
fn pods_of_one_owner_are_one_subject() {
    let mut folds = Folds::default();
    let (first, new) = folds.add(verdict("agents-7d9f-abcde", "a:1", "x2x4z"), Some(&owner("agents")));
    assert!(new);
    for name in ["agents-7d9f-fghij", "agents-7d9f-klmno"] {
        assert_eq!(folds.add(verdict(name, "a:1", "q9w8e"), Some(&owner("agents"))), (first, false));
    }
    let alone = verdict("agents-7d9f-abcde", "a:1", "x2x4z").findings.len();
    let report = told(folds);
    assert_eq!((report.subjects.len(), report.findings.len()), (1, alone));
    let subject = &report.subjects[0];
    assert_eq!((subject.owner.as_ref(), subject.pods), (Some(&owner("agents")), Some(3)));
    assert_eq!(subject.object.name, "agents-7d9f-abcde");
    assert!(report.findings.iter().all(|finding| finding.span.is_none()));
}

#[test]
fn what_differs_is_told_apart() {
    let mut folds = Folds::default();
    let mut add = |report: Report, owner: Option<&Owner>| assert!(folds.add(report, owner).1);
    add(verdict("a-1", "a:1", "aaaaa"), Some(&owner("a")));
    // Another image has another finding, another owner is another subject, and without an owner each pod is.
    add(verdict("a-2", "a@sha256:0", "aaaaa"), Some(&owner("a")));
    add(verdict("b-1", "a:1", "aaaaa"), Some(&owner("b")));
    add(verdict("c", "a:1", "aaaaa"), None);
    add(verdict("d", "a:1", "aaaaa"), None);
    let pods: Vec<Option<usize>> = told(folds).subjects.iter().map(|subject| subject.pods).collect();
    assert_eq!(pods, [Some(1), Some(1), Some(1), None, None]);
}

/// A name is no name where it is the number of a container.
#[test]
fn names_are_left_out_of_what_is_said_alone() {
    let of = |name: &str, privileged: [bool; 2]| {
        let container = |index: usize| {
            format!(
                r#"{{"name": "{name}", "image": "a", "securityContext": {{"privileged": {}}}}}"#,
                privileged[index]
            )
        };
        let text = format!(
            r#"{{"apiVersion": "v1", "kind": "Pod", "metadata": {{"name": "{name}"}}, "spec": {{"containers": [{}, {}]}}}}"#,
            container(0),
            container(1)
        );
        let mut report = Gate::new().unwrap().check_text("cluster", &text, &Context::default());
        report.findings.retain(|finding| *finding.policy == *"CI201");
        assert_eq!(report.findings.len(), 1);
        report
    };
    let mut folds = Folds::default();
    let (first, _) = folds.add(of("agents-a", [true, false]), Some(&owner("a")));
    assert_eq!(folds.add(of("agents-b", [true, false]), Some(&owner("a"))), (first, false));
    for (name, privileged) in [("0", [true, false]), ("1", [false, true])] {
        assert!(folds.add(of(name, privileged), Some(&owner("a"))).1, "another container");
    }
}

#[test]
fn what_went_away_is_not_told() {
    let mut folds = Folds::default();
    let (place, _) = folds.add(verdict("a-1", "a:1", "aaaaa"), Some(&owner("a")));
    folds.add(verdict("a-2", "a:1", "aaaaa"), Some(&owner("a")));
    folds.remove(place);
    let mut report = Gate::new().unwrap().start(&Context::default());
    folds.tell(place, &mut report);
    assert_eq!((folds.pods(), report.subjects[0].pods), (1, Some(1)));
    folds.remove(place);
    folds.remove(place);
    assert_eq!((folds.pods(), told(folds).subjects.len()), (0, 0));
    let mut folds = Folds::default();
    folds.add(verdict("a-1", "a:1", "aaaaa"), Some(&owner("a")));
    assert!(folds.add(verdict("a-1", "a:2@sha256:0", "aaaaa"), Some(&owner("a"))).1, "it is new again");
}

#[test]
fn random_letters_are_not_compared() {
    assert_eq!(without_random("volume \"kube-api-access-x2x4z\" puts"), "volume \"kube-api-access-\" puts");
    assert_eq!(without_random("kube-api-access-ab"), "kube-api-access-");
    assert_eq!(without_random("data"), "data");
}
