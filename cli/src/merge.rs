//! `podgate merge`

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use clap::ArgMatches;
use podgate::Report;
use podgate::report::{API_VERSION, KIND};
use serde::Deserialize;

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
        if output::is_stream(file) { io::read_to_string(io::stdin()) } else { fs::read_to_string(file) };
    let text = bytes.with_context(|| format!("cannot read `{name}`"))?;
    parse(&text).with_context(|| format!("`{name}` cannot be merged"))
}

/// What any object says that it is. Reports of other versions may have other fields.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Head {
    api_version: String,
    kind: String,
}

fn parse(text: &str) -> Result<Report> {
    let Head { api_version, kind } = serde_json::from_str(text).context("it is no report in JSON")?;
    if api_version != API_VERSION || kind != KIND {
        let is = match (kind.as_str(), api_version.as_str()) {
            ("", "") => "it does not say what it is".to_owned(),
            _ => format!("it is a `{kind}` of `{api_version}`"),
        };
        bail!("{is}, expected a `{KIND}` of `{API_VERSION}`");
    }
    let report: Report = serde_json::from_str(text).context("it is no report in JSON")?;
    match report.contradiction() {
        None => Ok(report),
        Some(contradiction) => bail!("{contradiction}"),
    }
}
