use serde_json::json;

use super::super::testing::{notes, read, reasons, spec, written};

fn config(strategy: &str) -> String {
    format!(
        "{{apiVersion: build.openshift.io/v1, kind: BuildConfig, metadata: {{name: b}}, spec: {{strategy: {strategy}}}}}"
    )
}

#[test]
fn a_custom_build_may_have_the_socket_of_the_node() {
    let found = read(&config(
        "{customStrategy: {exposeDockerSocket: true, from: {kind: DockerImage, name: \"a:1\"}, env: [{name: A, value: b}]}}",
    ));
    let [subject] = found.subjects.as_slice() else { panic!("{found:#?}") };
    let wanted = json!({
        "volumes": [{"name": "docker-socket", "hostPath": {"path": "/var/run/docker.sock"}}],
        "containers": [{
            "name": "custom-build", "image": "a:1", "env": [{"name": "A", "value": "b"}],
            "volumeMounts": [{"name": "docker-socket", "mountPath": "/var/run/docker.sock"}],
        }],
    });
    assert_eq!(spec(subject), wanted);
    let at = "/spec/strategy/customStrategy/exposeDockerSocket";
    assert_eq!(notes(subject), [json!([{"openshift-docker-socket": []}, at])]);
    assert_eq!(written(subject, "/spec/volumes/0/hostPath/path"), "true");
    assert!(subject.entry.platform == "openshift" && subject.entry.partial);
}

#[test]
fn other_strategies_add_volumes_and_variables() {
    let found = read(&config(
        "{dockerStrategy: {volumes: [{name: s, source: {type: Secret, secret: {secretName: aws}}, mounts: [{destinationPath: /root/.aws}]}]}}",
    ));
    let wanted = json!({
        "volumes": [{"name": "s", "secret": {"secretName": "aws"}}],
        "containers": [{"name": "docker-build", "volumeMounts": [{"name": "s", "mountPath": "/root/.aws"}]}],
    });
    assert_eq!(spec(&found.subjects[0]), wanted);
    let found = read(&config("{jenkinsPipelineStrategy: {jenkinsfilePath: Jenkinsfile}}"));
    assert_eq!(
        reasons(&found),
        [
            "/spec/strategy/jenkinsPipelineStrategy/jenkinsfilePath `jenkinsPipelineStrategy` refers to `Jenkinsfile`: what that brings is judged in its own file alone"
        ]
    );
}
