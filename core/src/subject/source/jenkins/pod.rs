//! A template as a pod (`PodTemplateBuilder.build`): what its fields say over what its YAML says, and what the plugin
//! adds.

use std::collections::BTreeSet;

use super::super::super::part::Part;
use super::super::{Maker, size};
use super::template::PodTemplate;
use super::volume::Volume;
use super::{field, merge};
use crate::document::Value;
use crate::typed::Note;

/// Where the workspace is where a container does not say.
const WORKING_DIR: &str = "/home/jenkins/agent";

const WORKSPACE: &str = "workspace-volume";

/// A pod in parts.
pub(super) struct Pod {
    pub(super) metadata: Option<Part>,
    pub(super) spec: Part,
    pub(super) notes: Vec<Note>,
    pub(super) implied: Vec<String>,
}

/// Makes the pod of a template. Nothing where there is no room for it.
pub(super) fn build(maker: &mut Maker<'_>, template: &PodTemplate) -> Option<Pod> {
    let at = template.pointer.as_str();
    let mounts: Vec<Part> = mounts(&template.volumes);
    let copies = template.containers.len() + 1;
    let shared = size(&mounts) + size(&template.environment);
    let yamls: usize = template.yamls.iter().map(Part::size).sum();
    if !maker.affords(at, copies, || shared) || !maker.affords(at, 1, || yamls) {
        return None;
    }
    let mut notes = Vec::new();
    let (mut metadata, mut spec) = (None, Part::map(at));
    for (index, yaml) in template.counting_yamls().iter().enumerate() {
        let (own_metadata, own_spec) = in_yaml(yaml, &mut notes);
        metadata = merge::metadata(metadata, own_metadata);
        spec = if index == 0 { own_spec } else { merge::spec(spec, &own_spec) };
    }
    let from_fields = Part::map(at).with("annotations", template.annotations.clone());
    let from_fields = (!from_fields.entries().is_empty()).then_some(from_fields);
    let metadata = merge::metadata(metadata, from_fields);
    let spec = merge::spec(spec, &of_fields(template, &mounts));
    let mut implied = vec!["restartPolicy: Never".to_owned()];
    let spec = with_agent(spec, template, &mounts, &mut implied);
    let spec = with_workspace(spec, template, &mut implied);
    Some(Pod { metadata, spec, notes, implied })
}

/// The metadata and the spec of a pod in YAML. A spec alone is taken for one.
fn in_yaml(yaml: &Part, notes: &mut Vec<Note>) -> (Option<Part>, Part) {
    const POD: [&str; 5] = ["apiVersion", "kind", "metadata", "spec", "status"];
    match yaml.get("spec") {
        Some(spec) => {
            notes.extend(yaml.unknown(&POD));
            (yaml.get("metadata"), spec)
        }
        None => (yaml.get("metadata"), yaml.clone().without(&POD)),
    }
}

fn mounts(volumes: &[Volume]) -> Vec<Part> {
    let named = volumes.iter().enumerate();
    named.filter_map(|(index, volume)| volume.mount(&format!("volume-{index}"))).collect()
}

/// The pod as the fields of a template say it.
fn of_fields(template: &PodTemplate, mounts: &[Part]) -> Part {
    let at = template.pointer.as_str();
    let field = |key: &str| field::filled(template.fields.get(key));
    let named = template.volumes.iter().enumerate();
    let mut volumes: Vec<Part> =
        named.map(|(index, volume)| volume.in_pod(&format!("volume-{index}"))).collect();
    volumes.extend(template.workspace.as_ref().map(|workspace| workspace.in_pod(WORKSPACE)));
    let containers: Vec<Part> =
        template.containers.iter().map(|own| container(own, &template.environment, mounts)).collect();
    let context = Part::map(at)
        .with("runAsUser", field("runAsUser").and_then(field::number))
        .with("runAsGroup", field("runAsGroup").and_then(field::number))
        .with("supplementalGroups", field::numbers(field("supplementalGroups")));
    let list = |items: Vec<Part>| (!items.is_empty()).then(|| Part::list(at, items));
    Part::map(at)
        .with("hostNetwork", field("hostNetwork").map(field::truth))
        .with("serviceAccountName", field("serviceAccount"))
        .with("schedulerName", field("schedulerName"))
        .with("nodeSelector", field::pairs(field("nodeSelector")))
        .with("imagePullSecrets", list(template.pull_secrets.clone()))
        .with("securityContext", Some(context).filter(|context| !context.entries().is_empty()))
        .with("containers", list(containers))
        .with("volumes", list(volumes))
}

/// A container as its fields say it.
fn container(own: &Part, environment: &[Part], mounts: &[Part]) -> Part {
    let at = own.pointer.as_str();
    let filled = |key: &str| field::filled(own.get(key));
    let context = Part::map(at)
        .with("privileged", own.get("privileged").map(field::truth))
        .with("runAsUser", filled("runAsUser").and_then(field::number))
        .with("runAsGroup", filled("runAsGroup").and_then(field::number));
    let named = |part: &Part| part.text_of("name");
    let mine = field::environment(own.get("envVars"));
    let taken: BTreeSet<_> = mine.iter().map(named).collect();
    let others = environment.iter().filter(|one| !taken.contains(&named(one)));
    let env: Vec<Part> = others.cloned().chain(mine.iter().cloned()).collect();
    let list = |items: Vec<Part>| (!items.is_empty()).then(|| Part::list(at, items));
    let ports = own.items_of("ports").iter().filter_map(port).collect();
    Part::map(at)
        .with("name", own.get("name"))
        .with("image", filled("image"))
        .with("command", field::words(own.get("command")))
        .with("args", field::words(own.get("args")))
        .with("workingDir", filled("workingDir"))
        .with("securityContext", Some(context).filter(|context| !context.entries().is_empty()))
        .with("env", list(env))
        .with("ports", list(ports))
        .with("volumeMounts", list(mounts.to_vec()))
        .with("resources", resources(own))
}

/// `portMapping(name: …, containerPort: …, hostPort: …)`
fn port(part: &Part) -> Option<Part> {
    let own = if part.get("containerPort").is_some() { part.clone() } else { field::symbol(part)?.1 };
    let number = |key: &str| own.get(key).and_then(field::number);
    let host = number("hostPort").filter(|port| port.as_node().is_none_or(|node| node.as_i64() != Some(0)));
    let port =
        Part::map(&part.pointer).with("name", own.get("name")).with("containerPort", number("containerPort"));
    Some(port.with("hostPort", host))
}

fn resources(own: &Part) -> Option<Part> {
    const KINDS: [(&str, &str, &str); 6] = [
        ("requests", "cpu", "resourceRequestCpu"),
        ("requests", "memory", "resourceRequestMemory"),
        ("requests", "ephemeral-storage", "resourceRequestEphemeralStorage"),
        ("limits", "cpu", "resourceLimitCpu"),
        ("limits", "memory", "resourceLimitMemory"),
        ("limits", "ephemeral-storage", "resourceLimitEphemeralStorage"),
    ];
    let at = own.pointer.as_str();
    let mut all = Part::map(at);
    for (group, name, key) in KINDS {
        let Some(quantity) = field::filled(own.get(key)) else { continue };
        let quantities = all.get(group).unwrap_or_else(|| Part::map(at)).with(name, quantity);
        all = all.with(group, quantities);
    }
    (!all.entries().is_empty()).then_some(all)
}

/// The pod with the container of the agent, which the plugin adds where there is none, and which has the variables of
/// the template in any case.
fn with_agent(spec: Part, template: &PodTemplate, mounts: &[Part], implied: &mut Vec<String>) -> Part {
    let name = template.agent();
    let is_agent = |one: &Part| one.text_of("name").as_deref() == Some(name.as_str());
    let at = template.pointer.as_str();
    let mut spec = spec;
    if !spec.items_of("containers").iter().any(is_agent) {
        implied.push(format!("container `{name}` with the agent's image"));
        let agent = Part::map(at).with("name", Part::text(&name, at));
        spec = spec.and("containers", vec![agent.and("volumeMounts", mounts.to_vec())]);
    }
    let Some(list) = spec.get("containers").filter(|_| !template.environment.is_empty()) else { return spec };
    let containers = list.items().into_iter().map(|one| {
        if !is_agent(&one) {
            return one;
        }
        let variables = Part::list(at, template.environment.clone());
        let own = one.get("env").unwrap_or_else(|| Part::list(&one.pointer, Vec::new()));
        one.with("env", merge::by_name(&variables, &own, |_, own| own.clone()))
    });
    let containers = Part::list(&list.pointer, containers.collect());
    spec.with("containers", containers)
}

/// The pod with the volume of the workspace, mounted where a container has its working directory.
fn with_workspace(spec: Part, template: &PodTemplate, implied: &mut Vec<String>) -> Part {
    let at = template.pointer.as_str();
    let has_own =
        spec.items_of("volumes").iter().any(|one| one.text_of("name").as_deref() == Some(WORKSPACE));
    implied.push(format!("volume `{WORKSPACE}`, mounted into every container"));
    let more = if has_own { Vec::new() } else { vec![Volume::empty(at).in_pod(WORKSPACE)] };
    let spec = spec.and("volumes", more);
    let Some(list) = spec.get("containers") else { return spec };
    let containers = list.items().into_iter().map(|one| {
        if !one.is_map() {
            return one;
        }
        let directory =
            one.text_of("workingDir").filter(|dir| !dir.is_empty()).unwrap_or_else(|| WORKING_DIR.to_owned());
        let is_there = |mount: &Part| mount.text_of("mountPath").as_deref() == Some(directory.as_str());
        if one.items_of("volumeMounts").iter().any(is_there) {
            return one;
        }
        let at = one.pointer.clone();
        let mount = Part::map(&at)
            .with("name", Part::text(WORKSPACE, &at))
            .with("mountPath", Part::text(&directory, &at));
        one.and("volumeMounts", vec![mount])
    });
    let containers = Part::list(&list.pointer, containers.collect());
    spec.with("containers", containers)
}

/// The pod with what the plugin fills into containers where the cloud is restricted
/// (`RestrictedPssSecurityContextInjector`).
pub(super) fn restricted(spec: Part) -> Part {
    let mut spec = spec;
    for key in ["containers", "initContainers"] {
        let Some(list) = spec.get(key) else { continue };
        let containers = list.items().into_iter().map(|one| {
            if !one.is_map() {
                return one;
            }
            let at = one.pointer.clone();
            let context = one.get("securityContext").unwrap_or_else(|| Part::map(&at));
            let implied = |value: bool| Part::implied(Value::Bool(value), &at);
            let all = Part::list(&at, vec![Part::text("ALL", &at)]);
            let fill = |part: Part, key: &str, value: Part| {
                if part.get(key).is_some() { part } else { part.with(key, value) }
            };
            let capabilities = context.get("capabilities").unwrap_or_else(|| Part::map(&at));
            let profile = Part::map(&at).with("type", Part::text("RuntimeDefault", &at));
            let context = context.with("capabilities", fill(capabilities, "drop", all));
            let context = fill(context, "allowPrivilegeEscalation", implied(false));
            let context = fill(context, "runAsNonRoot", implied(true));
            one.with("securityContext", fill(context, "seccompProfile", profile))
        });
        let containers = Part::list(&list.pointer, containers.collect());
        spec = spec.with(key, containers);
    }
    spec
}
