use serde_json::json;

use super::super::testing::{metadata, notes, read, read_file, read_with_room_for, reasons, spec, specs};

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
    let [image, grouped, plain] = found.subjects.as_slice() else { panic!("{found:#?}") };
    assert_eq!(spec(plain), json!({"containers": [{"name": "container-0", "args": ["make"]}]}));
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

/// The names of the steps that run something, where this is a pipeline.
fn steps_of(file: &str, text: &str) -> Option<Vec<String>> {
    let found = read_file(file, text);
    let is_own = found.subjects.iter().all(|one| one.entry.platform == "buildkite")
        && found.subjects.len() + found.without_pod.len() > 0;
    is_own.then(|| found.subjects.iter().map(|one| one.entry.object.name.clone()).collect())
}

#[test]
fn steps_may_be_called_by_a_name() {
    let own = "name: one, command: make";
    for steps in [
        format!("steps: [{{{own}}}]"),
        format!("env: {{A: b}}\nsteps: [{{{own}}}]"),
        format!("agents: {{queue: q}}\nsteps: [{{{own}, image: \"a:1\"}}]"),
        format!("steps: [{{{own}, image: \"a:1\"}}, wait]"),
        format!("steps: [{{{own}, new: x}}, {{wait: }}]"),
        format!("steps: [{{{own}, new: x, agents: {{queue: q}}}}]"),
        format!("steps: [{{{own}, priority: 1, matrix: [a]}}]"),
        format!("steps: [{{name: t, trigger: other, build: {{branch: b}}}}, {{{own}}}]"),
        format!("steps: [{{group: , name: g, steps: [{{{own}}}]}}]"),
        format!("steps: [block, {{{own}}}, waiter]"),
    ] {
        assert_eq!(steps_of("ci.yml", &format!("{steps}\n")), Some(vec!["one".to_owned()]), "{steps}");
    }
    for (name, step) in [("k", "key: k, name: one"), ("i", "id: i, label: l"), ("l", "label: l, name: one")] {
        assert_eq!(
            steps_of("ci.yml", &format!("steps: [{{{step}, command: x}}]\n")),
            Some(vec![name.to_owned()])
        );
    }
    for other in [
        format!("steps: [{{{own}, image: \"a:1\"}}]"),
        format!("steps: [{{{own}, plugin: Shell}}]"),
        format!("steps: [{{{own}, service: app}}]"),
        format!("steps: [{{{own}, script: x}}, wait]"),
        format!("steps: [{{{own}}}, {{name: x, args: [y]}}]"),
        format!("jobs: []\nsteps: [{{{own}}}]"),
        "steps: [{name: one}]".to_owned(),
        "steps: [input, output]".to_owned(),
    ] {
        assert_eq!(steps_of("ci.yml", &format!("{other}\n")), None, "{other}");
    }
}

#[test]
fn the_place_of_a_file_tells_a_pipeline_by_one_step() {
    let own = "{name: one, image: \"a:1\", command: make, new: x}";
    let in_place = ".buildkite/pipeline.yml";
    for text in
        [format!("steps: [{own}, {{run: x}}]\n"), format!("[{own}, other]\n"), format!("- {own}\n- wait\n")]
    {
        assert_eq!(steps_of(in_place, &text), Some(vec!["one".to_owned()]), "{text}");
        assert_eq!(steps_of("ci.yml", &text), None, "{text}");
    }
    for other in
        ["steps: [{run: x}]\n", "- {key: a, value: b}\n", "jobs: [{a: b}]\nsteps: [{command: x}]\n", "wait\n"]
    {
        assert_eq!(steps_of(in_place, other), None, "{other}");
    }
}

#[test]
fn a_bare_list_of_steps_is_a_pipeline() {
    let text = "- {label: l, command: make, agents: {queue: q}, plugins: [{kubernetes: {podSpec: {hostPID: true}}}]}\n- wait\n";
    let found = read(text);
    assert_eq!(spec(&found.subjects[0])["hostPID"], json!(true));
    assert_eq!(found.subjects[0].locate("/spec/hostPID"), "/0/plugins/0/kubernetes/podSpec/hostPID");
    // Those of Ansible and of Codeship look like these.
    for other in [
        "- {name: one, command: make}\n",
        "- {command: make}\n",
        "[wait]\n",
        "- {name: one, service: a, command: b}\n",
    ] {
        assert_eq!(steps_of("ci.yml", other), None, "{other}");
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
fn steps_have_the_variables_of_the_pipeline_and_their_own() {
    let found = read(
        "env: {DOCKER_HOST: 'tcp://x:2375'}
steps:
  - {command: make, env: {A: 1}}
  - {label: b, command: make, plugins: [{kubernetes: {podSpec: {containers: [{image: 'y:1', env: [{name: B, value: b}]}]}, sidecars: [{image: 's:1'}]}}]}
",
    );
    let host = json!({"name": "DOCKER_HOST", "value": "tcp://x:2375"});
    let containers: Vec<_> = found.subjects.iter().map(|one| spec(one)["containers"].clone()).collect();
    assert_eq!(containers[0][0]["env"], json!([host, {"name": "A", "value": "1"}]));
    assert_eq!(containers[1][0]["env"], json!([{"name": "B", "value": "b"}, host]));
    assert_eq!(containers[1][1], json!({"name": "sidecar-0", "image": "s:1"}));
    assert_eq!(found.subjects[0].locate("/spec/containers/0/env/0/value"), "/env/DOCKER_HOST");
}

#[test]
fn a_step_with_an_image_needs_no_label() {
    let found = read("steps: [{image: 'a:1', command: make}]\n");
    assert_eq!(found.subjects[0].entry.platform, "buildkite");
    assert_eq!(
        spec(&found.subjects[0]),
        json!({"containers": [{"name": "container-0", "image": "a:1", "args": ["make"]}]})
    );
}

#[test]
fn the_plugin_docker_runs_a_container_of_its_own() {
    let step = |plugin: &str| {
        let text = format!(
            "steps: [{{label: a, command: make, plugins: [{{'docker#v5.11.0': {{image: 'a:1', {plugin}}}}}]}}]\n"
        );
        let found = read(&text);
        assert_eq!(found.subjects.len(), 2, "{found:#?}");
        (spec(&found.subjects[1]), found.subjects[1].locate("/spec/containers/0/securityContext/privileged"))
    };
    let (open, place) =
        step("privileged: true, volumes: ['/:/host', './:/src'], network: host, add-caps: [SYS_ADMIN]");
    let wanted = json!({
        "hostNetwork": true,
        "volumes": [{"name": "v0", "hostPath": {"path": "/"}}, {"name": "v1", "emptyDir": {}}],
        "containers": [{
            "name": "docker", "image": "a:1", "args": ["make"],
            "securityContext": {"privileged": true, "capabilities": {"add": ["SYS_ADMIN"]}},
            "volumeMounts": [{"name": "v0", "mountPath": "/host"}, {"name": "v1", "mountPath": "/src"}],
        }],
    });
    assert_eq!((open, place.as_str()), (wanted, "/steps/0/plugins/0/docker#v5.11.0/privileged"));
    let (env, _) = step("environment: [\"DOCKER_HOST=tcp://x:2375\"]");
    assert_eq!(env["containers"][0]["env"], json!([{"name": "DOCKER_HOST", "value": "tcp://x:2375"}]));
    let (closed, _) = step("always-pull: true");
    assert_eq!(closed, json!({"containers": [{"name": "docker", "image": "a:1", "args": ["make"]}]}));
}

#[test]
fn a_step_may_bring_the_volume_of_its_mirrors() {
    let found = read(
        "steps: [{label: a, command: make, plugins: [{kubernetes: {checkout: {gitMirrors: {volume: {hostPath: {path: /}}}}}}]}]\n",
    );
    let wanted = json!([{"name": "workspace", "hostPath": {"path": "/"}}]);
    assert_eq!(spec(&found.subjects[0])["volumes"], wanted);
}

#[test]
fn what_is_filled_in_is_open() {
    for (open, place) in [
        ("image: '{{matrix}}'", "/steps/0/image"),
        (
            "plugins: [{kubernetes: {podSpec: {serviceAccountName: $ACCOUNT}}}]",
            "/steps/0/plugins/0/kubernetes/podSpec/serviceAccountName",
        ),
        (
            "plugins: [{kubernetes: {podSpecPatch: '{hostPID: true}'}}]",
            "/steps/0/plugins/0/kubernetes/podSpecPatch",
        ),
    ] {
        let found = read(&format!("steps: [{{label: a, command: 'make $A', {open}}}]\n"));
        assert_eq!(found.subjects[0].entry.unresolved, [place], "{open}");
    }
}

#[test]
fn variables_for_all_steps_are_made_as_often_as_there_is_room() {
    let found =
        read_with_room_for(100, &format!("env: {{A: a, B: b}}\nsteps:\n{}", "- {command: x}\n".repeat(100)));
    assert_eq!((found.subjects.len(), found.not_evaluated.len()), (16, 1));
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

#[test]
fn volumes_of_the_agent_are_in_all_pods() {
    let host =
        |name: &str| json!({"containers": [], "volumes": [{"name": name, "hostPath": {"path": "/w"}}]});
    let named = "{name: h, hostPath: {path: /w}}";
    for (settings, name) in [
        (format!("hooksVolume: {named}"), "h"),
        ("pluginsVolume: {hostPath: {path: /w}}".to_owned(), "workspace"),
        (format!("additional-hooks: [{{path: /a}}, {{path: /b, volume: {named}}}]"), "h"),
        (format!("signingJWKSVolume: {named}"), "h"),
        (format!("HooksVolume: {named}"), "h"),
    ] {
        for text in [
            format!("config: {{agent-config: {{{settings}}}}}\n"),
            format!("agentToken: t\nconfig: {{org: o, agent-config: {{no-pty: true, {settings}}}}}\n"),
            format!("agent-stack-k8s: {{config: {{agent-config: {{{settings}}}}}}}\n"),
        ] {
            assert_eq!(specs(&text), [host(name)], "{text}");
        }
    }
}

#[test]
fn values_of_the_chart_are_known_by_what_stands_beside() {
    let found = read("agentStackSecret: s\nconfig: {org: o, tags: [queue=k]}\n");
    assert_eq!(found.without_pod[0].kind, "BuildkiteController");
    assert_eq!(
        specs(
            "agentToken: t\nconfig: {image: 'a:1', default-metadata: {annotations: {a: b}}, default-command-params: {extraVolumeMounts: [{name: v, mountPath: /v}]}}\n"
        ),
        [
            json!({"containers": [{"name": "container-0", "volumeMounts": [{"name": "v", "mountPath": "/v"}]}]}),
            json!({"containers": [{"name": "agent", "image": "a:1"}]}),
            json!({"containers": []}),
        ]
    );
    let other = read("config: {image: 'a:1', org: o}\n");
    assert!(other.subjects.is_empty() && other.without_pod.is_empty(), "{other:#?}");
}

#[test]
fn steps_that_a_command_adds_are_told() {
    let reason = "`pipeline upload` adds steps: those of a file are judged in their own, and those that the command makes were not judged";
    for (command, told) in [
        ("command: 'buildkite-agent pipeline upload'", vec![format!("/steps/0/command {reason}")]),
        (
            "command: \"buildkite-agent pipeline \\\\\\n upload x\"",
            vec![format!("/steps/0/command {reason}")],
        ),
        (
            "command: \"buildkite-agent pipeline  upload <<YAML\\nsteps: []\\nYAML\"",
            vec![format!("/steps/0/command {reason}")],
        ),
        (
            "commands: [make, './gen | buildkite-agent pipeline upload']",
            vec![format!("/steps/0/commands/1 {reason}")],
        ),
        ("command: 'echo pipeline'", Vec::new()),
    ] {
        assert_eq!(reasons(&read(&format!("steps: [{{{command}}}]\n"))), told, "{command}");
    }
}

#[test]
fn what_plugins_have_elsewhere_is_told() {
    let found = read(
        "steps:\n- command: x\n  plugins:\n  - kubernetes: {podTemplate: big}\n  - docker-compose#v5.0.0: {run: app, config: [a.yml], volumes: ['/var/run/docker.sock:/s']}\n  - docker-compose#v4: {run: app}\n",
    );
    let told = |at: &str, key: &str, name: &str| {
        format!(
            "/steps/0/plugins/{at} `{key}` refers to `{name}`: what that brings is judged in its own file alone"
        )
    };
    assert_eq!(
        reasons(&found),
        [
            told("0/kubernetes/podTemplate", "podTemplate", "big"),
            told("1/docker-compose#v5.0.0/config/0", "config", "a.yml"),
            told("2/docker-compose#v4", "config", "docker-compose.yml"),
        ]
    );
    let paths: Vec<_> =
        found.subjects.iter().map(|one| spec(one)["volumes"][0]["hostPath"]["path"].clone()).collect();
    assert_eq!(paths, [json!(null), json!("/var/run/docker.sock"), json!(null)]);
}
