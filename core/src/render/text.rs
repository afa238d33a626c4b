//! The report for people: excerpts with carets, as a compiler shows errors, and a summary.

mod diagnostic;
mod summary;
mod unknown;

use std::collections::HashSet;
use std::io::{self, Write};

pub use diagnostic::problem;

use self::diagnostic::{Diagnostic, Note};
use super::Sources;
use super::escape::visible;
use super::excerpt::Excerpts;
use super::place;
use crate::policy::Severity;
use crate::report::{FailedPolicy, Finding, NotEvaluated, Report, Stage};

/// How the text looks; never what it says.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// Least severity of a finding that is shown in full; medium by default.
    pub least: Severity,
    /// Whether to colour it, with the codes of ANSI terminals.
    pub color: bool,
    /// Columns after which notes are wrapped; without, they are not.
    pub width: Option<usize>,
    /// The name of the settings that were used, for the summary.
    pub settings: Option<&'a str>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self { least: Severity::Medium, color: false, width: None, settings: None }
    }
}

/// Writes `report`. Excerpts are shown of what `sources` still has. Findings below [`Options::least`] are counted in
/// one line for each subject, so that they do not bury the others.
pub fn write(
    report: &Report,
    sources: Sources<'_>,
    options: &Options<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut excerpts = Excerpts::new(sources);
    let mut told = HashSet::new();
    for subject in report.findings.chunk_by(|one, next| one.subject == next.subject) {
        let (grave, slight): (Vec<&Finding>, Vec<_>) =
            subject.iter().partition(|finding| finding.severity >= options.least);
        for finding in grave {
            let first = told.insert((finding.subject, finding.policy.as_str(), finding.attack.as_str()));
            show(&of_finding(report, finding, first), &mut excerpts, options, out)?;
        }
        if let Some(line) = summary::slight(report, &slight, options) {
            writeln!(out, "{line}\n")?;
        }
    }
    for entry in report.not_evaluated.iter().filter(|entry| entry.cause.is_error()) {
        show(&of_not_evaluated(entry), &mut excerpts, options, out)?;
    }
    for failed in &report.failed_policies {
        show(&of_failed(report, failed), &mut excerpts, options, out)?;
    }
    summary::write(report, sources, options, out)
}

fn show(
    diagnostic: &Diagnostic<'_>,
    excerpts: &mut Excerpts<'_>,
    options: &Options<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "{}\n", diagnostic.render(excerpts, options))
}

/// What follows from a policy is told at its `first` finding in a subject, not again at the next.
fn of_finding<'a>(report: &Report, finding: &'a Finding, first: bool) -> Diagnostic<'a> {
    let mut notes = Vec::new();
    let mut note = |name, text: &str| {
        if !text.is_empty() {
            notes.push(Note { name, text: visible(text).into_owned() });
        }
    };
    if first {
        note("attack", &finding.attack);
    }
    note("help", &finding.help);
    if finding.action != finding.severity.default_action() {
        note("mode", finding.action.as_str());
    }
    if first {
        note("see", &format!("podgate explain {}", finding.policy));
    }
    Diagnostic {
        severity: finding.severity,
        name: finding.severity.as_str(),
        id: Some(&finding.policy),
        title: &finding.message,
        source: &finding.source,
        span: finding.span,
        pointer: &finding.pointer,
        label: place::finding(report, finding),
        notes,
    }
}

fn of_not_evaluated(entry: &NotEvaluated) -> Diagnostic<'_> {
    Diagnostic {
        severity: Severity::Critical,
        name: "not evaluated",
        id: None,
        title: &entry.reason,
        source: &entry.source,
        span: entry.span,
        pointer: &entry.pointer,
        label: String::new(),
        notes: Vec::new(),
    }
}

fn of_failed<'a>(report: &Report, failed: &'a FailedPolicy) -> Diagnostic<'a> {
    let subject = failed.subject.and_then(|subject| report.subjects.get(subject));
    let place = subject.map(|subject| format!("{} in {}", place::subject(subject), subject.object.source));
    let text = match (failed.stage, place) {
        (Stage::Evaluate, Some(place)) => format!("while it judged {}", visible(&place)),
        (Stage::Evaluate, None) => "while it judged".to_owned(),
        (Stage::Load, _) => "while it was loaded".to_owned(),
    };
    Diagnostic {
        severity: Severity::Critical,
        name: "policy failed",
        id: Some(&failed.policy),
        title: &failed.reason,
        source: failed.file.as_deref().unwrap_or_default(),
        span: failed.span,
        pointer: "",
        label: String::new(),
        notes: vec![Note { name: "when", text }],
    }
}
