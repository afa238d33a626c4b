//! A runner's settings, `config.toml`: each runner with an executor for Kubernetes or Docker decides what the
//! containers of every job may do (`common/config.go` of GitLab Runner). They stand in files, in values of the
//! chart, and in ConfigMaps.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::super::object::Object;
use super::super::super::part::Part;
use super::super::{Maker, setting};
use super::{docker, kubernetes};
use crate::document::{Node, is_template};
use crate::typed::{Note, folded, is_folded};

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

/// The value of a setting: the reader of GitLab Runner takes any case of its name. Of several, one that switches it on.
pub(super) fn field(part: &Part, name: &str) -> Option<Part> {
    let alike = |key: &str| is_folded(key, name);
    let entries = part.entries().into_iter().filter(|(key, _)| alike(key)).map(|(_, value)| value);
    let own: Vec<Part> = entries.filter(|value| !value.is_null()).collect();
    let on = own.iter().find(|value| value.as_bool() == Some(true)).or_else(|| own.first());
    on.cloned()
}

/// Whether a variable of the runner's registration switches something on.
pub(super) fn is_true(text: &str) -> bool {
    ["1", "t", "true"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Tells of settings that are written twice in different cases: which of them counts is chance.
// Recursion is bounded by the depth of the document.
fn doubled(maker: &mut Maker<'_>, part: &Part) {
    let mut seen: BTreeMap<String, Arc<str>> = BTreeMap::new();
    for (key, value) in part.entries() {
        if let Some(other) = seen.insert(folded(&key).collect(), Arc::clone(&key)) {
            let reason = format!("`{key}` is also written `{other}`, and which of them counts is chance");
            maker.refuse(&value.pointer, reason);
        }
    }
    // Others have names that their author chose.
    let is_own = |key: &str| !NAMED.iter().any(|named| is_folded(key, named));
    part.inner().iter().filter(|(key, _)| is_own(key)).for_each(|(_, inner)| doubled(maker, inner));
}

/// Settings that hold names of the author's.
const NAMED: [&str; 6] =
    ["node_selector", "node_tolerations", "pod_annotations", "pod_labels", "labels", "services_devices"];

/// Whether a setting is switched on.
pub(super) fn is_on(part: &Part, name: &str) -> Option<Part> {
    field(part, name).filter(|value| value.as_bool() == Some(true))
}

/// Whether these are the settings of runners. In YAML, other things have an address, too.
pub(super) fn is_config(whole: &Part, is_toml: bool) -> bool {
    let is_table = |part: &Part, key: &str| field(part, key).is_some_and(|inner| inner.is_map());
    let is_runner = |one: &Part| {
        let named = field(one, "token").is_some() || field(one, "name").is_some();
        let url = is_toml && field(one, "url").is_some() && named;
        one.is_map() && (executor(one).is_some() || is_table(one, "kubernetes") || url)
    };
    let Some(runners) = field(whole, "runners") else { return false };
    let fragment = is_table(&runners, "kubernetes") || is_table(&runners, "docker");
    if runners.is_map() { fragment } else { runners.items().iter().any(is_runner) }
}

/// Whether a text holds settings of runners; one that cannot be read yet is told by how it looks.
pub(super) fn is_told(text: &str) -> bool {
    let text: String = folded(text).collect();
    text.contains("[[runners") || text.contains("[runners.")
}

/// Whether a text of an object holds settings of runners, in whichever form of TOML.
pub(super) fn is_in(object: &Object<'_>, text: &Part) -> bool {
    let Some(written) = text.as_str() else { return false };
    let may_be = || written.contains('=') && folded(written).collect::<String>().contains("runners");
    let read = |node: &Node| object.document.toml_in(node).and_then(Result::ok);
    match text.as_node().filter(|_| is_told(written) || may_be()).and_then(read) {
        Some(document) => is_config(&Part::new(document.root(), ""), true) || is_told(written),
        None => is_told(written) && !is_yaml(object, text),
    }
}

/// Whether a text that is no TOML is a map in YAML, such as values that hold settings.
fn is_yaml(object: &Object<'_>, text: &Part) -> bool {
    let inner = text.as_node().map(|node| object.document.documents_in(node, &text.pointer));
    let first = inner.into_iter().flatten().next();
    first.is_some_and(|(_, own)| own.is_ok_and(|node| node.as_map().is_some()))
}

/// The runners of settings that are written as TOML inside a text.
pub(super) fn in_text(maker: &mut Maker<'_>, text: &Part) {
    let read = |node: &Node| maker.object.document.toml_in(node);
    match text.as_node().and_then(read) {
        Some(Ok(document)) => {
            let from = maker.found.subjects.len();
            runners(maker, &Part::new(document.root(), text.pointer.clone()));
            without_templates(maker, text, from);
        }
        Some(Err(error)) => maker.unread(text, &error, "the settings of the runner"),
        None => {}
    }
}

/// Tells that lines of a text are filled in before it is read, and that the runners in it may have more.
fn without_templates(maker: &mut Maker<'_>, text: &Part, from: usize) {
    let Some(line) = text.as_str().and_then(|text| text.lines().find(|line| is_template(line))) else {
        return;
    };
    let reason = format!(
        "`{}` is filled in before the settings are read: what its lines bring was not judged",
        line.trim()
    );
    maker.tell(&text.pointer, reason);
    for subject in maker.found.subjects.iter_mut().skip(from) {
        subject.entry.partial = true;
        subject.entry.unresolved.push(text.pointer.clone());
    }
}

/// Judges each runner.
pub(super) fn runners(maker: &mut Maker<'_>, whole: &Part) {
    doubled(maker, whole);
    for runner in field(whole, "runners").map(|runners| runners.items()).unwrap_or_default() {
        let name = field(&runner, "name").and_then(|name| name.as_str().map(str::to_owned));
        maker.inside("GitLabRunner", &name.unwrap_or_default(), &runner, |maker| one(maker, &runner));
    }
}

/// Executors that run jobs in no container, or in what is not in the settings.
const WITHOUT_CONTAINER: [&str; 6] = ["custom", "instance", "parallels", "shell", "ssh", "virtualbox"];

fn executor(runner: &Part) -> Option<String> {
    field(runner, "executor")?.as_str().map(str::to_owned)
}

/// A runner has one executor; settings of others are left over. Without a word of it, all that it has may count, and
/// where it has nothing its jobs have the pod that the executor makes by itself.
fn one(maker: &mut Maker<'_>, runner: &Part) {
    let job = OfJobs {
        env: environment(runner),
        scripts: SCRIPTS.iter().filter_map(|name| field(runner, name)).collect(),
    };
    let executor = executor(runner).unwrap_or_default();
    if WITHOUT_CONTAINER.contains(&&*executor) {
        let reason = format!(
            "the executor `{executor}` runs jobs on a machine, and in no container of these settings"
        );
        let at = field(runner, "executor").map_or_else(|| runner.pointer.clone(), |own| own.pointer);
        maker.tell(&at, reason);
        return;
    }
    let (kubernetes, docker) = (field(runner, "kubernetes"), field(runner, "docker"));
    let (by_kubernetes, by_docker) = (executor == "kubernetes", executor.starts_with("docker"));
    let bare = |is_meant: bool| is_meant.then(|| Part::map(&runner.pointer));
    let neither = !by_docker && docker.is_none();
    if let Some(settings) = kubernetes.or_else(|| bare(by_kubernetes || neither)).filter(|_| !by_docker) {
        of_kubernetes(maker, &settings, &job);
    }
    if let Some(settings) = docker.or_else(|| bare(by_docker)).filter(|_| !by_kubernetes) {
        docker::add(maker, &settings, &job, of_docker(&settings));
    }
}

/// What a runner gives to every job: variables, and scripts around its own.
#[derive(Default)]
pub(super) struct OfJobs {
    pub(super) env: Vec<Part>,
    pub(super) scripts: Vec<Part>,
}

const SCRIPTS: [&str; 6] = [
    "pre_clone_script",
    "pre_get_sources_script",
    "post_clone_script",
    "post_get_sources_script",
    "pre_build_script",
    "post_build_script",
];

/// The pod that the executor for Kubernetes makes of a job.
pub(super) fn of_kubernetes(maker: &mut Maker<'_>, settings: &Part, job: &OfJobs) {
    let mut notes = told(settings, "privileged", &kubernetes::covered(settings));
    for kind in kubernetes::KINDS {
        let own = field(settings, &format!("{kind}_container_security_context"));
        notes.extend(own.into_iter().flat_map(|own| told(&own, "privileged", &[kind])));
    }
    notes.extend(open_images(settings, &notes));
    notes.extend(overwrites(settings));
    kubernetes::add(maker, settings, job, notes);
}

/// What is told of the settings of the executor for Docker.
fn of_docker(settings: &Part) -> Vec<Note> {
    let mut notes = told(settings, "privileged", &["build"]);
    notes.extend(told(settings, "services_privileged", &["service"]));
    notes.extend(open_images(settings, &notes));
    notes
}

/// The variables that a runner sets for all jobs, or for a service.
pub(super) fn environment(runner: &Part) -> Vec<Part> {
    let pairs = field(runner, "environment").map(|list| list.items()).unwrap_or_default();
    let pair = |pair: &Part| {
        let (name, value) = pair.as_str()?.split_once('=')?;
        let value = Part::text(value, &pair.pointer);
        Some(Part::map(&pair.pointer).with("name", Part::text(name, &pair.pointer)).with("value", value))
    };
    pairs.iter().filter_map(pair).collect()
}

/// The note that a setting makes containers privileged.
fn told(settings: &Part, name: &str, covered: &[&str]) -> Vec<Note> {
    let on = is_on(settings, name).into_iter();
    let covered: Vec<String> = covered.iter().map(|kind| (*kind).to_owned()).collect();
    on.map(|on| setting("gitlab-privileged", name, &on.pointer, covered.clone())).collect()
}

/// The note that jobs choose any image for privileged containers.
fn open_images(settings: &Part, privileged: &[Note]) -> Option<Note> {
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
