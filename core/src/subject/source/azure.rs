//! Azure Pipelines: containers that agents create for jobs and services
//! (<https://learn.microsoft.com/azure/devops/pipelines/process/container-phases>).

mod directives;
mod macros;
mod scope;
mod shape;
mod tasks;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::super::Subjects;
use super::super::object::Object;
use super::super::part::Part;
use super::super::template::Template;
use super::docker::{Docker, LEAVES_QUOTES, variable};
use super::named::{Place, place};
use super::{Maker, called, make, setting, size};
use macros::Aliases;
use scope::{Scope, each, environment, named};
use shape::Shape;

const PLATFORM: &str = "azure-pipelines";

/// Takes pipelines.
pub(in crate::subject) fn read(object: &Object<'_>, found: &mut Subjects) -> bool {
    if !object.kind().is_empty() {
        return false;
    }
    let written = object.part();
    let whole = if directives::are_in(object.node) { directives::opened(&written) } else { written };
    if !is_own(&whole, place(object) == Some(Place::Azure)) {
        return false;
    }
    make(&called(object, "AzurePipeline", "", &object.entry.pointer), PLATFORM, found, |maker| {
        let jobs = all_jobs(&whole);
        // Agents of Microsoft's are machines that end with the job.
        let is_hosted = jobs.iter().all(|job| job.is_hosted);
        for shared in whole.get("resources").map(|own| own.items_of("containers")).unwrap_or_default() {
            let name = shared.text_of("container").unwrap_or_default();
            if !is_hosted {
                maker.inside("AzureContainer", &name, &shared, |maker| {
                    container(maker, &shared, &name, Role::Shared);
                });
            }
        }
        refer(maker, &whole);
        for job in &jobs {
            job.read(maker);
        }
        true
    })
}

/// Whether this is a pipeline, or a template of one: by what only those have, or where the file `is_named` so, by steps
/// that others may have.
fn is_own(whole: &Part, is_named: bool) -> bool {
    let list =
        |key: &str| whole.get(key).filter(|list| !list.is_map()).map(|list| list.items()).unwrap_or_default();
    let resources = whole.get("resources").map(|own| own.items_of("containers")).unwrap_or_default();
    let is_container = |one: &Part| {
        one.get("container").is_some() && (one.get("image").is_some() || one.get("type").is_some())
    };
    let has = |key: &str, shape: Shape| list(key).iter().any(|one| shape::of(one) == Some(shape));
    let is_told =
        is_named || ["parameters", "pool", "pr", "trigger"].iter().any(|key| whole.get(key).is_some());
    let extends = whole.get("extends").filter(Part::is_map);
    extends.is_some_and(|of| of.text_of("template").is_some())
        || ["jobs", "stages", "steps"].iter().any(|key| has(key, Shape::Template))
        || resources.iter().any(is_container)
        || has("jobs", Shape::Job)
        || has("stages", Shape::Stage)
        || list("steps").iter().any(shape::tells)
        || is_told && has("steps", Shape::Step)
}

/// Where templates, and what is filled in as a whole, may stand.
const INNER: [&str; 22] = [
    "canary",
    "container",
    "containers",
    "deploy",
    "extends",
    "failure",
    "jobs",
    "matrix",
    "on",
    "postRouteTraffic",
    "preDeploy",
    "resources",
    "rolling",
    "routeTraffic",
    "runOnce",
    "services",
    "stages",
    "steps",
    "strategy",
    "success",
    // `on`, as YAML 1.1 reads it.
    "true",
    "variables",
];

/// Lists the templates of stages, jobs and steps, wherever they stand, what the whole extends, and what parameters
/// bring.
// Recursion is bounded by the depth of the document.
fn refer(maker: &mut Maker<'_>, part: &Part) {
    if part.is_map() {
        if let Some(file) = part.get("template").filter(|file| file.as_str().is_some()) {
            maker.refer_to(&file, "template");
            refer_handed(maker, part);
        }
        for (key, inner) in part.entries() {
            if INNER.contains(&&*key) || directives::is_directive(&key) {
                refer(maker, &inner);
            }
        }
    } else if !part.is_scalar() {
        part.items().iter().for_each(|item| refer(maker, item));
    } else if part.as_str().is_some_and(directives::is_directive) {
        maker.refer_to(part, "parameters");
    }
}

/// The same of what parameters hold.
fn refer_handed(maker: &mut Maker<'_>, of: &Part) {
    if let Some(parameters) = of.get("parameters") {
        shape::handed(&parameters, &mut |_, part| refer(maker, &part));
    }
}

struct Job {
    part: Part,
    around: Arc<Scope>,
    /// The names of the containers that all jobs may use.
    shared: Arc<[String]>,
    /// Whether it runs on a machine of Microsoft's.
    is_hosted: bool,
}

/// The jobs of all stages, and those that templates are given; a pipeline without any is one itself.
fn all_jobs(whole: &Part) -> Vec<Job> {
    let containers = whole.get("resources").map(|own| own.items_of("containers")).unwrap_or_default();
    let shared = containers.iter().filter_map(|one| one.text_of("container")).collect();
    let scope = Scope::new(whole);
    let mut jobs = Jobs { shared, all: Vec::new() };
    whole.items_of("stages").iter().for_each(|stage| jobs.stage(stage, &scope));
    whole.items_of("jobs").into_iter().for_each(|job| jobs.job(job, &scope));
    whole.items_of("extends").iter().for_each(|template| jobs.handed(template, &scope));
    if jobs.all.is_empty() {
        // Its variables are those around it.
        jobs.add(whole.clone().without(&["parameters", "variables"]), &scope, scope.hosts(whole));
    }
    // What it is given itself where nobody says otherwise.
    jobs.handed(&Part::map("").with("parameters", whole.get("parameters")), &scope);
    jobs.all
}

struct Jobs {
    shared: Arc<[String]>,
    all: Vec<Job>,
}

impl Jobs {
    fn add(&mut self, part: Part, around: &Arc<Scope>, is_hosted: bool) {
        self.all.push(Job { part, around: Arc::clone(around), shared: Arc::clone(&self.shared), is_hosted });
    }

    fn stage(&mut self, stage: &Part, around: &Arc<Scope>) {
        self.handed(stage, around);
        let scope = around.inner(stage);
        stage.items_of("jobs").into_iter().for_each(|job| self.job(job, &scope));
    }

    fn job(&mut self, job: Part, around: &Arc<Scope>) {
        self.handed(&job, around);
        let is_hosted = around.hosts(&job);
        self.add(job.without(&["parameters"]), around, is_hosted);
    }

    /// What a template is given: stages, jobs, and steps, which with a container beside them are of one job. Its pool may
    /// be any, unless one is given or is that of all.
    // Recursion is bounded by the depth of the document.
    fn handed(&mut self, template: &Part, around: &Arc<Scope>) {
        let Some(parameters) = template.get("parameters") else { return };
        let scope = around.inner(&parameters);
        let mut steps = Vec::new();
        shape::handed(&parameters, &mut |shape, part| match shape {
            Shape::Stage => self.stage(&part, &scope),
            Shape::Job => self.job(part, &scope),
            Shape::Template => self.handed(&part, &scope),
            Shape::Step => steps.push(part),
        });
        let container = parameters.get("container").filter(|own| own.get("image").is_some());
        let services = parameters.get("services").filter(Part::is_map);
        if !steps.is_empty() || container.is_some() || services.is_some() {
            let at = &parameters.pointer;
            let steps = Part::list(at, steps);
            let job =
                Part::map(at).with("steps", steps).with("container", container).with("services", services);
            self.add(job, &scope, scope.hosts(&parameters));
        }
    }
}

/// What a script sets for the steps behind it.
fn set_by(script: &Part) -> Vec<Part> {
    let commands = script.as_str().unwrap_or_default().split("##vso[task.setvariable ").skip(1);
    let set = commands.filter_map(|command| {
        let (fields, value) = command.split_once(']')?;
        let name = fields.split(';').find_map(|field| field.trim().strip_prefix("variable="))?;
        let value = value.split(['"', '\'', '\n']).next().unwrap_or_default();
        Some(named(name, Part::text(value, &script.pointer)))
    });
    set.collect()
}

impl Job {
    fn read(&self, maker: &mut Maker<'_>) {
        let name = ["job", "deployment"].iter().find_map(|key| self.part.text_of(key)).unwrap_or_default();
        let steps = self.steps();
        // What is created in a cluster is there, wherever the agent is.
        steps.iter().flat_map(tasks::created).for_each(|manifest| maker.read_all(&manifest));
        let mut scripts: Vec<Part> = steps.iter().flat_map(tasks::scripts).collect();
        scripts.retain(|script| script.as_str().is_some());
        maker.created_by(&scripts);
        if self.is_hosted {
            return;
        }
        maker.inside("AzureJob", &name, &self.part, |maker| self.scripts(maker, &steps, scripts));
        let services = self.part.items_of("services").into_iter().flat_map(|all| all.entries());
        let services =
            services.filter(|(_, own)| own.is_map()).map(|(alias, own)| (alias, own, Role::Service));
        let own = self.part.items_of("container").into_iter().filter_map(|own| self.image(own));
        for (alias, own, role) in own.map(|own| ("job".into(), own, Role::Job)).chain(services) {
            maker.inside("AzureJob", &name, &own, |maker| container(maker, &own, &alias, role));
        }
    }

    /// The container of the job, which may be its image alone. Anything else is the name of a shared one.
    fn image(&self, own: Part) -> Option<Part> {
        if own.is_map() {
            return Some(own);
        }
        let is_image = |text: &str| text.contains([':', '/']) && !text.contains("${{");
        let text =
            own.as_str().filter(|text| is_image(text) && !self.shared.iter().any(|name| name == text))?;
        Some(Part::map(&own.pointer).with("image", Part::text(text, &own.pointer)))
    }

    /// All steps. A job of a deployment has them below its strategy; templates are given some, and to a template that a
    /// job is given to, any of its fields may be steps.
    fn steps(&self) -> Vec<Part> {
        let mut steps = Vec::new();
        shape::steps(&self.part.clone().without(&INNER), &mut steps);
        let mut pending = vec![self.part.clone()];
        while let Some(part) = pending.pop() {
            for step in part.items_of("steps") {
                if let Some(parameters) = step.get("parameters") {
                    shape::steps(&parameters, &mut steps);
                }
                steps.push(step);
            }
            let inner =
                INNER.iter().filter(|key| !matches!(**key, "container" | "extends" | "jobs" | "steps"));
            pending.extend(inner.flat_map(|key| part.items_of(key)).filter(Part::is_map));
        }
        steps
    }

    /// What the steps run in a shell, as a part of the agent's pod or of the job's container.
    fn scripts(&self, maker: &mut Maker<'_>, steps: &[Part], scripts: Vec<Part>) {
        if maker.is_full() {
            return;
        }
        let mut unresolved = Vec::new();
        let mut env: Vec<Part> = self.around.variables().into_iter().chain(environment(&self.part)).collect();
        for own in steps.iter().flat_map(|step| step.items_of("env")) {
            env.extend(each(&own, variable));
            unresolved.extend(own.as_str().map(|_| own.pointer.clone()));
        }
        env.extend(scripts.iter().flat_map(set_by));
        let at = &self.part.pointer;
        if scripts.is_empty() && env.is_empty() && unresolved.is_empty()
            || !maker.affords(at, 1, || size(&env))
        {
            return;
        }
        let known = env.iter().filter_map(|own| own.text_of("name")).collect();
        let scripts: Vec<Part> = scripts.into_iter().map(|script| macros::spelled(script, &known)).collect();
        let aliases = Aliases::new(&scripts, &env);
        if !maker.affords(at, 1, || aliases.size()) {
            return;
        }
        env.extend(aliases.variables());
        let container =
            Part::map(at).with("name", Part::text("agent", at)).and("args", scripts).and("env", env);
        maker.add(Template {
            spec: Some(Part::map(at).with("containers", Part::list(at, vec![container]))),
            partial: true,
            implied: vec!["the pod is that of the agent, whose own settings say what it may do".to_owned()],
            unresolved,
            ..Template::default()
        });
    }
}

/// What a container is for. Into that of a job the agent mounts its Docker socket where it is told to, and before 5.279
/// unless it is told not to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// A resource, for jobs and for services.
    Shared,
    Job,
    Service,
}

fn container(maker: &mut Maker<'_>, written: &Part, name: &str, role: Role) {
    let at = &written.pointer;
    let env: Vec<Part> = written.items_of("env").iter().flat_map(|own| each(own, variable)).collect();
    let images = written.items_of("image");
    let base = Part::map(at)
        .with("name", Part::text(name, at))
        .with("image", images.first().cloned())
        .and("env", env.clone());
    let mut docker = Docker::new(base);
    for volume in written.items_of("volumes") {
        docker.listed_volume(&volume);
    }
    for options in written.items_of("options") {
        docker.options(&options, "options");
    }
    for port in written.items_of("ports") {
        docker.inserted(&port, "ports", "-p %");
    }
    // The name of a service is its name in the network.
    if role == Role::Service {
        docker.inserted(&Part::text(name, at), "services", "--network-alias %");
    }
    // The agent escapes double quotes in values alone, and not what stands before them.
    for one in &env {
        let (name, value) = (one.text_of("name"), one.text_of("value").unwrap_or_default());
        if name.is_some_and(|name| name.contains('"')) || value.contains("\\\"") || value.ends_with('\\') {
            docker.tell(one, "env", LEAVES_QUOTES);
        }
    }
    let mut notes = std::mem::take(&mut docker.notes);
    let said = written.items_of("mapDockerSocket");
    let on = said.iter().find(|said| said.as_bool() != Some(false));
    if on.is_some() || role != Role::Service && said.is_empty() {
        let how = if on.is_some() { "written" } else { "default" };
        let at = &on.unwrap_or(written).pointer;
        notes.push(setting("azure-docker-socket", "mapDockerSocket", at, vec![how.to_owned()]));
    }
    let mut unresolved = docker.unresolved.clone();
    // Which of several images it is, is not known.
    unresolved.extend(images.into_iter().skip(1).map(|image| image.pointer));
    unresolved.extend(written.texts_with("${{", &["env", "options", "volumes"]));
    let spec = docker.spec();
    unresolved.extend(spec.texts_with("$(", &["args", "command", "env"]));
    maker.add(Template {
        spec: Some(spec),
        partial: true,
        notes,
        implied: vec!["an agent with Docker creates it, on the agent's own machine or in its pod".to_owned()],
        unresolved,
        ..Template::default()
    });
}
