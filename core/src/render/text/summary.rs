//! The lines at the end: what was not judged, what was exempted, and the counts.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::{Options, unknown};
use crate::policy::Severity;
use crate::render::Sources;
use crate::render::escape::visible;
use crate::render::place::{self, count};
use crate::report::{Cause, Finding, Report};
use crate::subject::carries_pod;

/// Entries of one reason that are named before the rest is counted.
const NAMED: usize = 5;

pub(super) fn write(
    report: &Report,
    sources: Sources<'_>,
    options: &Options<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    for warning in &report.warnings {
        let at = warning.span.map(|span| format!(":{}:{}", span.start.line, span.start.column));
        let rule = warning.rule.as_ref().map(|rule| format!(" [{rule}]"));
        let (at, rule) = (at.unwrap_or_default(), rule.unwrap_or_default());
        writeln!(out, "warning: {}{at}: {}{rule}", visible(&warning.file), visible(&warning.reason))?;
    }
    not_judged(report, out)?;
    if options.least <= Severity::Low {
        unknown::write(report, sources, out)?;
    }
    exemptions(report, out)?;
    let mut report_line = counts(report, options);
    let judged_all = report.not_evaluated.is_empty() && !report.subjects.is_empty() && !report.has_unknown();
    if judged_all && report.failed_policies.is_empty() && report.findings.is_empty() {
        report_line = format!("{}: {report_line}", paint("clean", AnsiColor::BrightGreen, options));
    }
    writeln!(out, "{report_line}")
}

/// The findings of one subject that are not shown in full: how many of which severity, by which policies.
pub(super) fn slight(report: &Report, findings: &[&Finding], options: &Options<'_>) -> Option<String> {
    let first = findings.first()?;
    let subject = report.subjects.get(first.subject).map(place::subject_with_pods);
    let mut parts = Vec::new();
    for own in findings.chunk_by(|one, next| one.severity == next.severity) {
        let Some(severity) = own.first().map(|finding| finding.severity) else { continue };
        let ids: BTreeSet<&str> = own.iter().map(|finding| finding.policy.as_str()).collect();
        let ids = ids.into_iter().map(visible).collect::<Vec<_>>().join(", ");
        let number = paint(&format!("{} {}", own.len(), severity.as_str()), color(severity), options);
        parts.push(format!("{number} ({ids})"));
    }
    let subject = visible(&subject.unwrap_or_default()).into_owned();
    Some(format!("{}: {subject}: also {}", visible(&first.source), parts.join(", ")))
}

/// What is YAML but nothing that podgate judges: grouped by reason, since repositories are full of it.
fn not_judged(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut reasons: BTreeMap<(Cause, &str), Vec<String>> = BTreeMap::new();
    for entry in report.not_evaluated.iter().filter(|entry| !entry.cause.is_error()) {
        let mut place = visible(&entry.source).into_owned();
        if let Some(span) = entry.span.filter(|span| span.start.line > 1) {
            place.push_str(&format!(":{}", span.start.line));
        }
        reasons.entry((entry.cause, &entry.reason)).or_default().push(place);
    }
    for ((_, reason), places) in &reasons {
        writeln!(out, "not evaluated: {} ({})", visible(reason), count(places.len(), "document"))?;
        for place in places.iter().take(NAMED) {
            writeln!(out, "  {place}")?;
        }
        if places.len() > NAMED {
            writeln!(out, "  and {} more, all in `--format json`", places.len() - NAMED)?;
        }
    }
    if !reasons.is_empty() {
        writeln!(out)?;
    }
    Ok(())
}

fn exemptions(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for exempted in &report.exempted {
        let finding = &exempted.finding;
        let line = finding.span.map(|span| format!(":{}", span.start.line)).unwrap_or_default();
        writeln!(
            out,
            "exempted until {}: {} {} in {}{line} ({})",
            exempted.expires,
            visible(&finding.policy),
            visible(&finding.name),
            visible(&finding.source),
            visible(&exempted.reason),
        )?;
    }
    for void in &report.void_exemptions {
        writeln!(
            out,
            "void exemption: of {}, its last day was {} ({})",
            visible(&void.policies.join(", ")),
            void.expires,
            visible(&void.reason),
        )?;
    }
    if report.exempted.len() + report.void_exemptions.len() > 0 {
        writeln!(out)?;
    }
    Ok(())
}

/// One line that says what was judged by what, and what came out of it.
fn counts(report: &Report, options: &Options<'_>) -> String {
    let profiles =
        report.policies.profiles.iter().map(|profile| visible(profile)).collect::<Vec<_>>().join(", ");
    let settings = options.settings.map(|name| format!(" and {}", visible(name))).unwrap_or_default();
    let mut summary = report.summary.clone();
    let mut parts = Vec::new();
    for severity in Severity::ALL {
        let number = *summary.findings.of(severity);
        if number > 0 {
            parts.push(paint(&format!("{number} {}", severity.as_str()), color(severity), options));
        }
    }
    if parts.is_empty() {
        parts.push("nothing found".to_owned());
    }
    if !report.not_evaluated.is_empty() {
        let number = format!("{} not evaluated", report.not_evaluated.len());
        let is_grave = report.not_evaluated.iter().any(|entry| entry.cause.is_error());
        parts.push(if is_grave { paint(&number, AnsiColor::BrightRed, options) } else { number });
    }
    if !report.failed_policies.is_empty() {
        let number = report.failed_policies.len();
        let noun = if number == 1 { "policy" } else { "policies" };
        parts.push(paint(&format!("{number} {noun} failed"), AnsiColor::BrightRed, options));
    }
    let parts_only = report.subjects.iter().filter(|subject| subject.partial).count();
    if parts_only > 0 {
        parts.push(format!("{parts_only} only in part"));
    }
    let unknown: usize = report.subjects.iter().map(|subject| subject.unresolved.len()).sum();
    if unknown > 0 {
        parts.push(format!("{} unknown", count(unknown, "value")));
    }
    if !report.exempted.is_empty() {
        parts.push(format!("{} exempted", report.exempted.len()));
    }
    let (with_pod, others): (Vec<_>, Vec<_>) =
        report.subjects.iter().partition(|subject| carries_pod(&subject.object));
    let all = with_pod.iter().map(|subject| subject.pods.unwrap_or(1));
    // A report that was made elsewhere may say any number.
    let pods = all.fold(0, usize::saturating_add);
    let judged = match (pods, others.len()) {
        (_, 0) => count(pods, "pod"),
        (0, objects) => count(objects, "object"),
        (_, objects) => format!("{} and {}", count(pods, "pod"), count(objects, "other object")),
    };
    let noun = if report.policies.profiles.len() == 1 { "profile" } else { "profiles" };
    format!("{judged} judged by {noun} {profiles}{settings}: {}", parts.join(", "))
}

const fn color(severity: Severity) -> AnsiColor {
    match severity {
        Severity::Critical | Severity::High => AnsiColor::BrightRed,
        Severity::Medium => AnsiColor::Yellow,
        Severity::Low => AnsiColor::BrightBlue,
        Severity::Info => AnsiColor::BrightGreen,
    }
}

fn paint(text: &str, color: AnsiColor, options: &Options<'_>) -> String {
    if !options.color {
        return text.to_owned();
    }
    let style = Style::new().bold().fg_color(Some(color.into()));
    format!("{style}{text}{style:#}")
}
