//! Files of helmfile: releases of charts, each with the values that it is given
//! (<https://helmfile.readthedocs.io/en/latest/>).

use super::super::super::part::Part;
use super::super::Maker;
use super::{kustomize, of_chart, refer_all, set};

/// Patches of what the chart makes.
const PATCHES: &str = "strategicMergePatches";

/// What of a release is read as what it is.
const READ: [&str; 8] =
    ["jsonPatches", "secrets", "set", "setString", "setTemplate", PATCHES, "values", "valuesTemplate"];

/// Whether something that does not say what it is lists releases of charts.
pub(super) fn is_one(whole: &Part) -> bool {
    let has_text = |release: &Part, key: &str| release.get(key).is_some_and(|own| own.as_str().is_some());
    let releases = whole.items_of("releases");
    releases.iter().any(|release| has_text(release, "chart") && has_text(release, "name"))
}

/// A file of helmfile. What releases inherit from is judged where it stands.
pub(super) fn file(maker: &mut Maker<'_>, whole: &Part, _: &Part) {
    let releases = whole.get("releases").unwrap_or_else(|| whole.clone());
    let reason = "what the charts make of it is judged by `helmfile template | podgate check -`".to_owned();
    maker.tell(&releases.pointer, reason);
    for key in ["bases", "helmfiles"] {
        refer_all(maker, whole, key);
    }
    let templates = whole.get("templates").map(|templates| templates.entries()).unwrap_or_default();
    for own in releases.items().into_iter().chain(templates.into_iter().map(|(_, own)| own)) {
        release(maker, &own);
    }
    maker.unknown_values(&whole.clone().without(&["releases", "templates"]));
}

/// One release, or what several have in common.
fn release(maker: &mut Maker<'_>, release: &Part) {
    let at = &release.pointer;
    let mut maps = Vec::new();
    for key in ["values", "valuesTemplate"] {
        let (own, files): (Vec<_>, Vec<_>) = release.items_of(key).into_iter().partition(Part::is_map);
        maps.extend(own);
        refer_all(maker, &Part::map(at).with(key, Part::list(at, files)), key);
    }
    if maps.len() < 2 || maker.affords(at, maps.len(), || maps.iter().map(Part::size).sum()) {
        // Each counts over the ones before.
        let values = maps.into_iter().reduce(|base, over| base.laid_under(over, false));
        let given = set::over(maker, values, one_by_one(release), at);
        if let Some(values) = given {
            of_chart(maker, &values, &release.get("chart").unwrap_or_else(|| release.clone()));
        }
    }
    refer_all(maker, release, "secrets");
    let files =
        release.items_of("strategicMergePatches").into_iter().filter(|patch| !patch.is_map()).collect();
    refer_all(maker, &Part::map(at).with(PATCHES, Part::list(at, files)), PATCHES);
    let patches = Part::map(at)
        .with("patches", release.get("jsonPatches"))
        .with("patchesStrategicMerge", release.get(PATCHES));
    kustomize::patches(maker, &patches);
    maker.by_shape([&release.clone().without(&READ)]);
}

fn one_by_one(release: &Part) -> Vec<set::Given> {
    let of = |(key, is_text)| {
        release.items_of(key).into_iter().filter_map(move |one| {
            let value = ["value", "values"].iter().find_map(|key| one.get(key))?;
            Some(set::Given { name: one.text_of("name")?, value, is_text })
        })
    };
    [("set", false), ("setTemplate", false), ("setString", true)].into_iter().flat_map(of).collect()
}
