//! Where lines of texts stand.

use std::sync::Arc;

use super::{MOST_SEARCHED, subjects};
use crate::document::{self, Limits};
use crate::position::PositionEncoding;

/// Line and columns of the line that begins so in the first argument of the first container.
fn place(name: &str, text: &str, begins: &str) -> Option<[u32; 4]> {
    let document = document::read_as(None, name, text, &Limits::default()).remove(0).unwrap();
    let found = subjects(&Arc::new(document), &Limits::default());
    let subject = &found.subjects[0];
    let at = subject.locate("/spec/containers/0/args/0");
    let span = subject.line_span(&at, begins, PositionEncoding::default())?;
    Some([span.start.line, span.start.column, span.end.line, span.end.column])
}

const POD: &str =
    "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: a\n    args:\n    - ";

fn in_pod(scalar: &str, begins: &str) -> Option<[u32; 4]> {
    place("in.yaml", &format!("{POD}{scalar}\n"), begins)
}

#[test]
fn a_line_of_a_script_has_its_place() {
    assert_eq!(
        in_pod("|\n      set -e\n\n        docker run x  \n      ls", "docker run x"),
        Some([11, 9, 11, 21])
    );
    assert_eq!(in_pod("|\n      set -e\n      ls", "docker"), None);
    let twice = "|\n      docker run x1\n      docker run \\\n        a\n      docker run \\\n        x\n      docker run x";
    assert_eq!(in_pod(twice, "docker run \\\n  x"), Some([12, 7, 12, 19]));
    assert_eq!(in_pod(twice, "docker run x"), Some([14, 7, 14, 19]));
    assert_eq!(in_pod(twice, "docker run"), None);
    assert_eq!(in_pod("\"set -e\\n docker run\"", "docker run"), None);
    let wide = format!("|\n      {}\n      docker run", "x".repeat(MOST_SEARCHED));
    assert_eq!(in_pod(&wide, "docker run"), None);
}

#[test]
fn a_line_inside_a_program_has_its_place() {
    let script = "podTemplate(containers: [containerTemplate(name: 'a', image: 'b')]) {\n  node(POD_LABEL) {\n    container('a') {\n      \
                  sh \'\'\'\n        set -e\n        docker run x\n      \'\'\'\n    }\n  }\n}\n";
    assert_eq!(place("Jenkinsfile", script, "docker run x"), Some([6, 9, 6, 21]));
    let pod = format!(
        "pipeline {{ agent {{ kubernetes {{ yaml \'\'\'\n{POD}|\n      set -e\n      docker run x\n\'\'\' }} }} }}\n"
    );
    assert_eq!(place("Jenkinsfile", &pod, "docker run x"), Some([11, 7, 11, 19]));
}
