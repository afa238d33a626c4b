//! `podgate check`

mod judge;
pub(crate) mod plan;

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Result, bail};
use clap::ArgMatches;
use podgate::Report;
use podgate::document;
use podgate::render::text::Options;
use podgate::render::{github, gitlab, json, junit, sarif, text};
use podgate::report::Stage;

use self::plan::Plan;
use crate::args::{CheckArgs, Format};
use crate::exit::{Status, is_broken_pipe};
use crate::input::{self, Input};
use crate::output::{self, Target};
use crate::terminal;

pub(crate) fn run(args: Box<CheckArgs>, matches: Option<&ArgMatches>) -> Result<Status> {
    let plan = Plan::new(&args, matches)?;
    let mut inputs = input::find(&args.paths, &plan.input);
    let rules = &plan.input;
    inputs.extend(args.helm.iter().map(|chart| input::rendered::chart(chart, &args.values, rules)));
    inputs.extend(args.kustomize.iter().map(|folder| input::rendered::kustomization(folder, rules)));
    refuse_overwriting(&plan, &inputs)?;
    let report = judge::all(&plan, &inputs);
    // The readers of the output may go away, which changes nothing of the verdict.
    for target in &plan.targets {
        print(&plan, target, &inputs, &report).or_else(unless_broken_pipe)?;
    }
    Ok(status(&plan, &report))
}

/// An output that is one of the inputs, or another output, would destroy it.
fn refuse_overwriting(plan: &Plan, inputs: &[Input]) -> Result<()> {
    let mut taken: BTreeSet<PathBuf> =
        inputs.iter().filter_map(|input| fs::canonicalize(&input.name).ok()).collect();
    for file in plan.targets.iter().filter_map(|target| target.file.as_deref()) {
        let path = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
        if path.is_dir() || (path.is_file() || !path.exists()) && !taken.insert(path.clone()) {
            bail!("--output {} is an input, a folder or another output", file.display());
        }
    }
    Ok(())
}

/// The highest exit code that applies.
fn status(plan: &Plan, report: &Report) -> Status {
    let failed = |stage| report.failed_policies.iter().any(|failed| failed.stage == stage);
    let unread = report.not_evaluated.iter().any(|entry| entry.cause.is_error());
    let unknown = !report.not_evaluated.is_empty() || report.has_unknown();
    if unread || (plan.strict && unknown) || failed(Stage::Evaluate) {
        Status::Input
    } else if failed(Stage::Load) {
        Status::Usage
    } else if plan.fail_on.is_some_and(|threshold| report.fails(threshold)) {
        Status::Findings
    } else {
        Status::Clean
    }
}

fn print(plan: &Plan, target: &Target, inputs: &[Input], report: &Report) -> Result<()> {
    let plain = Options { least: plan.show, settings: plan.settings.as_deref(), ..Options::default() };
    let sources = |name: &str| source(plan, inputs, name);
    let write = |options: &Options<'_>, out: &mut dyn Write| match target.format {
        Format::Text => text::write(report, &sources, options, out),
        Format::Json => json::write(report, out),
        Format::Sarif => sarif::write(report, plan.gate.policies(), out),
        Format::Github => github::write(report, out),
        Format::Gitlab => gitlab::write(report, out),
        Format::Junit => junit::write(report, out),
    };
    if let Some(file) = &target.file {
        return output::replace(file, |out| write(&plain, out));
    }
    let options =
        Options { least: plain.least, settings: plain.settings, ..terminal::options(&io::stdout()) };
    let mut out = terminal::stdout();
    Ok(write(&options, &mut out).and_then(|()| out.flush())?)
}

fn unless_broken_pipe(error: anyhow::Error) -> Result<()> {
    if is_broken_pipe(&error) { Ok(()) } else { Err(error) }
}

/// The text of an input or of a policy, read again: texts are not kept while others are judged.
fn source(plan: &Plan, inputs: &[Input], name: &str) -> Option<Arc<str>> {
    if let Some(policy) = plan.rego.iter().find(|file| file.path == name) {
        return Some(Arc::from(policy.text.as_str()));
    }
    let bytes = inputs.iter().find(|input| input.name == name)?.read(&plan.input).ok()?;
    Some(document::decode_lossy(&bytes))
}
