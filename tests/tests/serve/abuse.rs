//! Clients that mean no good: others are still answered.

use std::io::ErrorKind;

use serde_json::json;

use crate::client::{Client, head};
use crate::server::Server;
use crate::{keys, pod, review};

fn body() -> String {
    review("u", "pods", &pod(false).to_string())
}

/// A new client is answered.
fn others_are_answered(server: &Server) {
    let answer = server.client().post("/validate", &body()).unwrap();
    assert_eq!(answer.json()["response"]["allowed"], true);
}

const MIB: usize = 1 << 20;

/// A review of a privileged pod of so many bytes.
fn large(bytes: usize) -> String {
    let mut large = pod(true);
    large["metadata"]["annotations"] = json!({"a": ""});
    let room = bytes - review("u", "pods", &large.to_string()).len();
    large["metadata"]["annotations"]["a"] = json!("x".repeat(room));
    review("u", "pods", &large.to_string())
}

#[test]
fn bodies_that_are_far_too_large_are_refused_at_once() {
    let server = Server::plain(&[]);
    for (path, limit) in [("/validate", 40 * MIB), ("/external-data", 16 * MIB)] {
        let mut client = server.client();
        client.send(head(path, limit + 64 * MIB + 1, "").as_bytes()).unwrap();
        let answer = client.answer().unwrap();
        assert_eq!((answer.status, answer.closes), (413, true), "told in the head: nothing is read");

        let mut client = server.client();
        let chunked = head(path, 0, "Transfer-Encoding: chunked\r\n").replace("Content-Length: 0\r\n", "");
        client.send(chunked.as_bytes()).unwrap();
        let chunk = format!("{:x}\r\n{}\r\n", MIB, "x".repeat(MIB));
        // The server closes while more is sent.
        while client.send(chunk.as_bytes()).is_ok() {}
        others_are_answered(&server);
    }
}

/// An API server hears a verdict, since it may be told to ignore anything else.
#[test]
fn reviews_up_to_the_bound_are_judged_and_larger_ones_denied() {
    let server = Server::plain(&[]);
    for (bytes, code) in [(3 * MIB, 403), (40 * MIB, 403), (40 * MIB + 1, 413), (90 * MIB, 413)] {
        let body = large(bytes);
        assert_eq!(body.len(), bytes);
        let answer = server.client().post("/validate", &body).unwrap();
        let response = &answer.json()["response"];
        assert_eq!(
            (answer.status, &response["uid"], &response["allowed"]),
            (200, &json!("u"), &json!(false))
        );
        assert_eq!(response["status"]["code"], code, "{bytes}");
        assert_eq!(answer.closes, code == 413);
    }
    let message = "podgate cannot judge the request: the body must not be longer than 40 MiB";
    let chunked = head("/validate", 0, "Transfer-Encoding: chunked\r\n").replace("Content-Length: 0\r\n", "");
    let body = large(40 * MIB + 1);
    let mut client = server.client();
    client.send(format!("{chunked}{:x}\r\n{body}\r\n0\r\n\r\n", body.len()).as_bytes()).unwrap();
    let response = client.answer().unwrap().json()["response"].clone();
    assert_eq!((&response["uid"], &response["allowed"]), (&json!("u"), &json!(false)));
    assert_eq!(response["status"]["message"], message);
    let nameless = server.client().post("/validate", &"x".repeat(40 * MIB + 1)).unwrap();
    assert_eq!((nameless.status, nameless.body.as_str()), (413, "the body must not be longer than 40 MiB\n"));
    let keys = server.client().post("/external-data", &"x".repeat(16 * MIB + 1)).unwrap();
    assert_eq!((keys.status, keys.json()["response"]["items"].clone()), (413, json!([])));
    others_are_answered(&server);
}

#[test]
fn what_is_no_http_is_closed() {
    let server = Server::plain(&["--max-connections", "64"]);
    for bytes in [
        &b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"[..],
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\0\0\0\0\r\n\r\n",
        b"POST /validate HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /validate HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /validate HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    ] {
        let mut client = server.client();
        client.send(bytes).unwrap();
        if let Ok(answer) = client.answer() {
            assert!((400..500).contains(&answer.status), "{bytes:?}: {answer:?}");
        }
        others_are_answered(&server);
    }
    let mut client = server.client();
    let _ = client.send(format!("GET / HTTP/1.1\r\nA: {}\r\n\r\n", "x".repeat(1 << 20)).as_bytes());
    assert!(client.answer().map_or(true, |answer| answer.status == 431));
    others_are_answered(&server);
}

/// Hundreds of clients that say nothing, or begin and do not go on, against a server of 32 places.
#[test]
fn silent_clients_make_room() {
    let server = Server::plain(&["--max-connections", "32"]);
    let mut silent = Vec::new();
    for at in 0..300 {
        let mut client = server.client();
        let begun = head("/validate", 1000, "");
        let sent = match at % 3 {
            0 => "",
            1 => begun.get(..40).unwrap_or_default(),
            _ => &begun,
        };
        let _ = client.send(sent.as_bytes());
        silent.push(client);
        if at % 10 == 0 {
            others_are_answered(&server);
        }
    }
    others_are_answered(&server);
    assert!(server.metric("podgate_connections_closed_total{reason=\"limit\"}") >= 250.0);
    let closed = silent.iter_mut().take(250).filter_map(|client| client.is_closed().then_some(())).count();
    assert_eq!(closed, 250, "the oldest had to go");
}

/// Bodies that are not there in full fill the room for all of them: one more is refused, and its sender hears so.
#[test]
fn whoever_finds_no_room_for_a_body_is_answered() {
    let server = Server::plain(&[]);
    let part = vec![b' '; 40 * MIB - 1];
    let fill = |part: &[u8]| {
        let mut client = server.client();
        client.send(head("/validate", 40 * MIB, "").as_bytes()).unwrap();
        client.send(part).unwrap();
        client
    };
    // All but seven bytes of 256 MiB.
    let mut held: Vec<Client> = (0..6).map(|_| fill(&part)).collect();
    held.push(fill(&part[..16 * MIB - 1]));
    let chunked = head("/validate", 0, "Transfer-Encoding: chunked\r\n").replace("Content-Length: 0\r\n", "");
    let small = review("u", "pods", &pod(true).to_string());
    for body in [small.clone(), large(40 * MIB)] {
        let mut client = server.client();
        client.send(format!("{chunked}{:x}\r\n{body}\r\n0\r\n\r\n", body.len()).as_bytes()).unwrap();
        let answer = client.answer().unwrap();
        let response = &answer.json()["response"];
        assert_eq!(
            (answer.status, &response["uid"], &response["allowed"]),
            (200, &json!("u"), &json!(false))
        );
        // A machine that is slow enough gives up on the others before, and has room.
        assert!([429, 403].contains(&response["status"]["code"].as_u64().unwrap()), "{response}");
    }
    // Those that say how small they are have room of their own.
    let answer = server.client().post("/validate", &small).unwrap().json();
    assert_eq!(answer["response"]["status"]["code"], 403);
    drop(held);
    others_are_answered(&server);
}

/// The server has room for one request, and a policy that takes its time: others are told to come again, in time.
#[test]
fn a_busy_server_says_so_in_time() {
    let folder = std::sync::Arc::new(tempfile::tempdir().unwrap());
    std::fs::create_dir(folder.path().join("rego")).unwrap();
    let many = format!("{}\n", "1, ".repeat(100)).repeat(20);
    let many = many.trim_end().trim_end_matches(',');
    // Each runs into its limit; together they take longer than a request waits.
    for at in 0..40 {
        let rego = format!(
            "package slow{at}\nimport rego.v1\n\nmany := [{many}]\n\nviolation contains {{\"msg\": \"m\"}} if {{\n\t\
            some i in many\n\tsome j in many\n\ti * j == -1\n}}\n"
        );
        std::fs::write(folder.path().join(format!("rego/slow{at}.rego")), rego).unwrap();
    }
    let args = ["--plain-http", "--policies", "rego", "--max-requests", "1", "--shutdown-delay", "0"];
    let server = Server::start(folder, &args);
    let ask = |path: &'static str, body: String| {
        let mut client = server.client();
        move || client.post(path, &body).unwrap()
    };
    let asked = (0..4).map(|_| ask("/validate?timeout=1s", body())).collect::<Vec<_>>();
    let provider = ask("/external-data?timeout=1s", keys(&[&pod(false).to_string()]));
    let (answers, provided) = std::thread::scope(|scope| {
        let asked: Vec<_> = asked.into_iter().map(|ask| scope.spawn(ask)).collect();
        let provider = scope.spawn(provider);
        (asked.into_iter().map(|one| one.join().unwrap()).collect::<Vec<_>>(), provider.join().unwrap())
    });
    let codes: Vec<_> = answers
        .iter()
        .map(|answer| {
            let response = &answer.json()["response"];
            assert_eq!(
                (answer.status, &response["allowed"]),
                (200, &json!(false)),
                "never allowed by accident"
            );
            response["status"]["code"].as_u64().unwrap()
        })
        .collect();
    assert!(codes.iter().all(|code| [403, 429, 504].contains(code)) && codes.contains(&429), "{codes:?}");
    let response = provided.json()["response"].clone();
    let is_error = response["systemError"].is_string() && response["items"] == json!([]);
    assert!(is_error || response["items"][0]["error"].is_string(), "{response}");
}

#[test]
fn a_client_that_goes_away_costs_nothing() {
    let server = Server::plain(&["--max-requests", "2"]);
    for _ in 0..200 {
        let mut client = server.client();
        let body = body();
        client.send(head("/validate", body.len(), "").as_bytes()).unwrap();
        client.send(body.as_bytes()).unwrap();
    }
    others_are_answered(&server);
    let refused = Client::plain(([127, 0, 0, 1], 1).into()).err().map(|error| error.kind());
    assert_eq!(refused, Some(ErrorKind::ConnectionRefused), "the client of these tests tells of failures");
}

/// A client asks for what takes long and goes away: the one place for requests is free for the next at once.
#[test]
fn nobody_is_judged_for_who_went_away() {
    let server = Server::plain(&["--max-requests", "1", "--log-level", "debug"]);
    let pods: Vec<String> = (0..2000)
        .map(|at| {
            let mut pod = pod(true);
            pod["metadata"]["name"] = json!(format!("pod-{at}"));
            pod.to_string()
        })
        .collect();
    let body = keys(&pods.iter().map(String::as_str).collect::<Vec<_>>());
    let mut client = server.client();
    client.send(head("/external-data", body.len(), "").as_bytes()).unwrap();
    client.send(body.as_bytes()).unwrap();
    server.logged("judging");
    drop(client);
    others_are_answered(&server);
    let event = server.logged("answered");
    assert_eq!(
        (&event["keys"], &event["reason"]),
        (&json!(0), &json!("podgate: nobody waits for the answer"))
    );
}
