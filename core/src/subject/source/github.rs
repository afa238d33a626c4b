//! GitHub Actions: the controllers that run its runners in a cluster
//! (<https://github.com/actions/actions-runner-controller>), the values of their charts, templates of the runner's
//! container hooks, and workflows and actions themselves.

mod env;
mod hosted;
mod legacy;
mod matrix;
mod scale_set;
#[cfg(test)]
mod tests;
mod workflow;

use super::super::Subjects;
use super::super::object::Object;
use super::super::part::Part;
use super::super::template::Template;
use super::{Maker, called, make, setting};
pub(super) use scale_set::is_own as is_values;

const PLATFORM: &str = "github-actions";

/// Takes the kinds of both controllers, values of their charts, hook templates, workflows and actions.
pub(in crate::subject) fn read(object: &Object<'_>, found: &mut Subjects) -> bool {
    let whole = object.part();
    match object.group() {
        "actions.summerwind.dev" | "actions.summerwind.net" => {
            make(object, PLATFORM, found, |maker| legacy::read(maker, &whole))
        }
        "actions.github.com" => make(object, PLATFORM, found, |maker| scale_set::read(maker, &whole)),
        "" if object.kind() == "ConfigMap" => hook_templates(object, &whole, found),
        "" if object.kind().is_empty() => without_kind(object, &whole, found),
        _ => false,
    }
}

/// An object that does not say what it is.
fn without_kind(object: &Object<'_>, whole: &Part, found: &mut Subjects) -> bool {
    let named = |kind: &str| {
        let name = whole.text_of("name").unwrap_or_default();
        called(object, kind, &name, &object.entry.pointer)
    };
    if workflow::is_workflow(whole) {
        make(&named("GitHubWorkflow"), PLATFORM, found, |maker| workflow::jobs(maker, whole))
    } else if workflow::is_action(whole) {
        make(&named("GitHubAction"), PLATFORM, found, |maker| workflow::action(maker, whole))
    } else if scale_set::is_values(whole) {
        make(&named("RunnerScaleSetValues"), PLATFORM, found, |maker| scale_set::values(maker, whole))
    } else if is_hook_template(whole) {
        make(&named("ContainerHookTemplate"), PLATFORM, found, |maker| hook_template(maker, whole))
    } else {
        false
    }
}

/// The container in a hook template that stands for the job's own.
const JOB: &str = "$job";

fn is_hook_template(template: &Part) -> bool {
    let containers = template.find(&["spec", "containers"]).map(|list| list.items()).unwrap_or_default();
    containers.iter().any(|container| container.text_of("name").as_deref() == Some(JOB))
}

/// What the runner's hooks put over the pod of every job (`ACTIONS_RUNNER_CONTAINER_HOOK_TEMPLATE`).
fn hook_template(maker: &mut Maker<'_>, template: &Part) -> bool {
    maker.add(Template {
        metadata: template.get("metadata"),
        spec: template.get("spec"),
        partial: true,
        implied: vec!["it is put over the pod of every job that runs in a container".to_owned()],
        ..Template::default()
    });
    true
}

/// What a pod has that a hook template may be without `$job`, where a ConfigMap holds it.
const OF_POD: [&str; 10] = [
    "automountServiceAccountToken",
    "containers",
    "hostIPC",
    "hostNetwork",
    "hostPID",
    "initContainers",
    "runtimeClassName",
    "securityContext",
    "serviceAccountName",
    "volumes",
];

/// Whether a text of a ConfigMap is a template of a pod, and no object of its own.
fn is_template(text: &Part) -> bool {
    let has = |spec: Part| OF_POD.iter().any(|key| spec.get(key).is_some());
    text.entries().iter().all(|(key, _)| matches!(&**key, "metadata" | "spec"))
        && text.get("spec").is_some_and(has)
}

/// Hook templates as texts of a ConfigMap. Others are left to whom they belong.
fn hook_templates(object: &Object<'_>, whole: &Part, found: &mut Subjects) -> bool {
    let entries = whole.get("data").map(|data| data.entries()).unwrap_or_default();
    // Argo's defaults look the same, and are not of these.
    let texts = entries.into_iter().filter(|(key, _)| &**key != "workflowDefaults").map(|(_, text)| text);
    let telling = texts.filter(|text| text.as_str().is_some_and(|text| text.contains("spec")));
    let telling: Vec<Part> = telling.collect();
    !telling.is_empty()
        && make(object, PLATFORM, found, |maker| {
            let mut is_own = false;
            for text in &telling {
                let template = maker.try_document(text).and_then(Result::ok);
                if let Some(template) = template.filter(|own| is_hook_template(own) || is_template(own)) {
                    maker.take(text);
                    is_own |= hook_template(maker, &template);
                }
            }
            is_own
        })
}
