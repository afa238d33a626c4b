//! The built-in policies as a gate needs them: read and compiled now, or taken from what a build has prepared.
//!
//! What was prepared is a list of sections: the policies' METADATA as JSON, and behind it a program for each of
//! some selections. Before each stands its digest, over the section, the Rego that it was made from and the version
//! of this crate (and with it of the engine). A section whose digest differs counts as not there: the engine would
//! run a damaged program without a word.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::GateError;
use crate::engine::{BuiltIn, EngineError};
use crate::policy::entry::{self, Facts};
use crate::policy::{Policy, PolicyError, RegoFile, library};

/// The profiles that are compiled beforehand, each by itself.
const PROFILES: [&str; 4] = ["ci", "pss-baseline", "pss-restricted", "psp"];

/// SHA-256 over the Rego that judges, to be gone on with.
pub(super) static SOURCES: LazyLock<Sha256> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    for file in library::judging() {
        add(&mut hash, file.path);
        add(&mut hash, file.text);
    }
    hash
});

/// Adds a text to a digest so that it cannot run into the next.
pub(super) fn add(hash: &mut Sha256, text: &str) {
    hash.update((text.len() as u64).to_le_bytes());
    hash.update(text);
}

/// What a gate knows of the built-in policies before it chooses among them.
pub(super) struct Catalogue {
    /// All of them, sorted by id.
    pub(super) policies: Vec<Policy>,
    /// What each begins with, in the same order.
    facts: Vec<Facts>,
    programs: Vec<Prepared>,
}

/// A program that was compiled beforehand.
struct Prepared {
    /// The policies that it runs.
    ids: BTreeSet<String>,
    section: usize,
    digest: &'static [u8],
    bytes: &'static [u8],
}

/// The first section.
#[derive(Serialize, Deserialize)]
struct Index {
    policies: Vec<Policy>,
    facts: Vec<Facts>,
    /// For each program the policies that it runs.
    programs: Vec<BTreeSet<String>>,
}

/// Compiles the built-in policies, for [`GateBuilder::precompiled`](super::GateBuilder::precompiled).
///
/// A front end calls this where it is built, and keeps the bytes: its gates then start in a fraction of the time.
///
/// # Errors
///
/// None in a published version: the built-in policies are known to compile.
pub fn precompile() -> Result<Vec<u8>, GateError> {
    let catalogue = Catalogue::new(None)?;
    let mut index =
        Index { policies: catalogue.policies.clone(), facts: catalogue.facts.clone(), programs: Vec::new() };
    let mut sections = vec![Vec::new()];
    for profile in PROFILES {
        let of_profile = |policy: &&Policy| policy.profiles.iter().any(|own| own == profile);
        let chosen: Vec<Policy> = catalogue.policies.iter().filter(of_profile).cloned().collect();
        let program = catalogue.compile(&chosen, |_| false)?;
        sections.push(program.to_bytes().map_err(defect)?);
        index.programs.push(chosen.into_iter().map(|policy| policy.id).collect());
    }
    let index = serde_json::to_vec(&index).map_err(defect)?;
    if let Some(first) = sections.first_mut() {
        *first = index;
    }
    let mut bytes = Vec::new();
    for (number, section) in sections.iter().enumerate() {
        bytes.extend_from_slice(&digest(number, section));
        bytes.extend_from_slice(&(section.len() as u64).to_le_bytes());
        bytes.extend_from_slice(section);
    }
    Ok(bytes)
}

impl Catalogue {
    pub(super) fn new(prepared: Option<&'static [u8]>) -> Result<Self, GateError> {
        if let Some(catalogue) = prepared.and_then(Self::prepared) {
            return Ok(catalogue);
        }
        let library = library::built_in()?;
        let facts = |policy: &Policy| library.module_of(policy).and_then(|module| module.facts());
        Ok(Self {
            policies: library.policies.clone(),
            facts: library.policies.iter().map(facts).collect(),
            programs: Vec::new(),
        })
    }

    /// From what [`precompile`] gave, if it is whole and of these policies.
    fn prepared(bytes: &'static [u8]) -> Option<Self> {
        let mut sections = sections(bytes);
        let (digest, section) = sections.next()?;
        let index = checked(0, digest, section)?;
        let Index { mut policies, facts, programs } = serde_json::from_slice(index).ok()?;
        library::add_texts(&mut policies);
        let programs = programs.into_iter().zip(sections).enumerate();
        let programs = programs.map(|(at, (ids, (digest, section)))| Prepared {
            ids,
            section: at + 1,
            digest,
            bytes: section,
        });
        Some(Self { policies, facts, programs: programs.collect() })
    }

    /// The program of these policies. One that was compiled beforehand may run others, too, as long as they are
    /// off: what they say is passed over.
    pub(super) fn compile(
        &self,
        chosen: &[Policy],
        is_off: impl Fn(&Policy) -> bool,
    ) -> Result<BuiltIn, GateError> {
        let ids: BTreeSet<&str> = chosen.iter().map(|policy| policy.id.as_str()).collect();
        let known = self.policies.iter().zip(&self.facts);
        let with_facts: Vec<(&Policy, &Facts)> =
            known.filter(|(policy, _)| ids.contains(policy.id.as_str())).collect();
        let main = entry::main(&with_facts);
        let path = main.path.clone();
        let own =
            chosen.iter().map(|policy| RegoFile { path: policy.path.clone(), text: policy.rego.clone() });
        let files: Vec<RegoFile> = library::shared(&self.policies).chain(own).chain([main]).collect();
        let rule = |policy: &Policy| (policy.id.clone(), format!("data.{}.violation", policy.package));
        let single: Vec<(String, String)> = chosen.iter().map(rule).collect();
        let off: BTreeSet<&str> =
            self.policies.iter().filter(|policy| is_off(policy)).map(|policy| policy.id.as_str()).collect();
        let fits = |program: &&Prepared| {
            ids.iter().all(|id| program.ids.contains(*id))
                && program.ids.iter().all(|id| ids.contains(id.as_str()) || off.contains(id.as_str()))
        };
        let ready = self.programs.iter().find(fits);
        if let Some(program) = ready.and_then(Prepared::checked)
            && let Ok(loaded) = BuiltIn::load(program, files.clone(), entry::ENTRY, single.clone())
        {
            return Ok(loaded);
        }
        let compiled = BuiltIn::compile(files, entry::ENTRY, single);
        compiled.map_err(|EngineError { reason, .. }| {
            GateError::BuiltIn(PolicyError { file: path, line: 0, column: 0, reason })
        })
    }
}

impl Prepared {
    fn checked(&self) -> Option<&'static [u8]> {
        checked(self.section, self.digest, self.bytes)
    }
}

/// Digest and content of each section, as far as they go.
fn sections(mut bytes: &'static [u8]) -> impl Iterator<Item = (&'static [u8], &'static [u8])> {
    std::iter::from_fn(move || {
        let (digest, rest) = bytes.split_at_checked(32)?;
        let (length, rest) = rest.split_first_chunk::<8>()?;
        let (section, rest) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
        bytes = rest;
        Some((digest, section))
    })
}

fn checked(number: usize, written: &[u8], section: &'static [u8]) -> Option<&'static [u8]> {
    (digest(number, section).as_slice() == written).then_some(section)
}

fn digest(number: usize, section: &[u8]) -> [u8; 32] {
    let mut hash = SOURCES.clone();
    add(&mut hash, env!("CARGO_PKG_VERSION"));
    hash.update((number as u64).to_le_bytes());
    hash.update(section);
    hash.finalize().into()
}

fn defect(reason: impl ToString) -> GateError {
    let file = "podgate/main.rego".to_owned();
    GateError::BuiltIn(PolicyError { file, line: 0, column: 0, reason: reason.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(catalogue: &Catalogue, name: &str) -> BTreeSet<String> {
        let of_profile = |policy: &&Policy| policy.profiles.iter().any(|own| own == name);
        catalogue.policies.iter().filter(of_profile).map(|policy| policy.id.clone()).collect()
    }

    #[test]
    fn every_profile_is_there_and_whole() {
        let catalogue = Catalogue::prepared(precompile().unwrap().leak()).unwrap();
        let library = library::built_in().unwrap();
        assert_eq!(catalogue.policies, library.policies);
        for name in PROFILES {
            let ids = profile(&catalogue, name);
            let program = catalogue.programs.iter().find(|program| program.ids == ids);
            assert!(program.and_then(Prepared::checked).is_some(), "{name}");
        }
    }

    #[test]
    fn what_is_damaged_counts_as_not_there() {
        let whole = precompile().unwrap();
        let count = sections(whole.clone().leak()).count();
        let intact = |bytes: Vec<u8>| {
            let catalogue = Catalogue::prepared(bytes.leak());
            let programs = catalogue.iter().flat_map(|catalogue| &catalogue.programs);
            usize::from(catalogue.is_some()) + programs.filter(|program| program.checked().is_some()).count()
        };
        assert_eq!(intact(whole.clone()), count);
        for eighth in 0..8 {
            let mut damaged = whole.clone();
            damaged[whole.len() / 8 * eighth + 5] ^= 1;
            assert!(intact(damaged) < count, "{eighth}");
        }
    }
}
