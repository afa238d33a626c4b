//! What a client has to know of a context. kube-rs can tell it, too, but reads the proxies of the environment on the way,
//! and more strictly than they are written.

use anyhow::{Context as _, Result, anyhow, bail};
use hyper::Uri;
use kube::Config;
use kube::config::{AuthInfo, Cluster, Context, ExecAuthCluster, Kubeconfig};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::proxy;
use crate::faults::reason;

/// How the cluster of a context is asked, as its user.
pub(super) fn of(kubeconfig: &Kubeconfig, context: Context) -> Result<Config> {
    let named = kubeconfig.clusters.iter().find(|own| own.name == context.cluster);
    let Some(cluster) = named.and_then(|own| own.cluster.as_ref()) else {
        bail!("there is no cluster `{}`", context.cluster);
    };
    let server =
        cluster.server.as_deref().filter(|server| !server.is_empty()).context("its cluster has no server")?;
    let server: Uri = server.parse().map_err(|_| anyhow!("the server of its cluster is no URL"))?;
    let proxy = proxy::to(&server, cluster.proxy_url.as_deref())?;
    let told = ExecAuthCluster::try_from(cluster).map_err(|error| anyhow!(reason(&error)))?;
    let mut config = Config::new(server);
    config.proxy_url = proxy;
    config.root_cert = told.certificate_authority_data.as_deref().map(certificates).transpose()?;
    config.auth_info = user(kubeconfig, &context, told);
    config.default_namespace = context.namespace.unwrap_or(config.default_namespace);
    let Cluster { insecure_skip_tls_verify, disable_compression, tls_server_name, .. } = cluster.clone();
    config.accept_invalid_certs = insecure_skip_tls_verify.unwrap_or_default();
    config.disable_compression = disable_compression.unwrap_or_default();
    config.tls_server_name = tls_server_name;
    Ok(config)
}

/// The user of a context. One that is not there has no credentials, as kubectl has it.
fn user(kubeconfig: &Kubeconfig, context: &Context, cluster: ExecAuthCluster) -> AuthInfo {
    let named = kubeconfig.auth_infos.iter().find(|own| Some(&own.name) == context.user.as_ref());
    let mut user = named.and_then(|own| own.auth_info.clone()).unwrap_or_default();
    if let Some(plugin) = user.exec.as_mut().filter(|plugin| plugin.provide_cluster_info) {
        plugin.cluster = Some(cluster);
    }
    user
}

fn certificates(pem: &[u8]) -> Result<Vec<Vec<u8>>> {
    let certificates = CertificateDer::pem_slice_iter(pem).map(|one| Ok(one?.to_vec()));
    let certificates: Result<Vec<_>, rustls::pki_types::pem::Error> = certificates.collect();
    certificates.map_err(|_| anyhow!("the authority of its cluster is no certificate in PEM"))
}
