//! A policy: its identity, read from the METADATA of its Rego package, and the Rego itself.

pub(crate) mod entry;
pub(crate) mod library;
mod metadata;
pub(crate) mod parameters;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How bad a finding is, from harmless to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Hygiene.
    Low,
    /// Weakens the boundary between pod and node.
    Medium,
    /// One more step away from the node.
    High,
    /// The node or the cluster is taken by whoever controls the pod.
    Critical,
}

impl Severity {
    /// All severities, worst first.
    pub const ALL: [Self; 5] = [Self::Critical, Self::High, Self::Medium, Self::Low, Self::Info];

    /// The severity of a name as it stands in reports and settings.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.as_str() == name)
    }

    /// The name as it stands in reports and settings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
            Self::Info => "info",
        }
    }

    /// What follows from a finding of this severity where the settings say nothing: critical and high deny,
    /// medium warns, low and info are recorded.
    pub const fn default_action(self) -> Action {
        match self {
            Self::Critical | Self::High => Action::Deny,
            Self::Medium => Action::Warn,
            Self::Low | Self::Info => Action::Audit,
        }
    }
}

/// What follows from a finding, in the terms of Kubernetes' own admission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Recorded.
    Audit,
    /// Shown to whoever submits the pod.
    Warn,
    /// The pod is refused.
    Deny,
}

impl Action {
    /// The name as it stands in reports and settings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Audit => "audit",
            Self::Warn => "warn",
            Self::Deny => "deny",
        }
    }
}

/// A Rego file: a built-in one, or one of the user's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegoFile {
    /// Its path, as it is to stand in messages.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// A policy and all that is known of it.
///
/// Identity lives in one place, the `# METADATA` block above the package of its Rego file, in the form of
/// [OPA's annotations](https://www.openpolicyagent.org/docs/policy-language#metadata).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Policy {
    /// Its id, such as `CI101`; the package of a user's policy that gives none.
    pub id: String,
    /// Its name, such as `runtime-socket`.
    pub name: String,
    /// What it is, in a few words.
    pub title: String,
    /// What it finds.
    pub description: String,
    /// How bad a finding is, where the rule itself does not say.
    pub severity: Severity,
    /// The profiles that it belongs to. One that belongs to none judges where the settings give it a mode.
    pub profiles: Vec<String>,
    /// The version of podgate that first had it.
    pub since: String,
    /// The attack that a finding opens, in one sentence.
    pub attack: String,
    /// What to do instead, in one sentence.
    pub help: String,
    /// Address of its page; empty for a user's policy without one.
    pub docs: String,
    /// The kinds of object that it judges.
    pub kinds: Vec<String>,
    /// The kinds of object that it looks up beside the one that it judges.
    pub inventory: Vec<String>,
    /// The parameters that it takes: name to JSON Schema.
    pub parameters: serde_json::Map<String, serde_json::Value>,
    /// Where to read on.
    pub related_resources: Vec<RelatedResource>,
    /// Its Rego package, such as `podgate.ci.runtime_socket`.
    pub package: String,
    /// The path of its Rego file.
    pub path: String,
    /// Its Rego.
    #[serde(skip)]
    pub rego: String,
    /// Its page, in Markdown; `None` for a user's policy without one.
    #[serde(skip)]
    pub page: Option<String>,
}

/// A place to read on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RelatedResource {
    /// Its address.
    #[serde(rename = "ref")]
    pub address: String,
    /// What it is.
    #[serde(default)]
    pub description: String,
}

/// A policy that cannot be used, with the place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, thiserror::Error)]
#[error("{file}:{line}:{column}: {reason}")]
#[non_exhaustive]
pub struct PolicyError {
    /// The Rego file.
    pub file: String,
    /// Line from 1; 0 where the file as a whole is meant.
    pub line: u32,
    /// Column from 1, in code points.
    pub column: u32,
    /// Why, in one line.
    pub reason: String,
}

impl Policy {
    /// Whether `name` selects it: its id or its name, in any case.
    pub fn answers_to(&self, name: &str) -> bool {
        self.id.eq_ignore_ascii_case(name) || self.name.eq_ignore_ascii_case(name)
    }

    /// Whether it judges objects of this kind.
    pub fn judges(&self, kind: &str) -> bool {
        self.kinds.iter().any(|own| own == kind)
    }
}

/// The built-in policies, sorted by id.
///
/// # Errors
///
/// None in a published version: a test reads them all.
pub fn built_in() -> Result<&'static [Policy], PolicyError> {
    library::built_in().map(|library| library.policies.as_slice())
}
