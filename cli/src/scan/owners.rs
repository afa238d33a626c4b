//! What makes a pod: its controller, or the controller's own where that is only a step on the way.

use std::collections::HashMap;

use podgate::report::Owner;

use super::api::{Api, Failure, Pager, Resource, Step};
use super::notes::Notes;
use super::object::{Metadata, Reference};

/// Kinds that others make for their pods: ReplicaSets for a Deployment, Jobs for a CronJob.
const STEPS: [Middle; 2] = [
    Middle {
        kind: "ReplicaSet",
        group: "apps/",
        resource: Resource { version: "apis/apps/v1", plural: "replicasets" },
        by_name: deployment,
    },
    Middle {
        kind: "Job",
        group: "batch/",
        resource: Resource { version: "apis/batch/v1", plural: "jobs" },
        by_name: cron_job,
    },
];

/// Owners that are held beside those of the list, in a watch.
const MOST: usize = 20_000;

struct Middle {
    kind: &'static str,
    group: &'static str,
    resource: Resource,
    /// What its maker is called, by convention.
    by_name: fn(&Metadata, &Reference) -> Option<Owner>,
}

/// Makers of ReplicaSets and Jobs, by the `uid` of these; `None` for one that nobody made.
#[derive(Debug, Default)]
pub(super) struct Owners {
    makers: HashMap<String, Option<Owner>>,
    /// Of the makers, those of the list.
    listed: usize,
    /// Whether the kinds of [`STEPS`] may not or cannot be read.
    unreadable: [bool; 2],
    /// Why some cannot, although they may.
    pub(super) failures: Vec<Failure>,
}

impl Owners {
    /// Reads the metadata of ReplicaSets and Jobs. Where that is not allowed, or fails, their names have to do: the pods
    /// can be judged all the same.
    pub(super) async fn load(api: &Api, namespace: Option<&str>, notes: &Notes) -> Result<Self, Failure> {
        let mut owners = Self::default();
        for (middle, unreadable) in STEPS.iter().zip(&mut owners.unreadable) {
            match list(api, middle, namespace, &mut owners.makers).await {
                Ok(()) => {}
                Err(failure) if failure.is_forbidden() || failure.is_passing() => {
                    *unreadable = true;
                    notes.by_name(middle.resource.plural, &failure);
                    let failure = Some(failure).filter(Failure::is_passing);
                    owners.failures.extend(failure.map(|failure| failure.of(middle.resource.plural)));
                }
                Err(failure) => return Err(failure.of(middle.resource.plural)),
            }
        }
        owners.listed = owners.makers.len();
        Ok(owners)
    }

    /// What makes a pod; `None` for one that stands alone, and for the picture of a static pod, whose file is on its
    /// node.
    pub(super) async fn of(&mut self, api: &Api, pod: &Metadata) -> Result<Option<Owner>, Failure> {
        let Some(controller) = pod.controller() else { return Ok(None) };
        if controller.kind == "Node" && controller.api_version == "v1" {
            return Ok(None);
        }
        let is_own = |middle: &Middle| {
            middle.kind == controller.kind && controller.api_version.starts_with(middle.group)
        };
        let direct = || Some(owner(controller));
        let Some(index) = STEPS.iter().position(is_own) else { return Ok(direct()) };
        let Some((middle, unreadable)) = STEPS.get(index).zip(self.unreadable.get_mut(index)) else {
            return Ok(direct());
        };
        if let Some(maker) = self.makers.get(&controller.uid) {
            return Ok(maker.clone().or_else(direct));
        }
        if !*unreadable {
            // It is younger than the list.
            let asked = api.metadata(middle.resource, Some(&pod.namespace), &controller.name).await;
            let maker = match asked {
                Ok(found) => maker(&found, &controller.uid),
                Err(failure) if failure.is_missing() => None,
                Err(failure) if failure.is_forbidden() || failure.is_passing() => {
                    *unreadable = true;
                    let failure = Some(failure).filter(Failure::is_passing);
                    self.failures.extend(failure.map(|failure| failure.of(middle.resource.plural)));
                    return Ok((middle.by_name)(pod, controller).or_else(direct));
                }
                Err(failure) => return Err(failure.of(middle.resource.plural)),
            };
            if self.makers.len() > self.listed + MOST {
                self.makers.clear();
                self.listed = 0;
            }
            self.makers.insert(controller.uid.clone(), maker.clone());
            return Ok(maker.or_else(direct));
        }
        Ok((middle.by_name)(pod, controller).or_else(direct))
    }
}

async fn list(
    api: &Api,
    middle: &Middle,
    namespace: Option<&str>,
    makers: &mut HashMap<String, Option<Owner>>,
) -> Result<(), Failure> {
    #[derive(serde::Deserialize)]
    struct Object {
        metadata: Metadata,
    }
    let mut pages = Pager::new(api, middle.resource, namespace).metadata_only();
    while let Some(step) = pages.next().await? {
        // What came before an `Again` is still true, and comes once more.
        let Step::Items(items) = step else { continue };
        for item in items {
            if let Ok(Object { metadata }) = serde_json::from_str(item.get()) {
                let own = metadata.controller().map(owner);
                makers.insert(metadata.uid, own);
            }
        }
    }
    Ok(())
}

/// The maker of an object, which is to be the one of this `uid` and not another of its name.
fn maker(found: &Metadata, uid: &str) -> Option<Owner> {
    found.controller().filter(|_| found.uid == uid).map(owner)
}

fn owner(reference: &Reference) -> Owner {
    let Reference { api_version, kind, name, .. } = reference;
    Owner { api_version: api_version.clone(), kind: kind.clone(), name: name.clone() }
}

/// A Deployment names its ReplicaSets by its own name and a hash, which the pods have as a label.
fn deployment(pod: &Metadata, set: &Reference) -> Option<Owner> {
    let hash = pod.labels.get("pod-template-hash")?;
    let name = set.name.strip_suffix(hash)?.strip_suffix('-')?;
    Some(Owner { api_version: set.api_version.clone(), kind: "Deployment".to_owned(), name: name.to_owned() })
}

/// A CronJob names its Jobs by its own name and the minute for which they are.
fn cron_job(_: &Metadata, job: &Reference) -> Option<Owner> {
    let (name, minute) = job.name.rsplit_once('-')?;
    let is_minute = minute.len() >= 8 && minute.bytes().all(|one| one.is_ascii_digit());
    is_minute.then(|| Owner {
        api_version: job.api_version.clone(),
        kind: "CronJob".to_owned(),
        name: name.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference(name: &str) -> Reference {
        Reference { api_version: "apps/v1".to_owned(), name: name.to_owned(), ..Reference::default() }
    }

    #[test]
    fn names_tell_what_made_them_where_nothing_else_does() {
        let labels = [("pod-template-hash".to_owned(), "7d9f".to_owned())].into();
        let pod = Metadata { labels, ..Metadata::default() };
        let name = |found: Option<Owner>| found.map(|owner| owner.name);
        assert_eq!(name(deployment(&pod, &reference("my-agents-7d9f"))), Some("my-agents".to_owned()));
        assert_eq!(name(deployment(&pod, &reference("my-agents-8888"))), None);
        assert_eq!(name(deployment(&Metadata::default(), &reference("my-agents-7d9f"))), None);
        assert_eq!(
            name(cron_job(&pod, &reference("nightly-scan-29000000"))),
            Some("nightly-scan".to_owned())
        );
        for other in ["nightly", "nightly-2", "nightly-2900000x", "nightly-"] {
            assert_eq!(name(cron_job(&pod, &reference(other))), None, "{other}");
        }
    }
}
