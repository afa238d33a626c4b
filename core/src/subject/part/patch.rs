//! One part over another, as a strategic merge patch has it
//! (<https://github.com/kubernetes/community/blob/main/contributors/devel/sig-api-machinery/strategic-merge-patch.md>).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Content, Part};
use crate::document::{Node, Value, escape_pointer_token};
use crate::typed::is_folded;

/// The lists of a pod whose items are merged, with the key by which they are told apart: `patchMergeKey` in
/// `k8s.io/api/core/v1`. All other lists are replaced.
const MERGED: [(&str, &str); 14] = [
    ("containers", "name"),
    ("env", "name"),
    ("ephemeralContainers", "name"),
    ("hostAliases", "ip"),
    ("imagePullSecrets", "name"),
    ("initContainers", "name"),
    ("ports", "containerPort"),
    ("resourceClaims", "name"),
    ("schedulingGates", "name"),
    ("sidecars", "name"),
    ("topologySpreadConstraints", "topologyKey"),
    ("volumeDevices", "devicePath"),
    ("volumeMounts", "mountPath"),
    ("volumes", "name"),
];

/// Maps whose keys are no fields.
const FREE: [&str; 10] = [
    "annotations",
    "data",
    "labels",
    "limits",
    "matchLabels",
    "nodeSelector",
    "options",
    "properties",
    "requests",
    "volumeAttributes",
];

/// A key that is a field but for its case.
pub(in crate::subject) struct Odd {
    pub(in crate::subject) pointer: String,
    pub(in crate::subject) key: Arc<str>,
    pub(in crate::subject) name: String,
}

/// What a patch says to do instead of merging.
const DIRECTIVE: &str = "$patch";

impl Part {
    /// This value with a patch over it.
    pub(in crate::subject) fn patched(self, patch: Self) -> Self {
        if !self.is_map() || !patch.is_map() || directive(&patch).as_deref() == Some("replace") {
            return patch.without_directives();
        }
        let mut entries: Vec<_> = self.entries().into_iter().map(Some).collect();
        let places: BTreeMap<Arc<str>, usize> = numbered(&entries, |(key, _)| Some(Arc::clone(key)));
        for (key, over) in patch.entries().into_iter().filter(|(key, _)| !key.starts_with('$')) {
            let place = places.get(&key).and_then(|at| entries.get_mut(*at));
            let old = place.as_ref().and_then(|place| (**place).clone()).map(|(_, old)| old);
            let gone = over.is_null() || directive(&over).as_deref() == Some("delete");
            let by = MERGED.iter().find(|(list, _)| is_folded(&key, list)).map(|(_, by)| *by);
            let new = match (old.filter(|old| !old.is_null()), by) {
                _ if gone => None,
                (Some(old), Some(by)) => Some((key, old.with_items(over, by))),
                (Some(old), None) => Some((key, old.patched(over))),
                (None, _) => Some((key, over.without_directives())),
            };
            match place {
                Some(place) => *place = new,
                None => entries.push(new),
            }
        }
        Self { pointer: self.pointer, content: Content::Map(entries.into_iter().flatten().collect()) }
    }

    /// How many items of lists in this patch are known by the same key as one before them: each costs as much as what it
    /// is put over.
    // Recursion is bounded by the depth of the value.
    pub(in crate::subject) fn repeated(&self) -> usize {
        if self.is_scalar() {
            return 0;
        }
        let of = |(key, part): &(Arc<str>, Self)| {
            let by = MERGED.iter().find(|(list, _)| is_folded(key, list)).filter(|_| !part.is_map());
            let keys: Vec<String> = by
                .map(|(_, by)| part.items().iter().filter_map(|item| item.key(by)).collect())
                .unwrap_or_default();
            let once: BTreeSet<&String> = keys.iter().collect();
            keys.len() - once.len() + part.repeated()
        };
        self.inner().iter().map(of).sum()
    }

    /// This value with another over it, as a merge patch has it (RFC 7386): maps become one, and of anything else the
    /// other counts. Where all is to be `kept`, nothing is taken away by null, and lists of maps are one behind another.
    // Recursion is bounded by the depth of the values.
    pub(in crate::subject) fn laid_under(self, over: Self, kept: bool) -> Self {
        let holds_maps = |part: &Self| !part.is_map() && part.items().iter().any(Self::is_map);
        if self.is_map() && over.is_map() {
            self.merged(over.entries(), |_, old, over| {
                Some(old.cloned().map_or_else(|| over.clone(), |old| old.laid_under(over.clone(), kept)))
            })
        } else if kept && over.is_null() {
            self
        } else if kept && holds_maps(&self) && holds_maps(&over) {
            let pointer = over.pointer.clone();
            self.extended(over.into_items(), &pointer)
        } else {
            over
        }
    }

    /// A map in which the keys that are those given but for their case are these, as Go's reader of JSON takes them: in
    /// the order of their bytes, each over the ones before.
    pub(in crate::subject) fn folded(self, known: &[&str]) -> Self {
        let meant = |key: &str| known.iter().find(|name| is_folded(key, name)).copied();
        let entries = self.entries();
        if !self.is_map() || entries.iter().all(|(key, _)| meant(key).is_none_or(|name| *name == **key)) {
            return self;
        }
        let (mut own, others): (Vec<_>, Vec<_>) =
            entries.into_iter().partition(|(key, _)| meant(key).is_some());
        own.sort_by(|(one, _), (other, _)| one.cmp(other));
        let own = own.into_iter().filter_map(|(key, part)| Some((Arc::from(meant(&key)?), part)));
        let map = Self { pointer: self.pointer, content: Content::Map(others) };
        map.merged(own, |_, old, over| {
            Some(old.cloned().map_or_else(|| over.clone(), |old| old.laid_under(over.clone(), true)))
        })
    }

    /// [`Self::folded`], and so for all maps in it but those whose keys are the author's own. Adds the keys to those
    /// that are `odd`.
    // Recursion is bounded by the depth of the value.
    pub(in crate::subject) fn folded_all(self, known: &[&str], odd: &mut Vec<Odd>) -> Self {
        let meant = |key: &str| known.iter().find(|name| is_folded(key, name)).filter(|name| **name != key);
        if !self.has_key(&|key| meant(key).is_some()) {
            return self;
        }
        let pointer = self.pointer.clone();
        if !self.is_map() {
            let items = self.into_items().into_iter();
            return Self::list(&pointer, items.map(|item| item.folded_all(known, odd)).collect());
        }
        let mut entries = self.into_entries();
        for (key, part) in &mut entries {
            if let Some(name) = meant(key) {
                odd.push(Odd {
                    pointer: part.pointer.clone(),
                    key: Arc::clone(key),
                    name: (*name).to_owned(),
                });
            }
            if !FREE.contains(&&**key) {
                *part = std::mem::replace(part, Self::map("")).folded_all(known, odd);
            }
        }
        Self { pointer, content: Content::Map(entries) }.folded(known)
    }

    /// Whether one of the keys in it is such.
    fn has_key(&self, is: &dyn Fn(&str) -> bool) -> bool {
        let entry = |key: &str, below: &dyn Fn() -> bool| is(key) || !FREE.contains(&key) && below();
        match &self.content {
            Content::Node(node) => has_key(node, is),
            Content::Map(entries) => entries.iter().any(|(key, part)| entry(key, &|| part.has_key(is))),
            Content::List(items) => items.iter().any(|item| item.has_key(is)),
        }
    }

    /// This value, which is at a pointer of the pod, with the keys at pointers of the pod as the names given for them.
    // Recursion is bounded by the depth of the value.
    pub(in crate::subject) fn respelled(self, pod: &str, names: &BTreeMap<String, &str>) -> Self {
        let mut below = names.range(pod.to_owned()..);
        if self.is_scalar() || below.next().is_none_or(|(pointer, _)| !pointer.starts_with(pod)) {
            return self;
        }
        let own = self.pointer.clone();
        if !self.is_map() {
            let items = self.into_items().into_iter().enumerate();
            return Self::list(
                &own,
                items.map(|(at, item)| item.respelled(&format!("{pod}/{at}"), names)).collect(),
            );
        }
        let mut known: Vec<&str> = Vec::new();
        let entry = |(key, part): (Arc<str>, Self)| {
            let pointer = format!("{pod}/{}", escape_pointer_token(&key));
            known.extend(names.get(&pointer));
            (key, part.respelled(&pointer, names))
        };
        let entries = self.into_entries().into_iter().map(entry).collect();
        Self { pointer: own, content: Content::Map(entries) }.folded(&known)
    }

    /// This list with the items of another: those with the same key are merged.
    fn with_items(self, over: Self, by: &str) -> Self {
        let patches = over.items();
        let replaces = |patch: &Self| directive(patch).as_deref() == Some("replace");
        let mut items = if patches.iter().any(replaces) { Vec::new() } else { self.items() };
        let mut items: Vec<_> = items.drain(..).map(Some).collect();
        let places: BTreeMap<String, usize> = numbered(&items, |item| item.key(by));
        for patch in patches {
            let at = patch.key(by).and_then(|key| places.get(&key));
            let place = at.and_then(|at| items.get_mut(*at));
            let gone = directive(&patch).as_deref() == Some("delete");
            let is_nothing = gone || patch.entries().len() == 1 && directive(&patch).is_some();
            match place {
                Some(place) if gone => *place = None,
                Some(place) => *place = place.take().map(|old| old.patched(patch)),
                None if is_nothing => {}
                None => items.push(Some(patch.without_directives())),
            }
        }
        Self::list(&over.pointer, items.into_iter().flatten().collect())
    }

    /// What an item of a list is known by.
    fn key(&self, by: &str) -> Option<String> {
        match self.get(by)?.content {
            Content::Node(node) => serde_json::to_string(&node).ok(),
            _ => None,
        }
    }

    /// A patch where there is nothing to be patched.
    fn without_directives(self) -> Self {
        if !self.is_map() {
            return self;
        }
        let entries = self.entries();
        if entries.iter().all(|(key, part)| !key.starts_with('$') && !part.is_map()) {
            return self;
        }
        let kept = entries.into_iter().filter(|(key, _)| !key.starts_with('$'));
        let entries =
            kept.map(|(key, part)| (key, part.without_directives())).collect::<Vec<(Arc<str>, Self)>>();
        Self { pointer: self.pointer, content: Content::Map(entries) }
    }
}

fn has_key(node: &Node, is: &dyn Fn(&str) -> bool) -> bool {
    match node.value() {
        Value::List(items) => items.iter().any(|item| has_key(item, is)),
        Value::Map(map) => {
            map.iter().any(|own| is(own.key()) || !FREE.contains(&own.key()) && has_key(own.value(), is))
        }
        _ => false,
    }
}

fn directive(part: &Part) -> Option<String> {
    part.text_of(DIRECTIVE)
}

/// The places of some things by what they are known by; of several, the first.
fn numbered<T, K: Ord>(all: &[Option<T>], key: impl Fn(&T) -> Option<K>) -> BTreeMap<K, usize> {
    let mut places = BTreeMap::new();
    for (at, one) in all.iter().enumerate() {
        if let Some(key) = one.as_ref().and_then(&key) {
            places.entry(key).or_insert(at);
        }
    }
    places
}
