//! The same verdict everywhere: the JSON of the command line, the provider's value, and what the webhook logged.

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use podgate::{Report, render};
use podgate_tests::documents;
use serde_json::{Value, json};

use crate::client::Client;
use crate::server::Server;
use crate::{keys, review};

/// The report of the command line over a text, as bytes, and its exit code.
fn by_command_line(text: &str) -> (String, i32) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_podgate-tested"))
        .args(["check", "--format", "json", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    (String::from_utf8(output.stdout).unwrap(), output.status.code().unwrap())
}

/// What the log says of a report.
fn logged(report: &Report) -> Value {
    let findings = report.findings.iter().map(|finding| {
        json!({"policy": finding.policy, "severity": finding.severity, "action": finding.action,
            "container": finding.container, "pointer": finding.pointer})
    });
    findings.collect()
}

fn compare(server: &Server, client: &mut Client, uid: &str, text: &str, resource: &str) -> bool {
    let (expected, code) = by_command_line(text);
    let mut report: Report = serde_json::from_str(&expected).unwrap();
    let item = client.post("/external-data", &keys(&[text])).unwrap().json()["response"]["items"][0].clone();
    let is_verdict = code < 2 && !report.subjects.is_empty();
    assert_eq!(item.get("error").is_none(), is_verdict, "{uid}: {item}");
    if is_verdict {
        let value: Report = serde_json::from_value(item["value"].clone()).unwrap();
        let mut bytes = Vec::new();
        render::json::write(&value, &mut bytes).unwrap();
        assert_eq!(String::from_utf8(bytes).unwrap(), expected, "{uid}");
    }
    let answer = client.post("/validate", &review(uid, resource, text)).unwrap().json();
    let event = server.logged_where(|event| event["uid"] == uid);
    report.summarise();
    let refuses = report.summary.denied || report.has_errors();
    let enforced = resource == "pods";
    assert_eq!(answer["response"]["allowed"], !(refuses && enforced), "{uid}: {answer:#}");
    let findings: Value = serde_json::from_str(event["findings"].as_str().unwrap()).unwrap();
    if event["outcome"] != "failed" {
        assert_eq!(findings, logged(&report), "{uid}");
    }
    is_verdict
}

#[test]
fn every_fixture_has_one_verdict() {
    let documents = documents().unwrap();
    // Two at a time: most of the time goes into starting the command line.
    let (next, verdicts) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let server = Server::plain(&[]);
                let mut client = server.client();
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some((name, object)) = documents.get(at) else { break };
                    let uid = format!("{at} {name}");
                    let is_pod = object["kind"] == "Pod" && object["apiVersion"] == "v1";
                    let resource = if is_pod { "pods" } else { "apps/deployments" };
                    let is_verdict = compare(&server, &mut client, &uid, &object.to_string(), resource);
                    verdicts.fetch_add(usize::from(is_verdict), Ordering::Relaxed);
                }
            });
        }
    });
    assert!(verdicts.load(Ordering::Relaxed) > 160, "{verdicts:?} of {}", documents.len());
}
