//! The certificates of a cluster: one authority for the API server and its administrator, and one for Gatekeeper, as
//! an installed Gatekeeper has its own.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use rcgen::{BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair};

/// Names by which servers on this machine are asked for.
const HERE: [&str; 2] = ["localhost", "127.0.0.1"];

/// Writes all of them into a folder. Gatekeeper's lie in one of their own, under the names that it looks for.
pub(super) fn write(folder: &Path) -> Result<()> {
    let kubernetes = Authority::new("kubernetes-ca")?;
    kubernetes.write(folder)?;
    let server = ["kubernetes.default.svc", "10.0.0.1"];
    kubernetes.leaf(folder, "apiserver", &[&HERE[..], &server].concat(), None)?;
    kubernetes.leaf(folder, "admin", &[], Some("system:masters"))?;
    let key = KeyPair::generate()?;
    save(folder, "sa.key", &key.serialize_pem())?;
    save(folder, "sa.pub", &key.public_key_pem())?;

    let gatekeeper = Authority::new("gatekeeper-ca")?;
    let own = folder.join("gatekeeper");
    fs::create_dir_all(&own).with_context(|| format!("cannot create `{}`", own.display()))?;
    gatekeeper.write(&own)?;
    gatekeeper.leaf(
        &own,
        "tls",
        &[&HERE[..], &["gatekeeper-webhook-service.gatekeeper-system.svc"]].concat(),
        None,
    )
}

struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new(name: &str) -> Result<Self> {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate()?;
        let pem = params.self_signed(&key)?.pem();
        Ok(Self { pem, issuer: Issuer::new(params, key) })
    }

    fn write(&self, folder: &Path) -> Result<()> {
        save(folder, "ca.crt", &self.pem)
    }

    /// A certificate for a server and for a client, with its key.
    fn leaf(&self, folder: &Path, name: &str, hosts: &[&str], group: Option<&str>) -> Result<()> {
        let hosts: Vec<String> = hosts.iter().map(|&host| host.to_owned()).collect();
        let mut params = CertificateParams::new(hosts)?;
        params.distinguished_name.push(DnType::CommonName, name);
        if let Some(group) = group {
            params.distinguished_name.push(DnType::OrganizationName, group);
        }
        params.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.issuer)?;
        save(folder, &format!("{name}.crt"), &certificate.pem())?;
        save(folder, &format!("{name}.key"), &key.serialize_pem())
    }
}

fn save(folder: &Path, name: &str, text: &str) -> Result<()> {
    let file = folder.join(name);
    fs::write(&file, text).with_context(|| format!("cannot write `{}`", file.display()))
}
