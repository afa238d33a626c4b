//! Objects inside others: what a controller is to create for whoever made the outer one (`ManifestWork` of Open Cluster
//! Management, `ResourceSet` of Flux, `Object` of Crossplane), or what a chart is given beside its own.

#[cfg(test)]
mod tests;

use super::super::Subjects;
use super::super::object::{self, Object};
use crate::document::Node;
use crate::report::Cause;

/// Whether a map is an object, and not a reference to one: it says what it is, and something of what it holds.
pub(in super::super) fn is_object(node: &Node) -> bool {
    let is_text = |key: &str| node.get(key).is_some_and(|own| own.as_str().is_some());
    let is_map = |key: &&str| node.get(key).is_some_and(|own| own.as_map().is_some());
    let is_list = |key: &str| node.get(key).is_some_and(|own| own.as_list().is_some());
    let is_holder =
        || ["ConfigMap", "Secret"].iter().any(|kind| node.get("kind").and_then(Node::as_str) == Some(kind));
    is_text("apiVersion")
        && is_text("kind")
        && (["metadata", "roleRef", "spec"].iter().any(is_map)
            || is_list("items")
            || is_holder() && ["data", "stringData"].iter().any(is_map))
}

/// Reads an object that another one holds. Of one in which nothing is to be judged, nothing is told: it may be a part of
/// one, or what one is held against.
pub(in super::super) fn read(outer: &Object<'_>, node: &Node, pointer: String, found: &mut Subjects) {
    let inner = |found: &mut Subjects| object::read(outer.document, node, pointer.clone(), found);
    let Some(own) = found.deeper(outer, &pointer, |found| found.apart(inner)) else { return };
    let without = own.not_evaluated.iter().filter(|entry| entry.cause == Cause::NoPod);
    let without: Vec<String> = without.map(|entry| entry.pointer.clone()).collect();
    found.absorb(own, |entry| {
        !matches!(entry.cause, Cause::NoPod | Cause::NotKubernetes | Cause::UnknownKind)
    });
    // Where its kind has the pod there is none; elsewhere in it there may be one.
    for at in without {
        let inner = at.strip_prefix(&pointer).and_then(|way| node.pointer(way));
        for template in inner.map(|inner| super::pods(inner, &at, &outer.entry)).unwrap_or_default() {
            template.add_to(outer.document, found);
        }
    }
}
