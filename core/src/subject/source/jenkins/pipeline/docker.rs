//! What runs by Docker on an agent (<https://www.jenkins.io/doc/book/pipeline/docker/>).

use std::collections::BTreeSet;

use super::super::super::super::part::Part;
use super::super::field;
use super::machines::Machine;
use super::{Pipeline, Scope, called};

/// The variables of a program that stand for images of Docker's: `def image = docker.build(…)`.
pub(super) fn variables(root: &Part) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(root, &mut found);
    found
}

// Recursion is bounded by the depth of the document.
fn collect(part: &Part, found: &mut BTreeSet<String>) {
    for (key, value) in part.entries() {
        let path = called(&key).0;
        let name = path.strip_prefix("def ").or_else(|| path.strip_suffix(" ="));
        let is_image = |value: &Part| value.entries().iter().any(|(key, _)| key.starts_with("docker."));
        if let Some(name) = name.filter(|_| is_image(&value)) {
            found.insert(name.to_owned());
        }
        collect(&value, found);
    }
    if !part.is_map() && !part.is_scalar() {
        part.items().iter().for_each(|item| collect(item, found));
    }
}

impl Pipeline<'_, '_> {
    /// Whether a method, given with the way to it, is that of an image. No other thing has `inside` and `withRun`.
    pub(super) fn is_image(&self, path: &str) -> bool {
        let Some((of, method)) = path.rsplit_once('.') else { return false };
        matches!(method, "inside" | "withRun") || of.starts_with("docker.") || self.images.contains(of)
    }

    /// `agent { docker { … } }`
    pub(super) fn docker_agent(&mut self, own: &Part, scope: &Scope) -> Scope {
        let image = own.get("image").or_else(|| Some(own.clone()));
        let options = own.get("args").map(|args| field::choices(args).0).unwrap_or_default();
        self.machine(Machine::docker(own, image, options), scope)
    }

    /// What Docker is told when an image is run, and where what is given to it runs then.
    pub(super) fn docker(&mut self, value: &Part, scope: &Scope) -> Scope {
        let given = value.get("args").or_else(|| value.get("0")).unwrap_or_else(|| value.clone());
        let is_given = given.as_str().is_some() || field::is_call(&given);
        let options = if is_given { field::choices(given).0 } else { Vec::new() };
        let inner = self.machine(Machine::docker(value, None, options), scope);
        // Behind the options stands what the container runs.
        let command = value.get("1").filter(|command| command.as_str().is_some());
        command.into_iter().for_each(|command| self.runs(command, &inner));
        self.export(0, &inner);
        inner
    }
}
