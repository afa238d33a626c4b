//! Argo Workflows and Argo Events
//! (<https://github.com/argoproj/argo-workflows/blob/main/pkg/apis/workflow/v1alpha1/workflow_types.go>).
//!
//! A template of a workflow becomes a pod, with what the workflow says of all its pods
//! (`workflow/controller/workflowpod.go`). A template that other workflows use is a part of a pod: these say the
//! rest.

mod controller;
mod pod;
mod resource;
#[cfg(test)]
mod tests;
mod workflow;

use super::super::Subjects;
use super::super::object::Object;
use super::super::part::{Odd, Part};
use super::super::template::Template;
use super::case::in_any_case;
use super::{Maker, labels_and_annotations, make};
use crate::typed::{Note, NoteKind};
pub(super) use controller::is_values;
use workflow::Workflow;

/// Takes Argo's kinds, and the settings of its controller, also as values of its chart.
pub(in crate::subject) fn read(object: &Object<'_>, found: &mut Subjects) -> bool {
    make(object, "argo", found, |maker| {
        let whole = object.part();
        let is_of_events = matches!(object.kind(), "EventSource" | "Sensor");
        let is_own = object.group() == "argoproj.io" && !is_of_events;
        // Argo's own tools read it by Go's reader of JSON, and the API server by its own.
        let mut odd = Vec::new();
        let whole = if is_own { in_case(whole, &mut odd) } else { whole };
        maker.either_way(&odd);
        let spec = whole.get("spec").unwrap_or_else(|| Part::map(&object.entry.pointer));
        match (object.group(), object.kind()) {
            ("argoproj.io", "Workflow") => maker.workflow(&spec, false),
            ("argoproj.io", "WorkflowTemplate" | "ClusterWorkflowTemplate") => maker.workflow(&spec, true),
            ("argoproj.io", "CronWorkflow") => match spec.get("workflowSpec") {
                Some(workflow) => maker.workflow(&workflow, false),
                None => maker.without("/spec/workflowSpec"),
            },
            ("argoproj.io", "EventSource") => maker.pod_of_events(&spec),
            ("argoproj.io", "Sensor") => {
                maker.pod_of_events(&spec);
                spec.items_of("triggers").iter().for_each(|trigger| maker.trigger(trigger));
            }
            ("argoproj.io", "ExecutorPlugin") => maker.plugin(&spec),
            ("argoproj.io", "WorkflowEventBinding") => match spec.find(&["submit", "workflowTemplateRef"]) {
                Some(reference) => maker.refer(&reference, "workflowTemplateRef"),
                None => maker.refuse(&spec.pointer, "a WorkflowEventBinding needs `submit`".to_owned()),
            },
            ("", "ConfigMap") => return maker.controller(&whole),
            ("", "") => return maker.values_of_chart(&whole),
            _ => return false,
        }
        true
    })
}

/// Fields that stand in those of a workflow and of a template.
const NESTED: [&str; 11] = [
    "action",
    "inline",
    "manifest",
    "manifestFrom",
    "mirrorVolumeMounts",
    "sidecar",
    "source",
    "tasks",
    "volumeDevices",
    "when",
    "workflowSpec",
];

/// What Go's reader of JSON makes of an object or a setting.
fn in_case(part: Part, odd: &mut Vec<Odd>) -> Part {
    in_any_case(part, &[&workflow::FIELDS, &pod::FIELDS, &NESTED], odd)
}

impl Maker<'_> {
    /// The pods of a workflow: one for each template that has containers, and one of what is left over.
    fn workflow(&mut self, spec: &Part, partial: bool) {
        let mut workflow = Workflow::new(self, spec, partial);
        for template in spec.items_of("templates") {
            self.template(&template, &mut workflow);
        }
        // Where the templates are elsewhere, what they begin with is judged by itself.
        if let Some(defaults) = spec.get("templateDefaults").filter(|_| !workflow.has_pod) {
            for template in pod::kinds(&defaults) {
                let own = workflow.pod(self, &template);
                own.into_iter().for_each(|pod| self.add(Template { partial: true, ..pod }));
            }
        }
        let reference = spec.get("workflowTemplateRef");
        if let Some(reference) = &reference {
            self.refer(reference, "workflowTemplateRef");
        }
        if let Some(rest) = workflow.rest(reference.as_ref()) {
            self.add(rest);
        }
        spec.get("hooks").iter().flat_map(Part::entries).for_each(|(_, hook)| self.reference_of(&hook));
        if let Some(collector) = spec.get("artifactGC") {
            self.collector(&collector);
        }
        for plugin in spec.items_of("executorPlugins") {
            self.plugin(&plugin.get("spec").unwrap_or(plugin));
        }
    }

    // Recursion is bounded by the depth of the document.
    fn template(&mut self, template: &Part, workflow: &mut Workflow) {
        for step in template.items_of("steps").iter().flat_map(Part::items) {
            self.step(&step, workflow);
        }
        for task in template.get("dag").iter().flat_map(|dag| dag.items_of("tasks")) {
            self.step(&task, workflow);
        }
        if let Some(resource) = template.get("resource") {
            self.resource(&resource);
        }
        if let Some(pod) = workflow.pod(self, template) {
            self.add(pod);
        }
    }

    fn step(&mut self, step: &Part, workflow: &mut Workflow) {
        if let Some(inline) = step.get("inline") {
            self.template(&inline, workflow);
        }
        self.reference_of(step);
        step.get("hooks").iter().flat_map(Part::entries).for_each(|(_, hook)| self.reference_of(&hook));
    }

    fn reference_of(&mut self, step: &Part) {
        if let Some(reference) = step.get("templateRef") {
            self.refer(&reference, "templateRef");
        }
    }

    /// The pod that removes artifacts.
    fn collector(&mut self, collector: &Part) {
        let mut pod = pod::patched(self, Part::map(&collector.pointer), collector);
        pod.spec = pod.spec.with("serviceAccountName", collector.get("serviceAccountName"));
        let metadata = labels_and_annotations(collector.get("podMetadata"));
        if pod.spec.entries().is_empty() && metadata.is_none() {
            return;
        }
        self.add(Template {
            metadata,
            spec: Some(pod.spec),
            partial: true,
            notes: pod.notes,
            unresolved: pod.unresolved,
            implied: vec!["a pod that removes the artifacts".to_owned()],
            ..Template::default()
        });
    }

    /// A plugin of the executor, which runs beside the workflow.
    fn plugin(&mut self, spec: &Part) {
        let Some(sidecar) = spec.get("sidecar") else { return };
        let containers = sidecar.get("container").map(|one| Part::list(&one.pointer, vec![one.clone()]));
        let spec = Part::map(&sidecar.pointer)
            .with("automountServiceAccountToken", sidecar.get("automountServiceAccountToken"))
            .with("containers", containers);
        self.add(Template { spec: Some(spec), partial: true, ..Template::default() });
    }

    /// The pod of a Sensor or an EventSource itself.
    fn pod_of_events(&mut self, spec: &Part) {
        let Some(template) = spec.get("template") else { return };
        let container = template.get("container").map(|one| {
            let named =
                one.clone().with("name", one.get("name").unwrap_or_else(|| Part::text("main", &one.pointer)));
            Part::list(&one.pointer, vec![named])
        });
        let metadata = labels_and_annotations(template.get("metadata"));
        let spec = template.without(&["container", "metadata"]).with("containers", container);
        self.add(Template { metadata, spec: Some(spec), partial: true, ..Template::default() });
    }

    /// What a trigger of a Sensor creates.
    fn trigger(&mut self, trigger: &Part) {
        for kind in ["argoWorkflow", "k8s"] {
            let Some(own) = trigger.find(&["template", kind]) else { continue };
            let Some(source) = own.get("source") else { continue };
            let before = self.found.subjects.len();
            let operation = own.text_of("operation").unwrap_or_default();
            if let Some(resource) = source.get("resource") {
                self.named_by(&operation, |maker| maker.read(resource));
            } else if let Some(inline) = source.get("inline") {
                self.named_by(&operation, |maker| maker.read_all(&inline));
            } else {
                let kind = source.entries().first().map(|(kind, _)| Part::text(kind, &source.pointer));
                self.refer(&Part::map(&source.pointer).with("name", kind), "source");
            }
            let written: Vec<Part> =
                own.items_of("parameters").into_iter().chain(trigger.items_of("parameters")).collect();
            self.written_into(before, &written);
        }
    }

    /// Tells that what an event brings is written into what a trigger creates: subjects from a place on.
    fn written_into(&mut self, from: usize, parameters: &[Part]) {
        let open = parameters.iter().filter_map(|one| one.get("dest")).filter(|dest| !is_harmless(dest));
        let open: Vec<Part> = open.take(MOST_TOLD).collect();
        let reason = |dest: &Part| {
            let way = dest.as_str().unwrap_or_default();
            format!("what an event brings is written to `{way}`")
        };
        let made = self.found.subjects.get_mut(from..).unwrap_or_default();
        for subject in made.iter_mut() {
            subject.notes.extend(open.iter().map(|dest| Note {
                kind: NoteKind::OpenPatch { reason: reason(dest) },
                pointer: dest.pointer.clone(),
                field: "parameters".to_owned(),
            }));
            subject.entry.unresolved.extend(open.iter().map(|dest| dest.pointer.clone()));
        }
        if made.is_empty()
            && let Some(dest) = open.first()
        {
            self.tell(&dest.pointer, reason(dest));
        }
    }
}

/// Parameters of a trigger that are told.
const MOST_TOLD: usize = 5;

/// Whether what stands at the end of a way decides nothing of a pod but where a template says so: the name, and the
/// arguments of a workflow.
fn is_harmless(dest: &Part) -> bool {
    let way = dest.as_str().unwrap_or_default();
    let own = ["argoWorkflow", "k8s"]
        .iter()
        .find_map(|kind| way.strip_prefix(kind)?.strip_prefix(".source.resource."));
    let way = own.unwrap_or(way);
    ["metadata.generateName", "metadata.name"].contains(&way) || way.starts_with("spec.arguments.")
}
