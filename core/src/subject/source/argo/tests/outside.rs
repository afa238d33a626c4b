//! What is not written as Argo's own documents write it: names of fields in another case, and what events bring.

use serde_json::{Value, json};

use super::super::super::super::Subjects;
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

#[test]
fn values_of_the_chart_are_settings_of_the_controller() {
    let specs = |text: &str| {
        let found = read(text);
        let argo = found.subjects.iter().filter(|one| one.entry.platform == "argo");
        argo.map(spec).collect::<Vec<_>>()
    };
    let map = |data: &str| {
        specs(&format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: workflow-controller-configmap}}\ndata: {{{data}}}\n"
        ))
    };
    for (values, data) in [
        ("controller: {containerRuntimeExecutor: docker}", "containerRuntimeExecutor: docker"),
        (
            "controller: {containerRuntimeExecutors: [{name: pns, selector: {}}]}",
            "containerRuntimeExecutors: '[{name: pns}]'",
        ),
        (
            "controller: {workflowDefaults: {spec: {podSpecPatch: '{hostPID: true}'}}}",
            "workflowDefaults: \"spec: {podSpecPatch: '{hostPID: true}'}\"",
        ),
        (
            "controller: {replicas: 1}, executor: {image: {tag: x}, securityContext: {privileged: true}}, mainContainer: {securityContext: {procMount: Unmasked}}",
            "executor: 'securityContext: {privileged: true}', mainContainer: 'securityContext: {procMount: Unmasked}'",
        ),
    ] {
        let wanted = map(data);
        assert!(!wanted.is_empty(), "{data}");
        assert_eq!(specs(&format!("{{{values}}}\n")), wanted, "{values}");
        assert_eq!(specs(&format!("argo-workflows: {{{values}}}\n")), wanted, "{values} below the name");
        // What stands beside it is judged, too.
        let beside = read(&format!(
            "{{{values}, agentToken: t, config: {{workspace-volume: {{hostPath: {{path: /}}}}}}}}\n"
        ));
        assert_eq!(beside.subjects.len(), wanted.len() + 1, "{values}");
    }
    let quiet = "controller: {containerRuntimeExecutor: emissary, workflowDefaults: {}}, executor: {env: [], securityContext: {}}";
    assert_eq!(
        (specs(&format!("{{{quiet}}}\n")), read(&format!("{{{quiet}}}\n")).without_pod.len()),
        (vec![], 1)
    );
    assert_eq!(specs("controller: {replicas: 1}\nexecutor: {env: [{name: a}]}\n"), [Value::Null; 0]);
}

/// What comes of a template with a resource.
fn resource(own: &str) -> Subjects {
    read(&format!(
        "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {{name: w}}\nspec:\n  templates:\n  - name: a\n    resource: {{{own}}}\n"
    ))
}

#[test]
fn what_flags_of_a_resource_name_is_told() {
    let at = "/spec/templates/0/resource/flags";
    for (flags, told) in [
        ("-f, 'https://a.example/x.yaml'", vec![(1, "https://a.example/x.yaml")]),
        ("--filename=https://a.example", vec![(0, "https://a.example")]),
        ("-fhttps://a.example, --server-side, -k, dir", vec![(0, "https://a.example"), (3, "dir")]),
        ("--force, --field-manager=f", vec![]),
    ] {
        let found = resource(&format!("action: apply, flags: [{flags}]"));
        let wanted: Vec<String> = told
            .iter()
            .map(|(index, name)| format!("{at}/{index} `flags` refers to `{name}`: what that brings is judged in its own file alone"))
            .collect();
        assert_eq!(reasons(&found), wanted, "{flags}");
        let creates: Vec<_> = told
            .iter()
            .take(1)
            .map(|(index, _)| json!([{"creates": "apply", "open": true}, format!("{at}/{index}")]))
            .collect();
        assert_eq!(notes(&found.subjects[0]), creates, "{flags}");
    }
}

#[test]
fn a_json_patch_of_a_resource_is_judged() {
    let patch = |operations: &str| {
        resource(&format!(
            "action: patch, mergeStrategy: json, flags: [deployment, x], manifest: \"{operations}\""
        ))
    };
    for way in ["/spec/template/spec", "/spec/jobTemplate/spec/template/spec", "/spec"] {
        let found = patch(&format!("[{{op: add, path: {way}/hostPID, value: true}}]"));
        assert_eq!(
            (reasons(&found), spec(&found.subjects[0])),
            (vec![], json!({"hostPID": true, "containers": []})),
            "{way}"
        );
        assert_eq!(found.subjects[0].locate("/spec/hostPID"), "/spec/templates/0/resource/manifest/0/value");
    }
    let found = patch("[{op: remove, path: /metadata/labels/a}]");
    assert_eq!(
        reasons(&found),
        [
            "/spec/templates/0/resource/manifest a patch of an object that is elsewhere: nothing of a pod is in it"
        ]
    );
    let found = patch("[{op: copy, from: /metadata/a, path: /spec/template/spec/hostPID}]");
    assert_eq!(found.subjects[0].entry.unresolved, ["/spec/templates/0/resource/manifest/0"]);
    let merged = resource(
        "action: patch, mergeStrategy: merge, manifest: 'spec: {template: {spec: {hostPID: true}}}'",
    );
    assert_eq!(spec(&merged.subjects[0])["hostPID"], json!(true));
}
