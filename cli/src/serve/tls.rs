//! Certificates from files.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, ensure};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::version::{TLS12, TLS13};
use rustls::{RootCertStore, ServerConfig};
use x509_cert::Certificate;
use x509_cert::der::Decode;

/// The files of a server's identity.
#[derive(Debug)]
pub(super) struct Files {
    certificate: PathBuf,
    key: PathBuf,
    client_ca: Option<PathBuf>,
}

/// What they hold at one time.
#[derive(PartialEq, Eq)]
pub(super) struct Pems {
    certificate: Vec<u8>,
    key: Vec<u8>,
    client_ca: Option<Vec<u8>>,
}

/// What a server shows of itself, and asks of its clients.
pub(super) struct Identity {
    pub(super) config: Arc<ServerConfig>,
    /// The second since 1970 from which the certificate no longer counts.
    pub(super) expires: u64,
}

impl Files {
    pub(super) const fn new(certificate: PathBuf, key: PathBuf, client_ca: Option<PathBuf>) -> Self {
        Self { certificate, key, client_ca }
    }

    pub(super) fn read(&self) -> Result<Pems> {
        let read = |path: &Path| fs::read(path).with_context(|| format!("cannot read `{}`", path.display()));
        Ok(Pems {
            certificate: read(&self.certificate)?,
            key: read(&self.key)?,
            client_ca: self.client_ca.as_deref().map(read).transpose()?,
        })
    }

    /// The identity that the files give. Clients without a certificate may connect: which paths they may ask for is
    /// decided where these are known.
    pub(super) fn identity(&self, pems: &Pems) -> Result<Identity> {
        let chain = certificates(&self.certificate, &pems.certificate)?;
        let key = PrivateKeyDer::from_pem_slice(&pems.key)
            .map_err(|error| anyhow!("`{}` holds no private key in PEM: {error}", self.key.display()))?;
        let expires = expires(&self.certificate, &chain)?;
        let provider = Arc::new(ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(&[&TLS13, &TLS12])
            .context("TLS cannot be used")?;
        let builder = match self.client_ca.as_deref().zip(pems.client_ca.as_deref()) {
            None => builder.with_no_client_auth(),
            Some((path, pem)) => {
                let mut roots = RootCertStore::empty();
                for certificate in certificates(path, pem)? {
                    roots
                        .add(certificate)
                        .with_context(|| format!("`{}` is no authority", path.display()))?;
                }
                let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
                let verifier = verifier.allow_unauthenticated().build();
                let context = || format!("`{}` cannot verify clients", path.display());
                builder.with_client_cert_verifier(verifier.with_context(context)?)
            }
        };
        let mut config = builder.with_single_cert(chain, key).with_context(|| {
            format!("`{}` and `{}` are no pair", self.certificate.display(), self.key.display())
        })?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Identity { config: Arc::new(config), expires })
    }
}

fn certificates(path: &Path, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let found = found.map_err(|error| anyhow!("`{}` is no PEM: {error}", path.display()))?;
    ensure!(!found.is_empty(), "`{}` holds no certificate in PEM", path.display());
    Ok(found)
}

/// When the first certificate of a chain, or one that it hangs on, no longer counts.
fn expires(path: &Path, chain: &[CertificateDer<'_>]) -> Result<u64> {
    let mut first = u64::MAX;
    for certificate in chain {
        let certificate = Certificate::from_der(certificate)
            .map_err(|error| anyhow!("`{}` cannot be read: {error}", path.display()))?;
        let end = certificate.tbs_certificate.validity.not_after.to_unix_duration();
        first = first.min(end.as_secs());
    }
    Ok(first)
}
