//! What is not written as Argo's own documents write it: names of fields in another case, and what events bring.

use serde_json::{Value, json};

use super::{notes, read, reasons, spec};

#[test]
fn names_of_fields_count_in_any_case() {
    let workflow = |spec: &str, template: &str| {
        let text = format!(
            "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {{name: w}}\nspec: {{entrypoint: a, {spec}}}\n"
        );
        let container = if template.contains("ontainer: ") { "" } else { "container: {image: i}, " };
        let found = read(&text.replace("TEMPLATE", &format!("{{name: a, {container}{template}}}")));
        let told = reasons(&found);
        let told: Vec<&str> = told.iter().map(|told| told.split('`').nth(1).unwrap()).collect();
        let [subject] = found.subjects.as_slice() else { panic!("{found:#?}") };
        assert_eq!(notes(subject), [Value::Null; 0], "{text}");
        (self::spec(subject), told.join(" "))
    };
    let on = json!(true);
    for (spec, template, at, odd) in [
        ("podSpecPatch: '{\"HostPID\": true}', templates: [TEMPLATE]", "", "/hostPID", ""),
        ("podSpecPatch: \"{ho\u{17f}tPID: true}\", templates: [TEMPLATE]", "", "/hostPID", ""),
        ("podSpecPatch: \"{hostNetwor\u{212a}: true}\", templates: [TEMPLATE]", "", "/hostNetwork", ""),
        ("PodSpecPatch: '{hostPID: true}', Templates: [TEMPLATE]", "", "/hostPID", "PodSpecPatch Templates"),
        ("templates: [TEMPLATE]", "PODSPECPATCH: 'hostPID: true'", "/hostPID", "PODSPECPATCH"),
        (
            "templates: [TEMPLATE]",
            "podSpecPatch: '{Containers: [{Name: main, SecurityContext: {Privileged: true}}]}'",
            "/containers/0/securityContext/privileged",
            "",
        ),
        (
            "templates: [TEMPLATE]",
            "Container: {image: i, SecurityContext: {privileged: true}}",
            "/containers/0/securityContext/privileged",
            "Container SecurityContext",
        ),
        ("HostNetwork: true, templates: [TEMPLATE]", "", "/hostNetwork", "HostNetwork"),
        (
            "templateDefaults: {container: {securityContext: {privileged: false}}}, templates: [TEMPLATE]",
            "container: {image: i, SecurityContext: {privileged: true}}",
            "/containers/0/securityContext/privileged",
            "SecurityContext",
        ),
        (
            "templates: [{name: a, containerSet: {Containers: [{name: b, image: i, securityContext: {privileged: true}}]}}]",
            "",
            "/containers/0/securityContext/privileged",
            "Containers",
        ),
        (
            "templateDefaults: {PodSpecPatch: 'hostPID: true'}, templates: [TEMPLATE]",
            "",
            "/hostPID",
            "PodSpecPatch",
        ),
    ] {
        let (own, told) = workflow(spec, template);
        assert_eq!((own.pointer(at), told.as_str()), (Some(&on), odd), "{spec} {template}");
        let (own, _) = workflow(&spec.replace("true", "false"), &template.replace("true", "false"));
        assert_eq!(own.pointer(at), Some(&json!(false)), "{spec} {template}");
    }
}

#[test]
fn what_an_event_writes_into_a_pod_is_told() {
    let sensor = |kind: &str, own: &str, around: &str| {
        let pod = "apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c, image: i}]}";
        let workflow = "apiVersion: argoproj.io/v1alpha1, kind: Workflow, metadata: {name: w}, spec: {templates: [{name: a, container: {image: i}}]}";
        let resource = if kind == "k8s" { pod } else { workflow };
        read(&format!(
            "apiVersion: argoproj.io/v1alpha1\nkind: Sensor\nmetadata: {{name: s}}\nspec:\n  triggers:\n  - template: {{name: t, {kind}: {{source: {{resource: {{{resource}}}}}, parameters: [{own}]}}}}\n    parameters: [{around}]\n"
        ))
    };
    for (kind, own, around, way) in [
        ("k8s", "{dest: spec.containers.0.image}", "", "spec.containers.0.image"),
        ("k8s", "{dest: spec}", "", "spec"),
        ("argoWorkflow", "{dest: spec.podSpecPatch}", "", "spec.podSpecPatch"),
        (
            "argoWorkflow",
            "",
            "{dest: argoWorkflow.source.resource.spec.hostNetwork}",
            "argoWorkflow.source.resource.spec.hostNetwork",
        ),
        ("argoWorkflow", "{src: {}}, {dest: spec.arguments}", "", "spec.arguments"),
    ] {
        let found = sensor(kind, own, around);
        let [subject] = found.subjects.as_slice() else { panic!("{found:#?}") };
        let at = if around.is_empty() {
            format!("/spec/triggers/0/template/{kind}/parameters/{}/dest", usize::from(own.contains("src")))
        } else {
            "/spec/triggers/0/parameters/0/dest".to_owned()
        };
        assert_eq!(
            notes(subject),
            [json!([{"patch": format!("what an event brings is written to `{way}`")}, at])]
        );
        assert_eq!(subject.entry.unresolved, [at]);
    }
    for (own, around) in [
        ("", ""),
        ("{dest: spec.arguments.parameters.0.value}, {dest: metadata.generateName}", ""),
        ("", "{dest: argoWorkflow.source.resource.spec.arguments.parameters.0.value}"),
    ] {
        let found = sensor("argoWorkflow", own, around);
        assert!(
            notes(&found.subjects[0]).is_empty() && found.subjects[0].entry.unresolved.is_empty(),
            "{own} {around}"
        );
    }
    let found = read(
        "apiVersion: argoproj.io/v1alpha1\nkind: Sensor\nmetadata: {name: s}\nspec:\n  triggers:\n  - template: {name: t, k8s: {source: {resource: {apiVersion: v1, kind: ConfigMap, metadata: {name: c}}}, parameters: [{dest: kind}]}}\n",
    );
    assert_eq!(
        reasons(&found),
        ["/spec/triggers/0/template/k8s/parameters/0/dest what an event brings is written to `kind`"]
    );
}

#[test]
fn the_settings_of_the_controller_count_in_any_case() {
    for (data, at) in [
        ("WorkflowDefaults: '{Spec: {HostNetwork: true}}'", "/hostNetwork"),
        ("config: 'WorkflowDefaults: {spec: {podSpecPatch: \"HostNetwork: true\"}}'", "/hostNetwork"),
        (
            "MainContainer: '{SecurityContext: {Privileged: true}}'",
            "/containers/0/securityContext/privileged",
        ),
    ] {
        let with = |data: &str| {
            let found = read(&format!(
                "{{apiVersion: v1, kind: ConfigMap, metadata: {{name: workflow-controller-configmap}}, data: {{{data}}}}}\n"
            ));
            assert_eq!((found.subjects.len(), reasons(&found)), (1, Vec::new()), "{data}");
            spec(&found.subjects[0]).pointer(at).cloned()
        };
        assert_eq!(with(data), Some(json!(true)), "{data}");
        assert_eq!(with(&data.replace("true", "false")), Some(json!(false)), "{data}");
    }
}
