//! Tekton: tasks and the runs of them (<https://github.com/tektoncd/pipeline/tree/main/pkg/apis/pipeline>).
//!
//! A task becomes a pod whose containers are its steps and sidecars (`pkg/pod/pod.go`). What the pod as a whole
//! may do is said by the run: a task alone is a part of a pod.

mod run;
mod task;
#[cfg(test)]
mod tests;

use super::super::Subjects;
use super::super::object::Object;
use super::super::part::{Odd, Part};
use super::super::template::Template;
use super::case::in_any_case;
use super::{Maker, labels_and_annotations, make, reference, size};
use run::Run;

const PLATFORM: &str = "tekton";

/// Takes Tekton's kinds, what a trigger creates, and the defaults of the controller.
pub(in crate::subject) fn read(object: &Object<'_>, found: &mut Subjects) -> bool {
    make(object, PLATFORM, found, |maker| {
        let whole = object.part();
        // The webhook puts what Go's reader of JSON made of it in its place, where the API server has left it as it is.
        let mut odd = Vec::new();
        let whole = if object.group() == "tekton.dev" { in_case(whole, &mut odd) } else { whole };
        maker.either_way(&odd);
        let spec = whole.get("spec").unwrap_or_else(|| Part::map(&object.entry.pointer));
        match (object.group(), object.kind()) {
            ("tekton.dev", "Task" | "ClusterTask") => maker.task(&spec, &Run::none(&whole)),
            ("tekton.dev", "StepAction") => maker.step_action(&spec, &Run::none(&whole)),
            ("tekton.dev", "TaskRun") => maker.task_run(&spec, &Run::of_task(&whole)),
            ("tekton.dev", "Pipeline") => maker.pipeline(&spec, &Run::none(&whole)),
            ("tekton.dev", "PipelineRun") => maker.pipeline_run(&spec, &Run::of_pipeline(&whole)),
            ("triggers.tekton.dev" | "tekton.dev", "TriggerTemplate") => maker.created(&spec),
            ("triggers.tekton.dev", "Trigger") => maker.triggered(&spec),
            ("triggers.tekton.dev", "EventListener") => {
                spec.items_of("triggers").iter().for_each(|trigger| maker.triggered(trigger));
                maker.by_shape(&spec.get("resources"));
            }
            ("operator.tekton.dev", "TektonConfig" | "TektonPipeline") => maker.operator(&spec),
            ("", "ConfigMap") => return maker.defaults(whole.get("data")),
            _ => return false,
        }
        true
    })
}

/// The run of a pipeline of which another object has the spec, with the metadata that it gives to the run.
pub(super) fn run_in(maker: &mut Maker<'_>, spec: &Part, metadata: Option<Part>) {
    let spec = in_case(spec.clone(), &mut Vec::new());
    let run = Part::map(&spec.pointer).with("metadata", metadata).with("spec", spec.clone());
    maker.of_platform(PLATFORM, |maker| maker.pipeline_run(&spec, &Run::of_pipeline(&run)));
}

/// Fields that stand in those of a task and of a run.
const NESTED: [&str; 18] = [
    "finally",
    "pipelineRef",
    "pipelineSpec",
    "pipelineTaskName",
    "podTemplate",
    "ref",
    "script",
    "subPath",
    "taskPodTemplate",
    "taskRef",
    "taskRunSpecs",
    "taskRunTemplate",
    "taskServiceAccountName",
    "taskSpec",
    "tasks",
    "volumeClaimTemplate",
    "volumeDevices",
    "workspace",
];

/// What Go's reader of JSON makes of an object or a setting.
fn in_case(part: Part, odd: &mut Vec<Odd>) -> Part {
    in_any_case(part, &[&task::FIELDS, &task::WORKSPACE_SOURCES, &run::TEMPLATE, &NESTED], odd)
}

/// Keys of `config-defaults` that hold a template of pods as text.
const DEFAULTS: [&str; 2] = ["default-pod-template", "default-affinity-assistant-pod-template"];

impl Maker<'_> {
    /// What a trigger creates by a template of its own, or by one that stands elsewhere.
    fn triggered(&mut self, trigger: &Part) {
        let Some(template) = trigger.get("template") else { return };
        match template.get("spec") {
            Some(spec) => self.created(&spec),
            None => self.refer(&template.clone().with("name", template.get("ref")), "template"),
        }
    }

    fn created(&mut self, template: &Part) {
        for resource in template.items_of("resourcetemplates") {
            self.fills_in(&resource, "$(tt.", "filled in when the trigger creates it");
            self.read(resource);
        }
    }

    fn task(&mut self, task: &Part, run: &Run) {
        let containers = task.items_of("steps").len() + task.items_of("sidecars").len();
        let shared = task::for_each_container(task, run);
        let fits = self.affords(&task.pointer, 1, || run.size(task.items_of("workspaces").len()))
            && self.affords(&task.pointer, containers, || size(&shared));
        if !fits {
            return;
        }
        let step_action = |step: &Part| step.get("ref");
        let references: Vec<Part> = task.items_of("steps").iter().filter_map(step_action).collect();
        let mut notes: Vec<_> = references.iter().map(|step| reference(step, "ref")).collect();
        notes.extend(task.unknown(&task::FIELDS));
        notes.extend(run.notes());
        let spec = task::pod(task, run);
        let mut unresolved: Vec<String> = references.into_iter().map(|part| part.pointer).collect();
        unresolved.extend(task::open(&spec));
        self.add(Template {
            metadata: run.metadata.clone(),
            spec: Some(spec),
            partial: !run.is_run,
            notes,
            implied: task::implied(),
            unresolved,
            ..Template::default()
        });
    }

    fn step_action(&mut self, step: &Part, run: &Run) {
        let task = Part::map(&step.pointer)
            .with("steps", Part::list(&step.pointer, vec![step.clone().without(&["description"])]));
        self.task(&task, run);
    }

    fn task_run(&mut self, spec: &Part, run: &Run) {
        match (spec.get("taskSpec"), spec.get("taskRef")) {
            (Some(task), _) => self.task(&task, run),
            (None, Some(task)) => self.referred(&task, "taskRef", run),
            (None, None) => self.refuse(&spec.pointer, "a TaskRun needs `taskSpec` or `taskRef`".to_owned()),
        }
    }

    fn pipeline_run(&mut self, spec: &Part, run: &Run) {
        match (spec.get("pipelineSpec"), spec.get("pipelineRef")) {
            (Some(pipeline), _) => self.pipeline(&pipeline, run),
            (None, Some(pipeline)) => {
                self.refer(&pipeline, "pipelineRef");
                self.made_elsewhere(&pipeline, "pipelineRef", run);
                for task in run.named_tasks().iter() {
                    if self.affords(&task.pointer, 1, || run.size(0)) {
                        self.made_elsewhere(&pipeline, "pipelineRef", &run.of(task));
                    }
                }
            }
            (None, None) => {
                self.refuse(&spec.pointer, "a PipelineRun needs `pipelineSpec` or `pipelineRef`".to_owned());
            }
        }
    }

    // Recursion is bounded by the depth of the document.
    fn pipeline(&mut self, pipeline: &Part, run: &Run) {
        let tasks = pipeline.items_of("tasks").into_iter().chain(pipeline.items_of("finally"));
        for task in tasks {
            if !self.affords(&task.pointer, 1, || run.size(0)) {
                return;
            }
            let own = run.of_pipeline_task(&task);
            let custom = |spec: &Part| spec.get("apiVersion").is_some();
            match (task.get("taskSpec"), task.get("pipelineSpec")) {
                (Some(spec), _) if custom(&spec) => self.read(spec),
                (Some(spec), _) => {
                    let metadata = labels_and_annotations(spec.get("metadata"));
                    self.task(&spec.without(&["metadata"]), &own.with_metadata(metadata));
                }
                (None, Some(inner)) => self.pipeline(&inner, run),
                (None, None) => {
                    match ["taskRef", "pipelineRef"].iter().find_map(|key| Some((*key, task.get(key)?))) {
                        Some((key, other)) => self.referred(&other, key, &own),
                        None => self.refuse(&task.pointer, "a task needs `taskSpec` or `taskRef`".to_owned()),
                    }
                }
            }
        }
    }

    /// Something that is written elsewhere: what the run says of its pods is judged.
    fn referred(&mut self, to: &Part, key: &str, run: &Run) {
        self.refer(to, key);
        self.made_elsewhere(to, key, run);
    }

    fn made_elsewhere(&mut self, to: &Part, key: &str, run: &Run) {
        if !run.says_something() {
            return;
        }
        let mut notes = run.notes();
        notes.push(reference(to, key));
        self.add(Template {
            metadata: run.metadata.clone(),
            spec: Some(task::pod(&Part::map(&to.pointer), run)),
            partial: true,
            notes,
            unresolved: vec![to.pointer.clone()],
            ..Template::default()
        });
    }

    /// The templates of pods that the controller begins with: `config-defaults`.
    fn defaults(&mut self, settings: Option<Part>) -> bool {
        let own = |key: &&str| settings.as_ref()?.get(key);
        let texts: Vec<Part> = DEFAULTS.iter().filter_map(own).collect();
        for text in &texts {
            self.take(text);
            if let Some(template) = self.document(text, "the template of all pods of Tekton") {
                let run = Run::with_template(in_case(template, &mut Vec::new()));
                self.add(Template {
                    spec: Some(task::pod(&Part::map(&text.pointer), &run)),
                    partial: true,
                    notes: run.notes(),
                    implied: vec!["every pod of Tekton in the cluster begins with it".to_owned()],
                    ..Template::default()
                });
            }
        }
        !texts.is_empty()
    }

    /// What the operator is told of Tekton: the same defaults, and what it puts into ConfigMaps and Deployments.
    fn operator(&mut self, spec: &Part) {
        let parts = spec.entries().into_iter().map(|(_, part)| part).filter(Part::is_map);
        for part in std::iter::once(spec.clone()).chain(parts) {
            self.defaults(Some(part.clone()));
            for (name, map) in part.find(&["options", "configMaps"]).iter().flat_map(Part::entries) {
                let text = |text: &str| Part::text(text, &map.pointer);
                let named = Part::map(&map.pointer).with("name", text(&name));
                let object = map.clone().only(&["binaryData", "data"]).with("metadata", named);
                self.read(object.with("apiVersion", text("v1")).with("kind", text("ConfigMap")));
            }
        }
        self.by_shape([spec]);
    }
}
