//! What many folds have in common, held once.
//!
//! Pods that nothing owns are a fold each, and agents of a CI system are such pods by the thousand, of all of which the
//! same is to be said.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Weak};

use crate::report::{Exempted, Finding, Text};

/// What was found in the pods of a fold.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub(super) findings: Vec<Finding>,
    pub(super) exempted: Vec<Exempted>,
}

/// Lists and texts that are in use.
#[derive(Debug, Default)]
pub(super) struct Shared {
    lists: HashMap<u64, Weak<Found>>,
    texts: HashSet<Text>,
    /// Numbers of lists and texts at which those that are no longer in use are let go.
    full: [usize; 2],
}

/// Fewest that are looked through for what is no longer in use.
const FEW: usize = 1024;

impl Shared {
    /// The same, in as little memory as it can be.
    pub(super) fn take(&mut self, mut found: Found) -> Arc<Found> {
        let key = key(&found);
        let known = self.lists.get(&key).and_then(Weak::upgrade);
        if let Some(known) = known.filter(|known| **known == found) {
            return known;
        }
        let exempted = found.exempted.iter_mut().map(|exempted| &mut exempted.finding);
        found.findings.iter_mut().chain(exempted).for_each(|finding| self.share(finding));
        found.findings.shrink_to_fit();
        found.exempted.shrink_to_fit();
        let found = Arc::new(found);
        self.lists.insert(key, Arc::downgrade(&found));
        self.let_go();
        found
    }

    fn share(&mut self, finding: &mut Finding) {
        let Finding {
            policy, name, message, source, container, pointer, evidence, attack, help, docs, ..
        } = finding;
        let always = [policy, name, message, source, pointer, attack, help, docs];
        for text in always.into_iter().chain(container).chain(evidence) {
            match self.texts.get(text) {
                Some(known) => *text = known.clone(),
                None => drop(self.texts.insert(text.clone())),
            }
        }
    }

    /// Forgets what nobody uses, each time that there is twice as much as was in use the last time.
    fn let_go(&mut self) {
        let [lists, texts] = &mut self.full;
        if self.lists.len() >= *lists {
            self.lists.retain(|_, list| list.strong_count() > 0);
            *lists = FEW.max(self.lists.len() * 2);
        }
        if self.texts.len() >= *texts {
            self.texts.retain(|text| !text.is_alone());
            *texts = FEW.max(self.texts.len() * 2);
        }
    }
}

/// Lists of different keys differ; those of one key are compared.
fn key(found: &Found) -> u64 {
    let mut hasher = DefaultHasher::new();
    let exempted = found.exempted.iter().map(|exempted| &exempted.finding);
    for finding in found.findings.iter().chain(exempted) {
        (&finding.policy, &finding.pointer, &finding.message).hash(&mut hasher);
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Context, Gate};

    fn found(name: &str, container: &str) -> Found {
        let text = format!(
            r#"{{"apiVersion": "v1", "kind": "Pod", "metadata": {{"name": "{name}"}}, "spec": {{
            "containers": [{{"name": "{container}", "image": "a", "securityContext": {{"privileged": true}}}}]}}}}"#
        );
        let report = Gate::new().unwrap().check_text("cluster", &text, &Context::default());
        let mut findings = report.findings;
        findings.iter_mut().for_each(|finding| finding.span = None);
        Found { findings, exempted: Vec::new() }
    }

    #[test]
    fn what_is_the_same_is_held_once() {
        let mut shared = Shared::default();
        let first = shared.take(found("a", "build"));
        let same = shared.take(found("b", "build"));
        assert!(Arc::ptr_eq(&first, &same));
        let other = shared.take(found("b", "other"));
        assert_eq!((first.as_ref(), other.as_ref()), (&found("a", "build"), &found("b", "other")));
        let at = |found: &Found| found.findings[0].attack.as_ptr();
        assert_eq!(at(&first), at(&other), "texts that both have");
    }

    #[test]
    fn what_nobody_uses_is_let_go() {
        let (mut shared, template) = (Shared::default(), found("a", "build"));
        for number in 0..FEW * 3 {
            let mut found = template.clone();
            found.findings.truncate(1);
            found.findings[0].message = format!("message {number}").into();
            drop(shared.take(found));
            assert!(shared.lists.len() <= FEW && shared.texts.len() <= FEW, "{number}");
        }
    }
}
