//! What is filled into a text before anybody reads it, and keeps it from being read until then: written in another way,
//! or left out.

use std::ops::Range;
use std::sync::Arc;

use super::Nested;

impl Nested {
    /// This text with what is filled in written in the ways that can be read: one kind of it, the other, and both.
    pub(in super::super) fn rewritten(&self) -> impl Iterator<Item = Self> {
        [(true, false), (false, true), (true, true)].into_iter().filter_map(|(by_angles, by_brackets)| {
            let mut own = self.clone();
            let changed = (!by_brackets || own.unbrace()) && (!by_angles || own.angle());
            changed.then_some(own)
        })
    }

    /// Writes parameters in double braces as texts of the same length, `{{a}}` as `$(a) `: a value that begins with
    /// braces would be a map. Says whether there are any.
    fn unbrace(&mut self) -> bool {
        let changed = self.text.contains("{{");
        if changed {
            self.text = self.text.replace("{{", "$(").replace("}}", ") ");
        }
        changed
    }

    /// Writes `${a}` as `$<a>`, which may stand in a map in braces as well; what is read then has it as before. Says
    /// whether there are any.
    fn angle(&mut self) -> bool {
        let changed = rewritten(&self.text, ["${", "}"], ["$<", ">"]);
        if let Some(text) = changed {
            self.text = text;
            self.is_angled = true;
        }
        self.is_angled
    }

    /// A text of what was read, as it is written.
    pub(super) fn without_angles(&self, text: &Arc<str>) -> Arc<str> {
        let own = || rewritten(text, ["$<", ">"], ["${", "}"]);
        if self.is_angled { own().map_or_else(|| Arc::clone(text), Arc::from) } else { Arc::clone(text) }
    }

    /// The same text, where it was read from one that is written with angles.
    pub(super) fn in_braces(mut self, was_angled: bool) -> Self {
        if was_angled && let Some(text) = rewritten(&self.text, ["$<", ">"], ["${", "}"]) {
            self.text = text;
        }
        self
    }

    /// A text in TOML without the lines that are nothing but an expression in double braces, and with such an expression
    /// as a text where it is a value. Nothing where there is none.
    pub(super) fn without_templates(&self) -> Option<Self> {
        let (mut own, mut at, mut changed) = (self.empty(), 0, false);
        for line in self.text.split_inclusive('\n') {
            let whole = at..at + line.len();
            at = whole.end;
            if is_template(line) {
                changed = true;
            } else if let Some((value, text)) = template_value(line) {
                let value = whole.start + value.start..whole.start + value.end;
                own.add(self, whole.start..value.start);
                own.stand_for(&text, self.place(value.clone()));
                own.add(self, value.end..whole.end);
                changed = true;
            } else {
                own.add(self, whole);
            }
        }
        changed.then_some(own)
    }
}

/// Whether a line is nothing but an expression in double braces, or several.
pub(crate) fn is_template(line: &str) -> bool {
    let mut rest = line.trim();
    let begins = rest.starts_with("{{");
    while let Some((_, behind)) = rest.strip_prefix("{{").and_then(|inner| inner.split_once("}}")) {
        rest = behind.trim_start();
    }
    begins && rest.is_empty()
}

/// The value of a key that is an expression in double braces, and how it is written as a text.
fn template_value(line: &str) -> Option<(Range<usize>, String)> {
    let start = line.find("{{").filter(|start| {
        let before = line.get(..*start).unwrap_or_default().trim();
        before.ends_with('=') && !before.starts_with('#')
    })?;
    let rest = line.get(start..)?;
    let length = rest.find("}}")? + 2;
    let behind = rest.get(length..)?.trim_start();
    let written = rest.get(..length).filter(|own| !own.contains("'''"))?;
    (behind.is_empty() || behind.starts_with('#'))
        .then(|| (start..start + length, format!("'''{written}'''")))
}

/// A text with what stands between marks between others, where it is the name of something. Nothing where there is none.
fn rewritten(text: &str, from: [&str; 2], to: [&str; 2]) -> Option<String> {
    let is_name = |one: char| one.is_ascii_alphanumeric() || matches!(one, '_' | '.' | ':' | '-');
    let [[begin, end], [new_begin, new_end]] = [from, to];
    let (mut own, mut rest, mut changed) = (String::with_capacity(text.len()), text, false);
    while let Some((before, behind)) = rest.split_once(begin) {
        let (name, left) =
            behind.split_at_checked(behind.find(|one| !is_name(one)).unwrap_or(behind.len()))?;
        own.push_str(before);
        match left.strip_prefix(end) {
            Some(left) => {
                own.extend([new_begin, name, new_end]);
                (rest, changed) = (left, true);
            }
            None => {
                own.push_str(begin);
                rest = behind;
            }
        }
    }
    own.push_str(rest);
    changed.then_some(own)
}
