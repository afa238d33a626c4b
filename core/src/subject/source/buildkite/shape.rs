//! What tells a pipeline of Buildkite from steps of other systems
//! (<https://buildkite.com/docs/pipelines/configure/defining-steps>).

use std::sync::Arc;

use super::super::super::part::Part;

/// Keys by which the agent knows what a step is.
const KINDS: [&str; 10] =
    ["block", "command", "commands", "group", "input", "manual", "plugins", "trigger", "wait", "waiter"];

/// Steps that are a word.
const WORDS: [&str; 5] = ["block", "input", "manual", "wait", "waiter"];

/// What steps of other systems have.
const OF_OTHERS: [&str; 5] = ["bash", "run", "script", "task", "uses"];

/// What roots of other systems have.
const ROOTS_OF_OTHERS: [&str; 7] = ["apiVersion", "jobs", "kind", "pool", "runs", "spec", "trigger"];

/// What a step says that has a `name`, as those of most systems have, where no step and nothing around it has a sign of
/// its own.
const BESIDE_NAME: [&str; 28] = [
    "artifact_paths",
    "async",
    "branches",
    "build",
    "command",
    "commands",
    "concurrency",
    "concurrency_group",
    "depends_on",
    "env",
    "group",
    "id",
    "identifier",
    "if",
    "if_changed",
    "key",
    "label",
    "matrix",
    "name",
    "notify",
    "parallelism",
    "priority",
    "retry",
    "skip",
    "soft_fail",
    "steps",
    "timeout_in_minutes",
    "trigger",
];

/// The pipeline that this is, if it is one: a map with steps, or the bare list of them. Where the file `is_named` so, one
/// step is enough; elsewhere each must look like one.
pub(super) fn pipeline(whole: &Part, is_named: bool) -> Option<Part> {
    let is_bare = !whole.is_map() && !whole.is_scalar();
    let listed =
        if is_bare { Some(whole.clone()) } else { whole.get("steps").filter(|steps| !steps.is_map()) };
    let steps: Vec<Step> = listed.map(|list| list.items()).unwrap_or_default().iter().map(Step::of).collect();
    let is_others = ROOTS_OF_OTHERS.iter().any(|key| whole.get(key).is_some());
    let is_told = whole.get("agents").is_some() || steps.iter().any(|step| step.has(&["agents", "plugins"]));
    let is_own = !steps.is_empty()
        && !is_others
        && if is_named {
            steps.iter().any(Step::is_known)
        } else {
            let may_be_named = is_told || steps.iter().any(Step::waits);
            (is_told || !is_bare) && steps.iter().all(|step| step.is_own(may_be_named))
        };
    let as_map = || Part::map(&whole.pointer).with("steps", whole.clone());
    is_own.then(|| if is_bare { as_map() } else { whole.clone() })
}

/// What a step says of itself.
struct Step {
    word: Option<String>,
    /// The keys, also of what is left empty (`wait: ~`).
    keys: Vec<Arc<str>>,
}

impl Step {
    fn of(step: &Part) -> Self {
        let keys = step.entries().into_iter().map(|(key, _)| key).collect();
        Self { word: step.as_str().map(str::to_owned), keys }
    }

    fn has(&self, any: &[&str]) -> bool {
        self.keys.iter().any(|key| any.contains(&&**key))
    }

    fn is_word(&self) -> bool {
        self.word.as_deref().is_some_and(|word| WORDS.contains(&word))
    }

    fn is_known(&self) -> bool {
        self.is_word() || self.has(&KINDS)
    }

    fn waits(&self) -> bool {
        self.word.as_deref() == Some("wait") || self.has(&["wait", "waiter"])
    }

    /// Whether it looks like a step of Buildkite; a name tells nothing, and steps of others have an image, too.
    fn is_own(&self, may_be_named: bool) -> bool {
        let is_named = self.has(&["name"]) && !may_be_named;
        self.is_word()
            || self.has(&["plugins"])
            || (self.has(&KINDS) || self.has(&["key"]))
                && !self.has(&OF_OTHERS)
                && (!self.has(&["image"]) || self.has(&["command", "key", "label"]))
                && (!is_named || self.keys.iter().all(|key| BESIDE_NAME.contains(&&**key)))
    }
}
