//! What runs by Docker on an agent (<https://www.jenkins.io/doc/book/pipeline/docker/>).

use std::collections::BTreeSet;

use super::super::super::super::part::Part;
use super::super::super::super::template::Template;
use super::super::field;
use super::commands::in_lines;
use super::{Pipeline, Scope, called};

/// The variables of a program that stand for images of Docker's: `def image = docker.build(…)`.
pub(super) fn variables(root: &Part) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(root, &mut found);
    found
}

// Recursion is bounded by the depth of the document.
fn collect(part: &Part, found: &mut BTreeSet<String>) {
    for (key, value) in part.entries() {
        let path = called(&key).0;
        let name = path.strip_prefix("def ").or_else(|| path.strip_suffix(" ="));
        let is_image = |value: &Part| value.entries().iter().any(|(key, _)| key.starts_with("docker."));
        if let Some(name) = name.filter(|_| is_image(&value)) {
            found.insert(name.to_owned());
        }
        collect(&value, found);
    }
    if !part.is_map() && !part.is_scalar() {
        part.items().iter().for_each(|item| collect(item, found));
    }
}

impl Pipeline<'_, '_> {
    /// Whether a method, given with the way to it, is that of an image. No other thing has `inside` and `withRun`.
    pub(super) fn is_image(&self, path: &str) -> bool {
        let Some((of, method)) = path.rsplit_once('.') else { return false };
        matches!(method, "inside" | "withRun") || of.starts_with("docker.") || self.images.contains(of)
    }

    /// What Docker is told when an image is run on an agent.
    pub(super) fn docker(&mut self, value: &Part, scope: &Scope) {
        let options = value.get("args").or_else(|| value.get("0")).unwrap_or_else(|| value.clone());
        let at = options.pointer.clone();
        if options.as_str().is_none() && !field::is_call(&options) {
            return;
        }
        let script = |choice: &Part| match choice.as_str() {
            Some(text) if text.trim().is_empty() => None,
            Some(text) if !field::is_unknown(choice) => {
                Some(Part::text(&format!("docker run {text}"), &choice.pointer))
            }
            Some(text) => Some(Part::text(text, &choice.pointer)),
            None => Some(Part::text("${...}", &choice.pointer)),
        };
        let scripts: Vec<Part> = field::choices(options).0.iter().filter_map(script).collect();
        if scope.pod.is_some() || scripts.is_empty() {
            return scripts.into_iter().for_each(|script| self.runs(script, scope));
        }
        let unknown = scripts.iter().filter(|script| field::is_unknown(script));
        let unresolved = unknown.map(|script| script.pointer.clone()).collect();
        let container = Part::map(&at)
            .with("name", Part::text("docker", &at))
            .with("image", value.get("image"))
            .with("args", Part::list(&at, scripts.iter().map(in_lines).collect()));
        let spec = Part::map(&at).with("containers", Part::list(&at, vec![container]));
        let template = Template {
            object: self.entry_at(&value.pointer, scope.stage.clone().unwrap_or_default()),
            spec: Some(spec),
            partial: true,
            unresolved,
            implied: vec!["a container that Docker runs on an agent, and no pod".to_owned()],
            ..Template::default()
        };
        self.add_pod(template);
    }
}
