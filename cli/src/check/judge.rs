//! Reading and judging in parallel; the report is the same for any number of threads.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use podgate::{Context, Inventory, Report};
use rayon::prelude::*;

use super::plan::Plan;
use crate::input::Input;

/// Inputs judged before their reports are merged: enough to keep all cores busy, and few to hold in memory.
const CHUNK: usize = 128;

/// Runs shorter than this show no progress.
const PATIENCE: Duration = Duration::from_secs(1);

/// Judges every input, in two passes: policies may look up what another input defines.
pub(super) fn all(plan: &Plan, inputs: &[Input]) -> Report {
    let context = Context {
        date: Some(plan.date),
        inventory: inventory(plan, inputs),
        format: plan.format,
        ..Context::default()
    };
    let mut report = plan.gate.start(&context);
    let mut progress = Progress::new(inputs.len());
    for chunk in inputs.chunks(CHUNK) {
        let reports: Vec<Report> = chunk.par_iter().map(|input| one(plan, input, &context)).collect();
        report.extend_all(reports);
        progress.advance(chunk.len());
    }
    progress.finish();
    report
}

fn one(plan: &Plan, input: &Input, context: &Context) -> Report {
    match input.read(&plan.input) {
        Ok(bytes) => plan.gate.check_bytes(&input.name, &bytes, context),
        Err(reason) => plan.gate.unreadable(&input.name, reason, context),
    }
}

/// What the inputs say of other objects. What cannot be read is told when it is judged.
fn inventory(plan: &Plan, inputs: &[Input]) -> Inventory {
    let mut inventory = Inventory::default();
    for chunk in inputs.chunks(CHUNK) {
        let texts = chunk.par_iter().map(|input| {
            let bytes = input.read(&plan.input).ok()?;
            let text = podgate::document::decode(&input.name, &bytes).ok()?;
            Inventory::wants(&text).then_some((&input.name, text))
        });
        for (name, text) in texts.collect::<Vec<_>>().into_iter().flatten() {
            inventory.add_text_as(plan.format, name, &text);
        }
    }
    inventory
}

/// A bar on standard error, once a run turns out to be long and if someone looks.
struct Progress {
    started: Instant,
    done: u64,
    total: u64,
    bar: Option<ProgressBar>,
}

impl Progress {
    fn new(total: usize) -> Self {
        Self { started: Instant::now(), done: 0, total: total as u64, bar: None }
    }

    fn advance(&mut self, by: usize) {
        self.done += by as u64;
        if self.bar.is_none() && self.started.elapsed() > PATIENCE && std::io::stderr().is_terminal() {
            let style = ProgressStyle::with_template("judging {wide_bar} {pos}/{len} files, {eta} left");
            let bar = ProgressBar::new(self.total);
            self.bar = Some(style.map_or(bar.clone(), |style| bar.with_style(style)));
        }
        if let Some(bar) = &self.bar {
            bar.set_position(self.done);
        }
    }

    fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
