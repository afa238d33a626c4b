//! When podgate is not there, and when its certificate changes.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use serde_json::json;

use super::api::Api;
use super::webhook::Webhook;
use super::{goes_on, pod, until};
use crate::Ends;
use crate::authority::Authority;

#[test]
fn without_podgate_the_failure_policy_decides() {
    let Some(api) = Api::connect() else { return };
    for (policy, status) in [("Fail", 500), ("Ignore", 201)] {
        let namespace = api.namespace(&json!({}));
        let changes = json!({"failurePolicy": policy});
        let webhook = Webhook::start_with(&api, &namespace, "", &[], &changes);
        let bad = pod(&namespace, "agent", true);
        assert_eq!(api.try_pod(&bad).status, 403);
        webhook.server.terminate();
        until("the server is gone", || std::net::TcpStream::connect(webhook.server.address).is_err());
        let answer = api.try_pod(&bad);
        assert_eq!(answer.status, status, "{answer:?}");
        let is_told = answer.body.contains("failed calling webhook \\\"pods.podgate.dev\\\"");
        assert_eq!(is_told, policy == "Fail", "{answer:?}");
        assert_eq!(api.try_pod(&pod(&namespace, "agent", false)).status, status, "the safe pod likewise");
    }
}

/// The certificate changes twice, and with it its authority, while pods are created all the time: first both are
/// trusted, then the certificate changes, then the old one is no longer trusted.
#[test]
fn certificates_and_their_authority_change_under_load() {
    let Some(api) = Api::connect() else { return };
    let namespace = api.namespace(&json!({}));
    let webhook = Webhook::start(&api, &namespace, "");
    let (done, asked) = (AtomicBool::new(false), AtomicUsize::new(0));
    let clients: Vec<Api> = (0..3).map(|_| api.again()).collect();
    std::thread::scope(|scope| {
        for client in clients {
            let (done, asked, namespace) = (&done, &asked, &namespace);
            scope.spawn(move || {
                let _ends = Ends(done);
                goes_on(&client, namespace, done, asked);
            });
        }
        let _ends = Ends(&done);
        let mut old = webhook.authority.pem.clone();
        for year in [2101, 2102] {
            let new = Authority::new();
            webhook.trust(&[&old, &new.pem]);
            more(&asked, &done);
            let leaf = new.leaf(year);
            webhook.server.write("tls.crt", &leaf.certificate);
            webhook.server.write("tls.key", &leaf.key);
            webhook.server.logged_where(|event| event["what"] == "certificate" && event["level"] == "INFO");
            more(&asked, &done);
            webhook.trust(&[&new.pem]);
            more(&asked, &done);
            old = new.pem;
        }
    });
    println!("{asked:?} requests while certificates changed, 0 failed");
}

/// Waits for more requests, longer than the API server takes to go by a changed configuration.
fn more(asked: &AtomicUsize, done: &AtomicBool) {
    let (at, begun) = (asked.load(Ordering::Relaxed), std::time::Instant::now());
    until("requests go on", || {
        assert!(!done.load(Ordering::Relaxed), "a client failed");
        asked.load(Ordering::Relaxed) >= at + 50 && begun.elapsed().as_secs() >= 2
    });
}
