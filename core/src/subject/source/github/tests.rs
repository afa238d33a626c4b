mod env;
mod workflow;

use serde_json::{Value, json};

use super::super::testing::{astray, metadata, notes, read, reasons, spec, specs, written};

fn runner(kind: &str, spec: &str) -> String {
    format!(
        "{{apiVersion: actions.summerwind.dev/v1alpha1, kind: {kind}, metadata: {{name: r}}, spec: {spec}}}"
    )
}

fn deployment(spec: &str) -> String {
    runner("RunnerDeployment", &format!("{{template: {{metadata: {{labels: {{a: b}}}}, spec: {spec}}}}}"))
}

const DIND: &str = r#"{"name": "docker", "image": "docker:dind", "securityContext": {"privileged": true}}"#;

fn dind() -> Value {
    serde_json::from_str(DIND).unwrap()
}

#[test]
fn a_runner_gets_a_privileged_daemon_by_default() {
    let found = read(&deployment("{repository: a/b, image: \"r:1\"}"));
    assert_eq!(reasons(&found), [""; 0]);
    let [subject] = found.subjects.as_slice() else { panic!("{found:#?}") };
    assert_eq!(spec(subject), json!({"containers": [{"name": "runner", "image": "r:1"}, dind()]}));
    assert_eq!(metadata(subject), json!({"labels": {"a": "b"}}));
    assert_eq!(notes(subject), [json!([{"arc-docker": ["default"]}, "/spec/template/spec"])]);
    assert!(subject.entry.platform == "github-actions" && !subject.entry.partial);
    // Open settings count as the default, and are told.
    let found = read(&deployment("{dockerdWithinRunnerContainer: \"${WITHIN}\", dockerEnabled: true}"));
    assert_eq!(spec(&found.subjects[0])["containers"][1], dind());
    assert_eq!(
        notes(&found.subjects[0]),
        [json!([{"arc-docker": ["written"]}, "/spec/template/spec/dockerEnabled"])]
    );
    assert_eq!(found.subjects[0].entry.unresolved, ["/spec/template/spec/dockerdWithinRunnerContainer"]);
}

#[test]
fn the_daemon_is_where_the_runner_says() {
    let containers = |spec: &str| specs(&deployment(spec))[0]["containers"].clone();
    let runner = json!({"name": "runner"});
    assert_eq!(
        containers("{dockerdWithinRunnerContainer: true}"),
        json!([{"name": "runner", "securityContext": {"privileged": true}}])
    );
    for without in
        ["{dockerEnabled: false}", "{containerMode: kubernetes, dockerdWithinRunnerContainer: true}"]
    {
        assert_eq!(containers(without), json!([runner]), "{without}");
        assert_eq!(notes(&read(&deployment(without)).subjects[0]), [json!(null); 0]);
    }
    // The controller takes the privilege back where SELinux is set, and what is written wins.
    let confined = "{securityContext: {seLinuxOptions: {type: t}}}";
    assert_eq!(containers(confined), json!([runner, {"name": "docker", "image": "docker:dind"}]));
    assert_eq!(notes(&read(&deployment(confined)).subjects[0]), [json!(null); 0]);
    let own = "{containers: [{name: docker, image: \"d:1\", securityContext: {privileged: false}}]}";
    assert_eq!(
        containers(own),
        json!([runner, {"name": "docker", "image": "d:1", "securityContext": {"privileged": false}}])
    );
    // Without its privilege there is nothing to tell; a context without a word of it takes it, too.
    for (context, told) in [
        ("{privileged: false}", 0),
        ("{runAsUser: 1}", 0),
        ("{privileged: true}", 1),
        ("{privileged: \"${P}\"}", 1),
    ] {
        let text = deployment(&format!("{{containers: [{{name: docker, securityContext: {context}}}]}}"));
        let of = |note: &Value| note[0]["arc-docker"].is_array();
        assert_eq!(notes(&read(&text).subjects[0]).iter().filter(|note| of(note)).count(), told, "{context}");
    }
    assert_eq!(
        containers("{containerMode: kubernetes, containers: [{name: docker}, {name: x}]}"),
        json!([runner, {"name": "x"}])
    );
}

#[test]
fn what_stands_beside_a_runner_is_of_its_container_or_of_the_pod() {
    let text = runner(
        "Runner",
        r#"
  {
    repository: a/b, env: [{name: A, value: b}], dockerEnv: [{name: C, value: d}], dockerVolumeMounts: [{name: s, mountPath: /s}],
    volumeMounts: [{name: s, mountPath: /r}], volumes: [{name: s, hostPath: {path: /run}}], serviceAccountName: sa,
    sidecarContainers: [{name: side, image: "s:1"}], hostNetwork: true, dockrEnabled: false,
    containers: [{name: runner, image: "own:1", env: [{name: O, value: o}]}]
  }"#,
    );
    let found = read(&text);
    let wanted = json!({
        "serviceAccountName": "sa",
        "volumes": [{"name": "s", "hostPath": {"path": "/run"}}],
        "containers": [
            {
                "name": "runner", "image": "own:1", "env": [{"name": "O", "value": "o"}, {"name": "A", "value": "b"}],
                "volumeMounts": [{"name": "s", "mountPath": "/r"}],
            },
            {
                "name": "docker", "image": "docker:dind", "securityContext": {"privileged": true},
                "env": [{"name": "C", "value": "d"}], "volumeMounts": [{"name": "s", "mountPath": "/s"}],
            },
            {"name": "side", "image": "s:1"},
        ],
    });
    let subject = &found.subjects[0];
    assert_eq!(spec(subject), wanted);
    let implied = [
        "/spec/containers/1/name",
        "/spec/containers/1/image",
        "/spec/containers/1/securityContext/privileged",
    ];
    assert_eq!(astray(subject, &implied), [""; 0]);
    let told = notes(subject);
    assert!(told.contains(&json!([{"unknown": "dockerEnabled"}, "/spec/dockrEnabled"])), "{told:?}");
    assert!(told.iter().any(|note| note[1] == "/spec/hostNetwork"), "{told:?}");
}

#[test]
fn a_set_of_runners_has_its_settings_beside_the_template() {
    let text = runner(
        "RunnerSet",
        "{dockerdWithinRunnerContainer: true, image: \"r:2\", template: {spec: {hostPID: true, containers: [{name: x}, {name: runner}]}}}",
    );
    let wanted = json!({
        "hostPID": true,
        "containers": [{"name": "runner", "image": "r:2", "securityContext": {"privileged": true}}, {"name": "x"}],
    });
    assert_eq!(specs(&text), [wanted]);
    let found = read(&runner("HorizontalRunnerAutoscaler", "{maxReplicas: 1}"));
    assert!(found.subjects.is_empty() && found.without_pod.len() == 1, "{found:#?}");
}

#[test]
fn the_newer_kinds_hold_whole_pods() {
    let pod =
        "{metadata: {labels: {a: b}}, spec: {hostIPC: true, containers: [{name: runner, image: \"r:1\"}]}}";
    let kinds = [
        ("AutoscalingRunnerSet", format!("{{template: {pod}}}"), "/spec/template/spec/hostIPC", false),
        (
            "AutoscalingRunnerSet",
            format!("{{listenerTemplate: {pod}}}"),
            "/spec/listenerTemplate/spec/hostIPC",
            true,
        ),
        (
            "EphemeralRunnerSet",
            format!("{{ephemeralRunnerSpec: {pod}}}"),
            "/spec/ephemeralRunnerSpec/spec/hostIPC",
            false,
        ),
        ("EphemeralRunner", pod.to_owned(), "/spec/spec/hostIPC", false),
        ("AutoscalingListener", format!("{{template: {pod}}}"), "/spec/template/spec/hostIPC", true),
    ];
    for (kind, own, place, partial) in kinds {
        let text = format!(
            "{{apiVersion: actions.github.com/v1alpha1, kind: {kind}, metadata: {{name: r}}, spec: {own}}}"
        );
        let found = read(&text);
        let [subject] = found.subjects.as_slice() else { panic!("{kind} {found:#?}") };
        assert_eq!(subject.locate("/spec/hostIPC"), place);
        assert_eq!(
            (metadata(subject), subject.entry.partial),
            (json!({"labels": {"a": "b"}}), partial),
            "{kind}"
        );
    }
}

#[test]
fn values_of_the_chart_are_the_pods_that_it_makes() {
    let dind = json!({
        "name": "dind", "image": "docker:dind", "restartPolicy": "Always", "securityContext": {"privileged": true},
    });
    let found = read("githubConfigUrl: https://a\ncontainerMode: {type: dind}\n");
    let [subject] = found.subjects.as_slice() else { panic!("{found:#?}") };
    assert_eq!(spec(subject), json!({"containers": [{"name": "runner"}], "initContainers": [dind]}));
    assert_eq!(notes(subject), [json!([{"arc-container-mode": ["dind"]}, "/containerMode/type"])]);
    assert_eq!(written(subject, "/spec/initContainers/0/securityContext/privileged"), "dind");
    let text = "gha-runner-scale-set:\n  githubConfigUrl: https://a\n  template: {spec: {hostPID: true, containers: [{name: runner}]}}\n";
    let found = read(text);
    assert_eq!(found.subjects[0].locate("/spec/hostPID"), "/gha-runner-scale-set/template/spec/hostPID");
    let next = "auth: {url: https://a}\nrunner: {mode: dind, dind: {container: {image: \"d:1\"}}, container: {image: \"r:1\"}, pod: {spec: {hostIPC: true}}}\n";
    let wanted = json!({
        "hostIPC": true, "containers": [{"name": "runner", "image": "r:1"}],
        "initContainers": [{
            "name": "dind", "image": "d:1", "restartPolicy": "Always", "securityContext": {"privileged": true},
        }],
    });
    assert_eq!(specs(next), [wanted]);
    assert_eq!(
        specs("githubConfigUrl: a\ncontainerMode: {type: kubernetes}\n"),
        [json!({"containers": [{"name": "runner"}]})]
    );
}

#[test]
fn a_hook_template_is_a_part_of_every_job() {
    let template =
        "spec: {hostNetwork: true, containers: [{name: $job, securityContext: {privileged: true}}]}";
    let found = read(template);
    assert!(found.subjects[0].entry.partial && found.subjects[0].entry.platform == "github-actions");
    let map = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: h}}\ndata:\n  pod.yaml: |\n    {template}\n"
    );
    let found = read(&map);
    assert_eq!(found.subjects[0].locate("/spec/hostNetwork"), "/data/pod.yaml/spec/hostNetwork");
    assert_eq!(written(&found.subjects[0], "/spec/hostNetwork"), "true");
    let other = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: h}\ndata: {a: \"echo $job\"}\n";
    assert_eq!(read(other).without_pod.len(), 1);
}

#[test]
fn values_are_known_without_the_address_of_the_organization() {
    for text in [
        "containerMode: {type: dind}\n",
        "gha-runner-scale-set: {containerMode: {type: dind}}\n",
        "minRunners: 1\ncontainerMode: {type: dind}\ntemplate: {spec: {containers: [{name: runner}]}}\n",
        "runner: {mode: dind}\n",
        "runners: {runner: {mode: dind, container: {name: runner}}}\n",
    ] {
        let found = read(text);
        let [subject] = found.subjects.as_slice() else { panic!("{text}: {found:#?}") };
        assert_eq!(
            spec(subject)["initContainers"][0]["securityContext"],
            json!({"privileged": true}),
            "{text}"
        );
        assert_eq!(subject.entry.platform, "github-actions");
    }
    let open = read("containerMode: {type: '${MODE}', kubernetesModeServiceAccount: {}}\n");
    assert_eq!(open.subjects[0].entry.unresolved, ["/containerMode/type"]);
    let role = read("containerMode: {kubernetesModeAdditionalRoleRules: [{verbs: ['*']}]}\n");
    assert_eq!(role.subjects[0].entry.platform, "github-actions");
    let found = read("maxRunners: 2\ntemplate: {spec: {hostPID: true, containers: [{name: runner}]}}\n");
    assert_eq!(
        (found.subjects[0].entry.platform.as_str(), found.subjects[0].locate("/spec/hostPID").as_str()),
        ("github-actions", "/template/spec/hostPID")
    );
    for other in [
        "containerMode: {type: vm}\n",
        "containerMode: {kubernetesModeServiceAccount: {}, other: x}\n",
        "runner: {mode: dind, replicas: 2}\n",
        "runner: {mode: '${MODE}'}\n",
        "containerMode: dind\n",
        "minRunners: 1\n",
        "apiVersion: v1\ncontainerMode: {type: dind}\n",
        "template: {spec: {hostPID: true, containers: [{name: a, image: \"a:1\"}]}}\nmaxRunners: 2\n",
    ] {
        let found = read(other);
        assert!(found.subjects.iter().all(|one| one.entry.platform.is_empty()), "{other} {found:#?}");
    }
}

#[test]
fn a_hook_template_needs_no_job() {
    let map = |text: &str| {
        let text = text.replace('\n', "\n    ");
        format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: h}}\ndata:\n  content: |\n    {text}\n")
    };
    for text in [
        "spec: {hostPID: true}",
        "metadata: {labels: {a: b}}\nspec: {containers: [{name: side}], hostPID: true}",
        "kind: Pod\nspec: {hostPID: true, containers: [{name: $job}]}",
    ] {
        let found = read(&map(text));
        let [subject] = found.subjects.as_slice() else { panic!("{text}: {found:#?}") };
        assert_eq!(subject.locate("/spec/hostPID"), "/data/content/spec/hostPID");
        assert!(subject.entry.partial && subject.entry.platform == "github-actions");
    }
    for other in ["spec: {replicas: 1}", "spec: text"] {
        let found = read(&map(other));
        assert!(found.subjects.is_empty() && found.without_pod.len() == 1, "{other}: {found:#?}");
    }
    for other in ["kind: Pod\nspec: {hostPID: true}", "a: b\nspec: {hostPID: true}"] {
        let found = read(&map(other));
        let [subject] = found.subjects.as_slice() else { panic!("{other}: {found:#?}") };
        assert!(subject.entry.partial && subject.entry.platform.is_empty());
    }
}

#[test]
fn other_files_are_not_taken_for_workflows() {
    for other in [
        "version: 2.1\njobs: {build: {docker: [{image: \"a:1\"}], steps: [checkout]}}\n",
        "services: {web: {image: \"a:1\", privileged: true}}\n",
        "jobs: [{job: a, container: x}]\n",
        "jobs: {a: {b: c}}\non: true\n",
        "runs: 3\n",
        "runner: {mode: fast}\n",
    ] {
        let found = read(other);
        assert!(
            found.subjects.iter().all(|one| one.entry.platform != "github-actions"),
            "{other} {found:#?}"
        );
        assert!(found.without_pod.iter().all(|one| !one.kind.starts_with("GitHub")), "{other}");
    }
}

#[test]
fn what_stands_beside_the_values_of_a_chart_is_looked_at_too() {
    let other =
        "other: {spec: {containers: [{name: a, image: \"a:1\", securityContext: {privileged: true}}]}}\n";
    for own in ["githubConfigUrl: a\n", "x: {githubConfigUrl: a}\n"] {
        let found = read(&format!("{own}{other}"));
        let platforms: Vec<&str> = found.subjects.iter().map(|one| one.entry.platform.as_str()).collect();
        assert_eq!(platforms, ["github-actions", ""], "{found:#?}");
    }
}

#[test]
fn a_kind_without_its_pod_is_told() {
    let text = "{apiVersion: actions.github.com/v1alpha1, kind: AutoscalingRunnerSet, metadata: {name: a}, spec: {b: {}}}";
    let found = read(text);
    assert_eq!(reasons(&found), [" AutoscalingRunnerSet has no pod: `/spec/template/spec` is missing"]);
    assert!(found.not_evaluated[0].cause.is_error());
}

#[test]
fn scripts_of_an_action_are_judged() {
    let run = "docker run --privileged -v /:/host x";
    let text = format!(
        "name: a\nruns:\n  using: composite\n  steps:\n    - uses: a/b@v1\n    - {{run: '{run}', shell: sh}}\n"
    );
    let found = read(&text);
    let [subject] = found.subjects.as_slice() else { panic!("{found:#?}") };
    assert_eq!(spec(subject), json!({"containers": [{"name": "runner", "args": [run]}]}));
    assert!(subject.entry.partial);
    assert_eq!(written(subject, "/spec/containers/0/args/0"), format!("'{run}'"));
}
