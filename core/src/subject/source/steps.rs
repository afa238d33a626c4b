//! Pipelines that are lists of steps with images: Woodpecker, and Drone before it.

mod drone;
#[cfg(test)]
mod tests;
mod woodpecker;

use super::super::Subjects;
use super::super::object::Object;
use super::super::part::Part;
use super::docker::variable;
use super::named::{self, Place};
use super::{called, make};

/// Takes the pipelines of both.
pub(in crate::subject) fn read(object: &Object<'_>, found: &mut Subjects) -> bool {
    if !object.kind().is_empty() {
        return false;
    }
    let whole = object.part();
    let name = whole.text_of("name").unwrap_or_default();
    let named = |kind: &str| called(object, kind, &name, &object.entry.pointer);
    if drone::is_own(&whole) {
        make(&named("DronePipeline"), "drone", found, |maker| drone::judge(maker, &whole))
    } else if woodpecker::is_own(&whole, named::place(object) == Some(Place::Woodpecker)) {
        make(&named("WoodpeckerPipeline"), "woodpecker", found, |maker| woodpecker::judge(maker, &whole))
    } else {
        false
    }
}

/// Steps with their names: in a list, or in a map by their names.
fn named(steps: Option<Part>) -> Vec<(String, Part)> {
    let Some(steps) = steps else { return Vec::new() };
    if steps.is_map() {
        return steps.entries().into_iter().map(|(name, step)| (name.to_string(), step)).collect();
    }
    let step =
        |(at, step): (usize, Part)| (step.text_of("name").unwrap_or_else(|| format!("step-{at}")), step);
    steps.items().into_iter().enumerate().map(step).collect()
}

/// The environment of a step: a map, or a list of `NAME=value`. Values from secrets are left empty.
fn environment(step: &Part) -> Vec<Part> {
    let Some(own) = step.get("environment") else { return Vec::new() };
    if own.is_map() {
        let known = own.entries().into_iter().filter(|(_, value)| !value.is_map());
        return known.map(|(name, value)| variable(&name, value)).collect();
    }
    let pairs = own.items().into_iter().filter_map(|pair| {
        let (name, value) = pair.as_str()?.split_once('=')?;
        Some(variable(name, Part::text(value, &pair.pointer)))
    });
    pairs.collect()
}

/// The commands of a step, each at its place.
fn commands(step: &Part) -> Vec<Part> {
    step.items_of("commands")
        .into_iter()
        .map(Part::into_text)
        .filter(|line| line.as_str().is_some())
        .collect()
}

/// A text or a list of texts as a list.
fn list(part: Option<Part>) -> Option<Part> {
    part.map(|part| Part::list(&part.pointer, part.items()))
}
