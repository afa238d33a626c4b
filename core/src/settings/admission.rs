//! What of `podgate.yaml` concerns the admission webhook alone.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How the admission webhook answers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct AdmissionSettings {
    /// What follows from findings that deny, in objects that are not pods themselves: those with a pod template, and
    /// others that policies judge.
    #[serde(skip_serializing_if = "is_default")]
    pub workloads: Workloads,
    /// Requests that are not judged at all. Exact names, without patterns.
    #[serde(skip_serializing_if = "is_default")]
    pub exempt: Exempt,
    /// Profiles that a namespace may choose by its labels `podgate.dev/enforce`, `podgate.dev/warn` and
    /// `podgate.dev/audit`, each with `-version`; none means that such labels count for nothing. One that is given
    /// with a version, such as `pss-restricted:v1.30`, may be chosen in that version alone, one without in the latest.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub namespace_profiles: Vec<String>,
}

/// What follows from findings that deny, in objects that are not pods themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Workloads {
    /// Whoever submits the object is warned; its pods are refused when they come.
    #[default]
    Warn,
    /// The object is refused.
    Deny,
}

/// Requests that are not judged: those for which one of these names matches, as in the `exemptions` of Pod Security
/// Admission (`PodSecurityConfiguration` of `k8s.io/pod-security-admission`).
///
/// A pod that a controller makes is submitted by the controller: to exempt a controller exempts whoever may use it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Exempt {
    /// Names of users.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<String>,
    /// Groups of users.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// Service accounts that submit objects, as `namespace/name`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub service_accounts: Vec<String>,
    /// Namespaces.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub namespaces: Vec<String>,
    /// Runtime classes of pods.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub runtime_classes: Vec<String>,
}

pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl AdmissionSettings {
    /// What is wrong with the values themselves, and where below `/admission`.
    pub(super) fn fault(&self) -> Option<(String, String)> {
        let Exempt { users, groups, service_accounts, namespaces, runtime_classes } = &self.exempt;
        let lists = [
            ("exempt/users", users),
            ("exempt/groups", groups),
            ("exempt/serviceAccounts", service_accounts),
            ("exempt/namespaces", namespaces),
            ("exempt/runtimeClasses", runtime_classes),
            ("namespaceProfiles", &self.namespace_profiles),
        ];
        for (place, names) in lists {
            for (index, name) in names.iter().enumerate() {
                let reason = if name.is_empty() {
                    "a name must not be empty".to_owned()
                } else if place == "exempt/serviceAccounts" && account(name).is_none() {
                    format!("unknown service account `{name}`, expected `namespace/name`")
                } else {
                    continue;
                };
                return Some((format!("/admission/{place}/{index}"), reason));
            }
        }
        None
    }
}

/// Namespace and name of a service account.
fn account(written: &str) -> Option<(&str, &str)> {
    let (namespace, name) = written.split_once('/')?;
    (!namespace.is_empty() && !name.is_empty() && !name.contains('/')).then_some((namespace, name))
}

impl Exempt {
    /// Which list exempts a request, as an audit annotation names it; `None` where none does.
    pub(crate) fn of_request(&self, namespace: &str, user: &str, groups: &[String]) -> Option<&'static str> {
        let has = |list: &[String], name: &str| !name.is_empty() && list.iter().any(|own| own == name);
        let is_account = |written: &String| {
            account(written).is_some_and(|(namespace, name)| {
                // `MakeUsername` of `k8s.io/apiserver/pkg/authentication/serviceaccount`.
                user.strip_prefix("system:serviceaccount:")
                    .is_some_and(|rest| rest.split_once(':') == Some((namespace, name)))
            })
        };
        if has(&self.namespaces, namespace) {
            Some("namespace")
        } else if has(&self.users, user) {
            Some("user")
        } else if groups.iter().any(|group| has(&self.groups, group)) {
            Some("group")
        } else if self.service_accounts.iter().any(is_account) {
            Some("service-account")
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exempt() -> Exempt {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Exempt {
            users: list(&["admin"]),
            groups: list(&["ops"]),
            service_accounts: list(&["ci/builder"]),
            namespaces: list(&["kube-system"]),
            runtime_classes: Vec::new(),
        }
    }

    #[test]
    fn a_request_is_exempt_by_exact_names_alone() {
        let of = |namespace: &str, user: &str, group: &str| {
            exempt().of_request(namespace, user, &[group.to_owned()])
        };
        assert_eq!(of("kube-system", "x", ""), Some("namespace"));
        assert_eq!(of("ci", "admin", ""), Some("user"));
        assert_eq!(of("ci", "x", "ops"), Some("group"));
        assert_eq!(of("ci", "system:serviceaccount:ci:builder", ""), Some("service-account"));
        for user in ["", "Admin", "admin2", "ci/builder", "system:serviceaccount:ci:builder2"] {
            assert_eq!(of("ci", user, "op"), None, "{user}");
        }
        assert_eq!(of("system:serviceaccount", "system:serviceaccount:ci2:builder", ""), None);
    }

    #[test]
    fn names_are_held_to_their_form() {
        let fault = |exempt| AdmissionSettings { exempt, ..AdmissionSettings::default() }.fault();
        assert_eq!(fault(exempt()), None);
        for written in ["builder", "/builder", "ci/", "a/b/c"] {
            let wrong = Exempt { service_accounts: vec![written.to_owned()], ..Exempt::default() };
            let (pointer, _) = fault(wrong).unwrap();
            assert_eq!(pointer, "/admission/exempt/serviceAccounts/0", "{written}");
        }
        let wrong = Exempt { users: vec!["a".to_owned(), String::new()], ..Exempt::default() };
        assert_eq!(fault(wrong).unwrap().0, "/admission/exempt/users/1");
    }
}
