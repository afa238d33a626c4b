use serde_json::json;

use super::super::testing::{notes, read, reasons, spec};

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
fn jobs_of_others_are_left_to_them() {
    let found = read("jobs: [{name: a}]\n");
    assert!(found.subjects.is_empty() && found.without_pod.is_empty(), "{found:#?}");
}

#[test]
fn a_task_in_a_file_is_a_reference() {
    let found = read("jobs: [{name: a, plan: [{task: b, file: source/ci/b.yml, privileged: true}]}]\n");
    assert_eq!(
        reasons(&found),
        [
            "/jobs/0/plan/0/file `file` refers to `source/ci/b.yml`: what that brings is judged in its own file alone"
        ]
    );
    let [subject] = found.subjects.as_slice() else { panic!("{found:#?}") };
    assert_eq!(spec(subject)["containers"][0]["securityContext"], json!({"privileged": true}));
    assert_eq!(notes(subject), [json!(["reference", "/jobs/0/plan/0/file"])]);
    assert_eq!(subject.entry.unresolved, ["/jobs/0/plan/0/file"]);
}

#[test]
fn hooks_of_jobs_and_steps_are_judged() {
    let task = "{task: t, privileged: true, config: {platform: linux, run: {path: x}}}";
    for (job, place) in [
        (format!("plan: [{{get: a}}], on_success: {task}"), "/jobs/0/on_success"),
        (format!("plan: [{{get: a}}], ensure: {{do: [{task}]}}"), "/jobs/0/ensure/do/0"),
        (format!("plan: [{{get: a, on_failure: {task}}}]"), "/jobs/0/plan/0/on_failure"),
        (format!("plan: [{{try: {{in_parallel: [{task}]}}}}]"), "/jobs/0/plan/0/try/in_parallel/0"),
        (format!("plan: [{{across: [{{var: a, values: [b]}}], do: [{task}]}}]"), "/jobs/0/plan/0/do/0"),
    ] {
        let found = read(&format!("jobs: [{{name: a, {job}}}]\n"));
        let [subject] = found.subjects.as_slice() else { panic!("{job}: {found:#?}") };
        let at = subject.locate("/spec/containers/0/securityContext/privileged");
        assert_eq!(at, format!("{place}/privileged"), "{job}");
    }
    let found = read("jobs: [{name: a, plan: [{get: a}], ensure: {put: b}}]\n");
    assert!(found.subjects.is_empty() && found.without_pod.len() == 1, "{found:#?}");
}

#[test]
fn privileged_types_of_resources_are_judged() {
    let types = |key: &str, privileged: &str| {
        let source = "source: {repository: a, tag: 1}";
        read(&format!(
            "{key}: [{{name: x, type: registry-image, {privileged}{source}}}]\njobs: [{{name: a, plan: [{{get: r}}]}}]\n"
        ))
    };
    for key in ["resource_types", "prototypes"] {
        let found = types(key, "privileged: true, ");
        let wanted =
            json!({"containers": [{"name": "x", "image": "a:1", "securityContext": {"privileged": true}}]});
        assert_eq!(spec(&found.subjects[0]), wanted);
        let at = found.subjects[0].locate("/spec/containers/0/securityContext/privileged");
        assert_eq!(at, format!("/{key}/0/privileged"));
        assert!(types(key, "").subjects.is_empty());
    }
}

#[test]
fn a_task_in_a_file_of_its_own_is_judged() {
    let found = read(
        "platform: linux\nimage_resource: {type: registry-image, source: {repository: a}}\nparams: {A: 1}\nrun: {path: sh, args: [-c, make]}\n",
    );
    let wanted = json!({"containers": [{
        "name": "task", "image": "a", "command": ["sh"], "args": ["-c", "make"], "env": [{"name": "A", "value": "1"}],
    }]});
    assert_eq!(spec(&found.subjects[0]), wanted);
    assert!(read("platform: linux\nrun: make\n").subjects.is_empty());
}

#[test]
fn parameters_of_tasks_are_written_as_json() {
    let found = read(
        "jobs:
- name: a
  plan:
  - task: b
    params: {ARGS: {run: [--privileged], count: 1}, FLAG: true, AT: 1.5, NONE: , TEXT: '[a'}
    config: {platform: linux, params: {BLOBS: [a, \"b\\\"c\"], EMPTY: []}, run: {path: x}}
",
    );
    assert_eq!(reasons(&found), [""; 0]);
    let [subject] = found.subjects.as_slice() else { panic!("{found:#?}") };
    let wanted = json!([
        {"name": "BLOBS", "value": r#"["a","b\"c"]"#},
        {"name": "EMPTY", "value": "[]"},
        {"name": "ARGS", "value": r#"{"run":["--privileged"],"count":1}"#},
        {"name": "FLAG", "value": "true"},
        {"name": "AT", "value": "1.5"},
        {"name": "NONE", "value": ""},
        {"name": "TEXT", "value": "[a"},
    ]);
    assert_eq!(spec(subject)["containers"][0]["env"], wanted);
    assert_eq!(subject.locate("/spec/containers/0/env/0/value"), "/jobs/0/plan/0/config/params/BLOBS");
    assert_eq!(subject.entry.unresolved, [""; 0]);
    let open = read("platform: linux\nparams: ((p))\nrun: {path: x}\n");
    assert_eq!(
        (reasons(&open).len(), open.subjects[0].entry.unresolved.clone()),
        (0, vec!["/params".to_owned()])
    );
}

#[test]
fn what_is_filled_in_is_open() {
    let found = read(
        "jobs: [{name: a, plan: [{task: b, privileged: ((p)), config: {platform: linux, run: {path: x}}}]}]\n",
    );
    assert_eq!(found.subjects[0].entry.unresolved, ["/jobs/0/plan/0/privileged"]);
    let found =
        read("jobs: [{name: a, plan: [{set_pipeline: self, file: ci/a.yml}, {load_var: a, file: a/b}]}]\n");
    assert_eq!(
        reasons(&found),
        ["/jobs/0/plan/0/file `file` refers to `ci/a.yml`: what that brings is judged in its own file alone"]
    );
}

#[test]
fn workers_of_the_chart_are_privileged() {
    let first = |text: &str| {
        let found = read(text);
        let subject = &found.subjects[0];
        assert_eq!(subject.entry.platform, "concourse", "{text}");
        (
            spec(subject)["containers"][0]["securityContext"]["privileged"].clone(),
            spec(subject)["volumes"].clone(),
        )
    };
    let volumes = json!([{"name": "a", "hostPath": {"path": "/"}}]);
    let volume = "additionalVolumes: [{name: a, hostPath: {path: /}}]";
    for (text, wanted) in [
        (
            "concourse: {web: {externalUrl: x}}\nworker: {replicas: 2}\n".to_owned(),
            (json!(true), json!(null)),
        ),
        ("concourse: {worker: {runtime: containerd}}\n".to_owned(), (json!(true), json!(null))),
        (
            format!("concourse: {{concourse: {{web: {{}}}}, worker: {{{volume}}}}}\n"),
            (json!(true), volumes.clone()),
        ),
        (format!("worker: {{{volume}}}\nimageTag: '7'\n"), (json!(null), volumes)),
        ("worker: {privileged: true}\n".to_owned(), (json!(true), json!(null))),
        ("concourse: {worker: {}}\nworker: {privileged: false}\n".to_owned(), (json!(false), json!(null))),
    ] {
        assert_eq!(first(&text), wanted, "{text}");
    }
    for none in [
        "concourse: {web: {}}\nworker: {enabled: false}\n",
        "concourse: {worker: {}}\nworker: {enabled: false}\n",
    ] {
        assert_eq!(read(none).without_pod[0].kind, "ConcourseValues", "{none}");
    }
    for other in ["worker: {replicas: 2}\n", "worker: {privileged: true}\nredis: {}\n", "concourse: x\n"] {
        assert!(read(other).subjects.is_empty() && read(other).without_pod.is_empty(), "{other}");
    }
    let beside = read(
        "concourse: {web: {}}\nworker: {replicas: 2}\nweb: {extraVolumes: [{name: a, hostPath: {path: /}}]}\n",
    );
    assert_eq!(beside.subjects.len(), 2);
}
