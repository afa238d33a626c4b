//! YAML text into documents.

use std::ops::Range;
use std::sync::Arc;

use granit_parser::{
    ErrorKind, Event, Options, Parser, ScalarStyle, ScanError, Span, StrInput, StructureStyle, Tag, options,
};

use super::build::{Builder, Fault, Spent};
use super::error::{DocumentErrorKind as Kind, excerpt};
use super::node::Value;
use super::{Document, DocumentError, Limits, Text, scalar, syntax};

/// Reads every document of a YAML stream.
pub(super) fn read(text: &Arc<Text>, limits: &Limits) -> Vec<Result<Document, DocumentError>> {
    let mut reader = Reader {
        text,
        limits,
        parser: Parser::new_from_str_with_options(&text.text, options(limits)),
        builder: Builder::new(limits, Spent::default()),
        spent: Spent::default(),
        start: 0,
        last: 0,
        flow: 0,
        documents: Vec::new(),
    };
    while reader.step() {}
    reader.documents
}

fn options(limits: &Limits) -> Options {
    let mut options = options! {
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        block_scalar_eof_without_line_feed: true,
        flow_nesting_limit: limits.levels(),
        block_nesting_limit: limits.levels(),
    };
    options.set_emit_comments(false);
    options
}

struct Reader<'t> {
    text: &'t Arc<Text>,
    limits: &'t Limits,
    parser: Parser<'t, StrInput<'t>>,
    builder: Builder<'t>,
    /// What the finished documents have used up.
    spent: Spent,
    /// Where the document starts, its directives included.
    start: usize,
    /// Where the last event ended.
    last: usize,
    /// How many lists and maps are open from the outermost bracket on.
    flow: usize,
    documents: Vec<Result<Document, DocumentError>>,
}

impl<'t> Reader<'t> {
    /// Takes one event; whether there is more to come.
    fn step(&mut self) -> bool {
        match self.parser.next_event() {
            None | Some(Ok((Event::StreamEnd, _))) => false,
            Some(Ok((Event::DocumentEnd, span))) => self.finish(bytes(&span).end),
            Some(Ok((event, span))) => {
                let at = bytes(&span);
                let end = at.end;
                let known = self.check_reading(&event, &span);
                match known.and_then(|()| self.event(event, at)) {
                    Ok(()) => {
                        self.last = self.last.max(end);
                        true
                    }
                    Err(fault) => self.give_up(fault),
                }
            }
            Some(Err(error)) => {
                let fault = self.scan_fault(&error);
                self.give_up(fault)
            }
        }
    }

    /// Refuses what YAML 1.1, and so Kubernetes, reads differently: the name of an anchor or alias beyond a
    /// `:` (where it ends there), and between brackets a plain key whose `:`
    /// has no space after it (`{a:, b}` has the key `a:`), a plain text that begins with `?` or `:` (which
    /// `{?a: b}` does not), and a tag that ends at a comma or bracket (it goes on there). Reading on would let a document hide its fields from one of the two.
    fn check_reading(&self, event: &Event<'t>, span: &Span) -> Result<(), Fault> {
        let text = self.text.text.as_bytes();
        let flow = |at: usize| matches!(text.get(at), Some(b',' | b'[' | b']' | b'{' | b'}'));
        let fault = |advice, at: Range<usize>| Err((Kind::Ambiguous(advice), at));
        if let Event::Anchor(..) | Event::Alias(_) | Event::UnresolvedAlias(_) = event {
            let at = bytes(span);
            let name = self.text.text.get(at.clone()).unwrap_or_default();
            if name.contains(['?', ':', '%', '@', '`']) {
                return fault("name anchors with letters and digits", at);
            }
        }
        if self.flow > 0
            && let Some(tag) = span.tag_span().as_ref().map(bytes)
            && flow(tag.end)
        {
            return fault("put a space after the tag", tag);
        }
        let at = bytes(span);
        let plain = matches!(event, Event::Scalar(_, ScalarStyle::Plain, _, _) | Event::Alias(_));
        if self.flow == 0 || !plain || at.is_empty() {
            return Ok(());
        }
        if matches!(text.get(at.start), Some(b'?' | b':')) {
            return fault("quote the text", at);
        }
        let behind = text.get(at.end..).unwrap_or_default();
        let space = behind.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let colon = at.end + space;
        if text.get(colon) == Some(&b':') && flow(colon + 1) {
            return fault("put a space after the `:`", at.start..colon + 1);
        }
        Ok(())
    }

    fn event(&mut self, event: Event<'t>, at: Range<usize>) -> Result<(), Fault> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let at = self.scalar_bytes(at, style);
                self.scalar(&text, style, anchor, tag.as_deref(), at)
            }
            Event::SequenceStart(style, anchor, _) => {
                self.enter(style);
                let at = self.list_bytes(at, style);
                self.builder.open_list(at, anchor)
            }
            Event::MappingStart(style, anchor, _) => {
                self.enter(style);
                self.builder.open_map(at, anchor)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.flow = self.flow.saturating_sub(1);
                // The end of a block has no width; that of brackets is the closing one.
                self.builder.close((!at.is_empty()).then_some(at.end))
            }
            Event::Alias(target) => {
                let name = self.text.text.get(at.clone()).unwrap_or_default();
                self.builder.alias(target, at, name)
            }
            Event::UnresolvedAlias(name) => Err((Kind::UnknownAlias(excerpt(&name)), at)),
            _ => Ok(()),
        }
    }

    /// Counts the brackets around what comes next: within them everything is in flow style.
    fn enter(&mut self, style: StructureStyle) {
        if self.flow > 0 || style == StructureStyle::Flow {
            self.flow += 1;
        }
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        at: Range<usize>,
    ) -> Result<(), Fault> {
        let is_key = self.builder.expects_key();
        if is_key && scalar::is_merge(text, style, tag) {
            self.builder.merge_key(at);
            return Ok(());
        }
        let value = scalar::resolve(text, style, tag).map_err(|kind| (kind, at.clone()))?;
        if is_key {
            let key = scalar::key(&value).map_err(|kind| (kind, at.clone()))?;
            self.builder.remember(value, &at, anchor);
            self.builder.key(key, at);
            return Ok(());
        }
        if let Value::Float(number) = value
            && !number.is_finite()
        {
            return Err((Kind::BadNumber(excerpt(text)), at));
        }
        self.builder.scalar(value, at, anchor)
    }

    /// Ends a document that could be read.
    fn finish(&mut self, end: usize) -> bool {
        let built = std::mem::replace(&mut self.builder, Builder::new(self.limits, self.spent));
        let fault = self.character_fault(self.start..end);
        self.start = end;
        self.last = end;
        let index = self.documents.len();
        self.documents.push(match fault {
            Some((kind, at)) => Err(DocumentError::new(self.text, index, at, kind)),
            None => {
                let (root, duplicates, spent) = built.finish(end);
                self.spent = spent;
                Ok(Document::new(self.text, index, root, duplicates))
            }
        });
        self.builder = Builder::new(self.limits, self.spent);
        self.has_room()
    }

    /// Records a document that could not be read and goes on with the next one.
    fn give_up(&mut self, fault: Fault) -> bool {
        let (kind, at) = fault;
        self.flow = 0;
        self.documents.push(Err(DocumentError::new(self.text, self.documents.len(), at, kind)));
        self.builder = Builder::new(self.limits, self.spent);
        let more = matches!(self.parser.proceed_next_document(), Ok(true));
        if more && let Some(Ok((_, span))) = self.parser.peek() {
            self.start = bytes(span).start;
            self.last = self.start;
        }
        more && self.has_room()
    }

    fn has_room(&mut self) -> bool {
        let limit = self.limits.documents;
        let room = self.documents.len() < limit;
        if !room
            && let Some(Ok((event, span))) = self.parser.peek()
            && !matches!(event, Event::StreamEnd)
        {
            let (at, kind) = (bytes(span), Kind::TooManyDocuments(limit));
            self.documents.push(Err(DocumentError::new(self.text, limit, at, kind)));
        }
        room
    }

    fn scan_fault(&self, error: &ScanError) -> Fault {
        let start = error.marker().byte_offset().unwrap_or(self.last);
        let rest = self.text.text.get(start..).unwrap_or_default();
        let at = start..start + rest.chars().next().map_or(0, char::len_utf8);
        let kind = match error.kind() {
            ErrorKind::RecursionLimitExceeded => Kind::TooDeep(self.limits.levels()),
            ErrorKind::UnexpectedCharacter { character } if character.is_control() => {
                Kind::Control((*character).into())
            }
            kind => Kind::Syntax { format: "YAML", problem: syntax::yaml(kind) },
        };
        (kind, at)
    }

    /// The first character of the document that YAML forbids or that YAML 1.1 and 1.2 read differently.
    ///
    /// YAML 1.1, and so Kubernetes, ends a line (and a comment) at U+0085, U+2028 and U+2029; YAML 1.2 and
    /// the parser here do not. Reading on would let a document hide its fields from one of the two.
    fn character_fault(&self, document: Range<usize>) -> Option<Fault> {
        let text = self.text.text.get(document.clone())?;
        let suspect =
            |byte: &u8| matches!(byte, 0..=0x08 | 0x0b | 0x0c | 0x0e..=0x1f | 0x7f | 0xc2 | 0xe2 | 0xef);
        if !text.as_bytes().iter().any(suspect) {
            return None;
        }
        text.char_indices().find_map(|(at, one)| {
            let start = document.start + at;
            let bytes = start..start + one.len_utf8();
            match one {
                '\u{85}' | '\u{2028}' | '\u{2029}' => Some((Kind::LineBreak(one.into()), bytes)),
                '\t' | '\n' | '\r' => None,
                '\u{fffe}' | '\u{ffff}' => Some((Kind::Control(one.into()), bytes)),
                _ if one.is_control() => Some((Kind::Control(one.into()), bytes)),
                _ => None,
            }
        })
    }

    /// The bytes of a scalar; those of a block scalar from its indicator to the end of its text.
    fn scalar_bytes(&self, at: Range<usize>, style: ScalarStyle) -> Range<usize> {
        if !matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            return at;
        }
        let start = self.indicator(at.start, |byte| matches!(byte, b'|' | b'>')).unwrap_or(at.start);
        let written = self.text.text.get(start..at.end).unwrap_or_default();
        start..start + written.trim_end_matches([' ', '\t', '\r', '\n']).len()
    }

    /// The bytes where a list begins: the parser reports a list that is not indented under its key at its
    /// first item, behind the `-`.
    fn list_bytes(&self, at: Range<usize>, style: StructureStyle) -> Range<usize> {
        if style == StructureStyle::Flow || !self.builder.expects_value() {
            return at;
        }
        let start = self.indicator(at.start, |byte| byte == b'-').unwrap_or(at.start);
        start..start
    }

    /// The first indicator between the last event and a place in the text, over what may stand between:
    /// space, `:`, `-`, `?`, comments, tags and anchors.
    fn indicator(&self, before: usize, wanted: fn(u8) -> bool) -> Option<usize> {
        let bytes = self.text.text.as_bytes().get(..before + 1).unwrap_or(self.text.text.as_bytes());
        let mut at = self.last;
        loop {
            let byte = *bytes.get(at)?;
            let rest = bytes.get(at..).unwrap_or_default();
            at += match byte {
                _ if wanted(byte) => return Some(at),
                b' ' | b'\t' | b'\r' | b'\n' | b':' | b'-' | b'?' => 1,
                b'#' => rest.iter().position(|byte| matches!(byte, b'\r' | b'\n'))?,
                b'&' | b'!' => rest.iter().position(u8::is_ascii_whitespace)?,
                _ => return None,
            };
        }
    }
}

fn bytes(span: &Span) -> Range<usize> {
    span.byte_range().unwrap_or_default()
}
