//! The `serde` side of [`super`]: a deserializer over the tree that knows where it is.

mod access;

use std::cell::{Cell, RefCell};
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IntoDeserializer, Visitor};

use access::{Entries, Items, Variant};

use super::{Note, NoteKind, TypeError, is_folded, nearest};
use crate::document::{Entry, Node, Value, escape_pointer_token};

type Result<T> = std::result::Result<T, Fault>;

/// A [`TypeError`] on its way up. Hundreds of functions, one for each type of Kubernetes, pass it on: it is one word,
/// and what can be done once for all types is not done in each.
#[derive(Debug)]
pub(super) struct Fault(Box<TypeError>);

impl Fault {
    #[cold]
    fn new(message: impl fmt::Display) -> Self {
        Self(Box::new(TypeError::new(message)))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Fault {}

impl serde::de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message)
    }
}

/// One pass over a tree.
pub(super) struct Reading {
    strict: bool,
    skip: Vec<String>,
    notes: RefCell<Vec<Note>>,
    /// How many more unknown fields get a hint: each costs a comparison with every known one.
    hints: Cell<usize>,
}

/// Unknown fields of one object that get a hint; nobody misspells more.
const MOST_HINTS: usize = 1_000;

impl Reading {
    pub(super) const fn strict() -> Self {
        Self { strict: true, skip: Vec::new(), notes: RefCell::new(Vec::new()), hints: Cell::new(MOST_HINTS) }
    }

    pub(super) const fn lenient(skip: Vec<String>) -> Self {
        Self { strict: false, skip, notes: RefCell::new(Vec::new()), hints: Cell::new(MOST_HINTS) }
    }

    pub(super) fn read<'n, T: Deserialize<'n>>(
        &self,
        node: &'n Node,
        base: &str,
    ) -> std::result::Result<T, TypeError> {
        let at = At { node: Some(node), path: Path::Root(base), reading: self };
        T::deserialize(&at).map_err(|fault| *at.place(fault).0)
    }

    pub(super) fn into_notes(self) -> Vec<Note> {
        self.notes.into_inner()
    }

    fn hint(&self, name: &str, fields: &'static [&'static str]) -> Option<&'static str> {
        let same = fields.iter().find(|field| is_folded(name, field));
        if same.is_some() {
            return same.copied();
        }
        let left = self.hints.get().checked_sub(1)?;
        self.hints.set(left);
        nearest(name, fields.iter().copied())
    }

    fn skips(&self, path: Path<'_>) -> bool {
        !self.skip.is_empty() && self.skip.contains(&path.pointer())
    }
}

/// The way from the root to a value; lives on the stack, becomes a pointer only when it is told.
#[derive(Clone, Copy)]
enum Path<'p> {
    Root(&'p str),
    Key(&'p Path<'p>, &'p str),
    Index(&'p Path<'p>, usize),
}

impl Path<'_> {
    fn pointer(&self) -> String {
        match *self {
            Self::Root(base) => base.to_owned(),
            Self::Key(parent, key) => {
                let mut pointer = parent.pointer();
                pointer.push('/');
                pointer.push_str(&escape_pointer_token(key));
                pointer
            }
            Self::Index(parent, index) => format!("{}/{index}", parent.pointer()),
        }
    }

    fn field(&self) -> String {
        match *self {
            Self::Root(base) => base.rsplit('/').next().unwrap_or_default().to_owned(),
            Self::Key(_, key) => key.to_owned(),
            Self::Index(_, index) => index.to_string(),
        }
    }
}

/// A value at its place; `None` is one that is passed over.
struct At<'p, 'n> {
    node: Option<&'n Node>,
    path: Path<'p>,
    reading: &'p Reading,
}

impl<'n> At<'_, 'n> {
    fn value(&self) -> &'n Value {
        self.node.map_or(&Value::Null, Node::value)
    }

    /// Says where a fault is, unless that was said further down.
    #[cold]
    fn place(&self, mut fault: Fault) -> Fault {
        fault.0.pointer.get_or_insert_with(|| self.path.pointer());
        fault
    }

    #[cold]
    fn mismatch(&self, wanted: &'static str) -> Fault {
        let found = describe(self.value());
        Fault::new(format_args!("expected {wanted}, found {found}"))
    }

    fn note(&self, kind: NoteKind) {
        let note = Note { kind, pointer: self.path.pointer(), field: self.path.field() };
        self.reading.notes.borrow_mut().push(note);
    }

    /// Notes that another scalar was taken for `wanted`, or refuses it where reading is strict.
    fn coerced(&self, wanted: &'static str, truthy: bool) -> Result<()> {
        if self.reading.strict {
            return Err(self.mismatch(wanted));
        }
        self.note(NoteKind::Coerced { wanted, found: describe(self.value()), truthy });
        Ok(())
    }

    fn signed(&self) -> Result<i64> {
        const WANTED: &str = "a whole number";
        match self.value() {
            Value::Null => Ok(0),
            Value::Int(number) => Ok(*number),
            Value::UInt(number) => i64::try_from(*number).map_err(|_| Fault::new("number is too large")),
            // `2375.0` is 2375 to kubectl, and whole when it reaches the API server.
            Value::Float(number) => number.to_string().parse().map_err(|_| self.mismatch(WANTED)),
            Value::String(text) => {
                let Ok(number) = text.trim().parse() else {
                    return Err(self.mismatch(WANTED));
                };
                self.coerced(WANTED, false)?;
                Ok(number)
            }
            _ => Err(self.mismatch(WANTED)),
        }
    }

    fn text<V: Visitor<'n>>(&self, visitor: V) -> Result<V::Value> {
        const WANTED: &str = "a string";
        match self.value() {
            Value::Null if !self.reading.strict => visitor.visit_str(""),
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Bool(value) => {
                self.coerced(WANTED, false)?;
                visitor.visit_str(if *value { "true" } else { "false" })
            }
            Value::Int(value) => {
                self.coerced(WANTED, false)?;
                visitor.visit_string(value.to_string())
            }
            Value::UInt(value) => {
                self.coerced(WANTED, false)?;
                visitor.visit_string(value.to_string())
            }
            Value::Float(value) => {
                self.coerced(WANTED, false)?;
                visitor.visit_string(value.to_string())
            }
            _ => Err(self.mismatch(WANTED)),
        }
    }

    fn map<V: Visitor<'n>>(&self, visitor: V) -> Result<V::Value> {
        let entries: &'n [Entry] = match self.value() {
            Value::Map(entries) => entries,
            Value::Null if !self.reading.strict => &[],
            _ => return Err(self.mismatch("an object")),
        };
        visitor.visit_map(Entries { at: self, entries: entries.iter(), value: None })
    }

    fn report_unknown(&self, fields: &'static [&'static str]) -> Result<()> {
        let Value::Map(entries) = self.value() else {
            return Ok(());
        };
        for entry in entries.iter().filter(|entry| !fields.contains(&entry.key())) {
            let path = Path::Key(&self.path, entry.key());
            let at = At { node: Some(entry.value()), path, reading: self.reading };
            if self.reading.skips(at.path) {
                continue;
            }
            let nearest = self.reading.hint(entry.key(), fields);
            if self.reading.strict {
                let hint = nearest.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
                let mut fault = Fault::new(format_args!("unknown field `{}`{hint}", entry.key()));
                fault.0.at_key = true;
                return Err(at.place(fault));
            }
            at.note(NoteKind::UnknownField { nearest, value: entry.value().clone() });
        }
        Ok(())
    }
}

/// What stands there, in the words of a user.
const fn describe(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Int(_) | Value::UInt(_) | Value::Float(_) => "a number",
        Value::String(_) => "a string",
        Value::List(_) => "a list",
        Value::Map(_) => "an object",
    }
}

/// The boolean that a string would be for some reader of YAML 1.1 (<https://yaml.org/type/bool.html>).
fn boolean_word(text: &str) -> Option<bool> {
    const TRUE: [&str; 5] = ["true", "yes", "on", "y", "1"];
    const FALSE: [&str; 6] = ["false", "no", "off", "n", "0", ""];
    let text = text.trim();
    if TRUE.iter().any(|word| text.eq_ignore_ascii_case(word)) {
        Some(true)
    } else if FALSE.iter().any(|word| text.eq_ignore_ascii_case(word)) {
        Some(false)
    } else {
        None
    }
}

macro_rules! whole_numbers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value> {
            let number = self.signed()?;
            visitor.visit_i64(number)
        }
    )*};
}

macro_rules! strings {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value> {
            self.text(visitor)
        }
    )*};
}

impl<'n> Deserializer<'n> for &At<'_, 'n> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value> {
        match self.value() {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Int(value) => visitor.visit_i64(*value),
            Value::UInt(value) => visitor.visit_u64(*value),
            Value::Float(value) => visitor.visit_f64(*value),
            Value::String(value) => visitor.visit_borrowed_str(value),
            Value::List(_) => self.deserialize_seq(visitor),
            Value::Map(_) => self.map(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value> {
        const WANTED: &str = "a boolean";
        let value = match self.value() {
            Value::Null => false,
            Value::Bool(value) => *value,
            Value::String(text) => {
                let Some(value) = boolean_word(text) else {
                    return Err(self.mismatch(WANTED));
                };
                self.coerced(WANTED, value)?;
                value
            }
            Value::Int(number) => {
                self.coerced(WANTED, *number != 0)?;
                *number != 0
            }
            _ => return Err(self.mismatch(WANTED)),
        };
        visitor.visit_bool(value)
    }

    whole_numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    strings! { deserialize_char deserialize_str deserialize_string deserialize_bytes deserialize_byte_buf }

    fn deserialize_f32<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_any(visitor)
    }

    fn deserialize_f64<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_any(visitor)
    }

    fn deserialize_option<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value> {
        match self.value() {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_unit<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value> {
        match self.value() {
            Value::Null => visitor.visit_unit(),
            _ => Err(self.mismatch("nothing")),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'n>>(self, _: &'static str, visitor: V) -> Result<V::Value> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'n>>(self, _: &'static str, visitor: V) -> Result<V::Value> {
        if self.value() == &Value::Null && !self.reading.strict {
            // A quantity: the API server takes null for none.
            return visitor.visit_newtype_struct(IntoDeserializer::<Fault>::into_deserializer(""));
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value> {
        let items: &'n [Node] = match self.value() {
            Value::List(items) => items,
            Value::Null if !self.reading.strict => &[],
            _ => return Err(self.mismatch("a list")),
        };
        visitor.visit_seq(Items { at: self, items: items.iter().enumerate() })
    }

    fn deserialize_tuple<V: Visitor<'n>>(self, _: usize, visitor: V) -> Result<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'n>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value> {
        self.map(visitor)
    }

    fn deserialize_struct<V: Visitor<'n>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        self.report_unknown(fields)?;
        self.map(visitor)
    }

    fn deserialize_enum<V: Visitor<'n>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        let name = match self.value() {
            Value::String(name) => &**name,
            // YAML 1.1 reads the word `off` as a truth value.
            Value::Bool(false) if variants.contains(&"off") => "off",
            _ => return Err(self.mismatch("a string")),
        };
        if !variants.contains(&name) {
            let known = variants.join("`, `");
            return Err(Fault::new(format_args!("unknown value `{name}`, expected one of `{known}`")));
        }
        visitor.visit_enum(Variant(name))
    }

    fn deserialize_identifier<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value> {
        self.text(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_unit()
    }
}
