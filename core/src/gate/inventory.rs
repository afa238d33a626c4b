//! Other objects of a run, in the shape of Gatekeeper's `data.inventory`.

use std::sync::OnceLock;

use serde_json::{Map, Value, json};

use crate::document::{self, Limits, Node};
use crate::engine::Data;

/// Kinds that policies look up, and whether they live in a namespace.
const KINDS: [(&str, bool); 2] = [("PersistentVolume", false), ("PersistentVolumeClaim", true)];

/// Objects that are known beside the one that is judged.
#[derive(Debug, Clone, Default)]
pub struct Inventory {
    objects: Value,
    /// The objects as policies see them, once they are looked at.
    data: OnceLock<Data>,
}

impl Inventory {
    /// Whether a text may hold something for the inventory: cheap, and never wrongly `false`.
    pub fn wants(text: &str) -> bool {
        text.contains("PersistentVolume")
    }

    /// Adds what a text holds: volumes and claims. What cannot be read is passed over; judging tells of it.
    pub fn add_text(&mut self, source: &str, text: &str) {
        for document in document::read(source, text, &Limits::default()).into_iter().flatten() {
            self.add(document.root());
        }
        self.data = OnceLock::new();
    }

    /// Whether it is known what a claim brings into a pod: the volume that it names, or that names it.
    pub(crate) fn knows_claim(&self, namespace: &str, name: &str) -> bool {
        let claims = self.objects.pointer("/namespace").and_then(|all| all.get(namespace)?.get("v1"));
        let claim = claims.and_then(|own| own.get("PersistentVolumeClaim")?.get(name));
        let volumes = self.objects.pointer("/cluster/v1/PersistentVolume").and_then(Value::as_object);
        let Some(volumes) = volumes else { return false };
        let named = claim.and_then(|claim| claim.pointer("/spec/volumeName")?.as_str());
        let names_it = |volume: &Value| {
            let of = |key: &str| volume.pointer("/spec/claimRef").and_then(|claim| claim.get(key)?.as_str());
            of("name") == Some(name) && of("namespace").unwrap_or("default") == namespace
        };
        named.is_some_and(|named| volumes.contains_key(named)) || volumes.values().any(names_it)
    }

    pub(crate) fn data(&self) -> &Data {
        self.data.get_or_init(|| match &self.objects {
            Value::Null => Data::default(),
            objects => Data::new(json!({ "inventory": objects })),
        })
    }

    fn add(&mut self, node: &Node) {
        if let Some(items) = node.get("items").and_then(Node::as_list) {
            items.iter().for_each(|item| self.add(item));
            return;
        }
        let text = |key: &str| node.get(key).and_then(Node::as_str);
        let metadata = |key: &str| node.get("metadata").and_then(|m| m.get(key)).and_then(Node::as_str);
        let (Some(kind), Some(version), Some(name)) = (text("kind"), text("apiVersion"), metadata("name"))
        else {
            return;
        };
        let Some((_, namespaced)) = KINDS.iter().find(|(known, _)| *known == kind) else {
            return;
        };
        let Ok(object) = serde_json::to_value(node) else {
            return;
        };
        let scope = if *namespaced { "namespace" } else { "cluster" };
        let mut place = entry(&mut self.objects, scope);
        if *namespaced {
            place = entry(place, metadata("namespace").unwrap_or("default"));
        }
        *entry(entry(entry(place, version), kind), name) = object;
    }
}

fn entry<'v>(value: &'v mut Value, key: &str) -> &'v mut Value {
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    // Just made an object, so the index inserts and cannot panic.
    &mut value[key]
}
