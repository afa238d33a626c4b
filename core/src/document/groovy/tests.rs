//! Programs and the trees that they become.

use std::sync::Arc;

use super::super::{Document, Format, Limits, read_as};

fn read(text: &str) -> Result<Document, String> {
    let mut documents = read_as(Some(Format::Groovy), "Jenkinsfile", text, &Limits::default());
    assert_eq!(documents.len(), 1);
    documents.remove(0).map_err(|error| {
        let at = error.span(crate::position::PositionEncoding::Utf32).start;
        format!("{}:{}: {error}", at.line, at.column)
    })
}

/// The tree in JSON, or the error.
fn tree(text: &str) -> String {
    read(text).map_or_else(|error| error, |document| serde_json::to_string(document.root()).unwrap())
}

#[test]
fn dump() {
    let Ok(path) = std::env::var("GROOVY_DUMP") else { return };
    for path in path.split(':') {
        let text: Arc<str> = std::fs::read_to_string(path).unwrap().into();
        let shown = tree(&text);
        if std::env::var("GROOVY_LONG").is_ok() || !shown.starts_with('{') {
            println!("{path}: {shown}");
        }
    }
}
