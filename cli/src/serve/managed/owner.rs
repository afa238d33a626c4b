//! Whether a Secret may be written to.

use anyhow::{Result, bail};
use k8s_openapi::api::core::v1::Secret;
use kube::ResourceExt;

use super::record::Data;

/// Annotation with the name of the Service whose certificate podgate keeps in a Secret.
const SERVICE: &str = "podgate.dev/service";

/// Types that a Secret of certificates may have.
const TYPES: [&str; 2] = ["Opaque", "kubernetes.io/tls"];

/// Makes a Secret the one of this Service: an empty one, or one that is so already. What somebody else keeps there is
/// not podgate's to read or to replace.
pub(super) fn claim(secret: &mut Secret, service: &str) -> Result<()> {
    let kind = secret.type_.as_deref().unwrap_or_default();
    if !kind.is_empty() && !TYPES.contains(&kind) {
        bail!("it is of the type `{kind}`: podgate keeps no certificate there");
    }
    match secret.annotations().get(SERVICE) {
        Some(own) if own == service => return Ok(()),
        Some(other) => bail!(
            "it is of podgate's Service `{other}` (annotation `{SERVICE}`), and not of `{service}`: one of them needs another Secret"
        ),
        None if secret.data.as_ref().is_some_and(is_filled) => bail!(
            "podgate did not make what it holds (there is no annotation `{SERVICE}`): name another Secret, or empty this one"
        ),
        None => {}
    }
    secret.annotations_mut().insert(SERVICE.to_owned(), service.to_owned());
    Ok(())
}

fn is_filled(data: &Data) -> bool {
    data.values().any(|value| !value.0.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn claimed(secret: Value) -> Result<Value, String> {
        let mut secret: Secret = serde_json::from_value(secret).unwrap();
        claim(&mut secret, "podgate").map_err(|error| error.to_string())?;
        Ok(json!(secret))
    }

    #[test]
    fn an_empty_secret_is_claimed_and_an_own_one_stays_as_it_is() {
        let own = json!({"podgate.dev/service": "podgate", "note": "kept"});
        for kind in ["Opaque", "kubernetes.io/tls"] {
            let empty = json!({"apiVersion": "v1", "kind": "Secret", "type": kind,
                "metadata": {"annotations": {"note": "kept"}}, "data": {"tls.crt": "", "tls.key": ""}});
            let mut expected = empty.clone();
            expected["metadata"]["annotations"] = own.clone();
            assert_eq!(claimed(empty), Ok(expected));
        }
        let filled = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"annotations": own},
            "data": {"tls.crt": "AA=="}});
        assert_eq!(claimed(filled.clone()), Ok(filled));
    }

    #[test]
    fn what_is_somebody_elses_is_left_alone() {
        for (secret, reason) in [
            (json!({"data": {"tls.crt": "AA=="}}), "podgate did not make what it holds"),
            (json!({"data": {"password": "AA=="}}), "podgate did not make what it holds"),
            (json!({"type": "kubernetes.io/service-account-token"}), "it is of the type"),
            (json!({"metadata": {"annotations": {"podgate.dev/service": "other"}}}), "`other`"),
        ] {
            let said = claimed(secret.clone()).unwrap_err();
            assert!(said.contains(reason), "{secret}: {said}");
        }
    }
}
