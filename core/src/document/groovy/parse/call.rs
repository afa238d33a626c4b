//! Lists, maps and arguments, and what is taken of a value: members, results of calls, items.

use super::super::Wrong;
use super::super::syntax::{Argument, Expr, Key, Kind, Piece, Step, Word};
use super::super::token::{self, Token};
use super::{Parser, RESERVED};

/// What stands for a name that is worked out.
const OPEN: &str = "${...}";

impl Parser<'_> {
    /// `[a, b]`, `[a: b]` and `[:]`
    pub(super) fn list_or_map(&mut self) -> Result<Kind, Wrong> {
        self.expect("[")?;
        self.inside(true, |parser| {
            if parser.take(":") {
                parser.expect("]")?;
                return Ok(Kind::Map(Vec::new()));
            }
            let (mut items, mut entries) = (Vec::new(), Vec::new());
            while !parser.next_is("]") {
                if parser.take("*:") {
                    match parser.expression()? {
                        Expr { kind: Kind::Map(more), .. } => entries.extend(more),
                        other => items.push(other),
                    }
                } else if let Some(key) = parser.key()? {
                    entries.push((key, parser.expression()?));
                } else {
                    items.push(parser.expression()?);
                }
                if !parser.comma() {
                    break;
                }
            }
            parser.expect("]")?;
            if entries.is_empty() {
                return Ok(Kind::List(items));
            }
            if items.is_empty() {
                return Ok(Kind::Map(entries));
            }
            // A map into which others are spread is known in part alone.
            items.extend(entries.into_iter().map(|(_, value)| value));
            Ok(Kind::Other(items))
        })
    }

    /// Takes the comma between two items, and one more: up to Groovy 2.5 a place may be empty.
    fn comma(&mut self) -> bool {
        let found = self.take(",");
        if found {
            self.take(",");
        }
        found
    }

    /// The key of a map or the name of an argument, with the colon behind it.
    fn key(&mut self) -> Result<Option<Key>, Wrong> {
        if self.next_is("(") {
            if !self.is_open_key() {
                return Ok(None);
            }
            let value = self.bracketed()?;
            self.expect(":")?;
            return Ok(Some(Key::Open(Box::new(value))));
        }
        let Some(token) = self.peek().filter(|_| self.is_at(1, ":")) else { return Ok(None) };
        let text = match &token.kind {
            token::Kind::Sign(_) => return Ok(None),
            token::Kind::Text(pieces) => self.constant(pieces),
            _ => self.text.get(token.bytes.clone()).map(str::to_owned),
        };
        let Some(text) = text else {
            let value = self.primary()?;
            self.expect(":")?;
            return Ok(Some(Key::Open(Box::new(value))));
        };
        self.at += 2;
        Ok(Some(Key::Word(Word { text, bytes: token.bytes.clone() })))
    }

    /// Whether the brackets that are next are a key.
    fn is_open_key(&self) -> bool {
        let (mut open, mut ahead) = (0_usize, 0);
        while let Some(token) = self.peek_at(ahead) {
            match token.kind {
                token::Kind::Sign("(" | "[" | "{") => open += 1,
                token::Kind::Sign(")" | "]" | "}") => open = open.saturating_sub(1),
                _ => {}
            }
            ahead += 1;
            if open == 0 {
                break;
            }
        }
        self.is_at(ahead, ":")
    }

    /// The text of a string in which nothing is filled in.
    fn constant(&self, pieces: &[token::Piece]) -> Option<String> {
        let mut text = String::new();
        for piece in pieces {
            match piece {
                token::Piece::Same(bytes) => text.push_str(self.text.get(bytes.clone())?),
                token::Piece::Means(meant, _) => text.push_str(meant),
                token::Piece::Filled(..) => return None,
            }
        }
        Some(text)
    }

    pub(super) fn steps(&mut self, base: Expr) -> Result<Expr, Wrong> {
        let base = self.quoted_name(base);
        let mut steps = Vec::new();
        loop {
            let of_base = matches!(base.kind, Kind::Name(_) | Kind::Closure { .. })
                || !steps.is_empty()
                || self.is_behind(")");
            let named = match steps.last() {
                Some(last) => matches!(last, Step::Member(_)),
                None => matches!(base.kind, Kind::Name(_)),
            };
            let called = matches!(steps.last(), Some(Step::Call(_)));
            if self.member(&mut steps)? {
            } else if of_base && self.near_is("(") || (named || called) && self.closure_is_next() {
                self.arguments(&mut steps)?;
            } else if self.near_is("[") {
                self.index(&mut steps)?;
            } else if named && !self.bare && self.begins_argument() {
                self.bare_arguments(&mut steps)?;
            } else if called && !self.bare && self.is_behind(")") && self.chained(&mut steps) {
            } else {
                break;
            }
        }
        if steps.is_empty() {
            return Ok(base);
        }
        let bytes = base.bytes.start..self.behind();
        Ok(Expr { kind: Kind::Path { base: Box::new(base), steps }, bytes })
    }

    /// Whether a closure for what stands before is next. In a statement it may begin on a line of its own.
    fn closure_is_next(&self) -> bool {
        if self.bare { self.near_is("{") } else { self.next_is("{") }
    }

    /// A name in quotes of what is called: `"name"(…)`, `'name' { … }`, `'name' 'argument'`.
    fn quoted_name(&self, base: Expr) -> Expr {
        let called = |next: &Token| {
            let is_text = matches!(next.kind, token::Kind::Text(_)) && !self.flat;
            next.is("(") && next.bytes.start == base.bytes.end || (next.is("{") || is_text) && !self.bare
        };
        let Kind::Text(pieces) = &base.kind else { return base };
        if !self.near().is_some_and(called) {
            return base;
        }
        Expr { kind: Kind::Name(self.named_by(pieces)), bytes: base.bytes }
    }

    fn named_by(&self, pieces: &[Piece]) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Same(bytes) => self.text.get(bytes.clone()).unwrap_or_default().to_owned(),
            Piece::Means(meant, _) => meant.clone(),
            Piece::Filled(..) => OPEN.to_owned(),
        };
        pieces.iter().map(piece).collect()
    }

    /// A name in quotes.
    pub(super) fn quoted(&mut self) -> Result<Word, Wrong> {
        match self.primary()? {
            Expr { kind: Kind::Text(pieces), bytes } => Ok(Word { text: self.named_by(&pieces), bytes }),
            _ => Err(self.wrong("expected a name")),
        }
    }

    /// `.name`, `?.name`, `*.name`, `.&name`, `::name`, also on the next line.
    fn member(&mut self, steps: &mut Vec<Step>) -> Result<bool, Wrong> {
        const SIGNS: [&str; 6] = [".", "?.", "*.", ".&", ".@", "::"];
        if !self.peek().is_some_and(|token: &Token| SIGNS.iter().any(|sign| token.is(sign))) {
            return Ok(false);
        }
        self.at += 1;
        self.take("@");
        if self.next_is("<") {
            self.type_arguments();
        }
        let Some(token) = self.peek() else { return Err(self.wrong("expected a name")) };
        let text = match &token.kind {
            token::Kind::Text(pieces) => self.constant(pieces).unwrap_or_else(|| OPEN.to_owned()),
            token::Kind::Word => self.word().unwrap_or_default().to_owned(),
            token::Kind::Sign("(") => OPEN.to_owned(),
            token::Kind::Sign("{" | "[") => String::new(),
            _ => return Err(self.wrong("expected a name")),
        };
        self.at += usize::from(!matches!(token.kind, token::Kind::Sign(_)));
        steps.push(Step::Member(Word { text, bytes: token.bytes.clone() }));
        Ok(true)
    }

    pub(super) fn index(&mut self, steps: &mut Vec<Step>) -> Result<(), Wrong> {
        let items = match self.list_or_map()? {
            Kind::List(items) | Kind::Other(items) => items,
            Kind::Map(entries) => entries.into_iter().map(|(_, value)| value).collect(),
            _ => Vec::new(),
        };
        steps.push(Step::Index(items));
        Ok(())
    }

    /// Whether an argument without brackets is next, on the same line.
    pub(super) fn begins_argument(&self) -> bool {
        let Some(token) = self.near() else { return false };
        match &token.kind {
            token::Kind::Word => {
                self.is_at(1, ":") || self.word().is_some_and(|word| !RESERVED.contains(&word))
            }
            token::Kind::Number | token::Kind::Text(_) => true,
            token::Kind::Sign(_) => false,
        }
    }

    /// `(arguments) { … }`, or the closure alone.
    pub(super) fn arguments(&mut self, steps: &mut Vec<Step>) -> Result<(), Wrong> {
        let mut all = Vec::new();
        if !self.next_is("(")
            && let Some(Step::Call(bare)) = steps.last_mut()
        {
            // The closure behind arguments without brackets.
            all = std::mem::take(bare);
            steps.pop();
        }
        if self.take("(") {
            self.inside(true, |parser| {
                while !parser.next_is(")") {
                    parser.argument(&mut all)?;
                    if !parser.comma() {
                        break;
                    }
                }
                Ok(())
            })?;
            self.expect(")")?;
        }
        while self.closure_is_next() {
            let start = self.start();
            let kind = self.closure()?;
            all.push(Argument { name: None, value: Expr { kind, bytes: start..self.behind() } });
        }
        steps.push(Step::Call(all));
        Ok(())
    }

    fn argument(&mut self, all: &mut Vec<Argument>) -> Result<(), Wrong> {
        let is_spread = self.take("*:");
        let name = self.key()?;
        match self.expression()? {
            Expr { kind: Kind::Map(entries), .. } if is_spread => {
                all.extend(entries.into_iter().map(|(key, value)| Argument { name: Some(key), value }));
            }
            value => all.push(Argument { name, value }),
        }
        Ok(())
    }

    /// Arguments without brackets: `a b, c: d`. What follows them takes of the result: `a b c` is `a(b).c`.
    fn bare_arguments(&mut self, steps: &mut Vec<Step>) -> Result<(), Wrong> {
        let mut all = Vec::new();
        self.bare = true;
        loop {
            self.argument(&mut all)?;
            if !self.near_is(",") {
                break;
            }
            self.at += 1;
        }
        self.bare = false;
        steps.push(Step::Call(all));
        self.chained(steps);
        Ok(())
    }

    /// Takes a word on the same line, which is what is taken of the result: `a(b) c` is `a(b).c`.
    fn chained(&mut self, steps: &mut Vec<Step>) -> bool {
        let bytes = self.start()..self.start();
        let word = self.near().and_then(|_| self.word()).filter(|word| !RESERVED.contains(word));
        let Some(word) = word else { return false };
        self.at += 1;
        steps.push(Step::Member(Word { text: word.to_owned(), bytes }));
        true
    }
}
