//! CircleCI's container runner, which makes a pod of each job of its classes: the pipeline names the containers, and
//! the chart's values hold a pod for each class (<https://circleci.com/docs/guides/execution-runner/container-runner/>).

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use super::super::Subjects;
use super::super::object::Object;
use super::super::part::Part;
use super::super::template::Template;
use super::docker::variables;
use super::named::{self, Place};
use super::{Maker, called, labels_and_annotations, make, values};

const PLATFORM: &str = "circleci";

/// Takes pipelines and values of the chart.
pub(in crate::subject) fn read(object: &Object<'_>, found: &mut Subjects) -> bool {
    if !object.kind().is_empty() {
        return false;
    }
    let whole = object.part();
    let named = |kind: &str| called(object, kind, "", &object.entry.pointer);
    if is_pipeline(&whole) || named::place(object) == Some(Place::CircleCi) && is_named_pipeline(&whole) {
        return make(&named("CircleCIPipeline"), PLATFORM, found, |maker| {
            // An orb that is written out is a pipeline inside the pipeline.
            let orbs = whole.get("orbs").map(|orbs| orbs.entries()).unwrap_or_default();
            jobs_of_orbs(maker, &whole);
            let around = around(&whole);
            let orbs = orbs.iter().map(|(name, orb)| (format!("{name}/"), orb));
            for (prefix, pipeline) in std::iter::once((String::new(), &whole)).chain(orbs) {
                let jobs = pipeline.get("jobs").map(|jobs| jobs.entries()).unwrap_or_default();
                for (name, job) in jobs.iter().filter(|(_, job)| job.is_map()) {
                    let around = around.get(&format!("{prefix}{name}")).cloned().unwrap_or_default();
                    maker.inside("CircleCIJob", name, job, |maker| self::job(maker, pipeline, job, around));
                }
            }
            true
        });
    }
    let chart = values::of_chart(&whole, &["agent"], |_, own| is_values(own));
    chart.is_some_and(|(values, others)| {
        make(&named("ContainerRunnerValues"), PLATFORM, found, |maker| {
            if let Some(agent) = values.get("agent") {
                runner(maker, &agent);
            }
            maker.beside(&others);
            true
        })
    })
}

/// Whether these are jobs of CircleCI: each says where it runs and has steps.
fn is_pipeline(whole: &Part) -> bool {
    let runs_somewhere =
        |job: &Part| ["docker", "executor", "machine", "macos"].iter().any(|key| job.get(key).is_some());
    let jobs_of = |of: &Part| of.get("jobs").map(|jobs| jobs.entries()).unwrap_or_default();
    let orbs = whole.get("orbs").map(|orbs| orbs.entries()).unwrap_or_default();
    let jobs: Vec<_> =
        std::iter::once(whole).chain(orbs.iter().map(|(_, orb)| orb)).flat_map(jobs_of).collect();
    whole.get("version").is_some()
        && !jobs.is_empty()
        && jobs.iter().all(|(_, job)| {
            job.get("steps").is_some() && runs_somewhere(job) || job.text_of("type").is_some()
        })
}

/// Whether a file that has the name of a pipeline has something of one.
fn is_named_pipeline(whole: &Part) -> bool {
    let keys = ["commands", "executors", "jobs", "orbs", "setup", "workflows"];
    whole.get("version").is_some() && keys.iter().any(|key| whole.get(key).is_some())
}

/// Tells of the jobs of orbs that are elsewhere and that workflows run, each orb's once.
fn jobs_of_orbs(maker: &mut Maker<'_>, whole: &Part) {
    let workflows = whole.get("workflows").map(|all| all.entries()).unwrap_or_default();
    let mut told = BTreeSet::new();
    for call in workflows.iter().flat_map(|(_, workflow)| workflow.items_of("jobs")) {
        let name = call.as_str().map(str::to_owned).or_else(|| Some(call.entries().first()?.0.to_string()));
        let orb = name.as_ref().and_then(|name| name.split_once('/')).map(|(orb, _)| orb);
        let is_written = orb.is_some_and(|orb| whole.find(&["orbs", orb]).is_some_and(|own| own.is_map()));
        if let Some((name, orb)) = name.as_ref().zip(orb).filter(|_| !is_written)
            && told.insert(orb.to_owned())
        {
            maker.refer(&Part::map(&call.pointer).with("name", Part::text(name, &call.pointer)), "jobs");
        }
    }
}

/// The steps in the lists of a map: arguments may be steps, whatever their names.
fn steps_among(map: &Part) -> Vec<Part> {
    let lists = map.entries().into_iter().filter(|(key, value)| &**key != "requires" && !value.is_map());
    let lists = lists.map(|(_, value)| value.items()).filter(|items| items.iter().any(Part::is_map));
    lists.flatten().collect()
}

/// The steps that parameters of a command or a job are where nothing is given for them.
fn by_default(of: &Part) -> Vec<Part> {
    let parameters = of.get("parameters").map(|all| all.entries()).unwrap_or_default();
    parameters.iter().flat_map(|(_, one)| steps_among(one)).collect()
}

/// The steps that workflows put before and behind those of jobs, or give them, by the names of these.
fn around(whole: &Part) -> BTreeMap<String, Vec<Part>> {
    let workflows = whole.get("workflows").map(|all| all.entries()).unwrap_or_default();
    let calls = workflows.iter().flat_map(|(_, workflow)| workflow.items_of("jobs"));
    let mut around: BTreeMap<String, Vec<Part>> = BTreeMap::new();
    for (name, call) in calls.flat_map(|call| call.entries()) {
        around.entry(name.to_string()).or_default().extend(steps_among(&call));
    }
    around
}

/// The pod of a job of a class of one's own: these are named `namespace/class`. What CircleCI runs on its machines is
/// on no node.
fn job(maker: &mut Maker<'_>, whole: &Part, job: &Part, around: Vec<Part>) {
    let named = job.get("executor");
    let executor = named.as_ref().and_then(|own| {
        let name = own.as_str().map(str::to_owned).or_else(|| own.text_of("name"))?;
        whole.find(&["executors", name.as_str()])
    });
    if let Some(own) = named.filter(|_| executor.is_none()) {
        let name = own.get("name").unwrap_or(own);
        maker.refer(&Part::map(&name.pointer).with("name", name.clone()), "executor");
    }
    let either = |key: &str| job.get(key).or_else(|| executor.as_ref()?.get(key));
    let class = either("resource_class");
    let is_own = class.as_ref().and_then(Part::as_str).is_some_and(|class| class.contains(['/', '<']));
    let Some(images) = either("docker").filter(|_| is_own) else { return };
    if !maker.affords(&job.pointer, 1, || whole.get("commands").map_or(0, |all| all.size())) {
        return;
    }
    let mut ran = Ran::of(whole, job, around);
    ran.scripts.extend(either("shell"));
    let environment = |part: Option<Part>| variables(part.as_ref());
    let containers = images.items().into_iter().enumerate().map(|(at, one)| {
        let name = one.get("name").unwrap_or_else(|| Part::text(&format!("container-{at}"), &one.pointer));
        let own = Part::map(&one.pointer)
            .with("name", name)
            .with("image", one.get("image"))
            .with("command", one.get("entrypoint").map(listed))
            .with("args", one.get("command").map(listed))
            .and("env", environment(one.get("environment")));
        // The first one runs the steps.
        if at > 0 {
            return own;
        }
        let shared = executor.as_ref().and_then(|executor| executor.get("environment"));
        let env = [shared, job.get("environment")].into_iter().flat_map(environment);
        own.and("env", env.chain(ran.env.clone()).collect()).and("args", ran.scripts.clone())
    });
    let containers = Part::list(&images.pointer, containers.collect());
    let mut unresolved = containers.texts_with("<<", &["args", "env"]);
    unresolved.extend(class.iter().flat_map(|class| class.texts_with("<<", &[])));
    unresolved.append(&mut ran.unknown);
    maker.add(Template {
        spec: Some(Part::map(&job.pointer).with("containers", containers)),
        partial: true,
        implied: vec!["what the class of the runner says of its pods".to_owned()],
        unresolved,
        ..Template::default()
    });
}

/// A word or a list of them as a list.
fn listed(part: Part) -> Part {
    Part::list(&part.pointer.clone(), part.items())
}

/// What the steps of a job run.
#[derive(Default)]
struct Ran {
    scripts: Vec<Part>,
    /// The variables of single steps.
    env: Vec<Part>,
    /// The pointers of steps that are defined elsewhere.
    unknown: Vec<String>,
    /// The commands of the pipeline that are called, each of which is read once.
    called: BTreeSet<String>,
}

impl Ran {
    fn of(whole: &Part, job: &Part, around: Vec<Part>) -> Self {
        let mut ran = Self::default();
        let steps = job.items_of("steps").into_iter().chain(by_default(job));
        let mut pending: Vec<Part> = steps.chain(around).collect();
        pending.reverse();
        while let Some(step) = pending.pop() {
            let alone = step.as_str().map(|name| vec![(name.into(), Part::map(&step.pointer))]);
            for (name, own) in alone.unwrap_or_else(|| step.entries()) {
                let command = whole.find(&["commands", &*name]);
                // Whatever a command or an orb is given may be run there.
                if !matches!(&*name, "run" | "unless" | "when") {
                    pending.extend(steps_among(&own));
                }
                match &*name {
                    "run" => ran.run(&own),
                    "unless" | "when" => pending.extend(own.items_of("steps").into_iter().rev()),
                    _ if command.is_none() && name.contains('/') => ran.unknown.push(step.pointer.clone()),
                    _ if ran.called.insert(name.to_string()) => {
                        if let Some(command) = command {
                            pending.extend(command.items_of("steps").into_iter().rev());
                            pending.extend(by_default(&command));
                        }
                    }
                    _ => {}
                }
            }
        }
        ran
    }

    fn run(&mut self, own: &Part) {
        self.scripts.extend(own.as_str().map(|_| own.clone()));
        self.scripts.extend(["command", "shell"].iter().filter_map(|key| own.get(key)));
        self.env.extend(variables(own.get("environment").as_ref()));
    }
}

/// Containers of services, by how their images are told.
const SERVICES: [&str; 4] = ["default", "exact", "pattern", "prefix"];

/// Whether these are values of the container runner: with classes of jobs, or with what their services are.
fn is_values(values: &Part) -> bool {
    let map = |key: &str| values.find(&["agent", key]).filter(Part::is_map);
    let is_services =
        |all: Part| values::is_said(&all) && all.entries().iter().all(|(key, _)| SERVICES.contains(&&**key));
    map("resourceClasses").is_some() || map("serviceContainers").is_some_and(is_services)
}

/// What of the agent's values is read here.
const READ: [&str; 6] = [
    "containerSecurityContext",
    "environment",
    "podAnnotations",
    "podSecurityContext",
    "resourceClasses",
    "serviceContainers",
];

/// Judges the classes of jobs, the containers of services in all of them, and the pod of the agent that makes these.
fn runner(maker: &mut Maker<'_>, agent: &Part) {
    for (name, class) in agent.get("resourceClasses").iter().flat_map(Part::entries) {
        maker.inside("ResourceClass", &name, &class, |maker| resource_class(maker, &class));
    }
    let services = agent.get("serviceContainers").map(|all| all.entries()).unwrap_or_default();
    let services = services.into_iter().flat_map(|(key, part)| match &*key {
        "default" => vec![(key, part)],
        _ => part.entries(),
    });
    for (image, container) in services {
        maker.inside("ServiceContainer", &image, &container, |maker| service(maker, &image, &container));
    }
    let at = agent.pointer.as_str();
    let environment = variables(agent.get("environment").as_ref());
    let fields = [
        ("securityContext", agent.get("containerSecurityContext")),
        ("env", (!environment.is_empty()).then(|| Part::list(at, environment))),
    ];
    let context = agent.get("podSecurityContext");
    let annotations = agent.get("podAnnotations");
    let said = fields.iter().filter_map(|(_, part)| part.as_ref()).chain(&context).chain(&annotations);
    if said.into_iter().any(values::is_said) {
        let container = values::container(at, "container-agent", fields);
        let spec = Part::map(at).with("securityContext", context);
        maker.add(Template {
            metadata: annotations.map(|own| Part::map(&own.pointer).with("annotations", own.clone())),
            spec: Some(spec.with("containers", Part::list(at, vec![container]))),
            partial: true,
            implied: vec!["it is the agent, which makes the pods of jobs".to_owned()],
            ..Template::default()
        });
    }
    let rest = agent.clone().without(&READ).entries();
    maker.by_shape(rest.iter().map(|(_, part)| part));
}

/// The container of services of jobs, in the place of what their class says.
fn service(maker: &mut Maker<'_>, name: &str, written: &Part) {
    let at = written.pointer.as_str();
    let named = written.clone().with("name", Part::text(name, at));
    maker.add(Template {
        spec: Some(Part::map(at).with("containers", Part::list(at, vec![named]))),
        partial: true,
        implied: vec!["every service of a job with this image is such a container".to_owned()],
        ..Template::default()
    });
}

/// A class of jobs: what its first container says holds for all containers of a task.
fn resource_class(maker: &mut Maker<'_>, class: &Part) {
    let beside = class.clone().without(&["metadata", "spec", "token"]).entries();
    maker.by_shape(beside.iter().map(|(_, part)| part));
    let Some(spec) = class.get("spec") else { return };
    maker.add(Template {
        metadata: labels_and_annotations(class.get("metadata")),
        spec: Some(spec),
        partial: true,
        implied: vec!["what the first container says holds for every container of a job".to_owned()],
        ..Template::default()
    });
}
