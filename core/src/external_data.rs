//! Gatekeeper's external data: the answer of a provider, as a pure function.
//!
//! The protocol is `externaldata.gatekeeper.sh/v1beta1` (`ProviderRequest` and `ProviderResponse` of
//! `github.com/open-policy-agent/frameworks/constraint/pkg/externaldata`). A key is the JSON of an object with a pod
//! in it, or the reference of an image; its value is the [`Report`] over it. Gatekeeper keeps answers by key, so a
//! value depends on nothing but the key, the gate and the date.
//!
//! A key in which nothing can be judged has an error in the place of a value: a template that counts findings alone
//! must not take such a report for a clean one. It follows from the key, as a value does. Whatever may be otherwise
//! the next time (a policy that failed or ran into its limit of time, a request that is not understood) is a
//! `systemError` without any item, of which Gatekeeper keeps nothing.
//!
//! ```
//! use podgate::external_data::{ProviderRequest, answer};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let gate = podgate::Gate::new()?;
//! let body = br#"{"apiVersion": "externaldata.gatekeeper.sh/v1beta1", "kind": "ProviderRequest",
//!     "request": {"keys": ["docker:27-dind"]}}"#;
//! let response = answer(&gate, &ProviderRequest::read(body)?, None).response;
//! assert_eq!(response.items.len(), 1);
//! # Ok(())
//! # }
//! ```

#[cfg(test)]
mod tests;

use std::collections::HashSet;

use jiff::civil::Date;
use k8s_openapi::api::core::v1::{Container, Pod, PodSpec};
use serde::{Deserialize, Serialize};

use crate::alone;
use crate::gate::{Context, Gate};
use crate::report::Report;
use crate::subject::Subject;

/// `apiVersion` of requests and answers.
pub const API_VERSION: &str = "externaldata.gatekeeper.sh/v1beta1";

/// Bytes of the longest reference of an image that is looked at.
const IMAGE: usize = 4096;

/// Most keys of one request. Gatekeeper gives up after a few seconds, in which there is no answer for more.
const KEYS: usize = 10_000;

/// Most findings of one answer, which is some 50 MB of JSON. A short key may have a long report.
const FINDINGS: usize = 50_000;

/// A request that can be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProviderRequest {
    /// The keys, as they were sent; there is at least one.
    pub keys: Vec<String>,
}

/// Why the body of a request cannot be answered, in one line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
#[non_exhaustive]
pub struct ReadError {
    /// Why.
    pub reason: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    #[serde(default)]
    api_version: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    request: Option<Keys>,
}

#[derive(Deserialize)]
struct Keys {
    #[serde(default)]
    keys: Vec<String>,
}

impl ProviderRequest {
    /// Reads the body of a request. Fields that are not known are passed over.
    ///
    /// # Errors
    ///
    /// Bytes that are no JSON in UTF-8, another kind or version, and a request without keys or with more than 10,000.
    pub fn read(body: &[u8]) -> Result<Self, ReadError> {
        let fail = |reason: String| Err(ReadError { reason });
        let envelope: Envelope = match serde_json::from_slice(body) {
            Ok(envelope) => envelope,
            Err(error) => return fail(format!("the body is no ProviderRequest: {error}")),
        };
        if (envelope.api_version.as_str(), envelope.kind.as_str()) != (API_VERSION, "ProviderRequest") {
            return fail(format!(
                "unknown `{}` of `{}`, expected `ProviderRequest` of `{API_VERSION}`",
                envelope.kind, envelope.api_version
            ));
        }
        match envelope.request.map(|request| request.keys) {
            Some(keys) if keys.len() > KEYS => {
                fail(format!("the request has {} keys, expected at most {KEYS}", keys.len()))
            }
            Some(keys) if !keys.is_empty() => Ok(Self { keys }),
            _ => fail("the request has no keys".to_owned()),
        }
    }
}

/// The answer to a request, which is what the body of the answer holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ProviderResponse {
    /// Always `externaldata.gatekeeper.sh/v1beta1`.
    pub api_version: &'static str,
    /// Always `ProviderResponse`.
    pub kind: &'static str,
    /// The answer.
    pub response: Response,
}

/// What the provider says.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Response {
    /// Always true: the same key has the same answer.
    pub idempotent: bool,
    /// One for each key, in the order in which they first come.
    pub items: Vec<Item>,
    /// Why there is no answer at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_error: Option<String>,
}

/// The answer for one key.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Item {
    /// The key.
    pub key: String,
    /// Its value, or why it has none.
    #[serde(flatten)]
    pub answer: Answer,
}

/// A value or an error.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Answer {
    /// The verdict.
    Value(Box<Report>),
    /// Why there is none, in one line.
    Error(String),
}

impl From<Response> for ProviderResponse {
    fn from(response: Response) -> Self {
        Self { api_version: API_VERSION, kind: "ProviderResponse", response }
    }
}

/// Answers a request. A key that comes twice is answered once. Exemptions expire by `date` (UTC).
pub fn answer(gate: &Gate, request: &ProviderRequest, date: Option<Date>) -> ProviderResponse {
    answer_while(gate, request, date, || true)
}

/// Answers a request as [`answer`] does, for as long as `is_wanted` says, before each key, that somebody waits for it.
pub fn answer_while(
    gate: &Gate,
    request: &ProviderRequest,
    date: Option<Date>,
    is_wanted: impl Fn() -> bool,
) -> ProviderResponse {
    let context = Context { date, ..Context::default() };
    let (mut seen, mut items, mut findings) = (HashSet::new(), Vec::new(), 0);
    for key in request.keys.iter().filter(|key| seen.insert(key.as_str())) {
        if !is_wanted() {
            return refuse("nobody waits for the answer");
        }
        let answer = match judge(gate, key, &context) {
            Ok(answer) => answer,
            Err(reason) => return refuse(&reason),
        };
        if let Answer::Value(report) = &answer {
            findings += report.findings.len();
        }
        if findings > FINDINGS {
            return refuse("the answer would be too long: ask for fewer keys at a time");
        }
        items.push(Item { key: key.clone(), answer });
    }
    Response { idempotent: true, items, system_error: None }.into()
}

/// The answer to a request that cannot be answered: no item, so that Gatekeeper keeps nothing.
pub fn refuse(reason: &str) -> ProviderResponse {
    let reason = Some(format!("podgate: {reason}"));
    Response { idempotent: true, items: Vec::new(), system_error: reason }.into()
}

/// The answer for a key, or why there is none that would be the same the next time.
fn judge(gate: &Gate, key: &str, context: &Context) -> Result<Answer, String> {
    let report = if key.trim_start().starts_with('{') {
        alone::check(gate, key, context.clone())
    } else if is_image(key) {
        gate.evaluate(&of_image(key), context)
    } else {
        return Ok(Answer::Error("podgate: the key is neither JSON of an object nor an image".to_owned()));
    };
    if let Some(failed) = report.failed_policies.first() {
        return Err(format!("policy `{}` failed: {}", failed.policy, failed.reason));
    }
    Ok(match obstacle(&report) {
        Some(reason) => Answer::Error(format!("podgate: {reason}")),
        None => Answer::Value(Box::new(report)),
    })
}

/// Whether a key may be the reference of an image. The API server takes any text without space around it; what no
/// reference has is more likely a mistake of the template.
fn is_image(key: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:/@+".contains(&byte);
    !key.is_empty() && key.len() <= IMAGE && key.bytes().all(fits)
}

/// A part of a pod of which nothing is known but an image: what it does not say proves nothing.
fn of_image(image: &str) -> Subject {
    let container =
        Container { name: "image".to_owned(), image: Some(image.to_owned()), ..Container::default() };
    let spec = PodSpec { containers: vec![container], ..PodSpec::default() };
    let mut subject = Subject::from_pod(&Pod { spec: Some(spec), ..Pod::default() });
    alone::SOURCE.clone_into(&mut subject.entry.object.source);
    subject.entry.partial = true;
    subject
}

/// Why a report is no verdict, where that follows from the key.
fn obstacle(report: &Report) -> Option<String> {
    if let Some(entry) = report.not_evaluated.iter().find(|entry| entry.cause.is_error()) {
        let place =
            entry.span.map(|span| format!("line {}, column {}: ", span.start.line, span.start.column));
        return Some(format!("{}{}", place.unwrap_or_default(), entry.reason));
    }
    if report.subjects.is_empty() {
        let unjudged = report.not_evaluated.first().map(|entry| entry.reason.clone());
        let kind = report.without_pod.first().map(|object| format!("`{}` has no pod", object.kind));
        return Some(unjudged.or(kind).unwrap_or_else(|| "there is nothing to judge".to_owned()));
    }
    None
}
