//! A pipeline: its jobs, and what they take over from each other and from the whole
//! (<https://docs.gitlab.com/ci/yaml/>).

use super::super::super::part::Part;
use super::super::Maker;
use super::extends::{Extended, Family, MOST_EXTENDED};
use super::{job, reference};

/// Keys of a pipeline that are no job.
const GLOBAL: [&str; 10] = [
    "after_script",
    "before_script",
    "cache",
    "default",
    "image",
    "include",
    "services",
    "stages",
    "variables",
    "workflow",
];

/// Keys of a job by which it is told from other maps with a script.
const OF_JOB: [&str; 22] = [
    "after_script",
    "allow_failure",
    "artifacts",
    "before_script",
    "cache",
    "coverage",
    "dependencies",
    "environment",
    "except",
    "extends",
    "image",
    "interruptible",
    "needs",
    "only",
    "parallel",
    "retry",
    "rules",
    "services",
    "stage",
    "tags",
    "variables",
    "when",
];

/// Root keys of other systems' files.
const OF_OTHERS: [&str; 12] = [
    "apiVersion",
    "jobs",
    "kind",
    "language",
    "networks",
    "phases",
    "pipelines",
    "pool",
    "runs",
    "script",
    "steps",
    "tasks",
];

/// Whether this is what stands before a component: `spec` with `inputs`, in a document of its own.
pub(super) fn is_header(whole: &Part) -> bool {
    let alone = whole.entries().iter().all(|(key, _)| &**key == "spec");
    let spec = whole.get("spec").filter(Part::is_map);
    let known = ["component", "description", "include", "inputs"];
    alone
        && spec.is_some_and(|spec| {
            spec.get("inputs").is_some() && spec.entries().iter().all(|(key, _)| known.contains(&&**key))
        })
}

/// Whether this is a pipeline. Where the file `is_named` as GitLab looks for it, one job that does something is enough,
/// or what is for all jobs.
pub(super) fn is_pipeline(whole: &Part, is_named: bool) -> bool {
    let has = |keys: &[&str]| keys.iter().any(|key| whole.get(key).is_some());
    // The services of a pipeline are a list; those of Docker Compose are a map.
    let is_compose = whole.get("services").is_some_and(|services| services.is_map());
    let does = |job: &Part| ["extends", "run", "script", "trigger"].iter().any(|key| job.get(key).is_some());
    if is_named && !has(&["apiVersion"]) && whole.entries().iter().any(|(_, job)| does(job)) {
        return true;
    }
    if !whole.is_map() || has(&OF_OTHERS) || is_compose {
        return false;
    }
    let global = has(&GLOBAL);
    let entries = whole.entries();
    let jobs = || entries.iter().filter(|(key, _)| !GLOBAL.contains(&&**key));
    // Whatever is neither for all jobs nor hidden is a job.
    if jobs().any(|(key, part)| !key.starts_with('.') && !may_be_job(part)) {
        return false;
    }
    let told = jobs().any(|(key, part)| is_told(key, part, global));
    told || includes(whole) && has(&["stages", "workflow", "variables", "default"])
        || global && is_named
        || is_included(whole)
}

/// Whether this is what other pipelines include: what is for all jobs, or templates of jobs, and no job.
fn is_included(whole: &Part) -> bool {
    let is_default = |part: &Part| {
        let all = part.entries();
        !all.is_empty() && all.iter().all(|(key, _)| OF_JOB.contains(&&**key))
    };
    let is_service = |one: &Part| {
        let known =
            ["alias", "command", "docker", "entrypoint", "kubernetes", "name", "pull_policy", "variables"];
        one.as_str().is_some()
            || one.get("name").is_some() && one.entries().iter().all(|(key, _)| known.contains(&&**key))
    };
    let has_services = |part: &Part| {
        let services = part.items_of("services");
        !services.is_empty() && services.iter().all(is_service)
    };
    let entries = whole.entries();
    !entries.is_empty()
        && entries.iter().all(|(key, _)| key.starts_with('.') || GLOBAL.contains(&&**key))
        && (whole.get("default").is_some_and(|part| is_default(&part))
            || has_services(whole)
            || entries
                .iter()
                .any(|(key, part)| key.starts_with('.') && may_be_job(part) && has_services(part)))
}

/// Whether an entry may be a job: it runs something, or says something that only jobs say.
fn may_be_job(part: &Part) -> bool {
    let of_image = |image: Part| !image.is_map() || image.get("name").is_some();
    let mut keys = ["run", "script", "trigger"].iter().chain(&OF_JOB);
    part.is_map()
        && keys.any(|key| part.get(key).is_some())
        && part.get("image").is_none_or(of_image)
        && part.get("services").is_none_or(|services| !services.is_map())
}

/// Whether an entry is a job beyond doubt: `global` says whether something for all jobs stands beside it.
fn is_told(key: &str, part: &Part, global: bool) -> bool {
    let has = |key: &str| part.get(key).is_some();
    let of_job = || part.is_map() && OF_JOB.iter().any(|key| has(key));
    let script = part.get("script").is_some_and(|script| !script.is_map() && !script.items().is_empty());
    let triggers = has("trigger") && (has("stage") || has("rules") || has("needs"));
    (script || triggers) && (of_job() || global) || key.starts_with('.') && global && of_job()
}

fn includes(whole: &Part) -> bool {
    let kinds = ["component", "local", "project", "remote", "template"];
    let is_file =
        |one: &Part| one.as_str().is_some_and(|text| text.ends_with(".yml") || text.ends_with(".yaml"));
    let is_kind = |one: &Part| kinds.iter().any(|key| one.get(key).is_some());
    whole.items_of("include").iter().any(|one| is_file(one) || is_kind(one))
}

/// Judges the jobs. Templates of jobs are judged with those that extend them; where none does, for themselves.
pub(super) fn jobs(maker: &mut Maker<'_>, whole: &Part) -> bool {
    included(maker, whole, "include");
    let entries = whole.entries();
    let jobs: Vec<(&str, &Part)> = entries
        .iter()
        .map(|(key, part)| (&**key, part))
        .filter(|(key, part)| !GLOBAL.contains(key) && *key != "spec" && part.is_map())
        .collect();
    for (_, part) in &jobs {
        match part.get("trigger") {
            Some(trigger) if trigger.get("include").is_some() => included(maker, &trigger, "trigger"),
            Some(trigger) => {
                let project = trigger.get("project").unwrap_or(trigger);
                maker.refer_to(&project, "trigger");
            }
            None => {}
        }
    }
    let mut family = Family::of(&entries, reference::are_in(maker.object.document.text()));
    for (name, part) in jobs.iter().filter(|(name, _)| !name.starts_with('.')) {
        one(maker, whole, name, part, &mut family);
    }
    for (name, part) in jobs.iter().filter(|(name, _)| name.starts_with('.')) {
        if !family.is_extended(name) {
            one(maker, whole, name, part, &mut family);
        }
    }
    // Without a job, what is for all jobs is what those of other files have.
    if jobs.is_empty() {
        one(maker, whole, "", &Part::map(&whole.pointer), &mut family);
    }
    true
}

/// Tells of the files that a pipeline includes, or the pipeline that a job starts.
fn included(maker: &mut Maker<'_>, holder: &Part, key: &str) {
    for file in holder.items_of("include") {
        let keys = ["local", "project", "remote", "template", "component", "artifact"];
        let what = keys.iter().find_map(|key| file.get(key)).unwrap_or(file);
        maker.refer_to(&what, key);
    }
}

fn one(maker: &mut Maker<'_>, whole: &Part, name: &str, part: &Part, family: &mut Family<'_>) {
    if !maker.affords(&part.pointer, 1, || inherited_size(whole)) {
        return;
    }
    let Some(Extended { job, unknown }) = family.over_extended(maker, part, MOST_EXTENDED) else { return };
    let mut open: Vec<_> = unknown.into_iter().map(|part| (part, "extends")).collect();
    let merged = with_inherited(whole, job).only(&job::READ);
    let Some(merged) = reference::resolved(maker, merged, whole, family, &mut open) else { return };
    maker.inside("GitLabJob", name, part, |maker| job::add(maker, &merged, open));
}

/// The size of what every job takes over.
fn inherited_size(whole: &Part) -> usize {
    super::super::size(GLOBAL.iter().filter_map(|key| whole.get(key)).collect::<Vec<_>>().iter())
}

/// A job with what is for all jobs, where it says nothing itself.
fn with_inherited(whole: &Part, job: Part) -> Part {
    let inherit = job.get("inherit");
    let takes = |what: &str, key: &str| {
        let said = inherit.as_ref().and_then(|inherit| inherit.get(what));
        said.is_none_or(|said| match said.as_bool() {
            Some(all) => all,
            None => said.items().iter().any(|one| one.as_str() == Some(key)),
        })
    };
    let mut merged = job;
    for key in ["after_script", "before_script", "hooks", "image", "services"] {
        let default = whole.find(&["default", key]).or_else(|| whole.get(key));
        if merged.get(key).is_none() && takes("default", key) {
            merged = merged.with(key, default);
        }
    }
    let shared = whole.get("variables").map(|all| {
        let kept = all.entries().into_iter().filter(|(key, _)| takes("variables", key));
        Part::map(&all.pointer).with_all(kept)
    });
    let variables = super::super::over(shared, merged.get("variables"));
    // A rule of the whole sets variables as one of the job does.
    let rules = whole.find(&["workflow", "rules"]).map(|rules| rules.items()).unwrap_or_default();
    merged.with("variables", variables).and("rules", rules)
}
