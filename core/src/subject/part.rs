//! Values that a controller puts together from parts of a document, and where each part stands in it.
//!
//! A [`Part`] is a value of the document as it is written, or a map or list made of such. Whoever makes a pod of
//! parts says what goes where; [`Part::into_node`] then gives the pod as one tree, to be read like any other, and
//! the places by which each pointer in the pod is a pointer in the document.

mod located;
mod operations;
mod patch;

pub(super) use patch::Odd;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::document::{Map, Node, Value, escape_pointer_token};
use crate::typed::{self, Note, NoteKind};

/// A value and its pointer in the document: of itself, or of what it follows from.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) pointer: String,
    content: Content,
}

#[derive(Debug, Clone)]
enum Content {
    Node(Node),
    Map(Vec<(Arc<str>, Part)>),
    List(Vec<Part>),
}

/// Bytes of a text that weigh as much as one value more, where it is in many pods.
const BYTES_OF_A_VALUE: usize = 256;

/// Pointers of the document by the pointers of a pod that stand for them.
pub(super) type Places = Vec<(String, String)>;

/// The pointer of the document that a pointer of the pod stands for: the longest prefix counts. The places are in the
/// order of the pod's pointers.
pub(super) fn locate(places: &[(String, String)], pointer: &str) -> String {
    let mut prefix = pointer;
    loop {
        let found = places.binary_search_by(|(own, _)| own.as_str().cmp(prefix));
        if let Some((_, place)) = found.ok().and_then(|at| places.get(at)) {
            return format!("{place}{}", pointer.get(prefix.len()..).unwrap_or_default());
        }
        let Some((shorter, _)) = prefix.rsplit_once('/') else { return pointer.to_owned() };
        prefix = shorter;
    }
}

impl Part {
    /// What is written at a pointer.
    pub(super) fn new(node: &Node, pointer: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), content: Content::Node(node.clone()) }
    }

    /// A value that is not written: it follows from what stands at the pointer.
    pub(super) fn implied(value: Value, pointer: &str) -> Self {
        Self::new(&Node::unwritten(value), pointer)
    }

    /// [`Self::implied`] for a text.
    pub(super) fn text(text: &str, pointer: &str) -> Self {
        Self::implied(Value::String(Arc::from(text)), pointer)
    }

    /// An empty map that belongs to what stands at a pointer.
    pub(super) fn map(pointer: &str) -> Self {
        Self { pointer: pointer.to_owned(), content: Content::Map(Vec::new()) }
    }

    /// A list of parts that belongs to what stands at a pointer.
    pub(super) fn list(pointer: &str, items: Vec<Self>) -> Self {
        Self { pointer: pointer.to_owned(), content: Content::List(items) }
    }

    /// The value of a key, unless it is null.
    pub(super) fn get(&self, key: &str) -> Option<Self> {
        let found = match &self.content {
            Content::Node(node) => Self::new(node.get(key)?, self.below(key)),
            Content::Map(entries) => entries.iter().find(|(own, _)| &**own == key)?.1.clone(),
            Content::List(_) => return None,
        };
        (!found.is_null()).then_some(found)
    }

    /// The value at the end of a way of keys, unless it is null.
    pub(super) fn find(&self, way: &[&str]) -> Option<Self> {
        // A part that is put together is dear to copy.
        let Some((first, rest)) = way.split_first() else { return Some(self.clone()) };
        rest.iter().try_fold(self.get(first)?, |part, key| part.get(key))
    }

    /// The text of a key.
    pub(super) fn text_of(&self, key: &str) -> Option<String> {
        self.get(key)?.as_str().map(str::to_owned)
    }

    /// The items of a list. What should be one and is none stands for itself, so that it is told.
    pub(super) fn items(&self) -> Vec<Self> {
        match &self.content {
            Content::List(items) => items.clone(),
            Content::Node(node) => match node.value() {
                Value::List(items) => {
                    let item = |(index, node)| Self::new(node, format!("{}/{index}", self.pointer));
                    items.iter().enumerate().map(item).collect()
                }
                Value::Null => Vec::new(),
                _ => vec![self.clone()],
            },
            Content::Map(_) => vec![self.clone()],
        }
    }

    /// The items of the list at a key; none where there is none.
    pub(super) fn items_of(&self, key: &str) -> Vec<Self> {
        self.get(key).map(|list| list.items()).unwrap_or_default()
    }

    /// The keys of a map and their values, in order.
    pub(super) fn entries(&self) -> Vec<(Arc<str>, Self)> {
        match &self.content {
            Content::Map(entries) => entries.clone(),
            Content::Node(node) => {
                let entries = node.as_map().into_iter().flatten();
                entries
                    .map(|entry| (entry.shared_key(), Self::new(entry.value(), self.below(entry.key()))))
                    .collect()
            }
            Content::List(_) => Vec::new(),
        }
    }

    fn into_entries(self) -> Vec<(Arc<str>, Self)> {
        match self.content {
            Content::Map(entries) => entries,
            content => Self { content, ..self }.entries(),
        }
    }

    fn into_items(self) -> Vec<Self> {
        match self.content {
            Content::List(items) => items,
            content => Self { content, ..self }.items(),
        }
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        if let Content::Node(node) = &self.content { node.as_str() } else { None }
    }

    /// The value as it is written, where it is not put together of others.
    pub(super) const fn as_node(&self) -> Option<&Node> {
        if let Content::Node(node) = &self.content { Some(node) } else { None }
    }

    pub(super) fn as_bool(&self) -> Option<bool> {
        if let Content::Node(node) = &self.content { node.as_bool() } else { None }
    }

    /// A scalar as the text that a variable of a container has; anything else as it is.
    pub(super) fn into_text(self) -> Self {
        let Content::Node(node) = &self.content else { return self };
        let text = match node.value() {
            Value::Null => String::new(),
            Value::Bool(_) | Value::Int(_) | Value::UInt(_) | Value::Float(_) => {
                serde_json::to_string(node).unwrap_or_default()
            }
            Value::String(_) | Value::List(_) | Value::Map(_) => return self,
        };
        Self::text(&text, &self.pointer)
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(&self.content, Content::Node(node) if node.is_null())
    }

    pub(super) fn is_map(&self) -> bool {
        match &self.content {
            Content::Node(node) => node.as_map().is_some(),
            Content::Map(_) => true,
            Content::List(_) => false,
        }
    }

    /// The same value as belonging to what stands at another pointer; what is in it stays where it is.
    pub(super) fn placed(self, pointer: &str) -> Self {
        let content = if self.is_map() { Content::Map(self.into_entries()) } else { self.content };
        Self { pointer: pointer.to_owned(), content }
    }

    /// A map with one more entry, or with another value of a key. Anything else, and no value, changes nothing.
    pub(super) fn with(self, key: &str, value: impl Into<Option<Self>>) -> Self {
        let Some(value) = value.into().filter(|_| self.is_map()) else { return self };
        let pointer = self.pointer.clone();
        let mut entries = self.into_entries();
        match entries.iter_mut().find(|(own, _)| &**own == key) {
            Some((_, old)) => *old = value,
            None => entries.push((Arc::from(key), value)),
        }
        Self { pointer, content: Content::Map(entries) }
    }

    /// [`Self::with`] for each of some entries, of which there may be many.
    pub(super) fn with_all(self, entries: impl IntoIterator<Item = (Arc<str>, Self)>) -> Self {
        self.merged(entries, |_, _, value| Some(value))
    }

    /// A map with some entries over its own: of a key's value so far, unless that is null, and the new one `choose`
    /// gives what the key has then. Where it gives nothing, that stays as it is.
    pub(super) fn merged(
        self,
        over: impl IntoIterator<Item = (Arc<str>, Self)>,
        mut choose: impl FnMut(&str, Option<&Self>, Self) -> Option<Self>,
    ) -> Self {
        if !self.is_map() {
            return self;
        }
        let pointer = self.pointer.clone();
        let mut entries = self.into_entries();
        let mut places: BTreeMap<Arc<str>, usize> =
            entries.iter().enumerate().map(|(at, (key, _))| (Arc::clone(key), at)).collect();
        for (key, value) in over {
            let place = places.get(&key).and_then(|at| entries.get_mut(*at));
            let before = place.as_ref().map(|entry| &entry.1).filter(|old| !old.is_null());
            let Some(new) = choose(&key, before, value) else { continue };
            match place {
                Some((_, old)) => *old = new,
                None => {
                    places.insert(Arc::clone(&key), entries.len());
                    entries.push((key, new));
                }
            }
        }
        Self { pointer, content: Content::Map(entries) }
    }

    /// A map without some keys. Anything else stays as it is.
    pub(super) fn without(self, keys: &[&str]) -> Self {
        self.retain(|key| !keys.contains(&key))
    }

    /// A map with some keys alone. Anything else stays as it is.
    pub(super) fn only(self, keys: &[&str]) -> Self {
        self.retain(|key| keys.contains(&key))
    }

    fn retain(self, keep: impl Fn(&str) -> bool) -> Self {
        let entries = self.entries();
        if !self.is_map() || entries.iter().all(|(key, _)| keep(key)) {
            return self;
        }
        let entries = entries.into_iter().filter(|(key, _)| keep(key)).collect();
        Self { pointer: self.pointer, content: Content::Map(entries) }
    }

    /// A map with items added at the end of the list of a key.
    pub(super) fn and(self, key: &str, more: Vec<Self>) -> Self {
        if more.is_empty() || !self.is_map() {
            return self;
        }
        let pointer = self.pointer.clone();
        let mut entries = self.into_entries();
        match entries.iter_mut().find(|(own, _)| &**own == key) {
            Some((_, old)) => *old = std::mem::replace(old, Self::map("")).extended(more, &pointer),
            None => entries.push((Arc::from(key), Self::list(&pointer, more))),
        }
        Self { pointer, content: Content::Map(entries) }
    }

    /// A list with more items. Where there is nothing, it belongs to what stands at a pointer.
    pub(super) fn extended(self, more: Vec<Self>, pointer: &str) -> Self {
        let pointer = if self.is_null() { pointer.to_owned() } else { self.pointer.clone() };
        let mut items = self.into_items();
        items.extend(more);
        Self { pointer, content: Content::List(items) }
    }

    /// A note for each key of a map that is none of those known.
    pub(super) fn unknown(&self, known: &[&'static str]) -> Vec<Note> {
        let entries = self.entries().into_iter().filter(|(key, _)| !known.contains(&&**key));
        let note = |(key, value): (Arc<str>, Self)| Note {
            pointer: value.pointer.clone(),
            kind: NoteKind::UnknownField {
                nearest: typed::nearest(&key, known.iter().copied()),
                value: value.into_node(),
            },
            field: key.to_string(),
        };
        entries.map(note).collect()
    }

    /// The pointers of texts in which a mark stands, but not below some keys.
    pub(super) fn texts_with(&self, mark: &str, skip: &[&str]) -> Vec<String> {
        if let Some(text) = self.as_str() {
            return if text.contains(mark) { vec![self.pointer.clone()] } else { Vec::new() };
        }
        let inner = self.inner().into_iter().filter(|(key, _)| !skip.contains(&&**key));
        inner.flat_map(|(_, part)| part.texts_with(mark, skip)).collect()
    }

    /// The values in a map, with their keys, or the items of a list, with none.
    pub(super) fn inner(&self) -> Vec<(Arc<str>, Self)> {
        let none = Arc::from("");
        if self.is_map() {
            self.entries()
        } else if self.is_scalar() {
            Vec::new()
        } else {
            self.items().into_iter().map(|item| (Arc::clone(&none), item)).collect()
        }
    }

    pub(super) fn is_scalar(&self) -> bool {
        matches!(&self.content, Content::Node(node) if node.as_list().is_none() && node.as_map().is_none())
    }

    /// The number of values in it.
    pub(super) fn values(&self) -> usize {
        self.count(|_| 1)
    }

    /// What it weighs where it is in many pods: the number of values in it, a long text as several.
    pub(super) fn size(&self) -> usize {
        self.count(|text| 1 + text.len() / BYTES_OF_A_VALUE)
    }

    fn count(&self, of_text: fn(&str) -> usize) -> usize {
        match &self.content {
            Content::Node(node) => count(node, of_text),
            Content::Map(entries) => 1 + entries.iter().map(|(_, part)| part.count(of_text)).sum::<usize>(),
            Content::List(items) => 1 + items.iter().map(|item| item.count(of_text)).sum::<usize>(),
        }
    }

    /// The value as one tree.
    pub(super) fn into_node(self) -> Node {
        self.gather("", &mut Places::new())
    }

    /// The value as one tree, and the place of everything in it, `pod` being the pointer of the value itself.
    pub(super) fn into_tree(self, pod: &str) -> (Node, Places) {
        let mut places = Places::new();
        let node = self.gather(pod, &mut places);
        places.sort();
        (node, places)
    }

    fn gather(self, pod: &str, places: &mut Places) -> Node {
        places.push((pod.to_owned(), self.pointer));
        match self.content {
            Content::Node(node) => node,
            Content::Map(entries) => {
                let below = |key: &str| format!("{pod}/{}", escape_pointer_token(key));
                let entry = |(key, part): (Arc<str>, Self)| {
                    let node = part.gather(&below(&key), places);
                    (key, node)
                };
                Node::unwritten(Value::Map(Map::unwritten(entries.into_iter().map(entry).collect())))
            }
            Content::List(items) => {
                let item = |(index, part): (usize, Self)| part.gather(&format!("{pod}/{index}"), places);
                Node::unwritten(Value::List(items.into_iter().enumerate().map(item).collect()))
            }
        }
    }

    fn below(&self, key: &str) -> String {
        format!("{}/{}", self.pointer, escape_pointer_token(key))
    }
}

fn count(node: &Node, of_text: fn(&str) -> usize) -> usize {
    match node.value() {
        Value::String(text) => of_text(text),
        Value::List(items) => 1 + items.iter().map(|item| count(item, of_text)).sum::<usize>(),
        Value::Map(map) => 1 + map.iter().map(|entry| count(entry.value(), of_text)).sum::<usize>(),
        _ => 1,
    }
}
