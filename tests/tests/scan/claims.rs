//! Claims and volumes that come while a cluster is watched.

use serde_json::{Value, json};

use super::server::Server;
use super::subject;
use super::watch::{PATIENCE, Watching, event, of, server};

const CLAIMS: &str = "/api/v1/persistentvolumeclaims";
const VOLUMES: &str = "/api/v1/persistentvolumes";

fn claim(uid: &str, volume: Option<&str>) -> Value {
    let spec = volume.map_or(json!({}), |volume| json!({"volumeName": volume}));
    json!({"metadata": {"name": "data", "namespace": "ci", "uid": uid}, "spec": spec})
}

/// A volume that is bound to the claim `data` of this `uid`, or was.
fn volume(name: &str, uid: &str, source: Value) -> Value {
    let mut spec = source;
    spec["claimRef"] = json!({"name": "data", "namespace": "ci", "uid": uid});
    json!({"metadata": {"name": name}, "spec": spec})
}

fn nfs() -> Value {
    json!({"nfs": {"server": "files", "path": "/"}})
}

fn socket() -> Value {
    json!({"hostPath": {"path": "/var/run/docker.sock"}})
}

fn using(set: &str, version: u32) -> Value {
    let mut pod = of(set, &format!("{set}-0"), false, version);
    pod["spec"]["volumes"] = json!([{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]);
    pod
}

fn put(server: &Server, claims: Vec<Value>, volumes: Vec<Value>) {
    let mut objects = server.objects.lock().unwrap();
    objects.insert(CLAIMS.to_owned(), claims);
    objects.insert(VOLUMES.to_owned(), volumes);
}

/// Subjects of the next report, and those of which it says what their claims lead to.
fn next(watching: &Watching) -> [Vec<String>; 2] {
    let report: Value = serde_json::from_str(&watching.line()).unwrap();
    let subjects: Vec<String> = report["subjects"].as_array().unwrap().iter().map(subject).collect();
    let findings = report["findings"].as_array().unwrap().iter().filter(|one| one["policy"] == "CI108");
    let found = findings.map(|one| subjects[one["subject"].as_u64().unwrap() as usize].clone()).collect();
    [subjects, found]
}

#[test]
fn a_claim_made_anew_is_another_claim() {
    for before in [vec![], vec![claim("old", Some("old"))]] {
        let (server, watches) = server(vec![of("a", "a-0", false, 1)]);
        // The volume is released, but still names the claim that there was.
        put(&server, before, vec![volume("old", "old", nfs())]);
        let watching = Watching::start(&server, "json");
        assert_eq!(watching.report(), ["StatefulSet ci/a x1"]);
        let (_, events) = watches.recv_timeout(PATIENCE).unwrap();
        let volumes = vec![volume("old", "old", nfs()), volume("new", "new", socket())];
        put(&server, vec![claim("new", Some("new"))], volumes);
        events.send(event("ADDED", &using("b", 101))).unwrap();
        let own = vec!["StatefulSet ci/b x1".to_owned()];
        assert_eq!(next(&watching), [own.clone(), own]);
        assert_eq!(watching.end("-TERM"), Some(1));
    }
}

#[test]
fn a_claim_that_waits_for_its_volume_is_asked_for_until_it_has_one() {
    let (server, watches) = server(vec![of("a", "a-0", false, 1)]);
    put(&server, vec![claim("new", None)], vec![volume("old", "old", socket())]);
    let watching = Watching::start(&server, "json");
    assert_eq!(watching.report(), ["StatefulSet ci/a x1"]);
    let (_, events) = watches.recv_timeout(PATIENCE).unwrap();
    events.send(event("ADDED", &using("b", 101))).unwrap();
    events.send(event("ADDED", &of("c", "c-0", true, 102))).unwrap();
    let [other, own] = ["c", "b"].map(|name| vec![format!("StatefulSet ci/{name} x1")]);
    assert_eq!(next(&watching), [other, vec![]], "the socket was another claim's");
    put(&server, vec![claim("new", Some("new"))], vec![volume("new", "new", socket())]);
    events.send(event("MODIFIED", &using("b", 103))).unwrap();
    assert_eq!(next(&watching), [own.clone(), own]);
    // Nothing is asked for again that is known.
    let asked = |path: &str| server.asks().iter().filter(|ask| ask.path.starts_with(path)).count();
    let paths = ["/api/v1/namespaces/ci/persistentvolumeclaims", "/api/v1/persistentvolumes/new"];
    let before = paths.map(asked);
    events.send(event("MODIFIED", &using("b", 104))).unwrap();
    events.send(event("ADDED", &of("d", "d-0", true, 106))).unwrap();
    assert_eq!(watching.report(), ["StatefulSet ci/d x1"]);
    assert_eq!(paths.map(asked), before);
    assert_eq!(watching.end("-TERM"), Some(1));
}
