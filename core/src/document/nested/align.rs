//! The text of a scalar against how it is written: which bytes stand for which.
//!
//! The parser gives the text and where the scalar stands, and not what each part of it was written as. Here the
//! two are read side by side. Nothing is believed: wherever they do not fit there is no answer, so that a place
//! is never a wrong one.

use std::ops::Range;
use std::sync::Arc;

use super::super::{Node, Text};
use super::Nested;

/// Reads a scalar of any style.
pub(super) fn scalar(outer: &Arc<Text>, node: &Node) -> Option<Nested> {
    let value = node.as_str()?;
    let at = node.bytes();
    let written = outer.text.get(at.clone())?;
    let mut align =
        Align { source: &outer.text, at: at.start, end: at.end, value, nested: Nested::inside(outer) };
    match written.as_bytes().first()? {
        b'|' | b'>' => {
            // Line breaks that are kept go on behind the last line that has text.
            align.end = outer.text.len();
            align.block()?;
        }
        b'"' => {
            align.quotes()?;
            align.double()?;
        }
        b'\'' => {
            align.quotes()?;
            align.single()?;
        }
        _ => align.plain()?,
    }
    align.value.is_empty().then_some(align.nested)
}

/// What is left of a scalar as it is written, and of its text.
struct Align<'t> {
    source: &'t str,
    at: usize,
    end: usize,
    value: &'t str,
    nested: Nested,
}

impl<'t> Align<'t> {
    /// What is left of the source.
    fn rest(&self) -> &'t str {
        self.source.get(self.at..self.end).unwrap_or_default()
    }

    /// Takes the quotes off.
    fn quotes(&mut self) -> Option<()> {
        self.at += 1;
        self.end = self.end.checked_sub(1)?;
        (self.at <= self.end).then_some(())
    }

    /// Takes bytes that are the same in both.
    fn same(&mut self, length: usize) -> Option<()> {
        let written = self.rest().get(..length)?;
        self.value = self.value.strip_prefix(written)?;
        self.nested.copy(self.at..self.at + length);
        self.at += length;
        Some(())
    }

    /// Takes bytes of the source that stand for a text.
    fn unit(&mut self, length: usize, text: &str) -> Option<()> {
        self.value = self.value.strip_prefix(text)?;
        self.nested.stand_for(text, self.at..self.at + length);
        self.at += length;
        Some(())
    }

    /// A plain scalar, over one line or several.
    fn plain(&mut self) -> Option<()> {
        while !self.rest().is_empty() {
            self.up_to_fold(|_| false)?;
        }
        Some(())
    }

    fn single(&mut self) -> Option<()> {
        while !self.rest().is_empty() {
            self.up_to_fold(|byte| byte == b'\'')?;
            if self.rest().starts_with('\'') {
                self.unit(2, "'")?;
            }
        }
        Some(())
    }

    fn double(&mut self) -> Option<()> {
        while !self.rest().is_empty() {
            self.up_to_fold(|byte| byte == b'\\')?;
            let rest = self.rest();
            if !rest.starts_with('\\') {
                continue;
            }
            let folded = rest.get(1..).map(line_break).filter(|length| *length > 0);
            if let Some(length) = folded {
                // An escaped line break is nothing, and neither is what indents the next line.
                self.at += 1 + length;
                self.at += blanks(self.rest());
                continue;
            }
            let (length, meant) = escape(rest)?;
            self.unit(length, meant.encode_utf8(&mut [0; 4]))?;
        }
        Some(())
    }

    /// Takes what is the same up to a byte that is not, and the line breaks on the way.
    fn up_to_fold(&mut self, stop: impl Fn(u8) -> bool) -> Option<()> {
        let rest = self.rest();
        let is_break = |byte: &u8| matches!(byte, b'\n' | b'\r');
        let found = rest.bytes().position(|byte| stop(byte) || is_break(&byte)).unwrap_or(rest.len());
        let before = rest.get(..found)?;
        if !rest.as_bytes().get(found).is_some_and(is_break) {
            return self.same(found);
        }
        // Blanks before a line break are dropped, and so are those that indent the next line.
        self.same(before.trim_end_matches([' ', '\t']).len())?;
        let (length, breaks) = fold(self.rest());
        match breaks {
            1 => self.unit(length, " "),
            _ => self.unit(length, "\n".repeat(breaks - 1).as_str()),
        }
    }

    /// A block scalar: `|` and `>`, with what says how it is indented and how it ends.
    fn block(&mut self) -> Option<()> {
        let folded = self.rest().starts_with('>');
        let header = self.rest().find(['\n', '\r']).unwrap_or(self.rest().len());
        self.at += header;
        self.at += line_break(self.rest());
        let indent = self.indent()?;
        let mut first = true;
        while !self.value.is_empty() {
            if !first && folded {
                self.between(indent)?;
            } else {
                self.at += indentation(self.rest(), indent);
            }
            // Behind the text other values follow.
            let line = self.rest().find(['\n', '\r']).unwrap_or(self.rest().len());
            self.same(line.min(self.value.len()))?;
            if self.value.is_empty() {
                break;
            }
            if !folded || first && line == 0 {
                // Where the text ends without one, a line break may be added.
                let length = line_break(self.rest());
                self.unit(length, "\n")?;
                continue;
            }
            first = false;
        }
        Some(())
    }

    /// How far the lines of a block are indented: by how much less its first line with text is in the value.
    fn indent(&self) -> Option<usize> {
        let spaces = |text: &str| {
            let line = text.split(['\n', '\r']).find(|line| line.bytes().any(|byte| byte != b' '));
            line.map(|line| line.bytes().take_while(|byte| *byte == b' ').count())
        };
        match (spaces(self.rest()), spaces(self.value)) {
            (Some(written), Some(meant)) => written.checked_sub(meant),
            _ => Some(0),
        }
    }

    /// Line breaks between two lines of a folded block: none, some or all of them are in the value, or a space
    /// is in their place.
    fn between(&mut self, indent: usize) -> Option<()> {
        let mut lines = Vec::new();
        let mut at = self.at;
        loop {
            let rest = self.source.get(at..self.end)?;
            let length = line_break(rest);
            if length == 0 {
                break;
            }
            let spaces = indentation(rest.get(length..)?, indent);
            lines.push(at..at + length + spaces);
            at += length + spaces;
        }
        let written = lines.len();
        let meant = self.value.bytes().take_while(|byte| *byte == b'\n').count();
        if meant == 0 {
            let length = at - self.at;
            return if written == 1 { self.unit(length, " ") } else { None };
        }
        // Where the text ends without a line break, one is added.
        for line in lines.into_iter().skip(written.saturating_sub(meant)) {
            self.at = line.start;
            self.unit(line.len(), "\n")?;
        }
        if meant > written { self.unit(0, "\n".repeat(meant - written).as_str()) } else { Some(()) }
    }
}

/// The length of the line break that a text begins with.
fn line_break(text: &str) -> usize {
    match text.as_bytes() {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    }
}

/// The spaces that a text begins with, as far as they indent it.
fn indentation(text: &str, indent: usize) -> usize {
    text.bytes().take(indent).take_while(|byte| *byte == b' ').count()
}

fn blanks(text: &str) -> usize {
    text.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}

/// The blanks and line breaks that a text begins with: their length, and how many line breaks there are.
fn fold(text: &str) -> (usize, usize) {
    let (mut length, mut breaks) = (0, 0);
    loop {
        let rest = text.get(length..).unwrap_or_default();
        let space = blanks(rest);
        let broken = line_break(rest.get(space..).unwrap_or_default());
        length += space + broken;
        if broken == 0 {
            return (length, breaks);
        }
        breaks += 1;
    }
}

/// The length of an escape in double quotes, of YAML or JSON, and the character that it means.
fn escape(text: &str) -> Option<(usize, char)> {
    let meant = match text.as_bytes().get(1)? {
        b'0' => '\0',
        b'a' => '\u{7}',
        b'b' => '\u{8}',
        b't' | b'\t' => '\t',
        b'n' => '\n',
        b'v' => '\u{b}',
        b'f' => '\u{c}',
        b'r' => '\r',
        b'e' => '\u{1b}',
        b' ' => ' ',
        b'"' => '"',
        b'/' => '/',
        b'\\' => '\\',
        b'N' => '\u{85}',
        b'_' => '\u{a0}',
        b'L' => '\u{2028}',
        b'P' => '\u{2029}',
        b'x' => return Some((4, char::from_u32(hex(text, 2..4)?)?)),
        b'U' => return Some((10, char::from_u32(hex(text, 2..10)?)?)),
        b'u' => return unit_of_utf16(text),
        _ => return None,
    };
    Some((2, meant))
}

/// `\uXXXX`, and the two halves of a character that needs them, as JSON has it.
fn unit_of_utf16(text: &str) -> Option<(usize, char)> {
    let first = hex(text, 2..6)?;
    if let Some(one) = char::from_u32(first) {
        return Some((6, one));
    }
    let second = text.get(6..8).filter(|escape| *escape == "\\u").and_then(|_| hex(text, 8..12))?;
    let halves = [u16::try_from(first).ok()?, u16::try_from(second).ok()?];
    let one = char::decode_utf16(halves).next()?.ok()?;
    Some((12, one))
}

fn hex(text: &str, digits: Range<usize>) -> Option<u32> {
    u32::from_str_radix(text.get(digits)?, 16).ok()
}
