//! Values of Concourse's chart (<https://github.com/concourse/concourse-chart>), whose workers run the containers of all
//! tasks.

use super::super::super::part::Part;
use super::super::super::template::Template;
use super::super::{Maker, over, values, yes};

/// Root keys of the chart.
const ROOTS: [&str; 20] = [
    "concourse",
    "fullnameOverride",
    "image",
    "imageDigest",
    "imagePullPolicy",
    "imagePullSecrets",
    "imageTag",
    "nameOverride",
    "namespaceOverride",
    "persistence",
    "podAnnotations",
    "podLabels",
    "podSecurityPolicy",
    "postgresql",
    "rbac",
    "requiredCheck",
    "secrets",
    "testImage",
    "web",
    "worker",
];

/// What only workers of this chart have.
const OF_WORKER: [&str; 8] = [
    "additionalVolumeMounts",
    "additionalVolumes",
    "cleanUpWorkDirOnStart",
    "emptyDirSize",
    "extraInitContainers",
    "keySecretsPath",
    "privileged",
    "sidecarContainers",
];

/// What of a worker is in the pod that is judged.
const READ: [&str; 9] = [
    "additionalVolumeMounts",
    "additionalVolumes",
    "annotations",
    "containerSecurityContext",
    "enabled",
    "env",
    "extraInitContainers",
    "privileged",
    "sidecarContainers",
];

pub(in super::super) fn is_own(values: &Part) -> bool {
    let has = |way: &[&str]| values.find(way).is_some_and(|part| part.is_map());
    let is_whole = has(&["concourse"]) && (has(&["worker"]) || has(&["web"]))
        || has(&["concourse", "worker"])
        || has(&["concourse", "web"]);
    // Below the name of the chart, the same keys stand one level deeper.
    let is_below = has(&["concourse", "concourse"])
        || OF_WORKER.iter().any(|key| values.find(&["concourse", "worker", key]).is_some());
    is_whole && !is_below
        || has(&["worker"])
            && OF_WORKER.iter().any(|key| values.find(&["worker", key]).is_some())
            && values.entries().iter().all(|(key, _)| ROOTS.contains(&&**key))
}

/// Judges the workers; says whether these are values of the chart.
pub(super) fn read(maker: &mut Maker<'_>, whole: &Part) -> bool {
    let Some((values, others)) =
        values::of_chart(whole, &["concourse", "web", "worker"], |_, own| is_own(own))
    else {
        return false;
    };
    if values.find(&["worker", "enabled"]).is_none_or(|on| on.as_bool() != Some(false)) {
        worker(maker, &values);
    }
    let rest = values.get("worker").map(|worker| worker.without(&READ).entries()).unwrap_or_default();
    maker.by_shape(rest.iter().map(|(_, part)| part).chain(values.get("web").as_ref()));
    maker.beside(&others);
    true
}

/// The worker's own pod, whose container the chart makes privileged.
fn worker(maker: &mut Maker<'_>, values: &Part) {
    let worker = values.get("worker").unwrap_or_else(|| Part::map(&values.pointer));
    let at = worker.pointer.as_str();
    // Of values that are not the chart's beyond doubt, nothing is taken for granted.
    let on = worker.get("privileged").or_else(|| values.get("concourse").map(|_| yes(at)));
    let context = on.map(|on| Part::map(&on.pointer).with("privileged", on));
    let fields = [
        ("securityContext", over(context, worker.get("containerSecurityContext"))),
        ("env", worker.get("env")),
        ("volumeMounts", worker.get("additionalVolumeMounts")),
    ];
    let containers = [values::container(at, "concourse-worker", fields)].into_iter();
    let containers = containers.chain(worker.items_of("sidecarContainers")).collect();
    let metadata = worker.get("annotations").filter(values::is_said);
    maker.add(Template {
        metadata: metadata.map(|own| Part::map(&own.pointer).with("annotations", own.clone())),
        spec: Some(
            Part::map(at)
                .with("containers", Part::list(at, containers))
                .with("initContainers", worker.get("extraInitContainers"))
                .with("volumes", worker.get("additionalVolumes")),
        ),
        partial: true,
        implied: vec![
            "a worker, in which the containers of all tasks run: the chart makes it privileged".to_owned(),
        ],
        ..Template::default()
    });
}
