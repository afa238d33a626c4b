//! PolicyReports in the cluster.

use serde_json::{Value, json};

use super::server::{Answer, Ask, PODS, Server};
use super::{Run, controller, pod, scan};

const OLD: &str = "/apis/wgpolicyk8s.io/v1alpha2";
const NEW: &str = "/apis/openreports.io/v1alpha1";

fn resources(version: &str, names: &[&str]) -> Value {
    let named =
        |name: &&str| json!({"name": name, "singularName": "", "namespaced": true, "kind": "X", "verbs": []});
    json!({"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": version,
        "resources": names.iter().map(named).collect::<Vec<_>>()})
}

fn pods() -> Vec<Value> {
    let of = |set: &str| Some(controller("apps/v1", "StatefulSet", set));
    vec![
        pod("ci", "a-0", true, of("a")),
        pod("ci", "a-1", true, of("a")),
        pod("ci", "clean-0", false, of("clean")),
        pod("dev", "bare", true, None),
    ]
}

fn report(namespace: &str, name: &str, manager: &str) -> Value {
    json!({"metadata": {"name": name, "namespace": namespace, "uid": name,
        "labels": {"app.kubernetes.io/managed-by": manager}}})
}

/// A cluster with reports of podgate and of others.
fn cluster(fault: impl Fn(&Ask) -> Option<Answer> + Send + Sync + 'static) -> Server {
    let before = vec![
        report("ci", "podgate-old", "podgate"),
        report("ci", "podgate-of-others", "kyverno"),
        report("ci", "other", "podgate"),
        report("dev", "podgate-old", "podgate"),
    ];
    let lists = [
        (PODS, pods()),
        (concat!("/apis/wgpolicyk8s.io/v1alpha2", "/policyreports"), before.clone()),
        (concat!("/apis/openreports.io/v1alpha1", "/reports"), before),
    ];
    Server::with(&lists, move |ask| {
        let list = |names: &[&str]| Some(Answer::json(200, &resources(&ask.path[6..], names)));
        fault(ask).or_else(|| match ask.path.as_str() {
            OLD => list(&["policyreports", "clusterpolicyreports"]),
            NEW => list(&["reports", "clusterreports"]),
            path if path.ends_with("clusterpolicyreports") || path.ends_with("clusterreports") => {
                Some(super::server::page(ask, &[]))
            }
            _ => None,
        })
    })
}

fn changes(server: &Server, method: &str) -> Vec<Ask> {
    let mut changes: Vec<Ask> = server.asks().into_iter().filter(|ask| ask.method == method).collect();
    changes.sort_by(|one, next| one.path.cmp(&next.path));
    changes
}

fn paths(asks: &[Ask]) -> Vec<&str> {
    asks.iter().map(|ask| ask.path.as_str()).collect()
}

#[test]
fn each_owner_with_findings_has_a_report() {
    let server = cluster(|_| None);
    let found = scan(&server, "--format json --policy-reports");
    assert_eq!((found.code, found.err.as_str()), (1, ""), "{found:?}");
    let written = changes(&server, "PATCH");
    let [set, bare] = written.as_slice() else { panic!("{written:?}") };
    assert!(
        set.path.starts_with(&format!("{OLD}/namespaces/ci/policyreports/podgate-statefulset-a-")),
        "{set:?}"
    );
    assert!(
        bare.path.starts_with(&format!("{OLD}/namespaces/dev/policyreports/podgate-pod-bare-")),
        "{bare:?}"
    );
    assert_eq!((set.of("fieldManager"), set.of("force")), ("podgate", "true"));
    let object: Value = serde_json::from_str(&set.body).unwrap();
    assert_eq!(object["apiVersion"], "wgpolicyk8s.io/v1alpha2");
    assert_eq!(object["metadata"]["labels"], json!({"app.kubernetes.io/managed-by": "podgate"}));
    assert_eq!(
        object["scope"],
        json!({"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "a", "namespace": "ci"})
    );
    let results = object["results"].as_array().unwrap();
    let worst = results.iter().find(|result| result["policy"] == "CI201").unwrap();
    assert_eq!(
        [&worst["source"], &worst["rule"], &worst["severity"], &worst["result"], &worst["scored"]],
        [&json!("podgate"), &json!("privileged"), &json!("critical"), &json!("fail"), &json!(true)]
    );
    let properties = &worst["properties"];
    assert_eq!([&properties["pods"], &properties["pod"], &properties["container"]], ["2", "a-0", "build"]);
    let fails = results.iter().filter(|result| result["result"] == "fail").count();
    assert_eq!(object["summary"]["fail"], fails);
    assert!(properties.as_object().unwrap().values().all(Value::is_string));
    let gone = changes(&server, "DELETE");
    let stale = ["ci", "dev"].map(|space| format!("{OLD}/namespaces/{space}/policyreports/podgate-old"));
    assert_eq!(paths(&gone), stale, "what is ours and no longer true, and nothing else");
}

#[test]
fn the_successor_is_written_to_where_it_is_asked_for() {
    let server = cluster(|_| None);
    assert_eq!(scan(&server, "--policy-reports=openreports.io -n ci").code, 1);
    let written = changes(&server, "PATCH");
    assert_eq!(written.len(), 1);
    let object: Value = serde_json::from_str(&written[0].body).unwrap();
    assert_eq!(
        [&object["kind"], &object["apiVersion"], &object["source"]],
        ["Report", "openreports.io/v1alpha1", "podgate"]
    );
    let gone = changes(&server, "DELETE");
    assert_eq!(paths(&gone), [format!("{NEW}/namespaces/ci/reports/podgate-old")], "of this namespace alone");
}

#[test]
fn a_cluster_without_the_api_is_told_before_anything_is_judged() {
    let server =
        cluster(|ask| (ask.path == OLD).then(|| Answer::Whole(404, "404 page not found".to_owned())));
    let found = scan(&server, "--policy-reports");
    assert_eq!((found.code, server.lists(PODS)), (2, 0));
    assert!(found.err.contains("`dev` has no `policyreports` of `wgpolicyk8s.io/v1alpha2`"), "{found:?}");
}

#[test]
fn a_part_of_the_truth_is_not_written() {
    let server = cluster(|ask| ask.is_list_of(PODS).then(|| Answer::failure(500, "broken")));
    let found = scan(&server, "--policy-reports");
    assert_eq!((found.code, changes(&server, "PATCH").len(), changes(&server, "DELETE").len()), (3, 0, 0));
    assert!(found.err.contains("no PolicyReport is written"), "{found:?}");
}

#[test]
fn a_report_that_cannot_be_written_is_told() {
    let server = cluster(|ask| (ask.method == "PATCH").then(|| Answer::failure(403, "not for you")));
    let found = scan(&server, "--format json --policy-reports");
    assert_eq!(found.code, 3);
    assert!(
        found.err.contains("2 of 4 failed, the first as follows: the API server answers 403"),
        "{found:?}"
    );
    assert_eq!(changes(&server, "DELETE").len(), 2, "what is gone goes all the same");
    let gone = cluster(|ask| (ask.method == "PATCH").then(|| Answer::failure(404, "namespace not found")));
    assert_eq!(scan(&gone, "--policy-reports").code, 1, "its namespace went away");
}

/// The same objects from files, for `kubectl apply`.
#[test]
fn check_prints_them_too() {
    let folder = tempfile::tempdir().unwrap();
    let mut own = pod("ci", "a", true, None);
    own["kind"] = json!("Pod");
    own["apiVersion"] = json!("v1");
    std::fs::write(folder.path().join("pod.json"), own.to_string()).unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_podgate-tested"));
    let output = command
        .args(["check", "pod.json", "--format", "policy-report"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let found = Run {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    };
    let list = found.json();
    assert_eq!((found.code, &list["kind"], list["items"].as_array().unwrap().len()), (1, &json!("List"), 1));
    assert_eq!(list["items"][0]["scope"]["name"], "a");
}
