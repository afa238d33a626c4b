//! TOML text (<https://toml.io/en/v1.1.0>) into one document.

use std::ops::Range;
use std::sync::Arc;

use toml_edit::{Item, Key, TableLike, Value as Inner};

use super::build::{Builder, Fault, Spent};
use super::error::{DocumentErrorKind as Kind, excerpt};
use super::node::Value;
use super::{Document, DocumentError, Format, Limits, Nested, Strings, Text};

/// Reads the one document that a TOML text is; none of a text without any key.
pub(super) fn read(text: &Arc<Text>, limits: &Limits) -> Vec<Result<Document, DocumentError>> {
    let fail = |(kind, at): Fault| vec![Err(DocumentError::new(text, 0, at, kind))];
    let parsed = match toml_edit::Document::parse(&*text.text) {
        Ok(parsed) => parsed,
        Err(error) => {
            let problem = error.message().lines().collect::<Vec<_>>().join(", ");
            let kind = Kind::Syntax { format: "TOML", problem };
            return fail((kind, error.span().unwrap_or_default()));
        }
    };
    if parsed.as_table().is_empty() {
        return Vec::new();
    }
    let mut reader =
        Reader { text, builder: Builder::new(limits, Spent::default()), strings: Strings::new() };
    match reader.table(parsed.as_table(), 0..0) {
        Ok(()) => {
            let (root, duplicates, _) = reader.builder.finish(text.text.len());
            vec![Ok(Document::of_format(Format::Toml, text, root, duplicates, reader.strings))]
        }
        Err(fault) => fail(fault),
    }
}

/// Whether a text is TOML beyond doubt: it is likely from its first line on.
pub(super) fn is_certain(text: &str) -> bool {
    let is_blank = |line: &&str| line.trim().is_empty() || line.trim_start().starts_with('#');
    let first = text.lines().find(|line| !is_blank(line)).unwrap_or_default().trim();
    let is_name = |name: &str| {
        !name.is_empty()
            && name.chars().all(|one| one.is_ascii_alphanumeric() || matches!(one, '_' | '-' | '.'))
    };
    let is_pair = || first.split_once('=').is_some_and(|(name, _)| is_name(name.trim()));
    let is_header =
        || is_name(first.trim_matches(['[', ']', ' '])) && first.starts_with('[') && first.ends_with(']');
    is_likely(text) && (is_header() || is_pair())
}

/// Whether a text is written as TOML: the header of a table in a line of its own, and a key with a value.
pub(super) fn is_likely(text: &str) -> bool {
    let line = |line: &str| {
        let line = line.split(" #").next().unwrap_or_default().trim().to_owned();
        line.strip_prefix('[').is_some_and(|rest| rest.ends_with(']') && !rest.contains([',', '{', '"']))
    };
    text.contains('=') && text.lines().any(line)
}

struct Reader<'t> {
    text: &'t Arc<Text>,
    builder: Builder<'t>,
    /// How strings are written that may hold another document.
    strings: Strings,
}

impl Reader<'_> {
    /// A table of any form; `at` is where its name stands.
    fn table(&mut self, table: &dyn TableLike, at: Range<usize>) -> Result<(), Fault> {
        self.builder.open_map(at, 0)?;
        for (name, _) in table.iter() {
            let Some((key, item)) = table.get_key_value(name) else { continue };
            let place = place(key);
            self.builder.key(Arc::from(name), place.clone());
            self.entry(item, place)?;
        }
        self.builder.close(None)
    }

    // Recursion is bounded by the depth of the document, and by what the parser reads.
    fn entry(&mut self, item: &Item, key: Range<usize>) -> Result<(), Fault> {
        match item {
            Item::None => self.builder.scalar(Value::Null, key, 0),
            Item::Value(inner) => self.value(inner),
            Item::Table(inner) => self.table(inner, inner.span().unwrap_or(key)),
            Item::ArrayOfTables(items) => {
                self.builder.open_list(key.clone(), 0)?;
                for inner in items {
                    self.table(inner, inner.span().unwrap_or_else(|| key.clone()))?;
                }
                self.builder.close(None)
            }
        }
    }

    fn value(&mut self, value: &Inner) -> Result<(), Fault> {
        let at = value.span().unwrap_or_default();
        let scalar = match value {
            Inner::String(text) => {
                self.remember(text.value(), &at);
                Value::String(Arc::from(text.value().as_str()))
            }
            Inner::Integer(number) => Value::Int(*number.value()),
            Inner::Float(number) if number.value().is_finite() => Value::Float(*number.value()),
            Inner::Float(number) => return Err((Kind::BadNumber(excerpt(&number.value().to_string())), at)),
            Inner::Boolean(truth) => Value::Bool(*truth.value()),
            Inner::Datetime(time) => Value::String(Arc::from(time.value().to_string())),
            Inner::Array(items) => {
                self.builder.open_list(at.clone(), 0)?;
                for item in items {
                    self.value(item)?;
                }
                return self.builder.close(Some(at.end));
            }
            Inner::InlineTable(inner) => return self.table(inner, at),
        };
        self.builder.scalar(scalar, at, 0)
    }

    /// Keeps how a string is written, where it may hold another document.
    fn remember(&mut self, value: &str, at: &Range<usize>) {
        if !value.contains(['{', '[', ':']) {
            return;
        }
        let nested = written(self.text, at.clone()).filter(|nested| nested.text() == value);
        self.strings.extend(nested.map(|nested| ((at.start, at.end), nested)));
    }
}

/// A string as it is written.
fn written(text: &Arc<Text>, at: Range<usize>) -> Option<Nested> {
    let whole = text.text.get(at.clone())?;
    let quotes = ["'''", "\"\"\"", "'", "\""].into_iter().find(|quotes| whole.starts_with(quotes))?;
    let (mut from, end) = (at.start + quotes.len(), at.end.checked_sub(quotes.len())?);
    let rest = |from: usize| text.text.get(from..end).unwrap_or_default();
    if quotes.len() == 3 {
        from += ["\r\n", "\n"].iter().find(|own| rest(from).starts_with(**own)).map_or(0, |own| own.len());
    }
    let mut nested = Nested::inside(text);
    if quotes.starts_with('\'') {
        nested.copy(from..end);
        return Some(nested);
    }
    while from < end {
        let plain = rest(from).find('\\').unwrap_or(end - from);
        nested.copy(from..from + plain);
        from += plain;
        if from < end {
            let (length, meant) = escape(rest(from))?;
            nested.stand_for(&meant, from..from + length);
            from += length;
        }
    }
    Some(nested)
}

/// The length of an escape and what it means; a line that ends in one means nothing, up to the next text.
fn escape(text: &str) -> Option<(usize, String)> {
    let code = |digits: usize| {
        let number = u32::from_str_radix(text.get(2..2 + digits)?, 16).ok()?;
        Some((2 + digits, char::from_u32(number)?.to_string()))
    };
    let one = |meant: char| Some((2, meant.to_string()));
    match text.chars().nth(1)? {
        'b' => one('\u{8}'),
        'e' => one('\u{1b}'),
        'f' => one('\u{c}'),
        'n' => one('\n'),
        'r' => one('\r'),
        't' => one('\t'),
        same @ ('"' | '\\') => one(same),
        'x' => code(2),
        'u' => code(4),
        'U' => code(8),
        blank if blank.is_ascii_whitespace() => {
            let behind = text.get(1..)?.trim_start_matches([' ', '\t', '\r', '\n']);
            Some((text.len() - behind.len(), String::new()))
        }
        _ => None,
    }
}

fn place(key: &Key) -> Range<usize> {
    key.span().unwrap_or_default()
}
