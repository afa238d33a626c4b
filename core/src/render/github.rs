//! Workflow commands of GitHub Actions, shown as annotations of the lines concerned.
//!
//! GitHub shows at most ten errors and ten warnings of one step; the worst findings of a subject come first.

use std::io::{self, Write};

use super::escape::visible;
use super::place;
use crate::policy::Action;
use crate::position::Span;
use crate::report::{Finding, Report};

/// Writes one command a finding, and one for everything that failed; documents without anything to judge are
/// only counted.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for finding in &report.findings {
        Annotation {
            command: command(finding.action),
            source: &finding.source,
            span: finding.span,
            title: &format!("{} {}", finding.policy, finding.name),
            message: &message(report, finding),
        }
        .write(out)?;
    }
    for entry in report.not_evaluated.iter().filter(|entry| entry.cause.is_error()) {
        Annotation {
            command: "error",
            source: &entry.source,
            span: entry.span,
            title: "not evaluated",
            message: &visible(&entry.reason),
        }
        .write(out)?;
    }
    for failed in &report.failed_policies {
        Annotation {
            command: "error",
            source: failed.file.as_deref().unwrap_or_default(),
            span: failed.span,
            title: &format!("policy {} failed", failed.policy),
            message: &visible(&failed.reason),
        }
        .write(out)?;
    }
    let others = report.not_evaluated.iter().filter(|entry| !entry.cause.is_error()).count();
    if others > 0 {
        let message =
            format!("{} not evaluated: nothing that podgate judges", place::count(others, "document"));
        Annotation { command: "notice", source: "", span: None, title: "not evaluated", message: &message }
            .write(out)?;
    }
    Ok(())
}

fn message(report: &Report, finding: &Finding) -> String {
    format!(
        "{}\n{}: {}\nattack: {}\nhelp: {}",
        visible(&finding.message),
        visible(&place::finding(report, finding)),
        visible(&finding.pointer),
        visible(&finding.attack),
        visible(&finding.help)
    )
}

const fn command(action: Action) -> &'static str {
    match action {
        Action::Deny => "error",
        Action::Warn => "warning",
        Action::Audit => "notice",
    }
}

struct Annotation<'a> {
    command: &'static str,
    source: &'a str,
    span: Option<Span>,
    title: &'a str,
    message: &'a str,
}

impl Annotation<'_> {
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        write!(out, "::{} ", self.command)?;
        if !self.source.is_empty() {
            write!(out, "file={},", property(&visible(&place::path(self.source))))?;
        }
        if let Some(Span { start, end }) = self.span {
            write!(out, "line={},endLine={},", start.line, end.line)?;
            // Columns are only allowed within one line.
            if start.line == end.line {
                write!(out, "col={},endColumn={},", start.column, end.column)?;
            }
        }
        writeln!(out, "title={}::{}", property(&visible(self.title)), data(self.message))
    }
}

/// The escapes of a command's message.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The escapes of a command's property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_end_its_command() {
        assert_eq!(data("100%\n::error::x\r"), "100%25%0A::error::x%0D");
        assert_eq!(property("a:b,c%"), "a%3Ab%2Cc%25");
    }
}
