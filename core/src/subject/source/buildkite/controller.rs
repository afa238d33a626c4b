//! The settings of the controller, alone or as `config` in the values of its chart: what it puts over the pods of all
//! jobs, or of those of a class.

use super::super::super::part::Part;
use super::super::super::template::Template;
use super::super::{Maker, labels_and_annotations, values};

/// Settings that only the controller has.
pub(super) const SETTINGS: [&str; 11] = [
    "agent-config",
    "agent-token-secret",
    "default-checkout-params",
    "default-command-params",
    "default-metadata",
    "default-resource-class-name",
    "default-sidecar-params",
    "pod-spec-patch",
    "prohibit-kubernetes-plugin",
    "resource-classes",
    "workspace-volume",
];

/// Those whose readers take them in any case, and that are asked for by their names.
const NAMES: [&str; 12] = [
    "additional-hooks",
    "agent-config",
    "default-checkout-params",
    "default-command-params",
    "default-metadata",
    "default-sidecar-params",
    "hooksVolume",
    "image",
    "pluginsVolume",
    "pod-spec-patch",
    "resource-classes",
    "workspace-volume",
];

/// What the chart has beside the settings.
pub(super) const VALUES: [&str; 4] = ["agentStackSecret", "agentToken", "config", "graphqlToken"];

pub(super) fn is_settings(settings: &Part) -> bool {
    SETTINGS.iter().any(|key| settings.get(key).is_some())
}

/// Whether these are values of the chart: by its settings, or by what stands beside them.
pub(in super::super) fn is_values(values: &Part) -> bool {
    let config = values.get("config").filter(Part::is_map);
    let beside = ["agentStackSecret", "agentToken"].iter().any(|key| values.get(key).is_some());
    config.is_some_and(|config| beside || is_settings(&config))
}

/// Where settings have volumes that the controller mounts into the pods of all jobs.
const VOLUMES: [&[&str]; 8] = [
    &["workspace-volume"],
    &["agent-config", "hooks-volume"],
    &["agent-config", "hooksVolume"],
    &["agent-config", "plugins-volume"],
    &["agent-config", "pluginsVolume"],
    &["agent-config", "signingJWKSVolume"],
    &["agent-config", "verificationJWKSVolume"],
    &["default-checkout-params", "gitMirrors", "volume"],
];

/// Containers for which there are settings, with their names.
const CONTAINERS: [(&str, &str); 3] = [
    ("default-checkout-params", "checkout"),
    ("default-command-params", "container-0"),
    ("default-sidecar-params", "sidecar-0"),
];

/// A volume, which may have no name.
pub(super) fn named_volume(volume: Part) -> Part {
    let name = volume.get("name").unwrap_or_else(|| Part::text("workspace", &volume.pointer));
    volume.with("name", name)
}

/// Judges what the controller puts over the pods of all jobs, and what its classes hold.
pub(super) fn judge(maker: &mut Maker<'_>, written: &Part) {
    let settings = written.clone().folded_all(&NAMES, &mut Vec::new());
    if let Some(patch) = settings.get("pod-spec-patch") {
        of_all(maker, None, patch);
    }
    let hooks = settings.find(&["agent-config", "additional-hooks"]).map(|hooks| hooks.items());
    let hooks = hooks.unwrap_or_default().into_iter().filter_map(|hook| hook.get("volume"));
    for volume in VOLUMES.iter().filter_map(|way| settings.find(way)).chain(hooks) {
        let at = volume.pointer.clone();
        of_all(maker, None, Part::map(&at).with("volumes", Part::list(&at, vec![named_volume(volume)])));
    }
    for (key, name) in CONTAINERS {
        let Some(own) = settings.get(key) else { continue };
        let fields = [("envFrom", own.get("envFrom")), ("volumeMounts", own.get("extraVolumeMounts"))];
        containers(maker, &own.pointer, name, fields);
    }
    // The image of the agent is that of all jobs without one of their own.
    if let Some(image) = settings.get("image").filter(|image| image.as_str().is_some()) {
        let at = image.pointer.clone();
        containers(maker, &at, "agent", [("image", Some(image))]);
    }
    if let Some(metadata) = labels_and_annotations(settings.get("default-metadata")).filter(values::is_said) {
        let spec = Part::map(&metadata.pointer);
        of_all(maker, Some(metadata), spec);
    }
    let others = written.clone().only(&SETTINGS).without(&["pod-spec-patch", "workspace-volume"]).entries();
    maker.by_shape(others.iter().map(|(_, part)| part));
}

/// A container of all pods, where something is said of it.
fn containers<const N: usize>(
    maker: &mut Maker<'_>,
    at: &str,
    name: &str,
    fields: [(&'static str, Option<Part>); N],
) {
    if fields.iter().any(|(_, part)| part.as_ref().is_some_and(values::is_said)) {
        let list = Part::list(at, vec![values::container(at, name, fields)]);
        of_all(maker, None, Part::map(at).with("containers", list));
    }
}

fn of_all(maker: &mut Maker<'_>, metadata: Option<Part>, spec: Part) {
    maker.add(Template {
        metadata,
        spec: Some(spec),
        partial: true,
        implied: vec!["it is put over the pod of every job".to_owned()],
        ..Template::default()
    });
}
