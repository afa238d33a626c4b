//! Reads XML without document types, and so without entities of its own: nothing is expanded and nothing fetched.
//!
//! What only XML 1.1 may refer to, control characters, is read where a document says that it is of that version.
//!
//! An element becomes a map of the elements in it, each under its name, the second one of a name under `name[1]`, and
//! of its attributes under `@name`; an element with nothing but text becomes that text.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::Event;
use roxmltree::{Node, NodeType, ParsingOptions};

use super::build::{Builder, Fault, Spent};
use super::error::DocumentErrorKind as Kind;
use super::node::Value;
use super::{Document, DocumentError, Format, Limits, Nested, Strings, Text};
use crate::position::BOM;

/// How often names may be compared with each other: as many attributes as a document may have values have room, where
/// an element has no more than some twenty.
const MOST_COMPARED: u64 = 100_000_000;

/// Reads a text as one document.
pub(super) fn read(text: &Arc<Text>, limits: &Limits) -> Vec<Result<Document, DocumentError>> {
    vec![document(text, limits).map_err(|(kind, bytes)| DocumentError::new(text, 0, bytes, kind))]
}

/// Whether a text that has no name is XML.
pub(super) fn is_certain(text: &str) -> bool {
    let start = text.trim_start_matches(BOM).trim_start();
    start.starts_with("<?xml") || start.starts_with("<!--") || start.starts_with("<!DOCTYPE")
}

fn document(text: &Arc<Text>, limits: &Limits) -> Result<Document, Fault> {
    let all = &*plain(&text.text);
    bounded(all, limits)?;
    let most = u32::try_from(limits.nodes).unwrap_or(u32::MAX);
    let options = ParsingOptions { nodes_limit: most, ..ParsingOptions::default() };
    let xml =
        roxmltree::Document::parse_with_options(all, options).map_err(|error| fault(all, limits, &error))?;
    let root = xml.root_element();
    let mut tree = Tree { text, builder: Builder::new(limits, Spent::default()), strings: BTreeMap::new() };
    let bytes = root.range();
    tree.builder.open_map(bytes.clone(), 0)?;
    tree.builder.key(Arc::from(root.tag_name().name()), name_of(&root));
    tree.element(root)?;
    tree.builder.close(Some(bytes.end))?;
    let strings = tree.strings;
    let (root, duplicates, _) = tree.builder.finish(all.len());
    Ok(Document::of_format(Format::Xml, text, root, duplicates, strings))
}

/// Digits of a reference that are looked at.
const LONGEST: usize = 16;

/// The text with references to control characters as ones to a blank of the same length, where it is of XML 1.1.
fn plain(text: &str) -> Cow<'_, str> {
    let head = text.trim_start_matches(BOM).split_once("?>").map_or("", |(head, _)| head);
    if !head.starts_with("<?xml") || !["'1.1'", "\"1.1\""].iter().any(|version| head.contains(version)) {
        return Cow::Borrowed(text);
    }
    let mut own = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("&#") {
        own.push_str(before);
        own.push_str("&#");
        let length = after.bytes().take(LONGEST).position(|one| one == b';').unwrap_or_default();
        let digits = after.get(..length).unwrap_or_default();
        rest = after;
        if reference(&format!("#{digits}")).is_some_and(is_control) {
            let base = if digits.starts_with('x') { "x" } else { "" };
            own.push_str(base);
            own.extend(std::iter::repeat_n('0', length - base.len() - 1));
            own.push('9');
            rest = after.get(length..).unwrap_or_default();
        }
    }
    own.push_str(rest);
    Cow::Owned(own)
}

/// Whether XML 1.1 may refer to a character, and XML 1.0 may not.
fn is_control(one: char) -> bool {
    matches!(one, '\u{1}'..='\u{1f}') && !matches!(one, '\t' | '\n' | '\r')
}

/// Refuses what takes long to read for its length: elements that are nested deeper than any reader may go, and what
/// is compared with each other, the attributes of an element and the namespaces that it has from those around it.
fn bounded(text: &str, limits: &Limits) -> Result<(), Fault> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    reader.config_mut().allow_dangling_amp = true;
    // The namespaces of the elements that are open.
    let mut open: Vec<u64> = Vec::new();
    let mut compared = 0_u64;
    loop {
        let start = position(&reader);
        // What is wrong is told by the reader itself, which does not come further either.
        let (tag, stays) = match reader.read_event() {
            Ok(Event::Start(tag)) => (tag, true),
            Ok(Event::Empty(tag)) => (tag, false),
            Ok(Event::End(_)) => {
                open.pop();
                continue;
            }
            Ok(Event::Eof) | Err(_) => return Ok(()),
            Ok(Event::DocType(_)) => {
                let problem = "document types are not read, nor their entities".to_owned();
                return Err((Kind::Syntax { format: "XML", problem }, start..position(&reader)));
            }
            Ok(_) => continue,
        };
        let around = open.last().copied().unwrap_or_default();
        let (mut attributes, mut own) = (0_u64, 0_u64);
        for attribute in tag.attributes().with_checks(false) {
            attributes += 1;
            own += u64::from(attribute.is_ok_and(|own| own.key.as_namespace_binding().is_some()));
        }
        let namespaces = around + own;
        let anew = if own > 0 { namespaces } else { 0 };
        compared += attributes * attributes + namespaces * (attributes + 1) + anew * anew;
        let bytes = start..position(&reader);
        if compared > MOST_COMPARED {
            return Err((Kind::TooManyAttributes, bytes));
        }
        if stays {
            open.push(namespaces);
        }
        if open.len() > limits.levels() {
            return Err((Kind::TooDeep(limits.levels()), bytes.start..bytes.start + 1));
        }
    }
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

fn fault(text: &str, limits: &Limits, error: &roxmltree::Error) -> Fault {
    let at = error.pos();
    let line = usize::try_from(at.row.saturating_sub(1)).unwrap_or_default();
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let column = usize::try_from(at.col.saturating_sub(1)).unwrap_or_default();
    let own = text.get(start..).unwrap_or_default();
    let start = match error {
        // Where something that is open is not closed.
        roxmltree::Error::UnclosedRootNode | roxmltree::Error::UnexpectedEndOfStream => text.len(),
        _ => start + own.char_indices().nth(column).map_or(0, |(at, _)| at),
    };
    let kind = match error {
        roxmltree::Error::NodesLimitReached => Kind::TooManyNodes(limits.nodes),
        other => {
            let said = other.to_string();
            // The place is told beside it, and what is of the text stands between backquotes as everywhere.
            let problem = said.rsplit_once(" at ").map_or(said.as_str(), |(problem, _)| problem);
            Kind::Syntax { format: "XML", problem: problem.replace('\'', "`") }
        }
    };
    (kind, start..start)
}

/// The bytes of an element's name.
fn name_of(node: &Node<'_, '_>) -> Range<usize> {
    let start = node.range().start + 1;
    start..start + node.tag_name().name().len()
}

struct Tree<'t> {
    text: &'t Arc<Text>,
    builder: Builder<'t>,
    strings: Strings,
}

impl Tree<'_> {
    // The builder bounds how deep this goes.
    fn element(&mut self, node: Node<'_, '_>) -> Result<(), Fault> {
        let bytes = node.range();
        let has_elements = node.children().any(|child| child.is_element());
        if !has_elements && node.attributes().len() == 0 {
            return self.texts(node, &bytes);
        }
        self.builder.open_map(bytes.clone(), 0)?;
        for attribute in node.attributes() {
            self.builder.key(Arc::from(format!("@{}", attribute.name())), attribute.range_qname());
            self.string(attribute.value(), attribute.range_value())?;
        }
        let mut taken: HashMap<&str, usize> = HashMap::new();
        for child in node.children().filter(Node::is_element) {
            let name = child.tag_name().name();
            let times = taken.entry(name).or_default();
            let key = if *times == 0 { name.to_owned() } else { format!("{name}[{times}]") };
            *times += 1;
            self.builder.key(Arc::from(key), name_of(&child));
            self.element(child)?;
        }
        if !has_elements && node.text().is_some() {
            self.builder.key(Arc::from("#text"), name_of(&node));
            self.texts(node, &bytes)?;
        }
        self.builder.close(Some(bytes.end))
    }

    /// The text in an element.
    fn texts(&mut self, node: Node<'_, '_>, bytes: &Range<usize>) -> Result<(), Fault> {
        let texts = node.children().filter(|child| child.node_type() == NodeType::Text);
        let all: String = texts.filter_map(|text| text.text()).collect();
        let written = self.text.text.get(bytes.clone()).unwrap_or_default();
        let inner = node.first_child().zip(written.rfind("</"));
        let inner = inner.map_or(bytes.clone(), |(first, end)| first.range().start..bytes.start + end);
        self.string(&all, inner)
    }

    fn string(&mut self, value: &str, bytes: Range<usize>) -> Result<(), Fault> {
        let Some(nested) = aligned(self.text, value, &bytes) else {
            return self.builder.scalar(Value::String(Arc::from(value)), bytes, 0);
        };
        let value = Value::String(Arc::from(nested.text()));
        self.strings.insert((bytes.start, bytes.end), nested);
        self.builder.scalar(value, bytes, 0)
    }
}

/// The text between two bytes, with what each part of it is written as; nothing where it is not this value.
fn aligned(text: &Arc<Text>, value: &str, bytes: &Range<usize>) -> Option<Nested> {
    const OPEN: &str = "<![CDATA[";
    // Comments and instructions.
    const PASSED: [(&str, &str); 2] = [("<!--", "-->"), ("<?", "?>")];
    let mut own = Nested::inside(text);
    let mut at = bytes.start;
    let mut verbatim = false;
    while at < bytes.end {
        let rest = text.text.get(at..bytes.end)?;
        if verbatim && rest.starts_with("]]>") {
            verbatim = false;
            at += 3;
        } else if !verbatim && rest.starts_with(OPEN) {
            verbatim = true;
            at += OPEN.len();
        } else if let Some((_, end)) =
            PASSED.iter().filter(|_| !verbatim).find(|(start, _)| rest.starts_with(start))
        {
            at += rest.find(end)? + end.len();
        } else if !verbatim && rest.starts_with('&') {
            let end = rest.find(';')?;
            let meant = reference(rest.get(1..end)?)?;
            own.stand_for(meant.encode_utf8(&mut [0; 4]), at..at + end + 1);
            at += end + 1;
        } else if rest.starts_with('\r') {
            let length = if rest.starts_with("\r\n") { 2 } else { 1 };
            own.stand_for("\n", at..at + length);
            at += length;
        } else {
            let first = rest.chars().next().map_or(1, char::len_utf8);
            let stop = |one: char| matches!(one, '\r' | '&' | ']' | '<');
            let length =
                rest.get(first..).and_then(|more| more.find(stop)).map_or(rest.len(), |found| found + first);
            own.copy(at..at + length);
            at += length;
        }
    }
    let as_read = |one: char| if is_control(one) { '\t' } else { one };
    own.text().chars().map(as_read).eq(value.chars()).then_some(own)
}

/// What a reference stands for.
fn reference(name: &str) -> Option<char> {
    let number = |digits: &str, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    match name {
        "amp" => Some('&'),
        "apos" => Some('\''),
        "gt" => Some('>'),
        "lt" => Some('<'),
        "quot" => Some('"'),
        _ => match name.strip_prefix('#')? {
            hex if hex.starts_with('x') => number(hex.get(1..)?, 16),
            decimal => number(decimal, 10),
        },
    }
}
