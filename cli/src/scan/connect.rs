//! The clusters that are meant, found as kubectl finds them.

use anyhow::{Context, Result, anyhow, bail, ensure};
use kube::Client;

use super::api::Api;
use super::notes::Notes;
use crate::args::ScanArgs;
use crate::faults::reason;
use crate::kubeconfig::{self, Found};

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
        let found = match (&kubeconfig, context) {
            (Some(kubeconfig), context) => kubeconfig::of_context(kubeconfig, context).await?,
            (None, Some(context)) => bail!("there is no kubeconfig for the context `{context}`"),
            (None, None) => kubeconfig::own().context("no cluster is named")?,
        };
        let Found { context, server, config } = found;
        let name = args.cluster_name.clone().or(context).unwrap_or_else(|| OWN.to_owned());
        let client = Client::try_from(config)
            .map_err(|error| anyhow!("cannot connect to `{name}` (`{server}`): {}", reason(&error)))?;
        let notes = Notes::new(&name);
        clusters.push(Cluster { name, api: Api::new(client, &server, args.page_size), notes });
    }
    Ok(clusters)
}
