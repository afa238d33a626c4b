//! Concourse: tasks, which its workers run in containers of their own (<https://concourse-ci.org/docs/tasks/>).

#[cfg(test)]
mod tests;

use super::super::Subjects;
use super::super::object::Object;
use super::super::part::Part;
use super::super::template::Template;
use super::docker::variables;
use super::{Maker, called, make, reference};

/// Takes pipelines.
pub(in crate::subject) fn read(object: &Object<'_>, found: &mut Subjects) -> bool {
    if !object.kind().is_empty() {
        return false;
    }
    let whole = object.part();
    let plans: Vec<Part> =
        whole.items_of("jobs").into_iter().filter(|job| job.get("plan").is_some()).collect();
    !plans.is_empty()
        && make(
            &called(object, "ConcoursePipeline", "", &object.entry.pointer),
            "concourse",
            found,
            |maker| {
                for job in &plans {
                    let name = job.text_of("name").unwrap_or_default();
                    maker.inside("ConcourseJob", &name, job, |maker| {
                        job.items_of("plan").iter().for_each(|step| plan(maker, step))
                    });
                }
                true
            },
        )
}

// Steps hold steps; recursion is bounded by the depth of the document.
fn plan(maker: &mut Maker<'_>, step: &Part) {
    for key in [
        "do",
        "try",
        "in_parallel",
        "aggregate",
        "on_success",
        "on_failure",
        "on_abort",
        "on_error",
        "ensure",
    ] {
        let Some(inner) = step.get(key) else { continue };
        let inner = inner.get("steps").unwrap_or(inner);
        inner.items().iter().for_each(|step| plan(maker, step));
    }
    let Some(name) = step.text_of("task") else { return };
    let file = step.get("file").filter(|_| step.get("config").is_none());
    if let Some(file) = &file {
        maker.refer(&Part::map(&file.pointer).with("name", file.clone()), "file");
    }
    let config = step.get("config").unwrap_or_else(|| Part::map(&step.pointer));
    let text = |way: &[&str]| {
        config
            .find(way)
            .map(|part| part.clone().into_text())
            .and_then(|part| part.as_str().map(str::to_owned))
    };
    let source = ["image_resource", "source"];
    let image = config.find(&["image_resource", "source", "repository"]).map(|repository| {
        let tag = text(&[source[0], source[1], "tag"]);
        let name = repository.as_str().unwrap_or_default();
        let whole = tag.map_or_else(|| name.to_owned(), |tag| format!("{name}:{tag}"));
        Part::text(&whole, &repository.pointer)
    });
    let run = config.get("run");
    let path = run.as_ref().and_then(|run| run.get("path"));
    let container = Part::map(&step.pointer)
        .with("name", Part::text(&name, &step.pointer))
        .with("image", image)
        .with("command", path.map(|path| Part::list(&path.pointer.clone(), vec![path])))
        .with("args", run.and_then(|run| run.get("args")))
        .and("env", variables(config.get("params").as_ref()))
        .and("env", variables(step.get("params").as_ref()));
    let on = step.get("privileged");
    let context = on.map(|on| Part::map(&on.pointer).with("privileged", on));
    let mut unresolved = container.texts_with("((", &["args", "command", "env"]);
    unresolved.extend(file.iter().map(|file| file.pointer.clone()));
    maker.add(Template {
        spec: Some(
            Part::map(&step.pointer).with(
                "containers",
                Part::list(&step.pointer, vec![container.with("securityContext", context)]),
            ),
        ),
        partial: true,
        notes: file.iter().map(|file| reference(file, "file")).collect(),
        implied: vec!["it runs in the worker, whose own pod is privileged".to_owned()],
        unresolved,
        ..Template::default()
    });
}
