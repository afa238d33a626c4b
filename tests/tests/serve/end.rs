//! The end: SIGTERM, after which nothing that was asked is left unanswered.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::client::head;
use crate::server::Server;
use crate::{Ends, pod, review};

#[test]
fn requests_around_sigterm_are_all_answered() {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let server = Server::start(folder, &["--plain-http", "--shutdown-delay", "600"]);
    let body = review("u", "pods", &pod(false).to_string());
    let (answered, done, failed) = (AtomicUsize::new(0), AtomicBool::new(false), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let _ends = Ends(&done);
                let mut client = server.client();
                // Each goes on for a while after it was first told to leave.
                let mut left = 50;
                while left > 0 && !failed.load(Ordering::Relaxed) {
                    let answer = client.post("/validate", &body).unwrap();
                    assert_eq!(answer.json()["response"]["allowed"], true);
                    answered.fetch_add(1, Ordering::Relaxed);
                    if answer.closes {
                        left -= 1;
                        client = server.client();
                    }
                }
            });
        }
        let ends = Ends(&failed);
        while answered.load(Ordering::Relaxed) < 40 {
            assert!(!done.load(Ordering::Relaxed), "a client failed");
            std::thread::yield_now();
        }
        assert_eq!(server.operators("/readyz").0, 200);
        server.terminate();
        server.logged("shutting down");
        assert_eq!(server.operators("/readyz"), (503, "shutting down\n".to_owned()));
        assert_eq!(server.operators("/healthz").0, 200);
        // All is well: the clients end by themselves.
        std::mem::forget(ends);
    });
    assert!(answered.load(Ordering::Relaxed) >= 240);
    // A second signal ends the delay.
    server.terminate();
    server.logged("ended");
    assert!(server.ended().success());
}

#[test]
fn a_request_that_has_begun_is_answered_and_silent_connections_are_closed() {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let server = Server::start(folder, &["--plain-http", "--shutdown-delay", "600"]);
    let body = review("u", "pods", &pod(true).to_string());
    let (begun, rest) = body.split_at(100);
    let mut silent = server.client();
    assert_eq!(silent.get("/healthz").unwrap().status, 200);
    let mut slow = server.client();
    slow.send(head("/validate", body.len(), "").as_bytes()).unwrap();
    slow.send(begun.as_bytes()).unwrap();
    // Its head was read, since one that came later is answered on the same threads.
    assert_eq!(server.client().get("/healthz").unwrap().status, 200);
    server.terminate();
    server.logged("shutting down");
    server.terminate();
    assert!(silent.is_closed());
    slow.send(rest.as_bytes()).unwrap();
    let answer = slow.answer().unwrap();
    assert_eq!((answer.closes, answer.json()["response"]["allowed"].clone()), (true, false.into()));
    server.logged("ended");
    assert!(server.ended().success());
}
