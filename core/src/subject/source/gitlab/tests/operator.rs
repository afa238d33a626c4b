//! Runners of the operator.

use serde_json::json;

use super::{metadata, notes, read, reasons, spec, written};

#[test]
fn a_runner_of_the_operator_patches_its_manager() {
    let text = "{apiVersion: apps.gitlab.com/v1beta2, kind: Runner, metadata: {name: r}, spec: {config: settings, podSpec: [{name: a, patchType: merge, patch: \"hostPID: true\"}]}}";
    let found = read(text);
    assert_eq!(spec(&found.subjects[0]), json!({"hostPID": true, "containers": []}));
    assert_eq!(written(&found.subjects[0], "/spec/hostPID"), "true");
    assert_eq!(
        reasons(&found),
        ["/spec/config `config` refers to `settings`: what that brings is judged in its own file alone"]
    );
}

#[test]
fn a_runner_of_the_operator_patches_the_managers_deployment() {
    let with = |list: &str, patch: &str| {
        read(&format!(
            "apiVersion: apps.gitlab.com/v1beta2\nkind: Runner\nmetadata: {{name: r}}\nspec:\n  {list}:\n  - {patch}\n"
        ))
    };
    for (patch, place) in [
        (
            "{name: a, patchType: strategic, patch: \"template: {metadata: {annotations: {a: b}}, spec: {hostPID: true}}\"}",
            "true",
        ),
        (
            "{name: a, patchType: json, patch: '[{op: add, path: /template/spec/hostPID, value: true}, {op: add, path: /template/metadata/annotations, value: {a: b}}]'}",
            "true",
        ),
    ] {
        let found = with("deploymentSpec", patch);
        assert_eq!(reasons(&found), [""; 0]);
        let subject = &found.subjects[0];
        assert_eq!(spec(subject), json!({"hostPID": true, "containers": []}));
        assert_eq!(metadata(subject), json!({"annotations": {"a": "b"}}));
        assert_eq!(written(subject, "/spec/hostPID"), place);
        assert!(subject.entry.partial);
    }
    let at = |list: &str, way: &str| {
        let patch = format!(
            "{{name: a, patchType: json, patch: '[{{op: add, path: {way}/containers/0/securityContext, value: {{privileged: true}}}}]'}}"
        );
        spec(&with(list, &patch).subjects[0])["containers"].clone()
    };
    let privileged = json!([{"name": "", "securityContext": {"privileged": true}}]);
    assert_eq!((at("podSpec", ""), at("deploymentSpec", "/template/spec")), (privileged.clone(), privileged));
    let found = with("deploymentSpec", "{name: a, patchFile: /etc/patch}");
    assert_eq!(
        notes(&found.subjects[0]),
        [json!([{"patch": "it stands in another file"}, "/spec/deploymentSpec/0/patchFile"])]
    );
}
