//! Pointers that go on through strings: what a string holds is read once, when it is first asked for.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use super::{Document, DocumentError, Limits, Nested, Node, Value};

/// Strings inside strings that a pointer goes through.
const MOST_LEVELS: usize = 8;

/// What the strings of a document hold, by their bytes, as far as it was asked for.
#[derive(Debug, Default)]
pub(super) struct Inside(Mutex<BTreeMap<(usize, usize), Content>>);

/// What a string holds: a document, or text that was meant to be one.
#[derive(Clone, Debug)]
enum Content {
    Text,
    Document(Document),
    Broken(DocumentError),
}

/// Where a pointer leads.
pub(super) struct Found {
    pub(super) node: Node,
    pub(super) bytes: Range<usize>,
    /// The bytes of the key, where the node is a value of a map.
    pub(super) key: Option<Range<usize>>,
    /// Whether it is the end of the way.
    pub(super) whole: bool,
}

impl Document {
    /// The deepest value on the way of a JSON Pointer. Nothing if the text is no JSON Pointer.
    pub(super) fn find(&self, pointer: &str) -> Option<Found> {
        self.find_within(pointer, MOST_LEVELS)
    }

    fn find_within(&self, pointer: &str, levels: usize) -> Option<Found> {
        let ((node, entry), left) = self.root.nearest(pointer)?;
        let found = |bytes| Found {
            node: node.clone(),
            bytes,
            key: entry.map(super::Entry::key_bytes),
            whole: left.is_empty(),
        };
        if left.is_empty() || levels == 0 || node.as_str().is_none() {
            return Some(found(node.bytes()));
        }
        match self.inside(node) {
            Content::Text => Some(found(node.bytes())),
            Content::Document(inner) => inner.find_within(left, levels - 1),
            Content::Broken(error) => Some(found(error.bytes())),
        }
    }

    /// What a string of this document holds.
    fn inside(&self, node: &Node) -> Content {
        let key = (node.bytes().start, node.bytes().end);
        // Nobody panics while holding it, and what is in it is whole at any time.
        let known = || self.inside.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(content) = known().get(&key) {
            return content.clone();
        }
        let content = self.content(node);
        known().insert(key, content.clone());
        content
    }

    fn content(&self, node: &Node) -> Content {
        let Some(nested) = Nested::of_scalar(self, node) else {
            return Content::Text;
        };
        let meant = nested.text().trim_start().starts_with(['{', '[']);
        match nested.read(&Limits::default()).into_iter().next() {
            Some(Ok(document)) if matches!(document.root.value(), Value::List(_) | Value::Map(_)) => {
                Content::Document(document)
            }
            Some(Err(error)) if meant => Content::Broken(error),
            _ => Content::Text,
        }
    }
}
