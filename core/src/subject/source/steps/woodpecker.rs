//! Woodpecker: each step and service is a container of its own (<https://woodpecker-ci.org/docs/usage/workflow-syntax>).
//! On Kubernetes it is a pod, of which `backend_options` say more.

use super::super::super::part::Part;
use super::super::super::template::Template;
use super::super::docker::Docker;
use super::super::{Maker, over, setting};
use super::{commands, environment, list, named};

/// Keys of a step by which it is told from a container of Kubernetes.
const SIGNS: [&str; 16] = [
    "backend_options",
    "commands",
    "depends_on",
    "detach",
    "environment",
    "failure",
    "group",
    "network_mode",
    "ports",
    "privileged",
    "pull",
    "secrets",
    "settings",
    "tmpfs",
    "volumes",
    "when",
];

/// Keys that steps of other systems have.
const OF_OTHERS: [&str; 7] =
    ["arguments", "command", "script", "securityContext", "task", "uses", "volumeMounts"];

/// Root keys of other systems' files.
const ROOTS_OF_OTHERS: [&str; 8] = ["apiVersion", "kind", "jobs", "on", "runs", "spec", "stages", "true"];

/// Whether this is a pipeline: steps with images that say what only steps say. Where the file `is_named` so, images are
/// enough.
pub(super) fn is_own(whole: &Part, is_named: bool) -> bool {
    let steps = named(steps_of(whole));
    let is_step = |step: &Part| {
        let has = |key: &&str| step.get(key).is_some();
        step.is_map() && step.text_of("image").is_some() && !OF_OTHERS.iter().any(has)
    };
    let is_told = |step: &Part| is_step(step) && SIGNS.iter().any(|key| step.get(key).is_some());
    // Codefresh has a version and types of steps.
    let is_codefresh = whole.get("version").is_some();
    !ROOTS_OF_OTHERS.iter().any(|key| whole.get(key).is_some())
        && !is_codefresh
        && !steps.is_empty()
        && steps.iter().all(|(_, step)| is_step(step))
        && (is_named || steps.iter().chain(&named(whole.get("services"))).any(|(_, step)| is_told(step)))
}

/// The steps; before Woodpecker 1.0 they stood below `pipeline`.
fn steps_of(whole: &Part) -> Option<Part> {
    whole.get("steps").or_else(|| whole.get("pipeline"))
}

pub(super) fn judge(maker: &mut Maker<'_>, whole: &Part) -> bool {
    // What takes the place of the step that clones is a step like any other.
    for list in ["clone", "steps", "pipeline", "services"].iter().filter_map(|key| whole.get(key)) {
        for (name, step) in named(Some(list)).iter().filter(|(_, step)| step.is_map()) {
            maker.inside("WoodpeckerStep", name, step, |maker| one(maker, name, step));
        }
    }
    true
}

fn one(maker: &mut Maker<'_>, name: &str, step: &Part) {
    let container = Part::map(&step.pointer)
        .with("name", Part::text(name, &step.pointer))
        .with("image", step.get("image"))
        .with("command", list(step.get("entrypoint")))
        .and("args", commands(step))
        .and("env", environment(step));
    let mut docker = Docker::new(container);
    for volume in step.items_of("volumes") {
        docker.volume(&volume);
    }
    docker.listed(step, &[("devices", "device"), ("network_mode", "network")]);
    if let Some(on) = step.get("privileged").filter(|on| on.as_bool() != Some(false)) {
        docker.context("privileged", on);
    }
    let mut unresolved = docker.unresolved.clone();
    let spec = docker.spec();
    let options = step.find(&["backend_options", "kubernetes"]);
    let spec = match &options {
        Some(options) => with_options(spec, options),
        None => spec,
    };
    unresolved.extend(spec.texts_with("${", &["args", "command", "env"]));
    let metadata = options.as_ref().map(|options| options.clone().only(&["annotations", "labels"]));
    maker.add(Template {
        metadata,
        spec: Some(spec),
        partial: true,
        notes: options
            .iter()
            .map(|own| setting("author-pod", "backend_options", &own.pointer, Vec::new()))
            .collect(),
        implied: vec!["`privileged` and `volumes` count where the server trusts the repository".to_owned()],
        unresolved,
        ..Template::default()
    });
}

/// The pod with what a step says of it for Kubernetes.
fn with_options(spec: Part, options: &Part) -> Part {
    let pod =
        options.clone().only(&["nodeSelector", "runtimeClassName", "serviceAccountName", "tolerations"]);
    let mut spec = spec.with_all(pod.entries());
    let Some(context) = options.get("securityContext") else { return spec };
    let profile = context.get("apparmorProfile");
    let of_pod = context.clone().only(&["fsGroup"]);
    let own = context.without(&["apparmorProfile", "fsGroup"]).with("appArmorProfile", profile);
    if !of_pod.entries().is_empty() {
        let whole = over(spec.get("securityContext"), Some(of_pod));
        spec = spec.with("securityContext", whole);
    }
    let containers = spec.items_of("containers").into_iter().map(|one| {
        let whole = over(Some(own.clone()), one.get("securityContext"));
        one.with("securityContext", whole)
    });
    let containers = Part::list(&options.pointer, containers.collect());
    spec.with("containers", containers)
}
