//! The API server, for what podgate itself wants of it. Where it is asked for nothing, there need not be one.

use std::error::Error;
use std::fmt::Debug;
use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use futures::stream::{BoxStream, StreamExt};
use kube::api::Api;
use kube::core::PartialObjectMeta;
use kube::runtime::WatchStreamExt;
use kube::runtime::watcher::{self, Event, watcher};
use kube::{Client, Resource};
use serde::de::DeserializeOwned;

use super::state::State;
use crate::faults::{reason, reason_of};
use crate::kubeconfig::{self, Found};

/// Who podgate is in the managed fields of what it writes.
pub(super) const MANAGER: &str = "podgate";

/// Longest for a connection.
const CONNECT: Duration = Duration::from_secs(5);

/// Longest that the API server says nothing on a connection on which something is asked.
const SILENCE: Duration = Duration::from_secs(300);

/// First and longest pause after a failure.
const PAUSES: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(30)];

/// An API server.
#[derive(Clone)]
pub(super) struct Cluster {
    pub(super) client: Client,
    /// Its address, for people.
    pub(super) server: Arc<str>,
}

impl Cluster {
    /// What went wrong with it.
    pub(super) fn reason(&self, error: &(dyn Error + 'static)) -> String {
        reason_of(&self.server, error)
    }
}

/// A client of the cluster in which this runs, or of the one that a kubeconfig names.
pub(super) fn client() -> Result<Cluster> {
    let Found { server, mut config, .. } = kubeconfig::current(None).context("no API server is known")?;
    config.connect_timeout = Some(CONNECT);
    // A watch ends after a little less, so that only a connection that is dead is silent for so long.
    config.read_timeout = Some(SILENCE);
    config.reset_reader_on_write = true;
    let client = Client::try_from(config)
        .map_err(|error| anyhow!("the API server {server} cannot be asked: {}", reason(&error)))?;
    Ok(Cluster { client, server: server.to_string().into() })
}

/// A watch of one object.
pub(super) fn one(name: &str) -> watcher::Config {
    watcher::Config::default().fields(&format!("metadata.name={name}"))
}

/// Tells when an object changes, comes or goes, and when that cannot be known: whoever then looks at it finds out why.
pub(super) fn changes<K>(api: Api<PartialObjectMeta<K>>, name: &str) -> BoxStream<'static, ()>
where
    K: Resource + 'static,
    PartialObjectMeta<K>: Resource + Clone + DeserializeOwned + Debug + Send + 'static,
    Api<PartialObjectMeta<K>>: Send + Sync,
{
    let events = watcher(api, one(name)).default_backoff();
    let told = events.filter_map(|event| {
        ready(match event {
            Ok(Event::Apply(_) | Event::Delete(_) | Event::InitDone) | Err(_) => Some(()),
            Ok(Event::Init | Event::InitApply(_)) => None,
        })
    });
    told.boxed()
}

/// Hands on every event of a watch for ever, and says whether it can be had. Begun anew after a failure, it says by its
/// first list that all is well again.
pub(super) async fn follow<K>(
    state: Arc<State>,
    what: &'static str,
    cluster: Cluster,
    api: Api<K>,
    config: watcher::Config,
    mut take: impl FnMut(Event<K>),
) where
    K: Resource + Clone + DeserializeOwned + Debug + Send + 'static,
    Api<K>: Send + Sync,
{
    let mut pauses = Pauses::new();
    loop {
        let mut events = watcher(api.clone(), config.clone()).boxed();
        while let Some(event) = events.next().await {
            match event {
                Ok(event) => {
                    let is_all = matches!(event, Event::InitDone);
                    take(event);
                    if is_all {
                        pauses = Pauses::new();
                        state.cluster(what, None);
                        state.has(what);
                    }
                }
                Err(error) => {
                    state.cluster(what, Some(&cluster.reason(&error)));
                    break;
                }
            }
        }
        tokio::time::sleep(pauses.next()).await;
    }
}

/// Pauses between tries, each twice as long as the one before.
pub(super) struct Pauses(Duration);

impl Pauses {
    pub(super) const fn new() -> Self {
        let [first, _] = PAUSES;
        Self(first)
    }

    pub(super) fn next(&mut self) -> Duration {
        let [_, longest] = PAUSES;
        let pause = self.0;
        self.0 = (pause * 2).min(longest);
        pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_bound() {
        let mut pauses = Pauses::new();
        let all: Vec<u128> = (0..8).map(|_| pauses.next().as_millis()).collect();
        assert_eq!(all, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    }
}
