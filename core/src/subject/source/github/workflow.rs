//! Workflows: jobs in containers, the services beside them, and scripts on runners of one's own
//! (<https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax>).
//!
//! A runner that has a Docker daemon creates containers with the options of the workflow; in Kubernetes mode it
//! takes no options and makes pods. Which of both it is, its own settings say, so every container is a part of a
//! pod.

use super::super::super::part::Part;
use super::super::super::template::Template;
use super::super::docker::{Docker, variables};
use super::super::{Maker, setting};
use super::hosted;

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
    !jobs.is_empty()
        && jobs.iter().any(|(_, job)| is_job(job))
        && (is_triggered || jobs.iter().all(|(_, job)| is_job(job) && is_own(job)))
}

/// Whether this is an action: what it runs says by what (`action.yml`).
pub(super) fn is_action(whole: &Part) -> bool {
    let using = whole.get("runs").and_then(|runs| runs.text_of("using")).unwrap_or_default();
    matches!(using.as_str(), "composite" | "docker") || using.starts_with("node")
}

/// The scripts of an action: they run where the job runs that uses it.
pub(super) fn action(maker: &mut Maker<'_>, whole: &Part) -> bool {
    if let Some(runs) = whole.get("runs") {
        let job = Job { part: &runs, env: None, is_hosted: false };
        job.on_runner(maker, job.scripts());
    }
    true
}

/// The jobs of a workflow.
pub(super) fn jobs(maker: &mut Maker<'_>, whole: &Part) -> bool {
    let jobs = whole.get("jobs").map(|jobs| jobs.entries()).unwrap_or_default();
    let env = whole.get("env");
    for (id, part) in jobs {
        if let Some(uses) = part.get("uses").filter(|_| part.get("steps").is_none()) {
            // One of the same repository is a file of its own beside this one.
            if !uses.as_str().is_some_and(|text| text.starts_with("./")) {
                refer(maker, &uses);
            }
            continue;
        }
        let is_hosted = part.get("runs-on").is_some_and(|runs_on| hosted::is_hosted(&runs_on));
        let job = Job { part: &part, env: env.as_ref(), is_hosted };
        maker.inside("GitHubJob", &id, &part, |maker| job.read(maker));
    }
    true
}

fn refer(maker: &mut Maker<'_>, uses: &Part) {
    let name = Part::map(&uses.pointer).with("name", uses.clone());
    maker.refer(&name, "uses");
}

struct Job<'j> {
    part: &'j Part,
    /// Variables of the workflow.
    env: Option<&'j Part>,
    /// Whether it runs on a machine of GitHub's.
    is_hosted: bool,
}

impl Job<'_> {
    fn read(&self, maker: &mut Maker<'_>) {
        let container = self.part.get("container").filter(|container| image_of(container).is_some());
        let services =
            self.part.get("services").filter(Part::is_map).map(|all| all.entries()).unwrap_or_default();
        let scripts = self.scripts();
        match &container {
            Some(container) => self.container(maker, "job", container, scripts),
            None => self.on_runner(maker, scripts),
        }
        for (name, service) in services.iter().filter(|(_, service)| image_of(service).is_some()) {
            self.container(maker, name, service, Vec::new());
        }
    }

    /// What the steps run in a shell, each at its place.
    fn scripts(&self) -> Vec<Part> {
        self.part.items_of("steps").iter().filter_map(|step| step.get("run")).collect()
    }

    /// A container that the runner creates for the job.
    fn container(&self, maker: &mut Maker<'_>, name: &str, written: &Part, scripts: Vec<Part>) {
        let shared = if name == "job" { [self.env, None] } else { [None, None] };
        let env = shared.into_iter().flatten().flat_map(|env| variables(Some(env)));
        let env: Vec<Part> = env.chain(variables(written.get("env").as_ref())).collect();
        if !maker.affords(&written.pointer, 1, || env.len() * 3) {
            return;
        }
        let base = Part::map(&written.pointer)
            .with("name", Part::text(name, &written.pointer))
            .with("image", image_of(written))
            .and("args", scripts)
            .and("env", env);
        let mut docker = Docker::new(base);
        let options = written.get("options");
        for volume in written.items_of("volumes") {
            docker.listed_volume(&volume);
        }
        if let Some(options) = &options {
            docker.options(options, "options");
        }
        self.add(maker, docker, options.as_ref().unwrap_or(written));
    }

    fn add(&self, maker: &mut Maker<'_>, docker: Docker, at: &Part) {
        let reaching = docker.reaching.clone();
        let name = if self.is_hosted { "docker-options-hosted" } else { "docker-options" };
        let note = (!reaching.is_empty()).then(|| setting(name, "options", &at.pointer, reaching));
        if self.is_hosted {
            // Nothing of it runs on a node: what is left is what it would do elsewhere.
            if let Some(note) = note {
                maker.add(Template {
                    spec: Some(Part::map(&at.pointer)),
                    partial: true,
                    notes: vec![note],
                    implied: vec![
                        "it runs on a virtual machine of GitHub's, which ends with the job".to_owned(),
                    ],
                    ..Template::default()
                });
            }
            return;
        }
        let mut notes = docker.notes.clone();
        notes.extend(note);
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
    fn on_runner(&self, maker: &mut Maker<'_>, scripts: Vec<Part>) {
        if self.is_hosted || scripts.is_empty() {
            return;
        }
        let runner = Part::map(&self.part.pointer)
            .with("name", Part::text("runner", &self.part.pointer))
            .and("args", scripts);
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

/// The image of a container or service, which may be all that is said of it.
fn image_of(written: &Part) -> Option<Part> {
    let image = if written.is_map() { written.get("image") } else { Some(written.clone()) };
    image.filter(|image| image.as_str().is_some_and(|text| !text.is_empty()))
}
