//! Agents: what `agent` says, and what runs on agents that are no pods.

use super::super::super::super::part::Part;
use super::super::field;
use super::machines::Machine;
use super::{Pipeline, Scope, called};

impl Pipeline<'_, '_> {
    /// What `agent` says, and where the stages run then.
    pub(super) fn agent(&mut self, agent: &Part, scope: &Scope) -> Scope {
        let nowhere = Scope { is_nowhere: true, stage: scope.stage.clone(), ..Scope::default() };
        if let Some(text) = agent.as_str() {
            if text == "${none}" {
                return nowhere;
            }
            let name = text.trim_start_matches("${").trim_end_matches('}').to_owned();
            return self.runs_elsewhere(agent, &format!("`agent {name}`"), &nowhere);
        }
        let mut inner = nowhere.clone();
        for (key, own) in agent.entries() {
            match called(&key).1 {
                "kubernetes" => inner = self.kubernetes(agent, &own, scope),
                "docker" | "dockerfile" => {
                    self.runs_elsewhere(agent, "`agent { docker … }`", &nowhere);
                    inner = self.docker_agent(&field::once(&own), &nowhere);
                }
                other => {
                    let what = format!("`agent {{ {other} … }}`");
                    inner = self.runs_elsewhere(agent, &what, &nowhere);
                    self.block(&own, &nowhere);
                }
            }
        }
        inner
    }

    /// `kubernetes { … }`
    fn kubernetes(&mut self, agent: &Part, own: &Part, scope: &Scope) -> Scope {
        let own = if own.is_map() || !own.is_null() { own.clone() } else { Part::map(&agent.pointer) };
        let known =
            own.clone().without(&["inheritFrom"]).with("inheritFrom", field::filled(own.get("inheritFrom")));
        let template = self.template(&known, "agent");
        let container = own.text_of("defaultContainer");
        let label = own.text_of("label");
        let pod = self.add(template, label.or_else(|| scope.stage.clone()), "agent", None);
        if let Some(pending) = self.pods.get_mut(pod) {
            pending.used = true;
        }
        Scope { pod: Some(pod), container, stage: scope.stage.clone(), ..Scope::default() }
    }

    /// Tells of an agent that no file describes. What runs on it is judged all the same.
    pub(super) fn runs_elsewhere(&mut self, at: &Part, what: &str, scope: &Scope) -> Scope {
        let reason = format!("{what} runs on an agent that only the controller's settings describe");
        self.maker.tell(&at.pointer, reason);
        self.machine(Machine::agent(at), scope)
    }
}
