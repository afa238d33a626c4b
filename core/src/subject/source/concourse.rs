//! Concourse: tasks, which its workers run in containers of their own (<https://concourse-ci.org/docs/tasks/>).

#[cfg(test)]
mod tests;
mod values;

use super::super::Subjects;
use super::super::object::Object;
use super::super::part::Part;
use super::super::template::Template;
use super::docker::variable;
use super::{Maker, called, make, reference};
pub(super) use values::is_own as is_values;

const PLATFORM: &str = "concourse";

/// Takes pipelines, tasks in files of their own, and values of the chart.
pub(in crate::subject) fn read(object: &Object<'_>, found: &mut Subjects) -> bool {
    if !object.kind().is_empty() {
        return false;
    }
    let whole = object.part();
    let named = |kind: &str| called(object, kind, "", &object.entry.pointer);
    if whole.get("platform").is_some() && whole.find(&["run", "path"]).is_some() {
        return make(&named("ConcourseTask"), PLATFORM, found, |maker| {
            task(maker, "task", &Part::map(&whole.pointer), &whole);
            true
        });
    }
    let plans: Vec<Part> =
        whole.items_of("jobs").into_iter().filter(|job| job.get("plan").is_some()).collect();
    if plans.is_empty() {
        return make(&named("ConcourseValues"), PLATFORM, found, |maker| values::read(maker, &whole));
    }
    make(&named("ConcoursePipeline"), PLATFORM, found, |maker| {
        for job in &plans {
            let name = job.text_of("name").unwrap_or_default();
            maker.inside("ConcourseJob", &name, job, |maker| plan(maker, job));
        }
        for own in ["prototypes", "resource_types"].iter().flat_map(|key| whole.items_of(key)) {
            if own.get("privileged").is_some() {
                let name = own.text_of("name").unwrap_or_default();
                let config = Part::map(&own.pointer).with("image_resource", own.clone());
                maker.inside("ConcourseResourceType", &name, &own, |maker| {
                    task(maker, &name, &own.clone().only(&["privileged"]), &config);
                });
            }
        }
        true
    })
}

/// Where a job or a step holds steps: what it consists of, and its hooks.
const STEPS: [&str; 10] = [
    "aggregate",
    "do",
    "ensure",
    "in_parallel",
    "on_abort",
    "on_error",
    "on_failure",
    "on_success",
    "plan",
    "try",
];

// Steps hold steps; recursion is bounded by the depth of the document.
fn plan(maker: &mut Maker<'_>, step: &Part) {
    for inner in STEPS.iter().filter_map(|key| step.get(key)) {
        let inner = inner.get("steps").unwrap_or(inner);
        inner.items().iter().for_each(|step| plan(maker, step));
    }
    let name = ["task", "run"].iter().find_map(|key| step.text_of(key));
    let file = step.get("file").filter(|_| step.get("config").is_none() && step.get("load_var").is_none());
    if let Some(file) = &file {
        maker.refer_to(file, "file");
    }
    if let Some(name) = name {
        let config = step.get("config").unwrap_or_else(|| Part::map(&step.pointer));
        task(maker, &name, step, &config);
    }
}

/// The variables that parameters give a task: what is no text is written as JSON.
fn params(of: &Part) -> Vec<Part> {
    let text = |value: Part| {
        let at = value.pointer.clone();
        let json = serde_json::to_string(&value.into_node());
        Part::text(&json.unwrap_or_default(), &at)
    };
    let entries = of.get("params").map(|own| own.entries()).unwrap_or_default().into_iter();
    entries.map(|(name, own)| variable(&name, if own.is_scalar() { own } else { text(own) })).collect()
}

/// The container of a task: what the step says of it, and what its configuration does.
fn task(maker: &mut Maker<'_>, name: &str, step: &Part, config: &Part) {
    let file = step.get("file").filter(|_| step.get("config").is_none());
    let source = config.find(&["image_resource", "source"]);
    let image = source.and_then(|source| {
        let repository = source.get("repository")?;
        let tag = source.get("tag").map(Part::into_text);
        let tag = tag.as_ref().and_then(Part::as_str).map(|tag| format!(":{tag}"));
        let whole = format!("{}{}", repository.as_str().unwrap_or_default(), tag.unwrap_or_default());
        Some(Part::text(&whole, &repository.pointer))
    });
    let run = config.get("run");
    let path = run.as_ref().and_then(|run| run.get("path"));
    let container = Part::map(&step.pointer)
        .with("name", Part::text(name, &step.pointer))
        .with("image", image)
        .with("command", path.map(|path| Part::list(&path.pointer.clone(), vec![path])))
        .with("args", run.and_then(|run| run.get("args")))
        .and("env", params(config))
        .and("env", params(step));
    let on = step.get("privileged");
    let context = on.map(|on| Part::map(&on.pointer).with("privileged", on));
    let container = container.with("securityContext", context);
    let mut unresolved = container.texts_with("((", &["args", "command", "env"]);
    unresolved.extend(file.iter().map(|file| file.pointer.clone()));
    let open = [config, step].into_iter().filter_map(|of| of.get("params")).filter(|own| !own.is_map());
    unresolved.extend(open.map(|own| own.pointer));
    maker.add(Template {
        spec: Some(Part::map(&step.pointer).with("containers", Part::list(&step.pointer, vec![container]))),
        partial: true,
        notes: file.iter().map(|file| reference(file, "file")).collect(),
        implied: vec!["it runs in the worker, whose own pod is privileged".to_owned()],
        unresolved,
        ..Template::default()
    });
}
