//! The few lines of a source around a span, of bounded length whatever the source is.

use std::ops::Range;
use std::sync::Arc;

use super::Sources;
use super::escape;
use crate::position::{Position, Span};

/// Bytes between two counts of code points.
const BLOCK: usize = 1024;
/// Longest piece of a line that is shown.
const WIDTH: usize = 160;
/// What is shown of a cut line before the span.
const BEFORE: usize = 60;
/// Lines of context before the span.
const CONTEXT: u32 = 2;

/// Excerpts from the sources of a report, the last of which is kept: findings come in the order of sources.
pub(super) struct Excerpts<'a> {
    sources: Sources<'a>,
    last: Option<(String, Option<Source>)>,
}

/// A piece of a source, with the place of the span in it.
pub(super) struct Excerpt {
    pub(super) text: String,
    pub(super) first_line: usize,
    pub(super) marked: Range<usize>,
}

/// A text and where its lines begin.
struct Source {
    text: Arc<str>,
    starts: Vec<usize>,
    /// Code points before each block; empty for ASCII.
    points: Vec<usize>,
}

impl<'a> Excerpts<'a> {
    pub(super) const fn new(sources: Sources<'a>) -> Self {
        Self { sources, last: None }
    }

    /// The lines of `name` around `span`; `None` where the source or the place cannot be had.
    pub(super) fn around(&mut self, name: &str, span: Span) -> Option<Excerpt> {
        if self.last.as_ref().is_none_or(|(last, _)| last != name) {
            self.last = Some((name.to_owned(), (self.sources)(name).map(Source::new)));
        }
        self.last.as_ref()?.1.as_ref()?.around(span)
    }
}

impl Source {
    fn new(text: Arc<str>) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![if text.starts_with('\u{feff}') { 3 } else { 0 }];
        for (at, byte) in bytes.iter().enumerate() {
            if *byte == b'\n' || *byte == b'\r' && bytes.get(at + 1) != Some(&b'\n') {
                starts.push(at + 1);
            }
        }
        let mut points = Vec::new();
        if !text.is_ascii() {
            let mut sum = 0;
            for block in bytes.chunks(BLOCK) {
                points.push(sum);
                sum += count(block);
            }
        }
        Self { text, starts, points }
    }

    fn around(&self, span: Span) -> Option<Excerpt> {
        let line = self.line(span.start.line)?;
        let start = self.byte(span.start, &line);
        let end =
            if span.end.line > span.start.line { line.end } else { self.byte(span.end, &line).max(start) };
        let first = self.first_line(span.start.line);
        let mut text = String::new();
        for number in first..span.start.line {
            let context = self.line(number)?;
            let shown = self.text.floor_char_boundary(context.end.min(context.start + WIDTH));
            text.push_str(&escape::line(self.text.get(context.start..shown)?));
            text.push_str(if shown < context.end { "…\n" } else { "\n" });
        }
        let marked = self.push_cut(&mut text, &line, start..end)?;
        Some(Excerpt { text, first_line: usize::try_from(first).ok()?, marked })
    }

    /// Appends the piece of `line` around `span` and says where the span is in `text`.
    fn push_cut(&self, text: &mut String, line: &Range<usize>, span: Range<usize>) -> Option<Range<usize>> {
        let fits = line.len() <= WIDTH;
        let from = if fits { line.start } else { line.start.max(span.start.saturating_sub(BEFORE)) };
        let from = self.text.floor_char_boundary(from);
        let to = if fits { line.end } else { line.end.min(span.start + WIDTH - BEFORE) };
        let to = self.text.floor_char_boundary(to);
        if from > line.start {
            text.push('…');
        }
        text.push_str(&escape::line(self.text.get(from..span.start)?));
        let marked = text.len();
        if let Some(start) = self.text.get(span.clone()).and_then(of_base64) {
            text.push_str(&escape::line(start));
            text.push('…');
            return Some(marked..text.len());
        }
        let end = span.end.min(to);
        text.push_str(&escape::line(self.text.get(span.start..end)?));
        let marked = marked..text.len();
        text.push_str(&escape::line(self.text.get(end..to)?));
        if to < line.end {
            text.push('…');
        }
        Some(marked)
    }

    /// The first line worth showing before `line`: not empty, and of the same document.
    fn first_line(&self, line: u32) -> u32 {
        let mut first = line;
        while first > 1 && line - first < CONTEXT {
            let Some(text) = self.line(first - 1).and_then(|range| self.text.get(range)) else {
                break;
            };
            if text.trim().is_empty() || text.starts_with("---") {
                break;
            }
            first -= 1;
        }
        first
    }

    /// The bytes of a line without its line break.
    fn line(&self, number: u32) -> Option<Range<usize>> {
        let at = usize::try_from(number).ok()?.checked_sub(1)?;
        let start = *self.starts.get(at)?;
        let end = self.starts.get(at + 1).copied().unwrap_or(self.text.len());
        let line = self.text.get(start..end)?;
        Some(start..start + line.trim_end_matches(['\r', '\n']).len())
    }

    /// The byte of a place in `line`; columns count code points.
    fn byte(&self, position: Position, line: &Range<usize>) -> usize {
        let column = usize::try_from(position.column.saturating_sub(1)).unwrap_or(usize::MAX);
        let target = self.points_before(line.start).saturating_add(column);
        if self.points.is_empty() {
            return target.min(line.end);
        }
        let block = self.points.partition_point(|points| *points <= target).saturating_sub(1);
        let start = self.text.floor_char_boundary(block * BLOCK);
        let rest = target.saturating_sub(self.points_before(start));
        let tail = self.text.get(start..).unwrap_or_default();
        let byte = tail.char_indices().nth(rest).map_or(self.text.len(), |(at, _)| start + at);
        byte.clamp(line.start, line.end)
    }

    fn points_before(&self, byte: usize) -> usize {
        let Some(points) = self.points.get(byte / BLOCK) else {
            return byte;
        };
        points + count(self.text.as_bytes().get(byte / BLOCK * BLOCK..byte).unwrap_or_default())
    }
}

/// The first letters of a value that holds a whole file in base64, as those of a Secret do: more of it tells a reader
/// nothing, and whoever reads a log too much.
fn of_base64(written: &str) -> Option<&str> {
    let value = written.trim_matches(['"', '\'']);
    value.get(..8).filter(|_| crate::document::is_file_in_base64(value))
}

/// Code points that begin in a piece of UTF-8.
fn count(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| !matches!(byte, 0x80..=0xbf)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str, line: u32, start: u32, end: u32) -> (String, String) {
        let span = Span { start: Position { line, column: start }, end: Position { line, column: end } };
        let excerpt = Source::new(text.into()).around(span).expect("the place is in the text");
        (excerpt.text.get(excerpt.marked.clone()).unwrap_or_default().to_owned(), excerpt.text)
    }

    #[test]
    fn columns_are_code_points() {
        assert_eq!(marked("a: 1\r\nb: ä😀c\r\n", 2, 6, 7).0, "c");
        assert_eq!(marked("\u{feff}a: 1\rb: 2", 1, 1, 2).0, "a");
        let long = format!("{}\nkäse: hier", "é".repeat(5000));
        assert_eq!(marked(&long, 2, 7, 11).0, "hier");
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let text =
            format!("{{{}\"x\": \"ü\"{}}}", "\"a\": 1, ".repeat(200_000), ", \"b\": 2".repeat(200_000));
        let (mark, excerpt) = marked(&text, 1, 1_600_007, 1_600_010);
        assert_eq!(mark, "\"ü\"");
        assert!(excerpt.len() < 200 && excerpt.starts_with('…') && excerpt.ends_with('…'), "{excerpt}");
    }

    #[test]
    fn what_holds_a_file_in_base64_is_not_shown() {
        // "token: a secret\n", and the same without a line break, which is no file.
        let (mark, excerpt) = marked("data:\n  a: \"dG9rZW46IGEgc2VjcmV0Cg==\" # x\n", 2, 6, 32);
        assert_eq!((mark.as_str(), excerpt.as_str()), ("dG9rZW46…", "data:\n  a: dG9rZW46…"));
        assert_eq!(marked("a: dG9rZW46IGEgc2VjcmV0", 1, 4, 24).1, "a: dG9rZW46IGEgc2VjcmV0");
        assert_eq!(marked("a: /var/run/docker.sock", 1, 4, 24).1, "a: /var/run/docker.sock");
    }

    #[test]
    fn what_lies_outside_is_clamped_or_absent() {
        assert_eq!(marked("short", 1, 100, 200), (String::new(), "short".to_owned()));
        let span = Span { start: Position { line: 9, column: 1 }, end: Position { line: 9, column: 2 } };
        assert!(Source::new("one line".into()).around(span).is_none());
        assert!(Source::new("".into()).around(span).is_none());
    }
}
