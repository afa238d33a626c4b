//! Runs the tests of policies: the rules `test_…` of `_test.rego` files, with line coverage.
//!
//! Tests run in the interpreter, which alone knows `with`. Anything but `true` is a failure.

use schemars::JsonSchema;
use serde::Serialize;

use crate::engine::rego::{self, Module, RuleText};
use crate::engine::{EngineError, TestBench};
use crate::policy::library::{self, Library};
use crate::policy::{PolicyError, RegoFile};
use crate::report::Warning;

/// What the tests of some files say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TestReport {
    /// The tests, by package and name.
    pub tests: Vec<TestOutcome>,
    /// Which lines of the policies were reached, by file.
    pub coverage: Vec<FileCoverage>,
    /// Files that cannot be used.
    pub errors: Vec<PolicyError>,
    /// What the linter says of the policies.
    pub warnings: Vec<Warning>,
}

/// What one test says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TestOutcome {
    /// Its package, such as `podgate.ci.runtime_socket_test`.
    pub package: String,
    /// Its name, such as `test_fail_docker`.
    pub name: String,
    /// Its file.
    pub file: String,
    /// The line on which it begins, from 1.
    pub line: u32,
    /// Whether it held.
    pub passed: bool,
    /// Why it could not be evaluated; `None` for a test that is merely not true.
    pub failure: Option<String>,
    /// What it printed.
    pub output: Vec<String>,
}

/// Which lines of a file were reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FileCoverage {
    /// The file.
    pub file: String,
    /// Lines that were, from 1.
    pub covered: Vec<u32>,
    /// Lines that were not.
    pub not_covered: Vec<u32>,
}

impl TestReport {
    /// Whether every file could be used and every test held.
    pub fn passed(&self) -> bool {
        self.errors.is_empty() && self.tests.iter().all(|test| test.passed)
    }
}

/// Runs the tests of the built-in policies.
pub fn run_built_in() -> TestReport {
    run_library(&library::built_in_with_tests(), &[])
}

/// Runs the tests in `files`. They may use what the built-in policies share (`data.lib.podgate`), and stand in the
/// place of a shared package that they define themselves, as copies and exports of the library do.
///
/// # Errors
///
/// None in a published version; what is wrong with `files` stands in the report.
pub fn run(files: impl IntoIterator<Item = RegoFile>) -> Result<TestReport, PolicyError> {
    let library = Library::read(files, false);
    let is_own = |package: &str| library.modules.iter().any(|module| module.package == package);
    let shared = library::built_in()?.modules.iter();
    let shared = shared.filter(|module| module.verdict_rules().is_empty() && !is_own(&module.package));
    let shared: Vec<&Module> = shared.collect();
    Ok(run_library(&library, &shared))
}

fn run_library(library: &Library, shared: &[&Module]) -> TestReport {
    let own: Vec<&Module> = library.modules.iter().chain(&library.tests).collect();
    let modules: Vec<&Module> = shared.iter().copied().chain(own.iter().copied()).collect();
    let mut errors = library.faults.clone();
    errors.extend(rego::check(&modules).into_iter().map(|(file, error)| library::fault(&file, error)));
    let warnings = library.warnings.iter().filter(|warning| warning.rule.is_some()).cloned().collect();
    let mut report = TestReport { tests: Vec::new(), coverage: Vec::new(), errors, warnings };
    if !report.errors.is_empty() {
        return report;
    }
    match run_modules(&own, &modules, &mut report.tests) {
        Err(fault) => {
            report.errors.push(PolicyError { file: String::new(), line: 0, column: 0, reason: fault.reason })
        }
        Ok(bench) => {
            let is_own = |file: &str| library.modules.iter().any(|module| module.file.path == file);
            report.coverage = bench.coverage().into_iter().filter(|one| is_own(&one.file)).collect();
        }
    }
    report.tests.sort_by(|a, b| (&a.package, &a.name).cmp(&(&b.package, &b.name)));
    report.coverage.sort_by(|a, b| a.file.cmp(&b.file));
    report
}

/// Runs the tests of each module with what it needs alone: loading everything for every test takes minutes.
fn run_modules(
    own: &[&Module],
    all: &[&Module],
    tests: &mut Vec<TestOutcome>,
) -> Result<TestBench, EngineError> {
    // All of them together first, so that a fault of any is seen and no line is forgotten.
    let mut bench = TestBench::new(all)?;
    if let Some((module, rule)) = own.iter().find_map(|module| Some((module, module.rules.first()?))) {
        bench.look(&format!("{}.{}", module.package, rule.name));
    }
    for module in own.iter().filter(|module| module.rules.iter().any(is_test)) {
        bench = bench.with_modules(&rego::needed_by(module, all))?;
        tests.extend(outcomes(&mut bench, module));
    }
    Ok(bench)
}

fn is_test(rule: &RuleText) -> bool {
    rule.name.starts_with("test_")
}

fn outcomes(bench: &mut TestBench, module: &Module) -> Vec<TestOutcome> {
    let mut seen = std::collections::BTreeSet::new();
    let tests = module.rules.iter().filter(|rule| is_test(rule));
    tests
        .filter(|rule| seen.insert(rule.name.clone()))
        .map(|rule| {
            let (outcome, output) = bench.run(&format!("{}.{}", module.package, rule.name));
            TestOutcome {
                package: module.package.trim_start_matches("data.").to_owned(),
                name: rule.name.clone(),
                file: module.file.path.clone(),
                line: rule.line,
                passed: outcome == Ok(true),
                failure: outcome.err().map(|error| error.reason),
                output,
            }
        })
        .collect()
}
