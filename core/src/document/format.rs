//! The formats that a text may have, and which one a text has.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Document, DocumentError, DocumentErrorKind, Limits, Text, groovy, parse, toml, xml};

/// What a text is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Format {
    /// YAML or JSON.
    #[default]
    Yaml,
    /// TOML.
    Toml,
    /// Groovy: a Jenkinsfile, or a part of a library for such.
    #[serde(rename = "jenkinsfile")]
    Groovy,
    /// XML.
    Xml,
}

impl Format {
    /// The format of a text. Its content decides, where that is unmistakable; else its name.
    #[must_use]
    pub fn of(source: &str, text: &str) -> Self {
        let name = source.rsplit(['/', '\\']).next().unwrap_or_default();
        if is_manifest(name) {
            Self::Yaml
        } else if ends_with(name, &["toml"]) {
            Self::Toml
        } else if is_groovy(name) {
            Self::Groovy
        } else if ends_with(name, &["xml"]) || xml::is_certain(text) {
            Self::Xml
        } else if toml::is_certain(text) {
            Self::Toml
        } else if groovy::is_likely(text) {
            Self::Groovy
        } else {
            Self::Yaml
        }
    }

    /// Whether a file of this name is read where a folder is judged: its name says that it may hold pods.
    #[must_use]
    pub fn is_expected(name: &str) -> bool {
        is_manifest(name) || is_groovy(name) || is_settings(name) || name.eq_ignore_ascii_case("config.xml")
    }
}

fn ends_with(name: &str, endings: &[&str]) -> bool {
    let ending = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).map(|(_, ending)| ending);
    ending.is_some_and(|ending| endings.iter().any(|own| ending.eq_ignore_ascii_case(own)))
}

fn is_manifest(name: &str) -> bool {
    ends_with(name, &["yaml", "yml", "json"])
}

fn is_groovy(name: &str) -> bool {
    const WORD: &str = "jenkinsfile";
    // What else is named after the system that uses it.
    const OTHER: [&str; 4] = [".env", "containerfile", "dockerfile", "makefile"];
    let name = name.to_ascii_lowercase();
    let is_other = OTHER.iter().any(|other| name.starts_with(other));
    if ends_with(&name, &["groovy", WORD]) || ends_with(&name, &["jenkins"]) && !is_other {
        return true;
    }
    // `Jenkinsfile.release`, `Jenkinsfile-nightly`.
    let (stem, _) = name.split_once(['.', '-', '_']).unwrap_or((&name, ""));
    let more = name.split_once('.').map_or("", |(_, more)| more);
    let text =
        ends_with(more, &["md", "txt", "xml", "html"]) || matches!(more, "md" | "txt" | "xml" | "html");
    // `Jenkinsfile2`, `pr_Jenkinsfile`.
    let is_longer = name.starts_with(WORD) && !name.contains('.') || name.ends_with(WORD);
    stem == WORD && !text || is_longer
}

/// Whether a name is that of a runner's settings; folders are full of other TOML.
fn is_settings(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ends_with(&name, &["toml"]) && (name.starts_with("config.") || name.contains("runner"))
}

/// Reads every document of a text, in order, in the format that it has or is said to have. A text that is not YAML
/// or JSON is one document. `source` is the name that errors and reports give it.
///
/// # Errors
///
/// Each item has its own error; see [`DocumentErrorKind`].
pub fn read_as(
    format: Option<Format>,
    source: &str,
    text: impl Into<Arc<str>>,
    limits: &Limits,
) -> Vec<Result<Document, DocumentError>> {
    let text = text.into();
    let limit = limits.bytes.min(u32::MAX as usize - 1);
    if text.len() > limit {
        let kind = DocumentErrorKind::TooLarge { size: text.len(), limit };
        return vec![Err(DocumentError::new(&Text::new(source, Arc::from("")), 0, 0..0, kind))];
    }
    let format = format.unwrap_or_else(|| Format::of(source, &text));
    let text = Text::new(source, text);
    match format {
        Format::Yaml => parse(&text, limits, false),
        Format::Toml => toml::read(&text, limits),
        Format::Groovy => groovy::read(&text, limits),
        Format::Xml => xml::read(&text, limits),
    }
}
