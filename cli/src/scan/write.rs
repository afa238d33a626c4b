//! PolicyReports in the cluster: those of now are written, and those of what is gone are deleted.

use std::collections::BTreeSet;

use futures::stream::{self, StreamExt};
use podgate::Report;
use podgate::render::policy_report::{self, Api as Kind, LABEL, PREFIX};
use serde_json::Value;

use super::api::{Api, Failure, Pager, Resource, Step};
use super::object::Metadata;
use crate::args::ReportApi;

/// Writes that are on their way at one time.
const AT_ONCE: usize = 8;

impl From<ReportApi> for Kind {
    fn from(api: ReportApi) -> Self {
        match api {
            ReportApi::WgPolicy => Self::WgPolicy,
            ReportApi::OpenReports => Self::OpenReports,
        }
    }
}

const fn resource(kind: Kind, in_namespace: bool) -> Resource {
    let version = match kind {
        Kind::WgPolicy => "apis/wgpolicyk8s.io/v1alpha2",
        Kind::OpenReports => "apis/openreports.io/v1alpha1",
    };
    Resource { version, plural: kind.resource(in_namespace).0 }
}

/// Whether the cluster has the API.
pub(super) async fn is_there(api: &Api, kind: Kind) -> Result<bool, Failure> {
    match api.kinds(kind.version()).await {
        Ok(found) => {
            let plural = kind.resource(true).0;
            Ok(found.resources.iter().any(|resource| resource.name == plural))
        }
        Err(failure) if failure.is_missing() => Ok(false),
        Err(failure) => Err(failure),
    }
}

/// Namespace, where there is one, and name.
type Name = (String, String);

/// Writes what a report says, which is over all of the namespaces, or over the whole cluster where there are none.
pub(super) async fn write(
    api: &Api,
    report: &Report,
    kind: Kind,
    namespaces: &[String],
) -> Result<(), Failure> {
    let mut stale = BTreeSet::new();
    for namespace in namespaces {
        ours(api, resource(kind, true), Some(namespace), &mut stale).await?;
    }
    if namespaces.is_empty() {
        ours(api, resource(kind, true), None, &mut stale).await?;
        ours(api, resource(kind, false), None, &mut stale).await?;
    }
    // Who may write in some namespaces alone has nothing to say of the cluster.
    let is_meant = |object: &Value| namespaces.is_empty() || !of(object, "namespace").is_empty();
    let objects = policy_report::objects(report, kind).filter(is_meant);
    let objects = objects.inspect(|object| {
        stale.remove(&(of(object, "namespace"), of(object, "name")));
    });
    let written = stream::iter(objects).map(|object| apply(api, kind, object)).buffer_unordered(AT_ONCE);
    let mut results: Vec<Result<(), Failure>> = written.collect().await;
    let deleted = stream::iter(stale).map(|name| delete(api, kind, name)).buffer_unordered(AT_ONCE);
    results.extend(deleted.collect::<Vec<_>>().await);
    first_failure(results)
}

fn of(object: &Value, key: &str) -> String {
    let value = object.get("metadata").and_then(|metadata| metadata.get(key)?.as_str());
    value.unwrap_or_default().to_owned()
}

async fn apply(api: &Api, kind: Kind, object: Value) -> Result<(), Failure> {
    let (namespace, name) = (of(&object, "namespace"), of(&object, "name"));
    let space = Some(namespace.as_str()).filter(|space| !space.is_empty());
    let applied = api.apply(resource(kind, space.is_some()), space, &name, &object).await;
    match applied {
        // The namespace goes away while its pods are judged, or is gone.
        Err(failure) if space.is_some() && (failure.is_missing() || failure.is_of_an_end()) => Ok(()),
        applied => applied,
    }
}

async fn delete(api: &Api, kind: Kind, (namespace, name): Name) -> Result<(), Failure> {
    let space = Some(namespace.as_str()).filter(|space| !space.is_empty());
    api.delete(resource(kind, space.is_some()), space, &name).await
}

/// All are tried, and the first that failed is told.
fn first_failure(results: Vec<Result<(), Failure>>) -> Result<(), Failure> {
    let all = results.len();
    let failures: Vec<Failure> = results.into_iter().filter_map(Result::err).collect();
    match failures.first() {
        None => Ok(()),
        Some(first) => Err(first.clone().several(failures.len(), all)),
    }
}

/// The names of what podgate wrote before.
async fn ours(
    api: &Api,
    resource: Resource,
    namespace: Option<&str>,
    names: &mut BTreeSet<Name>,
) -> Result<(), Failure> {
    #[derive(serde::Deserialize)]
    struct Object {
        metadata: Metadata,
    }
    let (label, value) = LABEL;
    let selector = format!("{label}={value}");
    let mut pages = Pager::new(api, resource, namespace).of(Some(&selector)).metadata_only();
    while let Some(step) = pages.next().await? {
        let Step::Items(items) = step else { continue };
        let found = items.iter().filter_map(|item| serde_json::from_str::<Object>(item.get()).ok());
        let own = found.map(|object| object.metadata).filter(|metadata| {
            metadata.name.starts_with(PREFIX) && metadata.labels.get(label).is_some_and(|own| own == value)
        });
        names.extend(own.map(|metadata| (metadata.namespace, metadata.name)));
    }
    Ok(())
}
