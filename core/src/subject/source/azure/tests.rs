use serde_json::json;

use super::super::testing::{notes, read, reasons, spec, specs, written};

const PIPELINE: &str = r#"
trigger: [main]
pool: {name: cluster}
resources:
  containers:
    - {container: c, image: "ubuntu:24.04", options: --privileged, volumes: ["/src:/dst"], env: {A: b}}
    - {container: d, image: "a:1", mapDockerSocket: false}
jobs:
  - {job: e, container: {image: "b:1", options: --pid=host}, steps: [{script: make}]}
  - {job: f, container: c, steps: [{script: make}]}
"#;

#[test]
fn containers_of_pipelines_are_judged() {
    let found = read(PIPELINE);
    assert_eq!(reasons(&found), [""; 0]);
    let [c, d, script, e, other] = found.subjects.as_slice() else { panic!("{found:#?}") };
    let wanted = json!({
        "volumes": [{"name": "v0", "hostPath": {"path": "/src"}}],
        "containers": [{
            "name": "c", "image": "ubuntu:24.04", "env": [{"name": "A", "value": "b"}],
            "securityContext": {"privileged": true}, "volumeMounts": [{"name": "v0", "mountPath": "/dst"}],
        }],
    });
    assert_eq!(spec(c), wanted);
    assert_eq!(notes(c), [json!([{"azure-docker-socket": ["default"]}, "/resources/containers/0"])]);
    assert_eq!(notes(d), [json!(null); 0]);
    for one in [script, other] {
        assert_eq!(spec(one), json!({"containers": [{"name": "agent", "args": ["make"]}]}));
    }
    assert_eq!((spec(e)["hostPID"].clone(), notes(e)), (json!(true), vec![]));
    assert!(found.subjects.iter().all(|one| one.entry.platform == "azure-pipelines" && one.entry.partial));
}

#[test]
fn machines_of_microsofts_are_no_nodes() {
    let found = read(
        "pool: {vmImage: ubuntu-latest}\nresources: {containers: [{container: c, image: a, options: --privileged}]}\nsteps: [{script: make}]\n",
    );
    assert!(found.subjects.is_empty() && found.without_pod.len() == 1, "{found:#?}");
}

#[test]
fn other_files_are_not_taken_for_pipelines() {
    for other in
        ["jobs: {a: {steps: []}}\n", "stages: [build, test]\n", "steps: [{script: make}]\n", "pool: 3\n"]
    {
        let found = read(other);
        assert!(found.subjects.is_empty() && found.without_pod.is_empty(), "{other} {found:#?}");
    }
}

#[test]
fn scripts_of_ones_own_agents_are_judged() {
    let run = "docker run --privileged -v /:/host x";
    for steps in [
        format!("steps: [{{script: '{run}'}}]"),
        format!("jobs: [{{job: a, steps: [{{bash: '{run}'}}]}}]"),
        format!(
            "stages: [{{stage: s, jobs: [{{deployment: a, strategy: {{runOnce: {{deploy: {{steps: [{{pwsh: '{run}'}}]}}}}}}}}]}}]"
        ),
        format!("steps: [{{task: Bash@3, inputs: {{targetType: inline, script: '{run}'}}}}]"),
    ] {
        let text = format!("pool: {{name: own}}\n{steps}\n");
        assert_eq!(specs(&text), [json!({"containers": [{"name": "agent", "args": [run]}]})], "{text}");
        assert_eq!(written(&read(&text).subjects[0], "/spec/containers/0/args/0"), format!("'{run}'"));
    }
}

#[test]
fn templates_are_references() {
    let text = "pool: {vmImage: ubuntu-latest}\nextends: {template: a.yml}\nstages:\n- template: b.yml\n- stage: s\n  jobs:\n  - template: c.yml\n  - job: j\n    steps: [{template: d.yml}, {script: make}]\n";
    let of = |at: &str, file: &str| {
        format!(
            "{at}/template `template` refers to `{file}`: what that brings is judged in its own file alone"
        )
    };
    assert_eq!(
        reasons(&read(text)),
        [
            of("/extends", "a.yml"),
            of("/stages/0", "b.yml"),
            of("/stages/1/jobs/0", "c.yml"),
            of("/stages/1/jobs/1/steps/0", "d.yml"),
        ]
    );
}
