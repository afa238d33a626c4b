//! Reports as clusters keep them: `PolicyReport` of the Policy Working Group, or `Report` of its successor OpenReports.
//!
//! One object for each owner of pods: it stays small, changes only where its pods do, and is found beside the owner.
//! Owners of which nothing is to be said have none. The evidence of findings does not go into it: whoever may
//! read reports need not be allowed to read pods.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::place;
use crate::policy::Action;
use crate::report::{Exempted, FailedPolicy, Finding, NotEvaluated, Report, SubjectEntry};

/// Label by which podgate knows the objects that it wrote.
pub const LABEL: (&str, &str) = ("app.kubernetes.io/managed-by", "podgate");

/// What all their names begin with.
pub const PREFIX: &str = "podgate-";

/// Bytes of results in one object. etcd takes 1.5 MiB, and `managedFields` come on top.
const LARGEST: usize = 512 << 10;

/// Characters of a name before the hash.
const NAME: usize = 200;

/// Whose API it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Api {
    /// `wgpolicyk8s.io/v1alpha2`, which most tools read.
    WgPolicy,
    /// `openreports.io/v1alpha1`.
    OpenReports,
}

impl Api {
    /// Its `apiVersion`.
    pub const fn version(self) -> &'static str {
        match self {
            Self::WgPolicy => "wgpolicyk8s.io/v1alpha2",
            Self::OpenReports => "openreports.io/v1alpha1",
        }
    }

    /// Resource and kind of reports in a namespace, or of those of the whole cluster.
    pub const fn resource(self, in_namespace: bool) -> (&'static str, &'static str) {
        match (self, in_namespace) {
            (Self::WgPolicy, true) => ("policyreports", "PolicyReport"),
            (Self::WgPolicy, false) => ("clusterpolicyreports", "ClusterPolicyReport"),
            (Self::OpenReports, true) => ("reports", "Report"),
            (Self::OpenReports, false) => ("clusterreports", "ClusterReport"),
        }
    }
}

/// Writes all objects as one list, for `kubectl apply`.
pub fn write(report: &Report, api: Api, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &List { report, api })?;
    writeln!(out)
}

/// All objects, of which one at a time is in memory.
struct List<'a> {
    report: &'a Report,
    api: Api,
}

impl Serialize for List<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Items<'a>(&'a List<'a>);
        impl Serialize for Items<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_seq(objects(self.0.report, self.0.api))
            }
        }
        let mut list = serializer.serialize_struct("List", 3)?;
        list.serialize_field("apiVersion", "v1")?;
        list.serialize_field("items", &Items(self))?;
        list.serialize_field("kind", "List")?;
        list.end()
    }
}

/// The objects, in the order of the report's subjects; the same report gives the same objects. Each is made when it is
/// asked for: they are several times as large as the report.
///
/// What could not be judged and belongs to no subject stands in one object of the whole cluster.
pub fn objects<'r>(report: &'r Report, api: Api) -> impl Iterator<Item = Value> + 'r {
    let mut order: Vec<Scope> = Vec::new();
    let mut said: BTreeMap<Scope, Vec<Said<'r>>> = BTreeMap::new();
    let mut add = |scope: Scope, one: Said<'r>| {
        if !said.contains_key(&scope) {
            order.push(scope.clone());
        }
        said.entry(scope).or_default().push(one);
    };
    for finding in &report.findings {
        add(Scope::of(report, finding.subject), Said::Finding(finding));
    }
    for exempted in &report.exempted {
        add(Scope::of(report, exempted.finding.subject), Said::Exempted(exempted));
    }
    for failed in &report.failed_policies {
        let scope = failed.subject.map_or_else(Scope::default, |subject| Scope::of(report, subject));
        add(scope, Said::Failed(failed));
    }
    for entry in report.not_evaluated.iter().filter(|entry| entry.cause.is_error()) {
        add(Scope::default(), Said::NotEvaluated(entry));
    }
    order.into_iter().flat_map(move |scope| {
        let own = said.remove(&scope).unwrap_or_default();
        let results = own.into_iter().map(|one| one.result(report)).collect();
        let parts = split(results).into_iter().enumerate();
        parts.map(move |(part, own)| scope.object(api, part, own))
    })
}

/// Something that a report says, and that is one result.
enum Said<'a> {
    Finding(&'a Finding),
    Exempted(&'a Exempted),
    Failed(&'a FailedPolicy),
    NotEvaluated(&'a NotEvaluated),
}

impl Said<'_> {
    fn result(&self, report: &Report) -> Value {
        match self {
            Self::Finding(finding) => {
                let result = if finding.action == Action::Deny { "fail" } else { "warn" };
                of_finding(report, finding, result, &finding.message)
            }
            Self::Exempted(Exempted { finding, expires, reason, .. }) => {
                let message = format!("{} (exempted until {expires}: {reason})", finding.message);
                of_finding(report, finding, "skip", &message)
            }
            Self::Failed(failed) => error(&failed.policy, &failed.reason),
            Self::NotEvaluated(entry) => {
                error("not-evaluated", &format!("{}: {}", entry.source, entry.reason))
            }
        }
    }
}

/// What a report is about; nothing at all is the cluster.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Scope {
    api_version: String,
    kind: String,
    namespace: String,
    name: String,
}

impl Scope {
    fn of(report: &Report, subject: usize) -> Self {
        let Some(subject) = report.subjects.get(subject) else { return Self::default() };
        let [kind, namespace, name] = place::named(subject).map(str::to_owned);
        let api_version = match &subject.owner {
            Some(owner) => owner.api_version.clone(),
            None => subject.object.api_version.clone(),
        };
        Self { api_version, kind, namespace, name }
    }

    /// Whether objects of this kind have no namespace. Of the others a file may have left it out.
    fn is_of_cluster(&self) -> bool {
        let kinds = ["", "Namespace", "ClusterRole", "ClusterRoleBinding", "PersistentVolume"];
        self.namespace.is_empty() && kinds.contains(&self.kind.as_str())
    }

    fn object(&self, api: Api, part: usize, results: Vec<Value>) -> Value {
        let (_, kind) = api.resource(!self.is_of_cluster());
        let (label, value) = LABEL;
        let mut metadata = Map::new();
        metadata.insert("name".to_owned(), json!(self.object_name(part)));
        if !self.namespace.is_empty() {
            metadata.insert("namespace".to_owned(), json!(self.namespace));
        }
        metadata.insert("labels".to_owned(), json!({label: value}));
        let mut object = Map::new();
        object.insert("apiVersion".to_owned(), json!(api.version()));
        object.insert("kind".to_owned(), json!(kind));
        object.insert("metadata".to_owned(), Value::Object(metadata));
        if api == Api::OpenReports {
            object.insert("source".to_owned(), json!("podgate"));
        }
        if !self.kind.is_empty() {
            object.insert("scope".to_owned(), self.reference());
        }
        object.insert("summary".to_owned(), summary(&results));
        object.insert("results".to_owned(), Value::Array(results));
        Value::Object(object)
    }

    fn reference(&self) -> Value {
        let own = [
            ("apiVersion", &self.api_version),
            ("kind", &self.kind),
            ("namespace", &self.namespace),
            ("name", &self.name),
        ];
        let own = own.into_iter().filter(|(_, value)| !value.is_empty());
        Value::Object(own.map(|(key, value)| (key.to_owned(), json!(value))).collect())
    }

    /// A name that is the same each time, and another for each scope: kind and name for people, and a hash of both with
    /// the version, of which there may be two.
    fn object_name(&self, part: usize) -> String {
        if self.kind.is_empty() {
            return format!("{PREFIX}not-evaluated{}", numbered(part));
        }
        let plain = |one: char| match one.to_ascii_lowercase() {
            one if one.is_ascii_alphanumeric() => one,
            _ => '-',
        };
        let words: String = format!("{}-{}", self.kind, self.name).chars().map(plain).take(NAME).collect();
        let mut hash = String::new();
        let Self { api_version, kind, name, .. } = self;
        for byte in Sha256::digest(format!("{api_version}\n{kind}\n{name}")).iter().take(4) {
            let _ = write!(hash, "{byte:02x}");
        }
        format!("{PREFIX}{words}-{hash}{}", numbered(part))
    }
}

fn numbered(part: usize) -> String {
    if part == 0 { String::new() } else { format!("-{}", part + 1) }
}

/// Results in as many parts as objects are needed for them.
fn split(results: Vec<Value>) -> Vec<Vec<Value>> {
    let mut parts: Vec<Vec<Value>> = Vec::new();
    let mut held = LARGEST;
    for result in results {
        let size = result.to_string().len();
        held += size;
        match parts.last_mut().filter(|_| held <= LARGEST) {
            Some(part) => part.push(result),
            None => {
                held = size;
                parts.push(vec![result]);
            }
        }
    }
    parts
}

fn of_finding(report: &Report, finding: &Finding, result: &str, message: &str) -> Value {
    let subject = report.subjects.get(finding.subject);
    let mut properties = Map::new();
    let mut property = |name: &str, value: &str| {
        if !value.is_empty() {
            properties.insert(name.to_owned(), json!(value));
        }
    };
    property("container", finding.container.as_deref().unwrap_or_default());
    property("pointer", &finding.pointer);
    property("attack", &finding.attack);
    property("help", &finding.help);
    property("docs", &finding.docs);
    if let Some(SubjectEntry { owner: Some(_), object, pods, .. }) = subject {
        property("pods", &pods.unwrap_or(1).to_string());
        property("pod", &object.name);
    }
    json!({
        "source": "podgate", "policy": finding.policy, "rule": finding.name, "severity": finding.severity.as_str(),
        "result": result, "scored": result == "fail", "message": message, "properties": properties,
    })
}

fn error(policy: &str, reason: &str) -> Value {
    json!({"source": "podgate", "policy": policy, "result": "error", "scored": false, "message": reason})
}

fn summary(results: &[Value]) -> Value {
    let count = |name: &str| results.iter().filter(|result| result["result"] == name).count();
    json!({"pass": 0, "fail": count("fail"), "warn": count("warn"), "error": count("error"), "skip": count("skip")})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(kind: &str, name: &str) -> Scope {
        let (api_version, namespace) = ("apps/v1".to_owned(), "ci".to_owned());
        Scope { api_version, kind: kind.to_owned(), namespace, name: name.to_owned() }
    }

    #[test]
    fn names_are_those_of_objects() {
        let names =
            [("Deployment", "a.b"), ("Deployment", "a-b"), ("DaemonSet", "a-b"), ("Pod", &"x".repeat(253))];
        let names: Vec<String> = names.map(|(kind, name)| scope(kind, name).object_name(0)).to_vec();
        for (index, name) in names.iter().enumerate() {
            assert!(name.len() < 240 && name.starts_with(PREFIX), "{name}");
            assert!(
                name.chars().all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || one == '-'),
                "{name}"
            );
            assert!(!names[..index].contains(name), "{name}");
        }
        let older = Scope { api_version: "apps/v1beta1".to_owned(), ..scope("Deployment", "a") };
        assert_ne!(scope("Deployment", "a").object_name(0), older.object_name(0));
        assert_eq!(
            scope("Deployment", "a").object_name(2),
            format!("{}-3", scope("Deployment", "a").object_name(0))
        );
    }

    #[test]
    fn objects_are_never_larger_than_a_cluster_takes() {
        let result = json!({"message": "x".repeat(100_000)});
        let parts = split(vec![result; 23]);
        assert_eq!(parts.iter().map(Vec::len).collect::<Vec<_>>(), [5, 5, 5, 5, 3]);
        assert_eq!(split(Vec::new()), Vec::<Vec<Value>>::new());
    }
}
