//! Containers of Docker as pods: the options of `docker create`, and volumes in their short form.
//!
//! CI systems that run their jobs by Docker take both from their users. A pod is what the same container would be
//! in a cluster, so that the same policies judge it.

mod options;
#[cfg(test)]
mod tests;

use super::super::part::Part;
use super::yes;
use crate::typed::{Note, NoteKind};
pub(super) use options::Given;

/// What `--use-api-socket` gives a container.
const SOCKET: &str = "/var/run/docker.sock";

/// A container as Docker is told to create it.
pub(super) struct Docker {
    container: Part,
    /// Its security context, field by field.
    context: Part,
    pod: Part,
    added: Vec<Part>,
    dropped: Vec<Part>,
    devices: usize,
    volumes: Vec<Part>,
    mounts: Vec<Part>,
    env: Vec<Part>,
    groups: Vec<Part>,
    /// The options that reach out of the container, as `--name=value`.
    pub(super) reaching: Vec<String>,
    /// Options that cannot be known yet.
    pub(super) notes: Vec<Note>,
    /// The pointers of those, and of volumes.
    pub(super) unresolved: Vec<String>,
}

impl Docker {
    /// A container with what it has beside options: name, image, environment, command.
    pub(super) fn new(container: Part) -> Self {
        let empty = Part::map(&container.pointer);
        Self {
            context: empty.clone(),
            pod: empty,
            container,
            added: Vec::new(),
            dropped: Vec::new(),
            devices: 0,
            volumes: Vec::new(),
            mounts: Vec::new(),
            env: Vec::new(),
            groups: Vec::new(),
            reaching: Vec::new(),
            notes: Vec::new(),
            unresolved: Vec::new(),
        }
    }

    /// Takes the options that are written in one line, as for a shell.
    pub(super) fn options(&mut self, line: &Part, field: &str) {
        let Some(text) = line.as_str() else { return };
        let given = options::read(text);
        let reason = match &given {
            _ if text.contains("${{") || text.contains("$(") => {
                "whoever chooses the expression that is filled in chooses what it sets"
            }
            None => "its quotes do not match",
            Some(_) => "",
        };
        if !reason.is_empty() {
            let kind = NoteKind::OpenPatch { reason: reason.to_owned() };
            self.notes.push(Note { kind, pointer: line.pointer.clone(), field: field.to_owned() });
            self.unresolved.push(line.pointer.clone());
        }
        given.unwrap_or_default().iter().for_each(|given| self.option(given, &line.pointer));
    }

    /// Takes one option; `at` is where it is written.
    pub(super) fn option(&mut self, given: &Given, at: &str) {
        let (name, value) = (given.name.as_str(), given.value.as_str());
        let text = |text: &str| Part::text(text, at);
        let is_host = value == "host";
        match name {
            "privileged" if given.is_true() => self.context("privileged", yes(at)),
            "pid" if is_host => self.pod("hostPID", yes(at)),
            "ipc" if is_host => self.pod("hostIPC", yes(at)),
            "network" | "net" if is_host => self.pod("hostNetwork", yes(at)),
            "cap-add" => self.added.push(text(value)),
            "cap-drop" => self.dropped.push(text(value)),
            "device" => self.device(value, at),
            "security-opt" => self.security(value, at),
            "volume" => self.volume(&text(value)),
            "mount" => self.mount(value, at),
            "use-api-socket" if given.is_true() => self.bind(SOCKET, SOCKET, false, at),
            "user" => self.user(value, at),
            "group-add" => self.groups.extend(value.parse().ok().map(|id| number(id, at))),
            "env" => self.env(value, at),
            "read-only" if given.is_true() => self.context("readOnlyRootFilesystem", yes(at)),
            _ => {}
        }
        let reaches = match name {
            "privileged" => given.is_true(),
            "pid" | "ipc" | "network" | "net" | "uts" | "userns" | "cgroupns" => is_host,
            "cap-add" | "device" => true,
            "security-opt" => value.ends_with("unconfined") || value.ends_with("disable"),
            "volume" | "mount" | "use-api-socket" => host_source(given).is_some(),
            _ => false,
        };
        if reaches {
            self.reaching.push(match host_source(given) {
                Some(source) => format!("--volume={source}"),
                None if name == "privileged" => "--privileged".to_owned(),
                None => format!("--{name}={value}"),
            });
        }
    }

    /// Takes a volume that stands in a list of its own: `source:target:mode`.
    pub(super) fn listed_volume(&mut self, entry: &Part) {
        let Some(text) = entry.as_str() else { return };
        if let Some(source) = host_source(&Given::new("volume", text)) {
            self.reaching.push(format!("--volume={source}"));
        }
        self.volume(entry);
    }

    /// Takes a volume without a word of it to policies of the system.
    pub(super) fn volume(&mut self, entry: &Part) {
        let Some(text) = entry.as_str() else { return };
        let (source, target, mode) = volume_parts(text);
        let read_only = mode.split(',').any(|word| word == "ro" || word == "readonly");
        self.bind(source, target, read_only, &entry.pointer);
    }

    /// Makes the container privileged, as what stands at a pointer says.
    pub(super) fn privileged(&mut self, at: &str) {
        self.context("privileged", yes(at));
    }

    /// The spec of a pod with nothing but this container.
    pub(super) fn spec(self) -> Part {
        let at = self.container.pointer.clone();
        let list = |items: Vec<Part>| (!items.is_empty()).then(|| Part::list(&at, items));
        let capabilities = Part::map(&at).with("add", list(self.added)).with("drop", list(self.dropped));
        let capabilities = (!capabilities.entries().is_empty()).then_some(capabilities);
        let context = self.context.with("capabilities", capabilities);
        let context = (!context.entries().is_empty()).then_some(context);
        let container = self.container.and("env", self.env).with("securityContext", context);
        let container = container.and("volumeMounts", self.mounts);
        let groups = list(self.groups).map(|groups| Part::map(&at).with("supplementalGroups", groups));
        self.pod
            .with("securityContext", groups)
            .with("volumes", list(self.volumes))
            .with("containers", Part::list(&at, vec![container]))
    }

    fn context(&mut self, field: &str, value: Part) {
        self.context = std::mem::replace(&mut self.context, Part::map("")).with(field, value);
    }

    fn pod(&mut self, field: &str, value: Part) {
        self.pod = std::mem::replace(&mut self.pod, Part::map("")).with(field, value);
    }

    fn bind(&mut self, source: &str, target: &str, read_only: bool, at: &str) {
        let text = |text: &str| Part::text(text, at);
        let name = format!("v{}", self.volumes.len());
        let volume = Part::map(at).with("name", text(&name));
        let from_node = is_path(source);
        let volume = if from_node {
            volume.with("hostPath", Part::map(at).with("path", text(source)))
        } else {
            volume.with("emptyDir", Part::map(at))
        };
        self.volumes.push(volume);
        let mount = Part::map(at).with("name", text(&name)).with("mountPath", text(target));
        self.mounts.push(mount.with("readOnly", read_only.then(|| yes(at))));
        if source.contains('$') {
            self.unresolved.push(at.to_owned());
        }
    }

    fn device(&mut self, value: &str, at: &str) {
        let (source, target, _) = volume_parts(value);
        let source = if source.is_empty() { target } else { source };
        let text = |text: &str| Part::text(text, at);
        let name = format!("d{}", self.devices);
        self.devices += 1;
        let device = Part::map(at).with("path", text(source)).with("type", text("CharDevice"));
        self.volumes.push(Part::map(at).with("name", text(&name)).with("hostPath", device));
        self.mounts.push(Part::map(at).with("name", text(&name)).with("mountPath", text(target)));
    }

    fn mount(&mut self, value: &str, at: &str) {
        let target = of_mount(value, &["target", "dst", "destination"]).unwrap_or_default();
        let is_read_only = |part: &str| {
            matches!(part.to_ascii_lowercase().as_str(), "readonly" | "ro" | "readonly=true" | "ro=true")
        };
        self.bind(bound(value).unwrap_or_default(), target, value.split(',').any(is_read_only), at);
    }

    fn security(&mut self, value: &str, at: &str) {
        let text = |text: &str| Part::text(text, at);
        let profile = |kind: &str| Part::map(at).with("type", text(kind));
        let (name, what) = value.split_once(['=', ':']).unwrap_or((value, ""));
        match (name, what) {
            ("seccomp", "unconfined") => self.context("seccompProfile", profile("Unconfined")),
            ("apparmor", "unconfined") => self.context("appArmorProfile", profile("Unconfined")),
            ("systempaths", "unconfined") => self.context("procMount", text("Unmasked")),
            // What Docker does not label runs as this type.
            ("label", "disable") => self.context("seLinuxOptions", profile("spc_t")),
            ("no-new-privileges", "" | "true") => self
                .context("allowPrivilegeEscalation", Part::implied(crate::document::Value::Bool(false), at)),
            _ => {}
        }
    }

    fn user(&mut self, value: &str, at: &str) {
        let (user, group) = value.split_once(':').unwrap_or((value, ""));
        let id = |name: &str| if name == "root" { Some(0) } else { name.parse().ok() };
        if let Some(id) = id(user) {
            self.context("runAsUser", number(id, at));
        }
        if let Some(id) = id(group) {
            self.context("runAsGroup", number(id, at));
        }
    }

    fn env(&mut self, value: &str, at: &str) {
        let (name, value) = value.split_once('=').unwrap_or((value, ""));
        self.env.push(variable(name, Part::text(value, at)));
    }
}

/// A variable of a container, with its value at its place.
pub(super) fn variable(name: &str, value: Part) -> Part {
    let at = value.pointer.clone();
    Part::map(&at).with("name", Part::text(name, &at)).with("value", value.into_text())
}

/// The variables of a container that are written as a map.
pub(super) fn variables(map: Option<&Part>) -> Vec<Part> {
    let entries = map.map(Part::entries).unwrap_or_default();
    entries.into_iter().map(|(name, value)| variable(&name, value)).collect()
}

fn number(id: i64, at: &str) -> Part {
    Part::implied(crate::document::Value::Int(id), at)
}

/// The place on the host that an option mounts, if it mounts one.
fn host_source(given: &Given) -> Option<&str> {
    let source = match given.name.as_str() {
        "volume" => volume_parts(&given.value).0,
        "mount" => bound(&given.value)?,
        "use-api-socket" if given.is_true() => SOCKET,
        _ => return None,
    };
    is_path(source).then_some(source)
}

/// The source of a mount in its long form that binds one.
fn bound(mount: &str) -> Option<&str> {
    let kind = of_mount(mount, &["type"]).unwrap_or_default();
    of_mount(mount, &["source", "src"]).filter(|_| kind.eq_ignore_ascii_case("bind"))
}

/// A field of a mount in its long form, of which the last counts; Docker takes names and types in any case
/// (`opts/mount.go` of its command line).
fn of_mount<'m>(mount: &'m str, names: &[&str]) -> Option<&'m str> {
    let mut fields = mount.split(',').filter_map(|field| field.split_once('='));
    let is_own = |name: &str| names.iter().any(|own| own.eq_ignore_ascii_case(name));
    fields.rfind(|(name, _)| is_own(name)).map(|(_, value)| value)
}

/// Whether the source of a volume is a path of the host, and no volume of Docker's own. One that begins with a
/// variable may be a path.
fn is_path(source: &str) -> bool {
    let mut letters = source.chars();
    let is_drive = letters.next().is_some_and(|one| one.is_ascii_alphabetic())
        && letters.next() == Some(':')
        && matches!(letters.next(), Some('\\' | '/'));
    source.starts_with(['/', '$', '\\']) || is_drive
}

/// Source, target and mode of a volume in its short form. What has no source is a volume of Docker's own.
fn volume_parts(text: &str) -> (&str, &str, &str) {
    let colons: Vec<usize> = separators(text);
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    match colons.as_slice() {
        [] => ("", text, ""),
        [one] => (part(0, *one), part(one + 1, text.len()), ""),
        [one, two, ..] => (part(0, *one), part(one + 1, *two), part(two + 1, text.len())),
    }
}

/// The colons that are neither behind the letter of a drive nor in an expression.
fn separators(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let is_letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphabetic);
    let mut found: Vec<usize> = Vec::new();
    let mut depth = 0_usize;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b':' if depth == 0 => {
                let begins = found.last().map_or(0, |last| last + 1);
                let is_upper = bytes.get(begins).is_some_and(u8::is_ascii_uppercase);
                let next = bytes.get(at + 1);
                let is_drive = at == begins + 1
                    && is_letter(begins)
                    && (next == Some(&b'\\') || next == Some(&b'/') && is_upper);
                if !is_drive {
                    found.push(at);
                }
            }
            _ => {}
        }
    }
    found
}
