//! Drone: a document is a pipeline, and its steps and services share volumes (<https://docs.drone.io/pipeline/>).

use super::super::super::part::Part;
use super::super::super::template::Template;
use super::super::{Maker, labels_and_annotations, size, yes};
use super::{commands, environment, list, named};

/// Kinds of documents; all are in lower case, and none says a version.
const KINDS: [&str; 4] = ["pipeline", "secret", "signature", "template"];

/// Fields of the pod, with the names that Drone gives them.
const POD: [(&str, &str); 4] = [
    ("host_aliases", "hostAliases"),
    ("node_selector", "nodeSelector"),
    ("service_account_name", "serviceAccountName"),
    ("tolerations", "tolerations"),
];

pub(super) fn is_own(whole: &Part) -> bool {
    let kind = whole.text_of("kind").unwrap_or_default();
    whole.get("apiVersion").is_none()
        && KINDS.contains(&kind.as_str())
        && (kind != "pipeline" || whole.get("steps").is_some() || whole.get("services").is_some())
}

pub(super) fn judge(maker: &mut Maker<'_>, whole: &Part) -> bool {
    if let Some(file) = whole.get("load") {
        maker.refer_to(&file, "load");
    }
    if whole.text_of("kind").as_deref() != Some("pipeline") {
        return true;
    }
    let all: Vec<(String, Part)> =
        ["steps", "services"].iter().flat_map(|key| named(whole.get(key))).collect();
    let env = environment(whole);
    if all.is_empty() || !maker.affords(&whole.pointer, all.len(), || size(&env)) {
        return true;
    }
    let containers: Vec<Part> = all.iter().map(|(name, step)| container(name, step, env.clone())).collect();
    let volumes: Vec<Part> = whole.items_of("volumes").iter().map(volume).collect();
    let mut spec = Part::map(&whole.pointer);
    for (name, key) in POD {
        spec = spec.with(key, whole.get(name));
    }
    if !volumes.is_empty() {
        spec = spec.with("volumes", Part::list(&whole.pointer, volumes));
    }
    let host = |step: &Part| step.get("network_mode").filter(|mode| mode.as_str() == Some("host"));
    let network = all.iter().find_map(|(_, step)| host(step)).map(|mode| yes(&mode.pointer));
    let spec = spec.with("hostNetwork", network).with("containers", Part::list(&whole.pointer, containers));
    let unresolved = spec.texts_with("${", &["args", "command", "env"]);
    maker.add(Template {
        metadata: labels_and_annotations(whole.get("metadata")),
        spec: Some(spec),
        partial: true,
        implied: vec![
            "`privileged` and volumes of the host count where the server trusts the repository".to_owned(),
            "images that the server lists as privileged run so, whatever the file says".to_owned(),
        ],
        unresolved,
        ..Template::default()
    });
    true
}

/// A step or service; `env` is what the pipeline says for all.
fn container(name: &str, step: &Part, env: Vec<Part>) -> Part {
    let at = &step.pointer;
    let mut context = Part::map(at).with("privileged", step.get("privileged"));
    let number =
        |key: &str| step.get(key).filter(|id| id.as_node().is_some_and(|node| node.as_i64().is_some()));
    context = context.with("runAsUser", number("user")).with("runAsGroup", number("group"));
    let mounts = step.items_of("volumes").into_iter().map(|mount| {
        Part::map(&mount.pointer)
            .with("name", mount.get("name"))
            .with("mountPath", mount.get("path"))
            .with("subPath", mount.get("sub_path"))
    });
    Part::map(at)
        .with("name", Part::text(name, at))
        .with("image", step.get("image"))
        .with("command", list(step.get("entrypoint")))
        .with("securityContext", Some(context).filter(|context| !context.entries().is_empty()))
        .and("args", commands(step))
        .and("args", step.items_of("command"))
        .and("env", env)
        .and("env", environment(step))
        .and("volumeMounts", mounts.collect())
}

fn volume(volume: &Part) -> Part {
    let named = |way: &[&str], key: &str| {
        let name = volume.find(way)?;
        Some(Part::map(&name.pointer).with(key, name))
    };
    Part::map(&volume.pointer)
        .with("name", volume.get("name"))
        .with("hostPath", named(&["host", "path"], "path"))
        .with("emptyDir", volume.get("temp").map(|temp| temp.only(&["medium"])))
        .with("persistentVolumeClaim", named(&["claim", "name"], "claimName"))
        .with("configMap", named(&["config_map", "name"], "name"))
        .with("secret", named(&["secret", "name"], "secretName"))
}
