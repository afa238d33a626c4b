//! The guide of one repository: what it shows is what the program says.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

const REPOSITORY: &str = "docs/examples/repository";

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn check(args: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_podgate-tested"));
    let output = command.current_dir(root()).args(["check", REPOSITORY]).args(args).output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn what_the_guide_shows_is_what_is_said() {
    let (code, said) = check(&[]);
    assert_eq!(code, Some(1));
    let guide = fs::read_to_string(root().join("docs/guides/one-repository.md")).unwrap();
    let shown = |fence: &str| -> Vec<String> {
        let begin = format!("```{fence}\n");
        let blocks = guide.split(&begin).skip(1);
        blocks.map(|block| block.split("```").next().unwrap().to_owned()).collect()
    };
    let excerpts = shown("text");
    assert_eq!(excerpts.len(), 3);
    for excerpt in excerpts {
        assert!(said.contains(&excerpt), "the program does not say\n{excerpt}in\n{said}");
    }
    let console = shown("console");
    let last = console[0].lines().last().unwrap();
    assert_eq!(said.lines().last(), Some(last));
}

#[test]
fn one_sarif_has_the_results_of_all_files() {
    let (code, text) = check(&["--format", "sarif"]);
    assert_eq!(code, Some(1));
    let sarif: Value = serde_json::from_str(&text).unwrap();
    let runs = sarif["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 1);
    let mut found: BTreeMap<(&str, &str), Vec<u64>> = BTreeMap::new();
    for result in runs[0]["results"].as_array().unwrap() {
        if result["level"] != "error" {
            continue;
        }
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        let file = uri.strip_prefix(&format!("{REPOSITORY}/")).unwrap();
        let line = place["region"]["startLine"].as_u64().unwrap();
        found.entry((file, result["ruleId"].as_str().unwrap())).or_default().push(line);
    }
    let expected = [
        (("Jenkinsfile", "CI101"), vec![20]),
        (("runner/config.toml", "CI201"), vec![11, 11, 11]),
        (("runner/config.toml", "CI610"), vec![12]),
        (("runner/config.toml", "CI701"), vec![11]),
        (("workflows/nightly.yaml", "CI301"), vec![14]),
    ];
    assert_eq!(found, expected.into());
}
