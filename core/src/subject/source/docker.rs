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
pub(super) use options::{Given, is_open};

/// Why options into which something is filled in are not known.
pub(super) const FILLED_IN: &str = "whoever chooses the expression that is filled in chooses what it sets";

/// Why what ends the quotes around it is not known.
pub(super) const LEAVES_QUOTES: &str = "it ends the quotes around it, and goes on with options";

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
    /// The options that reach out of the container, as `--name=value`, each with the pointer of what says so.
    pub(super) reaching: Vec<(String, String)>,
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

    /// Takes the options that are written in one line.
    pub(super) fn options(&mut self, line: &Part, field: &str) {
        let Some(text) = line.as_str().map(str::trim) else { return };
        let (given, is_closed) = options::read(text);
        if ["${{", "$(", "$["].iter().any(|mark| text.contains(mark)) {
            self.tell(line, field, FILLED_IN);
        } else if !is_closed {
            self.tell(line, field, "its quotes do not match");
        } else if text.contains('\n') {
            self.tell(line, field, "its line breaks are part of the options before them");
        }
        given.iter().for_each(|given| self.option(given, &line.pointer));
    }

    /// Takes the options that are written in a line of a shell's. What the shell fills in is not known.
    pub(super) fn shell_options(&mut self, line: &Part) {
        let text = line.as_str().unwrap_or_default();
        let (given, is_closed) = options::read_shell(text);
        given.iter().for_each(|given| self.option(given, &line.pointer));
        if !is_closed || text.contains(['$', '`']) {
            self.unresolved.push(line.pointer.clone());
        }
    }

    /// Tells that what is written may change more of the container than can be known.
    pub(super) fn tell(&mut self, written: &Part, field: &str, reason: &str) {
        let kind = NoteKind::OpenPatch { reason: reason.to_owned() };
        self.notes.push(Note { kind, pointer: written.pointer.clone(), field: field.to_owned() });
        self.unresolved.push(written.pointer.clone());
    }

    /// Takes something that agents put into the line of options as it is: what follows it there is options, too.
    pub(super) fn inserted(&mut self, text: &Part, field: &str, option: &str) {
        let telling = |own: &&str| options::without_gaps(own).contains([' ', '\t', '"', '\\']);
        if let Some(own) = text.as_str().filter(telling) {
            self.options(&Part::text(&option.replace('%', own), &text.pointer), field);
        }
    }

    /// Takes one option; `at` is where it is written.
    pub(super) fn option(&mut self, given: &Given, at: &str) {
        let (name, value) = (given.name.as_str(), given.value.as_str());
        let text = |text: &str| Part::text(text, at);
        // Networks have a long form.
        let is_network = matches!(name, "net" | "network");
        let value = of_mount(value, &["name"]).filter(|_| is_network).unwrap_or(value);
        let is_host = value == "host";
        match name {
            "privileged" if given.is_true() => self.context("privileged", yes(at)),
            "pid" if is_host => self.pod("hostPID", yes(at)),
            "ipc" if is_host => self.pod("hostIPC", yes(at)),
            _ if is_network && is_host => self.pod("hostNetwork", yes(at)),
            "cap-add" => self.added.push(text(value)),
            "cap-drop" => self.dropped.push(text(value)),
            "device" => self.device(value, at),
            // With the capability MKNOD, which every container has, a device that is allowed can be made.
            "device-cgroup-rule" => self.device("/dev", at),
            // What another container has, or what a file holds, is not seen here.
            "env-file" | "volumes-from" => self.unresolved.push(at.to_owned()),
            "ipc" | "net" | "network" | "pid" if value.starts_with("container:") => {
                self.unresolved.push(at.to_owned());
            }
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
            "security-opt" => ["unconfined", "disable", "spc_t"].iter().any(|end| value.ends_with(end)),
            "volume" | "mount" | "use-api-socket" => host_source(given).is_some(),
            _ => false,
        };
        if reaches {
            let option = match host_source(given) {
                Some(source) => format!("--volume={source}"),
                None if name == "privileged" => "--privileged".to_owned(),
                None => format!("--{name}={value}"),
            };
            self.reaching.push((option, at.to_owned()));
        }
    }

    /// Takes a volume that stands in a list of its own: `source:target:mode`.
    pub(super) fn listed_volume(&mut self, entry: &Part) {
        let Some(text) = entry.as_str() else { return };
        if let Some(source) = host_source(&Given::new("volume", text)) {
            self.reaching.push((format!("--volume={source}"), entry.pointer.clone()));
        }
        // Agents put it between quotes, and do not escape what it ends in.
        if text.contains('"') || text.ends_with('\\') || text.contains("\\:") {
            self.tell(entry, "volumes", LEAVES_QUOTES);
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

    /// Takes a list of values of an option for each of some keys.
    pub(super) fn listed(&mut self, step: &Part, options: &[(&str, &str)]) {
        for (key, option) in options {
            for value in step.items_of(key) {
                if let Some(text) = value.as_str() {
                    self.option(&Given::new(option, text), &value.pointer);
                }
            }
        }
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

    pub(super) fn context(&mut self, field: &str, value: Part) {
        self.context = std::mem::replace(&mut self.context, Part::map("")).with(field, value);
    }

    fn pod(&mut self, field: &str, value: Part) {
        self.pod = std::mem::replace(&mut self.pod, Part::map("")).with(field, value);
    }

    fn bind(&mut self, source: &str, target: &str, read_only: bool, at: &str) {
        let text = |text: &str| Part::text(text, at);
        let name = format!("v{}", self.volumes.len());
        let volume = Part::map(at).with("name", text(&name));
        let volume = if is_path(source) {
            volume.with("hostPath", Part::map(at).with("path", text(&absolute(source))))
        } else {
            volume.with("emptyDir", Part::map(at))
        };
        self.volumes.push(volume);
        let mount = Part::map(at).with("name", text(&name)).with("mountPath", text(target));
        self.mounts.push(mount.with("readOnly", read_only.then(|| yes(at))));
        if source.contains('$') || source.is_empty() && target.contains('$') {
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
            ("label", _) => {
                let options = self.context.get("seLinuxOptions").unwrap_or_else(|| Part::map(at));
                let (field, what) = what.split_once(':').unwrap_or(("type", what));
                self.context("seLinuxOptions", options.with(field, text(what)));
            }
            // A file of the author's.
            ("seccomp", file) if file != "builtin" => self.unresolved.push(at.to_owned()),
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
fn host_source(given: &Given) -> Option<String> {
    let source = match given.name.as_str() {
        "volume" => volume_parts(&given.value).0,
        "mount" => bound(&given.value)?,
        "use-api-socket" if given.is_true() => SOCKET,
        _ => return None,
    };
    is_path(source).then(|| absolute(source))
}

/// The source of a mount in its long form that binds one. Docker's own driver of volumes binds what its option
/// `device` names.
fn bound(mount: &str) -> Option<&str> {
    let mut options = fields(mount).filter(|(name, _)| name.eq_ignore_ascii_case("volume-opt"));
    let device = options.find_map(|(_, option)| option.strip_prefix("device="));
    let kind = of_mount(mount, &["type"]).unwrap_or_default();
    let binds = ["bind", "npipe"].iter().any(|own| kind.eq_ignore_ascii_case(own));
    device.or_else(|| of_mount(mount, &["source", "src"]).filter(|_| binds))
}

/// A field of a mount in its long form, of which the last counts; Docker takes names and types in any case
/// (`opts/mount.go` of its command line).
fn of_mount<'m>(mount: &'m str, names: &[&str]) -> Option<&'m str> {
    let is_own = |name: &str| names.iter().any(|own| own.eq_ignore_ascii_case(name));
    fields(mount).rfind(|(name, _)| is_own(name)).map(|(_, value)| value)
}

/// The fields of a mount, which Docker reads as a line of CSV.
fn fields(mount: &str) -> impl DoubleEndedIterator<Item = (&str, &str)> {
    mount.split(',').filter_map(|field| field.trim_matches('"').split_once('='))
}

/// A path on the host. One from the agent's folder upwards may lead to the root.
fn absolute(source: &str) -> String {
    if source.starts_with('.') { format!("/{source}") } else { source.to_owned() }
}

/// Whether the source of a volume is a path of the host, and neither a volume of Docker's own nor a part of the
/// agent's folder. One that begins with a variable may be a path.
fn is_path(source: &str) -> bool {
    let mut letters = source.chars();
    let is_drive = letters.next().is_some_and(|one| one.is_ascii_alphabetic())
        && letters.next() == Some(':')
        && matches!(letters.next(), Some('\\' | '/'));
    let is_above = source.starts_with('.') && source.contains("..");
    source.starts_with(['/', '$', '\\']) || is_drive || is_above
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
