//! What workflows create: objects in strings, patches of objects, and what is fetched; and what is filled in there.

use serde_json::json;

use super::super::super::super::Subjects;
use super::{Cause, notes, read, reasons, spec, workflow, written};

#[test]
fn what_a_manifest_creates_is_read_as_itself() {
    let text = workflow(
        r#"
templates:
  - name: r
    resource:
      action: create
      manifest: |
        apiVersion: v1
        kind: Pod
        metadata: {generateName: a-}
        spec: {containers: [{name: a, image: "a:1"}]}
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: b-}
        spec: {hostNetwork: true, templates: [{name: b, container: {image: "b:1"}}]}
  - name: t
    resource:
      action: apply
      manifest: |
        apiVersion: v1
        kind: Pod
        metadata: {name: "{{inputs.parameters.n}}"}
        spec:
          hostPID: {{inputs.parameters.h}}
          containers: [{name: a, image: "c:1"}]
  - {name: u, resource: {action: apply, manifest: "a: [{{inputs.parameters.n}}"}}
  - {name: v, resource: {action: apply, manifestFrom: {artifact: {name: x}}}}
"#,
    );
    let found = read(&text);
    let kinds: Vec<_> = found.subjects.iter().map(|one| one.entry.object.kind.as_str()).collect();
    assert_eq!(kinds, ["Pod", "Workflow", "Workflow", "Pod", "Workflow", "Workflow", "Workflow"]);
    assert_eq!(
        found.subjects[0].locate("/spec/containers/0/image"),
        "/spec/templates/0/resource/manifest/0/spec/containers/0/image"
    );
    assert_eq!(written(&found.subjects[0], "/spec/containers/0/image"), "\"a:1\"");
    assert_eq!(written(&found.subjects[1], "/spec/containers/0/image"), "\"b:1\"");
    assert_eq!(
        found.subjects[1].locate("/spec/hostNetwork"),
        "/spec/templates/0/resource/manifest/1/spec/hostNetwork"
    );
    assert_eq!(
        notes(&found.subjects[2]),
        [json!([{"creates": "create", "open": false}, "/spec/templates/0/resource/manifest"])]
    );
    assert_eq!(written(&found.subjects[3], "/spec/containers/0/image"), "\"c:1\"");
    assert_eq!(
        notes(&found.subjects[3]),
        [json!(["Open", "/spec/templates/1/resource/manifest/spec/hostPID"])]
    );
    let open = |at: usize, key: &str| {
        let pointer = format!("/spec/templates/{at}/resource/{key}");
        assert_eq!(notes(&found.subjects[at + 3]), [json!([{"creates": "apply", "open": true}, pointer])]);
        assert_eq!(found.subjects[at + 3].entry.unresolved, [pointer]);
    };
    open(1, "manifest");
    open(2, "manifest");
    open(3, "manifestFrom");
    let told: Vec<_> = found.not_evaluated.iter().map(|one| (one.cause, one.pointer.as_str())).collect();
    assert_eq!(
        told,
        [
            (Cause::Reference, "/spec/templates/1/resource/manifest/spec/hostPID"),
            (Cause::Template, "/spec/templates/2/resource/manifest"),
        ]
    );
}

#[test]
fn manifests_in_manifests_are_read_as_deep_as_is_told() {
    let mut text =
        "apiVersion: v1\nkind: Pod\nspec: {hostPID: true, containers: [{name: a, image: 'deep:1'}]}\n"
            .to_owned();
    for _ in 0..3 {
        let manifest: String = text.lines().map(|line| format!("      {line}\n")).collect();
        text = format!(
            "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nspec:\n  podSpecPatch: 'hostIPC: true'\n  templates:\n  - resource:\n     manifest: |\n{manifest}"
        );
    }
    let found = read(&text);
    assert_eq!(reasons(&found), [""; 0]);
    let pod = &found.subjects[0];
    assert_eq!(written(pod, "/spec/containers/0/image"), "'deep:1'");
    let manifest = "/spec/templates/0/resource/manifest";
    assert_eq!(pod.locate("/spec/hostPID"), format!("{manifest}{manifest}{manifest}/spec/hostPID"));
    let patched: Vec<_> = found.subjects[1..].iter().map(|one| spec(one)["hostIPC"].clone()).collect();
    assert_eq!(patched, [json!(true), json!(true), json!(true)]);
    for _ in 0..6 {
        let manifest: String = text.lines().map(|line| format!("      {line}\n")).collect();
        text = format!(
            "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nspec:\n  templates:\n  - resource:\n     manifest: |\n{manifest}"
        );
    }
    let found = read(&text);
    let told: Vec<_> = found.not_evaluated.iter().map(|one| one.cause).collect();
    assert_eq!((told.as_slice(), found.subjects.len()), (&[Cause::Limit][..], 9));
    // In double quotes in double quotes nothing has a place of its own, and all is judged.
    let inner = json!({"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow", "spec": {
        "podSpecPatch": "{\"hostPID\": true}",
        "templates": [{"container": {"image": "a:1"}}],
    }});
    let outer = json!({"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow", "spec": {
        "templates": [{"resource": {"action": "create", "manifest": inner.to_string()}}],
    }});
    let found = read(&outer.to_string());
    assert_eq!(spec(&found.subjects[0])["hostPID"], json!(true), "{found:#?}");
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

#[test]
fn what_is_patched_or_deleted_may_be_without_a_pod() {
    for (action, told) in [("create", 1), ("delete", 0), ("patch", 0)] {
        let manifest = "{apiVersion: batch/v1, kind: Job, metadata: {name: x}}";
        let found = read(&workflow(&format!(
            "templates: [{{name: r, resource: {{action: {action}, manifest: \"{manifest}\"}}}}]\n"
        )));
        assert_eq!(found.not_evaluated.len(), told, "{action}: {:?}", reasons(&found));
        assert!(found.not_evaluated.iter().all(|one| one.cause == Cause::NoPod));
    }
    // What a patch brings is judged.
    let pod = "{apiVersion: v1, kind: Pod, metadata: {name: x}, spec: {hostPID: true}}";
    let found = read(&workflow(&format!(
        "templates: [{{name: r, resource: {{action: patch, manifest: \"{pod}\"}}}}]\n"
    )));
    assert_eq!(spec(&found.subjects[0])["hostPID"], true);
    for (operation, told) in [("submit-from", 0), ("submit", 1)] {
        let found = read(&format!(
            "apiVersion: argoproj.io/v1alpha1\nkind: Sensor\nmetadata: {{name: s}}\nspec: {{triggers: [{{template: {{name: t, argoWorkflow: {{operation: {operation}, source: {{resource: {{apiVersion: argoproj.io/v1alpha1, kind: CronWorkflow, metadata: {{name: c}}}}}}}}}}}}]}}\n"
        ));
        assert_eq!(found.not_evaluated.len(), told, "{operation}: {:?}", reasons(&found));
    }
}

#[test]
fn a_boolean_that_argo_fills_in_is_no_fault() {
    let template = "templates: [{name: a, container: {image: \"a:1\"}}]";
    let patched = |on: &str| {
        let patch = format!("containers:\n  - name: main\n    securityContext:\n      privileged: {on}");
        read(&workflow(&format!("podSpecPatch: |\n  {patch}\n{template}\n")))
    };
    let at = "/spec/podSpecPatch/containers/0/securityContext/privileged";
    let found = patched("{{workflow.parameters.p}}");
    let told = "`privileged` is filled in when the workflow runs: what it is was not judged";
    assert_eq!(
        (reasons(&found), found.not_evaluated[0].cause),
        (vec![format!("{at} {told}")], Cause::Reference)
    );
    let [subject] = found.subjects.as_slice() else { panic!("{found:#?}") };
    assert!(notes(subject).contains(&json!(["Open", at])), "{found:#?}");
    assert_eq!(subject.entry.unresolved, ["/spec/podSpecPatch", at]);
    assert_eq!(
        written(subject, "/spec/containers/0/securityContext/privileged"),
        "{{workflow.parameters.p}}"
    );
    // What is not filled in there, and what Argo reads before it fills anything in, is wrong.
    for (found, cause) in [
        (patched("maybe"), Cause::InvalidField),
        (
            read(&workflow(
                "templates: [{name: a, container: {securityContext: {privileged: \"{{inputs.parameters.p}}\"}}}]",
            )),
            Cause::Template,
        ),
    ] {
        let told: Vec<_> = found.not_evaluated.iter().map(|one| one.cause).collect();
        assert_eq!(told, [cause], "{found:#?}");
    }
}

#[test]
fn what_argo_does_not_fill_in_is_a_template() {
    let causes = |found: &Subjects| {
        let own = found.not_evaluated.iter();
        own.map(|one| (one.pointer.clone(), one.cause)).collect::<Vec<_>>()
    };
    let at = |name: &str| format!("/spec/templates/0/resource/manifest/spec/{name}");
    // Beside what Argo fills in, and alone.
    for name in ["\"{{workflow.name}}\"", "a"] {
        for (value, cause) in [
            ("\"${HOSTNET}\"", Cause::Template),
            ("$(HOSTNET)", Cause::Template),
            ("\"{{workflow.parameters.h}}\"", Cause::Reference),
            ("{{workflow.parameters.h}}", Cause::Reference),
        ] {
            let found = read(&workflow(&format!(
                "templates:\n  - name: r\n    resource:\n      action: create\n      manifest: |\n        apiVersion: v1\n        kind: Pod\n        metadata: {{name: {name}}}\n        spec:\n          hostNetwork: {value}\n          containers: [{{name: a, image: \"a:1\"}}]\n"
            )));
            assert_eq!(causes(&found), [(at("hostNetwork"), cause)], "{name} {value}: {found:#?}");
        }
    }
    // As JSON in a text with escapes, one beside the other.
    let manifest = "\"{\\\"apiVersion\\\": \\\"v1\\\", \\\"kind\\\": \\\"Pod\\\", \\\"metadata\\\": {\\\"name\\\": \\\"a\\\"}, \\\"spec\\\": {\\\"hostPID\\\": \\\"{{inputs.parameters.p}}\\\", \\\"hostNetwork\\\": \\\"${N}\\\"}}\"";
    let found = read(&workflow(&format!(
        "templates: [{{name: r, resource: {{action: create, manifest: {manifest}}}}}]\n"
    )));
    let mut told = causes(&found);
    told.sort_by(|one, other| one.0.cmp(&other.0));
    assert_eq!(told, [(at("hostNetwork"), Cause::Template), (at("hostPID"), Cause::Reference)], "{found:#?}");
    // In a patch of the pod.
    let found = read(&workflow(
        "podSpecPatch: |\n  priorityClassName: \"{{workflow.name}}\"\n  hostNetwork: ${HOSTNET}\n  hostPID: {{workflow.parameters.p}}\ntemplates: [{name: a, container: {image: \"a:1\"}}]\n",
    ));
    let mut told = causes(&found);
    told.sort_by(|one, other| one.0.cmp(&other.0));
    let at = |name: &str| format!("/spec/podSpecPatch/{name}");
    assert_eq!(told, [(at("hostNetwork"), Cause::Template), (at("hostPID"), Cause::Reference)], "{found:#?}");
}
