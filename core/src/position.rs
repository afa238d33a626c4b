//! Lines and columns: where a byte of a text is, as an editor counts.

use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a column counts.
///
/// The names are those of the Language Server Protocol's `PositionEncodingKind`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum PositionEncoding {
    /// Bytes of UTF-8.
    #[serde(rename = "utf-8")]
    Utf8,
    /// Code units of UTF-16, as JavaScript and most editors count.
    #[serde(rename = "utf-16")]
    Utf16,
    /// Code points, as compilers and `cut -c` count.
    #[default]
    #[serde(rename = "utf-32")]
    Utf32,
}

/// A place in a text. Line and column count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in the units of a [`PositionEncoding`].
    pub column: u32,
}

/// A part of a text, from `start` up to but not including `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Span {
    /// The first place.
    pub start: Position,
    /// The place after the last.
    pub end: Position,
}

/// The line starts of one text, so that bytes become lines and columns in logarithmic time, however long
/// the lines are.
///
/// A line ends at `\n`, `\r\n` or a lone `\r`, as YAML 1.2 (§5.4) and the Language Server Protocol say.
/// A byte order mark at the start of the text has no width.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<usize>,
    /// For each block of [`BLOCK`] bytes the code points and UTF-16 units before it; empty for ASCII.
    before: Vec<(usize, usize)>,
}

/// Bytes between two counts of characters.
const BLOCK: usize = 1024;

/// The byte order mark, U+FEFF.
pub(crate) const BOM: char = '\u{feff}';

impl LineIndex {
    /// Reads the lines of `text`, in time linear in its length.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            if *byte == b'\n' || *byte == b'\r' && bytes.get(at + 1) != Some(&b'\n') {
                starts.push(at + 1);
            }
        }
        let mut before = Vec::new();
        if !text.is_ascii() {
            let mut sum = (0, 0);
            for block in bytes.chunks(BLOCK) {
                before.push(sum);
                let (points, units) = count(block);
                sum = (sum.0 + points, sum.1 + units);
            }
            before.push(sum);
        }
        Self { starts, before }
    }

    /// The lines and columns of a range of bytes of `text`, which must be the text that the index was made
    /// from. A range that is inside out, ends beyond the text or cuts a character is moved to the nearest
    /// character boundaries before it.
    #[must_use]
    pub fn span(&self, text: &str, bytes: Range<usize>, encoding: PositionEncoding) -> Span {
        Span {
            start: self.position(text, bytes.start, encoding),
            end: self.position(text, bytes.end.max(bytes.start), encoding),
        }
    }

    /// The line and column of one byte of `text`; see [`LineIndex::span`].
    #[must_use]
    pub fn position(&self, text: &str, byte: usize, encoding: PositionEncoding) -> Position {
        let byte = text.floor_char_boundary(byte);
        let line = self.starts.partition_point(|start| *start <= byte).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        let start = if start == 0 && text.starts_with(BOM) { BOM.len_utf8() } else { start };
        let column = self.units(text, byte, encoding).saturating_sub(self.units(text, start, encoding));
        Position {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(column + 1).unwrap_or(u32::MAX),
        }
    }

    /// Units of the encoding before a byte of the text.
    fn units(&self, text: &str, byte: usize, encoding: PositionEncoding) -> usize {
        if encoding == PositionEncoding::Utf8 || self.before.is_empty() {
            return byte;
        }
        let block = byte / BLOCK;
        let (points, units) = self.before.get(block).copied().unwrap_or_default();
        let rest = count(text.as_bytes().get(block * BLOCK..byte).unwrap_or_default());
        if encoding == PositionEncoding::Utf16 { units + rest.1 } else { points + rest.0 }
    }
}

/// Code points and UTF-16 units that begin in a piece of UTF-8.
fn count(bytes: &[u8]) -> (usize, usize) {
    bytes.iter().fold((0, 0), |(points, units), byte| match byte {
        0x80..=0xbf => (points, units),
        0xf0.. => (points + 1, units + 2),
        _ => (points + 1, units + 1),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, byte: usize) -> [(u32, u32); 3] {
        let index = LineIndex::new(text);
        [PositionEncoding::Utf8, PositionEncoding::Utf16, PositionEncoding::Utf32].map(|encoding| {
            let place = index.position(text, byte, encoding);
            (place.line, place.column)
        })
    }

    #[test]
    fn columns_count_in_their_encoding() {
        let text = "é𝄞x\ny";
        assert_eq!(at(text, 6), [(1, 7), (1, 4), (1, 3)], "x");
        assert_eq!(at(text, 8), [(2, 1), (2, 1), (2, 1)], "y");
        assert_eq!(at(text, 9), [(2, 2), (2, 2), (2, 2)], "the end");
    }

    #[test]
    fn every_line_break_ends_a_line() {
        let text = "a\nb\r\nc\rd\n";
        let lines: Vec<_> = (0..=text.len()).map(|byte| at(text, byte)[0]).collect();
        let wanted = [(1, 1), (1, 2), (2, 1), (2, 2), (2, 3), (3, 1), (3, 2), (4, 1), (4, 2), (5, 1)];
        assert_eq!(lines, wanted);
    }

    #[test]
    fn a_byte_order_mark_has_no_width() {
        assert_eq!(at("\u{feff}a", 3), [(1, 1); 3]);
        assert_eq!(at("\u{feff}a", 0), [(1, 1); 3]);
        assert_eq!(at("\u{feff}a", 4), [(1, 2); 3]);
    }

    #[test]
    fn any_range_is_answered() {
        let text = "é\n𝄞";
        let index = LineIndex::new(text);
        for start in 0..12 {
            for end in (0..12).chain([usize::MAX]) {
                let span = index.span(text, start..end, PositionEncoding::Utf32);
                assert!(span.start <= span.end, "{start}..{end}");
            }
        }
        assert_eq!(at("", 7), [(1, 1); 3]);
    }

    #[test]
    fn long_lines_are_counted_by_blocks() {
        let text = "é".repeat(5000);
        for byte in [0, 2, 1022, 1024, 1026, 4096, 9998] {
            assert_eq!(at(&text, byte)[2], (1, u32::try_from(byte / 2 + 1).unwrap()), "{byte}");
        }
    }
}
