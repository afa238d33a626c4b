//! As many pods as a large cluster has, in memory that does not grow with them.

use std::fs;
use std::io::{BufReader, Read};
use std::process::Stdio;

use serde::Deserialize;
use serde_json::json;

use super::server::{Answer, Ask, PODS, Server};
use super::{controller, kubeconfig, pod, program};

/// Owners of the pods, where they have any.
const OWNERS: usize = 200;

/// A cluster of so many pods, each of which is as long as real ones are.
fn cluster(pods: usize, owned: bool) -> Server {
    let owner = owned.then(|| controller("apps/v1", "StatefulSet", "OWNER"));
    let mut one = pod("ci", "NAME", true, owner);
    one["metadata"]["managedFields"] = json!([{"manager": "kubelet", "fieldsV1": {"x": "y".repeat(4000)}}]);
    one["status"]["conditions"] = json!([{"message": "z".repeat(2000)}]);
    let one = one.to_string();
    Server::with(&[], move |ask: &Ask| {
        if !ask.is_list_of(PODS) {
            return None;
        }
        let from: usize = ask.of("continue").parse().unwrap_or(0);
        let to = (from + ask.of("limit").parse::<usize>().unwrap()).min(pods);
        let named = |at: usize| {
            one.replace("NAME", &format!("pod-{at}")).replace("OWNER", &format!("set-{}", at % OWNERS))
        };
        let items: Vec<String> = (from..to).map(named).collect();
        let next = if to < pods { to.to_string() } else { String::new() };
        let metadata = json!({"resourceVersion": "1", "continue": next});
        let body = format!(r#"{{"kind":"PodList","metadata":{metadata},"items":[{}]}}"#, items.join(","));
        Some(Answer::Whole(200, body))
    })
}

/// Of a report, what tells whether all is there. A report over many pods is longer than what a test should hold.
#[derive(Deserialize)]
struct Found {
    summary: Summary,
    subjects: Vec<Subject>,
}

#[derive(Deserialize)]
struct Summary {
    findings: Counts,
}

#[derive(Deserialize)]
struct Counts {
    critical: usize,
}

#[derive(Deserialize)]
struct Subject {
    pods: Option<usize>,
}

/// The most memory that a scan of so many pods takes, in KiB, once all it says is right.
fn peak(pods: usize, owned: bool) -> u64 {
    let server = cluster(pods, owned);
    let folder = kubeconfig(&[("dev", &server)]);
    let started = std::time::Instant::now();
    let mut program = program(&folder, "--format json").stdout(Stdio::piped()).spawn().unwrap();
    let mut out = program.stdout.take().unwrap();
    // The report is longer than what a pipe holds: with its first byte all is judged, and the program still there.
    let mut first = [0];
    out.read_exact(&mut first).unwrap();
    let status = fs::read_to_string(format!("/proc/{}/status", program.id())).unwrap();
    let report = BufReader::new(first.as_slice().chain(out));
    let Found { summary, subjects } = serde_json::from_reader(report).unwrap();
    assert_eq!(program.wait().unwrap().code(), Some(1));
    assert_eq!(subjects.len(), if owned { OWNERS } else { pods });
    assert_eq!(summary.findings.critical, subjects.len());
    let counted: usize = subjects.iter().map(|subject| subject.pods.unwrap_or(1)).sum();
    assert_eq!(counted, pods);
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let peak = line.trim().trim_end_matches(" kB").parse::<u64>().unwrap();
    let seconds = started.elapsed().as_secs_f32();
    println!("{pods} pods, owned: {owned}: at most {} MiB, {seconds:.1} s", peak >> 10);
    peak
}

/// `PODGATE_SCAN_PODS=100000` tries as many as the largest clusters have.
fn pods(usual: usize) -> usize {
    std::env::var("PODGATE_SCAN_PODS").ok().and_then(|number| number.parse().ok()).unwrap_or(usual)
}

/// What each pod takes, in KiB, of those beyond the first few, which warm up what does not grow.
fn growth(few: usize, many: usize, owned: bool) -> f64 {
    let grown = peak(many, owned).saturating_sub(peak(few, owned));
    let each = grown as f64 / (many - few) as f64;
    println!("{each:.2} KiB for each pod");
    each
}

#[test]
#[cfg(target_os = "linux")]
fn memory_does_not_grow_with_the_pods() {
    let many = pods(10_000);
    let each = growth(many / 2, many, true);
    assert!(each <= MOST_OWNED, "{each:.1} KiB for each pod");
}

/// Pods that nothing owns are all in the report, which is held as a whole.
#[test]
#[cfg(target_os = "linux")]
fn memory_grows_little_with_pods_without_owners() {
    let many = pods(5_000);
    let each = growth(many / 3, many, false);
    assert!(each <= MOST, "{each:.1} KiB for each pod");
}

/// Memory for each pod of a known owner, in KiB: nothing of it is held, but what the allocator keeps varies.
const MOST_OWNED: f64 = 1.0;

/// Memory for each pod without an owner, in KiB: that of an entry in the report and in the list of what is known.
const MOST: f64 = 4.0;
