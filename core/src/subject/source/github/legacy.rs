//! The older controller, `actions.summerwind.dev`: a runner's spec is flat, and a privileged daemon is the default
//! (`newRunnerPodWithContainerMode` in `controllers/actions.summerwind.net/runner_controller.go`).

use super::super::super::part::Part;
use super::super::super::template::Template;
use super::super::{Maker, labels_and_annotations, over, yes};
use super::setting;
use crate::typed::Note;

/// Fields of a runner that are settings of the controller (`RunnerConfig`).
const CONFIG: [&str; 17] = [
    "containerMode",
    "dockerEnabled",
    "dockerMTU",
    "dockerRegistryMirror",
    "dockerVarRunVolumeSizeLimit",
    "dockerdWithinRunnerContainer",
    "enterprise",
    "ephemeral",
    "githubAPICredentialsFrom",
    "group",
    "image",
    "labels",
    "organization",
    "repository",
    "workDir",
    "volumeSizeLimit",
    "volumeStorageMedium",
];

/// Fields that the runner's own container has.
const OF_RUNNER: [&str; 5] = ["env", "envFrom", "imagePullPolicy", "resources", "volumeMounts"];

/// Fields that the daemon's container has.
const OF_DAEMON: [&str; 3] = ["dockerEnv", "dockerVolumeMounts", "dockerdContainerResources"];

/// Fields of the pod.
const OF_POD: [&str; 18] = [
    "affinity",
    "automountServiceAccountToken",
    "dnsConfig",
    "dnsPolicy",
    "enableServiceLinks",
    "ephemeralContainers",
    "hostAliases",
    "imagePullSecrets",
    "initContainers",
    "nodeSelector",
    "priorityClassName",
    "runtimeClassName",
    "securityContext",
    "serviceAccountName",
    "terminationGracePeriodSeconds",
    "tolerations",
    "topologySpreadConstraints",
    "volumes",
];

/// Lists of containers of a runner, and the template of its work volume.
const OTHERS: [&str; 3] = ["containers", "sidecarContainers", "workVolumeClaimTemplate"];

/// Where Docker runs.
enum Docker {
    /// In a container beside the runner; the pointer of what says so.
    Beside(String),
    /// In the runner's container.
    Within(String),
    Nowhere,
}

pub(super) fn read(maker: &mut Maker<'_>, whole: &Part) -> bool {
    let spec = whole.get("spec").unwrap_or_else(|| Part::map(&whole.pointer));
    let metadata = labels_and_annotations(whole.get("metadata"));
    match maker.object.kind() {
        "Runner" => flat(maker, &spec, metadata),
        "RunnerDeployment" | "RunnerReplicaSet" => {
            let template = spec.get("template").unwrap_or_else(|| Part::map(&spec.pointer));
            let inner = template.get("spec").unwrap_or_else(|| Part::map(&template.pointer));
            flat(maker, &inner, labels_and_annotations(template.get("metadata")));
        }
        "RunnerSet" => set(maker, &spec),
        "HorizontalRunnerAutoscaler" => {}
        _ => return false,
    }
    true
}

/// A runner whose fields stand beside each other.
fn flat(maker: &mut Maker<'_>, spec: &Part, metadata: Option<Part>) {
    let known: Vec<&'static str> = [&CONFIG[..], &OF_RUNNER, &OF_DAEMON, &OF_POD, &OTHERS].concat();
    let notes = spec.unknown(&known);
    let pod = spec.clone().only(&OF_POD).with("containers", containers_of(spec));
    pod_of(maker, spec, pod, metadata, notes);
}

/// All containers that a flat runner lists.
fn containers_of(spec: &Part) -> Option<Part> {
    let own = spec.get("containers");
    let beside = spec.items_of("sidecarContainers");
    if own.is_none() && beside.is_empty() {
        return None;
    }
    let pointer = own.as_ref().map_or_else(|| spec.pointer.clone(), |list| list.pointer.clone());
    let all = own.map(|list| list.items()).unwrap_or_default().into_iter().chain(beside);
    Some(Part::list(&pointer, all.collect()))
}

/// A set of runners: a StatefulSet with the settings of a runner beside its template.
fn set(maker: &mut Maker<'_>, spec: &Part) {
    let template = spec.get("template").unwrap_or_else(|| Part::map(&spec.pointer));
    let inner = template.get("spec").unwrap_or_else(|| Part::map(&template.pointer));
    let settings = spec.clone().only(&CONFIG).with("securityContext", inner.get("securityContext"));
    pod_of(maker, &settings, inner, template.get("metadata"), Vec::new());
}

/// The pod of a runner: `settings` are those of the controller, `pod` what is written of the pod itself.
fn pod_of(maker: &mut Maker<'_>, settings: &Part, pod: Part, metadata: Option<Part>, mut notes: Vec<Note>) {
    let docker = docker(settings);
    // The controller takes back what SELinux is to confine.
    let confined = settings.find(&["securityContext", "seLinuxOptions"]).is_some();
    let mut listed = pod.items_of("containers");
    let mut take = |name: &str| {
        let at = listed.iter().position(|one| one.text_of("name").as_deref() == Some(name));
        at.map(|at| listed.remove(at))
    };
    let runner = flat_fields(take("runner"), settings);
    let own_daemon = take("docker");
    // What the daemon's container says of itself holds.
    let own = own_daemon.as_ref().and_then(|daemon| daemon.get("securityContext"));
    let is_harmless = matches!(docker, Docker::Beside(_))
        && own.is_some_and(|own| own.get("privileged").is_none_or(|on| truth_of(&on) == Some(false)));
    let mut implied = vec!["restartPolicy: Never".to_owned()];
    let mut containers = Vec::new();
    match &docker {
        Docker::Within(at) => {
            let context = (!confined).then(|| Part::map(at).with("privileged", yes(at)));
            let context = over(runner.get("securityContext"), context);
            containers.push(runner.with("securityContext", context));
            implied
                .push("the container `runner` runs the Docker daemon, and is privileged for it".to_owned());
            containers.extend(own_daemon);
        }
        Docker::Beside(at) => {
            containers.extend([runner, daemon(own_daemon, settings, at, confined)]);
            implied.push("a privileged container `docker` with the Docker daemon".to_owned());
        }
        // In Kubernetes mode the controller throws a container of that name away.
        Docker::Nowhere => {
            let is_kept = settings.text_of("containerMode").as_deref() != Some("kubernetes");
            containers.push(runner);
            containers.extend(own_daemon.filter(|_| is_kept));
        }
    }
    containers.append(&mut listed);
    if let (Some((field, at)), false) = (docker.said_by(), confined || is_harmless) {
        notes.push(setting("arc-docker", field, at, vec![at_default(settings, field).to_owned()]));
    }
    let at = pod.get("containers").map_or_else(|| pod.pointer.clone(), |list| list.pointer);
    maker.add(Template {
        metadata,
        spec: Some(pod.with("containers", Part::list(&at, containers))),
        notes,
        implied,
        unresolved: open(settings),
        ..Template::default()
    });
}

/// The pointers of settings that decide where Docker runs and are filled in later.
fn open(settings: &Part) -> Vec<String> {
    let deciding = ["containerMode", "dockerEnabled", "dockerdWithinRunnerContainer"];
    let values = deciding.iter().filter_map(|key| settings.get(key));
    let open = values.filter(|value| value.as_str().is_some_and(|text| text.contains(['$', '{'])));
    open.map(|value| value.pointer).collect()
}

impl Docker {
    /// The field that says where it runs, and the pointer of what says so.
    fn said_by(&self) -> Option<(&'static str, &str)> {
        match self {
            Self::Beside(at) => Some(("dockerEnabled", at)),
            Self::Within(at) => Some(("dockerdWithinRunnerContainer", at)),
            Self::Nowhere => None,
        }
    }
}

/// Whether a field is written, in a word for policies.
fn at_default(settings: &Part, field: &str) -> &'static str {
    if settings.get(field).is_some() { "written" } else { "default" }
}

/// Where Docker runs. What is filled in later counts as the default.
fn docker(settings: &Part) -> Docker {
    let truth = |key: &str| settings.get(key).and_then(|value| truth_of(&value));
    let at = |key: &str| settings.get(key).map_or_else(|| settings.pointer.clone(), |value| value.pointer);
    if settings.text_of("containerMode").as_deref() == Some("kubernetes") {
        Docker::Nowhere
    } else if truth("dockerdWithinRunnerContainer") == Some(true) {
        Docker::Within(at("dockerdWithinRunnerContainer"))
    } else if truth("dockerEnabled") == Some(false) {
        Docker::Nowhere
    } else {
        Docker::Beside(at("dockerEnabled"))
    }
}

/// A truth value, also as a text that a template leaves behind.
fn truth_of(value: &Part) -> Option<bool> {
    value.as_bool().or_else(|| value.as_str()?.parse().ok())
}

/// The runner's container with what stands beside it.
fn flat_fields(runner: Option<Part>, settings: &Part) -> Part {
    let runner = runner.unwrap_or_else(|| {
        Part::map(&settings.pointer).with("name", Part::text("runner", &settings.pointer))
    });
    let image = settings.get("image").filter(|image| image.as_str().is_some_and(|text| !text.is_empty()));
    let mut runner = runner.with("image", image);
    for key in OF_RUNNER {
        runner = match key {
            "env" | "envFrom" | "volumeMounts" => runner.and(key, settings.items_of(key)),
            _ if runner.get(key).is_some() => runner,
            _ => runner.with(key, settings.get(key)),
        };
    }
    runner
}

/// The container with the daemon; privileged unless it says what it may do itself.
fn daemon(own: Option<Part>, settings: &Part, at: &str, confined: bool) -> Part {
    let daemon = own.unwrap_or_else(|| Part::map(at).with("name", Part::text("docker", at)));
    let image = daemon.get("image").unwrap_or_else(|| Part::text("docker:dind", at));
    let context = daemon
        .get("securityContext")
        .or_else(|| (!confined).then(|| Part::map(at).with("privileged", yes(at))));
    daemon
        .with("image", image)
        .with("securityContext", context)
        .and("env", settings.items_of("dockerEnv"))
        .and("volumeMounts", settings.items_of("dockerVolumeMounts"))
}
