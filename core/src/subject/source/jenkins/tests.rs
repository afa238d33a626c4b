//! Jenkins' files, and the pods that come of them.

mod casc;
mod hidden;
mod merging;
mod pipelines;
mod running;
mod unknown;
mod values;
mod workspace;
mod xml;

use serde_json::Value;

use super::super::super::{Subject, Subjects};
use super::super::testing::{metadata, notes, read, read_file, reasons, spec, written};

fn pipeline(text: &str) -> Subjects {
    read_file("Jenkinsfile", text)
}

fn one(text: &str) -> Subject {
    let mut found = pipeline(text);
    assert_eq!(found.subjects.len(), 1, "{text}: {:?}", reasons(&found));
    found.subjects.remove(0)
}

/// A part of the spec of the one pod.
fn part(text: &str, pointer: &str) -> Value {
    let spec = spec(&one(text));
    spec.pointer(pointer).cloned().unwrap_or_else(|| panic!("nothing at {pointer}: {spec}"))
}

fn all(text: &str) -> Vec<(String, Value)> {
    let found = read(text);
    assert_eq!(reasons(&found), Vec::<String>::new());
    found.subjects.iter().map(|subject| (subject.entry.object.name.clone(), spec(subject))).collect()
}
