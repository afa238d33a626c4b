//! What all connections share, and what a reload replaces.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use anyhow::{Context, Result};
use podgate::admission::Gates;
use tokio::sync::{Semaphore, watch};

use super::metrics::Metrics;
use super::namespaces::{self, Namespaces};
use super::tls::Identity;

/// Bytes of bodies that are held at one time, over all connections.
const HELD: usize = 256 << 20;

/// How far the server is from its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Far.
    Serving,
    /// New connections are taken and each closes after its next answer, until nobody knows the server any more.
    Leaving,
    /// What is asked is answered, and nothing more taken.
    Closing,
}

/// Who may ask.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    /// Whether there is no TLS, by the operator's choice.
    pub(super) is_plain: bool,
    /// Whether clients' certificates are verified, which `/external-data` then asks for.
    pub(super) verifies_clients: bool,
    /// Whether `/validate` asks for one, too.
    pub(super) requires_certificate: bool,
}

/// By what a request is judged.
#[derive(Clone)]
pub(super) struct Judging {
    pub(super) gates: Arc<Gates>,
    /// Where the gates want the labels of namespaces.
    pub(super) namespaces: Option<Arc<Namespaces>>,
}

pub(super) struct State {
    judging: RwLock<Judging>,
    identity: watch::Sender<Option<Arc<Identity>>>,
    /// What must be there before requests may come.
    awaited: RwLock<BTreeSet<&'static str>>,
    /// What is wrong, for `/readyz`: with what, from whom, and a line.
    wrong: RwLock<Vec<(Wrong, &'static str, String)>>,
    pub(super) rules: Rules,
    pub(super) metrics: Metrics,
    pub(super) phase: watch::Sender<Phase>,
    /// Requests that may be judged at one time.
    pub(super) judges: Arc<Semaphore>,
    held: AtomicUsize,
}

/// What can be wrong without an end to the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrong {
    Refused,
    Cluster,
}

impl State {
    /// A server that judges by these gates once [`Self::judge_by`] has said so, too.
    pub(super) fn new(gates: Arc<Gates>, rules: Rules, judges: usize) -> Self {
        Self {
            judging: RwLock::new(Judging { gates, namespaces: None }),
            identity: watch::Sender::new(None),
            awaited: RwLock::default(),
            wrong: RwLock::default(),
            rules,
            metrics: Metrics::new(),
            phase: watch::Sender::new(Phase::Serving),
            judges: Arc::new(Semaphore::new(judges)),
            held: AtomicUsize::new(0),
        }
    }

    /// By what one request is judged, which keeps it to its end.
    pub(super) fn judging(&self) -> Judging {
        read(&self.judging).clone()
    }

    /// The identity for one connection; `None` where there is none yet, and without TLS.
    pub(super) fn identity(&self) -> Option<Arc<Identity>> {
        self.identity.borrow().clone()
    }

    /// Waits for an identity.
    pub(super) async fn identified(&self) {
        // The sender lives as long as the server.
        let _ = self.identity.subscribe().wait_for(Option::is_some).await;
    }

    /// Judges by these gates from here on, with the namespaces that they may want.
    pub(super) async fn judge_by(self: &Arc<Self>, gates: Arc<Gates>) -> Result<()> {
        let namespaces = match (gates.want_labels(), self.judging().namespaces) {
            (false, _) => {
                self.has(namespaces::WHAT);
                self.note(Wrong::Cluster, namespaces::WHAT, None);
                None
            }
            (true, Some(same)) => Some(same),
            (true, None) => {
                let why =
                    "the settings have `admission.namespaceProfiles`, which needs the labels of namespaces";
                Some(Arc::new(Namespaces::follow(self).await.context(why)?))
            }
        };
        self.metrics.gates(&gates);
        *write(&self.judging) = Judging { gates, namespaces };
        Ok(())
    }

    pub(super) fn identify(&self, identity: Identity) {
        let expires = i64::try_from(identity.expires).unwrap_or(i64::MAX);
        self.metrics.certificate_expires.set(expires);
        self.identity.send_replace(Some(Arc::new(identity)));
        self.has(super::reload::CERTIFICATE);
    }

    /// Says that requests may not come until something is there.
    pub(super) fn awaits(&self, what: &'static str) {
        write(&self.awaited).insert(what);
    }

    /// Says that it is there.
    pub(super) fn has(&self, what: &'static str) {
        write(&self.awaited).remove(what);
    }

    /// What is not there yet, where there is such a thing.
    pub(super) fn awaited(&self) -> Option<String> {
        let awaited = read(&self.awaited);
        (!awaited.is_empty()).then(|| awaited.iter().copied().collect::<Vec<_>>().join(", "))
    }

    /// Notes how reading files again went.
    pub(super) fn reloaded(&self, what: &'static str, refused: Option<String>) {
        self.metrics.reload(what, refused.is_none());
        let line = refused.map(|reason| format!("{what}: the newest files are refused: {reason}\n"));
        self.note(Wrong::Refused, what, line);
    }

    /// Notes whether something could be learned from the cluster, and why not. What was known before stays.
    pub(super) fn cluster(&self, what: &'static str, failure: Option<&str>) {
        self.metrics.cluster(what, failure.is_some());
        let line = failure.map(|reason| format!("{what}: cannot be brought up to date: {reason}\n"));
        if !self.note(Wrong::Cluster, what, line) {
            return;
        }
        match failure {
            Some(reason) => {
                tracing::error!(what, reason, "cannot be brought up to date: what was known stays")
            }
            None => tracing::info!(what, "up to date again"),
        }
    }

    /// Keeps a line about something, or drops it; whether that is a change.
    fn note(&self, wrong: Wrong, what: &'static str, line: Option<String>) -> bool {
        let mut all = write(&self.wrong);
        let at = all.iter().position(|(own, about, _)| (*own, *about) == (wrong, what));
        let before = at.map(|at| all.remove(at).2);
        let is_new = before != line;
        all.extend(line.map(|line| (wrong, what, line)));
        is_new
    }

    /// What is wrong, a line each.
    pub(super) fn wrong(&self) -> String {
        read(&self.wrong).iter().map(|(_, _, line)| line.as_str()).collect()
    }

    pub(super) fn phase(&self) -> Phase {
        *self.phase.borrow()
    }

    /// Room for bytes of a body; `None` where too many are held.
    pub(super) fn hold(self: &Arc<Self>) -> Held {
        Held { state: Arc::clone(self), bytes: 0 }
    }
}

fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    // What is kept is consistent between any two statements.
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

/// Bytes of a body that count while it is held.
pub(super) struct Held {
    state: Arc<State>,
    bytes: usize,
}

impl Held {
    /// Counts more bytes; `false` where there is no room for them.
    pub(super) fn add(&mut self, bytes: usize) -> bool {
        self.bytes += bytes;
        self.state.held.fetch_add(bytes, Ordering::Relaxed) + bytes <= HELD
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.state.held.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}
