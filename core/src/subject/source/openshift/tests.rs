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
fn a_build_may_bring_the_pipeline_that_jenkins_runs() {
    let text = r#"apiVersion: build.openshift.io/v1
kind: BuildConfig
metadata: {name: b, namespace: ci}
spec:
  strategy:
    jenkinsPipelineStrategy:
      jenkinsfile: |-
        podTemplate(label: 'x', yaml: """
          spec:
            hostPID: true
            containers:
            - {name: a, image: 'a:1'}
        """, containers: [containerTemplate(name: 'b', image: 'b:1', privileged: true)]) {
          node('x') { sh 'make' }
        }
"#;
    let found = read(text);
    let [subject] = found.subjects.as_slice() else { panic!("{found:#?}") };
    assert_eq!(reasons(&found), [""; 0]);
    let pod = spec(subject);
    assert_eq!(pod["hostPID"], json!(true));
    assert_eq!(pod["containers"][1]["securityContext"], json!({"privileged": true}));
    assert_eq!(written(subject, "/spec/hostPID"), "true");
    assert_eq!(written(subject, "/spec/containers/1/securityContext/privileged"), "true");
    assert_eq!(written(subject, "/spec/containers/1/image"), "'b:1'");
    assert_eq!(subject.entry.platform, "jenkins");
    let object = &subject.entry.object;
    assert_eq!(
        (object.kind.as_str(), object.api_version.as_str(), object.name.as_str()),
        ("Jenkinsfile", "", "x")
    );
    let at = "/spec/strategy/jenkinsPipelineStrategy/jenkinsfile";
    assert_eq!(object.pointer, format!("{at}/podTemplate"));
    // A call in the place of a value is open here, too.
    let open = text.replace("privileged: true", "privileged: params.P");
    let privileged = format!("{at}/podTemplate/containers/0/containerTemplate()/privileged");
    assert!(notes(&read(&open).subjects[0]).contains(&json!(["Open", privileged])));
    let broken = config("{jenkinsPipelineStrategy: {jenkinsfile: \"node {\"}}");
    let found = read(&broken);
    assert!(found.subjects.is_empty());
    assert!(reasons(&found)[0].starts_with(&format!("{at} the pipeline of the build: not valid Groovy: ")));
    assert!(found.not_evaluated[0].cause.is_error());
    let nothing = read(&config("{jenkinsPipelineStrategy: {jenkinsfile: \"echo 'x'\"}}"));
    assert_eq!(reasons(&nothing), [format!("{at} Groovy in which nothing asks for a pod")]);
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

#[test]
fn the_objects_of_a_template_are_judged() {
    for version in ["template.openshift.io/v1", "v1"] {
        let build =
            config("{customStrategy: {exposeDockerSocket: true, from: {kind: DockerImage, name: \"a:1\"}}}");
        let pod = "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {hostPID: true, containers: [{name: a, image: \"a:1\"}]}}";
        let text = format!(
            "apiVersion: {version}\nkind: Template\nmetadata: {{name: t}}\nobjects: [{build}, {pod}]\n"
        );
        let found = read(&text);
        let [build, pod] = found.subjects.as_slice() else { panic!("{found:#?}") };
        let at = "/objects/0/spec/strategy/customStrategy/exposeDockerSocket";
        assert_eq!(build.locate("/spec/volumes/0/hostPath/path"), at);
        assert_eq!(
            (build.entry.object.kind.as_str(), pod.entry.object.kind.as_str()),
            ("BuildConfig", "Pod")
        );
        assert_eq!(pod.locate("/spec/hostPID"), "/objects/1/spec/hostPID");
    }
    let nothing = read("apiVersion: v1\nkind: Template\nmetadata: {name: t}\nobjects: []\n");
    assert!(nothing.subjects.is_empty() && nothing.without_pod.len() == 1, "{nothing:#?}");
}

#[test]
fn a_socket_that_is_filled_in_counts() {
    let made = |on: &str| {
        let text = config(&format!(
            "{{customStrategy: {{exposeDockerSocket: {on}, from: {{kind: DockerImage, name: a}}}}}}"
        ));
        spec(&read(&text).subjects[0]).get("volumes").is_some()
    };
    assert!(made("\"${{SOCKET}}\"") && made("yes") && !made("false") && !made("no"));
}

#[test]
fn what_runs_after_a_build_is_judged() {
    let text = "{apiVersion: build.openshift.io/v1, kind: BuildConfig, metadata: {name: b}, spec: {postCommit: {script: make test}, strategy: {dockerStrategy: {}}}}";
    assert_eq!(
        spec(&read(text).subjects[0]),
        json!({"containers": [{"name": "docker-build", "args": ["make test"]}]})
    );
}

#[test]
fn variables_of_a_pipeline_are_those_of_its_steps() {
    let found = read(&config(
        "{jenkinsPipelineStrategy: {jenkinsfilePath: Jenkinsfile, env: [{name: DOCKER_HOST, value: 'tcp://docker:2375'}]}}",
    ));
    let [subject] = found.subjects.as_slice() else { panic!("{found:#?}") };
    let env = json!([{"name": "DOCKER_HOST", "value": "tcp://docker:2375"}]);
    assert_eq!(spec(subject), json!({"containers": [{"name": "jenkins-pipeline", "env": env}]}));
    assert!(subject.entry.partial && written(subject, "/spec/containers/0/env/0/value").contains("2375"));
    assert_eq!(reasons(&found).len(), 1);
    let without = read(&config("{jenkinsPipelineStrategy: {jenkinsfilePath: Jenkinsfile}}"));
    assert_eq!((without.subjects.len(), reasons(&without).len()), (0, 1));
}
