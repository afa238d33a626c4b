//! Clouds of Docker's plugin (<https://github.com/jenkinsci/docker-plugin>): their agents are containers of a daemon.

use super::super::super::part::Part;
use super::super::super::template::Template;
use super::super::Maker;
use super::super::docker::{Docker, Given};
use super::field;

/// The settings of a container, with the options of `docker run` that they are. What ends in `String` holds one a line,
/// the others are lists, and those of the file of Jenkins' own (`DockerTemplateBase.java`).
const OPTIONS: [(&str, &str); 20] = [
    ("capabilitiesToAdd", "cap-add"),
    ("capabilitiesToAddString", "cap-add"),
    ("capabilitiesToDrop", "cap-drop"),
    ("capabilitiesToDropString", "cap-drop"),
    ("devices", "device"),
    ("devicesString", "device"),
    ("environment", "env"),
    ("environmentsString", "env"),
    ("extraGroups", "group-add"),
    ("extraGroupsString", "group-add"),
    ("mounts", "mount"),
    ("mountsString", "mount"),
    ("network", "network"),
    ("securityOpts", "security-opt"),
    ("securityOptsString", "security-opt"),
    ("user", "user"),
    ("volumes", "volume"),
    ("volumesFrom2", "volumes-from"),
    ("volumesFromString", "volumes-from"),
    ("volumesString", "volume"),
];

/// Judges the templates of a cloud, each as the container that the daemon makes of it.
pub(super) fn docker(maker: &mut Maker<'_>, cloud: &Part) {
    let reason = "a cloud of Docker's plugin: its agents are containers of a daemon, and no pods";
    maker.tell(&cloud.pointer, reason.to_owned());
    for template in cloud.items_of("templates") {
        agent(maker, &template.get("dockerTemplateBase").unwrap_or(template));
    }
}

/// Judges what a template says of the container that it makes.
pub(super) fn agent(maker: &mut Maker<'_>, base: &Part) {
    let mut docker = container(base);
    let unresolved = std::mem::take(&mut docker.unresolved);
    let spec = docker.spec();
    let open = spec.texts_with("${", &["args", "env"]);
    maker.add(Template {
        spec: Some(spec),
        partial: true,
        implied: vec!["a container that Docker runs, on the machine of its daemon, and no pod".to_owned()],
        unresolved: unresolved.into_iter().chain(open).collect(),
        ..Template::default()
    });
}

fn container(base: &Part) -> Docker {
    let at = base.pointer.as_str();
    let command = base.items_of("dockerCommand");
    let named = Part::map(at).with("name", Part::text("docker", at)).with("image", base.get("image"));
    let mut docker = Docker::new(named.and("args", command));
    if let Some(on) = base.get("privileged").map(field::truth).filter(|on| on.as_bool() != Some(false)) {
        docker.privileged(&on.pointer);
    }
    for (key, option) in OPTIONS {
        for written in base.items_of(key).into_iter().flat_map(elements).map(Part::into_text) {
            let lines = written.as_str().unwrap_or_default().lines().map(str::trim);
            for line in lines.filter(|line| !line.is_empty()) {
                docker.option(&Given::new(option, line), &written.pointer);
            }
        }
    }
    docker
}

/// The elements of a list in XML, each behind the name of its class.
fn elements(written: Part) -> Vec<Part> {
    if !written.is_map() {
        return vec![written];
    }
    written.entries().into_iter().flat_map(|(_, own)| own.items()).collect()
}
