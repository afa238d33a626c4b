//! Any bytes as the body of an admission review, and as the object of one: nothing panics, and nothing that policies
//! refuse is allowed.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use podgate::admission::{AdmissionRequest, Circumstances, Gates, Outcome, Reviewed, refuse, review};
use podgate::{Context, Gate};

static GATES: LazyLock<Gates> =
    LazyLock::new(|| Gates::build(&Gate::builder(), &[]).expect("the built-in policies compile"));

fn answered(body: &[u8]) -> Reviewed {
    match AdmissionRequest::read(body) {
        Ok(request) => review(&GATES, &request, &Circumstances::default()),
        Err(error) => refuse(&error),
    }
}

fuzz_target!(|bytes: &[u8]| {
    let reviewed = answered(bytes);
    serde_json::to_vec(&reviewed.answer).expect("an answer is JSON");
    let Ok(object) = std::str::from_utf8(bytes) else { return };
    let body = format!(
        r#"{{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{{"uid":"u","operation":"CREATE",
        "resource":{{"resource":"pods"}},"object":{object}}}}}"#
    );
    let reviewed = answered(body.as_bytes());
    let response = &reviewed.answer.response;
    let told: usize = response.warnings.iter().map(|warning| warning.chars().count()).sum();
    assert!(told <= 4096 && response.warnings.iter().all(|warning| warning.chars().count() <= 256));
    let report = GATES.own().check_text("-", object, &Context::default());
    if response.allowed && reviewed.outcome != Outcome::Ignored && reviewed.report.as_ref() == Some(&report) {
        assert!(!report.summary.denied && !report.has_errors(), "{report:#?}");
    }
});
