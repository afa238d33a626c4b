use serde_json::json;

use super::super::testing::{notes, read, read_file, read_with_room_for, reasons, spec, specs, written};
use crate::report::Cause;

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
    let [c, d, script, e, other] = found.subjects.as_slice() else { panic!("{found:#?}") };
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
    for one in [script, other] {
        assert_eq!(spec(one), json!({"containers": [{"name": "agent", "args": ["make"]}]}));
    }
    let socket = json!([{"azure-docker-socket": ["default"]}, "/jobs/0/container"]);
    assert_eq!((spec(e)["hostPID"].clone(), notes(e)), (json!(true), vec![socket]));
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

#[test]
fn jobs_and_stages_need_no_name() {
    let own = "container: {image: \"a:1\", options: --privileged}";
    for (text, at) in [
        (format!("jobs:\n- job:\n  {own}\n"), "/jobs/0"),
        (format!("parameters: [{{name: arch, type: string}}]\njobs: [{{job: ~, {own}}}]\n"), "/jobs/0"),
        (format!("trigger: [main]\njobs: [{{deployment: , {own}}}]\n"), "/jobs/0"),
        (format!("stages:\n- stage:\n  jobs:\n  - job:\n    {own}\n"), "/stages/0/jobs/0"),
        (
            format!("stages: [{{stage: ~, \"${{{{ if x }}}}\": {{jobs: [{{job: ~, {own}}}]}}}}]\n"),
            "/stages/0/${{ if x }}/jobs/0",
        ),
        (
            format!("extends: {{template: x.yml, parameters: {{of: [{{job: ~, {own}}}]}}}}\n"),
            "/extends/parameters/of/0",
        ),
    ] {
        let found = read(&text);
        let [subject] = found.subjects.as_slice() else { panic!("{text}: {found:#?}") };
        let place = subject.locate("/spec/containers/0/securityContext/privileged");
        assert_eq!(place, format!("{at}/container/options"), "{text}");
        assert_eq!(subject.entry.object.kind, "AzureJob", "{text}");
    }
    let hosted = read("jobs: [{job: , pool: {vmImage: x}, steps: [{script: docker run --privileged a}]}]\n");
    assert!(hosted.subjects.is_empty() && hosted.without_pod.len() == 1, "{hosted:#?}");
    for other in ["jobs: [{name: }]\n", "stages: [{stage: }]\n", "jobs: {job: , a: {}}\n"] {
        let found = read(other);
        assert!(found.subjects.is_empty() && found.without_pod.is_empty(), "{other} {found:#?}");
    }
}

#[test]
fn scripts_of_ones_own_agents_are_judged() {
    let run = "docker run --privileged -v /:/host x";
    for steps in [
        format!("steps: [{{script: '{run}'}}]"),
        format!("jobs: [{{job: a, steps: [{{bash: '{run}'}}]}}]"),
        format!(
            "stages: [{{stage: s, jobs: [{{deployment: a, strategy: {{runOnce: {{deploy: {{steps: [{{pwsh: '{run}'}}]}}}}}}}}]}}]"
        ),
        format!("steps: [{{task: Bash@3, inputs: {{targetType: inline, script: '{run}'}}}}]"),
    ] {
        let text = format!("pool: {{name: own}}\n{steps}\n");
        assert_eq!(specs(&text), [json!({"containers": [{"name": "agent", "args": [run]}]})], "{text}");
        assert_eq!(written(&read(&text).subjects[0], "/spec/containers/0/args/0"), format!("'{run}'"));
    }
}

#[test]
fn templates_are_references() {
    let text = "pool: {vmImage: ubuntu-latest}\nextends: {template: a.yml}\nstages:\n- template: b.yml\n- stage: s\n  jobs:\n  - template: c.yml\n  - job: j\n    steps: [{template: d.yml}, {script: make}]\n";
    let of = |at: &str, file: &str| {
        format!(
            "{at}/template `template` refers to `{file}`: what that brings is judged in its own file alone"
        )
    };
    assert_eq!(
        reasons(&read(text)),
        [
            of("/extends", "a.yml"),
            of("/stages/0", "b.yml"),
            of("/stages/1/jobs/0", "c.yml"),
            of("/stages/1/jobs/1/steps/0", "d.yml"),
        ]
    );
}

/// The containers of the agent's pods.
fn agents(text: &str) -> Vec<serde_json::Value> {
    specs(text).iter().map(|spec| spec["containers"][0].clone()).collect()
}

#[test]
fn variables_are_in_the_environment_of_scripts() {
    let env = |name: &str| json!([{"name": name, "value": "x"}]);
    let steps = "steps: [{script: make}]";
    for (text, name) in [
        (format!("variables: {{docker.host: x}}\n{steps}"), "DOCKER_HOST"),
        (format!("variables: [{{name: docker host, value: x}}, {{group: g}}]\n{steps}"), "DOCKER_HOST"),
        (format!("stages: [{{stage: s, variables: {{A: x}}, jobs: [{{job: j, {steps}}}]}}]"), "A"),
        (format!("jobs: [{{job: j, variables: {{A: x}}, {steps}}}]"), "A"),
        ("steps: [{script: make, env: {a: x}}]".to_owned(), "a"),
        (format!("jobs: [{{job: j, strategy: {{matrix: {{l: {{a: x}}}}}}, {steps}}}]"), "A"),
        ("steps: [{script: 'echo \"##vso[task.setvariable variable=a;isOutput=true]x\"'}]".to_owned(), "A"),
    ] {
        let text = format!("pool: {{name: own}}\n{text}\n");
        let found = agents(&text);
        let own: Vec<_> =
            found.iter().flat_map(|one| one["env"].as_array().cloned().unwrap_or_default()).collect();
        assert!(own.contains(&env(name)[0]), "{text}: {own:?}");
    }
    // Without a script, too: tasks have them as well.
    let found = read("pool: {name: own}\nvariables: {DOCKER_HOST: x}\nsteps: [{task: Docker@2}]\n");
    assert_eq!(found.subjects[0].locate("/spec/containers/0/env/0/value"), "/variables/DOCKER_HOST");
    assert!(specs("pool: {name: own}\nsteps: [{task: Docker@2}]\n").is_empty());
    let open = read("pool: {name: own}\nsteps: [{script: make, env: \"${{ parameters.env }}\"}]\n");
    assert_eq!(open.subjects[0].entry.unresolved, ["/steps/0/env"]);
}

#[test]
fn what_stands_under_a_condition_counts() {
    let job = "{job: a, container: {image: \"a:1\", options: --privileged}, steps: [{checkout: self}]}";
    for (text, place) in [
        (format!("pool: {{name: own}}\njobs:\n- ${{{{ if x }}}}:\n  - {job}\n"), "/jobs/0/${{ if x }}/0/container/options"),
        (format!("pool: {{name: own}}\njobs:\n- ${{{{ if x }}}}: {job}\n"), "/jobs/0/${{ if x }}/container/options"),
        (format!("pool: {{name: own}}\n${{{{ if x }}}}:\n  jobs: [{job}]\n"), "/${{ if x }}/jobs/0/container/options"),
        (
            "pool: {name: own}\njobs: [{job: a, container: {image: \"a:1\", \"${{ if x }}\": {options: --init}, \"${{ else }}\": {options: --privileged}}}]\n"
                .to_owned(),
            "/jobs/0/container/${{ else }}/options",
        ),
        (
            "pool: {vmImage: a, \"${{ if x }}\": {name: own}}\njobs:\n- job: a\n  ${{ each y in z }}:\n    container: {image: \"a:1\", options: --privileged}\n"
                .to_owned(),
            "/jobs/0/${{ each y in z }}/container/options",
        ),
    ] {
        let found = read(&text);
        let [subject] = found.subjects.as_slice() else { panic!("{text}: {found:#?}") };
        assert_eq!(spec(subject)["containers"][0]["securityContext"], json!({"privileged": true}), "{text}");
        assert_eq!(subject.locate("/spec/containers/0/securityContext/privileged"), place, "{text}");
    }
    let text =
        "pool: {name: own}\nsteps:\n- ${{ if x }}:\n  - script: make\n- ${{ else }}:\n  - script: test\n";
    assert_eq!(agents(text)[0]["args"], json!(["make", "test"]));
    let safe = "pool: {vmImage: a}\njobs:\n- ${{ if x }}:\n  - {job: a, container: {image: \"a:1\", options: --privileged}}\n";
    assert!(read(safe).subjects.is_empty());
}

#[test]
fn each_value_under_a_condition_is_one_of_the_variable() {
    let conditions = |first: &str, second: &str| {
        format!("\"${{{{ if eq(variables.x, 1) }}}}\": {first}, \"${{{{ else }}}}\": {second}")
    };
    let values = conditions("{value: --privileged}", "{value: -v /:/h}");
    let named = conditions("{OPTS: --privileged}", "{OPTS: -v /:/h}");
    let in_env = conditions("{A: x}", "{A: z}");
    let steps = "steps: [{script: docker run $OPTS a}]";
    let (opts, env) = (json!(["--privileged", "-v /:/h"]), json!(["x", "z"]));
    for (text, name, wanted) in [
        (format!("variables: [{{name: OPTS, {values}}}]\n{steps}"), "OPTS", &opts),
        (format!("variables: {{{named}}}\n{steps}"), "OPTS", &opts),
        (format!("variables: [{{{named}}}]\n{steps}"), "OPTS", &opts),
        (
            format!(
                "variables: [{{{}}}]\n{steps}",
                conditions("{name: OPTS, value: --privileged}", "[{name: OPTS, value: -v /:/h}]")
            ),
            "OPTS",
            &opts,
        ),
        (format!("jobs: [{{job: a, strategy: {{matrix: {{l: {{{named}}}}}}}, {steps}}}]"), "OPTS", &opts),
        (format!("steps: [{{script: a, env: {{{in_env}}}}}]"), "A", &env),
        (format!("jobs: [{{job: a, container: {{image: \"a:1\", env: {{{in_env}}}}}}}]"), "A", &env),
    ] {
        let found = read(&format!("pool: {{name: own}}\n{text}\n"));
        assert_eq!(reasons(&found), [""; 0], "{text}");
        let all = found.subjects.iter().map(|one| spec(one)["containers"][0]["env"].clone());
        let all = all.flat_map(|env| env.as_array().cloned().unwrap_or_default());
        let values: Vec<_> = all.filter(|own| own["name"] == name).map(|own| own["value"].clone()).collect();
        assert_eq!(json!(values), *wanted, "{text}");
    }
}

#[test]
fn variables_of_groups_and_templates_are_elsewhere() {
    let variables = "variables:\n- group: g\n- template: v.yml\n  parameters: {a: b}\n- {name: A, value: x, readonly: true}\n- {name: B}\n- C: z\n";
    let text = format!("pool: {{name: own}}\n{variables}jobs: [{{job: a, steps: [{{script: make}}]}}]\n");
    let found = read(&text);
    let reference = "/variables/1/template `template` refers to `v.yml`: what that brings is judged in its own file alone";
    assert_eq!(reasons(&found), [reference]);
    let env = json!([{"name": "A", "value": "x"}, {"name": "C", "value": "z"}]);
    assert_eq!(agents(&text), [json!({"name": "agent", "args": ["make"], "env": env})]);
    // In a map these are names like any other.
    let map = "pool: {name: own}\nvariables: {group: g, value: v}\nsteps: [{task: Npm@1}]\n";
    assert_eq!(
        agents(map)[0]["env"],
        json!([{"name": "GROUP", "value": "g"}, {"name": "VALUE", "value": "v"}])
    );
}

#[test]
fn scripts_under_conditions_count() {
    let args = |step: &str| agents(&format!("pool: {{name: own}}\nsteps: [{{{step}}}]\n"))[0]["args"].clone();
    let both = |first: &str, second: &str| {
        format!("\"${{{{ if x }}}}\": {{{first}}}, \"${{{{ else }}}}\": {{{second}}}")
    };
    let inputs = both("script: a", "script: b");
    assert_eq!(args(&format!("task: Bash@3, inputs: {{{inputs}}}")), json!(["a", "b"]));
    assert_eq!(args(&both("script: a", "bash: b")), json!(["a", "b"]));
    assert_eq!(args(&format!("displayName: x, {}", both("script: a", "script: b"))), json!(["a", "b"]));
    let asked = both("command: build", "command: run");
    let options = both("arguments: -q", "arguments: --privileged");
    // A key may stand once in a map.
    let options = options.replace("if x", "if y").replace("else", "elseif z");
    assert_eq!(
        args(&format!("task: Docker@1, inputs: {{{asked}, {options}}}")),
        json!(["docker run -q", "docker run --privileged"])
    );
    assert_eq!(
        args(&format!("task: Kubernetes@1, inputs: {{command: run, {options}}}")),
        json!(["kubectl run -q", "kubectl run --privileged"])
    );
}

#[test]
fn what_parameters_bring_is_a_reference() {
    let of = |at: &str, what: &str| {
        format!("{at} `parameters` refers to `{what}`: what that brings is judged in its own file alone")
    };
    for (text, at) in [
        ("jobs: [{job: a, container: \"${{ parameters.c }}\"}]", "/jobs/0/container"),
        ("jobs: [{job: a, \"${{ insert }}\": \"${{ parameters.c }}\"}]", "/jobs/0/${{ insert }}"),
        ("jobs: [{job: a}, \"${{ parameters.c }}\"]", "/jobs/1"),
        ("jobs: [{job: a, strategy: {matrix: \"${{ parameters.c }}\"}}]", "/jobs/0/strategy/matrix"),
        ("jobs: [{job: a, steps: [\"${{ parameters.c }}\"]}]", "/jobs/0/steps/0"),
    ] {
        let found = read(&format!("pool: {{name: own}}\n{text}\n"));
        assert_eq!(reasons(&found), [of(at, "${{ parameters.c }}")], "{text}");
    }
    let text = "pool: {name: own}\njobs: [{job: a, container: {image: \"${{ parameters.i }}\"}}]\n";
    assert_eq!(read(text).subjects[0].entry.unresolved, ["/jobs/0/container/image"]);
}

#[test]
fn a_job_is_on_a_node_by_its_own_pool() {
    let text = "jobs: [{job: a, pool: {vmImage: x}, steps: [{script: a}]}, {job: b, steps: [{script: b}]}]\n";
    assert_eq!(agents(text), [json!({"name": "agent", "args": ["b"]})]);
}

#[test]
fn services_and_what_the_agent_puts_into_its_line_are_judged() {
    for (own, place) in [
        ("services: {d: {image: \"a:1\", options: --privileged}}", "/jobs/0/services/d/options"),
        ("container: {image: \"a:1\", ports: [\"80 --privileged\"]}", "/jobs/0/container/ports/0"),
    ] {
        let found = read(&format!("pool: {{name: own}}\njobs: [{{job: a, {own}}}]\n"));
        let [subject] = found.subjects.as_slice() else { panic!("{own}: {found:#?}") };
        assert_eq!(subject.locate("/spec/containers/0/securityContext/privileged"), place, "{own}");
    }
    let env = |env: &str| {
        let text =
            format!("pool: {{name: own}}\njobs: [{{job: a, container: {{image: \"a:1\", env: {env}}}}}]\n");
        read(&text).subjects[0].entry.unresolved.clone()
    };
    assert_eq!(env(r#"{A: 'x\" --privileged -l "y'}"#), ["/jobs/0/container/env/A"]);
    assert_eq!(env(r#"{'A" --privileged -l "b': x}"#).len(), 1);
    assert_eq!(env(r#"{A: 'x "y"', B: 'C:\a'}"#), [""; 0]);
}

#[test]
fn the_task_docker_runs_its_command() {
    let step = |task: &str| {
        let text = format!(
            "pool: {{name: own}}\nsteps: [{{task: {task}, inputs: {{command: run, arguments: -v /:/host a}}}}]\n"
        );
        agents(&text)
    };
    assert_eq!(step("Docker@1"), [json!({"name": "agent", "args": ["docker run -v /:/host a"]})]);
    assert!(step("Npm@1").is_empty());
}

#[test]
fn hooks_of_deployments_run_scripts() {
    let text = "pool: {name: own}\njobs: [{deployment: a, strategy: {runOnce: {preDeploy: {steps: [{script: a}]}, on: {failure: {steps: [{script: b}]}}}}}]\n";
    let mut args: Vec<String> = serde_json::from_value(agents(text)[0]["args"].clone()).unwrap();
    args.sort();
    assert_eq!(args, ["a", "b"]);
}

#[test]
fn variables_for_all_jobs_are_made_as_often_as_there_is_room() {
    let jobs: String = (0..100).map(|at| format!("- {{job: j{at}, steps: [{{script: x}}]}}\n")).collect();
    let found = read_with_room_for(100, &format!("pool: own\nvariables: {{A: a, B: b}}\njobs:\n{jobs}"));
    assert_eq!((found.subjects.len(), found.not_evaluated.len()), (16, 1));
}

#[test]
fn a_container_of_a_job_gets_the_socket_of_the_agent() {
    let of = |own: &str| {
        let found = read(&format!("pool: {{name: own}}\njobs: [{{job: a, container: {own}}}]\n"));
        let judged =
            found.subjects.iter().map(|one| (spec(one)["containers"][0]["image"].clone(), notes(one)));
        judged.collect::<Vec<_>>()
    };
    let implied = vec![json!([{"azure-docker-socket": ["default"]}, "/jobs/0/container"])];
    assert_eq!(of("{image: \"a:1\"}"), [(json!("a:1"), implied.clone())]);
    assert_eq!(of("\"a:1\""), [(json!("a:1"), implied.clone())]);
    assert_eq!(of("{image: \"a:1\", mapDockerSocket: false}"), [(json!("a:1"), vec![])]);
    assert_eq!(of("linux"), []);
    let shared = "pool: {name: own}\nresources: {containers: [{container: \"a:1\", image: b}]}\n";
    assert_eq!(specs(&format!("{shared}jobs: [{{job: a, container: \"a:1\"}}]\n")).len(), 1);
}

#[test]
fn the_name_of_a_service_is_among_the_options() {
    let found = read(
        "pool: {name: own}\njobs: [{job: a, services: {\"d --privileged\": {image: \"a:1\"}, e: {image: \"a:1\"}}}]\n",
    );
    let privileged = |at: usize| spec(&found.subjects[at])["containers"][0]["securityContext"].clone();
    assert_eq!((privileged(0), privileged(1)), (json!({"privileged": true}), json!(null)));
}

#[test]
fn tasks_run_what_their_inputs_say() {
    let args = |task: &str, inputs: &str| {
        let text = format!("pool: {{name: own}}\nsteps: [{{task: {task}, inputs: {inputs}}}]\n");
        agents(&text).first().map(|agent| agent["args"].clone())
    };
    assert_eq!(
        args("Docker@1", "{command: Run an image, arguments: --privileged, volumes: \"/:/h\\nc:/d\"}"),
        Some(json!(["docker run --privileged", "docker run -v /:/h", "docker run -v c:/d"]))
    );
    assert_eq!(
        args("Docker@0", "{action: Run a Docker command, customCommand: run --privileged x}"),
        Some(json!(["docker run --privileged x"]))
    );
    assert_eq!(args("Docker@2", "{command: build, arguments: --pull}"), Some(json!(["docker build --pull"])));
    assert_eq!(
        args("Kubernetes@1", "{command: run, arguments: a --privileged}"),
        Some(json!(["kubectl run a --privileged"]))
    );
    assert_eq!(args("Npm@1", "{command: run, arguments: a}"), None);
}

#[test]
fn manifests_in_tasks_are_created_from_any_machine() {
    let pod = "apiVersion: v1\n        kind: Pod\n        metadata: {name: p}\n        spec: {hostPID: true, containers: [{name: a}]}";
    let text = format!(
        "pool: {{vmImage: ubuntu-latest}}\nsteps:\n- task: Kubernetes@1\n  inputs:\n    command: apply\n    \
         useConfigurationFile: true\n    inline: |\n        {pod}\n"
    );
    let found = read(&text);
    let [subject] = found.subjects.as_slice() else { panic!("{found:#?}") };
    assert_eq!(spec(subject)["hostPID"], json!(true));
    assert_eq!(subject.locate("/spec/hostPID"), "/steps/0/inputs/inline/spec/hostPID");
    assert_eq!(written(subject, "/spec/hostPID"), "true");
    let file = "pool: {vmImage: a}\nsteps: [{task: Kubernetes@1, inputs: {configuration: a.yaml}}]\n";
    let other = read(file);
    assert!(other.subjects.is_empty() && other.not_evaluated.is_empty(), "{other:#?}");
}

#[test]
fn templates_alone_are_references() {
    let elsewhere = "what that brings is judged in its own file alone";
    for (text, at, name) in [
        ("extends: {template: x.yml@t}\n", "/extends/template", "x.yml@t"),
        (
            "resources: {repositories: [{repository: t}]}\nextends: {template: x.yml@t, parameters: {a: b}}\n",
            "/extends/template",
            "x.yml@t",
        ),
        ("stages: [{template: x.yml}]\n", "/stages/0/template", "x.yml"),
        ("jobs: [{template: a/x.yaml@t}]\n", "/jobs/0/template", "a/x.yaml@t"),
    ] {
        let found = read(text);
        assert_eq!(reasons(&found), [format!("{at} `template` refers to `{name}`: {elsewhere}")], "{text}");
        assert!(found.subjects.is_empty());
    }
    for other in ["extends: eslint\n", "extends: {service: x}\n", "jobs: [{template: x}]\n"] {
        assert!(reasons(&read(other))[0].starts_with(" not a Kubernetes object"), "{other}");
    }
}

#[test]
fn the_name_of_a_file_tells_a_pipeline_by_its_steps() {
    let text = "steps: [{script: docker run --privileged a}]\n";
    let found = read_file("azure-pipelines.yml", text);
    assert_eq!(spec(&found.subjects[0])["containers"][0]["args"], json!(["docker run --privileged a"]));
    assert_eq!(found.subjects[0].entry.platform, "azure-pipelines");
    let other = read_file("ci.yml", text);
    assert!(other.subjects.iter().all(|one| one.entry.platform != "azure-pipelines"), "{other:#?}");
}

#[test]
fn steps_alone_are_a_template_where_only_this_system_has_them() {
    let run = "docker run --privileged a";
    for step in [
        format!("bash: {run}, displayName: d"),
        format!("bash: {run}"),
        format!("pwsh: {run}"),
        format!("powershell: {run}"),
        format!("script: {run}, displayName: d"),
        format!("task: Bash@3, inputs: {{targetType: inline, script: {run}}}"),
        format!("\"${{{{ if x }}}}\": [{{bash: {run}}}]"),
    ] {
        let found = read(&format!("steps: [{{{step}}}]\n"));
        let [subject] = found.subjects.as_slice() else { panic!("{step}: {found:#?}") };
        assert_eq!(spec(subject)["containers"][0]["args"], json!([run]), "{step}");
        assert_eq!(subject.entry.platform, "azure-pipelines", "{step}");
    }
    let checkout = format!("steps: [{{checkout: self}}, {{script: {run}}}]\n");
    assert_eq!(agents(&checkout)[0]["args"], json!([run]));
    for other in [
        "script: a",
        "script: a, name: b",
        "run: a, displayName: b",
        "task: build",
        "task: build@main",
        "task: \"@1\"",
        "bash: {of: a}, displayName: b",
        "checkout: {path: a}",
    ] {
        let found = read(&format!("steps: [{{{other}}}]\n"));
        assert!(found.subjects.is_empty() && found.without_pod.is_empty(), "{other} {found:#?}");
    }
}

#[test]
fn what_a_template_is_given_is_judged() {
    let run = "docker run --privileged -v /:/h x";
    let job = format!(
        "{{job: a, container: {{image: \"a:1\", options: --privileged}}, steps: [{{script: '{run}'}}]}}"
    );
    let step = format!("[{{script: '{run}'}}]");
    for (text, at, container) in [
        (
            format!("extends: {{template: x.yml, parameters: {{stages: [{{stage: s, jobs: [{job}]}}]}}}}"),
            "/extends/parameters/stages/0/jobs/0",
            true,
        ),
        (
            format!("extends: {{template: x.yml, parameters: {{any: {{name: [{job}]}}}}}}"),
            "/extends/parameters/any/name/0",
            true,
        ),
        (
            format!("extends: {{template: x.yml, parameters: {{one: {job}}}}}"),
            "/extends/parameters/one",
            true,
        ),
        (
            format!("extends: {{template: x.yml, parameters: {{steps: {step}}}}}"),
            "/extends/parameters",
            false,
        ),
        (
            format!("stages: [{{template: x.yml, parameters: {{s: [{{stage: s, jobs: [{job}]}}]}}}}]"),
            "/stages/0/parameters/s/0/jobs/0",
            true,
        ),
        (
            format!("jobs: [{{template: x.yml, parameters: {{jobs: [{job}]}}}}]"),
            "/jobs/0/parameters/jobs/0",
            true,
        ),
        (
            format!(
                "jobs: [{{template: x.yml, parameters: {{jobs: [{{template: y.yml, parameters: {{of: [{job}]}}}}]}}}}]"
            ),
            "/jobs/0/parameters/jobs/0/parameters/of/0",
            true,
        ),
        (
            format!("jobs: [{{template: x.yml, parameters: {{\"${{{{ if x }}}}\": {{jobs: [{job}]}}}}}}]"),
            "/jobs/0/parameters/${{ if x }}/jobs/0",
            true,
        ),
        (
            format!(
                "jobs: [{{template: x.yml, parameters: {{container: {{image: \"a:1\", options: --privileged}}, before: {step}}}}}]"
            ),
            "/jobs/0/parameters",
            true,
        ),
        (
            format!("jobs: [{{job: a, steps: [{{template: x.yml, parameters: {{before: {step}}}}}]}}]"),
            "/jobs/0",
            false,
        ),
        (
            format!(
                "steps: [{{template: x.yml, parameters: {{of: [{{template: y.yml, parameters: {{to: {step}}}}}]}}}}]"
            ),
            "",
            false,
        ),
        (
            format!("extends: {{template: x.yml, parameters: {{jobs: [{{job: a, before: {step}}}]}}}}"),
            "/extends/parameters/jobs/0",
            false,
        ),
        (
            format!(
                "parameters: [{{name: before, type: stepList, default: {step}}}]\nsteps: [{{checkout: self}}]"
            ),
            "/parameters",
            false,
        ),
    ] {
        let found = read(&format!("trigger: [main]\n{text}\n"));
        let agents = found.subjects.iter().filter(|one| spec(one)["containers"][0]["name"] == "agent");
        let agents: Vec<_> = agents
            .map(|one| (spec(one)["containers"][0]["args"].clone(), one.entry.object.pointer.as_str()))
            .collect();
        assert_eq!(agents, [(json!([run]), at)], "{text}");
        let privileged = json!({"privileged": true});
        let containers: Vec<_> = found
            .subjects
            .iter()
            .filter(|one| spec(one)["containers"][0]["securityContext"] == privileged)
            .collect();
        assert_eq!(containers.len(), usize::from(container), "{text}");
        assert!(found.subjects.iter().all(|one| one.entry.partial), "{text}");
    }
}

#[test]
fn what_a_template_is_given_has_the_pool_beside_it() {
    let agents = |pools: [&str; 3]| {
        let [whole, given, own] = pools;
        agents(&format!(
            "trigger: [main]\n{whole}\nextends:\n  template: x.yml\n  parameters:\n    {given}\n    variables: {{b: c}}\n    jobs:\n    - job: a\n      {own}\n      steps: [{{script: make}}]\n"
        ))
    };
    let own = json!([{"name": "agent", "args": ["make"], "env": [{"name": "B", "value": "c"}]}]);
    for pools in [
        ["", "", ""],
        ["", "pool: {name: own, os: linux}", ""],
        ["pool: {vmImage: x}", "pool: own", ""],
        ["pool: {vmImage: x}", "", "pool: own"],
        ["", "pool: \"${{ parameters.pool }}\"", ""],
    ] {
        assert_eq!(json!(agents(pools)), own, "{pools:?}");
    }
    for pools in [
        ["pool: {vmImage: x}", "", ""],
        ["pool: own", "pool: {vmImage: x}", ""],
        ["pool: own", "pool: own", "pool: {vmImage: x}"],
    ] {
        assert_eq!(agents(pools), [json!(null); 0], "{pools:?}");
    }
}

#[test]
fn templates_in_parameters_are_references_and_values_are_not() {
    let of = |parameters: &str| {
        let found = read(&format!("extends: {{template: x.yml, parameters: {parameters}}}\n"));
        (reasons(&found).len(), found.subjects.len())
    };
    assert_eq!(of("{jobs: [{template: y.yml, parameters: {steps: [{template: z.yml}]}}]}"), (3, 0));
    assert_eq!(of("{jobs: [{job: a, steps: [{template: z.yml}]}]}"), (2, 0));
    for value in [
        "{template: web, script: build.sh}",
        "{variables: {script: a}, env: {task: b}, pool: {name: c}}",
        "{container: \"a:1\", services: \"b:1\"}",
        "{list: [{name: a, value: b}, [c]]}",
    ] {
        assert_eq!(of(value), (1, 0), "{value}");
    }
}

#[test]
fn the_pools_of_microsofts_have_names() {
    let is_own = |pool: &str| {
        !agents(&format!("jobs: [{{job: a, pool: {pool}, steps: [{{script: a}}]}}]\n")).is_empty()
    };
    for hosted in [
        "Azure Pipelines",
        "{name: Azure Pipelines, vmImage: ubuntu-22.04}",
        "{name: Azure Pipelines, image: a, os: linux}",
        "Hosted Ubuntu 1604",
        "{name: Hosted VS2017}",
        "{vmImage: \"$(image)\", demands: [x]}",
    ] {
        assert!(!is_own(hosted), "{hosted}");
    }
    for own in [
        "Default",
        "Hosted by us",
        "\"$(pool)\"",
        "{name: \"$(pool)\", vmImage: a}",
        "{name: own, vmImage: a}",
        "{vmImage: a, \"${{ if x }}\": {name: own}}",
        "{name: Azure Pipelines, \"${{ if x }}\": {name: own}}",
        "{demands: [x]}",
        "[{vmImage: a}]",
    ] {
        assert!(is_own(own), "{own}");
    }
}

#[test]
fn names_of_variables_that_are_many_are_bounded() {
    let list: String = (0..3_000).map(|_| "- {name: abcdefghijkl, value: b}\n".to_owned()).collect();
    let spelled = |at: usize| -> String {
        let letters = "abcdefghijkl".chars().enumerate();
        letters.map(|(bit, one)| if at >> bit & 1 == 1 { one.to_ascii_uppercase() } else { one }).collect()
    };
    let script: String = (0..4_000).map(|at| format!("$({}) ", spelled(at))).collect();
    let found = read(&format!("pool: {{name: own}}\nvariables:\n{list}steps:\n- script: {script}\n"));
    let [told] = &found.not_evaluated[..] else { panic!("{:?}", reasons(&found)) };
    assert_eq!((told.cause, found.subjects.len()), (Cause::Limit, 0));
}
