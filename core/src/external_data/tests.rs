use serde_json::{Value, json};

use super::*;
use crate::RegoFile;
use crate::render;

fn body(keys: &Value) -> Vec<u8> {
    let request = json!({"apiVersion": API_VERSION, "kind": "ProviderRequest", "request": {"keys": keys}});
    serde_json::to_vec(&request).unwrap()
}

fn answered(gate: &Gate, keys: &Value) -> Vec<Item> {
    let response = answer(gate, &ProviderRequest::read(&body(keys)).unwrap(), None).response;
    assert_eq!((response.idempotent, response.system_error), (true, None));
    response.items
}

fn one(gate: &Gate, key: &str) -> Result<Report, String> {
    let mut items = answered(gate, &json!([key]));
    assert_eq!(items.len(), 1);
    match items.remove(0).answer {
        Answer::Value(report) => Ok(*report),
        Answer::Error(error) => Err(error),
    }
}

const BAD: &str = r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},
    "spec":{"containers":[{"name":"a","image":"a:1","securityContext":{"privileged":true}}]}}"#;

#[test]
fn the_value_of_a_pod_is_the_report_over_its_text() {
    let gate = Gate::new().unwrap();
    let report = one(&gate, BAD).unwrap();
    assert_eq!(report, gate.check_text("-", BAD, &Context::default()));
    assert!(report.summary.denied);

    let response = answer(&gate, &ProviderRequest::read(&body(&json!([BAD]))).unwrap(), None);
    let text = serde_json::to_string(&response).unwrap();
    assert!(text.starts_with(
        r#"{"apiVersion":"externaldata.gatekeeper.sh/v1beta1","kind":"ProviderResponse","response":{"idempotent":true,"items":[{"key":"#
    ));
    let (_, value) = text.split_once(r#","value":"#).unwrap();
    let report: Report = serde_json::from_str(value.strip_suffix("}]}}").unwrap()).unwrap();
    let mut pretty = Vec::new();
    render::json::write(&report, &mut pretty).unwrap();
    let mut expected = Vec::new();
    render::json::write(&gate.check_text("-", BAD, &Context::default()), &mut expected).unwrap();
    assert_eq!(String::from_utf8(pretty), String::from_utf8(expected));
}

#[test]
fn an_image_is_judged_for_what_it_says_alone() {
    let gate = Gate::new().unwrap();
    let ids = |key: &str| {
        let report = one(&gate, key).unwrap();
        assert!(report.subjects[0].partial);
        report.findings.into_iter().map(|finding| (finding.policy, finding.pointer)).collect::<Vec<_>>()
    };
    let at_image = |id: &str| (id.into(), "/spec/containers/0/image".into());
    assert_eq!(ids("registry.example/app:1"), [at_image("CI505")]);
    let digest = format!("registry.example/app:1@sha256:{}", "0".repeat(64));
    assert_eq!(ids(&digest), []);
    assert_eq!(ids("gcr.io/kaniko-project/executor:v1.23.2"), [at_image("CI504"), at_image("CI505")]);
}

#[test]
fn keys_without_a_verdict_get_an_error_and_the_others_their_value() {
    let gate = Gate::new().unwrap();
    let cases = [
        ("", "neither JSON"),
        ("not a key", "neither JSON"),
        ("[]", "neither JSON"),
        ("\"a\"", "neither JSON"),
        ("a\u{0}b", "neither JSON"),
        ("{", "line 1, column"),
        ("{} {}", "not a Kubernetes object"),
        ("{}", "not a Kubernetes object"),
        (r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}"#, "`ConfigMap` has no pod"),
        (r#"{"apiVersion":"v1","kind":"List","items":[]}"#, "there is nothing to judge"),
        (r#"{"apiVersion":"v1","kind":"Pod"}"#, "`/spec` is missing"),
        (r#"{"apiVersion":"v1","kind":"Pod","spec":{"containers":7}}"#, "containers"),
        (r#"{"apiVersion":"example.com/v1","kind":"Thing"}"#, "unknown kind `Thing`"),
    ];
    let deep = format!("{}1{}", r#"{"a":"#.repeat(10_000), "}".repeat(10_000));
    for (key, reason) in cases.into_iter().chain([(deep.as_str(), "line 1, column")]) {
        let items = answered(&gate, &json!([key, BAD]));
        assert_eq!(items.len(), 2, "{key}");
        let Answer::Error(error) = &items[0].answer else { panic!("{key}: {:?}", items[0].answer) };
        assert!(error.starts_with("podgate: ") && error.contains(reason), "{key}: {error}");
        assert!(matches!(items[1].answer, Answer::Value(_)));
        let text = serde_json::to_value(&items[0]).unwrap();
        assert_eq!(text, json!({"key": key, "error": error}));
    }
}

#[test]
fn a_policy_that_fails_is_no_verdict() {
    let rego = "package a\nimport rego.v1\nviolation contains {\"msg\": \"m\"} if count(input.review.object.metadata.name) > 1 / 0\n";
    let file = RegoFile { path: "a.rego".to_owned(), text: rego.to_owned() };
    let gate = Gate::builder().policies([file]).build().unwrap();
    let refused = |gate: &Gate| {
        let request = ProviderRequest::read(&body(&json!(["not a key", BAD]))).unwrap();
        let response = answer(gate, &request, None).response;
        assert_eq!(response.items, [], "Gatekeeper keeps items, and errors among them");
        response.system_error.unwrap()
    };
    let error = refused(&gate);
    assert!(error.starts_with("podgate: policy `a` failed: "), "{error}");

    let broken = RegoFile { path: "b.rego".to_owned(), text: "package b\nviolation contains".to_owned() };
    let gate = Gate::builder().policies([broken]).build().unwrap();
    assert!(refused(&gate).contains("failed"));
}

#[test]
fn an_answer_has_bounds() {
    let gate = Gate::new().unwrap();
    let keys: Vec<String> = (0..=KEYS).map(|at| format!("a:{at}")).collect();
    let error = ProviderRequest::read(&body(&json!(keys))).unwrap_err();
    assert_eq!(error.reason, "the request has 10001 keys, expected at most 10000");
    let request = ProviderRequest::read(&body(&json!(keys[1..]))).unwrap();
    let left = std::cell::Cell::new(3);
    let response = answer_while(&gate, &request, None, || {
        left.set(left.get() - 1);
        left.get() > 0
    });
    assert_eq!(response, refuse("nobody waits for the answer"));

    let many = (0..FINDINGS / 4).map(|at| format!(r#"{{"name":"c{at}","image":"a:1"}}"#)).collect::<Vec<_>>();
    let long = format!(
        r#"{{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"a"}},"spec":{{"containers":[{}]}}}}"#,
        many.join(",")
    );
    let response = answer(&gate, &ProviderRequest::read(&body(&json!([long]))).unwrap(), None).response;
    assert!(response.items.is_empty() && response.system_error.unwrap().contains("too long"));
}

#[test]
fn each_key_is_answered_once_in_order() {
    let gate = Gate::new().unwrap();
    let keys: Vec<String> = (0..5000).map(|at| format!("registry.example/app{}:1", at % 1000)).collect();
    let items = answered(&gate, &json!(keys));
    let order: Vec<&str> = items.iter().map(|item| item.key.as_str()).collect();
    assert_eq!(order, keys.iter().take(1000).map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn a_key_of_a_mebibyte_is_judged() {
    let gate = Gate::new().unwrap();
    let name = "x".repeat(1 << 20);
    let key = BAD.replace(r#""name":"a"},"#, &format!(r#""annotations":{{"a":"{name}"}}}},"#));
    assert!(one(&gate, &key).unwrap().summary.denied);
    assert!(one(&gate, &name).unwrap_err().contains("neither JSON"));
}

#[test]
fn what_is_no_request_is_a_system_error_without_items() {
    let valid = String::from_utf8(body(&json!(["a"]))).unwrap();
    let cases = [
        (String::new(), "the body is no ProviderRequest"),
        ("null".to_owned(), "the body is no ProviderRequest"),
        (
            valid.replace("v1beta1", "v1alpha1"),
            "unknown `ProviderRequest` of `externaldata.gatekeeper.sh/v1alpha1`",
        ),
        (valid.replace("ProviderRequest", "ProviderResponse"), "unknown `ProviderResponse`"),
        (valid.replace(r#"["a"]"#, "[]"), "the request has no keys"),
        (valid.replace(r#""keys":["a"]"#, ""), "the request has no keys"),
        (valid.replace(r#"{"keys":["a"]}"#, "null"), "the request has no keys"),
        (valid.replace(r#"["a"]"#, "[1]"), "the body is no ProviderRequest"),
        (valid.replace(r#"["a"]"#, r#"["a",null]"#), "the body is no ProviderRequest"),
        (valid.replace(r#"["a"]"#, r#"{"a":1}"#), "the body is no ProviderRequest"),
    ];
    for (body, reason) in cases {
        let error = ProviderRequest::read(body.as_bytes()).unwrap_err();
        assert!(error.reason.starts_with(reason), "{body}: {error}");
        let text = serde_json::to_value(refuse(&error.reason)).unwrap();
        let expected = json!({"idempotent": true, "items": [], "systemError": format!("podgate: {error}")});
        assert_eq!(text["response"], expected);
    }
    assert!(ProviderRequest::read(&[0xff, 0xfe]).is_err());
}
