//! A runner's settings, `config.toml`: each runner with an executor for Kubernetes or Docker decides what the
//! containers of every job may do (`common/config.go` of GitLab Runner). They stand in files, in values of the
//! chart, and in ConfigMaps.

use super::super::super::part::Part;
use super::super::super::template::Template;
use super::super::docker::{Docker, Given};
use super::super::{Maker, setting};
use super::kubernetes;
use crate::document::Node;
use crate::typed::Note;

/// The settings by which a runner lets its jobs change their pods; most hold a regular expression.
const OVERWRITES: [&str; 7] = [
    "bearer_token_overwrite_allowed",
    "namespace_overwrite_allowed",
    "node_selector_overwrite_allowed",
    "node_tolerations_overwrite_allowed",
    "pod_annotations_overwrite_allowed",
    "pod_labels_overwrite_allowed",
    "service_account_overwrite_allowed",
];

/// The value of a setting: the reader of GitLab Runner takes any case of its name where none is the same.
pub(super) fn field(part: &Part, name: &str) -> Option<Part> {
    part.get(name).or_else(|| {
        let entries = part.entries().into_iter();
        let mut alike = entries.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value);
        alike.find(|value| !value.is_null())
    })
}

/// Whether a setting is switched on.
pub(super) fn is_on(part: &Part, name: &str) -> Option<Part> {
    field(part, name).filter(|value| value.as_bool() == Some(true))
}

/// Whether these are the settings of runners. In YAML, other things have an address, too.
pub(super) fn is_config(whole: &Part, is_toml: bool) -> bool {
    let is_table = |part: &Part, key: &str| part.get(key).is_some_and(|inner| inner.is_map());
    let is_runner = |one: &Part| {
        let named = one.get("token").is_some() || one.get("name").is_some();
        let url = is_toml && one.get("url").is_some() && named;
        one.is_map() && (one.text_of("executor").is_some() || is_table(one, "kubernetes") || url)
    };
    let Some(runners) = whole.get("runners") else { return false };
    let fragment = is_table(&runners, "kubernetes") || is_table(&runners, "docker");
    if runners.is_map() { fragment } else { runners.items().iter().any(is_runner) }
}

/// Whether a text holds settings of runners.
pub(super) fn is_told(text: &str) -> bool {
    text.contains("[[runners") || text.contains("[runners.")
}

/// The runners of settings that are written as TOML inside a text.
pub(super) fn in_text(maker: &mut Maker<'_>, text: &Part) {
    let read = |node: &Node| maker.object.document.toml_in(node);
    match text.as_node().and_then(read) {
        Some(Ok(document)) => runners(maker, &Part::new(document.root(), text.pointer.clone())),
        Some(Err(error)) => maker.unread(text, &error, "the settings of the runner"),
        None => {}
    }
}

/// Judges each runner.
pub(super) fn runners(maker: &mut Maker<'_>, whole: &Part) {
    for runner in whole.get("runners").map(|runners| runners.items()).unwrap_or_default() {
        let name = runner.text_of("name").unwrap_or_default();
        maker.inside("GitLabRunner", &name, &runner, |maker| one(maker, &runner));
    }
}

fn one(maker: &mut Maker<'_>, runner: &Part) {
    let env = environment(runner);
    if let Some(settings) = field(runner, "kubernetes") {
        let mut notes = told(&settings, "privileged", &kubernetes::covered(&settings));
        for kind in kubernetes::KINDS {
            let own = field(&settings, &format!("{kind}_container_security_context"));
            notes.extend(own.into_iter().flat_map(|own| told(&own, "privileged", &[kind])));
        }
        notes.extend(open_images(&settings, &notes));
        notes.extend(overwrites(&settings));
        kubernetes::add(maker, &settings, env.clone(), notes);
    }
    let docker = field(runner, "docker");
    if let Some(settings) = docker.filter(|_| runner.text_of("executor").as_deref() != Some("kubernetes")) {
        by_docker(maker, &settings, env);
    }
}

/// The variables that a runner sets for all jobs.
fn environment(runner: &Part) -> Vec<Part> {
    let pairs = field(runner, "environment").map(|list| list.items()).unwrap_or_default();
    let pair = |pair: &Part| {
        let (name, value) = pair.as_str()?.split_once('=')?;
        let value = Part::text(value, &pair.pointer);
        Some(Part::map(&pair.pointer).with("name", Part::text(name, &pair.pointer)).with("value", value))
    };
    pairs.iter().filter_map(pair).collect()
}

/// The note that a setting makes containers privileged.
pub(super) fn told(settings: &Part, name: &str, covered: &[&str]) -> Vec<Note> {
    let on = is_on(settings, name).into_iter();
    let covered: Vec<String> = covered.iter().map(|kind| (*kind).to_owned()).collect();
    on.map(|on| setting("gitlab-privileged", name, &on.pointer, covered.clone())).collect()
}

/// The note that jobs choose any image for privileged containers.
pub(super) fn open_images(settings: &Part, privileged: &[Note]) -> Option<Note> {
    let first = privileged.first()?;
    let open = ["allowed_images", "allowed_services"].into_iter().filter(|key| {
        let patterns = field(settings, key).map(|list| list.items()).unwrap_or_default();
        patterns.is_empty()
            || patterns.iter().any(|one| matches!(one.as_str(), Some("*" | "**" | "*/*" | "**/*")))
    });
    let open: Vec<String> = open.map(str::to_owned).collect();
    (!open.is_empty()).then(|| setting("gitlab-open-images", "privileged", &first.pointer, open))
}

fn overwrites(settings: &Part) -> Vec<Note> {
    let found = OVERWRITES.iter().filter_map(|name| {
        let value = field(settings, name)?;
        let text = value.clone().into_text();
        let text = text.as_str().filter(|text| !text.is_empty() && *text != "false")?.to_owned();
        Some(setting("overwrite-allowed", name, &value.pointer, vec![text]))
    });
    found.collect()
}

/// The container that the executor for Docker makes of a job, and one for its services.
fn by_docker(maker: &mut Maker<'_>, settings: &Part, env: Vec<Part>) {
    let mut notes = told(settings, "privileged", &["build"]);
    notes.extend(told(settings, "services_privileged", &["service"]));
    notes.extend(open_images(settings, &notes));
    let named = |name: &str| {
        let at = &settings.pointer;
        Part::map(at)
            .with("name", Part::text(name, at))
            .with("image", field(settings, "image").filter(|_| name == "build"))
    };
    let mut docker = Docker::new(named("build").and("env", env));
    for (name, option) in [
        ("network_mode", "network"),
        ("pid_mode", "pid"),
        ("ipcmode", "ipc"),
        ("userns_mode", "userns"),
        ("user", "user"),
        ("cap_add", "cap-add"),
        ("cap_drop", "cap-drop"),
        ("devices", "device"),
        ("security_opt", "security-opt"),
    ] {
        for value in field(settings, name).map(|value| value.items()).unwrap_or_default() {
            let Some(text) = value.as_str() else { continue };
            docker.option(&Given::new(option, text), &value.pointer);
        }
    }
    for volume in field(settings, "volumes").map(|list| list.items()).unwrap_or_default() {
        docker.volume(&volume);
    }
    if let Some(on) = is_on(settings, "privileged") {
        docker.privileged(&on.pointer);
    }
    let unresolved = docker.unresolved.clone();
    // Without a word of their own, services are as privileged as the build.
    let own = field(settings, "services_privileged");
    let services =
        own.or_else(|| field(settings, "privileged")).filter(|value| value.as_bool() == Some(true));
    let mut spec = docker.spec();
    if let Some(on) = services {
        let mut service = Docker::new(named("service"));
        service.privileged(&on.pointer);
        spec = spec.and("containers", service.spec().items_of("containers"));
    }
    maker.add(Template {
        spec: Some(spec),
        partial: true,
        notes,
        implied: vec!["the executor `docker` runs every job so, on the runner's own machine".to_owned()],
        unresolved,
        ..Template::default()
    });
}
