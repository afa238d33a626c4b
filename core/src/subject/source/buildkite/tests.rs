use serde_json::json;

use super::super::testing::{metadata, notes, read, reasons, spec, specs};

const PIPELINE: &str = r#"
steps:
  - label: image
    command: docker build .
    plugins:
      - docker-login#v3: {username: x}
      - kubernetes:
          metadata: {annotations: {a: b}}
          extraVolumeMounts: [{name: s, mountPath: /s}]
          sidecars: [{image: "docker:27-dind", securityContext: {privileged: true}}]
          podSpec:
            volumes: [{name: s, hostPath: {path: /run/containerd}}]
            containers: [{image: "docker:27-cli"}]
          podSpecPatch: {hostPID: true, containers: [{name: container-0, securityContext: {privileged: true}}]}
  - wait
  - group: g
    steps: [{command: make, plugins: {kubernetes#v1: {podSpec: {hostIPC: true}}}}]
  - {command: make}
"#;

#[test]
fn a_step_brings_its_pod() {
    let found = read(PIPELINE);
    assert_eq!(reasons(&found), [""; 0]);
    let [image, grouped] = found.subjects.as_slice() else { panic!("{found:#?}") };
    let mounts = json!([{"name": "s", "mountPath": "/s"}]);
    let wanted = json!({
        "hostPID": true,
        "volumes": [{"name": "s", "hostPath": {"path": "/run/containerd"}}],
        "containers": [
            {
                "name": "container-0", "image": "docker:27-cli", "args": ["docker build ."],
                "securityContext": {"privileged": true}, "volumeMounts": mounts,
            },
            {
                "name": "sidecar-0", "image": "docker:27-dind", "securityContext": {"privileged": true},
                "volumeMounts": mounts,
            },
        ],
    });
    assert_eq!(spec(image), wanted);
    assert_eq!(metadata(image), json!({"annotations": {"a": "b"}}));
    assert_eq!(notes(image), [json!([{"author-pod": []}, "/steps/0/plugins/1/kubernetes"])]);
    assert_eq!(image.locate("/spec/hostPID"), "/steps/0/plugins/1/kubernetes/podSpecPatch/hostPID");
    assert_eq!(spec(grouped)["hostIPC"], json!(true));
    assert!(found.subjects.iter().all(|one| one.entry.platform == "buildkite" && one.entry.partial));
}

#[test]
fn the_image_of_a_step_is_that_of_its_containers() {
    let found = read(
        "image: base:1
steps:
  - {key: a, image: 'x:1', command: make}
  - {label: b, command: make}
  - {label: c, image: 'x:1', command: make, plugins: [{'github.com/buildkite-plugins/kubernetes-buildkite-plugin': {podSpec: {containers: [{image: 'y:1'}]}}}]}
  - {label: d, image: 'x:1', command: make, plugins: [{kubernetes: {podSpecPatch: {containers: [{name: container-0, image: 'z:1'}]}}}]}
  - wait
  - {group: g, steps: [{label: e, command: make}]}
",
    );
    assert_eq!(reasons(&found), [""; 0]);
    let images: Vec<_> = found
        .subjects
        .iter()
        .map(|one| (one.entry.object.name.clone(), spec(one)["containers"].clone()))
        .collect();
    let made = |name: &str, image: &str| {
        (name.to_owned(), json!([{"name": "container-0", "image": image, "args": ["make"]}]))
    };
    assert_eq!(
        images,
        [made("a", "x:1"), made("b", "base:1"), made("c", "x:1"), made("d", "z:1"), made("e", "base:1")]
    );
    assert_eq!(notes(&found.subjects[0]), [""; 0], "the step says nothing of its pod");
    assert_eq!(found.subjects[1].locate("/spec/containers/0/image"), "/image");
    assert_eq!(read("steps: [{name: a, image: b, commands: [c], key: d}]\n").without_pod.len(), 0);
}

#[test]
fn the_controller_puts_its_patch_over_all() {
    for text in ["pod-spec-patch: {hostPID: true}\n", "config: {pod-spec-patch: {hostPID: true}}\n"] {
        assert_eq!(specs(text), [json!({"hostPID": true, "containers": []})]);
    }
    assert_eq!(read("config: {prohibit-kubernetes-plugin: true}\n").without_pod.len(), 1);
}

#[test]
fn steps_of_others_are_left_to_them() {
    for other in [
        "steps: [{run: make}]\n",
        "steps: [{script: make}]\n",
        "steps: [{name: gcr.io/a, args: [b]}]\n",
        "steps: {a: {command: b}}\n",
        "config: {a: b}\n",
    ] {
        let found = read(other);
        assert!(found.subjects.is_empty() && found.without_pod.is_empty(), "{other} {found:#?}");
    }
}

#[test]
fn settings_of_the_controller_hold_volumes_and_classes() {
    let host = json!({"containers": [], "volumes": [{"name": "workspace", "hostPath": {"path": "/w"}}]});
    let volume = "{hostPath: {path: /w}}";
    for settings in [
        format!("workspace-volume: {volume}"),
        format!("pod-spec-patch: {{hostPID: true}}, workspace-volume: {volume}"),
        format!("prohibit-kubernetes-plugin: true, agent-config: {{hooksVolume: {volume}}}"),
        format!("default-checkout-params: {{gitMirrors: {{volume: {volume}}}}}"),
    ] {
        for text in [format!("{{{settings}}}\n"), format!("config: {{{settings}}}\n")] {
            assert_eq!(specs(&text).last(), Some(&host), "{text}");
        }
    }
    let class = "resource-classes: {big: {podSpecPatch: {hostNetwork: true}}}\n";
    assert_eq!(specs(class), [json!({"hostNetwork": true, "containers": []})]);
}

#[test]
fn the_plugin_is_read_in_any_case() {
    let with = |plugin: &str| {
        let found = read(&format!("steps: [{{command: make, plugins: [{{kubernetes: {plugin}}}]}}]\n"));
        assert_eq!(found.subjects.len(), 1, "{found:#?}");
        spec(&found.subjects[0])
    };
    for (plugin, at) in [
        ("{podSpec: {HostPID: true, containers: [{image: a}]}}", "/hostPID"),
        (
            "{PodSpec: {Containers: [{image: a, SecurityContext: {privileged: true}}]}}",
            "/containers/0/securityContext/privileged",
        ),
        ("{PODSPECPATCH: {hostPID: true}}", "/hostPID"),
        (
            "{podSpec: {containers: [{image: a, securityContext: {privileged: false}}]}, podSpecPatch: {containers: [{name: container-0, SecurityContext: {privileged: true}}]}}",
            "/containers/0/securityContext/privileged",
        ),
    ] {
        assert_eq!(with(plugin).pointer(at), Some(&json!(true)), "{plugin}");
        assert_eq!(with(&plugin.replace("true", "false")).pointer(at), Some(&json!(false)), "{plugin}");
    }
}
