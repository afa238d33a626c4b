//! TOML text (<https://toml.io/en/v1.1.0>) into one document.

use std::ops::Range;
use std::sync::Arc;

use toml_edit::{Item, Key, TableLike, Value as Inner};

use super::build::{Builder, Fault, Spent};
use super::error::{DocumentErrorKind as Kind, excerpt};
use super::node::Value;
use super::{Document, DocumentError, Limits, Text};

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
    let mut builder = Builder::new(limits, Spent::default());
    match table(&mut builder, parsed.as_table(), 0..0) {
        Ok(()) => {
            let (root, duplicates, _) = builder.finish(text.text.len());
            vec![Ok(Document::new(text, 0, root, duplicates))]
        }
        Err(fault) => fail(fault),
    }
}

/// Whether a text is written as TOML: the header of a table in a line of its own, and a key with a value.
pub(super) fn is_likely(text: &str) -> bool {
    let line = |line: &str| {
        let line = line.split(" #").next().unwrap_or_default().trim().to_owned();
        line.strip_prefix('[').is_some_and(|rest| rest.ends_with(']') && !rest.contains([',', '{', '"']))
    };
    text.contains('=') && text.lines().any(line)
}

/// A table of any form; `at` is where its name stands.
fn table(builder: &mut Builder<'_>, table: &dyn TableLike, at: Range<usize>) -> Result<(), Fault> {
    builder.open_map(at, 0)?;
    for (name, _) in table.iter() {
        let Some((key, item)) = table.get_key_value(name) else { continue };
        let place = place(key);
        builder.key(Arc::from(name), place.clone());
        entry(builder, item, place)?;
    }
    builder.close(None)
}

// Recursion is bounded by the depth of the document, and by what the parser reads.
fn entry(builder: &mut Builder<'_>, item: &Item, key: Range<usize>) -> Result<(), Fault> {
    match item {
        Item::None => builder.scalar(Value::Null, key, 0),
        Item::Value(inner) => value(builder, inner),
        Item::Table(inner) => table(builder, inner, inner.span().unwrap_or(key)),
        Item::ArrayOfTables(items) => {
            builder.open_list(key.clone(), 0)?;
            for inner in items {
                table(builder, inner, inner.span().unwrap_or_else(|| key.clone()))?;
            }
            builder.close(None)
        }
    }
}

fn value(builder: &mut Builder<'_>, value: &Inner) -> Result<(), Fault> {
    let at = value.span().unwrap_or_default();
    let scalar = match value {
        Inner::String(text) => Value::String(Arc::from(text.value().as_str())),
        Inner::Integer(number) => Value::Int(*number.value()),
        Inner::Float(number) if number.value().is_finite() => Value::Float(*number.value()),
        Inner::Float(number) => return Err((Kind::BadNumber(excerpt(&number.value().to_string())), at)),
        Inner::Boolean(truth) => Value::Bool(*truth.value()),
        Inner::Datetime(time) => Value::String(Arc::from(time.value().to_string())),
        Inner::Array(items) => {
            builder.open_list(at.clone(), 0)?;
            for item in items {
                self::value(builder, item)?;
            }
            return builder.close(Some(at.end));
        }
        Inner::InlineTable(inner) => return table(builder, inner, at),
    };
    builder.scalar(scalar, at, 0)
}

fn place(key: &Key) -> Range<usize> {
    key.span().unwrap_or_default()
}
