//! What a pipeline says under a condition, for each of a list, or out of a parameter: `${{ if … }}:`, `${{ each … }}:`,
//! `${{ insert }}:` (<https://learn.microsoft.com/azure/devops/pipelines/process/template-expressions>).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::super::part::Part;
use crate::document::Node;

pub(super) fn is_directive(key: &str) -> bool {
    key.starts_with("${{")
}

/// Whether there are any at all.
// Recursion is bounded by the depth of the document, here and below.
pub(super) fn are_in(node: &Node) -> bool {
    let entries = node.as_map().into_iter().flatten();
    entries.into_iter().any(|entry| is_directive(entry.key()) || are_in(entry.value()))
        || node.as_list().into_iter().flatten().any(are_in)
}

/// The same with all that stands below such keys in their place: which of it holds is not known here, so all of it
/// counts. What is said more than once is a list.
pub(super) fn opened(part: &Part) -> Part {
    if part.is_map() {
        let mut all: BTreeMap<Arc<str>, Vec<Part>> = BTreeMap::new();
        for (key, value) in part.entries() {
            let value = opened(&value);
            let inner =
                if is_directive(&key) && value.is_map() { value.entries() } else { vec![(key, value)] };
            inner.into_iter().for_each(|(key, value)| all.entry(key).or_default().push(value));
        }
        let entries = all.into_iter().map(|(key, mut values)| match (values.pop(), values.is_empty()) {
            (Some(value), true) => (key, value),
            (last, _) => {
                let all: Vec<Part> = values.into_iter().chain(last).collect();
                let items = all.iter().flat_map(Part::items).collect();
                (key, Part::list(&part.pointer, items))
            }
        });
        Part::map(&part.pointer).with_all(entries)
    } else if part.is_scalar() {
        part.clone()
    } else {
        Part::list(&part.pointer, part.items().iter().flat_map(in_list).collect())
    }
}

/// The items that an item of a list stands for. Where it has nothing but conditions, what each of them guards is an item
/// of its own.
fn in_list(item: &Part) -> Vec<Part> {
    let guarded = item.entries();
    if !guarded.is_empty() && guarded.iter().all(|(key, _)| is_directive(key)) {
        let all = guarded.iter();
        return all
            .flat_map(|(_, own)| if own.is_map() { in_list(own) } else { opened(own).items() })
            .collect();
    }
    let item = opened(item);
    let (more, own): (Vec<_>, Vec<_>) = item.entries().into_iter().partition(|(key, _)| is_directive(key));
    if more.is_empty() {
        return vec![item];
    }
    let own = Part::map(&item.pointer).with_all(own);
    std::iter::once(own).chain(more.iter().flat_map(|(_, value)| value.items())).collect()
}
