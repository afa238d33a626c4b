//! What has the name of a field of a pod and stands in none: charts that podgate does not know give it to whatever
//! they make.

use super::super::Subjects;
use super::super::object::Object;
use super::{NOT_ENTERED, OF_CHART, Way, has_more, is_of_container, pod_spec};
use crate::document::{Node, Value};
use crate::report::Cause;

/// The field. Others that decide over the node make a part of a pod wherever they stand.
const FIELD: &str = "privileged";

/// Where it is judged.
const JUDGED: [&str; 2] = [OF_CHART, "securityContext"];

/// Where charts have what a pod may be, and not what one is.
const ALLOWED: &str = "podSecurityPolicy";

/// Those that are told of a document.
const MOST_TOLD: usize = 16;

/// The pointers of those below a value, whose pointer is `base`; no more than are told.
pub(in super::super) fn bare(node: &Node, base: &str) -> Vec<String> {
    let mut found = Vec::new();
    search(node, Way { before: None, step: base }, &mut found);
    found
}

// Recursion is bounded by the depth of the document.
fn search(node: &Node, way: Way<'_>, found: &mut Vec<String>) {
    if found.len() == MOST_TOLD {
        return;
    }
    let below = |step| Way { before: Some(&way), step };
    match node.value() {
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                search(item, Way { before: Some(&way), step: &index.to_string() }, found);
            }
        }
        Value::Map(entries) if pod_spec(node).is_none() || has_more(node) || is_of_container(node) => {
            let is_on = node.get(FIELD).is_some_and(|own| own.as_bool() == Some(true));
            if is_on && !JUDGED.contains(&way.step) {
                found.push(below(FIELD).pointer());
            }
            let passed = |key: &str| NOT_ENTERED.contains(&key) || key == ALLOWED;
            for entry in entries.iter().filter(|entry| !passed(entry.key())) {
                search(entry.value(), below(entry.key()), found);
            }
        }
        _ => {}
    }
}

/// Tells of them, as far as there is room in the report over a document.
pub(in super::super) fn tell_bare(object: &Object<'_>, found: &mut Subjects, pointers: Vec<String>) {
    for pointer in pointers {
        if found.bare == MOST_TOLD {
            return;
        }
        found.bare += 1;
        let reason = format!(
            "`{FIELD}` in values of a chart that podgate does not know, or in a file like them: what it does was not judged"
        );
        found.not_evaluated.push(object.not_evaluated(&pointer, Cause::Reference, reason));
    }
}
