//! The pod that the executor for Kubernetes makes of every job: a container for its scripts, a helper, and its
//! services (`executors/kubernetes/kubernetes.go`).

use std::collections::BTreeSet;

use super::super::super::part::Part;
use super::super::super::template::Template;
use super::super::{Maker, over};
use super::runner::{OfJobs, environment, field, is_on};
use crate::typed::{Note, NoteKind};

/// The containers of a pod, by the names of their settings.
pub(super) const KINDS: [&str; 4] = ["build", "helper", "service", "init_permissions"];

/// Settings of a security context, with the fields that they become.
const CONTEXT: [(&str, &str); 8] = [
    ("allow_privilege_escalation", "allowPrivilegeEscalation"),
    ("fs_group", "fsGroup"),
    ("privileged", "privileged"),
    ("read_only_root_filesystem", "readOnlyRootFilesystem"),
    ("run_as_group", "runAsGroup"),
    ("run_as_non_root", "runAsNonRoot"),
    ("run_as_user", "runAsUser"),
    ("supplemental_groups", "supplementalGroups"),
];

/// More of them, which are read in another form.
const MORE_CONTEXT: [&str; 5] =
    ["app_armor_profile", "capabilities", "proc_mount", "seccomp_profile", "selinux_type"];

/// Settings of the whole pod, with the fields that they become.
const POD: [(&str, &str); 8] = [
    ("automount_service_account_token", "automountServiceAccountToken"),
    ("dns_policy", "dnsPolicy"),
    ("host_aliases", "hostAliases"),
    ("node_selector", "nodeSelector"),
    ("priority_class_name", "priorityClassName"),
    ("runtime_class_name", "runtimeClassName"),
    ("scheduler_name", "schedulerName"),
    ("service_account", "serviceAccountName"),
];

/// The containers that a setting for all of them reaches: those that say nothing else of themselves.
pub(super) fn covered(settings: &Part) -> Vec<&'static str> {
    let own = |kind: &str| field(&context_table(settings, kind)?, "privileged")?.as_bool();
    KINDS.into_iter().filter(|kind| own(kind) != Some(false)).collect()
}

fn context_table(settings: &Part, kind: &str) -> Option<Part> {
    field(settings, &format!("{kind}_container_security_context"))
}

/// Adds the pod.
pub(super) fn add(maker: &mut Maker<'_>, settings: &Part, job: &OfJobs, mut notes: Vec<Note>) {
    let (volumes, mounts) = volumes(settings, &mut notes);
    let hooks = lifecycle(settings);
    let container = |kind: &str, name: &str, at: &str| {
        let base = Part::map(at).with("name", Part::text(name, at));
        base.with("securityContext", context(settings, kind))
            .with("lifecycle", hooks.clone())
            .and("env", job.env.clone())
            .and("volumeMounts", mounts.clone())
    };
    let at = &settings.pointer;
    let build = container("build", "build", at).with("image", field(settings, "image"));
    let build = build.and("args", job.scripts.clone());
    let helper = container("helper", "helper", at).with("image", field(settings, "helper_image"));
    let services = field(settings, "services").map(|list| list.items()).unwrap_or_default();
    if !maker.affords(at, services.len() + KINDS.len(), || (job.env.len() + mounts.len()) * 3) {
        return;
    }
    let named = services.iter().enumerate().map(|(index, service)| {
        let name = field(service, "alias").and_then(|alias| alias.as_str().map(str::to_owned));
        let name = name.unwrap_or_else(|| format!("svc-{index}"));
        let own = container("service", &name, &service.pointer);
        own.with("image", field(service, "name"))
            .with("command", field(service, "entrypoint"))
            .with("args", field(service, "command"))
            .and("env", environment(service))
    });
    // Jobs bring services of their own.
    let mut containers: Vec<Part> = [build, helper].into_iter().chain(named).collect();
    if services.is_empty() {
        containers.push(container("service", "svc", at));
    }
    let mut spec = pod(settings).with("volumes", (!volumes.is_empty()).then(|| Part::list(at, volumes)));
    if context_table(settings, "init_permissions").is_some() {
        let init = container("init_permissions", "init-permissions", at)
            .with("image", field(settings, "helper_image"))
            .without(&["lifecycle"]);
        spec = spec.with("initContainers", Part::list(at, vec![init]));
    }
    let spec = spec.with("containers", Part::list(at, containers));
    let spec = patched(maker, settings, spec, &mut notes);
    notes.extend(unknown(settings));
    let metadata = Part::map(at)
        .with("labels", field(settings, "pod_labels"))
        .with("annotations", field(settings, "pod_annotations"));
    let unresolved = spec.texts_with("$", &["args", "command", "env"]);
    maker.add(Template {
        metadata: Some(metadata).filter(|metadata| !metadata.entries().is_empty()),
        spec: Some(spec),
        partial: true,
        notes,
        implied: vec![
            "every job of the runner has this pod, with the images and services that the job names"
                .to_owned(),
        ],
        unresolved,
        ..Template::default()
    });
}

/// What runs when containers begin and end.
fn lifecycle(settings: &Part) -> Option<Part> {
    let own = field(settings, "container_lifecycle")?;
    let hook = |name: &str| {
        let hook = field(&own, name)?;
        let exec = field(&hook, "exec")
            .map(|exec| Part::map(&exec.pointer).with("command", field(&exec, "command")));
        let of = |name: &str| {
            let asked = field(&hook, name)?;
            let asked = ["host", "path", "port", "scheme"]
                .iter()
                .fold(Part::map(&asked.pointer), |made, key| made.with(key, field(&asked, key)));
            Some(asked)
        };
        let hook = Part::map(&hook.pointer).with("exec", exec);
        Some(hook.with("httpGet", of("http_get")).with("tcpSocket", of("tcp_socket")))
    };
    Some(Part::map(&own.pointer).with("postStart", hook("post_start")).with("preStop", hook("pre_stop")))
}

/// What is said of the pod as a whole.
fn pod(settings: &Part) -> Part {
    let mut spec = Part::map(&settings.pointer);
    for (name, key) in POD {
        spec = spec.with(key, field(settings, name));
    }
    spec.with("securityContext", field(settings, "pod_security_context").map(|own| context_of(&own)))
}

/// The security context of a container: its own settings over those for all.
fn context(settings: &Part, kind: &str) -> Option<Part> {
    let both = ["privileged", "allow_privilege_escalation"];
    let mut all = Part::map(&settings.pointer);
    for (name, key) in CONTEXT.iter().filter(|(name, _)| both.contains(name)) {
        all = all.with(key, field(settings, name));
    }
    let capabilities =
        capabilities(field(settings, "cap_add"), field(settings, "cap_drop"), &settings.pointer);
    let all = all.with("capabilities", capabilities);
    let own = context_table(settings, kind).map(|own| context_of(&own));
    // Lists of capabilities replace those for all.
    let kept = own.as_ref().and_then(|own| own.get("capabilities"));
    let all = if kept.is_some() { all.without(&["capabilities"]) } else { all };
    let whole = over(Some(all), own)?;
    (!whole.entries().is_empty()).then_some(whole)
}

/// A table of a security context as the field.
fn context_of(table: &Part) -> Part {
    let mut context = Part::map(&table.pointer);
    for (name, key) in CONTEXT {
        context = context.with(key, field(table, name));
    }
    let profile = |name: &str| {
        let profile = field(table, name)?;
        let kind = field(&profile, "type");
        Some(
            Part::map(&profile.pointer)
                .with("type", kind)
                .with("localhostProfile", field(&profile, "localhost_profile")),
        )
    };
    let proc_mount = field(table, "proc_mount").map(|mount| {
        let is_unmasked = mount.as_str().is_some_and(|text| text.eq_ignore_ascii_case("unmasked"));
        if is_unmasked { Part::text("Unmasked", &mount.pointer) } else { mount }
    });
    let label = field(table, "selinux_type").map(|kind| Part::map(&kind.pointer).with("type", kind));
    let own = field(table, "capabilities");
    let own = own.and_then(|own| capabilities(field(&own, "add"), field(&own, "drop"), &own.pointer));
    context
        .with("procMount", proc_mount)
        .with("seLinuxOptions", label)
        .with("seccompProfile", profile("seccomp_profile"))
        .with("appArmorProfile", profile("app_armor_profile"))
        .with("capabilities", own)
}

/// Capabilities; what is dropped is not added.
fn capabilities(add: Option<Part>, drop: Option<Part>, at: &str) -> Option<Part> {
    let dropped = drop.as_ref().map(Part::items).unwrap_or_default();
    let dropped: BTreeSet<&str> = dropped.iter().filter_map(Part::as_str).collect();
    let is_dropped = |one: &Part| one.as_str().is_some_and(|name| dropped.contains(name));
    let add = add.map(|add| {
        let kept = add.items().into_iter().filter(|one| !is_dropped(one)).collect();
        Part::list(&add.pointer, kept)
    });
    (add.is_some() || drop.is_some()).then(|| Part::map(at).with("add", add).with("drop", drop))
}

/// The volumes, and their mounts in every container.
fn volumes(settings: &Part, notes: &mut Vec<Note>) -> (Vec<Part>, Vec<Part>) {
    let all = field(settings, "volumes").unwrap_or_else(|| Part::map(&settings.pointer));
    let listed = |kind: &str| field(&all, kind).map(|list| list.items()).unwrap_or_default();
    let mut made = Vec::new();
    for one in listed("host_path") {
        let path = field(&one, "host_path").filter(|path| path.as_str() != Some(""));
        let (name, path) = match path {
            Some(path) => ("host_path", Some(path)),
            None => ("mount_path", field(&one, "mount_path")),
        };
        if let Some(path) = &path {
            let text = path.as_str().unwrap_or_default().to_owned();
            notes.push(super::super::setting("gitlab-host-path", name, &path.pointer, vec![text]));
        }
        made.push((one.clone(), "hostPath", Part::map(&one.pointer).with("path", path)));
    }
    let named = |one: &Part, key: &str| Part::map(&one.pointer).with(key, field(one, "name"));
    // Patches mean volumes by their number: this is the order that the runner makes.
    for (list, kind, key) in [
        ("secret", "secret", "secretName"),
        ("pvc", "persistentVolumeClaim", "claimName"),
        ("config_map", "configMap", "name"),
    ] {
        made.extend(listed(list).into_iter().map(|one| (one.clone(), kind, named(&one, key))));
    }
    for one in listed("empty_dir") {
        let medium = field(&one, "medium").filter(|medium| medium.as_str() != Some(""));
        made.push((one.clone(), "emptyDir", Part::map(&one.pointer).with("medium", medium)));
    }
    for one in listed("csi") {
        let source = Part::map(&one.pointer)
            .with("driver", field(&one, "driver"))
            .with("fsType", field(&one, "fs_type"))
            .with("volumeAttributes", field(&one, "volume_attributes"));
        made.push((one.clone(), "csi", source));
    }
    for one in listed("nfs") {
        let source =
            Part::map(&one.pointer).with("server", field(&one, "server")).with("path", field(&one, "path"));
        made.push((one.clone(), "nfs", source));
    }
    let name = |one: &Part| field(one, "name").unwrap_or_else(|| Part::text("", &one.pointer));
    let volume = |(one, kind, source): &(Part, &str, Part)| {
        Part::map(&one.pointer).with("name", name(one)).with(kind, source.clone())
    };
    let mount = |(one, ..): &(Part, &str, Part)| {
        Part::map(&one.pointer)
            .with("name", name(one))
            .with("mountPath", field(one, "mount_path"))
            .with("subPath", field(one, "sub_path"))
            .with("readOnly", is_on(one, "read_only"))
            .with("mountPropagation", field(one, "mount_propagation"))
    };
    (made.iter().map(volume).collect(), made.iter().map(mount).collect())
}

/// The pod with the patches of the operator, in their order.
pub(super) fn patched(maker: &mut Maker<'_>, settings: &Part, spec: Part, notes: &mut Vec<Note>) -> Part {
    let mut spec = spec;
    let Some(list) = field(settings, "pod_spec") else { return spec };
    let name = list.pointer.rsplit('/').next().unwrap_or_default();
    for one in list.items() {
        let mut open = |at: &str, reason: &str| {
            let kind = NoteKind::OpenPatch { reason: reason.to_owned() };
            notes.push(Note { kind, pointer: at.to_owned(), field: name.to_owned() });
        };
        let Some(text) = field(&one, "patch").filter(|text| text.as_str() != Some("")) else {
            if let Some(path) = field(&one, "patch_path") {
                open(&path.pointer, "it stands in another file");
            }
            continue;
        };
        let Some(patch) = maker.document(&text, "the patch of the pod") else {
            open(&text.pointer, "it cannot be read");
            continue;
        };
        let kind = field(&one, "patch_type").and_then(|kind| kind.as_str().map(str::to_owned));
        if !maker.affords(&text.pointer, 1 + patch.repeated(), || spec.size() + patch.size()) {
            open(&text.pointer, "there is no room for it");
            continue;
        }
        spec = match (kind.as_deref(), patch.is_map()) {
            (Some("json"), false) => {
                let (spec, doubts) = spec.with_operations(&patch);
                doubts.iter().for_each(|(at, why)| open(at, why));
                spec
            }
            (Some("merge"), true) => spec.laid_under(patch, false),
            (Some("" | "strategic") | None, true) => spec.patched(patch),
            _ => {
                open(&text.pointer, "it has not the form of its type");
                spec
            }
        };
    }
    spec
}

/// What stands in a security context and is not known there: it protects nobody.
fn unknown(settings: &Part) -> Vec<Note> {
    let known: Vec<&'static str> = CONTEXT.iter().map(|(name, _)| *name).chain(MORE_CONTEXT).collect();
    let tables = KINDS.iter().filter_map(|kind| context_table(settings, kind));
    let tables = tables.chain(field(settings, "pod_security_context"));
    let all = tables.flat_map(|table| table.unknown(&known));
    all.filter(|note| !known.iter().any(|name| name.eq_ignore_ascii_case(&note.field))).collect()
}
