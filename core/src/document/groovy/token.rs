//! Words, numbers, strings and signs of Groovy (<https://groovy-lang.org/syntax.html>).
//!
//! A string with `${…}` in it holds the tokens of these expressions. What the language reads before all else, a
//! `\uXXXX` anywhere, is read in strings alone: outside them it is refused, and where it would end a string or a
//! comment, too.

use std::ops::Range;

use super::Wrong;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    Word,
    Number,
    Text(Vec<Piece>),
    Sign(&'static str),
}

/// A part of a string.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    /// What stands there.
    Same(Range<usize>),
    /// What an escape means.
    Means(String, Range<usize>),
    /// An expression that is filled in, with the bytes of all of it.
    Filled(Vec<Token>, Range<usize>),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) bytes: Range<usize>,
    /// Whether a line ended before it.
    pub(super) fresh: bool,
}

impl Token {
    pub(super) fn is(&self, sign: &str) -> bool {
        matches!(&self.kind, Kind::Sign(own) if *own == sign)
    }
}

/// The signs, longer ones before those that they begin with.
const SIGNS: [&str; 68] = [
    ">>>=", "<<=", ">>=", ">>>", "**=", "<=>", "===", "!==", "==~", "..<", "<..", "?.", "?:", "?=", "*.",
    "*:", ".&", ".@", "::", "->", "++", "--", "**", "+=", "-=", "*=", "/=", "%=", "&=", "^=", "|=", "<<",
    ">>", "<=", ">=", "==", "!=", "=~", "&&", "||", "..", "{", "}", "(", ")", "[", "]", ",", ";", ":", ".",
    "?", "=", "+", "-", "*", "/", "%", "<", ">", "!", "~", "&", "^", "|", "@", "#", "\\",
];

const ESCAPED: &str = "the escape means a sign of the language: write the sign";

/// Strings inside expressions inside strings.
const MOST_LEVELS: usize = 16;

/// The tokens of a text.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Wrong> {
    let mut scan = Scan { text, at: 0, level: 0 };
    if text.starts_with(crate::position::BOM) {
        scan.at = crate::position::BOM.len_utf8();
    }
    if scan.rest().starts_with("#!") {
        scan.at = scan.line_end();
        scan.comment(0)?;
    }
    scan.run(false)
}

/// Whether a word begins at a character.
pub(super) fn begins_word(one: char) -> bool {
    one.is_alphabetic() || one == '_' || one == '$'
}

/// Where a string of some form ends, and what is read in it.
#[derive(Clone, Copy)]
struct Form {
    end: &'static str,
    /// Whether a line may end in it.
    lines: bool,
    /// Whether `$` begins an expression.
    fills: bool,
    escapes: Escapes,
}

#[derive(Clone, Copy, PartialEq)]
enum Escapes {
    Quoted,
    Slashy,
    Dollar,
}

struct Scan<'t> {
    text: &'t str,
    at: usize,
    level: usize,
}

impl<'t> Scan<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn line_end(&self) -> usize {
        self.rest().find(['\n', '\r']).map_or(self.text.len(), |length| self.at + length)
    }

    /// Reads up to the end, or, inside a string, up to the brace that ends an expression.
    fn run(&mut self, inside: bool) -> Result<Vec<Token>, Wrong> {
        let mut all: Vec<Token> = Vec::new();
        let mut open = 0_usize;
        loop {
            let fresh = self.space()?;
            let start = self.at;
            let Some(first) = self.rest().chars().next() else {
                return if inside {
                    Err(("the expression in the string is not closed".to_owned(), start..start))
                } else {
                    Ok(all)
                };
            };
            if inside && open == 0 && first == '}' {
                return Ok(all);
            }
            let kind = self.token(first, all.last())?;
            match kind {
                Kind::Sign("{") => open += 1,
                Kind::Sign("}") => open = open.saturating_sub(1),
                _ => {}
            }
            all.push(Token { kind, bytes: start..self.at, fresh });
        }
    }

    fn token(&mut self, first: char, last: Option<&Token>) -> Result<Kind, Wrong> {
        let rest = self.rest();
        if let Some(form) = form(rest, last.is_none_or(|last| is_open(self.text, last))) {
            return self.string(form);
        }
        if begins_word(first) {
            let end = rest.find(|one: char| !begins_word(one) && !one.is_alphanumeric());
            self.at += end.unwrap_or(rest.len());
            return Ok(Kind::Word);
        }
        if first.is_ascii_digit() {
            self.number();
            return Ok(Kind::Number);
        }
        let sign =
            SIGNS.iter().find(|sign| rest.starts_with(**sign)).filter(|sign| !matches!(**sign, "#" | "\\"));
        let Some(sign) = sign else {
            let shown = first.escape_default();
            return Err((format!("`{shown}` cannot stand here"), self.at..self.at + first.len_utf8()));
        };
        self.at += sign.len();
        Ok(Kind::Sign(sign))
    }

    /// Digits, with what says in which base and of which type. A point belongs to it where a digit follows.
    fn number(&mut self) {
        let rest = self.rest();
        let mut before = ' ';
        let mut length = 0;
        for (at, one) in rest.char_indices() {
            let behind = rest.get(at + 1..).and_then(|more| more.chars().next());
            let point = one == '.' && behind.is_some_and(|next| next.is_ascii_digit());
            let exponent = matches!(one, '+' | '-') && matches!(before, 'e' | 'E') && !rest.starts_with("0x");
            if !(one.is_ascii_alphanumeric() || one == '_' || point || exponent) {
                break;
            }
            before = one;
            length = at + 1;
        }
        self.at += length;
    }

    /// Passes over blanks and comments; whether a line ended among them.
    fn space(&mut self) -> Result<bool, Wrong> {
        let mut fresh = self.at == 0;
        loop {
            let rest = self.rest();
            let blank = rest.len() - rest.trim_start().len();
            fresh |= rest.get(..blank).is_some_and(|blank| blank.contains(['\n', '\r']));
            self.at += blank;
            let rest = self.rest();
            let start = self.at;
            if rest.starts_with("//") {
                self.at = self.line_end();
                self.comment(start)?;
            } else if let Some(comment) = rest.strip_prefix("/*") {
                let end = comment
                    .find("*/")
                    .ok_or(("the comment is not closed".to_owned(), self.at..self.at + 2))?;
                fresh |= comment.get(..end).is_some_and(|comment| comment.contains(['\n', '\r']));
                self.at += end + 4;
                self.comment(start)?;
            } else if rest.starts_with("\\\n") || rest.starts_with("\\\r\n") {
                // A line that goes on in the next one.
                self.at += 1;
                let rest = self.rest();
                self.at += rest.len() - rest.trim_start().len();
            } else {
                return Ok(fresh);
            }
        }
    }

    /// Refuses a comment, which is read up to here, in which an escape means what may end it.
    fn comment(&self, start: usize) -> Result<(), Wrong> {
        let text = self.text.get(start..self.at).unwrap_or_default();
        for (at, _) in text.match_indices("\\u") {
            let digits = text.get(at..).unwrap_or_default().trim_start_matches('\\').trim_start_matches('u');
            let meant = digits.get(..4).and_then(|digits| u32::from_str_radix(digits, 16).ok());
            if matches!(meant.and_then(char::from_u32), Some('\n' | '\r' | '*' | '/')) {
                return Err((ESCAPED.to_owned(), start + at..start + at + 2));
            }
        }
        Ok(())
    }

    fn string(&mut self, form: Form) -> Result<Kind, Wrong> {
        let start = self.at;
        self.at += form.end.len();
        let mut pieces = Vec::new();
        let mut from = self.at;
        let unclosed = |at: usize| ("the string is not closed".to_owned(), start..at);
        loop {
            let rest = self.rest();
            let Some(first) = rest.chars().next() else {
                return Err(unclosed(start + form.end.len()));
            };
            let special = self.special(form, first)?;
            if special.is_none() && rest.starts_with(form.end) {
                same(&mut pieces, from..self.at);
                self.at += form.end.len();
                return Ok(Kind::Text(pieces));
            }
            if matches!(first, '\n' | '\r') && !form.lines {
                return Err(unclosed(self.at));
            }
            match special {
                None => self.at += first.len_utf8(),
                Some((piece, length)) => {
                    same(&mut pieces, from..self.at);
                    self.at += length;
                    from = self.at;
                    pieces.push(piece);
                }
            }
        }
    }

    /// What stands for something else at this place in a string, and its length.
    fn special(&mut self, form: Form, first: char) -> Result<Option<(Piece, usize)>, Wrong> {
        let rest = self.rest();
        let means = |text: &str, length: usize| {
            Some((Piece::Means(text.to_owned(), self.at..self.at + length), length))
        };
        match (first, form.escapes) {
            ('\r', _) if rest.starts_with("\r\n") => return Ok(means("\n", 2)),
            ('\\', _) if rest.starts_with("\\u") => return self.unicode().map(Some),
            ('\\', Escapes::Quoted) => {
                let (meant, length) = escape(rest)
                    .ok_or_else(|| ("unknown escape after `\\`".to_owned(), self.at..self.at + 1))?;
                return Ok(means(meant, length));
            }
            ('\\', Escapes::Slashy) if rest.starts_with("\\/") => return Ok(means("/", 2)),
            ('$', Escapes::Dollar) if rest.starts_with("$$") => return Ok(means("$", 2)),
            ('$', Escapes::Dollar) if rest.starts_with("$/") && !rest.starts_with("$/$") => {
                return Ok(means("/", 2));
            }
            _ => {}
        }
        if first != '$' || !form.fills {
            return Ok(None);
        }
        if rest.starts_with("${") {
            return self.filled().map(Some);
        }
        let begins = rest.chars().nth(1).is_some_and(|one| begins_word(one) && one != '$');
        Ok(begins.then(|| self.path()))
    }

    /// `${…}`
    fn filled(&mut self) -> Result<(Piece, usize), Wrong> {
        if self.level == MOST_LEVELS {
            return Err(("strings are inside each other too deep".to_owned(), self.at..self.at + 2));
        }
        let mut inner = Scan { text: self.text, at: self.at + 2, level: self.level + 1 };
        let tokens = inner.run(true)?;
        let bytes = self.at..inner.at + 1;
        let length = bytes.len();
        Ok((Piece::Filled(tokens, bytes), length))
    }

    /// `$name.name`
    fn path(&self) -> (Piece, usize) {
        let mut tokens = Vec::new();
        let mut at = self.at + 1;
        loop {
            let rest = self.text.get(at..).unwrap_or_default();
            let is_part = |one: char| begins_word(one) && one != '$' || one.is_alphanumeric();
            let length = rest.find(|one: char| !is_part(one)).unwrap_or(rest.len());
            tokens.push(Token { kind: Kind::Word, bytes: at..at + length, fresh: false });
            at += length;
            let behind = self.text.get(at..).unwrap_or_default();
            let next = behind.strip_prefix('.').and_then(|rest| rest.chars().next());
            if !next.is_some_and(|one| begins_word(one) && one != '$') {
                break;
            }
            tokens.push(Token { kind: Kind::Sign("."), bytes: at..at + 1, fresh: false });
            at += 1;
        }
        (Piece::Filled(tokens, self.at..at), at - self.at)
    }

    /// `\uXXXX`: read before strings are, so that one that means a quote would end the string.
    fn unicode(&self) -> Result<(Piece, usize), Wrong> {
        let rest = self.rest();
        let marks = rest.bytes().skip(1).take_while(|byte| *byte == b'u').count();
        let unit = |at: usize| {
            let digits = rest.get(at..at + 4).filter(|own| own.bytes().all(|one| one.is_ascii_hexdigit()))?;
            u16::from_str_radix(digits, 16).ok()
        };
        let (first, length) = (unit(1 + marks), 5 + marks);
        // Two of them are one character outside of the first plane.
        let second = rest.get(length..length + 2).filter(|own| *own == "\\u").and_then(|_| unit(length + 2));
        let pair = first.zip(second).and_then(|(first, second)| one_of_units(&[first, second]));
        let length = if pair.is_some() { length + 6 } else { length };
        let bytes = self.at..self.at + rest.len().min(length);
        match pair.or_else(|| one_of_units(&[first?])) {
            Some('\'' | '"' | '\\' | '/' | '$' | '\n' | '\r' | '{' | '}') => Err((ESCAPED.to_owned(), bytes)),
            Some(one) => Ok((Piece::Means(one.to_string(), bytes.clone()), bytes.len())),
            None => Err(("the escape is no character".to_owned(), bytes.start..bytes.start + 2)),
        }
    }
}

/// The one character that UTF-16 has in these units.
fn one_of_units(units: &[u16]) -> Option<char> {
    let mut all = char::decode_utf16(units.iter().copied());
    all.next()?.ok().filter(|_| all.next().is_none())
}

fn same(pieces: &mut Vec<Piece>, bytes: Range<usize>) {
    if !bytes.is_empty() {
        pieces.push(Piece::Same(bytes));
    }
}

/// The form of the string that a text begins with. `/` and `$/` begin one only where a value may stand.
fn form(rest: &str, is_open: bool) -> Option<Form> {
    let quoted = |end, lines, fills| Some(Form { end, lines, fills, escapes: Escapes::Quoted });
    match rest.as_bytes() {
        [b'\'', b'\'', b'\'', ..] => quoted("'''", true, false),
        [b'\'', ..] => quoted("'", false, false),
        [b'"', b'"', b'"', ..] => quoted("\"\"\"", true, true),
        [b'"', ..] => quoted("\"", false, true),
        [b'$', b'/', ..] if is_open => {
            Some(Form { end: "/$", lines: true, fills: true, escapes: Escapes::Dollar })
        }
        [b'/', b'=', ..] => None,
        [b'/', ..] if is_open => Some(Form { end: "/", lines: true, fills: true, escapes: Escapes::Slashy }),
        _ => None,
    }
}

/// Whether a value may follow a token, so that `/` divides nothing.
fn is_open(text: &str, last: &Token) -> bool {
    match last.kind {
        Kind::Word => matches!(
            text.get(last.bytes.clone()),
            Some("assert" | "case" | "else" | "in" | "return" | "throw")
        ),
        Kind::Number | Kind::Text(_) => false,
        Kind::Sign(sign) => !matches!(sign, ")" | "]" | "}" | "++" | "--"),
    }
}

/// What an escape between quotes means, and its length.
fn escape(rest: &str) -> Option<(&'static str, usize)> {
    let meant = match rest.as_bytes().get(1)? {
        b'n' => "\n",
        b't' => "\t",
        b'r' => "\r",
        b'b' => "\u{8}",
        b'f' => "\u{c}",
        b's' => " ",
        b'0' => "\0",
        b'\\' => "\\",
        b'\'' => "'",
        b'"' => "\"",
        b'$' => "$",
        b'\n' => "",
        b'\r' if rest.starts_with("\\\r\n") => return Some(("", 3)),
        b'\r' => "",
        _ => return None,
    };
    Some((meant, 2))
}
