//! Writes documents as text in a chosen style: the same values, as different as YAML and JSON allow.

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;
use serde_json::{Map, Value};

use super::scalar;

/// How documents are written. The default is block style with plain scalars.
#[derive(Debug, Clone, Default)]
pub struct Style {
    /// Every choice that a style leaves open comes of it.
    pub seed: u64,
    /// JSON instead of YAML.
    pub json: bool,
    /// Characters of keys and texts as escapes (`\u0070`).
    pub escapes: bool,
    /// Keys in any order.
    pub key_order: bool,
    /// Some lists and maps in flow style, over several lines.
    pub flow: bool,
    /// Columns of one level beyond the two of the default.
    pub deeper: usize,
    /// Lists at the column of their key.
    pub flat_lists: bool,
    /// Texts in single and double quotes.
    pub quotes: bool,
    /// Texts as literal and folded blocks, and plain over several lines.
    pub blocks: bool,
    /// Truth values as YAML 1.1 has them.
    pub truths: bool,
    /// Whole numbers in other bases, with signs and underscores.
    pub numbers: bool,
    /// Nulls as `~` or as nothing.
    pub nulls: bool,
    /// Tags of YAML (`!!str`).
    pub tags: bool,
    /// Comments and blank lines.
    pub comments: bool,
    /// A marker before the first document and after each.
    pub markers: bool,
    /// A `%YAML` directive.
    pub directive: bool,
    /// Tabs where YAML allows them.
    pub tabs: bool,
    /// Equal parts once, under an anchor.
    pub anchors: bool,
    /// Parts of maps by merge keys.
    pub merges: bool,
    /// Keys after a question mark.
    pub question_marks: bool,
    /// A byte order mark.
    pub mark: bool,
    /// Line ends: `\n` when empty.
    pub line_end: &'static str,
}

/// What comments say: much that would matter if it were no comment.
const COMMENTS: [&str; 6] =
    ["privileged: false", "podgate: ignore", "--- }]\"'", "hostPath: {path: /tmp}", "é %", "- name: x"];

/// The documents as one text.
#[must_use]
pub fn text(documents: &[Value], style: &Style) -> String {
    let mut emitter = Emitter {
        style,
        rng: Rng::with_seed(style.seed),
        out: String::new(),
        anchors: Vec::new(),
        repeated: BTreeSet::new(),
        next: 0,
    };
    for (index, document) in documents.iter().enumerate() {
        emitter.document(index, document);
    }
    let mut out = emitter.out;
    if !style.line_end.is_empty() {
        out = out.replace('\n', style.line_end);
    }
    if style.mark { format!("\u{feff}{out}") } else { out }
}

/// What stands before a value on its line.
#[derive(Clone, Copy, PartialEq)]
enum After {
    Nothing,
    Marker,
    Colon,
    Dash,
}

/// A line of a map.
enum Item<'v> {
    Entry(&'v String, &'v Value),
    MergeOf(String),
    Merge(Value),
}

struct Emitter<'s> {
    style: &'s Style,
    rng: Rng,
    out: String,
    anchors: Vec<(Value, String)>,
    repeated: BTreeSet<String>,
    next: usize,
}

impl Emitter<'_> {
    fn document(&mut self, index: usize, document: &Value) {
        let (markers, directive) = (self.style.markers, self.style.directive && index == 0);
        if self.style.json {
            self.out.push_str(if index > 0 { "\n---\n" } else { "" });
            let pretty = self.rng.bool();
            self.json(document, pretty.then_some(0));
            return;
        }
        (self.anchors, self.repeated) = (Vec::new(), BTreeSet::new());
        if self.style.anchors {
            let mut counts = BTreeMap::new();
            count(document, &mut counts);
            self.repeated =
                counts.into_iter().filter(|(_, times)| *times > 1).map(|(text, _)| text).collect();
        }
        if directive {
            self.out.push_str("%YAML 1.1\n");
        } else if index == 0 && self.style.comments {
            self.out.push_str("# kind: List\n\n");
        }
        let marked = index > 0 || markers || directive;
        if marked {
            self.out.push_str("---");
        }
        self.child(document, None, if marked { After::Marker } else { After::Nothing });
        if markers && self.rng.bool() {
            self.out.push_str("...\n");
        }
    }

    fn coin(&mut self, wanted: bool) -> bool {
        wanted && self.rng.bool()
    }

    fn step(&self) -> usize {
        2 + self.style.deeper
    }

    fn pad(&mut self, column: usize) {
        self.out.push_str(&" ".repeat(column));
    }

    /// The end of a line of structure, after which comments may stand.
    fn end(&mut self) {
        self.comment();
        self.out.push('\n');
        while self.style.comments && self.rng.u8(0..4) == 0 {
            let column = self.rng.usize(0..3);
            self.pad(column);
            if self.rng.bool() {
                self.out.push('#');
                self.out.push_str(COMMENTS[self.rng.usize(..COMMENTS.len())]);
            }
            self.out.push('\n');
        }
    }

    fn comment(&mut self) {
        if self.style.comments && self.rng.u8(0..3) == 0 {
            let blank = if self.coin(self.style.tabs) { "\t" } else { " " };
            let comment = COMMENTS[self.rng.usize(..COMMENTS.len())];
            self.out.push_str(&format!("{blank}# {comment}"));
        } else if self.style.tabs && self.rng.u8(0..4) == 0 {
            self.out.push('\t');
        }
    }

    fn blank(&mut self, after: After) {
        let blank = match after {
            After::Nothing => "",
            After::Colon if self.coin(self.style.tabs) => "\t",
            _ => " ",
        };
        self.out.push_str(blank);
    }

    /// The name of an anchor that holds this value already.
    fn alias(&self, value: &Value) -> Option<String> {
        if !self.style.anchors {
            return None;
        }
        self.anchors.iter().find(|(held, _)| held == value).map(|(_, name)| name.clone())
    }

    /// A new anchor for a value that comes again, or that a merge key may take up.
    fn anchor(&mut self, value: &Value) -> Option<String> {
        let is_map = value.as_object().is_some_and(|entries| !entries.is_empty());
        let again = self.repeated.contains(&value.to_string());
        let merged = is_map && self.coin(self.style.merges);
        (again || merged).then(|| {
            self.next += 1;
            format!("a{}", self.next)
        })
    }

    /// Anchor and tag, each with a blank before it.
    fn properties(&mut self, value: &Value, anchor: Option<&String>) -> String {
        let mut properties = anchor.map(|name| format!("&{name} ")).unwrap_or_default();
        if self.coin(self.style.tags) {
            let (short, long) = match value {
                Value::Null => ("null", "!!null"),
                Value::Bool(_) => ("bool", "!!bool"),
                Value::Number(number) if number.is_f64() => ("float", "!!float"),
                Value::Number(_) => ("int", "!!int"),
                Value::String(_) => ("str", "!!str"),
                Value::Array(_) => ("seq", "!!seq"),
                Value::Object(_) => ("map", "!!map"),
            };
            let verbatim = format!("!<tag:yaml.org,2002:{short}> ");
            properties.push_str(&if self.rng.bool() { format!("{long} ") } else { verbatim });
        }
        properties
    }

    fn child(&mut self, value: &Value, parent: Option<usize>, after: After) {
        if let Some(name) = self.alias(value) {
            self.blank(after);
            self.out.push_str(&format!("*{name}"));
            return self.end();
        }
        let anchor = self.anchor(value);
        let properties = self.properties(value, anchor.as_ref());
        let nested = parent.map_or(0, |parent| parent + self.step());
        let is_flow = self.style.flow && self.rng.u8(0..3) == 0;
        match value {
            Value::Object(entries) if !entries.is_empty() && !is_flow => {
                let (column, inline) = self.open(&properties, parent, nested, after);
                self.entries(entries, column, inline);
            }
            Value::Array(items) if !items.is_empty() && !is_flow => {
                let flat = parent.filter(|_| after == After::Colon && self.style.flat_lists);
                let (column, mut inline) = self.open(&properties, parent, flat.unwrap_or(nested), after);
                for item in items {
                    self.pad(if inline { 0 } else { column });
                    inline = false;
                    self.out.push('-');
                    self.child(item, Some(column), After::Dash);
                }
            }
            Value::Object(_) | Value::Array(_) => {
                self.blank(after);
                self.out.push_str(&properties);
                self.flow(value, nested + 1);
                self.end();
            }
            Value::String(text) if self.style.blocks && self.block(text, &properties, parent, after) => {}
            Value::Null
                if self.style.nulls && properties.is_empty() && parent.is_some() && self.rng.bool() =>
            {
                self.end();
            }
            scalar => {
                self.blank(after);
                self.out.push_str(&properties);
                let text = self.scalar(scalar, properties.contains("str"));
                self.out.push_str(&text);
                self.end();
            }
        }
        if let Some(name) = anchor {
            self.anchors.push((value.clone(), name));
        }
    }

    /// Begins a list or map in block style: its column, and whether its first line is this one.
    fn open(
        &mut self,
        properties: &str,
        parent: Option<usize>,
        column: usize,
        after: After,
    ) -> (usize, bool) {
        match after {
            After::Nothing if properties.is_empty() => (column, true),
            After::Dash if properties.is_empty() && self.rng.u8(0..4) > 0 => {
                let blanks = self.rng.usize(1..=self.step());
                self.pad(blanks);
                (parent.unwrap_or(0) + 1 + blanks, true)
            }
            _ => {
                self.blank(if properties.is_empty() { After::Nothing } else { after });
                self.out.push_str(properties.trim_end());
                self.end();
                (column, false)
            }
        }
    }

    fn entries(&mut self, entries: &Map<String, Value>, column: usize, mut inline: bool) {
        for item in self.plan(entries) {
            self.pad(if inline { 0 } else { column });
            inline = false;
            match item {
                Item::Entry(key, value) => {
                    let key = self.key(key);
                    if self.coin(self.style.question_marks) {
                        self.out.push_str(&format!("? {key}"));
                        self.end();
                        self.pad(column);
                    } else {
                        self.out.push_str(&key);
                    }
                    self.out.push(':');
                    self.child(value, Some(column), After::Colon);
                }
                Item::MergeOf(name) => {
                    self.out.push_str(&format!("<<: *{name}"));
                    self.end();
                }
                Item::Merge(value) => {
                    self.out.push_str("<<: ");
                    self.flow(&value, column + 1);
                    self.end();
                }
            }
        }
    }

    /// The lines of a map, in their order.
    fn plan<'v>(&mut self, entries: &'v Map<String, Value>) -> Vec<Item<'v>> {
        let mut own: Vec<(&String, &Value)> = entries.iter().collect();
        let mut merge = None;
        if self.style.merges && entries.len() > 1 && self.rng.u8(0..3) > 0 {
            let fits = |held: &Value| {
                held.as_object().filter(|held| held.keys().all(|key| entries.contains_key(key))).cloned()
            };
            let held = self.anchors.iter().rev().find_map(|(held, name)| Some((fits(held)?, name.clone())));
            if let Some((held, name)) = held {
                own.retain(|(key, value)| held.get(*key) != Some(value));
                merge = Some(Item::MergeOf(name));
            } else {
                let mut taken = Map::new();
                own.retain(|(key, value)| {
                    let stays = taken.len() + 1 == entries.len() || self.rng.bool();
                    if !stays {
                        taken.insert((*key).clone(), (*value).clone());
                    }
                    stays
                });
                // Of several maps the first that has a key counts.
                let decoy: Map<String, Value> =
                    taken.keys().take(1).map(|key| (key.clone(), Value::from("decoy"))).collect();
                let taken = Value::Object(taken);
                let list = Value::Array(vec![taken.clone(), Value::Object(decoy)]);
                merge = Some(Item::Merge(if self.rng.bool() { taken } else { list }));
            }
        }
        if self.style.key_order {
            self.rng.shuffle(&mut own);
        }
        let mut items: Vec<Item> = own.into_iter().map(|(key, value)| Item::Entry(key, value)).collect();
        if let Some(merge) = merge {
            // Kubernetes' reader takes keys in their order: a merge key overrides what stands before it.
            let is_overridden = matches!(merge, Item::MergeOf(_));
            let at = if is_overridden { 0 } else { self.rng.usize(0..=items.len()) };
            items.insert(at, merge);
        }
        items
    }

    fn gap(&mut self, column: usize) {
        match self.rng.u8(0..6) {
            0 => self.out.push(' '),
            1 => {
                self.comment();
                self.out.push('\n');
                self.pad(column);
            }
            2 if self.style.tabs => self.out.push('\t'),
            _ => {}
        }
    }

    fn flow(&mut self, value: &Value, column: usize) {
        match value {
            Value::Array(items) => {
                self.out.push('[');
                for (index, item) in items.iter().enumerate() {
                    self.out.push_str(if index > 0 { ", " } else { "" });
                    self.gap(column);
                    self.flow_child(item, column);
                }
                self.close(items.is_empty(), column, ']');
            }
            Value::Object(entries) => {
                self.out.push('{');
                for (index, item) in self.plan(entries).into_iter().enumerate() {
                    self.out.push_str(if index > 0 { ", " } else { "" });
                    self.gap(column);
                    match item {
                        Item::Entry(key, value) => {
                            let key = self.key(key);
                            let tight = key.starts_with('"') && self.rng.bool() && !value.is_null();
                            self.out.push_str(&key);
                            self.out.push_str(if tight { ":" } else { ": " });
                            self.flow_child(value, column);
                        }
                        Item::MergeOf(name) => self.out.push_str(&format!("<<: *{name} ")),
                        Item::Merge(value) => {
                            self.out.push_str("<<: ");
                            self.flow(&value, column);
                        }
                    }
                }
                self.close(entries.is_empty(), column, '}');
            }
            scalar => {
                let text = self.scalar(scalar, false);
                self.out.push_str(&text);
            }
        }
    }

    fn flow_child(&mut self, value: &Value, column: usize) {
        if let Some(name) = self.alias(value) {
            return self.out.push_str(&format!(" *{name} "));
        }
        let anchor = self.anchor(value);
        let properties = self.properties(value, anchor.as_ref());
        self.out.push_str(&properties);
        match value {
            Value::Object(_) | Value::Array(_) => self.flow(value, column),
            scalar => {
                let text = self.scalar(scalar, properties.contains("str"));
                self.out.push_str(&text);
            }
        }
        if let Some(name) = anchor {
            self.anchors.push((value.clone(), name));
        }
    }

    fn close(&mut self, is_empty: bool, column: usize, bracket: char) {
        if !is_empty {
            self.out.push_str(if self.rng.u8(0..4) == 0 { " ," } else { " " });
            self.gap(column);
        }
        self.out.push(bracket);
    }

    fn key(&mut self, key: &str) -> String {
        if self.style.escapes && self.rng.bool() {
            return scalar::escaped(key, &mut self.rng);
        }
        if self.style.quotes || !scalar::is_plain(key) {
            return scalar::quoted(key, &mut self.rng);
        }
        key.to_owned()
    }

    /// A scalar on one line.
    fn scalar(&mut self, value: &Value, tagged: bool) -> String {
        match value {
            Value::String(text) if self.style.escapes => scalar::escaped(text, &mut self.rng),
            // A tag makes a text of what would be something else.
            Value::String(text) if tagged && scalar::is_word(text) => text.clone(),
            Value::String(text) if scalar::is_plain(text) && !self.coin(self.style.quotes) => text.clone(),
            Value::String(text) => scalar::quoted(text, &mut self.rng),
            Value::Bool(truth) if self.style.truths => scalar::truth(*truth, &mut self.rng).to_owned(),
            Value::Number(number) if self.style.numbers => scalar::number(number, &mut self.rng),
            Value::Null if self.style.nulls => ["~", "null", "Null", "NULL"][self.rng.usize(0..4)].to_owned(),
            other => other.to_string(),
        }
    }

    /// A text over several lines; `false` where it cannot be written so.
    fn block(&mut self, text: &str, properties: &str, parent: Option<usize>, after: After) -> bool {
        let Some(parent) = parent else { return false };
        let column = parent + self.step();
        let pad = " ".repeat(column);
        let kind = self.rng.u8(0..4);
        let body = match kind {
            0 => scalar::literal(text, &pad),
            1 => scalar::folded(text, &pad),
            2 => scalar::plain_lines(text, &pad),
            _ => scalar::broken_quotes(text, &pad, &mut self.rng),
        };
        let Some((head, body)) = body else { return false };
        self.blank(after);
        self.out.push_str(properties);
        self.out.push_str(&head);
        if kind < 2 {
            self.comment();
            self.out.push('\n');
        }
        self.out.push_str(&body);
        if kind < 2 {
            self.out.push('\n');
        } else {
            self.end();
        }
        true
    }

    fn json(&mut self, value: &Value, pretty: Option<usize>) {
        let text = |emitter: &mut Self, text: &str| {
            if emitter.style.escapes {
                scalar::json_escaped(text, &mut emitter.rng)
            } else {
                Value::from(text).to_string()
            }
        };
        let line = |emitter: &mut Self, depth: usize| {
            if pretty.is_some() {
                let unit = if emitter.style.tabs { "\t" } else { "  " };
                emitter.out.push_str(&format!("\n{}", unit.repeat(depth)));
            }
        };
        let depth = pretty.unwrap_or(0) + 1;
        match value {
            Value::Array(items) => {
                self.out.push('[');
                for (index, item) in items.iter().enumerate() {
                    self.out.push_str(if index > 0 { "," } else { "" });
                    line(self, depth);
                    self.json(item, pretty.map(|_| depth));
                }
                line(self, depth - 1);
                self.out.push(']');
            }
            Value::Object(entries) => {
                self.out.push('{');
                let mut entries: Vec<_> = entries.iter().collect();
                if self.style.key_order {
                    self.rng.shuffle(&mut entries);
                }
                for (index, (key, item)) in entries.into_iter().enumerate() {
                    self.out.push_str(if index > 0 { "," } else { "" });
                    line(self, depth);
                    let key = text(self, key);
                    self.out.push_str(&key);
                    self.out.push(':');
                    self.json(item, pretty.map(|_| depth));
                }
                line(self, depth - 1);
                self.out.push('}');
            }
            Value::String(own) => {
                let own = text(self, own);
                self.out.push_str(&own);
            }
            other => self.out.push_str(&other.to_string()),
        }
    }
}

/// How often each part that is worth an anchor occurs.
fn count(value: &Value, counts: &mut BTreeMap<String, usize>) {
    let is_worth_it = match value {
        Value::String(text) => text.len() > 3,
        Value::Array(items) => {
            items.iter().for_each(|item| count(item, counts));
            !items.is_empty()
        }
        Value::Object(entries) => {
            entries.values().for_each(|item| count(item, counts));
            !entries.is_empty()
        }
        _ => false,
    };
    if is_worth_it {
        *counts.entry(value.to_string()).or_default() += 1;
    }
}
