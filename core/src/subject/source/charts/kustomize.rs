//! Patches and values of charts in Kustomizations, and in objects that hold what these have.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::super::object::{self, Object};
use super::super::super::part::Part;
use super::super::super::template::Template;
use super::super::super::{is_open_text, shape};
use super::super::Maker;
use super::values;
use crate::document::pointer_tokens;
use crate::report::Cause;

/// What of a Kustomization makes other objects than those that it names.
const MADE: [&str; 11] = [
    "components",
    "configMapGenerator",
    "generators",
    "helmChartInflationGenerator",
    "helmCharts",
    "patches",
    "patchesJson6902",
    "patchesStrategicMerge",
    "replacements",
    "secretGenerator",
    "transformers",
];

/// Whether something that does not say what it is is a Kustomization by the name of its file.
pub(super) fn is_named(object: &Object<'_>) -> bool {
    let name = object.document.source().rsplit(['/', '\\']).next().unwrap_or_default();
    object.entry.pointer.is_empty()
        && ["Kustomization", "kustomization.yaml", "kustomization.yml"].contains(&name)
}

/// A Kustomization.
pub(super) fn file(maker: &mut Maker<'_>, whole: &Part, _: &Part) {
    let before = maker.found.subjects.len();
    if MADE.iter().any(|key| whole.get(key).is_some()) {
        let reason = "what Kustomize makes is judged by `podgate check --kustomize DIR`".to_owned();
        maker.tell(&whole.pointer, reason);
    }
    for chart in ["helmCharts", "helmChartInflationGenerator"].iter().flat_map(|key| whole.items_of(key)) {
        let own = ["valuesInline", "valuesLocal"].iter().find_map(|key| chart.get(key)).filter(Part::is_map);
        if own.is_some() {
            let name = ["name", "chartName"].iter().find_map(|key| chart.get(key));
            values(maker, own, &name.unwrap_or_else(|| chart.clone()), "helmCharts");
        }
    }
    patches(maker, whole);
    if maker.found.subjects.len() == before {
        maker.found.without_pod.push(maker.object.entry.clone());
    }
}

/// Flux's Kustomization, which names a folder and patches what is in it.
pub(super) fn of_flux(maker: &mut Maker<'_>, _: &Part, spec: &Part) {
    let path = spec.get("path").unwrap_or_else(|| Part::text("/", &spec.pointer));
    maker.refer_to(&path, "path");
    patches(maker, spec);
}

/// Judges what inline patches say of objects: a part of each.
pub(super) fn patches(maker: &mut Maker<'_>, holder: &Part) {
    for key in ["patches", "patchesJson6902"] {
        for patch in holder.items_of(key).iter().filter_map(|one| one.get("patch")) {
            self::patch(maker, &patch);
        }
    }
    for patch in holder.items_of("patchesStrategicMerge") {
        // The name of a file has no line of its own.
        if patch.as_str().is_none_or(|text| text.contains([':', '{'])) {
            self::patch(maker, &patch);
        }
    }
}

/// One patch: a part of an object, or operations on one.
fn patch(maker: &mut Maker<'_>, patch: &Part) {
    if patch.as_str().is_none() {
        return part(maker, patch);
    }
    maker.deeper(&patch.pointer, |maker| {
        for (pointer, document) in maker.documents(patch) {
            match document {
                Ok(node) => part(maker, &Part::new(&node, pointer)),
                Err(error) => maker.unread(patch, &error, "the patch"),
            }
        }
    });
}

fn part(maker: &mut Maker<'_>, part: &Part) {
    let from = maker.found.subjects.len();
    match part.as_node().filter(|_| part.is_map()) {
        Some(node) => {
            let silent = [Cause::NoPod, Cause::NotKubernetes, Cause::UnknownKind];
            maker.quietly(&silent, |maker| {
                object::read(maker.object.document, node, part.pointer.clone(), maker.found);
            });
        }
        None => {
            // What operations need and is not there is made, so that all that they bring is seen.
            let (mut made, _) = Part::map(&part.pointer).with_operations(part);
            for way in open_specs(part) {
                made = open_spec(maker, made, &way);
            }
            maker.by_shape([&made]);
        }
    }
    for subject in maker.found.subjects.iter_mut().skip(from) {
        subject.entry.partial = true;
    }
}

/// Pods of a patch in which something is filled in that decides over the node.
const MOST_OPEN: usize = 16;

/// The paths of the specs of pods into which operations put something that is filled in.
fn open_specs(operations: &Part) -> BTreeSet<String> {
    let way = |one: &Part| {
        let (path, value) = (one.text_of("path")?, one.get("value")?);
        if one.text_of("op")? == "remove" || !is_open(&value) {
            return None;
        }
        let tokens: Vec<&str> = path.split('/').skip(1).collect();
        let whole = |key: &Arc<str>| shape::is_of_spec(key);
        if value.entries().iter().any(|(key, own)| whole(key) && is_open(own)) {
            return Some(path);
        }
        let first = tokens.iter().position(|token| shape::is_of_spec(token))?;
        let inner = tokens.get(first..).unwrap_or_default();
        let decides = inner.len() < 3 || inner.iter().any(|token| shape::DECIDING.contains(token));
        let spec = tokens.get(..first).unwrap_or_default();
        decides.then(|| spec.iter().map(|token| format!("/{token}")).collect())
    };
    operations.items().iter().filter_map(way).take(MOST_OPEN).collect()
}

// Recursion is bounded by the depth of the document.
fn is_open(value: &Part) -> bool {
    value.as_str().is_some_and(is_open_text) || value.inner().iter().any(|(_, inner)| is_open(inner))
}

/// Judges what stands at a path as the spec of a pod, as far as it is one, and gives the rest.
fn open_spec(maker: &mut Maker<'_>, made: Part, way: &str) -> Part {
    let tokens: Vec<Cow<'_, str>> = pointer_tokens(way).collect();
    let tokens: Vec<&str> = tokens.iter().map(Cow::as_ref).collect();
    let Some(spec) = made.find(&tokens).filter(Part::is_map) else { return made };
    let own = spec.entries();
    maker.add(Template {
        spec: Some(shape::fragment(spec)),
        guess: true,
        partial: true,
        ..Template::default()
    });
    let at = made.pointer.clone();
    let remove = |(key, _): &(Arc<str>, Part)| {
        let path = Part::text(&format!("{way}/{key}"), &at);
        Part::map(&at).with("op", Part::text("remove", &at)).with("path", path)
    };
    let judged = own.iter().filter(|(key, _)| shape::is_of_spec(key));
    let removed = judged.map(remove).collect();
    made.with_operations(&Part::list(&at, removed)).0
}
