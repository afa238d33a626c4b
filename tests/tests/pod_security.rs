//! The profiles of the Pod Security Standards give the verdicts of Pod Security Admission: on its own fixtures, on
//! pods made from those, and on generated ones, which its evaluator is asked about.

#[path = "pod_security/fixtures.rs"]
mod fixtures;
#[path = "pod_security/oracle.rs"]
mod oracle;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use podgate::document::{self, Limits};
use podgate::subject::{self, Subject};
use podgate::{Context, Gate, Report};

/// The gates of both levels at every version that was asked for.
#[derive(Default)]
pub(crate) struct Gates(BTreeMap<(String, String), Gate>);

impl Gates {
    pub(crate) fn new<'v>(versions: impl Iterator<Item = &'v str> + Clone) -> Self {
        let mut gates = Self::default();
        for level in ["baseline", "restricted"] {
            for version in versions.clone() {
                let gate = Gate::builder().profile(format!("pss-{level}:{version}")).build().unwrap();
                gates.0.insert((level.to_owned(), version.to_owned()), gate);
            }
        }
        gates
    }

    pub(crate) fn judge(&self, level: &str, version: &str, subject: &Subject) -> Verdict {
        let gate = &self.0[&(level.to_owned(), version.to_owned())];
        Verdict::of(&gate.evaluate(subject, &Context::default()))
    }
}

/// What matters of a report: the failing checks, each with the containers that it names.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Verdict(pub(crate) BTreeMap<String, BTreeSet<String>>);

impl Verdict {
    fn of(report: &Report) -> Self {
        assert_eq!(report.failed_policies, []);
        assert_eq!(report.not_evaluated, []);
        let mut checks: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for finding in &report.findings {
            let containers = checks.entry(finding.name.to_string()).or_default();
            containers.extend(finding.container.as_deref().map(str::to_owned));
        }
        assert_eq!(report.summary.denied, !checks.is_empty());
        Self(checks)
    }

    pub(crate) fn is_allowed(&self) -> bool {
        self.0.is_empty()
    }
}

/// The one pod of a text.
pub(crate) fn pod(name: &str, text: &str) -> Subject {
    let document = Arc::new(document::read(name, text, &Limits::default()).remove(0).unwrap());
    let mut found = subject::subjects(&document, &Limits::default());
    assert_eq!(found.not_evaluated, [], "{name}: {text}");
    assert_eq!(found.subjects.len(), 1, "{name}: {text}");
    found.subjects.remove(0)
}

/// Runs `each` over parts of `all`, one for each core, and gives back what they gave.
pub(crate) fn in_parallel<T: Sync, R: Send>(all: &[T], each: impl Fn(&[T]) -> R + Sync) -> Vec<R> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        let parts = all.chunks(all.len().div_ceil(cores).max(1));
        let threads: Vec<_> = parts.map(|part| scope.spawn(|| each(part))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}
