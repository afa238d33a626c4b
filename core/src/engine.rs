//! The one module that knows the policy engine, `regorus`.
//!
//! Built-in policies run in its virtual machine (RVM) as one program with one entry point. Users' policies run
//! in the machine and in the interpreter, since each has silent faults that the other has not: where the two
//! differ, the policy has failed.

mod input;
pub(crate) mod rego;
mod value;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::program::DeserializationResult;
use regorus::rvm::{Program, RegoVM};
use regorus::utils::limits::ExecutionTimerConfig;
use regorus::{CompiledPolicy, Engine, Value};

pub(crate) use input::{Input, Parameters, Review};

use rego::Module;

use crate::policy::RegoFile;
use crate::testing::FileCoverage;

/// Most instructions that the built-in policies may use on one subject. A four-container pod takes about 1,000;
/// this is reached only by an object of many thousand containers, and then in about a second.
const BUILT_IN_INSTRUCTIONS: usize = 20_000_000;

/// Most instructions that one built-in policy may use by itself, once all together were too many.
const SINGLE_INSTRUCTIONS: usize = 4_000_000;

/// Most instructions that one policy of the user may use on one subject.
const USER_INSTRUCTIONS: usize = 2_000_000;

/// Longest that one policy of the user may run in the interpreter on one subject.
const USER_TIME: Duration = Duration::from_secs(2);

/// What a policy says of a subject, as it says it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Violation {
    pub(crate) message: String,
    /// JSON Pointer in the pod.
    pub(crate) path: Option<String>,
    /// JSON Pointer from the root of the document, for what lies outside the pod.
    pub(crate) pointer: Option<String>,
    /// Whether the key is meant, not the value.
    pub(crate) at_key: bool,
    pub(crate) container: Option<String>,
    pub(crate) severity: Option<String>,
    /// JSON text of a JSON Patch.
    pub(crate) fix: Option<String>,
}

/// Why the engine could not answer, in one line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub(crate) struct EngineError {
    pub(crate) reason: String,
    /// File, line and column, where the engine says them.
    pub(crate) place: Option<(String, u32, u32)>,
}

impl EngineError {
    pub(crate) fn new(reason: impl ToString) -> Self {
        let text = reason.to_string();
        Self { reason: rego::first_line(&text), place: rego::place(&text) }
    }
}

fn engine_of(modules: &[&Module]) -> Result<Engine, EngineError> {
    load(modules.iter().map(|module| (&module.file, module.v0)))
}

fn load<'f>(files: impl Iterator<Item = (&'f RegoFile, bool)>) -> Result<Engine, EngineError> {
    let mut engine = Engine::new();
    for (file, v0) in files {
        engine.set_rego_v0(v0);
        engine.add_policy(file.path.clone(), file.text.clone()).map_err(EngineError::new)?;
    }
    Ok(engine)
}

/// What both engines make of the modules before they go their own ways.
fn prepare(engine: &mut Engine, entries: &[&str]) -> Result<CompiledPolicy, EngineError> {
    let first = *entries.first().ok_or_else(|| EngineError::new("no rule to evaluate"))?;
    engine.compile_with_entrypoint(&first.into()).map_err(EngineError::new)
}

fn prepare_files(files: &[RegoFile], entry: &str) -> Result<CompiledPolicy, EngineError> {
    prepare(&mut load(files.iter().map(|file| (file, false)))?, &[entry])
}

fn compile(policy: &CompiledPolicy, entries: &[&str]) -> Result<Arc<Program>, EngineError> {
    Compiler::compile_from_policy(policy, entries).map_err(EngineError::new)
}

fn run(
    program: &Arc<Program>,
    entry: &str,
    input: &Input,
    data: &Data,
    limit: usize,
) -> Result<Value, EngineError> {
    machine(program, input, data, limit)?.execute_entry_point_by_name(entry).map_err(EngineError::new)
}

fn machine(program: &Arc<Program>, input: &Input, data: &Data, limit: usize) -> Result<RegoVM, EngineError> {
    let mut vm = RegoVM::new();
    vm.load_program(Arc::clone(program));
    vm.set_max_instructions(limit);
    if let Some(data) = &data.0 {
        vm.set_data(data.clone()).map_err(EngineError::new)?;
    }
    vm.set_input(input.value().clone());
    Ok(vm)
}

/// Documents that policies may look up beside the subject (`data.inventory`).
#[derive(Debug, Clone, Default)]
pub(crate) struct Data(Option<Value>);

impl Data {
    /// From a tree of JSON whose root is the `data` document.
    pub(crate) fn new(data: serde_json::Value) -> Self {
        Self(Some(Value::from(data)))
    }
}

/// The built-in policies of one selection, compiled to one program.
#[derive(Debug, Clone)]
pub(crate) struct BuiltIn {
    program: Arc<Program>,
    entry: String,
    /// The rule of each policy by itself, by its id.
    single: Vec<(String, String)>,
    /// What both programs are compiled from, in the language's present version.
    files: Arc<[RegoFile]>,
    /// The program over `single`, once it is needed.
    singles: Arc<OnceLock<Result<Arc<Program>, EngineError>>>,
}

/// What the built-in policies say: for each policy id its violations, or why it failed.
pub(crate) type Verdicts = Vec<(String, Result<Vec<Violation>, EngineError>)>;

impl BuiltIn {
    /// Compiles `files`, of which one defines the rule `entry` (such as `data.podgate.main.verdicts`) over all
    /// policies; `single` are the rules of each, by its id.
    pub(crate) fn compile(
        files: Vec<RegoFile>,
        entry: &str,
        single: Vec<(String, String)>,
    ) -> Result<Self, EngineError> {
        let program = compile(&prepare_files(&files, entry)?, &[entry])?;
        Ok(Self::new(program, files, entry, single))
    }

    /// [`Self::compile`] for what [`Self::to_bytes`] gave. The engine does not notice that a program is damaged:
    /// the bytes must be known to be whole, and of the same files.
    pub(crate) fn load(
        program: &[u8],
        files: Vec<RegoFile>,
        entry: &str,
        single: Vec<(String, String)>,
    ) -> Result<Self, EngineError> {
        match Program::deserialize_binary(program).map_err(EngineError::new)? {
            DeserializationResult::Complete(program) => {
                Ok(Self::new(Arc::new(program), files, entry, single))
            }
            DeserializationResult::Partial(_) => Err(EngineError::new("a program of another engine")),
        }
    }

    fn new(program: Arc<Program>, files: Vec<RegoFile>, entry: &str, single: Vec<(String, String)>) -> Self {
        Self { program, entry: entry.to_owned(), single, files: files.into(), singles: Arc::default() }
    }

    /// The program as bytes, without what the machine has no use for: the text and the places in it.
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>, EngineError> {
        let mut program = Program::clone(&self.program);
        program.sources.clear();
        program.instruction_spans.clear();
        program.serialize_binary().map_err(EngineError::new)
    }

    /// Judges one subject. What is too much for all policies together is tried with each by itself, so that one
    /// that cannot cope does not silence the others.
    pub(crate) fn judge(&self, input: &Input, data: &Data) -> Verdicts {
        self.together(input, data).unwrap_or_else(|_| {
            let program = self.singles.get_or_init(|| {
                let rules: Vec<&str> = self.single.iter().map(|(_, rule)| rule.as_str()).collect();
                compile(&prepare_files(&self.files, &self.entry)?, &rules)
            });
            let alone = |rule: &str| {
                let program = program.as_ref().map_err(EngineError::clone)?;
                violations_of(run(program, rule, input, data, SINGLE_INSTRUCTIONS)?)
            };
            self.single.iter().map(|(id, rule)| (id.clone(), alone(rule))).collect()
        })
    }

    fn together(&self, input: &Input, data: &Data) -> Result<Verdicts, EngineError> {
        let groups = run(&self.program, &self.entry, input, data, BUILT_IN_INSTRUCTIONS)?;
        let groups = groups.as_array().map_err(EngineError::new)?;
        let mut verdicts = Vec::new();
        for group in groups.iter() {
            for (id, violations) in group.as_object().map_err(EngineError::new)?.iter() {
                // Most policies find nothing.
                if violations.as_set().is_ok_and(|set| set.is_empty()) {
                    continue;
                }
                let id = id.as_string().map_err(EngineError::new)?.to_string();
                verdicts.push((id, value::violations(violations)));
            }
        }
        Ok(verdicts)
    }
}

/// One policy of the user, prepared for both engines.
pub(crate) struct UserPolicy {
    entries: Vec<String>,
    /// `None` where the machine cannot run it; why is in `interpreter_only`.
    program: Option<Arc<Program>>,
    interpreter_only: Option<String>,
    interpreter: Engine,
}

impl std::fmt::Debug for UserPolicy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UserPolicy").field("entries", &self.entries).finish_non_exhaustive()
    }
}

impl UserPolicy {
    /// Compiles the rules `entries` (paths from `data`) of `modules`.
    pub(crate) fn compile(modules: &[&Module], entries: Vec<String>) -> Result<Self, EngineError> {
        let mut engine = engine_of(modules)?;
        let paths: Vec<&str> = entries.iter().map(String::as_str).collect();
        let prepared = prepare(&mut engine, &paths)?;
        let (program, interpreter_only) = match compile(&prepared, &paths) {
            Ok(program) => (Some(program), None),
            Err(error) => (None, Some(error.reason)),
        };
        limit_time(&mut engine);
        Ok(Self { entries, program, interpreter_only, interpreter: engine })
    }

    /// Why the machine cannot run this policy, if it cannot.
    pub(crate) fn interpreter_only(&self) -> Option<&str> {
        self.interpreter_only.as_deref()
    }

    /// Judges one subject: for each entry, whether it only warns, and its violations. Fails where the engines
    /// differ.
    pub(crate) fn judge(
        &self,
        input: &Input,
        data: &Data,
    ) -> Result<Vec<(bool, Vec<Violation>)>, EngineError> {
        let advisory = |entry: &str| entry.rsplit('.').next().is_some_and(|rule| rule.starts_with("warn"));
        self.entries
            .iter()
            .map(|entry| Ok((advisory(entry), self.judge_entry(entry, input, data)?)))
            .collect()
    }

    fn judge_entry(&self, entry: &str, input: &Input, data: &Data) -> Result<Vec<Violation>, EngineError> {
        let by_machine = match &self.program {
            None => None,
            Some(program) => {
                let mut vm = machine(program, input, data, USER_INSTRUCTIONS)?;
                Some(violations_of(vm.execute_entry_point_by_name(entry).map_err(EngineError::new)?)?)
            }
        };
        let mut engine = self.interpreter.clone();
        if let Some(data) = &data.0 {
            engine.add_data(data.clone()).map_err(EngineError::new)?;
        }
        engine.set_input(input.value().clone());
        let by_interpreter = violations_of(engine.eval_rule(entry.to_owned()).map_err(EngineError::new)?)?;
        match by_machine {
            Some(by_machine) if by_machine != by_interpreter => Err(EngineError::new(format_args!(
                "the two engines disagree on `{entry}`: {} violations by one, {} by the other; an undefined \
                 value in `:=` or in a rule's head is the usual cause",
                by_machine.len(),
                by_interpreter.len()
            ))),
            _ => Ok(by_interpreter),
        }
    }
}

fn violations_of(value: Value) -> Result<Vec<Violation>, EngineError> {
    match value {
        Value::Undefined => Ok(Vec::new()),
        value => value::violations(&value),
    }
}

/// Bounds the interpreter by the clock, where there is one.
fn limit_time(engine: &mut Engine) {
    if cfg!(target_arch = "wasm32") {
        // No monotonic clock there: the host stops its worker instead.
        return;
    }
    let check_interval = std::num::NonZeroU32::new(16).unwrap_or(std::num::NonZeroU32::MIN);
    engine.set_execution_timer_config(ExecutionTimerConfig { limit: USER_TIME, check_interval });
}

/// An engine over Rego files, for tests of policies: the interpreter alone, with coverage.
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
        limit_time(&mut engine);
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
