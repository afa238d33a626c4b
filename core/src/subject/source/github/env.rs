//! Variables of a workflow, by the names by which its expressions call them (`${{ env.NAME }}`).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::super::part::Part;
use super::super::Maker;
use super::super::docker::variable;

/// Bytes that are filled in and count as one value of a pod.
const BYTES_OF_A_VALUE: usize = 8;

/// The variables that a workflow, a job or a step sets, inside of what sets others around it.
pub(super) struct Env<'e> {
    all: Vec<(Arc<str>, Part)>,
    /// Where a name is set last, if its value is known: it may be long, and is looked through once.
    places: BTreeMap<Arc<str>, Option<usize>>,
    outer: Option<&'e Self>,
}

impl<'e> Env<'e> {
    /// Those of a holder. What is around it is filled into their values.
    pub(super) fn of(maker: &mut Maker<'_>, holder: &Part, outer: Option<&'e Self>) -> Self {
        let entries = holder.get("env").map(|env| env.entries()).unwrap_or_default();
        let all: Vec<(Arc<str>, Part)> = entries
            .into_iter()
            .map(|(name, value)| {
                let value = value.into_text();
                (name, outer.map_or_else(|| value.clone(), |outer| outer.filled(maker, value.clone())))
            })
            .collect();
        let is_known = |value: &Part| value.as_str().is_some_and(|text| !text.contains("${{"));
        let place = |(at, (name, value)): (usize, &(Arc<str>, Part))| {
            (Arc::clone(name), is_known(value).then_some(at))
        };
        let places = all.iter().enumerate().map(place).collect();
        Self { all, places, outer }
    }

    /// Its own, as variables of a container.
    pub(super) fn variables(&self) -> Vec<Part> {
        self.all.iter().map(|(name, value)| variable(name, value.clone())).collect()
    }

    /// A text with the variables in it that the file gives a value. What else stands in braces stays as it is.
    pub(super) fn filled(&self, maker: &mut Maker<'_>, text: Part) -> Part {
        let Some(written) = text.as_str().filter(|text| text.contains("${{")) else { return text };
        let most = written.len().saturating_add((maker.room() + 1).saturating_mul(BYTES_OF_A_VALUE));
        let Some(pieces) = self.pieces(written, most) else { return text };
        let grown = || pieces.iter().map(|piece| piece.len()).sum::<usize>().saturating_sub(written.len());
        // Where there is no room, that is told, and nothing more is judged.
        if !maker.affords(&text.pointer, 1, || grown() / BYTES_OF_A_VALUE) {
            return text.clone();
        }
        Part::text(&pieces.concat(), &text.pointer)
    }

    /// What a text becomes, piece by piece; nothing where it stays as it is. Behind more bytes than there is room for
    /// nothing more is filled in.
    fn pieces<'t>(&'t self, text: &'t str, most: usize) -> Option<Vec<&'t str>> {
        let (mut pieces, mut rest, mut is_other, mut length) = (Vec::new(), text, false, 0_usize);
        while length <= most
            && let Some((before, (inner, after))) = expression(rest)
        {
            let value = name(inner).and_then(|name| self.value(name));
            is_other |= value.is_some();
            let as_written = rest.get(before.len()..rest.len() - after.len()).unwrap_or_default();
            let piece = value.unwrap_or(as_written);
            length = length.saturating_add(before.len() + piece.len());
            pieces.extend([before, piece]);
            rest = after;
        }
        pieces.push(rest);
        is_other.then_some(pieces)
    }

    /// The value of a name where it is set last, if that is known.
    fn value(&self, name: &str) -> Option<&str> {
        match self.places.get(name) {
            Some(place) => self.all.get((*place)?)?.1.as_str(),
            None => self.outer?.value(name),
        }
    }
}

/// The first expression of a text: what is before it, in it and behind it.
fn expression(text: &str) -> Option<(&str, (&str, &str))> {
    let (before, behind) = text.split_once("${{")?;
    Some((before, behind.split_once("}}")?))
}

/// The name of the variable that an expression is, and nothing else: `env.NAME`, or `env['NAME']`.
fn name(expression: &str) -> Option<&str> {
    let (context, rest) = expression.trim().split_at_checked("env".len())?;
    let rest = rest.trim_start();
    let name = match rest.strip_prefix('.') {
        Some(name) => name.trim_start(),
        None => rest.strip_prefix('[')?.strip_suffix(']')?.trim().strip_prefix('\'')?.strip_suffix('\'')?,
    };
    let is_of_name = |one: char| one.is_ascii_alphanumeric() || matches!(one, '_' | '-');
    (context.eq_ignore_ascii_case("env") && !name.is_empty() && name.chars().all(is_of_name)).then_some(name)
}
