//! Workflows: jobs in containers, the services beside them, and scripts on runners of one's own
//! (<https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax>).
//!
//! A runner that has a Docker daemon creates containers with the options of the workflow; in Kubernetes mode it
//! takes no options and makes pods. Which of both it is, its own settings say, so every container is a part of a
//! pod.

use std::collections::BTreeMap;

use super::super::super::part::Part;
use super::super::super::template::Template;
use super::super::docker::{Docker, FILLED_IN};
use super::super::named::{self, Place};
use super::super::{Maker, setting, size};
use super::env::Env;
use super::hosted;
use super::matrix;
use crate::typed::Note;

/// What a workflow or an action may say at its root; GitHub takes nothing else.
const ROOTS: [&str; 15] = [
    "author",
    "branding",
    "concurrency",
    "defaults",
    "description",
    "env",
    "inputs",
    "jobs",
    "name",
    "on",
    "outputs",
    "permissions",
    "run-name",
    "runs",
    "true",
];

/// Whether a file is GitHub's at all: one of another system may have jobs beside what it runs.
fn may_be_own(whole: &Part) -> bool {
    whole.entries().iter().all(|(key, _)| ROOTS.contains(&&**key))
}

/// Whether this is a workflow: jobs that say where they run, or which workflow they are.
pub(super) fn is_workflow(whole: &Part) -> bool {
    let jobs = whole.get("jobs").filter(Part::is_map).map(|jobs| jobs.entries()).unwrap_or_default();
    let is_job = |job: &Part| {
        let calls = job.text_of("uses").is_some_and(|uses| uses.contains('/') && job.get("steps").is_none());
        job.is_map() && (job.get("runs-on").is_some() || calls)
    };
    // `on` is a truth value in YAML 1.1.
    let is_triggered = whole.get("on").is_some() || whole.get("true").is_some();
    let is_own =
        |job: &Part| job.get("steps").is_some_and(|steps| !steps.is_map()) || job.get("uses").is_some();
    may_be_own(whole)
        && !jobs.is_empty()
        && jobs.iter().any(|(_, job)| is_job(job))
        && (is_triggered || jobs.iter().all(|(_, job)| is_job(job) && is_own(job)))
}

/// Whether this is an action: what it runs says by what (`action.yml`).
pub(super) fn is_action(whole: &Part) -> bool {
    let using = whole.get("runs").and_then(|runs| runs.text_of("using")).unwrap_or_default();
    may_be_own(whole) && (matches!(using.as_str(), "composite" | "docker") || using.starts_with("node"))
}

/// What an action runs: it runs where the job runs that uses it.
pub(super) fn action(maker: &mut Maker<'_>, whole: &Part) -> bool {
    if let Some(runs) = whole.get("runs") {
        let outer = Env::of(maker, whole, None);
        Job::with(maker, &runs, whole, &outer, |maker, job| {
            job.on_runner(maker);
            job.steps(maker);
            maker.created_by(&job.scripts);
            if runs.text_of("using").as_deref() == Some("docker") {
                job.step(maker, &runs, &runs, job.env, runs.get("image").as_ref().and_then(image_in));
            }
        });
    }
    true
}

/// The jobs of a workflow.
pub(super) fn jobs(maker: &mut Maker<'_>, whole: &Part) -> bool {
    let jobs = whole.get("jobs").map(|jobs| jobs.entries()).unwrap_or_default();
    let env = Env::of(maker, whole, None);
    for (id, part) in jobs {
        if maker.is_full() {
            break;
        }
        if let Some(uses) = part.get("uses").filter(|_| part.get("steps").is_none()) {
            // One of the same repository is a file of its own beside this one.
            if !uses.as_str().is_some_and(|text| text.starts_with("./")) {
                maker.refer_to(&uses, "uses");
            }
            continue;
        }
        maker.inside("GitHubJob", &id, &part, |maker| {
            Job::with(maker, &part, whole, &env, |maker, job| job.read(maker));
        });
    }
    true
}

struct Job<'j> {
    part: &'j Part,
    /// The workflow.
    whole: &'j Part,
    /// The variables of the workflow.
    outer: &'j Env<'j>,
    env: &'j Env<'j>,
    steps: &'j [(Part, Env<'j>)],
    /// What the steps run in a shell, each at its place. A shell may be any command.
    scripts: Vec<Part>,
    /// Whether it runs on a machine of GitHub's.
    is_hosted: bool,
}

impl Job<'_> {
    /// Does something with a job, of which the variables and the scripts are known.
    fn with(
        maker: &mut Maker<'_>,
        part: &Part,
        whole: &Part,
        outer: &Env<'_>,
        act: impl FnOnce(&mut Maker<'_>, &Job<'_>),
    ) {
        let env = Env::of(maker, part, Some(outer));
        let with_env = |step: Part| {
            let own = Env::of(maker, &step, Some(&env));
            (step, own)
        };
        let steps: Vec<_> = part.items_of("steps").into_iter().map(with_env).collect();
        let scripts = scripts(maker, [whole, part], &env, &steps);
        // Gitea's and Forgejo's jobs run on machines of one's own, whatever these are called.
        let is_hosted = named::file(maker.object) != Some(Place::Gitea) && hosted::is_hosted(part);
        act(maker, &Job { part, whole, outer, env: &env, steps: &steps, scripts, is_hosted });
    }

    fn read(&self, maker: &mut Maker<'_>) {
        match self.part.get("container").filter(is_container) {
            Some(written) => {
                for container in matrix::variants(self.part, written) {
                    if maker.is_full() {
                        return;
                    }
                    let container = with_workspace(container);
                    let own = Env::of(maker, &container, Some(self.env)).variables();
                    self.container(maker, "job", &container, self.scripts.clone(), self.variables(own));
                }
            }
            None => self.on_runner(maker),
        }
        let services = self.part.get("services");
        let unknown = services.iter().filter(|services| !services.is_map());
        let unknown = unknown.map(|services| ("services".into(), services.clone()));
        let named = services.iter().flat_map(Part::entries).chain(unknown);
        for (name, written) in named.filter(|(_, written)| is_container(written)) {
            for service in matrix::variants(self.part, written) {
                if maker.is_full() {
                    return;
                }
                let args = service.items_of("command");
                let env = Env::of(maker, &service, Some(self.env)).variables();
                self.container(maker, &name, &service, args, env);
            }
        }
        self.steps(maker);
        maker.created_by(&self.scripts);
    }

    /// The containers of steps that name an image instead of an action.
    fn steps(&self, maker: &mut Maker<'_>) {
        for (step, env) in self.steps {
            let with = step.get("with").unwrap_or_else(|| Part::map(&step.pointer));
            let Some(uses) = step.get("uses") else { continue };
            if let Some(image) = image_in(&uses) {
                self.step(maker, step, &with, env, Some(image));
            } else if uses.as_str().is_some_and(runs_docker) {
                self.docker_run(maker, step, &with, env, &uses);
            }
        }
    }

    /// The container of an action that is `docker run`. It mounts the daemon's socket without a word.
    fn docker_run(&self, maker: &mut Maker<'_>, step: &Part, with: &Part, env: &Env<'_>, uses: &Part) {
        let filled = |key: &str| with.get(key).map(|text| env.filled(maker, text));
        let [image, options] = ["image", "options"].map(filled);
        let run = with.items_of("run").into_iter().map(|text| env.filled(maker, text)).collect();
        let written = Part::map(&step.pointer).with("image", image).with("options", options);
        if let Some(mut docker) = self.created(maker, "step", &written, run, env.variables()) {
            docker.volume(&Part::text("/var/run/docker.sock:/var/run/docker.sock", &uses.pointer));
            // A step before it may have given a variable another value.
            let open = |key: &str| {
                let was_open = with.get(key).filter(|text| !text.texts_with("${{", &[]).is_empty())?;
                written
                    .get(key)
                    .is_some_and(|text| text.texts_with("${{", &[]).is_empty())
                    .then_some(was_open)
            };
            docker.unresolved.extend(open("image").map(|image| image.pointer));
            if let Some(options) = open("options") {
                docker.tell(&options, "options", FILLED_IN);
            }
            self.add(maker, docker, written.get("options").as_ref().unwrap_or(&written));
        }
    }

    fn step(&self, maker: &mut Maker<'_>, step: &Part, with: &Part, env: &Env<'_>, image: Option<Part>) {
        let written =
            Part::map(&step.pointer).with("image", image).with("entrypoint", with.get("entrypoint"));
        let args = with.items_of("args").into_iter().map(|text| env.filled(maker, text)).collect();
        self.container(maker, "step", &written, args, env.variables());
    }

    /// The variables of the workflow, of the job and of its container, and behind them those of the steps.
    fn variables(&self, of_container: Vec<Part>) -> Vec<Part> {
        let steps = self.steps.iter().flat_map(|(_, env)| env.variables());
        let around = [self.outer, self.env].into_iter().flat_map(Env::variables);
        around.chain(of_container).chain(steps).collect()
    }

    /// A container that the runner creates for the job.
    fn container(&self, maker: &mut Maker<'_>, name: &str, written: &Part, args: Vec<Part>, env: Vec<Part>) {
        if let Some(docker) = self.created(maker, name, written, args, env) {
            self.add(maker, docker, written.get("options").as_ref().unwrap_or(written));
        }
    }

    /// The container as it is written; nothing where there is no room for it.
    fn created(
        &self,
        maker: &mut Maker<'_>,
        name: &str,
        written: &Part,
        args: Vec<Part>,
        env: Vec<Part>,
    ) -> Option<Docker> {
        if !maker.affords(&written.pointer, 1, || 1 + args.len() + size(&env) + written.size()) {
            return None;
        }
        let base = Part::map(&written.pointer)
            .with("name", Part::text(name, &written.pointer))
            .with("image", image_of(written))
            .and("args", args)
            .and("env", env);
        let mut docker = Docker::new(base);
        let options = written.get("options");
        for volume in written.items_of("volumes") {
            docker.listed_volume(&volume);
        }
        if let Some(options) = &options {
            docker.options(options, "options");
        }
        for port in written.items_of("ports") {
            docker.inserted(&port, "ports", "-p %");
        }
        // The name of a service is its name in the network.
        docker.inserted(&Part::text(name, &written.pointer), "services", "--network-alias %");
        if let Some(entry) = written.get("entrypoint") {
            docker.inserted(&entry, "entrypoint", "--entrypoint \"%\"");
        }
        if matrix::expression(written).is_some() {
            docker.tell(written, "container", FILLED_IN);
        } else {
            let known = ["credentials", "env", "options", "volumes"];
            docker.unresolved.extend(written.texts_with("${{", &known));
        }
        // Variables that are filled in as a whole.
        let open = [Some(self.whole), Some(self.part), Some(written)].into_iter().flatten();
        let open = open.filter_map(|of| of.get("env")).filter(|env| !env.is_map());
        docker.unresolved.extend(open.map(|env| env.pointer));
        Some(docker)
    }

    fn add(&self, maker: &mut Maker<'_>, docker: Docker, at: &Part) {
        let name = if self.is_hosted { "docker-options-hosted" } else { "docker-options" };
        // What stands at one place is told there in one.
        let mut reaching: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (option, at) in &docker.reaching {
            reaching.entry(at).or_default().push(option.clone());
        }
        let own: Vec<Note> =
            reaching.into_iter().map(|(at, options)| setting(name, "options", at, options)).collect();
        if self.is_hosted {
            // Nothing of it runs on a node: what is left is what it would do elsewhere.
            if !own.is_empty() {
                maker.add(Template {
                    spec: Some(Part::map(&at.pointer)),
                    partial: true,
                    notes: own,
                    implied: vec![
                        "it runs on a virtual machine of GitHub's, which ends with the job".to_owned(),
                    ],
                    ..Template::default()
                });
            }
            return;
        }
        let mut notes = docker.notes.clone();
        notes.extend(own);
        let unresolved = docker.unresolved.clone();
        maker.add(Template {
            spec: Some(docker.spec()),
            partial: true,
            notes,
            implied: [
                "a runner with Docker creates the container with these options, and mounts its own Docker socket",
                "a runner in Kubernetes mode makes a pod of it, without the options",
            ]
            .map(str::to_owned)
            .to_vec(),
            unresolved,
            ..Template::default()
        });
    }

    /// A job without a container: its scripts run in the pod of the runner.
    fn on_runner(&self, maker: &mut Maker<'_>) {
        if self.is_hosted {
            return;
        }
        let (scripts, env) = (self.scripts.clone(), self.variables(Vec::new()));
        if scripts.is_empty() && env.is_empty() || !maker.affords(&self.part.pointer, 1, || size(&env)) {
            return;
        }
        let runner = Part::map(&self.part.pointer)
            .with("name", Part::text("runner", &self.part.pointer))
            .and("args", scripts)
            .and("env", env);
        maker.add(Template {
            spec: Some(
                Part::map(&self.part.pointer)
                    .with("containers", Part::list(&self.part.pointer, vec![runner])),
            ),
            partial: true,
            implied: vec!["the pod is that of the runner, whose own settings say what it may do".to_owned()],
            ..Template::default()
        });
    }
}

/// A container in which the workspace, given as a volume, is a part of the runner's folder and no other place of the
/// node: the runner mounts it itself.
fn with_workspace(container: Part) -> Part {
    let Some(volumes) = container.get("volumes").filter(|own| !own.is_map() && !own.is_scalar()) else {
        return container;
    };
    let own = |volume: Part| match volume.as_str().and_then(of_workspace) {
        Some(target) => Part::text(&format!(".{target}"), &volume.pointer),
        None => volume,
    };
    let all = Part::list(&volumes.pointer, volumes.items().into_iter().map(own).collect());
    container.with("volumes", all)
}

/// What stands behind the workspace, if it is the whole source of a volume.
fn of_workspace(volume: &str) -> Option<&str> {
    let (expression, target) = volume.strip_prefix("${{")?.split_once("}}")?;
    (expression.trim().eq_ignore_ascii_case("github.workspace") && target.starts_with(':')).then_some(target)
}

/// What the steps of a job run in a shell. Its shell is said by the workflow, the job or a step.
fn scripts(maker: &mut Maker<'_>, around: [&Part; 2], env: &Env<'_>, steps: &[(Part, Env<'_>)]) -> Vec<Part> {
    let shells = around.into_iter().filter_map(|of| of.find(&["defaults", "run", "shell"]));
    let shells = shells.map(|shell| (shell, env));
    let of_steps =
        |key: &'static str| steps.iter().filter_map(move |(step, env)| Some((step.get(key)?, env)));
    let shells = shells.chain(of_steps("shell"));
    let shells = shells.filter(|(shell, _)| shell.as_str().is_some_and(|text| text.contains("{0}")));
    shells.chain(of_steps("run")).map(|(text, env)| env.filled(maker, text)).collect()
}

/// The image that a step or an action names instead of code.
fn image_in(uses: &Part) -> Option<Part> {
    let image = uses.as_str()?.strip_prefix("docker://")?;
    Some(Part::text(image, &uses.pointer))
}

/// Whether an action is the one that runs `docker run` with options of the workflow
/// (<https://github.com/addnab/docker-run-action>), or a copy of it.
fn runs_docker(uses: &str) -> bool {
    uses.split('@').next().is_some_and(|name| name.ends_with("/docker-run-action"))
}

/// Whether a container is written: with an image, or with an expression that may be one.
fn is_container(written: &Part) -> bool {
    image_of(written).is_some() || !written.texts_with("${{", &["env"]).is_empty()
}

/// The image of a container or service, which may be all that is said of it.
fn image_of(written: &Part) -> Option<Part> {
    let image = if written.is_map() { written.get("image") } else { Some(written.clone()) };
    image.filter(|image| image.as_str().is_some_and(|text| !text.is_empty()))
}
