//! The clusters that are meant, found as kubectl finds them.

use std::collections::HashSet;

use anyhow::{Result, ensure};

use super::api::Api;
use super::connection::Connection;
use super::notes::Notes;
use crate::args::ScanArgs;
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
pub(super) fn clusters(args: &ScanArgs) -> Result<Vec<Cluster>> {
    // Where several libraries bring one, TLS has to be told which to take; a second time changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut seen = HashSet::new();
    let contexts: Vec<&String> = args.context.iter().filter(|name| seen.insert(*name)).collect();
    ensure!(contexts.len() < 2 || args.cluster_name.is_none(), "--cluster-name goes with one --context");
    let file = args.kubeconfig.as_deref();
    let found = if contexts.is_empty() {
        vec![kubeconfig::current(file)?]
    } else {
        kubeconfig::of_contexts(file, &contexts)?
    };
    Ok(found.into_iter().map(|found| cluster(found, args)).collect())
}

fn cluster(found: Found, args: &ScanArgs) -> Cluster {
    let Found { context, server, config } = found;
    let name = args.cluster_name.clone().or(context).unwrap_or_else(|| OWN.to_owned());
    let notes = Notes::new(&name);
    Cluster { name, api: Api::new(Connection::new(config, server), args.page_size), notes }
}
