//! Jenkinsfiles, and the libraries that they use: which pods are asked for, and what runs in them.

mod agent;
mod calls;
mod commands;
mod docker;
mod jobs;
mod machines;
mod strays;
pub(super) mod windows;
mod workspace;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::super::part::Part;
use super::super::super::template::Template;
use super::super::Maker;
use super::template::{FIELDS, PodTemplate};
use super::{field, pod};
use crate::document::{Entry, Node};
use crate::report::{Cause, ObjectEntry};
use crate::typed::{Note, NoteKind};
pub(super) use commands::in_lines;
use machines::Machine;
pub(super) use machines::ON_AGENT;
use workspace::Workspace;

/// Reads a program. Of one that is told already for what is not read of it, no more is told.
pub(super) fn read(maker: &mut Maker<'_>, root: &Part, is_told: bool) {
    let before = said(maker);
    let images = docker::variables(root);
    let mut pipeline = Pipeline {
        maker,
        pods: Vec::new(),
        consumed: BTreeSet::new(),
        unread: Vec::new(),
        images,
        exports: Vec::new(),
        loose: Vec::new(),
        machines: Vec::new(),
        workspace: Workspace::of(root),
    };
    pipeline.block(root, &Scope::default());
    pipeline.finish(root);
    if is_told {
        return;
    }
    pipeline.unknown_calls(root);
    if said(maker) == before {
        let reason = "Groovy in which nothing asks for a pod".to_owned();
        let entry = maker.object.not_evaluated(&root.pointer, Cause::NotKubernetes, reason);
        maker.found.not_evaluated.push(entry);
    }
}

fn said(maker: &Maker<'_>) -> usize {
    maker.found.subjects.len() + maker.found.not_evaluated.len()
}

/// Where in a program something stands.
#[derive(Debug, Clone, Default)]
struct Scope {
    /// The pod that it runs in.
    pod: Option<usize>,
    /// The container that it runs in, where it is not the agent's.
    container: Option<String>,
    /// The innermost stage.
    stage: Option<String>,
    /// The machine, or the container of Docker's, that it runs in instead.
    machine: Option<usize>,
    /// Whether there is no agent.
    is_nowhere: bool,
}

impl Scope {
    /// Where commands run, where that is known.
    fn place(&self) -> Option<(Option<usize>, Option<usize>)> {
        (self.pod.is_some() || self.machine.is_some()).then_some((self.pod, self.machine))
    }
}

/// The label of the innermost template, as it is asked for.
const POD_LABEL: &str = "${POD_LABEL}";

/// A pod while the program is read.
struct Pending {
    template: PodTemplate,
    name: String,
    /// What is run in it, by the names of containers.
    scripts: Vec<(Option<String>, Part)>,
    /// Whether an agent is started of it.
    used: bool,
    /// Whether other templates are inside it.
    outer: bool,
    /// The template around it.
    around: Option<usize>,
    /// What asks for it.
    asked_by: &'static str,
}

struct Pipeline<'m, 'a> {
    maker: &'m mut Maker<'a>,
    pods: Vec<Pending>,
    /// Where the texts and calls stand of which pods were made, by their bytes.
    consumed: BTreeSet<(usize, usize)>,
    /// What was given to pods and could not be read.
    unread: Vec<Part>,
    /// The variables that stand for images of Docker's.
    images: BTreeSet<String>,
    /// What the blocks around this one set in the environment of what runs, as scripts that do so.
    exports: Vec<Part>,
    /// What runs where something else says.
    loose: Vec<Part>,
    /// The agents that are no pods, and the containers that Docker runs.
    machines: Vec<Machine>,
    /// What names the workspace.
    workspace: Workspace,
}

/// The name of what is called by a key of the tree: without its number, and the way to it.
pub(super) fn called(key: &str) -> (&str, &str) {
    let key = key.strip_suffix(']').and_then(|key| key.rsplit_once('[')).map_or(key, |(name, _)| name);
    let path = key.trim_end_matches("()");
    (path, path.rsplit('.').next().unwrap_or_default())
}

impl Pipeline<'_, '_> {
    // Recursion is bounded by the depth of the document.
    fn block(&mut self, block: &Part, scope: &Scope) {
        if !block.is_map() {
            if block.as_str().is_none() && !block.is_scalar() {
                block.items().iter().for_each(|item| self.block(item, scope));
            }
            return;
        }
        let around = scope.place();
        let mut scope = scope.clone();
        let entries = block.entries();
        let named = |name: &str| {
            let own = entries.iter().filter(move |(key, _)| called(key).1 == name);
            own.map(|(_, value)| value.clone()).collect::<Vec<_>>()
        };
        for agent in named("agent") {
            scope = self.agent(&agent, &scope);
        }
        let before = self.exports.len();
        self.exports.extend(named("environment").iter().flat_map(commands::environment));
        // What begins here has the environment of the blocks around it, too.
        if scope.place().is_some() {
            self.export(if scope.place() == around { before } else { 0 }, &scope);
        }
        for (key, value) in &entries {
            self.entry(key, value, &scope);
        }
        self.exports.truncate(before);
    }

    fn entry(&mut self, key: &str, value: &Part, scope: &Scope) {
        let (path, name) = called(key);
        let first = || {
            value.as_str().map(str::to_owned).or_else(|| value.text_of("0")).or_else(|| value.text_of("name"))
        };
        match name {
            "agent" => {}
            "podTemplate" => self.pod_template(value, scope),
            "node" => self.node(value, scope),
            "container" => {
                let machine = scope.machine.filter(|_| scope.pod.is_none());
                let inner = Scope { container: first(), machine, ..scope.clone() };
                self.block(value, &inner);
            }
            "stage" => {
                let inner = Scope { stage: first(), ..scope.clone() };
                self.block(value, &inner);
            }
            "load" => {
                let reason = "`load` runs another file, which is judged by itself alone".to_owned();
                self.maker.tell(&value.pointer, reason);
            }
            "bat" | "powershell" | "pwsh" | "sh" => {
                self.script(name, value, scope);
                self.block(value, scope);
            }
            "withEnv" => self.with_environment(commands::pairs(value), value, scope),
            _ if self.docker_step(path, name, value, scope) => {}
            _ => {
                if let Some(export) = commands::of_env(path, value) {
                    self.runs(export, scope);
                }
                self.block(value, scope);
            }
        }
    }

    /// The template of which an agent is made.
    fn template(&mut self, own: &Part, what: &str) -> PodTemplate {
        self.consume(own);
        let is_known = own.is_map() && !field::is_call(own);
        let read = if is_known { field::once(own) } else { Part::map(&own.pointer) };
        let mut template = PodTemplate::read(self.maker, &read);
        for (key, part) in read.entries().iter().filter(|(key, _)| !FIELDS.contains(&&**key)) {
            let reason =
                format!("`{what}` has `{key}`, which is no field of a pod: its pod was not judged in full");
            template.elsewhere(self.maker, part, what, reason);
            template.unread.push(part.clone());
        }
        if !is_known {
            let reason = format!(
                "`{what}` is given what is worked out when the pipeline runs: its pod was not judged in full"
            );
            template.elsewhere(self.maker, own, what, reason);
            template.unread.push(own.clone());
        }
        self.unread.append(&mut template.unread);
        template
    }

    fn add(
        &mut self,
        template: PodTemplate,
        name: Option<String>,
        asked_by: &'static str,
        around: Option<usize>,
    ) -> usize {
        self.pods.push(Pending {
            template,
            name: name.filter(|name| !name.contains("${")).unwrap_or_default(),
            scripts: Vec::new(),
            used: false,
            outer: false,
            around,
            asked_by,
        });
        self.pods.len() - 1
    }

    /// What a call is given by name, and the rest of it.
    fn arguments(&self, call: &Part) -> (Part, Part) {
        let document = self.maker.object.document;
        let written = call.as_node().and_then(Node::as_map).into_iter().flatten();
        let named: BTreeSet<Arc<str>> =
            written.filter(|entry| calls::is_argument(document, entry)).map(Entry::shared_key).collect();
        let part = |is_named: bool| {
            let entries = call.entries().into_iter();
            Part::map(&call.pointer).with_all(entries.filter(|(key, _)| named.contains(key) == is_named))
        };
        (part(true), part(false))
    }

    /// `podTemplate(…) { … }`
    fn pod_template(&mut self, value: &Part, scope: &Scope) {
        let (named, body) = self.arguments(value);
        // A map in the place of the arguments.
        let given = body.get("0");
        let own = match &given {
            _ if !value.is_map() || field::is_call(value) => value.clone(),
            Some(map) if map.is_map() && !field::is_call(map) => named.with_all(map.entries()),
            _ => named,
        };
        let mut template = self.template(&own.clone().placed(&value.pointer), "podTemplate");
        if let Some(open) = given.filter(field::is_open) {
            let reason = "`podTemplate` is given what is worked out when the pipeline runs: its pod was not judged in full";
            template.elsewhere(self.maker, &open, "podTemplate", reason.to_owned());
        }
        // The template around it is inherited from, unless another one is named; none is, too.
        let parent = scope.pod.filter(|_| own.get("inheritFrom").is_none());
        if let Some(outer) = scope.pod.and_then(|index| self.pods.get_mut(index)) {
            outer.outer = true;
            if parent.is_some() && self.maker.affords(&value.pointer, 1, || outer.template.size()) {
                template = template.over(outer.template.clone());
            }
        }
        let name = own.text_of("label").or_else(|| own.text_of("name")).or_else(|| scope.stage.clone());
        let pod = self.add(template, name, "podTemplate", scope.pod);
        let inner =
            Scope { pod: Some(pod), container: None, machine: None, is_nowhere: false, ..scope.clone() };
        self.export(0, &inner);
        self.block(&body, &inner);
    }

    /// `node(label) { … }`
    fn node(&mut self, value: &Part, scope: &Scope) {
        let label = value
            .as_str()
            .map(str::to_owned)
            .or_else(|| value.text_of("0"))
            .or_else(|| value.text_of("label"));
        let inner = match scope.pod {
            Some(pod) => {
                self.start(pod, label.as_deref().unwrap_or(POD_LABEL));
                Scope { machine: None, ..scope.clone() }
            }
            None => {
                let what = match label.filter(|label| !label.contains("${")) {
                    Some(label) => format!("`node('{label}')`"),
                    None => "`node`".to_owned(),
                };
                let inner = self.runs_elsewhere(value, &what, scope);
                self.export(0, &inner);
                inner
            }
        };
        self.block(value, &inner);
    }

    /// An agent is started of a template: of the innermost, unless its label is that of one around, or is not known.
    fn start(&mut self, pod: usize, label: &str) {
        let is_open = label != POD_LABEL && label.contains("${");
        let (mut next, mut is_innermost) = (Some(pod), true);
        while let Some(pending) = next.and_then(|index| self.pods.get_mut(index)) {
            let is_named = !pending.name.is_empty() && label.contains(&pending.name);
            pending.used |= is_innermost || is_open || is_named;
            (next, is_innermost) = (pending.around, false);
        }
    }

    fn entry_at(&self, pointer: &str, name: String) -> ObjectEntry {
        ObjectEntry {
            pointer: pointer.to_owned(),
            api_version: String::new(),
            kind: "Jenkinsfile".to_owned(),
            name,
            ..self.maker.object.entry.clone()
        }
    }

    fn add_pod(&mut self, template: Template) {
        let template = Template { platform: self.maker.platform, ..template };
        template.add_to(self.maker.object.document, self.maker.found);
    }

    /// Remembers everything that a pod is made of.
    fn consume(&mut self, part: &Part) {
        if let Some(node) = part.as_node().filter(|_| part.as_str().is_some() || part.is_map()) {
            self.consumed.insert((node.bytes().start, node.bytes().end));
        }
        if part.is_map() {
            part.entries().iter().for_each(|(_, value)| self.consume(value));
        } else if !part.is_scalar() {
            part.items().iter().for_each(|item| self.consume(item));
        }
    }

    fn finish(&mut self, root: &Part) {
        self.finish_loose();
        for machine in std::mem::take(&mut self.machines) {
            self.finish_machine(machine);
        }
        for pending in std::mem::take(&mut self.pods) {
            if pending.used || !pending.outer {
                self.finish_pod(pending);
            }
        }
        self.strays(root);
    }

    /// The pod, or each of those that it may be.
    fn finish_pod(&mut self, pending: Pending) {
        let unknown = pending.scripts.iter().filter(|(_, script)| field::is_unknown(script));
        let unknown: Vec<String> = unknown.map(|(_, script)| script.pointer.clone()).collect();
        let size = pending.template.size() + pending.scripts.len();
        let template = pending.template;
        let many = template.count();
        let variants = if many == 1 || self.maker.affords(&template.pointer, many, || size) {
            template.variants()
        } else {
            vec![template]
        };
        for template in variants {
            let Some(mut pod) = pod::build(self.maker, &template) else { return };
            pod.spec = commands::with_scripts(pod.spec, &pending.scripts, &template.agent());
            let author = Note {
                kind: NoteKind::Setting { name: "author-pod", values: Vec::new() },
                pointer: template.pointer.clone(),
                field: pending.asked_by.to_owned(),
            };
            let namespace = template.fields.text_of("namespace").unwrap_or_default();
            self.add_pod(Template {
                object: ObjectEntry { namespace, ..self.entry_at(&template.pointer, pending.name.clone()) },
                metadata: pod.metadata,
                spec: Some(pod.spec),
                partial: template.partial,
                notes: template.notes.into_iter().chain(pod.notes).chain([author]).collect(),
                implied: pod.implied,
                unresolved: template.unresolved.into_iter().chain(unknown.iter().cloned()).collect(),
                ..Template::default()
            });
        }
    }
}
