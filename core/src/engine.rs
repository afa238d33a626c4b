//! The one module that knows the policy engine, `regorus`.
//!
//! Built-in policies run in its virtual machine (RVM) as one program. Users' policies run in the machine and in the
//! interpreter, since each has silent faults that the other has not: where the two differ, the policy has failed.

mod error;
mod input;
mod value;

// What only Rego needs, beside programs that are compiled already.
#[cfg(feature = "compiler")]
mod bench;
#[cfg(feature = "compiler")]
mod compile;
#[cfg(feature = "compiler")]
pub(crate) mod rego;
#[cfg(feature = "compiler")]
mod user;

use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::sync::Arc;

use regorus::Value;
use regorus::rvm::program::DeserializationResult;
use regorus::rvm::{Program, RegoVM};
use regorus::utils::limits::ExecutionTimerConfig;
use serde::{Deserialize, Serialize};

#[cfg(feature = "compiler")]
pub(crate) use bench::TestBench;
pub(crate) use error::EngineError;
pub(crate) use input::{Input, Parameters, Review};
#[cfg(feature = "compiler")]
pub(crate) use user::UserPolicy;

/// Most instructions that the built-in policies may use on one subject. A four-container pod takes about 1,000;
/// this is reached only by an object of many thousand containers, and then in about a second.
const BUILT_IN_INSTRUCTIONS: usize = 20_000_000;

/// Most instructions that one built-in policy may use by itself, once all together were too many.
const SINGLE_INSTRUCTIONS: usize = 4_000_000;

/// Instructions between two looks at the clock.
const CHECK: NonZeroU32 = NonZeroU32::MIN.saturating_add(255);

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
    /// How the line of the text at the place begins that is meant.
    pub(crate) line: Option<String>,
    pub(crate) container: Option<String>,
    pub(crate) severity: Option<String>,
    /// JSON text of a JSON Patch.
    pub(crate) fix: Option<String>,
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
    if let Some(limit) = input.left() {
        vm.set_execution_timer_config(Some(ExecutionTimerConfig { limit, check_interval: CHECK }));
    }
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

/// An entry point over a set of policies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// The rule that holds all verdicts: a list of objects from policy id to the set of its violations.
    pub(crate) rule: String,
    /// The policies.
    pub(crate) ids: BTreeSet<String>,
}

/// Built-in policies, compiled to one program.
#[derive(Debug, Clone)]
pub(crate) struct BuiltIn {
    program: Arc<Program>,
    /// What is run; what an entry says of other policies than its own is passed over.
    entries: Vec<Entry>,
    /// The rule of each policy by itself, by its id.
    single: Vec<(String, String)>,
}

/// What the built-in policies say: for each policy id its violations, or why it failed.
pub(crate) type Verdicts = Vec<(String, Result<Vec<Violation>, EngineError>)>;

impl BuiltIn {
    /// From the bytes of a program, with the entry points that are to be run and, for each of their policies, the
    /// rule of it alone.
    ///
    /// The engine does not notice that a program is damaged: the bytes must be known to be whole.
    pub(crate) fn load(
        program: &[u8],
        entries: Vec<Entry>,
        single: Vec<(String, String)>,
    ) -> Result<Self, EngineError> {
        let program = match Program::deserialize_binary(program).map_err(EngineError::new)? {
            DeserializationResult::Complete(program) => Arc::new(program),
            DeserializationResult::Partial(_) => return Err(EngineError::new("a program of another engine")),
        };
        let mut rules = entries.iter().map(|entry| &entry.rule).chain(single.iter().map(|(_, rule)| rule));
        match rules.find(|rule| program.get_entry_point(rule).is_none()) {
            None => Ok(Self { program, entries, single }),
            Some(rule) => Err(EngineError::new(format_args!("the program has no entry point `{rule}`"))),
        }
    }

    /// Judges one subject. What is too much for all policies together is tried with each by itself, so that one
    /// that cannot cope does not silence the others.
    pub(crate) fn judge(&self, input: &Input, data: &Data) -> Verdicts {
        self.together(input, data).unwrap_or_else(|_| self.each(input, data))
    }

    /// Judges by each policy by itself.
    pub(crate) fn each(&self, input: &Input, data: &Data) -> Verdicts {
        let alone = |rule: &str| violations_of(run(&self.program, rule, input, data, SINGLE_INSTRUCTIONS)?);
        self.single.iter().map(|(id, rule)| (id.clone(), alone(rule))).collect()
    }

    fn together(&self, input: &Input, data: &Data) -> Result<Verdicts, EngineError> {
        let mut verdicts = Vec::new();
        for Entry { rule, ids } in &self.entries {
            let groups = run(&self.program, rule, input, data, BUILT_IN_INSTRUCTIONS)?;
            for group in groups.as_array().map_err(EngineError::new)?.iter() {
                for (id, violations) in group.as_object().map_err(EngineError::new)?.iter() {
                    // Most policies find nothing.
                    if violations.as_set().is_ok_and(|set| set.is_empty()) {
                        continue;
                    }
                    let id: &str = id.as_string().map_err(EngineError::new)?;
                    if ids.contains(id) {
                        verdicts.push((id.to_owned(), value::violations(violations)));
                    }
                }
            }
        }
        Ok(verdicts)
    }
}

fn violations_of(value: Value) -> Result<Vec<Violation>, EngineError> {
    match value {
        Value::Undefined => Ok(Vec::new()),
        value => value::violations(&value),
    }
}
