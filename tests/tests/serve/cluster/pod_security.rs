//! The API server's own Pod Security Admission, and podgate with the profile of the same level and version: the same
//! pods are sent by dry run to a namespace of each, and both say the same of each.
//!
//! `PODGATE_CLUSTER_PODS` says how many; `PODGATE_PSS_FIXTURES` has upstream's own pods sent, too.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::path::Path;

use podgate::document::{self, Limits};
use podgate_tests::{documents, named_by};
use serde_json::{Value, json};

use super::REFUSED;
use super::api::Api;
use super::webhook::Webhook;

/// The version of the cluster.
const VERSION: &str = "v1.36";

/// Upstream's pods of each origin where `PODGATE_CLUSTER_PODS` does not say how many.
const PODS: usize = 300;

/// What became of a pod.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Clone, Copy)]
enum Verdict {
    Allowed,
    Refused,
    /// By the API server itself, so that nobody was asked.
    Invalid,
}

#[test]
fn the_same_pods_are_refused_as_by_pod_security_admission() {
    let Some(api) = Api::connect() else { return };
    let number = env::var("PODGATE_CLUSTER_PODS").map_or(PODS, |number| number.parse().unwrap());
    let own = documents().unwrap().into_iter().filter(|(_, object)| object["kind"] == "Pod");
    let own = own.filter_map(|(name, object)| read(&name, &object.to_string())).collect();
    let mut origins = vec![("fixtures", own)];
    if let Some(folder) = named_by("PODGATE_PSS_FIXTURES") {
        origins.push(("upstream's fixtures", sample(fixtures(&folder), number)));
        origins.push(("mutants", sample(mutants(&folder), number)));
    }
    for level in ["baseline", "restricted"] {
        for (origin, pods) in &origins {
            let counts = compare(&api, level, pods);
            println!("{level}, {origin}: {counts:?}, 0 differences");
            assert!(counts.get(&Verdict::Refused).is_some_and(|refused| *refused > 20), "{counts:?}");
            assert!(counts.get(&Verdict::Allowed).is_some_and(|allowed| *allowed > 0), "{counts:?}");
        }
    }
}

/// Sends every pod to both, half of them by each of two threads.
fn compare(api: &Api, level: &str, pods: &[(String, Value)]) -> BTreeMap<Verdict, usize> {
    let enforced = api.namespace(&json!({"pod-security.kubernetes.io/enforce": level,
        "pod-security.kubernetes.io/enforce-version": VERSION}));
    let own = api.namespace(&json!({}));
    let profile = format!("pss-{level}:{VERSION}");
    let webhook = Webhook::start_with(api, &own, "", &["--profile", &profile], &json!({}));
    let halves: Vec<_> = pods.chunks(pods.len().div_ceil(2).max(1)).map(|half| (api.again(), half)).collect();
    let mut counts = BTreeMap::new();
    std::thread::scope(|scope| {
        let (enforced, own) = (&enforced, &own);
        let threads: Vec<_> = halves
            .into_iter()
            .map(|(api, half)| {
                scope.spawn(move || {
                    half.iter().map(|(name, pod)| both(&api, name, pod, enforced, own)).collect()
                })
            })
            .collect();
        for thread in threads {
            let verdicts: Vec<Verdict> = thread.join().unwrap();
            verdicts.into_iter().for_each(|verdict| *counts.entry(verdict).or_default() += 1);
        }
    });
    drop(webhook);
    counts
}

/// The verdict of both, which has to be one.
fn both(api: &Api, name: &str, pod: &Value, enforced: &str, own: &str) -> Verdict {
    let ask = |namespace: &str| {
        let mut pod = pod.clone();
        let metadata = pod["metadata"].as_object_mut().unwrap();
        metadata.insert("namespace".to_owned(), json!(namespace));
        metadata.insert("name".to_owned(), json!("p"));
        // Pods of many kinds would need objects that are not there.
        for absent in ["serviceAccountName", "serviceAccount", "runtimeClassName", "priorityClassName"] {
            pod["spec"].as_object_mut().unwrap().remove(absent);
        }
        let answer = api.try_pod(&pod);
        let message = answer.json()["message"].as_str().unwrap_or_default().to_owned();
        (answer.status, message)
    };
    let (upstream, by_upstream) = ask(enforced);
    let (podgate, by_podgate) = ask(own);
    let verdict = |status: u16, message: &str, refused: &str| match status {
        201 => Verdict::Allowed,
        403 if message.contains(refused) => Verdict::Refused,
        400 | 422 => Verdict::Invalid,
        _ => panic!("{name}: {status} {message}"),
    };
    let upstream = verdict(upstream, &by_upstream, "violates PodSecurity");
    let podgate = verdict(podgate, &by_podgate, REFUSED);
    assert_eq!(podgate, upstream, "{name}: {by_podgate}\n{by_upstream}\n{pod}");
    podgate
}

/// Some of them, spread over all.
fn sample(pods: Vec<(String, Value)>, number: usize) -> Vec<(String, Value)> {
    let every = pods.len().div_ceil(number.max(1)).max(1);
    pods.into_iter().step_by(every).collect()
}

fn read(name: &str, text: &str) -> Option<(String, Value)> {
    let document = document::read(name, text, &Limits::default()).into_iter().next()?.ok()?;
    let mut pod = serde_json::to_value(document.root()).ok()?;
    let object = pod.as_object_mut()?;
    object.entry("metadata").or_insert_with(|| json!({}));
    (object.get("spec")?.is_object() && object.get("metadata")?.is_object()).then_some((name.to_owned(), pod))
}

fn fixtures(folder: &Path) -> Vec<(String, Value)> {
    let mut paths = BTreeSet::new();
    let mut folders = vec![folder.join("baseline"), folder.join("restricted")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                paths.insert(path);
            }
        }
    }
    let found =
        |path: &std::path::PathBuf| read(&path.display().to_string(), &fs::read_to_string(path).unwrap());
    paths.iter().filter_map(found).collect()
}

fn mutants(folder: &Path) -> Vec<(String, Value)> {
    let text = fs::read_to_string(folder.join("mutants.jsonl")).unwrap();
    let mutants = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    mutants.filter_map(|mutant| read(mutant["id"].as_str()?, mutant["pod"].as_str()?)).collect()
}
