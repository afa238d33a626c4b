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
    let server = address(server).context("the server of its cluster is no URL with http:// or https://")?;
    let proxy = proxy::to(&server, cluster.proxy_url.as_deref())?;
    let told = ExecAuthCluster::try_from(cluster).map_err(|error| anyhow!(reason(&error)))?;
    let mut config = Config::new(server);
    config.proxy_url = proxy;
    config.root_cert = told.certificate_authority_data.as_deref().map(certificates).transpose()?;
    config.auth_info = user(kubeconfig, &context, told)?;
    config.default_namespace = context.namespace.unwrap_or(config.default_namespace);
    let Cluster { insecure_skip_tls_verify, disable_compression, tls_server_name, .. } = cluster.clone();
    config.accept_invalid_certs = insecure_skip_tls_verify.unwrap_or_default();
    config.disable_compression = disable_compression.unwrap_or_default();
    config.tls_server_name = tls_server_name;
    Ok(config)
}

/// A URL with nothing in it that a client could not go by.
fn address(server: &str) -> Option<Uri> {
    let server: Uri = server.parse().ok()?;
    let authority = server.authority()?;
    let port = authority.port_u16().map(|port| format!(":{port}")).unwrap_or_default();
    let is_whole = authority.as_str().rsplit('@').next() == Some(&format!("{}{port}", authority.host()));
    let is_known = matches!(server.scheme_str(), Some("http" | "https"));
    (is_known && is_whole && !authority.host().is_empty()).then_some(server)
}

/// The user of a context: none where it names none.
fn user(kubeconfig: &Kubeconfig, context: &Context, cluster: ExecAuthCluster) -> Result<AuthInfo> {
    let mut user = match context.user.as_deref().filter(|name| !name.is_empty()) {
        None => AuthInfo::default(),
        Some(name) => {
            let named = kubeconfig.auth_infos.iter().find(|own| own.name == name);
            let named = named.with_context(|| format!("there is no user `{name}`"))?;
            named.auth_info.clone().unwrap_or_default()
        }
    };
    if let Some(plugin) = user.exec.as_mut().filter(|plugin| plugin.provide_cluster_info) {
        plugin.cluster = Some(cluster);
    }
    Ok(user)
}

fn certificates(pem: &[u8]) -> Result<Vec<Vec<u8>>> {
    let certificates = CertificateDer::pem_slice_iter(pem).map(|one| Ok(one?.to_vec()));
    let certificates: Result<Vec<_>, rustls::pki_types::pem::Error> = certificates.collect();
    certificates.map_err(|_| anyhow!("the authority of its cluster is no certificate in PEM"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_urls_that_a_client_can_go_by() {
        for server in ["https://a.example:6443", "http://127.0.0.1:1/path", "https://[::1]:6443", "https://a"]
        {
            assert!(address(server).is_some(), "{server}");
        }
        for server in [
            "127.0.0.1:42539",
            "localhost",
            "/",
            "ftp://a",
            "https://127.0.0.1:99999",
            "https://",
            "https://:1",
            "",
        ] {
            assert!(address(server).is_none(), "{server}");
        }
    }

    #[test]
    fn a_context_has_its_cluster_and_its_user_or_an_error() {
        let read = |user: &str| {
            let text = format!(
                "clusters: [{{name: c, cluster: {{server: 'https://a'}}}}]\nusers: [{{name: u, user: {{token: t}}}}]\n\
                 contexts: [{{name: x, context: {{cluster: c{user}}}}}]\n"
            );
            let kubeconfig = Kubeconfig::from_yaml(&text).unwrap();
            let context = kubeconfig.contexts[0].context.clone().unwrap();
            of(&kubeconfig, context)
                .map(|config| config.auth_info.token.is_some())
                .map_err(|error| error.to_string())
        };
        assert_eq!(read(", user: u"), Ok(true));
        assert_eq!((read(""), read(", user: ''")), (Ok(false), Ok(false)));
        assert_eq!(read(", user: v"), Err("there is no user `v`".to_owned()));
    }
}
