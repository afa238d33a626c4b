//! The kinds of Kubernetes and where each keeps its pod.

use k8s_openapi::api::apps::v1::{DaemonSetSpec, DeploymentSpec, ReplicaSetSpec, StatefulSetSpec};
use k8s_openapi::api::batch::v1::{CronJobSpec, JobSpec};
use k8s_openapi::api::core::v1::{
    Namespace, PersistentVolume, PodTemplate, ReplicationControllerSpec, ServiceAccount,
};
use k8s_openapi::api::rbac::v1::{ClusterRoleBinding, RoleBinding};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::kops;
use crate::document::Node;
use crate::typed::{self, Note, TypeError};

/// Reads an object at a pointer, but for some pointers below it, and tells what it noticed.
type ReadSurroundings = fn(&Node, &str, &[String]) -> Result<Vec<Note>, TypeError>;

/// A kind that carries a pod.
pub(super) struct Workload {
    /// The kind's name.
    pub(super) kind: &'static str,
    /// API groups that have or had it; the core group is empty.
    pub(super) groups: &'static [&'static str],
    /// JSON Pointer of the pod template; empty for a pod itself.
    pub(super) template: &'static str,
    /// Reads what surrounds the template and tells what it noticed.
    pub(super) surroundings: ReadSurroundings,
}

fn surroundings<T: DeserializeOwned>(
    node: &Node,
    base: &str,
    skip: &[String],
) -> Result<Vec<Note>, TypeError> {
    typed::read_lenient::<T>(node, base, skip).map(|(_, notes)| notes)
}

fn none(_: &Node, _: &str, _: &[String]) -> Result<Vec<Note>, TypeError> {
    Ok(Vec::new())
}

/// Every kind of Kubernetes that carries a pod, with the groups that it has lived in
/// (<https://kubernetes.io/docs/reference/using-api/deprecation-guide/>).
pub(super) const WORKLOADS: [Workload; 10] = [
    Workload { kind: "Pod", groups: &[""], template: "", surroundings: none },
    Workload {
        kind: "PodTemplate",
        groups: &[""],
        template: "/template",
        surroundings: surroundings::<PodTemplate>,
    },
    Workload {
        kind: "ReplicationController",
        groups: &[""],
        template: "/spec/template",
        surroundings: surroundings::<ReplicationControllerSpec>,
    },
    Workload {
        kind: "ReplicaSet",
        groups: &["apps", "extensions"],
        template: "/spec/template",
        surroundings: surroundings::<ReplicaSetSpec>,
    },
    Workload {
        kind: "Deployment",
        groups: &["apps", "extensions"],
        template: "/spec/template",
        surroundings: surroundings::<DeploymentSpec>,
    },
    Workload {
        kind: "StatefulSet",
        groups: &["apps"],
        template: "/spec/template",
        surroundings: surroundings::<StatefulSetSpec>,
    },
    Workload {
        kind: "DaemonSet",
        groups: &["apps", "extensions"],
        template: "/spec/template",
        surroundings: surroundings::<DaemonSetSpec>,
    },
    Workload {
        kind: "Job",
        groups: &["batch", "extensions"],
        template: "/spec/template",
        surroundings: surroundings::<JobSpec>,
    },
    Workload {
        kind: "CronJob",
        groups: &["batch"],
        template: "/spec/jobTemplate/spec/template",
        surroundings: surroundings::<CronJobSpec>,
    },
    Workload {
        kind: "ScheduledJob",
        groups: &["batch"],
        template: "/spec/jobTemplate/spec/template",
        surroundings: surroundings::<CronJobSpec>,
    },
];

/// Whether a kind is one of Kubernetes that carries a pod.
pub(super) fn is_workload(kind: &str, api_version: &str) -> bool {
    WORKLOADS.iter().any(|known| known.kind == kind && known.groups.contains(&group(api_version)))
}

/// Reads an object of a kind that a policy judges although it carries no pod.
pub(super) type ReadObject = fn(&Node) -> Result<(serde_json::Value, Vec<Note>), TypeError>;

/// A kind that policies judge although it carries no pod.
pub(super) struct Judged {
    /// The kind's name.
    pub(super) kind: &'static str,
    /// API groups that have or had it; the core group is empty.
    pub(super) groups: &'static [&'static str],
    /// Reads the object and tells what it noticed.
    pub(super) read: ReadObject,
    /// Whether there is a type for it. Where there is none, pods are looked for in it by their shape.
    pub(super) typed: bool,
}

const RBAC: &[&str] = &["rbac.authorization.k8s.io"];

/// Kinds that policies judge although they carry no pod.
pub(super) const JUDGED: [Judged; 7] = [
    Judged { kind: "PersistentVolume", groups: &[""], read: object::<PersistentVolume>, typed: true },
    Judged { kind: "Namespace", groups: &[""], read: object::<Namespace>, typed: true },
    Judged { kind: "ServiceAccount", groups: &[""], read: object::<ServiceAccount>, typed: true },
    Judged { kind: "RoleBinding", groups: RBAC, read: object::<RoleBinding>, typed: true },
    Judged { kind: "ClusterRoleBinding", groups: RBAC, read: object::<ClusterRoleBinding>, typed: true },
    Judged { kind: kops::CLUSTER, groups: kops::GROUPS, read: kops::cluster, typed: false },
    Judged { kind: "InstanceGroup", groups: kops::GROUPS, read: kops::instance_group, typed: false },
];

/// The entry of a kind that policies judge although it carries no pod.
pub(super) fn judged(group: &str, kind: &str) -> Option<&'static Judged> {
    JUDGED.iter().find(|judged| judged.kind == kind && judged.groups.contains(&group))
}

fn object<T: DeserializeOwned + Serialize>(node: &Node) -> Result<(serde_json::Value, Vec<Note>), TypeError> {
    let (object, notes) =
        typed::read_lenient::<T>(node, "", &["/apiVersion".to_owned(), "/status".to_owned()])?;
    let value = serde_json::to_value(&object).map_err(TypeError::new)?;
    Ok((value, notes))
}

/// Groups of Kubernetes in which no kind but the ones above carries a pod. Kinds of the core group are listed
/// one by one, since `v1` is also what careless custom objects claim.
const GROUPS_WITHOUT_POD: [&str; 22] = [
    "admissionregistration.k8s.io",
    "apiextensions.k8s.io",
    "apiregistration.k8s.io",
    "authentication.k8s.io",
    "authorization.k8s.io",
    "autoscaling",
    "certificates.k8s.io",
    "coordination.k8s.io",
    "discovery.k8s.io",
    "events.k8s.io",
    "flowcontrol.apiserver.k8s.io",
    "gateway.networking.k8s.io",
    "kustomize.config.k8s.io",
    "metrics.k8s.io",
    "networking.k8s.io",
    "node.k8s.io",
    "rbac.authorization.k8s.io",
    "resource.k8s.io",
    "scheduling.k8s.io",
    "settings.k8s.io",
    "snapshot.storage.k8s.io",
    "storage.k8s.io",
];

const CORE_WITHOUT_POD: [&str; 15] = [
    "Binding",
    "ComponentStatus",
    "ConfigMap",
    "Endpoints",
    "Event",
    "LimitRange",
    "Namespace",
    "Node",
    "PersistentVolumeClaim",
    "ResourceQuota",
    "Secret",
    "Service",
    "ServiceAccount",
    "Status",
    "PersistentVolume",
];

/// Kinds without a pod in the groups that have kinds with one.
const MIXED_WITHOUT_POD: [(&str, &str); 12] = [
    ("apps", "ControllerRevision"),
    ("argoproj.io", "AppProject"),
    ("extensions", "Ingress"),
    ("extensions", "NetworkPolicy"),
    ("extensions", "PodSecurityPolicy"),
    ("policy", "Eviction"),
    ("policy", "PodDisruptionBudget"),
    ("policy", "PodSecurityPolicy"),
    ("tekton.dev", "PipelineResource"),
    ("triggers.tekton.dev", "ClusterInterceptor"),
    ("triggers.tekton.dev", "ClusterTriggerBinding"),
    ("triggers.tekton.dev", "TriggerBinding"),
];

/// The group of an `apiVersion`; the core group is empty.
pub(super) fn group(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}

/// Whether a kind is known to carry no pod.
pub(super) fn carries_no_pod(group: &str, kind: &str) -> bool {
    match group {
        "" => CORE_WITHOUT_POD.contains(&kind),
        _ => GROUPS_WITHOUT_POD.contains(&group) || MIXED_WITHOUT_POD.contains(&(group, kind)),
    }
}
