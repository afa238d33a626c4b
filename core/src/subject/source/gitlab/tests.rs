mod operator;
mod patches;
mod pipelines;
mod runners;
mod settings;

use serde_json::{Value, json};

use super::super::testing::{
    in_base64, metadata, notes, read, read_file, read_with_room_for, reasons, spec, written,
};

const PIPELINE: &str = r#"
stages: [build]
include: [{local: /ci/lint.yml}, {project: acme/ci, file: a.yml}, https://example.com/b.yml]
variables: {DOCKER_TLS_CERTDIR: "", VERSION: 27.1, TAG: $VERSION-dind}
default:
  image: {name: "docker:${VERSION}-cli", entrypoint: [""], kubernetes: {user: "0:0"}}
.dind:
  services: [{name: "docker:$TAG", alias: docker, command: [--tls=false]}]
.unused: {image: "unused:1", script: [make]}
build:
  extends: .dind
  variables: {KUBERNETES_SERVICE_ACCOUNT_OVERWRITE: admin, KUBERNETES_POD_ANNOTATIONS_1: "iam.amazonaws.com/role=admin", DOCKER_HOST: {value: "tcp://docker:2375"}}
  before_script: [echo a]
  script:
    - docker build .
    - [docker push x, docker run --privileged -v /:/host x]
other: {stage: build, inherit: {default: false, variables: [VERSION]}, extends: [.far], image: $UNKNOWN, script: make}
"#;

#[test]
fn a_job_is_the_pod_that_the_runner_makes_of_it() {
    let found = read(PIPELINE);
    let [build, other, unused] = found.subjects.as_slice() else { panic!("{found:#?}") };
    let env = json!([
        {"name": "DOCKER_TLS_CERTDIR", "value": ""},
        {"name": "VERSION", "value": "27.1"},
        {"name": "TAG", "value": "27.1-dind"},
        {"name": "KUBERNETES_SERVICE_ACCOUNT_OVERWRITE", "value": "admin"},
        {"name": "KUBERNETES_POD_ANNOTATIONS_1", "value": "iam.amazonaws.com/role=admin"},
        {"name": "DOCKER_HOST", "value": "tcp://docker:2375"},
    ]);
    let wanted = json!({
        "serviceAccountName": "admin",
        "containers": [
            {
                "name": "build", "image": "docker:27.1-cli", "command": [""], "securityContext": {"runAsUser": 0}, "env": env,
                "args": ["echo a", "docker build .", "docker push x", "docker run --privileged -v /:/host x"],
            },
            {"name": "docker", "image": "docker:27.1-dind", "args": ["--tls=false"], "env": env},
        ],
    });
    assert_eq!(spec(build), wanted);
    assert_eq!(metadata(build), json!({"annotations": {"iam.amazonaws.com/role": "admin"}}));
    assert_eq!((build.entry.object.kind.as_str(), build.entry.object.name.as_str()), ("GitLabJob", "build"));
    assert_eq!(build.locate("/spec/containers/1/image"), "/.dind/services/0/name");
    assert_eq!(written(build, "/spec/containers/0/args/3"), "docker run --privileged -v /:/host x");
    assert_eq!(notes(build), [json!([{"gitlab-job": []}, "/build"])]);
    let wanted = json!({"containers": [
        {"name": "build", "image": "$UNKNOWN", "args": ["make"], "env": [{"name": "VERSION", "value": "27.1"}]},
    ]});
    assert_eq!(spec(other), wanted);
    assert_eq!(notes(other)[1], json!(["reference", "/other/extends/0"]));
    assert_eq!(other.entry.unresolved, ["/other/image", "/other/extends/0"]);
    assert_eq!(spec(unused)["containers"][0]["image"], json!("unused:1"));
    assert!(found.subjects.iter().all(|one| one.entry.partial && one.entry.platform == "gitlab"));
    let refers = |what: &str| {
        format!("`include` refers to `{what}`: what that brings is judged in its own file alone")
    };
    assert_eq!(
        reasons(&found),
        [
            format!("/include/0/local {}", refers("/ci/lint.yml")),
            format!("/include/1/project {}", refers("acme/ci")),
            format!("/include/2 {}", refers("https://example.com/b.yml")),
        ]
    );
}

#[test]
fn jobs_extend_each_other_as_maps_and_not_as_lists() {
    let text = "variables: {A: 1}\n.a: {variables: {B: 2}, services: [a, b]}\n.b: {extends: .a, image: i, variables: {B: 3}}\n\
                c: {extends: [.a, .b], services: [c], script: [x]}\nloop: {extends: loop, image: l, script: [x]}\n";
    let found = read(text);
    let containers = |at: usize| spec(&found.subjects[at])["containers"].clone();
    let images: Vec<Value> =
        containers(0).as_array().unwrap().iter().map(|one| one["image"].clone()).collect();
    assert_eq!(images, ["i", "c"]);
    assert_eq!(containers(0)[0]["env"], json!([{"name": "A", "value": "1"}, {"name": "B", "value": "3"}]));
    assert_eq!(containers(1)[0]["image"], json!("l"));
    assert_eq!(found.subjects.len(), 2, "{found:#?}");
}

#[test]
fn what_stands_before_a_component_is_no_pod() {
    let found =
        read("spec: {inputs: {a: {default: b}}}\n---\njob: {stage: test, image: \"a:1\", script: [make]}\n");
    assert_eq!(
        (found.subjects.len(), found.without_pod.len(), found.not_evaluated.len()),
        (1, 1, 0),
        "{found:#?}"
    );
    // A fragment of a pod is none.
    let found = read("spec: {inputs: 1, hostPID: true}\n");
    assert_eq!(found.subjects.len(), 1, "{found:#?}");
    assert_eq!(found.subjects[0].entry.platform, "");
}

#[test]
fn other_files_are_not_taken_for_pipelines() {
    for other in [
        "services: {web: {image: \"a:1\", privileged: true}}\n",
        "image: {repository: a, tag: b}\nreplicas: 1\n",
        "scripts: {build: make}\nname: a\n",
        "language: go\nscript: make\n",
        "foo: {script: make}\n",
        "steps: [{image: a}]\nvariables: {a: b}\n",
        "pipelines: {default: [{step: {script: [make], image: a}}]}\n",
        "version: 2.1\njobs: {a: {docker: [{image: a}]}}\n",
        "variables: {a: b}\nenvironments: {c: {d: e}}\n",
    ] {
        let found = read(other);
        assert!(found.subjects.iter().all(|one| one.entry.platform.is_empty()), "{other} {found:#?}");
        assert_eq!(found.without_pod.len(), 0, "{other}");
    }
    for own in [
        "job: {stage: test, script: [make]}\n",
        "image: a:1\njob: {script: make}\n",
        "stages: [a]\ninclude: /a.yml\n",
        ".x: {services: [docker:dind]}\nvariables: {A: b}\n",
    ] {
        let found = read(own);
        let taken = found.subjects.iter().any(|one| one.entry.platform == "gitlab")
            || !found.not_evaluated.is_empty();
        assert!(
            taken && found.not_evaluated.iter().all(|one| one.reason.contains("refers")),
            "{own} {found:#?}"
        );
    }
}

/// Settings of runners, as the chart's values and ConfigMaps hold them.
fn values(toml: &str) -> String {
    let lines = toml.lines().map(|line| format!("    {line}\n")).collect::<String>();
    format!("gitlabUrl: https://gitlab.example.com/\nrunners:\n  config: |\n{lines}")
}

const RUNNER: &str = r#"
concurrent = 10
[[runners]]
  name = "k8s"
  executor = "kubernetes"
  environment = ["DOCKER_HOST=tcp://docker:2375"]
  [runners.kubernetes]
    namespace = "{{.Release.Namespace}}"
    image = "alpine:3.20"
    Privileged = true
    service_account = "ci"
    cap_add = ["SYS_ADMIN", "CHOWN"]
    cap_drop = ["CHOWN"]
    service_account_overwrite_allowed = ".*"
    bearer_token_overwrite_allowed = true
    namespace_overwrite_allowed = ""
    allowed_services = ["postgres:*"]
    [runners.kubernetes.pod_annotations]
      "iam.amazonaws.com/role" = "admin"
    [runners.kubernetes.pod_security_context]
      run_as_non_root = true
      selinux_type = "t"
    [[runners.kubernetes.volumes.host_path]]
      name = "dock"
      mount_path = "/var/run/docker.sock"
    [[runners.kubernetes.volumes.empty_dir]]
      name = "tmp"
      mount_path = "/tmp"
      medium = "Memory"
    [[runners.kubernetes.services]]
      name = "docker:27-dind"
      alias = "dind"
      command = ["--tls=false"]
    [runners.kubernetes.build_container_security_context]
      privileged = false
      allowPrivilegeEscalation = false
      proc_mount = "unmasked"
      [runners.kubernetes.build_container_security_context.capabilities]
        drop = ["ALL"]
    [[runners.kubernetes.pod_spec]]
      name = "pid"
      patch_type = "json"
      patch = '[{"op": "add", "path": "/hostPID", "value": true}, {"op": "replace", "path": "/containers/0/image", "value": "x:1"}]'
    [[runners.kubernetes.pod_spec]]
      patch = '''
        hostNetwork: true
      '''
    [[runners.kubernetes.pod_spec]]
      patch_path = "/etc/patch.yaml"
"#;

#[test]
fn what_other_pipelines_include_is_one() {
    let dind = json!([{"name": "build"}, {"name": "svc-0", "image": "docker:dind"}]);
    for text in [
        "default: {services: [docker:dind]}\n",
        "services: [docker:dind]\n",
        "services: [{name: docker:dind}]\nvariables: {}\n",
        ".dind: {services: [docker:dind]}\n",
    ] {
        let found = read(text);
        let [subject] = found.subjects.as_slice() else { panic!("{text} {found:#?}") };
        assert_eq!(spec(subject)["containers"], dind, "{text}");
        assert!(subject.entry.partial && subject.entry.platform == "gitlab");
    }
    for text in
        ["variables: {A: b}\n", "services: [{name: a, port: 1}]\n", "default: {a: b}\n", ".a: {b: c}\n"]
    {
        let found = read(text);
        assert!(found.subjects.is_empty() && found.without_pod.is_empty(), "{text} {found:#?}");
    }
}

#[test]
fn variables_that_rules_set_are_possible_values() {
    let text = "workflow: {rules: [{if: a, variables: {DOCKER_HOST: tcp://docker:2375}}]}
variables: {A: '1'}
build:
  image: x
  script: make
  variables: {DOCKER_HOST: unix:///a}
  rules: [{if: b, variables: {A: '2'}}, {if: c, variables: {A: '1', KUBERNETES_SERVICE_ACCOUNT_OVERWRITE: admin}}]
";
    let spec = &spec(&read(text).subjects[0]);
    assert_eq!(
        spec["containers"][0]["env"],
        json!([
            {"name": "A", "value": "1"},
            {"name": "DOCKER_HOST", "value": "unix:///a"},
            {"name": "A", "value": "2"},
            {"name": "KUBERNETES_SERVICE_ACCOUNT_OVERWRITE", "value": "admin"},
            {"name": "DOCKER_HOST", "value": "tcp://docker:2375"},
        ])
    );
    assert_eq!(spec["serviceAccountName"], json!("admin"));
}

/// Jobs of which each extends all those of the next row, which would be millions of ways to the last one.
fn rows(rows: usize, width: usize) -> String {
    let job = |row: usize, at: usize| {
        let names: Vec<String> = (0..width).map(|next| format!(".r{}c{next}", row + 1)).collect();
        let extends = if row + 1 < rows { names.join(", ") } else { String::new() };
        format!(".r{row}c{at}: {{extends: [{extends}], image: i, variables: {{V{row}: a{at}}}}}\n")
    };
    let all = (0..rows).flat_map(|row| (0..width).map(move |at| job(row, at)));
    format!("{}job: {{extends: .r0c0, script: [x]}}\n", all.collect::<String>())
}

#[test]
fn what_many_jobs_extend_is_put_together_once() {
    let text = rows(11, 5);
    let found = read(&text);
    let [job] = &found.subjects[..1] else { panic!("{found:#?}") };
    let wanted: Vec<Value> =
        (1..11).rev().map(|row| json!({"name": format!("V{row}"), "value": "a4"})).collect();
    let env = &spec(job)["containers"][0]["env"];
    assert_eq!(env.as_array().unwrap()[..10], wanted);
    assert_eq!(env[10], json!({"name": "V0", "value": "a0"}));
    assert!(found.subjects.len() == 5 && reasons(&found).is_empty(), "the job, and what nobody extends");

    let manifest = text.replace('\n', "\n        ");
    let workflow = format!(
        "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {{name: a}}\nspec:\n  entrypoint: t\n  templates:\n  \
         - name: t\n    resource:\n      action: create\n      manifest: |\n        {manifest}\n"
    );
    assert!(read(&workflow).subjects.iter().any(|job| spec(job)["containers"][0]["env"] == *env));
}

#[test]
fn jobs_that_extend_each_other_or_too_many_are_told() {
    let found = read(
        ".a: {extends: .b, image: a, script: [x]}\n.b: {extends: .a}\nc: {extends: [.b, .b], stage: s}\n",
    );
    let [c] = found.subjects.as_slice() else { panic!("{found:#?}") };
    assert_eq!(spec(c)["containers"][0]["image"], "a");
    let refused = "`extends` leads back to the job, or through more than 11 jobs: GitLab refuses that, and `.b` was left out";
    assert_eq!(reasons(&found), [format!("/.a/extends {refused}")]);

    let limit = "what is written once and is in many pods gives more than 500000 values: from here on no pod was judged";
    let variables: String = (0..500).map(|at| format!("    V{at}: a\n")).collect();
    let names = vec![".a"; 100].join(", ");
    let text = format!(".a:\n  variables:\n{variables}b: {{extends: [{names}], stage: s, script: [x]}}\n");
    let found = read_with_room_for(50_000, &text);
    assert_eq!(reasons(&found), [format!("/b {limit}")]);
    assert!(found.subjects.is_empty(), "{:#?}", found.subjects);
}
