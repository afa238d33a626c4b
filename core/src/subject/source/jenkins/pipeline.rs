//! Jenkinsfiles, and the libraries that they use: which pods are asked for, and what runs in them.

mod agent;
mod calls;
mod docker;
mod strays;

use std::collections::{BTreeMap, BTreeSet};

use super::super::super::part::Part;
use super::super::super::template::Template;
use super::super::Maker;
use super::template::{FIELDS, PodTemplate};
use super::{field, pod};
use crate::report::{Cause, ObjectEntry};
use crate::typed::{Note, NoteKind};

/// Reads a program.
pub(super) fn read(maker: &mut Maker<'_>, root: &Part) {
    let before = said(maker);
    let images = docker::variables(root);
    let mut pipeline =
        Pipeline { maker, pods: Vec::new(), consumed: BTreeSet::new(), unread: Vec::new(), images };
    pipeline.block(root, &Scope::default());
    pipeline.finish(root);
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
}

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
        let mut scope = scope.clone();
        let entries = block.entries();
        if let Some((_, agent)) = entries.iter().find(|(key, _)| called(key).1 == "agent") {
            scope = self.agent(agent, &scope);
        }
        for (key, value) in &entries {
            self.entry(key, value, &scope);
        }
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
                let inner = Scope { container: first(), ..scope.clone() };
                self.block(value, &inner);
            }
            "stage" => {
                let inner = Scope { stage: first(), ..scope.clone() };
                self.block(value, &inner);
            }
            "load" => {
                let reason = "`load` runs another file, which is judged by itself alone".to_owned();
                let entry = self.maker.object.not_evaluated(&value.pointer, Cause::Reference, reason);
                self.maker.found.not_evaluated.push(entry);
            }
            "sh" => {
                self.script(value, scope);
                self.block(value, scope);
            }
            "inside" | "withRun" | "run" if self.is_image(path) => {
                self.docker(value, first(), scope);
                self.block(value, scope);
            }
            _ => self.block(value, scope),
        }
    }

    /// The template of which an agent is made.
    fn template(&mut self, own: &Part, what: &str) -> PodTemplate {
        self.consume(own);
        let is_known = own.is_map() && !field::is_call(own);
        let read = if is_known { own.clone() } else { Part::map(&own.pointer) };
        let mut template = PodTemplate::read(self.maker, &read);
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

    fn add(&mut self, template: PodTemplate, name: Option<String>, asked_by: &'static str) -> usize {
        self.pods.push(Pending {
            template,
            name: name.filter(|name| !name.contains("${")).unwrap_or_default(),
            scripts: Vec::new(),
            used: false,
            outer: false,
            asked_by,
        });
        self.pods.len() - 1
    }

    /// `podTemplate(…) { … }`
    fn pod_template(&mut self, value: &Part, scope: &Scope) {
        // A map in the place of the arguments.
        let given = value.get("0");
        let own = match &given {
            Some(map) if map.is_map() && !field::is_call(map) => map.clone(),
            _ => value.clone(),
        };
        let fields =
            if own.is_map() && !field::is_call(&own) { own.clone().only(&FIELDS) } else { own.clone() };
        let mut template = self.template(&fields.placed(&value.pointer), "podTemplate");
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
        let pod = self.add(template, name, "podTemplate");
        let inner = Scope { pod: Some(pod), container: None, stage: scope.stage.clone() };
        self.block(&value.clone().without(&FIELDS), &inner);
    }

    /// `node(label) { … }`
    fn node(&mut self, value: &Part, scope: &Scope) {
        let label = value
            .as_str()
            .map(str::to_owned)
            .or_else(|| value.text_of("0"))
            .or_else(|| value.text_of("label"));
        match scope.pod.and_then(|index| self.pods.get_mut(index)) {
            Some(pending) => pending.used = true,
            None => {
                let what = match label.filter(|label| !label.contains("${")) {
                    Some(label) => format!("`node('{label}')`"),
                    None => "`node`".to_owned(),
                };
                self.runs_elsewhere(value, &what);
            }
        }
        self.block(value, scope);
    }

    /// `sh 'text'` and `sh(script: 'text')`
    fn script(&mut self, value: &Part, scope: &Scope) {
        let script = if value.as_str().is_some() {
            Some(value.clone())
        } else {
            value.get("script").or_else(|| value.get("0"))
        };
        let Some(script) = script.filter(|script| script.as_str().is_some()) else { return };
        self.runs(script, scope);
    }

    fn runs(&mut self, script: Part, scope: &Scope) {
        if let Some(pending) = scope.pod.and_then(|index| self.pods.get_mut(index)) {
            pending.scripts.push((scope.container.clone(), script));
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
        for pending in std::mem::take(&mut self.pods) {
            if pending.used || !pending.outer {
                self.finish_pod(pending);
            }
        }
        self.strays(root);
        self.unknown_calls(root);
    }

    fn finish_pod(&mut self, pending: Pending) {
        let Some(mut pod) = pod::build(self.maker, &pending.template) else { return };
        let agent = pending.template.agent();
        let mut unresolved = pending.template.unresolved.clone();
        let unknown = pending.scripts.iter().filter(|(_, script)| field::is_unknown(script));
        unresolved.extend(unknown.map(|(_, script)| script.pointer.clone()));
        pod.spec = with_scripts(pod.spec, &pending.scripts, &agent);
        let mut notes = pending.template.notes.clone();
        notes.append(&mut pod.notes);
        notes.push(Note {
            kind: NoteKind::Setting { name: "author-pod", values: Vec::new() },
            pointer: pending.template.pointer.clone(),
            field: pending.asked_by.to_owned(),
        });
        let namespace = pending.template.fields.text_of("namespace").unwrap_or_default();
        let object = ObjectEntry { namespace, ..self.entry_at(&pending.template.pointer, pending.name) };
        self.add_pod(Template {
            object,
            metadata: pod.metadata,
            spec: Some(pod.spec),
            partial: pending.template.partial,
            notes,
            implied: pod.implied,
            unresolved,
            ..Template::default()
        });
    }
}

/// A script as a text that is none of one word.
fn in_lines(script: &Part) -> Part {
    Part::text(&format!("{}\n", script.as_str().unwrap_or_default()), &script.pointer)
}

/// The pod with scripts among the arguments of the containers that they run in: where there is none of that name, of
/// the agent's.
fn with_scripts(spec: Part, scripts: &[(Option<String>, Part)], agent: &str) -> Part {
    let Some(list) = spec.get("containers").filter(|_| !scripts.is_empty()) else { return spec };
    let containers = list.items();
    let mut of: Vec<Vec<Part>> = vec![Vec::new(); containers.len()];
    let mut places = BTreeMap::new();
    for (at, one) in containers.iter().enumerate() {
        places.entry(one.text_of("name").unwrap_or_default()).or_insert(at);
    }
    for (container, script) in scripts {
        let at = container.as_ref().and_then(|name| places.get(name)).or_else(|| places.get(agent));
        if let Some(own) = at.and_then(|at| of.get_mut(*at)) {
            own.push(in_lines(script));
        }
    }
    let containers = containers.into_iter().zip(of).map(|(one, scripts)| one.and("args", scripts)).collect();
    let containers = Part::list(&list.pointer, containers);
    spec.with("containers", containers)
}
