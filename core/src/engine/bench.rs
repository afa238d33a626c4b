//! Tests of policies: the interpreter alone, with coverage.

use std::collections::{BTreeMap, BTreeSet};

use regorus::{Engine, Value};

use super::EngineError;
use super::compile::engine_of;
use super::rego::Module;
use super::user::{USER_TIME, limit_time};
use crate::testing::FileCoverage;

/// An engine over Rego files.
pub(crate) struct TestBench {
    engine: Engine,
    /// For each file the lines reached so far, and those that could be.
    lines: BTreeMap<String, (BTreeSet<u32>, BTreeSet<u32>)>,
}

impl TestBench {
    /// Loads `modules`.
    pub(crate) fn new(modules: &[&Module]) -> Result<Self, EngineError> {
        let mut engine = engine_of(modules)?;
        engine.set_enable_coverage(true);
        engine.set_gather_prints(true);
        limit_time(&mut engine, USER_TIME);
        Ok(Self { engine, lines: BTreeMap::new() })
    }

    /// Evaluates one rule. `Ok(true)` is a pass; the text is what the rule printed.
    ///
    /// Each in an engine of its own: rules that one test has computed would be remembered in the next.
    pub(crate) fn run(&mut self, rule: &str) -> (Result<bool, EngineError>, Vec<String>) {
        let mut engine = self.engine.clone();
        let outcome = engine.eval_rule(rule.to_owned()).map_err(EngineError::new);
        let printed = engine.take_prints().unwrap_or_default();
        self.count_lines(&engine, true);
        (outcome.map(|value| value == Value::Bool(true)), printed)
    }

    /// Counts the lines that could be reached, without reaching any.
    pub(crate) fn look(&mut self, rule: &str) {
        let mut engine = self.engine.clone();
        // What it gives does not matter here.
        let _ = engine.eval_rule(rule.to_owned());
        self.count_lines(&engine, false);
    }

    /// Adds the lines that could be reached, and those that were if these count.
    fn count_lines(&mut self, engine: &Engine, reaches: bool) {
        for file in engine.get_coverage_report().map(|report| report.files).unwrap_or_default() {
            let (reached, all) = self.lines.entry(file.path).or_default();
            all.extend(file.covered.iter().chain(&file.not_covered));
            reached.extend(file.covered.into_iter().filter(|_| reaches));
        }
    }

    /// Goes on with other modules and keeps count of the lines.
    pub(crate) fn with_modules(self, modules: &[&Module]) -> Result<Self, EngineError> {
        Ok(Self { lines: self.lines, ..Self::new(modules)? })
    }

    /// The lines reached so far, by file.
    pub(crate) fn coverage(self) -> Vec<FileCoverage> {
        let covered = |(file, (reached, all)): (String, (BTreeSet<u32>, BTreeSet<u32>))| FileCoverage {
            file,
            not_covered: all.difference(&reached).copied().collect(),
            covered: reached.into_iter().collect(),
        };
        self.lines.into_iter().map(covered).collect()
    }
}
