//! What a source puts together of parts that someone may write without end: a case for each, of a size that took minutes
//! where the work grew with its square.

#[path = "gitlab.rs"]
mod gitlab;
#[path = "jenkins.rs"]
mod jenkins;
#[path = "operators.rs"]
mod operators;
#[path = "pipelines.rs"]
mod pipelines;
#[path = "texts.rs"]
mod texts;

use podgate::Context;

use super::GATE;

/// The name of a file, its text, and how many subjects and entries of what was not judged come of it.
type Case = (&'static str, String, usize, usize);

const MANY: usize = 20_000;

fn many(one: &dyn Fn(usize) -> String) -> String {
    (0..MANY).map(one).collect()
}

fn some(one: &dyn Fn(usize) -> String) -> String {
    (0..2_000).map(one).collect()
}

fn few(one: &dyn Fn(usize) -> String) -> String {
    (0..500).map(one).collect()
}

/// So many variables, each in a line of its own.
fn variables(indent: &str) -> String {
    many(&|at| format!("{indent}V{at}: a\n"))
}

/// Judges the cases of a source; each is told by how its text begins.
fn are_read_to_the_end(cases: &[Case]) {
    let start = |text: &str| text.chars().take(60).collect::<String>();
    let read = |(name, text, ..): &Case| {
        let report = GATE.check_text(name, text, &Context::default());
        (start(text), report.subjects.len(), report.not_evaluated.len())
    };
    let found: Vec<_> = cases.iter().map(read).collect();
    let wanted: Vec<_> =
        cases.iter().map(|(_, text, subjects, told)| (start(text), *subjects, *told)).collect();
    assert_eq!(found, wanted);
}

#[test]
fn of_gitlab() {
    are_read_to_the_end(&gitlab::cases());
}

#[test]
fn of_jenkins() {
    are_read_to_the_end(&jenkins::cases());
}

#[test]
fn of_operators() {
    are_read_to_the_end(&operators::cases());
}

#[test]
fn of_pipelines() {
    are_read_to_the_end(&pipelines::cases());
}

#[test]
fn of_texts() {
    are_read_to_the_end(&texts::cases());
}
