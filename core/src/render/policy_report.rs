//! Reports as clusters keep them: `PolicyReport` of the Policy Working Group, or `Report` of its successor OpenReports.
//!
//! One object for each owner of pods: it stays small, changes only where its pods do, and is found beside the owner.
//! Owners of which nothing is to be said have none. The evidence of findings does not go into it: whoever may
//! read reports need not be allowed to read pods.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::place;
use crate::policy::Action;
use crate::report::{Finding, Report, SubjectEntry};

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
    let list = json!({"apiVersion": "v1", "kind": "List", "items": objects(report, api)});
    serde_json::to_writer_pretty(&mut *out, &list)?;
    writeln!(out)
}

/// The objects, in the order of the report's subjects; the same report gives the same objects.
///
/// What could not be judged and belongs to no subject stands in one object of the whole cluster.
pub fn objects(report: &Report, api: Api) -> Vec<Value> {
    let mut order: Vec<Scope> = Vec::new();
    let mut results: BTreeMap<Scope, Vec<Value>> = BTreeMap::new();
    let mut add = |scope: Scope, result: Value| {
        if !results.contains_key(&scope) {
            order.push(scope.clone());
        }
        results.entry(scope).or_default().push(result);
    };
    for finding in &report.findings {
        let result = if finding.action == Action::Deny { "fail" } else { "warn" };
        add(Scope::of(report, finding.subject), of_finding(report, finding, result, &finding.message));
    }
    for exempted in &report.exempted {
        let (finding, until) = (&exempted.finding, exempted.expires);
        let message = format!("{} (exempted until {until}: {})", finding.message, exempted.reason);
        add(Scope::of(report, finding.subject), of_finding(report, finding, "skip", &message));
    }
    for failed in &report.failed_policies {
        let scope = failed.subject.map_or_else(Scope::default, |subject| Scope::of(report, subject));
        add(scope, error(&failed.policy, &failed.reason));
    }
    for entry in report.not_evaluated.iter().filter(|entry| entry.cause.is_error()) {
        add(Scope::default(), error("not-evaluated", &format!("{}: {}", entry.source, entry.reason)));
    }
    let all = order.into_iter().flat_map(|scope| {
        let own = results.remove(&scope).unwrap_or_default();
        split(own)
            .into_iter()
            .enumerate()
            .map(move |(part, own)| scope.object(api, part, own))
            .collect::<Vec<_>>()
    });
    all.collect()
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

    /// A name that is the same each time, and another for each scope: kind and name for people, and a hash of both.
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
        let group = self.api_version.split_once('/').map_or("", |(group, _)| group);
        for byte in Sha256::digest(format!("{group}\n{}\n{}", self.kind, self.name)).iter().take(4) {
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
