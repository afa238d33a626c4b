//! GitLab's Code Quality report: a list of issues, shown in merge requests.

use std::io::{self, Write};

use serde::Serialize;

use super::place::{self, Fingerprints};
use crate::policy::Severity;
use crate::position::Span;
use crate::report::Report;

/// One issue, with the names that GitLab reads.
#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

/// Writes the findings, and an issue for everything that failed; documents without anything to judge are no
/// issues.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &issues(report))?;
    writeln!(out)
}

fn issues(report: &Report) -> Vec<Issue> {
    let mut keys = Fingerprints::default();
    let mut issues = Vec::new();
    for finding in &report.findings {
        issues.push(Issue {
            description: format!("{} ({})", finding.message, place::finding(report, finding)),
            check_name: format!("{} {}", finding.policy, finding.name),
            fingerprint: keys.finding(report, finding),
            severity: severity(finding.severity),
            location: location(&finding.source, finding.span),
        });
    }
    for entry in report.not_evaluated.iter().filter(|entry| entry.cause.is_error()) {
        issues.push(Issue {
            description: format!("not evaluated: {}", entry.reason),
            check_name: "not-evaluated".to_owned(),
            fingerprint: keys.key(&["not-evaluated", &place::path(&entry.source), &entry.reason]),
            severity: "major",
            location: location(&entry.source, entry.span),
        });
    }
    for failed in &report.failed_policies {
        issues.push(Issue {
            description: format!("policy {} failed: {}", failed.policy, failed.reason),
            check_name: "failed-policy".to_owned(),
            fingerprint: keys.key(&["failed-policy", &failed.policy, &failed.reason]),
            severity: "major",
            location: location(failed.file.as_deref().unwrap_or(&failed.policy), failed.span),
        });
    }
    issues
}

/// GitLab wants a line in every location.
fn location(source: &str, span: Option<Span>) -> Location {
    let lines =
        span.map_or(Lines { begin: 1, end: 1 }, |span| Lines { begin: span.start.line, end: span.end.line });
    Location { path: place::path(source).into_owned(), lines }
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "blocker",
        Severity::High => "critical",
        Severity::Medium => "major",
        Severity::Low => "minor",
        Severity::Info => "info",
    }
}
