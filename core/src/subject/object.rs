//! From documents to objects: lists are opened, and each object is given to the sources.

use std::sync::Arc;

use super::part::Part;
use super::{SOURCES, Source, Subjects, kinds, not_evaluated, source};
use crate::document::{Document, Node};
use crate::report::{Cause, NotEvaluated, ObjectEntry};

/// An object in a document: the whole of it, an item of a list, or one that another object holds.
pub(super) struct Object<'d> {
    pub(super) document: &'d Arc<Document>,
    pub(super) node: &'d Node,
    /// How it stands in a report. Without `kind` and `apiVersion` it does not say what it is.
    pub(super) entry: ObjectEntry,
    /// What it is made of, where it is not written in one piece.
    pub(super) whole: Option<&'d Part>,
}

impl Object<'_> {
    /// The kind; empty where it does not say.
    pub(super) fn kind(&self) -> &str {
        &self.entry.kind
    }

    /// The group of its `apiVersion`; the core group is empty.
    pub(super) fn group(&self) -> &str {
        kinds::group(&self.entry.api_version)
    }

    /// Whether it is a ConfigMap or a Secret: its texts may be of any system.
    fn holds_texts(&self) -> bool {
        self.group().is_empty() && matches!(self.kind(), "ConfigMap" | "Secret")
    }

    /// The object as a part to make pods of.
    pub(super) fn part(&self) -> Part {
        self.whole.cloned().unwrap_or_else(|| Part::new(self.node, self.entry.pointer.clone()))
    }

    /// An entry of a report for something of it that was not judged.
    pub(super) fn not_evaluated(&self, pointer: &str, cause: Cause, reason: String) -> NotEvaluated {
        not_evaluated(self.document, pointer, cause, reason)
    }
}

/// The kind and version that a list gives to items without.
type OfList<'l> = Option<(&'l str, &'l str)>;

/// Reads what stands at a pointer of a document as an object, or as a list of them.
pub(super) fn read(document: &Arc<Document>, node: &Node, pointer: String, found: &mut Subjects) {
    Opening { document, found }.open(node, pointer, None);
}

/// Lets the systems read values of a chart, or a map that stands in some, which is none of a kind. Says whether one
/// takes it.
pub(super) fn offer(document: &Arc<Document>, values: &Part, found: &mut Subjects) -> bool {
    let node = values.as_node().cloned().unwrap_or_else(|| values.clone().into_node());
    let entry = describe(document, &node, values.pointer.clone(), "", "");
    let object = Object { document, node: &node, entry, whole: Some(values) };
    SOURCES.iter().filter(|source| source.system).any(|source| (source.read)(&object, found))
}

struct Opening<'a> {
    document: &'a Arc<Document>,
    found: &'a mut Subjects,
}

impl Opening<'_> {
    /// Reads one object. An item of a typed list may leave its kind to the list.
    fn open(&mut self, node: &Node, pointer: String, of_list: OfList<'_>) {
        self.refuse_two_kinds(&pointer);
        let text = |key: &str| node.get(key).and_then(Node::as_str);
        let (kind, api_version) = match (text("kind"), text("apiVersion"), of_list) {
            (Some(kind), Some(api_version), _) => (kind, api_version),
            (kind, api_version, Some((list_kind, list_version))) => {
                (kind.unwrap_or(list_kind), api_version.unwrap_or(list_version))
            }
            _ => ("", ""),
        };
        if let Some(item_kind) = kind.strip_suffix("List")
            && let Some(items) = node.get("items").and_then(Node::as_list)
        {
            let of_list = (!item_kind.is_empty()).then_some((item_kind, api_version));
            for (index, item) in items.iter().enumerate() {
                self.open(item, format!("{pointer}/items/{index}"), of_list);
            }
            return;
        }
        let object = Object {
            document: self.document,
            node,
            entry: describe(self.document, node, pointer.clone(), kind, api_version),
            whole: None,
        };
        let source = if object.holds_texts() {
            self.holder(&object)
        } else {
            SOURCES.iter().find(|source| (source.read)(&object, self.found))
        };
        if source.is_some_and(|source| !source.takes_all) {
            let of_list = kinds::is_workload(kind, api_version).then_some((kind, api_version));
            self.stray_items(node, &pointer, of_list);
        }
    }

    /// Asks every source about a holder of texts, since these may belong to several systems. Texts that none takes are
    /// read as files. Gives the last one that takes it; those that only say what is left of an object are asked where
    /// no other does.
    fn holder(&mut self, object: &Object<'_>) -> Option<&'static Source> {
        let (judged, left) =
            (self.found.subjects.len() + self.found.not_evaluated.len(), self.found.without_pod.len());
        let mut taken = None;
        for source in SOURCES.iter().filter(|source| source.system) {
            if (source.read)(object, self.found) {
                taken = Some(source);
            }
        }
        source::files(object, self.found);
        // One source may find nothing where another one does, or two may find nothing.
        let finds = self.found.subjects.len() + self.found.not_evaluated.len() > judged;
        let last = taken.or_else(|| {
            SOURCES.iter().filter(|source| !source.system).find(|source| (source.read)(object, self.found))
        });
        self.found.without_pod.truncate(if finds { left } else { left + 1 });
        last
    }

    /// Reads the `items` of an object that is no list by its kind: kubectl takes whatever has them for a list
    /// (`unstructuredJSONScheme.decode` of `k8s.io/apimachinery`) and creates the items, not the object.
    fn stray_items(&mut self, node: &Node, pointer: &str, of_list: OfList<'_>) {
        for (index, item) in node.get("items").and_then(Node::as_list).into_iter().flatten().enumerate() {
            if item.get("kind").is_some() || of_list.is_some() {
                self.open(item, format!("{pointer}/items/{index}"), of_list);
            }
        }
    }

    /// An object with two kinds is one thing to one reader and another to the next. The last one is judged.
    fn refuse_two_kinds(&mut self, pointer: &str) {
        if self.document.duplicates().is_empty() {
            return;
        }
        let own = self.document.byte_span(pointer);
        let doubles = own.map(|bytes| self.document.duplicates_in(&bytes)).unwrap_or_default();
        for key in ["apiVersion", "kind"] {
            let twice = format!("{pointer}/{key}");
            if doubles.iter().any(|double| double.pointer == twice) {
                let reason = format!("`{key}` is written twice: what the object is cannot be told");
                let entry = not_evaluated(self.document, &twice, Cause::InvalidField, reason);
                self.found.not_evaluated.push(entry);
            }
        }
    }
}

fn describe(document: &Document, node: &Node, pointer: String, kind: &str, api_version: &str) -> ObjectEntry {
    let metadata = |key: &str| node.get("metadata")?.get(key)?.as_str().map(str::to_owned);
    ObjectEntry {
        source: document.source().to_owned(),
        document: document.index(),
        pointer,
        api_version: api_version.to_owned(),
        kind: kind.to_owned(),
        name: metadata("name").or_else(|| metadata("generateName")).unwrap_or_default(),
        namespace: metadata("namespace").unwrap_or_default(),
    }
}
