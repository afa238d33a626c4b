//! What all connections share, and what a reload replaces.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use anyhow::{Context, Result};
use podgate::admission::Gates;
use tokio::sync::{Semaphore, watch};

use super::metrics::Metrics;
use super::namespaces::{self, Namespaces};
use super::tls::Identity;

/// Bytes of bodies that are held at one time, over all connections.
const HELD: usize = 256 << 20;

/// The same for bodies that are no larger than usual, of which larger ones take no room.
const HELD_USUAL: usize = 32 << 20;

/// Requests that are larger than usual and may be judged at one time: of the pod that costs the most, an update takes some
/// 330 MB.
const LARGE: usize = 2;

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
    /// Whether `/validate` asks for a client certificate, too, as `/external-data` does.
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
    /// What namespaces are to be known by for gates that are not judged by yet.
    coming: RwLock<Option<Arc<Namespaces>>>,
    /// What is wrong, for `/readyz`: in which way, with what, and why.
    wrong: RwLock<Vec<(Wrong, &'static str, String)>>,
    pub(super) rules: Rules,
    pub(super) metrics: Metrics,
    pub(super) phase: watch::Sender<Phase>,
    /// Requests that may be judged at one time.
    pub(super) judges: Arc<Semaphore>,
    /// Those of them that are larger than usual.
    pub(super) large: Arc<Semaphore>,
    /// Those of these that are larger than any object.
    pub(super) largest: Arc<Semaphore>,
    held: AtomicUsize,
    held_usual: AtomicUsize,
}

/// What can be wrong without an end to the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrong {
    Refused,
    Cluster,
}

/// Whether gates are judged by.
pub(super) enum Taken {
    Now,
    /// Not yet, and why.
    Later(String),
}

/// What makes gates want namespaces.
const WANTS_LABELS: &str =
    "the settings have `admission.namespaceProfiles`, which needs the labels of namespaces";

impl State {
    /// A server that judges by these gates once [`Self::start_by`] has said so, too.
    pub(super) fn new(gates: Arc<Gates>, rules: Rules, judges: usize) -> Self {
        Self {
            judging: RwLock::new(Judging { gates, namespaces: None }),
            identity: watch::Sender::new(None),
            awaited: RwLock::default(),
            coming: RwLock::default(),
            wrong: RwLock::default(),
            rules,
            metrics: Metrics::new(),
            phase: watch::Sender::new(Phase::Serving),
            judges: Arc::new(Semaphore::new(judges)),
            large: Arc::new(Semaphore::new(LARGE)),
            largest: Arc::new(Semaphore::new(1)),
            held: AtomicUsize::new(0),
            held_usual: AtomicUsize::new(0),
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

    /// Judges by these gates from the start. Until the namespaces that they may want are known, requests are not to
    /// come ([`Self::awaits`]).
    pub(super) async fn start_by(self: &Arc<Self>, gates: Arc<Gates>) -> Result<()> {
        let namespaces = if gates.want_labels() { Some(self.follow().await?) } else { None };
        self.judge_by(gates, namespaces);
        Ok(())
    }

    /// Judges by these gates from here on, in the place of others: once the namespaces that they may want are all known,
    /// for which this waits for no longer than `patience`. A set that may not list them would refuse every pod.
    pub(super) async fn replace_by(self: &Arc<Self>, gates: Arc<Gates>, patience: Duration) -> Result<Taken> {
        if !gates.want_labels() {
            self.has(namespaces::WHAT);
            *write(&self.coming) = None;
            self.judge_by(gates, None);
            self.no_longer(namespaces::WHAT);
            return Ok(Taken::Now);
        }
        let namespaces = match self.judging().namespaces {
            Some(same) => same,
            None => {
                let coming = read(&self.coming).clone();
                let coming = match coming {
                    Some(coming) => coming,
                    None => self.follow().await?,
                };
                if !coming.are_known(patience).await {
                    *write(&self.coming) = Some(coming);
                    let reason = self.reason(Wrong::Cluster, namespaces::WHAT);
                    let reason = reason.unwrap_or_else(|| "they are not all known yet".to_owned());
                    return Ok(Taken::Later(format!("{WANTS_LABELS}: {reason}")));
                }
                coming
            }
        };
        *write(&self.coming) = None;
        self.judge_by(gates, Some(namespaces));
        Ok(Taken::Now)
    }

    /// Follows namespaces no longer for gates that are not to come.
    pub(super) fn forget_coming(&self) {
        if write(&self.coming).take().is_some() {
            self.no_longer(namespaces::WHAT);
        }
    }

    /// Says nothing more about what the cluster is no longer asked for.
    fn no_longer(&self, what: &'static str) {
        self.note(Wrong::Cluster, what, None);
        self.metrics.cluster(what, false);
    }

    async fn follow(self: &Arc<Self>) -> Result<Arc<Namespaces>> {
        Ok(Arc::new(Namespaces::follow(self).await.context(WANTS_LABELS)?))
    }

    fn judge_by(&self, gates: Arc<Gates>, namespaces: Option<Arc<Namespaces>>) {
        self.metrics.gates(&gates);
        *write(&self.judging) = Judging { gates, namespaces };
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
        self.note(Wrong::Refused, what, refused);
    }

    /// Notes whether something could be learned from the cluster, and why not. What was known before stays.
    pub(super) fn cluster(&self, what: &'static str, failure: Option<&str>) {
        self.metrics.cluster(what, failure.is_some());
        if !self.note(Wrong::Cluster, what, failure.map(str::to_owned)) {
            return;
        }
        match failure {
            Some(reason) => {
                tracing::error!(what, reason, "cannot be brought up to date: what was known stays")
            }
            None => tracing::info!(what, "up to date again"),
        }
    }

    /// Keeps why something is wrong, or drops that; whether it is a change.
    fn note(&self, wrong: Wrong, what: &'static str, reason: Option<String>) -> bool {
        let mut all = write(&self.wrong);
        let at = all.iter().position(|(own, about, _)| (*own, *about) == (wrong, what));
        let before = at.map(|at| all.remove(at).2);
        let is_new = before != reason;
        all.extend(reason.map(|reason| (wrong, what, reason)));
        is_new
    }

    fn reason(&self, wrong: Wrong, what: &'static str) -> Option<String> {
        let all = read(&self.wrong);
        all.iter()
            .find(|(own, about, _)| (*own, *about) == (wrong, what))
            .map(|(_, _, reason)| reason.clone())
    }

    /// What is wrong, a line each.
    pub(super) fn wrong(&self) -> String {
        let line = |(wrong, what, reason): &(Wrong, &'static str, String)| match wrong {
            Wrong::Refused => format!("{what}: the newest files are refused: {reason}\n"),
            Wrong::Cluster => format!("{what}: cannot be brought up to date: {reason}\n"),
        };
        read(&self.wrong).iter().map(line).collect()
    }

    pub(super) fn phase(&self) -> Phase {
        *self.phase.borrow()
    }

    /// Room for bytes of a body, which is known to be of usual size or not.
    pub(super) fn hold(self: &Arc<Self>, is_usual: bool) -> Held {
        Held { state: Arc::clone(self), is_usual, bytes: 0 }
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
    is_usual: bool,
    bytes: usize,
}

impl Held {
    /// What it counts among, and how much that may be.
    fn room(&self) -> (&AtomicUsize, usize) {
        if self.is_usual { (&self.state.held_usual, HELD_USUAL) } else { (&self.state.held, HELD) }
    }

    /// Counts more bytes; `false` where there is no room for them.
    pub(super) fn add(&mut self, bytes: usize) -> bool {
        self.bytes += bytes;
        let (held, most) = self.room();
        held.fetch_add(bytes, Ordering::Relaxed) + bytes <= most
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.room().0.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}
