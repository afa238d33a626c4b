//! Buildkite: steps bring pods of their own by the plugin `kubernetes`, or an image for that of the controller, which
//! puts its patch over all (<https://buildkite.com/docs/agent/self-hosted/agent-stack-k8s>).

mod controller;
mod shape;
#[cfg(test)]
mod tests;

use super::super::Subjects;
use super::super::object::Object;
use super::super::part::Part;
use super::super::template::Template;
use super::case::in_any_case;
use super::docker::{Docker, variables};
use super::named::{self, Place};
use super::{Maker, called, labels_and_annotations, make, setting, size, values};
pub(super) use controller::is_values;

const PLATFORM: &str = "buildkite";

/// Takes pipelines, and settings of the controller, alone or as values of its chart.
pub(in crate::subject) fn read(object: &Object<'_>, found: &mut Subjects) -> bool {
    if !object.kind().is_empty() {
        return false;
    }
    let whole = object.part();
    let named = |kind: &str| called(object, kind, "", &object.entry.pointer);
    if let Some(pipeline) = shape::pipeline(&whole, named::place(object) == Some(Place::Buildkite)) {
        return make(&named("BuildkitePipeline"), PLATFORM, found, |maker| {
            steps(maker, &pipeline, &pipeline);
            true
        });
    }
    if controller::is_settings(&whole) {
        return make(&named("BuildkiteController"), PLATFORM, found, |maker| {
            controller::judge(maker, &whole);
            maker.beside(&whole.clone().without(&controller::SETTINGS));
            true
        });
    }
    let Some((values, others)) =
        values::of_chart(&whole, &controller::VALUES, |_, own| controller::is_values(own))
    else {
        return false;
    };
    make(&named("BuildkiteController"), PLATFORM, found, |maker| {
        if let Some(settings) = values.get("config") {
            controller::judge(maker, &settings);
            let rest = settings.without(&controller::SETTINGS).entries();
            maker.by_shape(rest.iter().map(|(_, part)| part));
        }
        maker.beside(&others);
        true
    })
}

/// What names a step.
const NAMES: [&str; 5] = ["key", "id", "identifier", "label", "name"];

// Groups of steps hold steps; recursion is bounded by the depth of the document.
fn steps(maker: &mut Maker<'_>, whole: &Part, of: &Part) {
    for (at, step) in of.items_of("steps").into_iter().enumerate() {
        steps(maker, whole, &step);
        let runs = ["command", "commands"].iter().any(|key| step.get(key).is_some());
        let image = step.get("image").or_else(|| whole.get("image").filter(|_| runs));
        let env: Vec<Part> = [whole, &step].iter().flat_map(|of| variables(of.get("env").as_ref())).collect();
        let plugins = plugins(&step, "kubernetes");
        // The image is the controller's to read; without the plugin, the step says no more of its pod.
        let alone = plugins.is_empty() && (image.is_some() || runs || step.get("plugins").is_some());
        // Each container of the pod has them.
        let copies = 1 + plugins.iter().map(lists).sum::<usize>();
        if !maker.affords(&step.pointer, copies, || size(&env)) {
            return;
        }
        let name = NAMES.iter().find_map(|key| step.text_of(key)).unwrap_or_else(|| format!("step-{at}"));
        for template in plugins.iter().filter_map(|plugin| plugin.get("podTemplate")) {
            maker.refer_to(&template, "podTemplate");
        }
        for plugin in plugins.into_iter().map(Some).chain(alone.then_some(None)) {
            maker.inside("BuildkiteStep", &name, &step, |maker| {
                one(maker, &step, plugin.as_ref(), image.as_ref(), &env);
            });
        }
        ["command", "commands"]
            .iter()
            .flat_map(|key| step.items_of(key))
            .for_each(|one| uploads(maker, &one));
        let composed = self::plugins(&step, "docker-compose");
        for plugin in self::plugins(&step, "docker").iter().chain(&composed) {
            maker.inside("BuildkiteStep", &name, plugin, |maker| docker(maker, &step, plugin, env.clone()));
        }
        for plugin in composed {
            let file =
                plugin.get("config").unwrap_or_else(|| Part::text("docker-compose.yml", &plugin.pointer));
            file.items().iter().for_each(|file| maker.refer_to(file, "config"));
        }
    }
}

/// Tells of a command that adds steps to the pipeline.
fn uploads(maker: &mut Maker<'_>, command: &Part) {
    let words: Vec<&str> =
        command.as_str().unwrap_or_default().split_whitespace().filter(|word| *word != "\\").collect();
    if words.windows(2).any(|two| two == ["pipeline", "upload"]) {
        let reason = "`pipeline upload` adds steps: those of a file are judged in their own, and those that the command makes were not judged";
        maker.tell(&command.pointer, reason.to_owned());
    }
}

/// The items of lists in what a plugin says, which may be containers.
fn lists(plugin: &Part) -> usize {
    let inner = plugin.inner();
    let items = |part: &Part| {
        if part.is_map() {
            part.inner().iter().map(|(_, own)| own.items().len()).sum()
        } else {
            part.items().len()
        }
    };
    inner.iter().map(|(_, own)| items(own)).sum()
}

/// Options that the plugins `docker` and `docker-compose` have, with Docker's own names.
const OF_DOCKER: [(&str, &str); 9] = [
    ("add-caps", "cap-add"),
    ("devices", "device"),
    ("environment", "env"),
    ("ipc", "ipc"),
    ("network", "network"),
    ("pid", "pid"),
    ("security-opts", "security-opt"),
    ("userns", "userns"),
    ("volumes", "volume"),
];

/// The container that one of these plugins runs beside the agent.
fn docker(maker: &mut Maker<'_>, step: &Part, plugin: &Part, env: Vec<Part>) {
    let container = Part::map(&plugin.pointer)
        .with("name", Part::text("docker", &plugin.pointer))
        .with("image", plugin.get("image"))
        .and("args", step.items_of("command"))
        .and("env", env);
    let mut docker = Docker::new(container);
    docker.listed(plugin, &OF_DOCKER);
    if let Some(on) = plugin.get("privileged") {
        docker.context("privileged", on);
    }
    let unresolved = std::mem::take(&mut docker.unresolved);
    maker.add(Template {
        spec: Some(docker.spec()),
        partial: true,
        unresolved,
        implied: vec!["an agent with Docker runs it, on the agent's own machine or in its pod".to_owned()],
        ..Template::default()
    });
}

/// What of the plugin says what the pod is.
const OF_PLUGIN: [&str; 6] =
    ["checkout", "extraVolumeMounts", "metadata", "podSpec", "podSpecPatch", "sidecars"];

/// What a step gives a plugin, whatever version of it is named.
fn plugins(step: &Part, plugin: &str) -> Vec<Part> {
    let is_own = |key: &str| {
        let name = key.split('#').next().unwrap_or_default().trim_end_matches(".git");
        let name = name.trim_end_matches("-buildkite-plugin");
        name.rsplit('/').next() == Some(plugin)
    };
    let listed = step.items_of("plugins");
    let entries = listed.iter().flat_map(Part::entries);
    entries.filter(|(key, _)| is_own(key)).map(|(_, plugin)| plugin).collect()
}

fn one(maker: &mut Maker<'_>, step: &Part, plugin: Option<&Part>, image: Option<&Part>, env: &[Part]) {
    let author = plugin.map(|plugin| setting("author-pod", "plugins", &plugin.pointer, Vec::new()));
    // The controller reads the plugin by Go's reader of JSON, to which case does not count.
    let plugin = plugin.unwrap_or(step).clone().folded(&OF_PLUGIN).only(&OF_PLUGIN);
    let plugin = in_any_case(plugin, &[], &mut Vec::new());
    let spec = plugin.get("podSpec").unwrap_or_else(|| Part::map(&plugin.pointer));
    let mounts = plugin.items_of("extraVolumeMounts");
    let command: Vec<Part> = ["command", "commands"].iter().flat_map(|key| step.items_of(key)).collect();
    let mut containers: Vec<Part> = spec.items_of("containers");
    if containers.is_empty() {
        containers.push(Part::map(&plugin.pointer));
    }
    let named = containers.into_iter().enumerate().map(|(at, one)| {
        let name = one.get("name").unwrap_or_else(|| Part::text(&format!("container-{at}"), &one.pointer));
        // The step's image is over that of the plugin's containers, and the plugin's patch over both.
        let one = one.with("name", name).with("image", image.cloned()).and("volumeMounts", mounts.clone());
        let one = one.and("env", env.to_vec());
        if at == 0 && one.get("command").is_none() && one.get("args").is_none() {
            one.and("args", command.clone())
        } else {
            one
        }
    });
    let sidecars = plugin.items_of("sidecars").into_iter().enumerate().map(|(at, one)| {
        let name = one.get("name").unwrap_or_else(|| Part::text(&format!("sidecar-{at}"), &one.pointer));
        one.with("name", name).and("volumeMounts", mounts.clone())
    });
    let containers: Vec<Part> = named.chain(sidecars).collect();
    let at = spec.get("containers").map_or_else(|| plugin.pointer.clone(), |list| list.pointer);
    let mirrors =
        plugin.find(&["checkout", "gitMirrors", "volume"]).into_iter().map(controller::named_volume);
    let spec = spec.with("containers", Part::list(&at, containers)).and("volumes", mirrors.collect());
    let patch = plugin.get("podSpecPatch");
    let mut unresolved: Vec<String> =
        patch.iter().filter(|patch| !patch.is_map()).map(|patch| patch.pointer.clone()).collect();
    let spec = match patch.filter(Part::is_map) {
        Some(patch) => maker.patched(spec, patch),
        None => Some(spec),
    };
    let Some(spec) = spec else { return };
    for mark in ["$", "{{"] {
        unresolved.extend(spec.texts_with(mark, &["args", "command", "env"]));
    }
    maker.add(Template {
        metadata: labels_and_annotations(plugin.get("metadata")),
        spec: Some(spec),
        partial: true,
        notes: author.into_iter().collect(),
        implied: vec![
            "containers `agent` and `checkout`, and what the controller's own patch says".to_owned(),
        ],
        unresolved,
        ..Template::default()
    });
}
