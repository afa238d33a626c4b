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
    claims: HashMap<Name, Claim>,
    /// By name.
    volumes: HashMap<String, Volume>,
    /// Names of volumes by the claims that they are bound to, as the volumes say.
    bound: HashMap<Name, BTreeSet<String>>,
    /// Kinds that may not be read, and why.
    refused: Vec<Refused>,
    /// Those that can be asked for one by one: they are wanted, and were readable.
    readable: BTreeSet<&'static str>,
}

#[derive(Debug)]
struct Claim {
    uid: String,
    /// The name of its volume; empty as long as there is none.
    volume: String,
    text: String,
}

#[derive(Debug)]
struct Volume {
    /// The claim that it is bound to, or was.
    claim: Option<Name>,
    /// The `uid` of that claim.
    uid: String,
    text: String,
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
            // What came before an `Again` is put in place of what it was.
            let Step::Items(items) = step else { continue };
            items.iter().for_each(|item| self.add(kind, item));
        }
        Ok(())
    }

    fn add(&mut self, kind: &str, item: &RawValue) {
        let Ok(Object { metadata, spec }) = serde_json::from_str(item.get()) else { return };
        let text = object::document("v1", kind, item);
        let name = (metadata.namespace, metadata.name);
        self.forget(kind, &name);
        match kind {
            "ServiceAccount" => drop(self.accounts.insert(name, text)),
            "PersistentVolumeClaim" => {
                self.claims.insert(name, Claim { uid: metadata.uid, volume: spec.volume_name, text });
            }
            _ => {
                let Metadata { namespace, name: claim, uid, .. } = spec.claim_ref.unwrap_or_default();
                let claim = Some((namespace, claim)).filter(|(_, claim)| !claim.is_empty());
                if let Some(claim) = &claim {
                    self.bound.entry(claim.clone()).or_default().insert(name.1.clone());
                }
                self.volumes.insert(name.1, Volume { claim, uid, text });
            }
        }
    }

    fn forget(&mut self, kind: &str, name: &Name) {
        match kind {
            "ServiceAccount" => drop(self.accounts.remove(name)),
            "PersistentVolumeClaim" => drop(self.claims.remove(name)),
            _ => {
                let claim = self.volumes.remove(&name.1).and_then(|volume| volume.claim);
                let Some((claim, names)) = claim.and_then(|claim| self.bound.remove_entry(&claim)) else {
                    return;
                };
                let rest: BTreeSet<String> = names.into_iter().filter(|own| *own != name.1).collect();
                if !rest.is_empty() {
                    self.bound.insert(claim, rest);
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
            let name = own(claim);
            let claim = self.claims.get(&name);
            texts.extend(claim.map(|claim| &claim.text));
            let named = claim.map(|claim| &claim.volume);
            let volumes: BTreeSet<&String> =
                self.bound.get(&name).into_iter().flatten().chain(named).collect();
            texts.extend(volumes.into_iter().filter_map(|name| Some(&self.volumes.get(name)?.text)));
        }
        if !texts.is_empty() {
            let texts = texts.into_iter().map(String::as_str).collect::<Vec<_>>().join(",");
            inventory
                .add_text("", &format!("{{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[{texts}]}}"));
        }
        inventory
    }

    /// Reads what a pod names and is younger than the lists. A claim is not changed for another of its name while a pod
    /// uses it, but before a pod is there it may have been.
    pub(super) async fn learn(&mut self, api: &Api, pod: &Pod, is_new: bool) -> Result<(), Failure> {
        let space = pod.head.namespace.as_str();
        let own = |name: &str| (space.to_owned(), name.to_owned());
        if self.readable.contains(ACCOUNTS.plural) && !self.accounts.contains_key(&own(&pod.account)) {
            self.ask(api, "ServiceAccount", ACCOUNTS, Some(space), &pod.account).await?;
        }
        if !self.readable.contains(CLAIMS.plural) {
            return Ok(());
        }
        for name in &pod.claims {
            if is_new || self.is_open(&own(name)) {
                self.ask(api, "PersistentVolumeClaim", CLAIMS, Some(space), name).await?;
            }
            let volume = self.claims.get(&own(name)).map(|claim| claim.volume.clone()).unwrap_or_default();
            if !volume.is_empty() && self.is_open(&own(name)) {
                self.ask(api, "PersistentVolume", VOLUMES, None, &volume).await?;
            }
        }
        Ok(())
    }

    /// Whether it is not known what a claim leads to, but could be.
    fn is_open(&self, name: &Name) -> bool {
        let Some(claim) = self.claims.get(name).filter(|claim| !claim.volume.is_empty()) else { return true };
        let is_its =
            |volume: &Volume| volume.uid.is_empty() || claim.uid.is_empty() || volume.uid == claim.uid;
        self.readable.contains(VOLUMES.plural) && !self.volumes.get(&claim.volume).is_some_and(is_its)
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
            // It is unknown, and the report says so.
            Err(failure) if failure.is_missing() || failure.is_forbidden() => {
                self.forget(kind, &(namespace.unwrap_or_default().to_owned(), name.to_owned()));
            }
            Err(failure) => return Err(failure.of(resource.plural)),
        }
        Ok(())
    }
}

/// Kinds that policies look up beside a pod.
const KINDS: [(&str, Resource); 3] =
    [("ServiceAccount", ACCOUNTS), ("PersistentVolumeClaim", CLAIMS), ("PersistentVolume", VOLUMES)];
