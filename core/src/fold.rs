//! Pods of a cluster, those of one owner as one subject.
//!
//! A Deployment of 500 pods is one thing to mend, not 500. What makes the pods equal is what is to be said of them:
//! their names, and what is named after them, may differ. Pods of one owner of which different things are to be said,
//! such as those of two revisions, are subjects of their own.

mod shared;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use self::shared::{Found, Shared};
use crate::report::{Finding, Owner, PolicySet, Report, SubjectEntry};

/// Pods without the volume of their token, which the API server names at random
/// (`ServiceAccountVolumeName` of `k8s.io/kubernetes/plugin/pkg/admission/serviceaccount`).
const TOKEN: &str = "kube-api-access-";

/// Letters behind [`TOKEN`].
const RANDOM: usize = 5;

/// Verdicts over pods, folded by owner. Its size is that of what is to be said, not of the pods.
#[derive(Debug, Default)]
pub struct Folds {
    /// In the order in which they came.
    folds: BTreeMap<usize, Fold>,
    places: HashMap<[u8; 32], usize>,
    next: usize,
    shared: Shared,
}

#[derive(Debug, Clone)]
struct Fold {
    key: [u8; 32],
    found: Arc<Found>,
    subjects: Box<[SubjectEntry]>,
    /// What else there is to say, which is rare: obstacles, and policies that failed.
    rest: Option<Box<Report>>,
    pods: usize,
}

/// Which of the [`Folds`] a pod belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place(usize);

impl Folds {
    /// Adds the report over one pod, which a controller may have made; says where it is now, and whether that is new.
    ///
    /// Positions in the text are dropped: it is nobody's file.
    pub fn add(&mut self, mut report: Report, owner: Option<&Owner>) -> (Place, bool) {
        let key = key(&report, owner);
        if let Some(place) = self.places.get(&key).copied()
            && let Some(fold) = self.folds.get_mut(&place)
        {
            fold.pods += 1;
            return (Place(place), false);
        }
        for subject in &mut report.subjects {
            subject.owner = owner.cloned();
        }
        let exempted = report.exempted.iter_mut().map(|exempted| &mut exempted.finding);
        report.findings.iter_mut().chain(exempted).for_each(|finding| finding.span = None);
        tell_whose(&mut report);
        // These are the gate's, and come with the report that all are added to.
        report.warnings = Vec::new();
        report.void_exemptions = Vec::new();
        let place = self.next;
        self.next += 1;
        let found = Found {
            findings: std::mem::take(&mut report.findings),
            exempted: std::mem::take(&mut report.exempted),
        };
        let found = self.shared.take(found);
        let subjects = std::mem::take(&mut report.subjects).into_boxed_slice();
        let is_all = report.not_evaluated.is_empty()
            && report.failed_policies.is_empty()
            && report.without_pod.is_empty();
        let rest = (!is_all).then(|| Box::new(report));
        self.folds.insert(place, Fold { key, found, subjects, rest, pods: 1 });
        self.places.insert(key, place);
        (Place(place), true)
    }

    /// Takes one pod away.
    pub fn remove(&mut self, place: Place) {
        let Some(fold) = self.folds.get_mut(&place.0) else { return };
        fold.pods -= 1;
        if fold.pods == 0 {
            self.places.remove(&fold.key);
            self.folds.remove(&place.0);
        }
    }

    /// Number of pods.
    pub fn pods(&self) -> usize {
        self.folds.values().map(|fold| fold.pods).sum()
    }

    /// What is to be said of the pods of one place, appended to `report`.
    pub fn tell(&self, place: Place, report: &mut Report) {
        if let Some(fold) = self.folds.get(&place.0) {
            report.extend(fold.clone().told());
        }
    }

    /// Everything, in the order in which it came, appended to `report`.
    pub fn tell_all(self, report: &mut Report) {
        self.make_room(report);
        let Self { folds, places, shared, .. } = self;
        // What they hold is not needed any more, and as large as the folds themselves.
        drop((places, shared));
        report.extend_all(folds.into_values().map(Fold::told));
    }

    /// [`Self::tell_all`], to go on afterwards.
    pub fn tell_so_far(&self, report: &mut Report) {
        self.make_room(report);
        report.extend_all(self.folds.values().map(|fold| fold.clone().told()));
    }

    /// Lists that grow bit by bit take up to thrice their length in the end.
    fn make_room(&self, report: &mut Report) {
        report.subjects.reserve_exact(self.folds.values().map(|fold| fold.subjects.len()).sum());
        report.findings.reserve_exact(self.folds.values().map(|fold| fold.found.findings.len()).sum());
        report.exempted.reserve_exact(self.folds.values().map(|fold| fold.found.exempted.len()).sum());
    }
}

impl Fold {
    fn told(self) -> Report {
        let nobody = || Report::new(PolicySet { digest: String::new(), profiles: Vec::new() });
        let mut report = self.rest.map_or_else(nobody, |rest| *rest);
        report.subjects = self.subjects.into_vec();
        for subject in report.subjects.iter_mut().filter(|subject| subject.owner.is_some()) {
            subject.pods = Some(self.pods);
        }
        let Found { findings, exempted } = Arc::unwrap_or_clone(self.found);
        Report { findings, exempted, ..report }
    }
}

/// What was not judged has no subject in a report, and all pods of a cluster have one source: the reason names the pod.
fn tell_whose(report: &mut Report) {
    let whose = report.subjects.first().map(crate::render::subject).unwrap_or_default();
    for entry in &mut report.not_evaluated {
        entry.span = None;
        if !whose.is_empty() {
            entry.reason = format!("{whose}: {}", entry.reason);
        }
    }
}

/// What pods have in common that are one subject.
fn key(report: &Report, owner: Option<&Owner>) -> [u8; 32] {
    let pod = report.subjects.first().map(|subject| &subject.object);
    let name = pod.map_or("", |pod| pod.name.as_str());
    let mut key = Key { hash: Sha256::new(), name: if owner.is_some() { name } else { "" } };
    key.exact(pod.map_or("", |pod| &pod.namespace));
    match owner {
        None => key.exact(name),
        Some(owner) => {
            [&owner.api_version, &owner.kind, &owner.name].into_iter().for_each(|own| key.exact(own))
        }
    }
    for subject in &report.subjects {
        key.exact(&subject.object.source);
        key.exact(if subject.partial { "partial" } else { "" });
        subject.implied.iter().chain(&subject.unresolved).for_each(|pointer| key.exact(pointer));
        key.exact("");
    }
    report.findings.iter().for_each(|finding| key.finding(finding));
    key.exact("");
    for exempted in &report.exempted {
        key.finding(&exempted.finding);
        key.exact(&exempted.reason);
    }
    key.exact("");
    for entry in &report.not_evaluated {
        key.exact(&entry.pointer);
        key.said(&entry.reason);
    }
    key.exact("");
    for failed in &report.failed_policies {
        key.exact(&failed.policy);
        key.said(&failed.reason);
    }
    key.hash.finalize().into()
}

struct Key<'a> {
    hash: Sha256,
    /// The pod's name, which does not count.
    name: &'a str,
}

impl Key<'_> {
    fn exact(&mut self, text: &str) {
        self.hash.update(text.len().to_le_bytes());
        self.hash.update(text);
    }

    /// What a person or a program wrote, which may name the pod.
    fn said(&mut self, text: &str) {
        let text = without_random(text);
        let text = if self.name.is_empty() { text } else { text.replace(self.name, "*") };
        self.exact(&text);
    }

    /// What a finding says beside what its policy says each time.
    fn finding(&mut self, finding: &Finding) {
        let Finding { policy, severity, action, message, container, pointer, evidence, fix, .. } = finding;
        [policy, severity.as_str(), action.as_str(), pointer].into_iter().for_each(|own| self.exact(own));
        self.said(message);
        [container, evidence].into_iter().for_each(|own| self.said(own.as_deref().unwrap_or_default()));
        self.said(&fix.iter().map(ToString::to_string).collect::<String>());
    }
}

/// The text with the random letters behind [`TOKEN`] gone.
fn without_random(text: &str) -> String {
    let mut parts = text.split(TOKEN);
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str(TOKEN);
        let random = part.bytes().take(RANDOM).take_while(u8::is_ascii_alphanumeric).count();
        plain.push_str(part.get(random..).unwrap_or_default());
    }
    plain
}

#[cfg(test)]
mod tests;
