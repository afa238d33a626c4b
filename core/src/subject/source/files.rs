//! Texts in ConfigMaps and Secrets that are files: manifests, pipelines, settings and values of charts, as the same
//! readers take them from files of their own.
//!
//! Most texts there are none of these. A look at the words of a text says whether it may be one before it is read, and
//! what is not known is told of none.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::super::Subjects;
use super::super::object::{self, Object};
use super::super::part::Part;
use super::{Maker, jenkins, texts};
use crate::document::{self, Document, Format, Limits};
use crate::report::Cause;

/// Keys of which a manifest, a pipeline, settings, values of a chart or a part of a pod has one.
const KEYS: [&str; 38] = [
    "agent",
    "apiVersion",
    "containerMode",
    "containerSecurityContext",
    "containers",
    "controller",
    "default-checkout-params",
    "default-command-params",
    "default-sidecar-params",
    "ephemeralContainers",
    "githubConfigUrl",
    "gitlabUrl",
    "hostIPC",
    "hostNetwork",
    "hostPID",
    "image",
    "initContainers",
    "jenkins",
    "jobs",
    "plan",
    "pod-spec-patch",
    "prohibit-kubernetes-plugin",
    "resource-classes",
    "resourceClasses",
    "resource_types",
    "resources",
    "run",
    "runner",
    "runners",
    "runs",
    "script",
    "securityContext",
    "serviceContainers",
    "stages",
    "steps",
    "template",
    "volumes",
    "workspace-volume",
];

/// What XML of Jenkins' names that may be read.
const OF_JENKINS: [&str; 3] =
    ["org.csanchez.jenkins.plugins.kubernetes", "CpsFlowDefinition", "CpsScmFlowDefinition"];

/// What is told of files, and not of texts: most are no files.
const SILENT: [Cause; 2] = [Cause::NotKubernetes, Cause::UnknownKind];

/// What a text is, with its key.
fn what(text: &Part) -> String {
    let key = document::pointer_tokens(&text.pointer).last().unwrap_or_default();
    format!("`{key}`, a text that is a file")
}

/// What a text is written in that may be a file.
enum Sort {
    Yaml,
    Groovy,
    Xml,
}

/// Reads the texts of a holder that no system has taken.
pub(in crate::subject) fn read(object: &Object<'_>, found: &mut Subjects) {
    let files: Vec<(Part, Sort)> = texts(object)
        .into_iter()
        .filter(|text| !found.taken.contains(&text.pointer))
        .filter_map(|text| sort(&text).map(|sort| (text, sort)))
        .collect();
    let mut maker = Maker { object, platform: "", found };
    for (text, sort) in files {
        let act = |maker: &mut Maker<'_>| match sort {
            Sort::Xml => elsewhere(maker, &text, Format::Xml),
            Sort::Groovy if is_decoded(&text) => elsewhere(maker, &text, Format::Groovy),
            Sort::Groovy => jenkins::pipeline_in(maker, &text, "the pipeline"),
            Sort::Yaml if is_decoded(&text) => elsewhere(maker, &text, Format::Yaml),
            Sort::Yaml => yaml(maker, &text),
        };
        maker.deeper(&text.pointer, |maker| maker.quietly(&SILENT, act));
    }
}

/// What a text may be; nothing where its words are those of something else.
fn sort(text: &Part) -> Option<Sort> {
    let written = text.as_str()?;
    if written.trim_start().starts_with('<') {
        return OF_JENKINS.iter().any(|word| written.contains(word)).then_some(Sort::Xml);
    }
    let name = text.pointer.rsplit('/').next().unwrap_or_default();
    let has = |word: &str| written.contains(word);
    let is_program =
        (has("podTemplate") || has("pipeline") && has("agent") || has("node") && has("container"))
            && Format::of(name, written) == Format::Groovy;
    if is_program {
        return Some(Sort::Groovy);
    }
    has_key(written, &KEYS).then_some(Sort::Yaml)
}

/// Reads every document of a text. One that cannot be read is told where it is a manifest.
fn yaml(maker: &mut Maker<'_>, text: &Part) {
    let documents = maker.documents(text);
    let is_told = documents.iter().any(|(_, one)| one.is_err()) && text.as_str().is_some_and(is_manifest);
    for (pointer, document) in documents {
        match document {
            Ok(node) => object::read(maker.object.document, &node, pointer, maker.found),
            Err(error) if is_told => maker.unread(text, &error, &what(text)),
            Err(_) => {}
        }
    }
}

/// Whether a text is not written in the document as it is.
fn is_decoded(text: &Part) -> bool {
    text.as_node().is_some_and(|node| node.bytes().is_empty())
}

/// Reads a text as a document of its own, of which nothing can be pointed at in this one.
fn elsewhere(maker: &mut Maker<'_>, text: &Part, format: Format) {
    let Some(written) = text.as_str() else { return };
    let outer = maker.object.document;
    let documents = document::read_as(Some(format), outer.source(), written, &Limits::default());
    let is_something = |one: &Result<Document, _>| !one.as_ref().is_ok_and(Document::is_empty);
    let documents: Vec<_> = documents.into_iter().filter(is_something).collect();
    let is_told = documents.iter().any(Result::is_err) && (format != Format::Yaml || is_manifest(written));
    let many = documents.len() > 1;
    for (index, document) in documents.into_iter().enumerate() {
        let pointer = if many { format!("{}/{index}", text.pointer) } else { text.pointer.clone() };
        match document {
            Ok(inner) => {
                let inner = Arc::new(inner);
                let found =
                    maker.found.apart(|found| object::read(&inner, inner.root(), String::new(), found));
                maker.found.absorb(found.held_by(outer, &pointer), |_| true);
            }
            Err(error) if is_told => maker.unread(text, &error, &what(text)),
            Err(_) => {}
        }
    }
}

/// Whether a text says of what kind it is where a manifest does: prose may have a manifest in it, and begins otherwise.
fn is_manifest(text: &str) -> bool {
    let text = text.trim_start();
    let is_json = text.starts_with('{') && !text.starts_with("{{");
    let passed =
        |line: &&str| line.is_empty() || ["#", "---", "{{", "%"].iter().any(|mark| line.starts_with(mark));
    let first = text.lines().map(str::trim).find(|line| !passed(line)).unwrap_or_default();
    let (key, _) = first.split_once(':').unwrap_or_default();
    let is_word = |one: char| one.is_ascii_alphanumeric() || matches!(one, '-' | '_' | '.' | '"' | '\'');
    if !is_json && (key.is_empty() || !key.chars().all(is_word)) {
        return false;
    }
    ["apiVersion", "kind"].iter().all(|key| has_key(text, &[key]))
}

/// Whether one of some keys, which are sorted, is written in a text as the key of a map.
fn has_key(text: &str, keys: &[&str]) -> bool {
    let is_quote = |one: char| matches!(one, '"' | '\'');
    let is_word = |one: char| one.is_ascii_alphanumeric() || matches!(one, '-' | '_');
    text.match_indices(':').any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default().trim_end_matches([' ', '\t']);
        let before = before.strip_suffix(is_quote).unwrap_or(before);
        let start = before.trim_end_matches(is_word).len();
        let (around, word) = before.split_at_checked(start).unwrap_or_default();
        keys.binary_search(&word).is_ok() && begins(around.strip_suffix(is_quote).unwrap_or(around))
    })
}

/// Bytes of a tag or an anchor that are looked at.
const LONGEST: usize = 64;

/// Whether a key may stand behind a text: in a line of its own, an item of a list or a map, behind a tag or an anchor.
fn begins(around: &str) -> bool {
    let around = around.trim_end_matches([' ', '\t']);
    let tail = around.as_bytes().get(around.len().saturating_sub(LONGEST)..).unwrap_or_default();
    let last = tail.rsplit(|one| matches!(one, b'\n' | b' ')).next().unwrap_or_default();
    around.is_empty()
        || around.ends_with(['\n', '{', '[', ',', '-', '?'])
        || last.first().is_some_and(|one| matches!(one, b'&' | b'!'))
}
