//! Requests and answers.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{ALLOW, CONNECTION, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use serde::Serialize;
use tokio::time::{Instant, timeout_at};

use super::connections::{Connection, Stage};
use super::protocols::{self, Endpoint};
use super::state::{Held, Phase, State};

/// Longest for the body of a request.
const BODY: Duration = Duration::from_secs(10);

/// Bytes beyond the longest body that are read and dropped, so that the client hears the answer.
const DRAINED: usize = 64 << 20;

/// Bytes of such a body in which its request's `uid` is looked for.
const BEGINNING: usize = 64 << 10;

pub(super) type Answer = Response<Full<Bytes>>;

/// Which paths a listener has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// What the cluster asks.
    Cluster,
    /// What operators ask.
    Operators,
}

/// What is known of a client.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer {
    /// Whether the connection is as safe as the provider's protocol asks: TLS 1.3, or none by the operator's choice.
    pub(super) is_modern: bool,
    /// Whether it showed a certificate, which then was verified.
    pub(super) has_certificate: bool,
}

/// Why a request is not judged: an HTTP status and a line.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) reason: String,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, reason: impl Into<String>) -> Self {
        Self { status, reason: reason.into() }
    }
}

/// Answers one request.
pub(super) async fn answer(
    state: Arc<State>,
    role: Role,
    peer: Peer,
    connection: Arc<Connection>,
    request: Request<Incoming>,
) -> Result<Answer, Infallible> {
    let answer = match (role, request.uri().path()) {
        (Role::Cluster, "/validate") => ask(&state, Endpoint::Validate, peer, &connection, request).await,
        (Role::Cluster, "/external-data") => {
            ask(&state, Endpoint::ExternalData, peer, &connection, request).await
        }
        (_, "/healthz") => read(&request, || text(StatusCode::OK, "ok\n".to_owned())),
        (_, "/readyz") => read(&request, || ready(&state)),
        (Role::Operators, "/metrics") => read(&request, || metrics(&state)),
        _ => text(StatusCode::NOT_FOUND, "there is nothing here\n".to_owned()),
    };
    connection.enter(Stage::Idle);
    Ok(if state.phase() == Phase::Serving { answer } else { closed(answer) })
}

/// An answer after which its connection ends.
fn closed(mut answer: Answer) -> Answer {
    answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    answer
}

async fn ask(
    state: &Arc<State>,
    endpoint: Endpoint,
    peer: Peer,
    connection: &Connection,
    request: Request<Incoming>,
) -> Answer {
    let asked = protocols::Asked::now(endpoint, request.uri().query());
    if let Err(refusal) = may_ask(state, endpoint, peer, &request) {
        let is_unknown = refusal.status == StatusCode::FORBIDDEN;
        let answer = asked.refuse(state, refusal);
        // What is known of a client was found out when it connected, and may be otherwise the next time.
        return if is_unknown { closed(answer) } else { answer };
    }
    connection.enter(Stage::Body);
    match body(state, endpoint, request).await {
        // What is left of the body is not read.
        Err(Unread { refusal, beginning }) => closed(asked.refuse_unread(state, refusal, &beginning)),
        Ok((body, _held)) => {
            connection.enter(Stage::Judging);
            asked.judge(state, body).await
        }
    }
}

fn may_ask(
    state: &State,
    endpoint: Endpoint,
    peer: Peer,
    request: &Request<Incoming>,
) -> Result<(), Refusal> {
    let refuse = |status, reason: &str| Err(Refusal::new(status, reason));
    let (modern, certificate) = match endpoint {
        Endpoint::Validate => (false, state.rules.requires_certificate),
        Endpoint::ExternalData => (true, state.rules.verifies_clients),
    };
    if request.method() != Method::POST {
        return refuse(StatusCode::METHOD_NOT_ALLOWED, "this takes POST alone");
    }
    if modern && !peer.is_modern {
        return refuse(StatusCode::FORBIDDEN, "this takes TLS 1.3 alone");
    }
    if certificate && !peer.has_certificate {
        return refuse(StatusCode::FORBIDDEN, "this asks for a client certificate");
    }
    let is = |name, wanted: &str| {
        let value = request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        value.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(wanted))
    };
    if !is(CONTENT_TYPE, "application/json") {
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body must be `application/json`");
    }
    if request.headers().contains_key(CONTENT_ENCODING) && !is(CONTENT_ENCODING, "identity") {
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body must not be compressed");
    }
    Ok(())
}

/// A body that is not judged.
struct Unread {
    refusal: Refusal,
    /// What was read first of it.
    beginning: Vec<u8>,
}

impl Unread {
    fn new(status: StatusCode, reason: impl Into<String>, read: &[u8]) -> Self {
        let beginning = read.get(..BEGINNING).unwrap_or(read).to_vec();
        Self { refusal: Refusal::new(status, reason), beginning }
    }
}

async fn body(
    state: &Arc<State>,
    endpoint: Endpoint,
    request: Request<Incoming>,
) -> Result<(Bytes, Held), Unread> {
    let until = Instant::now() + BODY;
    let limit = endpoint.longest();
    let too_large = |read: &[u8]| {
        let reason = format!("the body must not be longer than {} MiB", limit >> 20);
        Unread::new(StatusCode::PAYLOAD_TOO_LARGE, reason, read)
    };
    let mut body = request.into_body();
    let told = body.size_hint().lower();
    if told > (limit + DRAINED) as u64 {
        return Err(too_large(&[]));
    }
    // Of what is too large, the beginning alone is kept.
    let keeps = if told > limit as u64 { BEGINNING } else { limit };
    let mut held = state.hold();
    let mut whole = Vec::new();
    loop {
        let frame = match timeout_at(until, body.frame()).await {
            Ok(None) => return Ok((whole.into(), held)),
            Ok(Some(Ok(frame))) => frame,
            Ok(Some(Err(error))) => {
                let reason = format!("the body cannot be read: {error}");
                return Err(Unread::new(StatusCode::BAD_REQUEST, reason, &whole));
            }
            Err(_) => return Err(Unread::new(StatusCode::REQUEST_TIMEOUT, "the body took too long", &whole)),
        };
        let Ok(data) = frame.into_data() else { continue };
        let fits = whole.len() + data.len() <= keeps;
        let has_room = fits && held.add(data.len());
        if has_room || !fits {
            whole.extend_from_slice(&data);
        }
        if !has_room {
            let busy = "the server has too many requests";
            let unread = if fits {
                Unread::new(StatusCode::SERVICE_UNAVAILABLE, busy, &whole)
            } else {
                too_large(&whole)
            };
            let read = whole.len();
            drop((whole, held));
            drain(&mut body, (limit + DRAINED).saturating_sub(read), until).await;
            return Err(unread);
        }
    }
}

/// Reads what is left of a body that is not judged, within bounds: a client that is still sending hears no answer.
async fn drain(body: &mut Incoming, mut left: usize, until: Instant) {
    while let Ok(Some(Ok(frame))) = timeout_at(until, body.frame()).await {
        let Some(rest) = left.checked_sub(frame.data_ref().map_or(0, Bytes::len)) else { return };
        left = rest;
    }
}

fn read(request: &Request<Incoming>, answer: impl FnOnce() -> Answer) -> Answer {
    if request.method() == Method::GET || request.method() == Method::HEAD {
        return answer();
    }
    let mut answer = text(StatusCode::METHOD_NOT_ALLOWED, "this takes GET alone\n".to_owned());
    answer.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    answer
}

/// Whether requests may come. Files that were refused, and an API server that does not answer, are told, and change
/// nothing: what was there before is served, and replicas that all leave over one mistake would close the cluster to
/// every pod.
fn ready(state: &State) -> Answer {
    match (state.phase(), state.awaited()) {
        (Phase::Serving, None) => text(StatusCode::OK, format!("ok\n{}", state.wrong())),
        (Phase::Serving, Some(what)) => {
            text(StatusCode::SERVICE_UNAVAILABLE, format!("not yet there: {what}\n{}", state.wrong()))
        }
        _ => text(StatusCode::SERVICE_UNAVAILABLE, "shutting down\n".to_owned()),
    }
}

fn metrics(state: &State) -> Answer {
    let mut answer = text(StatusCode::OK, state.metrics.text());
    let kind = HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
    answer.headers_mut().insert(CONTENT_TYPE, kind);
    answer
}

pub(super) fn text(status: StatusCode, text: String) -> Answer {
    with_body(status, "text/plain; charset=utf-8", text.into())
}

/// An answer in JSON.
pub(super) fn json(status: StatusCode, value: &impl Serialize) -> Answer {
    match serde_json::to_vec(value) {
        Ok(body) => with_body(status, "application/json", body.into()),
        Err(error) => text(StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n")),
    }
}

fn with_body(status: StatusCode, kind: &'static str, body: Bytes) -> Answer {
    let mut answer = Response::new(Full::new(body));
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    answer
}
