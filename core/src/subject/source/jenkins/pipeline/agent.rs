//! Agents: what `agent` says, and what runs on agents that are no pods.

use super::super::super::super::part::Part;
use super::super::super::super::template::Template;
use super::super::field;
use super::{Pipeline, Scope, called, in_lines};
use crate::report::Cause;

impl Pipeline<'_, '_> {
    /// What `agent` says, and where the stages run then.
    pub(super) fn agent(&mut self, agent: &Part, scope: &Scope) -> Scope {
        let nowhere = Scope { pod: None, container: None, stage: scope.stage.clone() };
        if let Some(text) = agent.as_str() {
            if text != "${none}" {
                let name = text.trim_start_matches("${").trim_end_matches('}').to_owned();
                self.runs_elsewhere(agent, &format!("`agent {name}`"));
            }
            return nowhere;
        }
        let entries = agent.entries();
        let Some((key, own)) = entries.first() else { return nowhere };
        match called(key).1 {
            "kubernetes" => {
                let own =
                    if own.is_map() || !own.is_null() { own.clone() } else { Part::map(&agent.pointer) };
                let known = own
                    .clone()
                    .without(&["inheritFrom"])
                    .with("inheritFrom", field::filled(own.get("inheritFrom")));
                let template = self.template(&known, "agent");
                let container = own.text_of("defaultContainer");
                let label = own.text_of("label");
                let pod = self.add(template, label.or_else(|| scope.stage.clone()), "agent");
                if let Some(pending) = self.pods.get_mut(pod) {
                    pending.used = true;
                }
                Scope { pod: Some(pod), container, stage: scope.stage.clone() }
            }
            "docker" | "dockerfile" => {
                let options = own.text_of("args");
                self.docker(own, options, &nowhere);
                self.runs_elsewhere(agent, "`agent { docker … }`");
                nowhere
            }
            other => {
                let other = other.to_owned();
                self.runs_elsewhere(agent, &format!("`agent {{ {other} … }}`"));
                nowhere
            }
        }
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

    pub(super) fn runs_elsewhere(&mut self, at: &Part, what: &str) {
        let reason = format!("{what} runs on an agent that only the controller's settings describe");
        let entry = self.maker.object.not_evaluated(&at.pointer, Cause::Reference, reason);
        self.maker.found.not_evaluated.push(entry);
    }
}
