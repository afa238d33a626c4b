//! Generated pods, judged by podgate and by Pod Security Admission's own evaluator.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use fastrand::Rng;
use podgate_tests::pods;
use serde_json::Value;

use super::{Gates, Verdict, in_parallel, pod};

/// Pods where `PODGATE_PSS_PODS` does not say how many.
const PODS: usize = 3_000;

const NEWEST: usize = 37;

/// The evaluator, built where Go is. It stays in the cache; Go builds again what has changed.
fn evaluator() -> Option<PathBuf> {
    if !Command::new("go").arg("version").output().is_ok_and(|output| output.status.success()) {
        println!("skipped: there is no `go`");
        return None;
    }
    let cache = match env::var_os("XDG_CACHE_HOME").filter(|folder| !folder.is_empty()) {
        Some(folder) => PathBuf::from(folder),
        None => env::home_dir().unwrap().join(".cache"),
    };
    let program = cache.join("podgate/oracle/pod-security");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle/pod-security");
    let status =
        Command::new("go").arg("build").arg("-o").arg(&program).current_dir(source).status().unwrap();
    assert!(status.success(), "the evaluator does not build");
    Some(program)
}

/// By level and version the failing checks with their details; a version that is not there is as the one before.
type Answer = BTreeMap<String, BTreeMap<String, BTreeMap<String, String>>>;

fn ask(program: &Path, pods: &[Value]) -> Vec<Answer> {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("pods.jsonl");
    let lines: String = pods.iter().map(|pod| format!("{pod}\n")).collect();
    fs::write(&input, lines).unwrap();
    let output = Command::new(program).stdin(File::open(input).unwrap()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let answers = String::from_utf8(output.stdout).unwrap();
    answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What the evaluator says, as podgate says it. A detail names containers in quotation marks; the generated names
/// are unlike any other text there.
fn verdict(checks: &BTreeMap<String, String>, names: &[String]) -> Verdict {
    let named = |detail: &str| -> BTreeSet<String> {
        names.iter().filter(|name| detail.contains(&format!("\"{name}\""))).cloned().collect()
    };
    Verdict(checks.iter().map(|(check, detail)| (check.clone(), named(detail))).collect())
}

/// Whether a pod is judged at a version: where the evaluator's answer is another than at the version before, or is
/// about to be, and at every third version beside that.
fn is_sampled(pod: usize, minor: usize, by_version: &BTreeMap<String, BTreeMap<String, String>>) -> bool {
    let begins = |minor: usize| by_version.contains_key(&format!("v1.{minor}"));
    begins(minor) || begins(minor + 1) || (pod + minor).is_multiple_of(3)
}

#[test]
fn generated_pods_are_judged_as_by_pod_security_admission() {
    let Some(program) = evaluator() else { return };
    let given = env::var("PODGATE_PSS_PODS").ok().map(|number| number.parse().unwrap());
    let at_all_versions = given.is_some();
    let mut rng = Rng::with_seed(20_261_124);
    let pods: Vec<Value> = (0..given.unwrap_or(PODS)).map(|_| pods::pod(&mut rng)).collect();
    let answers = ask(&program, &pods);
    assert_eq!(answers.len(), pods.len());
    let versions: Vec<String> =
        (0..=NEWEST).map(|minor| format!("v1.{minor}")).chain(["latest".to_owned()]).collect();
    let gates = Gates::new(versions.iter().map(String::as_str));
    let asked: Vec<(usize, Value, Answer)> = pods
        .into_iter()
        .zip(answers)
        .enumerate()
        .map(|(index, (pod, answer))| (index, pod, answer))
        .collect();
    let parts = in_parallel(&asked, |part| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for (index, text, answer) in part {
            let subject = pod("pod.json", &text.to_string());
            let names = pods::names(text);
            for (level, by_version) in answer {
                let mut checks = &BTreeMap::new();
                for (minor, version) in versions.iter().enumerate() {
                    checks = by_version.get(version).unwrap_or(checks);
                    if !at_all_versions && !is_sampled(*index, minor, by_version) {
                        continue;
                    }
                    let own = gates.judge(level, version, &subject);
                    assert_eq!(own, verdict(checks, &names), "{level}:{version} of {text}");
                    let counted = if own.is_allowed() { "allowed" } else { "refused" };
                    *counts.entry(format!("{level} {counted}")).or_default() += 1;
                    for check in own.0.keys() {
                        *counts.entry(check.clone()).or_default() += 1;
                    }
                }
            }
        }
        counts
    });
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (name, count) in parts.into_iter().flatten() {
        *counts.entry(name).or_default() += count;
    }
    println!(
        "{} generated pods, each at many versions of both levels: 0 differences\n{counts:#?}",
        asked.len()
    );
    // Every check is met often enough to be believed, and so is every side.
    assert_eq!(counts.len(), 19 + 4, "{counts:#?}");
    assert!(counts.values().all(|count| *count > 500), "{counts:#?}");
}
