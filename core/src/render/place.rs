//! Words and keys for places, shared by the renderers.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::report::{Finding, Report, SubjectEntry};

fn words(kind: &str, namespace: &str, name: &str) -> String {
    let mut words = kind.to_owned();
    if !name.is_empty() {
        words.push(' ');
        if !namespace.is_empty() {
            words.push_str(namespace);
            words.push('/');
        }
        words.push_str(name);
    }
    words
}

/// Kind, namespace and name of a subject: its owner's, where it is known what makes the pod.
pub(super) fn named(subject: &SubjectEntry) -> [&str; 3] {
    let object = &subject.object;
    match &subject.owner {
        Some(owner) => [&owner.kind, &object.namespace, &owner.name],
        None => [&object.kind, &object.namespace, &object.name],
    }
}

/// A subject in a few words, which stay the same when its pods are replaced: `Deployment ci/agents`.
pub(crate) fn subject(subject: &SubjectEntry) -> String {
    let [kind, namespace, name] = named(subject);
    words(kind, namespace, name)
}

/// A subject in a few words, and how many pods it stands for: `Deployment ci/agents (3 pods)`.
pub(super) fn subject_with_pods(entry: &SubjectEntry) -> String {
    let pods = entry.pods.map(|pods| format!(" ({})", count(pods, "pod")));
    format!("{}{}", subject(entry), pods.unwrap_or_default())
}

/// Where a finding is in a few words, such as `container docker of Pod ci/agent`.
pub(super) fn finding(report: &Report, finding: &Finding) -> String {
    let subject = report.subjects.get(finding.subject).map(subject_with_pods);
    match (&finding.container, subject) {
        (Some(container), Some(subject)) => format!("container {container} of {subject}"),
        (Some(container), None) => format!("container {container}"),
        (None, subject) => subject.unwrap_or_default(),
    }
}

/// The chart or folder of which a source was printed by Helm or Kustomize: no file has its lines.
pub(super) fn printed_of(source: &str) -> Option<&str> {
    ["helm template ", "kustomize build "].iter().find_map(|command| source.strip_prefix(command))
}

/// The path of a source as CI systems want it: relative, with `/`.
pub(super) fn path(source: &str) -> Cow<'_, str> {
    match printed_of(source).unwrap_or(source) {
        "-" => Cow::Borrowed("stdin"),
        own if own.contains('\\') => Cow::Owned(path(&own.replace('\\', "/")).into_owned()),
        own => Cow::Borrowed(own.strip_prefix("./").unwrap_or(own)),
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
        let [kind, namespace, name] = report.subjects.get(finding.subject).map_or([""; 3], named);
        let field = finding.pointer.split('/').filter(|step| step.parse::<usize>().is_err());
        self.key(&[
            &finding.policy,
            &path(&finding.source),
            kind,
            namespace,
            name,
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
