//! Objects that hold the values of charts and patches of other objects: releases of Flux, applications of Argo CD, charts
//! of k3s and RKE2, releases of Crossplane and helmfile, and Kustomizations.
//!
//! The values are offered to the systems as the values file of the chart would be. What none of them takes is judged by
//! its shape, and that the chart makes something of it is told.

mod helmfile;
mod kustomize;
mod set;
#[cfg(test)]
mod tests;

use super::super::Subjects;
use super::super::object::{self, Object};
use super::super::part::Part;
use super::{Maker, called, make, umbrella};

/// Takes the kinds that hold values of charts, and Kustomizations.
pub(in crate::subject) fn read(object: &Object<'_>, found: &mut Subjects) -> bool {
    let act: fn(&mut Maker<'_>, &Part, &Part) = match (object.group(), object.kind()) {
        ("helm.toolkit.fluxcd.io" | "helm.fluxcd.io", "HelmRelease") => release,
        ("argoproj.io", "Application") => application,
        ("argoproj.io", "ApplicationSet") => applications,
        ("helm.cattle.io", "HelmChart" | "HelmChartConfig") => chart,
        ("helm.crossplane.io" | "helm.m.crossplane.io", "Release") => of_crossplane,
        ("kustomize.toolkit.fluxcd.io", "Kustomization") => kustomize::of_flux,
        ("kustomize.config.k8s.io", _) => kustomize::file,
        ("", "") if kustomize::is_named(object) => kustomize::file,
        ("", "") if helmfile::is_one(&object.part()) => helmfile::file,
        _ => return false,
    };
    let whole = object.part();
    let kind = match object.kind() {
        "" if kustomize::is_named(object) => "Kustomization",
        "" => "helmfile",
        kind => kind,
    };
    let (name, pointer) = (&*object.entry.name, &*object.entry.pointer);
    make(&called(object, kind, name, pointer), "", found, |maker| {
        let spec = whole.get("spec").unwrap_or_else(|| Part::map(&whole.pointer));
        act(maker, &whole, &spec);
        true
    })
}

/// A release of Flux.
fn release(maker: &mut Maker<'_>, _: &Part, spec: &Part) {
    let chart = ["chart", "chartRef"].iter().find_map(|key| spec.get(key));
    let name = chart.as_ref().and_then(|chart| {
        [&["spec", "chart"][..], &["name"], &["git"]].iter().find_map(|way| chart.find(way))
    });
    values(maker, spec.get("values"), &name.or(chart).unwrap_or_else(|| spec.clone()), "chart");
    refer_all(maker, spec, "valuesFrom");
    for own in spec.items_of("postRenderers").iter().filter_map(|renderer| renderer.get("kustomize")) {
        kustomize::patches(maker, &own);
    }
    if let Some(renderers) = spec.get("postRenderers") {
        let reason = "`postRenderers` change what the chart makes, which is not in the file";
        maker.tell(&renderers.pointer, reason.to_owned());
    }
    maker.by_shape([&spec.clone().without(&["postRenderers", "values", "valuesFrom"])]);
}

/// References of one kind that are told of an object one by one.
const MOST_TOLD: usize = 10;

/// Tells of the references in a list, each by its name or path, and how many there are beyond those.
fn refer_all(maker: &mut Maker<'_>, holder: &Part, key: &str) {
    let all = holder.items_of(key);
    for one in all.iter().take(MOST_TOLD) {
        let ways: [&[&str]; 4] =
            [&["path"], &["name"], &["configMapKeyRef", "name"], &["secretKeyRef", "name"]];
        let name = ways.iter().find_map(|way| one.find(way)).unwrap_or_else(|| one.clone());
        maker.refer(&Part::map(&one.pointer).with("name", name), key);
    }
    if let Some(next) = all.get(MOST_TOLD) {
        let more = all.len() - MOST_TOLD;
        let reason =
            format!("`{key}` refers to {more} more: what they bring is judged in their own files alone");
        maker.tell(&next.pointer, reason);
    }
}

/// An application of Argo CD, or the template of many.
fn application(maker: &mut Maker<'_>, _: &Part, spec: &Part) {
    let drier = spec.find(&["sourceHydrator", "drySource"]);
    for source in spec.get("source").into_iter().chain(spec.items_of("sources")).chain(drier) {
        self::source(maker, &source);
    }
    maker.by_shape([&spec.clone().without(&["source", "sourceHydrator", "sources"])]);
}

fn applications(maker: &mut Maker<'_>, whole: &Part, spec: &Part) {
    if let Some(own) = spec.find(&["template", "spec"]) {
        application(maker, whole, &own);
    }
    if let Some(patch) = spec.get("templatePatch") {
        let reason = "`templatePatch` changes the applications when it is filled in: it was not judged";
        maker.tell(&patch.pointer, reason.to_owned());
    }
    // Generators may hold templates of their own, over the one of all.
    let mut pending = spec.items_of("generators");
    pending.reverse();
    while let Some(part) = pending.pop() {
        for (key, own) in part.entries() {
            if let Some(template) = own.find(&["template", "spec"]).filter(|_| own.is_map()) {
                application(maker, whole, &template);
            }
            if matches!(&*key, "matrix" | "merge") {
                pending.extend(own.items_of("generators").into_iter().rev());
            }
        }
    }
}

/// One source of an application.
fn source(maker: &mut Maker<'_>, source: &Part) {
    let helm = source.get("helm").unwrap_or_else(|| Part::map(&source.pointer));
    let object = helm.get("valuesObject").filter(Part::is_map);
    let base = object.or_else(|| text(maker, helm.get("values")));
    let given = helm.items_of("parameters").into_iter().filter_map(|one| {
        let is_text = one.get("forceString").is_some_and(|own| own.as_bool() != Some(false));
        Some(set::Given { name: one.text_of("name")?, value: one.get("value")?, is_text })
    });
    let all = set::over(maker, base, given.collect(), &helm.pointer);
    let chart = ["chart", "path", "ref", "repoURL"].iter().find_map(|key| source.get(key));
    values(maker, all, &chart.unwrap_or_else(|| source.clone()), "source");
    for key in ["valueFiles", "fileParameters"] {
        refer_all(maker, &helm, key);
    }
    if let Some(own) = source.get("kustomize") {
        kustomize::patches(maker, &own);
    }
    maker.by_shape([&source.clone().without(&["helm", "kustomize"])]);
}

/// A chart of k3s or RKE2, or what is said of one of theirs.
fn chart(maker: &mut Maker<'_>, whole: &Part, spec: &Part) {
    let base = text(maker, spec.get("valuesContent"));
    let base = match (base, spec.get("values").filter(Part::is_map)) {
        (Some(base), Some(over)) => Some(base.laid_under(over, false)),
        (base, over) => over.or(base),
    };
    let given = spec.get("set").map(|set| set.entries()).unwrap_or_default().into_iter();
    let given = given.map(|(name, value)| set::Given { name: name.to_string(), value, is_text: false });
    let all = set::over(maker, base, given.collect(), &spec.pointer);
    let name = spec.get("chart").or_else(|| whole.find(&["metadata", "name"]));
    values(maker, all, &name.unwrap_or_else(|| spec.clone()), "chart");
    refer_all(maker, spec, "valuesSecrets");
    let rest = spec.clone().without(&["chartContent", "set", "values", "valuesContent", "valuesSecrets"]);
    maker.by_shape([&rest]);
}

/// A release of Crossplane's provider for Helm.
fn of_crossplane(maker: &mut Maker<'_>, _: &Part, spec: &Part) {
    let own = spec.get("forProvider").unwrap_or_else(|| Part::map(&spec.pointer));
    let given = own.items_of("set").into_iter().filter_map(|one| {
        Some(set::Given { name: one.text_of("name")?, value: one.get("value")?, is_text: false })
    });
    let all = set::over(maker, own.get("values"), given.collect(), &own.pointer);
    let name = own.find(&["chart", "name"]).or_else(|| own.get("chart"));
    values(maker, all, &name.unwrap_or_else(|| spec.clone()), "chart");
    for key in ["patchesFrom", "valuesFrom"] {
        refer_all(maker, &own, key);
    }
}

/// Judges values of a chart: as a system whose chart it is, or by their shape. Says whether a system takes them.
fn of_chart(maker: &mut Maker<'_>, values: &Part, chart: &Part) -> bool {
    let name = chart.as_str().and_then(|name| name.rsplit('/').next()).unwrap_or_default();
    let mut offer = |values: &Part| object::offer(maker.object.document, values, maker.found);
    let taken = offer(values) || umbrella::named(name, values).is_some_and(|values| offer(&values));
    if !taken {
        maker.unknown_values(values);
    }
    taken
}

/// The values that a text holds.
fn text(maker: &mut Maker<'_>, text: Option<Part>) -> Option<Part> {
    let text = text.filter(|text| text.as_str().is_some_and(|own| !own.trim().is_empty()))?;
    maker.document(&text, "the values of the chart").filter(Part::is_map)
}

/// Judges values of a chart, if there are any, and tells where what they are for is.
fn values(maker: &mut Maker<'_>, values: Option<Part>, chart: &Part, key: &str) {
    if let Some(values) = values
        && of_chart(maker, &values, chart)
    {
        return;
    }
    if chart.as_str().is_some() {
        maker.refer_to(chart, key);
    } else {
        let reason = format!("`{key}` is elsewhere: what it makes is judged by `podgate check --helm CHART`");
        maker.tell(&chart.pointer, reason);
    }
}
