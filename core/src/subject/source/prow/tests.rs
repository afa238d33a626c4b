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

const RUNS: &str = "periodics:
- name: old
  interval: 1h
  labels: {a: b}
  pipeline_run_spec:
    podTemplate: {hostNetwork: true}
    pipelineSpec: {tasks: [{name: t, taskSpec: {steps: [{name: s, image: 'i:1', securityContext: {privileged: true}}]}}]}
- name: new
  interval: 1h
  tekton_pipeline_run_spec:
    v1beta1:
      serviceAccountName: robot
      pipelineSpec: {tasks: [{name: t, taskSpec: {steps: [{name: s, image: 'i:1'}]}}]}
";

#[test]
fn a_job_may_be_the_run_of_a_pipeline() {
    let found = read(RUNS);
    assert_eq!(reasons(&found), [""; 0]);
    let [old, new] = found.subjects.as_slice() else { panic!("{found:#?}") };
    let container = json!({"name": "s", "image": "i:1"});
    let privileged = json!({"name": "s", "image": "i:1", "securityContext": {"privileged": true}});
    assert_eq!(spec(old)["containers"], json!([privileged]));
    assert_eq!(spec(old)["hostNetwork"], json!(true));
    assert_eq!(metadata(old), json!({"labels": {"a": "b"}}));
    assert_eq!(
        (&spec(new)["containers"], &spec(new)["serviceAccountName"]),
        (&json!([container]), &json!("robot"))
    );
    assert_eq!(written(old, "/spec/containers/0/securityContext/privileged"), "true");
    for (subject, name) in [(old, "old"), (new, "new")] {
        let object = &subject.entry.object;
        assert_eq!((object.kind.as_str(), object.name.as_str()), ("ProwJob", name));
        assert!(subject.entry.platform == "tekton" && !subject.entry.partial);
    }
    let object = "{apiVersion: prow.k8s.io/v1, kind: ProwJob, metadata: {name: p}, spec: {tekton_pipeline_run_spec: {v1beta1: {podTemplate: {hostNetwork: true}, pipelineRef: {name: far}}}}}";
    let found = read(object);
    assert_eq!(
        reasons(&found),
        [
            "/spec/tekton_pipeline_run_spec/v1beta1/pipelineRef `pipelineRef` refers to `far`: what that brings is judged in its own file alone"
        ]
    );
    assert_eq!(spec(&found.subjects[0])["hostNetwork"], json!(true));
    for (run, at) in [
        ("pipeline_run_spec: {}", "pipeline_run_spec"),
        ("tekton_pipeline_run_spec: {}", "tekton_pipeline_run_spec"),
    ] {
        let found = read(&format!("periodics: [{{name: a, interval: 1h, labels: {{}}, {run}}}]\n"));
        assert_eq!(
            reasons(&found),
            [format!("/periodics/0/{at} a PipelineRun needs `pipelineSpec` or `pipelineRef`")]
        );
        assert!(found.subjects.is_empty());
    }
}

#[test]
fn a_config_map_may_hold_jobs_and_presets() {
    let map = |data: &str| format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata:\n{data}");
    let text = map(
        "  a.yaml: |\n    presets: [{labels: {preset-a: 'true'}, env: [{name: A, value: b}]}]\n  b.yaml: |\n    periodics:\n    - name: night\n      interval: 1h\n      labels: {preset-a: 'true'}\n      spec: {hostPID: true, containers: [{image: 'a:1'}]}\n",
    );
    let found = read(&text);
    let [_, job] = found.subjects.as_slice() else { panic!("{found:#?}") };
    let wanted = json!({
        "hostPID": true,
        "containers": [{"name": "", "image": "a:1", "env": [{"name": "A", "value": "b"}]}],
    });
    assert_eq!(spec(job), wanted);
    assert_eq!(job.locate("/spec/hostPID"), "/data/b.yaml/periodics/0/spec/hostPID");
    assert_eq!(job.locate("/spec/containers/0/env/0/value"), "/data/a.yaml/presets/0/env/0/value");
    assert_eq!(job.entry.object.kind, "ProwJob");
    let other = read(&map("  a: |\n    periodics are told below\n"));
    assert!(other.subjects.is_empty() && other.without_pod.len() == 1, "{other:#?}");
}

#[test]
fn a_job_that_follows_another_is_judged() {
    let text = "presubmits: {o/r: [{name: a, always_run: true, spec: {containers: []}, run_after_success: [{name: b, spec: {hostPID: true, containers: []}}]}]}\n";
    let found = read(text);
    let [_, after] = found.subjects.as_slice() else { panic!("{found:#?}") };
    assert_eq!(after.locate("/spec/hostPID"), "/presubmits/o~1r/0/run_after_success/0/spec/hostPID");
}
