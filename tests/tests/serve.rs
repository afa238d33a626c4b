//! `podgate serve` over real sockets: the program itself, asked as an API server and Gatekeeper ask it.

#[path = "serve/abuse.rs"]
mod abuse;
#[path = "serve/authority.rs"]
mod authority;
#[path = "serve/client.rs"]
mod client;
#[path = "serve/cluster.rs"]
mod cluster;
#[path = "serve/end.rs"]
mod end;
#[path = "serve/load.rs"]
mod load;
#[path = "serve/protocols.rs"]
mod protocols;
#[path = "serve/reload.rs"]
mod reload;
#[path = "serve/server.rs"]
mod server;
#[path = "serve/soak.rs"]
mod soak;
#[path = "serve/tls.rs"]
mod tls;
#[path = "serve/verdicts.rs"]
mod verdicts;

use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

/// Ends what other threads do once the one that has it ends, be it by a panic.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A pod that policies refuse only where it is privileged.
fn pod(privileged: bool) -> Value {
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "agent", "namespace": "ci"}, "spec": {
        "automountServiceAccountToken": false,
        "securityContext": {"runAsNonRoot": true, "runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [{"name": "build", "image": format!("registry.example/build:1@sha256:{}", "0".repeat(64)),
            "env": [{"name": "TOKEN", "value": "geheim-4711"}],
            "securityContext": {"privileged": privileged, "allowPrivilegeEscalation": privileged,
                "capabilities": {"drop": ["ALL"]}}}]}})
}

/// The body of a review that asks to create an object.
fn review(uid: &str, resource: &str, object: &str) -> String {
    let (group, resource) = resource.rsplit_once('/').unwrap_or(("", resource));
    format!(
        r#"{{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{{"uid":"{uid}",
        "kind":{{"group":"{group}","version":"v1","kind":"X"}},
        "resource":{{"group":"{group}","version":"v1","resource":"{resource}"}},"name":"agent","namespace":"ci",
        "operation":"CREATE","userInfo":{{"username":"dev"}},"object":{object},"oldObject":null,"dryRun":false}}}}"#
    )
}

/// The body of a provider's request.
fn keys(keys: &[&str]) -> String {
    json!({"apiVersion": "externaldata.gatekeeper.sh/v1beta1", "kind": "ProviderRequest",
        "request": {"keys": keys}})
    .to_string()
}
