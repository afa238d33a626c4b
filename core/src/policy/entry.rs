//! An entry point over a set of policies: generated, never edited.
//!
//! Policies that begin with the same fact stand behind one test of it: where the fact is empty, none of them is
//! evaluated. Those that judge no pods stand behind a test of the object's kind. The engine forgets computed rules
//! between entry points, so there is one for a whole set.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::{Policy, RegoFile};
use crate::engine::Entry;

/// The facts that a policy begins with, as full paths; `None` where it begins in another way.
pub(crate) type Facts = Option<BTreeSet<String>>;

/// The module of the entry point over these policies, under a name of its own.
pub(crate) fn main(name: &str, policies: &[(&Policy, Facts)]) -> (RegoFile, Entry) {
    let name = name.replace('-', "_");
    let ids = policies.iter().map(|(policy, _)| policy.id.clone()).collect();
    let entry = Entry { rule: format!("data.podgate.main.{name}.verdicts"), ids };
    (RegoFile { path: format!("podgate/main/{name}.rego"), text: text(&name, policies) }, entry)
}

fn text(name: &str, policies: &[(&Policy, Facts)]) -> String {
    let mut groups: BTreeMap<&Facts, Vec<&Policy>> = BTreeMap::new();
    for (policy, facts) in policies {
        groups.entry(facts).or_default().push(policy);
    }
    let mut text = format!("package podgate.main.{name}\n\nimport future.keywords.not\nimport rego.v1\n");
    let (mut names, mut others) = (Vec::new(), Vec::new());
    for (index, (facts, policies)) in groups.iter().enumerate() {
        let name = format!("_group_{index}");
        let verdicts = policies
            .iter()
            .map(|policy| format!("\t{:?}: data.{}.violation,", policy.id, policy.package))
            .collect::<Vec<_>>()
            .join("\n");
        let result = match facts.as_ref().map(Vec::from_iter).as_deref() {
            None => write!(text, "\n{name} := {{\n{verdicts}\n}}\n"),
            Some([fact]) => {
                write!(text, "\ndefault {name} := {{}}\n\n{name} := {{\n{verdicts}\n}} if not {fact} == []\n")
            }
            Some(facts) => {
                let any = facts
                    .iter()
                    .map(|fact| format!("_any_{index} if not {fact} == []\n"))
                    .collect::<String>();
                write!(
                    text,
                    "\n{any}\ndefault {name} := {{}}\n\n{name} := {{\n{verdicts}\n}} if _any_{index}\n"
                )
            }
        };
        // Writing to a string cannot fail.
        result.unwrap_or_default();
        let own = if policies.iter().any(|policy| policy.judges("Pod")) { &mut names } else { &mut others };
        own.push(name);
    }
    let result = write!(
        text,
        "\nverdicts := array.concat([{}], _others)\n\ndefault _others := []\n\n_others := [{}] if not \
         input.review.kind.kind == \"Pod\"\n",
        names.join(", "),
        others.join(", ")
    );
    result.unwrap_or_default();
    text
}
