//! The built-in policies as a gate needs them: read and compiled now, or taken from what a build has prepared.
//!
//! What was prepared is one program with an entry point over each profile, one over the policies of none, and one over
//! each policy by itself; before it stands, as JSON, what it is about, and before all a digest over both, the Rego
//! that it was made from and the version of this crate (and with it of the engine). Bytes whose digest differs
//! count as not there: the engine would run a damaged program without a word.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{GateError, rego};
use crate::engine::{BuiltIn, Entry};
use crate::policy::Policy;

/// Adds a text to a digest so that it cannot run into the next.
pub(super) fn add(hash: &mut Sha256, text: &str) {
    hash.update((text.len() as u64).to_le_bytes());
    hash.update(text);
}

/// What a gate knows of the built-in policies before it chooses among them.
pub(super) struct Catalogue {
    /// All of them, sorted by id.
    pub(super) policies: Vec<Policy>,
    program: Option<Program>,
}

/// The program that was compiled beforehand.
struct Program {
    entries: Vec<Entry>,
    bytes: &'static [u8],
}

/// What a program is about.
#[derive(Serialize, Deserialize)]
struct Index {
    policies: Vec<Policy>,
    entries: Vec<Entry>,
}

impl Catalogue {
    pub(super) fn new(prepared: Option<&'static [u8]>) -> Result<Self, GateError> {
        match prepared.and_then(Self::prepared) {
            Some(catalogue) => Ok(catalogue),
            None => Ok(Self { policies: rego::policies()?, program: None }),
        }
    }

    /// From what [`write`] gave, if it is whole and of these policies.
    fn prepared(bytes: &'static [u8]) -> Option<Self> {
        let (written, rest) = bytes.split_at_checked(32)?;
        if digest(rest).as_slice() != written {
            return None;
        }
        let (length, rest) = rest.split_first_chunk()?;
        let (index, bytes) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
        let Index { mut policies, entries } = serde_json::from_slice(index).ok()?;
        rego::add_texts(&mut policies);
        Some(Self { policies, program: Some(Program { entries, bytes }) })
    }

    /// The chosen policies, ready to judge.
    pub(super) fn built_in(&self, chosen: &[Policy]) -> Result<BuiltIn, GateError> {
        let prepared = self.program.as_ref().and_then(|program| {
            let entries = cover(&program.entries, chosen)?;
            BuiltIn::load(program.bytes, entries, single(chosen)).ok()
        });
        prepared.map_or_else(|| rego::compile(chosen), Ok)
    }
}

/// Entry points that together are over all the chosen policies, each with those of them that it answers for; as few as
/// a look at the largest first finds.
fn cover(entries: &[Entry], chosen: &[Policy]) -> Option<Vec<Entry>> {
    let mut open: BTreeSet<&str> = chosen.iter().map(|policy| policy.id.as_str()).collect();
    let mut cover = Vec::new();
    while !open.is_empty() {
        let of_open = |entry: &Entry| -> BTreeSet<String> {
            entry.ids.iter().filter(|id| open.contains(id.as_str())).cloned().collect()
        };
        let (rule, ids) =
            entries.iter().map(|entry| (&entry.rule, of_open(entry))).max_by_key(|(_, ids)| ids.len())?;
        if ids.is_empty() {
            return None;
        }
        open.retain(|id| !ids.contains(*id));
        cover.push(Entry { rule: rule.clone(), ids });
    }
    Some(cover)
}

/// The rule of each policy by itself, by its id.
pub(super) fn single(policies: &[Policy]) -> Vec<(String, String)> {
    let rule = |policy: &Policy| (policy.id.clone(), format!("data.{}.violation", policy.package));
    policies.iter().map(rule).collect()
}

/// The bytes of a program over all built-in policies.
#[cfg(feature = "compiler")]
pub(super) fn write(policies: &[Policy], entries: &[Entry], program: &[u8]) -> Result<Vec<u8>, GateError> {
    let index = Index { policies: policies.to_vec(), entries: entries.to_vec() };
    let index = serde_json::to_vec(&index).map_err(|error| {
        let file = "podgate/main".to_owned();
        crate::policy::PolicyError { file, line: 0, column: 0, reason: error.to_string() }
    })?;
    let rest = [&(index.len() as u64).to_le_bytes(), index.as_slice(), program].concat();
    Ok([digest(&rest).as_slice(), &rest].concat())
}

fn digest(bytes: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new_with_prefix(podgate_policies::DIGEST);
    add(&mut hash, env!("CARGO_PKG_VERSION"));
    hash.update(bytes);
    hash.finalize().into()
}

#[cfg(all(test, feature = "compiler"))]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::engine::{Data, Input, Parameters, Review, Verdicts};

    #[test]
    fn every_policy_is_there_and_whole() {
        let catalogue = Catalogue::prepared(rego::precompile().unwrap().leak()).unwrap();
        assert_eq!(catalogue.policies, rego::policies().unwrap());
        let entries = &catalogue.program.as_ref().unwrap().entries;
        let profiles = catalogue.policies.iter().flat_map(|policy| &policy.profiles);
        for profile in profiles.collect::<BTreeSet<_>>() {
            let own = catalogue.policies.iter().filter(|policy| policy.profiles.contains(profile));
            let own: Vec<Policy> = own.cloned().collect();
            let cover = cover(entries, &own).unwrap();
            assert_eq!(cover.len(), 1, "{profile}");
            assert!(entries.contains(&cover[0]), "{profile}");
        }
        let all = cover(entries, &catalogue.policies).unwrap();
        assert_eq!(all.iter().map(|entry| entry.ids.len()).sum::<usize>(), catalogue.policies.len());
    }

    #[test]
    fn each_policy_by_itself_says_what_it_says_among_others() {
        let catalogue = Catalogue::prepared(rego::precompile().unwrap().leak()).unwrap();
        let object = serde_json::json!({
            "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"},
            "spec": {"hostNetwork": true, "containers": [
                {"name": "b", "image": "docker:dind", "securityContext": {"privileged": true}},
            ]},
        });
        let parameters = Parameters::new(serde_json::Map::new());
        let (name, namespace) = ("a", "");
        let review =
            Review { name, namespace, parameters: &parameters, partial: false, notes: &[], until: None };
        let (input, data) = (Input::object(&object, review), Data::default());
        let pod_policies = catalogue.policies.iter().filter(|policy| policy.judges("Pod"));
        let policies: Vec<Policy> = pod_policies.cloned().collect();
        let compiled = rego::compile(&policies).unwrap();
        let sorted = |verdicts: Verdicts| {
            let said = verdicts.into_iter().map(|(id, said)| (id, said.unwrap()));
            said.filter(|(_, said)| !said.is_empty()).collect::<BTreeMap<_, _>>()
        };
        let expected = sorted(compiled.judge(&input, &data));
        assert!(expected.len() > 10, "{expected:?}");
        assert_eq!(sorted(compiled.each(&input, &data)), expected);
        let prepared = catalogue.built_in(&policies).unwrap();
        assert_eq!(sorted(prepared.judge(&input, &data)), expected);
        assert_eq!(sorted(prepared.each(&input, &data)), expected);
    }

    #[test]
    fn what_is_damaged_counts_as_not_there() {
        let whole = rego::precompile().unwrap();
        for eighth in 0..8 {
            let mut damaged = whole.clone();
            damaged[whole.len() / 8 * eighth + 5] ^= 1;
            assert!(Catalogue::prepared(damaged.leak()).is_none(), "{eighth}");
        }
    }
}
