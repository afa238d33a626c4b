//! Tables of texts and what is read from them.

mod nested;
mod places;
mod streams;
mod toml;
mod values;

use std::fmt::Write;

use super::*;
use crate::position::Position;

/// All documents as JSON, one a line, errors as their message.
fn show(text: &str) -> String {
    show_as("input.yaml", text, &Limits::default())
}

fn show_as(source: &str, text: &str, limits: &Limits) -> String {
    lines(read(source, text, limits))
}

fn lines(documents: Vec<Result<Document, DocumentError>>) -> String {
    let lines = documents.into_iter().map(|one| match one {
        Ok(document) => serde_json::to_string(document.root()).unwrap(),
        Err(error) => {
            let at = error.span(PositionEncoding::Utf32).start;
            format!("error {}:{}: {error}", at.line, at.column)
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn one(text: &str) -> Document {
    let mut documents = read("input.yaml", text, &Limits::default());
    assert_eq!(documents.len(), 1, "{text}");
    documents.remove(0).unwrap()
}

/// Every pointer of a document with the text of its value and, behind a tab, of its key.
fn spans(document: &Document) -> String {
    fn walk(document: &Document, pointer: &str, out: &mut String) {
        let value = document.written(document.byte_span(pointer).unwrap());
        let key = document.key_byte_span(pointer).map(|bytes| document.written(bytes));
        let place = if pointer.is_empty() { "root" } else { pointer };
        writeln!(out, "{place} {value:?} {}", key.unwrap_or("-")).unwrap();
        match document.get(pointer).unwrap().value() {
            Value::List(items) => {
                (0..items.len()).for_each(|at| walk(document, &format!("{pointer}/{at}"), out));
            }
            Value::Map(map) => map.iter().for_each(|entry| {
                walk(document, &format!("{pointer}/{}", escape_pointer_token(entry.key())), out);
            }),
            _ => {}
        }
    }
    let mut out = String::new();
    walk(document, "", &mut out);
    out
}
