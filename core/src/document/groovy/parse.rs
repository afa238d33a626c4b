//! From tokens to statements (<https://groovy-lang.org/structure.html>, <https://groovy-lang.org/semantics.html>).

mod call;
mod expression;

use std::ops::Range;

use super::syntax::{Block, Expr, Kind, Statement, Word};
use super::token::{self, Token};
use super::{Wrong, too_deep};

/// Reads a program.
pub(super) fn program(text: &str, levels: usize) -> Result<Vec<Statement>, Wrong> {
    let tokens = token::tokens(text)?;
    let mut parser =
        Parser { text, tokens: &tokens, at: 0, levels, flat: false, bare: false, end: text.len() };
    let all = parser.statements()?;
    if parser.at < tokens.len() {
        return Err(parser.wrong("nothing is open that this could close"));
    }
    Ok(all)
}

/// Words that begin no expression, and no argument.
const RESERVED: [&str; 25] = [
    "as",
    "assert",
    "break",
    "case",
    "catch",
    "class",
    "continue",
    "default",
    "do",
    "else",
    "enum",
    "extends",
    "finally",
    "for",
    "if",
    "implements",
    "in",
    "instanceof",
    "interface",
    "return",
    "switch",
    "throw",
    "throws",
    "try",
    "while",
];

const MODIFIERS: [&str; 14] = [
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

struct Parser<'t> {
    text: &'t str,
    tokens: &'t [Token],
    at: usize,
    /// How much deeper it may go.
    levels: usize,
    /// Whether the ends of lines mean nothing: between brackets.
    flat: bool,
    /// Whether an argument without brackets is read, which has none itself.
    bare: bool,
    /// Where the tokens end in the text.
    end: usize,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<&'t Token> {
        self.tokens.get(self.at)
    }

    fn peek_at(&self, ahead: usize) -> Option<&'t Token> {
        self.tokens.get(self.at + ahead)
    }

    /// The next token, if it stands on the same line.
    fn near(&self) -> Option<&'t Token> {
        self.peek().filter(|token| self.flat || !token.fresh)
    }

    fn next_is(&self, sign: &str) -> bool {
        self.peek().is_some_and(|token| token.is(sign))
    }

    fn near_is(&self, sign: &str) -> bool {
        self.near().is_some_and(|token| token.is(sign))
    }

    /// The text of a word ahead.
    fn word_at(&self, ahead: usize) -> Option<&'t str> {
        let token = self.peek_at(ahead).filter(|token| token.kind == token::Kind::Word)?;
        self.text.get(token.bytes.clone())
    }

    fn word(&self) -> Option<&'t str> {
        self.word_at(0)
    }

    fn is_at(&self, ahead: usize, sign: &str) -> bool {
        self.peek_at(ahead).is_some_and(|token| token.is(sign))
    }

    /// Takes a sign if it is next.
    fn take(&mut self, sign: &str) -> bool {
        let found = self.next_is(sign);
        self.at += usize::from(found);
        found
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.word() == Some(word);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &str) -> Result<Range<usize>, Wrong> {
        let Some(token) = self.peek().filter(|token| token.is(sign)) else {
            return Err(self.wrong(&format!("expected `{sign}`")));
        };
        self.at += 1;
        Ok(token.bytes.clone())
    }

    /// A name, of whatever word.
    fn name(&mut self) -> Result<Word, Wrong> {
        let (Some(token), Some(text)) = (self.peek(), self.word()) else {
            return Err(self.wrong("expected a name"));
        };
        self.at += 1;
        Ok(Word { text: text.to_owned(), bytes: token.bytes.clone() })
    }

    fn wrong(&self, problem: &str) -> Wrong {
        match self.peek() {
            Some(token) => (problem.to_owned(), token.bytes.clone()),
            None => (format!("{problem}, and the text ends"), self.end..self.end),
        }
    }

    /// Where the next token begins.
    fn start(&self) -> usize {
        self.peek().map_or(self.end, |token| token.bytes.start)
    }

    /// Where the last token ended.
    fn behind(&self) -> usize {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(0, |token| token.bytes.end)
    }

    /// Reads something that may hold itself.
    fn deeper<T>(
        &mut self,
        flat: bool,
        read: impl FnOnce(&mut Self) -> Result<T, Wrong>,
    ) -> Result<T, Wrong> {
        if self.levels == 0 {
            let at = self.peek().map_or(self.end..self.end, |token| token.bytes.clone());
            return Err(too_deep(at));
        }
        self.levels -= 1;
        let before = std::mem::replace(&mut self.flat, flat);
        let read = read(self);
        self.flat = before;
        self.levels += 1;
        read
    }

    /// Reads what stands between brackets or braces.
    fn inside<T>(
        &mut self,
        flat: bool,
        read: impl FnOnce(&mut Self) -> Result<T, Wrong>,
    ) -> Result<T, Wrong> {
        let before = std::mem::replace(&mut self.bare, false);
        let read = self.deeper(flat, read);
        self.bare = before;
        read
    }

    /// Statements up to a brace that closes, or the end.
    fn statements(&mut self) -> Result<Vec<Statement>, Wrong> {
        let mut all = Vec::new();
        loop {
            while self.take(";") {}
            if self.peek().is_none_or(|token| token.is("}")) {
                return Ok(all);
            }
            self.statement(&mut all)?;
            let ended = self.peek().is_none_or(|token| token.fresh || token.is(";") || token.is("}"));
            if !ended && !self.tokens.get(self.at - 1).is_some_and(|last| last.is("}") || last.is(":")) {
                return Err(self.wrong("expected the end of the statement"));
            }
        }
    }

    fn statement(&mut self, all: &mut Vec<Statement>) -> Result<(), Wrong> {
        let before = self.at;
        self.deeper(false, |parser| parser.statement_inside(all))?;
        if self.at == before { Err(self.wrong("a statement cannot begin with this")) } else { Ok(()) }
    }

    fn statement_inside(&mut self, all: &mut Vec<Statement>) -> Result<(), Wrong> {
        self.annotations(all)?;
        if self.peek().is_none_or(|token| token.is("}")) {
            return Ok(());
        }
        match self.word() {
            Some("import" | "package") => self.line(),
            Some("break" | "continue") => {
                self.at += 1;
                if self.near().is_some_and(|token| token.kind == token::Kind::Word) {
                    self.at += 1;
                }
            }
            Some("return" | "throw") => {
                self.at += 1;
                if self.near().is_some_and(|token| !token.is(";") && !token.is("}")) {
                    let value = self.expression()?;
                    all.push(Statement::Return(value));
                }
            }
            Some("assert") => {
                self.at += 1;
                all.push(Statement::Plain(self.expression()?));
                if self.take(":") {
                    all.push(Statement::Plain(self.expression()?));
                }
            }
            Some("if" | "while" | "for" | "switch" | "synchronized" | "catch") if self.is_at(1, "(") => {
                self.headed(all)?;
            }
            Some("else" | "do" | "try" | "finally") => {
                let word = self.name()?;
                if word.text == "else" && self.word() == Some("if") {
                    return self.headed(all);
                }
                self.body(word, Vec::new(), Vec::new(), all)?;
            }
            Some("case") => {
                self.at += 1;
                all.push(Statement::Plain(self.expression()?));
                self.end_of_case()?;
            }
            Some("default") if self.is_at(1, ":") || self.is_at(1, "->") => {
                self.at += 1;
                self.end_of_case()?;
            }
            Some(_) if self.is_at(1, ":") => self.at += 2,
            _ => return self.other(all),
        }
        Ok(())
    }

    fn end_of_case(&mut self) -> Result<(), Wrong> {
        if self.take("->") {
            return Ok(());
        }
        self.expect(":").map(|_| ())
    }

    /// A declaration, a method, a class, or an expression.
    fn other(&mut self, all: &mut Vec<Statement>) -> Result<(), Wrong> {
        let start = self.at;
        let mut modified = false;
        while self.word().is_some_and(|word| MODIFIERS.contains(&word)) && !self.is_at(1, "(") {
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
        if modified && self.next_is("<") {
            self.type_arguments();
        }
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

    /// How many tokens the type of a declaration has; none where this is no declaration with a type.
    fn typed(&mut self, modified: bool) -> usize {
        let start = self.at;
        let first = self.word().unwrap_or_default();
        let is_type = PRIMITIVES.contains(&first) || first.starts_with(|one: char| one.is_uppercase());
        let is_value = first.is_empty() || RESERVED.contains(&first) || first == "new";
        if !is_value {
            self.at += 1;
            while self.next_is(".") && self.word_at(1).is_some() {
                self.at += 2;
            }
            let generic = self.next_is("<") && self.type_arguments();
            while self.next_is("[") && self.is_at(1, "]") {
                self.at += 2;
            }
            let length = self.at - start;
            let named = self.near().is_some() && self.word().is_some_and(|word| !RESERVED.contains(&word));
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

    /// `<…>` of a type; where it is none, nothing is taken.
    fn type_arguments(&mut self) -> bool {
        let start = self.at;
        let mut open = 0_usize;
        while let Some(token) = self.near() {
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
        let names = self.names(")")?;
        self.expect(")")?;
        self.expect("=")?;
        let value = self.expression()?;
        let word = Word { text: "def".to_owned(), bytes: value.bytes.clone() };
        all.push(Statement::Block(Block { word, head: vec![value], names, body: Vec::new() }));
        Ok(())
    }

    /// The names among parameters, up to a sign that is not taken.
    fn names(&mut self, end: &str) -> Result<Vec<String>, Wrong> {
        let mut names = Vec::new();
        let mut open = 0_usize;
        while let Some(token) = self.peek() {
            if open == 0 && token.is(end) {
                return Ok(names);
            }
            match &token.kind {
                token::Kind::Sign("(" | "[" | "{") => open += 1,
                token::Kind::Sign(")" | "]" | "}") => open = open.saturating_sub(1),
                token::Kind::Word => {
                    let is_last = [",", "=", ":", end].iter().any(|sign| self.is_at(1, sign))
                        || self.word_at(1) == Some("in");
                    let name = self.word().filter(|_| open == 0 && is_last);
                    names.extend(name.map(str::to_owned));
                }
                _ => {}
            }
            self.at += 1;
        }
        Err(self.wrong(&format!("expected `{end}`")))
    }

    /// `name(parameters) { … }`
    fn method(&mut self, all: &mut Vec<Statement>) -> Result<(), Wrong> {
        let name = self.name()?;
        self.expect("(")?;
        let names = self.names(")")?;
        self.expect(")")?;
        if self.take_word("throws") {
            while self.word().is_some() || self.next_is(",") || self.next_is(".") {
                self.at += 1;
            }
        }
        let word = Word { text: format!("def {}", name.text), ..name };
        if self.next_is("{") {
            return self.body(word, Vec::new(), names, all);
        }
        all.push(Statement::Block(Block { word, head: Vec::new(), names, body: Vec::new() }));
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
        let word = Word { text: format!("class {}", name.text), ..name };
        if kind == "enum" || kind == "interface" {
            // Constants, and methods without a body.
            self.braces()?;
            return Ok(());
        }
        self.body(word, Vec::new(), Vec::new(), all)
    }

    /// Passes over something in braces.
    fn braces(&mut self) -> Result<(), Wrong> {
        self.expect("{")?;
        let mut open = 1_usize;
        while open > 0 {
            match self.peek() {
                None => return Err(self.wrong("expected `}`")),
                Some(token) if token.is("{") => open += 1,
                Some(token) if token.is("}") => open -= 1,
                Some(_) => {}
            }
            self.at += 1;
        }
        Ok(())
    }

    /// `word (head) body`
    fn headed(&mut self, all: &mut Vec<Statement>) -> Result<(), Wrong> {
        let word = self.name()?;
        self.expect("(")?;
        let start = self.at;
        let (mut head, mut names) = (Vec::new(), Vec::new());
        if matches!(word.text.as_str(), "for" | "catch") {
            names = self.names(")")?;
            self.at = start;
        }
        self.inside(true, |parser| parser.head(&word.text, &mut head))?;
        self.expect(")")?;
        if word.text == "while" && self.peek().is_none_or(|token| token.fresh || token.is(";")) {
            all.extend(head.into_iter().map(Statement::Plain));
            return Ok(());
        }
        self.body(word, head, names, all)
    }

    fn head(&mut self, word: &str, head: &mut Vec<Expr>) -> Result<(), Wrong> {
        if word == "catch" {
            while self.peek().is_some_and(|token| !token.is(")")) {
                self.at += 1;
            }
            return Ok(());
        }
        while self.peek().is_some_and(|token| !token.is(")")) {
            if self.take(";") || self.take(",") {
                continue;
            }
            let mut inner = Vec::new();
            self.flat_declaration(&mut inner)?;
            head.append(&mut inner);
            if self.take(":") || self.take_word("in") {
                head.push(self.expression()?);
            }
        }
        Ok(())
    }

    /// An expression in the head of a loop, or the value that a variable begins with there.
    fn flat_declaration(&mut self, head: &mut Vec<Expr>) -> Result<(), Wrong> {
        while self.word().is_some_and(|word| MODIFIERS.contains(&word)) {
            self.at += 1;
        }
        self.at += self.typed(false);
        if self.word().is_some() && (self.is_at(1, ":") || self.word_at(1) == Some("in")) {
            self.at += 1;
            return Ok(());
        }
        head.push(self.expression()?);
        Ok(())
    }

    /// A block, or the one statement in its place.
    fn body(
        &mut self,
        word: Word,
        head: Vec<Expr>,
        names: Vec<String>,
        all: &mut Vec<Statement>,
    ) -> Result<(), Wrong> {
        let mut body = Vec::new();
        if self.next_is("{") {
            body = self.block()?;
        } else if self.take(";") {
        } else {
            self.statement(&mut body)?;
        }
        all.push(Statement::Block(Block { word, head, names, body }));
        Ok(())
    }

    fn block(&mut self) -> Result<Vec<Statement>, Wrong> {
        self.expect("{")?;
        let body = self.inside(false, Self::statements)?;
        self.expect("}")?;
        Ok(body)
    }

    /// Passes over `@Name(…)`; what stands in the brackets is kept.
    fn annotations(&mut self, all: &mut Vec<Statement>) -> Result<(), Wrong> {
        while self.next_is("@") && self.word_at(1).is_some_and(|word| word != "interface") {
            self.at += 1;
            let name = self.name()?;
            while self.next_is(".") && self.word_at(1).is_some() {
                self.at += 2;
            }
            let mut steps = Vec::new();
            if self.near_is("(") {
                self.arguments(&mut steps)?;
            }
            let bytes = name.bytes.start..self.behind();
            let base = Expr { kind: Kind::Name(format!("@{}", name.text)), bytes: name.bytes };
            all.push(Statement::Plain(Expr { kind: Kind::Path { base: Box::new(base), steps }, bytes }));
        }
        // What a library is given to, `@Library('x') _`.
        if self.word() == Some("_") && self.peek_at(1).is_none_or(|token| token.fresh || token.is(";")) {
            self.at += 1;
        }
        Ok(())
    }

    /// Passes over the rest of a line.
    fn line(&mut self) {
        self.at += 1;
        while self.peek().is_some_and(|token| !token.fresh && !token.is(";")) {
            self.at += 1;
        }
    }
}
