//! From a document's tree to typed values, keeping what the types do not know.
//!
//! The API server ignores unknown fields or refuses them, depending on how it is asked; either way the author
//! believed in them. Reading leniently, every unknown field and every value of a wrong type becomes a [`Note`]
//! with its place, and nothing else of the object is lost. Settings are read strictly: there the first note is
//! an error.

mod de;

use std::fmt;

use serde::Deserialize;

use crate::document::{Document, Node};
use crate::position::{PositionEncoding, Span};

/// Something worth telling about a value that was read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Note {
    /// What it is about.
    pub(crate) kind: NoteKind,
    /// JSON Pointer of the value, from wherever the reading began.
    pub(crate) pointer: String,
    /// The field's name, or the list index.
    pub(crate) field: String,
}

/// What a [`Note`] tells.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum NoteKind {
    /// A field that the type does not have; the nearest that it does have.
    UnknownField {
        /// A known field that is spelled alike.
        nearest: Option<&'static str>,
        /// The value, so that it can be kept.
        value: Node,
    },
    /// A scalar of another type that could be taken for what was wanted: `"true"` for a boolean.
    Coerced {
        /// What the field wants.
        wanted: &'static str,
        /// What stands there.
        found: &'static str,
        /// Whether it was taken for `true`.
        truthy: bool,
    },
    /// A key that is written twice in one mapping; the last counts.
    DuplicateKey,
    /// A text that something fills in later, where none fits; it was left out.
    Open,
    /// Something that is brought in from elsewhere and is not known here.
    Reference,
    /// A patch of the pod of which not all is known.
    OpenPatch {
        /// Why, in one line.
        reason: String,
    },
    /// The pod creates objects that stand there.
    Creates {
        /// What it does with them, such as `create`.
        action: String,
        /// Whether parameters are filled in before they are read.
        open: bool,
    },
    /// A setting of a CI system that does more than the pod shows.
    Setting {
        /// What it is, by a name that policies know.
        name: &'static str,
        /// What it says.
        values: Vec<String>,
    },
    /// A text that should hold a document and cannot be read as one.
    Unread {
        /// Why, in one line.
        reason: String,
    },
    /// A value that fits in no way; it was left out.
    Invalid {
        /// Why, in one line.
        reason: String,
    },
}

/// A value that could not be read, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TypeError {
    /// JSON Pointer of the offending value; `None` until a level that knows it has been passed.
    pub(crate) pointer: Option<String>,
    /// Why, in one line.
    pub(crate) reason: String,
    /// Whether it is the key that is wrong, not the value.
    pub(crate) at_key: bool,
}

impl TypeError {
    pub(crate) fn new(message: impl fmt::Display) -> Self {
        // Third-party messages may run over several lines; ours is one.
        let reason = message.to_string().replace('\n', " ");
        Self { pointer: None, reason, at_key: false }
    }

    /// Where it stands in the text.
    pub(crate) fn span(&self, document: &Document) -> Option<Span> {
        let pointer = self.pointer.as_deref().unwrap_or_default();
        let key = document.key_span(pointer, PositionEncoding::default()).filter(|_| self.at_key);
        key.or_else(|| document.span(pointer, PositionEncoding::default()))
    }
}

impl fmt::Display for TypeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for TypeError {}

/// How many values of one object may be left out before reading gives up: enough for any honest mistake.
const MOST_INVALID: usize = 64;

/// Reads `node` as `T`, taking what can be taken.
///
/// `base` is the JSON Pointer of `node`; `skip` are pointers of values that are to be passed over. Returns the
/// value and the notes in the order of the text. Fails only where the whole node is unfit.
pub(crate) fn read_lenient<'n, T: Deserialize<'n>>(
    node: &'n Node,
    base: &str,
    skip: &[String],
) -> Result<(T, Vec<Note>), TypeError> {
    let mut skip = skip.to_vec();
    let mut invalid = Vec::new();
    loop {
        let reading = de::Reading::lenient(skip.clone());
        match reading.read(node, base) {
            Ok(value) => {
                let mut notes = reading.into_notes();
                notes.append(&mut invalid);
                return Ok((value, notes));
            }
            Err(error) => {
                let Some(pointer) = error.pointer.clone().filter(|pointer| pointer != base) else {
                    return Err(error);
                };
                if invalid.len() == MOST_INVALID || skip.contains(&pointer) {
                    return Err(error);
                }
                let field = pointer.rsplit('/').next().unwrap_or_default().to_owned();
                let kind = NoteKind::Invalid { reason: error.reason };
                invalid.push(Note { kind, pointer: pointer.clone(), field });
                skip.push(pointer);
            }
        }
    }
}

/// Reads `node` as `T`; the first unknown field or wrong type is an error with its place.
pub(crate) fn read_strict<'n, T: Deserialize<'n>>(node: &'n Node, base: &str) -> Result<T, TypeError> {
    de::Reading::strict().read(node, base)
}

/// A text with one letter for all that Go's readers of JSON and TOML take for one in a name: both cases, `ſ` and the sign
/// for kelvin.
pub(crate) fn folded(text: &str) -> impl Iterator<Item = char> {
    text.chars().map(|one| match one {
        'ſ' => 's',
        '\u{212a}' => 'k',
        one => one.to_ascii_lowercase(),
    })
}

/// Whether Go's readers of JSON and TOML take a name for one that they know.
pub(crate) fn is_folded(name: &str, known: &str) -> bool {
    if name.is_ascii() { name.eq_ignore_ascii_case(known) } else { folded(name).eq(folded(known)) }
}

/// The known name that is most like `name`, if one is alike enough to be meant.
pub(crate) fn nearest<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    // A name too long to be a slip is not worth the quadratic comparison.
    if name.len() > 64 {
        return None;
    }
    let lower = name.to_lowercase();
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len().min(name.len()) / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
