//! The labels of namespaces, as a watch of the API server tells them.
//!
//! A namespace that was created a moment ago is asked for. Where its labels cannot be known, nothing is made of that: a
//! pod is then refused, since the labels may ask for more than the operator's own profiles do.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use k8s_openapi::api::core::v1::Namespace;
use kube::Api;
use kube::core::PartialObjectMeta;
use kube::runtime::reflector::{ObjectRef, Store, store::Writer};
use kube::runtime::watcher::{self, Event};
use podgate::admission::Labels;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use super::cluster::{self, Cluster};
use super::state::State;
use crate::names::is_label;

/// Name of all this in metrics, logs and `/readyz`.
pub(super) const WHAT: &str = "namespaces";

/// Namespaces that are asked for at one time.
const QUESTIONS: usize = 4;

/// Longest for one of them, in which others wait for it.
const PATIENCE: Duration = Duration::from_secs(1);

/// A namespace without what labels do not need.
type Known = PartialObjectMeta<Namespace>;

/// What is known of namespaces, for as long as this is held.
pub(super) struct Namespaces {
    cluster: Cluster,
    api: Api<Known>,
    known: Store<Known>,
    questions: Semaphore,
    watch: JoinHandle<()>,
}

impl Drop for Namespaces {
    fn drop(&mut self) {
        self.watch.abort();
    }
}

impl Namespaces {
    /// Follows the cluster's namespaces. Requests may come once all are known, where they wait for that.
    pub(super) async fn follow(state: &Arc<State>) -> Result<Self> {
        let cluster = cluster::client()?;
        let api: Api<Known> = Api::all(cluster.client.clone());
        let mut writer = Writer::<Known>::default();
        let known = writer.as_reader();
        // What was known stays until there is a whole new list.
        let take = move |event: Event<Known>| writer.apply_watcher_event(&event.modify(spare));
        let all = watcher::Config::default();
        let follow = cluster::follow(Arc::clone(state), WHAT, cluster.clone(), api.clone(), all, take);
        let watch = tokio::spawn(follow);
        Ok(Self { cluster, api, known, questions: Semaphore::new(QUESTIONS), watch })
    }

    /// Whether all namespaces are known within a time.
    pub(super) async fn are_known(&self, patience: Duration) -> bool {
        matches!(tokio::time::timeout(patience, self.known.wait_until_ready()).await, Ok(Ok(())))
    }

    /// The labels of a namespace; `None` where nobody knows them within a time.
    pub(super) async fn labels(&self, state: &State, name: &str, patience: Duration) -> Option<Labels> {
        let known = self.known.get(&ObjectRef::new(name));
        if let Some(known) = known {
            state.metrics.lookup("known");
            return Some(known.metadata.labels.clone().unwrap_or_default());
        }
        let asked = tokio::time::timeout(patience.min(PATIENCE), self.ask(name)).await;
        let (answer, reason) = match asked {
            Ok(Ok(Some(labels))) => (Some(labels), String::new()),
            Ok(Ok(None)) => (None, "there is no such namespace".to_owned()),
            Ok(Err(error)) => (None, self.cluster.reason(&error)),
            Err(_) => (None, "the API server does not answer".to_owned()),
        };
        state.metrics.lookup(if answer.is_some() { "asked" } else { "unknown" });
        if answer.is_none() {
            tracing::warn!(namespace = name, reason, "the labels of a namespace are not known");
        }
        answer
    }

    /// Asks for a namespace. What is answered is kept by nobody: the watch will tell.
    async fn ask(&self, name: &str) -> kube::Result<Option<Labels>> {
        if !is_label(name) {
            return Ok(None);
        }
        // It is never closed.
        let _turn = self.questions.acquire().await.ok();
        let found = self.api.get_opt(name).await?;
        Ok(found.map(|own| own.metadata.labels.unwrap_or_default()))
    }
}

/// Leaves out what takes room and is not asked for.
fn spare(own: &mut Known) {
    own.metadata.managed_fields = None;
    own.metadata.annotations = None;
}
