//! What stands in the place of Rego in a build without the compiler: nothing, and an error where there is some.

use super::{Gate, GateError};
use crate::engine::{BuiltIn, Data, EngineError, Input, Violation};
use crate::policy::{Policy, RegoFile};

fn refused<T>(reason: &str) -> Result<T, GateError> {
    Err(GateError::NoCompiler { reason: reason.to_owned() })
}

pub(super) fn policies() -> Result<Vec<Policy>, GateError> {
    refused("the built-in policies are not there in compiled form for this version")
}

pub(super) fn compile(_: &[Policy]) -> Result<BuiltIn, GateError> {
    refused("the chosen policies are not all there in compiled form")
}

pub(super) const fn add_texts(_: &mut [Policy]) {}

/// The Rego of the user's: none.
pub(super) struct User;

impl User {
    pub(super) fn read(files: Vec<RegoFile>, _: &[Policy]) -> Result<Self, GateError> {
        match files.first() {
            None => Ok(Self),
            Some(file) => refused(&format!("`{}` is a policy in Rego", file.path)),
        }
    }

    pub(super) const fn policies(&self) -> &[Policy] {
        &[]
    }

    pub(super) fn files(&self) -> impl Iterator<Item = &RegoFile> {
        std::iter::empty()
    }

    pub(super) const fn add_to(&self, _: &mut Gate) -> Result<(), GateError> {
        Ok(())
    }
}

/// A policy of the user's: there is none.
#[derive(Debug)]
pub(super) enum UserPolicy {}

impl UserPolicy {
    pub(super) const fn judge(
        &self,
        _: &Input,
        _: &Data,
    ) -> Result<Vec<(bool, Vec<Violation>)>, EngineError> {
        match *self {}
    }
}
