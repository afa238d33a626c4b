//! Where kinds live in the API, as Gatekeeper asks for them.

use serde_json::{Value, json};

/// A kind with its place in the API.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind {
    pub(super) group: &'static str,
    pub(super) version: &'static str,
    pub(super) kind: &'static str,
}

const fn kind(group: &'static str, version: &'static str, kind: &'static str) -> Kind {
    Kind { group, version, kind }
}

/// Every kind that policies may judge or look up.
const KINDS: [Kind; 11] = [
    kind("", "v1", "Namespace"),
    kind("", "v1", "PersistentVolume"),
    kind("", "v1", "PersistentVolumeClaim"),
    kind("", "v1", "Pod"),
    kind("", "v1", "ServiceAccount"),
    kind("kops.k8s.io", "v1alpha2", "Cluster"),
    kind("kops.k8s.io", "v1alpha2", "InstanceGroup"),
    kind("rbac.authorization.k8s.io", "v1", "ClusterRole"),
    kind("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding"),
    kind("rbac.authorization.k8s.io", "v1", "Role"),
    kind("rbac.authorization.k8s.io", "v1", "RoleBinding"),
];

pub(super) fn find(name: &str) -> Option<Kind> {
    KINDS.into_iter().find(|kind| kind.kind == name)
}

/// ExpansionTemplates by which Gatekeeper sees the pods of workloads: name, group, versions, kinds, and the place of
/// the pod's template.
pub(super) fn expansion() -> Vec<Value> {
    let workloads = [
        ("apps", "apps", &["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"][..], "spec.template"),
        ("core", "", &["ReplicationController"][..], "spec.template"),
        ("jobs", "batch", &["Job"][..], "spec.template"),
        ("cronjobs", "batch", &["CronJob"][..], "spec.jobTemplate.spec.template"),
    ];
    let template = |(name, group, kinds, source): (&str, &str, &[&str], &str)| {
        json!({
            "apiVersion": "expansion.gatekeeper.sh/v1beta1",
            "kind": "ExpansionTemplate",
            "metadata": { "name": format!("podgate-{name}") },
            "spec": {
                "applyTo": [{ "groups": [group], "versions": ["v1"], "kinds": kinds }],
                "generatedGVK": { "group": "", "version": "v1", "kind": "Pod" },
                "templateSource": source,
            },
        })
    };
    workloads.map(template).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_a_policy_has_its_place() {
        for policy in crate::policy::built_in().unwrap() {
            for kind in policy.kinds.iter().chain(&policy.inventory) {
                assert!(find(kind).is_some(), "{}: {kind}", policy.id);
            }
        }
    }
}
