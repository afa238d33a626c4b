//! What follows from reports: what refuses an object, what its author is told, and what is recorded.

use std::collections::{BTreeMap, BTreeSet};

use crate::gate::Gate;
use crate::policy::Action;
use crate::report::{FailedPolicy, Finding, NotEvaluated, Report, Text};

/// One thing that a report says.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// The policy's id; empty for what no policy says.
    pub(super) policy: String,
    /// What is wrong, in one line.
    pub(super) what: String,
    /// The finding, where it is one.
    pub(super) finding: Option<Finding>,
}

/// What reports say, by what follows from it.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    entries: Vec<(Action, Entry)>,
}

impl Verdict {
    /// What a gate's report says: findings with their action; a policy that failed and what could not be judged
    /// refuse, unless the settings give the policy a weaker mode.
    pub(super) fn of(gate: &Gate, report: &Report) -> Self {
        let findings = report.findings.iter().map(|finding| (finding.action, of_finding(finding)));
        let failed =
            report.failed_policies.iter().map(|failed| (action_of(gate, failed), of_failure(failed)));
        let not_evaluated = report.not_evaluated.iter().filter(|entry| entry.cause.is_error());
        let not_evaluated = not_evaluated.map(|entry| (Action::Deny, of_obstacle(entry)));
        Self { entries: findings.chain(failed).chain(not_evaluated).collect() }
    }

    /// Lowers what an earlier state of the object had, too, so that it refuses nothing. A failure about both says nothing
    /// of what is new, so that it is lowered only where `is_same` says
    /// that nothing is.
    pub(super) fn without(mut self, old: &Self, is_same: impl Fn() -> bool) -> Self {
        let has_failed = self.entries.iter().any(|(_, entry)| entry.finding.is_none());
        let keeps_failures = has_failed && !is_same();
        let before = old.entries.iter().map(|(_, entry)| entry);
        let before = before.filter(|entry| entry.finding.is_some() || !keeps_failures);
        let mut known: BTreeMap<_, usize> = BTreeMap::new();
        before.for_each(|entry| *known.entry(wherever(entry)).or_default() += 1);
        for (action, entry) in &mut self.entries {
            if let Some(left) = known.get_mut(&wherever(entry)).filter(|left| **left > 0) {
                *left -= 1;
                *action = (*action).min(Action::Warn);
            }
        }
        self
    }

    /// Lowers every action to at most this one.
    pub(super) fn at_most(mut self, most: Action) -> Self {
        self.entries.iter_mut().for_each(|(action, _)| *action = (*action).min(most));
        self
    }

    /// Adds what another verdict says beside this one, with the action given; what follows from less than a warning
    /// there, and what refuses the object or has that action here already, is left out.
    pub(super) fn add(&mut self, other: Self, action: Action) {
        let is_told = |own: Action| own == Action::Deny || own == action;
        let known = self.entries.iter().filter(|(own, _)| is_told(*own));
        let known: BTreeSet<_> = known.map(|(_, entry)| identity(entry)).collect();
        let new = other.entries.into_iter().filter(|(own, _)| *own >= Action::Warn);
        let new: Vec<_> = new.filter(|(_, entry)| !known.contains(&identity(entry))).collect();
        self.entries.extend(new.into_iter().map(|(_, entry)| (action, entry)));
    }

    /// Adds something that no policy says.
    pub(super) fn tell(&mut self, what: String) {
        self.entries.push((Action::Warn, Entry { policy: String::new(), what, finding: None }));
    }

    /// What has this action, in the order of the reports.
    pub(super) fn of_action(&self, action: Action) -> Vec<&Entry> {
        self.entries.iter().filter(|(own, _)| *own == action).map(|(_, entry)| entry).collect()
    }
}

/// By what two entries about two states of an object are the same. Items of lists may stand elsewhere in the other one,
/// so as many are the same as there are.
fn wherever(entry: &Entry) -> (String, String, Option<Text>, Option<String>) {
    let (policy, what, container, pointer) = identity(entry);
    let is_number = |token: &str| !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit());
    let tokens = |pointer: Text| {
        let tokens: Vec<&str> =
            pointer.split('/').map(|token| if is_number(token) { "*" } else { token }).collect();
        tokens.join("/")
    };
    (policy, what, container, pointer.map(tokens))
}

/// By what two entries about one state of an object are the same.
fn identity(entry: &Entry) -> (String, String, Option<Text>, Option<Text>) {
    let finding = entry.finding.as_ref();
    (
        entry.policy.clone(),
        entry.what.clone(),
        finding.and_then(|finding| finding.container.clone()),
        finding.map(|finding| finding.pointer.clone()),
    )
}

fn action_of(gate: &Gate, failed: &FailedPolicy) -> Action {
    let policy = gate.policies().iter().find(|policy| policy.id == failed.policy);
    let mode = policy.and_then(|policy| gate.settings_of(policy)?.mode);
    mode.and_then(crate::settings::Mode::action).unwrap_or(Action::Deny)
}

fn of_finding(finding: &Finding) -> Entry {
    let (policy, what) = (finding.policy.to_string(), finding.message.to_string());
    Entry { policy, what, finding: Some(finding.clone()) }
}

fn of_failure(failed: &FailedPolicy) -> Entry {
    let what = format!("policy `{}` failed: {}", failed.policy, failed.reason);
    Entry { policy: failed.policy.clone(), what, finding: None }
}

fn of_obstacle(entry: &NotEvaluated) -> Entry {
    Entry { policy: String::new(), what: entry.reason.clone(), finding: None }
}
