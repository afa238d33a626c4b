//! Gitea's and Forgejo's runners: what their settings give every job, which runs in a container of Docker's on the
//! runner's machine, or in a pod (`internal/pkg/config/config.example.yaml` of both,
//! <https://gitea.com/gitea/runner> and <https://code.forgejo.org/forgejo/runner>).

#[cfg(test)]
mod tests;

use super::super::Subjects;
use super::super::object::Object;
use super::super::part::Part;
use super::super::template::Template;
use super::docker::{Docker, Given};
use super::{Maker, called, make};

const PLATFORM: &str = "gitea";

/// Settings of the runner itself.
const OF_RUNNER: [&str; 8] = [
    "capacity",
    "env_file",
    "envs",
    "fetch_interval",
    "fetch_timeout",
    "insecure",
    "labels",
    "shutdown_timeout",
];

/// Settings of its containers.
const OF_CONTAINER: [&str; 5] =
    ["docker_host", "force_pull", "require_docker", "valid_volumes", "workdir_parent"];

/// Settings of the containers that are judged as such.
const JUDGED: [&str; 6] =
    ["docker_host", "network", "network_mode", "options", "privileged", "valid_volumes"];

/// What stands beside the settings of the runner.
const BESIDE: [&str; 4] = ["cache", "container", "host", "log"];

/// Settings that Forgejo's runner alone has.
const OF_FORGEJO: [(&str, &str); 6] = [
    ("cache", "actions_cache_url_override"),
    ("cache", "proxy_port"),
    ("cache", "secret"),
    ("container", "enable_ipv6"),
    ("log", "job_level"),
    ("runner", "report_interval"),
];

/// Where the socket of Docker is that a runner finds by itself.
const SOCKET: &str = "/var/run/docker.sock";

/// Takes the settings of a runner.
pub(in crate::subject) fn read(object: &Object<'_>, found: &mut Subjects) -> bool {
    let whole = object.part();
    if !object.kind().is_empty() || !is_own(&whole) {
        return false;
    }
    make(&called(object, "GiteaRunnerConfig", "", &object.entry.pointer), PLATFORM, found, |maker| {
        jobs(maker, &whole);
        true
    })
}

fn is_own(whole: &Part) -> bool {
    let Some(runner) = whole.get("runner").filter(Part::is_map) else { return false };
    let has = |section: &Part, keys: &[&str]| keys.iter().filter(|key| section.get(key).is_some()).count();
    let labels = runner.items_of("labels");
    has(&runner, &OF_RUNNER) > 1 && has(whole, &BESIDE) > 0
        || has(&runner, &OF_RUNNER) > 0
            && whole.get("container").is_some_and(|container| has(&container, &OF_CONTAINER) > 0)
        || labels.iter().any(|label| matches!(how(label), Some("docker" | "host")))
}

fn jobs(maker: &mut Maker<'_>, whole: &Part) {
    let labels = whole.get("runner").map(|runner| runner.items_of("labels")).unwrap_or_default();
    let first = |ways: fn(&str) -> bool| labels.iter().find(|label| how(label).is_some_and(ways));
    // Without labels the runner has those with which it was registered.
    if labels.is_empty() || labels.iter().any(|label| matches!(how(label), None | Some("docker"))) {
        container(maker, whole);
    }
    if let Some(label) = first(|how| how == "host") {
        let reason = "jobs with this label run on the runner's own machine, in no container";
        maker.tell(&label.pointer, reason.to_owned());
    }
    if let Some(label) = first(|how| !matches!(how, "docker" | "host" | "kubernetes")) {
        maker.tell(&label.pointer, "how jobs with this label run is not known: it was not judged".to_owned());
    }
    maker.unknown_values(&rest(whole));
}

/// What is none of the runner's settings.
fn rest(whole: &Part) -> Part {
    let known = |section: &str| match section {
        "runner" => &OF_RUNNER[..],
        "container" => &JUDGED[..],
        _ => &[],
    };
    let entries = whole.entries().into_iter().map(|(section, own)| {
        let left = own.without(known(&section));
        (section, left)
    });
    Part::map(&whole.pointer).with_all(entries)
}

/// How jobs with a label run: `label:docker://image`, `label:host`. A label alone is one for Docker or for the host, by
/// the version.
fn how(label: &Part) -> Option<&str> {
    label.as_str()?.split_once(':').map(|(_, how)| how.split_once(':').map_or(how, |(how, _)| how))
}

/// The container of every job.
fn container(maker: &mut Maker<'_>, whole: &Part) {
    let own = whole.get("container").unwrap_or_else(|| Part::map(&whole.pointer));
    let at = &own.pointer;
    let mut docker = Docker::new(Part::map(at).with("name", Part::text("job", at)));
    let mut implied = vec!["the runner runs every job so, on its own machine".to_owned()];
    if let Some(on) = own.get("privileged") {
        docker.context("privileged", on);
    }
    if let Some(network) = ["network", "network_mode"].iter().find_map(|key| own.get(key)) {
        docker.option(&Given::new("network", network.as_str().unwrap_or_default()), &network.pointer);
    }
    if let Some(options) = own.get("options") {
        docker.options(&options, "options");
    }
    let allowed: Vec<_> = own.items_of("valid_volumes").iter().filter_map(mountable).collect();
    if !allowed.is_empty() {
        implied.push("what `valid_volumes` allows counts as mounted, since any job may mount it".to_owned());
    }
    allowed.iter().for_each(|volume| docker.volume(volume));
    match socket(whole, &own) {
        Socket::Mounted(path, place) => {
            docker.volume(&Part::text(&format!("{path}:{SOCKET}"), &place));
        }
        Socket::Implied(place) => {
            docker.volume(&Part::text(&format!("{SOCKET}:{SOCKET}"), &place));
            let reason = "Gitea's runner mounts Docker's socket into every job unless `docker_host` is `-`";
            implied.push(reason.to_owned());
        }
        Socket::Elsewhere(place) => {
            let reason =
                "jobs get the socket of the machine that this daemon is on, which is not in the file";
            maker.tell(&place, reason.to_owned());
        }
        Socket::None => {}
    }
    let (notes, unresolved) = (std::mem::take(&mut docker.notes), std::mem::take(&mut docker.unresolved));
    maker.add(Template {
        spec: Some(docker.spec()),
        partial: true,
        implied,
        notes,
        unresolved,
        ..Template::default()
    });
}

/// What a pattern of volumes allows of the host: what stands before its first wildcard. Names of volumes are none of it.
fn mountable(pattern: &Part) -> Option<Part> {
    let text = pattern.as_str()?;
    // What is filled in may be any place.
    let wild = if text.contains('$') { &[][..] } else { &['*', '?', '[', '{'] };
    let before = text.split(wild).next().unwrap_or_default();
    let is_name = before.starts_with(|one: char| one.is_ascii_alphanumeric());
    let folder =
        if before.len() == text.len() { before } else { before.rsplit_once('/').map_or("", |(own, _)| own) };
    let source = if folder.is_empty() { "/" } else { folder };
    (!is_name && !text.is_empty()).then(|| Part::text(&format!("{source}:{source}"), &pattern.pointer))
}

/// Docker's socket in a job.
enum Socket {
    None,
    /// By a path that is written at a place.
    Mounted(String, String),
    /// By default, which stands at a place.
    Implied(String),
    /// Of a daemon that is reached by the network.
    Elsewhere(String),
}

fn socket(whole: &Part, container: &Part) -> Socket {
    let is_forgejo = || OF_FORGEJO.iter().any(|(section, key)| whole.find(&[section, key]).is_some());
    let host = container.get("docker_host").unwrap_or_else(|| Part::map(&container.pointer));
    let (text, place) = (host.as_str().unwrap_or_default(), host.pointer.clone());
    match text.split_once("://") {
        None if text == "-" || text.is_empty() && is_forgejo() => Socket::None,
        None if text.is_empty() => Socket::Implied(place),
        None if text == "automount" => Socket::Mounted(SOCKET.to_owned(), place),
        Some(("unix", path)) => Socket::Mounted(path.to_owned(), place),
        None => Socket::Mounted(text.to_owned(), place),
        Some(_) => Socket::Elsewhere(place),
    }
}
