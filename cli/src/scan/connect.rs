//! The clusters that are meant, found as kubectl finds them.

use anyhow::{Context, Result, anyhow, bail, ensure};
use kube::config::{KubeConfigOptions, Kubeconfig, KubeconfigError};
use kube::{Client, Config};

use super::api::{Api, innermost};
use super::notes::Notes;
use crate::args::ScanArgs;

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
    let kubeconfig = kubeconfig(args)?;
    let mut clusters = Vec::new();
    for context in contexts {
        let (name, config) = match &kubeconfig {
            Some(kubeconfig) => of_context(kubeconfig, context).await?,
            None => (OWN.to_owned(), Config::incluster().map_err(|_| nowhere())?),
        };
        let name = args.cluster_name.clone().unwrap_or(name);
        let client = Client::try_from(config)
            .map_err(|error| anyhow!("cannot connect to `{name}`: {}", innermost(&error)))?;
        let notes = Notes::new(&name);
        clusters.push(Cluster { name, api: Api::new(client, args.page_size), notes });
    }
    Ok(clusters)
}

fn nowhere() -> anyhow::Error {
    anyhow!("no cluster is named: there is no kubeconfig, and podgate runs in no cluster")
}

/// The kubeconfig; none where there is no file and none was asked for.
fn kubeconfig(args: &ScanArgs) -> Result<Option<Kubeconfig>> {
    if let Some(path) = &args.kubeconfig {
        let read = Kubeconfig::read_from(path);
        return Ok(Some(read.with_context(|| format!("cannot read `{}`", path.display()))?));
    }
    match Kubeconfig::read() {
        Ok(found) if found.current_context.is_none() && args.context.is_empty() => Ok(None),
        Ok(found) => Ok(Some(found)),
        Err(KubeconfigError::FindPath) if args.context.is_empty() => Ok(None),
        Err(KubeconfigError::ReadConfig(error, _))
            if args.context.is_empty() && error.kind() == std::io::ErrorKind::NotFound =>
        {
            Ok(None)
        }
        Err(error) => Err(error).context("cannot read the kubeconfig"),
    }
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
    let mut config = config.with_context(|| format!("context `{name}` of the kubeconfig cannot be used"))?;
    // One of the environment is for the internet, and without its exceptions most clusters would be behind it.
    if !kubeconfig.clusters.iter().any(|own| own.cluster.as_ref().is_some_and(|own| own.proxy_url.is_some()))
    {
        config.proxy_url = None;
    }
    Ok((name.clone(), config))
}
