//! The protocols over what a real API server and a real Gatekeeper sent.

use std::fs;
use std::path::Path;

use podgate::admission::{AdmissionRequest, Circumstances, Gates, Outcome, Reviewed, review};
use podgate::external_data::{self, Answer, ProviderRequest};
use podgate::{Context, Gate};
use podgate_tests::named_by;
use serde_json::{Value, json};

const VARIABLE: &str = "PODGATE_RECORDED";

/// The outcome of each recorded review with the profile `ci`, and what the answer says of it. `kubectl debug` adds a
/// capability, for which it is refused; had the pod been let in with it, a new label would still be.
const REVIEWS: [(&str, Outcome, &str); 30] = [
    ("cronjob-create", Outcome::Allowed, ""),
    ("daemonset-create", Outcome::Allowed, ""),
    ("deployment-create", Outcome::Allowed, ""),
    ("deployment-scale-update", Outcome::Ignored, ""),
    ("deployment-update", Outcome::Allowed, ""),
    ("job-create", Outcome::Allowed, ""),
    ("pod-binding-create", Outcome::Ignored, ""),
    ("pod-create", Outcome::Allowed, ""),
    ("pod-create-by-job-controller", Outcome::Allowed, ""),
    ("pod-create-by-replicaset-controller", Outcome::Allowed, ""),
    ("pod-create-by-statefulset-controller", Outcome::Allowed, ""),
    ("pod-create-denied", Outcome::Denied, "container \"app\" is privileged"),
    ("pod-create-dry-run-denied", Outcome::Denied, "container \"app\" is privileged"),
    ("pod-create-generate-name", Outcome::Warned, ""),
    ("pod-create-server-side-apply", Outcome::Warned, ""),
    ("pod-delete", Outcome::Ignored, ""),
    ("pod-delete-force", Outcome::Ignored, ""),
    (
        "pod-ephemeralcontainers-update",
        Outcome::Denied,
        "ephemeral container \"dbg\" adds the capability SYS_PTRACE",
    ),
    ("pod-ephemeralcontainers-update-denied", Outcome::Denied, "is privileged"),
    ("pod-eviction-create", Outcome::Ignored, ""),
    ("pod-exec-connect", Outcome::Ignored, ""),
    ("pod-resize-update", Outcome::Warned, ""),
    ("pod-update-dry-run", Outcome::Warned, ""),
    ("pod-update-image", Outcome::Denied, "ephemeral container \"dbg\" adds the capability SYS_PTRACE"),
    ("pod-update-labels", Outcome::Warned, ""),
    ("podtemplate-create", Outcome::Allowed, ""),
    ("replicaset-create", Outcome::Allowed, ""),
    ("replicaset-create-by-deployment-controller", Outcome::Allowed, ""),
    ("replicationcontroller-create", Outcome::Allowed, ""),
    ("statefulset-create", Outcome::Allowed, ""),
];

fn reviewed(gates: &Gates, body: &str) -> Reviewed {
    review(gates, &AdmissionRequest::read(body.as_bytes()).unwrap(), &Circumstances::default())
}

#[test]
fn recorded_reviews_are_answered() {
    let Some(folder) = named_by(VARIABLE) else { return };
    let gates = Gates::build(&Gate::builder(), &[]).unwrap();
    let folder = folder.join("admission-review");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), REVIEWS.len());
    let mut outcomes = Vec::new();
    for (name, _, said) in REVIEWS {
        let body = fs::read_to_string(folder.join(name).with_extension("json")).unwrap();
        let reviewed = reviewed(&gates, &body);
        let answer = serde_json::to_value(&reviewed.answer).unwrap();
        outcomes.push((name, reviewed.outcome, said));
        let sent: Value = serde_json::from_str(&body).unwrap();
        let expected = (&json!("AdmissionReview"), &json!("admission.k8s.io/v1"), &sent["request"]["uid"]);
        assert_eq!((&answer["kind"], &answer["apiVersion"], &answer["response"]["uid"]), expected);
        let allowed = !matches!(reviewed.outcome, Outcome::Denied | Outcome::Failed);
        assert_eq!(answer["response"]["allowed"], allowed, "{name}");
        let message = answer["response"]["status"]["message"].as_str().unwrap_or_default();
        assert!(message.contains(said) && message.is_empty() == allowed, "{name}: {message}");
        if let Some(report) = reviewed.report {
            let object = serde_json::from_str::<Raw<'_>>(&body).unwrap().request.object.get();
            assert_eq!(report, gates.own().check_text("-", object, &Context::default()), "{name}");
        }
    }
    assert_eq!(outcomes, REVIEWS);
}

/// The text of the object in a review.
#[derive(serde::Deserialize)]
struct Raw<'a> {
    #[serde(borrow)]
    request: RawRequest<'a>,
}

#[derive(serde::Deserialize)]
struct RawRequest<'a> {
    #[serde(borrow)]
    object: &'a serde_json::value::RawValue,
}

#[test]
fn recorded_keys_are_answered_with_their_reports() {
    let Some(folder) = named_by(VARIABLE) else { return };
    let gate = Gate::new().unwrap();
    for (name, denied) in [
        ("pod-audit", None),
        ("pod-create", Some(false)),
        ("pod-create-denied", Some(true)),
        ("pod-ephemeralcontainers-update", None),
    ] {
        let body = fs::read(folder.join(format!("external-data/{name}.request.json"))).unwrap();
        let request = ProviderRequest::read(&body).unwrap();
        let response = external_data::answer(&gate, &request, None).response;
        let [item] = response.items.as_slice() else { panic!("{name}: {response:?}") };
        assert_eq!(item.key, request.keys[0]);
        let Answer::Value(report) = &item.answer else { panic!("{name}: {item:?}") };
        assert_eq!(**report, gate.check_text("-", &item.key, &Context::default()));
        assert!(denied.is_none_or(|denied| report.summary.denied == denied), "{name}");
    }
}

/// Whatever Gatekeeper was asked in the recording, its keys are images, and each has one answer.
#[test]
fn recorded_images_are_answered() {
    let Some(folder) = named_by(VARIABLE) else { return };
    let gate = Gate::new().unwrap();
    let modes = fs::read_to_string(Path::new(&folder).join("external-data/modes.json")).unwrap();
    let modes: Vec<Value> = serde_json::from_str(&modes).unwrap();
    let mut asked = 0;
    for mode in modes.iter().filter(|mode| mode["request"].is_object()) {
        let request = ProviderRequest::read(mode["request"].to_string().as_bytes()).unwrap();
        let response = external_data::answer(&gate, &request, None).response;
        let mut keys = request.keys.clone();
        let mut seen = std::collections::BTreeSet::new();
        keys.retain(|key| seen.insert(key.clone()));
        assert_eq!(response.items.iter().map(|item| item.key.clone()).collect::<Vec<_>>(), keys);
        assert!(response.items.iter().all(|item| matches!(item.answer, Answer::Value(_))), "{response:?}");
        asked += keys.len();
    }
    assert!(asked > 10, "{asked}");
}
