//! What `podgate check` needs, from what the user typed.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use clap::ArgMatches;
use jiff::civil::Date;
use podgate::admission::Gates;
use podgate::document::{Format, Limits};
use podgate::position::Span;
use podgate::render::text;
use podgate::{Gate, GateBuilder, GateError, RegoFile, Settings, settings};

use crate::args::{CheckArgs, InputFormat, RuleArgs};
use crate::exit::Shown;
use crate::input::Rules;
use crate::output::{self, Target};
use crate::{rego, terminal};

/// Read where no settings are named.
pub(crate) const SETTINGS: &str = "podgate.yaml";

/// The built-in policies, compiled by the build script.
pub(crate) static PRECOMPILED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/policies.bin"));

/// Everything that is known before the first input is read.
pub(super) struct Plan {
    pub(super) gate: Gate,
    /// The user's policies, for excerpts of those that fail.
    pub(super) rego: Vec<RegoFile>,
    /// Name of the settings, if there are any.
    pub(super) settings: Option<String>,
    pub(super) date: Date,
    pub(super) input: Rules,
    /// What the inputs are written in, where the user says so.
    pub(super) format: Option<Format>,
    pub(super) targets: Vec<Target>,
}

impl Plan {
    pub(super) fn new(args: &CheckArgs, matches: Option<&ArgMatches>) -> Result<Self> {
        let targets = output::targets(&args.report, matches)?;
        let settings = SettingsFile::read(args.rules.settings.as_deref())?;
        let rego = rego::read(&args.rules.policies, rego::Tests::Without)?;
        let max_size = u64::from(args.max_size) << 20;
        let limits = Limits { bytes: usize::try_from(max_size)?, ..Limits::default() };
        let gate = gate(&args.rules, settings.as_ref(), rego.clone(), limits)?;
        Ok(Self {
            gate,
            rego,
            settings: settings.map(|settings| settings.name),
            date: args.day.get(),
            format: args.written_in.map(InputFormat::format),
            input: Rules { max_size, ignore: !args.no_ignore },
            targets,
        })
    }
}

/// Settings with their text, in which errors are shown.
pub(crate) struct SettingsFile {
    pub(crate) name: String,
    text: String,
    settings: Settings,
}

impl SettingsFile {
    /// The settings at `path`; those of the working directory, if there are any, where none is named.
    pub(crate) fn read(path: Option<&Path>) -> Result<Option<Self>> {
        let given = path.unwrap_or(Path::new(SETTINGS));
        let name = given.display().to_string();
        let text = match fs::read_to_string(given) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && path.is_none() => return Ok(None),
            text => text.with_context(|| format!("cannot read settings `{name}`"))?,
        };
        match Settings::from_yaml(&name, &text) {
            Ok(settings) => Ok(Some(Self { name, text, settings })),
            Err(error) => Err(shown(error.reason(), &name, &text, error.span())),
        }
    }
}

fn shown(reason: &str, name: &str, text: &str, span: Option<Span>) -> anyhow::Error {
    let text: Arc<str> = Arc::from(text);
    let options = terminal::options(&io::stderr());
    Shown(text::problem(reason, name, span, &|_| Some(Arc::clone(&text)), &options)).into()
}

/// The gate that arguments and settings ask for.
pub(crate) fn gate(
    rules: &RuleArgs,
    file: Option<&SettingsFile>,
    rego: Vec<RegoFile>,
    limits: Limits,
) -> Result<Gate> {
    let builder = builder(file, rego).limits(limits);
    let gate = rules.profile.iter().fold(builder, GateBuilder::profile).build();
    gate.map_err(|error| refused(error, file))
}

/// That gate, and those that the settings let namespaces choose.
pub(crate) fn gates(rules: &RuleArgs, file: Option<&SettingsFile>, rego: Vec<RegoFile>) -> Result<Gates> {
    Gates::build(&builder(file, rego), &rules.profile).map_err(|error| refused(error, file))
}

fn builder(file: Option<&SettingsFile>, rego: Vec<RegoFile>) -> GateBuilder {
    let builder = Gate::builder().precompiled(PRECOMPILED).policies(rego);
    match file {
        Some(file) => builder.settings(file.settings.clone()),
        None => builder,
    }
}

/// An error with its place in the settings, where it has one.
fn refused(error: GateError, file: Option<&SettingsFile>) -> anyhow::Error {
    let (Some(pointer), Some(file)) = (error.pointer(), file) else { return error.into() };
    shown(&error.to_string(), &file.name, &file.text, settings::place(&file.name, &file.text, pointer))
}
