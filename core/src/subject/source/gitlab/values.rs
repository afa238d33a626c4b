//! Values of the chart `gitlab-runner`, alone or below its name in those of another chart.

use super::super::super::part::Part;
use super::super::super::template::Template;
use super::super::{Maker, docker, values};
use super::runner;

/// Settings of runners that stood beside each other in values before `runners.config`, as `config.toml` has them.
const OLD: [(&str, &str); 5] = [
    ("image", "image"),
    ("namespace", "namespace"),
    ("privileged", "privileged"),
    ("runAsUser", "run_as_user"),
    ("serviceAccountName", "service_account"),
];

/// What [`judge`] looks at.
const READ: [&str; 12] = [
    "envVars",
    "extraEnv",
    "hostAliases",
    "podAnnotations",
    "podLabels",
    "podSecurityContext",
    "priorityClassName",
    "runners",
    "runtimeClassName",
    "securityContext",
    "volumeMounts",
    "volumes",
];

/// The values of the chart in these, if there are any, and what else there is.
pub(super) fn of_chart(whole: &Part) -> Option<(Part, Part)> {
    values::of_chart(whole, &READ, is_values)
}

/// Whether what stands at a key is values of the chart.
pub(in super::super) fn is_values(key: &str, values: &Part) -> bool {
    is_own(values) || is_old(key, values)
}

/// Whether these are values of the chart by its name, which say what a runner may do as old ones do.
fn is_old(key: &str, values: &Part) -> bool {
    let runners = values.get("runners").filter(Part::is_map);
    key == "gitlab-runner" && runners.is_some_and(|runners| runners.get("privileged").is_some())
}

fn is_own(values: &Part) -> bool {
    let config = values.find(&["runners", "config"]);
    let has_config = config.is_some_and(|config| {
        config.as_str().is_some_and(|text| text.contains("runners") && text.contains('='))
    });
    let of_chart =
        values.get("gitlabUrl").is_some() && values.get("runners").is_some_and(|inner| inner.is_map());
    has_config || of_chart
}

/// What stands beside the runner in values of GitLab's own chart.
const OF_GITLAB: [&str; 5] = ["certmanager", "certmanager-issuer", "gitlab", "global", "registry"];

/// Whether the chart is installed with the others of GitLab's own chart, where `install` below its name decides.
pub(super) fn is_installed(whole: &Part, values: &Part) -> bool {
    let is_off = values.get("install").is_some_and(|on| on.as_bool() == Some(false));
    let is_named = whole.get("gitlab-runner").is_some_and(|own| own.pointer == values.pointer);
    !(is_off && is_named && OF_GITLAB.iter().any(|key| whole.get(key).is_some()))
}

/// Judges the runners, and what is said of the pod of their manager.
pub(super) fn judge(maker: &mut Maker<'_>, values: &Part) {
    let runners = values.get("runners").unwrap_or_else(|| Part::map(&values.pointer));
    if let Some(config) = runners.get("config") {
        runner::in_text(maker, &config);
    }
    let mut old = Part::map(&runners.pointer);
    for (name, key) in OLD {
        old = old.with(key, runners.get(name).filter(|value| value.as_str() != Some("")));
    }
    if old.get("privileged").is_some() {
        runner::of_kubernetes(maker, &old, &runner::OfJobs::default());
    }
    manager(maker, values);
}

/// The manager's own pod, as far as the values say.
fn manager(maker: &mut Maker<'_>, values: &Part) {
    let context = values.get("securityContext");
    let mounts = values.get("volumeMounts");
    let pod = values.clone().only(&["hostAliases", "priorityClassName", "runtimeClassName", "volumes"]);
    let pod = pod.with("securityContext", values.get("podSecurityContext"));
    let env =
        values.items_of("envVars").into_iter().chain(docker::variables(values.get("extraEnv").as_ref()));
    let env: Vec<Part> = env.collect();
    let listed = Some(Part::list(&values.pointer, env.clone()));
    let own = [context.clone(), mounts.clone(), listed];
    let metadata = Part::map(&values.pointer)
        .with("annotations", values.get("podAnnotations"))
        .with("labels", values.get("podLabels"));
    let told = metadata.entries();
    if !own
        .iter()
        .flatten()
        .chain(pod.entries().iter().chain(&told).map(|(_, part)| part))
        .any(values::is_said)
    {
        return;
    }
    let at = &values.pointer;
    let container = Part::map(at)
        .with("name", Part::text("gitlab-runner", at))
        .with("securityContext", context)
        .with("volumeMounts", mounts)
        .and("env", env);
    maker.add(Template {
        metadata: Some(metadata).filter(|_| !told.is_empty()),
        spec: Some(pod.with("containers", Part::list(at, vec![container]))),
        partial: true,
        implied: vec!["it is the manager, which makes the pods of jobs".to_owned()],
        ..Template::default()
    });
}
