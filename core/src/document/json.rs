//! JSON text (RFC 8259) into documents: one value, or several lists and maps one after another.

use std::ops::Range;
use std::sync::Arc;

use jsonc_parser::tokens::Token;
use jsonc_parser::{Scanner, ScannerOptions};

use super::build::{Builder, Fault, Spent};
use super::error::{DocumentErrorKind as Kind, excerpt};
use super::node::Value;
use super::{Document, DocumentError, Limits, Text, number, syntax};

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    Document,
    Value,
    ItemOrEnd,
    KeyOrEnd,
    Key,
    Colon,
    CommaOrEnd,
}

struct Reader<'t> {
    text: &'t str,
    builder: Builder<'t>,
    /// For each open bracket whether it is a list.
    lists: Vec<bool>,
    expect: Expect,
}

/// Reads every value of a JSON stream; an error is the last.
pub(super) fn read(text: &Arc<Text>, limits: &Limits) -> Vec<Result<Document, DocumentError>> {
    let skipped =
        if text.text.starts_with(crate::position::BOM) { crate::position::BOM.len_utf8() } else { 0 };
    let body = text.text.get(skipped..).unwrap_or_default();
    let shift = |at: Range<usize>| at.start + skipped..at.end + skipped;
    let mut scanner = Scanner::new(body, &strict());
    let mut documents = Vec::new();
    let mut spent = Spent::default();
    let mut reader = Reader::new(body, limits, spent);
    loop {
        let fault = match reader.step(&mut scanner, skipped) {
            Ok(true) if reader.expect == Expect::Document => {
                let next = Reader::new(body, limits, spent);
                let (root, duplicates, now) = std::mem::replace(&mut reader, next).builder.finish(0);
                spent = now;
                reader.builder = Builder::new(limits, spent);
                documents.push(Ok(Document::new(text, documents.len(), root, duplicates)));
                continue;
            }
            Ok(true) if reader.expect != Expect::Document && documents.len() >= limits.documents => {
                (Kind::TooManyDocuments(limits.documents), scanner.token_start()..scanner.token_end())
            }
            Ok(true) => continue,
            Ok(false) => return documents,
            Err(fault) => fault,
        };
        documents.push(Err(DocumentError::new(text, documents.len(), shift(fault.1), fault.0)));
        return documents;
    }
}

fn strict() -> ScannerOptions {
    ScannerOptions {
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

fn wrong(problem: &str, at: Range<usize>) -> Fault {
    (Kind::Syntax { format: "JSON", problem: problem.to_owned() }, at)
}

impl<'t> Reader<'t> {
    fn new(text: &'t str, limits: &'t Limits, spent: Spent) -> Self {
        Self { text, builder: Builder::new(limits, spent), lists: Vec::new(), expect: Expect::Document }
    }

    /// Takes one token; whether there was one. `shift` is what spans in the tree are moved by.
    fn step(&mut self, scanner: &mut Scanner<'t>, shift: usize) -> Result<bool, Fault> {
        let before = scanner.token_end();
        let token = scanner
            .scan()
            .map_err(|error| wrong(syntax::json(error.kind()), error.range().start..error.range().end))?;
        let at = scanner.token_start()..scanner.token_end();
        self.check_space(before..at.start)?;
        let Some(token) = token else {
            if self.expect == Expect::Document {
                return Ok(false);
            }
            let end = self.text.trim_end().len();
            return Err(wrong("the text ends before the value does", end..end));
        };
        let place = at.start + shift..at.end + shift;
        let unshift = |(kind, bytes): Fault| (kind, bytes.start - shift..bytes.end - shift);
        match (self.expect, token) {
            (Expect::Document | Expect::Value | Expect::ItemOrEnd, token) => {
                self.value(token, at, place).map(|()| true)
            }
            (Expect::KeyOrEnd, Token::CloseBrace) => self.close(place).map_err(unshift).map(|()| true),
            (Expect::KeyOrEnd | Expect::Key, Token::String(key)) => {
                self.check_string(&at)?;
                self.builder.key(Arc::from(key), place);
                self.expect = Expect::Colon;
                Ok(true)
            }
            (Expect::KeyOrEnd | Expect::Key, _) => Err(wrong("expected a key in double quotes", at)),
            (Expect::Colon, Token::Colon) => {
                self.expect = Expect::Value;
                Ok(true)
            }
            (Expect::Colon, _) => Err(wrong("expected `:` after the key", at)),
            (Expect::CommaOrEnd, Token::Comma) => {
                self.expect = if self.lists.last() == Some(&true) { Expect::Value } else { Expect::Key };
                Ok(true)
            }
            (Expect::CommaOrEnd, Token::CloseBracket) if self.lists.last() == Some(&true) => {
                self.close(place).map_err(unshift).map(|()| true)
            }
            (Expect::CommaOrEnd, Token::CloseBrace) if self.lists.last() == Some(&false) => {
                self.close(place).map_err(unshift).map(|()| true)
            }
            (Expect::CommaOrEnd, _) if self.lists.last() == Some(&true) => {
                Err(wrong("expected `,` or `]`", at))
            }
            (Expect::CommaOrEnd, _) => Err(wrong("expected `,` or `}`", at)),
        }
    }

    fn value(&mut self, token: Token<'t>, at: Range<usize>, place: Range<usize>) -> Result<(), Fault> {
        let back = |(kind, _): Fault| (kind, at.clone());
        let value = match token {
            Token::OpenBrace => {
                self.builder.open_map(place, 0).map_err(back)?;
                self.lists.push(false);
                self.expect = Expect::KeyOrEnd;
                return Ok(());
            }
            Token::OpenBracket => {
                self.builder.open_list(place, 0).map_err(back)?;
                self.lists.push(true);
                self.expect = Expect::ItemOrEnd;
                return Ok(());
            }
            Token::CloseBracket if self.expect == Expect::ItemOrEnd => {
                return self.close(place).map_err(back);
            }
            _ if self.expect == Expect::Document => {
                return Err(wrong("expected `{` or `[` or the end of the text", at));
            }
            Token::String(text) => {
                self.check_string(&at)?;
                Value::String(Arc::from(text))
            }
            Token::Boolean(value) => Value::Bool(value),
            Token::Null => Value::Null,
            Token::Number(text) => match number(text) {
                Some(value) => value,
                None => return Err((Kind::BadNumber(excerpt(text)), at)),
            },
            _ => return Err(wrong("expected a value", at)),
        };
        self.builder.scalar(value, place, 0).map_err(back)?;
        self.expect = Expect::CommaOrEnd;
        Ok(())
    }

    fn close(&mut self, place: Range<usize>) -> Result<(), Fault> {
        self.lists.pop();
        self.builder.close(Some(place.end))?;
        self.expect = if self.lists.is_empty() { Expect::Document } else { Expect::CommaOrEnd };
        Ok(())
    }

    /// The scanner takes more for space than RFC 8259 §2 does.
    fn check_space(&self, between: Range<usize>) -> Result<(), Fault> {
        let text = self.text.get(between.clone()).unwrap_or_default();
        match text.find(|one| !matches!(one, ' ' | '\t' | '\r' | '\n')) {
            Some(at) => Err(wrong("unexpected character", between.start + at..between.end)),
            None => Ok(()),
        }
    }

    /// The scanner takes control characters in strings, which RFC 8259 §7 forbids.
    fn check_string(&self, at: &Range<usize>) -> Result<(), Fault> {
        let bytes = self.text.as_bytes().get(at.clone()).unwrap_or_default();
        match bytes.iter().position(|byte| *byte < 0x20) {
            Some(found) => {
                let found = at.start + found;
                Err(wrong("a control character in a string must be escaped", found..found + 1))
            }
            None => Ok(()),
        }
    }
}

/// A number of JSON: an integer if it is written as one and fits.
fn number(text: &str) -> Option<Value> {
    let whole = !text.contains(['.', 'e', 'E']);
    let integer = if whole { number::decimal(text) } else { None };
    integer.or_else(|| number::float(text).map(Value::Float))
}
