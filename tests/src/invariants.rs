//! What must hold for any input whatever. Tests and fuzz targets ask the same questions.

use std::fmt::Display;

use podgate::document::{self, Document, DocumentError, Limits, Node, Value, escape_pointer_token};
use podgate::position::{PositionEncoding, Span};
use podgate::{Report, report};

/// What is broken, in words.
pub type Broken = String;

/// Values looked at in one document: a wide one would take too long.
const MOST_LOOKED_AT: usize = 5_000;

fn ensure(holds: bool, otherwise: impl FnOnce() -> Broken) -> Result<(), Broken> {
    if holds { Ok(()) } else { Err(otherwise()) }
}

/// Bytes as documents.
///
/// # Errors
///
/// What does not hold.
pub fn documents(name: &str, bytes: &[u8]) -> Result<(), Broken> {
    let text = match document::decode(name, bytes) {
        Ok(text) => text,
        Err(error) => return document_error(&error),
    };
    let again = document::read_as(None, name, text.clone(), &Limits::default());
    for (index, one) in document::read_as(None, name, text, &Limits::default()).iter().enumerate() {
        let (found, same) = match (one, again.get(index)) {
            (Ok(one), Some(Ok(again))) => (one.index(), same_values(one.root(), again.root())),
            (Err(one), Some(Err(again))) => (one.index(), one.kind() == again.kind()),
            _ => (index, false),
        };
        ensure(same, || format!("document {index} reads differently a second time"))?;
        ensure(found == index, || format!("document {index} says it is {found}"))?;
        match one {
            Err(error) => document_error(error)?,
            Ok(one) => document(one)?,
        }
    }
    Ok(())
}

/// One document that could be read.
///
/// # Errors
///
/// What does not hold.
pub fn document(document: &Document) -> Result<(), Broken> {
    let mut looked_at = 0;
    nodes(document, document.root(), String::new(), &mut looked_at)?;
    for double in document.duplicates() {
        in_text(document.text(), double.first.clone(), &double.pointer)?;
        in_text(document.text(), double.bytes.clone(), &double.pointer)?;
        let span = document.span(&double.pointer, PositionEncoding::Utf16);
        ensure(span.is_some(), || format!("no place for the duplicate key at {}", double.pointer))?;
    }
    reads_back(document)
}

fn nodes(document: &Document, node: &Node, pointer: String, looked_at: &mut usize) -> Result<(), Broken> {
    *looked_at += 1;
    if *looked_at > MOST_LOOKED_AT {
        return Ok(());
    }
    in_text(document.text(), node.bytes(), &pointer)?;
    let found = document.get(&pointer);
    ensure(found.is_some_and(|found| std::ptr::eq(found, node)), || format!("{pointer} leads elsewhere"))?;
    match node.value() {
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                nodes(document, item, format!("{pointer}/{index}"), looked_at)?;
            }
        }
        Value::Map(entries) => {
            for entry in entries {
                let below = format!("{pointer}/{}", escape_pointer_token(entry.key()));
                in_text(document.text(), entry.key_bytes(), &below)?;
                let key = document.key_byte_span(&below);
                ensure(key == Some(entry.key_bytes()), || format!("{below} has another key"))?;
                nodes(document, entry.value(), below, looked_at)?;
            }
        }
        _ => {}
    }
    Ok(())
}

fn in_text(text: &str, bytes: std::ops::Range<usize>, what: &str) -> Result<(), Broken> {
    ensure(bytes.start <= bytes.end && text.get(bytes.clone()).is_some(), || {
        format!("{what}: bytes {bytes:?} do not lie in the text of {} bytes", text.len())
    })
}

/// A list or map, written as JSON, reads as the same values.
fn reads_back(document: &Document) -> Result<(), Broken> {
    if !matches!(document.root().value(), Value::List(_) | Value::Map(_)) {
        return Ok(());
    }
    let json = serde_json::to_string(document.root()).map_err(|error| error.to_string())?;
    let again = document::read("again.json", json.as_str(), &Limits::default());
    match again.as_slice() {
        [Ok(again)] => {
            ensure(same_values(document.root(), again.root()), || format!("differs as JSON: {json}"))
        }
        _ => Err(format!("cannot be read as JSON: {json}: {again:?}")),
    }
}

/// Whether two trees hold the same values, wherever they stand.
pub fn same_values(one: &Node, other: &Node) -> bool {
    match (one.value(), other.value()) {
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len()
                && one.iter().zip(other.iter()).all(|(one, other)| same_values(one, other))
        }
        (Value::Map(one), Value::Map(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other.iter())
                    .all(|(one, other)| one.key() == other.key() && same_values(one.value(), other.value()))
        }
        (one, other) => one == other,
    }
}

fn document_error(error: &DocumentError) -> Result<(), Broken> {
    in_text(error.text(), error.bytes(), "an error")?;
    error_text(&error.to_string())
}

/// The text of an error is one line, not empty, without a final full stop and without names of Rust's types.
///
/// # Errors
///
/// What does not hold.
pub fn error_text(text: &str) -> Result<(), Broken> {
    // What stands in quotes is the author's.
    let own: String = text.split('`').step_by(2).collect();
    let fault = if text.trim().is_empty() {
        "is empty"
    } else if text.chars().any(char::is_control) {
        "is not one line of text"
    } else if text.ends_with('.') {
        "ends with a full stop"
    } else if ["::", "Some(", "None)", "Err(", "struct ", "Option<", "Vec<", "u32", "i64", "f64", "unwrap"]
        .iter()
        .any(|rust| own.contains(rust))
    {
        "speaks of Rust"
    } else {
        return Ok(());
    };
    Err(format!("the message {text:?} {fault}"))
}

/// The report of a gate, without settings, over some bytes.
///
/// # Errors
///
/// What does not hold.
pub fn report(name: &str, bytes: &[u8], report: &Report) -> Result<(), Broken> {
    failures(report)?;
    consistent(report)?;
    for entry in &report.not_evaluated {
        one_line(&entry.reason)?;
    }
    let documents = match document::decode(name, bytes) {
        Err(_) => {
            return ensure(report.not_evaluated.len() == 1 && report.findings.is_empty(), || {
                "bytes that are no text are not one entry".to_owned()
            });
        }
        Ok(text) => document::read_as(None, name, text, &Limits::default()),
    };
    for finding in &report.findings {
        let subject = report.subjects.get(finding.subject).ok_or("a finding has no subject")?;
        let document = documents.get(subject.object.document).and_then(|one| one.as_ref().ok());
        let document = document.ok_or("a finding is in a document that cannot be read")?;
        let span = document.span(&finding.pointer, PositionEncoding::default());
        let key = document.key_span(&finding.pointer, PositionEncoding::default());
        // A copy of the policy has other letters before its number.
        let is_line = finding.policy.ends_with("503") && finding.span.zip(span).is_some_and(is_inside);
        ensure(finding.span.is_some() && (span == finding.span || key == finding.span || is_line), || {
            format!("a finding at {:?}", finding.pointer)
        })?;
        ensure(finding.span.is_some_and(ordered), || format!("a span inside out: {finding:?}"))?;
    }
    for (index, one) in documents.iter().enumerate() {
        let told = report.not_evaluated.iter().any(|entry| entry.document == index)
            || report.subjects.iter().any(|entry| entry.object.document == index)
            || report.without_pod.iter().any(|entry| entry.document == index);
        let holds = match one {
            Err(_) => report.not_evaluated.iter().any(|entry| entry.document == index),
            Ok(document) => told || document.is_empty() || is_empty_list(document.root()),
        };
        ensure(holds, || format!("document {index} was dropped in silence"))?;
    }
    Ok(())
}

fn ordered(span: Span) -> bool {
    span.start <= span.end && span.start.line > 0 && span.start.column > 0
}

/// Whether a span is a part of another one, as the line of a script is.
fn is_inside((inner, outer): (Span, Span)) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// A list of objects without an object, or of such lists.
fn is_empty_list(node: &Node) -> bool {
    let items = node.get("items").and_then(Node::as_list);
    items.is_some_and(|items| items.iter().all(is_empty_list))
}

fn one_line(text: impl Display) -> Result<(), Broken> {
    let text = text.to_string();
    ensure(!text.is_empty() && !text.contains(['\n', '\r']), || format!("{text:?} is not one line"))
}

/// What a report says of itself: counts, order, and JSON that reads back.
fn consistent(report: &Report) -> Result<(), Broken> {
    let mut summed = report.clone();
    summed.summarise();
    ensure(summed == *report, || "the summary does not fit the lists".to_owned())?;
    let order = |finding: &report::Finding| (finding.subject, std::cmp::Reverse(finding.severity));
    ensure(report.findings.is_sorted_by_key(order), || "the findings are out of order".to_owned())?;
    for finding in &report.findings {
        one_line(&finding.message)?;
    }
    let json = serde_json::to_string(report).map_err(|error| error.to_string())?;
    let again: Report = serde_json::from_str(&json).map_err(|error| format!("{error}: {json}"))?;
    ensure(again == *report, || format!("the report does not read back: {json}"))
}

/// No built-in policy has failed; what failed of the user's has a file and a reason.
///
/// # Errors
///
/// What does not hold.
pub fn failures(report: &Report) -> Result<(), Broken> {
    for failed in &report.failed_policies {
        ensure(failed.file.as_deref() == Some("user.rego"), || format!("a policy failed: {failed:?}"))?;
        one_line(&failed.reason)?;
    }
    Ok(())
}
