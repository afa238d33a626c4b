//! Files that are read again when they change.
//!
//! They are looked at every few seconds rather than watched: mounted Secrets and ConfigMaps change by links that are
//! put in place of others, on file systems that tell nobody.

use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, anyhow};
use podgate::admission::Gates;
use tokio::runtime::Handle;
use tokio::time::MissedTickBehavior;

use super::policies::{Source, Texts};
use super::state::{State, Taken};
use super::tls::{Origin, Pems};

/// Name of settings and policies in metrics, logs and `/readyz`.
const POLICIES: &str = "policies";

/// Name of certificates there.
pub(super) const CERTIFICATE: &str = super::managed::WHAT;

/// Longest that a new set keeps others waiting for what the cluster is to tell. Then it is tried again at the next look.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is read again, and what it was when it was last read.
pub(super) struct Watched {
    pub(super) policies: (Source, Texts),
    /// Without what it was where there is none yet.
    pub(super) certificate: Option<(Origin, Option<Pems>)>,
}

impl Watched {
    /// Waits for a change of which somebody tells.
    async fn changed(&mut self) {
        match &mut self.certificate {
            Some((origin, _)) => origin.changed().await,
            None => pending().await,
        }
    }
}

/// Looks at the files for ever. A set that cannot be used is refused as a whole, and the one before stays.
pub(super) async fn watch(state: Arc<State>, mut watched: Watched, interval: Duration) {
    let mut ticks = tokio::time::interval(interval);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks.tick().await;
    let mut tries = Tries::default();
    loop {
        tokio::select! { _ = ticks.tick() => {}, () = watched.changed() => {} }
        // Files and compilation may take their time, which the runtime's own threads have not.
        let own = Arc::clone(&state);
        let looked = tokio::task::spawn_blocking(move || {
            let mut watched = watched;
            let looked = catch_unwind(AssertUnwindSafe(|| look(&own, &mut watched, &mut tries)));
            if looked.is_err() {
                // What was there before stays, and the next change is looked at like any other.
                let defect = || Err(anyhow!("a defect of podgate"));
                [POLICIES, CERTIFICATE].into_iter().for_each(|what| tell(&own, what, defect()));
            }
            (watched, tries)
        });
        match looked.await {
            Ok(back) => (watched, tries) = back,
            // The program is about to end.
            Err(_) => return,
        }
    }
}

/// What came of earlier looks.
#[derive(Default)]
struct Tries {
    /// The reasons for which the two sets could not even be read the last time, so that each is told once.
    policies: Option<String>,
    certificate: Option<String>,
    /// Why a certificate that could be read was refused.
    refused: Option<String>,
    /// Gates that wait for what the cluster is to tell, and what was told of that.
    waiting: Option<(Arc<Gates>, String)>,
}

fn look(state: &Arc<State>, watched: &mut Watched, tries: &mut Tries) {
    look_at_policies(state, &mut watched.policies, tries);
    if let Some((origin, pems)) = &mut watched.certificate {
        look_at_certificate(state, origin, pems, tries);
    }
}

fn look_at_certificate(state: &State, origin: &Origin, pems: &mut Option<Pems>, tries: &mut Tries) {
    let new = changed(pems, origin.read(), &mut tries.certificate);
    let (read, told) = match (new, tries.refused.take()) {
        (None, None) => return,
        // One that is not valid yet may be by now.
        (None, told) => (Ok(()), told),
        (Some(read), _) => (read, None),
    };
    let is_read = read.is_ok();
    let identity = |pems: &Pems| origin.identity(pems).map(|own| state.identify(own));
    let used = read.and_then(|()| pems.as_ref().map_or(Ok(()), identity));
    let refused = used.as_ref().err().map(|error| format!("{error:#}"));
    // Texts may name the time, which is no news.
    if told.is_none() || refused.is_none() {
        tell(state, CERTIFICATE, used);
    }
    tries.refused = refused.filter(|_| is_read);
}

fn look_at_policies(state: &Arc<State>, (source, texts): &mut (Source, Texts), tries: &mut Tries) {
    let new = changed(texts, source.read(), &mut tries.policies);
    let (gates, told) = match (new, tries.waiting.take()) {
        (None, None) => return,
        (None, Some((gates, told))) => (Ok(gates), Some(told)),
        (Some(read), _) => (read.and_then(|()| source.gates(texts)).map(Arc::new), None),
    };
    let patience = if told.is_none() { PATIENCE } else { Duration::ZERO };
    let replace =
        |gates: &Arc<Gates>| Handle::current().block_on(state.replace_by(Arc::clone(gates), patience));
    match gates.and_then(|gates| replace(&gates).map(|taken| (taken, gates))) {
        Ok((Taken::Now, _)) => tell(state, POLICIES, Ok(())),
        Ok((Taken::Later(reason), gates)) => {
            if told.as_ref() != Some(&reason) {
                tell(state, POLICIES, Err(anyhow!(reason.clone())));
            }
            tries.waiting = Some((gates, reason));
        }
        Err(error) => {
            state.forget_coming();
            tell(state, POLICIES, Err(error));
        }
    }
}

/// Whether files have changed since they were last looked at, or can no longer be read; `known` is then what they
/// hold now.
fn changed<T: PartialEq>(known: &mut T, read: Result<T>, tried: &mut Option<String>) -> Option<Result<()>> {
    match read {
        Ok(new) => {
            let was_unreadable = tried.take().is_some();
            let is_new = new != *known;
            *known = new;
            (is_new || was_unreadable).then_some(Ok(()))
        }
        Err(error) => {
            let reason = Some(format!("{error:#}"));
            let is_told = *tried == reason;
            *tried = reason;
            (!is_told).then_some(Err(error))
        }
    }
}

fn tell(state: &State, what: &'static str, used: Result<()>) {
    match used {
        Ok(()) => {
            state.reloaded(what, None);
            let digest = state.judging().gates.own().start(&podgate::Context::default()).policies.digest;
            tracing::info!(what, digest, "changed files are used");
        }
        Err(error) => {
            let reason = format!("{error:#}");
            state.reloaded(what, Some(reason.clone()));
            tracing::error!(what, reason, "changed files are refused: those before stay");
        }
    }
}
