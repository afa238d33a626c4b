//! Texts that are put together: what is filled into strings, sums of strings, and the methods that strip them.

use std::cell::Cell;
use std::ops::Range;
use std::sync::Arc;

use super::super::build::Fault;
use super::super::error::DocumentErrorKind;
use super::super::{Limits, Nested, Text};
use super::names::Names;
use super::syntax::{Argument, Expr, Kind, Piece, Step};

/// Variables that stand for each other.
const MOST_LEVELS: usize = 16;

/// Methods of texts that are worked out.
pub(super) const METHODS: [&str; 7] =
    ["join", "normalize", "strip", "stripIndent", "stripMargin", "toString", "trim"];

/// Names of which it is known what they are where the program sets none of them: `WORKSPACE`, and the step `pwd()`.
const GIVEN: [&str; 2] = ["WORKSPACE", "pwd"];

/// Puts texts together, as far as there is room.
pub(super) struct Texts<'p> {
    pub(super) outer: &'p Arc<Text>,
    pub(super) names: Names<'p>,
    left: Cell<usize>,
    limit: usize,
}

impl<'p> Texts<'p> {
    pub(super) fn new(outer: &'p Arc<Text>, names: Names<'p>, limits: &Limits) -> Self {
        Self { outer, names, left: Cell::new(limits.bytes), limit: limits.bytes }
    }

    /// The text that an expression is; nothing where it is none, or where it is not known to be one.
    pub(super) fn text(&self, expr: &Expr) -> Result<Option<Nested>, Fault> {
        let found = self.put(expr, MOST_LEVELS);
        if self.left.get() == 0 {
            return Err((DocumentErrorKind::TooMuchRepeated(self.limit), expr.bytes.clone()));
        }
        Ok(found)
    }

    /// How an expression is written.
    pub(super) fn written(&self, bytes: &Range<usize>) -> &'p str {
        self.outer.text.get(bytes.clone()).unwrap_or_default()
    }

    /// The text that stands for a value that is not known.
    pub(super) fn open(&self, bytes: &Range<usize>) -> String {
        let written = self.written(bytes);
        let written = written.strip_suffix("()").filter(|name| GIVEN.contains(name)).unwrap_or(written);
        let last = written.rsplit('.').next().unwrap_or_default();
        if GIVEN.contains(&last) && self.names.is_set(last) {
            return "${...}".to_owned();
        }
        let is_plain = |one: char| one.is_ascii_alphanumeric() || matches!(one, '_' | '.');
        if written.chars().all(is_plain) { format!("${{{written}}}") } else { "${...}".to_owned() }
    }

    fn spend(&self, size: usize) {
        self.left.set(self.left.get().saturating_sub(size + 1));
    }

    fn put(&self, expr: &Expr, levels: usize) -> Option<Nested> {
        self.spend(0);
        let levels = levels.checked_sub(1).filter(|_| self.left.get() > 0)?;
        let mut own = Nested::inside(self.outer);
        match &expr.kind {
            Kind::Text(pieces) => pieces.iter().for_each(|piece| self.piece(piece, &mut own, levels)),
            Kind::Sum(operands) => {
                let texts: Vec<_> = operands.iter().map(|operand| self.put(operand, levels)).collect();
                if texts.iter().all(Option::is_none)
                    || operands.iter().any(|one| matches!(one.kind, Kind::List(_)))
                {
                    return None;
                }
                for (operand, text) in operands.iter().zip(texts) {
                    match text {
                        Some(text) => own.add(&text, 0..text.text().len()),
                        None => self.fill(operand, &operand.bytes, &mut own),
                    }
                }
            }
            Kind::Name(name) => return self.put(self.names.value(name)?, levels),
            Kind::Path { base, steps } => {
                return match steps.as_slice() {
                    [Step::Member(join), Step::Call(between), rest @ ..] if join.text == "join" => {
                        self.method(self.joined(base, between, levels)?, rest)
                    }
                    _ => self.method(self.put(base, levels)?, steps),
                };
            }
            _ => return None,
        }
        self.spend(own.text().len());
        Some(own)
    }

    /// The items of a list with a text between each two. Of what is not known, only what is no more than a name or a
    /// call is filled in.
    fn joined(&self, list: &Expr, between: &[Argument], levels: usize) -> Option<Nested> {
        let mut own = Nested::inside(self.outer);
        let between = match between {
            [] => own.empty(),
            [Argument { name: None, value }] => self.put(value, levels)?,
            _ => return None,
        };
        let mut is_text = false;
        for (at, item) in self.names.list(list)?.iter().enumerate() {
            if at > 0 {
                self.spend(between.text().len());
                own.add(&between, 0..between.text().len());
            }
            match self.put(item, levels) {
                Some(text) => {
                    is_text = true;
                    own.add(&text, 0..text.text().len());
                }
                None if self.left.get() == 0 => return None,
                None if matches!(item.kind, Kind::Name(_) | Kind::Path { .. } | Kind::Plain) => {
                    self.fill(item, &item.bytes, &mut own);
                }
                None => return None,
            }
        }
        self.spend(own.text().len());
        is_text.then_some(own)
    }

    fn piece(&self, piece: &Piece, own: &mut Nested, levels: usize) {
        match piece {
            Piece::Same(bytes) => own.copy(bytes.clone()),
            Piece::Means(text, bytes) => own.stand_for(text, bytes.clone()),
            Piece::Filled(None, bytes) => own.stand_for("${}", bytes.clone()),
            Piece::Filled(Some(inner), bytes) => match self.put(inner, levels) {
                Some(text) => own.add(&text, 0..text.text().len()),
                None => self.fill(inner, bytes, own),
            },
        }
    }

    /// Adds what is no text.
    fn fill(&self, expr: &Expr, bytes: &Range<usize>, own: &mut Nested) {
        let mut value = expr;
        for _ in 0..MOST_LEVELS {
            match &value.kind {
                Kind::Name(name) => match self.names.value(name) {
                    Some(next) => value = next,
                    None => break,
                },
                _ => break,
            }
        }
        let written = self.written(&value.bytes);
        match &value.kind {
            Kind::Plain => own.stand_for(written, bytes.clone()),
            _ => own.stand_for(&self.open(&expr.bytes), bytes.clone()),
        }
    }

    /// What methods of strings make of one.
    fn method(&self, mut text: Nested, steps: &[Step]) -> Option<Nested> {
        let (pairs, []) = steps.as_chunks::<2>() else { return None };
        for [member, call] in pairs {
            let (Step::Member(member), Step::Call(arguments)) = (member, call) else { return None };
            self.spend(text.text().len());
            text = match (member.text.as_str(), arguments.as_slice()) {
                ("toString" | "normalize", []) => text,
                ("trim" | "strip", []) => trimmed(&text),
                ("stripIndent", []) => stripped(&text, indent(text.text())),
                ("stripIndent", [Argument { value, .. }]) => match self.written(&value.bytes) {
                    "true" | "false" => stripped(&text, indent(text.text())),
                    number => stripped(&text, number.parse().ok()?),
                },
                ("stripMargin", []) => without_margin(&text),
                ("stripMargin", [Argument { value, .. }])
                    if matches!(self.written(&value.bytes), "'|'" | "\"|\"") =>
                {
                    without_margin(&text)
                }
                _ => return None,
            };
        }
        Some(text)
    }
}

/// Blanks and control characters at both ends are dropped.
fn trimmed(text: &Nested) -> Nested {
    let is_blank = |one: char| one <= ' ';
    let all = text.text();
    let start = all.len() - all.trim_start_matches(is_blank).len();
    let mut own = text.empty();
    own.add(text, start..all.trim_end_matches(is_blank).len().max(start));
    own
}

/// How far all lines with text are indented.
fn indent(text: &str) -> usize {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| line.len() - line.trim_start().len()).min().unwrap_or_default()
}

/// Without so many characters before each line.
fn stripped(text: &Nested, indent: usize) -> Nested {
    each_line(text, |line| {
        line.char_indices()
            .nth(indent)
            .map_or(line.trim_end_matches(['\n', '\r']).len(), |(at, _)| at)
            .min(line.trim_end_matches(['\n', '\r']).len())
    })
}

/// Without the blanks before a `|`, and the `|`.
fn without_margin(text: &Nested) -> Nested {
    each_line(text, |line| {
        let rest = line.trim_start_matches(|one: char| one <= ' ' && one != '\n');
        if rest.starts_with('|') { line.len() - rest.len() + 1 } else { 0 }
    })
}

/// A text without what each line begins with, as long as `drop` says.
fn each_line(text: &Nested, drop: impl Fn(&str) -> usize) -> Nested {
    let mut own = text.empty();
    let mut at = 0;
    for line in text.text().split_inclusive('\n') {
        own.add(text, at + drop(line)..at + line.len());
        at += line.len();
    }
    own
}
