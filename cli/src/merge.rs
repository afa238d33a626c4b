//! `podgate merge`

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use clap::ArgMatches;
use podgate::Report;
use podgate::report::API_VERSION;

use crate::args::MergeArgs;
use crate::exit::{self, Status};
use crate::output;
use crate::report::{self, Printer};

pub(crate) fn run(args: &MergeArgs, matches: Option<&ArgMatches>) -> Result<Status> {
    let targets = output::targets(&args.report, matches)?;
    let mut all: Option<Report> = None;
    for file in &args.files {
        let own = match read(file) {
            Ok(own) => own,
            Err(error) => {
                // Where standard error is gone there is nobody to tell.
                let _ = writeln!(io::stderr().lock(), "{}", exit::render(&error));
                return Ok(Status::Input);
            }
        };
        match &mut all {
            None => all = Some(own),
            Some(all) => {
                let is_same = all.policies.digest == own.policies.digest;
                ensure!(
                    is_same,
                    "`{}` comes of other policies or settings than those before",
                    file.display()
                );
                report::extend(all, own);
            }
        }
    }
    let all = all.context("there is no report to merge")?;
    let policies = podgate::policy::built_in()?;
    // The texts of what was judged may be far away, or never were files.
    let printer = Printer { policies, sources: &|_| None, show: args.report.show, settings: None };
    printer.print_all(&all, &targets)?;
    Ok(report::status(&all, &args.report))
}

fn read(file: &Path) -> Result<Report> {
    let name = file.display();
    let bytes =
        if file.as_os_str() == "-" { io::read_to_string(io::stdin()) } else { fs::read_to_string(file) };
    let text = bytes.with_context(|| format!("cannot read `{name}`"))?;
    let report: Report =
        serde_json::from_str(&text).with_context(|| format!("`{name}` is no report in JSON"))?;
    ensure!(report.api_version == API_VERSION, "`{name}` is a report of `{}`", report.api_version);
    let subjects = report.findings.iter().map(|finding| finding.subject);
    let exempted = report.exempted.iter().map(|exempted| exempted.finding.subject);
    let failed = report.failed_policies.iter().filter_map(|failed| failed.subject);
    let is_there = |subject: usize| subject < report.subjects.len();
    ensure!(
        subjects.chain(exempted).chain(failed).all(is_there),
        "`{name}` names a subject that it does not have"
    );
    Ok(report)
}
