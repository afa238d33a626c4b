use serde_json::json;

use super::super::super::Subjects;
use super::super::testing::{read, read_file, reasons, spec, specs, written};

const PIPELINE: &str = r#"
version: 2.1
executors:
  go:
    docker: [{image: "go:<< parameters.tag >>"}]
    resource_class: acme/k8s
jobs:
  image:
    resource_class: acme/k8s
    environment: {A: b}
    docker:
      - image: docker:27-cli
        environment: {DOCKER_HOST: "tcp://localhost:2375"}
      - {image: docker:27-dind, name: daemon, command: [dockerd], entrypoint: sh}
    steps:
      - checkout
      - run: docker build .
      - run: {name: push, command: docker push}
  test:
    executor: {name: go, tag: "1"}
    steps: [{run: make}]
  cloud:
    docker: [{image: "cimg/base:1"}]
    resource_class: medium
    steps: [checkout]
  approve: {type: approval}
"#;

#[test]
fn a_job_of_a_class_of_ones_own_is_a_pod() {
    let found = read(PIPELINE);
    assert_eq!(reasons(&found), [""; 0]);
    let [image, test] = found.subjects.as_slice() else { panic!("{found:#?}") };
    let wanted = json!({"containers": [
        {
            "name": "container-0", "image": "docker:27-cli", "args": ["docker build .", "docker push"],
            "env": [{"name": "DOCKER_HOST", "value": "tcp://localhost:2375"}, {"name": "A", "value": "b"}],
        },
        {"name": "daemon", "image": "docker:27-dind", "command": ["sh"], "args": ["dockerd"]},
    ]});
    assert_eq!(spec(image), wanted);
    assert_eq!(written(image, "/spec/containers/0/args/1"), "docker push");
    assert!(image.entry.platform == "circleci" && image.entry.partial);
    assert_eq!(spec(test)["containers"][0]["image"], json!("go:<< parameters.tag >>"));
    assert_eq!(test.entry.unresolved, ["/executors/go/docker/0/image"]);
    let of_cloud = read("version: 2.1\njobs: {a: {machine: true, steps: [checkout]}}\n");
    assert_eq!(of_cloud.without_pod.len(), 1, "{of_cloud:#?}");
}

#[test]
fn a_class_of_circleci_is_a_pod() {
    let text = "agent: {resourceClasses: {acme/k8s: {token: x, spec: {hostPID: true, containers: [{securityContext: {privileged: true}}]}}}}\n";
    let wanted =
        json!({"hostPID": true, "containers": [{"name": "", "securityContext": {"privileged": true}}]});
    assert_eq!(specs(text), [wanted]);
    assert_eq!(read(text).subjects[0].entry.platform, "circleci");
    for other in [
        "agent: {a: b}\n",
        "version: 1\njobs: {a: {steps: [b]}}\n",
        "jobs: {a: {docker: [{image: b}], steps: [checkout]}}\n",
    ] {
        let found = read(other);
        assert!(found.subjects.is_empty() && found.without_pod.is_empty(), "{found:#?}");
    }
}

/// The first container of the first pod of a pipeline, whose job `a` has these fields.
fn first(beside: &str, job: &str) -> serde_json::Value {
    let text = format!(
        "version: 2.1\n{beside}\njobs: {{a: {{docker: [{{image: 'a:1'}}], resource_class: acme/k8s, {job}}}}}\n"
    );
    spec(&read(&text).subjects[0])["containers"][0].clone()
}

#[test]
fn whatever_a_job_runs_is_judged() {
    let commands =
        "commands: {c: {steps: [d, {run: b}]}, d: {steps: [c, {run: {command: d, environment: {D: x}}}]}}";
    for (beside, job, args) in [
        (commands, "steps: [{run: a}, c, {run: z}]", json!(["a", "d", "b", "z"])),
        (
            "",
            "steps: [{when: {condition: x, steps: [{run: a}, {unless: {steps: [{run: b}]}}]}}]",
            json!(["a", "b"]),
        ),
        (
            "workflows: {w: {jobs: [{a: {pre-steps: [{run: p}], post-steps: [{run: q}]}}, {b: {pre-steps: [{run: r}]}}, a]}}",
            "steps: [{run: a}]",
            json!(["a", "p", "q"]),
        ),
        ("", "shell: sh, steps: [{run: {command: a, shell: bash}}]", json!(["a", "bash", "sh"])),
        // The older name of `run`, which a pipeline may give a command of its own.
        ("", "steps: [{deploy: a}, {deploy: {name: n, command: b, shell: bash}}]", json!(["a", "b", "bash"])),
        ("commands: {deploy: {steps: [{run: c}]}}", "steps: [{deploy: {command: a}}]", json!(["c"])),
        // Parameters may be steps.
        (
            "commands: {wrap: {parameters: {after: {type: steps, default: [{run: d}]}}, steps: [{steps: << parameters.after >>}]}}",
            "steps: [{wrap: {after: [{run: a}]}}, {wrap: {after: [{run: b}]}}, {o/x: {do: [{run: c}]}}]",
            json!(["d", "a", "b", "c"]),
        ),
        (
            "workflows: {w: {jobs: [{a: {after: [{run: p}], requires: [{b: success}], context: [x]}}]}}",
            "parameters: {after: {type: steps, default: [{run: d}]}}, steps: [{run: a}, {steps: << parameters.after >>}]",
            json!(["a", "d", "p"]),
        ),
    ] {
        assert_eq!(first(beside, job)["args"], args, "{job}");
    }
    assert_eq!(first(commands, "steps: [d]")["env"], json!([{"name": "D", "value": "x"}]));
    assert_eq!(first(commands, "steps: [checkout]").get("args"), None);
}

#[test]
fn executors_and_orbs_may_be_elsewhere() {
    let text = "version: 2.1\nexecutors: {e: {docker: [{image: 'a:1'}], resource_class: acme/k8s, environment: {A: b}}}\njobs: {a: {executor: e, steps: [x/y]}, b: {executor: x/e, steps: [checkout]}}\n";
    let found = read(text);
    let [subject] = found.subjects.as_slice() else { panic!("{found:#?}") };
    assert_eq!(spec(subject)["containers"][0]["env"], json!([{"name": "A", "value": "b"}]));
    assert_eq!(subject.entry.unresolved, ["/jobs/a/steps/0"]);
    assert_eq!(
        reasons(&found),
        ["/jobs/b/executor `executor` refers to `x/e`: what that brings is judged in its own file alone"]
    );
    let inline = "version: 2.1\norbs: {o: {jobs: {a: {docker: [{image: 'a:1'}], resource_class: acme/k8s, steps: [{run: a}]}}}}\n";
    let found = read(inline);
    assert_eq!(found.subjects[0].locate("/spec/containers/0/image"), "/orbs/o/jobs/a/docker/0/image");
}

#[test]
fn what_a_machine_of_ones_own_runs_is_judged() {
    let job = |class: &str| {
        format!(
            "version: 2.1\njobs: {{a: {{machine: true, resource_class: {class}, environment: {{A: b}}, steps: [{{run: docker run --privileged x}}]}}}}\n"
        )
    };
    let runner = json!({
        "name": "runner", "args": ["docker run --privileged x"], "env": [{"name": "A", "value": "b"}],
    });
    assert_eq!(specs(&job("acme/machine")), [json!({"containers": [runner]})]);
    assert_eq!(specs(&job("large")), Vec::<serde_json::Value>::new());
}

#[test]
fn what_the_chart_says_of_services_and_the_agent_is_judged() {
    let pods = |agent: &str| {
        let text = format!("agent: {{{agent}}}\n");
        let (alone, below) = (read(&text), read(&format!("container-agent: {{{}}}\n", text.trim())));
        let all = |found: &Subjects| found.subjects.iter().map(spec).collect::<Vec<_>>();
        assert_eq!(all(&alone), all(&below), "{agent}");
        all(&alone)
    };
    let privileged =
        |name: &str| json!({"containers": [{"name": name, "securityContext": {"privileged": true}}]});
    let context = "{securityContext: {privileged: true}}";
    for (kind, image) in [("exact", "docker:dind"), ("prefix", "docker"), ("pattern", "d.*")] {
        let agent = format!("serviceContainers: {{{kind}: {{'{image}': {context}}}}}");
        assert_eq!(pods(&agent), [privileged(image)]);
    }
    assert_eq!(pods(&format!("serviceContainers: {{default: {context}}}")), [privileged("default")]);
    let class = "resourceClasses: {a/b: {token: x}}";
    assert_eq!(
        pods(&format!("{class}, containerSecurityContext: {{privileged: true}}")),
        [privileged("container-agent")]
    );
    assert_eq!(
        pods(&format!("{class}, environment: {{DOCKER_HOST: 'tcp://x:2375'}}")),
        [
            json!({"containers": [{"name": "container-agent", "env": [{"name": "DOCKER_HOST", "value": "tcp://x:2375"}]}]})
        ]
    );
    assert_eq!(pods(&format!("{class}, environment: {{}}, podSecurityContext: {{}}")), [json!(null); 0]);
    assert_eq!(
        pods(
            "resourceClasses: {a/b: {serviceContainers: [{image: x, securityContext: {privileged: true}}]}}"
        )
        .len(),
        1
    );
    for other in ["agent: {serviceContainers: [{name: a}]}\n", "agent: {serviceContainers: {a: {b: c}}}\n"] {
        assert!(read(other).subjects.is_empty() && read(other).without_pod.is_empty(), "{other}");
    }
}

#[test]
fn the_name_of_a_file_tells_a_pipeline_by_little() {
    let named = |text: &str| reasons(&read_file(".circleci/config.yml", text));
    let told = |at: &str, name: &str| {
        format!("{at} `jobs` refers to `{name}`: what that brings is judged in its own file alone")
    };
    let text = "version: 2.1\norbs: {node: circleci/node@5}\nworkflows: {w: {jobs: [node/test, {node/run: {a: b}}, x/y]}}\n";
    assert_eq!(named(text), [told("/workflows/w/jobs/0", "node/test"), told("/workflows/w/jobs/2", "x/y")]);
    let setup = "version: 2.1\nsetup: true\nworkflows: {w: {jobs: [continuation/continue]}}\n";
    assert_eq!(named(setup), [told("/workflows/w/jobs/0", "continuation/continue")]);
    assert_eq!(
        read_file(".circleci/config.yml", "version: 2.1\ncommands: {}\nsetup: true\n").without_pod.len(),
        1
    );
    for (name, text) in [(".circleci/config.yml", "a: b\n"), ("config.yml", text)] {
        assert!(reasons(&read_file(name, text))[0].starts_with(" not a Kubernetes object"), "{name}");
    }
    let inline = "version: 2.1\norbs: {o: {jobs: {a: {docker: [{image: 'a:1'}], steps: [checkout]}}}}\nworkflows: {w: {jobs: [o/a]}}\n";
    assert_eq!(named(inline), [""; 0]);
}
