//! Settings and policies of a server: what the files say, and the gates made of it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow};
use podgate::admission::Gates;
use podgate::document::Limits;
use podgate::position::Span;
use podgate::{Context, Gate, GateError, RegoFile, Settings, settings};

use crate::args::RuleArgs;
use crate::check::plan::{PRECOMPILED, SETTINGS};
use crate::rego;

/// What one object may cost. What an API server can keep of a pod (1.5 MiB, as etcd is by default) has some ten thousand
/// values at most; a custom resource has more than its pods, such as a workflow that tells of each step.
fn limits() -> Limits {
    Limits { nodes: 400_000, pod: 30_000, ..Limits::default() }
}

/// Where settings and policies come from.
#[derive(Debug)]
pub(super) struct Source {
    profiles: Vec<String>,
    settings: Option<PathBuf>,
    policies: Vec<PathBuf>,
}

/// What the files say at one time.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Texts {
    /// Name and text of the settings, where there are any.
    settings: Option<(String, String)>,
    rego: Vec<RegoFile>,
}

impl Source {
    pub(super) fn new(rules: RuleArgs) -> Self {
        let RuleArgs { profile: profiles, settings, policies } = rules;
        Self { profiles, settings, policies }
    }

    pub(super) fn read(&self) -> Result<Texts> {
        let path = self.settings.as_deref().unwrap_or(Path::new(SETTINGS));
        let name = path.display().to_string();
        let settings = match fs::read_to_string(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.settings.is_none() => None,
            text => Some(text.with_context(|| format!("cannot read settings `{name}`"))?),
        };
        let rego = rego::read(&self.policies, rego::Tests::Without)?;
        Ok(Texts { settings: settings.map(|text| (name, text)), rego })
    }

    /// The gates that the texts ask for.
    ///
    /// Fails where a policy does not load: in a report it would count as failed, here the set as a whole is refused.
    pub(super) fn gates(&self, texts: &Texts) -> Result<Gates> {
        let mut builder = Gate::builder().precompiled(PRECOMPILED).limits(limits());
        builder = builder.policies(texts.rego.iter().cloned());
        if let Some((name, text)) = &texts.settings {
            let settings = Settings::from_yaml(name, text);
            let settings = settings.map_err(|error| at(error.source_name(), error.span(), error.reason()))?;
            builder = builder.settings(settings);
        }
        let gates = Gates::build(&builder, &self.profiles).map_err(|error| refused(&error, texts))?;
        if let Some(failed) = gates.own().start(&Context::default()).failed_policies.first() {
            return Err(at(failed.file.as_deref().unwrap_or(&failed.policy), failed.span, &failed.reason));
        }
        Ok(gates)
    }
}

fn refused(error: &GateError, texts: &Texts) -> anyhow::Error {
    match (error.pointer(), &texts.settings) {
        (Some(pointer), Some((name, text))) => {
            at(name, settings::place(name, text, pointer), &error.to_string())
        }
        _ => anyhow!("{error}"),
    }
}

/// An error in a file, in one line.
fn at(file: &str, span: Option<Span>, reason: &str) -> anyhow::Error {
    match span {
        Some(Span { start, .. }) => anyhow!("{file}:{}:{}: {reason}", start.line, start.column),
        None => anyhow!("{file}: {reason}"),
    }
}
