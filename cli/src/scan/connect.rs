//! The clusters that are meant, found as kubectl finds them.

use anyhow::{Context, Result, anyhow, bail, ensure};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};

use super::api::Api;
use super::notes::Notes;
use super::{kubeconfig, proxy};
use crate::args::ScanArgs;
use crate::faults::reason;

/// One cluster.
pub(super) struct Cluster {
    /// The `source` of what is found in it.
    pub(super) name: String,
    pub(super) api: Api,
    pub(super) notes: Notes,
}

/// Where no kubeconfig names it.
const OWN: &str = "in-cluster";

/// The clusters of the arguments, each once.
pub(super) async fn clusters(args: &ScanArgs) -> Result<Vec<Cluster>> {
    // Where several libraries bring one, TLS has to be told which to take; a second time changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut contexts: Vec<Option<&String>> = args.context.iter().map(Some).collect();
    contexts.sort();
    contexts.dedup();
    ensure!(contexts.len() < 2 || args.cluster_name.is_none(), "--cluster-name goes with one --context");
    if contexts.is_empty() {
        contexts.push(None);
    }
    // In the order in which they were given.
    contexts.sort_by_key(|context| args.context.iter().position(|own| Some(own) == *context));
    let kubeconfig = kubeconfig::read(args.kubeconfig.as_deref())?;
    // Without a current context it is as if there were none.
    let kubeconfig = kubeconfig
        .filter(|own| own.current_context.is_some() || !args.context.is_empty() || args.kubeconfig.is_some());
    let mut clusters = Vec::new();
    for context in contexts {
        let (name, config) = match &kubeconfig {
            Some(kubeconfig) => of_context(kubeconfig, context).await?,
            None => (OWN.to_owned(), Config::incluster().map_err(|_| nowhere())?),
        };
        let name = args.cluster_name.clone().unwrap_or(name);
        let server = address(&config);
        let client = Client::try_from(config)
            .map_err(|error| anyhow!("cannot connect to `{name}` (`{server}`): {}", reason(&error)))?;
        let notes = Notes::new(&name);
        clusters.push(Cluster { name, api: Api::new(client, &server, args.page_size), notes });
    }
    Ok(clusters)
}

fn nowhere() -> anyhow::Error {
    anyhow!("no cluster is named: there is no kubeconfig, and podgate runs in no cluster")
}

async fn of_context(kubeconfig: &Kubeconfig, context: Option<&String>) -> Result<(String, Config)> {
    let Some(name) = context.or(kubeconfig.current_context.as_ref()) else {
        bail!("the kubeconfig has no current context; --context chooses one");
    };
    if !kubeconfig.contexts.iter().any(|own| own.name == *name) {
        let names: Vec<&str> = kubeconfig.contexts.iter().map(|own| own.name.as_str()).collect();
        bail!("unknown context `{name}`, expected one of `{}`", names.join("`, `"));
    }
    let options = KubeConfigOptions { context: Some(name.clone()), ..KubeConfigOptions::default() };
    let config = Config::from_custom_kubeconfig(kubeconfig.clone(), &options).await;
    let mut config = config.map_err(|error| {
        anyhow!("context `{name}` of the kubeconfig cannot be used: {}", reason(&error))
    })?;
    let cluster = cluster_of(kubeconfig, name);
    let named = cluster.and_then(|cluster| cluster.proxy_url.as_deref());
    let found = proxy::to(&config.cluster_url, named);
    config.proxy_url = found.with_context(|| format!("context `{name}`"))?;
    Ok((name.clone(), config))
}

/// The cluster of a context.
fn cluster_of<'k>(kubeconfig: &'k Kubeconfig, context: &str) -> Option<&'k kube::config::Cluster> {
    let context = kubeconfig.contexts.iter().find(|own| own.name == context)?.context.as_ref()?;
    kubeconfig.clusters.iter().find(|own| own.name == context.cluster)?.cluster.as_ref()
}

/// Where an API server is, in words that hold nothing secret.
fn address(config: &Config) -> String {
    let server = proxy::shown(&config.cluster_url);
    match &config.proxy_url {
        None => server,
        Some(proxy) => format!("{server}` by the proxy `{}", proxy::shown(proxy)),
    }
}
