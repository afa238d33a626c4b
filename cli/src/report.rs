//! What becomes of a report: it is printed, and says how the program ends.

use std::io::{self, Write};

use anyhow::Result;
use podgate::policy::Severity;
use podgate::render::policy_report::Api;
use podgate::render::text::Options;
use podgate::render::{Sources, github, gitlab, json, junit, policy_report, sarif, text};
use podgate::report::Stage;
use podgate::{Policy, Report};

use crate::args::{Format, ReportArgs};
use crate::exit::{Status, is_broken_pipe};
use crate::output::{self, Target};
use crate::terminal;

/// What printing needs beside the report.
pub(crate) struct Printer<'a> {
    /// The policies that judged.
    pub(crate) policies: &'a [Policy],
    pub(crate) sources: Sources<'a>,
    /// Least severity that text shows in full.
    pub(crate) show: Severity,
    /// Name of the settings, if there are any.
    pub(crate) settings: Option<&'a str>,
}

impl Printer<'_> {
    /// Prints to all targets. The readers of the output may go away, which changes nothing of the verdict.
    pub(crate) fn print_all(&self, report: &Report, targets: &[Target]) -> Result<()> {
        targets.iter().try_for_each(|target| self.print(report, target).or_else(unless_broken_pipe))
    }

    fn print(&self, report: &Report, target: &Target) -> Result<()> {
        if let Some(file) = &target.file {
            return output::replace(file, |out| self.write(report, target.format, &Options::default(), out));
        }
        let mut out = terminal::stdout();
        let written = self.write(report, target.format, &terminal::options(&io::stdout()), &mut out);
        Ok(written.and_then(|()| out.flush())?)
    }

    /// Writes it in one format.
    pub(crate) fn write(
        &self,
        report: &Report,
        format: Format,
        looks: &Options<'_>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match format {
            Format::Text => {
                let options = Options { least: self.show, settings: self.settings, ..*looks };
                text::write(report, self.sources, &options, out)
            }
            Format::Json => json::write(report, out),
            Format::Sarif => sarif::write(report, self.policies, out),
            Format::Github => github::write(report, out),
            Format::Gitlab => gitlab::write(report, out),
            Format::Junit => junit::write(report, out),
            Format::PolicyReport => policy_report::write(report, Api::WgPolicy, out),
        }
    }
}

/// That the reader went away, which is no error.
pub(crate) fn unless_broken_pipe(error: anyhow::Error) -> Result<()> {
    if is_broken_pipe(&error) { Ok(()) } else { Err(error) }
}

/// Appends a report of the same policies and settings.
pub(crate) fn extend(report: &mut Report, other: Report) {
    add_profiles(report, &other.policies.profiles);
    report.extend(other);
}

/// Names profiles that namespaces chose beside those of the operator.
pub(crate) fn add_profiles<'p>(report: &mut Report, profiles: impl IntoIterator<Item = &'p String>) {
    for profile in profiles {
        if !report.policies.profiles.contains(profile) {
            report.policies.profiles.push(profile.clone());
        }
    }
}

/// The highest exit code that applies.
pub(crate) fn status(report: &Report, args: &ReportArgs) -> Status {
    let failed = |stage| report.failed_policies.iter().any(|failed| failed.stage == stage);
    let unread = report.not_evaluated.iter().any(|entry| entry.cause.is_error());
    let unknown = !report.not_evaluated.is_empty() || report.has_unknown();
    if unread || (args.strict && unknown) || failed(Stage::Evaluate) {
        Status::Input
    } else if failed(Stage::Load) {
        Status::Usage
    } else if args.fail_on.severity().is_some_and(|threshold| report.fails(threshold)) {
        Status::Findings
    } else {
        Status::Clean
    }
}
