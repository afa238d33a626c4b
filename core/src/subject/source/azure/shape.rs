//! What stages, jobs, steps and templates look like, and where a pipeline hands such to a template
//! (<https://learn.microsoft.com/azure/devops/pipelines/process/template-parameters>).

use super::super::super::part::Part;

/// What a map of a pipeline is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Stage,
    Job,
    Step,
    /// What is to be filled in from another file.
    Template,
}

/// What a step runs.
const RUNS: [&str; 6] = ["bash", "checkout", "powershell", "pwsh", "script", "task"];

/// Where values stand that are no stages, jobs or steps, whatever they are called.
const NOT_ENTERED: [&str; 6] = ["container", "env", "pool", "resources", "services", "variables"];

/// What a map is; nothing where it is none of a pipeline's.
pub(super) fn of(one: &Part) -> Option<Shape> {
    let has = |key: &str| one.get(key).is_some();
    // Jobs and stages need no name.
    let is_written = |key: &str| has(key) || one.entries().iter().any(|(own, _)| **own == *key);
    let runs = |key: &&str| one.get(key).is_some_and(|own| !own.is_map());
    let is_file = |file: &String| file.contains(".yml") || file.contains(".yaml");
    if is_written("job") || is_written("deployment") {
        Some(Shape::Job)
    } else if has("jobs") && is_written("stage") {
        Some(Shape::Stage)
    } else if one.text_of("template").as_ref().is_some_and(is_file) {
        Some(Shape::Template)
    } else if RUNS.iter().any(runs) && !has("steps") && !has("jobs") {
        Some(Shape::Step)
    } else {
        None
    }
}

/// Whether a step tells by itself that it is one of this system: steps of others have a `script`, too.
pub(super) fn tells(step: &Part) -> bool {
    let has = |key: &&str| step.get(key).is_some();
    of(step) == Some(Shape::Step)
        && (["bash", "checkout", "displayName", "powershell", "pwsh"].iter().any(has)
            || step.text_of("task").is_some_and(|task| has_version(&task)))
}

/// Whether the name of a task ends in its version (`Bash@3`).
fn has_version(task: &str) -> bool {
    let is_version = |text: &str| text.starts_with(|first: char| first.is_ascii_digit());
    task.rsplit_once('@').is_some_and(|(name, version)| !name.is_empty() && is_version(version))
}

/// Gives each stage, job, step and template in parameters, whose names are the template's: alone or in lists, at any
/// depth, but not those within each other.
// Recursion is bounded by the depth of the document, here and below.
pub(super) fn handed(parameters: &Part, found: &mut dyn FnMut(Shape, Part)) {
    let inner: Vec<Part> = if parameters.is_map() {
        let entries = parameters.entries().into_iter();
        entries.filter(|(key, _)| !NOT_ENTERED.contains(&&**key)).map(|(_, inner)| inner).collect()
    } else {
        parameters.items()
    };
    for inner in inner.into_iter().filter(|inner| !inner.is_scalar()) {
        match of(&inner) {
            Some(shape) => found(shape, inner),
            None => handed(&inner, found),
        }
    }
}

/// The steps in parameters, those of jobs and of other templates' parameters among them.
pub(super) fn steps(parameters: &Part, all: &mut Vec<Part>) {
    handed(parameters, &mut |shape, part| match shape {
        Shape::Step => all.push(part),
        _ => steps(&part, all),
    });
}
