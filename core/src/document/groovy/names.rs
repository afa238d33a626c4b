//! Which variables have one value in the whole program.

use std::collections::HashMap;

use super::syntax::{Argument, Expr, Key, Kind, Piece, Statement, Step};

/// What is known of each name.
#[derive(Default)]
pub(super) struct Names<'p>(HashMap<&'p str, Known<'p>>);

#[derive(Default)]
struct Known<'p> {
    /// How often it is set.
    times: usize,
    value: Option<&'p Expr>,
    /// Whether something may have changed what is in it.
    touched: bool,
}

impl<'p> Names<'p> {
    pub(super) fn of(program: &'p [Statement]) -> Self {
        let mut names = Self::default();
        names.statements(program);
        names
    }

    /// The value of a variable that is set once, whoever sets it. That of a list or map may not be touched.
    pub(super) fn value(&self, name: &str) -> Option<&'p Expr> {
        let known = self.0.get(name).filter(|known| known.times == 1)?;
        known.value.filter(|value| !known.touched || !matches!(value.kind, Kind::List(_) | Kind::Map(_)))
    }

    fn set(&mut self, name: &'p str, value: Option<&'p Expr>) {
        let known = self.0.entry(name).or_default();
        known.times += 1;
        known.value = value;
    }

    fn touch(&mut self, expr: &'p Expr) {
        match &expr.kind {
            Kind::Name(name) => self.0.entry(name).or_default().touched = true,
            Kind::Path { base, .. } => self.touch(base),
            _ => {}
        }
    }

    fn statements(&mut self, all: &'p [Statement]) {
        for statement in all {
            match statement {
                Statement::Plain(expr) | Statement::Return(expr) => self.expr(expr),
                Statement::Declared { name, value } => {
                    if let Some(value) = value {
                        self.set(&name.text, Some(value));
                        self.expr(value);
                    }
                }
                Statement::Block(block) => {
                    block.names.iter().for_each(|name| self.set(name, None));
                    block.head.iter().for_each(|expr| self.expr(expr));
                    self.statements(&block.body);
                }
            }
        }
    }

    fn expr(&mut self, expr: &'p Expr) {
        match &expr.kind {
            Kind::Plain | Kind::Name(_) => {}
            Kind::Text(pieces) => {
                for piece in pieces {
                    if let Piece::Filled(Some(inner), _) = piece {
                        self.expr(inner);
                    }
                }
            }
            Kind::List(items) | Kind::Sum(items) => items.iter().for_each(|item| self.expr(item)),
            Kind::Other(items) => {
                for item in items {
                    // What is shifted into a list is added to it.
                    self.touch(item);
                    self.expr(item);
                }
            }
            Kind::Map(entries) => {
                for (key, value) in entries {
                    if let Key::Open(key) = key {
                        self.expr(key);
                    }
                    self.expr(value);
                }
            }
            Kind::Closure { names, body } => {
                names.iter().for_each(|name| self.set(name, None));
                self.statements(body);
            }
            Kind::Path { base, steps } => self.path(base, steps),
            Kind::Set { to, value, plain } => {
                match to.as_slice() {
                    [Expr { kind: Kind::Name(name), .. }] if *plain => self.set(name, Some(value)),
                    targets => targets.iter().for_each(|target| self.changed(target)),
                }
                self.expr(value);
            }
        }
    }

    /// A target that is set in another way than once and for all.
    fn changed(&mut self, target: &'p Expr) {
        match &target.kind {
            Kind::Name(name) => self.set(name, None),
            // Several at once: `(a, b) = c`.
            Kind::Other(targets) | Kind::List(targets) => {
                targets.iter().for_each(|target| self.changed(target))
            }
            _ => {
                self.touch(target);
                self.expr(target);
            }
        }
    }

    fn path(&mut self, base: &'p Expr, steps: &'p [Step]) {
        self.expr(base);
        for step in steps {
            match step {
                Step::Member(_) => {}
                Step::Index(items) => items.iter().for_each(|item| self.expr(item)),
                Step::Call(arguments) => {
                    if steps.len() > 1 {
                        self.touch(base);
                    }
                    arguments.iter().for_each(|argument| self.argument(argument));
                }
            }
        }
    }

    /// Whoever is given a list may add to it; what has a name is given to what builds something of it.
    fn argument(&mut self, argument: &'p Argument) {
        if argument.name.is_none() {
            self.touch(&argument.value);
        }
        self.expr(&argument.value);
    }
}
