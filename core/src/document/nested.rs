//! Texts inside texts: JSON in a YAML string, YAML in a Groovy string. What is read from the inner text has its
//! place in the outer one.
//!
//! A [`Nested`] is the inner text and, piece by piece, where it is written in the outer text. It is made from a
//! scalar of a document ([`Nested::of_scalar`]), or by whoever takes strings out of another language, with
//! [`Nested::copy`] and [`Nested::stand_for`].

mod align;
mod filled;

use std::ops::Range;
use std::sync::Arc;

pub(crate) use filled::is_template;

use super::node::{Entry, Map};
use super::{Document, DocumentError, DuplicateKey, Format, Limits, Node, Strings, Text, Value, parse};

/// A text that is written inside another one, and where each part of it stands there.
#[derive(Clone, Debug)]
pub struct Nested {
    outer: Arc<Text>,
    text: String,
    /// In the order of the inner text.
    pieces: Vec<Piece>,
    /// Whether `${a}` is written as `$<a>`.
    is_angled: bool,
}

/// A part of the inner text and the bytes of the outer one that it was written as.
#[derive(Clone, Copy, Debug)]
struct Piece {
    /// Where it begins in the inner text; it ends where the next one begins.
    start: usize,
    outer_start: usize,
    outer_end: usize,
    /// Whether the two are the same, byte for byte; else the bytes of the outer text are one unit (an escape, a
    /// line break with what indents the next line).
    same: bool,
}

impl Nested {
    /// An empty text inside the text of a document.
    #[must_use]
    pub fn new(document: &Document) -> Self {
        Self::inside(&document.text)
    }

    pub(super) fn inside(outer: &Arc<Text>) -> Self {
        Self { outer: Arc::clone(outer), text: String::new(), pieces: Vec::new(), is_angled: false }
    }

    /// The text of a scalar of a document: of any style that YAML, JSON or the document's own format have. Nothing
    /// where the node is no string, or where its text is written elsewhere or otherwise (an alias, `!!binary`).
    #[must_use]
    pub fn of_scalar(document: &Document, node: &Node) -> Option<Self> {
        let bytes = node.bytes();
        match document.strings.get(&(bytes.start, bytes.end)) {
            Some(nested) => (node.as_str() == Some(nested.text())).then(|| nested.clone()),
            None => align::scalar(&document.text, node),
        }
    }

    /// Adds what stands in the outer text in the same form. Bytes that are no text are passed over.
    pub fn copy(&mut self, outer: Range<usize>) {
        let text = Arc::clone(&self.outer);
        if let Some(same) = text.text.get(outer.clone()).filter(|same| !same.is_empty()) {
            self.push(same, outer, true);
        }
    }

    /// Adds text that other bytes of the outer text stand for: what an escape means, a space for a line break.
    pub fn stand_for(&mut self, text: &str, outer: Range<usize>) {
        if !text.is_empty() {
            self.push(text, outer, false);
        }
    }

    /// Nothing, inside the same text.
    pub(super) fn empty(&self) -> Self {
        Self::inside(&self.outer)
    }

    /// Adds a part of another text that is written inside the same one.
    pub(super) fn add(&mut self, other: &Self, part: Range<usize>) {
        let first = other.pieces.partition_point(|piece| piece.start <= part.start).saturating_sub(1);
        let pieces = other.pieces.get(first..).unwrap_or_default();
        let ends = pieces.iter().skip(1).map(|next| next.start).chain([other.text.len()]);
        for (piece, end) in pieces.iter().zip(ends) {
            let inner = piece.start.max(part.start)..end.min(part.end);
            if piece.start >= part.end {
                return;
            }
            let Some(text) = other.text.get(inner.clone()).filter(|text| !text.is_empty()) else { continue };
            let outer = if piece.same {
                let at = piece.outer_start + (inner.start - piece.start);
                at..at + inner.len()
            } else {
                piece.outer_start..piece.outer_end
            };
            self.push(text, outer, piece.same);
        }
    }

    fn push(&mut self, text: &str, outer: Range<usize>, same: bool) {
        if outer.end < outer.start || outer.end > self.outer.text.len() {
            return;
        }
        let start = self.text.len();
        self.text.push_str(text);
        match self.pieces.last_mut() {
            Some(last) if same && last.same && last.outer_end == outer.start => last.outer_end = outer.end,
            _ => self.pieces.push(Piece { start, outer_start: outer.start, outer_end: outer.end, same }),
        }
    }

    /// The inner text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether something is filled in that is not known.
    pub(super) fn is_filled(&self) -> bool {
        let ends = self.pieces.iter().skip(1).map(|next| next.start).chain([self.text.len()]);
        let mut open = self.pieces.iter().zip(ends).filter(|(piece, _)| !piece.same);
        open.any(|(piece, end)| self.text.get(piece.start..end).is_some_and(|text| text.starts_with("${")))
    }

    /// Where bytes of the inner text stand in the outer one. What is written by an escape has the bytes of the
    /// whole escape.
    #[must_use]
    pub fn place(&self, inner: Range<usize>) -> Range<usize> {
        let start = self.start(inner.start);
        let end = if inner.is_empty() { start } else { self.end(inner.end) };
        if end >= start {
            return start..end;
        }
        // What is put together of pieces in another order has the place of the first.
        let piece = self.pieces.partition_point(|piece| piece.start <= inner.start).checked_sub(1);
        let end = piece.and_then(|index| self.pieces.get(index)).map_or(start, |piece| piece.outer_end);
        start..end.max(start)
    }

    /// Where a byte of the inner text begins.
    fn start(&self, at: usize) -> usize {
        let piece = self.pieces.partition_point(|piece| piece.start <= at).checked_sub(1);
        let Some(piece) = piece.and_then(|index| self.pieces.get(index)) else {
            return self.pieces.first().map_or(0, |first| first.outer_start);
        };
        if at >= self.text.len() {
            piece.outer_end
        } else if piece.same {
            piece.outer_start + (at - piece.start)
        } else {
            piece.outer_start
        }
    }

    /// Where the byte before a place in the inner text ends.
    fn end(&self, at: usize) -> usize {
        let piece = self.pieces.partition_point(|piece| piece.start < at).checked_sub(1);
        match piece.and_then(|index| self.pieces.get(index)) {
            Some(piece) if piece.same => (piece.outer_start + (at - piece.start)).min(piece.outer_end),
            Some(piece) => piece.outer_end,
            None => 0,
        }
    }

    /// Reads the inner text as documents, as [`super::read`] does. Everything in them, errors too, has its place
    /// in the outer text. Text that looks like JSON is read as nothing else, so that what is wrong with it is
    /// told.
    #[must_use]
    pub fn read(&self, limits: &Limits) -> Vec<Result<Document, DocumentError>> {
        let inner = Text::new(&self.outer.source, Arc::from(self.text.as_str()));
        // What is filled in is no JSON, where it stands outside of texts.
        parse(&inner, limits, !self.is_angled).into_iter().map(|one| self.moved(one)).collect()
    }

    /// Reads the inner text as the one document that a TOML text is. Where expressions in double braces keep it from
    /// being read, it is read without their lines.
    pub(super) fn read_toml(&self, limits: &Limits) -> Vec<Result<Document, DocumentError>> {
        let first = self.read_toml_as_is(limits);
        if first.iter().all(Result::is_ok) {
            return first;
        }
        let second = self.without_templates().map(|own| own.read_toml_as_is(limits)).unwrap_or_default();
        if !second.is_empty() && second.iter().all(Result::is_ok) { second } else { first }
    }

    fn read_toml_as_is(&self, limits: &Limits) -> Vec<Result<Document, DocumentError>> {
        let inner = Text::new(&self.outer.source, Arc::from(self.text.as_str()));
        super::toml::read(&inner, limits).into_iter().map(|one| self.moved(one)).collect()
    }

    /// Reads the inner text as the one document that a program in Groovy is.
    pub(super) fn read_groovy(&self, limits: &Limits) -> Vec<Result<Document, DocumentError>> {
        let inner = Text::new(&self.outer.source, Arc::from(self.text.as_str()));
        super::groovy::read(&inner, limits).into_iter().map(|one| self.moved(one)).collect()
    }

    /// A document of the inner text with its places in the outer one.
    fn moved(&self, one: Result<Document, DocumentError>) -> Result<Document, DocumentError> {
        match one {
            Err(error) => {
                let bytes = self.place(error.bytes());
                Err(error.moved(&self.outer, bytes))
            }
            Ok(document) => {
                let duplicates = document.duplicates().iter().map(|double| DuplicateKey {
                    first: self.place(double.first.clone()),
                    bytes: self.place(double.bytes.clone()),
                    ..double.clone()
                });
                let duplicates = duplicates.collect();
                let strings = document.strings.iter().map(|((start, end), nested)| {
                    let bytes = self.place(*start..*end);
                    ((bytes.start, bytes.end), self.through(nested))
                });
                let mut strings: Strings = strings.collect();
                let root = self.node(&document, &document.root, &mut strings);
                let moved = Document::new(&self.outer, document.index, root, duplicates);
                Ok(Document { format: document.format, strings: Arc::new(strings), ..moved })
            }
        }
    }

    /// A text inside this one as a text inside the outer one.
    fn through(&self, inner: &Self) -> Self {
        let mut whole = Self::inside(&self.outer);
        for (at, piece) in inner.pieces.iter().enumerate() {
            let end = inner.pieces.get(at + 1).map_or(inner.text.len(), |next| next.start);
            let text = |from: usize, to: usize| inner.text.get(from..to).unwrap_or_default();
            if !piece.same {
                whole.stand_for(text(piece.start, end), self.place(piece.outer_start..piece.outer_end));
                continue;
            }
            // What is one piece in there may be several here, such as the lines of a block.
            let mut from = piece.outer_start;
            while from < piece.outer_end {
                let index = self.pieces.partition_point(|own| own.start <= from);
                let to =
                    self.pieces.get(index).map_or(self.text.len(), |next| next.start).min(piece.outer_end);
                let own = index.checked_sub(1).and_then(|index| self.pieces.get(index));
                let place = self.place(from..to);
                if own.is_some_and(|own| own.same) {
                    whole.copy(place);
                } else {
                    let shift = from - piece.outer_start;
                    whole.stand_for(text(piece.start + shift, piece.start + shift + (to - from)), place);
                }
                from = to.max(from + 1);
            }
        }
        whole
    }

    /// A value of an inner document with its places in the outer text. How strings are written is kept, where the
    /// outer text does not show it: behind escapes.
    fn node(&self, inner: &Document, node: &Node, strings: &mut Strings) -> Node {
        let mut below = |node: &Node| self.node(inner, node, strings);
        let value = match node.value() {
            Value::List(items) => Value::List(items.iter().map(below).collect()),
            Value::Map(map) => {
                let entry = |entry: &Entry| {
                    let key = self.without_angles(&entry.shared_key());
                    Entry::new(key, &self.place(entry.key_bytes()), below(entry.value()))
                };
                Value::Map(Map::new(map.iter().map(entry).collect()))
            }
            Value::String(text) => Value::String(self.without_angles(text)),
            other => other.clone(),
        };
        let bytes = self.place(self.unbraced(node.bytes()));
        let moved = Node::new(value, &bytes);
        let may_hold = node.as_str().is_some_and(|text| text.contains([' ', '\n']));
        if may_hold
            && inner.format == Format::Yaml
            && !self.is_same(&node.bytes())
            && align::scalar(&self.outer, &moved).is_none()
            && let Some(own) = align::scalar(&inner.text, node)
        {
            strings.insert((bytes.start, bytes.end), self.through(&own).in_braces(self.is_angled));
        }
        moved
    }

    /// Bytes of a value with the second brace that ends it: that is written as a space, which is none of a text.
    fn unbraced(&self, inner: Range<usize>) -> Range<usize> {
        let next = inner.end..inner.end.saturating_add(1);
        let is_brace = self.text.get(next.clone()) == Some(" ")
            && self.text.get(..inner.end).is_some_and(|before| before.ends_with(')'))
            && self.outer.text.get(self.place(next.clone())) == Some("}");
        if is_brace { inner.start..next.end } else { inner }
    }

    /// Whether bytes of the inner text stand in the outer one as they are.
    fn is_same(&self, inner: &Range<usize>) -> bool {
        let index = self.pieces.partition_point(|piece| piece.start <= inner.start);
        let end = self.pieces.get(index).map_or(self.text.len(), |next| next.start);
        let piece = index.checked_sub(1).and_then(|index| self.pieces.get(index));
        piece.is_some_and(|piece| piece.same) && inner.end <= end
    }
}
