//! What all connections share, and what a reload replaces.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use podgate::admission::Gates;
use tokio::sync::{Semaphore, watch};

use super::metrics::Metrics;
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
    /// Whether clients' certificates are verified, which `/external-data` then asks for.
    pub(super) verifies_clients: bool,
    /// Whether `/validate` asks for one, too.
    pub(super) requires_certificate: bool,
}

pub(super) struct State {
    gates: RwLock<Arc<Gates>>,
    identity: RwLock<Option<Arc<Identity>>>,
    /// What was read last and refused, for `/readyz`: of which files, and why.
    refused: RwLock<Vec<(&'static str, String)>>,
    pub(super) rules: Rules,
    pub(super) metrics: Metrics,
    pub(super) phase: watch::Sender<Phase>,
    /// Requests that may be judged at one time.
    pub(super) judges: Arc<Semaphore>,
    held: AtomicUsize,
}

impl State {
    pub(super) fn new(gates: Gates, identity: Option<Identity>, rules: Rules, judges: usize) -> Self {
        let metrics = Metrics::new();
        metrics.gates(&gates);
        let state = Self {
            gates: RwLock::new(Arc::new(gates)),
            identity: RwLock::default(),
            refused: RwLock::default(),
            rules,
            metrics,
            phase: watch::Sender::new(Phase::Serving),
            judges: Arc::new(Semaphore::new(judges)),
            held: AtomicUsize::new(0),
        };
        if let Some(identity) = identity {
            state.identify(identity);
        }
        state
    }

    /// The gates for one request, which keeps them to its end.
    pub(super) fn gates(&self) -> Arc<Gates> {
        Arc::clone(&self.gates.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The identity for one connection; `None` without TLS.
    pub(super) fn identity(&self) -> Option<Arc<Identity>> {
        self.identity.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn judge_by(&self, gates: Gates) {
        self.metrics.gates(&gates);
        *self.gates.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(gates);
    }

    pub(super) fn identify(&self, identity: Identity) {
        let expires = i64::try_from(identity.expires).unwrap_or(i64::MAX);
        self.metrics.certificate_expires.set(expires);
        *self.identity.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(identity));
    }

    /// Notes how reading files again went.
    pub(super) fn reloaded(&self, what: &'static str, refused: Option<String>) {
        self.metrics.reload(what, refused.is_none());
        let mut all = self.refused.write().unwrap_or_else(PoisonError::into_inner);
        all.retain(|(own, _)| *own != what);
        all.extend(refused.map(|reason| (what, reason)));
    }

    /// What was refused, a line each.
    pub(super) fn refusals(&self) -> String {
        let all = self.refused.read().unwrap_or_else(PoisonError::into_inner);
        all.iter().map(|(what, reason)| format!("{what}: the newest files are refused: {reason}\n")).collect()
    }

    pub(super) fn phase(&self) -> Phase {
        *self.phase.borrow()
    }

    /// Room for bytes of a body; `None` where too many are held.
    pub(super) fn hold(self: &Arc<Self>) -> Held {
        Held { state: Arc::clone(self), bytes: 0 }
    }
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
