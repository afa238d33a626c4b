//! Any bytes as the body of a provider's request, and as a key: nothing panics, and each key has one answer.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use podgate::Gate;
use podgate::external_data::{Answer, ProviderRequest, answer, refuse};
use serde_json::json;

static GATE: LazyLock<Gate> = LazyLock::new(|| Gate::new().expect("the built-in policies compile"));

fuzz_target!(|bytes: &[u8]| {
    let response = match ProviderRequest::read(bytes) {
        Ok(request) => answer(&GATE, &request, None),
        Err(error) => refuse(&error.reason),
    };
    serde_json::to_vec(&response).expect("an answer is JSON");
    let Ok(key) = std::str::from_utf8(bytes) else { return };
    let body = json!({"apiVersion": "externaldata.gatekeeper.sh/v1beta1", "kind": "ProviderRequest",
        "request": {"keys": [key, key]}});
    let request = ProviderRequest::read(body.to_string().as_bytes()).expect("a request");
    let items = answer(&GATE, &request, None).response.items;
    assert_eq!(items.len(), 1);
    assert_eq!(items[0].key, key);
    if let Answer::Value(report) = &items[0].answer {
        assert!(!report.has_errors() && !report.subjects.is_empty(), "{report:#?}");
    }
});
