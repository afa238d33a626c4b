//! Objects of a list, as documents: raw, so that nothing in them is hidden, and without what no policy looks at.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::{RawValue, to_raw_value};

/// A pod, with what it takes to find what is known beside it.
pub(super) struct Pod {
    pub(super) head: Metadata,
    pub(super) account: String,
    pub(super) claims: Vec<String>,
    /// What is judged.
    pub(super) text: String,
}

/// Of the metadata of an object, what is looked at here.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Metadata {
    pub(super) name: String,
    pub(super) namespace: String,
    pub(super) uid: String,
    pub(super) resource_version: String,
    pub(super) labels: BTreeMap<String, String>,
    pub(super) owner_references: Vec<Reference>,
}

/// A reference to an owner.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Reference {
    pub(super) api_version: String,
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) uid: String,
    pub(super) controller: bool,
}

impl Metadata {
    /// The owner that manages the object.
    pub(super) fn controller(&self) -> Option<&Reference> {
        self.owner_references.iter().find(|owner| owner.controller)
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Item {
    metadata: Metadata,
    spec: Spec,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Spec {
    service_account_name: String,
    volumes: Vec<Volume>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Volume {
    name: String,
    persistent_volume_claim: Option<Claim>,
    ephemeral: Option<IgnoredAny>,
}

impl Volume {
    /// The claim that it is of. For an ephemeral volume Kubernetes makes one, which is called after pod and volume.
    fn claim(self, pod: &str) -> Option<String> {
        let made = self.ephemeral.map(|_| format!("{pod}-{}", self.name));
        self.persistent_volume_claim.map(|claim| claim.claim_name).or(made)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Claim {
    claim_name: String,
}

impl Pod {
    /// An item of a list of pods. One that is not what the API server stores is judged as it is.
    pub(super) fn read(item: &RawValue) -> Self {
        let Item { metadata, spec } = serde_json::from_str(item.get()).unwrap_or_default();
        let claims = spec.volumes.into_iter().filter_map(|volume| volume.claim(&metadata.name));
        let claims = claims.collect();
        let account = match spec.service_account_name {
            none if none.is_empty() => "default".to_owned(),
            account => account,
        };
        Self { head: metadata, account, claims, text: document("v1", "Pod", item) }
    }
}

/// An item of a list as a document of its own: with the kind, which it leaves to the list, and without `status` and
/// `managedFields`.
pub(super) fn document(api_version: &str, kind: &str, item: &RawValue) -> String {
    alone(api_version, kind, item).unwrap_or_else(|_| item.get().to_owned())
}

fn alone(api_version: &str, kind: &str, item: &RawValue) -> serde_json::Result<String> {
    let mut object: BTreeMap<String, Box<RawValue>> = serde_json::from_str(item.get())?;
    object.remove("status");
    if let Some(metadata) = object.get("metadata") {
        let mut metadata: BTreeMap<String, &RawValue> = serde_json::from_str(metadata.get())?;
        metadata.remove("managedFields");
        let metadata = to_raw_value(&metadata)?;
        object.insert("metadata".to_owned(), metadata);
    }
    for (key, value) in [("apiVersion", api_version), ("kind", kind)] {
        object.insert(key.to_owned(), to_raw_value(value)?);
    }
    serde_json::to_string(&object)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_a_document_with_all_that_its_author_wrote() {
        let item = r#"{"metadata": {"name": "a", "namespace": "ci", "uid": "u", "managedFields": [{"manager": "x"}],
            "ownerReferences": [{"kind": "Node", "name": "n"}, {"apiVersion": "apps/v1", "kind": "ReplicaSet",
            "name": "r", "uid": "o", "controller": true}]}, "status": {"phase": "Running"}, "spec": {"unheard": [1.0],
            "volumes": [{"name": "a", "persistentVolumeClaim": {"claimName": "data"}}, {"name": "b"},
            {"name": "c", "ephemeral": {"volumeClaimTemplate": {"spec": {}}}}]}}"#;
        let item: Box<RawValue> = serde_json::from_str(item).unwrap();
        let pod = Pod::read(&item);
        assert_eq!((pod.head.name.as_str(), pod.account.as_str()), ("a", "default"));
        assert_eq!(
            (pod.claims, pod.head.controller().unwrap().name.as_str()),
            (vec!["data".to_owned(), "a-c".to_owned()], "r")
        );
        let text: serde_json::Value = serde_json::from_str(&pod.text).unwrap();
        assert_eq!((&text["kind"], &text["status"]), (&"Pod".into(), &serde_json::Value::Null));
        assert!(text["metadata"]["managedFields"].is_null() && text["metadata"]["uid"] == "u", "{text}");
        assert!(pod.text.contains(r#""unheard": [1.0]"#), "{}", pod.text);
    }

    #[test]
    fn what_is_no_object_stays_as_it_is() {
        for text in ["7", "[1]", r#"{"metadata": 7}"#] {
            let item: Box<RawValue> = serde_json::from_str(text).unwrap();
            assert_eq!(Pod::read(&item).text, text);
        }
    }
}
