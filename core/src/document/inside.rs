//! Pointers that go on through strings: what a string holds is read once, when it is first asked for.
//!
//! A string that holds one document is gone through like that document's value, and one that holds several like a
//! list of them: `/manifest/1/kind` is the kind of the second.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Document, DocumentError, Limits, Nested, Node, Value};

/// Strings inside strings that a pointer goes through.
const MOST_LEVELS: usize = 8;

/// What the strings of a document hold, by their bytes, as far as it was asked for.
#[derive(Debug, Default)]
pub(super) struct Inside(Mutex<BTreeMap<(usize, usize), Content>>);

impl Inside {
    fn known(&self, node: &Node) -> Option<Content> {
        self.contents().get(&(node.bytes().start, node.bytes().end)).cloned()
    }

    fn remember(&self, node: &Node, content: Content) {
        self.contents().insert((node.bytes().start, node.bytes().end), content);
    }

    /// Nobody panics while holding it, and what is in it is whole at any time.
    fn contents(&self) -> MutexGuard<'_, BTreeMap<(usize, usize), Content>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a string holds: documents, or text that was meant to be one.
#[derive(Clone, Debug)]
enum Content {
    Text,
    /// With their numbers; empty ones are left out.
    Documents(Arc<[Inner]>),
    Broken(DocumentError),
}

pub(crate) type Inner = Result<Document, DocumentError>;

/// Where a pointer leads.
pub(super) struct Found {
    /// The document that holds the node: this one, or one in a string of it.
    pub(super) document: Document,
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
            document: self.clone(),
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
            Content::Broken(error) => Some(found(error.bytes())),
            Content::Documents(inner) => {
                let (one, rest) = select(&inner, left);
                match one {
                    Some(Ok(one)) => one.find_within(rest, levels - 1),
                    Some(Err(error)) => Some(found(error.bytes())),
                    None => Some(found(node.bytes())),
                }
            }
        }
    }

    /// The document in which the value at a pointer is written: this one, or one in a string of it.
    pub(super) fn holder(&self, pointer: &str) -> Self {
        self.find(pointer).map_or_else(|| self.clone(), |found| found.document)
    }

    /// The documents that a string of this document holds, with the pointers of their values, as
    /// [`Document::look`] takes them; `pointer` is the string's own. Where the text of the string is written
    /// elsewhere or otherwise (an alias), the pointers below it have the place of the whole string.
    pub(crate) fn documents_in(
        &self,
        node: &Node,
        pointer: &str,
    ) -> Vec<(String, Result<Node, DocumentError>)> {
        let Some(text) = node.as_str() else { return Vec::new() };
        let holder = self.holder(pointer);
        let inner = match Nested::of_scalar(&holder, node) {
            Some(nested) => documents(&nested),
            None => super::read(self.source(), text, &Limits::default()),
        };
        let one = inner.len() == 1;
        let numbered = inner.into_iter().enumerate().map(|(index, inner)| {
            let pointer = if one { pointer.to_owned() } else { format!("{pointer}/{index}") };
            (pointer, inner.map(|document| document.root))
        });
        numbered.collect()
    }

    /// The document that a string of this document holds as TOML, with the place of everything in it. Where the text
    /// is written elsewhere or otherwise, all of it has the place of the string.
    pub(crate) fn toml_in(&self, node: &Node) -> Option<Inner> {
        let text = node.as_str()?;
        let inner = match Nested::of_scalar(self, node) {
            Some(nested) => nested.read_toml(&Limits::default()),
            None => super::toml::read(&super::Text::new(self.source(), text.into()), &Limits::default()),
        };
        inner.into_iter().next()
    }

    /// The program that the string at a pointer of this document holds, with the place of everything in it. Pointers go on through
    /// it from then on: whoever asks knows that it is one. Where the text is written elsewhere or otherwise, all of
    /// it has the place of the string.
    pub(crate) fn groovy_in(&self, node: &Node, pointer: &str) -> Option<Inner> {
        let text = node.as_str()?;
        let holder = self.holder(pointer);
        let Some(nested) = Nested::of_scalar(&holder, node) else {
            let text = super::Text::new(self.source(), text.into());
            return super::groovy::read(&text, &Limits::default()).into_iter().next();
        };
        let inner = nested.read_groovy(&Limits::default()).into_iter().next()?;
        let content = match &inner {
            Ok(_) => Content::Documents(Arc::from([inner.clone()])),
            Err(error) => Content::Broken(error.clone()),
        };
        holder.inside.remember(node, content);
        Some(inner)
    }

    /// Whether what stands at a pointer is a call of a program, so that its value is not known.
    pub(crate) fn is_call(&self, pointer: &str) -> bool {
        let is_map = |found: &Found| found.whole && found.node.as_map().is_some();
        self.find(pointer).filter(is_map).is_some_and(|found| found.document.format == super::Format::Groovy)
    }

    /// What a string of this document holds.
    fn inside(&self, node: &Node) -> Content {
        if let Some(content) = self.inside.known(node) {
            return content;
        }
        let content = self.content(node);
        self.inside.remember(node, content.clone());
        content
    }

    fn content(&self, node: &Node) -> Content {
        let Some(nested) = Nested::of_scalar(self, node) else {
            return Content::Text;
        };
        let meant = nested.text().trim_start().starts_with(['{', '[']);
        let inner = documents(&nested);
        let has_value = |one: &Inner| {
            one.as_ref().is_ok_and(|one| matches!(one.root.value(), Value::List(_) | Value::Map(_)))
        };
        match inner.first() {
            Some(Err(error)) if meant => Content::Broken(error.clone()),
            Some(first) if has_value(first) || inner.len() > 1 && inner.iter().any(has_value) => {
                Content::Documents(inner.into())
            }
            _ => Content::Text,
        }
    }
}

/// The documents of an inner text, without empty ones, or the one that it is as TOML. Where parameters in braces keep it from being read,
/// these are taken for texts.
fn documents(nested: &Nested) -> Vec<Inner> {
    let read = |nested: &Nested| -> Vec<Inner> {
        let is_something = |inner: &Inner| !inner.as_ref().is_ok_and(Document::is_empty);
        nested.read(&Limits::default()).into_iter().filter(is_something).collect()
    };
    let first = read(nested);
    let is_tree = |one: &Inner| one.as_ref().is_ok_and(|one| one.root.as_map().is_some());
    if super::toml::is_likely(nested.text()) && !first.iter().any(is_tree) {
        let toml = nested.read_toml(&Limits::default());
        if !toml.is_empty() && toml.iter().all(Result::is_ok) {
            return toml;
        }
    }
    if first.iter().all(Result::is_ok) {
        return first;
    }
    let again = nested.rewritten().map(|own| read(&own));
    let mut again = again.filter(|again| again.iter().all(Result::is_ok));
    again.next().unwrap_or(first)
}

/// The document that the first token of a pointer names, where there are several, and the rest of the pointer.
fn select<'i, 'p>(inner: &'i [Inner], left: &'p str) -> (Option<&'i Inner>, &'p str) {
    if let [one] = inner {
        return (Some(one), left);
    }
    let token = left.strip_prefix('/').unwrap_or_default();
    let (token, rest) = token.find('/').map_or((token, ""), |end| token.split_at(end));
    (token.parse().ok().and_then(|index: usize| inner.get(index)), rest)
}
