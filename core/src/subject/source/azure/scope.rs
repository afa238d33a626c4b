//! What holds for the jobs in a pipeline, in a stage, or in what a template is given: variables, and the pool of agents.

use std::sync::Arc;

use super::super::super::part::Part;
use super::super::docker::variable;

/// The pools of Microsoft's agents: that of today, and those of which it took the place
/// (<https://learn.microsoft.com/azure/devops/pipelines/agents/hosted>).
const OF_MICROSOFT: [&str; 7] = [
    "azure pipelines",
    "hosted macos",
    "hosted macos high sierra",
    "hosted ubuntu 1604",
    "hosted vs2017",
    "hosted windows 2019 with vs2019",
    "hosted windows container",
];

/// What is around jobs.
pub(super) struct Scope {
    around: Option<Arc<Self>>,
    variables: Vec<Part>,
    /// Whether jobs without a pool of their own run on a machine of Microsoft's.
    is_hosted: bool,
}

impl Scope {
    pub(super) fn new(whole: &Part) -> Arc<Self> {
        let is_hosted = pool(whole).unwrap_or_default();
        Arc::new(Self { around: None, variables: environment(whole), is_hosted })
    }

    /// That of a part inside.
    pub(super) fn inner(self: &Arc<Self>, part: &Part) -> Arc<Self> {
        let is_hosted = self.hosts(part);
        Arc::new(Self { around: Some(Arc::clone(self)), variables: environment(part), is_hosted })
    }

    /// Whether a job runs on a machine of Microsoft's.
    pub(super) fn hosts(&self, job: &Part) -> bool {
        pool(job).unwrap_or(self.is_hosted)
    }

    /// The variables, those of the pipeline first.
    pub(super) fn variables(&self) -> Vec<Part> {
        let mut scopes = vec![self];
        while let Some(around) = scopes.last().and_then(|scope| scope.around.as_deref()) {
            scopes.push(around);
        }
        scopes.into_iter().rev().flat_map(|scope| scope.variables.iter().cloned()).collect()
    }
}

/// Whether the pool that something names is of Microsoft's agents; nothing where it names none. Beside the name of
/// another pool, `vmImage` does not take its place.
fn pool(of: &Part) -> Option<bool> {
    let pool = of.get("pool")?;
    let name = if pool.is_map() { pool.get("name") } else { Some(pool.clone()) };
    let Some(name) = name else { return Some(pool.get("vmImage").is_some()) };
    Some(name.as_str().is_some_and(|name| OF_MICROSOFT.contains(&&*name.trim().to_lowercase())))
}

/// A variable as it is in the environment of scripts: in upper case, and without dots.
pub(super) fn named(name: &str, value: Part) -> Part {
    variable(&name.to_uppercase().replace(['.', ' '], "_"), value)
}

/// The variables of the pipeline, a stage or a job.
pub(super) fn environment(of: &Part) -> Vec<Part> {
    let all = |map: &Part| map.entries().into_iter().map(|(name, value)| named(&name, value)).collect();
    let one = |one: Part| match (one.text_of("name"), one.get("value")) {
        (Some(name), Some(value)) => vec![named(&name, value)],
        _ => all(&one),
    };
    let mut env: Vec<Part> = match of.get("variables") {
        Some(map) if map.is_map() => all(&map),
        Some(list) => list.items().into_iter().flat_map(one).collect(),
        None => Vec::new(),
    };
    // Each leg of a matrix has variables.
    let legs = of.find(&["strategy", "matrix"]).map(|matrix| matrix.entries()).unwrap_or_default();
    env.extend(legs.iter().flat_map(|(_, leg)| all(leg)));
    env
}
