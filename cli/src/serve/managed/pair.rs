//! Certificates: how one is made, and whether one is good.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::sign::CertifiedKey;
use x509_cert::Certificate;
use x509_cert::der::Decode;

/// How far the clocks of two machines may be apart: a certificate counts from so long before it was made.
pub(super) const BACK: u64 = 3600;

/// What a new certificate is to be.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    /// The names of the server, as clients call it.
    pub(super) names: Vec<String>,
    pub(super) lifetime: Duration,
}

/// A certificate with its key, both as PEM.
#[derive(PartialEq, Eq)]
pub(in super::super) struct Pair {
    pub(in super::super) certificate: String,
    pub(in super::super) key: String,
}

/// The certificate of an authority, as PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Authority {
    pub(super) pem: String,
    /// The second since 1970 from which it no longer counts.
    pub(super) expires: u64,
}

/// From when to when a certificate counts, in seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Validity {
    pub(super) made: u64,
    pub(super) expires: u64,
}

impl Validity {
    /// When it is to be renewed: after two thirds of its time, the same for every replica.
    pub(super) const fn renews(self) -> u64 {
        self.made + self.expires.saturating_sub(self.made) / 3 * 2
    }
}

impl Wanted {
    /// Makes an authority and a certificate of it. The authority's key is kept nowhere: nothing else can ever be signed
    /// by it, and whoever reads the Secret has the one certificate and no more.
    pub(super) fn make(&self, now: u64) -> Result<(Pair, Authority)> {
        let expires = now.saturating_add(self.lifetime.as_secs());
        let mut params = params(&[], now, expires)?;
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let key = KeyPair::generate()?;
        // No two have one name: clients that trust several look for them by it.
        let id: String = params.key_identifier(&key).iter().map(|byte| format!("{byte:02x}")).collect();
        params.distinguished_name.push(DnType::CommonName, format!("podgate {id}"));
        let pem = params.self_signed(&key)?.pem();
        let issuer = Issuer::new(params, key);

        let mut params = self::params(&self.names, now, expires)?;
        params.distinguished_name.push(DnType::CommonName, "podgate");
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &issuer)?.pem();
        Ok((Pair { certificate, key: key.serialize_pem() }, Authority { pem, expires }))
    }

    /// When a certificate counts and which of the authorities it is of, where it is good for all the names now.
    pub(super) fn check<'a>(
        &self,
        pair: &Pair,
        authorities: &'a [Authority],
        now: u64,
    ) -> Result<(Validity, &'a Authority)> {
        let chain: Vec<_> = CertificateDer::pem_slice_iter(pair.certificate.as_bytes())
            .collect::<Result<_, _>>()
            .map_err(|error| anyhow!("the certificate is no PEM: {error}"))?;
        let Some((leaf, between)) = chain.split_first() else { bail!("there is no certificate in PEM") };
        let key = PrivateKeyDer::from_pem_slice(pair.key.as_bytes())
            .map_err(|error| anyhow!("there is no key in PEM: {error}"))?;
        CertifiedKey::from_der(chain.clone(), key, &ring::default_provider())
            .context("certificate and key are no pair")?;
        let mut reason = anyhow!("there is no authority");
        for authority in authorities {
            match self.verify(leaf, between, authority, now) {
                Ok(()) => return Ok((validity(leaf)?, authority)),
                Err(error) => reason = error,
            }
        }
        Err(reason)
    }

    fn verify(
        &self,
        leaf: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        authority: &Authority,
        now: u64,
    ) -> Result<()> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(authority.pem.as_bytes())?)?;
        let provider = Arc::new(ring::default_provider());
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build()?;
        for name in &self.names {
            let server = ServerName::try_from(name.as_str())?;
            let time = UnixTime::since_unix_epoch(Duration::from_secs(now));
            let verified = verifier.verify_server_cert(leaf, between, &server, &[], time);
            verified.with_context(|| format!("the certificate is not good for `{name}`"))?;
        }
        Ok(())
    }
}

fn params(names: &[String], now: u64, expires: u64) -> Result<CertificateParams> {
    let mut params = CertificateParams::new(names)?;
    let at = |seconds| rcgen::date_time_ymd(1970, 1, 1) + Duration::from_secs(seconds);
    (params.not_before, params.not_after) = (at(now.saturating_sub(BACK)), at(expires));
    params.distinguished_name = rcgen::DistinguishedName::new();
    Ok(params)
}

/// The authorities in a text of PEM.
pub(super) fn authorities(text: &str) -> Result<Vec<Authority>> {
    const END: &str = "-----END CERTIFICATE-----";
    let mut all = Vec::new();
    for part in text.split_inclusive(END).filter(|part| part.contains(END)) {
        let pem = format!("{}\n", part.trim_start());
        let own = CertificateDer::from_pem_slice(pem.as_bytes())
            .map_err(|error| anyhow!("an authority is no PEM: {error}"))?;
        all.push(Authority { expires: validity(&own)?.expires, pem });
    }
    Ok(all)
}

fn validity(certificate: &CertificateDer<'_>) -> Result<Validity> {
    let certificate = Certificate::from_der(certificate)
        .map_err(|error| anyhow!("a certificate cannot be read: {error}"))?;
    let own = certificate.tbs_certificate.validity;
    let (begin, expires) =
        (own.not_before.to_unix_duration().as_secs(), own.not_after.to_unix_duration().as_secs());
    Ok(Validity { made: begin.saturating_add(BACK).min(expires), expires })
}
