//! The values of the container runner's chart, and the settings that it makes of them.

use super::super::super::part::Part;
use super::super::super::template::Template;
use super::super::docker::variables;
use super::super::{Maker, labels_and_annotations, values};

/// Containers of services, by how their images are told.
const SERVICES: [&str; 4] = ["default", "exact", "pattern", "prefix"];

/// Whether these are values of the container runner: with classes of jobs, or with what their services are.
pub(in super::super) fn is_values(values: &Part) -> bool {
    let map = |key: &str| values.find(&["agent", key]).filter(Part::is_map);
    let is_services =
        |all: Part| values::is_said(&all) && all.entries().iter().all(|(key, _)| SERVICES.contains(&&**key));
    map("resourceClasses").is_some() || map("serviceContainers").is_some_and(is_services)
}

/// Whether these are the settings that the chart makes of its values (`taskpods`). Without a pod they may be of something
/// else.
pub(super) fn is_settings(settings: &Part) -> bool {
    let classes = settings.get("resourceClasses").map(|classes| classes.entries()).unwrap_or_default();
    classes.iter().any(|(_, class)| class.get("spec").is_some())
}

/// What of the agent's values is read here.
const READ: [&str; 6] = [
    "containerSecurityContext",
    "environment",
    "podAnnotations",
    "podSecurityContext",
    "resourceClasses",
    "serviceContainers",
];

/// Judges the classes of jobs, the containers of services in all of them, and the pod of the agent that makes these.
pub(super) fn judge(maker: &mut Maker<'_>, agent: &Part) {
    for (name, class) in agent.get("resourceClasses").iter().flat_map(Part::entries) {
        maker.inside("ResourceClass", &name, &class, |maker| resource_class(maker, &class));
    }
    let services = agent.get("serviceContainers").map(|all| all.entries()).unwrap_or_default();
    let services = services.into_iter().flat_map(|(key, part)| match &*key {
        "default" => vec![(key, part)],
        _ => part.entries(),
    });
    for (image, container) in services {
        maker.inside("ServiceContainer", &image, &container, |maker| service(maker, &image, &container));
    }
    let at = agent.pointer.as_str();
    let environment = variables(agent.get("environment").as_ref());
    let fields = [
        ("securityContext", agent.get("containerSecurityContext")),
        ("env", (!environment.is_empty()).then(|| Part::list(at, environment))),
    ];
    let context = agent.get("podSecurityContext");
    let annotations = agent.get("podAnnotations");
    let said = fields.iter().filter_map(|(_, part)| part.as_ref()).chain(&context).chain(&annotations);
    if said.into_iter().any(values::is_said) {
        let container = values::container(at, "container-agent", fields);
        let spec = Part::map(at).with("securityContext", context);
        maker.add(Template {
            metadata: annotations.map(|own| Part::map(&own.pointer).with("annotations", own.clone())),
            spec: Some(spec.with("containers", Part::list(at, vec![container]))),
            partial: true,
            implied: vec!["it is the agent, which makes the pods of jobs".to_owned()],
            ..Template::default()
        });
    }
    let rest = agent.clone().without(&READ).entries();
    maker.by_shape(rest.iter().map(|(_, part)| part));
}

/// The container of services of jobs, in the place of what their class says.
fn service(maker: &mut Maker<'_>, name: &str, written: &Part) {
    let at = written.pointer.as_str();
    let named = written.clone().with("name", Part::text(name, at));
    maker.add(Template {
        spec: Some(Part::map(at).with("containers", Part::list(at, vec![named]))),
        partial: true,
        implied: vec!["every service of a job with this image is such a container".to_owned()],
        ..Template::default()
    });
}

/// A class of jobs: what its first container says holds for all containers of a task.
fn resource_class(maker: &mut Maker<'_>, class: &Part) {
    let beside = class.clone().without(&["metadata", "spec", "token"]).entries();
    maker.by_shape(beside.iter().map(|(_, part)| part));
    let Some(spec) = class.get("spec") else { return };
    maker.add(Template {
        metadata: labels_and_annotations(class.get("metadata")),
        spec: Some(spec),
        partial: true,
        implied: vec!["what the first container says holds for every container of a job".to_owned()],
        ..Template::default()
    });
}
