//! What runs in no pod: on agents that are machines, and in containers that Docker runs there or in a pod. Each is
//! judged as a part of one.

use super::super::super::super::part::Part;
use super::super::super::super::template::Template;
use super::super::super::docker::{Docker, is_open};
use super::super::super::{Maker, reference};
use super::super::field;
use super::commands::in_lines;
use super::workspace::Workspace;
use super::{Pipeline, Scope};
use crate::typed::Note;

/// What is said of steps on an agent of which only the controller knows what it is.
pub(in super::super) const ON_AGENT: &str = "steps on an agent, whose own settings say what it may do";

/// A machine, or a container of Docker's, while the program is read.
pub(super) struct Machine {
    pointer: String,
    stage: String,
    name: &'static str,
    implied: &'static str,
    image: Option<Part>,
    /// The options that Docker is told, each of which may be the one.
    options: Vec<Part>,
    /// That more options are worked out.
    notes: Vec<Note>,
    /// What is run in it.
    pub(super) scripts: Vec<Part>,
}

impl Machine {
    /// An agent of which only the controller knows what it is.
    pub(super) fn agent(at: &Part) -> Self {
        Self {
            pointer: at.pointer.clone(),
            stage: String::new(),
            name: "steps",
            implied: ON_AGENT,
            image: None,
            options: Vec::new(),
            notes: Vec::new(),
            scripts: Vec::new(),
        }
    }

    /// A container that Docker is told to run.
    pub(super) fn docker(at: &Part, image: Option<Part>) -> Self {
        let image = image.filter(|image| image.as_str().is_some());
        let implied = "a container that Docker runs on an agent, and no pod";
        Self { name: "docker", implied, image, ..Self::agent(at) }
    }

    /// With the options that Docker is told by `what`, as far as they are known.
    pub(super) fn told(self, maker: &mut Maker<'_>, given: Option<Part>, what: &'static str) -> Self {
        let Some(given) = given else { return self };
        let (options, _) = field::choices(given.clone());
        let options: Vec<Part> = options.into_iter().filter(is_told).collect();
        let unknown = options.iter().filter(|own| is_unknown(own)).count();
        let is_partly = |own: &Part| own.as_str().is_some_and(is_open);
        let reason = if unknown == options.len() {
            "is worked out when the pipeline runs: what Docker is told was not judged"
        } else if unknown > 0 {
            "hangs on a condition: both sides were judged, where they are known"
        } else {
            "has options that are worked out when the pipeline runs: they were not judged"
        };
        let mut notes = self.notes;
        if unknown > 0 || options.iter().any(is_partly) {
            maker.tell(&given.pointer, format!("`{what}` {reason}"));
            notes.push(reference(&given, what));
        }
        Self { options, notes, ..self }
    }

    /// The container, as one of the options says.
    fn container(&self, options: Option<&Part>, workspace: Workspace) -> Docker {
        let at = options.map_or(self.pointer.as_str(), |own| own.pointer.as_str());
        let container = Part::map(at)
            .with("name", Part::text(self.name, at))
            .with("image", self.image.clone())
            .and("args", self.scripts.iter().map(in_lines).collect());
        let mut docker = Docker::new(container);
        options.into_iter().for_each(|own| docker.shell_options(&workspace.within(own)));
        docker
    }
}

/// Whether options say anything.
fn is_told(options: &Part) -> bool {
    !options.is_null() && options.as_str().is_none_or(|text| !text.trim().is_empty())
}

/// Whether nothing of options is known.
fn is_unknown(options: &Part) -> bool {
    options.as_str().is_none() || field::is_unknown(options)
}

impl Pipeline<'_, '_> {
    /// Where something runs that is told to run in a machine.
    pub(super) fn machine(&mut self, machine: Machine, scope: &Scope) -> Scope {
        let stage = scope.stage.clone().unwrap_or_default();
        self.machines.push(Machine { stage, ..machine });
        Scope { machine: Some(self.machines.len() - 1), is_nowhere: false, ..scope.clone() }
    }

    /// The part of a pod that a machine is, or each of those that it may be. One that is told nothing is none.
    pub(super) fn finish_machine(&mut self, machine: Machine) {
        let (unknown, known): (Vec<&Part>, Vec<&Part>) =
            machine.options.iter().partition(|own| is_unknown(own));
        let of_scripts = machine.scripts.iter().filter(|script| field::is_unknown(script));
        let unknown: Vec<String> =
            unknown.into_iter().chain(of_scripts).map(|open| open.pointer.clone()).collect();
        if known.is_empty() && (!unknown.is_empty() || !machine.scripts.is_empty()) {
            self.add_machine(&machine, None, &unknown);
        }
        let size = 1 + machine.scripts.len() + unknown.len();
        if known.len() < 2 || self.maker.affords(&machine.pointer, known.len(), || size) {
            known.into_iter().for_each(|own| self.add_machine(&machine, Some(own), &unknown));
        }
    }

    fn add_machine(&mut self, machine: &Machine, options: Option<&Part>, unknown: &[String]) {
        let mut docker = machine.container(options, self.workspace);
        let mut unresolved = std::mem::take(&mut docker.unresolved);
        unresolved.dedup();
        unresolved.extend_from_slice(unknown);
        self.add_pod(Template {
            object: self.entry_at(&machine.pointer, machine.stage.clone()),
            spec: Some(docker.spec()),
            partial: true,
            notes: machine.notes.clone(),
            unresolved,
            implied: vec![machine.implied.to_owned()],
            ..Template::default()
        });
    }
}
