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
    variable(&in_scripts(name), value)
}

/// The name of a variable in scripts.
pub(super) fn in_scripts(name: &str) -> String {
    name.to_uppercase().replace(['.', ' '], "_")
}

/// The variables of the pipeline, a stage or a job.
pub(super) fn environment(of: &Part) -> Vec<Part> {
    let mut env: Vec<Part> = match of.get("variables") {
        Some(map) if map.is_map() => each(&map, named),
        Some(list) => list.items().iter().flat_map(listed).collect(),
        None => Vec::new(),
    };
    // Each leg of a matrix has variables.
    let matrices = of.items_of("strategy").into_iter().flat_map(|own| own.items_of("matrix"));
    let legs = matrices.flat_map(|matrix| matrix.entries()).flat_map(|(_, leg)| leg.items());
    env.extend(legs.flat_map(|leg| each(&leg, named)));
    env
}

/// What an item of a list of variables brings: one, or several in a map of them. Those of a group and of a template are
/// elsewhere.
fn listed(item: &Part) -> Vec<Part> {
    const OF_ITEM: [&str; 6] = ["group", "name", "parameters", "readonly", "template", "value"];
    if let (Some(name), Some(value)) = (item.text_of("name"), item.get("value")) {
        return said(&value).into_iter().map(|value| named(&name, value)).collect();
    }
    if item.entries().iter().all(|(key, _)| OF_ITEM.contains(&&**key)) {
        return Vec::new();
    }
    each(item, named)
}

/// The variables of a map, made by name and value. One has as many values as are said of it under conditions.
pub(super) fn each(map: &Part, make: fn(&str, Part) -> Part) -> Vec<Part> {
    let all = |(name, values): (Arc<str>, Part)| {
        said(&values).into_iter().map(move |value| make(&name, value)).collect::<Vec<_>>()
    };
    map.entries().into_iter().flat_map(all).collect()
}

/// The values that something has: its own, or all of those that stand in its place.
// Recursion is bounded by the depth of the document.
fn said(value: &Part) -> Vec<Part> {
    if value.is_scalar() {
        return vec![value.clone()];
    }
    value.inner().iter().flat_map(|(_, inner)| said(inner)).collect()
}
