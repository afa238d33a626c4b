//! Real pods of real CI systems: every file is judged or listed with its reason, and the dangers that people found
//! in them are found. The folder is named by `PODGATE_CI_CORPUS`; it is no part of this repository.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use podgate::{Context, Gate, Report};
use serde_json::Value;

/// Dangers that this version has policies for, and ids that find them.
const DANGERS: [(&str, &[&str]); 12] = [
    ("added_capabilities", &["CI204"]),
    ("dind", &["CI202"]),
    ("docker_socket", &["CI101"]),
    ("docker_tcp", &["CI306"]),
    ("host_ipc", &["CI302"]),
    ("host_network", &["CI303"]),
    ("host_path_other", &["CI103", "CI104", "CI105", "CI108"]),
    ("host_pid", &["CI301"]),
    ("host_port", &["CI304"]),
    ("privileged", &["CI201"]),
    ("pv_host_path", &["CI108"]),
    ("runtime_socket_parent", &["CI102"]),
];

/// What is not found, and why: none of it is written in a pod of the file.
const MISSED: [(&str, &str); 5] = [
    ("actions.summerwind.dev", "the runner controller adds a privileged daemon by default"),
    ("preset-dind-enabled", "a preset of Prow adds the daemon"),
    ("docker.sock:/var/run/docker.sock", "a volume of Docker Compose or Woodpecker, not of a pod"),
    ("runs-on:", "a container of a GitHub workflow, not a pod"),
    ("runner-scale-set", "the chart adds a privileged daemon"),
];

fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("PODGATE_CI_CORPUS").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: PODGATE_CI_CORPUS is not set");
    }
    folder
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

fn reports(corpus: &Path) -> BTreeMap<String, (String, Report)> {
    let gate = Gate::new().unwrap();
    let mut paths = Vec::new();
    files(&corpus.join("files"), &mut paths);
    assert!(paths.len() > 600, "{} files", paths.len());
    let judged = paths.into_iter().map(|path| {
        let name = path.strip_prefix(corpus).unwrap().display().to_string();
        let bytes = fs::read(path).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let mut context = Context::default();
        context.inventory.add_text(&name, &text);
        let report = gate.check_bytes(&name, &bytes, &context);
        (name, (text, report))
    });
    judged.collect()
}

#[test]
fn every_file_is_judged_or_listed_with_a_reason() {
    let Some(corpus) = corpus() else { return };
    for (name, (text, report)) in reports(&corpus) {
        assert_eq!(report.failed_policies, [], "{name}");
        assert!(report.not_evaluated.iter().all(|entry| !entry.reason.is_empty()), "{name}");
        let said = report.subjects.len() + report.not_evaluated.len() + report.without_pod.len();
        let has_content =
            text.lines().any(|line| !line.trim().is_empty() && !line.starts_with(['#', '-', '.']));
        assert!(said > 0 || !has_content, "nothing is said of {name}");
    }
}

#[test]
fn labelled_dangers_are_found_and_nothing_else() {
    let Some(corpus) = corpus() else { return };
    let reports = reports(&corpus);
    let labels = fs::read_to_string(corpus.join("expected.jsonl")).unwrap();
    let mut wrong = Vec::new();
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for label in labels.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
        if label["class"] != "manifest" || label["scored"] != true {
            continue;
        }
        let name = label["file"].as_str().unwrap();
        // Some labels are of files that the folder only lists.
        let Some((text, report)) = reports.get(name) else { continue };
        let labelled: BTreeSet<&str> =
            label["dangers"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        for (danger, ids) in DANGERS {
            let found = report.findings.iter().any(|finding| ids.contains(&finding.policy.as_str()));
            let counted = counts.entry(danger).or_default();
            match (labelled.contains(danger), found) {
                (true, true) => counted.0 += 1,
                (true, false) if MISSED.iter().any(|(mark, _)| text.contains(mark)) => counted.1 += 1,
                (true, false) => wrong.push(format!("missed {danger} in {name}")),
                (false, true) if !is_read_only_or_benign(report, ids) => {
                    wrong.push(format!("false alarm {danger} in {name}"));
                }
                (false, _) => {}
            }
        }
    }
    println!("danger: found, missed for a known reason\n{counts:#?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The labels pass over host paths that are commonly harmless; podgate reports those with severity low.
fn is_read_only_or_benign(report: &Report, ids: &[&str]) -> bool {
    let own = report.findings.iter().filter(|finding| ids.contains(&finding.policy.as_str()));
    own.map(|finding| finding.severity).all(|severity| severity <= podgate::policy::Severity::Low)
}
