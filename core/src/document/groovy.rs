//! Reads Groovy, as far as it says what is called with which values: a Jenkinsfile is a program that builds
//! something, and so is the pod in it.
//!
//! Nothing is run. [`token`] and [`parse`] know the whole syntax, so that comments are comments and strings are
//! strings. What a value is, is known where it is a literal, is put together of literals, or is the one value of a
//! variable ([`names`], [`text`]); anything else is open and stands in the tree as `${…}`. [`tree`] says how calls
//! become maps.

mod names;
mod parse;
mod syntax;
#[cfg(test)]
mod tests;
mod text;
mod token;
mod tree;
mod written;

use std::ops::Range;
use std::sync::Arc;

use super::error::DocumentErrorKind as Kind;
use super::{Document, DocumentError, Limits, Text};

/// What is wrong with a program, and where.
type Wrong = (String, Range<usize>);

/// Reads a text as one document.
pub(super) fn read(text: &Arc<Text>, limits: &Limits) -> Vec<Result<Document, DocumentError>> {
    let levels = limits.levels().min(MOST_LEVELS);
    let fault = |(problem, bytes): Wrong| {
        let deep = problem == DEEP;
        let kind = if deep { Kind::TooDeep(levels) } else { Kind::Syntax { format: "Groovy", problem } };
        (kind, bytes)
    };
    let document = parse::program(&text.text, levels)
        .map_err(fault)
        .and_then(|program| tree::document(text, &program, limits))
        .map_err(|(kind, bytes)| DocumentError::new(text, 0, bytes, kind));
    vec![document]
}

/// Statements and expressions inside each other, of which a closure is two: each takes several calls to read.
const MOST_LEVELS: usize = 160;

const DEEP: &str = "nested too deep";

fn too_deep(bytes: Range<usize>) -> Wrong {
    (DEEP.to_owned(), bytes)
}

/// Whether a text that has no name begins as a pipeline does.
pub(super) fn is_likely(text: &str) -> bool {
    const BEGINS: [&str; 10] = [
        "pipeline",
        "podTemplate",
        "node",
        "library",
        "properties",
        "def",
        "import",
        "timestamps",
        "stage",
        "package",
    ];
    if text.starts_with("#!") {
        return text.lines().next().is_some_and(|line| line.contains("groovy"));
    }
    // The first words of a text are enough, and most texts are not Groovy.
    let head: String = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !["//", "/*", "*"].iter().any(|comment| line.starts_with(comment)))
        .unwrap_or_default()
        .chars()
        .take(200)
        .collect();
    if head.starts_with("@Library") || head.starts_with("@Field") {
        return true;
    }
    let end = head.find(|one: char| !one.is_alphanumeric()).unwrap_or(head.len());
    let (word, rest) = head.split_at_checked(end).unwrap_or_default();
    let rest = rest.trim_start();
    BEGINS.contains(&word)
        && (rest.starts_with(['{', '(', '\'', '"'])
            || matches!(word, "def" | "import" | "package") && !rest.starts_with(':') && !rest.is_empty())
}
