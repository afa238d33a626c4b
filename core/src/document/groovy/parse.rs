//! From tokens to statements (<https://groovy-lang.org/structure.html>, <https://groovy-lang.org/semantics.html>).

mod call;
mod declaration;
mod expression;

use std::ops::Range;

use self::declaration::MODIFIERS;
use super::syntax::{Block, Expr, Kind, Statement, Word};
use super::token::{self, Token};
use super::{Wrong, too_deep};

/// Reads a program.
pub(super) fn program(text: &str, levels: usize) -> Result<Vec<Statement>, Wrong> {
    let tokens = token::tokens(text)?;
    let mut parser = Parser {
        text,
        tokens: &tokens,
        at: 0,
        levels,
        flat: false,
        bare: false,
        class: None,
        end: text.len(),
    };
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
    /// The name of the class that is read: a method of this name makes one.
    class: Option<&'t str>,
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

    /// Whether the last token was a sign.
    fn is_behind(&self, sign: &str) -> bool {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).is_some_and(|token| token.is(sign))
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
            if !ended
                && self.word() != Some("else")
                && !self.tokens.get(self.at - 1).is_some_and(|last| last.is("}") || last.is(":"))
            {
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
        if self.annotations(all)? || self.peek().is_none_or(|token| token.is("}")) {
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
                if self.take(":") || self.take(",") {
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

    /// `word (head) body`
    fn headed(&mut self, all: &mut Vec<Statement>) -> Result<(), Wrong> {
        let word = self.name()?;
        self.expect("(")?;
        let start = self.at;
        let (mut head, mut names) = (Vec::new(), Vec::new());
        if matches!(word.text.as_str(), "for" | "catch") {
            names = self.names(&[")"])?;
            self.at = start;
        }
        self.inside(true, |parser| parser.head(&word.text, &mut head))?;
        self.expect(")")?;
        let ends = |token: &Token| token.fresh && !token.is("{") || token.is(";");
        if word.text == "while" && self.peek().is_none_or(ends) {
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
        while self.is_modifier() {
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

    /// Passes over `@Name(…)`; what stands in the brackets is kept. Says whether it is given to a name alone, as in
    /// `@Library('x') _`.
    fn annotations(&mut self, all: &mut Vec<Statement>) -> Result<bool, Wrong> {
        let start = self.at;
        while self.next_is("@") && self.word_at(1).is_some_and(|word| word != "interface") {
            let annotation = self.annotation()?;
            all.push(Statement::Plain(annotation));
        }
        let is_named = |word: &str| word == "_" || self.near().is_some() && !MODIFIERS.contains(&word);
        let is_alone = self.at > start
            && self.word().is_some_and(is_named)
            && self.peek_at(1).is_none_or(|token| token.fresh || token.is(";"));
        self.at += usize::from(is_alone);
        Ok(is_alone)
    }

    /// `@Name(…)`, as the call of a name.
    fn annotation(&mut self) -> Result<Expr, Wrong> {
        self.expect("@")?;
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
        Ok(Expr { kind: Kind::Path { base: Box::new(base), steps }, bytes })
    }

    /// Passes over the rest of a line.
    fn line(&mut self) {
        self.at += 1;
        while self.peek().is_some_and(|token| !token.fresh && !token.is(";")) {
            self.at += 1;
        }
    }
}
