//! A certificate that podgate makes itself.
//!
//! The Secret is the one truth: every replica reads it, and whoever finds it missing, damaged or old writes it anew, if
//! nobody else has since it was read. What clients trust is written before a replica shows what they are to trust: the
//! webhook configuration and the Provider first get the new authority beside the old, and only once they have had it
//! for a while is the new certificate shown. Until then the one before is, which they still trust.
//!
//! Objects are read before the Secret, and written only as they were read. So a replica that is late cannot put an
//! older authority over a newer one.

mod owner;
mod pair;
mod record;
mod targets;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, anyhow};
use futures::future;
use futures::stream::{self, BoxStream, StreamExt};
use k8s_openapi::api::core::v1::Secret;
use kube::api::{Api, ObjectMeta, PostParams};
use kube::core::PartialObjectMeta;
use tokio::sync::watch;
use tokio::time::timeout;

pub(super) use self::pair::Pair;
use self::pair::{Authority, Wanted};
use self::record::{Record, Step};
use self::targets::{Seen, Service, Target};
use super::cluster::{self, Cluster, MANAGER, Pauses};
use super::state::State;
use crate::args::{ManagedArgs, Namespaced};

/// Name of all this in metrics, logs and `/readyz`.
pub(super) const WHAT: &str = "certificate";

/// Longest until everything is looked at again, whoever tells of a change.
const LOOK: Duration = Duration::from_secs(60);

/// Least between two looks.
const BREATH: Duration = Duration::from_millis(200);

/// Longest for one look.
const PATIENCE: Duration = Duration::from_secs(15);

/// Longest for an object that tells whom to trust: what is wrong with one is not in the way of others.
const ANSWER: Duration = Duration::from_secs(3);

/// How long API servers may take to go by a changed object.
const SETTLED: Duration = Duration::from_secs(10);

struct Managed {
    state: Arc<State>,
    cluster: Cluster,
    secrets: Api<Secret>,
    secret: Namespaced,
    service: Service,
    targets: Vec<Target>,
    wanted: Wanted,
    /// How long clients have had an authority before its certificate is shown.
    settled: Duration,
    show: watch::Sender<Option<Arc<Pair>>>,
    /// The certificate that is shown.
    shown: Option<Record>,
    /// What the Secret held when it was last good.
    last: Option<Record>,
    /// Since when all clients have trusted the certificate that the Secret holds.
    trusted: Option<(Arc<Pair>, Instant)>,
}

/// How a look ended.
enum Looked {
    /// Nothing is left to do until then.
    Done(Duration),
    /// Somebody else has written.
    Again,
}

/// Keeps the certificate from here on. The receiver has the one to be shown, once there is one.
pub(super) fn start(
    state: &Arc<State>,
    cluster: Cluster,
    args: ManagedArgs,
    secret: Namespaced,
    service: String,
) -> watch::Receiver<Option<Arc<Pair>>> {
    let service = Service(Namespaced { namespace: secret.namespace.clone(), name: service });
    let webhooks = args.webhook_configuration.into_iter().map(|name| Target::webhooks(&cluster.client, name));
    let providers = args.provider.into_iter().map(|name| Target::provider(&cluster.client, name));
    let (show, shown) = watch::channel(None);
    let lifetime = args.certificate_lifetime;
    let managed = Managed {
        state: Arc::clone(state),
        secrets: Api::namespaced(cluster.client.clone(), &secret.namespace),
        targets: webhooks.chain(providers).collect(),
        wanted: Wanted { names: service.names(), lifetime },
        settled: SETTLED.min(lifetime / 20),
        cluster,
        secret,
        service,
        show,
        shown: None,
        last: None,
        trusted: None,
    };
    tokio::spawn(managed.run());
    shown
}

/// The second since 1970.
pub(super) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

async fn in_time<T>(answer: impl Future<Output = kube::Result<T>>) -> Result<kube::Result<T>> {
    timeout(ANSWER, answer).await.context("the API server does not answer in time")
}

impl Managed {
    async fn run(mut self) {
        let mut changes = self.changes();
        let mut pauses = Pauses::new();
        loop {
            let wait = match tokio::time::timeout(PATIENCE, self.look()).await {
                Ok(Ok(Looked::Done(next))) => {
                    self.state.cluster(WHAT, None);
                    pauses = Pauses::new();
                    next
                }
                Ok(Ok(Looked::Again)) => Duration::ZERO,
                Ok(Err(error)) => self.failed(&self.cluster.reason(error.as_ref()), &mut pauses),
                Err(_) => {
                    let reason = format!("the API server `{}` does not answer", self.cluster.server);
                    self.failed(&reason, &mut pauses)
                }
            };
            tokio::time::sleep(BREATH).await;
            tokio::select! {
                () = tokio::time::sleep(wait.saturating_sub(BREATH)) => {}
                _ = changes.next() => {}
            }
        }
    }

    fn failed(&self, reason: &str, pauses: &mut Pauses) -> Duration {
        self.state.cluster(WHAT, Some(reason));
        pauses.next()
    }

    /// Tells when something that is looked at changes.
    fn changes(&self) -> BoxStream<'static, ()> {
        let secrets: Api<PartialObjectMeta<Secret>> =
            Api::namespaced(self.cluster.client.clone(), &self.secret.namespace);
        let secret = cluster::changes(secrets, &self.secret.name);
        let targets = self.targets.iter().map(|target| target.changes(&self.cluster.client));
        // It never ends, since none of them does.
        stream::select_all(targets.chain([secret])).boxed()
    }

    /// Looks at everything, and does what is to be done.
    async fn look(&mut self) -> Result<Looked> {
        let read = self.targets.iter().map(|target| async move {
            let cannot = || format!("cannot read {} `{}`", target.kind(), target.name());
            in_time(target.read()).await.and_then(|read| Ok(read?)).with_context(cannot)
        });
        let seen = future::join_all(read).await;
        let now = now();
        let told: Vec<Authority> =
            seen.iter().flatten().flatten().flat_map(|seen| seen.trusts(&self.service)).collect();
        let Some(record) = self.record(&told, now).await? else { return Ok(Looked::Again) };
        match self.tell_all(seen, &record).await {
            Ok(true) => Ok(Looked::Done(self.show(record, now))),
            Ok(false) => Ok(Looked::Again),
            Err(error) => {
                // Without one, or with one that has expired, podgate is of no use to anybody, whoever may not trust the
                // new one yet.
                if self.shown.as_ref().is_none_or(|shown| shown.validity.expires <= now) {
                    self.show(record, now);
                }
                Err(error)
            }
        }
    }

    /// Has all clients trust what the record says; `false` where somebody else has written to one. Each that can be told
    /// is, whatever is wrong with another.
    async fn tell_all(&mut self, seen: Vec<Result<Option<Seen>>>, record: &Record) -> Result<bool> {
        let (mut is_written, mut failures) = (true, Vec::new());
        for (target, seen) in self.targets.iter().zip(seen) {
            let told = match seen {
                Ok(seen) => self.tell(target, seen, record).await,
                Err(error) => Err(error),
            };
            match told {
                Ok(None) => {}
                Ok(Some(true)) => self.trusted = None,
                Ok(Some(false)) => is_written = false,
                Err(error) => failures.push(self.cluster.reason(error.as_ref())),
            }
        }
        if failures.is_empty() { Ok(is_written) } else { Err(anyhow!(failures.join("; "))) }
    }

    /// What the Secret holds, which is made anew where need be; `None` where somebody else was faster. `told` are the
    /// authorities that clients trust now.
    async fn record(&mut self, told: &[Authority], now: u64) -> Result<Option<Record>> {
        let Namespaced { namespace, name } = &self.secret;
        let cannot = |what: &str| format!("cannot {what} Secret `{namespace}/{name}`");
        let stored = self.secrets.get_opt(name).await.with_context(|| cannot("read"))?;
        let is_there = stored.is_some();
        let mut secret = stored.unwrap_or_else(|| self.blank());
        let own: Vec<&Record> = self.shown.iter().chain(&self.last).collect();
        let is_known = own.iter().any(|record| secret.data.as_ref().is_some_and(|data| record.is_in(data)));
        let service = &self.service.0.name;
        let was_marked = owner::claim(&mut secret, service, is_known).with_context(|| cannot("use"))?;
        let known: Vec<&Authority> = own.iter().map(|record| &record.authority).collect();
        let data = secret.data.get_or_insert_default();
        let step = match Step::of(data, &self.wanted, &known, told, now)? {
            Step::Keep(record) if !was_marked => {
                Step::Write { record, reason: "its annotation was gone".to_owned(), is_damage: true }
            }
            step => step,
        };
        let record = match step {
            Step::Keep(record) => record,
            Step::Write { record, reason, is_damage } => {
                record.write(data);
                let by = PostParams { field_manager: Some(MANAGER.to_owned()), ..PostParams::default() };
                let written = if is_there {
                    // As it was read: with its `resourceVersion`.
                    self.secrets.replace(name, &by, &secret).await
                } else {
                    self.secrets.create(&by, &secret).await
                };
                match written {
                    Err(kube::Error::Api(status)) if status.code == 409 => return Ok(None),
                    written => written.with_context(|| cannot("write"))?,
                };
                self.state.metrics.wrote("secret");
                let secret = format!("{namespace}/{name}");
                if is_damage {
                    tracing::warn!(secret, reason, "the certificate is replaced");
                } else {
                    tracing::info!(secret, reason, "a certificate is made");
                }
                record
            }
        };
        self.last = Some(record.clone());
        Ok(Some(record))
    }

    /// The Secret before there is one.
    fn blank(&self) -> Secret {
        let labels = [("app.kubernetes.io/managed-by".to_owned(), "podgate".to_owned())];
        Secret {
            metadata: ObjectMeta {
                name: Some(self.secret.name.clone()),
                namespace: Some(self.secret.namespace.clone()),
                labels: Some(labels.into()),
                ..ObjectMeta::default()
            },
            type_: Some("Opaque".to_owned()),
            ..Secret::default()
        }
    }

    /// Has a client trust what the record says: whether that was to be written; `Some(false)` where somebody else was
    /// faster.
    async fn tell(&self, target: &Target, seen: Option<Seen>, record: &Record) -> Result<Option<bool>> {
        let (kind, name) = (target.kind(), target.name());
        // What comes later is told of by the watch.
        let Some(seen) = seen else { return Ok(None) };
        if !seen.has_own(&self.service) {
            tracing::warn!(kind, name, "nothing there asks podgate's Service");
        }
        let Some(patch) = seen.patch(&self.service, &record.bundle())? else { return Ok(None) };
        let cannot = || format!("cannot write {kind} `{name}`");
        match in_time(target.write(patch)).await.with_context(cannot)? {
            Err(kube::Error::Api(status)) if matches!(status.code, 404 | 409) => return Ok(Some(false)),
            written => written.with_context(cannot)?,
        }
        self.state.metrics.wrote(kind);
        tracing::info!(kind, name, authorities = record.trusted.len(), "clients are told whom to trust");
        Ok(Some(true))
    }

    /// Shows the certificate, once clients have trusted it for long enough. Says when to look again.
    fn show(&mut self, record: Record, now: u64) -> Duration {
        let wait = Duration::from_secs(record.validity.renews().saturating_sub(now)).min(LOOK);
        if let Some(shown) = self.shown.as_mut().filter(|shown| shown.pair == record.pair) {
            *shown = record;
            return wait;
        }
        let since = match &self.trusted {
            Some((pair, since)) if *pair == record.pair => *since,
            _ => {
                let since = Instant::now();
                self.trusted = Some((Arc::clone(&record.pair), since));
                since
            }
        };
        let left = self.settled.saturating_sub(since.elapsed());
        // One that has been there for a while before this replica was is trusted already; and what has expired is of no
        // use to anybody.
        let is_old = self.shown.is_none() && now > record.validity.made + 2 * self.settled.as_secs();
        let has_expired = self.shown.as_ref().is_some_and(|shown| shown.validity.expires <= now);
        if !left.is_zero() && !is_old && !has_expired {
            return left.min(wait);
        }
        self.show.send_replace(Some(Arc::clone(&record.pair)));
        self.shown = Some(record);
        wait
    }
}
