//! Which references may be undefined: those into what comes from outside, unless a statement before them would have
//! ended the body.

use std::collections::{BTreeMap, BTreeSet};

use regorus::unstable::{Expr, Ref};

use super::walk;

/// What every host supplies.
const ALWAYS: [&str; 6] = [
    "input.parameters",
    "input.review",
    "input.review.kind",
    "input.review.kind.kind",
    "input.review.object",
    "input.review.operation",
];

/// What is known at a place in a body.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    /// Variables that hold parts of the input or of the inventory.
    outside: BTreeSet<String>,
    /// References that are defined here, as written.
    defined: BTreeSet<String>,
    /// Variables that hold a text written out.
    texts: BTreeMap<String, String>,
}

impl Scope {
    /// Whether an expression reaches into what comes from outside.
    fn is_outside(&self, expr: &Expr) -> bool {
        match walk::root(expr) {
            Some("input") => true,
            Some("data") => walk::text(expr).starts_with("data.inventory"),
            Some(root) => self.outside.contains(root),
            None => false,
        }
    }

    /// `some key, value in collection`.
    pub(super) fn iterate<'e>(&mut self, patterns: impl Iterator<Item = &'e Ref<Expr>>, collection: &Expr) {
        let is_outside = self.is_outside(collection);
        for name in patterns.flat_map(|pattern| walk::variables(pattern)) {
            self.set(name, is_outside);
        }
    }

    /// One variable that takes the elements of a collection.
    pub(super) fn take(&mut self, name: &str, collection: &Expr) {
        let is_outside = self.is_outside(collection);
        self.set(name, is_outside);
    }

    /// A variable on the left that takes what stands on the right.
    pub(super) fn assign(&mut self, left: &Expr, right: &Expr) {
        let is_outside = self.is_outside(right);
        for name in walk::variables(left) {
            self.set(name, is_outside);
            match walk::string(right) {
                Some(text) => self.texts.insert(name.to_owned(), text.to_owned()),
                None => self.texts.remove(name),
            };
        }
    }

    /// The text that an expression is, where it is written out here or before.
    pub(super) fn text<'s>(&'s self, expr: &'s Expr) -> Option<&'s str> {
        match expr {
            Expr::Var { span, .. } => self.texts.get(span.text()).map(String::as_str),
            expr => walk::string(expr),
        }
    }

    fn set(&mut self, name: &str, is_outside: bool) {
        if is_outside {
            self.outside.insert(name.to_owned());
        } else {
            self.outside.remove(name);
        }
    }

    /// Remembers the references of a statement that would have ended the body were they undefined.
    pub(super) fn see(&mut self, expr: &Expr) {
        if walk::is_ref(expr) {
            self.defined.insert(walk::text(expr));
        }
        for child in walk::children(expr) {
            self.see(child);
        }
    }

    /// The first reference in an expression that may be undefined and makes the expression undefined.
    pub(super) fn undefined<'e>(&self, expr: &'e Expr) -> Option<&'e Expr> {
        if walk::is_ref(expr) {
            let text = walk::text(expr);
            let is_known =
                ALWAYS.contains(&text.as_str()) || self.defined.iter().any(|known| within(known, &text));
            return (self.is_outside(expr) && !is_known).then_some(expr);
        }
        walk::children(expr).into_iter().find_map(|child| self.undefined(child))
    }
}

/// Whether a known reference is `text` or goes on from it.
fn within(known: &str, text: &str) -> bool {
    known.strip_prefix(text).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}
