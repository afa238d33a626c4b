//! The two protocols over HTTP: from a body to an answer, with what is logged and counted of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use hyper::StatusCode;
use hyper::body::Bytes;
use podgate::admission::{self, AdmissionRequest, Circumstances, Labels, Outcome, Reviewed};
use podgate::external_data::{self, Answer as Keyed, ProviderRequest, ProviderResponse};
use podgate::policy::Action;
use podgate::report::Finding;
use tokio::runtime::Handle;
use tokio::sync::OwnedSemaphorePermit;

use super::http::{Answer, Refusal, json, text};
use super::state::{Judging, State};
use crate::args::today;

/// Longest that a request waits to be judged: by then its client may as well try again.
const PATIENCE: Duration = Duration::from_secs(2);

/// Bytes of a review that is no larger than usual. Few of those that are larger are judged at one time, so that they do
/// not fill the memory together.
const USUAL: usize = 32 << 10;

/// Bytes of an object that an API server takes (`MaxRequestBodyBytes` of `k8s.io/apiserver`). Reviews that are larger
/// are judged one after another.
const TAKEN: usize = 3 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Endpoint {
    Validate,
    ExternalData,
}

impl Endpoint {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Validate => "validate",
            Self::ExternalData => "external-data",
        }
    }

    /// Bytes of the longest body: what an API server makes of the largest object that it takes ([`TAKEN`]), in which it
    /// writes six bytes for each of `<`, `>` and `&`, and which an update holds twice, with what else is around it; and
    /// for keys, in which every quote is escaped, room for several of them.
    pub(super) const fn longest(self) -> usize {
        match self {
            Self::Validate => 40 << 20,
            Self::ExternalData => 16 << 20,
        }
    }
}

/// That a request may be judged, for as long as this is held.
struct Turn {
    _held: Vec<OwnedSemaphorePermit>,
}

/// A request, since its head was read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    endpoint: Endpoint,
    at: Instant,
    /// How long it may wait to be judged.
    patience: Duration,
}

impl Asked {
    /// A request that was just read. The API server says in `timeout` when it will give up.
    pub(super) fn now(endpoint: Endpoint, query: Option<&str>) -> Self {
        let timeout = query.into_iter().flat_map(|query| query.split('&'));
        let timeout =
            timeout.filter_map(|part| part.strip_prefix("timeout=")?.strip_suffix('s')?.parse().ok());
        let half = timeout.map(|seconds: u32| Duration::from_secs(u64::from(seconds)) / 2).next();
        Self { endpoint, at: Instant::now(), patience: half.unwrap_or(PATIENCE).min(PATIENCE) }
    }

    /// The answer to a request that is no request of the protocol.
    pub(super) fn refuse(self, state: &State, Refusal { status, reason }: Refusal) -> Answer {
        state.metrics.request(self.endpoint.as_str(), "failed", self.at.elapsed());
        tracing::warn!(endpoint = self.endpoint.as_str(), status = status.as_u16(), reason, "refused");
        match self.endpoint {
            Endpoint::Validate => text(status, format!("{reason}\n")),
            // Gatekeeper reads the body whatever the status is.
            Endpoint::ExternalData => json(status, &external_data::refuse(&reason)),
        }
    }

    /// The answer to a body that was not read to its end. An API server is refused its request wherever the body tells
    /// which that is: its webhook's `failurePolicy` may be `Ignore`.
    pub(super) fn refuse_unread(self, state: &State, refusal: Refusal, beginning: &[u8]) -> Answer {
        let code = match (self.endpoint, refusal.status) {
            (Endpoint::Validate, StatusCode::PAYLOAD_TOO_LARGE) => Some(413),
            (Endpoint::Validate, StatusCode::SERVICE_UNAVAILABLE) => Some(429),
            _ => None,
        };
        match code.and_then(|code| admission::refuse_unread(beginning, code, &refusal.reason)) {
            Some(reviewed) => self.reviewed(state, None, &reviewed),
            None => self.refuse(state, refusal),
        }
    }

    /// When a body may be judged; `None` where that takes too long.
    async fn turn(self, state: &State, body: &Bytes) -> Option<Turn> {
        let is_above = |size| self.endpoint == Endpoint::Validate && body.len() > size;
        // Whoever waits for a scarcer one holds none of the others.
        let wanted =
            [(is_above(TAKEN), &state.largest), (is_above(USUAL), &state.large), (true, &state.judges)];
        let turn = async {
            let mut held = Vec::new();
            for (_, permits) in wanted.into_iter().filter(|(is_wanted, _)| *is_wanted) {
                held.push(Arc::clone(permits).acquire_owned().await.ok()?);
            }
            Some(Turn { _held: held })
        };
        tokio::time::timeout(self.patience, turn).await.ok().flatten()
    }

    /// Judges what a body asks for, beside the threads that serve connections.
    pub(super) async fn judge(self, state: &Arc<State>, body: Bytes) -> Answer {
        let turn = self.turn(state, &body).await;
        let (own, again) = (Arc::clone(state), body.clone());
        // Dropped with this future, which ends with the connection.
        let waits = Waits::default();
        let is_gone = Arc::clone(&waits.0);
        let judged = tokio::task::spawn_blocking(move || self.answer(&own, &body, turn, &is_gone));
        judged.await.unwrap_or_else(|error| {
            tracing::error!(endpoint = self.endpoint.as_str(), %error, "a defect: a request could not be judged");
            self.broken(state, &again)
        })
    }

    fn answer(self, state: &State, body: &[u8], turn: Option<Turn>, is_gone: &AtomicBool) -> Answer {
        let is_free = turn.is_some();
        match self.endpoint {
            Endpoint::Validate => self.validate(state, body, is_free),
            Endpoint::ExternalData => self.external_data(state, body, is_free, is_gone),
        }
    }

    fn broken(self, state: &State, body: &[u8]) -> Answer {
        const DEFECT: &str = "a defect of podgate";
        match (self.endpoint, AdmissionRequest::read(body)) {
            (Endpoint::Validate, Ok(request)) => {
                self.reviewed(state, Some(&request), &admission::broken(&request, DEFECT))
            }
            _ => self.refuse(state, Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, DEFECT)),
        }
    }

    fn validate(self, state: &State, body: &[u8], is_free: bool) -> Answer {
        match AdmissionRequest::read(body) {
            Err(error) => self.reviewed(state, None, &admission::refuse(&error)),
            Ok(request) if is_free => {
                let judging = state.judging();
                let labels = self.labels(state, &judging, &request);
                let around = Circumstances { date: Some(today()), namespace_labels: labels.as_ref() };
                let reviewed = admission::review(&judging.gates, &request, &around);
                self.reviewed(state, Some(&request), &reviewed)
            }
            Ok(request) => self.reviewed(state, Some(&request), &admission::busy(&request)),
        }
    }

    /// The labels of the request's namespace, where the answer may depend on them and somebody knows them. This thread
    /// may wait: it serves no connection.
    fn labels(self, state: &State, judging: &Judging, request: &AdmissionRequest<'_>) -> Option<Labels> {
        if !admission::wants_labels(&judging.gates, request) {
            return None;
        }
        let left = self.patience.saturating_sub(self.at.elapsed());
        let labels = judging.namespaces.as_ref()?.labels(state, &request.namespace, left);
        Handle::current().block_on(labels)
    }

    fn reviewed(self, state: &State, request: Option<&AdmissionRequest<'_>>, reviewed: &Reviewed) -> Answer {
        let response = &reviewed.answer.response;
        // Without a `uid` there is nothing that an API server takes for an answer.
        let status = if response.uid.is_empty() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
        let answer = json(status, &reviewed.answer);
        let took = self.at.elapsed();
        state.metrics.request(self.endpoint.as_str(), reviewed.outcome.as_str(), took);
        if let Some(report) = &reviewed.report {
            state.metrics.failures(report);
        }
        log(request, reviewed, took);
        answer
    }

    fn external_data(self, state: &State, body: &[u8], is_free: bool, is_gone: &AtomicBool) -> Answer {
        let request = match ProviderRequest::read(body) {
            Err(error) => {
                return self.refuse(state, Refusal::new(StatusCode::BAD_REQUEST, error.reason));
            }
            Ok(_) if !is_free => {
                let busy = "the server has too many requests";
                return self.refuse(state, Refusal::new(StatusCode::SERVICE_UNAVAILABLE, busy));
            }
            Ok(request) => request,
        };
        tracing::debug!(endpoint = "external-data", keys = request.keys.len(), "judging");
        let is_wanted = || !is_gone.load(Ordering::Relaxed);
        let response =
            external_data::answer_while(state.judging().gates.own(), &request, Some(today()), is_wanted);
        let answer = json(StatusCode::OK, &response);
        self.provided(state, &response);
        answer
    }

    fn provided(self, state: &State, answer: &ProviderResponse) {
        let took = self.at.elapsed();
        let (mut denied, mut errors) = (0_usize, 0_usize);
        for item in &answer.response.items {
            match &item.answer {
                Keyed::Value(report) => {
                    state.metrics.key("value");
                    denied += usize::from(report.summary.denied);
                }
                Keyed::Error(_) => {
                    state.metrics.key("error");
                    errors += 1;
                }
            }
        }
        let keys = answer.response.items.len();
        let outcome = if denied > 0 { "denied" } else { "allowed" };
        let failed = answer.response.system_error.as_deref();
        let outcome = if errors > 0 || failed.is_some() { "failed" } else { outcome };
        state.metrics.request(self.endpoint.as_str(), outcome, took);
        let (micros, reason) = (micros(took), failed.unwrap_or_default());
        tracing::info!(endpoint = "external-data", keys, denied, errors, reason, micros, "answered");
    }
}

/// Says, once it is dropped, that nobody waits for the answer any more.
#[derive(Default)]
struct Waits(Arc<AtomicBool>);

impl Drop for Waits {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn micros(took: Duration) -> u64 {
    u64::try_from(took.as_micros()).unwrap_or(u64::MAX)
}

/// One line for each review. Values of the object are in no part of it: neither messages nor evidence.
fn log(request: Option<&AdmissionRequest<'_>>, reviewed: &Reviewed, took: Duration) {
    let response = &reviewed.answer.response;
    let findings = reviewed.report.as_ref().map(|report| report.findings.as_slice()).unwrap_or_default();
    let of = |action: Action| {
        let mut ids: Vec<&str> =
            findings.iter().filter(|one| one.action == action).map(|one| one.policy.as_str()).collect();
        ids.dedup();
        ids.join(",")
    };
    let user = request.and_then(|request| request.user_info.username.as_deref()).unwrap_or_default();
    let status = response.status.as_ref().and_then(|status| status.code).unwrap_or_default();
    tracing::info!(
        endpoint = "validate",
        uid = response.uid,
        user,
        operation = request.map(|request| request.operation.as_str()).unwrap_or_default(),
        resource = request.map(|request| request.resource.resource.as_str()).unwrap_or_default(),
        part = request.map(|request| request.sub_resource.as_str()).unwrap_or_default(),
        namespace = request.map(|request| request.namespace.as_str()).unwrap_or_default(),
        name = request.map(|request| request.name.as_str()).unwrap_or_default(),
        dry_run = request.is_some_and(|request| request.dry_run),
        outcome = reviewed.outcome.as_str(),
        allowed = response.allowed,
        code = status,
        deny = of(Action::Deny),
        warn = of(Action::Warn),
        audit = of(Action::Audit),
        findings = verdict(findings),
        reason = reason(reviewed),
        micros = micros(took),
        "reviewed"
    );
}

/// Why a review failed. The reasons of verdicts are findings, and hold what stands in the object.
fn reason(reviewed: &Reviewed) -> &str {
    let status = reviewed.answer.response.status.as_ref();
    let message = status.and_then(|status| status.message.as_deref());
    message.filter(|_| reviewed.outcome == Outcome::Failed).unwrap_or_default()
}

/// The findings as JSON, without what they quote of the object.
fn verdict(findings: &[Finding]) -> String {
    #[derive(serde::Serialize)]
    struct Logged<'a> {
        policy: &'a str,
        severity: &'a str,
        action: &'a str,
        container: Option<&'a str>,
        pointer: &'a str,
    }
    let logged = findings.iter().map(|finding| Logged {
        policy: &finding.policy,
        severity: finding.severity.as_str(),
        action: finding.action.as_str(),
        container: finding.container.as_deref(),
        pointer: &finding.pointer,
    });
    serde_json::to_string(&logged.collect::<Vec<_>>()).unwrap_or_default()
}
