//! Files that are read again when they change.
//!
//! They are looked at every few seconds rather than watched: mounted Secrets and ConfigMaps change by links that are
//! put in place of others, on file systems that tell nobody.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use tokio::runtime::Handle;
use tokio::time::MissedTickBehavior;

use super::policies::{Source, Texts};
use super::state::State;
use super::tls::{Origin, Pems};

/// Name of settings and policies in metrics, logs and `/readyz`.
const POLICIES: &str = "policies";

/// Name of certificates there.
pub(super) const CERTIFICATE: &str = super::managed::WHAT;

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
    let mut tries = [None, None];
    loop {
        tokio::select! { _ = ticks.tick() => {}, () = watched.changed() => {} }
        // Files and compilation may take their time, which the runtime's own threads have not.
        let own = Arc::clone(&state);
        let looked = tokio::task::spawn_blocking(move || {
            let mut watched = watched;
            look(&own, &mut watched, &mut tries);
            (watched, tries)
        });
        match looked.await {
            Ok(back) => (watched, tries) = back,
            Err(error) => {
                tracing::error!(%error, "files are no longer looked at");
                return;
            }
        }
    }
}

/// The reasons for which the two sets could not even be read the last time, so that each is told once.
type Tries = [Option<String>; 2];

fn look(state: &Arc<State>, watched: &mut Watched, tries: &mut Tries) {
    let [policies, certificate] = tries;
    let (source, texts) = &mut watched.policies;
    let used = changed(texts, source.read(), policies);
    let judge = |gates| Handle::current().block_on(state.judge_by(Arc::new(gates)));
    let used = used.map(|new| new.and_then(|()| source.gates(texts)).and_then(judge));
    tell(state, POLICIES, used);
    if let Some((origin, pems)) = &mut watched.certificate {
        let used = changed(pems, origin.read(), certificate);
        let identify = |pems: &Option<Pems>| {
            pems.as_ref().map_or(Ok(()), |pems| origin.identity(pems).map(|own| state.identify(own)))
        };
        tell(state, CERTIFICATE, used.map(|new| new.and_then(|()| identify(pems))));
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

fn tell(state: &State, what: &'static str, used: Option<Result<()>>) {
    match used {
        None => {}
        Some(Ok(())) => {
            state.reloaded(what, None);
            let digest = state.judging().gates.own().start(&podgate::Context::default()).policies.digest;
            tracing::info!(what, digest, "changed files are used");
        }
        Some(Err(error)) => {
            let reason = format!("{error:#}");
            state.reloaded(what, Some(reason.clone()));
            tracing::error!(what, reason, "changed files are refused: those before stay");
        }
    }
}
