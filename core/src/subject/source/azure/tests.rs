use serde_json::json;

use super::super::testing::{notes, read, reasons, spec};

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
    let [c, d, e] = found.subjects.as_slice() else { panic!("{found:#?}") };
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
