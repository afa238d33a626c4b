//! What the tests over all front ends share.

mod findings;
pub mod invariants;
pub mod mutate;
pub mod pods;
pub mod rewrite;

use std::fs;
use std::path::{Path, PathBuf};

pub use findings::lines;

use podgate::document::{self, Format, Limits};
use podgate::settings::PolicySettings;
use podgate::{Context, Gate, Report, Settings, policy};

/// The file or folder that a variable names; says that the test is skipped where there is none.
pub fn named_by(variable: &str) -> Option<PathBuf> {
    let path = std::env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from);
    if path.is_none() {
        println!("skipped: {variable} is not set");
    }
    path
}

/// The folder of the fixtures.
pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// Every manifest in a folder of the fixtures, sorted, with its text.
///
/// # Errors
///
/// A folder or file that cannot be read.
pub fn manifests(folder: &str) -> std::io::Result<Vec<(PathBuf, String)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(fixtures().join(folder))? {
        let path = entry?.path();
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        let is_manifest = ["groovy", "json", "toml", "yaml"].contains(&ending);
        if is_manifest && !path.to_string_lossy().ends_with(".parameters.yaml") {
            let text = fs::read_to_string(&path)?;
            found.push((path, text));
        }
    }
    found.sort();
    Ok(found)
}

/// Those of [`manifests`] that are YAML or JSON.
///
/// # Errors
///
/// A folder or file that cannot be read.
pub fn yaml_manifests(folder: &str) -> std::io::Result<Vec<(PathBuf, String)>> {
    let mut found = manifests(folder)?;
    found.retain(|(path, text)| Format::of(&path.to_string_lossy(), text) == Format::Yaml);
    Ok(found)
}

/// The report of a gate over a text, with the volumes and claims in the text known.
pub fn check(gate: &Gate, name: &str, text: &str) -> Report {
    let mut context = Context::default();
    context.inventory.add_text(name, text);
    gate.check_text(name, text, &context)
}

/// A gate with the parameters that stand beside a fixture, as those of the policies that take them.
///
/// # Panics
///
/// Where the parameters cannot be read or the gate not be built.
#[must_use]
pub fn with_parameters(path: &Path) -> Option<Gate> {
    let file = path.with_extension("parameters.yaml");
    let text = fs::read_to_string(&file).ok()?;
    let document = document::read("parameters", text, &Limits::default()).remove(0).unwrap();
    let serde_json::Value::Object(given) = serde_json::to_value(document.root()).unwrap() else {
        panic!("{file:?}")
    };
    let mut settings = Settings::default();
    for policy in policy::built_in().unwrap() {
        let own = given.iter().filter(|(name, _)| policy.parameters.contains_key(*name));
        let own = PolicySettings {
            parameters: own.map(|(name, value)| (name.clone(), value.clone())).collect(),
            ..PolicySettings::default()
        };
        settings.policies.insert(policy.id.clone(), own);
    }
    Some(Gate::builder().settings(settings).build().unwrap())
}

/// Every document of every fixture in YAML or JSON, with its file's name.
///
/// # Errors
///
/// A folder or file that cannot be read.
pub fn documents() -> std::io::Result<Vec<(String, serde_json::Value)>> {
    let mut found = Vec::new();
    for folder in ["bad", "bypass", "clean", "good"] {
        for (path, text) in yaml_manifests(folder)? {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            for document in document::read(&name, text, &Limits::default()).into_iter().flatten() {
                found.extend(serde_json::to_value(document.root()).ok().map(|value| (name.clone(), value)));
            }
        }
    }
    Ok(found)
}
