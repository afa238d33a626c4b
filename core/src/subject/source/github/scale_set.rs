//! The newer controller, `actions.github.com`: its kinds hold whole pods, and its chart adds a daemon to them.

use super::super::super::part::Part;
use super::super::super::template::Template;
use super::super::{Maker, yes};
use super::setting;

/// Where a kind keeps its pods: the way to each, and what is only put over a pod of the controller's.
pub(super) fn read(maker: &mut Maker<'_>, whole: &Part) -> bool {
    let (pod, listener): (&[&str], &[&str]) = match maker.object.kind() {
        "AutoscalingRunnerSet" => (&["spec", "template"], &["spec", "listenerTemplate"]),
        "EphemeralRunnerSet" => (&["spec", "ephemeralRunnerSpec"], &[]),
        "EphemeralRunner" => (&["spec"], &[]),
        "AutoscalingListener" => (&[], &["spec", "template"]),
        _ => return false,
    };
    let found = |way: &[&str]| (!way.is_empty()).then(|| whole.find(way)).flatten();
    let listens = found(listener).is_some();
    if !pod.is_empty() && !listens && found(pod).is_none_or(|template| template.get("spec").is_none()) {
        maker.without(&format!("/{}/spec", pod.join("/")));
    }
    if let Some(template) = found(pod) {
        pod_of(maker, &template, false);
    }
    if let Some(template) = found(listener) {
        pod_of(maker, &template, true);
    }
    true
}

fn pod_of(maker: &mut Maker<'_>, template: &Part, partial: bool) {
    let Some(spec) = template.get("spec") else { return };
    maker.add(Template {
        metadata: template.get("metadata"),
        spec: Some(spec),
        partial,
        ..Template::default()
    });
}

/// Whether these are values of a chart for runner scale sets, or of one around it.
pub(super) fn is_values(whole: &Part) -> bool {
    is_own(whole) || whole.entries().iter().any(|(_, inner)| is_own(inner))
}

pub(in super::super) fn is_own(values: &Part) -> bool {
    is_current(values) || is_next(values)
}

const MODES: [&str; 4] = ["dind", "kubernetes", "kubernetes-novolume", ""];

fn is_mode(mode: &Part) -> bool {
    mode.as_str().is_some_and(|mode| MODES.contains(&mode) || is_open(mode))
}

/// Whether a mode is filled in.
fn is_open(mode: &str) -> bool {
    mode.contains("{{") || mode.contains('$')
}

/// What `containerMode` has beside its type.
const OF_CONTAINER_MODE: [&str; 3] =
    ["kubernetesModeAdditionalRoleRules", "kubernetesModeServiceAccount", "kubernetesModeWorkVolumeClaim"];

/// What `runner` has in the later chart.
const OF_RUNNER: [&str; 8] =
    ["container", "dind", "image", "kubernetesMode", "metadata", "mode", "pod", "securityContext"];

/// Whether a map is there and has no other keys than these.
fn has_only(map: Option<Part>, known: &[&str]) -> bool {
    map.is_some_and(|map| {
        let entries = map.entries();
        !entries.is_empty() && entries.iter().all(|(key, _)| known.contains(&&**key))
    })
}

/// Values of `gha-runner-scale-set`; what must be said to which organization runners belong may be in another file.
fn is_current(values: &Part) -> bool {
    let has = |key: &&str| values.get(key).is_some();
    let runner = |list: Part| list.items().iter().any(|one| one.text_of("name").as_deref() == Some("runner"));
    let mode = values.get("containerMode");
    let is_told = has(&"githubConfigUrl")
        || mode.as_ref().and_then(|mode| mode.get("type")).is_some_and(|mode| is_mode(&mode))
        || has_only(mode.filter(|mode| mode.get("type").is_none()), &OF_CONTAINER_MODE)
        || ["listenerTemplate", "githubConfigSecret", "minRunners", "maxRunners"].iter().any(has)
            && values.find(&["template", "spec", "containers"]).is_some_and(runner);
    is_told && !has(&"apiVersion") && !has(&"kind")
}

fn is_next(values: &Part) -> bool {
    let mode = values.find(&["runner", "mode"]).filter(is_mode);
    let alone = mode.as_ref().and_then(Part::as_str).is_some_and(|mode| !mode.is_empty() && !is_open(mode));
    let beside = [&["scaleset"][..], &["auth", "url"], &["runner", "pod"]];
    mode.is_some()
        && (beside.iter().any(|way| values.find(way).is_some())
            || alone && has_only(values.get("runner"), &OF_RUNNER))
}

/// What is looked at of the values, by both charts.
const READ: [&str; 4] = ["containerMode", "listenerTemplate", "runner", "template"];

/// The pods that the chart makes of its values.
pub(super) fn values(maker: &mut Maker<'_>, whole: &Part) -> bool {
    let judge = |maker: &mut Maker<'_>, values: &Part| {
        if is_current(values) {
            current(maker, values);
        } else {
            next(maker, values);
        }
    };
    if is_own(whole) {
        judge(maker, whole);
        maker.beside(&whole.clone().without(&READ));
        return true;
    }
    let mut others = Part::map(&whole.pointer);
    for (key, part) in whole.entries() {
        if is_own(&part) {
            judge(maker, &part);
        } else {
            others = others.with(&key, part);
        }
    }
    maker.beside(&others);
    true
}

/// `gha-runner-scale-set`.
fn current(maker: &mut Maker<'_>, values: &Part) {
    let template = values.get("template");
    let spec = template.as_ref().and_then(|template| template.get("spec"));
    let mode = values.find(&["containerMode", "type"]);
    let base = spec.unwrap_or_else(|| Part::map(&values.pointer).with("containers", runner(values, None)));
    let metadata = template.and_then(|template| template.get("metadata"));
    add(maker, base, metadata, mode, None);
    if let Some(template) = values.get("listenerTemplate") {
        pod_of(maker, &template, true);
    }
}

/// `gha-runner-scale-set-experimental`.
fn next(maker: &mut Maker<'_>, values: &Part) {
    let pod = values.find(&["runner", "pod"]);
    let own = values.find(&["runner", "container"]);
    let spec = pod.as_ref().and_then(|pod| pod.get("spec")).unwrap_or_else(|| Part::map(&values.pointer));
    let list = runner(values, own);
    let spec = spec.clone().with("containers", list).and("containers", spec.items_of("containers"));
    let daemon = values.find(&["runner", "dind", "container"]);
    let metadata = pod.and_then(|pod| pod.get("metadata"));
    add(maker, spec, metadata, values.find(&["runner", "mode"]), daemon);
}

/// The runner's container where the values do not name one.
fn runner(values: &Part, own: Option<Part>) -> Part {
    let at = own.as_ref().map_or_else(|| values.pointer.clone(), |own| own.pointer.clone());
    let own = own.unwrap_or_else(|| Part::map(&at));
    let name = own.get("name").unwrap_or_else(|| Part::text("runner", &at));
    Part::list(&at, vec![own.with("name", name)])
}

fn add(maker: &mut Maker<'_>, spec: Part, metadata: Option<Part>, mode: Option<Part>, daemon: Option<Part>) {
    let mut template = Template { metadata, partial: true, ..Template::default() };
    let text = mode.as_ref().and_then(|mode| mode.as_str().map(str::to_owned)).unwrap_or_default();
    let mut spec = spec;
    if let Some(mode) = &mode {
        if text == "dind" {
            template.implied.push(
                "an init container `dind` that goes on running: the Docker daemon, privileged".to_owned(),
            );
            template.notes.push(setting("arc-container-mode", "containerMode", &mode.pointer, vec![text]));
            spec = spec.and("initContainers", vec![dind(&mode.pointer, daemon)]);
        } else if text.starts_with("kubernetes") {
            let role = "a role by which the runner creates pods, runs commands in them and reads secrets";
            template.implied.push(role.to_owned());
        } else if is_open(&text) {
            template.unresolved.push(mode.pointer.clone());
        }
    }
    template.spec = Some(spec);
    maker.add(template);
}

/// The daemon of the chart: a sidecar where the cluster knows those, else one more container.
fn dind(at: &str, own: Option<Part>) -> Part {
    let text = |text: &str| Part::text(text, at);
    let context = Part::map(at).with("privileged", yes(at));
    let daemon = Part::map(at)
        .with("name", text("dind"))
        .with("image", text("docker:dind"))
        .with("restartPolicy", text("Always"))
        .with("securityContext", context);
    match own {
        Some(own) => daemon.patched(own),
        None => daemon,
    }
}
