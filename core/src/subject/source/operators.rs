//! Custom resources that hold a pod in a form of their own: Knative, the Spark operator, Shipwright and KEDA. What
//! holds whole templates is found by its shape as well; here it has its name, and what surrounds the pod is known.

mod spark;
#[cfg(test)]
mod tests;

use super::super::Subjects;
use super::super::object::Object;
use super::super::part::Part;
use super::super::template::Template;
use super::case::in_any_case;
use super::{Maker, labels_and_annotations, make};

/// Fields of a revision that no pod has.
const OF_REVISION: [&str; 5] = [
    "containerConcurrency",
    "idleTimeoutSeconds",
    "responseStartTimeoutSeconds",
    "timeoutSeconds",
    "traffic",
];

/// Takes their kinds.
pub(in crate::subject) fn read(object: &Object<'_>, found: &mut Subjects) -> bool {
    let whole = object.part();
    let spec = whole.get("spec").unwrap_or_else(|| Part::map(&whole.pointer));
    let (platform, read): (_, fn(&mut Maker<'_>, &Part, &Part)) = match (object.group(), object.kind()) {
        ("serving.knative.dev", "Service" | "Configuration" | "Revision") => ("knative", knative),
        ("sparkoperator.k8s.io", "SparkApplication") => ("spark", |maker, _, spec| spark::read(maker, spec)),
        ("sparkoperator.k8s.io", "ScheduledSparkApplication") => ("spark", |maker, _, spec| {
            if let Some(template) = spec.get("template") {
                spark::read(maker, &template);
            }
        }),
        ("shipwright.io", "BuildStrategy" | "ClusterBuildStrategy") => {
            ("shipwright", |maker, _, spec| strategy(maker, spec))
        }
        ("shipwright.io", "Build" | "BuildRun") => ("shipwright", |maker, _, spec| build(maker, spec)),
        ("keda.sh", "ScaledJob") => {
            ("keda", |maker, _, spec| match spec.find(&["jobTargetRef", "template"]) {
                Some(template) => template_of(maker, &template),
                None => maker.without("/spec/jobTargetRef/template"),
            })
        }
        _ => return false,
    };
    make(object, platform, found, |maker| {
        read(maker, &whole, &spec);
        true
    })
}

fn template_of(maker: &mut Maker<'_>, template: &Part) {
    maker.add(Template {
        metadata: template.get("metadata"),
        spec: template.get("spec"),
        ..Template::default()
    });
}

/// A revision, or what makes revisions.
fn knative(maker: &mut Maker<'_>, whole: &Part, spec: &Part) {
    let is_revision = maker.object.kind() == "Revision";
    // Its webhook reads as Tekton's does.
    let mut odd = Vec::new();
    let whole = in_any_case(whole.clone(), &[], &mut odd);
    maker.either_way(&odd);
    let spec = whole.get("spec").unwrap_or_else(|| spec.clone());
    let holder = if is_revision { Some(whole) } else { spec.get("template") };
    let Some(pod) = holder.as_ref().and_then(|holder| holder.get("spec")) else {
        return maker.without(if is_revision { "/spec" } else { "/spec/template/spec" });
    };
    maker.add(Template {
        metadata: labels_and_annotations(holder.and_then(|holder| holder.get("metadata"))),
        spec: Some(pod.without(&OF_REVISION)),
        implied: vec!["a container `queue-proxy`".to_owned()],
        ..Template::default()
    });
}

/// The steps of a strategy, in the pod of a build.
fn strategy(maker: &mut Maker<'_>, spec: &Part) {
    let steps = ["steps", "buildSteps"].iter().find_map(|key| spec.get(key));
    let context = spec.get("securityContext").map(|context| context.only(&["runAsGroup", "runAsUser"]));
    maker.add(Template {
        spec: Some(
            Part::map(&spec.pointer)
                .with("volumes", volumes(spec))
                .with("securityContext", context)
                .with("containers", steps.map(|steps| of_steps(&steps))),
        ),
        partial: true,
        implied: vec!["the steps are those of a TaskRun of Tekton".to_owned()],
        ..Template::default()
    });
}

/// The steps without what builds fill in.
fn of_steps(steps: &Part) -> Part {
    let one = |one: Part| one.without(&["parameters"]);
    Part::list(&steps.pointer, steps.items().into_iter().map(one).collect())
}

/// What a build puts in the place of the strategy's volumes.
fn build(maker: &mut Maker<'_>, spec: &Part) {
    let inner =
        ["build", "buildSpec"].iter().filter_map(|key| spec.find(&[key, "spec"]).or_else(|| spec.get(key)));
    for holder in std::iter::once(spec.clone()).chain(inner) {
        if let Some(volumes) = volumes(&holder) {
            let spec = Part::map(&holder.pointer).with("volumes", volumes);
            maker.add(Template { spec: Some(spec), partial: true, ..Template::default() });
        }
    }
}

fn volumes(spec: &Part) -> Option<Part> {
    let list = spec.get("volumes")?;
    let one = |one: Part| one.without(&["description", "overridable"]);
    Some(Part::list(&list.pointer, list.items().into_iter().map(one).collect()))
}
