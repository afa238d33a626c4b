//! As many pods as a large cluster has, in memory that does not grow with them.

use std::fs;
use std::io::Read;
use std::process::Stdio;

use serde_json::{Value, json};

use super::server::{Answer, Ask, PODS, Server};
use super::{controller, kubeconfig, pod, program};

/// Owners of the pods.
const OWNERS: usize = 200;

/// A cluster of so many pods, each of which is as long as real ones are.
fn cluster(pods: usize) -> Server {
    let mut one = pod("ci", "NAME", true, Some(controller("apps/v1", "StatefulSet", "OWNER")));
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

/// The most memory that a scan of so many pods takes, in MiB, once all it says is right.
fn peak(pods: usize) -> u64 {
    let server = cluster(pods);
    let folder = kubeconfig(&[("dev", &server)]);
    let started = std::time::Instant::now();
    let mut program = program(&folder, "--format json").stdout(Stdio::piped()).spawn().unwrap();
    let mut out = program.stdout.take().unwrap();
    // The report is longer than what a pipe holds: with its first byte all is judged, and the program still there.
    let mut first = [0];
    out.read_exact(&mut first).unwrap();
    let status = fs::read_to_string(format!("/proc/{}/status", program.id())).unwrap();
    let mut rest = Vec::new();
    out.read_to_end(&mut rest).unwrap();
    assert_eq!(program.wait().unwrap().code(), Some(1));
    assert!(rest.len() > 256 << 10, "{}", rest.len());
    let report: Value = serde_json::from_slice(&[first.as_slice(), &rest].concat()).unwrap();
    let subjects = report["subjects"].as_array().unwrap();
    assert_eq!(subjects.len(), OWNERS);
    let counted: u64 = subjects.iter().map(|subject| subject["pods"].as_u64().unwrap()).sum();
    assert_eq!(counted, pods as u64);
    assert_eq!(report["summary"]["findings"]["critical"], OWNERS);
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let peak = line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() >> 10;
    println!("{pods} pods: at most {peak} MiB, {:.1} s", started.elapsed().as_secs_f32());
    peak
}

/// `PODGATE_SCAN_PODS=100000` tries as many as the largest clusters have.
#[test]
#[cfg(target_os = "linux")]
fn memory_does_not_grow_with_the_pods() {
    let pods =
        std::env::var("PODGATE_SCAN_PODS").ok().and_then(|number| number.parse().ok()).unwrap_or(5_000);
    let (few, many) = (peak(pods / 3), peak(pods));
    assert!(many * 2 <= few * 3, "{few} MiB, then {many} MiB");
}
