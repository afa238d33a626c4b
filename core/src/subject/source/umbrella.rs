//! Charts that podgate knows further down in the values of others: those of a chart in a chart stand one level deeper.
//!
//! At the root and below one key the systems look by themselves. Deeper, only values of which it is certain whose they
//! are count, and are given to the systems as a file of their own would be.

use super::super::Subjects;
use super::super::object::{self, Object};
use super::super::part::Part;
use super::{argo, buildkite, circleci, concourse, github, gitlab, jenkins, make};
use crate::document::Format;

/// Levels of keys above values of a chart.
const MOST_LEVELS: usize = 5;

/// Charts that are known by their name, where their values say little.
const BY_NAME: [&str; 2] = ["gitlab-runner", "jenkins"];

/// Takes values of charts in which others are found.
pub(in crate::subject) fn read(object: &Object<'_>, found: &mut Subjects) -> bool {
    if !object.kind().is_empty() || object.document.format() != Format::Yaml {
        return false;
    }
    let mut charts = Vec::new();
    let Some(rest) = search(&object.part(), 1, &mut charts) else { return false };
    make(object, "", found, |maker| {
        for (key, values) in charts {
            let given = named(&key, &values).unwrap_or(values);
            if !object::offer(maker.object.document, &given, maker.found) {
                maker.unknown_values(&given);
            }
        }
        maker.unknown_values(&rest);
        true
    })
}

/// Values of a chart that is known by its name, below it as in another's.
pub(super) fn named(chart: &str, values: &Part) -> Option<Part> {
    BY_NAME.contains(&chart).then(|| Part::map(&values.pointer).with(chart, values.clone()))
}

/// Takes the charts out of a map, if there are any below its keys, and gives the rest.
fn search(part: &Part, level: usize, charts: &mut Vec<(String, Part)>) -> Option<Part> {
    let (before, mut rest) = (charts.len(), Vec::new());
    for (key, inner) in part.entries() {
        if level > 1 && is_chart(&key, &inner) {
            charts.push((key.to_string(), inner));
            continue;
        }
        let left = if level < MOST_LEVELS { search(&inner, level + 1, charts) } else { None };
        rest.push((key, left.unwrap_or(inner)));
    }
    (charts.len() > before).then(|| Part::map(&part.pointer).with_all(rest))
}

/// Whether something at a key is certainly values of a chart.
fn is_chart(key: &str, values: &Part) -> bool {
    values.is_map()
        && (argo::is_values(values)
            || buildkite::is_values(values)
            || circleci::is_values(values)
            || key == "concourse" && concourse::is_values(values)
            || github::is_values(values)
            || gitlab::is_values(key, values)
            || jenkins::is_values(key, values))
}
