//! From Rego to programs.

use std::sync::Arc;

use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::Program;
use regorus::{CompiledPolicy, Engine};

use super::rego::Module;
use super::{BuiltIn, EngineError, Entry};
use crate::policy::RegoFile;

pub(super) fn engine_of(modules: &[&Module]) -> Result<Engine, EngineError> {
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
pub(super) fn prepare(engine: &mut Engine, entries: &[&str]) -> Result<CompiledPolicy, EngineError> {
    let first = *entries.first().ok_or_else(|| EngineError::new("no rule to evaluate"))?;
    engine.compile_with_entrypoint(&first.into()).map_err(EngineError::new)
}

pub(super) fn compile(policy: &CompiledPolicy, entries: &[&str]) -> Result<Arc<Program>, EngineError> {
    let mut program =
        Compiler::compile_from_policy(policy, entries).map(Arc::unwrap_or_clone).map_err(EngineError::new)?;
    trim(&mut program);
    Ok(Arc::new(program))
}

/// Takes away what the machine has no use for. Of a rule it makes a copy whenever the rule is read, so each list that
/// is not there is memory that need not be asked for.
fn trim(program: &mut Program) {
    program.sources = Vec::new();
    program.instruction_spans = Vec::new();
    for rule in &mut program.rule_infos {
        rule.name = String::new();
        if let Some(function) = &mut rule.function_info {
            function.param_names = Vec::new();
        }
        // What is not there counts as `false`, and as `None`.
        if !rule.else_bodies.iter().flatten().any(|is_else| *is_else) {
            rule.else_bodies = Vec::new();
        }
        if rule.destructuring_blocks.iter().all(Option::is_none) {
            rule.destructuring_blocks = Vec::new();
        }
    }
}

impl BuiltIn {
    /// Compiles `files`, which define the rules of `entries` over all policies; `single` are the rules of each, by
    /// its id.
    pub(crate) fn compile(
        files: &[RegoFile],
        entries: Vec<Entry>,
        single: Vec<(String, String)>,
    ) -> Result<Self, EngineError> {
        let rules = entries.iter().map(|entry| &entry.rule).chain(single.iter().map(|(_, rule)| rule));
        let rules: Vec<&str> = rules.map(String::as_str).collect();
        let prepared = prepare(&mut load(files.iter().map(|file| (file, false)))?, &rules)?;
        Ok(Self { program: compile(&prepared, &rules)?, entries, single })
    }

    /// The entry points.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The program as bytes, for [`Self::load`].
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>, EngineError> {
        self.program.serialize_binary().map_err(EngineError::new)
    }
}
