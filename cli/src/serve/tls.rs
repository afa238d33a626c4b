//! The server's certificate, from files or as podgate keeps it itself.

use std::fs;
use std::future::pending;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, ensure};
use futures::FutureExt;
use jiff::Timestamp;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::version::{TLS12, TLS13};
use rustls::{RootCertStore, ServerConfig};
use tokio::sync::watch;
use x509_cert::Certificate;
use x509_cert::der::Decode;

use super::managed::{Pair, now};

/// Where a server's identity comes from.
pub(super) struct Origin {
    pub(super) pair: Origins,
    pub(super) client_ca: Option<Authorities>,
}

/// Where its certificate comes from.
pub(super) enum Origins {
    Files { certificate: PathBuf, key: PathBuf },
    Managed(watch::Receiver<Option<Arc<Pair>>>),
}

/// Where the authorities of clients come from.
pub(super) enum Authorities {
    File(PathBuf),
    /// A webhook configuration.
    Told(String, watch::Receiver<Option<String>>),
}

impl Authorities {
    /// What they are called.
    fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Told(name, _) => name.clone(),
        }
    }

    /// The authorities as PEM; `None` where they are not known yet. No client is then verified.
    fn read(&self) -> Result<Option<String>> {
        match self {
            Self::File(path) => read(path).map(Some),
            Self::Told(_, told) => Ok(told.borrow().clone()),
        }
    }
}

/// What was there at one time.
#[derive(PartialEq, Eq)]
pub(super) struct Pems {
    pair: Arc<Pair>,
    client_ca: Option<String>,
}

/// What a server shows of itself, and asks of its clients.
pub(super) struct Identity {
    pub(super) config: Arc<ServerConfig>,
    /// The second since 1970 from which the certificate no longer counts.
    pub(super) expires: u64,
}

/// Waits until somebody tells something new; for ever once nobody can.
async fn told<T>(receiver: &mut watch::Receiver<T>) {
    if receiver.changed().await.is_err() {
        pending().await
    }
}

fn read(path: &Path) -> Result<String> {
    // What is no text is no PEM, which is said where it is used.
    let bytes = fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

impl Origin {
    /// What is there now; `None` where there is no certificate yet.
    pub(super) fn read(&self) -> Result<Option<Pems>> {
        let pair = match &self.pair {
            Origins::Files { certificate, key } => {
                Some(Arc::new(Pair { certificate: read(certificate)?, key: read(key)? }))
            }
            Origins::Managed(shown) => shown.borrow().clone(),
        };
        let client_ca = self.client_ca.as_ref().map(Authorities::read).transpose()?.flatten();
        Ok(pair.map(|pair| Pems { pair, client_ca }))
    }

    /// Waits for a change of which somebody tells.
    pub(super) async fn changed(&mut self) {
        let pair = match &mut self.pair {
            Origins::Managed(shown) => told(shown).left_future(),
            Origins::Files { .. } => pending().right_future(),
        };
        let client_ca = match &mut self.client_ca {
            Some(Authorities::Told(_, told_of)) => told(told_of).left_future(),
            Some(Authorities::File(_)) | None => pending().right_future(),
        };
        tokio::select! { () = pair => {}, () = client_ca => {} }
    }

    /// What certificate and key are called.
    fn names(&self) -> [String; 2] {
        match &self.pair {
            Origins::Files { certificate, key } => [certificate, key].map(|path| path.display().to_string()),
            Origins::Managed(_) => ["tls.crt", "tls.key"].map(str::to_owned),
        }
    }

    /// The identity that all this gives. Clients without a certificate may connect: which paths they may ask for is
    /// decided where these are known.
    pub(super) fn identity(&self, pems: &Pems) -> Result<Identity> {
        let [certificate, key] = self.names();
        let chain = certificates(&certificate, &pems.pair.certificate)?;
        let own = PrivateKeyDer::from_pem_slice(pems.pair.key.as_bytes())
            .map_err(|error| anyhow!("`{key}` holds no private key in PEM: {}", in_words(&error)))?;
        let validities: Vec<Validity> =
            chain.iter().map(|own| Validity::of(&certificate, own)).collect::<Result<_>>()?;
        // What podgate makes is looked at where it is made. Of others in the chain clients may have no need.
        if let (Origins::Files { .. }, Some(own)) = (&self.pair, validities.first()) {
            own.check(&certificate, now())?;
        }
        let expires = validities.iter().map(|own| own.expires).min().unwrap_or(u64::MAX);
        let provider = Arc::new(ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(&[&TLS13, &TLS12])
            .context("TLS cannot be used")?;
        let verifier = match self.client_ca.as_ref().zip(pems.client_ca.as_deref()) {
            None => None,
            Some((origin, pem)) => match verifier(&origin.name(), pem, provider) {
                Ok(verifier) => Some(verifier),
                // Another's object is no reason to have no certificate. Clients that must be known are refused then.
                Err(error) if matches!(origin, Authorities::Told(..)) => {
                    tracing::error!(reason = format!("{error:#}"), "clients cannot be known");
                    None
                }
                Err(error) => return Err(error),
            },
        };
        let builder = match verifier {
            None => builder.with_no_client_auth(),
            Some(verifier) => builder.with_client_cert_verifier(verifier),
        };
        let pair = builder.with_single_cert(chain, own);
        let mut config = pair.with_context(|| format!("`{certificate}` and `{key}` are no pair"))?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Identity { config: Arc::new(config), expires })
    }
}

/// What knows clients by their authorities; those without a certificate may connect.
fn verifier(name: &str, pem: &str, provider: Arc<CryptoProvider>) -> Result<Arc<dyn ClientCertVerifier>> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(name, pem)? {
        roots.add(certificate).with_context(|| format!("`{name}` is no authority"))?;
    }
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
    verifier.allow_unauthenticated().build().with_context(|| format!("`{name}` cannot verify clients"))
}

fn certificates(name: &str, pem: &str) -> Result<Vec<CertificateDer<'static>>> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
    let found = found.map_err(|error| anyhow!("`{name}` is no PEM: {}", in_words(&error)))?;
    ensure!(!found.is_empty(), "`{name}` holds no certificate in PEM");
    Ok(found)
}

/// What is wrong with a text in PEM, without the bytes of its lines.
fn in_words(error: &pem::Error) -> String {
    match error {
        pem::Error::MissingSectionEnd { .. } => "it is cut off, the line `-----END …` is missing".to_owned(),
        pem::Error::IllegalSectionStart { .. } => "a line `-----BEGIN …` has no end".to_owned(),
        pem::Error::NoItemsFound => "there is none in it".to_owned(),
        other => other.to_string(),
    }
}

/// From when and until when a certificate counts, in seconds since 1970.
struct Validity {
    begins: u64,
    expires: u64,
}

impl Validity {
    fn of(name: &str, certificate: &CertificateDer<'_>) -> Result<Self> {
        let certificate = Certificate::from_der(certificate)
            .map_err(|error| anyhow!("`{name}` cannot be read: {error}"))?;
        let own = certificate.tbs_certificate.validity;
        let [begins, expires] = [own.not_before, own.not_after].map(|time| time.to_unix_duration().as_secs());
        Ok(Self { begins, expires })
    }

    fn check(&self, name: &str, now: u64) -> Result<()> {
        let Self { begins, expires } = *self;
        ensure!(now >= begins, "`{name}` is not valid before {}; it is {}", date(begins), date(now));
        ensure!(now <= expires, "`{name}` has expired at {}; it is {}", date(expires), date(now));
        Ok(())
    }
}

/// A second since 1970, for people.
fn date(second: u64) -> String {
    let time = i64::try_from(second).ok().and_then(|second| Timestamp::from_second(second).ok());
    time.map_or_else(|| second.to_string(), |time| time.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_counts_between_its_dates() {
        let own = Validity { begins: 86_400, expires: 172_800 };
        let said = |now| own.check("tls.crt", now).map_err(|error| error.to_string());
        assert_eq!([86_400, 172_800].map(said), [Ok(()), Ok(())]);
        let early = "`tls.crt` is not valid before 1970-01-02T00:00:00Z; it is 1970-01-01T23:59:59Z";
        assert_eq!(said(86_399), Err(early.to_owned()));
        let late = "`tls.crt` has expired at 1970-01-03T00:00:00Z; it is 1970-01-03T00:00:01Z";
        assert_eq!(said(172_801), Err(late.to_owned()));
    }
}
