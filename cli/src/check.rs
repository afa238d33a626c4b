//! `podgate check`

mod judge;
pub(crate) mod plan;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Result, bail};
use clap::ArgMatches;
use podgate::document;

use self::plan::Plan;
use crate::args::CheckArgs;
use crate::exit::Status;
use crate::input::{self, Input};
use crate::report::{self, Printer};

pub(crate) fn run(args: Box<CheckArgs>, matches: Option<&ArgMatches>) -> Result<Status> {
    let plan = Plan::new(&args, matches)?;
    let mut inputs = input::find(&args.paths, &plan.input);
    let rules = &plan.input;
    let charts = args.helm.iter().map(|chart| input::rendered::chart(chart, &args.values, rules)).collect();
    input::rendered::instead_of_templates(&mut inputs, &args, charts);
    inputs.extend(args.kustomize.iter().map(|folder| input::rendered::kustomization(folder, rules)));
    refuse_overwriting(&plan, &inputs)?;
    let report = judge::all(&plan, &inputs);
    let printer = Printer {
        policies: plan.gate.policies(),
        sources: &|name| source(&plan, &inputs, name),
        show: args.report.show,
        settings: plan.settings.as_deref(),
    };
    printer.print_all(&report, &plan.targets)?;
    Ok(report::status(&report, &args.report))
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

/// The text of an input or of a policy, read again: texts are not kept while others are judged.
fn source(plan: &Plan, inputs: &[Input], name: &str) -> Option<Arc<str>> {
    if let Some(policy) = plan.rego.iter().find(|file| file.path == name) {
        return Some(Arc::from(policy.text.as_str()));
    }
    let bytes = inputs.iter().find(|input| input.name == name)?.read(&plan.input).ok()?;
    Some(document::decode_lossy(&bytes))
}
