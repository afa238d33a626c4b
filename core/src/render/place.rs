//! Words and keys for places, shared by the renderers.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::report::{Finding, ObjectEntry, Report};

/// An object in a few words, such as `Pod ci/agent`.
pub(super) fn object(object: &ObjectEntry) -> String {
    let mut words = object.kind.clone();
    if !object.name.is_empty() {
        words.push(' ');
        if !object.namespace.is_empty() {
            words.push_str(&object.namespace);
            words.push('/');
        }
        words.push_str(&object.name);
    }
    words
}

/// Where a finding is in a few words, such as `container docker of Pod ci/agent`.
pub(super) fn finding(report: &Report, finding: &Finding) -> String {
    let subject = report.subjects.get(finding.subject).map(|subject| object(&subject.object));
    match (&finding.container, subject) {
        (Some(container), Some(subject)) => format!("container {container} of {subject}"),
        (Some(container), None) => format!("container {container}"),
        (None, subject) => subject.unwrap_or_default(),
    }
}

/// The path of a source as CI systems want it: relative, with `/`.
pub(super) fn path(source: &str) -> Cow<'_, str> {
    match source {
        "-" => Cow::Borrowed("stdin"),
        _ if source.contains('\\') => Cow::Owned(path(&source.replace('\\', "/")).into_owned()),
        _ => Cow::Borrowed(source.strip_prefix("./").unwrap_or(source)),
    }
}

/// Keys of findings that stay the same when lines move or containers change their order.
#[derive(Default)]
pub(super) struct Fingerprints {
    seen: HashMap<String, usize>,
}

impl Fingerprints {
    /// The key of a finding; equal findings are told apart by their order.
    pub(super) fn finding(&mut self, report: &Report, finding: &Finding) -> String {
        let object = report.subjects.get(finding.subject).map(|subject| &subject.object);
        let field = finding.pointer.split('/').filter(|step| step.parse::<usize>().is_err());
        self.key(&[
            &finding.policy,
            &path(&finding.source),
            object.map_or("", |object| &object.kind),
            object.map_or("", |object| &object.namespace),
            object.map_or("", |object| &object.name),
            finding.container.as_deref().unwrap_or_default(),
            &field.collect::<Vec<_>>().join("/"),
            finding.evidence.as_deref().unwrap_or_default(),
        ])
    }

    /// The key of anything else that is named by `parts`.
    pub(super) fn key(&mut self, parts: &[&str]) -> String {
        let mut key = String::new();
        for part in parts {
            let _ = write!(key, "{}:{part};", part.len());
        }
        let order = self.seen.entry(key.clone()).or_default();
        *order += 1;
        let _ = write!(key, "{order}");
        Sha256::digest(key.as_bytes()).iter().take(16).fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}

/// `n thing` or `n things`.
pub(super) fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}
