//! A template of the plugin (`PodTemplate.java`), and one over another (`PodTemplateUtils.combine`).

mod yaml;

use std::collections::BTreeSet;

use super::super::super::part::Part;
use super::super::{Maker, reference, size};
use super::volume::Volume;
use super::{field, merge};
use crate::typed::Note;

/// What is taken of a template as it is, from the one that says it last.
const PLAIN: [&str; 12] = [
    "agentContainer",
    "agentInjection",
    "hostNetwork",
    "label",
    "name",
    "namespace",
    "nodeSelector",
    "runAsGroup",
    "runAsUser",
    "schedulerName",
    "serviceAccount",
    "supplementalGroups",
];

/// Arguments of `podTemplate` and entries of a `kubernetes` agent.
pub(super) const FIELDS: [&str; 42] = [
    "activeDeadlineSeconds",
    "agentContainer",
    "agentInjection",
    "annotations",
    "cloud",
    "containerTemplate",
    "containerTemplates",
    "containers",
    "customWorkspace",
    "defaultContainer",
    "envVars",
    "hostNetwork",
    "idleMinutes",
    "idleMinutesStr",
    "imagePullSecrets",
    "inheritFrom",
    "inheritYamlMergeStrategy",
    "instanceCap",
    "instanceCapStr",
    "label",
    "name",
    "namespace",
    "nodeSelector",
    "nodeUsageMode",
    "podRetention",
    "privileged",
    "retries",
    "runAsGroup",
    "runAsUser",
    "schedulerName",
    "serviceAccount",
    "showRawYaml",
    "slaveConnectTimeout",
    "slaveConnectTimeoutStr",
    "supplementalGroups",
    "volumes",
    "workingDir",
    "workspaceVolume",
    "yaml",
    "yamlFile",
    "yamlMergeStrategy",
    "yamls",
];

/// A template, alone or over those around it.
#[derive(Debug, Clone)]
pub(super) struct PodTemplate {
    /// Where it stands.
    pub(super) pointer: String,
    /// The fields of [`PLAIN`].
    pub(super) fields: Part,
    /// Containers with the plugin's fields, by name.
    pub(super) containers: Vec<Part>,
    pub(super) volumes: Vec<Volume>,
    pub(super) workspace: Option<Volume>,
    pub(super) environment: Vec<Part>,
    pub(super) annotations: Option<Part>,
    pub(super) pull_secrets: Vec<Part>,
    /// Pods in YAML, the last one being its own.
    pub(super) yamls: Vec<Part>,
    /// Others that may stand in the place of one of them.
    others: Vec<(usize, Part)>,
    merges: Option<bool>,
    inherits_strategy: bool,
    /// Whether it is not known that they are merged, or that they are not.
    is_undecided: bool,
    /// Whether something of it is written elsewhere.
    pub(super) partial: bool,
    pub(super) notes: Vec<Note>,
    pub(super) unresolved: Vec<String>,
    /// What is given to it and could not be read.
    pub(super) unread: Vec<Part>,
}

impl PodTemplate {
    /// Reads a template's fields. What cannot be known is listed.
    pub(super) fn read(maker: &mut Maker<'_>, own: &Part) -> Self {
        let strategy = own.get("yamlMergeStrategy");
        let inherits = own.get("inheritYamlMergeStrategy").map(field::truth);
        let mut template = Self {
            pointer: own.pointer.clone(),
            fields: own.clone().placed(&own.pointer).only(&PLAIN),
            containers: Vec::new(),
            volumes: Vec::new(),
            workspace: None,
            environment: Vec::new(),
            annotations: None,
            pull_secrets: own.items_of("imagePullSecrets").iter().map(named_secret).collect(),
            yamls: Vec::new(),
            others: Vec::new(),
            merges: strategy.as_ref().map(|strategy| merges(strategy) == Some(true)),
            inherits_strategy: inherits.as_ref().is_some_and(|own| own.as_bool() != Some(false)),
            is_undecided: strategy.as_ref().is_some_and(|strategy| merges(strategy).is_none())
                || inherits.is_some_and(|own| own.as_bool().is_none()),
            partial: false,
            notes: Vec::new(),
            unresolved: Vec::new(),
            unread: Vec::new(),
        };
        template.environment = template.each(maker, own.get("envVars"), "envVars", field::variable);
        template.read_annotations(maker, own);
        template.read_containers(maker, own);
        template.read_volumes(maker, own);
        template.read_yaml(maker, own);
        if let Some(inherited) = field::filled(own.get("inheritFrom")) {
            let name = inherited.as_str().unwrap_or("something");
            let reason = format!(
                "`inheritFrom` names `{name}`: the templates of the controller are judged in its own settings"
            );
            template.elsewhere(maker, &inherited, "inheritFrom", reason);
        }
        template
    }

    /// Lists something of which the pod is made and that stands elsewhere.
    pub(super) fn elsewhere(&mut self, maker: &mut Maker<'_>, part: &Part, field: &str, reason: String) {
        maker.tell(&part.pointer, reason);
        self.notes.push(reference(part, field));
        self.unresolved.push(part.pointer.clone());
        self.partial = true;
    }

    fn unknown(&mut self, part: &Part) {
        self.unresolved.push(part.pointer.clone());
        self.partial = true;
    }

    /// Lists one of several things that the pod has, and of which it is not known what it is.
    fn unread(&mut self, maker: &mut Maker<'_>, part: &Part, field: &str) {
        let reason =
            format!("`{field}` has something that is worked out elsewhere: it was not judged in full");
        self.elsewhere(maker, part, field, reason);
        self.unread.push(part.clone());
    }

    /// Reads the items of a list, also those that are in it under a condition. Those that cannot be read are listed,
    /// and the condition itself.
    fn each<T>(
        &mut self,
        maker: &mut Maker<'_>,
        list: Option<Part>,
        field: &str,
        read: impl Fn(&Part) -> Option<T>,
    ) -> Vec<T> {
        let mut all = Vec::new();
        for item in list.iter().flat_map(Part::items) {
            let (choices, is_open) = field::choices(item.clone());
            if is_open {
                let reason =
                    format!("`{field}` hangs on a condition: both sides were judged, where they are known");
                self.elsewhere(maker, &item, field, reason);
            }
            for choice in choices {
                match read(&choice) {
                    Some(own) => all.push(own),
                    None if is_open => self.unread.push(choice),
                    None => self.unread(maker, &choice, field),
                }
            }
        }
        all
    }

    /// Reads annotations: a list of keys with values, or a map. Of some other fields, what is open is listed.
    fn read_annotations(&mut self, maker: &mut Maker<'_>, own: &Part) {
        self.annotations = match own.get("annotations") {
            Some(map) if map.is_map() && !field::is_call(&map) => Some(map),
            None => None,
            list => {
                let entries = self.each(maker, list, "annotations", field::annotation);
                (!entries.is_empty()).then(|| Part::map(&self.pointer).with_all(entries))
            }
        };
        let open = ["nodeSelector", "serviceAccount"].iter().filter_map(|key| own.get(key));
        self.unresolved.extend(open.filter(field::is_open).map(|part| part.pointer));
    }

    fn read_containers(&mut self, maker: &mut Maker<'_>, own: &Part) {
        for key in ["containers", "containerTemplates"] {
            let more = self.each(maker, own.get(key), key, container);
            self.containers.extend(more);
        }
        // The older form counts only where there is no list.
        if self.containers.is_empty() {
            self.containers = self.each(maker, own.get("containerTemplate"), "containerTemplate", container);
        }
        for container in self.containers.clone() {
            self.each(maker, container.get("envVars"), "envVars", field::variable);
        }
        let fields = self.containers.iter().flat_map(Part::entries);
        for (_, part) in fields.filter(|(key, _)| field::is_odd(key)).collect::<Vec<_>>() {
            self.unread(maker, &part, "containerTemplate");
        }
        // An old setter, which reaches the first container.
        if let Some(privileged) = own.get("privileged")
            && let Some(first) = self.containers.first_mut()
            && first.get("privileged").is_none()
        {
            *first = first.clone().with("privileged", privileged);
        }
    }

    fn read_volumes(&mut self, maker: &mut Maker<'_>, own: &Part) {
        self.volumes = self.each(maker, own.get("volumes"), "volumes", Volume::read);
        // There is one: of several that it may be, that of the node counts.
        let workspaces = self.each(maker, own.get("workspaceVolume"), "workspaceVolume", Volume::read);
        self.workspace =
            workspaces.iter().find(|volume| volume.is_of_host()).or_else(|| workspaces.first()).cloned();
    }

    /// The number of values in it that another template would take over.
    pub(super) fn size(&self) -> usize {
        let lists = [&self.containers, &self.environment, &self.pull_secrets, &self.yamls];
        let volumes: usize = self.volumes.iter().map(Volume::size).sum();
        let maps = self.fields.size() + self.annotations.as_ref().map_or(0, Part::size);
        let told = self.notes.len() + self.unresolved.len();
        volumes + maps + told + lists.into_iter().map(size).sum::<usize>()
    }

    /// This template inside another one.
    pub(super) fn over(self, parent: Self) -> Self {
        let fields = parent.fields.merged(self.fields.entries(), |key, _, value| {
            let counts = key == "label" || field::filled(Some(value.clone())).is_some();
            counts.then_some(value)
        });
        let list = |items: Vec<Part>| Part::list(&self.pointer, items);
        let containers = merge::by_name(&list(parent.containers), &list(self.containers), over).items();
        let taken: BTreeSet<String> = self.volumes.iter().map(Volume::path).collect();
        let mut volumes = parent.volumes;
        volumes.retain(|volume| !taken.contains(&volume.path()));
        volumes.extend(self.volumes);
        let before = parent.yamls.len();
        let others = self.others.into_iter().map(|(place, other)| (before + place, other)).collect();
        let annotations = match (parent.annotations, self.annotations) {
            (Some(parent), Some(own)) => Some(parent.with_all(own.entries())),
            (parent, own) => own.or(parent),
        };
        Self {
            fields: fields.placed(&self.pointer),
            containers,
            volumes,
            workspace: self.workspace.or(parent.workspace),
            environment: joined(parent.environment, self.environment),
            annotations,
            pull_secrets: joined(parent.pull_secrets, self.pull_secrets),
            yamls: joined(parent.yamls, self.yamls),
            others: joined(parent.others, others),
            is_undecided: self.is_undecided || self.merges.is_none() && parent.is_undecided,
            merges: self.merges.or_else(|| parent.merges.filter(|_| parent.inherits_strategy)),
            inherits_strategy: parent.inherits_strategy,
            partial: self.partial || parent.partial,
            notes: joined(parent.notes, self.notes),
            unresolved: joined(parent.unresolved, self.unresolved),
            unread: self.unread,
            pointer: self.pointer,
        }
    }

    /// The name of the container in which the agent runs.
    pub(super) fn agent(&self) -> String {
        self.fields
            .text_of("agentContainer")
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| "jnlp".to_owned())
    }
}

/// The fields of a container, in whichever form it is written.
fn container(item: &Part) -> Option<Part> {
    let is_container = |part: &Part| part.get("name").is_some() || part.get("image").is_some();
    let inner = if is_container(item) { Some(item.clone()) } else { field::symbol(item).map(|(_, own)| own) };
    inner.map(|own| field::once(&own)).filter(is_container)
}

fn joined<T>(mut before: Vec<T>, own: Vec<T>) -> Vec<T> {
    before.extend(own);
    before
}

/// One container over another: what is truth in either stays so.
fn over(parent: &Part, own: &Part) -> Part {
    let all = parent.clone().merged(own.entries(), |key, before, value| {
        let truth = field::truth(value.clone()).as_bool();
        let kept = match key {
            "envVars" | "ports" => {
                let none = || Part::list(&parent.pointer, Vec::new());
                let items = value.items();
                return (!items.is_empty())
                    .then(|| before.cloned().unwrap_or_else(none).extended(items, &parent.pointer));
            }
            "privileged" | "ttyEnabled" | "alwaysPullImage" => truth == Some(false) && before.is_some(),
            _ => field::filled(Some(value.clone())).is_none() || value.is_null(),
        };
        (!kept).then_some(value)
    });
    all.placed(&own.pointer)
}

/// Whether a strategy merges: `merge()`, `merge`, `[$class: 'Merge']`. Nothing where that is not known.
fn merges(strategy: &Part) -> Option<bool> {
    let name = match strategy.as_str() {
        Some(name) => name.to_owned(),
        None => field::symbol(strategy).map(|(name, _)| name).unwrap_or_default(),
    };
    match name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase().as_str() {
        "merge" => Some(true),
        "override" | "" => Some(false),
        _ => None,
    }
}

fn named_secret(part: &Part) -> Part {
    match part.as_str() {
        Some(_) => Part::map(&part.pointer).with("name", part.clone()),
        None => part.clone().only(&["name"]),
    }
}
