//! From a program to the tree of a document.
//!
//! - A block is a map: each call in it is an entry under the name of what is called, the second one of a name under
//!   `name[1]`.
//! - A call with one argument is that argument. Another one is a map of its named arguments, of the others by their
//!   numbers, and of what is called in its closure: `stage('a') { sh 'b' }` is `{"0": "a", "sh": "b"}`.
//! - A call in the place of a value is a map with one entry, whose name ends with `()`.
//! - What is called to put a text together stands behind the statement that has the text.
//! - `if`, `for`, methods, classes and variables are entries under the words that they begin with.
//! - What is not known is the text `${…}`, or a map with the entry `?` where something is called to work it out.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

use super::super::build::{Builder, Fault, Spent};
use super::super::error::DocumentErrorKind;
use super::super::node::Value;
use super::super::{Document, Format, Limits, Strings, Text};
use super::names::Names;
use super::syntax::{Argument, Block, Expr, Key, Kind, Piece, Statement, Step};
use super::text::{METHODS, Texts};
use super::written::{LONGEST_NAME, one_line, plain, short};

pub(super) fn document(text: &Arc<Text>, program: &[Statement], limits: &Limits) -> Result<Document, Fault> {
    let mut tree = Tree {
        texts: Texts::new(text, Names::of(program, &text.text), limits),
        builder: Builder::new(limits, Spent::default()),
        strings: BTreeMap::new(),
        limits,
        variables: 0,
        in_texts: Vec::new(),
        repeated: 0,
    };
    let end = text.text.len();
    tree.builder.open_map(0..end, 0)?;
    tree.block(program, &mut Taken::default())?;
    tree.builder.close(Some(end))?;
    let strings = tree.strings;
    let (root, duplicates, _) = tree.builder.finish(end);
    Ok(Document::of_format(Format::Groovy, text, root, duplicates, strings))
}

/// The names in a block, with how often each is there.
type Taken = HashMap<String, usize>;

/// Variables that stand for each other.
const MOST_LEVELS: usize = 16;

struct Tree<'p> {
    texts: Texts<'p>,
    builder: Builder<'p>,
    strings: Strings,
    limits: &'p Limits,
    /// The variables inside each other whose values are written out.
    variables: usize,
    /// Calls in texts of the statement that is read.
    in_texts: Vec<&'p Expr>,
    /// Values that are there because a variable stands for them.
    repeated: usize,
}

impl<'p> Tree<'p> {
    /// The key of the next entry of a map.
    fn key(&mut self, name: &str, bytes: &Range<usize>, taken: &mut Taken) {
        let times = taken.entry(name.to_owned()).or_default();
        let key = if *times == 0 { name.to_owned() } else { format!("{name}[{times}]") };
        *times += 1;
        self.builder.key(Arc::from(key), bytes.clone());
    }

    fn scalar(&mut self, value: Value, bytes: &Range<usize>) -> Result<(), Fault> {
        self.builder.scalar(value, bytes.clone(), 0)
    }

    fn map(
        &mut self,
        bytes: &Range<usize>,
        fill: impl FnOnce(&mut Self, &mut Taken) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.builder.open_map(bytes.clone(), 0)?;
        fill(self, &mut Taken::default())?;
        self.builder.close(Some(bytes.end))
    }

    fn block(&mut self, statements: &'p [Statement], taken: &mut Taken) -> Result<(), Fault> {
        let outer = std::mem::take(&mut self.in_texts);
        for statement in statements {
            match statement {
                Statement::Plain(expr) => self.entry(expr, taken)?,
                Statement::Declared { value: None, .. } => {}
                Statement::Declared { name, value: Some(value) } => {
                    self.key(&format!("def {}", name.text), &name.bytes, taken);
                    self.value(value)?;
                }
                Statement::Return(value) => {
                    self.key("return", &value.bytes, taken);
                    self.value(value)?;
                }
                Statement::Block(block) => self.inner_block(block, taken)?,
            }
            // What is called to put texts together, behind the statement that has them.
            while let Some(call) = self.in_texts.pop() {
                self.entry(call, taken)?;
            }
        }
        self.in_texts = outer;
        Ok(())
    }

    fn inner_block(&mut self, block: &'p Block, taken: &mut Taken) -> Result<(), Fault> {
        self.key(&block.word.text, &block.word.bytes, taken);
        self.map(&block.word.bytes, |tree, taken| {
            block.head.iter().try_for_each(|expr| tree.entry(expr, taken))?;
            tree.block(&block.body, taken)
        })
    }

    /// What an expression calls, as entries of a map.
    fn entry(&mut self, expr: &'p Expr, taken: &mut Taken) -> Result<(), Fault> {
        match &expr.kind {
            Kind::Plain | Kind::Name(_) => Ok(()),
            Kind::Path { base, steps } => self.path(base, steps, "", taken),
            Kind::Other(inner) => inner.iter().try_for_each(|expr| self.entry(expr, taken)),
            Kind::Set { to, value, plain: false } if is_counted(value) => {
                to.iter().try_for_each(|target| self.entry(target, taken))
            }
            Kind::Set { to, value, .. } => {
                let target = to.first().map_or(0..0, |target| target.bytes.clone());
                let name = one_line(self.texts.written(&target));
                self.key(&format!("{name} ="), &target, taken);
                self.value(value)
            }
            Kind::Closure { body, .. } => self.block(body, taken),
            Kind::Text(_) | Kind::Sum(_) | Kind::List(_) | Kind::Map(_) => {
                self.key("value", &expr.bytes, taken);
                self.value(expr)
            }
        }
    }

    /// Each call on the way, under the names up to it.
    fn path(
        &mut self,
        base: &'p Expr,
        steps: &'p [Step],
        mark: &str,
        taken: &mut Taken,
    ) -> Result<(), Fault> {
        let mut name = String::new();
        match &base.kind {
            Kind::Name(own) => name.push_str(short(own)),
            _ => self.entry(base, taken)?,
        }
        let mut bytes = base.bytes.clone();
        for step in steps {
            match step {
                Step::Member(member) => {
                    if name.len() > LONGEST_NAME {
                        name.clear();
                    }
                    name.push('.');
                    name.push_str(short(&member.text));
                    bytes.end = bytes.end.max(member.bytes.end);
                }
                Step::Index(items) => items.iter().try_for_each(|item| self.entry(item, taken))?,
                Step::Call(arguments) => {
                    self.key(&format!("{name}{mark}"), &bytes, taken);
                    self.arguments(arguments, &bytes)?;
                }
            }
        }
        Ok(())
    }

    fn arguments(&mut self, arguments: &'p [Argument], callee: &Range<usize>) -> Result<(), Fault> {
        let end = arguments.last().map_or(callee.end, |last| last.value.bytes.end);
        let bytes = arguments.first().map_or(callee.end, |first| {
            first.name.as_ref().map_or(first.value.bytes.start, |name| name.bytes().start)
        })..end;
        match arguments {
            [] => return self.scalar(Value::Null, &bytes),
            [Argument { name: None, value }] => return self.value(value),
            _ => {}
        }
        self.map(&bytes, |tree, taken| {
            let mut number = 0;
            for Argument { name, value } in arguments {
                match (name, &value.kind) {
                    (Some(name), _) => {
                        let (name, bytes) = tree.name(name)?;
                        tree.key(&name, &bytes, taken);
                        tree.value(value)?;
                    }
                    (None, Kind::Closure { body, .. }) => tree.block(body, taken)?,
                    (None, _) => {
                        tree.key(&number.to_string(), &value.bytes, taken);
                        tree.value(value)?;
                        number += 1;
                    }
                }
            }
            Ok(())
        })
    }

    fn value(&mut self, expr: &'p Expr) -> Result<(), Fault> {
        if self.variables > 0 {
            self.repeated += 1;
            if self.repeated > self.limits.expansion {
                return Err((DocumentErrorKind::TooMuchExpansion(self.limits.expansion), expr.bytes.clone()));
            }
        }
        match &expr.kind {
            Kind::Plain => self.scalar(plain(self.texts.written(&expr.bytes)), &expr.bytes),
            Kind::List(items) => {
                self.builder.open_list(expr.bytes.clone(), 0)?;
                items.iter().try_for_each(|item| self.value(item))?;
                self.builder.close(Some(expr.bytes.end))
            }
            Kind::Map(entries) => self.map(&expr.bytes, |tree, _| tree.entries(entries)),
            Kind::Closure { body, .. } => self.map(&expr.bytes, |tree, taken| tree.block(body, taken)),
            Kind::Set { value, plain: true, .. } => self.value(value),
            Kind::Name(name) if self.variables < MOST_LEVELS => match self.texts.names.value(name) {
                None => self.unknown(expr),
                Some(value) => {
                    self.variables += 1;
                    self.value(value)?;
                    self.variables -= 1;
                    Ok(())
                }
            },
            _ => self.put_together(expr),
        }
    }

    fn entries(&mut self, entries: &'p [(Key, Expr)]) -> Result<(), Fault> {
        for (key, value) in entries {
            let (name, bytes) = self.name(key)?;
            self.builder.key(Arc::from(name), bytes);
            self.value(value)?;
        }
        Ok(())
    }

    /// The name that a key is, and where it stands.
    fn name(&self, key: &Key) -> Result<(String, Range<usize>), Fault> {
        let name = match key {
            Key::Word(word) => word.text.clone(),
            Key::Open(key) => match self.texts.text(key)? {
                Some(text) => text.text().to_owned(),
                None => self.texts.open(&key.bytes),
            },
        };
        Ok((name, key.bytes()))
    }

    fn put_together(&mut self, expr: &'p Expr) -> Result<(), Fault> {
        if let Some(text) = self.texts.text(expr)? {
            let value = Value::String(Arc::from(text.text()));
            self.strings.insert((expr.bytes.start, expr.bytes.end), text);
            if self.variables == 0 {
                calls_in_text(expr, &mut self.in_texts);
            }
            return self.scalar(value, &expr.bytes);
        }
        match &expr.kind {
            Kind::Path { base, steps } if steps.iter().any(|step| matches!(step, Step::Call(_))) => {
                self.map(&expr.bytes, |tree, taken| tree.path(base, steps, "()", taken))
            }
            Kind::Sum(operands) if operands.iter().any(|one| self.is_list(one)) => {
                self.builder.open_list(expr.bytes.clone(), 0)?;
                for operand in operands {
                    match self.texts.names.list(operand) {
                        Some(items) => items.iter().try_for_each(|item| self.value(item))?,
                        None => self.value(operand)?,
                    }
                }
                self.builder.close(Some(expr.bytes.end))
            }
            _ => {
                let inner = inside(expr);
                if !inner.iter().any(|one| self.tells(one)) {
                    return self.unknown(expr);
                }
                self.map(&expr.bytes, |tree, taken| {
                    tree.key("?", &expr.bytes, taken);
                    tree.builder.open_list(expr.bytes.clone(), 0)?;
                    inner.iter().try_for_each(|one| tree.value(one))?;
                    tree.builder.close(Some(expr.bytes.end))
                })
            }
        }
    }

    /// Whether a text may be more than a word.
    fn is_long(&self, text: &Expr) -> bool {
        self.texts.written(&text.bytes).contains(|one: char| one.is_whitespace() || one == '{')
    }

    /// Whether something in a value that is worked out may be more than a word: a call, a list, a text with blanks.
    fn tells(&self, expr: &Expr) -> bool {
        match &expr.kind {
            Kind::Path { base, steps } => {
                steps.iter().any(|step| matches!(step, Step::Call(_))) || self.tells(base)
            }
            Kind::Text(_) => self.is_long(expr),
            Kind::Name(name) => self.texts.names.value(name).is_some_and(|value| match &value.kind {
                Kind::Text(_) => self.is_long(value),
                Kind::Plain | Kind::Name(_) => false,
                _ => true,
            }),
            Kind::Closure { .. } | Kind::List(_) | Kind::Map(_) => true,
            Kind::Set { value, .. } => self.tells(value),
            Kind::Other(inner) | Kind::Sum(inner) => inner.iter().any(|one| self.tells(one)),
            Kind::Plain => false,
        }
    }

    fn unknown(&mut self, expr: &Expr) -> Result<(), Fault> {
        let open = self.texts.open(&expr.bytes);
        self.scalar(Value::String(Arc::from(open)), &expr.bytes)
    }

    fn is_list(&self, expr: &Expr) -> bool {
        self.texts.names.list(expr).is_some()
    }
}

/// The calls by which a text is put together.
fn calls_in_text<'e>(expr: &'e Expr, calls: &mut Vec<&'e Expr>) {
    match &expr.kind {
        Kind::Text(pieces) => {
            for piece in pieces {
                if let Piece::Filled(Some(expr), _) = piece {
                    calls_in_text(expr, calls);
                }
            }
        }
        Kind::Sum(inner) | Kind::Other(inner) => inner.iter().for_each(|one| calls_in_text(one, calls)),
        Kind::Path { base, steps } if is_of_text(steps) => {
            let arguments = steps.iter().flat_map(|step| match step {
                Step::Call(arguments) => arguments.as_slice(),
                Step::Member(_) | Step::Index(_) => &[],
            });
            let inner = std::iter::once(&**base).chain(arguments.map(|argument| &argument.value));
            inner.for_each(|one| calls_in_text(one, calls));
        }
        Kind::List(items) => items.iter().for_each(|one| calls_in_text(one, calls)),
        Kind::Path { steps, .. } if steps.iter().any(|step| matches!(step, Step::Call(_))) => {
            calls.push(expr)
        }
        Kind::Closure { .. } => calls.push(expr),
        _ => {}
    }
}

/// Whether all that is called is what texts are put together by.
fn is_of_text(steps: &[Step]) -> bool {
    let (pairs, rest) = steps.as_chunks::<2>();
    let is_method = |pair: &[Step; 2]| matches!(pair, [Step::Member(member), Step::Call(_)] if METHODS.contains(&member.text.as_str()));
    rest.is_empty() && pairs.iter().all(is_method)
}

/// Of what a value is worked out.
fn inside(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        Kind::Other(inner) | Kind::Sum(inner) => inner.iter().collect(),
        Kind::Set { value, .. } => vec![value],
        Kind::Path { base, steps } if !matches!(base.kind, Kind::Name(_)) => {
            let items = steps.iter().flat_map(|step| match step {
                Step::Index(items) => items.as_slice(),
                Step::Member(_) | Step::Call(_) => &[],
            });
            std::iter::once(&**base).chain(items).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether what something is set to is one more or less than it is.
fn is_counted(value: &Expr) -> bool {
    matches!(&value.kind, Kind::Other(inner) if inner.is_empty())
}
