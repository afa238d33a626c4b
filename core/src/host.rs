//! Calls and answers for hosts that speak JSON: the npm package, and whatever else embeds the module.
//!
//! Everything crosses as text: options and answers as JSON, inputs as they are. A host adds no verdict of its own;
//! what `podgate check --format json` prints is what [`Host::check`] gives for the same inputs.

use std::sync::Arc;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::document::{self, Format};
use crate::gate::{Context, Gate, GateError, Inventory};
use crate::policy::{Policy, RegoFile};
use crate::position::{PositionEncoding, Span};
use crate::render::{github, gitlab, json, junit, sarif, text};
use crate::report::Report;
use crate::settings::{self, Settings, SettingsError};

/// The name of settings that were given without one.
const SETTINGS: &str = "podgate.yaml";

/// What a gate is made with.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct HostOptions {
    /// Profiles, such as `ci` or `pss-restricted:v1.30`; they replace those of the settings.
    pub profiles: Vec<String>,
    /// The text of `podgate.yaml`, in YAML or JSON.
    pub settings: Option<String>,
    /// Rego files of the user's.
    pub policies: Vec<RegoFile>,
}

/// Why a host is not given what it asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, thiserror::Error)]
#[serde(rename_all = "camelCase")]
#[error("{message}")]
#[non_exhaustive]
pub struct HostError {
    /// What kind of failure it is.
    pub code: HostErrorCode,
    /// Why, in one line.
    pub message: String,
    /// The file at fault, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The place in that file; columns count code points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
}

/// Kinds of [`HostError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum HostErrorCode {
    /// The call itself: an option of a wrong type, a date that is none.
    InvalidArgument,
    /// The settings.
    InvalidSettings,
    /// A profile that there is not, or not in this version.
    UnknownProfile,
    /// A policy that there is not.
    UnknownPolicy,
    /// Rego, in a build without the compiler.
    NoCompiler,
    /// A defect of this build.
    Internal,
}

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HostFormat {
    /// The report as JSON.
    #[default]
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// For people, with excerpts.
    Text,
    /// Annotations of GitHub Actions.
    Github,
    /// GitLab Code Quality.
    Gitlab,
    /// JUnit XML.
    Junit,
}

/// How an input is judged and the answer written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct HostCheck {
    /// The day (UTC) on which the verdict is given, by which exemptions expire.
    #[schemars(with = "Option<String>")]
    pub date: Option<Date>,
    /// What the columns count.
    pub columns: PositionEncoding,
    /// How the answer is written.
    pub format: HostFormat,
    /// What the inputs are written in, where that is not to be told from each.
    #[serde(rename = "as")]
    pub written_in: Option<Format>,
}

/// One input, with its name in the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostInput {
    /// Its name.
    pub source: String,
    /// Its bytes, which should be text in UTF-8.
    pub bytes: Vec<u8>,
}

/// A policy with its texts.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Explanation<'a> {
    /// The policy.
    #[serde(flatten)]
    pub policy: &'a Policy,
    /// Its page, in Markdown.
    pub page: Option<&'a str>,
    /// Its Rego; `None` in a build without the compiler.
    pub rego: Option<&'a str>,
}

/// A gate behind calls in text.
#[derive(Debug)]
pub struct Host {
    gate: Gate,
    settings: Option<String>,
    /// The user's Rego, of which excerpts are shown also where it did not load.
    policies: Vec<RegoFile>,
}

impl Host {
    /// A gate from options in JSON ([`HostOptions`]). `precompiled` is what `podgate::gate::precompile` gave when the
    /// host was built.
    ///
    /// # Errors
    ///
    /// Options that are none, settings that cannot be used, and unknown profiles.
    pub fn new(options: &str, precompiled: Option<&'static [u8]>) -> Result<Self, HostError> {
        let options: HostOptions = serde_json::from_str(options).map_err(argument)?;
        let mut builder = Gate::builder().policies(options.policies.clone());
        if let Some(bytes) = precompiled {
            builder = builder.precompiled(bytes);
        }
        if let Some(text) = &options.settings {
            builder = builder.settings(Settings::from_yaml(SETTINGS, text).map_err(unusable)?);
        }
        for profile in &options.profiles {
            builder = builder.profile(profile);
        }
        let gate = builder.build().map_err(|error| refused(&error, options.settings.as_deref()))?;
        Ok(Self { gate, settings: options.settings, policies: options.policies })
    }

    /// Judges inputs as one run, in which each may look up what another defines. `call` is a [`HostCheck`] in JSON.
    ///
    /// # Errors
    ///
    /// A call that is none. What cannot be read of the inputs stands in the report.
    pub fn check(&self, inputs: &[HostInput], call: &str) -> Result<String, HostError> {
        let call: HostCheck = serde_json::from_str(call).map_err(argument)?;
        let report = self.report(inputs, &call);
        self.write(&report, inputs, call.format)
    }

    fn report(&self, inputs: &[HostInput], call: &HostCheck) -> Report {
        let mut inventory = Inventory::default();
        for input in inputs {
            if let Ok(text) = document::decode(&input.source, &input.bytes)
                && Inventory::wants(&text)
            {
                inventory.add_text_as(call.written_in, &input.source, &text);
            }
        }
        let context = Context {
            date: call.date,
            inventory,
            columns: call.columns,
            format: call.written_in,
            ..Context::default()
        };
        let mut report = self.gate.start(&context);
        report.extend_all(
            inputs.iter().map(|input| self.gate.check_bytes(&input.source, &input.bytes, &context)),
        );
        report
    }

    fn write(&self, report: &Report, inputs: &[HostInput], format: HostFormat) -> Result<String, HostError> {
        let source = |name: &str| {
            if let Some(policy) = self.policies.iter().find(|file| file.path == name) {
                return Some(Arc::from(policy.text.as_str()));
            }
            let input = inputs.iter().find(|input| input.source == name)?;
            Some(document::decode_lossy(&input.bytes))
        };
        let options =
            text::Options { settings: self.settings.as_ref().map(|_| SETTINGS), ..text::Options::default() };
        let mut out = Vec::new();
        match format {
            HostFormat::Json => json::write(report, &mut out),
            HostFormat::Sarif => sarif::write(report, self.gate.policies(), &mut out),
            HostFormat::Text => text::write(report, &source, &options, &mut out),
            HostFormat::Github => github::write(report, &mut out),
            HostFormat::Gitlab => gitlab::write(report, &mut out),
            HostFormat::Junit => junit::write(report, &mut out),
        }
        .map_err(internal)?;
        String::from_utf8(out).map_err(internal)
    }

    /// `sha256:` and the digest over all policies and the settings, as it stands in every report.
    pub fn digest(&self) -> &str {
        self.gate.digest()
    }

    /// The policies that judge, as JSON.
    ///
    /// # Errors
    ///
    /// None.
    pub fn policies(&self) -> Result<String, HostError> {
        answer(&self.gate.policies())
    }

    /// The built-in policies, whether they judge or not, as JSON.
    ///
    /// # Errors
    ///
    /// None.
    pub fn built_in(&self) -> Result<String, HostError> {
        answer(&self.gate.built_in())
    }

    /// The policies that answer to an id or a name, with their texts, as JSON; those of the built-in set also where
    /// they do not judge.
    ///
    /// # Errors
    ///
    /// A name that no policy has.
    pub fn explain(&self, name: &str) -> Result<String, HostError> {
        let built_in = self.gate.built_in();
        let own = self.gate.policies().iter();
        let own = own.filter(|policy| !built_in.iter().any(|other| other.package == policy.package));
        let found = built_in.iter().chain(own).filter(|policy| policy.answers_to(name));
        let found: Vec<Explanation<'_>> = found.map(explanation).collect();
        if found.is_empty() {
            return Err(failure(HostErrorCode::UnknownPolicy, format!("unknown policy `{name}`")));
        }
        answer(&found)
    }
}

/// What an input is written in, where nobody says so: a [`Format`] as JSON.
///
/// # Errors
///
/// None.
pub fn format_of(input: &HostInput) -> Result<String, HostError> {
    answer(&Format::of(&input.source, &document::decode_lossy(&input.bytes)))
}

/// Runs the tests in Rego files (an array of [`RegoFile`] in JSON); the answer is a `podgate::testing::TestReport`
/// as JSON.
///
/// # Errors
///
/// Files that are no such array, and any in a build without the compiler. What is wrong with their Rego stands in the
/// report.
pub fn test(files: &str) -> Result<String, HostError> {
    let files: Vec<RegoFile> = serde_json::from_str(files).map_err(argument)?;
    run_tests(files)
}

#[cfg(feature = "compiler")]
fn run_tests(files: Vec<RegoFile>) -> Result<String, HostError> {
    answer(&crate::testing::run(files).map_err(internal)?)
}

#[cfg(not(feature = "compiler"))]
fn run_tests(_: Vec<RegoFile>) -> Result<String, HostError> {
    let error = GateError::NoCompiler { reason: "tests are in Rego".to_owned() };
    Err(refused(&error, None))
}

fn explanation(policy: &Policy) -> Explanation<'_> {
    let rego = Some(&*policy.rego).filter(|rego| !rego.is_empty());
    Explanation { policy, page: policy.page.as_deref(), rego }
}

fn answer(value: &impl Serialize) -> Result<String, HostError> {
    serde_json::to_string(value).map_err(internal)
}

const fn failure(code: HostErrorCode, message: String) -> HostError {
    HostError { code, message, file: None, span: None }
}

fn argument(error: serde_json::Error) -> HostError {
    failure(HostErrorCode::InvalidArgument, error.to_string())
}

fn internal(error: impl ToString) -> HostError {
    failure(HostErrorCode::Internal, error.to_string())
}

fn unusable(error: SettingsError) -> HostError {
    HostError {
        code: HostErrorCode::InvalidSettings,
        message: error.reason().to_owned(),
        file: Some(error.source_name().to_owned()),
        span: error.span(),
    }
}

fn refused(error: &GateError, settings: Option<&str>) -> HostError {
    let code = match error {
        GateError::Settings { .. } => HostErrorCode::InvalidSettings,
        GateError::UnknownProfile { .. } | GateError::Profile { .. } => HostErrorCode::UnknownProfile,
        GateError::NoCompiler { .. } => HostErrorCode::NoCompiler,
        GateError::BuiltIn(_) => HostErrorCode::Internal,
    };
    let mut refused = failure(code, error.to_string());
    if let (Some(pointer), Some(text)) = (error.pointer(), settings) {
        refused.file = Some(SETTINGS.to_owned());
        refused.span = settings::place(SETTINGS, text, pointer);
    }
    refused
}
