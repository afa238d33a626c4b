//! What runs by Docker on an agent (<https://www.jenkins.io/doc/book/pipeline/docker/>).

use std::collections::BTreeSet;

use super::super::super::super::part::Part;
use super::super::super::super::template::Template;
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
    pub(super) fn docker(&mut self, value: &Part, options: Option<String>, scope: &Scope) {
        let Some(options) = options.filter(|options| !options.trim().is_empty()) else { return };
        let at = ["args", "0"].iter().find_map(|key| value.get(key)).unwrap_or_else(|| value.clone()).pointer;
        let script = Part::text(&format!("docker run {options}"), &at);
        if scope.pod.is_some() {
            return self.runs(script, scope);
        }
        let container = Part::map(&at)
            .with("name", Part::text("docker", &at))
            .with("image", value.get("image"))
            .with("args", Part::list(&at, vec![in_lines(&script)]));
        let spec = Part::map(&at).with("containers", Part::list(&at, vec![container]));
        let template = Template {
            object: self.entry_at(&value.pointer, scope.stage.clone().unwrap_or_default()),
            spec: Some(spec),
            partial: true,
            implied: vec!["a container that Docker runs on an agent, and no pod".to_owned()],
            ..Template::default()
        };
        self.add_pod(template);
    }
}
