//! The selected policies in the form that other hosts of Rego take: an OPA bundle, a Conftest folder, Gatekeeper's
//! templates and constraints.
//!
//! An export is text. What a host cannot do is said in [`Export::notes`] and in the README of the export, so that
//! nothing is lost in silence.

mod conftest;
mod entry;
mod gatekeeper;
mod opa;
mod readme;
mod rename;
mod yaml;

use jiff::civil::Date;

use crate::Gate;
use crate::engine::rego::{self, Module};
use crate::policy::library::{self, Library};
use crate::policy::{Action, Policy, PolicyError, Severity};

pub use conftest::conftest;
pub use gatekeeper::gatekeeper;
pub use opa::opa_bundle;

/// Facts in this package come of `input.notes`, which podgate alone supplies.
const NOTES: &str = "data.lib.podgate.notes.";

/// Policies for another host.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Export {
    /// The files, sorted by path.
    pub files: Vec<ExportedFile>,
    /// What is not the same there as in podgate, one line each.
    pub notes: Vec<String>,
}

/// A file of an export.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExportedFile {
    /// Its path below the export's folder, with `/` between the parts.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl Export {
    fn add(&mut self, path: impl Into<String>, text: impl Into<String>) {
        self.files.push(ExportedFile { path: path.into(), text: text.into() });
    }

    /// Adds the README and puts the files in order.
    fn finish(mut self, about: &str) -> Self {
        let readme = readme::text(about, &self.notes);
        self.add("README.md", readme);
        self.files.sort();
        self
    }
}

/// One policy that is exported, with what the settings say of it.
struct Chosen<'g> {
    policy: &'g Policy,
    module: &'g Module,
    /// What it uses, without itself.
    libs: Vec<&'g Module>,
    /// The severity of all its findings, where the settings give one.
    severity: Option<Severity>,
    /// What follows from all its findings, where the settings say so.
    action: Option<Action>,
    /// Its parameters: those of the settings, and what podgate itself passes to it.
    parameters: serde_json::Map<String, serde_json::Value>,
}

impl Chosen<'_> {
    /// Whether the policy itself gives single findings another severity.
    fn severity_varies(&self) -> bool {
        let tells = |module: &Module| module.file.text.contains("\"severity\"");
        self.severity.is_none() && (tells(self.module) || self.libs.iter().any(|lib| tells(lib)))
    }
}

/// The policies of a gate that another host can run. What is left out is noted.
fn chosen<'g>(gate: &'g Gate, export: &mut Export) -> Result<Vec<Chosen<'g>>, PolicyError> {
    let library: &'static Library = library::built_in()?;
    let all: Vec<&Module> = library.modules.iter().collect();
    let mut chosen = Vec::new();
    let mut left_out = Vec::new();
    for policy in gate.policies() {
        let is_built_in = library.policies.iter().any(|own| own.package == policy.package);
        let Some(module) = library.module_of(policy).filter(|_| is_built_in) else {
            export.notes.push(format!(
                "{} is not exported: it is a policy of your own, and its Rego runs in OPA, Conftest and \
                 Gatekeeper as it is",
                policy.id
            ));
            continue;
        };
        let facts = module.facts().unwrap_or_default();
        if !facts.is_empty() && facts.iter().all(|fact| fact.starts_with(NOTES)) {
            left_out.push(policy.id.as_str());
            continue;
        }
        let own = gate.settings_of(policy);
        let needed = rego::needed_by(module, &all);
        let libs: Vec<&Module> = needed.iter().copied().filter(|lib| lib.package != module.package).collect();
        if libs.iter().any(|lib| NOTES.starts_with(&format!("{}.", lib.package))) {
            export.notes.push(format!(
                "{} finds less than in podgate, which also tells it what it notices while it reads the text",
                policy.id
            ));
        }
        chosen.push(Chosen {
            policy,
            module,
            libs,
            severity: own.and_then(|own| own.severity),
            action: own.and_then(|own| own.mode).and_then(crate::settings::Mode::action),
            parameters: parameters(gate, policy, &needed),
        });
    }
    if !left_out.is_empty() {
        export.notes.push(format!(
            "not exported: {}; they find what only podgate notices while it reads the text of a manifest",
            left_out.join(", ")
        ));
    }
    Ok(chosen)
}

/// The parameters that a policy has or, where no policy declares them, reads.
fn parameters(
    gate: &Gate,
    policy: &Policy,
    needed: &[&Module],
) -> serde_json::Map<String, serde_json::Value> {
    let is_declared = |name: &str| gate.policies().iter().any(|other| other.parameters.contains_key(name));
    let reads = |name: &str| needed.iter().any(|module| module.file.text.contains(name));
    let is_own = |name: &str| policy.parameters.contains_key(name) || (!is_declared(name) && reads(name));
    gate.given().into_iter().filter(|(name, _)| is_own(name)).collect()
}

/// Notes the exemptions that do not count, and gives those that do.
fn exemptions<'g>(
    gate: &'g Gate,
    date: Option<Date>,
    export: &mut Export,
) -> Vec<&'g crate::settings::Exemption> {
    let (valid, void): (Vec<_>, Vec<_>) =
        gate.settings().exemptions.iter().partition(|exemption| exemption.counts_on(date));
    for exemption in void {
        export.notes.push(format!("exemption left out, since it has ended: {}", named(exemption)));
    }
    valid
}

fn named(exemption: &crate::settings::Exemption) -> String {
    format!(
        "{} until {} ({})",
        exemption.policies.join(", "),
        exemption.expires,
        crate::report::one_line(exemption.reason.clone())
    )
}
