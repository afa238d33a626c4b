//! Certificates that are kept in the cluster.

use std::str::FromStr;
use std::time::Duration;

use clap::Args;

use crate::names::{is_label, is_subdomain};

/// Least and most that a certificate may last.
const LIFETIMES: [Duration; 2] = [Duration::from_secs(30), Duration::from_hours(10 * 365 * 24)];

/// What of certificates is in the cluster: where the server's own is kept, who is told of its authority, and where that
/// of clients is.
#[derive(Debug, Args)]
pub(crate) struct ManagedArgs {
    /// Make the certificate and renew it, in this Secret: all replicas read it from there
    #[arg(long, value_name = "NAMESPACE/SECRET", group = "certificate", requires = "service")]
    pub(crate) managed_certificate: Option<Namespaced>,
    /// Service in the Secret's namespace by which the cluster asks: the certificate has its names
    #[arg(long, value_name = "NAME", conflicts_with_all = ["tls_cert", "plain_http"], value_parser = label)]
    pub(crate) service: Option<String>,
    /// ValidatingWebhookConfiguration whose webhooks of the Service are to trust the certificate; several may be given
    #[arg(long, value_name = "NAME", conflicts_with_all = ["tls_cert", "plain_http"], value_parser = subdomain)]
    pub(crate) webhook_configuration: Vec<String>,
    /// Provider of Gatekeeper that is to trust the certificate; several may be given
    #[arg(long, value_name = "NAME", conflicts_with_all = ["tls_cert", "plain_http"], value_parser = subdomain)]
    pub(crate) provider: Vec<String>,
    /// ValidatingWebhookConfiguration of clients, such as Gatekeeper's: what API servers trust there is the authority of
    /// clients' certificates
    #[arg(long, value_name = "NAME", group = "clients", requires = "certificate", value_parser = subdomain)]
    pub(crate) client_ca_from: Option<String>,
    /// How long a certificate lasts, such as 2160h; a new one is made after two thirds
    #[arg(long, value_name = "TIME", default_value = "2160h", value_parser = lifetime)]
    pub(crate) certificate_lifetime: Duration,
}

/// An object's namespace and name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Namespaced {
    pub(crate) namespace: String,
    pub(crate) name: String,
}

impl FromStr for Namespaced {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('/') {
            Some((namespace, name)) if is_label(namespace) && is_subdomain(name) => {
                Ok(Self { namespace: namespace.to_owned(), name: name.to_owned() })
            }
            _ => Err("expected `namespace/name`".to_owned()),
        }
    }
}

fn label(text: &str) -> Result<String, String> {
    is_label(text).then(|| text.to_owned()).ok_or_else(|| "expected the name of a Service".to_owned())
}

fn subdomain(text: &str) -> Result<String, String> {
    is_subdomain(text).then(|| text.to_owned()).ok_or_else(|| "expected the name of an object".to_owned())
}

fn lifetime(text: &str) -> Result<Duration, String> {
    let given: jiff::SignedDuration = text.parse().map_err(|error: jiff::Error| error.to_string())?;
    let [least, most] = LIFETIMES;
    let lifetime = Duration::try_from(given).ok().filter(|given| (least..=most).contains(given));
    lifetime.ok_or_else(|| "expected a time between `30s` and `87600h`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifetimes_are_as_kubernetes_writes_them() {
        assert_eq!(lifetime("2160h"), Ok(Duration::from_hours(90 * 24)));
        assert_eq!(lifetime("720h30m"), Ok(Duration::from_mins(720 * 60 + 30)));
        assert_eq!(lifetime("30s"), Ok(Duration::from_secs(30)));
        for text in ["", "90", "29s", "-2160h", "87601h", "1 year"] {
            assert!(lifetime(text).is_err(), "{text}");
        }
    }

    #[test]
    fn names_are_held_to_their_form() {
        let named = Namespaced { namespace: "podgate".to_owned(), name: "podgate-a.b".to_owned() };
        assert_eq!("podgate/podgate-a.b".parse(), Ok(named));
        for text in ["podgate", "/a", "a/", "a/b/c", "A/b", "a/B", "a/b_c", "a b/c", ""] {
            assert!(text.parse::<Namespaced>().is_err(), "{text}");
        }
        assert_eq!(subdomain("podgate.example"), Ok("podgate.example".to_owned()));
        assert!(subdomain("Podgate").is_err() && label("podgate.example").is_err());
    }
}
