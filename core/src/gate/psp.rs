//! The profile `psp`: with a name after it, the documented PodSecurityPolicy that counts where no parameter does.

use super::GateError;

/// The profile.
pub(super) const PROFILE: &str = "psp";

/// The parameter by which the policies of the profile learn the name.
pub(super) const PARAMETER: &str = "podSecurityPolicy";

/// Every way to write the profile.
pub(super) const WRITTEN: [&str; 3] = ["psp:restricted", "psp:baseline", "psp:privileged"];

/// The PodSecurityPolicy that the profiles name, if one does.
pub(super) fn chosen(profiles: &[String]) -> Result<Option<&str>, GateError> {
    let mut written = profiles
        .iter()
        .map(String::as_str)
        .filter(|written| *written == PROFILE || WRITTEN.contains(written));
    let Some(first) = written.next() else { return Ok(None) };
    match written.find(|other| *other != first) {
        None => Ok(first.strip_prefix(PROFILE).and_then(|rest| rest.strip_prefix(':'))),
        Some(other) => Err(GateError::Profile {
            name: other.to_owned(),
            reason: format!("profiles `{first}` and `{other}` exclude each other"),
            pointer: Some("/profiles".to_owned()),
        }),
    }
}
