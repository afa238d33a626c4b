//! The same over a real Kubernetes API server and a real Gatekeeper (`cargo xtask cluster up`), whose folder
//! `PODGATE_CLUSTER` names. Each test has namespaces and a webhook configuration of its own.

#[path = "cluster/admission.rs"]
mod admission;
#[path = "cluster/api.rs"]
mod api;
#[path = "cluster/failure.rs"]
mod failure;
#[path = "cluster/gatekeeper.rs"]
mod gatekeeper;
#[path = "cluster/install.rs"]
mod install;
#[path = "cluster/managed.rs"]
mod managed;
#[path = "cluster/namespaces.rs"]
mod namespaces;
#[path = "cluster/passage.rs"]
mod passage;
#[path = "cluster/pod_security.rs"]
mod pod_security;
#[path = "cluster/provider.rs"]
mod provider;
#[path = "cluster/scan.rs"]
mod scan;
#[path = "cluster/webhook.rs"]
mod webhook;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use self::api::Api;

/// Longest for what takes a moment in a cluster, such as a changed webhook configuration. Reached, it fails the test.
const PATIENCE: Duration = Duration::from_secs(90);

/// Asks again until something holds.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < end, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The pod of these tests in a namespace.
pub fn pod(namespace: &str, name: &str, privileged: bool) -> Value {
    let mut pod = crate::pod(privileged);
    pod["metadata"] = json!({"name": name, "namespace": namespace});
    pod
}

/// Asks about a safe pod and a privileged one all the time, until something is done. Each answer must be right.
fn goes_on(client: &Api, namespace: &str, done: &AtomicBool, asked: &AtomicUsize) {
    while !done.load(Ordering::Relaxed) {
        for (privileged, status) in [(false, 201), (true, 403)] {
            let answer = client.try_pod(&pod(namespace, "agent", privileged));
            assert_eq!(answer.status, status, "{answer:?}");
            asked.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// What the API server puts before the message of a webhook that refuses.
pub const REFUSED: &str = "admission webhook \"pods.podgate.dev\" denied the request: ";
