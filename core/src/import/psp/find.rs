//! The policy in a text that may hold more.

use crate::document::{self, Document, DuplicateKey, Limits, Node};
use crate::position::{PositionEncoding, Span};
use crate::settings::SettingsError;

const KIND: &str = "PodSecurityPolicy";
const VERSIONS: [&str; 2] = ["policy/v1beta1", "extensions/v1beta1"];

/// A policy and where it stands.
pub(super) struct Found {
    document: Document,
    pointer: String,
    pub(super) node: Node,
    pub(super) name: String,
}

impl Found {
    fn new(document: &Document, pointer: String, node: &Node) -> Self {
        let name = node.pointer("/metadata/name").and_then(Node::as_str).unwrap_or_default().to_owned();
        Self { document: document.clone(), pointer, node: node.clone(), name }
    }

    /// A fault at a JSON Pointer in the policy.
    pub(super) fn error(&self, pointer: &str, reason: String) -> SettingsError {
        SettingsError::new(self.document.source().to_owned(), self.span(pointer), reason)
    }

    fn span(&self, pointer: &str) -> Option<Span> {
        self.document.span(&format!("{}{pointer}", self.pointer), PositionEncoding::default())
    }
}

/// The one policy of a text, or the one of that name.
pub(super) fn one(source: &str, text: &str, name: Option<&str>) -> Result<Found, SettingsError> {
    let fail = |reason: String| Err(SettingsError::new(source.to_owned(), None, reason));
    let mut found = Vec::new();
    for document in document::read(source, text, &Limits::default()) {
        match document {
            Ok(document) => collect(&document, document.root(), String::new(), &mut found),
            Err(error) => {
                let span = error.span(PositionEncoding::default());
                return Err(SettingsError::new(source.to_owned(), Some(span), error.to_string()));
            }
        }
    }
    let names: Vec<String> = found.iter().map(|policy| format!("`{}`", policy.name)).collect();
    let all = names.join(", ");
    let mut chosen = found.into_iter().filter(|policy| name.is_none_or(|name| policy.name == name));
    match (chosen.next(), chosen.next(), name) {
        (None, _, None) => fail(format!("there is no {KIND} in `{source}`")),
        (None, _, Some(name)) if all.is_empty() => fail(format!("there is no {KIND} `{name}` in `{source}`")),
        (None, _, Some(name)) => fail(format!("there is no {KIND} `{name}` in `{source}`, only {all}")),
        (Some(_), Some(second), None) => {
            Err(second.error("", format!("more than one {KIND}: {all}; choose one by its name")))
        }
        (Some(_), Some(second), Some(name)) => Err(second.error("", format!("a second {KIND} `{name}`"))),
        (Some(policy), None, _) => checked(policy),
    }
}

fn checked(policy: Found) -> Result<Found, SettingsError> {
    let version = policy.node.get("apiVersion").and_then(Node::as_str).unwrap_or_default();
    if !VERSIONS.contains(&version) {
        let reason = format!("unknown version `{version}` of {KIND}, expected `{}`", VERSIONS.join("` or `"));
        return Err(policy.error("/apiVersion", reason));
    }
    let inside = |double: &&DuplicateKey| {
        let rest = double.pointer.strip_prefix(&policy.pointer);
        rest.is_some_and(|rest| rest.starts_with('/'))
    };
    let double = policy.document.duplicates().iter().find(inside);
    if let Some(double) = double {
        let span = policy.document.place(double.bytes.clone(), PositionEncoding::default());
        let reason = format!("key `{}` is written twice", double.key);
        return Err(SettingsError::new(policy.document.source().to_owned(), Some(span), reason));
    }
    Ok(policy)
}

/// The policies in a document: itself, or the items of a list.
fn collect(document: &Document, node: &Node, pointer: String, found: &mut Vec<Found>) {
    if node.get("kind").and_then(Node::as_str) == Some(KIND) {
        found.push(Found::new(document, pointer, node));
        return;
    }
    // A typed list, such as the API server gives, names the kind of its items only once.
    let of_list = node.get("kind").and_then(Node::as_str) == Some("PodSecurityPolicyList");
    for (index, item) in node.get("items").and_then(Node::as_list).into_iter().flatten().enumerate() {
        let pointer = format!("{pointer}/items/{index}");
        if of_list && item.get("kind").is_none() {
            found.push(Found::new(document, pointer, item));
        } else {
            collect(document, item, pointer, found);
        }
    }
}
