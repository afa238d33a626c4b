//! The `# METADATA` block above a package.

use serde::Deserialize;

use super::{Policy, PolicyError, RegoFile, RelatedResource, Severity, parameters};
use crate::document::{self, Limits};
use crate::position::PositionEncoding;
use crate::subject;
use crate::typed::{self, NoteKind, TypeError};

/// Address of the built-in policies' pages.
const DOCS: &str = "https://podgate.dev/policies/";

/// The block, as OPA's annotations have it.
#[derive(Deserialize, Default)]
struct Metadata {
    #[serde(default)]
    #[expect(dead_code, reason = "part of the format: the block above a package concerns the package")]
    scope: Option<String>,
    #[serde(default)]
    title: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    related_resources: Vec<RelatedResource>,
    #[serde(default)]
    custom: Custom,
}

/// What podgate adds to it.
#[derive(Deserialize, Default)]
struct Custom {
    id: Option<String>,
    name: Option<String>,
    severity: Option<Severity>,
    profiles: Option<Vec<String>>,
    #[serde(default)]
    since: String,
    #[serde(default)]
    attack: String,
    #[serde(default)]
    help: String,
    #[serde(default)]
    docs: String,
    #[serde(default)]
    kinds: Vec<String>,
    #[serde(default)]
    inventory: Vec<String>,
    /// The JSON Schema of `input.parameters`, as Gatekeeper's templates have it.
    #[serde(default)]
    parameters: serde_json::Map<String, serde_json::Value>,
}

const NO_BLOCK: &str =
    "no METADATA block above the package: the policy goes by its package, with severity high";

/// The policy that the files of a package hold, by the METADATA in one of them. A built-in one must have all of
/// it and nothing else; a user's may have none, and more. Beside the policy stands what is unwise but works.
pub(super) fn read(
    files: &[&RegoFile],
    package: &str,
    built_in: bool,
) -> Result<(Policy, Vec<String>), PolicyError> {
    let with_block = files.iter().find_map(|file| Some((*file, block(&file.text)?)));
    let mut advice: Vec<String> = with_block.is_none().then(|| NO_BLOCK.to_owned()).into_iter().collect();
    let (file, metadata) = match (with_block, files) {
        (Some((file, text)), _) => (file, parse(file, &text, built_in)?),
        (None, [first, ..]) => (*first, Metadata::default()),
        (None, []) => {
            let nowhere = RegoFile { path: package.to_owned(), text: String::new() };
            return Err(fault(&nowhere, 0, 0, "the package has no file".to_owned()));
        }
    };
    let package = package.trim_start_matches("data.").to_owned();
    let folder = package.rsplit('.').next().unwrap_or(&package).replace('_', "-");
    let custom = metadata.custom;
    let missing = [
        ("title", metadata.title.is_empty()),
        ("description", metadata.description.is_empty()),
        ("custom.id", custom.id.is_none()),
        ("custom.severity", custom.severity.is_none()),
        ("custom.profiles", custom.profiles.is_none()),
        ("custom.since", custom.since.is_empty()),
        ("custom.attack", custom.attack.is_empty()),
        ("custom.help", custom.help.is_empty()),
    ];
    if let Some((name, _)) = missing.iter().find(|(_, missing)| built_in && *missing) {
        return Err(fault(file, 1, 1, format!("METADATA lacks `{name}`")));
    }
    if let Some(kind) = custom.kinds.iter().find(|kind| !subject::is_judged(kind)) {
        return Err(fault(file, 1, 1, format!("METADATA: nothing of kind `{kind}` is ever judged as such")));
    }
    let properties = match custom.parameters.get("properties") {
        Some(serde_json::Value::Object(properties)) => properties.clone(),
        _ => serde_json::Map::new(),
    };
    let mut unread = Vec::new();
    if custom.parameters.contains_key("required") {
        unread.push("/required: a parameter can always be left out".to_owned());
    }
    parameters::unread::unread(&custom.parameters.into(), "", &mut unread);
    advice.extend(unread.into_iter().map(|fault| format!("METADATA: custom.parameters{fault}")));
    let id = custom.id.unwrap_or_else(|| package.clone());
    Ok((
        Policy {
            name: custom.name.unwrap_or_else(|| if built_in { folder } else { id.clone() }),
            title: if metadata.title.is_empty() { package.clone() } else { metadata.title },
            description: one_line(&metadata.description),
            severity: custom.severity.unwrap_or(Severity::High),
            profiles: custom.profiles.unwrap_or_default(),
            since: custom.since,
            attack: one_line(&custom.attack),
            help: one_line(&custom.help),
            docs: if built_in { format!("{DOCS}{id}") } else { custom.docs },
            kinds: if custom.kinds.is_empty() { vec!["Pod".to_owned()] } else { custom.kinds },
            inventory: custom.inventory,
            parameters: properties,
            related_resources: metadata.related_resources,
            path: file.path.clone(),
            rego: file.text.clone().into(),
            page: None,
            package,
            id,
        },
        advice,
    ))
}

fn parse(file: &RegoFile, text: &str, strict: bool) -> Result<Metadata, PolicyError> {
    let documents = document::read(&file.path, text, &Limits::default());
    let document = match documents.into_iter().next() {
        None => return Ok(Metadata::default()),
        Some(Ok(document)) => document,
        Some(Err(error)) => {
            let at = error.span(PositionEncoding::default()).start;
            return Err(fault(file, at.line, at.column, format!("METADATA: {error}")));
        }
    };
    let read = if strict {
        typed::read_strict(document.root(), "")
    } else {
        // Others may add what they like, but what podgate reads must be right: a misspelled severity is no severity.
        typed::read_lenient(document.root(), "", &[]).and_then(|(metadata, notes)| {
            let invalid = notes.into_iter().find_map(|note| match note.kind {
                NoteKind::Invalid { reason } => {
                    Some(TypeError { pointer: Some(note.pointer), reason, at_key: false })
                }
                _ => None,
            });
            invalid.map_or(Ok(metadata), Err)
        })
    };
    read.map_err(|error| {
        let at = error.span(&document).map(|span| span.start);
        let (line, column) = at.map_or((1, 1), |at| (at.line, at.column));
        fault(file, line, column, format!("METADATA: {}", error.reason))
    })
}

/// The block above the package as YAML, at the line and column where it stands in the file.
fn block(text: &str) -> Option<String> {
    let mut yaml = String::new();
    let mut inside = false;
    for line in text.lines() {
        let comment = line.strip_prefix('#');
        match comment {
            Some(comment) if !inside && comment.trim() == "METADATA" => {
                inside = true;
                yaml.push('\n');
            }
            Some(comment) if inside => {
                yaml.push(' ');
                yaml.push_str(comment);
                yaml.push('\n');
            }
            _ if inside && line.starts_with("package") => return Some(yaml),
            _ => {
                if inside && !line.trim().is_empty() {
                    return None;
                }
                inside = inside && line.trim().is_empty();
                yaml = yaml.lines().map(|_| "\n").collect::<String>() + "\n";
            }
        }
    }
    None
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn fault(file: &RegoFile, line: u32, column: u32, reason: String) -> PolicyError {
    PolicyError { file: file.path.clone(), line, column, reason }
}
