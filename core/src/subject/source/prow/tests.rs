use serde_json::json;

use super::super::testing::{metadata, read, reasons, spec, specs, written};

const JOBS: &str = r#"
presets:
  - labels: {preset-a: "true"}
    env: [{name: A, value: preset}]
    volumes: [{name: lib, hostPath: {path: /lib/modules}}]
    volumeMounts: [{name: lib, mountPath: /lib/modules}]
presubmits:
  acme/app:
    - name: unit
      decorate: true
      labels: {preset-a: "true", preset-dind-enabled: "true", preset-far: "true"}
      spec: {containers: [{image: "golang:1", securityContext: {privileged: true}}]}
    - {name: agentless, agent: jenkins}
periodics:
  - {name: nightly, interval: 1h, spec: {hostNetwork: true, containers: [{image: "a:1"}]}}
"#;

#[test]
fn a_job_is_its_pod_with_its_presets() {
    let found = read(JOBS);
    assert_eq!(reasons(&found), [""; 0]);
    let [preset, nightly, unit] = found.subjects.as_slice() else { panic!("{found:#?}") };
    let wanted = json!({
        "volumes": [{"name": "lib", "hostPath": {"path": "/lib/modules"}}],
        "containers": [{
            "name": "", "image": "golang:1", "securityContext": {"privileged": true},
            "env": [{"name": "A", "value": "preset"}, {"name": "DOCKER_IN_DOCKER_ENABLED", "value": "true"}],
            "volumeMounts": [{"name": "lib", "mountPath": "/lib/modules"}],
        }],
    });
    assert_eq!(spec(unit), wanted);
    assert_eq!(metadata(unit)["labels"]["preset-far"], json!("true"));
    assert_eq!(unit.entry.unresolved, ["/presubmits/acme~1app/0/labels/preset-far"]);
    assert_eq!(unit.locate("/spec/volumes/0/hostPath/path"), "/presets/0/volumes/0/hostPath/path");
    assert_eq!(written(unit, "/spec/containers/0/env/1/value"), "\"true\"");
    assert_eq!((unit.entry.object.kind.as_str(), unit.entry.object.name.as_str()), ("ProwJob", "unit"));
    assert!(preset.entry.partial && !unit.entry.partial);
    assert_eq!(spec(nightly)["hostNetwork"], json!(true));
    assert!(found.subjects.iter().all(|one| one.entry.platform == "prow"));
}

#[test]
fn a_prow_job_keeps_its_pod_in_snake_case() {
    let text = "{apiVersion: prow.k8s.io/v1, kind: ProwJob, metadata: {name: p}, spec: {job: unit, pod_spec: {hostPID: true, containers: []}}}";
    assert_eq!(specs(text), [json!({"hostPID": true, "containers": []})]);
    let without = "{apiVersion: prow.k8s.io/v1, kind: ProwJob, metadata: {name: p}, spec: {agent: jenkins}}";
    assert_eq!(read(without).without_pod.len(), 1);
}

#[test]
fn other_files_are_not_taken_for_jobs() {
    for other in ["periodics: [a, b]\n", "presets: {a: b}\n", "presubmits: 3\n"] {
        let found = read(other);
        assert!(found.subjects.is_empty() && found.without_pod.is_empty(), "{other} {found:#?}");
    }
}

#[test]
fn what_a_job_holds_of_tekton_is_told() {
    let found = read("periodics: [{name: a, interval: 1h, labels: {}, pipeline_run_spec: {}}]\n");
    assert_eq!(
        reasons(&found),
        ["/periodics/0/pipeline_run_spec the run of a pipeline of Tekton inside a job of Prow is not read"]
    );
}
