//! Objects that policies look up beside a pod: its service account, its claims, and the volumes behind them.
//!
//! They are read once, and only where a policy wants them. A pod is judged with its own alone: policies go through all
//! volumes that they are given.

use std::collections::{BTreeSet, HashMap};

use podgate::Inventory;
use podgate::admission::Gates;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::api::{Api, Failure, Pager, Resource, Step};
use super::object::{self, Metadata, Pod};

const ACCOUNTS: Resource = Resource { version: "api/v1", plural: "serviceaccounts" };
const CLAIMS: Resource = Resource { version: "api/v1", plural: "persistentvolumeclaims" };
const VOLUMES: Resource = Resource { version: "api/v1", plural: "persistentvolumes" };

/// Namespace and name.
type Name = (String, String);

/// Texts of the objects.
#[derive(Debug, Default)]
pub(super) struct Known {
    accounts: HashMap<Name, String>,
    claims: HashMap<Name, String>,
    /// Volumes by the claims that they are bound to, as the volumes say.
    volumes: HashMap<Name, Vec<String>>,
    /// Kinds that may not be read, and why.
    refused: Vec<Refused>,
    /// Those that can be asked for one by one: they are wanted, and were readable.
    readable: BTreeSet<&'static str>,
}

#[derive(Debug)]
struct Refused {
    plural: &'static str,
    reason: String,
    /// Whether a pod that was judged names one.
    counts: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Object {
    metadata: Metadata,
    spec: Spec,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Spec {
    claim_ref: Option<Metadata>,
    volume_name: String,
}

impl Known {
    /// Reads what the policies of some gate look up. What may not be read is unknown, and said so.
    pub(super) async fn load(api: &Api, gates: &Gates, namespace: Option<&str>) -> Result<Self, Failure> {
        let mut known = Self::default();
        let wanted: BTreeSet<&str> = gates.all().flat_map(podgate::Gate::looked_up).collect();
        for (kind, resource) in KINDS.into_iter().filter(|(kind, _)| wanted.contains(kind)) {
            // Volumes stand in no namespace.
            let namespace = namespace.filter(|_| kind != "PersistentVolume");
            match known.list(api, kind, resource, namespace).await {
                Ok(()) => {
                    known.readable.insert(resource.plural);
                }
                Err(failure) if failure.is_forbidden() => {
                    let (plural, reason) = (resource.plural, failure.reason);
                    known.refused.push(Refused { plural, reason, counts: false });
                }
                Err(failure) => return Err(failure.of(resource.plural)),
            }
        }
        Ok(known)
    }

    /// Notes that a pod is judged: what it names and may not be read counts.
    pub(super) fn judging(&mut self, pod: &Pod) {
        for refused in &mut self.refused {
            refused.counts |= refused.plural == ACCOUNTS.plural || !pod.claims.is_empty();
        }
    }

    /// Why something is unknown that hangs on what pods name. The cluster is the only place where it could be known.
    pub(super) fn unknown(&self) -> impl Iterator<Item = String> {
        self.refused.iter().filter(|refused| refused.counts).map(|Refused { plural, reason, .. }| {
            format!("{plural} cannot be read, and what hangs on them is unknown: {reason}")
        })
    }

    async fn list(
        &mut self,
        api: &Api,
        kind: &str,
        resource: Resource,
        namespace: Option<&str>,
    ) -> Result<(), Failure> {
        let mut pages = Pager::new(api, resource, namespace);
        while let Some(step) = pages.next().await? {
            match step {
                Step::Items(items) => items.iter().for_each(|item| self.add(kind, item)),
                Step::Again if kind == "PersistentVolume" => self.volumes.clear(),
                // The others are put in place of what they were.
                Step::Again => {}
            }
        }
        Ok(())
    }

    fn add(&mut self, kind: &str, item: &RawValue) {
        let Ok(Object { metadata, spec }) = serde_json::from_str(item.get()) else { return };
        let text = object::document("v1", kind, item);
        let name = (metadata.namespace, metadata.name);
        match kind {
            "ServiceAccount" => drop(self.accounts.insert(name, text)),
            "PersistentVolumeClaim" => drop(self.claims.insert(name, text)),
            _ => {
                if let Some(claim) = spec.claim_ref {
                    self.volumes.entry((claim.namespace, claim.name)).or_default().push(text);
                }
            }
        }
    }

    /// What is known beside a pod.
    pub(super) fn beside(&self, pod: &Pod) -> Inventory {
        let mut inventory = Inventory::default();
        let own = |name: &str| (pod.head.namespace.clone(), name.to_owned());
        let mut texts: Vec<&String> = self.accounts.get(&own(&pod.account)).into_iter().collect();
        for claim in &pod.claims {
            let claim = own(claim);
            texts.extend(self.claims.get(&claim));
            texts.extend(self.volumes.get(&claim).into_iter().flatten());
        }
        if !texts.is_empty() {
            let texts = texts.into_iter().map(String::as_str).collect::<Vec<_>>().join(",");
            inventory
                .add_text("", &format!("{{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[{texts}]}}"));
        }
        inventory
    }

    /// Reads what a pod names and is younger than the lists.
    pub(super) async fn learn(&mut self, api: &Api, pod: &Pod) -> Result<(), Failure> {
        let space = pod.head.namespace.as_str();
        let own = |name: &str| (space.to_owned(), name.to_owned());
        if self.readable.contains(ACCOUNTS.plural) && !self.accounts.contains_key(&own(&pod.account)) {
            self.ask(api, "ServiceAccount", ACCOUNTS, Some(space), &pod.account).await?;
        }
        for claim in &pod.claims {
            let is_known = self.volumes.contains_key(&own(claim));
            if is_known || !self.readable.contains(CLAIMS.plural) {
                continue;
            }
            self.ask(api, "PersistentVolumeClaim", CLAIMS, Some(space), claim).await?;
            let text = self.claims.get(&own(claim)).map(String::as_str).unwrap_or_default();
            let spec = serde_json::from_str::<Object>(text).unwrap_or_default().spec;
            if !spec.volume_name.is_empty() && self.readable.contains(VOLUMES.plural) {
                self.ask(api, "PersistentVolume", VOLUMES, None, &spec.volume_name).await?;
            }
        }
        Ok(())
    }

    async fn ask(
        &mut self,
        api: &Api,
        kind: &str,
        resource: Resource,
        namespace: Option<&str>,
        name: &str,
    ) -> Result<(), Failure> {
        match api.object(resource, namespace, name).await {
            Ok(object) => self.add(kind, &object),
            // It stays unknown, and the report says so.
            Err(failure) if failure.is_missing() || failure.is_forbidden() => {}
            Err(failure) => return Err(failure.of(resource.plural)),
        }
        Ok(())
    }
}

/// Kinds that policies look up beside a pod.
const KINDS: [(&str, Resource); 3] =
    [("ServiceAccount", ACCOUNTS), ("PersistentVolumeClaim", CLAIMS), ("PersistentVolume", VOLUMES)];
