//! Everything but `check`.

use super::{Folder, Run};

fn run(args: &str) -> Run {
    Folder::new(&[]).run(args)
}

#[test]
fn explain_takes_ids_and_names_in_any_case() {
    let by_id = run("explain ci101");
    assert_eq!((by_id.code, by_id.err.as_str()), (0, ""));
    assert!(by_id.out.starts_with("CI101 runtime-socket: "), "{}", by_id.out);
    assert_eq!(by_id.out, run("explain Runtime-Socket").out);
    assert!(!by_id.out.contains("```"), "{}", by_id.out);
}

#[test]
fn explain_offers_what_is_alike() {
    let near = run("explain runtime-sockets");
    assert_eq!((near.code, near.out.as_str()), (2, ""));
    assert!(
        near.err.starts_with("error: unknown policy `runtime-sockets`; did you mean `runtime-socket`"),
        "{}",
        near.err
    );
    assert_eq!(run("explain zzz").err, "error: unknown policy `zzz`; `podgate policies` lists them\n");
}

#[test]
fn policies_are_listed_for_people_programs_and_pages() {
    let text = run("policies");
    let listed = |line: &str| line.split_whitespace().take(3).eq(["CI101", "critical", "runtime-socket"]);
    assert!(text.out.lines().any(listed), "{}", text.out);
    let list = run("policies --format json").json();
    let ids: Vec<_> = list.as_array().expect("a list").iter().map(|policy| &policy["id"]).collect();
    assert!(ids.iter().any(|id| *id == "CI101"), "{ids:?}");
    let page = run("policies --format markdown").out;
    assert!(
        page.contains("| [CI101](../policies/ci/runtime_socket/runtime_socket.md) | `runtime-socket` |"),
        "{page}"
    );
}

#[test]
fn schemas_are_json() {
    for name in ["settings", "report"] {
        let schema = run(&format!("schema {name}"));
        assert_eq!(schema.code, 0);
        assert_eq!(schema.json()["$schema"], "https://json-schema.org/draft/2020-12/schema", "{name}");
    }
}

#[test]
fn pages_are_made_from_the_arguments() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = run(&format!("completions {shell}"));
        assert!(script.code == 0 && script.out.contains("podgate"), "{shell}");
    }
    assert!(run("man").out.contains(".TH podgate 1"));
    assert!(run("man check").out.contains("fail\\-on"));
    assert_eq!(run("man nope").code, 2);
}

#[test]
fn help_is_no_mistake_but_nothing_is() {
    assert_eq!(run("--help").code, 0);
    assert_eq!(run("check --help").code, 0);
    assert_eq!(run("--version").out, format!("podgate {}\n", env!("CARGO_PKG_VERSION")));
    let nothing = run("");
    assert_eq!((nothing.code, nothing.out.as_str()), (2, ""));
}

const TESTED: &str =
    "package mine\n\nimport rego.v1\n\nviolation contains {\"msg\": \"x\"} if input.x == 1\n";
const TESTS: &str = "package mine_test\n\nimport rego.v1\n\ntest_fail_one if count(data.mine.violation) == 1 with input as {\"x\": 1}\n";

#[test]
fn tests_of_ones_own_run() {
    let folder = Folder::new(&[("rego/mine.rego", TESTED), ("rego/mine_test.rego", TESTS)]);
    let run = folder.run("test rego");
    assert_eq!((run.code, run.out.as_str()), (0, "1 of 1 tests passed\n"), "{run:?}");
    let run = folder.run("test rego --coverage");
    assert!(run.out.contains(" % rego/mine.rego"), "{}", run.out);
    assert_eq!(folder.run("test rego --format json").json()["tests"][0]["passed"], true);
}

#[test]
fn a_failing_test_shows_its_line() {
    let wrong = TESTS.replace("== 1 with", "== 2 with");
    let run = Folder::new(&[("mine.rego", TESTED), ("mine_test.rego", &wrong)]).run("test .");
    assert_eq!(run.code, 1);
    assert_eq!(run.out, "FAIL ./mine_test.rego:5: mine_test.test_fail_one: not true\n0 of 1 tests passed\n");
}

#[test]
fn tests_that_cannot_be_read_are_a_mistake() {
    let folder = Folder::new(&[("rego/mine.rego", "package mine\n\nx :=\n"), ("empty/a.txt", "")]);
    let run = folder.run("test rego");
    assert_eq!(run.code, 2);
    assert!(run.out.starts_with("error rego/mine.rego:"), "{}", run.out);
    assert_eq!(folder.run("test empty").code, 2);
}

#[test]
fn files_stand_in_the_place_of_a_shared_package_that_they_define() {
    let shared = "package lib.podgate.image\n\nimport rego.v1\n\nparse(_) := \"own\"\n\ntelling := []\n\n\
        unresolved(_) := false\n";
    let test = "package image_test\n\nimport rego.v1\n\nimport data.lib.podgate.image\n\n\
        test_success_own if image.parse(\"docker:dind\") == \"own\"\n";
    let folder = Folder::new(&[("rego/image.rego", shared), ("rego/image_test.rego", test)]);
    let run = folder.run("test rego");
    assert_eq!(run.code, 0, "{run:?}");
}

/// The README shows what the program prints, not what it printed once.
#[test]
fn the_readme_shows_the_first_finding_as_it_is() {
    let readme = include_str!("../../../README.md");
    let shown = readme.split("check docs/examples/jenkins-agent.yaml\n").nth(1).expect("the example");
    let (shown, rest) = shown.split_once("…\n").expect("its first finding");
    let last = rest.split("```").next().expect("its last line");
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_podgate-tested"));
    let output = command.current_dir(root).args(["check", "docs/examples/jenkins-agent.yaml"]).output();
    let printed = String::from_utf8(output.expect("the program").stdout).expect("UTF-8");
    assert!(printed.starts_with(shown), "{printed}");
    assert!(printed.ends_with(last), "{printed}");
}
