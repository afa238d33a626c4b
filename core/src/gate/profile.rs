//! Profiles as they are chosen: by name, and those of the Pod Security Standards with a version.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{GateError, psp};
use crate::policy::Policy;
use crate::typed::nearest;

/// The parameter by which the checks of the Pod Security Standards learn their versions.
pub(super) const POD_SECURITY: &str = "podSecurity";

/// The profiles that have versions, and the level of Pod Security Admission that each is.
const LEVELS: [(&str, &str); 2] = [("pss-baseline", "baseline"), ("pss-restricted", "restricted")];

const LATEST: &str = "latest";

/// A profile that was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Profile<'s> {
    /// Its name, without the version.
    pub(super) name: &'s str,
    version: Option<&'s str>,
}

impl<'s> Profile<'s> {
    /// Splits `pss-baseline:v1.30`.
    pub(super) fn read(written: &'s str) -> Self {
        match written.split_once(':') {
            None => Self { name: written, version: None },
            Some((name, version)) => Self { name, version: Some(version) },
        }
    }

    fn level(self) -> Option<&'static str> {
        LEVELS.iter().find(|(name, _)| *name == self.name).map(|(_, level)| *level)
    }
}

/// Whether a version is one that Pod Security Admission takes (`ParseVersion` of `k8s.io/pod-security-admission`).
fn is_version(version: &str) -> bool {
    let is_minor = |digits: &str| {
        let plain = digits == "0" || !digits.starts_with('0');
        plain && digits.bytes().all(|digit| digit.is_ascii_digit()) && digits.parse::<i64>().is_ok()
    };
    version == LATEST || version.strip_prefix("v1.").is_some_and(is_minor)
}

/// Finds the first profile that there is not, or whose version is none.
pub(super) fn check(profiles: &[String], policies: &[Policy]) -> Result<(), GateError> {
    let known: BTreeSet<&str> =
        policies.iter().flat_map(|policy| policy.profiles.iter().map(String::as_str)).collect();
    for (index, written) in profiles.iter().enumerate() {
        let pointer = Some(format!("/profiles/{index}"));
        if psp::WRITTEN.contains(&written.as_str()) {
            continue;
        }
        let profile = Profile::read(written);
        let is_psp = profile.name == psp::PROFILE && profile.version.is_some();
        if is_psp || !known.contains(profile.name) {
            let meant = |name: &str| nearest(name, known.iter().copied().chain(psp::WRITTEN));
            let nearest = meant(written).or_else(|| meant(profile.name)).map(str::to_owned);
            return Err(GateError::UnknownProfile { name: written.clone(), nearest, pointer });
        }
        let reason = match (profile.version, profile.level()) {
            (None, _) => continue,
            (Some(version), Some(_)) if is_version(version) => continue,
            (Some(version), Some(_)) => {
                format!(
                    "unknown version `{version}` of profile `{}`, expected `latest` or one such as `v1.30`",
                    profile.name
                )
            }
            (Some(_), None) => format!("profile `{}` has no versions, expected `{0}` alone", profile.name),
        };
        return Err(GateError::Profile { name: written.clone(), reason, pointer });
    }
    psp::chosen(profiles).map(drop)
}

/// The versions of the Pod Security Standards that are asked for, as the parameter of their checks; `None` where
/// no such profile is chosen.
pub(super) fn pod_security(profiles: &[String]) -> Option<Value> {
    let mut levels: Map<String, Value> = Map::new();
    for profile in profiles.iter().map(|written| Profile::read(written)) {
        if let Some(level) = profile.level() {
            let versions = levels.entry(level).or_insert_with(|| json!([]));
            if let Some(versions) = versions.as_array_mut() {
                versions.push(json!(profile.version.unwrap_or(LATEST)));
            }
        }
    }
    (!levels.is_empty()).then_some(Value::Object(levels))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_those_of_pod_security_admission() {
        for version in ["latest", "v1.0", "v1.9", "v1.37", "v1.100", "v1.9223372036854775807"] {
            assert!(is_version(version), "{version}");
        }
        for version in [
            "",
            "1.30",
            "v1",
            "v1.",
            "v1.01",
            "v1.3.0",
            "v2.0",
            "v1.-1",
            "v1.+1",
            "V1.3",
            "Latest",
            "v1.x",
            " v1.3",
            "v1.9223372036854775808",
        ] {
            assert!(!is_version(version), "{version}");
        }
    }

    #[test]
    fn the_parameter_holds_every_version_of_each_level() {
        let chosen = ["ci", "pss-baseline:v1.20", "pss-restricted", "pss-baseline:latest"].map(str::to_owned);
        let expected = json!({"baseline": ["v1.20", "latest"], "restricted": ["latest"]});
        assert_eq!(pod_security(&chosen), Some(expected));
        assert_eq!(pod_security(&["ci".to_owned()]), None);
    }
}
