//! Which variables have one value in the whole program.
//!
//! Scopes are not told apart: a name that is set anywhere else, in whichever way, has no value that is known.

use std::collections::{HashMap, HashSet};

use super::syntax::{Argument, Expr, Key, Kind, Piece, Statement, Step};
use super::text::METHODS;

/// What is known of each name.
pub(super) struct Names<'p> {
    text: &'p str,
    all: HashMap<&'p str, Known<'p>>,
    /// What methods set by their names, as these write it: `setName` sets `name`.
    setters: HashSet<&'p str>,
    /// The keys of maps, which are names where a map says what names mean.
    keys: HashSet<&'p str>,
    /// What says what names mean in closures.
    delegates: Vec<&'p Expr>,
    /// Whether names may be set in ways that are not seen.
    open: bool,
    /// Blocks that may be passed over, around the statement that is read.
    blocks: usize,
}

#[derive(Default)]
struct Known<'p> {
    /// How often it is set.
    times: usize,
    value: Option<&'p Expr>,
    /// Whether it is declared; else it may also come from outside.
    declared: bool,
    /// Whether what sets it may be passed over.
    passed: bool,
    /// Whether something may have changed what is in it.
    touched: bool,
}

/// Methods that set what they are given the name of, for anything that has names.
const SETTERS: [&str; 7] =
    ["put", "putAt", "putIfAbsent", "set", "setAttribute", "setProperty", "setVariable"];

/// What gives something other methods and members.
const MEANINGS: [&str; 3] = ["getMetaClass", "metaClass", "setMetaClass"];

/// Methods that run a closure in which names are first those of what they are called of.
const INSIDE: [&str; 2] = ["tap", "with"];

/// Methods that say whose names those in a closure are.
const DELEGATING: [&str; 2] = ["rehydrate", "setDelegate"];

/// Methods that are asked for whatever has a name.
const ASKED: [&str; 2] = ["def getProperty", "def propertyMissing"];

/// Blocks that are not passed over.
const SURE: [&str; 4] = ["finally", "static", "synchronized", "try"];

/// What holds the variables of the script.
const HOLDERS: [&str; 7] = ["binding", "delegate", "getBinding", "owner", "script", "steps", "this"];

/// Methods of the variables of the script that change nothing.
const READING: [&str; 4] = ["containsKey", "get", "getVariable", "hasVariable"];

/// What is built of its arguments and changes nothing in them.
const BUILDERS: [&str; 4] = ["containerTemplate", "kubernetes", "podTemplate", "withEnv"];

impl<'p> Names<'p> {
    pub(super) fn of(program: &'p [Statement], text: &'p str) -> Self {
        let (all, setters, keys, delegates) = Default::default();
        let mut names = Self { text, all, setters, keys, delegates, open: false, blocks: 0 };
        names.statements(program);
        names.open |= names.delegates.iter().any(|of| names.is_foreign(of));
        for own in std::mem::take(&mut names.setters) {
            let mut letters = own.chars();
            let first = letters.next().into_iter().flat_map(char::to_lowercase);
            let name: String = first.chain(letters).collect();
            for name in [own, &name] {
                if let Some(known) = names.all.get_mut(name) {
                    known.times += 1;
                }
            }
        }
        names
    }

    /// The value of a variable that is set once, whoever sets it. What can be changed may not be touched.
    pub(super) fn value(&self, name: &str) -> Option<&'p Expr> {
        let known = self.all.get(name).filter(|known| known.times == 1 && !self.open && name != "it")?;
        let is_delegated = !self.delegates.is_empty() && self.keys.contains(name);
        if is_delegated {
            return None;
        }
        let is_sure = known.declared || !known.passed;
        known.value.filter(|value| is_sure && (!known.touched || is_fixed(value)))
    }

    /// Whether the program may set a name, in whichever way.
    pub(super) fn is_set(&self, name: &str) -> bool {
        self.open || self.all.get(name).is_some_and(|known| known.times > 0 || known.declared)
    }

    /// The items of a list that is written out, or that a variable stands for.
    pub(super) fn list<'e>(&self, expr: &'e Expr) -> Option<&'e [Expr]>
    where
        'p: 'e,
    {
        match &expr.kind {
            Kind::List(items) => Some(items),
            Kind::Name(name) => match &self.value(name)?.kind {
                Kind::List(items) => Some(items),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether it is not known which names something has.
    fn is_foreign(&self, of: &Expr) -> bool {
        let is_plain = |expr: &Expr| matches!(expr.kind, Kind::Map(_) | Kind::Text(_) | Kind::List(_));
        match &of.kind {
            Kind::Name(name) => {
                let value = self.all.get(name.as_str()).and_then(|known| known.value);
                value.is_some_and(|value| !is_plain(value))
            }
            _ => !is_plain(of),
        }
    }

    fn set(&mut self, name: &'p str, value: Option<&'p Expr>) {
        let passed = self.blocks > 0;
        let known = self.all.entry(name).or_default();
        known.times += 1;
        known.passed |= passed;
        known.value = value;
    }

    /// What has another name, or is given away, may be changed by that.
    fn touch(&mut self, expr: &'p Expr) {
        match &expr.kind {
            Kind::Name(name) => self.all.entry(name).or_default().touched = true,
            // A list that is made a text stays as it is.
            Kind::Path { steps, .. } if is_joined(steps) => {}
            Kind::Path { base, .. } => self.touch(base),
            Kind::List(items) | Kind::Other(items) | Kind::Sum(items) => {
                items.iter().for_each(|item| self.touch(item));
            }
            Kind::Map(entries) => entries.iter().for_each(|(_, value)| self.touch(value)),
            Kind::Set { value, .. } => self.touch(value),
            Kind::Text(_) | Kind::Plain | Kind::Closure { .. } => {}
        }
    }

    fn statements(&mut self, all: &'p [Statement]) {
        for statement in all {
            match statement {
                Statement::Plain(expr) if !matches!(expr.kind, Kind::Name(_)) => self.expr(expr),
                // The last one is what comes of the block.
                Statement::Plain(expr) | Statement::Return(expr) => self.given(expr),
                Statement::Declared { name, value } => {
                    self.all.entry(&name.text).or_default().declared = true;
                    if let Some(value) = value {
                        self.set(&name.text, Some(value));
                        self.given(value);
                    }
                }
                Statement::Block(block) => {
                    let word = block.word.text.as_str();
                    self.open |= ASKED.contains(&word);
                    block.names.iter().for_each(|name| self.set(name, None));
                    let passed = usize::from(!SURE.contains(&word));
                    self.blocks += passed;
                    for expr in &block.head {
                        if word == "for" {
                            self.touch(expr);
                        }
                        self.expr(expr);
                    }
                    self.statements(&block.body);
                    self.blocks -= passed;
                }
            }
        }
    }

    fn given(&mut self, expr: &'p Expr) {
        self.touch(expr);
        self.expr(expr);
    }

    fn expr(&mut self, expr: &'p Expr) {
        match &expr.kind {
            Kind::Plain => {}
            // Who has the variables of the script by another name may set them.
            Kind::Name(name) => self.open |= name == "binding",
            Kind::Text(pieces) => {
                // `NAME=value` sets a variable from outside.
                let is_name = |name: &str| name.bytes().all(|one| one.is_ascii_alphanumeric() || one == b'_');
                let pair = self.constant(expr).and_then(|text| text.split_once('='));
                if let Some((name, _)) = pair.filter(|(name, _)| is_name(name)) {
                    self.set(name, None);
                }
                for piece in pieces {
                    if let Piece::Filled(Some(inner), _) = piece {
                        self.expr(inner);
                    }
                }
            }
            Kind::List(items) => items.iter().for_each(|item| self.given(item)),
            Kind::Sum(items) => items.iter().for_each(|item| self.expr(item)),
            Kind::Other(items) => {
                for item in items {
                    // A map may be made into something that has its keys as names.
                    if let Kind::Map(entries) = &item.kind {
                        entries.iter().for_each(|(key, _)| self.set_by(key));
                    }
                    // What is shifted into a list is added to it.
                    self.given(item);
                }
            }
            Kind::Map(entries) => {
                let of_parameter = is_parameter(entries.iter().map(|(key, _)| key));
                for (key, value) in entries {
                    if let Key::Word(key) = key {
                        self.keys.insert(&key.text);
                    }
                    self.touch(value);
                    self.entry(Some(key), value, of_parameter);
                }
            }
            Kind::Closure { names, body } => {
                names.iter().for_each(|name| self.set(name, None));
                self.statements(body);
            }
            Kind::Path { base, steps } => self.path(base, steps),
            Kind::Set { to, value, plain } => {
                for target in to {
                    self.delegates.extend(is_delegate(target).then_some(&**value));
                    match &target.kind {
                        Kind::Name(name) if *plain => self.set(name, Some(value)),
                        _ => self.changed(target),
                    }
                }
                self.given(value);
            }
        }
    }

    /// A target that is set in another way than once and for all.
    fn changed(&mut self, target: &'p Expr) {
        match &target.kind {
            Kind::Name(name) => self.set(name, None),
            // Several at once: `(a, b) = c`.
            Kind::Other(targets) | Kind::List(targets) => {
                targets.iter().for_each(|target| self.changed(target));
            }
            Kind::Path { base, steps } => {
                // A member of anything may be what a name stands for elsewhere.
                let name = match steps.last() {
                    Some(Step::Member(member)) => Some(member.text.as_str()),
                    Some(Step::Index(items)) => items.first().and_then(|item| self.constant(item)),
                    _ => None,
                };
                match name.filter(|name| !name.contains("${")) {
                    Some(name) => {
                        self.open |= MEANINGS.contains(&name);
                        self.set(name, None);
                    }
                    None => self.open |= is_holder(base),
                }
                self.touch(base);
                if !is_holder(base) {
                    self.expr(target);
                }
            }
            _ => self.given(target),
        }
    }

    fn path(&mut self, base: &'p Expr, steps: &'p [Step]) {
        let mut called: &'p str = "";
        match &base.kind {
            Kind::Name(name) => called = name,
            _ => self.expr(base),
        }
        let holds = matches!(called, "binding" | "getBinding");
        let mut reads = !holds;
        if steps.len() > 1 && !is_joined(steps) && steps.iter().any(|step| matches!(step, Step::Call(_))) {
            self.touch(base);
        }
        for step in steps {
            match step {
                Step::Member(member) => {
                    called = &member.text;
                    reads |= READING.contains(&called);
                    self.open |= MEANINGS.contains(&called);
                }
                Step::Index(items) => items.iter().for_each(|item| self.given(item)),
                Step::Call(arguments) => {
                    if INSIDE.contains(&called) && steps.len() > 1 {
                        self.delegates.push(base);
                    } else if DELEGATING.contains(&called) {
                        self.delegates.extend(arguments.iter().map(|argument| &argument.value));
                    }
                    self.call(called, arguments);
                }
            }
        }
        self.open |= !reads;
    }

    fn call(&mut self, called: &'p str, arguments: &'p [Argument]) {
        let first = arguments.first().filter(|first| first.name.is_none());
        match first.and_then(|first| self.constant(&first.value)) {
            Some(name) if SETTERS.contains(&called) => self.set(name, None),
            None => self.open |= matches!(called, "setProperty" | "setVariable"),
            Some(_) => {}
        }
        // `setName(…)` sets `name`.
        self.setters.extend(called.strip_prefix("set").filter(|rest| rest.starts_with(char::is_uppercase)));
        let of_parameter = is_parameter(arguments.iter().filter_map(|argument| argument.name.as_ref()));
        for Argument { name, value } in arguments {
            // Whoever is given a list may add to it; but for what builds something of it.
            if !BUILDERS.contains(&called) {
                self.touch(value);
            }
            self.entry(name.as_ref(), value, of_parameter);
        }
    }

    /// A value with its name, among those of a parameter of the pipeline or of something else.
    fn entry(&mut self, key: Option<&'p Key>, value: &'p Expr, of_parameter: bool) {
        match key {
            Some(Key::Open(key)) => self.expr(key),
            // What brings variables from outside says their names.
            Some(Key::Word(key)) if of_parameter && key.text == "name" || key.text.ends_with("ariable") => {
                if let Some(name) = self.constant(value) {
                    self.set(name, None);
                }
            }
            _ => {}
        }
        self.expr(value);
    }

    fn set_by(&mut self, key: &'p Key) {
        match key {
            Key::Word(word) => self.set(&word.text, None),
            Key::Open(_) => {}
        }
    }

    /// The text that is written, as far as something is filled into it.
    fn constant(&self, expr: &'p Expr) -> Option<&'p str> {
        match &expr.kind {
            Kind::Text(pieces) => match pieces.first()? {
                Piece::Same(bytes) => self.text.get(bytes.clone()),
                Piece::Means(..) | Piece::Filled(..) => None,
            },
            _ => None,
        }
    }
}

/// Whether steps make a list a text at once.
fn is_joined(steps: &[Step]) -> bool {
    matches!(steps, [Step::Member(member), Step::Call(_), ..] if member.text == "join")
}

/// Whether a value is one that nobody can change, such as a text.
fn is_fixed(value: &Expr) -> bool {
    match &value.kind {
        Kind::Text(_) | Kind::Plain | Kind::Name(_) | Kind::Closure { .. } => true,
        Kind::Sum(operands) => operands.first().is_some_and(is_fixed),
        Kind::Path { base, steps } => steps.iter().all(|step| match step {
            Step::Member(member) => METHODS.contains(&member.text.as_str()),
            Step::Call(_) => !matches!(base.kind, Kind::Name(_)) || steps.len() > 1,
            Step::Index(_) => false,
        }),
        Kind::List(_) | Kind::Map(_) | Kind::Set { .. } | Kind::Other(_) => false,
    }
}

/// Whether names are those that a parameter of the pipeline has.
fn is_parameter<'p>(mut names: impl Iterator<Item = &'p Key>) -> bool {
    names.any(|key| matches!(key, Key::Word(key) if matches!(key.text.as_str(), "choices" | "defaultValue")))
}

/// Whether what is set says what names mean in a closure.
fn is_delegate(target: &Expr) -> bool {
    match &target.kind {
        Kind::Name(name) => name == "delegate",
        Kind::Path { steps, .. } => {
            matches!(steps.last(), Some(Step::Member(member)) if member.text == "delegate")
        }
        _ => false,
    }
}

/// Whether something may hold the variables of the script.
fn is_holder(base: &Expr) -> bool {
    matches!(&base.kind, Kind::Name(name) if HOLDERS.contains(&name.as_str()))
}
