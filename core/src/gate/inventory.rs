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

    /// Whether a claim is known.
    pub(crate) fn has_claim(&self, namespace: &str, name: &str) -> bool {
        let claims = self.objects.pointer("/namespace").and_then(|all| all.get(namespace));
        claims.and_then(|own| own.get("v1")?.get("PersistentVolumeClaim")?.get(name)).is_some()
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
