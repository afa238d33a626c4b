//! podgate as a webhook of the cluster, configured as the guide says.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use podgate::document::{self, Limits};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::api::Api;
use super::{pod, until};
use crate::authority::Authority;
use crate::server::Server;

const GUIDE: &str = "../docs/guides/admission-webhook.md";

pub const CONFIGURATIONS: &str = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";

pub struct Webhook<'a> {
    api: &'a Api,
    name: String,
    pub server: Server,
    pub authority: Authority,
}

impl Drop for Webhook<'_> {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.api.delete(&self.path());
        }
    }
}

impl<'a> Webhook<'a> {
    /// A server with these settings that judges what comes into a namespace. It does so from the return on.
    pub fn start(api: &'a Api, namespace: &str, settings: &str) -> Self {
        Self::start_with(api, namespace, settings, &[], &json!({}))
    }

    /// The same with arguments, and with other values in the configuration.
    pub fn start_with(api: &'a Api, namespace: &str, settings: &str, args: &[&str], changes: &Value) -> Self {
        Self::start_asking(api, namespace, settings, args, changes, Path::new("no-cluster"))
    }

    /// The same, with an API server that podgate itself asks.
    pub fn start_asking(
        api: &'a Api,
        namespace: &str,
        settings: &str,
        args: &[&str],
        changes: &Value,
        kubeconfig: &Path,
    ) -> Self {
        let folder = Arc::new(TempDir::new().unwrap());
        let settings = if settings.is_empty() { "{}" } else { settings };
        fs::write(folder.path().join("podgate.yaml"), settings).unwrap();
        let authority = Authority::new();
        authority.leaf(2100).write(folder.path(), "tls");
        let tls = ["--tls-cert", "tls.crt", "--tls-key", "tls.key", "--shutdown-delay", "0"];
        let server = Server::start_with(folder, &[&tls, args].concat(), kubeconfig);
        let webhook = Self { api, name: namespace.to_owned(), server, authority };
        webhook.configure(namespace, changes);
        webhook
    }

    /// Writes the configuration and waits until the API server goes by it.
    fn configure(&self, namespace: &str, changes: &Value) {
        let mut own = configuration();
        own["metadata"]["name"] = json!(self.name);
        let webhook = &mut own["webhooks"][0];
        let url = format!("https://{}/validate", self.server.address);
        webhook["clientConfig"] = json!({"url": url, "caBundle": bundle(&[&self.authority.pem])});
        webhook["namespaceSelector"] = json!({"matchLabels": {"kubernetes.io/metadata.name": namespace}});
        for (name, value) in changes.as_object().unwrap() {
            webhook[name] = value.clone();
        }
        let created = self.api.create(CONFIGURATIONS, &own);
        assert_eq!(created.status, 201, "{created:?}");
        until("the webhook is asked", || {
            self.api.try_pod(&pod(namespace, "probe", false));
            self.server.metric("podgate_request_duration_seconds_count{endpoint=\"validate\"}") > 0.0
        });
        self.server.logged_where(|event| event["name"] == "probe");
    }

    /// Has the API server trust these authorities from now on.
    pub fn trust(&self, authorities: &[&str]) {
        let patch = json!({"webhooks": [{"name": "pods.podgate.dev",
            "clientConfig": {"caBundle": bundle(authorities)}}]});
        let answer = self.api.merge(&self.path(), &patch);
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    fn path(&self) -> String {
        format!("{CONFIGURATIONS}/{}", self.name)
    }
}

/// Authorities as the API takes them.
pub fn bundle(authorities: &[&str]) -> String {
    BASE64_STANDARD.encode(authorities.concat())
}

/// The configuration in the guide.
pub fn configuration() -> Value {
    let guide = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(GUIDE)).unwrap();
    let mut blocks = guide.split("```").skip(1).step_by(2).filter_map(|block| block.strip_prefix("yaml\n"));
    let block = blocks.find(|block| block.contains("kind: ValidatingWebhookConfiguration")).unwrap();
    let document = document::read(GUIDE, block, &Limits::default()).remove(0).unwrap();
    serde_json::to_value(document.root()).unwrap()
}
