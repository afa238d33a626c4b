//! The kinds of Kubernetes: those that carry a pod, those that policies judge for themselves, and the others.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::filler::{Filler, sort_notes};
use super::kinds::{self, Judged, WORKLOADS, Workload};
use super::object::Object;
use super::part::Part;
use super::template::Template;
use super::{Body, Subject, Subjects, entry_of, kops, shape};
use crate::document::Node;
use crate::report::{Cause, SubjectEntry};
use crate::typed::{Note, NoteKind, TypeError};

/// Takes the objects of kinds that Kubernetes has, and kops' ones.
pub(super) fn read(object: &Object<'_>, found: &mut Subjects) -> bool {
    let (group, kind) = (object.group(), object.kind());
    if kind.is_empty() {
        return part_of_cluster(object, found);
    }
    let known = |own: &&Workload| own.kind == kind && own.groups.contains(&group);
    if let Some(known) = WORKLOADS.iter().find(known) {
        workload(object, known, found);
    } else if let Some(known) = kinds::judged(group, kind) {
        judged(object, known, false, found);
    } else if kinds::carries_no_pod(group, kind) {
        found.without_pod.push(object.entry.clone());
    } else {
        return false;
    }
    true
}

/// An object that does not say what it is, and is a part of a cluster of kops.
fn part_of_cluster(object: &Object<'_>, found: &mut Subjects) -> bool {
    let part = kinds::judged("kops.k8s.io", kops::CLUSTER).filter(|_| kops::is_part_of_cluster(object.node));
    let Some(cluster) = part else { return false };
    let mut entry = object.entry.clone();
    kops::CLUSTER.clone_into(&mut entry.kind);
    judged(&Object { entry, ..*object }, cluster, true, found);
    true
}

fn workload(object: &Object<'_>, workload: &Workload, found: &mut Subjects) {
    let at = format!("{}{}", object.entry.pointer, workload.template);
    let part = |key: &str| {
        let node = object.node.pointer(&format!("{}/{key}", workload.template))?;
        Some(Part::new(node, format!("{at}/{key}")))
    };
    let Some(spec) = part("spec").filter(|spec| !spec.is_null()) else {
        if is_patch(object, workload) {
            found.without_pod.push(object.entry.clone());
        } else {
            let reason = format!("{} has no pod: `{}/spec` is missing", workload.kind, workload.template);
            found.not_evaluated.push(object.not_evaluated(&object.entry.pointer, Cause::NoPod, reason));
        }
        return;
    };
    let template = Template {
        object: object.entry.clone(),
        metadata: part("metadata"),
        spec: Some(spec),
        notes: surroundings(object, workload),
        ..Template::default()
    };
    template.add_to(object.document, found);
}

/// Whether a workload without a pod can but be put over another one: it says so, or has fields of its kind and none of
/// those without which the API server takes none.
fn is_patch(object: &Object<'_>, workload: &Workload) -> bool {
    let says = |node: &Node| node.get("$patch").is_some();
    let Some(spec) = object.node.get("spec").filter(|spec| spec.as_map().is_some()) else {
        return says(object.node);
    };
    let has = |key: &&str| spec.get(key).is_some();
    let is_known = || {
        !surroundings(object, workload)
            .iter()
            .any(|note| matches!(note.kind, NoteKind::UnknownField { .. } | NoteKind::Invalid { .. }))
    };
    let is_part = || {
        !workload.template.is_empty()
            && spec.as_map().is_some_and(|map| map.iter().next().is_some())
            && !NEEDED.iter().any(has)
            && is_known()
    };
    says(object.node) || says(spec) || is_part()
}

/// Fields of which each workload that is more than a patch has one.
const NEEDED: [&str; 4] = ["jobTemplate", "schedule", "selector", "template"];

/// What is to be noticed around the pod template of a workload, with pointers in the document.
fn surroundings(object: &Object<'_>, workload: &Workload) -> Vec<Note> {
    let (node, pointer) = (object.node, object.entry.pointer.as_str());
    let at_top = workload.template == "/template";
    let (base, holder) = if at_top || workload.template.is_empty() {
        (pointer.to_owned(), Some(node))
    } else {
        (format!("{pointer}/spec"), node.get("spec"))
    };
    let own = if at_top { "template" } else { "spec" };
    let mut notes = object.part().unknown(&["apiVersion", "kind", "metadata", "status", own]);
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
            notes.push(Note { kind: NoteKind::Invalid { reason }, pointer: base, field: "spec".to_owned() });
        }
    }
    notes
}

fn judged(object: &Object<'_>, judged: &Judged, partial: bool, found: &mut Subjects) {
    let entry = &object.entry;
    if !judged.typed {
        for template in shape::pods(object.node, &entry.pointer, entry) {
            template.add_to(object.document, found);
        }
    }
    match (judged.read)(object.node) {
        Err(error) => {
            let reason = format!("{}: {}", entry.kind, error.reason);
            found.not_evaluated.push(object.not_evaluated(&entry.pointer, Cause::InvalidField, reason));
        }
        Ok((value, mut notes)) => {
            for note in &mut notes {
                note.pointer = format!("{}{}", entry.pointer, note.pointer);
            }
            let notes = sort_notes(object.document, &Filler::default(), notes, found);
            found.subjects.push(Subject {
                places: vec![(String::new(), entry.pointer.clone())],
                entry: SubjectEntry { partial, ..entry_of(entry.clone()) },
                body: Body::Object(value),
                notes,
                extras: Vec::new(),
                document: Some(Arc::clone(object.document)),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::source::testing::read;
    use crate::report::Cause;

    #[test]
    fn a_patch_without_a_pod_is_no_fault() {
        let of = |kind: &str, rest: &str| {
            let group = if kind == "Deployment" { "apps/v1" } else { "batch/v1" };
            let found = read(&format!("apiVersion: {group}\nkind: {kind}\nmetadata: {{name: a}}\n{rest}"));
            (found.without_pod.len(), found.not_evaluated.iter().map(|one| one.cause).collect::<Vec<_>>())
        };
        for (kind, rest, is_patch) in [
            ("Deployment", "spec: {replicas: 3}\n", true),
            ("CronJob", "spec: {suspend: true}\n", true),
            ("Deployment", "$patch: delete\n", true),
            ("Deployment", "spec: {$patch: replace}\n", true),
            ("Deployment", "", false),
            ("Deployment", "spec: {}\n", false),
            ("Deployment", "spec: {replicas: 3, selector: {}}\n", false),
            ("Deployment", "spec: {replicas: 3, template: }\n", false),
            ("Deployment", "spec: {replicas: 3, templat: {spec: {hostPID: true}}}\n", false),
            ("CronJob", "spec: {schedule: '* * * * *'}\n", false),
        ] {
            let said = if is_patch { (1, vec![]) } else { (0, vec![Cause::NoPod]) };
            assert_eq!(of(kind, rest), said, "{kind} {rest}");
        }
    }
}
