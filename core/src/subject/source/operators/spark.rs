//! Applications of Spark: the pods of the driver and of its executors, whose fields stand beside each other
//! (<https://www.kubeflow.org/docs/components/spark-operator/>).

use std::collections::{BTreeMap, BTreeSet};

use super::super::super::part::Part;
use super::super::super::template::Template;
use super::super::{Maker, size, yes};

/// Fields of a driver or an executor that its container has.
const OF_CONTAINER: [&str; 6] = ["env", "envFrom", "image", "lifecycle", "securityContext", "volumeMounts"];

/// Fields of a driver or an executor that its pod has.
const OF_POD: [&str; 13] = [
    "affinity",
    "dnsConfig",
    "hostAliases",
    "hostNetwork",
    "initContainers",
    "nodeSelector",
    "priorityClassName",
    "schedulerName",
    "shareProcessNamespace",
    "terminationGracePeriodSeconds",
    "tolerations",
    "volumes",
    "dnsPolicy",
];

/// Takes the driver and the executors that a spec describes.
pub(super) fn read(maker: &mut Maker<'_>, spec: &Part) {
    let shared: Vec<Part> = ["sparkConf", "volumes"].iter().filter_map(|key| spec.get(key)).collect();
    for role in ["driver", "executor"] {
        let own = spec.get(role).unwrap_or_else(|| Part::map(&spec.pointer));
        if !maker.affords(&own.pointer, 1, || size(&shared)) {
            return;
        }
        maker.add(Template {
            metadata: Some(own.clone().only(&["annotations", "labels"])),
            spec: Some(pod(spec, role, &own)),
            ..Template::default()
        });
    }
}

fn pod(spec: &Part, role: &str, own: &Part) -> Part {
    let configured = Configured::of(spec, role);
    let container = own
        .clone()
        .only(&OF_CONTAINER)
        .with("name", Part::text(&format!("spark-{role}"), &own.pointer))
        .with("image", own.get("image").or_else(|| spec.get("image")))
        .and("volumeMounts", configured.mounts);
    let base = own.find(&["template", "spec"]).unwrap_or_else(|| Part::map(&own.pointer));
    let containers: Vec<Part> = std::iter::once(container)
        .chain(own.items_of("sidecars"))
        .chain(base.items_of("containers"))
        .collect();
    let account = own.get("serviceAccountName").or_else(|| own.get("serviceAccount"));
    base.with_all(own.clone().only(&OF_POD).entries())
        .and("volumes", mounted(spec, own))
        .and("volumes", configured.volumes)
        .with("serviceAccountName", account)
        .with("securityContext", own.get("podSecurityContext"))
        .with("containers", Part::list(&own.pointer, containers))
}

/// The volumes of the application that the pod of a role gets: those that it mounts.
fn mounted(spec: &Part, own: &Part) -> Vec<Part> {
    let beside = ["initContainers", "sidecars"].into_iter().flat_map(|key| own.items_of(key));
    let mounts = std::iter::once(own.clone()).chain(beside).flat_map(|one| one.items_of("volumeMounts"));
    let names: BTreeSet<String> = mounts.filter_map(|mount| mount.text_of("name")).collect();
    let is_mounted = |volume: &Part| volume.text_of("name").is_none_or(|name| names.contains(&name));
    spec.items_of("volumes").into_iter().filter(is_mounted).collect()
}

/// Paths of the host that the settings of Spark mount
/// (<https://spark.apache.org/docs/latest/running-on-kubernetes.html#using-kubernetes-volumes>).
#[derive(Default)]
struct Configured {
    volumes: Vec<Part>,
    mounts: Vec<Part>,
}

impl Configured {
    fn of(spec: &Part, role: &str) -> Self {
        let prefix = format!("spark.kubernetes.{role}.volumes.hostPath.");
        let mut settings: BTreeMap<String, BTreeMap<String, Part>> = BTreeMap::new();
        for (key, value) in spec.get("sparkConf").map(|all| all.entries()).unwrap_or_default() {
            if let Some((name, what)) = key.strip_prefix(&prefix).and_then(|rest| rest.split_once('.')) {
                settings.entry(name.to_owned()).or_default().insert(what.to_owned(), value.into_text());
            }
        }
        let mut configured = Self::default();
        for (name, own) in settings {
            let Some(at) = own.values().next().map(|first| first.pointer.clone()) else { continue };
            let name = Part::text(&name, &at);
            let host = Part::map(&at)
                .with("path", own.get("options.path").cloned())
                .with("type", own.get("options.type").cloned());
            configured.volumes.push(Part::map(&at).with("name", name.clone()).with("hostPath", host));
            let read_only = own.get("mount.readOnly").filter(|on| on.as_str() == Some("true"));
            let mount = Part::map(&at)
                .with("name", name)
                .with("mountPath", own.get("mount.path").cloned())
                .with("subPath", own.get("mount.subPath").cloned())
                .with("readOnly", read_only.map(|on| yes(&on.pointer)));
            configured.mounts.push(mount);
        }
        configured
    }
}
