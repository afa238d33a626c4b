//! What a run says of the pods of its tasks.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::super::part::Part;
use super::super::{over, size};
use super::labels_and_annotations;
use crate::typed::Note;

/// The fields of a template of pods (`pkg/apis/pipeline/pod/template.go`).
pub(super) const TEMPLATE: [&str; 18] = [
    "affinity",
    "automountServiceAccountToken",
    "dnsConfig",
    "dnsPolicy",
    "enableServiceLinks",
    "env",
    "hostAliases",
    "hostNetwork",
    "hostUsers",
    "imagePullSecrets",
    "nodeSelector",
    "priorityClassName",
    "runtimeClassName",
    "schedulerName",
    "securityContext",
    "tolerations",
    "topologySpreadConstraints",
    "volumes",
];

/// The settings of a run, or of one of its tasks.
#[derive(Clone, Default)]
pub(super) struct Run {
    /// Whether there is one: without it, what the pod as a whole may do is unknown.
    pub(super) is_run: bool,
    /// The metadata of its pods.
    pub(super) metadata: Option<Part>,
    template: Option<Part>,
    account: Option<Part>,
    /// What fills in the workspaces.
    workspaces: Arc<[Part]>,
    /// Workspaces of a task by those of the pipeline.
    renamed: Vec<Part>,
    /// What is said of single tasks of a pipeline.
    tasks: Arc<[Part]>,
}

impl Run {
    /// An object without a run: its labels and annotations reach the pods.
    pub(super) fn none(object: &Part) -> Self {
        Self { metadata: labels_and_annotations(object.get("metadata")), ..Self::default() }
    }

    /// A template of pods alone.
    pub(super) fn with_template(template: Part) -> Self {
        Self { template: Some(template), ..Self::default() }
    }

    pub(super) fn of_task(object: &Part) -> Self {
        Self {
            is_run: true,
            template: object.find(&["spec", "podTemplate"]),
            account: object.find(&["spec", "serviceAccountName"]),
            workspaces: object
                .find(&["spec", "workspaces"])
                .map(|list| list.items())
                .unwrap_or_default()
                .into(),
            ..Self::none(object)
        }
    }

    /// A PipelineRun of either version.
    pub(super) fn of_pipeline(object: &Part) -> Self {
        let either = |key: &str| {
            object.find(&["spec", "taskRunTemplate", key]).or_else(|| object.find(&["spec", key]))
        };
        Self {
            template: either("podTemplate"),
            account: either("serviceAccountName"),
            tasks: object.find(&["spec", "taskRunSpecs"]).map(|list| list.items()).unwrap_or_default().into(),
            ..Self::of_task(object)
        }
    }

    /// What is said of one task, over what is said of all.
    pub(super) fn of(&self, task: &Part) -> Self {
        let own = |new: &str, old: &str| task.get(new).or_else(|| task.get(old));
        let template = match (self.template.clone(), own("podTemplate", "taskPodTemplate")) {
            (Some(base), Some(over)) => Some(merged(base, over)),
            (base, over) => over.or(base),
        };
        let account = own("serviceAccountName", "taskServiceAccountName").or_else(|| self.account.clone());
        let metadata = labels_and_annotations(task.get("metadata"));
        Self { template, account, ..self.clone() }.with_metadata(metadata)
    }

    /// What is said of the task of a pipeline.
    pub(super) fn of_pipeline_task(&self, task: &Part) -> Self {
        let name = task.text_of("name");
        let named = |one: &&Part| name.is_some() && one.text_of("pipelineTaskName") == name;
        let own = self.tasks.iter().find(named).map_or_else(|| self.clone(), |one| self.of(one));
        Self { renamed: task.items_of("workspaces"), ..own }
    }

    /// What is said of single tasks.
    pub(super) fn named_tasks(&self) -> Arc<[Part]> {
        Arc::clone(&self.tasks)
    }

    pub(super) fn with_metadata(mut self, metadata: Option<Part>) -> Self {
        self.metadata = over(self.metadata, metadata);
        self
    }

    /// Whether it says anything of a pod.
    pub(super) const fn says_something(&self) -> bool {
        self.template.is_some()
    }

    /// What it takes to make one more pod, with so many workspaces, of what it says.
    pub(super) fn size(&self, workspaces: usize) -> usize {
        size([&self.metadata, &self.template, &self.account].into_iter().flatten())
            + self.tasks.len()
            + (1 + workspaces) * (self.workspaces.len() + self.renamed.len())
    }

    /// Fields that a template of pods does not have.
    pub(super) fn notes(&self) -> Vec<Note> {
        self.template.as_ref().map(|template| template.unknown(&TEMPLATE)).unwrap_or_default()
    }

    /// The environment that all steps get.
    pub(super) fn env(&self) -> Option<Part> {
        self.template.as_ref()?.get("env")
    }

    /// What fills in a workspace of the task.
    pub(super) fn workspace(&self, name: &str) -> Option<&Part> {
        let is = |part: &Part, name: &str| part.text_of("name").is_some_and(|own| own == name);
        let renamed = self.renamed.iter().find(|own| is(own, name)).and_then(|own| own.text_of("workspace"));
        let name = renamed.as_deref().unwrap_or(name);
        self.workspaces.iter().find(|own| is(own, name))
    }

    /// The spec of a pod as far as the run says it.
    pub(super) fn pod_level(&self, pointer: &str) -> Part {
        let template = self.template.clone().map(|template| template.only(&TEMPLATE).without(&["env"]));
        template.unwrap_or_else(|| Part::map(pointer)).with("serviceAccountName", self.account.clone())
    }
}

/// A template of pods over a more general one (`MergePodTemplateWithDefault`): volumes and the environment by their
/// names, host network where either has it, all else as a whole.
fn merged(base: Part, over: Part) -> Part {
    let mut all = base;
    for (key, value) in over.entries() {
        let old = all.get(&key);
        all = match (&*key, old) {
            _ if value.is_null() => all,
            ("hostNetwork", Some(old)) if old.as_bool() == Some(true) => all,
            ("volumes" | "env", Some(old)) => {
                let new = value.items();
                let names: BTreeSet<_> = new.iter().map(|item| item.text_of("name")).collect();
                let kept: Vec<Part> =
                    old.items().into_iter().filter(|item| !names.contains(&item.text_of("name"))).collect();
                all.with(&key, Part::list(&value.pointer, kept.into_iter().chain(new).collect()))
            }
            _ => all.with(&key, value),
        };
    }
    all
}
