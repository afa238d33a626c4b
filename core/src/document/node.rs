//! The tree that a document is read into.

use std::borrow::Cow;
use std::ops::{Deref, Range};
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// A value and the bytes of the text that it was read from.
///
/// A clone costs a reference count: lists, maps and strings are shared. What an alias (`*name`) stands for
/// is shared in the same way, so that nodes below an alias have the span of their definition, while the
/// node in the alias's own place has the span of the alias.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    value: Value,
    start: u32,
    end: u32,
}

/// What a node holds: the values of JSON, integers kept apart from other numbers.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// No value.
    Null,
    /// A truth value.
    Bool(bool),
    /// An integer that fits 64 bits with a sign.
    Int(i64),
    /// An integer above `i64::MAX`.
    UInt(u64),
    /// Any other number; never infinite and never NaN.
    Float(f64),
    /// A text.
    String(Arc<str>),
    /// A list.
    List(Arc<[Node]>),
    /// A map.
    Map(Map),
}

/// The entries of a map, in the order of the text, each key once.
///
/// Dereferences to a slice of [`Entry`].
#[derive(Clone, Debug)]
pub struct Map(Arc<Entries>);

#[derive(Debug)]
struct Entries {
    list: Box<[Entry]>,
    /// Places in `list` sorted by key, for maps that are too long to look through.
    sorted: Box<[u32]>,
}

/// Maps up to this length are looked through from the front.
const SHORT: usize = 16;

/// A key of a map with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    key: Arc<str>,
    start: u32,
    end: u32,
    value: Node,
}

/// Offsets are stored in 32 bits; [`super::Limits::bytes`] never lets a text be longer.
fn offset(byte: usize) -> u32 {
    u32::try_from(byte).unwrap_or(u32::MAX)
}

impl Node {
    pub(super) fn new(value: Value, bytes: &Range<usize>) -> Self {
        Self { value, start: offset(bytes.start), end: offset(bytes.end) }
    }

    /// A value that stands nowhere in the text.
    pub(crate) fn unwritten(value: Value) -> Self {
        Self::new(value, &(0..0))
    }

    /// The value.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The bytes of the text that the value was read from, without its tag or anchor.
    ///
    /// A quoted scalar's include the quotes; a block scalar's go from its `|` or `>` to the end of its last
    /// line that has text; a block list or map goes from its first `-` or key to the end of its last value;
    /// a value that is not written (`key:`) has an empty range where it would be.
    #[must_use]
    pub fn bytes(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The value of a key; nothing if this is not a map or has no such key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        Some(self.as_map()?.entry(key)?.value())
    }

    /// The item of a list, counted from 0.
    #[must_use]
    pub fn index(&self, at: usize) -> Option<&Self> {
        self.as_list()?.get(at)
    }

    /// Whether there is no value.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// The truth value, if it is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        if let Value::Bool(value) = self.value { Some(value) } else { None }
    }

    /// The integer, if it is one that fits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        if let Value::Int(value) = self.value { Some(value) } else { None }
    }

    /// The text, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Value::String(value) = &self.value { Some(value) } else { None }
    }

    /// The items, if it is a list.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Self]> {
        if let Value::List(items) = &self.value { Some(items) } else { None }
    }

    /// The entries, if it is a map.
    #[must_use]
    pub fn as_map(&self) -> Option<&Map> {
        if let Value::Map(map) = &self.value { Some(map) } else { None }
    }

    /// The node at a JSON Pointer (RFC 6901) from this one; the empty pointer is this one.
    #[must_use]
    pub fn pointer(&self, pointer: &str) -> Option<&Self> {
        let (found, left) = self.nearest(pointer)?;
        left.is_empty().then_some(found.0)
    }

    /// The deepest node on the way of a JSON Pointer, with the entry that holds it, and what is left of the
    /// pointer: nothing at the end of the way. Nothing at all if the text is no JSON Pointer.
    pub(super) fn nearest<'p>(&self, pointer: &'p str) -> Option<((&Self, Option<&Entry>), &'p str)> {
        let mut found = (self, None);
        let mut left = pointer;
        while !left.is_empty() {
            let token = left.strip_prefix('/')?;
            let (token, behind) = token.find('/').map_or((token, ""), |end| token.split_at(end));
            let token = unescape(token);
            let next = match &found.0.value {
                Value::Map(map) => map.entry(&token).map(|entry| (&entry.value, Some(entry))),
                Value::List(items) => place(&token).and_then(|at| items.get(at)).map(|item| (item, None)),
                _ => None,
            };
            match next {
                Some(next) => found = next,
                None => break,
            }
            left = behind;
        }
        Some((found, left))
    }
}

impl Map {
    pub(super) fn new(list: Box<[Entry]>) -> Self {
        let mut sorted: Vec<u32> = Vec::new();
        if list.len() > SHORT {
            sorted = (0..offset(list.len())).collect();
            sorted.sort_by_key(|at| list.get(*at as usize).map(Entry::key));
        }
        Self(Arc::new(Entries { list, sorted: sorted.into_boxed_slice() }))
    }

    /// A map that stands nowhere in the text. Each key is there once.
    pub(crate) fn unwritten(entries: Vec<(Arc<str>, Node)>) -> Self {
        Self::new(entries.into_iter().map(|(key, value)| Entry::new(key, &(0..0), value)).collect())
    }

    /// The entry of a key.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        if self.0.sorted.is_empty() {
            return self.0.list.iter().find(|entry| entry.key() == key);
        }
        let nth = |at: &u32| self.0.list.get(*at as usize);
        let found = self.0.sorted.partition_point(|at| nth(at).is_some_and(|entry| entry.key() < key));
        self.0.sorted.get(found).and_then(nth).filter(|entry| entry.key() == key)
    }
}

impl Deref for Map {
    type Target = [Entry];

    fn deref(&self) -> &[Entry] {
        &self.0.list
    }
}

impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        self.0.list == other.0.list
    }
}

impl<'a> IntoIterator for &'a Map {
    type Item = &'a Entry;
    type IntoIter = std::slice::Iter<'a, Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Entry {
    pub(super) fn new(key: Arc<str>, bytes: &Range<usize>, value: Node) -> Self {
        Self { key, start: offset(bytes.start), end: offset(bytes.end), value }
    }

    /// The key, as text: keys that were numbers or truth values are written as sigs.k8s.io/yaml writes
    /// them (`on` is `true`, `0x10` is `16`).
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The key, to keep.
    #[must_use]
    pub fn shared_key(&self) -> Arc<str> {
        Arc::clone(&self.key)
    }

    /// The bytes of the text that the key was read from, with its quotes.
    #[must_use]
    pub fn key_bytes(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The value.
    #[must_use]
    pub fn value(&self) -> &Node {
        &self.value
    }
}

/// As JSON: the same values in the same order, without the spans.
impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.value {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Int(value) => serializer.serialize_i64(*value),
            Value::UInt(value) => serializer.serialize_u64(*value),
            Value::Float(value) => serializer.serialize_f64(*value),
            Value::String(value) => serializer.serialize_str(value),
            Value::List(items) => serializer.collect_seq(items.iter()),
            Value::Map(map) => serializer.collect_map(map.iter().map(|entry| (entry.key(), entry.value()))),
        }
    }
}

/// A token of a JSON Pointer as an index of a list: digits without a leading zero (RFC 6901 §4).
fn place(token: &str) -> Option<usize> {
    let plain = token == "0" || !token.starts_with(['0', '+']);
    if plain { token.parse().ok() } else { None }
}

/// The tokens of a JSON Pointer (RFC 6901), unescaped.
pub(crate) fn pointer_tokens(pointer: &str) -> impl Iterator<Item = Cow<'_, str>> {
    pointer.split('/').skip(1).map(unescape)
}

/// Undoes [`escape_pointer_token`].
fn unescape(token: &str) -> Cow<'_, str> {
    if token.contains('~') {
        Cow::Owned(token.replace("~1", "/").replace("~0", "~"))
    } else {
        Cow::Borrowed(token)
    }
}

/// A key as a token of a JSON Pointer: `~` becomes `~0` and `/` becomes `~1` (RFC 6901 §3).
#[must_use]
pub fn escape_pointer_token(key: &str) -> Cow<'_, str> {
    if key.contains(['~', '/']) {
        Cow::Owned(key.replace('~', "~0").replace('/', "~1"))
    } else {
        Cow::Borrowed(key)
    }
}
