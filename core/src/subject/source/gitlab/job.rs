//! The pod of a job: a container for its scripts, and one for each service. All of them have its variables. What the
//! pod may do is said by the runner.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::super::part::Part;
use super::super::super::template::Template;
use super::super::docker::variable;
use super::super::{Maker, reference, setting, size};

/// Variables by which a job may change its pod, where the runner allows it.
const ACCOUNT: &str = "KUBERNETES_SERVICE_ACCOUNT_OVERWRITE";
const ANNOTATION: &str = "KUBERNETES_POD_ANNOTATIONS_";
const LABEL: &str = "KUBERNETES_POD_LABELS_";

/// Variables in variables that are followed.
const MOST_EXPANDED: usize = 4;

/// Bytes of texts that count as much as one value of a pod.
const BYTES_OF_A_VALUE: usize = 32;

/// Bytes that a text with variables in it may become.
const MOST_LONG: usize = 4096;

/// What of a job says what its pod is.
pub(super) const READ: [&str; 10] = [
    "after_script",
    "before_script",
    "hooks",
    "image",
    "parallel",
    "rules",
    "run",
    "script",
    "services",
    "variables",
];

/// Adds the pod of a job that has taken over all that it inherits. `open` is what it takes from elsewhere and is not in
/// the file, each with the key that says so.
pub(super) fn add(maker: &mut Maker<'_>, job: &Part, mut open: Vec<(Part, &'static str)>) {
    let variables = Variables::of(job);
    let steps = flat(job.get("run"));
    let scripts =
        [job.find(&["hooks", "pre_get_sources_script"]), job.get("before_script"), job.get("script")];
    let scripts = scripts.into_iter().chain(steps.iter().map(|step| step.get("script")));
    let scripts: Vec<Part> = scripts.chain([job.get("after_script")]).flat_map(lines).collect();
    maker.created_by(&scripts);
    open.extend(steps.iter().filter_map(|step| Some((step.get("step")?, "run"))));
    let image = job.get("image");
    let services = flat(job.get("services"));
    if image.is_none() && services.is_empty() && scripts.is_empty() && open.is_empty() {
        return;
    }
    let env = variables.env();
    // What is inherited has counted by its bytes; services have it again.
    let own = || if services.is_empty() { env.len() * 3 } else { size(&env) };
    let grown = || own() + variables.grown(&env) / BYTES_OF_A_VALUE;
    if !maker.affords(&job.pointer, services.len() + 1, grown) {
        return;
    }
    let at = image.as_ref().map_or_else(|| job.pointer.clone(), |image| image.pointer.clone());
    let build =
        container(&at, "build", image.as_ref(), &variables).and("args", scripts).and("env", env.clone());
    let services = services.iter().enumerate().map(|(index, service)| {
        let name = service.text_of("alias").unwrap_or_else(|| format!("svc-{index}"));
        let own = service.get("variables").map(|own| own.entries()).unwrap_or_default().into_iter();
        let own = own.map(|(name, value)| variable(&name, variables.expanded(value))).collect();
        container(&service.pointer, &name, Some(service), &variables).and("env", env.clone()).and("env", own)
    });
    let containers: Vec<Part> = std::iter::once(build).chain(services).collect();
    let spec = Part::map(&job.pointer)
        .with("serviceAccountName", variables.get(ACCOUNT).map(|account| variables.expanded(account)))
        .with("containers", Part::list(&job.pointer, containers));
    let mut notes = vec![setting("gitlab-job", "services", &job.pointer, Vec::new())];
    notes.extend(open.iter().map(|(part, key)| reference(part, key)));
    let unresolved = spec.texts_with("$", &["args", "command", "env"]).into_iter();
    maker.add(Template {
        metadata: variables.metadata(&job.pointer),
        unresolved: unresolved.chain(open.into_iter().map(|(part, _)| part.pointer)).collect(),
        spec: Some(spec),
        partial: true,
        notes,
        implied: vec!["the runner decides what its pods may do, and adds a container `helper`".to_owned()],
        ..Template::default()
    });
}

/// A container of an image or service, which may be all that is said of it.
fn container(at: &str, name: &str, written: Option<&Part>, variables: &Variables) -> Part {
    let container = Part::map(at).with("name", Part::text(name, at));
    let Some(written) = written else { return container };
    let list = |key: &str| {
        let texts = written.get(key)?;
        let items = texts.items().into_iter().map(|text| variables.expanded(text)).collect();
        Some(Part::list(&texts.pointer, items))
    };
    let image = if written.is_map() { written.get("name") } else { Some(written.clone()) };
    let user = ["kubernetes", "docker"].iter().find_map(|executor| written.find(&[executor, "user"]));
    let context = user.and_then(|user| {
        let text = user.clone().into_text();
        let id = text.as_str()?.split(':').next()?.parse().ok()?;
        let id = Part::implied(crate::document::Value::Int(id), &user.pointer);
        Some(Part::map(&user.pointer).with("runAsUser", id))
    });
    container
        .with("image", image.map(|image| variables.expanded(image)))
        .with("securityContext", context)
        .with("command", list("entrypoint"))
        .with("args", list("command"))
}

/// The texts of a script: one, or lists of them in lists.
fn lines(script: Option<Part>) -> Vec<Part> {
    let texts = flat(script).into_iter().filter(Part::is_scalar).map(Part::into_text);
    texts.filter(|line| line.as_str().is_some()).collect()
}

/// The items of a list, and of the lists in it.
// Recursion is bounded by the depth of the document.
fn flat(list: Option<Part>) -> Vec<Part> {
    let items = list.map(|list| list.items()).unwrap_or_default().into_iter();
    let inner = |item: Part| if item.is_scalar() || item.is_map() { vec![item] } else { flat(Some(item)) };
    items.flat_map(inner).collect()
}

/// The variables of a job, in their order, and behind them those that its rules or its matrix may set instead; and where each name is
/// first among them.
struct Variables {
    all: Vec<(String, Part)>,
    places: BTreeMap<String, usize>,
}

impl Variables {
    fn of(job: &Part) -> Self {
        let rules = flat(job.get("rules"));
        let all = rules.iter().filter_map(|rule| rule.get("variables"));
        let matrix = flat(job.find(&["parallel", "matrix"])).into_iter().flat_map(|one| one.entries());
        let matrix = matrix.flat_map(|(name, values)| {
            flat(Some(values)).into_iter().map(move |one| (Arc::clone(&name), one))
        });
        let entries = job.get("variables").into_iter().chain(all).flat_map(|all| all.entries()).chain(matrix);
        let value = |part: Part| if part.is_map() { part.get("value") } else { Some(part) };
        let mut known = Self { all: Vec::new(), places: BTreeMap::new() };
        let mut seen = BTreeSet::new();
        for (name, part) in entries {
            let Some(value) = value(part).map(Part::into_text) else { continue };
            if seen.insert((name.to_string(), value.as_str().map(str::to_owned))) {
                known.places.entry(name.to_string()).or_insert(known.all.len());
                known.all.push((name.to_string(), value));
            }
        }
        known
    }

    fn get(&self, name: &str) -> Option<Part> {
        let at = self.places.get(name)?;
        self.all.get(*at).map(|(_, value)| value.clone())
    }

    fn env(&self) -> Vec<Part> {
        self.all.iter().map(|(name, value)| variable(name, self.expanded(value.clone()))).collect()
    }

    /// The bytes of the values that are longer than they are written.
    fn grown(&self, env: &[Part]) -> usize {
        let length = |value: &Part| value.as_str().map_or(0, str::len);
        let new = env.iter().map(|one| one.get("value").as_ref().map_or(0, length));
        new.zip(&self.all).map(|(new, (_, old))| new.saturating_sub(length(old))).sum()
    }

    /// Labels and annotations that variables set, as `key=value`.
    fn metadata(&self, at: &str) -> Option<Part> {
        let of = |prefix: &str| {
            let own = self.all.iter().filter(|(name, _)| name.starts_with(prefix));
            let pairs = own.map(|(_, value)| self.expanded(value.clone())).filter_map(|value| {
                let (key, text) = value.as_str()?.split_once('=')?;
                Some((Arc::from(key), Part::text(text, &value.pointer)))
            });
            let map = Part::map(at).with_all(pairs);
            (!map.entries().is_empty()).then_some(map)
        };
        let (labels, annotations) = (of(LABEL), of(ANNOTATION));
        (labels.is_some() || annotations.is_some())
            .then(|| Part::map(at).with("labels", labels).with("annotations", annotations))
    }

    /// A text with the variables in it that the file gives a value.
    fn expanded(&self, text: Part) -> Part {
        let Some(first) = text.as_str().filter(|text| text.contains('$')) else { return text };
        let mut now = first.to_owned();
        for _ in 0..MOST_EXPANDED {
            match self.once(&now) {
                Some(next) if next != now => now = next,
                _ => break,
            }
        }
        if now == first { text } else { Part::text(&now, &text.pointer) }
    }

    /// Nothing where it becomes too long.
    fn once(&self, text: &str) -> Option<String> {
        let mut done = String::with_capacity(text.len());
        let mut rest = text;
        let mut closes = true;
        while let Some((before, behind)) = rest.split_once('$').filter(|_| done.len() <= MOST_LONG) {
            done.push_str(before);
            let is_name = |one: char| one.is_ascii_alphanumeric() || one == '_';
            let inner = behind.strip_prefix('{').filter(|_| closes);
            let braced = inner.and_then(|inner| inner.split_once('}'));
            // Where none closes, none does further on.
            closes &= inner.is_none() || braced.is_some();
            let (name, after) = braced
                .unwrap_or_else(|| behind.split_at(behind.find(|one| !is_name(one)).unwrap_or(behind.len())));
            match self.get(name).as_ref().and_then(Part::as_str) {
                Some(value) => done.push_str(value),
                None => {
                    done.push('$');
                    done.push_str(behind.get(..behind.len() - after.len()).unwrap_or_default());
                }
            }
            rest = after;
        }
        done.push_str(rest);
        (done.len() <= MOST_LONG).then_some(done)
    }
}
