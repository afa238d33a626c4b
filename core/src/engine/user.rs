//! Policies of the user's, in both engines.

use std::sync::Arc;
use std::time::Duration;

use regorus::Engine;
use regorus::rvm::Program;
use regorus::utils::limits::ExecutionTimerConfig;

use super::compile::{compile, engine_of, prepare};
use super::rego::Module;
use super::{Data, EngineError, Input, Violation, machine, violations_of};

/// Most instructions that one policy of the user may use on one subject.
const USER_INSTRUCTIONS: usize = 2_000_000;

/// Longest that one policy of the user may run in the interpreter on one subject.
pub(super) const USER_TIME: Duration = Duration::from_secs(2);

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
        limit_time(&mut engine, USER_TIME);
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
        if let Some(left) = input.left() {
            limit_time(&mut engine, left.min(USER_TIME));
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

/// Bounds the interpreter by the clock, where there is one.
pub(super) fn limit_time(engine: &mut Engine, limit: Duration) {
    if cfg!(target_arch = "wasm32") {
        // No monotonic clock there: the host stops its worker instead.
        return;
    }
    let check_interval = std::num::NonZeroU32::new(16).unwrap_or(std::num::NonZeroU32::MIN);
    engine.set_execution_timer_config(ExecutionTimerConfig { limit, check_interval });
}
