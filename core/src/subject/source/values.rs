//! Values of charts, which stand alone or below the chart's name in those of another one.

use super::super::part::Part;

/// The values of a chart in these, if there are any, and what else there is: without the keys that are `read`, where
/// they stand alone. What is asked whether it is the chart's is a map with the key it stands at; at the root, none.
pub(super) fn of_chart(
    whole: &Part,
    read: &[&str],
    is_own: impl Fn(&str, &Part) -> bool,
) -> Option<(Part, Part)> {
    if is_own("", whole) {
        return Some((whole.clone(), whole.clone().without(read)));
    }
    let (key, own) = whole.entries().into_iter().find(|(key, part)| part.is_map() && is_own(key, part))?;
    Some((own, whole.clone().without(&[&*key])))
}

/// A container of a chart that stands for one of a pod, with what the values say of it.
pub(super) fn container(
    at: &str,
    name: &str,
    fields: impl IntoIterator<Item = (&'static str, Option<Part>)>,
) -> Part {
    let container = Part::map(at).with("name", Part::text(name, at));
    fields.into_iter().fold(container, |container, (key, value)| container.with(key, value))
}

/// Whether values say something: they are there, and no empty map, list or text.
pub(super) fn is_said(part: &Part) -> bool {
    if part.is_map() {
        !part.entries().is_empty()
    } else if part.is_scalar() {
        !part.is_null() && part.as_str() != Some("")
    } else {
        !part.items().is_empty()
    }
}
