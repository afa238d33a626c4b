//! Pods in objects of unknown kind, found by their shape.
//!
//! Custom resources hold pod templates in many places; what a pod looks like is the same in all of them. A whole
//! pod spec is a map with a list of containers. Something with a pod's volumes or host namespaces alone is a
//! fragment of one, and containers in a list of steps or sidecars make one together.

use super::template::{Found, Part, Template};
use crate::document::{Node, Value, escape_pointer_token};
use crate::report::ObjectEntry;

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

/// Where copies of pods stand, or descriptions of what a pod may be.
const NOT_ENTERED: [&str; 4] =
    ["status", "managedFields", "openAPIV3Schema", "kubectl.kubernetes.io/last-applied-configuration"];

/// Every pod, fragment of a pod and list of loose containers at and below `node`, whose pointer is `base`.
pub(super) fn pods<'n>(node: &'n Node, base: &str, object: &ObjectEntry) -> Vec<Template<'n>> {
    let mut walk = Walk { object, found: Vec::new() };
    walk.node(node, Way { before: None, step: base }, None);
    walk.found
}

struct Walk<'n, 'o> {
    object: &'o ObjectEntry,
    found: Vec<Template<'n>>,
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

/// A part of a pod, if there is one.
type Beside<'n> = Option<Part<'n>>;

impl<'n> Walk<'n, '_> {
    // Recursion is bounded by the depth of the document.
    fn node(&mut self, node: &'n Node, way: Way<'_>, metadata: Beside<'n>) {
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

    fn map(&mut self, node: &'n Node, way: Way<'_>, metadata: Beside<'n>) {
        if let Some(complete) = pod_spec(node) {
            let spec = Part { node, pointer: way.pointer() };
            // What the pod does not know of it is looked at when it has been read.
            self.add(metadata, Some(spec), Vec::new(), Found::ByShape, !complete);
            return;
        }
        let Value::Map(entries) = node.value() else { return };
        let below = |key| Way { before: Some(&way), step: key };
        let loose = entries.iter().filter(|entry| is_loose_list(entry.value()));
        let mut loose: Vec<Part<'n>> =
            loose.map(|entry| Part { node: entry.value(), pointer: below(entry.key()).pointer() }).collect();
        // A pod has two lists of whole containers; what is more becomes a pod of its own.
        let more = loose.split_off(loose.len().min(2));
        let spec = is_fragment(node).then(|| Part { node, pointer: way.pointer() });
        if spec.is_some() || !loose.is_empty() {
            self.add(metadata, spec, loose, Found::Fragment, true);
        }
        for list in more {
            self.add(None, None, vec![list], Found::Fragment, true);
        }
        if is_loose_container(node) {
            self.add(None, None, vec![Part { node, pointer: way.pointer() }], Found::Fragment, true);
        }
        for entry in entries.iter().filter(|entry| !NOT_ENTERED.contains(&entry.key())) {
            let beside = node.get("metadata").filter(|_| entry.key() == "spec");
            let metadata = beside.map(|node| Part { node, pointer: below("metadata").pointer() });
            if is_loose_list(entry.value()) {
                continue;
            }
            self.node(entry.value(), below(entry.key()), metadata);
        }
    }

    fn add(
        &mut self,
        metadata: Beside<'n>,
        spec: Beside<'n>,
        loose: Vec<Part<'n>>,
        found: Found,
        partial: bool,
    ) {
        let object = self.object.clone();
        self.found.push(Template { object, metadata, spec, loose, found, partial, notes: Vec::new() });
    }
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
    const OWN: [&str; 4] = ["allowPrivilegeEscalation", "capabilities", "privileged", "procMount"];
    let context = node.get("securityContext").filter(|context| context.as_map().is_some());
    let mounts = node.get("volumeMounts").is_some_and(|mounts| mounts.as_list().is_some());
    let image = node.get("image").is_some_and(|image| image.as_str().is_some());
    let own = context.is_some_and(|context| OWN.iter().any(|field| context.get(field).is_some()));
    own || (image && (mounts || context.is_some()))
}
