//! Templates over each other, as the plugin merges them.

use serde_json::json;

use super::{one, part, pipeline, spec};

#[test]
fn fields_are_over_the_yaml_and_templates_over_those_around_them() {
    let nested = |outer: &str, inner: &str| {
        format!("podTemplate({outer}) {{ podTemplate({inner}) {{ node(POD_LABEL) {{ sh 'x y' }} }} }}")
    };
    let privileged = "containers: [containerTemplate(name: 'a', image: 'a', privileged: true)]";
    let harmless = "containers: [containerTemplate(name: 'a', image: 'b', privileged: false)]";
    for (text, pointer, wanted) in [
        (nested(privileged, harmless), "/containers/0/securityContext/privileged", json!(true)),
        (nested(privileged, harmless), "/containers/0/image", json!("b")),
        (nested(privileged, "label: 'x'"), "/containers/0/securityContext/privileged", json!(true)),
        (nested("hostNetwork: true", "hostNetwork: false"), "/hostNetwork", json!(false)),
        (nested("hostNetwork: true", "label: 'x'"), "/hostNetwork", json!(true)),
        (nested("serviceAccount: 'a'", "serviceAccount: ''"), "/serviceAccountName", json!("a")),
        // Of YAML, the last one counts, unless they are merged.
        (nested("yaml: 'spec: {hostPID: true}'", "yaml: 'spec: {hostIPC: true}'"), "/hostIPC", json!(true)),
        (
            nested(
                "yaml: 'spec: {hostPID: true}'",
                "yaml: 'spec: {hostIPC: true}', yamlMergeStrategy: merge()",
            ),
            "/hostPID",
            json!(true),
        ),
        (
            nested(
                "yaml: 'spec: {hostPID: true}', yamlMergeStrategy: merge(), inheritYamlMergeStrategy: true",
                "yaml: 'spec: {hostIPC: true}'",
            ),
            "/hostPID",
            json!(true),
        ),
        (nested("yaml: 'spec: {hostPID: true}'", "label: 'x'"), "/hostPID", json!(true)),
        // The fields win over the YAML; `privileged: false` takes nothing back.
        (
            format!(
                "podTemplate(yaml: 'spec: {{containers: [{{name: a, image: y, securityContext: {{privileged: true, procMount: Unmasked}}}}]}}', {harmless}) {{}}"
            ),
            "/containers/0",
            json!({
                "name": "a", "image": "b", "securityContext": {"privileged": true, "procMount": "Unmasked"},
                "volumeMounts": [{"name": "workspace-volume", "mountPath": "/home/jenkins/agent"}],
            }),
        ),
    ] {
        assert_eq!(part(&text, pointer), wanted, "{text}");
    }
    let override_ = nested("yaml: 'spec: {hostPID: true}'", "yaml: 'spec: {hostIPC: true}'");
    assert_eq!(spec(&one(&override_)).get("hostPID"), None);
    let fresh = nested(privileged, "inheritFrom: '', label: 'x'");
    assert_eq!(spec(&one(&fresh))["containers"].as_array().map(Vec::len), Some(1), "nothing is inherited");
    // An outer template in which an agent is started, too, is a pod of its own.
    let both =
        "podTemplate(hostNetwork: true) { node(POD_LABEL) {}\n podTemplate(label: 'x') { node('x') {} } }";
    assert_eq!(pipeline(both).subjects.len(), 2);
}

#[test]
fn containers_in_yaml_are_merged_as_the_plugin_does() {
    let merged = |outer: &str, inner: &str| {
        let text = format!(
            "podTemplate(yaml: 'spec: {{containers: [{{name: a, {outer}}}]}}') {{ podTemplate(yamlMergeStrategy: merge(), yaml: 'spec: {{containers: [{{name: a, {inner}}}]}}') {{ node(POD_LABEL) {{}} }} }}"
        );
        let mut container = part(&text, "/containers/0");
        container.as_object_mut().unwrap().retain(|key, _| key != "name" && key != "volumeMounts");
        container
    };
    let context = |outer: &str, inner: &str| {
        merged(&format!("securityContext: {{{outer}}}"), &format!("securityContext: {{{inner}}}"))["securityContext"].clone()
    };
    assert_eq!(context("privileged: true", "privileged: false"), json!({"privileged": true}));
    assert_eq!(
        context("privileged: true", "privileged: false, runAsUser: 1"),
        json!({"privileged": false, "runAsUser": 1})
    );
    assert_eq!(context("privileged: false", "privileged: true"), json!({"privileged": true}));
    assert_eq!(context("privileged: true", "allowPrivilegeEscalation: false"), json!({"privileged": true}));
    assert_eq!(
        context("capabilities: {add: [A]}", "capabilities: {drop: [ALL]}"),
        json!({"capabilities": {"add": ["A"], "drop": ["ALL"]}})
    );
    assert_eq!(
        merged("image: x, env: [{name: A, value: a}]", "image: \"\", env: [{name: B, value: b}]"),
        json!({
            "image": "x", "env": [{"name": "A", "value": "a"}, {"name": "B", "value": "b"}],
        })
    );
}
