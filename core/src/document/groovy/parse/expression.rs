//! Expressions: operands with signs between them.

use std::ops::Range;

use super::super::syntax::{Argument, Expr, Kind, Piece, Statement, Step};
use super::super::token;
use super::super::{Wrong, too_deep};
use super::{Parser, RESERVED};

/// Signs between two operands, but for those that set something.
const BETWEEN: [&str; 31] = [
    "+", "-", "*", "/", "%", "**", "<<", ">>", ">>>", "..", "..<", "<..", "<", "<=", ">", ">=", "==", "!=",
    "===", "!==", "<=>", "=~", "==~", "&", "^", "|", "&&", "||", "?:", "?", "in",
];

/// Those that may also begin the next line.
const LATER: [&str; 6] = ["&&", "||", "?:", "?", "==", "<<"];

const SETS: [&str; 14] =
    ["=", "+=", "-=", "*=", "/=", "%=", "**=", "<<=", ">>=", ">>>=", "&=", "^=", "|=", "?="];

impl<'t> Parser<'t> {
    pub(super) fn expression(&mut self) -> Result<Expr, Wrong> {
        self.deeper(self.flat, Self::operands)
    }

    /// Operands and the signs between them. Which binds closer is of no matter: only texts are put together.
    fn operands(&mut self) -> Result<Expr, Wrong> {
        let mut operands = vec![self.operand()?];
        let mut signs: Vec<&str> = Vec::new();
        while let Some(sign) = self.between() {
            signs.push(sign);
            match sign {
                "as" | "instanceof" => self.type_name()?,
                "?" => {
                    operands.push(self.expression()?);
                    self.expect(":")?;
                    operands.push(self.expression()?);
                }
                _ => operands.push(self.operand()?),
            }
        }
        Ok(combined(operands, &signs))
    }

    /// Takes the sign between two operands, if there is one.
    fn between(&mut self) -> Option<&'static str> {
        const WORDS: [&str; 3] = ["as", "in", "instanceof"];
        let near = self.near().is_some();
        let ahead = usize::from(near && self.next_is("!"));
        if let Some(word) = self.word_at(ahead).filter(|_| near) {
            let word = WORDS.into_iter().find(|own| *own == word)?;
            self.at += ahead + 1;
            return Some(word);
        }
        let token::Kind::Sign(sign) = self.peek()?.kind else { return None };
        if !near && !LATER.contains(&sign) || !BETWEEN.contains(&sign) && !SETS.contains(&sign) {
            return None;
        }
        self.at += 1;
        Some(sign)
    }

    pub(super) fn type_name(&mut self) -> Result<(), Wrong> {
        if self.next_is("(") {
            return self.operand().map(|_| ());
        }
        self.name()?;
        while self.next_is(".") && self.word_at(1).is_some() {
            self.at += 2;
        }
        if self.near_is("<") {
            self.type_arguments();
        }
        while self.next_is("[") && self.is_at(1, "]") {
            self.at += 2;
        }
        Ok(())
    }

    /// A value with what is taken of it, and signs before and behind it.
    fn operand(&mut self) -> Result<Expr, Wrong> {
        const BEFORE: [&str; 7] = ["!", "~", "-", "+", "++", "--", "*"];
        let start = self.start();
        let mut signs = Vec::new();
        while let Some(sign) = BEFORE.into_iter().find(|sign| self.next_is(sign)) {
            self.at += 1;
            signs.push(sign);
        }
        let base = self.primary()?;
        let value = self.steps(base)?;
        for sign in ["++", "--"] {
            if self.near_is(sign) {
                self.at += 1;
                signs.push(sign);
            }
        }
        if signs.is_empty() {
            return Ok(value);
        }
        let bytes = start..self.behind();
        let is_number = matches!(value.kind, Kind::Plain)
            && self.text.as_bytes().get(value.bytes.start).is_some_and(u8::is_ascii_digit);
        let kind = if is_number && matches!(signs.as_slice(), ["-" | "+"]) {
            Kind::Plain
        } else if signs.iter().any(|sign| matches!(*sign, "++" | "--")) {
            let counted = Expr { kind: Kind::Other(Vec::new()), bytes: bytes.clone() };
            Kind::Set { to: vec![value], value: Box::new(counted), plain: false }
        } else {
            Kind::Other(vec![value])
        };
        Ok(Expr { kind, bytes })
    }

    pub(super) fn primary(&mut self) -> Result<Expr, Wrong> {
        let Some(token) = self.peek() else { return Err(self.wrong("expected a value")) };
        let start = token.bytes.start;
        let kind = match &token.kind {
            token::Kind::Number => {
                self.at += 1;
                Kind::Plain
            }
            token::Kind::Text(pieces) => {
                self.at += 1;
                Kind::Text(self.pieces(pieces)?)
            }
            token::Kind::Word => self.named()?,
            token::Kind::Sign("(") => return self.bracketed(),
            token::Kind::Sign("[") => self.list_or_map()?,
            token::Kind::Sign("{") => self.closure()?,
            token::Kind::Sign("@") => return self.annotation(),
            token::Kind::Sign(_) => return Err(self.wrong("expected a value")),
        };
        Ok(Expr { kind, bytes: start..self.behind() })
    }

    fn named(&mut self) -> Result<Kind, Wrong> {
        let word = self.word().unwrap_or_default();
        if matches!(word, "true" | "false" | "null") {
            self.at += 1;
            return Ok(Kind::Plain);
        }
        if word == "new" {
            return self.made();
        }
        if RESERVED.contains(&word) && !matches!(word, "default" | "in" | "as") {
            return Err(self.wrong(&format!("`{word}` is no value")));
        }
        self.at += 1;
        Ok(Kind::Name(word.to_owned()))
    }

    /// `new Type(arguments) { … }`
    fn made(&mut self) -> Result<Kind, Wrong> {
        self.at += 1;
        self.type_name()?;
        let mut steps = Vec::new();
        loop {
            if self.near_is("[") {
                self.index(&mut steps)?;
            } else if self.near_is("(") || self.near_is("{") {
                self.arguments(&mut steps)?;
            } else {
                break;
            }
        }
        let inner = steps.into_iter().flat_map(|step| match step {
            Step::Call(arguments) => arguments.into_iter().map(Argument::set).collect(),
            Step::Index(items) => items,
            Step::Member(_) => Vec::new(),
        });
        Ok(Kind::Other(inner.collect()))
    }

    /// `(value)`, or a type before the value that it is made into.
    pub(super) fn bracketed(&mut self) -> Result<Expr, Wrong> {
        if self.is_cast() {
            return self.deeper(self.flat, Self::operand);
        }
        let start = self.expect("(")?.start;
        let mut inner = self.inside(true, |parser| {
            let mut inner = vec![parser.expression()?];
            while parser.take(",") {
                inner.push(parser.expression()?);
            }
            Ok(inner)
        })?;
        self.expect(")")?;
        let is_type = matches!(inner.as_slice(), [one] if is_name(one));
        if is_type && self.begins_argument() {
            return self.deeper(self.flat, Self::operand);
        }
        if inner.len() == 1
            && let Some(one) = inner.pop()
        {
            return Ok(one);
        }
        Ok(Expr { kind: Kind::Other(inner), bytes: start..self.behind() })
    }

    /// Takes a type in brackets that can be nothing else: `(List<String>)`, `(String[])`.
    fn is_cast(&mut self) -> bool {
        let start = self.at;
        let is_type = self.take("(") && self.word().is_some() && self.type_name().is_ok();
        let is_sure = self.is_behind("]") || self.is_behind(">") || self.is_behind(">>");
        if is_type && is_sure && self.take(")") {
            return true;
        }
        self.at = start;
        false
    }

    pub(super) fn pieces(&mut self, pieces: &'t [token::Piece]) -> Result<Vec<Piece>, Wrong> {
        let piece = |piece: &'t token::Piece| match piece {
            token::Piece::Same(bytes) => Ok(Piece::Same(bytes.clone())),
            token::Piece::Means(text, bytes) => Ok(Piece::Means(text.clone(), bytes.clone())),
            token::Piece::Filled(tokens, bytes) if tokens.is_empty() => {
                Ok(Piece::Filled(None, bytes.clone()))
            }
            token::Piece::Filled(tokens, bytes) => {
                let levels = self.levels.checked_sub(1).ok_or_else(|| too_deep(bytes.clone()))?;
                let mut inner = Parser {
                    text: self.text,
                    tokens,
                    at: 0,
                    levels,
                    flat: true,
                    bare: false,
                    class: self.class,
                    end: bytes.end,
                };
                Ok(Piece::Filled(Some(Box::new(inner.filled(bytes)?)), bytes.clone()))
            }
        };
        pieces.iter().map(piece).collect()
    }

    /// What is filled into a string: an expression, or statements of which the last one gives the value.
    fn filled(&mut self, bytes: &Range<usize>) -> Result<Expr, Wrong> {
        let is_closure = self.take("->");
        while self.word().is_some() && self.is_at(1, ":") {
            self.at += 2;
        }
        let start = self.at;
        let mut body = Vec::new();
        match self.expression() {
            Ok(value) => {
                self.take(";");
                if self.at == self.tokens.len() {
                    return Ok(value);
                }
                body.push(Statement::Plain(value));
            }
            // What is wrong further in is wrong in statements, too: nothing is read twice on each level.
            Err(wrong) if is_closure || self.is_in_text(&wrong.1) => return Err(wrong),
            Err(_) => (self.at, self.bare) = (start, false),
        }
        self.flat = false;
        if !is_closure {
            body.append(&mut self.statements()?);
        }
        if self.at < self.tokens.len() {
            return Err(self.wrong("expected the end of the expression"));
        }
        Ok(Expr {
            kind: Kind::Other(vec![Expr {
                kind: Kind::Closure { names: Vec::new(), body },
                bytes: bytes.clone(),
            }]),
            bytes: bytes.clone(),
        })
    }

    /// Whether some bytes are those of an expression in one of the texts here.
    fn is_in_text(&self, bytes: &Range<usize>) -> bool {
        self.tokens.iter().any(|token| {
            matches!(token.kind, token::Kind::Text(_))
                && token.bytes.start < bytes.start
                && bytes.start < token.bytes.end
        })
    }

    pub(super) fn closure(&mut self) -> Result<Kind, Wrong> {
        self.expect("{")?;
        self.inside(false, |parser| {
            let (names, defaults) = parser.of_closure()?;
            let mut body: Vec<Statement> = defaults.into_iter().map(Statement::Plain).collect();
            body.append(&mut parser.statements()?);
            parser.expect("}")?;
            Ok(Kind::Closure { names, body })
        })
    }

    /// `a, b = c ->` at the start of a closure.
    fn of_closure(&mut self) -> Result<(Vec<String>, Vec<Expr>), Wrong> {
        const PART: [&str; 15] =
            [",", ".", "..", "<", ">", ">>", "[", "]", "=", ":", "@", "?", "(", ")", "-"];
        let mut ahead = 0;
        loop {
            match self.peek_at(ahead) {
                None => return Ok(Default::default()),
                Some(token) if token.is("->") => break,
                Some(token) => {
                    let fits =
                        !matches!(token.kind, token::Kind::Sign(_)) || PART.iter().any(|sign| token.is(sign));
                    if !fits || token.fresh && ahead > 0 && !self.is_at(ahead - 1, ",") {
                        return Ok(Default::default());
                    }
                }
            }
            ahead += 1;
        }
        let all = self.parameters("->")?;
        self.expect("->")?;
        Ok(all)
    }
}

/// Whether an expression is a name, or one with points in it.
fn is_name(expr: &Expr) -> bool {
    match &expr.kind {
        Kind::Name(_) => true,
        Kind::Path { base, steps } => {
            is_name(base) && steps.iter().all(|step| matches!(step, Step::Member(_)))
        }
        _ => false,
    }
}

/// Operands with the signs between them.
fn combined(mut operands: Vec<Expr>, signs: &[&str]) -> Expr {
    let start = operands.first().map_or(0, |first| first.bytes.start);
    let end = operands.last().map_or(0, |last| last.bytes.end);
    if signs.is_empty()
        && let Some(one) = operands.pop()
    {
        return one;
    }
    let bytes = start..end;
    let sets = signs.iter().take_while(|sign| SETS.contains(sign)).count();
    if sets > 0 {
        let rest = operands.split_off(sets);
        let plain = signs.iter().take(sets).all(|sign| *sign == "=");
        let value = combined(rest, signs.get(sets..).unwrap_or_default());
        return Expr { kind: Kind::Set { to: operands, value: Box::new(value), plain }, bytes };
    }
    let kind =
        if signs.iter().all(|sign| *sign == "+") { Kind::Sum(operands) } else { Kind::Other(operands) };
    Expr { kind, bytes }
}
