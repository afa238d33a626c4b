//! The systems whose objects podgate knows beside Kubernetes' own, one module each.

mod tekton;
#[cfg(test)]
mod testing;

pub(super) use tekton::read as tekton;

use super::object::{self, Object};
use super::part::Part;
use super::template::Template;
use super::{Subjects, not_evaluated};
use crate::report::Cause;
use crate::typed::{Note, NoteKind};

/// What all sources do with an object: pods are added in its name.
struct Maker<'a> {
    object: &'a Object<'a>,
    /// The name of the system in reports.
    platform: &'static str,
    found: &'a mut Subjects,
}

impl Maker<'_> {
    /// Adds a pod that is made of parts of the object.
    fn add(&mut self, pod: Template) {
        let template = Template { object: self.object.entry.clone(), platform: self.platform, ..pod };
        template.add_to(self.object.document, self.found);
    }

    /// Reads something that the object holds as an object of its own.
    fn read(&mut self, part: Part) {
        let pointer = part.pointer.clone();
        let node = part.into_node("", &mut Vec::new());
        object::read(self.object.document, &node, pointer, self.found);
    }

    /// Lists a reference to something that is not in the object.
    fn refer(&mut self, reference: &Part, key: &str) {
        let name = ["name", "resolver"].iter().find_map(|key| reference.text_of(key)).unwrap_or_default();
        let reason = format!("`{key}` refers to `{name}`: what that brings is judged in its own file alone");
        let entry = not_evaluated(self.object.document, &reference.pointer, Cause::Reference, reason);
        self.found.not_evaluated.push(entry);
    }

    /// The document that a string holds. What is wrong with it is told, with what it was to be.
    fn document(&mut self, text: &Part, what: &str) -> Option<Part> {
        let first = self.object.document.documents_at(&text.pointer).into_iter().next();
        match first {
            Some((pointer, Ok(node))) if node.as_map().is_some() => Some(Part::new(&node, pointer)),
            Some((pointer, Ok(_))) => {
                self.refuse(&pointer, format!("{what}: expected an object"));
                None
            }
            Some((pointer, Err(error))) => {
                self.refuse(&pointer, format!("{what}: {error}"));
                None
            }
            None => None,
        }
    }

    /// Lists something that is not as it should be.
    fn refuse(&mut self, pointer: &str, reason: String) {
        self.found.not_evaluated.push(self.object.not_evaluated(pointer, Cause::InvalidField, reason));
    }
}

/// The note that something is brought in from elsewhere.
fn reference(part: &Part, field: &str) -> Note {
    Note { kind: NoteKind::Reference, pointer: part.pointer.clone(), field: field.to_owned() }
}

/// A container's script as its command: the text, at the script's place.
fn as_command(container: Part, script: &str) -> Part {
    let Some(text) = container.get(script) else { return container.without(&[script]) };
    let command = Part::list(&text.pointer, vec![text.clone()]);
    container.without(&[script]).with("command", command)
}

/// What a pod takes over of the metadata of an object.
fn labels_and_annotations(metadata: Option<Part>) -> Option<Part> {
    metadata.map(|metadata| metadata.only(&["annotations", "labels"]))
}
