//! Kubernetes manifests: objects, lists of objects, and whatever else has a pod's shape.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::kinds::{self, Judged, WORKLOADS, Workload};
use super::template::{Found, Part, Template};
use super::{Body, Subject, Subjects, entry_of, kops, not_evaluated, shape, sort_notes};
use crate::document::{Document, Node, Value};
use crate::report::{Cause, ObjectEntry, SubjectEntry};
use crate::typed::{self, Note, NoteKind, TypeError};

/// Takes every document: the last source.
pub(super) fn read(document: &Arc<Document>, found: &mut Subjects) -> bool {
    Reader { document, found }.object(document.root(), String::new(), None);
    true
}

struct Reader<'a> {
    document: &'a Arc<Document>,
    found: &'a mut Subjects,
}

impl Reader<'_> {
    /// Reads one object. An item of a typed list may leave its kind to the list.
    fn object(&mut self, node: &Node, pointer: String, of_list: Option<(&str, &str)>) {
        self.refuse_two_kinds(&pointer);
        let text = |key: &str| node.get(key).and_then(Node::as_str);
        let (kind, api_version) = match (text("kind"), text("apiVersion"), of_list) {
            (Some(kind), Some(api_version), _) => (kind, api_version),
            (kind, api_version, Some((list_kind, list_version))) => {
                (kind.unwrap_or(list_kind), api_version.unwrap_or(list_version))
            }
            _ => return self.without_kind(node, pointer),
        };
        if let Some(item_kind) = kind.strip_suffix("List")
            && let Some(items) = node.get("items").and_then(Node::as_list)
        {
            let of_list = (!item_kind.is_empty()).then_some((item_kind, api_version));
            for (index, item) in items.iter().enumerate() {
                self.object(item, format!("{pointer}/items/{index}"), of_list);
            }
            return;
        }
        let object = self.describe(node, pointer, kind, api_version);
        let group = kinds::group(api_version);
        let in_group = |groups: &[&str]| groups.contains(&group);
        let workload = WORKLOADS.iter().find(|known| known.kind == kind && in_group(known.groups));
        let judged = kinds::judged(group, kind);
        if workload.is_some() || judged.is_some() || kinds::carries_no_pod(group, kind) {
            self.stray_items(node, &object.pointer, workload.map(|_| (kind, api_version)));
        }
        if let Some(workload) = workload {
            self.workload(node, object, workload);
        } else if let Some(judged) = judged {
            self.judged(node, object, judged, false);
        } else if kinds::carries_no_pod(group, kind) {
            self.found.without_pod.push(object);
        } else {
            let pointer = object.pointer.clone();
            self.by_shape(node, pointer, Some(object));
        }
    }

    /// Reads the `items` of an object that is no list by its kind: kubectl takes whatever has them for a list
    /// (`unstructuredJSONScheme.decode` of `k8s.io/apimachinery`) and creates the items, not the object.
    fn stray_items(&mut self, node: &Node, pointer: &str, of_list: Option<(&str, &str)>) {
        for (index, item) in node.get("items").and_then(Node::as_list).into_iter().flatten().enumerate() {
            if item.get("kind").is_some() || of_list.is_some() {
                self.object(item, format!("{pointer}/items/{index}"), of_list);
            }
        }
    }

    /// An object with two kinds is one thing to one reader and another to the next. The last one is judged.
    fn refuse_two_kinds(&mut self, pointer: &str) {
        for key in ["apiVersion", "kind"] {
            let twice = format!("{pointer}/{key}");
            if self.document.duplicates().iter().any(|double| double.pointer == twice) {
                let reason = format!("`{key}` is written twice: what the object is cannot be told");
                let entry = not_evaluated(self.document, &twice, Cause::InvalidField, reason);
                self.found.not_evaluated.push(entry);
            }
        }
    }

    fn describe(&self, node: &Node, pointer: String, kind: &str, api_version: &str) -> ObjectEntry {
        let metadata = |key: &str| node.get("metadata")?.get(key)?.as_str().map(str::to_owned);
        ObjectEntry {
            source: self.document.source().to_owned(),
            document: self.document.index(),
            pointer,
            api_version: api_version.to_owned(),
            kind: kind.to_owned(),
            name: metadata("name").or_else(|| metadata("generateName")).unwrap_or_default(),
            namespace: metadata("namespace").unwrap_or_default(),
        }
    }

    fn workload(&mut self, node: &Node, object: ObjectEntry, workload: &Workload) {
        let template = format!("{}{}", object.pointer, workload.template);
        let part = |key: &str| {
            let node = node.pointer(&format!("{}/{key}", workload.template))?;
            Some(Part { node, pointer: format!("{template}/{key}") })
        };
        let spec = part("spec").filter(|spec| !spec.node.is_null());
        let Some(spec) = spec else {
            let reason = format!("{} has no pod: `{}/spec` is missing", workload.kind, workload.template);
            self.found.not_evaluated.push(not_evaluated(
                self.document,
                &object.pointer,
                Cause::NoPod,
                reason,
            ));
            return;
        };
        let notes = self.surroundings(node, &object.pointer, workload);
        let template = Template {
            object,
            metadata: part("metadata"),
            spec: Some(spec),
            loose: Vec::new(),
            found: Found::ByKind,
            partial: false,
            notes,
        };
        template.add_to(self.document, self.found);
    }

    /// What is to be noticed around the pod template of a workload, with pointers in the document.
    fn surroundings(&self, node: &Node, pointer: &str, workload: &Workload) -> Vec<Note> {
        let at_top = workload.template == "/template";
        let (base, holder) = if at_top || workload.template.is_empty() {
            (pointer.to_owned(), Some(node))
        } else {
            (format!("{pointer}/spec"), node.get("spec"))
        };
        let mut notes = self.unknown_at_top(node, pointer, if at_top { "template" } else { "spec" });
        let skip = [
            format!("{pointer}{}", workload.template),
            format!("{pointer}/apiVersion"),
            format!("{pointer}/kind"),
            format!("{pointer}/metadata"),
        ];
        match holder.map(|holder| (workload.surroundings)(holder, &base, &skip)) {
            None => {}
            Some(Ok(read)) => {
                // At the top of the object these are told already.
                let told: BTreeSet<String> = notes.iter().map(|note| note.pointer.clone()).collect();
                notes.extend(read.into_iter().filter(|note| !told.contains(&note.pointer)));
            }
            Some(Err(TypeError { reason, .. })) => {
                notes.push(Note {
                    kind: NoteKind::Invalid { reason },
                    pointer: base,
                    field: "spec".to_owned(),
                });
            }
        }
        notes
    }

    fn unknown_at_top(&self, node: &Node, pointer: &str, own: &'static str) -> Vec<Note> {
        let known = ["apiVersion", "kind", "metadata", "status", own];
        let Value::Map(entries) = node.value() else {
            return Vec::new();
        };
        entries
            .iter()
            .filter(|entry| !known.contains(&entry.key()))
            .map(|entry| Note {
                kind: NoteKind::UnknownField {
                    nearest: typed::nearest(entry.key(), known),
                    value: entry.value().clone(),
                },
                pointer: format!("{pointer}/{}", crate::document::escape_pointer_token(entry.key())),
                field: entry.key().to_owned(),
            })
            .collect()
    }

    /// An object that does not say what it is.
    fn without_kind(&mut self, node: &Node, pointer: String) {
        let part = kinds::judged("kops.k8s.io", kops::CLUSTER).filter(|_| kops::is_part_of_cluster(node));
        let Some(cluster) = part else {
            return self.by_shape(node, pointer, None);
        };
        let object = self.describe(node, pointer, kops::CLUSTER, "");
        self.judged(node, object, cluster, true);
    }

    fn judged(&mut self, node: &Node, object: ObjectEntry, judged: &Judged, partial: bool) {
        if !judged.typed {
            for template in shape::pods(node, &object.pointer, &object) {
                template.add_to(self.document, self.found);
            }
        }
        match (judged.read)(node) {
            Err(error) => {
                let reason = format!("{}: {}", object.kind, error.reason);
                let entry = not_evaluated(self.document, &object.pointer, Cause::InvalidField, reason);
                self.found.not_evaluated.push(entry);
            }
            Ok((value, mut notes)) => {
                for note in &mut notes {
                    note.pointer = format!("{}{}", object.pointer, note.pointer);
                }
                let notes = sort_notes(self.document, notes, &mut self.found.not_evaluated);
                self.found.subjects.push(Subject {
                    places: vec![(String::new(), object.pointer.clone())],
                    entry: SubjectEntry { partial, ..entry_of(object) },
                    body: Body::Object(value),
                    notes,
                    extras: Vec::new(),
                    document: Some(Arc::clone(self.document)),
                });
            }
        }
    }

    /// Judges whatever has the shape of a pod in an object of unknown kind, or in a document that is none.
    fn by_shape(&mut self, node: &Node, pointer: String, object: Option<ObjectEntry>) {
        let known = object.is_some();
        let object = object.unwrap_or_else(|| self.describe(node, pointer.clone(), "", ""));
        let before = self.found.subjects.len() + self.found.not_evaluated.len();
        for template in shape::pods(node, &object.pointer, &object) {
            template.add_to(self.document, self.found);
        }
        if self.found.subjects.len() + self.found.not_evaluated.len() > before {
            return;
        }
        let (cause, reason) = if known {
            let reason = format!(
                "unknown kind `{}` of `{}`, in which nothing has the shape of a pod",
                object.kind, object.api_version
            );
            (Cause::UnknownKind, reason)
        } else {
            let reason = "not a Kubernetes object, and nothing in it has the shape of a pod".to_owned();
            (Cause::NotKubernetes, reason)
        };
        self.found.not_evaluated.push(not_evaluated(self.document, &pointer, cause, reason));
    }
}
