//! What admission by `PodSecurityPolicy` did and settings do not.

use serde_json::{Map, Value};

use super::check::{list, rule};
use super::find::Found;
use crate::document::Node;
use crate::report::one_line;

/// An annotation that older versions of Kubernetes read.
const OLD_SYSCTLS: &str = "security.alpha.kubernetes.io/sysctls";

/// Every field that the policy set in pods, and what else is lost.
pub(super) fn all(values: &Map<String, Value>, found: &Found) -> Vec<String> {
    let mut notes = Vec::new();
    ids(values, &mut notes);
    containers(values, &mut notes);
    profiles(values, &mut notes);
    let annotations = found.node.pointer("/metadata/annotations").and_then(Node::as_map);
    if annotations.is_some_and(|annotations| annotations.entry(OLD_SYSCTLS).is_some()) {
        notes.push(format!(
            "the annotation {OLD_SYSCTLS} is passed over: Kubernetes 1.11 was the first to do so"
        ));
    }
    notes.into_iter().map(one_line).collect()
}

fn ids(values: &Map<String, Value>, notes: &mut Vec<String>) {
    for (field, whose) in [
        ("runAsUser", "containers for which none is set"),
        ("runAsGroup", "containers for which none is set"),
        ("supplementalGroups", "pods that set none"),
        ("fsGroup", "pods that set none"),
    ] {
        let first = values.get(field).and_then(|strategy| strategy.pointer("/ranges/0/min"));
        if let ("MustRunAs", Some(first)) = (rule(values, field), first) {
            notes.push(format!("{field} was set to {first} in {whose}"));
        }
    }
    if rule(values, "runAsUser") == "MustRunAsNonRoot" {
        notes.push("runAsNonRoot was set to true in containers for which no user is set".to_owned());
    }
    let options = values.get("seLinux").and_then(|strategy| strategy.get("seLinuxOptions"));
    if let ("MustRunAs", Some(options)) = (rule(values, "seLinux"), options) {
        notes.push(format!("seLinuxOptions were set to {options} in pods that set none"));
    }
}

fn containers(values: &Map<String, Value>, notes: &mut Vec<String>) {
    let names = |field: &str| {
        let names: Vec<&str> = list(values, field).iter().filter_map(Value::as_str).collect();
        (!names.is_empty()).then(|| names.join(", "))
    };
    if let Some(names) = names("defaultAddCapabilities") {
        notes.push(format!("the capabilities {names} were added to containers that did not drop them"));
    }
    if let Some(names) = names("requiredDropCapabilities") {
        notes.push(format!("the capabilities {names} were dropped from all containers"));
    }
    let is = |field: &str, wanted: bool| values.get(field) == Some(&Value::Bool(wanted));
    if is("readOnlyRootFilesystem", true) {
        notes.push("readOnlyRootFilesystem was set to true in containers that did not say".to_owned());
    }
    if is("allowPrivilegeEscalation", false) || is("defaultAllowPrivilegeEscalation", false) {
        notes.push("allowPrivilegeEscalation was set to false in containers that did not say".to_owned());
    }
}

fn profiles(values: &Map<String, Value>, notes: &mut Vec<String>) {
    let text = |field: &str| values.get(field).and_then(Value::as_str).filter(|text| !text.is_empty());
    if let Some(profile) = text("seccomp.security.alpha.kubernetes.io/defaultProfileName") {
        notes.push(format!("the seccomp profile {profile} was set in pods that named none"));
    }
    if let Some(profile) = text("apparmor.security.beta.kubernetes.io/defaultProfileName") {
        notes.push(format!("the AppArmor profile {profile} was set for containers that named none"));
    }
    let class = values.get("runtimeClass").and_then(|class| class.get("defaultRuntimeClassName")?.as_str());
    if let Some(class) = class {
        notes.push(format!("runtimeClassName was set to {class} in pods that named none"));
    }
}
