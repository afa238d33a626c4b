//! `podgate scan` against simulated API servers, which can do what a real one rarely does.

#[path = "scan/claims.rs"]
mod claims;
#[path = "scan/faults.rs"]
mod faults;
#[path = "scan/folding.rs"]
mod folding;
#[path = "scan/many.rs"]
mod many;
#[path = "scan/merging.rs"]
mod merging;
#[path = "scan/proxy.rs"]
mod proxy;
#[path = "scan/reports.rs"]
mod reports;
#[path = "scan/server.rs"]
mod server;
#[path = "scan/watch.rs"]
mod watch;

use std::fs;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use server::Server;

/// A reference to a controller.
fn controller(version: &str, kind: &str, name: &str) -> Value {
    json!({"apiVersion": version, "kind": kind, "name": name, "uid": format!("{kind}-{name}"), "controller": true})
}

/// An object that something else controls, or nothing.
fn object(namespace: &str, kind: &str, name: &str, owner: Option<Value>) -> Value {
    let mut metadata = json!({"name": name, "namespace": namespace, "uid": format!("{kind}-{name}"),
        "managedFields": [{"manager": "x", "fieldsV1": {"f:spec": {}}}]});
    if let Some(owner) = owner {
        metadata["ownerReferences"] = json!([owner]);
    }
    json!({"metadata": metadata})
}

/// A pod in which nothing is wrong but what `privileged` brings, CI201; as a list has it, without its kind.
fn pod(namespace: &str, name: &str, privileged: bool, owner: Option<Value>) -> Value {
    let mut pod = object(namespace, "Pod", name, owner);
    pod["spec"] = json!({"automountServiceAccountToken": false, "serviceAccountName": "builder", "nodeName": "node-1",
        "securityContext": {"runAsNonRoot": true, "runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [{"name": "build", "image": format!("registry.example/build:1@sha256:{}", "0".repeat(64)),
            "securityContext": {"privileged": privileged, "allowPrivilegeEscalation": privileged,
                "readOnlyRootFilesystem": true, "capabilities": {"drop": ["ALL"]}}}]});
    pod["status"] = json!({"phase": "Running", "unheard": true});
    pod
}

/// How the program ended.
#[derive(Debug)]
struct Run {
    code: i32,
    out: String,
    err: String,
}

impl Run {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Owner or pod of each subject, with the number of pods.
    fn subjects(&self) -> Vec<String> {
        let subjects = self.json()["subjects"].as_array().unwrap().clone();
        subjects.iter().map(subject).collect()
    }

    /// Policy, severity and index of the subject of each finding.
    fn findings(&self) -> Vec<(String, u64)> {
        let findings = self.json()["findings"].as_array().unwrap().clone();
        findings.iter().map(|one| (text(one, "policy"), one["subject"].as_u64().unwrap())).collect()
    }

    /// Cause and reason of everything that was not evaluated.
    fn not_evaluated(&self) -> Vec<(String, String)> {
        let entries = self.json()["notEvaluated"].as_array().unwrap().clone();
        entries.iter().map(|entry| (text(entry, "cause"), text(entry, "reason"))).collect()
    }
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_else(|| panic!("no {key} in {value}")).to_owned()
}

fn subject(subject: &Value) -> String {
    let space = text(subject, "namespace");
    match subject.get("owner") {
        None => format!("{} {space}/{}", text(subject, "kind"), text(subject, "name")),
        Some(owner) => {
            format!("{} {space}/{} x{}", text(owner, "kind"), text(owner, "name"), subject["pods"])
        }
    }
}

/// A folder with a kubeconfig of these clusters, the first of which is the current one.
fn kubeconfig(clusters: &[(&str, &Server)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let named = |value: fn(&str, &Server) -> Value| {
        clusters.iter().map(|(name, server)| value(name, server)).collect::<Vec<_>>()
    };
    let config = json!({"apiVersion": "v1", "kind": "Config", "current-context": clusters[0].0,
        "clusters": named(|name, server| json!({"name": name,
            "cluster": {"server": format!("http://{}", server.address)}})),
        "contexts": named(|name, _| json!({"name": name, "context": {"cluster": name, "user": "tests"}})),
        "users": [{"name": "tests", "user": {"token": "geheim-4711"}}]});
    fs::write(folder.path().join("config"), config.to_string()).unwrap();
    folder
}

/// The program, in a folder with a kubeconfig.
fn program(folder: &TempDir, args: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_podgate-tested"));
    command.current_dir(folder.path()).args(["scan", "--kubeconfig", "config"]).args(args.split_whitespace());
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM"] {
        command.env_remove(name);
    }
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"] {
        command.env_remove(name).env_remove(name.to_lowercase());
    }
    command
}

fn run(folder: &TempDir, args: &str) -> Run {
    let output = program(folder, args).output().unwrap();
    Run {
        code: output.status.code().expect("no signal"),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn scan(server: &Server, args: &str) -> Run {
    run(&kubeconfig(&[("dev", server)]), args)
}
