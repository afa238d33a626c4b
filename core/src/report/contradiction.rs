//! Whether a report that came from elsewhere says one thing throughout.
//!
//! A report in JSON is text, and text can be changed by hand. Whoever reads one relies on its summary, so a summary that
//! its lists contradict is no summary.

use std::fmt;

use serde_json::Value;

use super::{Finding, Report};

/// Letters of a digest in hex.
const DIGEST: usize = 64;

/// What one part of a report says and another one denies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// JSON Pointer into the report.
    pub pointer: String,
    /// What is wrong there, in one line.
    pub reason: String,
}

impl Contradiction {
    fn new(pointer: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), reason: reason.into() }
    }
}

impl fmt::Display for Contradiction {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pointer, reason } = self;
        write!(formatter, "`{pointer}` {reason}")
    }
}

impl Report {
    /// The first thing in the report that something else in it denies. There is none in a report as it was made.
    pub fn contradiction(&self) -> Option<Contradiction> {
        let findings = self.findings.iter().enumerate();
        let findings = findings.map(|(index, finding)| (format!("/findings/{index}"), finding));
        let exempted = self.exempted.iter().enumerate();
        let exempted =
            exempted.map(|(index, exempted)| (format!("/exempted/{index}/finding"), &exempted.finding));
        let failed = self.failed_policies.iter().enumerate();
        self.of_digest()
            .or_else(|| {
                findings.chain(exempted).find_map(|(place, finding)| self.of_finding(&place, finding))
            })
            .or_else(|| {
                failed.filter_map(|(index, failed)| Some((index, failed.subject?))).find_map(
                    |(index, subject)| self.of_subject(&format!("/failedPolicies/{index}/subject"), subject),
                )
            })
            .or_else(|| self.of_summary())
    }

    fn of_digest(&self) -> Option<Contradiction> {
        let is_hex = |text: &str| {
            text.len() == DIGEST
                && text.bytes().all(|one| one.is_ascii_digit() || (b'a'..=b'f').contains(&one))
        };
        let digest = &self.policies.digest;
        let is_digest = digest.strip_prefix("sha256:").is_some_and(is_hex);
        (!is_digest).then(|| Contradiction::new("/policies/digest", format!("is no digest: `{digest}`")))
    }

    fn of_subject(&self, pointer: &str, subject: usize) -> Option<Contradiction> {
        let number = self.subjects.len();
        (subject >= number)
            .then(|| Contradiction::new(pointer, format!("is {subject}, but there are {number} subjects")))
    }

    fn of_finding(&self, place: &str, finding: &Finding) -> Option<Contradiction> {
        let Some(subject) = self.subjects.get(finding.subject) else {
            return self.of_subject(&format!("{place}/subject"), finding.subject);
        };
        let (own, its) = (&finding.source, &subject.object.source);
        (*own != *its).then(|| {
            Contradiction::new(
                format!("{place}/source"),
                format!("is `{own}`, but its subject is of `{its}`"),
            )
        })
    }

    fn of_summary(&self) -> Option<Contradiction> {
        let [said, summed_up] = [&self.summary, &self.summed_up()].map(serde_json::to_value);
        difference("/summary", &said.ok()?, &summed_up.ok()?)
    }
}

/// The first place at which two values of one shape differ.
fn difference(pointer: &str, said: &Value, is: &Value) -> Option<Contradiction> {
    if let (Value::Object(said), Value::Object(is)) = (said, is) {
        let mut both = said.iter().filter_map(|(key, own)| Some((key, own, is.get(key)?)));
        return both.find_map(|(key, own, is)| difference(&format!("{pointer}/{key}"), own, is));
    }
    (said != is).then(|| Contradiction::new(pointer, format!("is {said}, but the lists make it {is}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Context, Gate};

    fn report() -> Report {
        let pod = r#"{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": {"hostPID": true,
            "containers": [{"name": "a", "image": "a", "securityContext": {"privileged": true}}]}}"#;
        Gate::builder().build().unwrap().check_text("a.yaml", pod, &Context::default())
    }

    #[test]
    fn a_report_as_it_was_made_has_none() {
        let mut report = report();
        assert!(report.summary.denied && report.findings.len() > 2);
        assert_eq!(report.contradiction(), None);
        report.extend(self::report());
        assert_eq!(report.contradiction(), None);
    }

    #[test]
    fn what_was_changed_by_hand_is_told_with_its_place() {
        type Change = fn(&mut Report);
        let changes: [(Change, &str); 6] = [
            (|own| own.summary.denied = false, "`/summary/denied` is false, but the lists make it true"),
            (
                |own| own.summary.findings.critical += 1,
                "`/summary/findings/critical` is 3, but the lists make it 2",
            ),
            (|own| own.summary.subjects = 0, "`/summary/subjects` is 0, but the lists make it 1"),
            (|own| own.findings[1].subject = 1, "`/findings/1/subject` is 1, but there are 1 subjects"),
            (
                |own| own.findings[1].source = "b.yaml".into(),
                "`/findings/1/source` is `b.yaml`, but its subject is of `a.yaml`",
            ),
            (|own| own.policies.digest = "sha256:0".into(), "`/policies/digest` is no digest: `sha256:0`"),
        ];
        for (change, said) in changes {
            let mut report = report();
            change(&mut report);
            assert_eq!(report.contradiction().map(|found| found.to_string()).as_deref(), Some(said));
        }
    }
}
