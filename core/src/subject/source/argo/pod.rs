//! A template as a pod (`workflow/controller/workflowpod.go`).

use std::collections::BTreeSet;

use super::super::super::part::Part;
use super::super::{Maker, as_argument, size};
use super::resource;
use super::workflow::open_patch;
use crate::typed::{Note, NoteKind};

/// The fields of a template.
pub(super) const FIELDS: [&str; 44] = [
    "activeDeadlineSeconds",
    "affinity",
    "annotations",
    "archiveLocation",
    "arguments",
    "automountServiceAccountToken",
    "container",
    "containerSet",
    "daemon",
    "dag",
    "data",
    "executor",
    "failFast",
    "hostAliases",
    "http",
    "initContainers",
    "inputs",
    "memoize",
    "metadata",
    "metrics",
    "name",
    "nodeSelector",
    "outputs",
    "parallelism",
    "plugin",
    "podSpecPatch",
    "priority",
    "priorityClassName",
    "resource",
    "resubmitPendingPods",
    "retryStrategy",
    "schedulerName",
    "script",
    "securityContext",
    "serviceAccountName",
    "sidecars",
    "steps",
    "suspend",
    "synchronization",
    "template",
    "templateRef",
    "timeout",
    "tolerations",
    "volumes",
];

/// When parameters are filled into texts, which are read afterwards.
pub(super) const WHEN_FILLED_IN: &str = "filled in when the workflow runs";

/// Those that replace what the workflow says.
const POD_LEVEL: [&str; 8] = [
    "affinity",
    "automountServiceAccountToken",
    "nodeSelector",
    "priorityClassName",
    "schedulerName",
    "securityContext",
    "serviceAccountName",
    "tolerations",
];

/// What runs in the main container of a template with a pod.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Container,
    Script,
    ContainerSet,
    Resource,
    Data,
}

impl Kind {
    const ALL: [(&'static str, Self); 5] = [
        ("container", Self::Container),
        ("script", Self::Script),
        ("containerSet", Self::ContainerSet),
        ("resource", Self::Resource),
        ("data", Self::Data),
    ];

    /// Whether the main container is Argo's executor, of which the file says nothing.
    pub(super) const fn runs_executor(self) -> bool {
        matches!(self, Self::Resource | Self::Data)
    }
}

/// What a template runs; nothing for one without a pod.
pub(super) fn kind(template: &Part) -> Option<Kind> {
    Kind::ALL.iter().find(|(key, _)| template.get(key).is_some()).map(|(_, kind)| *kind)
}

/// The defaults of all templates as templates: one for each thing that they say what to run for.
pub(super) fn kinds(defaults: &Part) -> Vec<Part> {
    let names: Vec<&str> = Kind::ALL.iter().map(|(key, _)| *key).collect();
    let alone = |key: &str| {
        let others: Vec<&str> = names.iter().filter(|other| **other != key).copied().collect();
        defaults.clone().without(&others)
    };
    let own: Vec<Part> =
        names.iter().filter(|key| defaults.get(key).is_some()).map(|key| alone(key)).collect();
    if own.is_empty() { vec![defaults.clone().with("container", Part::map(&defaults.pointer))] } else { own }
}

/// A template over the defaults of the workflow; it keeps what it runs (`mergedTemplateDefaultsInto`).
pub(super) fn with_defaults(defaults: Part, template: Part, kind: Kind) -> Part {
    let others: Vec<&str> =
        Kind::ALL.iter().filter(|(_, other)| *other != kind).map(|(key, _)| *key).collect();
    defaults.placed(&template.pointer).patched(template).without(&others)
}

/// The spec of a template's pod, on top of what the workflow says of all; without patches.
pub(super) fn spec(level: Part, template: &Part, kind: Kind) -> Part {
    let main = main_containers(template, kind);
    let mirrored = main.iter().find(|one| one.text_of("name").as_deref() == Some("main"));
    let mirrored = mirrored.map(|main| main.items_of("volumeMounts")).unwrap_or_default();
    let beside = |key: &str| -> Vec<Part> {
        let own = template.items_of(key).into_iter();
        own.map(|one| {
            let mirrors = one.get("mirrorVolumeMounts").and_then(|mirrors| mirrors.as_bool()) == Some(true);
            let more = if mirrors { mirrored.clone() } else { Vec::new() };
            one.without(&["mirrorVolumeMounts"]).and("volumeMounts", more)
        })
        .collect()
    };
    let containers: Vec<Part> = main.iter().cloned().chain(beside("sidecars")).collect();
    let mut spec = level;
    for key in POD_LEVEL {
        spec = spec.with(key, template.get(key));
    }
    let spec = spec
        .and("hostAliases", template.items_of("hostAliases"))
        .and("volumes", template.items_of("volumes"))
        .and("initContainers", beside("initContainers"));
    if containers.is_empty() {
        spec
    } else {
        spec.with("containers", Part::list(&template.pointer, containers))
    }
}

fn main_containers(template: &Part, kind: Kind) -> Vec<Part> {
    let named = |one: Part| {
        let name = one.get("name").unwrap_or_else(|| Part::text("main", &one.pointer));
        one.with("name", name)
    };
    match kind {
        Kind::Container => template.get("container").map(named).into_iter().collect(),
        Kind::Script => {
            template.get("script").map(|script| named(as_argument(script, "source"))).into_iter().collect()
        }
        Kind::ContainerSet => {
            let Some(set) = template.get("containerSet") else { return Vec::new() };
            let mounts = set.items_of("volumeMounts");
            let one = |one: Part| one.without(&["dependencies"]).and("volumeMounts", mounts.clone());
            set.items_of("containers").into_iter().map(one).collect()
        }
        Kind::Resource | Kind::Data => Vec::new(),
    }
}

/// The containers of a template that may get mounts that are written once.
pub(super) fn containers_beside(template: &Part) -> usize {
    let set = template.get("containerSet").map_or(0, |set| set.items_of("containers").len());
    set + template.items_of("sidecars").len() + template.items_of("initContainers").len()
}

/// The size of the mounts that other containers of a template may get, too.
pub(super) fn size_of_mounts(template: &Part) -> usize {
    let main = ["container", "script", "containerSet"].into_iter().filter_map(|key| template.get(key));
    let set = template.get("containerSet").map(|set| set.items_of("containers")).unwrap_or_default();
    let is_main = |one: &Part| one.text_of("name").as_deref() == Some("main");
    let mounts: Vec<Part> =
        main.chain(set.into_iter().filter(is_main)).filter_map(|one| one.get("volumeMounts")).collect();
    size(&mounts)
}

/// The names of the volumes that the containers of a template mount.
pub(super) fn mounts(template: &Part, kind: Kind) -> BTreeSet<String> {
    let beside = ["initContainers", "sidecars"].into_iter().flat_map(|key| template.items_of(key));
    let all = main_containers(template, kind).into_iter().chain(beside);
    let mounts = all.flat_map(|one| ["volumeMounts", "volumeDevices"].map(|key| one.items_of(key)));
    mounts.flatten().filter_map(|mount| mount.text_of("name")).collect()
}

/// A pod that a patch changes, with what is to be said of the patch.
pub(super) struct Pod {
    pub(super) spec: Part,
    /// The patch itself, where it can be read.
    pub(super) patch: Option<Part>,
    /// How many items of the patch come again.
    pub(super) repeated: usize,
    pub(super) notes: Vec<Note>,
    pub(super) unresolved: Vec<String>,
}

/// Reads the `podSpecPatch` of a holder, for a pod to which it is not yet applied.
pub(super) fn patch_of(maker: &mut Maker<'_>, spec: Part, holder: &Part) -> Pod {
    const FILLED_IN: &str = "whoever chooses the parameters that are filled in chooses what it sets";
    let mut pod = Pod { spec, patch: None, repeated: 0, notes: Vec::new(), unresolved: Vec::new() };
    let Some(text) = holder.get("podSpecPatch") else { return pod };
    if text.as_str().is_some_and(|text| text.contains("{{")) {
        pod.notes.push(open_patch(&text.pointer, FILLED_IN.to_owned()));
        pod.unresolved.push(text.pointer.clone());
        maker.fills_in(&text, "{{", WHEN_FILLED_IN);
        pod.patch = maker.try_document(&text).and_then(Result::ok).filter(Part::is_map);
    } else if !text.as_str().is_some_and(|text| text.trim().is_empty()) {
        pod.patch = maker.document(&text, "the patch of the pod").filter(Part::is_map);
        if pod.patch.is_none() {
            pod.notes.push(open_patch(&text.pointer, "it cannot be read".to_owned()));
        }
    }
    pod.repeated = pod.patch.as_ref().map_or(0, Part::repeated);
    let size = || size([&pod.spec].into_iter().chain(&pod.patch));
    if pod.repeated > 0 && !maker.affords(&text.pointer, pod.repeated, size) {
        pod.notes.push(open_patch(&text.pointer, "there is no room for it".to_owned()));
        pod.patch = None;
    }
    pod
}

/// A pod with the `podSpecPatch` of a holder applied.
pub(super) fn patched(maker: &mut Maker<'_>, spec: Part, holder: &Part) -> Pod {
    let pod = patch_of(maker, spec, holder);
    match &pod.patch {
        Some(patch) => Pod { spec: pod.spec.patched(patch.clone()), ..pod },
        None => pod,
    }
}

/// A patch may say something harmless of the containers that Argo adds, which the pod here does not have.
pub(super) fn without_empty_patches(spec: Part) -> Part {
    let mut spec = spec;
    for key in ["containers", "initContainers"] {
        let Some(list) = spec.get(key) else { continue };
        let says_something = |one: &Part| {
            let entries = one.entries();
            entries.is_empty() || entries.iter().any(|(key, _)| !matches!(&**key, "name" | "resources"))
        };
        let kept: Vec<Part> = list.items().into_iter().filter(says_something).collect();
        spec = spec.with(key, Part::list(&list.pointer, kept));
    }
    spec
}

/// What is to be noticed in a template.
pub(super) fn notes(template: &Part, kind: Kind) -> Vec<Note> {
    let mut notes = template.unknown(&FIELDS);
    if let Some(resource) = template.get("resource").filter(|_| kind == Kind::Resource)
        && let Some(at) = [resource.get("manifest"), resource.get("manifestFrom")]
            .into_iter()
            .flatten()
            .chain(resource::files(&resource))
            .next()
    {
        let action = resource.text_of("action").unwrap_or_default();
        let is_manifest = resource.get("manifest").is_some();
        let open = !is_manifest || at.as_str().is_none_or(|text| text.contains("{{"));
        let kind = NoteKind::Creates { action, open };
        notes.push(Note { kind, pointer: at.pointer, field: "resource".to_owned() });
    }
    notes
}

/// Where parameters decide what a pod may do: what they are filled in for is the whole template. In arguments and
/// the environment it is judged as it stands.
pub(super) fn open(spec: &Part) -> Vec<String> {
    spec.texts_with("{{", &["args", "command", "env", "workingDir"])
}

/// What the controller adds to every pod.
pub(super) fn implied(kind: Kind) -> Vec<String> {
    let mut all =
        vec!["restartPolicy: Never".to_owned(), "init container `init` with the executor's image".to_owned()];
    all.push(if kind.runs_executor() {
        "container `main` with the executor's image, which uses the service account".to_owned()
    } else {
        "container `wait` with the executor's image, which has main's volumes and uses the service account"
            .to_owned()
    });
    all
}
