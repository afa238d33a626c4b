//! The systems whose objects podgate knows beside Kubernetes' own, one module each.

mod argo;
mod azure;
mod buildkite;
mod case;
mod charts;
mod circleci;
mod concourse;
mod docker;
mod files;
mod gitea;
mod github;
mod gitlab;
mod heredoc;
mod jenkins;
mod named;
mod openshift;
mod operators;
mod prow;
mod room;
mod steps;
mod tekton;
#[cfg(test)]
pub(super) mod testing;
mod umbrella;
mod values;
mod variables;

pub(super) use argo::read as argo;
pub(super) use azure::read as azure;
pub(super) use buildkite::read as buildkite;
pub(super) use charts::read as charts;
pub(super) use circleci::read as circleci;
pub(super) use concourse::read as concourse;
pub(super) use files::read as files;
pub(super) use gitea::read as gitea;
pub(super) use github::read as github;
pub(super) use gitlab::read as gitlab;
pub(super) use jenkins::read as jenkins;
pub(super) use openshift::read as openshift;
pub(super) use operators::read as operators;
pub(super) use prow::read as prow;
pub(super) use steps::read as steps;
pub(super) use tekton::read as tekton;
pub(super) use umbrella::read as umbrella;
pub(super) use variables::read as variables;

use super::filler::Filled;
use super::object::{self, Object};
use super::part::{Part, locate};
use super::template::Template;
use super::{Subjects, shape};
use crate::document::{self, DocumentError, DocumentErrorKind, Node, Value};
use crate::position::PositionEncoding;
use crate::report::{Cause, NotEvaluated, ObjectEntry};
use crate::typed::{Note, NoteKind};

/// What all sources do with an object: pods are added in its name.
struct Maker<'a> {
    object: &'a Object<'a>,
    /// The name of the system in reports.
    platform: &'static str,
    found: &'a mut Subjects,
}

/// Lets a source read an object; it says whether that is its own. One of which nothing comes carries no pod.
fn make(
    object: &Object<'_>,
    platform: &'static str,
    found: &mut Subjects,
    read: impl FnOnce(&mut Maker<'_>) -> bool,
) -> bool {
    let said = |found: &Subjects| found.subjects.len() + found.not_evaluated.len() + found.without_pod.len();
    let before = said(found);
    let is_own = read(&mut Maker { object, platform, found });
    if is_own && said(found) == before {
        found.without_pod.push(object.entry.clone());
    }
    is_own
}

impl Maker<'_> {
    /// Adds a pod that is made of parts of the object, if there is room for the scripts that it has from others.
    fn add(&mut self, pod: Template) {
        if !self.affords_scripts(&pod) {
            return;
        }
        let folds = case::FOLDING.contains(&self.platform);
        let template = Template { object: self.object.entry.clone(), platform: self.platform, folds, ..pod };
        template.add_to(self.object.document, self.found);
    }

    /// The same in the name of another system: what one brings, the other one runs.
    fn of_platform(&mut self, platform: &'static str, act: impl FnOnce(&mut Maker<'_>)) {
        act(&mut Maker { object: self.object, platform, found: self.found });
    }

    /// Adds pods in the name of a part of the object, such as a job of a pipeline.
    fn inside(&mut self, kind: &str, name: &str, part: &Part, act: impl FnOnce(&mut Maker<'_>)) {
        let object = called(self.object, kind, name, &part.pointer);
        act(&mut Maker { object: &object, platform: self.platform, found: self.found });
    }

    /// Adds whatever in some parts has the shape of a pod, and the objects in them: what stands beside that which the
    /// source knows. Of what is put together of several values, pods alone.
    fn by_shape<'p>(&mut self, parts: impl IntoIterator<Item = &'p Part>) {
        for part in parts {
            self.shapes(part);
        }
    }

    /// The same of values of a chart that no system knows: what may be of a pod there and has not its shape is told.
    fn unknown_values(&mut self, values: &Part) {
        self.shapes(values);
        let bare = match values.as_node() {
            Some(node) => shape::bare(node, &values.pointer),
            None => {
                let (node, places) = values.clone().into_tree("");
                shape::bare(&node, "").iter().map(|pointer| locate(&places, pointer)).collect()
            }
        };
        shape::tell_bare(self.object, self.found, bare);
    }

    fn shapes(&mut self, part: &Part) {
        let Some(node) = part.as_node() else {
            let (node, places) = part.clone().into_tree("");
            for pod in shape::pods(&node, "", &self.object.entry) {
                let located = |own: Part| own.located(&places);
                let (metadata, spec) = (pod.metadata.map(located), pod.spec.map(located));
                Template { metadata, spec, ..pod }.add_to(self.object.document, self.found);
            }
            return;
        };
        if shape::is_object(node) {
            shape::read_held(self.object, node, part.pointer.clone(), self.found);
        } else {
            shape::judge(self.object, node, &part.pointer, self.found);
        }
    }

    /// Judges what stands beside that which the source knows in the values of a chart: each entry may be of another
    /// system, whose chart is beside this one. Of what is none's, whatever has the shape of a pod counts.
    fn beside(&mut self, others: &Part) {
        for (key, part) in others.entries() {
            let one = Part::map(&others.pointer).with(&key, part.clone());
            if !part.is_map() || !object::offer(self.object.document, &one, self.found) {
                self.unknown_values(&part);
            }
        }
    }

    /// Lists an object that should hold a pod and does not.
    fn without(&mut self, what: &str) {
        let reason = format!("{} has no pod: `{what}` is missing", self.object.kind());
        let pointer = &self.object.entry.pointer;
        self.found.not_evaluated.push(self.object.not_evaluated(pointer, Cause::NoPod, reason));
    }

    /// Reads something that the object holds as an object of its own.
    fn read(&mut self, part: Part) {
        let pointer = part.pointer.clone();
        let node = part.into_node();
        object::read(self.object.document, &node, pointer, self.found);
    }

    /// Lists a reference to something that is not in the object.
    fn refer(&mut self, reference: &Part, key: &str) {
        let name = ["name", "resolver"].iter().find_map(|key| reference.text_of(key)).unwrap_or_default();
        let reason = format!("`{key}` refers to `{name}`: what that brings is judged in its own file alone");
        self.tell(&reference.pointer, reason);
    }

    /// The same of one that is a name alone.
    fn refer_to(&mut self, name: &Part, key: &str) {
        self.refer(&Part::map(&name.pointer).with("name", name.clone()), key);
    }

    /// The map or list that a string holds. What is wrong with it is told, with what it was to be.
    fn document(&mut self, text: &Part, what: &str) -> Option<Part> {
        match self.try_document(text)? {
            Ok(part) if part.is_scalar() => self.refuse(&text.pointer, format!("{what}: expected an object")),
            Ok(part) => return Some(part),
            Err(error) => self.unread(text, &error, what),
        }
        None
    }

    /// The first document that a string holds; nothing where it holds none.
    fn try_document(&self, text: &Part) -> Option<Result<Part, DocumentError>> {
        let (pointer, first) = self.documents(text).into_iter().next()?;
        Some(first.map(|node| Part::new(&node, pointer)))
    }

    fn documents(&self, text: &Part) -> Vec<(String, Result<Node, DocumentError>)> {
        let inner = |node| self.object.document.documents_in(node, &text.pointer);
        text.as_node().map(inner).unwrap_or_default()
    }

    /// Reads every document that a string holds as an object of its own.
    fn read_all(&mut self, text: &Part) {
        if text.as_str().is_none() {
            return self.read(text.clone());
        }
        self.deeper(&text.pointer, |maker| {
            for (pointer, document) in maker.documents(text) {
                match document {
                    Ok(node) => object::read(maker.object.document, &node, pointer, maker.found),
                    Err(error) => maker.unread(text, &error, "what is to be created"),
                }
            }
        });
    }

    /// Reads what a string at a pointer holds, unless there are too many around it.
    fn deeper(&mut self, pointer: &str, act: impl FnOnce(&mut Maker<'_>)) {
        let (object, platform) = (self.object, self.platform);
        self.found.deeper(object, pointer, |found| act(&mut Maker { object, platform, found }));
    }

    /// Reads something of which it is told what cannot be judged, but for some causes, and not what has no pod.
    fn quietly(&mut self, silent: &[Cause], act: impl FnOnce(&mut Maker<'_>)) {
        let (object, platform) = (self.object, self.platform);
        let own = self.found.apart(|found| act(&mut Maker { object, platform, found }));
        self.found.absorb(own, |entry| !silent.contains(&entry.cause));
    }

    /// Says that the system fills in what stands behind a mark in a part, before anybody reads it.
    fn fills_in(&mut self, part: &Part, mark: &'static str, when: &'static str) {
        self.found.filled.insert(part.pointer.clone(), Filled { mark, when });
    }

    /// Says that a text is read, so that nobody reads it as a file.
    fn take(&mut self, text: &Part) {
        self.found.taken.insert(text.pointer.clone());
    }

    /// Reads what scripts create in a cluster, as far as they hold it themselves.
    fn created_by<'s>(&mut self, scripts: impl IntoIterator<Item = &'s Part>) {
        for script in scripts {
            if heredoc::may_hold(script) && self.found.created.insert(script.pointer.clone()) {
                heredoc::manifests(script).iter().for_each(|manifest| self.read_all(manifest));
            }
        }
    }

    /// Lists a text that is not what it should be, with the place of the fault.
    fn unread(&mut self, text: &Part, error: &DocumentError, what: &str) {
        let is_program = matches!(error.kind(), DocumentErrorKind::Syntax { format: "Groovy", .. });
        let is_open = !is_program && text.as_str().is_some_and(|text| text.contains("{{"));
        self.unread_where(text, error, what, is_open);
    }

    /// The same, where it is known whether something is to be filled in before the text is read.
    fn unread_where(&mut self, text: &Part, error: &DocumentError, what: &str, is_open: bool) {
        let (cause, more) = if is_open {
            (Cause::Template, "; it can be read only when it is filled in")
        } else {
            (Cause::Syntax, "")
        };
        let entry = self.object.not_evaluated(&text.pointer, cause, format!("{what}: {error}{more}"));
        // What is written elsewhere or otherwise has no place but that of the whole.
        let is_written = std::ptr::eq(error.text(), self.object.document.text());
        let span = is_written.then(|| error.span(PositionEncoding::default())).or(entry.span);
        if is_written {
            self.found.faults.insert(self.found.not_evaluated.len(), error.bytes());
        }
        self.found.not_evaluated.push(NotEvaluated { span, ..entry });
    }

    /// Lists something that decides elsewhere, or otherwise than this file says, what is made.
    fn tell(&mut self, pointer: &str, reason: String) {
        self.found.not_evaluated.push(self.object.not_evaluated(pointer, Cause::Reference, reason));
    }

    /// Lists something that is not as it should be.
    fn refuse(&mut self, pointer: &str, reason: String) {
        self.found.not_evaluated.push(self.object.not_evaluated(pointer, Cause::InvalidField, reason));
    }
}

/// An object that does not say what it is, or a part of one, as what it is.
fn called<'d>(object: &Object<'d>, kind: &str, name: &str, pointer: &str) -> Object<'d> {
    let (kind, name, pointer) = (kind.to_owned(), name.to_owned(), pointer.to_owned());
    Object { entry: ObjectEntry { kind, name, pointer, ..object.entry.clone() }, ..*object }
}

/// The texts that a ConfigMap or a Secret holds. One in base64 is decoded: all that is in it has the place of the
/// whole.
fn texts(object: &Object<'_>) -> Vec<Part> {
    let whole = object.part();
    let of = |key: &str| whole.get(key).map(|own| own.entries()).unwrap_or_default().into_iter();
    let is_secret = object.kind() == "Secret";
    let decoded =
        |text: &Part| document::base64_text(text.as_str()?).map(|meant| Part::text(&meant, &text.pointer));
    let data = of("data").map(|(_, text)| if is_secret { decoded(&text).unwrap_or(text) } else { text });
    let binary = of("binaryData").filter_map(|(_, text)| decoded(&text));
    data.chain(of("stringData").map(|(_, text)| text)).chain(binary).collect()
}

/// The note that a setting of a system does more than the pod shows.
fn setting(name: &'static str, field: &str, pointer: &str, values: Vec<String>) -> Note {
    let kind = NoteKind::Setting { name, values };
    Note { kind, pointer: pointer.to_owned(), field: field.to_owned() }
}

/// One part over another, where there are both.
fn over(base: Option<Part>, over: Option<Part>) -> Option<Part> {
    match (base, over) {
        (Some(base), Some(over)) => Some(base.patched(over)),
        (base, over) => over.or(base),
    }
}

/// What some parts weigh where they are in many pods.
fn size<'p>(parts: impl IntoIterator<Item = &'p Part>) -> usize {
    parts.into_iter().map(Part::size).sum()
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

/// A container's script as the last of its arguments.
fn as_argument(container: Part, script: &str) -> Part {
    let text = container.get(script);
    container.without(&[script]).and("args", text.into_iter().collect())
}

/// The value `true` that follows from what stands at a pointer.
fn yes(pointer: &str) -> Part {
    Part::implied(Value::Bool(true), pointer)
}

/// What a pod takes over of the metadata of an object.
fn labels_and_annotations(metadata: Option<Part>) -> Option<Part> {
    metadata.map(|metadata| metadata.only(&["annotations", "labels"]))
}
