use serde_json::json;

use super::super::testing::{in_base64, read, spec, written};

#[test]
fn variables_of_runners_are_those_of_a_container() {
    let volumes = "/var/run/docker.sock:/var/run/docker.sock";
    for (kind, data, value) in [
        ("ConfigMap", "data", volumes.to_owned()),
        ("Secret", "stringData", volumes.to_owned()),
        ("Secret", "data", in_base64(volumes)),
    ] {
        let found = read(&format!(
            "apiVersion: v1\nkind: {kind}\nmetadata: {{name: a}}\n{data}: {{DRONE_RUNNER_VOLUMES: '{value}', DRONE_RPC_HOST: a}}\n"
        ));
        let [subject] = found.subjects.as_slice() else { panic!("{found:#?}") };
        let env = json!([{"name": "DRONE_RUNNER_VOLUMES", "value": volumes}]);
        assert_eq!(spec(subject), json!({"containers": [{"name": "runner", "env": env}]}));
        assert_eq!((&*subject.entry.platform, &*subject.entry.object.kind), ("drone", kind));
        assert!(subject.entry.partial && found.without_pod.is_empty(), "{found:#?}");
        assert_eq!(written(subject, "/spec/containers/0/env/0/value"), format!("'{value}'"));
    }
}

#[test]
fn others_are_not() {
    let found = read("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {DOCKER_HOST: a, b: c}\n");
    assert_eq!((found.subjects.len(), found.without_pod.len()), (0, 1));
}
