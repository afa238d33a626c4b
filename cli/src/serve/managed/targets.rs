//! Who is to trust the certificate: webhooks of the API server and Providers of Gatekeeper.

use anyhow::Result;
use futures::stream::BoxStream;
use hyper::Uri;
use k8s_openapi::ByteString;
use k8s_openapi::api::admissionregistration::v1::{ValidatingWebhook, ValidatingWebhookConfiguration};
use kube::api::{Api, DynamicObject, Patch, PatchParams};
use kube::core::{ApiResource, PartialObjectMeta};
use kube::{Client, ResourceExt};
use serde_json::{Value, json};

use super::super::cluster::{self, MANAGER};
use super::pair::{self, Authority};
use crate::args::Namespaced;

/// The Service by which the cluster asks.
#[derive(Debug, Clone)]
pub(super) struct Service(pub(super) Namespaced);

impl Service {
    /// The names by which clients call it.
    pub(super) fn names(&self) -> Vec<String> {
        let Namespaced { namespace, name } = &self.0;
        vec![format!("{name}.{namespace}.svc"), format!("{name}.{namespace}")]
    }

    /// Whether a Provider asks it.
    fn is_asked(&self, provider: &DynamicObject) -> bool {
        let url = provider.data.pointer("/spec/url").and_then(Value::as_str);
        let url = url.and_then(|url| url.parse::<Uri>().ok());
        let host = url.as_ref().and_then(Uri::host);
        host.is_some_and(|host| self.names().iter().any(|name| name.eq_ignore_ascii_case(host)))
    }

    /// The webhooks that ask it. Others of the same configuration are nobody's business here.
    fn own<'a>(
        &'a self,
        configuration: &'a ValidatingWebhookConfiguration,
    ) -> impl Iterator<Item = &'a ValidatingWebhook> {
        configuration.webhooks.iter().flatten().filter(|webhook| {
            let asked = webhook.client_config.service.as_ref();
            asked.is_some_and(|asked| asked.name == self.0.name && asked.namespace == self.0.namespace)
        })
    }
}

/// An object that says whom a client of podgate trusts.
pub(super) enum Target {
    Webhooks { name: String, api: Api<ValidatingWebhookConfiguration> },
    Provider { name: String, api: Api<DynamicObject> },
}

/// What an object says.
pub(super) enum Seen {
    Webhooks(ValidatingWebhookConfiguration),
    Provider(DynamicObject),
}

impl Target {
    pub(super) fn webhooks(client: &Client, name: String) -> Self {
        Self::Webhooks { name, api: Api::all(client.clone()) }
    }

    pub(super) fn provider(client: &Client, name: String) -> Self {
        Self::Provider { name, api: Api::all_with(client.clone(), &provider()) }
    }

    /// Its kind, in logs and metrics.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Webhooks { .. } => "webhook-configuration",
            Self::Provider { .. } => "provider",
        }
    }

    pub(super) fn name(&self) -> &str {
        match self {
            Self::Webhooks { name, .. } | Self::Provider { name, .. } => name,
        }
    }

    /// What it says now; `None` where there is none.
    pub(super) async fn read(&self) -> kube::Result<Option<Seen>> {
        Ok(match self {
            Self::Webhooks { name, api } => api.get_opt(name).await?.map(Seen::Webhooks),
            Self::Provider { name, api } => api.get_opt(name).await?.map(Seen::Provider),
        })
    }

    /// Writes a patch, of which only what it names is changed.
    pub(super) async fn write(&self, patch: Value) -> kube::Result<()> {
        let by = PatchParams { field_manager: Some(MANAGER.to_owned()), ..PatchParams::default() };
        match self {
            // Its webhooks are told apart by their names.
            Self::Webhooks { name, api } => api.patch(name, &by, &Patch::Strategic(patch)).await.map(drop),
            Self::Provider { name, api } => api.patch(name, &by, &Patch::Merge(patch)).await.map(drop),
        }
    }

    /// Tells when it changes.
    pub(super) fn changes(&self, client: &Client) -> BoxStream<'static, ()> {
        match self {
            Self::Webhooks { name, .. } => {
                let api: Api<PartialObjectMeta<ValidatingWebhookConfiguration>> = Api::all(client.clone());
                cluster::changes(api, name)
            }
            Self::Provider { name, .. } => {
                let api: Api<PartialObjectMeta<DynamicObject>> = Api::all_with(client.clone(), &provider());
                cluster::changes(api, name)
            }
        }
    }
}

impl Seen {
    /// The patch by which the object trusts these authorities (PEM) and no others for podgate; `None` where it does.
    /// It is refused where the object has changed since it was read.
    pub(super) fn patch(&self, service: &Service, authorities: &str) -> Result<Option<Value>> {
        let wanted = serde_json::to_value(ByteString(authorities.as_bytes().to_vec()))?;
        Ok(match self {
            Self::Webhooks(own) => {
                let is_other = |bundle: Option<&ByteString>| {
                    bundle.is_none_or(|bundle| bundle.0 != authorities.as_bytes())
                };
                let wrong =
                    service.own(own).filter(|webhook| is_other(webhook.client_config.ca_bundle.as_ref()));
                let webhooks: Vec<Value> = wrong
                    .map(|webhook| json!({"name": webhook.name, "clientConfig": {"caBundle": wanted}}))
                    .collect();
                (!webhooks.is_empty()).then(
                    || json!({"metadata": {"resourceVersion": own.resource_version()}, "webhooks": webhooks}),
                )
            }
            Self::Provider(own) => {
                let is_wrong = own.data.pointer("/spec/caBundle") != Some(&wanted) && service.is_asked(own);
                is_wrong.then(|| {
                    json!({"metadata": {"resourceVersion": own.resource_version()}, "spec": {"caBundle": wanted}})
                })
            }
        })
    }

    /// The authorities that it trusts for podgate.
    pub(super) fn trusts(&self, service: &Service) -> Vec<Authority> {
        let bundles: Vec<ByteString> = match self {
            Self::Webhooks(own) => {
                service.own(own).filter_map(|webhook| webhook.client_config.ca_bundle.clone()).collect()
            }
            Self::Provider(own) => {
                let bundle = own.data.pointer("/spec/caBundle").filter(|_| service.is_asked(own)).cloned();
                bundle.and_then(|bundle| serde_json::from_value(bundle).ok()).into_iter().collect()
            }
        };
        let texts = bundles.into_iter().filter_map(|bundle| String::from_utf8(bundle.0).ok());
        texts.filter_map(|text| pair::authorities(&text).ok()).flatten().collect()
    }

    /// Whether it has something of podgate at all.
    pub(super) fn has_own(&self, service: &Service) -> bool {
        match self {
            Self::Webhooks(own) => service.own(own).next().is_some(),
            Self::Provider(own) => service.is_asked(own),
        }
    }
}

fn provider() -> ApiResource {
    ApiResource {
        group: "externaldata.gatekeeper.sh".to_owned(),
        version: "v1beta1".to_owned(),
        api_version: "externaldata.gatekeeper.sh/v1beta1".to_owned(),
        kind: "Provider".to_owned(),
        plural: "providers".to_owned(),
    }
}
