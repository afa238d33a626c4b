use serde_json::json;

use super::super::testing::{metadata, notes, read, read_file, reasons, spec, specs, written};

const WOODPECKER: &str = r#"
steps:
  build:
    image: docker:27-cli
    commands: [docker build ., true]
    environment: {DOCKER_HOST: "tcp://docker:2375", TOKEN: {from_secret: t}}
    volumes: ["/var/run/docker.sock:/var/run/docker.sock", "cache:/cache"]
    backend_options:
      kubernetes:
        serviceAccountName: deployer
        annotations: {a: b}
        securityContext: {privileged: false, runAsUser: 0, fsGroup: 7, apparmorProfile: {type: Unconfined}}
services:
  - {name: daemon, image: "docker:27-dind", privileged: true, environment: ["A=b"]}
"#;

#[test]
fn steps_of_woodpecker_are_pods_of_their_own() {
    let found = read(WOODPECKER);
    assert_eq!(reasons(&found), [""; 0]);
    let [build, daemon] = found.subjects.as_slice() else { panic!("{found:#?}") };
    let wanted = json!({
        "serviceAccountName": "deployer",
        "securityContext": {"fsGroup": 7},
        "volumes": [{"name": "v0", "hostPath": {"path": "/var/run/docker.sock"}}, {"name": "v1", "emptyDir": {}}],
        "containers": [{
            "name": "build", "image": "docker:27-cli", "args": ["docker build .", "true"],
            "env": [{"name": "DOCKER_HOST", "value": "tcp://docker:2375"}],
            "securityContext": {"privileged": false, "runAsUser": 0, "appArmorProfile": {"type": "Unconfined"}},
            "volumeMounts": [
                {"name": "v0", "mountPath": "/var/run/docker.sock"}, {"name": "v1", "mountPath": "/cache"},
            ],
        }],
    });
    assert_eq!(spec(build), wanted);
    assert_eq!(metadata(build), json!({"annotations": {"a": "b"}}));
    assert_eq!(notes(build), [json!([{"author-pod": []}, "/steps/build/backend_options/kubernetes"])]);
    let wanted = json!({"containers": [{
        "name": "daemon", "image": "docker:27-dind", "env": [{"name": "A", "value": "b"}],
        "securityContext": {"privileged": true},
    }]});
    assert_eq!(spec(daemon), wanted);
    assert_eq!(written(daemon, "/spec/containers/0/securityContext/privileged"), "true");
    assert!(found.subjects.iter().all(|one| one.entry.platform == "woodpecker" && one.entry.partial));
    // Of a list, and as it was called before.
    assert_eq!(specs("pipeline: {a: {image: \"a:1\", privileged: true, commands: [make]}}\n").len(), 1);
    assert_eq!(specs("steps: [{name: a, image: \"a:1\", commands: [make]}]\n").len(), 1);
}

const DRONE: &str = r#"
kind: pipeline
type: kubernetes
name: default
service_account_name: builder
steps:
  - {name: b, image: "docker:27-cli", privileged: true, user: 0, volumes: [{name: run, path: /var/run}], commands: [docker ps]}
services: [{name: s, image: "redis:7", environment: {A: {from_secret: x}, B: 1}}]
volumes: [{name: run, host: {path: /var/run/}}, {name: t, temp: {medium: memory}}, {name: c, claim: {name: d}}]
---
kind: signature
hmac: abc
"#;

#[test]
fn a_pipeline_of_drone_is_one_pod() {
    let found = read(DRONE);
    assert_eq!(reasons(&found), [""; 0]);
    let [subject] = found.subjects.as_slice() else { panic!("{found:#?}") };
    let wanted = json!({
        "serviceAccountName": "builder",
        "volumes": [
            {"name": "run", "hostPath": {"path": "/var/run/"}},
            {"name": "t", "emptyDir": {"medium": "memory"}},
            {"name": "c", "persistentVolumeClaim": {"claimName": "d"}},
        ],
        "containers": [
            {
                "name": "b", "image": "docker:27-cli", "args": ["docker ps"],
                "securityContext": {"privileged": true, "runAsUser": 0},
                "volumeMounts": [{"name": "run", "mountPath": "/var/run"}],
            },
            {"name": "s", "image": "redis:7", "env": [{"name": "B", "value": "1"}]},
        ],
    });
    assert_eq!(spec(subject), wanted);
    assert_eq!(subject.locate("/spec/volumes/0/hostPath/path"), "/volumes/0/host/path");
    assert!(subject.entry.platform == "drone" && found.without_pod.len() == 1);
}

#[test]
fn steps_of_others_are_left_to_them() {
    for other in [
        "steps: [{name: a, image: \"a:1\", script: make}]\n",
        "steps: [{name: a, image: \"a:1\", securityContext: {privileged: true}}]\n",
        "steps: [{command: make}, {wait: null}]\n",
        "steps: [{script: make}]\npool: {vmImage: ubuntu-latest}\n",
        "version: '1.0'\nsteps: {a: {image: \"a:1\", commands: [make]}}\n",
        "services: {a: {image: \"a:1\", privileged: true}}\n",
        "steps: [{image: \"a:1\"}]\n",
        "kind: pipeline\nname: a\n",
    ] {
        let found = read(other);
        assert!(
            found.subjects.iter().all(|one| !matches!(one.entry.platform.as_str(), "woodpecker" | "drone")),
            "{other} {found:#?}"
        );
        let is_own = |kind: &str| kind.starts_with("Woodpecker") || kind.starts_with("Drone");
        assert!(found.without_pod.iter().all(|one| !is_own(&one.kind)), "{other}");
    }
}

#[test]
fn what_clones_is_a_step_like_any_other() {
    let steps = "steps: [{name: a, image: \"a:1\", commands: [make]}]\n";
    for clone in
        ["{git: {image: \"g:1\", privileged: true}}", "[{name: git, image: \"g:1\", privileged: true}]"]
    {
        let found = read(&format!("clone: {clone}\n{steps}"));
        let [git, _] = found.subjects.as_slice() else { panic!("{found:#?}") };
        let wanted =
            json!({"containers": [{"name": "git", "image": "g:1", "securityContext": {"privileged": true}}]});
        assert_eq!(spec(git), wanted);
        assert_eq!(written(git, "/spec/containers/0/securityContext/privileged"), "true");
    }
    assert_eq!(specs(&format!("clone: false\n{steps}")).len(), 1);
}

#[test]
fn a_privilege_that_is_filled_in_is_open() {
    let step = |on: &str| {
        read(&format!("steps: [{{name: a, image: \"a:1\", privileged: {on}, commands: [make]}}]\n"))
    };
    let found = step("\"${P}\"");
    assert_eq!(found.subjects[0].entry.unresolved, ["/steps/0/privileged"]);
    assert!(notes(&found.subjects[0]).contains(&json!(["Open", "/steps/0/privileged"])), "{found:#?}");
    assert_eq!(reasons(&found).len(), 1);
    let closed = step("false");
    assert_eq!(
        (reasons(&closed).len(), spec(&closed.subjects[0])["containers"][0].get("securityContext")),
        (0, None)
    );
}

#[test]
fn every_step_of_drone_has_the_variables_of_the_pipeline() {
    let found = read(
        "kind: pipeline\ntype: docker\nname: a\nenvironment: {DOCKER_HOST: \"tcp://x:2375\", S: {from_secret: s}}\nservices: [{name: s, image: \"s:1\", privileged: true, network_mode: host, environment: {A: b}}]\n",
    );
    let wanted = json!({
        "hostNetwork": true,
        "containers": [{
            "name": "s", "image": "s:1", "securityContext": {"privileged": true},
            "env": [{"name": "DOCKER_HOST", "value": "tcp://x:2375"}, {"name": "A", "value": "b"}],
        }],
    });
    assert_eq!(spec(&found.subjects[0]), wanted);
    assert_eq!(found.subjects[0].locate("/spec/containers/0/env/0/value"), "/environment/DOCKER_HOST");
}

#[test]
fn a_template_of_drone_is_a_reference() {
    let found = read("kind: template\nload: a.yaml\ndata: {a: b}\n");
    assert_eq!(
        reasons(&found),
        ["/load `load` refers to `a.yaml`: what that brings is judged in its own file alone"]
    );
}

#[test]
fn the_name_of_a_file_tells_steps_by_their_images() {
    for text in ["steps: {a: {image: 'docker:dind'}}\n", "steps: [{name: a, image: 'docker:dind'}]\n"] {
        for name in [".woodpecker.yml", ".woodpecker/build.yaml"] {
            let found = read_file(name, text);
            assert_eq!(found.subjects[0].entry.platform, "woodpecker", "{name} {text}");
            assert_eq!(spec(&found.subjects[0])["containers"][0]["image"], json!("docker:dind"));
        }
        let other = read_file("ci.yml", text);
        assert!(other.subjects.iter().all(|one| one.entry.platform != "woodpecker"), "{other:#?}");
    }
    let other = read_file(".woodpecker.yml", "steps: [{name: a, uses: b}]\n");
    assert!(other.subjects.is_empty(), "{other:#?}");
}
