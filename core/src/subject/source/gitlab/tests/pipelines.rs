//! What jobs take over from elsewhere, and what they run beside their script.

use serde_json::{Value, json};

use super::{notes, read, read_file, read_with_room_for, reasons, spec};

fn job(text: &str, name: &str) -> (Value, Vec<Value>) {
    let found = read(text);
    let subject = found
        .subjects
        .iter()
        .find(|one| one.entry.object.name == name)
        .unwrap_or_else(|| panic!("{found:#?}"));
    let unresolved = subject.entry.unresolved.iter().map(|pointer| json!(pointer));
    (spec(subject), unresolved.collect())
}

#[test]
fn references_are_what_they_stand_for() {
    let text = "\
.base: {services: [docker:dind], image: {name: 'a:1'}}
.setup: &setup
  extends: .base
  script: [docker run --privileged a, [b]]
  variables: {DOCKER_HOST: tcp://docker:2375, OTHER: c}
.more: {lines: !reference [.setup, script], one: d}
.twice: &twice !reference [.setup, script]
job:
  stage: s
  image: !reference [.setup, image]
  services: !reference [.setup, services]
  variables: !reference [.setup, variables]
  before_script:
    - !reference [.more, lines]
    - e
  script: !reference [.setup, script]
  after_script: *twice
item:
  stage: s
  image: {name: !reference [.base, image, name]}
  services: [!reference [.base, services, 0]]
  variables: {DOCKER_HOST: !reference [.setup, variables, DOCKER_HOST]}
  script: [x]
";
    let (job, open) = self::job(text, "job");
    let env = json!([{"name": "DOCKER_HOST", "value": "tcp://docker:2375"}, {"name": "OTHER", "value": "c"}]);
    let run = ["docker run --privileged a", "b"];
    let args = json!([run[0], run[1], "e", run[0], run[1], run[0], run[1]]);
    let wanted = json!({"containers": [
        {"name": "build", "image": "a:1", "args": args, "env": env},
        {"name": "svc-0", "image": "docker:dind", "env": env},
    ]});
    assert_eq!((job, open), (wanted, Vec::new()));
    let (item, open) = self::job(text, "item");
    let env = json!([{"name": "DOCKER_HOST", "value": "tcp://docker:2375"}]);
    let wanted = json!({"containers": [
        {"name": "build", "image": "a:1", "args": ["x"], "env": env},
        {"name": "svc-0", "image": "docker:dind", "env": env},
    ]});
    assert_eq!((item, open), (wanted, Vec::new()));
}

#[test]
fn references_that_lead_nowhere_are_told() {
    for (field, at) in [
        ("script: !reference [.far, script]", "/job/script"),
        ("script: [!reference [.far, script], x]", "/job/script/0"),
        ("script: !reference [.own, missing]", "/job/script"),
        ("services: !reference [.far, services]", "/job/services"),
        ("variables: !reference [.far, variables]", "/job/variables"),
        ("script: !reference [.loop, script]", "/.loop/script"),
        ("script: !<!reference> [.far, script]", "/job/script"),
        ("script: &a !reference [.far, script]", "/job/script"),
        ("script: !reference &a [.far, script]", "/job/script"),
        ("script:\n  - !reference\n    - .far\n    - script", "/job/script/0"),
    ] {
        let text = format!(
            "include: [{{local: a.yml}}]\n.own: {{script: [x]}}\n.loop: {{script: !reference [.loop, script]}}\njob:\n  stage: s\n  image: i\n  {field}\n"
        );
        let (_, open) = job(&text, "job");
        assert_eq!(open, [json!(at)], "{field}");
        let found = read(&text);
        let subject = found.subjects.iter().find(|one| one.entry.object.name == "job").unwrap();
        assert_eq!(notes(subject).last(), Some(&json!(["reference", at])), "{field}");
    }
    // Without the tag these are texts.
    let (spec, open) = job("job: {stage: s, image: i, script: [.far, script]}\n# !reference\n", "job");
    assert_eq!((&spec["containers"][0]["args"], open.len()), (&json!([".far", "script"]), 0));
    let (spec, _) = job(
        "make: {stage: s, script: [x]}\njob: {stage: s, image: i, script: [make]}\n# !reference\n",
        "job",
    );
    assert_eq!(spec["containers"][0]["args"], json!(["make"]));
}

#[test]
fn hooks_and_steps_run_too() {
    let text = "default: {hooks: {pre_get_sources_script: [docker run --privileged a]}}
job: {stage: s, run: [{name: a, script: b}, {name: c, step: gitlab.com/d@1}]}
own: {stage: s, hooks: {pre_get_sources_script: [e, [f, [g]]]}, script: [h]}
";
    let (spec, open) = job(text, "job");
    assert_eq!(spec["containers"][0]["args"], json!(["docker run --privileged a", "b"]));
    assert_eq!(open, [json!("/job/run/1/step")]);
    let (spec, open) = job(text, "own");
    assert_eq!((&spec["containers"][0]["args"], open), (&json!(["e", "f", "g", "h"]), Vec::new()));
}

#[test]
fn variables_in_variables_are_filled_in() {
    let text = "variables: {H: docker, DOCKER_HOST: 'tcp://$H:2375', LOOP: '$LOOP', KUBERNETES_POD_ANNOTATIONS_1: 'iam.amazonaws.com/role=$H'}
job:
  stage: s
  services: [{name: a, command: ['--host=tcp://$H:1'], variables: {B: '${H}'}}]
  script: [x]
";
    let (spec, _) = job(text, "job");
    let env = |at: usize, name: &str| {
        let all = spec["containers"][at]["env"].as_array().unwrap();
        all.iter().find(|one| one["name"] == name).unwrap()["value"].clone()
    };
    assert_eq!((env(0, "DOCKER_HOST"), env(0, "LOOP")), (json!("tcp://docker:2375"), json!("$LOOP")));
    assert_eq!(
        (env(1, "B"), &spec["containers"][1]["args"]),
        (json!("docker"), &json!(["--host=tcp://docker:1"]))
    );
    let found = read(text);
    assert_eq!(
        super::metadata(&found.subjects[0]),
        json!({"annotations": {"iam.amazonaws.com/role": "docker"}})
    );
}

/// A job with so many jobs behind it, of which the last brings a daemon.
fn chain(length: usize) -> String {
    let job = |at: usize| format!(".j{at}: {{extends: .j{}}}\n", at + 1);
    let all: String = (1..length).map(job).collect();
    format!("{all}.j{length}: {{services: [docker:dind]}}\njob: {{extends: .j1, stage: s, script: [x]}}\n")
}

#[test]
fn a_chain_that_gitlab_refuses_is_told() {
    let found = read(&chain(11));
    assert_eq!(spec(&found.subjects[0])["containers"][1]["image"], json!("docker:dind"));
    assert_eq!(reasons(&found), [""; 0]);
    let found = read(&chain(12));
    let refused = "`extends` leads back to the job, or through more than 11 jobs: GitLab refuses that, and `.j12` was left out";
    assert_eq!(reasons(&found), [format!("/.j11/extends {refused}")]);
    assert!(found.not_evaluated[0].cause.is_error());
}

#[test]
fn scripts_that_jobs_share_have_bounds() {
    let limit = "what is written once and is in many pods gives more than 500000 values: from here on no pod was judged";
    let jobs: String = (0..10).map(|at| format!("j{at}: {{stage: s, script: [x]}}\n")).collect();
    let long = "docker ps; ".repeat(8_000);
    let inherited = format!("default: {{before_script: ['{long}']}}\n{jobs}");
    let aliased = format!(".a: {{script: &a ['{long}']}}\n{}", jobs.replace("[x]", "*a"));
    let lines = format!("default: {{before_script: [{}]}}\n{jobs}", "docker ps -a, ".repeat(8_000));
    for (text, room, fit, refused) in
        [(inherited, 50_000, 5, "/j5"), (aliased, 50_000, 5, "/j5"), (lines, 100_000, 6, "/j6")]
    {
        let found = read_with_room_for(room, &text);
        assert_eq!((found.subjects.len(), reasons(&found)), (fit, vec![format!("{refused} {limit}")]));
        assert_eq!(reasons(&read(&text)), [""; 0]);
    }
}

#[test]
fn what_is_filled_in_and_referred_to_has_bounds() {
    let limit = "what is written once and is in many pods gives more than 500000 values: from here on no pod was judged";
    let long = "a".repeat(4_000);
    let variables: String = (0..100).map(|at| format!("    V{at}: $LONG\n")).collect();
    let text =
        format!("variables: {{LONG: {long}}}\njob:\n  stage: s\n  script: [x]\n  variables:\n{variables}");
    assert_eq!(read_with_room_for(20_000, &text).subjects.len(), 1);
    let found = read_with_room_for(10_000, &text);
    assert_eq!((found.subjects.len(), reasons(&found)), (0, vec![format!("/job {limit}")]));
    // A long variable that is in every job.
    let jobs: String = (0..200).map(|at| format!("j{at}: {{stage: s, script: [x]}}\n")).collect();
    let of = |long: usize| read(&format!("variables: {{LONG: {}}}\n{jobs}", "a".repeat(long)));
    let found = of(1_000_000);
    assert_eq!((found.subjects.len(), reasons(&found)), (127, vec![format!("/j127 {limit}")]));
    assert_eq!(of(100_000).subjects.len(), 200);
    // Each level refers ten times to the next.
    let level = |at: usize| {
        format!(".l{at}: {{script: [{}]}}\n", format!("!reference [.l{}, script], ", at + 1).repeat(10))
    };
    let levels: String = (0..8).map(level).collect();
    let text = format!("{levels}.l8: {{script: [x]}}\njob: {{stage: s, script: !reference [.l0, script]}}\n");
    let found = read_with_room_for(50_000, &text);
    assert!(
        found.subjects.iter().all(|one| one.entry.object.name != "job") && found.not_evaluated.len() == 1,
        "{found:#?}"
    );
}

#[test]
fn a_template_that_is_only_referred_to_is_judged_for_itself() {
    let found = read(
        ".a: {services: [docker:dind], script: [x]}\njob: {stage: s, image: i, script: !reference [.a, script]}\n",
    );
    let names: Vec<&str> = found.subjects.iter().map(|one| one.entry.object.name.as_str()).collect();
    assert_eq!(names, ["job", ".a"]);
}

#[test]
fn a_matrix_sets_variables_too() {
    let text = "job: {stage: s, image: 'a:$T', script: [x], parallel: {matrix: [{T: ['1', '2'], DOCKER_HOST: tcp://docker:2375}, {T: 3}]}}\n";
    let (spec, open) = job(text, "job");
    let env = [("T", "1"), ("T", "2"), ("DOCKER_HOST", "tcp://docker:2375"), ("T", "3")];
    let env: Vec<Value> = env.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
    assert_eq!((&spec["containers"][0]["env"], open), (&json!(env), Vec::new()));
    assert_eq!(spec["containers"][0]["image"], json!("a:1"), "the first of them");
    let (spec, _) = job("job: {stage: s, image: a, script: [x], parallel: 5}\n", "job");
    assert_eq!(spec["containers"][0]["env"], Value::Null);
}

#[test]
fn pipelines_that_a_job_starts_are_told() {
    let told = |key: &str, what: &str| {
        format!("`{key}` refers to `{what}`: what that brings is judged in its own file alone")
    };
    let text = "a: {stage: s, trigger: {include: [{local: a.yml}, {artifact: b.yml, job: c}]}}\nb: {stage: s, trigger: d/e}\nc: {stage: s, trigger: {project: f/g}}\n";
    assert_eq!(
        reasons(&read(text)),
        [
            format!("/a/trigger/include/0/local {}", told("trigger", "a.yml")),
            format!("/a/trigger/include/1/artifact {}", told("trigger", "b.yml")),
            format!("/b/trigger {}", told("trigger", "d/e")),
            format!("/c/trigger/project {}", told("trigger", "f/g")),
        ]
    );
}

#[test]
fn the_name_of_a_file_tells_a_pipeline_by_little() {
    let script = "build: {script: docker run --privileged a}\n";
    let run = "build: {run: [{name: a, script: docker run --privileged a}]}\n";
    for (name, text) in [
        (".gitlab-ci.yml", script),
        ("ci/lint.gitlab-ci.yaml", script),
        ("C:\\ci\\.gitlab-ci.yml", script),
        (".gitlab/ci/build.yml", script),
        (".gitlab-ci.yml", run),
        // A job may have a name that is a key of other systems.
        (".gitlab-ci.yml", "steps: {script: docker run --privileged a}\n"),
    ] {
        let found = read_file(name, text);
        let [subject] = found.subjects.as_slice() else { panic!("{name}: {found:#?}") };
        let args = json!(["docker run --privileged a"]);
        assert_eq!(spec(subject)["containers"][0]["args"], args, "{name}");
        assert_eq!(subject.entry.platform, "gitlab");
    }
    let elsewhere = "what that brings is judged in its own file alone";
    for (text, told) in [
        ("a: {trigger: acme/x}\n", format!("/a/trigger `trigger` refers to `acme/x`: {elsewhere}")),
        (
            "a: {trigger: {include: x.yml}}\n",
            format!("/a/trigger/include `trigger` refers to `x.yml`: {elsewhere}"),
        ),
        ("include: x.yml\n", format!("/include `include` refers to `x.yml`: {elsewhere}")),
    ] {
        assert_eq!(reasons(&read_file(".gitlab-ci.yml", text)), [told], "{text}");
    }
    let extends = read_file(".gitlab-ci.yml", "a: {extends: .b}\n");
    assert_eq!(extends.subjects[0].entry.unresolved, ["/a/extends"]);
    for (name, text) in [
        ("ci.yml", script),
        ("ci.yml", run),
        (".gitlab-ci.yml", "build: {a: b}\n"),
        (".gitlab-ci.yml", "apiVersion: v1\na: {script: b}\n"),
    ] {
        let found = read_file(name, text);
        assert!(found.subjects.is_empty() && found.not_evaluated.len() == 1, "{name} {text}: {found:#?}");
    }
}
