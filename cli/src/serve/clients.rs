//! The authority of clients, as they themselves have it in a webhook configuration: Gatekeeper shows podgate the same
//! certificate as the API server.

use std::sync::Arc;

use anyhow::{Context, Result};
use k8s_openapi::api::admissionregistration::v1::ValidatingWebhookConfiguration;
use kube::Api;
use kube::runtime::watcher::Event;
use tokio::sync::watch;

use super::cluster;
use super::state::State;

/// Name of all this in metrics, logs and `/readyz`.
const WHAT: &str = "client-ca";

/// Follows a webhook configuration. The receiver has the authorities as PEM, once they are known.
pub(super) async fn follow(state: &Arc<State>, name: &str) -> Result<watch::Receiver<Option<String>>> {
    let cluster = cluster::client().context("the authority of clients is to come from a cluster")?;
    let (tell, told) = watch::channel(None);
    let take = move |event: Event<ValidatingWebhookConfiguration>| {
        // Where it goes, what was known stays.
        if let Event::Apply(own) | Event::InitApply(own) = event {
            let authorities = Some(authorities(&own)).filter(|text| !text.is_empty());
            tell.send_if_modified(|known| {
                let is_new = authorities.is_some() && *known != authorities;
                if is_new {
                    known.clone_from(&authorities);
                }
                is_new
            });
        }
    };
    let api: Api<ValidatingWebhookConfiguration> = Api::all(cluster.client.clone());
    tokio::spawn(cluster::follow(Arc::clone(state), WHAT, cluster, api, cluster::one(name), take));
    Ok(told)
}

/// All that API servers trust for the webhooks of a configuration.
fn authorities(own: &ValidatingWebhookConfiguration) -> String {
    let bundles =
        own.webhooks.iter().flatten().filter_map(|webhook| webhook.client_config.ca_bundle.as_ref());
    let mut all: Vec<String> =
        bundles.map(|bundle| String::from_utf8_lossy(&bundle.0).trim().to_owned()).collect();
    // Some installations write a blank in the place of one that is to come.
    all.retain(|text| !text.is_empty());
    all.sort();
    all.dedup();
    all.iter().map(|text| format!("{text}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authorities_are_those_of_all_webhooks_once() {
        let webhook = |bundle: &str| {
            serde_json::json!({"name": "a", "admissionReviewVersions": ["v1"], "sideEffects": "None",
                "clientConfig": {"url": "https://a", "caBundle": bundle}})
        };
        let own = serde_json::json!({"webhooks": [webhook("Qg=="), webhook("QQo="), webhook("QQ=="), webhook(""), webhook("Cg==")]});
        assert_eq!(authorities(&serde_json::from_value(own).unwrap()), "A\nB\n");
    }
}
