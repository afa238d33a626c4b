//! `config.xml` of the controller and of jobs, as XStream writes it: the name of an element is a field or a class.

use super::super::super::part::Part;
use super::super::super::template::Template;
use super::super::Maker;
use super::pipeline::{ON_AGENT, called, in_lines, windows};
use super::{casc, cloud};
use crate::report::{Cause, ObjectEntry};

/// Judges the templates of all clouds in a document, and the pipelines of jobs.
pub(super) fn read(maker: &mut Maker<'_>, root: &Part) {
    let mut found = Found::default();
    search(root, &mut found);
    for cloud in &found.clouds {
        let templates: Vec<Part> =
            cloud.get("templates").iter().flat_map(items).map(|own| template(&own)).collect();
        casc::templates(maker, &fields(cloud), &templates);
    }
    if !found.templates.is_empty() {
        let templates: Vec<Part> = found.templates.iter().map(template).collect();
        casc::templates(maker, &Part::map(&root.pointer), &templates);
    }
    found.agents.iter().for_each(|base| cloud::agent(maker, base));
    for pipeline in &found.pipelines {
        super::pipeline_in(maker, pipeline, "the pipeline of the job");
    }
    for path in &found.paths {
        maker.refer_to(path, "scriptPath");
    }
    for script in &found.scripts {
        let reason =
            "a script that may ask for pods: give it in a file of its own to have it judged".to_owned();
        maker.tell(&script.pointer, reason);
    }
    steps(maker, root, &found);
    if maker.found.subjects.is_empty() && maker.found.not_evaluated.is_empty() {
        let reason = "XML in which there is no cloud of Jenkins' Kubernetes plugin".to_owned();
        maker.found.not_evaluated.push(maker.object.not_evaluated("", Cause::NotKubernetes, reason));
    }
}

#[derive(Default)]
struct Found {
    clouds: Vec<Part>,
    /// Templates outside of a cloud.
    templates: Vec<Part>,
    /// Templates of clouds of Docker's plugin.
    agents: Vec<Part>,
    /// Scripts of jobs that are pipelines.
    pipelines: Vec<Part>,
    /// Where jobs have their pipelines in a repository.
    paths: Vec<Part>,
    /// Other scripts.
    scripts: Vec<Part>,
    /// What the steps of jobs that are no pipelines run in a shell.
    commands: Vec<Part>,
    /// The agents that such jobs ask for.
    nodes: Vec<Part>,
}

/// Steps of jobs that run the text `command`, by their class, with the step of a pipeline that does the same.
const SHELLS: [(&str, &str); 3] = [
    ("hudson.plugins.powershell.PowerShell", "powershell"),
    ("hudson.tasks.BatchFile", "bat"),
    ("hudson.tasks.Shell", "sh"),
];

/// Judges what the steps of jobs run, on whichever agent: it is told that no file describes that.
fn steps(maker: &mut Maker<'_>, root: &Part, found: &Found) {
    for node in &found.nodes {
        let name = node.as_str().unwrap_or_default().trim();
        let reason =
            format!("`assignedNode` `{name}` is an agent that only the controller's settings describe");
        maker.tell(&node.pointer, reason);
    }
    let Some(first) = found.commands.first() else { return };
    if found.nodes.is_empty() {
        let reason = "the job runs on an agent that only the controller's settings describe".to_owned();
        maker.tell(&first.pointer, reason);
    }
    maker.created_by(&found.commands);
    let at = &root.pointer;
    let container = Part::map(at)
        .with("name", Part::text("steps", at))
        .and("args", found.commands.iter().map(in_lines).collect());
    let object = ObjectEntry { kind: "JenkinsJob".to_owned(), ..maker.object.entry.clone() };
    let steps = Template {
        object,
        platform: maker.platform,
        spec: Some(Part::map(at).with("containers", Part::list(at, vec![container]))),
        partial: true,
        implied: vec![ON_AGENT.to_owned()],
        ..Template::default()
    };
    steps.add_to(maker.object.document, maker.found);
}

// Recursion is bounded by the depth of the document.
fn search(part: &Part, found: &mut Found) {
    let is_pipeline = part.text_of("@class").is_some_and(|class| called(&class).1 == "CpsFlowDefinition");
    for (key, value) in part.entries() {
        match &*class(&key, &value) {
            "KubernetesCloud" => found.clouds.push(value),
            "PodTemplate" if value.is_map() => {
                found.templates.push(Part::map(&value.pointer.clone()).with("PodTemplate", value));
            }
            "dockerTemplateBase" => found.agents.push(value),
            "script" if is_pipeline && value.as_str().is_some() => found.pipelines.push(value),
            "scriptPath" if value.as_str().is_some_and(|path| !path.is_empty()) => found.paths.push(value),
            "script"
                if value
                    .as_str()
                    .is_some_and(|text| text.contains("podTemplate") || text.contains("kubernetes")) =>
            {
                found.scripts.push(value);
            }
            "assignedNode" if value.as_str().is_some_and(|name| !name.trim().is_empty()) => {
                found.nodes.push(value);
            }
            _ => {
                found.commands.extend(command(&key, &value));
                search(&value, found);
            }
        }
    }
}

/// What a step runs in a shell, if it is one that does.
fn command(key: &str, step: &Part) -> Option<Part> {
    let named = step.text_of("@class").unwrap_or_else(|| called(key).0.to_owned());
    let (_, shell) = SHELLS.iter().find(|(class, _)| named == *class)?;
    let command = step.get("command")?;
    let text = if command.is_map() { command.get("#text")? } else { command };
    text.as_str().is_some_and(|text| !text.trim().is_empty()).then(|| windows::as_posix(shell, text))
}

/// The class of an element, without the packages around it: what is said of it, or else its name.
fn class(key: &str, element: &Part) -> String {
    element.text_of("@class").map_or_else(|| called(key).1.to_owned(), |class| called(&class).1.to_owned())
}

/// The elements of a list: each with its class.
fn items(list: &Part) -> Vec<Part> {
    let of_class = list.entries().into_iter().filter(|(key, _)| !key.starts_with('@'));
    of_class
        .map(|(key, value)| {
            let class = class(&key, &value);
            let inner = if value.is_map() { fields(&value) } else { value };
            Part::map(&inner.pointer.clone()).with(&class, inner)
        })
        .collect()
}

/// The fields of an object: without what XStream says of it, and without what is empty.
fn fields(own: &Part) -> Part {
    let entries = own.entries().into_iter().filter(|(key, value)| {
        !key.starts_with('@') && value.as_str().is_none_or(|text| !text.trim().is_empty())
    });
    Part::map(&own.pointer).with_all(entries)
}

/// A template, with its lists as lists and what has a class with it.
fn template(item: &Part) -> Part {
    let Some((_, own)) = item.entries().into_iter().next() else { return item.clone() };
    let mut all = fields(&own);
    for key in ["annotations", "containers", "envVars", "imagePullSecrets", "volumes", "yamls"] {
        let Some(list) = all.get(key) else { continue };
        let values = items(&list).into_iter().filter_map(|item| {
            let (class, own) = item.entries().into_iter().next()?;
            Some(match (key, &*class) {
                ("volumes" | "envVars", _) => item,
                ("containers", _) => container(&own),
                _ => own,
            })
        });
        let values = values.collect();
        all = all.with(key, Part::list(&list.pointer, values));
    }
    // The last of the texts is the template's own; an older field has it, too.
    if all.get("yamls").is_some() {
        all = all.without(&["yaml"]);
    }
    for key in ["workspaceVolume", "yamlMergeStrategy"] {
        let Some(value) = all.get(key) else { continue };
        let class = value.text_of("@class").unwrap_or_default();
        let name = class.rsplit('.').next().unwrap_or_default().to_owned();
        let named = Part::map(&value.pointer).with(&name, fields(&value));
        all = if name.is_empty() { all.without(&[key]) } else { all.with(key, named) };
    }
    all
}

fn container(own: &Part) -> Part {
    let mut all = fields(own);
    for key in ["envVars", "ports"] {
        if let Some(list) = all.get(key) {
            let values = items(&list);
            all = all.with(key, Part::list(&list.pointer, values));
        }
    }
    all
}
