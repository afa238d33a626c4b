//! Why a document could not be read.

use std::ops::Range;
use std::sync::Arc;

use super::Text;
use crate::position::{PositionEncoding, Span};
use crate::report::one_line;

/// A document that could not be read: which, where and why.
///
/// Displays as its kind alone, in lower case, on one line and without a full stop, so that a front end can
/// put the place before it.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}", .0.kind)]
pub struct DocumentError(Box<Failure>);

#[derive(Clone, Debug)]
struct Failure {
    text: Arc<Text>,
    index: usize,
    bytes: Range<usize>,
    kind: DocumentErrorKind,
}

/// What is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentErrorKind {
    /// The bytes are no UTF-8, and no UTF-16 with a byte order mark.
    #[error("not {encoding}: the byte at offset {offset} begins no character")]
    Encoding {
        /// The encoding that was expected: `UTF-8` or `UTF-16`.
        encoding: &'static str,
        /// The offset, in bytes from the start of the input.
        offset: usize,
    },
    /// The text breaks the rules of its format.
    #[error("not valid {format}: {problem}")]
    Syntax {
        /// The name of the format: `YAML`, `JSON`, `TOML`, `Groovy` or `XML`.
        format: &'static str,
        /// What is wrong, in plain words.
        problem: String,
    },
    /// A character that a YAML document may not hold (YAML 1.1 §4.1).
    #[error("the control character U+{0:04X} is not allowed in YAML")]
    Control(u32),
    /// U+0085, U+2028 or U+2029, which end a line for Kubernetes (YAML 1.1) and not for other readers
    /// (YAML 1.2), so that the document means two things.
    #[error("the line break U+{0:04X} is ambiguous in YAML: write it as an escape in double quotes")]
    LineBreak(u32),
    /// Text that YAML 1.1, and so Kubernetes, and YAML 1.2 read differently; with what to do about it.
    #[error("ambiguous in YAML: {0}")]
    Ambiguous(&'static str),
    /// The input is longer than [`super::Limits::bytes`].
    #[error("too large: {size} bytes, at most {limit} are read")]
    TooLarge {
        /// Its length in bytes.
        size: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// Lists and maps, statements of a program or elements of XML are nested deeper than [`super::Limits::depth`],
    /// aliases followed.
    #[error("nested too deep: at most {0} levels are read")]
    TooDeep(usize),
    /// An element of XML has too many attributes, or too many namespaces are declared around each other.
    #[error("too many attributes or namespaces")]
    TooManyAttributes,
    /// More values than [`super::Limits::nodes`].
    #[error("too many values: at most {0} are read")]
    TooManyNodes(usize),
    /// More documents than [`super::Limits::documents`]; the rest of the input is not read.
    #[error("too many documents: at most {0} are read")]
    TooManyDocuments(usize),
    /// Aliases and merge keys, or variables of a program, repeat more values than [`super::Limits::expansion`].
    #[error("too many repeated values: at most {0} are followed")]
    TooMuchExpansion(usize),
    /// Aliases, or variables of a program, repeat more bytes of text than [`super::Limits::bytes`].
    #[error("too much repeated text: at most {0} bytes are followed")]
    TooMuchRepeated(usize),
    /// The places of duplicate keys need more room than [`super::Limits::bytes`] allows.
    #[error("too many duplicate keys")]
    TooManyDuplicates,
    /// An alias without an anchor before it in its document.
    #[error("unknown alias `*{0}`")]
    UnknownAlias(String),
    /// An alias inside the value that it stands for.
    #[error("the alias `{0}` stands for a value that contains it")]
    SelfAlias(String),
    /// A merge key (`<<`) with something else than a map or a list of maps.
    #[error("the merge key `<<` needs a map or a list of maps")]
    BadMerge,
    /// A key that JSON cannot hold as text.
    #[error("{0} cannot be a key")]
    BadKey(&'static str),
    /// A scalar that is not what its tag says.
    #[error("`{text}` is no `{tag}`")]
    BadTag {
        /// The scalar, cut if it is long.
        text: String,
        /// The tag, as `!!int`.
        tag: &'static str,
    },
    /// A number that JSON cannot hold.
    #[error("`{0}` is no number that JSON can hold")]
    BadNumber(String),
}

impl DocumentError {
    pub(super) fn new(text: &Arc<Text>, index: usize, bytes: Range<usize>, kind: DocumentErrorKind) -> Self {
        // Readers repeat what they did not expect.
        let kind = match kind {
            DocumentErrorKind::Syntax { format, problem } => {
                DocumentErrorKind::Syntax { format, problem: one_line(problem) }
            }
            other => other,
        };
        Self(Box::new(Failure { text: Arc::clone(text), index, bytes, kind }))
    }

    /// The same of another text.
    pub(super) fn moved(self, text: &Arc<Text>, bytes: Range<usize>) -> Self {
        Self::new(text, self.0.index, bytes, self.0.kind)
    }

    /// The name of the input, as it was given.
    #[must_use]
    pub fn input(&self) -> &str {
        &self.0.text.source
    }

    /// The place of the document among those of its input, from 0.
    #[must_use]
    pub fn index(&self) -> usize {
        self.0.index
    }

    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> &DocumentErrorKind {
        &self.0.kind
    }

    /// The bytes of the text that are at fault; for undecodable input, the bytes of what could be decoded.
    #[must_use]
    pub fn bytes(&self) -> Range<usize> {
        self.0.bytes.clone()
    }

    /// The text at fault, as far as it could be decoded; empty if the input is too large.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0.text.text
    }

    /// The lines and columns at fault.
    #[must_use]
    pub fn span(&self, encoding: PositionEncoding) -> Span {
        self.0.text.span(self.0.bytes.clone(), encoding)
    }
}

/// A piece of user text for a message: on one line, at most 40 characters.
pub(super) fn excerpt(text: &str) -> String {
    let mut short: String =
        text.chars().take(40).map(|one| if one.is_control() { ' ' } else { one }).collect();
    if text.chars().nth(40).is_some() {
        short.push('…');
    }
    short
}
