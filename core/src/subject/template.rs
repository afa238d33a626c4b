//! A pod template in a document becomes a subject.

use std::sync::Arc;

use k8s_openapi::api::core::v1::{Container, PodSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Deserialize;

use super::{Body, Subject, Subjects, entry_of, is_open, locate, not_evaluated, shape, sort_notes};
use crate::document::{Document, Node, Value, escape_pointer_token};
use crate::report::{Cause, ObjectEntry};
use crate::typed::{self, Note, NoteKind};

/// How a pod's spec was come by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// At the place where a known kind keeps it.
    ByKind,
    /// By its shape: what it has beside a pod's fields belongs to something else.
    ByShape,
    /// Only a part of one: what it has beside the fields of [`FRAGMENT`] belongs to something else.
    Fragment,
}

/// The fields by which a fragment of a pod is judged.
const FRAGMENT: [&str; 9] = [
    "automountServiceAccountToken",
    "hostIPC",
    "hostNetwork",
    "hostPID",
    "hostUsers",
    "securityContext",
    "serviceAccountName",
    "shareProcessNamespace",
    "volumes",
];

/// A pod in a document: its parts and where they stand.
pub(super) struct Template<'d> {
    /// The object that carries it.
    pub(super) object: ObjectEntry,
    /// The pod's metadata.
    pub(super) metadata: Option<Part<'d>>,
    /// The pod's spec.
    pub(super) spec: Option<Part<'d>>,
    /// Containers outside the spec: lists of them or single ones, no more than two.
    pub(super) loose: Vec<Part<'d>>,
    /// How the spec was come by.
    pub(super) found: Found,
    /// Whether what is missing proves nothing.
    pub(super) partial: bool,
    /// Notes about what surrounds the pod, with pointers in the document.
    pub(super) notes: Vec<Note>,
}

/// A part of a pod and its pointer in the document.
#[derive(Clone)]
pub(super) struct Part<'d> {
    pub(super) node: &'d Node,
    pub(super) pointer: String,
}

/// What reading the parts gives.
#[derive(Default)]
struct Taken {
    places: Vec<(String, String)>,
    notes: Vec<Note>,
    extras: Vec<(String, Node)>,
}

impl Taken {
    /// Reads a part as `T`; `pod` is its pointer in the pod.
    fn part<'d, T: Deserialize<'d>>(
        &mut self,
        pod: &str,
        part: &Part<'d>,
        skip: &[String],
    ) -> Result<T, (String, String)> {
        self.places.push((pod.to_owned(), part.pointer.clone()));
        let (value, notes) = typed::read_lenient(part.node, pod, skip)
            .map_err(|error| (locate(&self.places, error.pointer.as_deref().unwrap_or(pod)), error.reason))?;
        for mut note in notes {
            if let NoteKind::UnknownField { value, .. } = &note.kind {
                self.extras.push((note.pointer.clone(), value.clone()));
            }
            note.pointer = locate(&self.places, &note.pointer);
            self.notes.push(note);
        }
        Ok(value)
    }
}

impl Template<'_> {
    /// Reads the parts as types and adds the subject.
    pub(super) fn add_to(self, document: &Arc<Document>, found: &mut Subjects) {
        let mut taken = Taken::default();
        let spec = match self.read_spec(&mut taken) {
            Ok(spec) => spec,
            Err((pointer, reason)) => {
                let reason = format!("the pod cannot be read: {reason}");
                found.not_evaluated.push(not_evaluated(document, &pointer, Cause::InvalidField, reason));
                return;
            }
        };
        let metadata = self.metadata.as_ref().map(|part| taken.part("/metadata", part, &[])).transpose();
        let metadata: ObjectMeta =
            metadata.map(Option::unwrap_or_default).unwrap_or_else(|(pointer, reason)| {
                let reason = format!("the pod's metadata: {reason}; the rest was judged without it");
                found.not_evaluated.push(not_evaluated(document, &pointer, Cause::InvalidField, reason));
                ObjectMeta::default()
            });
        let mut notes = self.notes;
        notes.append(&mut taken.notes);
        // An object of unknown kind may hold many pods; its own faults are told once, with the first.
        if found.subjects.last().is_none_or(|last| last.entry.object != self.object) {
            notes.extend(duplicates(document, &self.object.pointer));
        }
        let mut entry = entry_of(self.object);
        entry.partial = self.partial;
        let mut inner = Vec::new();
        if self.found != Found::ByKind {
            inner = unknown_fields(&notes);
            entry.unresolved = guesses(document, &mut notes);
        }
        let object = entry.object.clone();
        found.subjects.push(Subject {
            notes: sort_notes(document, notes, &mut found.not_evaluated),
            entry,
            body: Body::Pod { metadata: Box::new(metadata), spec: Box::new(spec) },
            places: taken.places,
            extras: taken.extras,
            document: Some(Arc::clone(document)),
        });
        // A custom resource may keep further pods in fields that a pod does not have.
        for (pointer, node) in &inner {
            for template in shape::pods(node, pointer, &object) {
                template.add_to(document, found);
            }
        }
    }

    fn read_spec(&self, taken: &mut Taken) -> Result<PodSpec, (String, String)> {
        let mut spec = PodSpec::default();
        if let Some(part) = &self.spec {
            spec = taken.part("/spec", part, &self.foreign(part.node))?;
        }
        let mut loose = self.loose.iter();
        if let Some(part) = loose.next() {
            spec.containers = containers(taken, "/spec/containers", part)?;
        }
        if let Some(part) = loose.next() {
            spec.init_containers = Some(containers(taken, "/spec/initContainers", part)?);
        }
        Ok(spec)
    }

    /// Pointers in the pod of what does not belong to it.
    fn foreign(&self, spec: &Node) -> Vec<String> {
        match spec.value() {
            Value::Map(entries) if self.found == Found::Fragment => entries
                .iter()
                .filter(|entry| !FRAGMENT.contains(&entry.key()))
                .map(|entry| format!("/spec/{}", escape_pointer_token(entry.key())))
                .collect(),
            _ => Vec::new(),
        }
    }
}

/// Containers outside a pod spec: a list of them, or one.
fn containers(taken: &mut Taken, pod: &str, part: &Part<'_>) -> Result<Vec<Container>, (String, String)> {
    if part.node.as_list().is_some() {
        return taken.part(pod, part, &[]);
    }
    Ok(vec![taken.part(&format!("{pod}/0"), part, &[])?])
}

/// Lists and maps that the pod does not know, with their pointers in the document.
fn unknown_fields(notes: &[Note]) -> Vec<(String, Node)> {
    let fields = notes.iter().filter_map(|note| match &note.kind {
        NoteKind::UnknownField { value, .. } => Some((note.pointer.clone(), value.clone())),
        _ => None,
    });
    fields.filter(|(_, value)| value.as_list().is_some() || value.as_map().is_some()).collect()
}

/// Where only the shape says that this is a pod, fields that a pod does not have may belong to a kind that has
/// them, unless they are spelled almost like one; and a value that does not fit is not wrong but unknown. Takes
/// both out of the notes, and returns the pointers of what is unknown.
fn guesses(document: &Document, notes: &mut Vec<Note>) -> Vec<String> {
    let mut unknown = Vec::new();
    notes.retain_mut(|note| match note.kind {
        NoteKind::UnknownField { nearest, .. } => nearest.is_some(),
        NoteKind::Invalid { .. } => {
            unknown.push(note.pointer.clone());
            note.kind = NoteKind::Open;
            is_open(document, &note.pointer)
        }
        _ => true,
    });
    unknown
}

/// Keys written twice anywhere in the object that carries the pod.
fn duplicates(document: &Document, object: &str) -> Vec<Note> {
    let doubles = document.byte_span(object).map(|bytes| document.duplicates_in(&bytes)).unwrap_or_default();
    doubles
        .iter()
        .map(|double| Note {
            kind: NoteKind::DuplicateKey,
            pointer: double.pointer.clone(),
            field: double.key.to_string(),
        })
        .collect()
}
