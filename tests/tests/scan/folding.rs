//! Pods of one owner are told once, by the owner's name.

use podgate_tests::check;
use serde_json::{Value, json};

use super::server::{Answer, JOBS, PODS, SETS, Server};
use super::{controller, kubeconfig, object, pod, run, scan};

fn of_set(name: &str, set: &str, privileged: bool) -> Value {
    pod("ci", name, privileged, Some(controller("apps/v1", "ReplicaSet", set)))
}

fn sets() -> Vec<Value> {
    let of = |set: &str| object("ci", "ReplicaSet", set, Some(controller("apps/v1", "Deployment", "agents")));
    vec![of("agents-1111"), of("agents-2222"), object("ci", "ReplicaSet", "alone", None)]
}

fn cluster() -> Vec<Value> {
    let mut job =
        pod("ci", "nightly-29000000-x", true, Some(controller("batch/v1", "Job", "nightly-29000000")));
    job["metadata"]["ownerReferences"]
        .as_array_mut()
        .unwrap()
        .insert(0, json!({"kind": "Other", "name": "o"}));
    vec![
        of_set("agents-1111-a", "agents-1111", true),
        of_set("agents-1111-b", "agents-1111", true),
        of_set("agents-2222-c", "agents-2222", false),
        of_set("alone-d", "alone", true),
        pod("ci", "bare-1", true, None),
        pod("ci", "bare-2", true, None),
        job,
        pod("kube-system", "log-1", true, Some(controller("apps/v1", "DaemonSet", "log"))),
        pod("kube-system", "log-2", true, Some(controller("apps/v1", "DaemonSet", "log"))),
        pod("kube-system", "log-3", true, Some(controller("example.com/v1", "DaemonSet", "log"))),
        pod("kube-system", "static-node-1", true, Some(controller("v1", "Node", "node-1"))),
    ]
}

const SUBJECTS: [&str; 10] = [
    "Deployment ci/agents x2",
    "Deployment ci/agents x1",
    "ReplicaSet ci/alone x1",
    "Pod ci/bare-1",
    "Pod ci/bare-2",
    "CronJob ci/nightly x1",
    "DaemonSet kube-system/log x2",
    "DaemonSet kube-system/log x1",
    "Pod kube-system/static-node-1",
    "",
];

pub fn healthy() -> Server {
    let jobs =
        vec![object("ci", "Job", "nightly-29000000", Some(controller("batch/v1", "CronJob", "nightly")))];
    Server::of(&[(PODS, cluster()), (SETS, sets()), (JOBS, jobs)])
}

#[test]
fn each_owner_is_one_subject() {
    let server = healthy();
    let found = scan(&server, "--format json");
    assert_eq!((found.code, found.err.as_str()), (1, ""), "{found:?}");
    assert_eq!(found.subjects(), &SUBJECTS[..9]);
    let report = found.json();
    let critical: Vec<u64> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["policy"] == "CI201")
        .map(|one| one["subject"].as_u64().unwrap())
        .collect();
    assert_eq!(critical, [0, 2, 3, 4, 5, 6, 7, 8], "all but the other revision of the Deployment");
    assert!(
        report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .all(|one| one["span"].is_null() && one["source"] == "dev")
    );
    assert_eq!(report["notEvaluated"], json!([]));
    // Metadata alone is asked of what only leads to an owner.
    for path in [SETS, JOBS] {
        let asks = server.asks();
        let ask = asks.iter().find(|ask| ask.is_list_of(path)).unwrap();
        assert!(ask.accept.contains("as=PartialObjectMetadataList"), "{ask:?}");
    }
}

#[test]
fn text_names_the_owner_and_counts_its_pods() {
    let found = scan(&healthy(), "");
    assert!(found.out.contains("dev at /spec/containers/0/securityContext/privileged (container build of Deployment ci/agents (2 pods))"), "{}", found.out);
    assert!(
        found.out.lines().last().unwrap().starts_with("11 pods judged by profile ci: 8 critical"),
        "{}",
        found.out
    );
}

#[test]
fn the_verdict_over_a_pod_is_that_of_check() {
    let mut own = pod("ci", "a", true, None);
    own["spec"]["unheard"] = json!({"deep": [1]});
    own["metadata"]["annotations"] = json!({"example.com/a": "b"});
    let found = scan(&Server::of(&[(PODS, vec![own.clone()])]), "--format json").json();
    own["kind"] = json!("Pod");
    own["apiVersion"] = json!("v1");
    let expected = check(&podgate::Gate::new().unwrap(), "dev", &own.to_string());
    let mut expected = json!(expected)["findings"].clone();
    for finding in expected.as_array_mut().unwrap() {
        finding.as_object_mut().unwrap().remove("span");
    }
    assert_eq!(found["findings"], expected);
    let unknown = found["findings"].as_array().unwrap().iter().any(|one| one["pointer"] == "/spec/unheard");
    assert!(unknown, "what the type does not have is told: {found:#}");
}

#[test]
fn names_tell_the_owner_where_nothing_else_may_be_read() {
    let mut pods = cluster();
    for pod in &mut pods[..3] {
        let set = pod["metadata"]["ownerReferences"][0]["name"].as_str().unwrap().to_owned();
        pod["metadata"]["labels"] = json!({"pod-template-hash": set.strip_prefix("agents-")});
    }
    let server = Server::with(&[(PODS, pods)], |ask| {
        let is_step = ask.path.contains("replicasets") || ask.path.contains("jobs");
        is_step.then(|| Answer::failure(403, "not for you"))
    });
    let found = scan(&server, "--format json");
    assert_eq!(found.subjects(), &SUBJECTS[..9]);
    let notes: Vec<&str> = found.err.lines().collect();
    assert_eq!(notes.len(), 2, "{notes:?}");
    assert!(notes[0].starts_with("note: dev: owners are told by the names of replicasets"), "{notes:?}");
}

/// It came to be after the list of ReplicaSets.
#[test]
fn a_younger_owner_is_asked_for() {
    let lists = std::sync::atomic::AtomicUsize::new(0);
    let server = Server::with(&[(PODS, cluster()), (SETS, sets())], move |ask| {
        let is_list = ask.is_list_of(SETS) && lists.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0;
        is_list.then(|| super::server::page(ask, &[]))
    });
    let found = scan(&server, "--format json --namespace ci");
    assert_eq!(found.subjects()[..3], SUBJECTS[..3]);
    let server = Server::with(&[(PODS, cluster()), (SETS, sets())], |ask| {
        ask.is_list_of(SETS).then(|| super::server::page(ask, &[]))
    });
    let found = scan(&server, "--format json");
    assert_eq!(found.subjects()[..3], SUBJECTS[..3]);
    let asked = |name: &str| {
        let path = format!("/apis/apps/v1/namespaces/ci/replicasets/{name}");
        server.asks().iter().filter(|ask| ask.path == path).count()
    };
    assert_eq!([asked("agents-1111"), asked("agents-2222"), asked("alone")], [1, 1, 1], "each once");
}

#[test]
fn clusters_are_told_apart() {
    let (one, two) = (Server::of(&[(PODS, vec![pod("ci", "a", true, None)])]), healthy());
    let folder = kubeconfig(&[("one", &one), ("two", &two)]);
    let found = run(&folder, "--format json --context two --context one --context two");
    assert_eq!(found.code, 1);
    let report = found.json();
    let sources: Vec<&str> =
        report["subjects"].as_array().unwrap().iter().map(|one| one["source"].as_str().unwrap()).collect();
    assert_eq!(sources, [["two"; 9].as_slice(), &["one"]].concat());
    let named = run(&folder, "--format json --cluster-name production");
    assert_eq!(named.json()["subjects"][0]["source"], "production");
    assert_eq!(run(&folder, "--cluster-name x --context one --context two").code, 2);
    let empty = run(&folder, "--cluster-name=");
    assert!(empty.code == 2 && empty.err.contains("--cluster-name <NAME>': expected a name"), "{empty:?}");
    let unknown = run(&folder, "--context three");
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("unknown context `three`, expected one of `one`, `two`"), "{unknown:?}");
}

#[test]
fn namespaces_and_labels_choose_pods() {
    let server = healthy();
    let found = scan(&server, "--format json -n kube-system -n kube-system");
    assert_eq!(found.subjects(), &SUBJECTS[6..9]);
    assert!(
        server
            .asks()
            .iter()
            .all(|ask| ask.path.contains("/namespaces/kube-system/")
                || ask.path == "/api/v1/persistentvolumes")
    );
    let mut labelled = pod("ci", "a", true, None);
    labelled["metadata"]["labels"] = json!({"app": "x"});
    let server = Server::of(&[(PODS, vec![pod("ci", "b", true, None), labelled])]);
    assert_eq!(scan(&server, "--format json -l app=x").subjects(), ["Pod ci/a"]);
    assert_eq!(scan(&server, "-n a/../b").code, 2);
}
