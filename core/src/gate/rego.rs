//! What a gate does with Rego: reads the user's, and compiles the built-in policies where that was not done before.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::build::{failed_in_engine, merged_parameters, of_policy};
use super::{Gate, GateError, precompiled};
use crate::engine::rego::{self, Module};
use crate::engine::{BuiltIn, EngineError, Entry, Parameters};
use crate::policy::library::{self, Library};
use crate::policy::{Policy, PolicyError, RegoFile, entry};
use crate::position::{Position, Span};
use crate::report::{FailedPolicy, Stage, Warning};
use crate::settings::Mode;

pub(super) use crate::engine::UserPolicy;
pub(super) use crate::policy::library::add_texts;

/// The built-in policies, from their Rego.
pub(super) fn policies() -> Result<Vec<Policy>, GateError> {
    Ok(library::built_in()?.policies.clone())
}

/// Compiles a selection of the built-in policies.
pub(super) fn compile(chosen: &[Policy]) -> Result<BuiltIn, GateError> {
    compile_sets(chosen, &[("chosen", chosen.iter().collect())])
}

/// Compiles the built-in policies, for [`GateBuilder::precompiled`](super::GateBuilder::precompiled).
///
/// A front end calls this where it is built, and keeps the bytes: its gates then start in a fraction of the time.
///
/// # Errors
///
/// None in a published version: the built-in policies are known to compile.
pub fn precompile() -> Result<Vec<u8>, GateError> {
    let policies = policies()?;
    let profiles: BTreeSet<&str> =
        policies.iter().flat_map(|policy| policy.profiles.iter().map(String::as_str)).collect();
    let of_profile = |name: &str| {
        policies.iter().filter(|policy| policy.profiles.iter().any(|own| own == name)).collect::<Vec<_>>()
    };
    let mut sets: Vec<(&str, Vec<&Policy>)> = profiles.iter().map(|name| (*name, of_profile(name))).collect();
    sets.push(("others", policies.iter().filter(|policy| policy.profiles.is_empty()).collect()));
    let program = compile_sets(&policies, &sets)?;
    precompiled::write(&policies, program.entries(), &program.to_bytes().map_err(defect)?)
}

/// Compiles policies to one program, with an entry point for each set of them and for each by itself.
fn compile_sets(policies: &[Policy], sets: &[(&str, Vec<&Policy>)]) -> Result<BuiltIn, GateError> {
    let library = library::built_in()?;
    let facts = |policy: &Policy| library.module_of(policy).and_then(Module::facts);
    let mains = sets.iter().map(|(name, set)| {
        let with_facts: Vec<_> = set.iter().map(|policy| (*policy, facts(policy))).collect();
        entry::main(name, &with_facts)
    });
    let (mains, entries): (Vec<RegoFile>, Vec<Entry>) = mains.unzip();
    let own = policies
        .iter()
        .map(|policy| RegoFile { path: policy.path.clone(), text: policy.rego.clone().into_owned() });
    let files: Vec<RegoFile> = library::shared(&library.policies).chain(own).chain(mains).collect();
    BuiltIn::compile(&files, entries, precompiled::single(policies)).map_err(defect)
}

fn defect(error: EngineError) -> GateError {
    let file = "podgate/main".to_owned();
    GateError::BuiltIn(PolicyError { file, line: 0, column: 0, reason: error.reason })
}

/// What exports ask of a gate.
impl Gate {
    /// The parameters that all built-in policies are given.
    pub(crate) fn given(&self) -> Map<String, Value> {
        // Settings for which there are none make no gate.
        merged_parameters(&self.settings, &self.known).unwrap_or_default()
    }
}

/// The Rego of the user's, read.
pub(super) struct User(Library);

impl User {
    pub(super) fn read(files: Vec<RegoFile>, built_in: &[Policy]) -> Result<Self, GateError> {
        let mut library = Library::read(files, false);
        library.refuse_doubles(built_in);
        Ok(Self(library))
    }

    pub(super) fn policies(&self) -> &[Policy] {
        &self.0.policies
    }

    /// The files that judge.
    pub(super) fn files(&self) -> impl Iterator<Item = &RegoFile> {
        self.0.modules.iter().map(|module| &module.file)
    }

    /// Compiles the policies and adds them to a gate, with what is wrong or unwise in the files.
    pub(super) fn add_to(&self, gate: &mut Gate) -> Result<(), GateError> {
        let Self(user) = self;
        gate.failed.extend(user.faults.iter().map(failed));
        gate.warnings.extend(user.warnings.iter().cloned());
        if user.policies.is_empty() {
            return Ok(());
        }
        let shared = library::shared(&gate.known).map(|file| {
            let path = file.path.clone();
            Module::read(file).map_err(|error| library::fault(&path, error))
        });
        let shared = shared.collect::<Result<Vec<Module>, PolicyError>>()?;
        let all: Vec<&Module> = shared.iter().chain(&user.modules).collect();
        let problems = rego::check(&all);
        for policy in &user.policies {
            let own = of_policy(&gate.settings, policy);
            if own.and_then(|own| own.mode) == Some(Mode::Off) {
                continue;
            }
            // Only what it needs, so that a fault elsewhere is not its own.
            let modules =
                user.module_of(policy).map(|module| rego::needed_by(module, &all)).unwrap_or_default();
            let needs = |file: &str| modules.iter().any(|module| module.file.path == file);
            if let Some((file, error)) = problems.iter().find(|(file, _)| needs(file)) {
                let fault = library::fault(file, error.clone());
                gate.failed.push(FailedPolicy { policy: policy.id.clone(), ..failed(&fault) });
                continue;
            }
            let rules: BTreeSet<String> = user
                .modules_of(policy)
                .flat_map(|module| {
                    module.verdict_rules().into_iter().map(|rule| format!("{}.{rule}", module.package))
                })
                .collect();
            match UserPolicy::compile(&modules, rules.into_iter().collect()) {
                Err(error) => {
                    let failure = failed_in_engine(&policy.id, error);
                    let file = failure.file.clone().or_else(|| Some(policy.path.clone()));
                    gate.failed.push(FailedPolicy { file, ..failure });
                }
                Ok(compiled) => {
                    if let Some(reason) = compiled.interpreter_only() {
                        let reason = format!(
                            "judged by the interpreter alone, since the machine cannot run it: {reason}"
                        );
                        gate.warnings.push(Warning::new(&policy.path, &reason));
                    }
                    let parameters = own.map(|own| own.parameters.clone()).unwrap_or_default();
                    gate.user_parameters.insert(policy.id.clone(), Parameters::new(parameters));
                    gate.policies.push(policy.clone());
                    gate.user.push((policy.clone(), compiled));
                }
            }
        }
        Ok(())
    }
}

fn failed(error: &PolicyError) -> FailedPolicy {
    let at = Position { line: error.line, column: error.column };
    FailedPolicy {
        policy: error.file.clone(),
        stage: Stage::Load,
        subject: None,
        file: Some(error.file.clone()),
        span: (error.line > 0).then_some(Span { start: at, end: at }),
        reason: error.reason.clone(),
    }
}
