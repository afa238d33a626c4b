use serde_json::{Value, json};

use super::super::super::testing::{
    notes, read, read_file, read_with_room_for, reasons, spec, specs, written,
};

const WORKFLOW: &str = r#"
name: ci
on: push
env: {A: 1}
jobs:
  build:
    runs-on: arc-set
    container:
      image: docker:27-cli
      env: {B: true}
      options: --cpus 1 --privileged
      volumes: ["/var/run/docker.sock:/var/run/docker.sock", cache:/cache]
    services:
      daemon: {image: "docker:27-dind", options: "--pid=host"}
      empty: {image: ""}
    steps: [{run: docker build .}, {uses: actions/checkout@v4}]
  hosted: {runs-on: [ubuntu-24.04], container: {image: "a:1", options: --privileged}, steps: [{run: make}]}
  plain: {runs-on: ubuntu-latest, container: "a:1", steps: [{run: make}]}
  own: {runs-on: {group: x}, steps: [{run: "docker run -v /:/host a"}]}
  called: {uses: acme/flows/.github/workflows/a.yml@main}
  near: {uses: ./.github/workflows/b.yml}
"#;

#[test]
fn containers_of_workflows_are_judged_where_they_run_on_nodes() {
    let found = read(WORKFLOW);
    assert_eq!(
        reasons(&found),
        [
            "/jobs/called/uses `uses` refers to `acme/flows/.github/workflows/a.yml@main`: what that brings is judged in its own file alone"
        ]
    );
    let [job, service, hosted, own] = found.subjects.as_slice() else { panic!("{found:#?}") };
    let wanted = json!({
        "volumes": [
            {"name": "v0", "hostPath": {"path": "/var/run/docker.sock"}},
            {"name": "v1", "emptyDir": {}},
        ],
        "containers": [{
            "name": "job", "image": "docker:27-cli", "args": ["docker build ."],
            "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "true"}],
            "securityContext": {"privileged": true},
            "volumeMounts": [
                {"name": "v0", "mountPath": "/var/run/docker.sock"}, {"name": "v1", "mountPath": "/cache"},
            ],
        }],
    });
    assert_eq!(spec(job), wanted);
    assert_eq!(
        notes(job),
        [
            json!([{"docker-options": ["--privileged"]}, "/jobs/build/container/options"]),
            json!([{"docker-options": ["--volume=/var/run/docker.sock"]}, "/jobs/build/container/volumes/0"]),
        ]
    );
    assert_eq!(job.locate("/spec/volumes/0/hostPath/path"), "/jobs/build/container/volumes/0");
    assert_eq!(job.locate("/spec/containers/0/securityContext/privileged"), "/jobs/build/container/options");
    assert_eq!((job.entry.object.kind.as_str(), job.entry.object.name.as_str()), ("GitHubJob", "build"));
    assert_eq!(spec(service)["hostPID"], json!(true));
    assert_eq!(spec(hosted), json!({"containers": []}));
    assert_eq!(
        notes(hosted),
        [json!([{"docker-options-hosted": ["--privileged"]}, "/jobs/hosted/container/options"])]
    );
    assert_eq!(
        spec(own),
        json!({"containers": [{
            "name": "runner", "args": ["docker run -v /:/host a"], "env": [{"name": "A", "value": "1"}],
        }]})
    );
    assert!(found.subjects.iter().all(|one| one.entry.partial && one.entry.platform == "github-actions"));
}

#[test]
fn expressions_in_options_are_open() {
    let text = "on: push\njobs: {a: {runs-on: x, container: {image: \"a:1\", options: \"${{ inputs.options }} --privileged\"}, steps: []}}\n";
    let found = read(text);
    let reason = "whoever chooses the expression that is filled in chooses what it sets";
    let subject = &found.subjects[0];
    assert_eq!(spec(subject)["containers"][0]["securityContext"]["privileged"], json!(true));
    assert!(notes(subject).contains(&json!([{"patch": reason}, "/jobs/a/container/options"])));
    assert_eq!(subject.entry.unresolved, ["/jobs/a/container/options"]);
}

#[test]
fn files_without_containers_make_no_noise() {
    for quiet in [
        "on: push\njobs: {a: {runs-on: ubuntu-latest, steps: [{run: make}]}}\n",
        "name: a\nruns: {using: composite, steps: [{uses: a/b@v1}]}\n",
        "runs: {using: node20, main: a.js}\n",
    ] {
        let found = read(quiet);
        assert!(found.subjects.is_empty() && found.not_evaluated.is_empty(), "{found:#?}");
        assert_eq!(found.without_pod.len(), 1, "{quiet}");
    }
}

/// A workflow whose one job has these fields, beside what stands before the jobs.
fn workflow(before: &str, job: &str) -> String {
    format!("on: push\n{before}\njobs: {{a: {{runs-on: own, {job}}}}}\n")
}

#[test]
fn variables_around_a_container_are_its_own() {
    let steps = "steps: [{run: make, env: {D: d}}, {uses: a/b@v1, env: {E: e}}]";
    let names = |text: &str| -> Vec<Vec<String>> {
        let env = |spec: &Value| {
            let list = spec["containers"][0]["env"].as_array().cloned().unwrap_or_default();
            list.iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
        };
        specs(text).iter().map(env).collect()
    };
    let inside = format!(
        "env: {{B: b}}, container: {{image: \"a:1\", env: {{C: c}}}}, services: {{s: {{image: \"s:1\", env: {{S: s}}}}}}, {steps}"
    );
    assert_eq!(names(&workflow("env: {A: a}", &inside)), [vec!["A", "B", "C", "D", "E"], vec!["S"]]);
    assert_eq!(
        names(&workflow("env: {A: a}", &format!("env: {{B: b}}, {steps}"))),
        [vec!["A", "B", "D", "E"]]
    );
    let text = workflow("", "env: {DOCKER_HOST: \"tcp://x:2375\"}, steps: [{uses: a/b@v1}]");
    let found = read(&text);
    assert_eq!(found.subjects[0].locate("/spec/containers/0/env/0/value"), "/jobs/a/env/DOCKER_HOST");
    assert_eq!(names(&workflow("", "steps: [{uses: a/b@v1}]")), Vec::<Vec<String>>::new());
    assert_eq!(
        names("name: a\nruns: {using: docker, image: \"docker://a:1\", env: {A: a}}\n"),
        [vec!["A"], vec!["A"]]
    );
    // What is filled in as a whole is not known.
    let open = read(&workflow("", "env: \"${{ fromJSON(inputs.env) }}\", container: \"a:1\", steps: []"));
    assert_eq!(open.subjects[0].entry.unresolved, ["/jobs/a/env"]);
}

#[test]
fn the_matrix_says_what_a_container_is() {
    let matrix = "strategy: {matrix: {c: [{image: \"a:1\"}, {image: \"b:1\", options: --privileged}], include: [{c: {image: \"c:1\"}}]}}";
    let text = workflow("", &format!("{matrix}, container: \"${{{{ matrix.c }}}}\", steps: []"));
    let found = read(&text);
    let images: Vec<Value> =
        found.subjects.iter().map(|one| spec(one)["containers"][0]["image"].clone()).collect();
    assert_eq!(images, ["a:1", "b:1", "c:1"]);
    assert_eq!(
        found.subjects[1].locate("/spec/containers/0/securityContext/privileged"),
        "/jobs/a/strategy/matrix/c/1/options"
    );
    assert!(found.subjects.iter().all(|one| one.entry.unresolved.is_empty()));
    let text = workflow(
        "",
        "strategy: {matrix: {os: [{image: \"a:1\"}, {image: \"b:1\"}], o: [--init, --privileged, --rm]}}, services: {s: {image: \"${{ matrix.os.image }}\", options: \"${{matrix.o}}\"}}, steps: []",
    );
    let pairs: Vec<(Value, bool)> = specs(&text)
        .iter()
        .map(|spec| {
            let container = &spec["containers"][0];
            (container["image"].clone(), container["securityContext"]["privileged"] == true)
        })
        .collect();
    assert_eq!(pairs, [(json!("a:1"), false), (json!("b:1"), true), (json!("a:1"), false)]);
}

#[test]
fn expressions_that_decide_the_pod_are_open() {
    let reason = "whoever chooses the expression that is filled in chooses what it sets";
    for (job, place, told) in [
        ("container: \"${{ fromJSON(inputs.c) }}\"", "/jobs/a/container", true),
        (
            "container: \"${{ matrix.c }}\", strategy: {matrix: \"${{ fromJSON(inputs.m) }}\"}",
            "/jobs/a/container",
            true,
        ),
        (
            "container: \"${{ matrix.c }}\", strategy: {matrix: {c: \"${{ fromJSON(inputs.m) }}\"}}",
            "/jobs/a/strategy/matrix/c",
            true,
        ),
        ("services: \"${{ fromJSON(inputs.s) }}\"", "/jobs/a/services", true),
        ("services: {s: \"${{ fromJSON(inputs.s) }}\"}", "/jobs/a/services/s", true),
        ("container: {image: \"${{ inputs.image }}\"}", "/jobs/a/container/image", false),
        (
            "container: {image: \"a:1\", \"${{ insert }}\": \"${{ fromJSON(inputs.c) }}\"}",
            "/jobs/a/container/${{ insert }}",
            false,
        ),
        (
            "container: {image: \"a:1\", volumes: \"${{ fromJSON(inputs.v) }}\"}",
            "/jobs/a/container/volumes",
            false,
        ),
        ("container: {image: \"a:1\", env: \"${{ fromJSON(inputs.v) }}\"}", "/jobs/a/container/env", false),
    ] {
        let found = read(&workflow("", &format!("{job}, steps: []")));
        let [subject] = found.subjects.as_slice() else { panic!("{job}: {found:#?}") };
        assert_eq!(subject.entry.unresolved, [place], "{job}");
        assert_eq!(notes(subject).contains(&json!([{"patch": reason}, place])), told, "{job}");
    }
    let known = "container: {image: \"a:1\", env: {A: \"${{ secrets.A }}\"}, credentials: {password: \"${{ secrets.P }}\"}}, steps: []";
    assert!(read(&workflow("", known)).subjects[0].entry.unresolved.is_empty());
}

#[test]
fn what_the_runner_puts_into_the_line_as_it_is_counts_as_options() {
    for (job, place) in [
        ("container: {image: \"a:1\", ports: [\"80 --privileged\"]}, steps: []", "/jobs/a/container/ports/0"),
        (
            "container: {image: \"a:1\", options: \"--label 'a --privileged -l b'\"}, steps: []",
            "/jobs/a/container/options",
        ),
        (
            "steps: [{uses: \"docker://a:1\", with: {entrypoint: '/bin/sh\" --privileged -l \"a'}}]",
            "/jobs/a/steps/0/with/entrypoint",
        ),
    ] {
        let found = read(&workflow("", job));
        let [subject] = found.subjects.as_slice() else { panic!("{job}: {found:#?}") };
        assert_eq!(subject.locate("/spec/containers/0/securityContext/privileged"), place, "{job}");
        assert_eq!(spec(subject)["containers"][0]["securityContext"], json!({"privileged": true}), "{job}");
    }
    let action = "runs: {using: docker, image: Dockerfile, entrypoint: '/x\" --privileged -l \"y'}\n";
    assert_eq!(specs(action)[0]["containers"][0]["securityContext"], json!({"privileged": true}));
    let composite = "runs: {using: composite, steps: [{uses: \"docker://a:1\"}]}\n";
    assert_eq!(specs(composite), [json!({"containers": [{"name": "step", "image": "a:1"}]})]);
    for job in [
        "container: {image: \"a:1\", ports: [80, \"443:443\"], options: '--label \"a --privileged\"'}, steps: []",
        "steps: [{uses: \"docker://a:1\", with: {entrypoint: /bin/sh, args: --privileged}}]",
    ] {
        assert!(!specs(&workflow("", job))[0].to_string().contains("securityContext"), "{job}");
    }
}

#[test]
fn a_shell_may_be_any_command() {
    let shell = "docker run -v /:/host a sh {0}";
    for (before, job) in [
        ("", format!("steps: [{{run: make, shell: {shell:?}}}]")),
        ("", format!("defaults: {{run: {{shell: {shell:?}}}}}, steps: [{{run: make}}]")),
        (&*format!("defaults: {{run: {{shell: {shell:?}}}}}"), "steps: [{run: make}]".to_owned()),
    ] {
        let text = workflow(before, &job);
        assert_eq!(
            specs(&text),
            [json!({"containers": [{"name": "runner", "args": [shell, "make"]}]})],
            "{text}"
        );
    }
    let plain = workflow("", "steps: [{run: make, shell: bash}]");
    assert_eq!(specs(&plain), [json!({"containers": [{"name": "runner", "args": ["make"]}]})]);
}

#[test]
fn what_is_for_all_jobs_is_made_as_often_as_there_is_room() {
    let jobs = |of: &str| (0..100).map(|at| format!("  j{at}: {{runs-on: x, {of}}}\n")).collect::<String>();
    let matrix = format!(
        "strategy: {{matrix: {{c: [{}]}}}}, container: \"${{{{ matrix.c }}}}\", steps: []",
        "a, ".repeat(100)
    );
    // Eight values for each of the last two: six of variables, and what the container says.
    for (jobs, made) in [
        (jobs("steps: [{run: x}]"), 16),
        (jobs("container: a, steps: []"), 12),
        (format!("  a: {{runs-on: x, {matrix}}}\n"), 12),
    ] {
        let found = read_with_room_for(100, &format!("on: push\nenv: {{A: a, B: b}}\njobs:\n{jobs}"));
        assert_eq!((found.subjects.len(), found.not_evaluated.len()), (made, 1), "{jobs}");
    }
}

#[test]
fn files_of_others_do_not_become_workflows_by_what_stands_beside() {
    let steps = "steps: [{label: a, command: make}]\n";
    for beside in ["on: push\njobs: {a: {runs-on: ubuntu-latest, steps: []}}\n", "runs: {using: node24}\n"] {
        let own = read(beside);
        assert!(own.without_pod[0].kind.starts_with("GitHub"), "{own:#?}");
        let found = read(&format!("{beside}{steps}"));
        assert!(found.without_pod.is_empty() && !found.not_evaluated.is_empty(), "{found:#?}");
    }
}

#[test]
fn the_name_of_a_service_is_among_the_options() {
    let found = read(&workflow("", "services: {\"x --privileged\": {image: \"a:1\"}, z: {image: \"a:1\"}}"));
    let [subject, other] = found.subjects.as_slice() else { panic!("{found:#?}") };
    assert_eq!(spec(subject)["containers"][0]["securityContext"], json!({"privileged": true}));
    assert_eq!(
        subject.locate("/spec/containers/0/securityContext/privileged"),
        "/jobs/a/services/x --privileged"
    );
    assert_eq!(spec(other), json!({"containers": [{"name": "z", "image": "a:1"}]}));
}

#[test]
fn an_action_that_is_docker_run_is_its_container() {
    let step = |on: &str| {
        format!(
            "on: push\njobs:\n  a:\n    runs-on: {on}\n    steps:\n    - uses: addnab/docker-run-action@v3\n      \
             with: {{image: \"a:1\", options: -v /:/h, run: make}}\n"
        )
    };
    let found = read(&step("own"));
    let [subject] = found.subjects.as_slice() else { panic!("{found:#?}") };
    let wanted = json!({
        "volumes": [
            {"name": "v0", "hostPath": {"path": "/"}},
            {"name": "v1", "hostPath": {"path": "/var/run/docker.sock"}},
        ],
        "containers": [{
            "name": "step", "image": "a:1", "args": ["make"],
            "volumeMounts": [
                {"name": "v0", "mountPath": "/h"}, {"name": "v1", "mountPath": "/var/run/docker.sock"},
            ],
        }],
    });
    assert_eq!(spec(subject), wanted);
    assert_eq!(written(subject, "/spec/volumes/1/hostPath/path"), "addnab/docker-run-action@v3");
    assert_eq!(notes(subject), [json!([{"docker-options": ["--volume=/"]}, "/jobs/a/steps/0/with/options"])]);
    let hosted = read(&step("ubuntu-latest"));
    assert_eq!(specs(&step("ubuntu-latest")), [json!({"containers": []})], "{hosted:#?}");
    let other = read(&step("own").replace("docker-run-action", "docker-run-actions"));
    assert!(other.subjects.is_empty(), "{other:#?}");
}

#[test]
fn what_a_script_creates_in_a_cluster_is_judged() {
    let script = "kubectl apply -f - <<EOF\n        apiVersion: v1\n        kind: Pod\n        metadata: {name: p}\n        \
                  spec: {hostPID: true, containers: [{name: a}]}\n        EOF";
    for on in ["own", "ubuntu-latest"] {
        let text =
            format!("on: push\njobs:\n  a:\n    runs-on: {on}\n    steps:\n    - run: |\n        {script}\n");
        let found = read(&text);
        let created: Vec<_> = found.subjects.iter().filter(|one| one.entry.object.name == "p").collect();
        let [subject] = created.as_slice() else { panic!("{found:#?}") };
        assert_eq!(spec(subject)["hostPID"], json!(true));
        assert!(subject.locate("/spec/hostPID").starts_with("/jobs/a/steps/0/run"));
    }
}

#[test]
fn a_matrix_of_machines_of_github_is_none_of_ones_own() {
    let privileged = |matrix: &str, runs_on: &str| {
        let text = format!(
            "on: push\njobs: {{a: {{strategy: {{matrix: {matrix}}}, runs-on: {runs_on}, container: {{image: 'a:1', options: --privileged}}, steps: [{{run: make}}]}}}}\n"
        );
        read(&text)
            .subjects
            .iter()
            .any(|one| spec(one)["containers"][0]["securityContext"]["privileged"] == true)
    };
    let by_matrix = "'${{ matrix.os }}'";
    for matrix in [
        "{os: [ubuntu-latest, ubuntu-22.04]}",
        "{include: [{os: ubuntu-latest}, {os: macos-15}]}",
        "{os: [[ubuntu-latest]]}",
    ] {
        assert!(!privileged(matrix, by_matrix), "{matrix}");
        assert!(!privileged(matrix, &format!("[{by_matrix}]")), "{matrix}");
    }
    assert!(!privileged("{c: [{os: ubuntu-latest}]}", "'${{ matrix.c.os }}'"));
    for matrix in [
        "{os: [ubuntu-latest, own]}",
        "{os: [ubuntu-latest], include: [{os: own}]}",
        "{os: '${{ fromJSON(inputs.os) }}'}",
        "{os: [{group: own}]}",
        "{a: [b]}",
    ] {
        assert!(privileged(matrix, by_matrix), "{matrix}");
    }
}

#[test]
fn what_reaches_out_is_told_where_it_stands() {
    let text = "on: push\njobs:\n  a:\n    runs-on: own\n    container:\n      image: a:1\n      options: --cpus 1\n      ports: ['80 --pid=host']\n      volumes: ['/a:/b', '/:/h', '/var/run/docker.sock:/s']\n    steps: [{run: make}]\n";
    let at = |rest: &str| format!("/jobs/a/container/{rest}");
    let wanted = |name: &str| {
        [
            (["--pid=host"], at("ports/0")),
            (["--volume=/a"], at("volumes/0")),
            (["--volume=/"], at("volumes/1")),
            (["--volume=/var/run/docker.sock"], at("volumes/2")),
        ]
        .map(|(options, at)| json!([{name: options}, at]))
    };
    assert_eq!(notes(&read(text).subjects[0]), wanted("docker-options"));
    let hosted = read(&text.replace("own", "ubuntu-24.04"));
    assert_eq!(notes(&hosted.subjects[0]), wanted("docker-options-hosted"));
}

#[test]
fn jobs_of_gitea_run_on_machines_of_ones_own() {
    let text = "on: push\njobs: {a: {runs-on: ubuntu-latest, container: {image: 'a:1', options: --privileged}, steps: [{run: make}]}}\n";
    let judged = |name: &str| read_file(name, text).subjects.iter().map(spec).collect::<Vec<_>>();
    let own = specs(&text.replace("ubuntu-latest", "own"));
    assert_ne!(specs(text), own);
    assert_eq!(judged(".github/workflows/a.yml"), specs(text));
    assert_eq!(judged(".gitea/workflows/a.yml"), own);
    assert_eq!(judged("x/.forgejo/workflows/a.yaml"), own);
}

#[test]
fn the_workspace_is_no_place_of_the_node() {
    let volume = |of: &str, text: &str| {
        let text = format!(
            "on: push\njobs:\n  a:\n    runs-on: own\n    {of}: {{image: 'a:1', volumes: ['{text}']}}\n    steps: [{{run: make}}]\n"
        );
        let found = read(&text);
        let told = notes(&found.subjects[0]).len();
        (spec(&found.subjects[0])["volumes"].clone(), told)
    };
    let none = json!([{"name": "v0", "emptyDir": {}}]);
    for text in
        ["${{ github.workspace }}:/src", "${{github.workspace}}:/src:ro", "${{ GitHub.Workspace }}:/${{ x }}"]
    {
        assert_eq!(volume("container", text), (none.clone(), 0), "{text}");
    }
    for (text, source) in [
        ("${{ github.workspace }}/../..:/src", "${{ github.workspace }}/../.."),
        ("${{ github.workspace }}/a:/src", "${{ github.workspace }}/a"),
        ("${{ github.workspace }}${{ x }}:/src", "${{ github.workspace }}${{ x }}"),
        ("${{ github.workspace || x }}:/src", "${{ github.workspace || x }}"),
        ("${{ env.WORKSPACE }}:/src", "${{ env.WORKSPACE }}"),
    ] {
        let wanted = json!([{"name": "v0", "hostPath": {"path": source}}]);
        assert_eq!(volume("container", text), (wanted, 1), "{text}");
    }
    // What ends the quotes around it still tells.
    let (found, told) = volume("container", "${{ github.workspace }}:/src\" --privileged");
    assert_eq!((found, told), (none, 1));
}
