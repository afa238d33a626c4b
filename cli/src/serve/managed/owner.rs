//! Whether a Secret may be written to.

use anyhow::{Result, bail};
use k8s_openapi::api::core::v1::Secret;
use kube::ResourceExt;

use super::record::Data;

/// Annotation with the name of the Service whose certificate podgate keeps in a Secret.
const SERVICE: &str = "podgate.dev/service";

/// Types that a Secret of certificates may have.
const TYPES: [&str; 2] = ["Opaque", "kubernetes.io/tls"];

/// Makes a Secret the one of this Service: an empty one, one that is so already, or one that is known for its own though
/// the annotation is gone. Whether it had the annotation. What somebody else keeps there is not podgate's to read or to
/// replace.
pub(super) fn claim(secret: &mut Secret, service: &str, is_known: bool) -> Result<bool> {
    let kind = secret.type_.as_deref().unwrap_or_default();
    if !kind.is_empty() && !TYPES.contains(&kind) {
        bail!("it is of the type `{kind}`: podgate keeps no certificate there");
    }
    match secret.annotations().get(SERVICE) {
        Some(own) if own == service => return Ok(true),
        Some(other) => bail!(
            "it is of podgate's Service `{other}` (annotation `{SERVICE}`), and not of `{service}`: one of them needs another Secret"
        ),
        None if !is_known && secret.data.as_ref().is_some_and(is_filled) => bail!(
            "podgate did not make what it holds (there is no annotation `{SERVICE}`): name another Secret, or empty this one"
        ),
        None => {}
    }
    secret.annotations_mut().insert(SERVICE.to_owned(), service.to_owned());
    Ok(false)
}

fn is_filled(data: &Data) -> bool {
    data.values().any(|value| !value.0.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// The Secret once it is claimed, and whether it was marked before.
    fn claimed(secret: Value, is_known: bool) -> Result<(Value, bool), String> {
        let mut secret: Secret = serde_json::from_value(secret).unwrap();
        let was_marked = claim(&mut secret, "podgate", is_known).map_err(|error| error.to_string())?;
        Ok((json!(secret), was_marked))
    }

    #[test]
    fn an_empty_secret_is_claimed_and_an_own_one_stays_as_it_is() {
        let own = json!({"podgate.dev/service": "podgate", "note": "kept"});
        for kind in ["Opaque", "kubernetes.io/tls"] {
            let empty = json!({"apiVersion": "v1", "kind": "Secret", "type": kind,
                "metadata": {"annotations": {"note": "kept"}}, "data": {"tls.crt": "", "tls.key": ""}});
            let mut expected = empty.clone();
            expected["metadata"]["annotations"] = own.clone();
            assert_eq!(claimed(empty, false), Ok((expected, false)));
        }
        let filled = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"annotations": own},
            "data": {"tls.crt": "AA=="}});
        assert_eq!(claimed(filled.clone(), false), Ok((filled.clone(), true)));
        let mut stripped = filled.clone();
        stripped["metadata"]["annotations"] = json!({"note": "kept"});
        assert_eq!(claimed(stripped, true), Ok((filled, false)));
    }

    #[test]
    fn what_is_somebody_elses_is_left_alone() {
        for (secret, reason) in [
            (json!({"data": {"tls.crt": "AA=="}}), "podgate did not make what it holds"),
            (json!({"data": {"password": "AA=="}}), "podgate did not make what it holds"),
            (json!({"type": "kubernetes.io/service-account-token"}), "it is of the type"),
            (json!({"metadata": {"annotations": {"podgate.dev/service": "other"}}}), "`other`"),
        ] {
            let said = claimed(secret.clone(), false).unwrap_err();
            assert!(said.contains(reason), "{secret}: {said}");
            let is_filled = !secret["data"].is_null();
            assert_eq!(claimed(secret.clone(), true).is_ok(), is_filled, "{secret}");
        }
    }
}
