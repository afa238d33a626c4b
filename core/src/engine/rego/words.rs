//! The words of a Rego file: dotted names, and whether each is called. Refuses what is nested too deep to be read.

use regorus::Source;
use regorus::unstable::{Lexer, Span, Token, TokenKind};

use super::{RegoError, error};

/// Deepest nesting of brackets: the parser's time doubles with each level.
const MOST_NESTED: usize = 14;

/// A dotted name in a rule: `input.review.object`, `pod.host_paths`, `count`.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
    /// Where it begins in the text, in bytes.
    pub(crate) start: u32,
    /// Whether a parenthesis follows at once.
    pub(crate) called: bool,
}

/// The tokens of a file, unless it is nested too deep to be read.
pub(super) fn tokens(source: &Source) -> Result<Vec<Token>, RegoError> {
    check_sets(source)?;
    let mut lexer = Lexer::new(source);
    let mut tokens = Vec::new();
    loop {
        let token = lexer.next_token().map_err(|e| error(&e))?;
        if token.0 == TokenKind::Eof {
            check_nesting(&tokens)?;
            return Ok(tokens);
        }
        tokens.push(token);
    }
}

/// Refuses a chain of `set(set(set(…`: behind each the engine looks for the next token by calling itself.
fn check_sets(source: &Source) -> Result<(), RegoError> {
    let mut chain = 0;
    for piece in source.contents().split("set(").skip(1) {
        let is_blank =
            piece.lines().all(|line| matches!(line.trim_start().as_bytes().first(), None | Some(b'#')));
        chain = if is_blank { chain + 1 } else { 0 };
        if chain > MOST_NESTED {
            return Err(nested_too_deep(1, 1));
        }
    }
    Ok(())
}

fn nested_too_deep(line: u32, column: u32) -> RegoError {
    RegoError { line, column, reason: format!("brackets are nested deeper than {MOST_NESTED}") }
}

fn check_nesting(tokens: &[Token]) -> Result<(), RegoError> {
    deeper_than(tokens, MOST_NESTED).map_or(Ok(()), |span| Err(nested_too_deep(span.line, span.col)))
}

/// Where brackets are first nested deeper than `most`.
pub(super) fn deeper_than(tokens: &[Token], most: usize) -> Option<&Span> {
    let mut depth = 0_usize;
    for Token(kind, span) in tokens {
        match (kind, span.text()) {
            // The engine reads an empty set, `set()`, as the name `set(` and a bracket.
            (TokenKind::Symbol, "(" | "[" | "{") | (TokenKind::Ident, "set(") => depth += 1,
            (TokenKind::Symbol, ")" | "]" | "}") => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > most {
            return Some(span);
        }
    }
    None
}

/// Joins names with the dots between them, and with constant keys: `numbers["range"]` is `numbers.range`.
pub(super) fn words(tokens: &[Token]) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    // Where the last word ends, if nothing stands behind it yet.
    let mut end = None;
    let mut rest = tokens;
    while let Some((Token(kind, span), after)) = rest.split_first() {
        rest = after;
        let last = words.last_mut().filter(|_| end.is_some());
        let touches = end == Some(span.start);
        end = match (kind, span.text(), after, last) {
            (TokenKind::Symbol, ".", [Token(TokenKind::Ident, field), after @ ..], Some(word)) if touches => {
                rest = after;
                word.push(field.text());
                Some(field.end)
            }
            (
                TokenKind::Symbol,
                "[",
                [Token(TokenKind::String, key), Token(TokenKind::Symbol, close), after @ ..],
                Some(word),
            ) if touches && close.text() == "]" => {
                rest = after;
                word.push(&unescape(key.text()));
                Some(close.end)
            }
            // The engine calls over white space and line breaks, too.
            (TokenKind::Symbol, "(", _, Some(word)) => {
                word.called = true;
                None
            }
            (TokenKind::Ident, text, ..) => {
                let (line, column, start) = (span.line, span.col, span.start);
                words.push(Word { text: text.to_owned(), line, column, start, called: false });
                Some(span.end)
            }
            _ => None,
        };
    }
    words
}

impl Word {
    fn push(&mut self, part: &str) {
        self.text.push('.');
        self.text.push_str(part);
    }
}

/// The text of a string literal, without its quotes.
fn unescape(literal: &str) -> String {
    serde_json::from_str(&format!("\"{literal}\"")).unwrap_or_else(|_| literal.to_owned())
}
