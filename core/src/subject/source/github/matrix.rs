//! Expressions that the matrix of a job has the values for.

use super::super::super::part::Part;

/// What is written as one expression, without its braces.
pub(super) fn expression(written: &Part) -> Option<&str> {
    let inner = written.as_str()?.trim().strip_prefix("${{")?.strip_suffix("}}")?;
    (!inner.contains("}}")).then(|| inner.trim())
}

/// A container with each of the values that the matrix has for the whole of it, for its image or for its options. What
/// is not known stays as it is written.
pub(super) fn variants(job: &Part, written: Part) -> Vec<Part> {
    let whole = values(job, Some(&written));
    if !whole.is_empty() {
        return whole;
    }
    let known = ["image", "options"].map(|key| (key, values(job, written.get(key).as_ref())));
    let most = known.iter().map(|(_, values)| values.len()).max().unwrap_or_default().max(1);
    let with = |container: Part, at: usize, (key, values): &(&str, Vec<Part>)| {
        // Each value counts once, with whichever of the others.
        let value = values.get(at.checked_rem(values.len()).unwrap_or_default());
        container.with(key, value.cloned())
    };
    (0..most).map(|at| known.iter().fold(written.clone(), |made, own| with(made, at, own))).collect()
}

/// The values of an expression that names something of the matrix; none where they are not in the file.
pub(super) fn values(job: &Part, written: Option<&Part>) -> Vec<Part> {
    let named = written.and_then(expression).and_then(|text| text.strip_prefix("matrix."));
    let Some((way, matrix)) = named.zip(job.find(&["strategy", "matrix"])) else { return Vec::new() };
    let way: Vec<&str> = way.split('.').collect();
    let Some((first, rest)) = way.split_first() else { return Vec::new() };
    let is_open = |one: &Part| one.as_str().is_some_and(|text| text.contains("${{"));
    let of = |one: Part, way: &[&str]| if is_open(&one) { Some(one) } else { one.find(way) };
    let listed = matrix.items_of(first).into_iter().filter_map(|one| of(one, rest));
    let included = matrix.items_of("include").into_iter().filter_map(|one| of(one, &way));
    listed.chain(included).collect()
}
