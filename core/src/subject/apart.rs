//! What is found apart from the rest, and added to it in part, or as something that stands in another document.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Subjects;
use crate::document::Document;
use crate::position::PositionEncoding;
use crate::report::NotEvaluated;

impl Subjects {
    /// What is found apart, within the same limits.
    pub(super) fn apart(&mut self, read: impl FnOnce(&mut Self)) -> Self {
        let mut own = Self {
            subjects: Vec::new(),
            not_evaluated: Vec::new(),
            without_pod: Vec::new(),
            faults: BTreeMap::new(),
            filled: std::mem::take(&mut self.filled),
            taken: BTreeSet::new(),
            created: BTreeSet::new(),
            scripts: std::mem::take(&mut self.scripts),
            ..*self
        };
        read(&mut own);
        self.made = own.made;
        self.bare = own.bare;
        self.filled = std::mem::take(&mut own.filled);
        self.scripts = std::mem::take(&mut own.scripts);
        own
    }

    /// Adds what was found apart: subjects, and what cannot be judged as far as it `is_told`.
    pub(super) fn absorb(&mut self, other: Self, is_told: impl Fn(&NotEvaluated) -> bool) {
        self.subjects.extend(other.subjects);
        let mut faults = other.faults;
        for (at, entry) in other.not_evaluated.into_iter().enumerate().filter(|(_, entry)| is_told(entry)) {
            if let Some(bytes) = faults.remove(&at) {
                self.faults.insert(self.not_evaluated.len(), bytes);
            }
            self.not_evaluated.push(entry);
        }
    }

    /// These, which are of a document of their own, as what a text at a pointer of another one holds. All of it has the
    /// place of the text.
    pub(super) fn held_by(mut self, document: &Arc<Document>, pointer: &str) -> Self {
        let place = |own: &mut String| *own = format!("{pointer}{own}");
        for subject in &mut self.subjects {
            let object = &mut subject.entry.object;
            place(&mut object.pointer);
            object.document = document.index();
            subject.entry.unresolved.iter_mut().for_each(place);
            subject.places.iter_mut().for_each(|(_, at)| place(at));
            subject.notes.iter_mut().for_each(|note| place(&mut note.pointer));
            subject.document = Some(Arc::clone(document));
        }
        for entry in &mut self.not_evaluated {
            place(&mut entry.pointer);
            entry.document = document.index();
            entry.span = document.span(&entry.pointer, PositionEncoding::default());
        }
        Self { faults: BTreeMap::new(), ..self }
    }
}
