//! What is open in an object, and who fills it in.

use super::template::opened;
use super::{Subjects, not_evaluated};
use crate::document::{Document, Node};
use crate::report::{Cause, ObjectEntry};
use crate::typed::{Note, NoteKind};

/// Whether something fills in the text at a pointer before Kubernetes sees it: a template, or a variable that
/// Kubernetes does not know there.
pub(super) fn is_open(document: &Document, pointer: &str) -> bool {
    if document.is_call(pointer) {
        return true;
    }
    document.look(pointer).as_ref().and_then(Node::as_str).is_some_and(is_open_text)
}

/// Whether something in a text is filled in.
pub(super) fn is_open_text(text: &str) -> bool {
    let text = text.trim();
    text.starts_with('$') || ["{{", "${", "$(", "((", "<<"].iter().any(|mark| text.contains(mark))
}

/// Who fills in what is open in an object.
#[derive(Default)]
pub(super) struct Filler {
    /// Whether a system does so itself, when it runs: there is nothing to be filled in beforehand.
    is_system: bool,
    /// When, in the words of that system.
    when: &'static str,
}

impl Filler {
    /// The one of an object of a system, or of Kubernetes.
    pub(super) fn of(object: &ObjectEntry, platform: &str) -> Self {
        // The API server takes nothing that is open.
        let is_system = !platform.is_empty() && object.api_version.is_empty();
        let when = match platform {
            "jenkins" if object.kind == "JenkinsTemplate" => {
                "filled in when the controller reads its settings"
            }
            _ if object.kind.ends_with("Values") => "filled in when the chart is installed",
            "jenkins" => "worked out when the pipeline runs",
            _ => "filled in when the pipeline runs",
        };
        Self { is_system, when: if is_system { when } else { "" } }
    }

    /// When what is open at a pointer is filled in, where a system does so: the one of the object, or one that fills in
    /// what stands around it.
    pub(super) fn when(&self, document: &Document, found: &Subjects, pointer: &str) -> Option<&'static str> {
        if self.is_system {
            return Some(self.when);
        }
        let mut left = if found.filled.is_empty() { None } else { Some(pointer) };
        while let Some(around) = left {
            if let Some(filled) = found.filled.get(around) {
                // What is read from a text may have its braces written otherwise: the file has them as they are.
                let text = document.look(pointer)?;
                let shows = text.as_str()?.contains(filled.mark);
                let is_marked = shows || document.written(text.bytes()).contains(filled.mark);
                return is_marked.then_some(filled.when);
            }
            left = around.rsplit_once('/').map(|(shorter, _)| shorter);
        }
        None
    }
}

/// Something that a system fills in before anybody reads it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Filled {
    /// What stands where something is filled in.
    pub(super) mark: &'static str,
    /// When, in the words of that system.
    pub(super) when: &'static str,
}

/// Sorts what was noticed while reading into what concerns the report and what policies judge. A text that is
/// open concerns both.
pub(super) fn sort_notes(
    document: &Document,
    filler: &Filler,
    notes: Vec<Note>,
    found: &mut Subjects,
) -> Vec<Note> {
    let (invalid, mut rest): (Vec<_>, Vec<_>) =
        notes.into_iter().partition(|note| matches!(note.kind, NoteKind::Invalid { .. }));
    for mut note in invalid {
        let NoteKind::Invalid { reason } = &note.kind else { continue };
        let told = format!("`{}`: {reason}; the rest was judged without it", note.field);
        let is_open = is_open(document, &note.pointer);
        let (cause, reason) = if is_open {
            opened(&mut note);
            let field = &note.field;
            match filler.when(document, found, &note.pointer) {
                Some(when) => (Cause::Reference, format!("`{field}` is {when}: what it is was not judged")),
                None => (
                    Cause::Template,
                    format!("`{field}` is open: it can be judged only when it is filled in"),
                ),
            }
        } else {
            (Cause::InvalidField, told)
        };
        found.not_evaluated.push(not_evaluated(document, &note.pointer, cause, reason));
        rest.extend(is_open.then_some(note));
    }
    rest
}
