//! Builds the tree of one document from what a parser reports, without recursion and within the limits.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::error::DocumentErrorKind as Kind;
use super::node::{Entry, Map, Node, Value, escape_pointer_token};
use super::{DuplicateKey, Limits, scalar};

/// What is wrong, and the bytes at fault.
pub(super) type Fault = (Kind, Range<usize>);

/// A finished value: its node, how many values it holds when aliases are followed (itself included) and how
/// many bytes of text, how deep it goes, and whether it is an alias.
#[derive(Clone, Debug)]
pub(super) struct Built {
    node: Node,
    size: usize,
    text: usize,
    height: usize,
    alias: bool,
}

/// The name of the next value in a map.
#[derive(Debug)]
enum Name {
    Key(Arc<str>, Range<usize>),
    Merge(Range<usize>),
}

/// An entry while its map is being read.
#[derive(Debug)]
struct Slot {
    entry: Entry,
    /// Whether the text of this map has the key itself, rather than by a merge.
    written: bool,
}

#[derive(Debug)]
enum Open {
    List(Vec<Node>),
    Map { slots: Vec<Slot>, places: HashMap<Arc<str>, usize>, name: Option<Name> },
}

#[derive(Debug)]
struct Frame {
    open: Open,
    start: usize,
    end: usize,
    anchor: usize,
    size: usize,
    text: usize,
    height: usize,
}

/// What all documents of an input have used up.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Spent {
    nodes: usize,
    expansion: usize,
    /// Bytes of text that aliases repeat: here they are shared, in a typed pod they are not.
    repeated: usize,
    pointers: usize,
}

#[derive(Debug)]
pub(super) struct Builder<'l> {
    limits: &'l Limits,
    spent: Spent,
    frames: Vec<Frame>,
    anchors: HashMap<usize, Built>,
    root: Option<Node>,
    duplicates: Vec<DuplicateKey>,
}

fn leaf(value: Value, bytes: &Range<usize>) -> Built {
    let text = if let Value::String(text) = &value { text.len() } else { 0 };
    Built { node: Node::new(value, bytes), size: 1, text, height: 0, alias: false }
}

/// Maps up to this length are looked through for a key from the front.
const SHORT: usize = 16;

impl<'l> Builder<'l> {
    /// A builder for one document; `spent` is what the documents before it have used up.
    pub(super) fn new(limits: &'l Limits, spent: Spent) -> Self {
        Self {
            limits,
            spent,
            frames: Vec::new(),
            anchors: HashMap::new(),
            root: None,
            duplicates: Vec::new(),
        }
    }

    /// The root and the duplicate keys, and what is used up now.
    pub(super) fn finish(self, end: usize) -> (Node, Vec<DuplicateKey>, Spent) {
        let root = self.root.unwrap_or_else(|| Node::new(Value::Null, &(end..end)));
        // One is found when its value ends, so those inside that value come before it.
        let mut duplicates = self.duplicates;
        duplicates.sort_by_key(|double| double.bytes.start);
        (root, duplicates, self.spent)
    }

    /// Whether the next value is the key of a map.
    pub(super) fn expects_key(&self) -> bool {
        matches!(self.frames.last(), Some(Frame { open: Open::Map { name: None, .. }, .. }))
    }

    /// Whether the next value is that of a key.
    pub(super) fn expects_value(&self) -> bool {
        matches!(self.frames.last(), Some(Frame { open: Open::Map { name: Some(_), .. }, .. }))
    }

    pub(super) fn key(&mut self, key: Arc<str>, bytes: Range<usize>) {
        self.name(Name::Key(key, bytes));
    }

    pub(super) fn merge_key(&mut self, bytes: Range<usize>) {
        self.name(Name::Merge(bytes));
    }

    fn name(&mut self, next: Name) {
        if let Some(Frame { open: Open::Map { name, .. }, .. }) = self.frames.last_mut() {
            *name = Some(next);
        }
    }

    pub(super) fn open_list(&mut self, bytes: Range<usize>, anchor: usize) -> Result<(), Fault> {
        self.open(Open::List(Vec::new()), bytes, anchor)
    }

    pub(super) fn open_map(&mut self, bytes: Range<usize>, anchor: usize) -> Result<(), Fault> {
        self.open(Open::Map { slots: Vec::new(), places: HashMap::new(), name: None }, bytes, anchor)
    }

    fn open(&mut self, open: Open, bytes: Range<usize>, anchor: usize) -> Result<(), Fault> {
        if self.expects_key() {
            let what = if matches!(open, Open::List(_)) { "a list" } else { "a map" };
            return Err((Kind::BadKey(what), bytes));
        }
        self.count_node(&bytes)?;
        if self.frames.len() >= self.limits.levels() {
            return Err((Kind::TooDeep(self.limits.levels()), bytes));
        }
        self.frames.push(Frame {
            open,
            start: bytes.start,
            end: bytes.end,
            anchor,
            size: 1,
            text: 0,
            height: 0,
        });
        Ok(())
    }

    /// Ends the innermost list or map, at `end` or where its last value ends.
    pub(super) fn close(&mut self, end: Option<usize>) -> Result<(), Fault> {
        let Some(frame) = self.frames.pop() else {
            return Ok(());
        };
        let bytes = frame.start..end.unwrap_or(frame.end);
        let value = match frame.open {
            Open::List(items) => Value::List(Arc::from(items)),
            Open::Map { slots, .. } => {
                Value::Map(Map::new(slots.into_iter().map(|slot| slot.entry).collect()))
            }
        };
        let node = Node::new(value, &bytes);
        let built =
            Built { node, size: frame.size, text: frame.text, height: frame.height + 1, alias: false };
        self.place(built, bytes, frame.anchor)
    }

    /// A scalar in the place of a value.
    pub(super) fn scalar(&mut self, value: Value, bytes: Range<usize>, anchor: usize) -> Result<(), Fault> {
        self.count_node(&bytes)?;
        self.place(leaf(value, &bytes), bytes, anchor)
    }

    /// A scalar in the place of a key that has an anchor, so that aliases find it.
    pub(super) fn remember(&mut self, value: Value, bytes: &Range<usize>, anchor: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, leaf(value, bytes));
        }
    }

    /// An alias in the place of a key or a value; `name` is its text.
    pub(super) fn alias(&mut self, target: usize, bytes: Range<usize>, name: &str) -> Result<(), Fault> {
        let Some(found) = self.anchors.get(&target) else {
            return Err((Kind::SelfAlias(super::error::excerpt(name)), bytes));
        };
        if self.expects_key() {
            let key = scalar::key(found.node.value()).map_err(|kind| (kind, bytes.clone()))?;
            self.key(key, bytes);
            return Ok(());
        }
        let node = Node::new(found.node.value().clone(), &bytes);
        let built = Built { node, alias: true, ..*found };
        if self.frames.len() + built.height > self.limits.levels() {
            return Err((Kind::TooDeep(self.limits.levels()), bytes));
        }
        self.count_expansion(built.size, &bytes)?;
        self.count_repeated(built.text, &bytes)?;
        self.count_node(&bytes)?;
        self.place(built, bytes, 0)
    }

    fn count_node(&mut self, bytes: &Range<usize>) -> Result<(), Fault> {
        self.spent.nodes += 1;
        if self.spent.nodes > self.limits.nodes {
            return Err((Kind::TooManyNodes(self.limits.nodes), bytes.clone()));
        }
        Ok(())
    }

    fn count_expansion(&mut self, size: usize, bytes: &Range<usize>) -> Result<(), Fault> {
        self.spent.expansion = self.spent.expansion.saturating_add(size);
        if self.spent.expansion > self.limits.expansion {
            return Err((Kind::TooMuchExpansion(self.limits.expansion), bytes.clone()));
        }
        Ok(())
    }

    fn count_repeated(&mut self, text: usize, bytes: &Range<usize>) -> Result<(), Fault> {
        self.spent.repeated = self.spent.repeated.saturating_add(text);
        if self.spent.repeated > self.limits.bytes {
            return Err((Kind::TooMuchRepeated(self.limits.bytes), bytes.clone()));
        }
        Ok(())
    }

    /// Puts a finished value where it belongs.
    fn place(&mut self, built: Built, bytes: Range<usize>, anchor: usize) -> Result<(), Fault> {
        if anchor > 0 {
            self.anchors.insert(anchor, built.clone());
        }
        let Some(frame) = self.frames.last_mut() else {
            self.root = Some(built.node);
            return Ok(());
        };
        frame.end = frame.end.max(bytes.end);
        frame.size = frame.size.saturating_add(built.size);
        frame.text = frame.text.saturating_add(built.text);
        frame.height = frame.height.max(built.height);
        match &mut frame.open {
            Open::List(items) => {
                items.push(built.node);
                Ok(())
            }
            Open::Map { name, .. } => match name.take() {
                Some(Name::Key(key, at)) => {
                    frame.text = frame.text.saturating_add(key.len());
                    self.set(Entry::new(key, &at, built.node), true)
                }
                Some(Name::Merge(at)) => self.merge(&built, &at),
                None => Ok(()),
            },
        }
    }

    /// Sets an entry of the innermost map; the last one of a key wins.
    fn set(&mut self, entry: Entry, written: bool) -> Result<(), Fault> {
        let Some(Frame { open: Open::Map { slots, places, .. }, .. }) = self.frames.last_mut() else {
            return Ok(());
        };
        let found = if slots.len() <= SHORT {
            slots.iter().position(|slot| slot.entry.key() == entry.key())
        } else {
            if places.is_empty() {
                places.extend(slots.iter().enumerate().map(|(at, slot)| (slot.entry.shared_key(), at)));
            }
            places.get(entry.key()).copied()
        };
        let Some(slot) = found.and_then(|at| slots.get_mut(at)) else {
            if !places.is_empty() {
                places.insert(entry.shared_key(), slots.len());
            }
            slots.push(Slot { entry, written });
            return Ok(());
        };
        let first = (slot.written && written).then(|| slot.entry.key_bytes());
        let (key, bytes) = (entry.shared_key(), entry.key_bytes());
        *slot = Slot { entry, written: written || slot.written };
        match first {
            Some(first) => self.duplicate(key, first, bytes),
            None => Ok(()),
        }
    }

    /// Merges a map, or a list of maps of which the earlier win, into the innermost map, as if the entries
    /// stood in the place of the merge key.
    fn merge(&mut self, built: &Built, at: &Range<usize>) -> Result<(), Fault> {
        // What is written in place is counted as nodes; an alias was counted when it was met.
        self.spent.expansion = self.spent.expansion.saturating_add(1);
        let bad = || (Kind::BadMerge, at.clone());
        match built.node.value() {
            Value::Map(map) => self.merge_map(map, at),
            Value::List(items) if !built.alias => {
                for item in items.iter().rev() {
                    self.merge_map(item.as_map().ok_or_else(bad)?, at)?;
                }
                Ok(())
            }
            _ => Err(bad()),
        }
    }

    fn merge_map(&mut self, map: &Map, at: &Range<usize>) -> Result<(), Fault> {
        self.count_expansion(map.len(), at)?;
        map.iter().try_for_each(|entry| self.set(entry.clone(), false))
    }

    /// Records that the innermost map has a key again.
    fn duplicate(&mut self, key: Arc<str>, first: Range<usize>, bytes: Range<usize>) -> Result<(), Fault> {
        let mut pointer = String::new();
        for frame in &self.frames {
            let last = match &frame.open {
                Open::List(items) => items.len().to_string(),
                Open::Map { name: Some(Name::Key(name, _)), .. } => escape_pointer_token(name).into_owned(),
                Open::Map { name: Some(Name::Merge(_)), .. } => "<<".to_owned(),
                Open::Map { name: None, .. } => escape_pointer_token(&key).into_owned(),
            };
            pointer.push('/');
            pointer.push_str(&last);
            if self.spent.pointers + pointer.len() > self.limits.bytes {
                return Err((Kind::TooManyDuplicates, bytes));
            }
        }
        self.spent.pointers += pointer.len();
        self.duplicates.push(DuplicateKey { pointer, key, first, bytes });
        Ok(())
    }
}
