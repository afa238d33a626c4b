//! One diagnostic: a title, the place with an excerpt, and notes.

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use super::Options;
use crate::policy::Severity;
use crate::position::Span;
use crate::render::Sources;
use crate::render::escape::visible;
use crate::render::excerpt::Excerpts;

/// What is shown together.
pub(super) struct Diagnostic<'a> {
    /// Chooses the colour.
    pub(super) severity: Severity,
    pub(super) name: &'static str,
    pub(super) id: Option<&'a str>,
    pub(super) title: &'a str,
    /// Empty where there is none.
    pub(super) source: &'a str,
    pub(super) span: Option<Span>,
    /// Shown where there is no span.
    pub(super) pointer: &'a str,
    /// Stands behind the caret.
    pub(super) label: String,
    pub(super) notes: Vec<Note>,
}

/// A line under the excerpt; its text is escaped already.
pub(super) struct Note {
    pub(super) name: &'static str,
    pub(super) text: String,
}

/// A mistake in a file that is no input, such as the settings, shown as findings are.
pub fn problem(
    title: &str,
    source: &str,
    span: Option<Span>,
    sources: Sources<'_>,
    options: &Options<'_>,
) -> String {
    let diagnostic = Diagnostic {
        severity: Severity::Critical,
        name: "error",
        id: None,
        title,
        source,
        span,
        pointer: "",
        label: String::new(),
        notes: Vec::new(),
    };
    diagnostic.render(&mut Excerpts::new(sources), options)
}

impl Diagnostic<'_> {
    pub(super) fn render(&self, excerpts: &mut Excerpts<'_>, options: &Options<'_>) -> String {
        let level = level(self.severity);
        let mut title = level.clone().with_name(self.name).primary_title(visible(self.title));
        if let Some(id) = self.id {
            title = title.id(visible(id));
        }
        let group = Group::with_title(title).elements(self.place(excerpts));
        let notes = self.notes.iter().map(|note| {
            let margin = note.name.len() + MARGIN;
            level_of(note.name).with_name(note.name).message(wrap(&note.text, options.width, margin))
        });
        let renderer = if options.color { Renderer::styled() } else { Renderer::plain() };
        // Lines are cut before, around the place that matters.
        let rendered = renderer.term_width(usize::from(u16::MAX)).render(&[group.elements(notes)]);
        without_separator(&rendered)
    }

    /// The name of the source and, where it can be had, the excerpt.
    fn place(&self, excerpts: &mut Excerpts<'_>) -> Vec<Element<'_>> {
        if self.source.is_empty() {
            return Vec::new();
        }
        let shown = if self.source == "-" { "standard input".into() } else { visible(self.source) };
        let Some(span) = self.span else {
            let pointer = if self.pointer.is_empty() {
                String::new()
            } else {
                format!(" at {}", visible(self.pointer))
            };
            let label =
                if self.label.is_empty() { String::new() } else { format!(" ({})", visible(&self.label)) };
            return vec![Origin::path(format!("{shown}{pointer}{label}")).into()];
        };
        let (line, column) = (span.start.line as usize, span.start.column as usize);
        let mut place = vec![Origin::path(shown).line(line).char_column(column).into()];
        if let Some(excerpt) = excerpts.around(self.source, span) {
            let mut mark = AnnotationKind::Primary.span(excerpt.marked);
            if !self.label.is_empty() {
                mark = mark.label(visible(&self.label).into_owned());
            }
            let snippet = Snippet::source(excerpt.text).line_start(excerpt.first_line).fold(false);
            place.push(snippet.annotation(mark).into());
        }
        place
    }
}

/// An excerpt without a path of its own is drawn below a line `:::`, since it could be of another file than the
/// place above it. Here it is not; the place is given apart because only the report knows the column in a line
/// that was cut or escaped.
fn without_separator(rendered: &str) -> String {
    let is_separator = |line: &str| matches!(line.trim(), ":::" | "\u{1b}[1m\u{1b}[94m::: \u{1b}[0m");
    let mut found = false;
    let kept = rendered.lines().filter(|line| {
        found
            || !{
                found = is_separator(line);
                found
            }
    });
    kept.collect::<Vec<_>>().join("\n")
}

/// What stands before the text of a note: the gutter, ` = ` and `: `.
const MARGIN: usize = 9;

/// `text` broken between words so that it fits, if anything can.
fn wrap(text: &str, width: Option<usize>, margin: usize) -> String {
    let width = width.map_or(usize::MAX, |width| width.saturating_sub(margin).max(20));
    let mut wrapped = String::with_capacity(text.len() + 8);
    let mut column = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > width {
            wrapped.push('\n');
            column = 0;
        } else if column > 0 {
            wrapped.push(' ');
            column += 1;
        }
        wrapped.push_str(word);
        column += length;
    }
    wrapped
}

const fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Critical | Severity::High => Level::ERROR,
        Severity::Medium => Level::WARNING,
        Severity::Low => Level::INFO,
        Severity::Info => Level::NOTE,
    }
}

fn level_of(note: &str) -> Level<'static> {
    if note == "help" { Level::HELP } else { Level::NOTE }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_break_between_words() {
        assert_eq!(wrap("one two three four five", Some(24), 4), "one two three four\nfive");
        assert_eq!(wrap("one two", None, 4), "one two");
        assert_eq!(wrap(&"x".repeat(90), Some(10), 4), "x".repeat(90));
    }
}
