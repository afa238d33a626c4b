//! Files of helmfile.

use serde_json::json;

use super::super::super::testing::{read, reasons, spec, written};
use super::pods;

const TOLD: &str = "/releases what the charts make of it is judged by `helmfile template | podgate check -`";
const RELEASE: &str = "releases:\n- name: a\n  chart: acme/own\n";

#[test]
fn values_in_a_release_are_those_of_a_file() {
    for values in super::VALUES {
        let alone = read(values);
        let text = super::held((&format!("{RELEASE}  values:\n  - file.yaml\n  -\n"), 4), values);
        let found = read(&text);
        assert_eq!(pods(&found), pods(&alone), "{text}");
        let file = "/releases/0/values/0 `values` refers to `file.yaml`: what that brings is judged in its own file alone";
        assert_eq!(reasons(&found), [TOLD, file], "{text}");
    }
}

#[test]
fn each_of_several_values_counts_over_the_ones_before() {
    let found = read(&format!(
        "{RELEASE}  values:\n  - a: {{containerSecurityContext: {{privileged: true, runAsUser: 1}}}}\n  - a: {{containerSecurityContext: {{privileged: false}}}}\n  setString: [{{name: a.containerSecurityContext.procMount, value: Unmasked}}]\n"
    ));
    let [subject] = found.subjects.as_slice() else { panic!("{found:#?}") };
    assert_eq!(
        spec(subject)["containers"][0]["securityContext"],
        json!({"privileged": false, "runAsUser": 1, "procMount": "Unmasked"})
    );
    assert_eq!(written(subject, "/spec/containers/0/securityContext/privileged"), "false");
    assert_eq!(reasons(&found), [TOLD]);
}

#[test]
fn templates_of_releases_and_patches_count() {
    let found = read(&format!(
        "bases: [b.yaml]\ntemplates:\n  t: {{values: [{{extra: {{hostNetwork: true}}}}]}}\n{RELEASE}  strategicMergePatches:\n  - apiVersion: v1\n    kind: Pod\n    metadata: {{name: p}}\n    spec: {{hostPID: true}}\n  - file.yaml\n  jsonPatches:\n  - target: {{kind: Pod}}\n    patch: [{{op: add, path: /spec/hostIPC, value: true}}]\n"
    ));
    let specs: Vec<_> = found.subjects.iter().map(|own| (spec(own), own.entry.partial)).collect();
    assert_eq!(
        specs,
        [
            (json!({"hostIPC": true, "containers": []}), true),
            (json!({"hostPID": true, "containers": []}), true),
            (json!({"hostNetwork": true, "containers": []}), true),
        ]
    );
    let base = "/bases/0 `bases` refers to `b.yaml`: what that brings is judged in its own file alone";
    let file = "/releases/0/strategicMergePatches/1 `strategicMergePatches` refers to `file.yaml`: what that brings is judged in its own file alone";
    assert_eq!(reasons(&found), [TOLD, base, file]);
}

#[test]
fn what_is_elsewhere_or_of_nobody_is_told() {
    let found = read(&format!(
        "environments: {{default: {{values: [{{runners: {{privileged: true}}}}]}}}}\n{RELEASE}  secrets: [s.yaml]\n  transformers: [{{x: {{hostPID: true}}}}]\n"
    ));
    assert_eq!(
        found.subjects.iter().map(spec).collect::<Vec<_>>(),
        [json!({"hostPID": true, "containers": []})]
    );
    let told = reasons(&found);
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[1].starts_with("/releases/0/secrets/0 `secrets` refers to `s.yaml`"), "{told:?}");
    assert!(
        told[2].starts_with("/environments/default/values/0/runners/privileged `privileged` in values"),
        "{told:?}"
    );
}

#[test]
fn other_lists_of_releases_are_none() {
    for text in
        ["releases: [{name: a}]\n", "releases: [{chart: a}]\n", "releases: {a: {name: a, chart: b}}\n"]
    {
        let reasons = reasons(&read(text));
        assert!(!reasons.iter().any(|reason| reason.contains("helmfile")), "{text}: {reasons:?}");
    }
}

#[test]
fn old_values_of_a_chart_are_known_by_its_name() {
    for (chart, known) in [("gitlab/gitlab-runner", true), ("gitlab-runner", true), ("acme/own", false)] {
        let found = read(&format!(
            "releases:\n- {{name: a, chart: {chart}, values: [{{runners: {{privileged: true}}}}]}}\n"
        ));
        let platforms: Vec<&str> = found.subjects.iter().map(|own| own.entry.platform.as_str()).collect();
        assert_eq!(platforms, if known { vec!["gitlab"] } else { vec![] }, "{chart}");
        assert_eq!(reasons(&found).len(), if known { 1 } else { 2 }, "{chart}: {:?}", reasons(&found));
    }
}
