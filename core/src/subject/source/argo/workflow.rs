//! What a workflow says of all its pods, and the pod of each template.

use std::collections::BTreeSet;

use super::super::super::part::Part;
use super::super::super::template::Template;
use super::super::{Maker, labels_and_annotations, over, reference, size};
use super::pod::{self, Pod};
use crate::typed::{Note, NoteKind};

/// The fields of a workflow's spec.
pub(super) const FIELDS: [&str; 44] = [
    "activeDeadlineSeconds",
    "affinity",
    "archiveLogs",
    "arguments",
    "artifactGC",
    "artifactRepositoryRef",
    "automountServiceAccountToken",
    "dnsConfig",
    "dnsPolicy",
    "entrypoint",
    "executor",
    "executorPlugins",
    "hooks",
    "hostAliases",
    "hostNetwork",
    "imagePullSecrets",
    "metrics",
    "nodeSelector",
    "onExit",
    "parallelism",
    "podDisruptionBudget",
    "podGC",
    "podMetadata",
    "podPriority",
    "podPriorityClassName",
    "podSpecPatch",
    "priority",
    "retryStrategy",
    "schedulerName",
    "securityContext",
    "serviceAccountName",
    "shutdown",
    "suspend",
    "synchronization",
    "templateDefaults",
    "templates",
    "tolerations",
    "ttlSecondsAfterFinished",
    "ttlStrategy",
    "volumeClaimGC",
    "volumeClaimTemplates",
    "volumes",
    "workflowMetadata",
    "workflowTemplateRef",
];

/// Those that are fields of every pod, too.
const POD_LEVEL: [&str; 12] = [
    "affinity",
    "automountServiceAccountToken",
    "dnsConfig",
    "dnsPolicy",
    "hostAliases",
    "hostNetwork",
    "imagePullSecrets",
    "nodeSelector",
    "schedulerName",
    "securityContext",
    "serviceAccountName",
    "tolerations",
];

/// A workflow, as far as it counts for each of its pods.
pub(super) struct Workflow {
    partial: bool,
    /// What all pods have.
    level: Pod,
    /// The workflow's spec, for its patch.
    spec: Part,
    metadata: Option<Part>,
    /// What all templates begin with.
    defaults: Option<Part>,
    volumes: Vec<Part>,
    /// The pointers of volumes that some pod has.
    mounted: BTreeSet<String>,
    notes: Vec<Note>,
    /// Whether there is a pod.
    pub(super) has_pod: bool,
}

impl Workflow {
    pub(super) fn new(maker: &mut Maker<'_>, spec: &Part, partial: bool) -> Self {
        let level = spec.clone().only(&POD_LEVEL).with("priorityClassName", spec.get("podPriorityClassName"));
        let claims = spec.items_of("volumeClaimTemplates").into_iter().filter_map(|claim| {
            let template = claim.clone().only(&["metadata", "spec"]);
            let name = claim.find(&["metadata", "name"])?;
            let volume = Part::map(&claim.pointer).with("name", name);
            Some(volume.with("ephemeral", Part::map(&claim.pointer).with("volumeClaimTemplate", template)))
        });
        Self {
            partial,
            level: pod::patch_of(maker, level, spec),
            spec: spec.clone(),
            metadata: labels_and_annotations(spec.get("podMetadata")),
            defaults: spec.get("templateDefaults"),
            volumes: spec.items_of("volumes").into_iter().chain(claims).collect(),
            mounted: BTreeSet::new(),
            notes: spec.unknown(&FIELDS),
            has_pod: false,
        }
    }

    /// The pod of a template, if it has one.
    pub(super) fn pod(&mut self, maker: &mut Maker<'_>, template: &Part) -> Option<Template> {
        let kind = pod::kind(template)?;
        let holders = [Some(template), self.defaults.as_ref()];
        let beside: usize = holders.into_iter().flatten().map(pod::containers_beside).sum();
        let mounts = || holders.into_iter().flatten().map(pod::size_of_mounts).sum();
        let fits = maker.affords(&template.pointer, 1 + self.level.repeated, || self.size())
            && maker.affords(&template.pointer, beside, mounts);
        if !fits {
            return None;
        }
        let whole = match &self.defaults {
            Some(defaults) => pod::with_defaults(defaults.clone(), template.clone(), kind),
            None => template.clone(),
        };
        let made = pod::spec(self.level.spec.clone(), &whole, kind);
        let spec = made.and("volumes", self.volumes_of(&whole, kind));
        let spec = match &self.level.patch {
            Some(patch) => spec.patched(patch.clone()),
            None => spec,
        };
        let own = pod::patched(maker, spec, &whole);
        let metadata = over(self.metadata.clone(), labels_and_annotations(whole.get("metadata")));
        let mut notes = own.notes;
        notes.append(&mut self.notes);
        notes.extend(self.level.notes.iter().cloned());
        notes.extend(pod::notes(template, kind));
        let spec = pod::without_empty_patches(own.spec);
        let mut unresolved = own.unresolved;
        unresolved.extend(self.level.unresolved.iter().cloned());
        unresolved.extend(pod::open(&spec));
        let created = notes.iter().filter(|note| matches!(note.kind, NoteKind::Creates { open: true, .. }));
        unresolved.extend(created.map(|note| note.pointer.clone()));
        self.has_pod = true;
        Some(Template {
            metadata,
            spec: Some(spec),
            partial: self.partial || kind.runs_executor(),
            notes,
            implied: pod::implied(kind),
            unresolved,
            ..Template::default()
        })
    }

    /// What it takes to make one more pod of what it says.
    fn size(&self) -> usize {
        let parts = [
            Some(&self.level.spec),
            self.level.patch.as_ref(),
            self.defaults.as_ref(),
            self.metadata.as_ref(),
        ];
        size(parts.into_iter().flatten()) + self.volumes.len()
    }

    /// The volumes of the workflow that a template mounts (`addVolumeReferences`).
    fn volumes_of(&mut self, template: &Part, kind: pod::Kind) -> Vec<Part> {
        let mounts = pod::mounts(template, kind);
        let open = mounts.iter().any(|name| name.contains("{{"));
        let own: BTreeSet<String> =
            template.items_of("volumes").iter().filter_map(|volume| volume.text_of("name")).collect();
        let is_mounted = |volume: &&Part| {
            let name = volume.text_of("name").unwrap_or_default();
            !own.contains(&name) && (open || mounts.contains(&name))
        };
        let found: Vec<Part> = self.volumes.iter().filter(is_mounted).cloned().collect();
        self.mounted.extend(found.iter().map(|volume| volume.pointer.clone()));
        found
    }

    /// What is in no pod of a template: volumes that none mounts, and all settings where there is no pod, or where
    /// another file has the templates.
    pub(super) fn rest(mut self, reference_to: Option<&Part>) -> Option<Template> {
        let left: Vec<Part> =
            self.volumes.into_iter().filter(|volume| !self.mounted.contains(&volume.pointer)).collect();
        let alone = !self.has_pod || reference_to.is_some();
        let base = if alone { self.level.spec } else { Part::map(&self.spec.pointer) };
        let spec = base.and("volumes", left);
        let spec = match self.level.patch.filter(|_| alone) {
            Some(patch) => spec.patched(patch),
            None => spec,
        };
        let metadata = self.metadata.filter(|_| alone);
        if alone {
            self.notes.append(&mut self.level.notes);
        }
        let is_nothing = spec.entries().is_empty() && metadata.is_none() && self.notes.is_empty();
        if is_nothing {
            return None;
        }
        let mut unresolved = self.level.unresolved;
        if let Some(to) = reference_to {
            self.notes.push(reference(to, "workflowTemplateRef"));
            unresolved.push(to.pointer.clone());
        }
        Some(Template {
            metadata,
            spec: Some(pod::without_empty_patches(spec)),
            partial: true,
            notes: self.notes,
            unresolved,
            ..Template::default()
        })
    }
}

/// The note that a text changes the pod in a way that is not known in full.
pub(super) fn open_patch(pointer: &str, reason: String) -> Note {
    Note {
        kind: NoteKind::OpenPatch { reason },
        pointer: pointer.to_owned(),
        field: "podSpecPatch".to_owned(),
    }
}
