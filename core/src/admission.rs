//! Admission: the answer to a review of the Kubernetes API server, as a pure function.
//!
//! Pods are enforced, whichever way they are written (`pods`, and each of its subresources that holds a pod). Other
//! objects with a pod in them, and those that policies judge for themselves, are judged and told of; the settings
//! may have them refused, too. The rules which requests are judged, and which updates as if the object were new, are
//! those of Pod Security Admission (`k8s.io/pod-security-admission/admission/admission.go`); what differs is said
//! where it does.
//!
//! ```
//! use podgate::admission::{AdmissionRequest, Circumstances, Gates, review};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let gates = Gates::build(&podgate::Gate::builder(), &[])?;
//! let body = br#"{"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {
//!     "uid": "1", "operation": "CREATE", "resource": {"version": "v1", "resource": "pods"},
//!     "object": {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [
//!         {"name": "a", "image": "a@sha256:1", "securityContext": {"privileged": true}}]}}}}"#;
//! let reviewed = review(&gates, &AdmissionRequest::read(body)?, &Circumstances::default());
//! assert!(!reviewed.answer.response.allowed);
//! # Ok(())
//! # }
//! ```

mod gates;
mod protocol;
mod significant;
#[cfg(test)]
mod tests;
mod texts;
mod verdict;

use std::collections::BTreeMap;

use jiff::civil::Date;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Status, StatusDetails};
use serde_json::value::RawValue;

pub use gates::{Gates, Labels};
pub use protocol::{
    API_VERSION, AdmissionRequest, AdmissionResponse, AdmissionReview, GroupVersionKind,
    GroupVersionResource, KIND, ReadError,
};

use crate::alone;
use crate::gate::Gate;
use crate::policy::Action;
use crate::report::{ObjectEntry, Report};
use crate::settings::Workloads;
use gates::Choice;
use verdict::{Entry, Verdict};

/// Characters of an audit annotation.
const ANNOTATION: usize = 4096;

/// HTTP status of what is to be tried again.
const BUSY: i32 = 429;

/// Subresources of pods that hold no pod; the list of Pod Security Admission (`ignoredPodSubresources`). Any other
/// is taken for one that does, so that a new one does not go in unjudged.
const WITHOUT_POD: [&str; 8] =
    ["exec", "attach", "binding", "eviction", "log", "portforward", "proxy", "status"];

/// What an answer depends on beside the request and the gates.
#[derive(Debug, Clone, Copy, Default)]
pub struct Circumstances<'a> {
    /// The labels of the request's namespace; `None` where nobody knows them.
    pub namespace_labels: Option<&'a Labels>,
    /// The day (UTC) on which the verdict is given, by which exemptions expire.
    pub date: Option<Date>,
}

/// An answered request, with what there is to log of it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Reviewed {
    /// The answer for the API server.
    pub answer: AdmissionReview,
    /// What became of the request.
    pub outcome: Outcome,
    /// What the enforcing gate says of the object, where it was judged: the report that the command line gives of the
    /// object's JSON on the same day.
    pub report: Option<Report>,
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// Judged, and nothing to tell.
    Allowed,
    /// Allowed with warnings.
    Warned,
    /// Refused for what was found.
    Denied,
    /// Allowed unjudged, because the settings say so.
    Exempt,
    /// Allowed unjudged, since nothing is stored that policies judge.
    Ignored,
    /// Refused, because it could not be judged.
    Failed,
}

impl Outcome {
    /// Its name in logs and metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Warned => "warned",
            Self::Denied => "denied",
            Self::Exempt => "exempt",
            Self::Ignored => "ignored",
            Self::Failed => "failed",
        }
    }

    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Allowed, Self::Warned, Self::Denied, Self::Exempt, Self::Ignored, Self::Failed];
}

/// Whether the answer to a review may depend on the labels of the request's namespace
/// ([`Circumstances::namespace_labels`]).
pub fn wants_labels(gates: &Gates, request: &AdmissionRequest<'_>) -> bool {
    let reviewing = Reviewing { gates, request, around: &Circumstances::default() };
    gates.want_labels() && !request.namespace.is_empty() && reviewing.unjudged().is_none()
}

/// Answers a review.
pub fn review(gates: &Gates, request: &AdmissionRequest<'_>, around: &Circumstances<'_>) -> Reviewed {
    let reviewing = Reviewing { gates, request, around };
    reviewing.unjudged().unwrap_or_else(|| reviewing.judged())
}

/// The answer to a body that is no review, or none that can be judged: a refusal, with the request's `uid` where the
/// body has one. Without it no API server takes the answer for one, and the webhook's `failurePolicy` decides.
pub fn refuse(error: &ReadError) -> Reviewed {
    refused(error.uid.clone().unwrap_or_default(), 400, error.reason.clone())
}

/// The answer to a request that a defect of the server kept from being judged.
pub fn broken(request: &AdmissionRequest<'_>, reason: &str) -> Reviewed {
    refused(request.uid.clone(), 500, reason.to_owned())
}

/// The answer to a request that the server has no time for: a refusal that has clients try again after a second.
pub fn busy(request: &AdmissionRequest<'_>) -> Reviewed {
    refused(request.uid.clone(), BUSY, "the server has too many requests".to_owned())
}

/// The answer to a body that was not read to its end, by its beginning: a refusal, as an HTTP status other than 200 would
/// leave it to the webhook's `failurePolicy` whether the object is stored. `code` is 413 for one that is too large, and
/// 429 where there is no room for it. `None` where the beginning has no `uid`.
pub fn refuse_unread(beginning: &[u8], code: i32, reason: &str) -> Option<Reviewed> {
    protocol::uid_of_beginning(beginning).map(|uid| refused(uid, code, reason.to_owned()))
}

/// A refusal without a verdict. `code` is an HTTP status that `metav1.StatusReason` has a name for.
fn refused(uid: String, code: i32, what: String) -> Reviewed {
    let reason = match code {
        400 => "BadRequest",
        413 => "RequestEntityTooLarge",
        BUSY => "TooManyRequests",
        _ => "InternalError",
    };
    let mut status = failure(code, reason, format!("podgate cannot judge the request: {what}"));
    if code == BUSY {
        // From which the API server makes `Retry-After`, by which clients try again
        // (`ErrorNegotiated` of `k8s.io/apiserver/pkg/endpoints/handlers/responsewriters`).
        status.details = Some(StatusDetails { retry_after_seconds: Some(1), ..StatusDetails::default() });
    }
    let audit_annotations = BTreeMap::from([("error", texts::cut(&what, ANNOTATION))]);
    let response = AdmissionResponse {
        uid,
        allowed: false,
        status: Some(status),
        audit_annotations,
        ..AdmissionResponse::default()
    };
    Reviewed { answer: response.into(), outcome: Outcome::Failed, report: None }
}

fn failure(code: i32, reason: &str, message: String) -> Status {
    Status {
        status: Some("Failure".to_owned()),
        code: Some(code),
        reason: Some(reason.to_owned()),
        message: Some(message),
        ..Status::default()
    }
}

struct Reviewing<'a> {
    gates: &'a Gates,
    request: &'a AdmissionRequest<'a>,
    around: &'a Circumstances<'a>,
}

impl Reviewing<'_> {
    fn writes_pods(&self) -> bool {
        self.request.resource.group.is_empty() && self.request.resource.resource == "pods"
    }

    /// The answer to a request that is not judged.
    fn unjudged(&self) -> Option<Reviewed> {
        let request = self.request;
        match request.operation.as_str() {
            "CREATE" | "UPDATE" => {}
            // Nothing is stored.
            "DELETE" | "CONNECT" => return Some(self.allowed(Outcome::Ignored, BTreeMap::new())),
            other => {
                let known = "expected `CREATE`, `UPDATE`, `DELETE` or `CONNECT`";
                return Some(self.refused(400, format!("unknown operation `{other}`, {known}")));
            }
        }
        let part = request.sub_resource.as_str();
        let without_pod = if self.writes_pods() { WITHOUT_POD.contains(&part) } else { !part.is_empty() };
        if without_pod {
            return Some(self.allowed(Outcome::Ignored, BTreeMap::new()));
        }
        let user = request.user_info.username.as_deref().unwrap_or_default();
        let groups = request.user_info.groups.as_deref().unwrap_or_default();
        let exempt = self.gates.settings().exempt.of_request(&request.namespace, user, groups);
        exempt.map(|by| self.exempt(by))
    }

    fn exempt(&self, by: &str) -> Reviewed {
        self.allowed(Outcome::Exempt, BTreeMap::from([("exempt", by.to_owned())]))
    }

    fn allowed(&self, outcome: Outcome, audit_annotations: BTreeMap<&'static str, String>) -> Reviewed {
        let uid = self.request.uid.clone();
        let response =
            AdmissionResponse { uid, allowed: true, audit_annotations, ..AdmissionResponse::default() };
        Reviewed { answer: response.into(), outcome, report: None }
    }

    fn refused(&self, code: i32, what: String) -> Reviewed {
        refused(self.request.uid.clone(), code, what)
    }

    fn judged(&self) -> Reviewed {
        let Some(object) = self.request.object.map(RawValue::get) else {
            return self.refused(400, "the request has no `object`".to_owned());
        };
        let old = match (self.request.operation.as_str(), self.request.old_object) {
            ("UPDATE", None) => {
                return self.refused(400, "an update has no `oldObject`".to_owned());
            }
            ("UPDATE", Some(old)) => Some(old.get()),
            _ => None,
        };
        let no_labels = Labels::new();
        let labels = match self.around.namespace_labels {
            None if self.gates.want_labels() && self.writes_pods() => {
                let namespace = &self.request.namespace;
                return self.refused(500, format!("the labels of namespace `{namespace}` are not known"));
            }
            // For other objects the operator's own gate will do, as their pods are still to come.
            labels => labels.unwrap_or(&no_labels),
        };
        let choice = self.gates.choose(labels);
        let report = self.report(choice.enforce, object);
        if let Some(what) = self.no_pod(&report) {
            return self.refused(400, what);
        }
        if self.is_exempt_by_class(object) {
            return self.exempt("runtime-class");
        }
        let verdict = self.verdict(&choice, &report, object, old);
        self.answer(&choice, report, &verdict)
    }

    fn report(&self, gate: &Gate, object: &str) -> Report {
        alone::check(gate, object, self.around.date, self.request.user_info.username.clone())
    }

    /// What is wrong where pods are written and the object is none. Pod Security Admission refuses that, too.
    fn no_pod(&self, report: &Report) -> Option<String> {
        if !self.writes_pods() {
            return None;
        }
        let is_pod = |object: &ObjectEntry| {
            object.pointer.is_empty() && object.kind == "Pod" && object.api_version == "v1"
        };
        if report.subjects.first().is_some_and(|subject| is_pod(&subject.object)) {
            return None;
        }
        let reason = report.not_evaluated.first().map(|entry| format!(": {}", entry.reason));
        Some(format!("the object is no pod of `v1`{}", reason.unwrap_or_default()))
    }

    /// Whether the settings exempt the runtime class of every pod in the object.
    fn is_exempt_by_class(&self, object: &str) -> bool {
        let classes = &self.gates.settings().exempt.runtime_classes;
        if classes.is_empty() {
            return false;
        }
        let Some(pods) = significant::pods(object, self.gates.own().limits()) else { return false };
        let is_exempt =
            |class: Option<&str>| class.is_some_and(|class| classes.iter().any(|own| own == class));
        !pods.is_empty() && pods.iter().all(|pod| is_exempt(pod.runtime_class_name.as_deref()))
    }

    /// What follows from the reports. Where Pod Security Admission would not judge an update at all, policies judge
    /// it here, and only what the stored object does not have refuses it: policies look at fields that may change
    /// without it.
    fn verdict(&self, choice: &Choice<'_>, report: &Report, object: &str, old: Option<&str>) -> Verdict {
        let mut verdict = Verdict::of(choice.enforce, report);
        if let Some(old) = old {
            let [new_pods, old_pods] =
                [object, old].map(|object| significant::pods(object, choice.enforce.limits()));
            let is_same_text = || significant::is_same_spec(object, old);
            let is_significant = match (&new_pods, &old_pods) {
                (Some(new), Some(old)) => significant::is_significant(new, old),
                _ => !is_same_text(),
            };
            if !is_significant {
                let before = Verdict::of(choice.enforce, &self.report(choice.enforce, old));
                // A pod's text may hold fields that are newer than what is known of them here.
                let is_known = !self.writes_pods() && new_pods.is_some();
                verdict = verdict.without(&before, || new_pods == old_pods && (is_known || is_same_text()));
            }
        }
        if !self.writes_pods() && self.gates.settings().workloads == Workloads::Warn {
            verdict = verdict.at_most(Action::Warn);
        }
        let beside = [(choice.warn, Action::Warn), (choice.audit, Action::Audit)];
        for (gate, action) in beside {
            if let Some(gate) = gate {
                verdict.add(Verdict::of(gate, &self.report(gate, object)), action);
            }
        }
        choice.faults.iter().for_each(|fault| verdict.tell(fault.clone()));
        verdict
    }

    fn answer(&self, choice: &Choice<'_>, report: Report, verdict: &Verdict) -> Reviewed {
        let [deny, warn, audit] =
            [Action::Deny, Action::Warn, Action::Audit].map(|action| verdict.of_action(action));
        let mut response = AdmissionResponse {
            uid: self.request.uid.clone(),
            allowed: deny.is_empty(),
            audit_annotations: annotations(choice, &report, [&deny, &warn, &audit]),
            ..AdmissionResponse::default()
        };
        let outcome = if !deny.is_empty() {
            // As Pod Security Admission: no warnings beside a refusal.
            let profiles = &report.policies.profiles;
            let message = texts::refusal(&self.name(&report), profiles, &deny, &choice.faults);
            response.status =
                Some(Status { details: Some(self.details(&deny)), ..failure(403, "Forbidden", message) });
            Outcome::Denied
        } else if warn.is_empty() {
            Outcome::Allowed
        } else {
            response.warnings = texts::warnings(&warn);
            Outcome::Warned
        };
        Reviewed { answer: response.into(), outcome, report: Some(report) }
    }

    /// The object, for people.
    fn name(&self, report: &Report) -> String {
        let object = report.subjects.first().map(|subject| &subject.object);
        let kind = object.map_or(self.request.kind.kind.as_str(), |object| object.kind.as_str());
        let name = object.map_or(self.request.name.as_str(), |object| object.name.as_str());
        if name.is_empty() { kind.to_owned() } else { format!("{kind} \"{name}\"") }
    }

    fn details(&self, deny: &[&Entry]) -> StatusDetails {
        let known = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        StatusDetails {
            name: known(&self.request.name),
            group: known(&self.request.resource.group),
            kind: known(&self.request.resource.resource),
            causes: Some(texts::causes(deny)),
            ..StatusDetails::default()
        }
    }
}

/// What the audit log is told of a verdict. Keys are parts of qualified names; the API server puts the webhook's
/// before them.
fn annotations(
    choice: &Choice<'_>,
    report: &Report,
    [deny, warn, audit]: [&[&Entry]; 3],
) -> BTreeMap<&'static str, String> {
    let ids = |entries: &[&Entry]| {
        let mut ids: Vec<&str> = entries.iter().map(|entry| entry.policy.as_str()).collect();
        ids.retain(|id| !id.is_empty());
        ids.sort_unstable();
        ids.dedup();
        ids.join(",")
    };
    let exempted: Vec<Entry> = Vec::from_iter(report.exempted.iter().map(|exempted| Entry {
        policy: exempted.finding.policy.to_string(),
        what: exempted.reason.clone(),
        finding: None,
    }));
    let violations = audit.iter().map(|entry| format!("{}: {}", entry.policy, entry.what));
    let texts = [
        ("profiles", report.policies.profiles.join(",")),
        ("digest", report.policies.digest.clone()),
        ("denied", ids(deny)),
        ("warned", ids(warn)),
        ("exempted", ids(&exempted.iter().collect::<Vec<_>>())),
        ("audit-violations", violations.collect::<Vec<_>>().join("; ")),
        ("error", choice.faults.join("; ")),
    ];
    let texts = texts.into_iter().filter(|(_, text)| !text.is_empty());
    texts.map(|(key, text)| (key, texts::cut(&text, ANNOTATION))).collect()
}
