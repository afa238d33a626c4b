//! Pods in objects of unknown kind, found by their shape.
//!
//! Custom resources hold pod templates in many places; what a pod looks like is the same in all of them. A whole
//! pod spec is a map with a list of containers. Something with a pod's volumes or host namespaces alone is a
//! fragment of one, and containers in a list of steps or sidecars make one together.

mod bare;
mod held;
#[cfg(test)]
mod tests;

pub(super) use bare::{bare, tell_bare};
pub(super) use held::{is_object, read as read_held};

use super::Subjects;
use super::kinds::group;
use super::object::Object;
use super::part::Part;
use super::template::Template;
use crate::document::{Format, Node, Value, escape_pointer_token};
use crate::report::{Cause, ObjectEntry};

/// The container lists of a pod spec.
const CONTAINERS: [&str; 3] = ["containers", "initContainers", "ephemeralContainers"];

/// Sources of a volume: a list of items with a name and one of these is a pod's list of volumes.
const VOLUME_SOURCES: [&str; 10] = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "flexVolume",
    "hostPath",
    "persistentVolumeClaim",
    "projected",
    "secret",
];

/// Where charts keep the security context of a container that their templates make.
const OF_CHART: &str = "containerSecurityContext";

/// Whether charts have a field of this name in their values, which is no misspelt one of a pod.
pub(super) fn is_of_charts(field: &str) -> bool {
    [OF_CHART, "podSecurityContext"].contains(&field)
}

/// What beside the containers of a pod tells that the map is no pod: a chart or a controller makes one of it.
const BESIDE_PODS: [&str; 6] =
    [OF_CHART, "fullnameOverride", "image", "nameOverride", "podSecurityContext", "replicaCount"];

/// The fields by which a container is judged that stands among those of a pod.
const LOOSE: [&str; 8] =
    ["args", "command", "env", "envFrom", "image", "lifecycle", "securityContext", "volumeMounts"];

/// What only the security context of a container has.
const OF_CONTAINER: [&str; 4] = ["allowPrivilegeEscalation", "capabilities", "privileged", "procMount"];

/// Where copies of pods stand, or descriptions of what a pod may be.
const NOT_ENTERED: [&str; 4] =
    ["status", "managedFields", "openAPIV3Schema", "kubectl.kubernetes.io/last-applied-configuration"];

/// The fields by which a fragment of a pod is judged; what else it has belongs to something else.
const FRAGMENT: [&str; 9] = [
    "automountServiceAccountToken",
    "hostIPC",
    "hostNetwork",
    "hostPID",
    "hostUsers",
    "securityContext",
    "serviceAccountName",
    "shareProcessNamespace",
    "volumes",
];

/// Takes every object: judges whatever in it has the shape of a pod, or says that nothing has.
pub(super) fn read(object: &Object<'_>, found: &mut Subjects) -> bool {
    let before = found.subjects.len() + found.not_evaluated.len();
    let entry = &object.entry;
    judge(object, object.node, &entry.pointer, found);
    let is_judged = found.subjects.len() + found.not_evaluated.len() > before;
    if entry.kind.is_empty() && object.document.format() == Format::Yaml {
        tell_bare(object, found, bare(object.node, &entry.pointer));
    }
    if is_judged {
        return true;
    }
    let (cause, reason) = if object.document.format() == Format::Toml {
        (Cause::NotKubernetes, "TOML without the settings of a GitLab runner".to_owned())
    } else if entry.kind.is_empty() {
        let reason = "not a Kubernetes object, and nothing in it has the shape of a pod".to_owned();
        (Cause::NotKubernetes, reason)
    } else {
        let reason = format!(
            "unknown kind `{}` of `{}`, in which nothing has the shape of a pod",
            entry.kind, entry.api_version
        );
        (Cause::UnknownKind, reason)
    };
    found.not_evaluated.push(object.not_evaluated(&entry.pointer, cause, reason));
    true
}

/// The fields by which a patch decides over the node.
pub(super) const DECIDING: [&str; 8] = [
    "hostIPC",
    "hostNetwork",
    "hostPID",
    "hostUsers",
    "privileged",
    "securityContext",
    "shareProcessNamespace",
    "volumes",
];

/// A part of a pod's spec that a patch makes, without what is none of it.
pub(super) fn fragment(spec: Part) -> Part {
    spec.only(&[&FRAGMENT[..], &CONTAINERS].concat())
}

/// Whether a key is one of a pod's spec that is looked at.
pub(super) fn is_of_spec(key: &str) -> bool {
    FRAGMENT.contains(&key) || CONTAINERS.contains(&key)
}

/// Judges whatever below a value of an object, whose pointer is `base`, has the shape of a pod, and the objects there.
pub(super) fn judge(object: &Object<'_>, node: &Node, base: &str, found: &mut Subjects) {
    let mut walk = Walk { object: &object.entry, found: Vec::new(), held: Some(Vec::new()) };
    walk.node(node, Way { before: None, step: base }, None);
    for template in walk.found {
        template.add_to(object.document, found);
    }
    for (pointer, node) in walk.held.into_iter().flatten() {
        held::read(object, node, pointer, found);
    }
}

/// Every pod, fragment of a pod and list of loose containers at and below `node`, whose pointer is `base`.
pub(super) fn pods(node: &Node, base: &str, object: &ObjectEntry) -> Vec<Template> {
    let mut walk = Walk { object, found: Vec::new(), held: None };
    walk.node(node, Way { before: None, step: base }, None);
    walk.found
}

struct Walk<'w> {
    object: &'w ObjectEntry,
    found: Vec<Template>,
    /// The objects that are met, with their pointers, where they are not looked into as all else is.
    held: Option<Vec<(String, &'w Node)>>,
}

/// The way to a value; it becomes a pointer only where a pod is found, so that long keys cost nothing.
#[derive(Clone, Copy)]
struct Way<'w> {
    before: Option<&'w Way<'w>>,
    /// The pointer of the root, or a key.
    step: &'w str,
}

impl Way<'_> {
    fn pointer(&self) -> String {
        match self.before {
            None => self.step.to_owned(),
            Some(before) => format!("{}/{}", before.pointer(), escape_pointer_token(self.step)),
        }
    }
}

impl<'w> Walk<'w> {
    // Recursion is bounded by the depth of the document.
    fn node(&mut self, node: &'w Node, way: Way<'_>, metadata: Option<Part>) {
        match node.value() {
            Value::List(items) => {
                let inner = items.iter().enumerate();
                for (index, item) in
                    inner.filter(|(_, item)| item.as_list().is_some() || item.as_map().is_some())
                {
                    self.node(item, Way { before: Some(&way), step: &index.to_string() }, None);
                }
            }
            Value::Map(_) => self.map(node, way, metadata),
            _ => {}
        }
    }

    fn map(&mut self, node: &'w Node, way: Way<'_>, metadata: Option<Part>) {
        if let Some(held) = self.held.as_mut().filter(|_| way.before.is_some() && held::is_object(node)) {
            held.push((way.pointer(), node));
            return;
        }
        if let Some(complete) = pod_spec(node) {
            self.pod(node, &way, metadata, complete);
            return;
        }
        let Value::Map(entries) = node.value() else { return };
        let object = self.object;
        let below = |key| Way { before: Some(&way), step: key };
        let loose = entries.iter().filter(|entry| is_loose_list(entry.value()));
        let mut loose: Vec<Part> =
            loose.map(|entry| Part::new(entry.value(), below(entry.key()).pointer())).collect();
        // A pod has two lists of whole containers; what is more becomes a pod of its own.
        let more = loose.split_off(loose.len().min(2));
        let fragment = is_fragment(node);
        let volumes = self.volumes(node, &way);
        if fragment || !loose.is_empty() || !volumes.is_empty() {
            let pointer = way.pointer();
            let spec = if fragment { Part::new(node, pointer).only(&FRAGMENT) } else { Part::map(&pointer) };
            let mut loose = loose.into_iter();
            let spec = spec.and("volumes", volumes).with("containers", loose.next());
            self.add(metadata, spec.with("initContainers", loose.next()), true);
        }
        for list in more {
            self.add(None, Part::map(&way.pointer()).with("containers", list), true);
        }
        let own = is_loose_container(node).then(|| Part::new(node, way.pointer()));
        self.container(own, node, &way);
        for entry in entries.iter().filter(|entry| !is_passed_over(object, entry.key())) {
            let beside = node.get("metadata").filter(|_| entry.key() == "spec");
            let metadata = beside.map(|node| Part::new(node, below("metadata").pointer()));
            if is_loose_list(entry.value()) {
                continue;
            }
            self.node(entry.value(), below(entry.key()), metadata);
        }
    }

    /// The volumes of a map that are in no list of a pod's: those that a chart adds, and places of the node in its words.
    fn volumes(&self, node: &'w Node, way: &Way<'_>) -> Vec<Part> {
        let entries = node.as_map().into_iter().flat_map(|map| map.iter());
        let at = |key, node| Part::new(node, Way { before: Some(way), step: key }.pointer());
        let beside = entries.clone().filter(|entry| is_list_of_chart(entry.key(), entry.value()));
        let mut volumes: Vec<Part> =
            beside.flat_map(|entry| at(entry.key(), entry.value()).items()).collect();
        if self.object.kind.is_empty() {
            let holders = entries.filter(|entry| holds_host_path(entry.value()));
            let holders = holders.flat_map(|entry| at(entry.key(), entry.value()).items());
            volumes.extend(holders.filter_map(|holder| on_host(&holder)));
        }
        volumes
    }

    /// Adds a pod, and what a chart or a controller makes of that which stands beside its fields. What else the pod does
    /// not know is looked at when it has been read.
    fn pod(&mut self, node: &'w Node, way: &Way<'_>, metadata: Option<Part>, complete: bool) {
        let spec = Part::new(node, way.pointer());
        let is_untold = self.object.kind.is_empty();
        // In a pod of a custom resource what only a container may has no effect.
        if !(has_more(node) || is_untold && is_of_container(node)) {
            self.add(metadata, spec, !complete);
            return;
        }
        let own = is_loose_container(node).then(|| spec.clone().only(&LOOSE));
        let context = spec.get("securityContext").filter(|_| own.is_some());
        let spec =
            spec.without(&BESIDE_PODS).with("securityContext", context.map(|own| own.without(&OF_CONTAINER)));
        self.add(metadata, spec.and("volumes", self.volumes(node, way)), !complete || is_untold);
        self.container(own, node, way);
    }

    /// Adds the container that a map is by itself, if it is one, and the one of which a chart has the security context.
    fn container(&mut self, own: Option<Part>, node: &'w Node, way: &Way<'_>) {
        let of_chart = node.get(OF_CHART).filter(|context| is_switched_on(context)).map(|context| {
            let context = Part::new(context, Way { before: Some(way), step: OF_CHART }.pointer());
            Part::map(&way.pointer()).with("securityContext", context)
        });
        for container in own.into_iter().chain(of_chart) {
            let pointer = way.pointer();
            let list = Part::list(&pointer, vec![container]);
            self.add(None, Part::map(&pointer).with("containers", list), true);
        }
    }

    fn add(&mut self, metadata: Option<Part>, spec: Part, partial: bool) {
        self.found.push(Template {
            object: self.object.clone(),
            metadata,
            spec: Some(spec),
            guess: true,
            partial,
            ..Template::default()
        });
    }
}

/// Whether what a key of an object has is no part of anything that is made.
fn is_passed_over(object: &ObjectEntry, key: &str) -> bool {
    NOT_ENTERED.contains(&key) || key == "validate" && group(&object.api_version).ends_with("kyverno.io")
}

/// Whether a map is a pod spec, and then whether all its containers are whole.
fn pod_spec(node: &Node) -> Option<bool> {
    let lists =
        CONTAINERS.iter().filter_map(|list| node.get(list)?.as_list()).filter(|list| !list.is_empty());
    let items: Vec<&Node> = lists.flatten().collect();
    let all_maps = items.iter().all(|item| matches!(item.value(), Value::Map(_)) || item.is_null());
    if !all_maps || !items.iter().any(|item| is_container(item)) {
        return None;
    }
    Some(items.iter().all(|item| item.get("image").is_some()))
}

/// Whether a map that has the containers of a pod has something of which a chart or a controller makes more.
fn has_more(node: &Node) -> bool {
    let entries = node.as_map().into_iter().flat_map(|map| map.iter());
    BESIDE_PODS.iter().any(|key| node.get(key).is_some())
        || entries.into_iter().any(|entry| is_list_of_chart(entry.key(), entry.value()))
}

/// Whether a map says of itself what only a container may.
fn is_of_container(node: &Node) -> bool {
    node.get("privileged").is_some() || node.get("securityContext").is_some_and(says_what_it_may_do)
}

fn is_container(node: &Node) -> bool {
    const SIGNS: [&str; 6] = ["image", "command", "args", "securityContext", "volumeMounts", "env"];
    let named = node.get("name").is_some() && SIGNS.iter().any(|sign| node.get(sign).is_some());
    named || node.get("image").is_some_and(|image| image.as_str().is_some())
}

fn is_fragment(node: &Node) -> bool {
    let host = ["hostNetwork", "hostPID", "hostIPC"];
    let has_host = host.iter().any(|field| node.get(field).is_some_and(|value| value.as_bool().is_some()));
    let volumes = node.get("volumes").and_then(Node::as_list);
    has_host || volumes.is_some_and(|volumes| volumes.iter().any(is_volume))
}

/// Whether this is a list of volumes that a chart adds to those of its own (`extraVolumes`, `additionalVolumes`).
fn is_list_of_chart(key: &str, list: &Node) -> bool {
    let is_named = key != "volumes" && key.to_ascii_lowercase().ends_with("volumes");
    is_named && list.as_list().is_some_and(|volumes| volumes.iter().any(is_volume))
}

/// Whether values of a chart have a place of the node here, in the words of the chart: as a text, or with a name of its
/// own instead of an item of a list.
fn holds_host_path(node: &Node) -> bool {
    let is_text = |node: &Node| node.get("hostPath").and_then(Node::as_str).is_some_and(is_rooted);
    match node.value() {
        Value::Map(_) => {
            is_text(node) || node.pointer("/hostPath/path").is_some_and(|path| path.as_str().is_some())
        }
        Value::List(items) => items.iter().any(is_text),
        _ => false,
    }
}

fn is_rooted(path: &str) -> bool {
    path.starts_with('/')
}

/// The volume that such a place is.
fn on_host(holder: &Part) -> Option<Part> {
    let path = holder.get("hostPath")?;
    let source = if path.as_str().is_some_and(is_rooted) {
        Part::map(&path.pointer).with("path", path)
    } else {
        path.get("path").map(|_| path)?
    };
    Some(
        Part::map(&holder.pointer).with("name", Part::text("host", &holder.pointer)).with("hostPath", source),
    )
}

fn is_volume(node: &Node) -> bool {
    node.get("name").is_some() && VOLUME_SOURCES.iter().any(|source| node.get(source).is_some())
}

/// Containers outside a pod spec: a list in which one says what it may do.
fn is_loose_list(node: &Node) -> bool {
    node.as_list().is_some_and(|items| items.iter().any(is_loose_container))
}

/// A container outside a pod spec: a map with an image that says what it may do, or the part of one that says so
/// in fields that only containers have.
fn is_loose_container(node: &Node) -> bool {
    let context = node.get("securityContext").filter(|context| context.as_map().is_some());
    let mounts = node.get("volumeMounts").is_some_and(|mounts| mounts.as_list().is_some());
    let image = node.get("image").is_some_and(|image| image.as_str().is_some());
    let own = context.is_some_and(says_what_it_may_do);
    own || (image && (mounts || context.is_some()))
}

fn says_what_it_may_do(context: &Node) -> bool {
    OF_CONTAINER.iter().any(|field| context.get(field).is_some())
}

/// Whether a chart would give a container this security context: it may be switched off beside what it says.
fn is_switched_on(context: &Node) -> bool {
    let is_off = context.get("enabled").is_some_and(|on| on.as_bool() == Some(false));
    !is_off && says_what_it_may_do(context)
}
