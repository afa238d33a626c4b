//! What becomes of a cluster: each change is judged, and what is new is told.

use std::io::{self, Write};
use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Result;
use futures::StreamExt;
use futures::future::{self, Either};
use kube::api::WatchEvent;
use kube::runtime::watcher::DefaultBackoff;
use podgate::Report;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

use super::api::{Failure, PODS};
use super::scope::Scope;
use crate::args::Format;
use crate::report::Printer;
use crate::signals::Signals;
use crate::terminal;

/// Longest without a word from the server, which ends each watch itself after 290 seconds.
const SILENCE: Duration = Duration::from_secs(320);

/// What a watch is of, in words.
const CHANGES: &str = "changes of pods";

/// A watch that ends sooner is not begun again at once.
const SHORT: Duration = Duration::from_secs(5);

/// Where reports go, one after another.
pub(super) struct Out<'a> {
    pub(super) printer: &'a Printer<'a>,
    pub(super) format: Format,
    /// Several scopes print.
    turn: Mutex<()>,
}

impl<'a> Out<'a> {
    pub(super) const fn new(printer: &'a Printer<'a>, format: Format) -> Self {
        Self { printer, format, turn: Mutex::new(()) }
    }

    /// Prints a report: in JSON as one line, else as text.
    pub(super) fn print(&self, report: &Report) -> io::Result<()> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut out = terminal::stdout();
        if self.format == Format::Json {
            serde_json::to_writer(&mut out, report)?;
            writeln!(out)?;
        } else {
            self.printer.write(report, self.format, &terminal::options(&io::stdout()), &mut out)?;
        }
        out.flush()
    }
}

/// Follows all scopes until a signal comes, or nobody reads any more.
pub(super) async fn follow(scopes: &mut [Scope<'_>], out: &Out<'_>, signals: &mut Signals) -> Result<()> {
    let all = future::try_join_all(scopes.iter_mut().map(|scope| follow_one(scope, out)));
    match future::select(pin!(all), pin!(signals.next())).await {
        Either::Left((Err(error), _)) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// After so long everything is read again once a watch ends: what is known beside pods may have changed since, or be
/// of pods that are gone.
const AGE: Duration = Duration::from_secs(3600);

/// Why a watch ended.
enum End {
    /// As it does from time to time: it goes on from where it was.
    Over,
    /// The server no longer knows where it was: everything is read again.
    Expired,
    Failed(Failure),
    /// Nobody reads what is printed.
    Deaf(io::Error),
}

/// As long as [`Scope::failure`] is set something of the scope is not known, and the program does not end as if all were
/// well.
async fn follow_one(scope: &mut Scope<'_>, out: &Out<'_>) -> io::Result<()> {
    if scope.failure.as_ref().is_some_and(Failure::is_forbidden) {
        return Ok(());
    }
    let mut backoff = DefaultBackoff::default();
    let mut read = Instant::now();
    if scope.failure.is_some() {
        scope.tell_failure();
        tokio::time::sleep(backoff.next().unwrap_or(SILENCE)).await;
    }
    loop {
        let began = Instant::now();
        if read.elapsed() > AGE || scope.is_guessed() {
            scope.version.clear();
        }
        let end = if scope.version.is_empty() {
            read = began;
            read_again(scope, out).await
        } else {
            watch(scope, out).await
        };
        match end {
            End::Deaf(error) => return Err(error),
            End::Expired => scope.version.clear(),
            End::Over if began.elapsed() > SHORT => continue,
            End::Over => {}
            // What comes from here on is not seen, so nothing is clean.
            End::Failed(failure) => {
                scope.failure = Some(failure);
                scope.tell_failure();
            }
        }
        tokio::time::sleep(backoff.next().unwrap_or(SILENCE)).await;
    }
}

async fn read_again(scope: &mut Scope<'_>, out: &Out<'_>) -> End {
    scope.read().await;
    if let Some(failure) = scope.failure.take() {
        return End::Failed(failure);
    }
    if let Err(error) = out.print_new(&scope.fresh()) {
        return End::Deaf(error);
    }
    if scope.version.is_empty() { End::Expired } else { watch(scope, out).await }
}

async fn watch(scope: &mut Scope<'_>, out: &Out<'_>) -> End {
    let selector = scope.rules.selector.as_deref();
    let opened = scope.cluster.api.watch(PODS, scope.namespace, selector, &scope.version).await;
    let mut events = match opened {
        Ok(events) => pin!(events),
        Err(failure) if failure.is_expired() => return End::Expired,
        Err(failure) => return End::Failed(failure.of(CHANGES)),
    };
    scope.tell_recovery();
    loop {
        let event = match tokio::time::timeout(SILENCE, events.next()).await {
            Err(_) | Ok(None) => return End::Over,
            Ok(Some(Err(failure))) if failure.is_expired() => return End::Expired,
            Ok(Some(Err(failure))) => return End::Failed(failure.of(CHANGES)),
            Ok(Some(Ok(event))) => event,
        };
        let end = match event {
            WatchEvent::Added(pod) | WatchEvent::Modified(pod) => changed(scope, out, &pod).await,
            WatchEvent::Deleted(pod) => {
                raw(&pod).iter().for_each(|raw| scope.remove(raw));
                scope.reached(version(&pod));
                None
            }
            WatchEvent::Bookmark(mark) => {
                scope.reached(&mark.metadata.resource_version);
                None
            }
            WatchEvent::Error(status) => {
                let failure = Failure::from(*status);
                Some(if failure.is_expired() { End::Expired } else { End::Failed(failure.of(CHANGES)) })
            }
        };
        if let Some(end) = end {
            return end;
        }
    }
}

/// A pod that came or changed.
async fn changed(scope: &mut Scope<'_>, out: &Out<'_>, pod: &Value) -> Option<End> {
    let raw = raw(pod)?;
    if let Err(failure) = scope.change(&raw).await {
        // It is seen again where the watch goes on from.
        scope.missed = Some(version(pod).to_owned());
        return Some(End::Failed(failure));
    }
    if let Err(error) = out.print_new(&scope.fresh()) {
        return Some(End::Deaf(error));
    }
    scope.reached(version(pod));
    None
}

fn raw(pod: &Value) -> Option<Box<RawValue>> {
    to_raw_value(pod).ok()
}

fn version(pod: &Value) -> &str {
    pod.pointer("/metadata/resourceVersion").and_then(Value::as_str).unwrap_or_default()
}

impl Out<'_> {
    /// Prints what there is to tell.
    fn print_new(&self, report: &Report) -> io::Result<()> {
        let is_clean = report.findings.is_empty() && report.not_evaluated.is_empty();
        let is_judged = report.failed_policies.iter().all(|failed| failed.subject.is_none());
        if is_clean && is_judged { Ok(()) } else { self.print(report) }
    }
}
