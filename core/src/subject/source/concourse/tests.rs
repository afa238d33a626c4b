use serde_json::json;

use super::super::testing::{notes, read, reasons, spec};

#[test]
fn tasks_of_concourse_are_judged() {
    let text = r#"
jobs:
  - name: build
    plan:
      - get: source
      - in_parallel:
          steps:
            - task: image
              privileged: true
              config:
                platform: linux
                image_resource: {type: registry-image, source: {repository: docker, tag: 27-dind}}
                params: {A: 1}
                run: {path: sh, args: [-c, dockerd]}
"#;
    let found = read(text);
    let [subject] = found.subjects.as_slice() else { panic!("{found:#?}") };
    let wanted = json!({"containers": [{
        "name": "image", "image": "docker:27-dind", "command": ["sh"], "args": ["-c", "dockerd"],
        "env": [{"name": "A", "value": "1"}], "securityContext": {"privileged": true},
    }]});
    assert_eq!(spec(subject), wanted);
    assert_eq!(
        subject.locate("/spec/containers/0/securityContext/privileged"),
        "/jobs/0/plan/1/in_parallel/steps/0/privileged"
    );
    assert!(subject.entry.platform == "concourse" && subject.entry.partial);
}

#[test]
fn jobs_of_others_are_left_to_them() {
    let found = read("jobs: [{name: a}]\n");
    assert!(found.subjects.is_empty() && found.without_pod.is_empty(), "{found:#?}");
}

#[test]
fn a_task_in_a_file_is_a_reference() {
    let found = read("jobs: [{name: a, plan: [{task: b, file: source/ci/b.yml, privileged: true}]}]\n");
    assert_eq!(
        reasons(&found),
        [
            "/jobs/0/plan/0/file `file` refers to `source/ci/b.yml`: what that brings is judged in its own file alone"
        ]
    );
    let [subject] = found.subjects.as_slice() else { panic!("{found:#?}") };
    assert_eq!(spec(subject)["containers"][0]["securityContext"], json!({"privileged": true}));
    assert_eq!(notes(subject), [json!(["reference", "/jobs/0/plan/0/file"])]);
    assert_eq!(subject.entry.unresolved, ["/jobs/0/plan/0/file"]);
}
