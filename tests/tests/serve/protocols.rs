//! What is asked and how it is answered, good and bad.

use serde_json::{Value, json};

use crate::client::head;
use crate::server::Server;
use crate::{keys, pod, review};

#[test]
fn reviews_are_answered_logged_and_counted() {
    let server = Server::plain(&[]);
    let mut client = server.client();
    for (privileged, outcome) in [(true, "denied"), (false, "allowed")] {
        let body = review(outcome, "pods", &pod(privileged).to_string());
        let answer = client.post("/validate?timeout=5s", &body).unwrap();
        let json = answer.json();
        assert_eq!((answer.status, &json["response"]["uid"]), (200, &json!(outcome)));
        assert_eq!(json["response"]["allowed"], !privileged);
        let event = server.logged("reviewed");
        assert_eq!(event["uid"], outcome);
        assert_eq!((&event["user"], &event["outcome"]), (&json!("dev"), &json!(outcome)));
        assert_eq!(event["deny"], if privileged { "CI201" } else { "" });
        assert!(!event.to_string().contains("geheim"), "{event}");
        let metric = format!("podgate_requests_total{{endpoint=\"validate\",outcome=\"{outcome}\"}}");
        assert_eq!(server.metric(&metric), 1.0);
    }
    assert_eq!(server.metric("podgate_request_duration_seconds_count{endpoint=\"validate\"}"), 2.0);
}

#[test]
fn keys_are_answered_logged_and_counted() {
    let server = Server::plain(&[]);
    let text = pod(true).to_string();
    let answer = server.client().post("/external-data", &keys(&[&text, &text, "no key", "a:1"])).unwrap();
    let items = answer.json()["response"]["items"].clone();
    assert_eq!((answer.status, items.as_array().unwrap().len()), (200, 3));
    assert_eq!(items[0]["value"]["summary"]["denied"], true);
    assert!(items[1]["error"].is_string() && items[1].get("value").is_none());
    assert_eq!(items[2]["value"]["summary"]["denied"], false);
    let event = server.logged("answered");
    assert_eq!((&event["keys"], &event["denied"], &event["errors"]), (&json!(3), &json!(1), &json!(1)));
    assert_eq!(server.metric("podgate_external_data_keys_total{answer=\"value\"}"), 2.0);
    assert_eq!(server.metric("podgate_external_data_keys_total{answer=\"error\"}"), 1.0);
}

/// Each is refused, each counts, and the connection goes on.
#[test]
fn bad_reviews_are_refused_and_the_next_request_works() {
    let server = Server::plain(&[]);
    let good = review("good", "pods", &pod(false).to_string());
    let deep = format!("{}{}", "[".repeat(1_400_000), "]".repeat(1_400_000));
    let cases = [
        (good.replace("admission.k8s.io/v1\"", "admission.k8s.io/v1beta1\""), 200, "good", 400),
        (r#"{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1"}"#.to_owned(), 400, "", 400),
        (String::new(), 400, "", 400),
        ("no json".to_owned(), 400, "", 400),
        ("[".repeat(3 << 20), 400, "", 400),
        (review("deep", "pods", &deep), 200, "deep", 400),
        (review("map", "pods", r#"{"apiVersion":"v1","kind":"ConfigMap"}"#), 200, "map", 400),
        (review("none", "pods", "null"), 200, "none", 400),
        (good.replace("CREATE", "PATCH"), 200, "good", 400),
        (review("fields", "pods", &pod(true).to_string().replacen('{', "{\"x\":1,", 1)), 200, "fields", 403),
    ];
    let mut client = server.client();
    for (body, status, uid, code) in &cases {
        let answer = client.post("/validate", body).unwrap();
        let response = &answer.json()["response"];
        assert_eq!((answer.status, &response["uid"]), (*status, &json!(uid)), "{body:.99}");
        assert_eq!((&response["allowed"], &response["status"]["code"]), (&json!(false), &json!(code)));
        assert_eq!(client.post("/validate", &good).unwrap().json()["response"]["allowed"], true);
    }
    let delete = good.replace("CREATE", "DELETE");
    assert_eq!(client.post("/validate", &delete).unwrap().json()["response"]["allowed"], true);
    let failed = server.metric("podgate_requests_total{endpoint=\"validate\",outcome=\"failed\"}");
    assert_eq!(failed, (cases.len() - 1) as f64);
}

#[test]
fn bad_requests_to_the_provider_are_system_errors_without_items() {
    let server = Server::plain(&[]);
    let good = keys(&["a:1"]);
    let mut client = server.client();
    for body in [
        String::new(),
        "no json".to_owned(),
        good.replace("v1beta1", "v1"),
        good.replace(r#"["a:1"]"#, "[]"),
        good.replace(r#"["a:1"]"#, "[7]"),
    ] {
        let answer = client.post("/external-data", &body).unwrap();
        let response = answer.json()["response"].clone();
        assert_eq!((answer.status, &response["items"]), (400, &json!([])), "{body}");
        assert!(response["systemError"].as_str().unwrap().starts_with("podgate: "), "{response}");
        assert_eq!(client.post("/external-data", &good).unwrap().status, 200);
    }
    let failed = "podgate_requests_total{endpoint=\"external-data\",outcome=\"failed\"}";
    assert_eq!(server.metric(failed), 5.0);
}

#[test]
fn many_and_large_keys_are_answered() {
    let server = Server::plain(&[]);
    let images: Vec<String> = (0..5000).map(|at| format!("registry.example/app{}:1", at % 500)).collect();
    let images: Vec<&str> = images.iter().map(String::as_str).collect();
    let mut client = server.client();
    let answer = client.post("/external-data", &keys(&images)).unwrap().json();
    assert_eq!(answer["response"]["items"].as_array().unwrap().len(), 500);
    let mut large = pod(true);
    large["metadata"]["annotations"] = json!({"a": "\"".repeat(1 << 20)});
    let large = large.to_string();
    let answer = client.post("/external-data", &keys(&[&large, "a:1"])).unwrap().json();
    assert_eq!(answer["response"]["items"][0]["value"]["summary"]["denied"], true);
    assert_eq!(answer["response"]["items"][1]["key"], "a:1");
}

#[test]
fn http_is_held_to_its_form() {
    let server = Server::plain(&[]);
    let body = review("u", "pods", &pod(false).to_string());
    let post = |path: &str, change: &dyn Fn(String) -> String| {
        let mut client = server.client();
        client.send(change(head(path, body.len(), "")).as_bytes()).unwrap();
        client.send(body.as_bytes()).unwrap();
        client.answer().unwrap()
    };
    let kind = |head: String| head.replace("Type: application/json", "Type: text/plain");
    assert_eq!(post("/validate", &kind).status, 415);
    let provider = post("/external-data", &kind);
    assert_eq!((provider.status, provider.json()["response"]["items"].clone()), (415, json!([])));
    assert_eq!(post("/validate", &|head| head.replace("Content-Type: application/json\r\n", "")).status, 415);
    let charset =
        |head: String| head.replace("Type: application/json", "Type: Application/JSON; charset=utf-8");
    assert_eq!(post("/validate", &charset).status, 200);
    let zipped = |head: String| head.replace("Accept-Encoding", "Content-Encoding");
    assert_eq!(post("/validate", &zipped).status, 415);
    assert_eq!(post("/validate", &|head| head.replacen("POST", "PUT", 1)).status, 405);
    assert_eq!(post("/other", &|head| head).status, 404);
    assert_eq!(post("/metrics", &|head| head).status, 404, "not on the cluster's port");
    let mut client = server.client();
    for (path, status) in [("/validate", 405), ("/external-data", 405), ("/healthz", 200), ("/readyz", 200)] {
        assert_eq!(client.get(path).unwrap().status, status, "{path}");
    }
    assert_eq!(server.operators("/validate").0, 404, "not on the operators' port");
    assert_eq!(server.operators("/healthz"), (200, "ok\n".to_owned()));
}

#[test]
fn a_workload_is_warned_about_or_refused_by_the_settings() {
    let workload = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"},
        "spec": {"template": {"spec": pod(true)["spec"]}}});
    let body = review("u", "apps/deployments", &workload.to_string());
    let answer = |server: &Server| -> Value { server.client().post("/validate", &body).unwrap().json() };
    let warned = answer(&Server::plain(&[]));
    assert_eq!(warned["response"]["allowed"], true);
    assert!(warned["response"]["warnings"][0].as_str().unwrap().starts_with("podgate: CI201: "));
    let folder = std::sync::Arc::new(tempfile::tempdir().unwrap());
    std::fs::write(folder.path().join("podgate.yaml"), "admission: {workloads: deny}").unwrap();
    let server = Server::start(folder, &["--plain-http"]);
    assert_eq!(answer(&server)["response"]["allowed"], false);
}

#[test]
fn what_cannot_serve_does_not_start() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("bad.yaml", "profiles: [cii]\n");
    write("labels.yaml", "admission: {namespaceProfiles: [ci]}\n");
    write("empty.pem", "");
    write("cut.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n");
    std::fs::create_dir(folder.path().join("rego")).unwrap();
    write("rego/a.rego", "package a\nviolation contains {\"msg\": nosuch(1)} if true\n");
    for (args, said) in [
        (&[][..], "--tls-cert"),
        (&["--tls-cert", "a.pem"], "--tls-key"),
        (&["--plain-http", "--client-ca", "ca.pem"], "--client-ca"),
        (&["--tls-cert", "no.pem", "--tls-key", "no.pem"], "cannot read `no.pem`"),
        (&["--tls-cert", "empty.pem", "--tls-key", "empty.pem"], "`empty.pem` holds no certificate in PEM"),
        (&["--tls-cert", "cut.pem", "--tls-key", "cut.pem"], "`cut.pem` is no PEM: it is cut off, the line"),
        (&["--plain-http", "--settings", "no.yaml"], "cannot read settings `no.yaml`"),
        (&["--plain-http", "--settings", "bad.yaml"], "unknown profile `cii`"),
        (&["--plain-http", "--settings", "labels.yaml"], "namespaceProfiles"),
        (&["--plain-http", "--profile", "cii"], "unknown profile `cii`; did you mean `ci`?"),
        (&["--plain-http", "--policies", "rego"], "rego/a.rego:2:"),
    ] {
        let (code, text) = Server::refused(folder.path(), args);
        assert_eq!(code, Some(2), "{args:?}: {text}");
        assert!(text.contains(said), "{args:?}: {text}");
    }
}
