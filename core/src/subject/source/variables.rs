//! Variables of CI runners in ConfigMaps and Secrets, whose containers get all of these: some set what every job may do.

#[cfg(test)]
mod tests;

use super::super::Subjects;
use super::super::object::Object;
use super::super::part::Part;
use super::super::template::Template;
use super::docker::variable;
use super::{make, texts};

/// Those that policies judge in a container, with whose they are. `KUBERNETES_PRIVILEGED` makes a pod of GitLab's own.
const KNOWN: [(&str, &str); 8] = [
    ("DOCKER_PRIVILEGED", "gitlab"),
    ("DOCKER_SERVICES_PRIVILEGED", "gitlab"),
    ("DOCKER_VOLUMES", "gitlab"),
    ("DRONE_RUNNER_PRIVILEGED_IMAGES", "drone"),
    ("DRONE_RUNNER_VOLUMES", "drone"),
    ("WOODPECKER_BACKEND_DOCKER_VOLUMES", "woodpecker"),
    ("WOODPECKER_PLUGINS_PRIVILEGED", "woodpecker"),
    ("WOODPECKER_VOLUME", "woodpecker"),
];

/// Takes ConfigMaps and Secrets with such variables, each system's as a container that has them.
pub(in crate::subject) fn read(object: &Object<'_>, found: &mut Subjects) -> bool {
    if !object.group().is_empty() || !matches!(object.kind(), "ConfigMap" | "Secret") {
        return false;
    }
    let texts = texts(object);
    let own = |system: &str| -> Vec<Part> {
        let named = |text: &Part| {
            let name = text.pointer.rsplit('/').next()?;
            let (name, _) = KNOWN.iter().find(|known| **known == (name, system))?;
            Some(variable(name, text.clone()))
        };
        texts.iter().filter_map(named).collect()
    };
    let mut is_own = false;
    for system in ["gitlab", "drone", "woodpecker"] {
        let env = own(system);
        is_own |= !env.is_empty()
            && make(object, system, found, |maker| {
                let at = &object.entry.pointer;
                let container = Part::map(at).with("name", Part::text("runner", at)).and("env", env);
                maker.add(Template {
                    spec: Some(Part::map(at).with("containers", Part::list(at, vec![container]))),
                    partial: true,
                    implied: vec!["a runner has these variables in its environment".to_owned()],
                    ..Template::default()
                });
                true
            });
    }
    is_own
}
