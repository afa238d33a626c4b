//! All pods of a cluster, or of one of its namespaces: read page by page, judged, and folded by their owners.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;
use podgate::admission::Gates;
use podgate::fold::{Folds, Place};
use podgate::report::{Cause, NotEvaluated, Owner};
use podgate::{Context, Report};
use rayon::prelude::*;
use serde_json::value::RawValue;

use super::api::{Failure, NAMESPACES, PODS, Pager, Step};
use super::connect::Cluster;
use super::known::Known;
use super::labels::Namespaces;
use super::object::{Metadata, Pod};
use super::owners::Owners;
use crate::report;

/// What all scopes of a run have in common.
pub(super) struct Rules {
    pub(super) gates: Gates,
    pub(super) date: Date,
    pub(super) selector: Option<String>,
}

impl Rules {
    /// A report over nothing.
    pub(super) fn start(&self) -> Report {
        self.gates.own().start(&self.context())
    }

    fn context(&self) -> Context {
        Context { date: Some(self.date), ..Context::default() }
    }
}

/// A cluster, or a namespace of it.
pub(super) struct Scope<'a> {
    pub(super) cluster: &'a Cluster,
    pub(super) rules: &'a Rules,
    pub(super) namespace: Option<&'a str>,
    folds: Folds,
    /// Where each pod is, by its `uid`, and the round in which it was seen; in a watch alone.
    pods: Option<HashMap<String, (Place, u32)>>,
    round: u32,
    /// What came and was not told yet, in a watch.
    fresh: Vec<Place>,
    /// The profiles that judged.
    profiles: BTreeSet<String>,
    owners: Owners,
    known: Known,
    namespaces: Namespaces,
    /// The version of the cluster that is known.
    pub(super) version: String,
    /// Why it is not known in full.
    pub(super) failure: Option<Failure>,
    /// The version of a change that could not be judged, in a watch, until it is.
    pub(super) missed: Option<String>,
    /// What of it was told on standard error, in a watch.
    told: Option<String>,
}

impl<'a> Scope<'a> {
    pub(super) fn new(cluster: &'a Cluster, rules: &'a Rules, namespace: Option<&'a str>) -> Self {
        Self {
            cluster,
            rules,
            namespace,
            folds: Folds::default(),
            pods: None,
            round: 0,
            fresh: Vec::new(),
            profiles: BTreeSet::new(),
            owners: Owners::default(),
            known: Known::default(),
            namespaces: Namespaces::default(),
            version: String::new(),
            failure: None,
            missed: None,
            told: None,
        }
    }

    /// Remembers each pod, so that changes can be told.
    pub(super) fn remembering(self) -> Self {
        Self { pods: Some(HashMap::new()), ..self }
    }

    /// Whether everything is known.
    pub(super) fn is_whole(&self) -> bool {
        self.failure.is_none() && self.known.unknown().next().is_none() && !self.is_guessed()
    }

    /// Whether owners had to be guessed of which another time it may be known what they are.
    pub(super) fn is_guessed(&self) -> bool {
        !self.owners.failures.is_empty()
    }

    /// Reads and judges everything. What went wrong stays in [`Self::failure`].
    pub(super) async fn read(&mut self) {
        self.failure = self.read_all().await.err();
        if self.failure.is_some() {
            self.version.clear();
        }
        self.missed = self.missed.take().filter(|_| self.failure.is_some());
    }

    /// [`Self::read`], unless the cluster did not answer for a scope before, which is in `silence`.
    pub(super) async fn read_unless(&mut self, silence: &mut Option<Failure>) {
        if silence.is_some() {
            self.failure.clone_from(silence);
        } else {
            self.read().await;
            *silence = self.failure.clone().filter(|failure| failure.is_silence);
        }
    }

    /// Says that a watch is tried again, and why; the same thing once.
    pub(super) fn tell_failure(&mut self) {
        let reason = self.failure.as_ref().map(|failure| &failure.reason);
        if let Some(reason) = reason.filter(|reason| self.told.as_ref() != Some(reason)) {
            self.cluster.notes.say(&format!("watching goes on after a failure: {reason}"));
            self.told = Some(reason.clone());
        }
    }

    /// Everything up to a version of the cluster is known.
    pub(super) fn reached(&mut self, version: &str) {
        if version.is_empty() {
            return;
        }
        version.clone_into(&mut self.version);
        if self.missed.take_if(|missed| is_reached(missed, version)).is_some() {
            self.tell_recovery();
        }
    }

    /// Nothing is in the way any more, unless a change is still to come that could not be judged; says so where something
    /// was.
    pub(super) fn tell_recovery(&mut self) {
        if self.missed.is_some() {
            return;
        }
        self.failure = None;
        if self.told.take().is_some() {
            self.cluster.notes.say("everything is known again");
        }
    }

    async fn read_all(&mut self) -> Result<(), Failure> {
        let (cluster, rules, namespace) = (self.cluster, self.rules, self.namespace);
        self.owners = Owners::load(&cluster.api, namespace, &cluster.notes).await?;
        self.known = Known::load(&cluster.api, &rules.gates, namespace).await?;
        self.namespaces = Namespaces::load(&cluster.api, &rules.gates, namespace).await?;
        self.round += 1;
        let mut pages = Pager::new(&cluster.api, PODS, namespace).of(rules.selector.as_deref());
        let mut read = 0;
        while let Some(step) = pages.next().await.map_err(|failure| after(read, failure))? {
            match step {
                Step::Items(items) => {
                    read += items.len();
                    self.judge_all(&items).await?;
                }
                Step::Again if self.pods.is_none() => {
                    read = 0;
                    self.folds = Folds::default();
                }
                // What is known of a pod is put in place of what was known.
                Step::Again => self.round += 1,
            }
        }
        self.version = pages.version;
        self.forget_unseen();
        if read == 0 { self.is_there().await } else { Ok(()) }
    }

    /// A namespace that there is not has no pods, and is a mistake rather than clean.
    async fn is_there(&self) -> Result<(), Failure> {
        let Some(namespace) = self.namespace else { return Ok(()) };
        match self.cluster.api.metadata::<Metadata>(NAMESPACES, None, namespace).await {
            Err(failure) if failure.is_missing() => Err(failure.of(&format!("namespace `{namespace}`"))),
            // Whoever may not read namespaces may read their pods.
            _ => Ok(()),
        }
    }

    async fn judge_all(&mut self, items: &[Box<RawValue>]) -> Result<(), Failure> {
        let pods: Vec<Pod> = items.iter().map(|item| Pod::read(item)).collect();
        let mut owners = Vec::with_capacity(pods.len());
        for pod in &pods {
            owners.push(self.prepare(pod).await?);
        }
        let reports: Vec<Report> =
            tokio::task::block_in_place(|| pods.par_iter().map(|pod| self.judge(pod)).collect());
        for ((pod, owner), report) in pods.iter().zip(owners).zip(reports) {
            self.put(&pod.head, owner, report);
        }
        Ok(())
    }

    /// One pod that came or changed.
    pub(super) async fn change(&mut self, item: &RawValue) -> Result<(), Failure> {
        let pod = Pod::read(item);
        let is_new = self.pods.as_ref().is_none_or(|pods| !pods.contains_key(&pod.head.uid));
        self.known.learn(&self.cluster.api, &pod, is_new).await?;
        let owner = self.prepare(&pod).await?;
        let report = self.judge(&pod);
        self.put(&pod.head, owner, report);
        Ok(())
    }

    /// What makes a pod; the labels of its namespace are known afterwards.
    async fn prepare(&mut self, pod: &Pod) -> Result<Option<Owner>, Failure> {
        self.known.judging(pod);
        self.namespaces.learn(&self.cluster.api, &pod.head.namespace).await?;
        self.owners.of(&self.cluster.api, &pod.head).await
    }

    /// The verdict that the webhook enforces.
    fn judge(&self, pod: &Pod) -> Report {
        let gates = &self.rules.gates;
        let context = Context { inventory: self.known.beside(pod), ..self.rules.context() };
        let gate = match self.namespaces.of(&pod.head.namespace) {
            None => gates.own(),
            Some(labels) => {
                let (gate, faults) = gates.enforcing(labels);
                let space = &pod.head.namespace;
                faults
                    .into_iter()
                    .for_each(|fault| self.cluster.notes.tell(format!("namespace `{space}`: {fault}")));
                gate
            }
        };
        gate.check_text(&self.cluster.name, &pod.text, &context)
    }

    fn put(&mut self, pod: &Metadata, owner: Option<Owner>, report: Report) {
        if report.policies.profiles.iter().any(|profile| !self.profiles.contains(profile)) {
            self.profiles.extend(report.policies.profiles.iter().cloned());
        }
        let (place, is_new) = self.folds.add(report, owner.as_ref());
        let Some(pods) = &mut self.pods else { return };
        if let Some((before, _)) = pods.insert(pod.uid.clone(), (place, self.round)) {
            self.folds.remove(before);
        }
        if is_new {
            self.fresh.push(place);
        }
    }

    /// A pod that went away.
    pub(super) fn remove(&mut self, item: &RawValue) {
        let uid = Pod::read(item).head.uid;
        if let Some((place, _)) = self.pods.as_mut().and_then(|pods| pods.remove(&uid)) {
            self.folds.remove(place);
        }
    }

    /// Those that were there before and are no longer.
    fn forget_unseen(&mut self) {
        let (round, folds) = (self.round, &mut self.folds);
        if let Some(pods) = &mut self.pods {
            pods.retain(|_, (place, seen)| {
                let stays = *seen == round;
                if !stays {
                    folds.remove(*place);
                }
                stays
            });
        }
    }

    /// What is to be said of what came since the last time, in a watch; nothing of what went away again.
    pub(super) fn fresh(&mut self) -> Report {
        let mut report = self.rules.start();
        std::mem::take(&mut self.fresh).into_iter().for_each(|place| self.folds.tell(place, &mut report));
        report
    }

    /// What is to be said of everything.
    pub(super) fn report(&mut self) -> Report {
        let mut report = self.rules.start();
        if self.pods.is_some() {
            self.fresh.clear();
            self.folds.tell_so_far(&mut report);
        } else {
            std::mem::take(&mut self.folds).tell_all(&mut report);
        }
        let failure =
            self.failure.iter().map(|failure| self.entry(Cause::Unreadable, failure.reason.clone()));
        let guessed = self.owners.failures.iter().map(|failure| failure.reason.clone());
        let unknown = guessed.chain(self.known.unknown()).map(|reason| self.entry(Cause::Unreadable, reason));
        report.not_evaluated.extend(failure.chain(unknown));
        report::add_profiles(&mut report, &self.profiles);
        report.summarise();
        report
    }

    fn entry(&self, cause: Cause, reason: String) -> NotEvaluated {
        let source = self.cluster.name.clone();
        NotEvaluated { source, document: 0, pointer: String::new(), span: None, cause, reason }
    }
}

fn after(read: usize, failure: Failure) -> Failure {
    if read == 0 {
        return failure.of("pods");
    }
    failure.of(&format!("pods after the first {read}")).of_one_that_answers()
}

/// Whether a change of a version is among those up to another; versions are numbers that grow.
fn is_reached(change: &str, version: &str) -> bool {
    match (change.parse::<u64>(), version.parse::<u64>()) {
        (Ok(change), Ok(version)) => change <= version,
        _ => change == version,
    }
}
