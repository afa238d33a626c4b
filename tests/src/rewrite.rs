//! Rewrites of documents that leave their meaning alone, each with what it does to the findings.
//!
//! A [`Case`] is some documents, the style in which they will be written, and the findings that must then come.
//! A [`Rewrite`] changes one of the first two and tells how the third follows: which places move, and what may
//! or must come in addition. Everything else is a fault: a finding that is gone, or one that is new.

mod documents;
pub mod emit;
mod extra;
mod lists;
mod paths;
mod pods;
mod scalar;
mod spelling;
mod style;

use std::collections::BTreeSet;

use fastrand::Rng;
use podgate::Report;
use podgate::document::{self, Limits};
use podgate::policy::Severity;
use serde_json::{Value, json};

use emit::Style;

/// A way to write the same thing otherwise.
pub struct Rewrite {
    /// What it is called.
    pub name: &'static str,
    /// Applies it somewhere; `false` where there is no place for it.
    pub apply: fn(&mut Case, &mut Rng) -> bool,
}

/// Every rewrite.
#[must_use]
pub fn rewrites() -> Vec<&'static Rewrite> {
    let all: [&'static [Rewrite]; 7] = [
        style::REWRITES,
        paths::REWRITES,
        lists::REWRITES,
        pods::REWRITES,
        documents::REWRITES,
        extra::REWRITES,
        spelling::REWRITES,
    ];
    all.into_iter().flatten().collect()
}

/// A finding that must come.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wanted {
    /// The policy's id.
    pub policy: String,
    /// The severity's name.
    pub severity: String,
    /// Where it may stand: most findings have one place.
    pub places: Vec<Place>,
    /// Whether it may also be missing.
    pub is_optional: bool,
    /// Whether another finding of a host path there will do, if it is as bad.
    pub or_as_bad: bool,
}

/// Where a finding stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// `<document>#<pointer>`.
    pub at: String,
    /// The container's name.
    pub container: Option<String>,
}

/// A finding that may come.
#[derive(Debug, Clone)]
struct Allowed {
    policy: &'static str,
    place: String,
}

/// Documents, how to write them, and what must be found in them.
#[derive(Debug, Clone)]
pub struct Case {
    /// The documents of one file.
    pub documents: Vec<Value>,
    /// How they are written.
    pub style: Style,
    /// What must be found.
    pub wanted: Vec<Wanted>,
    allowed: Vec<Allowed>,
}

/// What is wrong with the findings of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Findings that did not come.
    pub missing: Vec<Wanted>,
    /// Findings that came without reason.
    pub new: Vec<Wanted>,
}

impl Case {
    /// The documents of a text as they are, with nothing wanted yet. What has no value keeps its place as null.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let read = document::read("case", text, &Limits::default());
        let value = |document: Result<document::Document, _>| {
            serde_json::to_value(
                document.unwrap_or_else(|error: document::DocumentError| panic!("{error}")).root(),
            )
        };
        let documents = read.into_iter().map(|document| value(document).unwrap_or_default()).collect();
        Self { documents, style: Style::default(), wanted: Vec::new(), allowed: Vec::new() }
    }

    /// The text of the case.
    #[must_use]
    pub fn text(&self) -> String {
        emit::text(&self.documents, &self.style)
    }

    /// What is wrong with a report on the text, if anything.
    #[must_use]
    pub fn compare(&self, report: &Report) -> Option<Fault> {
        let mut found = findings(report);
        let every = found.clone();
        let mut missing = Vec::new();
        let mut wanted: Vec<&Wanted> = self.wanted.iter().collect();
        wanted.sort_by_key(|one| (one.is_optional, one.places.len()));
        for one in wanted {
            let same = |other: &Wanted| {
                (&other.policy, &other.severity) == (&one.policy, &one.severity)
                    && one.places.contains(&other.places[0])
            };
            match found.iter().position(same) {
                Some(at) => _ = found.swap_remove(at),
                None if one.is_optional || (one.or_as_bad && is_as_bad(&every, one)) => {}
                None => missing.push(one.clone()),
            }
        }
        let is_allowed = |one: &Wanted| {
            self.allowed.iter().any(|allowed| {
                allowed.policy == one.policy && rest(&one.places[0].at, &allowed.place).is_some()
            })
        };
        found.retain(|one| !is_allowed(one));
        found.sort();
        (!missing.is_empty() || !found.is_empty()).then_some(Fault { missing, new: found })
    }

    /// Moves places, all at once: the longest old place that fits counts.
    fn relocate(&mut self, moves: &[(String, String)]) {
        let moved = |place: &str| {
            let fits =
                moves.iter().filter_map(|(from, to)| rest(place, from).map(|rest| (from.len(), to, rest)));
            let best = fits.max_by_key(|(length, ..)| *length);
            best.map_or_else(|| place.to_owned(), |(_, to, rest)| join(to, rest))
        };
        for wanted in &mut self.wanted {
            for place in &mut wanted.places {
                place.at = moved(&place.at);
            }
        }
        for allowed in &mut self.allowed {
            allowed.place = moved(&allowed.place);
        }
    }

    fn allow(&mut self, policies: &[&'static str], place: &str) {
        self.allowed.extend(policies.iter().map(|policy| Allowed { policy, place: place.to_owned() }));
    }

    /// Wants a finding, unless there is one of the policy at the place.
    fn want(&mut self, policy: &str, severity: &str, at: String, container: Option<&str>) {
        let is_there = |one: &Wanted| one.policy == policy && one.places.iter().any(|place| place.at == at);
        if !self.wanted.iter().any(is_there) {
            self.wanted.push(Wanted {
                policy: policy.to_owned(),
                severity: severity.to_owned(),
                places: vec![Place { at, container: container.map(str::to_owned) }],
                is_optional: false,
                or_as_bad: false,
            });
        }
    }

    /// Where the pods are.
    fn sites(&self) -> Vec<Site> {
        let mut sites = Vec::new();
        for (document, value) in self.documents.iter().enumerate() {
            find_pods(value, String::new(), &mut |base| sites.push(Site { document, base }));
        }
        sites
    }

    fn site(&self, rng: &mut Rng) -> Option<Site> {
        rng.choice(&self.sites()).cloned()
    }

    fn at(&self, site: &Site, pointer: &str) -> Option<&Value> {
        self.documents[site.document].pointer(&format!("{}{pointer}", site.base))
    }

    fn at_mut(&mut self, site: &Site, pointer: &str) -> Option<&mut Value> {
        self.documents[site.document].pointer_mut(&format!("{}{pointer}", site.base))
    }

    fn list(&self, site: &Site, pointer: &str) -> &[Value] {
        self.at(site, pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// Puts an item into a list, which is made where it is missing; what follows moves on.
    fn insert(&mut self, site: &Site, parent: &str, key: &str, at: usize, item: Value) -> bool {
        let Some(Value::Object(holder)) = self.at_mut(site, parent) else { return false };
        let list = holder.entry(key).or_insert_with(|| json!([]));
        if list.is_null() {
            *list = json!([]);
        }
        let Some(list) = list.as_array_mut().filter(|list| at <= list.len()) else { return false };
        list.insert(at, item);
        let place = |index: usize| site.place(&format!("{parent}/{key}/{index}"));
        let moves: Vec<_> = (at..list.len() - 1).map(|index| (place(index), place(index + 1))).collect();
        self.relocate(&moves);
        true
    }

    /// Every container: its list, its place there and its pointer in the pod.
    fn containers(&self, site: &Site) -> Vec<(&'static str, usize, String)> {
        let mut found = Vec::new();
        for list in LISTS {
            for (index, container) in self.list(site, &format!("/spec/{list}")).iter().enumerate() {
                if container.is_object() {
                    found.push((list, index, format!("/spec/{list}/{index}")));
                }
            }
        }
        found
    }

    fn container(&self, site: &Site, rng: &mut Rng) -> Option<String> {
        rng.choice(&self.containers(site)).map(|(.., pointer)| pointer.clone())
    }

    fn name_of(&self, site: &Site, pointer: &str) -> Option<String> {
        self.at(site, pointer)?.get("name")?.as_str().filter(|name| !name.is_empty()).map(str::to_owned)
    }
}

const LISTS: [&str; 3] = ["containers", "initContainers", "ephemeralContainers"];

/// A pod in a document: `base` is the pointer of what has its metadata and spec.
#[derive(Debug, Clone)]
struct Site {
    document: usize,
    base: String,
}

impl Site {
    fn place(&self, pointer: &str) -> String {
        format!("{}#{}{pointer}", self.document, self.base)
    }
}

/// Where the template of each kind is.
const TEMPLATES: [(&str, &str, &str); 10] = [
    ("Pod", "v1", ""),
    ("PodTemplate", "v1", "/template"),
    ("ReplicationController", "v1", "/spec/template"),
    ("ReplicaSet", "apps/v1", "/spec/template"),
    ("Deployment", "apps/v1", "/spec/template"),
    ("StatefulSet", "apps/v1", "/spec/template"),
    ("DaemonSet", "apps/v1", "/spec/template"),
    ("Job", "batch/v1", "/spec/template"),
    ("CronJob", "batch/v1", "/spec/jobTemplate/spec/template"),
    ("Deployment", "extensions/v1beta1", "/spec/template"),
];

fn find_pods(value: &Value, pointer: String, found: &mut impl FnMut(String)) {
    let text = |key: &str| value[key].as_str();
    let Some(kind) = text("kind") else { return };
    if let Some(items) = value["items"].as_array().filter(|_| kind.ends_with("List")) {
        for (index, item) in items.iter().enumerate() {
            find_pods(item, format!("{pointer}/items/{index}"), found);
        }
    }
    let known = |one: &&(&str, &str, &str)| one.0 == kind && text("apiVersion") == Some(one.1);
    if let Some((.., template)) = TEMPLATES.iter().find(known)
        && value.pointer(&format!("{template}/spec")).is_some_and(Value::is_object)
    {
        found(format!("{pointer}{template}"));
    }
}

/// What a place has below another; nothing where it is not there.
fn rest<'p>(place: &'p str, above: &str) -> Option<&'p str> {
    place
        .strip_prefix(above)
        .filter(|rest| rest.is_empty() || rest.starts_with('/') || above.ends_with(['#', '/']))
}

fn join(place: &str, rest: &str) -> String {
    format!("{place}{rest}")
}

/// Whether a place of a finding has one that is as bad, of the policies that judge host paths.
fn is_as_bad(every: &[Wanted], wanted: &Wanted) -> bool {
    let rank = |name: &str| Severity::ALL.iter().position(|severity| severity.as_str() == name);
    let floor = rank(&wanted.severity);
    let worst_first = rank("critical") < rank("info");
    let is_enough = |other: &Wanted| {
        if worst_first { rank(&other.severity) <= floor } else { rank(&other.severity) >= floor }
    };
    every.iter().any(|other| {
        HOST_PATHS.contains(&other.policy.as_str())
            && is_enough(other)
            && wanted.places.contains(&other.places[0])
    })
}

/// The policies that say what a place on the node is: one finding a place.
const HOST_PATHS: [&str; 9] =
    ["CI101", "CI102", "CI103", "CI104", "CI105", "CI109", "CI111", "CI112", "CI113"];

/// The findings of a report, without what depends on how the text is written.
#[must_use]
pub fn findings(report: &Report) -> Vec<Wanted> {
    let place = |finding: &podgate::report::Finding| {
        let document = report.subjects.get(finding.subject).map_or(0, |subject| subject.object.document);
        Place {
            at: format!("{document}#{}", finding.pointer),
            container: finding.container.as_deref().map(str::to_owned),
        }
    };
    let mut found: Vec<Wanted> = report
        .findings
        .iter()
        .map(|finding| Wanted {
            policy: finding.policy.to_string(),
            severity: finding.severity.as_str().to_owned(),
            places: vec![place(finding)],
            is_optional: false,
            or_as_bad: false,
        })
        .collect();
    found.sort();
    found
}

/// A name that no other rewrite gave.
fn fresh(rng: &mut Rng) -> String {
    format!("extra-{:08x}", rng.u32(..))
}

/// A container that no policy minds.
fn harmless(rng: &mut Rng) -> Value {
    json!({
        "name": fresh(rng),
        "image": format!("registry.example.com/ci/extra@sha256:{}", "0".repeat(64)),
        "securityContext": {
            "allowPrivilegeEscalation": false,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": true,
            "runAsNonRoot": true,
            "runAsUser": 1000,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "resources": {"limits": {"cpu": "1", "memory": "1Gi"}, "requests": {"cpu": "1", "memory": "1Gi"}},
    })
}

/// The names in a list.
fn names(list: &[Value]) -> BTreeSet<&str> {
    list.iter().filter_map(|item| item["name"].as_str()).collect()
}
