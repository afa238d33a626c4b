use serde_json::json;

use super::super::testing::{read, spec, specs};

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
fn a_class_of_circleci_is_a_pod() {
    let text = "agent: {resourceClasses: {acme/k8s: {token: x, spec: {hostPID: true, containers: [{securityContext: {privileged: true}}]}}}}\n";
    let wanted =
        json!({"hostPID": true, "containers": [{"name": "", "securityContext": {"privileged": true}}]});
    assert_eq!(specs(text), [wanted]);
    assert_eq!(read(text).subjects[0].entry.platform, "circleci");
    for other in ["jobs: [{name: a}]\n", "agent: {a: b}\n"] {
        let found = read(other);
        assert!(found.subjects.is_empty() && found.without_pod.is_empty(), "{found:#?}");
    }
}
