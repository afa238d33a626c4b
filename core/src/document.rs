//! Reads YAML and JSON text as the Kubernetes API server would, and TOML, Groovy and XML as their own programs do,
//! and keeps where everything stands.
//!
//! Text that begins with `{` or `[` is tried as JSON first, as kubectl does; all else is YAML. YAML has the
//! syntax of YAML 1.2 and the scalars, merge keys and map keys of sigs.k8s.io/yaml (go-yaml v2), by which
//! `yes` and `on` are truth values and `0777` is 511. Where the two versions would read different lines
//! (U+0085, U+2028, U+2029) the document is refused.

mod build;
mod error;
mod format;
mod groovy;
mod inside;
mod json;
mod nested;
mod node;
mod number;
mod scalar;
mod syntax;
#[cfg(test)]
mod tests;
mod toml;
mod xml;
mod yaml;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

pub use error::{DocumentError, DocumentErrorKind};
pub use format::{Format, read_as};
pub use nested::Nested;
pub(crate) use nested::is_template;
pub(crate) use node::pointer_tokens;
pub use node::{Entry, Map, Node, Value, escape_pointer_token};
pub(crate) use scalar::{base64_text, is_file_in_base64};

use crate::position::{BOM, LineIndex, PositionEncoding, Span};

/// What reading one input may cost. All limits are inclusive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of text, and again bytes of text that aliases repeat; never more than 4 GiB. 64 MiB by default.
    pub bytes: usize,
    /// Lists and maps inside each other, aliases followed; never more than [`Limits::MAX_DEPTH`]. 128 by
    /// default, which is where `serde_json` stops: what is read here can be written and read again.
    pub depth: usize,
    /// Values of all documents together, each counted once however many aliases repeat it. 4 million by
    /// default, about 60 bytes of memory each.
    pub nodes: usize,
    /// Values that aliases and merge keys repeat, in all documents together. 400,000 by default, which is
    /// what go-yaml allows any document of up to 4 million values (`allowedAliasRatio`).
    pub expansion: usize,
    /// Documents. 100,000 by default.
    pub documents: usize,
    /// Values of a pod that is judged. 250,000 by default: each may cost the engine some kilobytes of memory, and as
    /// long as forty microseconds.
    pub pod: usize,
}

impl Limits {
    /// The deepest nesting that any setting allows: 512 frames of a recursive walk, at 1 KiB each, use half
    /// of the 1 MiB stack of a WebAssembly module.
    pub const MAX_DEPTH: usize = 512;

    fn levels(&self) -> usize {
        self.depth.min(Self::MAX_DEPTH)
    }
}

impl Default for Limits {
    fn default() -> Self {
        let (nodes, expansion, documents, pod) = (4_000_000, 400_000, 100_000, 250_000);
        Self { bytes: 64 << 20, depth: 128, nodes, expansion, documents, pod }
    }
}

/// The text of an input, which all its documents share.
#[derive(Debug)]
struct Text {
    source: Arc<str>,
    text: Arc<str>,
    lines: OnceLock<LineIndex>,
}

impl Text {
    fn new(source: &str, text: Arc<str>) -> Arc<Self> {
        Arc::new(Self { source: Arc::from(source), text, lines: OnceLock::new() })
    }

    fn span(&self, bytes: Range<usize>, encoding: PositionEncoding) -> Span {
        let lines = self.lines.get_or_init(|| LineIndex::new(&self.text));
        lines.span(&self.text, bytes, encoding)
    }
}

/// A key that its map has more than once. The last one counts, as the API server's reader has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DuplicateKey {
    /// The JSON Pointer of the entry, from the root of the document.
    pub pointer: String,
    /// The key.
    pub key: Arc<str>,
    /// The bytes of the key before.
    pub first: Range<usize>,
    /// The bytes of the key that replaces it.
    pub bytes: Range<usize>,
}

/// One document of a text: its values and their places. A clone costs a reference count.
#[derive(Clone, Debug)]
pub struct Document {
    text: Arc<Text>,
    index: usize,
    format: Format,
    root: Node,
    duplicates: Arc<[DuplicateKey]>,
    strings: Arc<Strings>,
    inside: Arc<inside::Inside>,
}

/// How strings of a document are written, where that is not YAML's way: by their bytes.
type Strings = BTreeMap<(usize, usize), Nested>;

impl Document {
    fn new(text: &Arc<Text>, index: usize, root: Node, duplicates: Vec<DuplicateKey>) -> Self {
        let (text, duplicates) = (Arc::clone(text), Arc::from(duplicates));
        let (format, strings) = (Format::Yaml, Arc::default());
        Self { text, index, format, root, duplicates, strings, inside: Arc::default() }
    }

    /// The one document of a text in another format than YAML, with how its strings are written.
    fn of_format(
        format: Format,
        text: &Arc<Text>,
        root: Node,
        duplicates: Vec<DuplicateKey>,
        strings: Strings,
    ) -> Self {
        Self { format, strings: Arc::new(strings), ..Self::new(text, 0, root, duplicates) }
    }

    /// What the document is written in.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// The name of the input, as it was given.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.text.source
    }

    /// The place of the document among those of its input, from 0; empty and broken ones count.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }

    /// The text of the whole input.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text.text
    }

    /// The value of the document.
    #[must_use]
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// Whether the document holds nothing: no text, comments alone, or a null.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.root.is_null()
    }

    /// The keys that their maps have more than once, in the order of the text.
    #[must_use]
    pub fn duplicates(&self) -> &[DuplicateKey] {
        &self.duplicates
    }

    /// Those of [`Document::duplicates`] whose key stands in some bytes of the text.
    pub(crate) fn duplicates_in(&self, bytes: &Range<usize>) -> &[DuplicateKey] {
        let before = |at: usize| self.duplicates.partition_point(|double| double.bytes.start < at);
        self.duplicates.get(before(bytes.start)..before(bytes.end)).unwrap_or_default()
    }

    /// The value at a JSON Pointer (RFC 6901); the empty pointer is the root. It does not go on through strings:
    /// see [`Document::look`].
    #[must_use]
    pub fn get(&self, pointer: &str) -> Option<&Node> {
        self.root.pointer(pointer)
    }

    /// The value at a JSON Pointer that may go on through strings that hold JSON or YAML: in
    /// `{"policy": "[{\"Effect\": \"Allow\"}]"}`, `/policy/0/Effect` is `Allow`.
    #[must_use]
    pub fn look(&self, pointer: &str) -> Option<Node> {
        let found = self.find(pointer)?;
        found.whole.then_some(found.node)
    }

    /// The bytes of the value at a JSON Pointer, or of its nearest ancestor that exists. Nothing if the
    /// text is no JSON Pointer. The pointer may go on through strings, as in [`Document::look`]; where such a
    /// string was meant to be read and cannot be, these are the bytes at fault in it.
    #[must_use]
    pub fn byte_span(&self, pointer: &str) -> Option<Range<usize>> {
        Some(self.find(pointer)?.bytes)
    }

    /// The lines and columns of [`Document::byte_span`].
    #[must_use]
    pub fn span(&self, pointer: &str, encoding: PositionEncoding) -> Option<Span> {
        Some(self.place(self.byte_span(pointer)?, encoding))
    }

    /// The bytes of the key at a JSON Pointer. Nothing if there is no such entry of a map.
    #[must_use]
    pub fn key_byte_span(&self, pointer: &str) -> Option<Range<usize>> {
        let found = self.find(pointer)?;
        found.key.filter(|_| found.whole)
    }

    /// The lines and columns of [`Document::key_byte_span`].
    #[must_use]
    pub fn key_span(&self, pointer: &str, encoding: PositionEncoding) -> Option<Span> {
        Some(self.place(self.key_byte_span(pointer)?, encoding))
    }

    /// The lines and columns of bytes of the text.
    #[must_use]
    pub fn place(&self, bytes: Range<usize>, encoding: PositionEncoding) -> Span {
        self.text.span(bytes, encoding)
    }

    /// Whether the string at a pointer has something in it that its language fills in, and that is not known.
    pub(crate) fn is_filled(&self, node: &Node, pointer: &str) -> bool {
        let holder = self.holder(pointer);
        Nested::of_scalar(&holder, node).is_none_or(|text| text.is_filled())
    }

    /// A piece of the text as it was written, such as [`Node::bytes`]: `on` where the value is `true`.
    #[must_use]
    pub fn written(&self, bytes: Range<usize>) -> &str {
        self.text().get(bytes).unwrap_or_default()
    }
}

/// Reads every document of a text in YAML or JSON, in order. `source` is the name that errors and reports give it.
///
/// A document that cannot be read is an error in its place and does not hide those after it, except in
/// JSON, where nothing after an error is read. A text without any document (empty, or comments alone) gives
/// none; an empty document between others is given as a null.
///
/// # Errors
///
/// Each item has its own error; see [`DocumentErrorKind`].
pub fn read(
    source: &str,
    text: impl Into<Arc<str>>,
    limits: &Limits,
) -> Vec<Result<Document, DocumentError>> {
    read_as(Some(Format::Yaml), source, text, limits)
}

/// Reads a text. With `json_only`, what looks like JSON is not tried as YAML, whatever is wrong with it.
fn parse(text: &Arc<Text>, limits: &Limits, json_only: bool) -> Vec<Result<Document, DocumentError>> {
    let source = &*text.source;
    let start = text.text.trim_start_matches(BOM).trim_ascii_start();
    if !start.starts_with(['{', '[']) {
        return yaml::read(text, limits);
    }
    let json = json::read(text, limits);
    let is_other = |one: &Result<_, DocumentError>| {
        one.as_ref().is_err_and(|error| matches!(error.kind(), DocumentErrorKind::Syntax { .. }))
    };
    if !json.last().is_some_and(is_other) || json_only && looks_like_json("", start) {
        return json;
    }
    let yaml = yaml::read(text, limits);
    let readable = |documents: &[Result<_, _>]| documents.iter().filter(|one| one.is_ok()).count();
    let is_yaml = !yaml.is_empty() && yaml.iter().all(Result::is_ok);
    if is_yaml || !looks_like_json(source, start) || readable(&yaml) > readable(&json) { yaml } else { json }
}

/// What keeps a text from being one list or map in JSON.
pub(crate) fn json_fault(text: &str) -> Option<DocumentErrorKind> {
    let limits = Limits { documents: 1, ..Limits::default() };
    let documents = json::read(&Text::new("", Arc::from(text)), &limits);
    let nothing =
        || DocumentErrorKind::Syntax { format: "JSON", problem: "there is nothing in it".to_owned() };
    match documents.into_iter().next_back() {
        None => Some(nothing()),
        Some(Ok(_)) => None,
        Some(Err(error)) => Some(error.kind().clone()),
    }
}

/// Whether a text that is neither JSON nor YAML was meant to be JSON.
fn looks_like_json(source: &str, start: &str) -> bool {
    let inner = start.trim_start_matches(|one: char| matches!(one, '[' | '{') || one.is_ascii_whitespace());
    let name = source.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("json"));
    name || inner.starts_with('"')
}

/// Decodes bytes as YAML's readers do (YAML 1.1 §5.2): UTF-8, or UTF-16 with a byte order mark.
///
/// A byte order mark of UTF-8 stays in the text, where it has no width; that of UTF-16 is dropped.
///
/// # Errors
///
/// [`DocumentErrorKind::Encoding`] with the place of the first byte that fits neither.
pub fn decode(source: &str, bytes: &[u8]) -> Result<Arc<str>, DocumentError> {
    let fail = |decoded: String, encoding, offset| {
        let at = decoded.len();
        let text = Text::new(source, Arc::from(decoded));
        DocumentError::new(&text, 0, at..at, DocumentErrorKind::Encoding { encoding, offset })
    };
    let Some((units, odd)) = utf16(bytes) else {
        return std::str::from_utf8(bytes).map(Arc::from).map_err(|error| {
            let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
            fail(String::from_utf8_lossy(valid).into_owned(), "UTF-8", error.valid_up_to())
        });
    };
    let mut text = String::with_capacity(bytes.len());
    let mut offset = 2;
    for unit in char::decode_utf16(units) {
        match unit {
            Ok(one) => {
                offset += 2 * one.len_utf16();
                text.push(one);
            }
            Err(_) => return Err(fail(text, "UTF-16", offset)),
        }
    }
    if odd { Err(fail(text, "UTF-16", offset)) } else { Ok(Arc::from(text)) }
}

/// The text of bytes for an excerpt: as [`decode`] reads them, with U+FFFD for what fits neither encoding.
pub fn decode_lossy(bytes: &[u8]) -> Arc<str> {
    match utf16(bytes) {
        Some((units, _)) => {
            let shown = |unit: Result<char, _>| unit.unwrap_or(char::REPLACEMENT_CHARACTER);
            char::decode_utf16(units).map(shown).collect::<String>().into()
        }
        None => String::from_utf8_lossy(bytes).into(),
    }
}

/// The units of UTF-16 behind its byte order mark, and whether half of one is left over.
fn utf16(bytes: &[u8]) -> Option<(impl Iterator<Item = u16>, bool)> {
    let (units, big) = match bytes {
        [0xfe, 0xff, units @ ..] => (units, true),
        [0xff, 0xfe, units @ ..] => (units, false),
        _ => return None,
    };
    let (pairs, odd) = units.as_chunks::<2>();
    let read = move |pair: &[u8; 2]| {
        if big { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) }
    };
    Some((pairs.iter().map(read), !odd.is_empty()))
}
