//! From documents to what policies judge.
//!
//! A document is an object or a list of them ([`object`]). A *source* knows the objects of one system and makes
//! [`Subjects`] of them: it says which parts of the object a controller makes into which pod ([`part`]). Another
//! system is one more module below `source` and one more line in [`SOURCES`].

mod apart;
mod filler;
mod kinds;
mod kops;
mod kubernetes;
mod object;
mod part;
mod shape;
mod source;
mod template;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use k8s_openapi::api::core::v1::{Pod, PodSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use filler::{Filled, is_open_text};
use object::Object;

use crate::document::{Document, Limits, Nested, Node, Value};
use crate::position::{PositionEncoding, Span};
use crate::report::{Cause, NotEvaluated, ObjectEntry, SubjectEntry, one_line};
use crate::typed::Note;

/// Bytes of a text in which the line of a finding is searched.
const MOST_SEARCHED: usize = 64 * 1024;

/// One thing that policies judge: a typed pod with where it came from, or another object that a policy judges.
#[derive(Debug, Clone)]
pub struct Subject {
    pub(crate) entry: SubjectEntry,
    pub(crate) body: Body,
    /// Where parts of the pod stand in the document, in order.
    places: part::Places,
    pub(crate) notes: Vec<Note>,
    /// Fields that the types do not have, by their pointer in the pod.
    pub(crate) extras: Vec<(String, Node)>,
    document: Option<Arc<Document>>,
}

/// What is judged.
#[derive(Debug, Clone)]
pub(crate) enum Body {
    Pod { metadata: Box<ObjectMeta>, spec: Box<PodSpec> },
    Object(serde_json::Value),
}

/// Strings and objects inside each other that are read.
const MOST_LEVELS: usize = 8;

/// What a source makes of a document.
#[derive(Debug, Clone)]
pub struct Subjects {
    /// What is to be judged.
    pub subjects: Vec<Subject>,
    /// What cannot be, or not in full.
    pub not_evaluated: Vec<NotEvaluated>,
    /// Objects of kinds that carry no pod.
    pub without_pod: Vec<ObjectEntry>,
    /// Most values of a pod.
    most: usize,
    /// Values that pods have from parts that are written once.
    made: usize,
    /// Bytes of the document at fault in texts that cannot be read, by the place among [`Self::not_evaluated`].
    faults: BTreeMap<usize, Range<usize>>,
    /// The strings and objects inside each other in which the object stands that is being read.
    levels: usize,
    /// Fields of a pod outside of one that are told.
    bare: usize,
    /// What systems fill in themselves before anybody reads it, by its pointer.
    filled: BTreeMap<String, Filled>,
    /// Pointers of texts that a system has read as its own.
    taken: BTreeSet<String>,
    /// The pointers of scripts of which it is read what they create: many jobs may have one.
    created: BTreeSet<String>,
    /// Scripts that pods run: long ones themselves, of others the pointers.
    scripts: BTreeSet<String>,
}

impl Subjects {
    const fn new(limits: &Limits) -> Self {
        Self {
            subjects: Vec::new(),
            not_evaluated: Vec::new(),
            without_pod: Vec::new(),
            most: limits.pod,
            made: 0,
            faults: BTreeMap::new(),
            levels: 0,
            bare: 0,
            filled: BTreeMap::new(),
            taken: BTreeSet::new(),
            created: BTreeSet::new(),
            scripts: BTreeSet::new(),
        }
    }

    /// Reads what a string at a pointer of an object holds, or an object there, unless there are too many around it.
    fn deeper<T>(
        &mut self,
        outer: &Object<'_>,
        pointer: &str,
        read: impl FnOnce(&mut Self) -> T,
    ) -> Option<T> {
        if self.levels == MOST_LEVELS {
            let reason =
                format!("objects and strings inside one another: at most {MOST_LEVELS} levels are read");
            self.not_evaluated.push(outer.not_evaluated(pointer, Cause::Limit, reason));
            return None;
        }
        self.levels += 1;
        let read = read(self);
        self.levels -= 1;
        Some(read)
    }

    /// Gives the places of what cannot be judged in other columns.
    pub(crate) fn place(&mut self, document: &Document, columns: PositionEncoding) {
        for (at, entry) in self.not_evaluated.iter_mut().enumerate() {
            entry.span = match self.faults.get(&at) {
                Some(bytes) => Some(document.place(bytes.clone(), columns)),
                None => document.span(&entry.pointer, columns),
            };
        }
    }
}

/// What knows the objects of one system.
struct Source {
    /// Makes subjects of an object, if it is one of its own; says whether it is.
    read: fn(&Object<'_>, &mut Subjects) -> bool,
    /// Whether it knows a system beside Kubernetes itself.
    system: bool,
    /// Whether it takes whatever it is given.
    takes_all: bool,
}

const fn system(read: fn(&Object<'_>, &mut Subjects) -> bool) -> Source {
    Source { read, system: true, takes_all: false }
}

/// The sources, in the order in which they are asked.
const SOURCES: [Source; 19] = [
    system(source::charts),
    system(source::jenkins),
    system(source::tekton),
    system(source::argo),
    system(source::github),
    system(source::gitlab),
    system(source::gitea),
    system(source::prow),
    system(source::steps),
    system(source::variables),
    system(source::buildkite),
    system(source::azure),
    system(source::circleci),
    system(source::concourse),
    system(source::openshift),
    system(source::operators),
    system(source::umbrella),
    Source { read: kubernetes::read, system: false, takes_all: false },
    Source { read: shape::read, system: false, takes_all: true },
];

/// Whether policies may judge objects of this kind: pods, and what [`kinds::JUDGED`] names.
#[cfg(feature = "compiler")]
pub(crate) fn is_judged(kind: &str) -> bool {
    kind == "Pod" || kinds::JUDGED.iter().any(|judged| judged.kind == kind)
}

/// Whether a subject is a pod, or carries one; the others are judged for themselves.
pub(crate) fn carries_pod(object: &ObjectEntry) -> bool {
    let part_of_cluster = object.api_version.is_empty() && object.kind == kops::CLUSTER;
    !part_of_cluster && kinds::judged(kinds::group(&object.api_version), &object.kind).is_none()
}

/// What is to be judged in a document, and what cannot be; pods within the limits alone.
pub fn subjects(document: &Arc<Document>, limits: &Limits) -> Subjects {
    let mut found = Subjects::new(limits);
    if !document.is_empty() {
        object::read(document, document.root(), String::new(), &mut found);
    }
    found
}

impl Subject {
    /// A pod that never was text: what [`crate::Gate::check`] judges.
    pub fn from_pod(pod: &Pod) -> Self {
        Self {
            entry: entry_of(ObjectEntry {
                api_version: "v1".to_owned(),
                kind: "Pod".to_owned(),
                name: name_of(&pod.metadata),
                namespace: pod.metadata.namespace.clone().unwrap_or_default(),
                ..ObjectEntry::default()
            }),
            body: Body::Pod {
                metadata: Box::new(pod.metadata.clone()),
                spec: Box::new(pod.spec.clone().unwrap_or_default()),
            },
            places: Vec::new(),
            notes: Vec::new(),
            extras: Vec::new(),
            document: None,
        }
    }

    /// How the subject stands in a report.
    pub const fn entry(&self) -> &SubjectEntry {
        &self.entry
    }

    /// The kind that policies see.
    pub(crate) fn judged_kind(&self) -> &str {
        match &self.body {
            Body::Pod { .. } => "Pod",
            Body::Object(_) => &self.entry.object.kind,
        }
    }

    /// The pointer in the document of a pointer in the pod.
    pub(crate) fn locate(&self, pointer: &str) -> String {
        part::locate(&self.places, pointer)
    }

    /// The scalar at a pointer of the document that goes on through strings, as text.
    pub(crate) fn scalar(&self, pointer: &str) -> Option<String> {
        let document = self.document.as_ref()?;
        if document.get(pointer).is_some() {
            return None;
        }
        let node = document.look(pointer)?;
        match node.value() {
            Value::String(text) => Some(text.to_string()),
            Value::Bool(_) | Value::Int(_) | Value::UInt(_) | Value::Float(_) => {
                serde_json::to_string(&node).ok()
            }
            Value::Null | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// Where a line of the text at a pointer of the document stands: the first that begins so. Nothing where the text
    /// is written in one line, or elsewhere or otherwise, or is too long to be gone through for each finding.
    pub(crate) fn line_span(&self, pointer: &str, begins: &str, encoding: PositionEncoding) -> Option<Span> {
        let document = self.document.as_ref()?;
        let node = document.look(pointer)?;
        let text = node.as_str().filter(|text| text.len() <= MOST_SEARCHED)?;
        if !document.written(node.bytes()).contains('\n') {
            return None;
        }
        let mut end = 0;
        let at = text.split_inclusive('\n').find_map(|line| {
            end += line.len();
            let start = end - line.trim_start().len();
            let behind = text.get(start..)?.strip_prefix(begins)?;
            let is_whole = behind.lines().next().is_none_or(|rest| rest.trim().is_empty());
            is_whole.then_some(start..start + line.trim().len())
        });
        Some(document.place(Nested::of_scalar(document, &node)?.place(at?), encoding))
    }

    /// Where a pointer of the document stands in the text: the value there, or its key.
    pub(crate) fn span(&self, pointer: &str, at_key: bool, encoding: PositionEncoding) -> Option<Span> {
        let document = self.document.as_ref()?;
        let key = document.key_span(pointer, encoding).filter(|_| at_key);
        key.or_else(|| document.span(pointer, encoding))
    }
}

const fn entry_of(object: ObjectEntry) -> SubjectEntry {
    SubjectEntry {
        object,
        platform: String::new(),
        partial: false,
        implied: Vec::new(),
        unresolved: Vec::new(),
        owner: None,
        pods: None,
    }
}

fn name_of(metadata: &ObjectMeta) -> String {
    metadata.name.clone().or_else(|| metadata.generate_name.clone()).unwrap_or_default()
}

/// An entry of a report for something at `pointer` that was not judged.
fn not_evaluated(document: &Document, pointer: &str, cause: Cause, reason: String) -> NotEvaluated {
    NotEvaluated {
        source: document.source().to_owned(),
        document: document.index(),
        pointer: pointer.to_owned(),
        span: document.span(pointer, PositionEncoding::default()),
        cause,
        reason: one_line(reason),
    }
}
