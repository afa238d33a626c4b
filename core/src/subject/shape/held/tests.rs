use serde_json::{Value, json};

use crate::subject::Subjects;
use crate::subject::source::testing::{read, reasons, spec};

const DEPLOYMENT: &str = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {template: {spec: {hostPID: true, containers: [{name: a, image: \"a:1\"}]}}}}";
const RUNNER: &str = "{apiVersion: actions.summerwind.dev/v1alpha1, kind: RunnerDeployment, metadata: {name: r}, spec: {template: {spec: {repository: a/b}}}}";

/// Kinds that hold objects, and where.
const HOLDERS: [(&str, &str, &str); 7] = [
    (
        "{apiVersion: work.open-cluster-management.io/v1, kind: ManifestWork, metadata: {name: o}, spec: {workload: {manifests: [OBJECT]}}}",
        "/spec/workload/manifests/0",
        "work.open-cluster-management.io/v1",
    ),
    (
        "{apiVersion: policy.open-cluster-management.io/v1, kind: Policy, metadata: {name: o}, spec: {policy-templates: [{objectDefinition: {apiVersion: policy.open-cluster-management.io/v1, kind: ConfigurationPolicy, metadata: {name: c}, spec: {object-templates: [{complianceType: musthave, objectDefinition: OBJECT}]}}}]}}",
        "/spec/policy-templates/0/objectDefinition/spec/object-templates/0/objectDefinition",
        "policy.open-cluster-management.io/v1",
    ),
    (
        "{apiVersion: fluxcd.controlplane.io/v1, kind: ResourceSet, metadata: {name: o}, spec: {resources: [OBJECT]}}",
        "/spec/resources/0",
        "fluxcd.controlplane.io/v1",
    ),
    (
        "{apiVersion: kubernetes.crossplane.io/v1alpha2, kind: Object, metadata: {name: o}, spec: {forProvider: {manifest: OBJECT}}}",
        "/spec/forProvider/manifest",
        "kubernetes.crossplane.io/v1alpha2",
    ),
    (
        "{apiVersion: apiextensions.crossplane.io/v1, kind: Composition, metadata: {name: o}, spec: {pipeline: [{step: s, input: {apiVersion: pt.fn.crossplane.io/v1beta1, kind: Resources, resources: [{name: n, base: OBJECT}]}}]}}",
        "/spec/pipeline/0/input/resources/0/base",
        "apiextensions.crossplane.io/v1",
    ),
    (
        "{apiVersion: a.example/v1, kind: Holder, spec: {of: {apiVersion: v1, kind: List, items: [OBJECT]}}}",
        "/spec/of/items/0",
        "a.example/v1",
    ),
    ("{replicas: 2, extraObjects: [OBJECT]}", "/extraObjects/0", ""),
];

fn summary(found: &Subjects) -> Vec<Value> {
    let one = |one: &crate::subject::Subject| {
        let object = &one.entry.object;
        json!([object.kind, object.name, object.pointer, one.entry.platform])
    };
    found.subjects.iter().map(one).collect()
}

#[test]
fn objects_in_objects_are_read_as_what_they_are() {
    for (holder, at, _) in HOLDERS {
        let found = read(&holder.replace("OBJECT", DEPLOYMENT));
        assert_eq!(summary(&found), [json!(["Deployment", "d", at, ""])], "{holder}");
        assert_eq!(spec(&found.subjects[0])["hostPID"], json!(true));
        assert_eq!(found.subjects[0].locate("/spec/hostPID"), format!("{at}/spec/template/spec/hostPID"));
        let found = read(&holder.replace("OBJECT", RUNNER));
        assert_eq!(summary(&found), [json!(["RunnerDeployment", "r", at, "github-actions"])], "{holder}");
        let both = read(&holder.replace("OBJECT", &format!("{{x: [{DEPLOYMENT}, {RUNNER}]}}")));
        assert_eq!(both.subjects.len(), 2, "{holder}");
    }
}

#[test]
fn what_stands_beside_an_object_is_judged_once() {
    let beside = "spec: {hostPID: true, containers: [{name: a, image: \"a:1\"}]}";
    let text = format!(
        "{{apiVersion: a.example/v1, kind: Holder, spec: {{of: [{DEPLOYMENT}], pod: {{{beside}}}}}}}"
    );
    let found = read(&text);
    let wanted = [json!(["Holder", "", "", ""]), json!(["Deployment", "d", "/spec/of/0", ""])];
    assert_eq!(summary(&found), wanted);
    assert_eq!(reasons(&found), [""; 0]);
}

#[test]
fn references_and_what_has_no_pod_change_nothing() {
    for inner in [
        "ref: {apiVersion: apps/v1, kind: Deployment, name: d}",
        "ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: d, uid: x, controller: true}]",
        "involvedObject: {apiVersion: v1, kind: Pod, name: d, namespace: n, fieldPath: spec.x}",
        "manifests: [{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {ports: [{port: 1}]}}]",
        "manifests: [{apiVersion: v1, kind: ConfigMap, metadata: {name: s}, data: {a: b}}]",
        "manifests: [{apiVersion: apps/v1, kind: Deployment, metadata: {name: s}, spec: {replicas: 2}}]",
        "manifests: [{apiVersion: b.example/v1, kind: Other, spec: {a: b}}]",
        "example: '{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"spec\": {\"hostPID\": true}}'",
    ] {
        let found = read(&format!("{{apiVersion: a.example/v1, kind: Holder, spec: {{{inner}}}}}"));
        let reason = " unknown kind `Holder` of `a.example/v1`, in which nothing has the shape of a pod";
        assert_eq!(reasons(&found), [reason], "{inner}");
        assert_eq!((found.subjects.len(), found.without_pod.len()), (0, 0), "{inner}");
    }
}

#[test]
fn a_pod_elsewhere_in_an_object_is_not_lost() {
    let pod = "{hostPID: true, containers: [{name: a, image: \"a:1\"}]}";
    let inner = format!(
        "{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: d}}, template: {{spec: {pod}}}}}"
    );
    let found = read(&format!("{{apiVersion: a.example/v1, kind: Holder, spec: {{of: {inner}}}}}"));
    assert_eq!(summary(&found), [json!(["Holder", "", "", ""])]);
    assert_eq!(found.subjects[0].locate("/spec/hostPID"), "/spec/of/template/spec/hostPID");
    assert_eq!(reasons(&found), [""; 0]);
}

#[test]
fn what_cannot_be_read_of_an_object_is_told() {
    let runner = "{apiVersion: actions.summerwind.dev/v1alpha1, kind: RunnerDeployment, spec: {template: {spec: {containers: 3}}}}";
    let found = read(&format!("{{apiVersion: a.example/v1, kind: Holder, spec: {{of: {runner}}}}}"));
    assert!(
        reasons(&found)[0].starts_with("/spec/of/spec/template/spec/containers "),
        "{:?}",
        reasons(&found)
    );
}

#[test]
fn objects_in_each_other_have_a_bound() {
    let nested = |levels: usize| {
        let around = |inner, _| format!("{{apiVersion: a.example/v1, kind: Holder, spec: {{of: {inner}}}}}");
        read(&(0..levels).fold(DEPLOYMENT.to_owned(), around))
    };
    assert_eq!((nested(8).subjects.len(), reasons(&nested(8))), (1, vec![]));
    let reason =
        format!("{} objects and strings inside one another: at most 8 levels are read", "/spec/of".repeat(9));
    assert_eq!((nested(9).subjects.len(), reasons(&nested(9))), (0, vec![reason]));
}
