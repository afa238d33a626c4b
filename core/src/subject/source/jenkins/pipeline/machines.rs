//! What runs in no pod: on agents that are machines, and in containers that Docker runs there or in a pod. Each is
//! judged as a part of one.

use super::super::super::super::part::Part;
use super::super::super::super::template::Template;
use super::super::super::docker::Docker;
use super::super::field;
use super::commands::in_lines;
use super::{Pipeline, Scope};

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
            scripts: Vec::new(),
        }
    }

    /// A container that Docker is told to run.
    pub(super) fn docker(at: &Part, image: Option<Part>, options: Vec<Part>) -> Self {
        let image = image.filter(|image| image.as_str().is_some());
        let implied = "a container that Docker runs on an agent, and no pod";
        Self { name: "docker", implied, image, options, ..Self::agent(at) }
    }

    /// The container, as one of the options says.
    fn container(&self, options: Option<&Part>) -> Docker {
        let at = options.map_or(self.pointer.as_str(), |own| own.pointer.as_str());
        let container = Part::map(at)
            .with("name", Part::text(self.name, at))
            .with("image", self.image.clone())
            .and("args", self.scripts.iter().map(in_lines).collect());
        let mut docker = Docker::new(container);
        options.into_iter().for_each(|own| docker.shell_options(own));
        docker
    }
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
        let is_told = |own: &&Part| !own.is_null() && own.as_str().is_none_or(|text| !text.trim().is_empty());
        let told = machine.options.iter().filter(is_told);
        let (unknown, known): (Vec<&Part>, Vec<&Part>) =
            told.partition(|own| own.as_str().is_none() || field::is_unknown(own));
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
        let mut docker = machine.container(options);
        let mut unresolved = std::mem::take(&mut docker.unresolved);
        unresolved.dedup();
        unresolved.extend_from_slice(unknown);
        self.add_pod(Template {
            object: self.entry_at(&machine.pointer, machine.stage.clone()),
            spec: Some(docker.spec()),
            partial: true,
            unresolved,
            implied: vec![machine.implied.to_owned()],
            ..Template::default()
        });
    }
}
