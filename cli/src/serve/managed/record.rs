//! What the Secret holds, and what is to become of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use k8s_openapi::ByteString;

use super::pair::{self, Authority, Pair, Validity, Wanted};

/// Keys of the Secret, as the type `kubernetes.io/tls` has them, with the authorities beside them. One that podgate
/// makes is `Opaque`, so that it may be empty: that asks for a new certificate.
const CERTIFICATE: &str = "tls.crt";
const KEY: &str = "tls.key";
const AUTHORITIES: &str = "ca.crt";

/// What a Secret holds.
pub(super) type Data = BTreeMap<String, ByteString>;

/// A certificate in use, with what clients are to trust.
#[derive(Clone)]
pub(super) struct Record {
    pub(super) pair: Arc<Pair>,
    pub(super) validity: Validity,
    /// The certificate's authority.
    pub(super) authority: Authority,
    /// All that clients are to trust: that one, and those of certificates that a replica may still show.
    pub(super) trusted: Vec<Authority>,
}

/// What is to become of a Secret.
pub(super) enum Step {
    /// It is as it should be.
    Keep(Record),
    /// It is to hold this.
    Write { record: Record, reason: String, is_damage: bool },
}

impl Record {
    /// What a Secret holds; `None` for nothing.
    pub(super) fn read(data: &Data, wanted: &Wanted, now: u64) -> Result<Option<Self>> {
        let text = |name: &str| {
            let bytes = data.get(name).map(|value| value.0.clone()).unwrap_or_default();
            String::from_utf8(bytes).with_context(|| format!("`{name}` is no text"))
        };
        let (certificate, key, authorities) = (text(CERTIFICATE)?, text(KEY)?, text(AUTHORITIES)?);
        if [&certificate, &key, &authorities].into_iter().all(String::is_empty) {
            return Ok(None);
        }
        let trusted = pair::authorities(&authorities).with_context(|| format!("`{AUTHORITIES}`"))?;
        if trusted.is_empty() {
            bail!("`{AUTHORITIES}` holds no certificate in PEM");
        }
        let pair = Pair { certificate, key };
        let (validity, authority) = wanted.check(&pair, &trusted, now)?;
        let authority = authority.clone();
        Ok(Some(Self { pair: Arc::new(pair), validity, authority, trusted }))
    }

    /// A new certificate. Clients go on trusting the authorities of those before.
    fn make(wanted: &Wanted, before: &[&Authority], now: u64) -> Result<Self> {
        let (pair, authority) = wanted.make(now).context("a certificate cannot be made")?;
        let mut trusted = vec![authority.clone()];
        for old in before {
            if old.expires > now && !trusted.contains(old) {
                trusted.push((*old).clone());
            }
        }
        let validity = Validity { made: now, expires: authority.expires };
        Ok(Self { pair: Arc::new(pair), validity, authority, trusted })
    }

    /// The authorities as PEM.
    pub(super) fn bundle(&self) -> String {
        self.trusted.iter().map(|authority| authority.pem.as_str()).collect()
    }

    /// Whether a Secret holds its certificate.
    pub(super) fn is_in(&self, data: &Data) -> bool {
        data.get(CERTIFICATE).is_some_and(|own| own.0 == self.pair.certificate.as_bytes())
    }

    /// Puts it into what a Secret holds, and leaves alone what else is there.
    pub(super) fn write(&self, data: &mut Data) {
        let texts = [
            (CERTIFICATE, self.pair.certificate.clone()),
            (KEY, self.pair.key.clone()),
            (AUTHORITIES, self.bundle()),
        ];
        data.extend(texts.map(|(name, text)| (name.to_owned(), ByteString(text.into_bytes()))));
    }
}

impl Step {
    /// What is to become of a Secret that holds `data`. `known` are the authorities of certificates that replicas may
    /// show: the one that this one does, and the last that it read. Where neither they nor the Secret tell what others
    /// show, those count that clients were told to trust.
    pub(super) fn of(
        data: &Data,
        wanted: &Wanted,
        known: &[&Authority],
        told: &[Authority],
        now: u64,
    ) -> Result<Self> {
        let mut before = known.to_vec();
        let (reason, is_damage) = match Record::read(data, wanted, now) {
            Ok(Some(mut record)) if now < record.validity.renews() => {
                let held = record.trusted.len();
                record.trusted.retain(|authority| authority.expires > now);
                let rest = record.trusted.len();
                // Somebody may have put back what it held before.
                for shown in known {
                    if shown.expires > now && !record.trusted.contains(shown) {
                        record.trusted.push((*shown).clone());
                    }
                }
                let reason = match record.trusted.len() {
                    all if all > rest => "the authority of a certificate that may be shown was not there",
                    all if all < held => "an authority before has expired",
                    _ => return Ok(Self::Keep(record)),
                };
                return Ok(Self::Write { record, reason: reason.to_owned(), is_damage: false });
            }
            Ok(Some(record)) => {
                before.insert(0, &record.authority);
                let record = Record::make(wanted, &before, now)?;
                let reason = "two thirds of the time of the one before are over".to_owned();
                return Ok(Self::Write { record, reason, is_damage: false });
            }
            Ok(None) => ("there was none".to_owned(), false),
            Err(error) => (format!("the one before cannot be used: {error:#}"), true),
        };
        if known.is_empty() {
            before.extend(told);
        }
        Ok(Self::Write { record: Record::make(wanted, &before, now)?, reason, is_damage })
    }
}
