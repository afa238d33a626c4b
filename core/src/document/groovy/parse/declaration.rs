//! Variables, methods and classes.

use super::super::Wrong;
use super::super::syntax::{Block, Expr, Kind, Statement, Word};
use super::super::token;
use super::{Parser, RESERVED};

pub(super) const MODIFIERS: [&str; 14] = [
    "abstract",
    "def",
    "final",
    "native",
    "private",
    "protected",
    "public",
    "static",
    "strictfp",
    "synchronized",
    "transient",
    "var",
    "volatile",
    "default",
];

const PRIMITIVES: [&str; 9] = ["boolean", "byte", "char", "double", "float", "int", "long", "short", "void"];

/// Tokens that the arguments of a type may have.
const MOST_OF_TYPE: usize = 256;

impl Parser<'_> {
    /// A declaration, a method, a class, or an expression.
    pub(super) fn other(&mut self, all: &mut Vec<Statement>) -> Result<(), Wrong> {
        let start = self.at;
        let mut modified = false;
        while self.is_modifier() {
            self.at += 1;
            modified = true;
            self.annotations(all)?;
        }
        if self.is_class() {
            return self.class(all);
        }
        if modified && self.next_is("{") {
            // What runs when the class is loaded.
            let word = Word { text: "static".to_owned(), bytes: self.behind()..self.behind() };
            return self.body(word, Vec::new(), Vec::new(), all);
        }
        if self.word().is_some() && self.word() == self.class && self.is_at(1, "(") {
            return self.method(all);
        }
        modified |= self.next_is("<") && self.type_arguments();
        if modified && self.next_is("(") {
            return self.several(all);
        }
        let typed = self.typed(modified);
        if typed > 0 || modified {
            self.at += typed;
            if self.is_at(1, "(") {
                return self.method(all);
            }
            return self.declared(all);
        }
        self.at = start;
        all.push(Statement::Plain(self.expression()?));
        Ok(())
    }

    /// Whether a word is next that says more of what is declared behind it. `var` is none where it is a name, which
    /// it may be up to Groovy 2.5.
    pub(super) fn is_modifier(&self) -> bool {
        let declares = |token: &token::Token| {
            token.kind == token::Kind::Word && (self.flat || !token.fresh) && !self.is_reserved(1)
        };
        self.word().is_some_and(|word| match word {
            "def" => true,
            "var" => self.peek_at(1).is_some_and(declares),
            _ => MODIFIERS.contains(&word) && !self.is_at(1, "("),
        })
    }

    fn is_reserved(&self, ahead: usize) -> bool {
        self.word_at(ahead).is_some_and(|word| RESERVED.contains(&word))
    }

    /// How many tokens the type of a declaration has; none where this is no declaration with a type.
    pub(super) fn typed(&mut self, modified: bool) -> usize {
        let start = self.at;
        let first = self.word().unwrap_or_default();
        let is_type = PRIMITIVES.contains(&first) || first.starts_with(|one: char| one.is_uppercase());
        let is_value = first.is_empty() || RESERVED.contains(&first) || first == "new";
        if !is_value {
            self.at += 1;
            while self.next_is(".") && self.word_at(1).is_some() {
                self.at += 2;
            }
            let generic = self.near_is("<") && self.type_arguments();
            while self.next_is("[") && self.is_at(1, "]") {
                self.at += 2;
            }
            let length = self.at - start;
            let is_word = self.word().is_some_and(|word| !RESERVED.contains(&word));
            let named = self.near().is_some() && (is_word || self.is_quoted_method());
            let sets = self.is_at(1, "=");
            self.at = start;
            if named && (is_type || modified || generic || sets || length > 1 && self.is_at(length + 1, "("))
            {
                return length;
            }
        }
        self.at = start;
        0
    }

    /// `<…>` of a type; where it is none, nothing is taken. What is longer than any type is none.
    pub(super) fn type_arguments(&mut self) -> bool {
        let start = self.at;
        let mut open = 0_usize;
        while let Some(token) = self.peek().filter(|_| self.at - start < MOST_OF_TYPE) {
            if token.fresh && !self.flat && self.at > start {
                break;
            }
            match &token.kind {
                token::Kind::Sign("<") => open += 1,
                token::Kind::Sign(sign @ (">" | ">>" | ">>>")) => open = open.saturating_sub(sign.len()),
                token::Kind::Sign("." | "," | "?" | "[" | "]" | "&") | token::Kind::Word => {}
                _ => break,
            }
            self.at += 1;
            if open == 0 {
                return true;
            }
        }
        self.at = start;
        false
    }

    /// `name = value, name = value`
    fn declared(&mut self, all: &mut Vec<Statement>) -> Result<(), Wrong> {
        loop {
            let name = self.name()?;
            let value = if self.take("=") { Some(self.expression()?) } else { None };
            all.push(Statement::Declared { name, value });
            if !self.take(",") {
                return Ok(());
            }
        }
    }

    /// `(a, b) = value`
    fn several(&mut self, all: &mut Vec<Statement>) -> Result<(), Wrong> {
        self.expect("(")?;
        let names = self.names(&[")"])?;
        self.expect(")")?;
        self.expect("=")?;
        let value = self.expression()?;
        let word = Word { text: "def".to_owned(), bytes: value.bytes.clone() };
        all.push(Statement::Block(Block { word, head: vec![value], names, body: Vec::new() }));
        Ok(())
    }

    /// The names of parameters up to a sign that is not taken, and the values that they have where none is given.
    pub(super) fn parameters(&mut self, end: &str) -> Result<(Vec<String>, Vec<Expr>), Wrong> {
        let (mut names, mut defaults) = (Vec::new(), Vec::new());
        loop {
            names.append(&mut self.names(&["=", end])?);
            if !self.take("=") {
                return Ok((names, defaults));
            }
            defaults.push(self.expression()?);
        }
    }

    /// The names among parameters, up to a sign that is not taken.
    pub(super) fn names(&mut self, ends: &[&str]) -> Result<Vec<String>, Wrong> {
        let mut names = Vec::new();
        let mut open = 0_usize;
        while let Some(token) = self.peek() {
            if open == 0 && ends.iter().any(|end| token.is(end)) {
                return Ok(names);
            }
            match &token.kind {
                token::Kind::Sign("(" | "[" | "{") => open += 1,
                token::Kind::Sign(")" | "]" | "}") => open = open.saturating_sub(1),
                token::Kind::Word => {
                    let mut behind = [",", "=", ":"].iter().chain(ends);
                    let is_last = behind.any(|sign| self.is_at(1, sign)) || self.word_at(1) == Some("in");
                    let name = self.word().filter(|_| open == 0 && is_last);
                    names.extend(name.map(str::to_owned));
                }
                _ => {}
            }
            self.at += 1;
        }
        Err(self.wrong(&format!("expected `{}`", ends.last().unwrap_or(&""))))
    }

    /// Whether a name in quotes is next, with brackets behind it: tests are named in sentences.
    fn is_quoted_method(&self) -> bool {
        self.peek().is_some_and(|token| matches!(token.kind, token::Kind::Text(_))) && self.is_at(1, "(")
    }

    /// `name(parameters) { … }`
    fn method(&mut self, all: &mut Vec<Statement>) -> Result<(), Wrong> {
        let name = if self.is_quoted_method() { self.quoted()? } else { self.name()? };
        self.expect("(")?;
        let (names, head) = self.inside(true, |parser| parser.parameters(")"))?;
        self.expect(")")?;
        if self.take_word("throws") {
            self.type_name()?;
            while self.take(",") {
                self.type_name()?;
            }
        }
        if self.take_word("default") {
            // The value of a member of an annotation.
            all.push(Statement::Plain(self.expression()?));
        }
        let word = Word { text: format!("def {}", name.text), ..name };
        if self.next_is("{") {
            return self.body(word, head, names, all);
        }
        all.push(Statement::Block(Block { word, head, names, body: Vec::new() }));
        Ok(())
    }

    fn is_class(&self) -> bool {
        let word = self.word().unwrap_or_default();
        let at = matches!(word, "class" | "interface" | "enum" | "trait");
        at && self.peek_at(1).is_some_and(|token| !token.fresh && token.kind == token::Kind::Word)
            || self.next_is("@") && self.word_at(1) == Some("interface")
    }

    fn class(&mut self, all: &mut Vec<Statement>) -> Result<(), Wrong> {
        let kind = self.word().unwrap_or_default();
        self.at += 1;
        let name = self.name()?;
        while self.peek().is_some_and(|token| !token.is("{")) {
            self.at += 1;
        }
        let outer = std::mem::replace(&mut self.class, self.text.get(name.bytes.clone()));
        let word = Word { text: format!("class {}", name.text), ..name };
        if kind == "enum" {
            let body = self.inside(false, Self::of_enum)?;
            all.push(Statement::Block(Block { word, head: Vec::new(), names: Vec::new(), body }));
        } else {
            self.body(word, Vec::new(), Vec::new(), all)?;
        }
        self.class = outer;
        Ok(())
    }

    /// `{ A, B(arguments) { … }; methods }`
    fn of_enum(&mut self) -> Result<Vec<Statement>, Wrong> {
        const BEHIND: [&str; 5] = [",", ";", "(", "{", "}"];
        self.expect("{")?;
        let mut body = Vec::new();
        loop {
            self.annotations(&mut body)?;
            if self.word().is_none() || !BEHIND.iter().any(|sign| self.is_at(1, sign)) {
                break;
            }
            let name = self.name()?;
            let bytes = name.bytes.clone();
            let constant = self.steps(Expr { kind: Kind::Name(name.text), bytes })?;
            body.push(Statement::Plain(constant));
            if !self.take(",") {
                break;
            }
        }
        body.append(&mut self.statements()?);
        self.expect("}")?;
        Ok(body)
    }
}
