//! Certificates: which are shown, which are asked for, and what happens when they change.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rustls::version::{TLS12, TLS13};
use serde_json::json;
use tempfile::TempDir;

use crate::authority::{Authority, Leaf};
use crate::client::Client;
use crate::server::Server;
use crate::{Ends, keys, pod, review};

const TLS: [&str; 6] = ["--tls-cert", "tls.crt", "--tls-key", "tls.key", "--shutdown-delay", "0"];

fn server(authority: &Authority, more: &[&str]) -> Server {
    let folder = Arc::new(TempDir::new().unwrap());
    authority.leaf(2100).write(folder.path(), "tls");
    fs::write(folder.path().join("ca.crt"), &authority.pem).unwrap();
    Server::start(folder, &[&TLS[..], more].concat())
}

#[test]
fn the_webhook_takes_both_versions_of_tls_and_the_provider_the_newer() {
    let authority = Authority::new();
    let server = server(&authority, &["--client-ca", "ca.crt"]);
    let own = authority.leaf(2100);
    assert_eq!(server.metric("podgate_certificate_expiry_timestamp_seconds"), 4_102_444_800.0);
    for (version, status) in [(&TLS12, 403), (&TLS13, 200)] {
        let mut client = Client::tls(server.address, &authority.client(&[version], Some(&own))).unwrap();
        let body = review("u", "pods", &pod(true).to_string());
        assert_eq!(client.post("/validate", &body).unwrap().json()["response"]["allowed"], false);
        let answer = client.post("/external-data", &keys(&["a:1"])).unwrap();
        assert_eq!(answer.status, status, "{version:?}");
        let response = answer.json()["response"].clone();
        assert_eq!(response["items"].as_array().unwrap().is_empty(), status == 403);
        assert_eq!(response["systemError"].is_string(), status == 403);
    }
}

#[test]
fn arguments_that_do_not_go_together_are_refused() {
    let folder = TempDir::new().unwrap();
    let managed = ["--managed-certificate=a/b", "--service=s"];
    for (args, reason) in [
        (&[][..], "--tls-cert"),
        (&["--managed-certificate=a/b"], "--service"),
        (&["--service=s", "--tls-cert=c", "--tls-key=k"], "cannot be used with"),
        (&["--provider=p", "--plain-http"], "cannot be used with"),
        (&["--managed-certificate=a/b", "--service=s", "--tls-cert=c", "--tls-key=k"], "cannot be used with"),
        (&["--managed-certificate=a", "--service=s"], "expected `namespace/name`"),
        (&["--managed-certificate=a/b", "--service=s.t"], "expected the name of a Service"),
        (
            &["--managed-certificate=a/b", "--service=s", "--certificate-lifetime=1s"],
            "expected a time between",
        ),
        (&["--plain-http", "--managed-certificate=a/b", "--service=s"], "cannot be used with"),
        (&["--plain-http", "--client-ca-from=g"], "cannot be used with"),
        (&[&managed[..], &["--client-ca=c", "--client-ca-from=g"]].concat(), "cannot be used with"),
        (&[&managed[..], &["--require-client-cert"]].concat(), "--client-ca"),
        (&managed, "a certificate needs a cluster that keeps it: no API server is known"),
    ] {
        let (code, said) = Server::refused(folder.path(), args);
        assert!(code == Some(2) && said.contains(reason), "{args:?}: {code:?} {said}");
    }
}

/// A certificate that no client takes is not shown: neither from the start, nor in the place of a good one.
#[test]
fn a_certificate_out_of_its_time_is_refused() {
    let authority = Authority::new();
    let good = server(&authority, &[]);
    let expired = good.metric("podgate_certificate_expiry_timestamp_seconds");
    for (from, until, said) in [
        (1999, 2000, "`tls.crt` has expired at 2000-01-01T00:00:00Z; it is "),
        (2099, 2100, "`tls.crt` is not valid before 2099-01-01T00:00:00Z; it is "),
    ] {
        let (folder, leaf) = (TempDir::new().unwrap(), authority.leaf_between(from, until));
        leaf.write(folder.path(), "tls");
        let (code, text) = Server::refused(folder.path(), &TLS);
        assert!(code == Some(2) && text.contains(said), "{code:?} {text}");

        good.write("tls.key", &leaf.key);
        good.write("tls.crt", &leaf.certificate);
        let event = good.logged_where(|event| event["reason"].as_str().is_some_and(|own| own.contains(said)));
        assert_eq!((&event["what"], &event["level"]), (&json!("certificate"), &json!("ERROR")));
        assert!(good.operators("/readyz").1.contains(said));
        assert_eq!(good.metric("podgate_certificate_expiry_timestamp_seconds"), expired);
        let config = authority.client(&[&TLS13], None);
        assert_eq!(Client::tls(good.address, &config).unwrap().get("/healthz").unwrap().status, 200);
        // It is tried again, and told once.
        let told = good.metric("podgate_reloads_total{what=\"certificate\",result=\"failure\"}");
        let leaf = authority.leaf(2100);
        good.write("tls.key", &leaf.key);
        good.write("tls.crt", &leaf.certificate);
        good.logged_where(|event| event["what"] == "certificate" && event["level"] == "INFO");
        let now = good.metric("podgate_reloads_total{what=\"certificate\",result=\"failure\"}");
        assert!(now - told <= 1.0, "a key without its certificate may count, too: {told} {now}");
    }
}

#[test]
fn what_is_no_tls_costs_nothing() {
    let authority = Authority::new();
    let server = server(&authority, &["--max-connections", "16"]);
    let config = authority.client(&[&TLS13], None);
    let mut kept = Vec::new();
    for at in 0..100_u8 {
        let mut stream = TcpStream::connect(server.address).unwrap();
        let _ = match at % 4 {
            0 => stream.write_all(b"POST /validate HTTP/1.1\r\nHost: a\r\n\r\n"),
            1 => stream.write_all(&[0x16, 3, 1, 0x40, 0, 1, 0, 0x3f, 0xfc, 3, 3]),
            2 => stream.write_all(&[at; 300]),
            _ => Ok(()),
        };
        kept.push(stream);
        if at % 10 == 0 {
            assert_eq!(Client::tls(server.address, &config).unwrap().get("/healthz").unwrap().status, 200);
        }
    }
    let mut answer = Vec::new();
    let _ = kept[0].read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP"), "nothing is told without TLS");
    let other = Authority::new().client(&[&TLS13], None);
    assert!(Client::tls(server.address, &other).is_err(), "a client that does not know the authority goes");
    assert_eq!(Client::tls(server.address, &config).unwrap().get("/healthz").unwrap().status, 200);
}

#[test]
fn clients_show_certificates_where_they_are_asked_to() {
    let (authority, other) = (Authority::new(), Authority::new());
    let (own, foreign) = (authority.leaf(2100), other.leaf(2100));
    let expired = authority.leaf(2000);
    for (args, without) in
        [(&["--client-ca", "ca.crt"][..], 200), (&["--client-ca", "ca.crt", "--require-client-cert"], 403)]
    {
        let server = server(&authority, args);
        let ask = |leaf: Option<&Leaf>, path: &str, body: &str| {
            let mut client = Client::tls(server.address, &authority.client(&[&TLS13], leaf))?;
            client.post(path, body)
        };
        let body = review("u", "pods", &pod(false).to_string());
        assert_eq!(ask(Some(&own), "/external-data", &keys(&["a:1"])).unwrap().status, 200);
        assert_eq!(ask(Some(&own), "/validate", &body).unwrap().json()["response"]["allowed"], true);
        let answer = ask(None, "/external-data", &keys(&["a:1"])).unwrap();
        assert_eq!((answer.status, answer.json()["response"]["items"].clone()), (403, json!([])));
        assert_eq!(ask(None, "/validate", &body).unwrap().status, without);
        for leaf in [&foreign, &expired] {
            assert!(ask(Some(leaf), "/validate", &body).is_err(), "not verified: no answer at all");
        }
        let mut probe = Client::tls(server.address, &authority.client(&[&TLS13], None)).unwrap();
        assert_eq!(probe.get("/readyz").unwrap().status, 200);
    }
}

/// The provider answers Gatekeeper alone, of which it must know the authority.
#[test]
fn the_provider_answers_nobody_whom_it_cannot_know() {
    let authority = Authority::new();
    let server = server(&authority, &[]);
    let own = authority.leaf(2100);
    for leaf in [None, Some(&own)] {
        let mut client = Client::tls(server.address, &authority.client(&[&TLS13], leaf)).unwrap();
        let answer = client.post("/external-data", &keys(&["a:1"])).unwrap();
        let response = &answer.json()["response"];
        assert_eq!((answer.status, &response["items"]), (403, &json!([])));
        assert_eq!(response["systemError"], "podgate: this asks for a client certificate");
    }
}

/// Which certificate a new connection is shown: of the year in which it ends.
#[test]
fn a_certificate_changes_without_a_lost_request() {
    let authority = Authority::new();
    let server = server(&authority, &[]);
    let config = authority.client(&[&TLS13], None);
    let body = review("u", "pods", &pod(false).to_string());
    let (answered, done) = (AtomicUsize::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for renews in [false, true, true] {
            let (server, config, body, answered, done) = (&server, &config, &body, &answered, &done);
            scope.spawn(move || {
                let _ends = Ends(done);
                let mut client = Client::tls(server.address, config).unwrap();
                while !done.load(Ordering::Relaxed) {
                    let answer = client.post("/validate", body).unwrap();
                    assert_eq!(answer.json()["response"]["allowed"], true);
                    answered.fetch_add(1, Ordering::Relaxed);
                    if renews {
                        client = Client::tls(server.address, config).unwrap();
                    }
                }
            });
        }
        let _ends = Ends(&done);
        for year in [2101, 2102] {
            let leaf = authority.leaf(year);
            // For a moment the pair is none: it is refused, and the one before stays.
            server.write("tls.crt", &leaf.certificate);
            server.logged_where(|event| event["what"] == "certificate" && event["level"] == "ERROR");
            assert_eq!(server.metric("podgate_reload_refused{what=\"certificate\"}"), 1.0);
            server.write("tls.key", &leaf.key);
            server.logged_where(|event| event["what"] == "certificate" && event["level"] == "INFO");
            assert_eq!(server.metric("podgate_reload_refused{what=\"certificate\"}"), 0.0);
            let at = answered.load(Ordering::Relaxed);
            while answered.load(Ordering::Relaxed) < at + 10 {
                assert!(!done.load(Ordering::Relaxed), "a client failed");
                std::thread::yield_now();
            }
        }
    });
    let ends =
        jiff::civil::date(2102, 1, 1).to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp().as_second();
    assert_eq!(server.metric("podgate_certificate_expiry_timestamp_seconds"), ends as f64);
}
