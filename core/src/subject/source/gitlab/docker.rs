//! The containers that the executor for Docker makes of every job: one for its scripts, and its services
//! (`executors/docker/docker.go`).

use super::super::super::part::Part;
use super::super::super::template::Template;
use super::super::docker::{Docker, Given};
use super::super::{Maker, size};
use super::runner::{OfJobs, environment, field, is_on};
use crate::typed::Note;

/// Settings, with the options of `docker create` that they are.
const OPTIONS: [(&str, &str); 12] = [
    ("network_mode", "network"),
    ("pid_mode", "pid"),
    ("ipcmode", "ipc"),
    ("userns_mode", "userns"),
    ("user", "user"),
    ("group_add", "group-add"),
    ("cap_add", "cap-add"),
    ("cap_drop", "cap-drop"),
    ("devices", "device"),
    ("device_cgroup_rules", "device-cgroup-rule"),
    ("security_opt", "security-opt"),
    ("volumes_from", "volumes-from"),
];

/// Adds them.
pub(super) fn add(maker: &mut Maker<'_>, settings: &Part, job: &OfJobs, notes: Vec<Note>) {
    let listed = field(settings, "services").map(|list| list.items()).unwrap_or_default();
    if !maker.affords(&settings.pointer, listed.len() + 1, || size(&job.env)) {
        return;
    }
    let mut docker = build(settings, job);
    let unresolved = std::mem::take(&mut docker.unresolved);
    let services = services(settings, job, &listed);
    let services = services.into_iter().flat_map(|one| one.spec().items_of("containers")).collect();
    let spec = docker.spec().and("containers", services);
    maker.add(Template { notes, unresolved, ..of_every_job(spec) });
    if let Some(devices) = field(settings, "services_devices") {
        maker.add(of_every_job(with_devices(&devices).spec()));
    }
}

fn of_every_job(spec: Part) -> Template {
    Template {
        spec: Some(spec),
        partial: true,
        implied: vec!["the executor `docker` runs every job so, on the runner's own machine".to_owned()],
        ..Template::default()
    }
}

fn named(name: &str, at: &str) -> Part {
    Part::map(at).with("name", Part::text(name, at))
}

/// The container in which the scripts of a job run.
fn build(settings: &Part, job: &OfJobs) -> Docker {
    let build = named("build", &settings.pointer).with("image", field(settings, "image"));
    let mut docker = Docker::new(build.and("args", job.scripts.clone()).and("env", job.env.clone()));
    for (name, option) in OPTIONS {
        with_options(&mut docker, option, field(settings, name));
    }
    for volume in field(settings, "volumes").map(|list| list.items()).unwrap_or_default() {
        docker.volume(&volume);
    }
    if let Some(on) = is_on(settings, "privileged") {
        docker.privileged(&on.pointer);
    }
    docker
}

/// The services beside it. Without a word of their own, they are as privileged as the build.
fn services(settings: &Part, job: &OfJobs, listed: &[Part]) -> Vec<Docker> {
    let own = field(settings, "services_privileged").or_else(|| field(settings, "privileged"));
    let privileged = own.filter(|value| value.as_bool() == Some(true));
    let options = field(settings, "services_security_opt");
    let service = |one: &Part| {
        named("service", &one.pointer)
            .with("image", field(one, "name"))
            .with("command", field(one, "entrypoint"))
            .with("args", field(one, "command"))
            .and("env", job.env.clone())
            .and("env", environment(one))
    };
    let mut services: Vec<Part> = listed.iter().map(service).collect();
    // Jobs bring services of their own.
    if services.is_empty() && (privileged.is_some() || options.is_some()) {
        services.push(named("service", &settings.pointer));
    }
    let confined = |service: Part| {
        let mut docker = Docker::new(service);
        with_options(&mut docker, "security-opt", options.clone());
        if let Some(on) = &privileged {
            docker.privileged(&on.pointer);
        }
        docker
    };
    services.into_iter().map(confined).collect()
}

/// A service of one of those images that get devices.
fn with_devices(devices: &Part) -> Docker {
    let mut docker = Docker::new(named("service", &devices.pointer));
    devices.entries().into_iter().for_each(|(_, list)| with_options(&mut docker, "device", Some(list)));
    docker
}

/// Gives a container of Docker an option for each text of a list.
fn with_options(docker: &mut Docker, option: &str, list: Option<Part>) {
    for value in list.map(|list| list.items()).unwrap_or_default() {
        let Some(text) = value.as_str() else { continue };
        docker.option(&Given::new(option, text), &value.pointer);
    }
}
