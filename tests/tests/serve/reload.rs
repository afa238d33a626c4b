//! Settings and policies that change while requests come.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use podgate::{Context, Gate, Settings};
use serde_json::json;
use tempfile::TempDir;

use crate::client::Client;
use crate::server::Server;
use crate::{Ends, pod, review};

const STRICT: &str = "profiles: [ci]\n";
const LAX: &str = "profiles: [ci]\npolicies: {CI201: {mode: 'off'}}\n";

fn digest(settings: &str) -> String {
    let settings = Settings::from_yaml("podgate.yaml", settings).unwrap();
    let gate = Gate::builder().settings(settings).build().unwrap();
    gate.start(&Context::default()).policies.digest
}

/// Whether the pod is allowed, and by which settings.
fn verdict(client: &mut Client) -> (bool, String) {
    let body = review("u", "pods", &pod(true).to_string());
    let response = client.post("/validate", &body).unwrap().json()["response"].clone();
    let digest = response["auditAnnotations"]["digest"].as_str().unwrap().to_owned();
    (response["allowed"].as_bool().unwrap(), digest)
}

fn changed(server: &Server) {
    server.logged_where(|event| event["what"] == "policies" && event["level"] == "INFO");
}

#[test]
fn settings_change_without_a_lost_or_mixed_answer() {
    let folder = Arc::new(TempDir::new().unwrap());
    fs::write(folder.path().join("podgate.yaml"), STRICT).unwrap();
    let server = Server::start(folder, &["--plain-http"]);
    let (strict, lax) = ((false, digest(STRICT)), (true, digest(LAX)));
    let (done, answered) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let _ends = Ends(&done);
                let mut client = server.client();
                while !done.load(Ordering::Relaxed) {
                    let verdict = verdict(&mut client);
                    assert!(verdict == strict || verdict == lax, "{verdict:?}");
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let _ends = Ends(&done);
        for (settings, expected) in [(LAX, &lax), (STRICT, &strict), (LAX, &lax)] {
            server.write("podgate.yaml", settings);
            changed(&server);
            assert_eq!(verdict(&mut server.client()), *expected);
            let name = format!("podgate_policies{{digest=\"{}\",profiles=\"ci\"}}", expected.1);
            assert_eq!(server.metric(&name), 1.0);
            assert!(!done.load(Ordering::Relaxed), "a client failed");
        }
    });
    assert!(answered.load(Ordering::Relaxed) > 10);
    assert_eq!(server.metric("podgate_reloads_total{what=\"policies\",result=\"success\"}"), 3.0);
}

#[test]
fn a_set_that_cannot_be_used_is_refused_and_told() {
    let folder = Arc::new(TempDir::new().unwrap());
    fs::write(folder.path().join("podgate.yaml"), STRICT).unwrap();
    let server = Server::start(folder, &["--plain-http"]);
    let strict = (false, digest(STRICT));
    for (settings, reason) in [
        ("profiles: [cii]\n", "podgate.yaml:1:12: unknown profile `cii`; did you mean `ci`?"),
        ("# not written yet\n", "podgate.yaml: there is nothing in it"),
        ("profile: ci\n", "podgate.yaml:1:1: unknown field `profile`"),
        ("policies: {CI201: {parameters: {x: 1}}}\n", "podgate.yaml:1:"),
        ("admission: {namespaceProfiles: [ci]}\n", "namespaceProfiles"),
    ] {
        server.write("podgate.yaml", settings);
        let event = server.logged_where(|event| event["what"] == "policies");
        assert_eq!(event["level"], "ERROR");
        assert!(event["reason"].as_str().unwrap().contains(reason), "{event}");
        let (status, text) = server.operators("/readyz");
        assert!(status == 200 && text.starts_with("ok\npolicies: the newest files are refused: "), "{text}");
        assert_eq!(server.metric("podgate_reload_refused{what=\"policies\"}"), 1.0);
        assert_eq!(verdict(&mut server.client()), strict);
    }
    assert_eq!(server.metric("podgate_reloads_total{what=\"policies\",result=\"failure\"}"), 5.0);
    fs::remove_file(server.path("podgate.yaml")).unwrap();
    changed(&server);
    server.write("podgate.yaml", STRICT);
    changed(&server);
    assert_eq!(server.operators("/readyz"), (200, "ok\n".to_owned()));
    assert_eq!(server.metric("podgate_reload_refused{what=\"policies\"}"), 0.0);
}

/// A folder as kubelet mounts a ConfigMap: each file is a link into `..data`, which is a link to what counts now.
fn mount(folder: &Path, version: &str, rego: &str) {
    let own = folder.join(format!("..{version}"));
    fs::create_dir(&own).unwrap();
    fs::write(own.join("mine.rego"), rego).unwrap();
    let _ = fs::remove_file(folder.join("..new"));
    symlink(format!("..{version}"), folder.join("..new")).unwrap();
    fs::rename(folder.join("..new"), folder.join("..data")).unwrap();
    if fs::symlink_metadata(folder.join("mine.rego")).is_err() {
        symlink("..data/mine.rego", folder.join("mine.rego")).unwrap();
    }
}

#[test]
fn policies_of_a_mounted_config_map_are_read_again() {
    let rego = |message: &str| {
        format!(
            "package mine\nimport rego.v1\n\nviolation contains {{\"msg\": \"{message}\"}} if input.review.object.spec.containers[_].name == \"build\"\n"
        )
    };
    let folder = Arc::new(TempDir::new().unwrap());
    let mounted = folder.path().join("rego");
    fs::create_dir(&mounted).unwrap();
    mount(&mounted, "1", &rego("first"));
    let server = Server::start(Arc::clone(&folder), &["--plain-http", "--policies", "rego"]);
    let said = || {
        let body = review("u", "pods", &pod(true).to_string());
        server.client().post("/validate", &body).unwrap().json().to_string()
    };
    let first = said();
    mount(&mounted, "2", &rego("second"));
    changed(&server);
    let second = said();
    assert!(
        first.contains("first") && second.contains("second") && !second.contains("first"),
        "{first}\n{second}"
    );
    mount(&mounted, "3", "package mine\nviolation contains\n");
    let event = server.logged_where(|event| event["level"] == "ERROR");
    assert_eq!(event["what"], json!("policies"));
    assert_eq!(said(), second);
}
