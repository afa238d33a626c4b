//! What runs by Docker on an agent (<https://www.jenkins.io/doc/book/pipeline/docker/>).

use std::collections::BTreeSet;

use super::super::super::super::part::Part;
use super::super::field;
use super::commands::export;
use super::machines::Machine;
use super::{Pipeline, Scope, called};

/// The variables of a program that stand for images of Docker's: `def image = docker.build(…)`.
pub(super) fn variables(root: &Part) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(root, &mut found);
    found
}

/// The daemon that a block or a container is made by, as the scripts that set its address and, with a credential,
/// that it is asked over TLS (`ServerKeyMaterialFactory` of docker-commons).
fn server(uri: Option<Part>, credential: Option<Part>, call: &Part) -> Vec<Part> {
    let open = || Part::text("${...}", &call.pointer);
    let host = uri.and_then(|uri| export("DOCKER_HOST", &uri)).unwrap_or_else(open);
    // One that is worked out may be none.
    let is_there = |own: &Part| !field::is_open(own) && own.as_str().is_some_and(|id| !id.trim().is_empty());
    let credential = credential.filter(is_there);
    let tls = credential.and_then(|own| export("DOCKER_TLS_VERIFY", &Part::text("1", &own.pointer)));
    tls.into_iter().chain([host]).collect()
}

/// The daemon that `withDockerServer` is given, in whichever form, as the scripts that set it.
fn step_server(call: &Part) -> Vec<Part> {
    let own = named(call);
    let own = own.get("server").or_else(|| own.get("0")).unwrap_or(own);
    let is_known = own.is_map() && !field::is_call(&own);
    let (uri, credential) =
        if is_known { (own.get("uri"), own.get("credentialsId")) } else { (Some(own), None) };
    let is_given = |uri: &Part| !uri.is_null() && uri.as_str().is_none_or(|text| !text.is_empty());
    let uri = uri.filter(is_given);
    if uri.is_some() { server(uri, credential, call) } else { Vec::new() }
}

/// What a step is given by name, which may stand in a map.
fn named(call: &Part) -> Part {
    call.get("0").filter(|map| map.is_map() && !field::is_call(map)).unwrap_or_else(|| call.clone())
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
    /// Reads what Docker's plugins are told, by a method or by a step of theirs; says whether it is that.
    pub(super) fn docker_step(&mut self, path: &str, name: &str, value: &Part, scope: &Scope) -> bool {
        match name {
            "withServer" if path.ends_with("docker.withServer") => {
                let uri = value.get("0").or_else(|| value.get("uri"));
                let credential = value.get("1").or_else(|| value.get("credentialsId"));
                self.with_environment(server(uri, credential, value), value, scope);
            }
            "withDockerServer" => {
                self.with_environment(step_server(value), value, scope);
            }
            "build" if path.ends_with("docker.build") => {
                self.docker_build(value, scope);
                self.block(value, scope);
            }
            "dockerNode" => {
                let inside = self.docker_node(value, scope);
                self.block(value, &inside);
            }
            "withDockerContainer" => {
                let inside = self.docker_container(value, scope);
                self.block(value, &inside);
            }
            "inside" if self.is_image(path) => {
                let inside = self.docker("inside", value, scope);
                self.block(value, &inside);
            }
            // What is given to these runs beside their container.
            "withRun" | "run" if self.is_image(path) => {
                self.docker(if name == "run" { "run" } else { "withRun" }, value, scope);
                self.block(value, scope);
            }
            _ => return false,
        }
        true
    }

    /// Whether a method, given with the way to it, is that of an image. No other thing has `inside` and `withRun`.
    pub(super) fn is_image(&self, path: &str) -> bool {
        let Some((of, method)) = path.rsplit_once('.') else { return false };
        matches!(method, "inside" | "withRun") || of.starts_with("docker.") || self.images.contains(of)
    }

    /// `agent { docker { … } }`
    pub(super) fn docker_agent(&mut self, own: &Part, scope: &Scope) -> Scope {
        let image = own.get("image").or_else(|| Some(own.clone()));
        let machine = Machine::docker(own, image).told(self.maker, own.get("args"), "args");
        self.machine(machine, scope)
    }

    /// What Docker is told when an image is run by a method, and where what is given to it runs then.
    pub(super) fn docker(&mut self, method: &'static str, value: &Part, scope: &Scope) -> Scope {
        let given = value.get("args").or_else(|| value.get("0")).unwrap_or_else(|| value.clone());
        let is_given = given.as_str().is_some() || field::is_call(&given);
        let machine = Machine::docker(value, None).told(self.maker, Some(given).filter(|_| is_given), method);
        let inner = self.machine(machine, scope);
        // Behind the options stands what the container runs.
        let command = value.get("1").filter(|command| command.as_str().is_some());
        command.into_iter().for_each(|command| self.runs(command, &inner));
        self.export(0, &inner);
        inner
    }

    /// `withDockerContainer(image: 'name', args: 'options') { … }`, which `inside` calls, too.
    fn docker_container(&mut self, value: &Part, scope: &Scope) -> Scope {
        let own = named(value);
        let image = own.get("image").or_else(|| own.get("0")).or_else(|| Some(own.clone()));
        let machine = Machine::docker(value, image).told(self.maker, own.get("args"), "args");
        let inner = self.machine(machine, scope);
        self.export(0, &inner);
        inner
    }

    /// `docker.build('name', 'what else the command is told')`
    fn docker_build(&mut self, value: &Part, scope: &Scope) {
        let Some(given) = value.get("1") else { return };
        let (choices, _) = field::choices(given.clone());
        for choice in choices.iter().filter(|choice| !choice.is_null()) {
            let told = choice.as_str().unwrap_or("${...}");
            self.runs(Part::text(&format!("docker build {told}"), &choice.pointer), scope);
        }
    }

    /// `dockerNode(image: 'name', dockerHost: 'uri') { … }` of Docker's plugin: an agent in a container that the
    /// controller has made.
    fn docker_node(&mut self, value: &Part, scope: &Scope) -> Scope {
        let reason =
            "`dockerNode` runs in a container of Docker's, on the machine of its daemon, and in no pod";
        self.maker.tell(&value.pointer, reason.to_owned());
        if let Some(uri) = value.get("dockerHost") {
            let controller = self.machine(Machine::agent(value), scope);
            for script in server(Some(uri), value.get("credentialsId"), value) {
                self.runs(script, &controller);
            }
        }
        let image = value.get("image").or_else(|| value.get("0")).or_else(|| Some(value.clone()));
        let outside = Scope { pod: None, container: None, ..scope.clone() };
        let inner = self.machine(Machine::docker(value, image), &outside);
        self.export(0, &inner);
        inner
    }
}
