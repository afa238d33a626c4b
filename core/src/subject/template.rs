//! A pod template in a document becomes a subject.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use k8s_openapi::api::core::v1::PodSpec;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::de::DeserializeOwned;

use super::filler::{Filler, is_open, sort_notes};
use super::part::{Part, Places, locate};
use super::{Body, Subject, Subjects, entry_of, not_evaluated, shape};
use crate::document::{Document, Node};
use crate::report::{Cause, ObjectEntry, SubjectEntry};
use crate::typed::{self, Note, NoteKind};

/// A pod in a document: its parts and where they stand.
#[derive(Default)]
pub(super) struct Template {
    /// The object that carries it.
    pub(super) object: ObjectEntry,
    /// The system whose object it is; empty for Kubernetes itself.
    pub(super) platform: &'static str,
    /// The pod's metadata.
    pub(super) metadata: Option<Part>,
    /// The pod's spec.
    pub(super) spec: Option<Part>,
    /// Whether only the shape says that this is a pod: what it has beside a pod's fields belongs to something else.
    pub(super) guess: bool,
    /// Whether its reader takes names of fields in any case, as Go's of JSON does and Kubernetes' does not.
    pub(super) folds: bool,
    /// Whether what is missing proves nothing.
    pub(super) partial: bool,
    /// Notes about what surrounds the pod, with pointers in the document.
    pub(super) notes: Vec<Note>,
    /// What a controller adds although the file does not say so.
    pub(super) implied: Vec<String>,
    /// Pointers of what could not be known.
    pub(super) unresolved: Vec<String>,
}

/// Maps inside each other in a pod that may be written in another case: more than a pod has.
const MOST_PASSES: usize = 16;

/// What reading the parts gives.
#[derive(Default)]
struct Taken {
    places: Places,
    notes: Vec<Note>,
    extras: Vec<(String, Node)>,
}

impl Taken {
    /// Reads a part as `T`; `pod` is its pointer in the pod. Where case does not count, what another one hides is read
    /// once that is mended.
    fn part<T: DeserializeOwned>(
        &mut self,
        pod: &str,
        mut part: Part,
        folds: bool,
    ) -> Result<T, (String, String)> {
        let mut left = if folds { MOST_PASSES } else { 0 };
        let (value, notes, mut places) = loop {
            let again = (left > 0).then(|| part.clone());
            let (node, places) = part.into_tree(pod);
            let (value, notes) = typed::read_lenient(&node, pod, &[])
                .map_err(|error| (locate(&places, error.pointer.as_deref().unwrap_or(pod)), error.reason))?;
            let names: BTreeMap<String, &str> = notes.iter().filter_map(meant).collect();
            match again.filter(|_| !names.is_empty()) {
                Some(again) => part = again.respelled(pod, &names),
                None => break (value, notes, places),
            }
            left -= 1;
        };
        for mut note in notes {
            if let NoteKind::UnknownField { value, .. } = &note.kind {
                self.extras.push((note.pointer.clone(), value.clone()));
            }
            let place = locate(&places, &note.pointer);
            if matches!(note.kind, NoteKind::Coerced { .. } | NoteKind::Invalid { .. }) {
                // What stands there may have another name than in the pod; an operation of a patch has none.
                let name = place.rsplit('/').next().filter(|name| *name != "value");
                note.field = name.or_else(|| named(&note.pointer)).unwrap_or_default().to_owned();
            }
            note.pointer = place;
            self.notes.push(note);
        }
        places.append(&mut self.places);
        places.sort();
        self.places = places;
        Ok(value)
    }
}

impl Template {
    /// Reads the parts as types and adds the subject.
    pub(super) fn add_to(self, document: &Arc<Document>, found: &mut Subjects) {
        let own = |part: &Option<Part>| part.as_ref().map_or(0, Part::values);
        let size = own(&self.spec) + own(&self.metadata);
        if size > found.most {
            let reason =
                format!("the pod cannot be read: too many values: at most {} are judged", found.most);
            let place = self.spec.or(self.metadata).map_or_else(String::new, |part| part.pointer);
            found.not_evaluated.push(not_evaluated(document, &place, Cause::Limit, reason));
            return;
        }
        let mut taken = Taken::default();
        let spec = self.spec.map(|part| taken.part::<PodSpec>("/spec", part, self.folds)).transpose();
        let spec = match spec.map(Option::unwrap_or_default) {
            Ok(spec) => spec,
            Err((pointer, reason)) => {
                let reason = format!("the pod cannot be read: {reason}");
                found.not_evaluated.push(not_evaluated(document, &pointer, Cause::InvalidField, reason));
                return;
            }
        };
        let metadata = self.metadata.map(|part| taken.part("/metadata", part, self.folds)).transpose();
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
        let filler = Filler::of(&self.object, self.platform);
        let mut entry = SubjectEntry {
            platform: self.platform.to_owned(),
            partial: self.partial,
            implied: self.implied,
            unresolved: self.unresolved,
            ..entry_of(self.object)
        };
        let mut inner = Vec::new();
        if self.guess {
            inner = unknown_fields(&notes);
            entry.unresolved.extend(guesses(document, &mut notes));
        }
        let object = entry.object.clone();
        let notes = sort_notes(document, &filler, notes, found);
        let known: BTreeSet<&String> = entry.unresolved.iter().collect();
        let open = notes.iter().filter(|note| matches!(note.kind, NoteKind::Open));
        let open = open.map(|note| &note.pointer).filter(|at| !known.contains(at));
        let open = open.filter(|at| filler.when(document, found, at).is_some());
        let open: Vec<String> = open.cloned().collect();
        entry.unresolved.extend(open);
        found.subjects.push(Subject {
            notes,
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
}

/// The name of what stands at a pointer: of an item, that of its list.
fn named(pointer: &str) -> Option<&str> {
    pointer.rsplit('/').find(|token| !token.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Says that a value is filled in; policies know the names of lists, and not the numbers of items.
pub(super) fn opened(note: &mut Note) {
    note.kind = NoteKind::Open;
    if note.field.bytes().all(|byte| byte.is_ascii_digit()) {
        note.field = named(&note.pointer).unwrap_or_default().to_owned();
    }
}

/// The pointer of a field that is unknown for its case alone, and its name.
fn meant(note: &Note) -> Option<(String, &'static str)> {
    match note.kind {
        NoteKind::UnknownField { nearest: Some(name), .. } if typed::is_folded(&note.field, name) => {
            Some((note.pointer.clone(), name))
        }
        _ => None,
    }
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
        NoteKind::UnknownField { nearest, .. } => nearest.is_some() && !shape::is_of_charts(&note.field),
        NoteKind::Invalid { .. } => {
            unknown.push(note.pointer.clone());
            opened(note);
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
