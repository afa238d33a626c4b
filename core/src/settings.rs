//! `podgate.yaml`: which policies judge, how, and what is exempt from them.

mod admission;

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use wildmatch::WildMatch;

use crate::document::{self, Document, Limits};
use crate::policy::{Action, Severity};
use crate::position::{PositionEncoding, Span};
use crate::report::API_VERSION;
use crate::typed;

pub use admission::{AdmissionSettings, Exempt, Workloads};

/// The settings of a gate.
///
/// The JSON Schema of the file is printed by `podgate schema settings`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Settings {
    /// `podgate.dev/v1`; may be left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_version: Option<String>,
    /// `Settings`; may be left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Sets of policies that judge, such as `ci`. None means `ci`. Those of the Pod Security Standards may say a
    /// version: `pss-restricted:v1.30`, `pss-baseline:latest`.
    pub profiles: Vec<String>,
    /// What differs for single policies, by id or name.
    pub policies: BTreeMap<String, PolicySettings>,
    /// Findings that are accepted for a time.
    pub exemptions: Vec<Exemption>,
    /// How the admission webhook answers.
    #[serde(skip_serializing_if = "admission::is_default")]
    pub admission: AdmissionSettings,
}

/// What differs for one policy.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PolicySettings {
    /// What follows from its findings, whatever their severity; `off` means that it does not judge. A policy that
    /// is in no chosen profile judges where it has another mode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// The severity of all its findings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// Its parameters; `podgate explain <policy>` lists them.
    #[serde(skip_serializing_if = "serde_json::Map::is_empty")]
    pub parameters: serde_json::Map<String, serde_json::Value>,
}

/// What follows from a policy's findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// The pod is refused.
    Deny,
    /// Shown to whoever submits the pod.
    Warn,
    /// Recorded.
    Audit,
    /// The policy does not judge.
    Off,
}

impl Mode {
    /// The action, or `None` for a policy that does not judge.
    pub const fn action(self) -> Option<Action> {
        match self {
            Self::Deny => Some(Action::Deny),
            Self::Warn => Some(Action::Warn),
            Self::Audit => Some(Action::Audit),
            Self::Off => None,
        }
    }
}

/// Findings that are accepted for a time, by whoever runs the gate.
///
/// An exemption removes the findings that it names and nothing else. Nothing that a pod's author writes into the
/// pod's annotations or labels can make one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Exemption {
    /// The policies, by id or name.
    #[schemars(length(min = 1))]
    pub policies: Vec<String>,
    /// Which findings: those for which every selector given here matches.
    #[serde(rename = "match")]
    pub selector: Selector,
    /// Why this is acceptable.
    #[schemars(length(min = 1))]
    pub reason: String,
    /// The last day (UTC) on which it counts, as `YYYY-MM-DD`.
    #[schemars(with = "String", extend("format" = "date"))]
    pub expires: Date,
}

/// Patterns, with `*` for any characters and `?` for one. A list matches if one of its patterns does; a selector
/// that is left out matches everything, but one must be given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Selector {
    /// Namespaces of the object.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub namespaces: Vec<String>,
    /// Service accounts of the pod, by name; a pod that names none has `default`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub service_accounts: Vec<String>,
    /// Users who submit the object, in admission. Elsewhere no user is known and nothing matches.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<String>,
    /// Kinds of the object, such as `DaemonSet`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<String>,
    /// Names of the object.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// Names of the container that the finding is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub containers: Vec<String>,
    /// Image of the container that the finding is about, as written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<String>,
}

/// What an exemption is held against: one finding and the object that it is about. What is not known is `None`,
/// and no pattern matches it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Candidate<'a> {
    pub(crate) namespace: Option<&'a str>,
    pub(crate) service_account: Option<&'a str>,
    pub(crate) user: Option<&'a str>,
    pub(crate) kind: Option<&'a str>,
    pub(crate) name: Option<&'a str>,
    pub(crate) container: Option<&'a str>,
    pub(crate) image: Option<&'a str>,
}

impl Selector {
    fn parts<'s, 'a>(&'s self, candidate: Candidate<'a>) -> [(&'s [String], Option<&'a str>); 7] {
        [
            (&self.namespaces, candidate.namespace),
            (&self.service_accounts, candidate.service_account),
            (&self.users, candidate.user),
            (&self.kinds, candidate.kind),
            (&self.names, candidate.name),
            (&self.containers, candidate.container),
            (&self.images, candidate.image),
        ]
    }

    /// Whether no selector is given at all.
    pub fn is_empty(&self) -> bool {
        self.parts(Candidate::default()).iter().all(|(patterns, _)| patterns.is_empty())
    }

    pub(crate) fn matches(&self, candidate: Candidate<'_>) -> bool {
        self.parts(candidate).iter().all(|(patterns, value)| {
            patterns.is_empty()
                || value.is_some_and(|value| patterns.iter().any(|p| WildMatch::new(p).matches(value)))
        })
    }
}

impl Exemption {
    /// Whether it counts on `date`. Without a date none does.
    pub fn counts_on(&self, date: Option<Date>) -> bool {
        date.is_some_and(|date| date <= self.expires)
    }
}

/// Settings that cannot be used, or text that no settings can be made from, with the place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct SettingsError {
    source_name: String,
    span: Option<Span>,
    reason: String,
}

impl SettingsError {
    pub(crate) const fn new(source_name: String, span: Option<Span>, reason: String) -> Self {
        Self { source_name, span, reason }
    }

    /// The name of the file, as it was given.
    pub fn source_name(&self) -> &str {
        &self.source_name
    }

    /// Where in the file; `None` where the file as a whole is meant.
    pub const fn span(&self) -> Option<Span> {
        self.span
    }

    /// Why, in one line.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl Settings {
    /// Reads `podgate.yaml` from YAML or JSON; `source` is its name in messages.
    ///
    /// # Errors
    ///
    /// Text that is not one YAML or JSON document, unknown or doubled keys (with the nearest known one), values of
    /// a wrong type, and exemptions without a policy, selector, reason or date; with the place.
    pub fn from_yaml(source: &str, text: &str) -> Result<Self, SettingsError> {
        let fail = |span, reason| Err(SettingsError::new(source.to_owned(), span, reason));
        let mut documents = Vec::new();
        for document in document::read(source, text, &Limits::default()) {
            match document {
                Err(error) => return fail(Some(error.span(PositionEncoding::default())), error.to_string()),
                Ok(document) if document.is_empty() => {}
                Ok(document) => documents.push(document),
            }
        }
        let document = match documents.as_slice() {
            [] => return Ok(Self::default()),
            [document] => document,
            [_, second, ..] => {
                let span = second.span("", PositionEncoding::default());
                return fail(span, "settings must be one document".to_owned());
            }
        };
        let at = |pointer: &str| document.span(pointer, PositionEncoding::default());
        if let Some(double) = document.duplicates().first() {
            return fail(at(&double.pointer), format!("key `{}` is written twice", double.key));
        }
        let settings: Self = match typed::read_strict(document.root(), "") {
            Ok(settings) => settings,
            Err(error) => return fail(error.span(document), error.reason),
        };
        match settings.fault() {
            None => Ok(settings),
            Some((pointer, reason)) => fail(at(&pointer), reason),
        }
    }

    /// What is wrong with the values themselves, and where.
    pub(crate) fn fault(&self) -> Option<(String, String)> {
        let expected = [("/apiVersion", &self.api_version, API_VERSION), ("/kind", &self.kind, "Settings")];
        for (pointer, value, expected) in expected {
            if let Some(value) = value
                && value != expected
            {
                return Some((pointer.to_owned(), format!("unknown value `{value}`, expected `{expected}`")));
            }
        }
        for (index, exemption) in self.exemptions.iter().enumerate() {
            let wrong = [
                ("policies", exemption.policies.is_empty(), "an exemption must name a policy"),
                ("match", exemption.selector.is_empty(), "an exemption must say what it matches"),
                ("reason", exemption.reason.trim().is_empty(), "an exemption must give a reason"),
            ];
            if let Some((key, _, reason)) = wrong.iter().find(|(_, wrong, _)| *wrong) {
                return Some((format!("/exemptions/{index}/{key}"), (*reason).to_owned()));
            }
        }
        self.admission.fault()
    }
}

/// Where the value at a JSON Pointer stands in the text of settings, for errors that only show once the settings
/// are held against the policies ([`crate::GateError::Settings`]).
pub fn place(source: &str, text: &str, pointer: &str) -> Option<Span> {
    let documents = document::read(source, text, &Limits::default());
    let document: Option<Document> = documents.into_iter().flatten().find(|document| !document.is_empty());
    document?.span(pointer, PositionEncoding::default())
}
