//! What sources make of a text, in a form for tests.

use std::sync::Arc;

use serde_json::{Value, json};

use super::super::{Body, Subject, Subjects, object};
use crate::document::{self, Limits};
use crate::typed::NoteKind;

pub(in crate::subject) fn read(text: &str) -> Subjects {
    read_with_room_for(super::room::MOST_MADE, text)
}

/// The same of a text with a name that says what it is.
pub(super) fn read_file(name: &str, text: &str) -> Subjects {
    read_named(name, super::room::MOST_MADE, text)
}

/// The same, where so many values may be in pods from parts that are written once.
pub(super) fn read_with_room_for(values: usize, text: &str) -> Subjects {
    read_named("in.yaml", values, text)
}

fn read_named(name: &str, values: usize, text: &str) -> Subjects {
    let mut all = Subjects::new(&Limits::default());
    for document in document::read_as(None, name, text, &Limits::default()) {
        let document = Arc::new(document.unwrap());
        let mut found =
            Subjects { made: super::room::MOST_MADE - values, ..Subjects::new(&Limits::default()) };
        object::read(&document, document.root(), String::new(), &mut found);
        all.subjects.extend(found.subjects);
        all.not_evaluated.extend(found.not_evaluated);
        all.without_pod.extend(found.without_pod);
    }
    all
}

/// The specs of the pods.
pub(in crate::subject) fn specs(text: &str) -> Vec<Value> {
    read(text).subjects.iter().map(spec).collect()
}

pub(in crate::subject) fn spec(subject: &Subject) -> Value {
    match &subject.body {
        Body::Pod { spec, .. } => serde_json::to_value(spec).unwrap(),
        Body::Object(_) => panic!("no pod: {:?}", subject.entry),
    }
}

pub(super) fn metadata(subject: &Subject) -> Value {
    match &subject.body {
        Body::Pod { metadata, .. } => serde_json::to_value(metadata).unwrap(),
        Body::Object(_) => panic!("no pod: {:?}", subject.entry),
    }
}

/// What is written in the text where a pointer of the pod has its place.
pub(super) fn written(subject: &Subject, pointer: &str) -> String {
    let document = subject.document.as_ref().unwrap();
    let bytes = document.byte_span(&subject.locate(pointer)).unwrap();
    document.written(bytes).to_owned()
}

/// Every scalar of the pod whose place does not have its text; but for those whose pointers are given.
pub(super) fn astray(subject: &Subject, implied: &[&str]) -> Vec<String> {
    let mut wrong = Vec::new();
    scalars("/spec", &spec(subject), &mut |pointer, value| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let own = written(subject, pointer);
        let same = own.trim_matches(['"', '\'']) == text || own.contains(text.trim());
        if !same && !implied.contains(&pointer) {
            wrong.push(format!("{pointer} {text} is at {own}"));
        }
    });
    wrong
}

fn scalars(pointer: &str, value: &Value, tell: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| scalars(&format!("{pointer}/{at}"), item, tell));
        }
        Value::Object(map) => {
            for (key, value) in map {
                let key = key.replace('~', "~0").replace('/', "~1");
                scalars(&format!("{pointer}/{key}"), value, tell);
            }
        }
        _ => tell(pointer, value),
    }
}

/// The notes, as kind and pointer.
pub(in crate::subject) fn notes(subject: &Subject) -> Vec<Value> {
    let kind = |kind: &NoteKind| match kind {
        NoteKind::UnknownField { nearest, .. } => json!({"unknown": nearest}),
        NoteKind::OpenPatch { reason } => json!({"patch": reason}),
        NoteKind::Creates { action, open } => json!({"creates": action, "open": open}),
        NoteKind::Reference => json!("reference"),
        NoteKind::Setting { name, values } => json!({*name: values}),
        other => json!(format!("{other:?}")),
    };
    subject.notes.iter().map(|note| json!([kind(&note.kind), note.pointer])).collect()
}

/// The reasons of what was not evaluated, with the pointers.
pub(in crate::subject) fn reasons(found: &Subjects) -> Vec<String> {
    found.not_evaluated.iter().map(|entry| format!("{} {}", entry.pointer, entry.reason)).collect()
}

/// A text in base64, as the values of a Secret are.
pub(super) fn in_base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = |three: &[u8]| {
        let bits =
            three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        (0..4)
            .map(|at| {
                if at > three.len() { '=' } else { char::from(DIGITS[(bits >> (18 - 6 * at) & 63) as usize]) }
            })
            .collect::<String>()
    };
    text.as_bytes().chunks(3).map(digits).collect()
}
