//! What podgate says: the [`Report`], the one answer of every front end.
//!
//! A report is plain data, serialised with the names fixed by its JSON Schema (`podgate schema report`), in a
//! stable order and without a cap: the same input and settings give the same bytes everywhere.

mod contradiction;
mod shared;

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::policy::{Action, Severity};
use crate::position::Span;

pub use self::contradiction::Contradiction;
pub use self::shared::{Fix, Text};

/// Findings of a document that were told: whether exempted, the policy, the place and the message.
pub(crate) type Told = BTreeSet<(bool, Text, (Text, Option<Text>), Text)>;

/// `apiVersion` of every report.
pub const API_VERSION: &str = "podgate.dev/v1";

/// `kind` of every report.
pub const KIND: &str = "Report";

/// The verdict over one or more subjects.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Report {
    /// Always `podgate.dev/v1`.
    pub api_version: String,
    /// Always `Report`.
    pub kind: String,
    /// Which policies judged.
    pub policies: PolicySet,
    /// Counts, and whether anything denies.
    pub summary: Summary,
    /// What was judged.
    pub subjects: Vec<SubjectEntry>,
    /// What is wrong: by subject, then by severity (worst first), policy and place.
    pub findings: Vec<Finding>,
    /// What was recognised but could not be judged, or not in full. Never counted as clean.
    pub not_evaluated: Vec<NotEvaluated>,
    /// Objects of kinds that carry no pod and that no policy judges: nothing to say about them.
    pub without_pod: Vec<ObjectEntry>,
    /// Policies that failed to load or to evaluate. The verdicts of the others still count.
    pub failed_policies: Vec<FailedPolicy>,
    /// What is unwise in the user's policies, or less than it seems: one that a single engine judges, say.
    pub warnings: Vec<Warning>,
    /// Findings that an exemption of the settings removed.
    pub exempted: Vec<Exempted>,
    /// Exemptions of the settings that no longer count.
    pub void_exemptions: Vec<VoidExemption>,
}

/// Which policies judged, so that two reports can be told apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PolicySet {
    /// `sha256:` and the hex digest over all policies and the resolved settings.
    pub digest: String,
    /// The chosen profiles, as written in the settings.
    pub profiles: Vec<String>,
}

/// Counts over the whole report.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Summary {
    /// Number of subjects judged.
    pub subjects: usize,
    /// Number of findings by severity.
    pub findings: Counts,
    /// Number of entries in `notEvaluated`.
    pub not_evaluated: usize,
    /// Number of entries in `failedPolicies`.
    pub failed_policies: usize,
    /// Number of entries in `exempted`.
    pub exempted: usize,
    /// Whether a finding's action is `deny`, or a policy failed.
    pub denied: bool,
}

/// Number of findings by severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Counts {
    /// The node or the cluster is taken by whoever controls the pod.
    pub critical: usize,
    /// One more step away from that.
    pub high: usize,
    /// Weakens the boundary.
    pub medium: usize,
    /// Hygiene.
    pub low: usize,
    /// Worth knowing.
    pub info: usize,
}

impl Counts {
    /// The number of findings of one severity, to read or to raise.
    pub fn of(&mut self, severity: Severity) -> &mut usize {
        match severity {
            Severity::Critical => &mut self.critical,
            Severity::High => &mut self.high,
            Severity::Medium => &mut self.medium,
            Severity::Low => &mut self.low,
            Severity::Info => &mut self.info,
        }
    }

    /// The number of findings over all severities.
    pub const fn total(&self) -> usize {
        self.critical + self.high + self.medium + self.low + self.info
    }
}

/// One thing that was judged: a pod, a pod template, or another object that a policy judges.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SubjectEntry {
    /// Which object carries it.
    #[serde(flatten)]
    pub object: ObjectEntry,
    /// The system whose controller makes the pod of the object: `tekton`. Absent for Kubernetes itself, and where
    /// only the shape says that there is a pod.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub platform: String,
    /// Whether it is only a fragment of a pod (a patch, a template's part): what it lacks proves nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub partial: bool,
    /// What a controller adds although the file does not say so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub implied: Vec<String>,
    /// JSON Pointers (from the root of the document) of what could not be known: template expressions,
    /// references to something that was not given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unresolved: Vec<String>,
    /// What makes the pod, where it was found in a cluster. All of one owner's pods of which the same is to be said are
    /// one subject, and the object is the first of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Owner>,
    /// The number of pods that `owner` has of this kind; absent without an owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pods: Option<usize>,
}

/// The controller that makes a pod, in the pod's namespace: a Deployment rather than its ReplicaSets, a CronJob rather
/// than its Jobs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Owner {
    /// Its `apiVersion`.
    pub api_version: String,
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
}

/// An object in a document of a source.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ObjectEntry {
    /// The input's name as it was given; `-` is standard input.
    pub source: String,
    /// The document's place in its source, from 0.
    pub document: usize,
    /// JSON Pointer of the object from the root of the document; empty for the root itself.
    pub pointer: String,
    /// `apiVersion` as written.
    pub api_version: String,
    /// `kind` as written.
    pub kind: String,
    /// `metadata.name`, or `metadata.generateName`; empty where there is neither.
    pub name: String,
    /// `metadata.namespace`; empty where there is none.
    pub namespace: String,
}

/// One thing that a policy found wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Finding {
    /// The policy's id, such as `CI101`.
    pub policy: Text,
    /// The policy's name, such as `runtime-socket`.
    pub name: Text,
    /// How bad it is.
    pub severity: Severity,
    /// What follows from it.
    pub action: Action,
    /// What is wrong, in one line.
    pub message: Text,
    /// The input's name as it was given; `-` is standard input.
    pub source: Text,
    /// Index into `subjects`.
    pub subject: usize,
    /// The container concerned, by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container: Option<Text>,
    /// JSON Pointer (RFC 6901) of the offending value from the root of the document.
    pub pointer: Text,
    /// Where that value stands in the text; absent for a pod that never was text. A value that is not written
    /// (a default) has the span of what would hold it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// The offending value, where it is a scalar.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Text>,
    /// The attack that this opens, in one sentence.
    pub attack: Text,
    /// What to do instead, in one sentence.
    pub help: Text,
    /// Address of the policy's page.
    pub docs: Text,
    /// A JSON Patch (RFC 6902) against the pod that mends it; empty where there is no mechanical fix.
    pub fix: Fix,
}

/// Something that was recognised but not judged, or not in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NotEvaluated {
    /// The input's name as it was given; `-` is standard input.
    pub source: String,
    /// The document's place in its source, from 0.
    pub document: usize,
    /// JSON Pointer from the root of the document; empty for the document itself.
    pub pointer: String,
    /// Where it stands in the text, if it could be read as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// What kind of obstacle it is.
    pub cause: Cause,
    /// Why, in one line.
    pub reason: String,
}

/// Why something was not judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// The input could not be read at all: missing, no permission, not text.
    Unreadable,
    /// The text is not well-formed in the language that it is or should be in: YAML, JSON, TOML, Groovy or XML.
    Syntax,
    /// A bound on size, depth or expansion was met.
    Limit,
    /// A field of an object that carries a pod has a value of the wrong type; the rest was judged.
    InvalidField,
    /// An object that should carry a pod has none.
    NoPod,
    /// A template that must be rendered first.
    Template,
    /// A reference to something in another file, or in no file at all: what it brings was not judged here.
    Reference,
    /// A kind that podgate does not know, in which nothing has the shape of a pod.
    UnknownKind,
    /// Neither a Kubernetes object nor a file of a system that is known, and nothing in it has the shape of a pod.
    NotKubernetes,
    /// There is nothing in the input.
    Empty,
}

impl Cause {
    /// Whether the input is at fault, so that a run over it must not end as a success.
    ///
    /// The others say that there was nothing podgate can judge there: a repository is full of YAML that is no pod,
    /// and of references to what is judged in its own file.
    pub const fn is_error(self) -> bool {
        !matches!(self, Self::UnknownKind | Self::NotKubernetes | Self::Reference)
    }
}

/// A policy that failed to load or to evaluate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FailedPolicy {
    /// The policy's id, or its package where it has none.
    pub policy: String,
    /// When it failed.
    pub stage: Stage,
    /// Index into `subjects`, if it failed over one of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<usize>,
    /// The Rego file concerned, where one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Where in that file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// Why, in one line.
    pub reason: String,
}

/// What is to be said of a policy of the user's that works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Warning {
    /// Its Rego file.
    pub file: String,
    /// Where in it; `None` where the file as a whole is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// The rule of the linter that says it, such as `sprintf-verb`; `None` for what is no matter of style.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// What is to be said, in one line.
    pub reason: String,
}

#[cfg(feature = "compiler")]
impl Warning {
    /// About a file as a whole.
    pub(crate) fn new(file: &str, reason: &str) -> Self {
        Self { file: file.to_owned(), span: None, rule: None, reason: reason.to_owned() }
    }
}

/// When a policy failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// While it was parsed, checked or compiled.
    Load,
    /// While it judged a subject.
    Evaluate,
}

/// A finding that an exemption removed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Exempted {
    /// What would have been reported.
    pub finding: Finding,
    /// The reason that the exemption gives.
    pub reason: String,
    /// The last day (UTC) on which it counts.
    #[schemars(with = "String")]
    pub expires: jiff::civil::Date,
}

/// An exemption that does not count: its day has passed, or no date was given to hold it against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VoidExemption {
    /// The policies that it names.
    pub policies: Vec<String>,
    /// The reason that it gives.
    pub reason: String,
    /// The last day (UTC) on which it counted.
    #[schemars(with = "String")]
    pub expires: jiff::civil::Date,
}

impl Report {
    /// A report over nothing.
    pub fn new(policies: PolicySet) -> Self {
        Self {
            api_version: API_VERSION.to_owned(),
            kind: KIND.to_owned(),
            policies,
            summary: Summary::default(),
            subjects: Vec::new(),
            findings: Vec::new(),
            not_evaluated: Vec::new(),
            without_pod: Vec::new(),
            failed_policies: Vec::new(),
            warnings: Vec::new(),
            exempted: Vec::new(),
            void_exemptions: Vec::new(),
        }
    }

    /// Appends what many reports say, in order; see [`Self::extend`].
    pub fn extend_all(&mut self, others: impl IntoIterator<Item = Self>) {
        others.into_iter().for_each(|other| self.absorb(other));
        self.summarise();
    }

    /// Appends what `other` says; it must come from the same gate.
    ///
    /// Subjects keep their order, so reports merged in the order of their inputs give the same bytes as one
    /// run over all of them.
    pub fn extend(&mut self, other: Self) {
        self.absorb(other);
        self.summarise();
    }

    /// [`Self::extend`] without bringing the summary in line, so that many steps cost no more than all they add.
    pub(crate) fn absorb(&mut self, mut other: Self) {
        let offset = self.subjects.len();
        let exempted = other.exempted.iter_mut().map(|exempted| &mut exempted.finding);
        other.findings.iter_mut().chain(exempted).for_each(|finding| finding.subject += offset);
        append(&mut self.subjects, other.subjects);
        append(&mut self.findings, other.findings);
        append(&mut self.exempted, other.exempted);
        self.not_evaluated.extend(other.not_evaluated);
        self.without_pod.extend(other.without_pod);
        for mut failed in other.failed_policies {
            failed.subject = failed.subject.map(|subject| subject + offset);
            // One that failed over a subject of its own stands here only once.
            if failed.subject.is_some() || !self.failed_policies.contains(&failed) {
                self.failed_policies.push(failed);
            }
        }
        for warning in other.warnings {
            if !self.warnings.contains(&warning) {
                self.warnings.push(warning);
            }
        }
        for void in other.void_exemptions {
            if !self.void_exemptions.contains(&void) {
                self.void_exemptions.push(void);
            }
        }
    }

    /// Drops the findings that were told before of another pod of the same document: what an object says of all its
    /// pods is told once, with the first of them.
    pub(crate) fn drop_told(&mut self, told: &mut Told) {
        let mut is_new = |one: &Finding, exempted: bool| {
            let place = (one.pointer.clone(), one.container.clone());
            told.insert((exempted, one.policy.clone(), place, one.message.clone()))
        };
        self.findings.retain(|one| is_new(one, false));
        self.exempted.retain(|one| is_new(&one.finding, true));
    }

    /// Brings `summary` in line with the lists; whoever changes a list calls it.
    pub fn summarise(&mut self) {
        self.summary = self.summed_up();
    }

    fn summed_up(&self) -> Summary {
        let mut findings = Counts::default();
        for finding in &self.findings {
            *findings.of(finding.severity) += 1;
        }
        Summary {
            subjects: self.subjects.len(),
            findings,
            not_evaluated: self.not_evaluated.len(),
            failed_policies: self.failed_policies.len(),
            exempted: self.exempted.len(),
            denied: !self.failed_policies.is_empty()
                || self.findings.iter().any(|finding| finding.action == Action::Deny),
        }
    }

    /// Whether a finding counts against a threshold: its severity reaches it, or its action was raised above what
    /// the severity alone would give. A finding whose action was lowered does not count: whoever set the mode to
    /// `warn`, or wrote a `warn` rule, wants to be told and not stopped.
    pub fn fails(&self, threshold: Severity) -> bool {
        self.findings.iter().any(|finding| match finding.action.cmp(&finding.severity.default_action()) {
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Equal => finding.severity >= threshold,
            std::cmp::Ordering::Greater => finding.action == Action::Deny || finding.severity >= threshold,
        })
    }

    /// Whether something of a subject is not known: it is a part of a pod only, or holds what could not be resolved.
    pub fn has_unknown(&self) -> bool {
        self.subjects.iter().any(|subject| subject.partial || !subject.unresolved.is_empty())
    }

    /// Whether something could not be read, judged or evaluated, so that no findings does not mean clean.
    pub fn has_errors(&self) -> bool {
        !self.failed_policies.is_empty() || self.not_evaluated.iter().any(|entry| entry.cause.is_error())
    }
}

/// Appends a list; to none, without moving it.
fn append<T>(list: &mut Vec<T>, mut other: Vec<T>) {
    if list.is_empty() && list.capacity() <= other.capacity() {
        *list = other;
    } else {
        list.append(&mut other);
    }
}

/// A message with what a pod's author may have put into a name shown, not obeyed: a line break in it could pass
/// for a line of our own.
pub(crate) fn one_line(message: String) -> String {
    if !message.contains(char::is_control) {
        return message;
    }
    let shown = |one: char| if one.is_control() { one.escape_default().to_string() } else { one.to_string() };
    message.chars().map(shown).collect()
}
