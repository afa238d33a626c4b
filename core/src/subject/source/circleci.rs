//! CircleCI's container runner, which makes a pod of each job of its classes: the pipeline names the containers, and
//! the chart's values hold a pod for each class (<https://circleci.com/docs/guides/execution-runner/container-runner/>).

mod runner;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use super::super::Subjects;
use super::super::object::Object;
use super::super::part::Part;
use super::super::template::Template;
use super::docker::variables;
use super::named::{self, Place};
use super::{Maker, called, make, values};
pub(super) use runner::is_values;

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
    if let Some((values, others)) = values::of_chart(&whole, &["agent"], |_, own| runner::is_values(own)) {
        return make(&named("ContainerRunnerValues"), PLATFORM, found, |maker| {
            if let Some(agent) = values.get("agent") {
                runner::judge(maker, &agent);
            }
            maker.beside(&others);
            true
        });
    }
    runner::is_settings(&whole)
        && make(&named("ContainerRunnerConfig"), PLATFORM, found, |maker| {
            runner::judge(maker, &whole);
            true
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
            maker.refer_to(&Part::text(name, &call.pointer), "jobs");
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
        maker.refer_to(&name, "executor");
    }
    let either = |key: &str| job.get(key).or_else(|| executor.as_ref()?.get(key));
    let class = either("resource_class");
    let is_own = class.as_ref().and_then(Part::as_str).is_some_and(|class| class.contains(['/', '<']));
    if !is_own {
        return;
    }
    if !maker.affords(&job.pointer, 1, || whole.get("commands").map_or(0, |all| all.size())) {
        return;
    }
    let mut ran = Ran::of(whole, job, around);
    maker.created_by(&ran.scripts);
    ran.scripts.extend(either("shell"));
    let shared = executor.as_ref().and_then(|executor| executor.get("environment"));
    let env = [shared, job.get("environment")].into_iter().flatten().flat_map(|own| variables(Some(&own)));
    let env: Vec<Part> = env.chain(std::mem::take(&mut ran.env)).collect();
    let first = |own: Part| own.and("env", env.clone()).and("args", ran.scripts.clone());
    let containers = match either("docker") {
        Some(images) => containers(&images, first),
        None if env.is_empty() && ran.scripts.is_empty() => return,
        // A machine of one's own runs the steps itself.
        None => {
            let machine = Part::map(&job.pointer).with("name", Part::text("runner", &job.pointer));
            Part::list(&job.pointer, vec![first(machine)])
        }
    };
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

/// The containers of a job, of which the first one runs the steps.
fn containers(images: &Part, first: impl Fn(Part) -> Part) -> Part {
    let containers = images.items().into_iter().enumerate().map(|(at, one)| {
        let name = one.get("name").unwrap_or_else(|| Part::text(&format!("container-{at}"), &one.pointer));
        let own = Part::map(&one.pointer)
            .with("name", name)
            .with("image", one.get("image"))
            .with("command", one.get("entrypoint").map(listed))
            .with("args", one.get("command").map(listed))
            .and("env", variables(one.get("environment").as_ref()));
        if at == 0 { first(own) } else { own }
    });
    Part::list(&images.pointer, containers.collect())
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
                // The older name of `run`, unless the pipeline has a command of that name.
                let is_run = &*name == "run" || &*name == "deploy" && command.is_none();
                // Whatever a command or an orb is given may be run there.
                if !is_run && !matches!(&*name, "unless" | "when") {
                    pending.extend(steps_among(&own));
                }
                match &*name {
                    _ if is_run => ran.run(&own),
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
