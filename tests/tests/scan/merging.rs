//! `podgate merge`: the reports of several runs as one.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::folding::healthy;
use super::server::{Answer, PODS, Server};
use super::{kubeconfig, pod, run};

/// A folder with the reports over two clusters, `one.json` and `two.json`.
fn reports() -> (TempDir, [Server; 2]) {
    let (one, two) = (Server::of(&[(PODS, vec![pod("ci", "a", true, None)])]), healthy());
    let folder = kubeconfig(&[("one", &one), ("two", &two)]);
    for name in ["one", "two"] {
        assert_eq!(run(&folder, &format!("--format json --output {name}.json --context {name}")).code, 1);
    }
    (folder, [one, two])
}

fn merge(folder: &TempDir, args: &str) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_podgate-tested"));
    let output = command.current_dir(folder.path()).arg("merge").args(args.split(' ')).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn reports_of_several_runs_are_as_one_of_one_run() {
    let (folder, _servers) = reports();
    let at_once = run(&folder, "--format json --context one --context two");
    assert_eq!(merge(&folder, "one.json two.json --format json"), (Some(1), at_once.out, String::new()));
    let (code, text, _) = merge(&folder, "one.json two.json --fail-on never");
    assert_eq!(code, Some(0));
    assert!(text.lines().last().unwrap().starts_with("12 pods judged by profile ci: 9 critical"), "{text}");

    assert_eq!(run(&folder, "--format json --output psp.json --profile pss-baseline").code, 1);
    let (code, _, said) = merge(&folder, "one.json psp.json");
    assert!(code == Some(2) && said.contains("`psp.json` comes of other policies or settings"), "{said}");
    let (code, _, said) = merge(&folder, "one.json none.json");
    assert!(code == Some(3) && said.contains("cannot read `none.json`"), "{said}");
}

/// Two clusters may have one name, as each has in a pod of its own.
#[test]
fn what_two_clusters_lack_is_told_of_both() {
    let server = Server::with(&[], |ask| ask.is_list_of(PODS).then(|| Answer::failure(403, "no")));
    let folder = kubeconfig(&[("dev", &server)]);
    for name in ["one", "two"] {
        assert_eq!(
            run(&folder, &format!("--format json --output {name}.json --cluster-name in-cluster")).code,
            3
        );
    }
    let (code, out, _) = merge(&folder, "one.json two.json --format json");
    let merged: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, merged["notEvaluated"].as_array().unwrap().len()), (Some(3), 2), "{merged}");
}

/// A report as it was made, changed by hand.
#[test]
fn a_report_that_contradicts_itself_is_refused() {
    let (folder, _servers) = reports();
    let made: Value =
        serde_json::from_str(&fs::read_to_string(folder.path().join("one.json")).unwrap()).unwrap();
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut report = made.clone();
        change(&mut report);
        fs::write(folder.path().join("changed.json"), report.to_string()).unwrap();
        for args in ["changed.json", "two.json changed.json --format json", "changed.json --format sarif"] {
            let (code, out, said) = merge(&folder, args);
            assert_eq!((code, out.as_str()), (Some(3), ""), "{args}: {said}");
            assert!(said.starts_with("error: `changed.json` cannot be merged: "), "{said}");
        }
        merge(&folder, "changed.json").2.trim_end().replace("error: `changed.json` cannot be merged: ", "")
    };
    let of = |pointer: &'static str, value: Value| {
        move |report: &mut Value| *report.pointer_mut(pointer).unwrap() = value.clone()
    };
    let cases = [
        ("/summary/denied", json!(false), "`/summary/denied` is false, but the lists make it true"),
        ("/summary/subjects", json!(2), "`/summary/subjects` is 2, but the lists make it 1"),
        ("/findings/0/subject", json!(1), "`/findings/0/subject` is 1, but there are 1 subjects"),
        ("/findings/0/source", json!("two"), "`/findings/0/source` is `two`, but its subject is of `one`"),
        ("/policies/digest", json!("sha256:0"), "`/policies/digest` is no digest: `sha256:0`"),
        (
            "/kind",
            json!("List"),
            "it is a `List` of `podgate.dev/v1`, expected a `Report` of `podgate.dev/v1`",
        ),
        (
            "/apiVersion",
            json!("podgate.dev/v2"),
            "it is a `Report` of `podgate.dev/v2`, expected a `Report` of `podgate.dev/v1`",
        ),
    ];
    for (pointer, value, said) in cases {
        assert_eq!(refused(&of(pointer, value)), said);
    }
    // Another version may have other fields, and what it is comes before them.
    let other = refused(&|report| {
        report["apiVersion"] = json!("podgate.dev/v2");
        report["verdicts"] = json!([]);
    });
    assert_eq!(other, "it is a `Report` of `podgate.dev/v2`, expected a `Report` of `podgate.dev/v1`");
    let unknown = refused(&|report| report["verdicts"] = json!([]));
    assert!(unknown.starts_with("it is no report in JSON: unknown field `verdicts`"), "{unknown}");
    let nothing = refused(&|report| *report = json!({}));
    assert_eq!(nothing, "it does not say what it is, expected a `Report` of `podgate.dev/v1`");
}
