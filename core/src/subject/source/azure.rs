//! Azure Pipelines: containers that agents create for jobs and services
//! (<https://learn.microsoft.com/azure/devops/pipelines/process/container-phases>).

#[cfg(test)]
mod tests;

use super::super::Subjects;
use super::super::object::Object;
use super::super::part::Part;
use super::super::template::Template;
use super::docker::{Docker, variables};
use super::{Maker, called, make, setting};

const PLATFORM: &str = "azure-pipelines";

/// Takes pipelines.
pub(in crate::subject) fn read(object: &Object<'_>, found: &mut Subjects) -> bool {
    let whole = object.part();
    if !object.kind().is_empty() || !is_own(&whole) {
        return false;
    }
    make(&called(object, "AzurePipeline", "", &object.entry.pointer), PLATFORM, found, |maker| {
        // Agents of Microsoft's are machines that end with the job.
        let is_hosted = is_hosted(&whole);
        for container in whole.get("resources").map(|own| own.items_of("containers")).unwrap_or_default() {
            let name = container.text_of("container").unwrap_or_default();
            maker.inside("AzureContainer", &name, &container, |maker| {
                one(maker, &container, &name, true, is_hosted)
            });
        }
        templates(maker, &whole);
        for job in all_jobs(&whole) {
            let name = ["job", "deployment"].iter().find_map(|key| job.text_of(key)).unwrap_or_default();
            if !is_hosted {
                maker.inside("AzureJob", &name, &job, |maker| scripts(maker, &job));
            }
            if let Some(container) = job.get("container").filter(Part::is_map) {
                maker.inside("AzureJob", &name, &container, |maker| {
                    one(maker, &container, "job", false, is_hosted)
                });
            }
        }
        true
    })
}

fn is_own(whole: &Part) -> bool {
    let list =
        |key: &str| whole.get(key).filter(|list| !list.is_map()).map(|list| list.items()).unwrap_or_default();
    let resources = whole.get("resources").map(|own| own.items_of("containers")).unwrap_or_default();
    let is_container = |one: &Part| {
        one.get("container").is_some() && (one.get("image").is_some() || one.get("type").is_some())
    };
    let is_job = |one: &Part| one.get("job").is_some() || one.get("deployment").is_some();
    let is_stage = |one: &Part| one.get("stage").is_some() && one.get("jobs").is_some();
    let is_task =
        |one: &Part| ["task", "script", "bash", "pwsh", "checkout"].iter().any(|key| one.get(key).is_some());
    resources.iter().any(is_container)
        || list("jobs").iter().any(is_job)
        || list("stages").iter().any(is_stage)
        || whole.get("pool").is_some() && list("steps").iter().any(is_task)
}

/// Lists the templates of stages, jobs and steps, wherever they stand, and what the whole extends.
// Recursion is bounded by the depth of the document.
fn templates(maker: &mut Maker<'_>, part: &Part) {
    if part.is_map() {
        if let Some(file) = part.get("template").filter(|file| file.as_str().is_some()) {
            maker.refer(&Part::map(&file.pointer).with("name", file.clone()), "template");
        }
        let inner =
            ["deploy", "extends", "jobs", "on", "postRouteTraffic", "preDeploy", "routeTraffic", "runOnce"];
        let more = ["canary", "failure", "rolling", "stages", "steps", "strategy", "success", "variables"];
        for inner in inner.iter().chain(&more).filter_map(|key| part.get(key)) {
            templates(maker, &inner);
        }
    } else if !part.is_scalar() {
        part.items().iter().for_each(|item| templates(maker, item));
    }
}

/// What the steps of a job run in a shell, as a part of the agent's pod or of the job's container.
fn scripts(maker: &mut Maker<'_>, job: &Part) {
    let keys = ["bash", "powershell", "pwsh", "script"];
    let mut scripts = Vec::new();
    let mut pending = vec![job.clone()];
    // A job of a deployment has its steps below its strategy.
    while let Some(part) = pending.pop() {
        for step in part.items_of("steps") {
            let inline = step.find(&["inputs", "script"]).or_else(|| step.find(&["inputs", "inlineScript"]));
            scripts.extend(keys.iter().find_map(|key| step.get(key)).or(inline));
        }
        let inner = ["deploy", "runOnce", "rolling", "canary", "strategy"];
        pending.extend(inner.iter().filter_map(|key| part.get(key)));
    }
    scripts.retain(|script| script.as_str().is_some());
    if scripts.is_empty() {
        return;
    }
    let at = &job.pointer;
    let container = Part::map(at).with("name", Part::text("agent", at)).and("args", scripts);
    maker.add(Template {
        spec: Some(Part::map(at).with("containers", Part::list(at, vec![container]))),
        partial: true,
        implied: vec!["the pod is that of the agent, whose own settings say what it may do".to_owned()],
        ..Template::default()
    });
}

/// The jobs of all stages; a pipeline without any is one itself.
fn all_jobs(whole: &Part) -> Vec<Part> {
    let stages = whole.items_of("stages");
    let jobs: Vec<Part> = stages.iter().chain([whole]).flat_map(|stage| stage.items_of("jobs")).collect();
    if jobs.is_empty() { vec![whole.clone()] } else { jobs }
}

/// Whether every pool that is named is one of Microsoft's.
fn is_hosted(whole: &Part) -> bool {
    let stages = whole.items_of("stages");
    let jobs = all_jobs(whole);
    let pools: Vec<Part> =
        stages.iter().chain(&jobs).chain([whole]).filter_map(|one| one.get("pool")).collect();
    !pools.is_empty() && pools.iter().all(|pool| pool.get("vmImage").is_some() && pool.get("name").is_none())
}

/// A container: `shared` ones are resources, into which the agent mounts its Docker socket unless told not to.
fn one(maker: &mut Maker<'_>, container: &Part, name: &str, shared: bool, is_hosted: bool) {
    if is_hosted {
        return;
    }
    let base = Part::map(&container.pointer)
        .with("name", Part::text(name, &container.pointer))
        .with("image", container.get("image"))
        .and("env", variables(container.get("env").as_ref()));
    let mut docker = Docker::new(base);
    for volume in container.items_of("volumes") {
        docker.volume(&volume);
    }
    if let Some(options) = container.get("options") {
        docker.options(&options, "options");
    }
    let mut notes = std::mem::take(&mut docker.notes);
    let said = container.get("mapDockerSocket");
    if (shared || said.is_some()) && said.as_ref().and_then(Part::as_bool) != Some(false) {
        let at = said.as_ref().unwrap_or(container).pointer.clone();
        let how = if said.is_some() { "written" } else { "default" };
        notes.push(setting("azure-docker-socket", "mapDockerSocket", &at, vec![how.to_owned()]));
    }
    let mut unresolved = docker.unresolved.clone();
    let spec = docker.spec();
    unresolved.extend(spec.texts_with("$(", &["args", "command", "env"]));
    maker.add(Template {
        spec: Some(spec),
        partial: true,
        notes,
        implied: vec!["an agent with Docker creates it, on the agent's own machine or in its pod".to_owned()],
        unresolved,
        ..Template::default()
    });
}
