//! A policy: its identity, read from the METADATA of its Rego package, and the Rego itself.

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
