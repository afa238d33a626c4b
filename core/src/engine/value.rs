//! Between `serde` and the engine's values, without JSON text in between.

use std::collections::BTreeMap;
use std::fmt;

use regorus::{Rc, Value};
use serde::ser::{
    self, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, Serializer,
};

use super::{EngineError, Violation};
use crate::document::{Node, Value as Tree};

/// Turns anything serialisable into a value of the engine. `None` and unit become null.
pub(super) fn to_value<T: Serialize + ?Sized>(value: &T) -> Result<Value, ValueError> {
    value.serialize(ToValue)
}

/// A string.
pub(super) fn string(text: &str) -> Value {
    Value::String(Rc::from(text))
}

/// A document's node, as it is.
pub(super) fn from_node(node: &Node) -> Value {
    match node.value() {
        Tree::Null => Value::Null,
        Tree::Bool(value) => Value::Bool(*value),
        Tree::Int(value) => Value::from(*value),
        Tree::UInt(value) => Value::from(*value),
        Tree::Float(value) => Value::from(*value),
        Tree::String(value) => string(value),
        Tree::List(items) => Value::from(items.iter().map(from_node).collect::<Vec<_>>()),
        Tree::Map(entries) => Value::from(
            entries
                .iter()
                .map(|entry| (string(entry.key()), from_node(entry.value())))
                .collect::<BTreeMap<_, _>>(),
        ),
    }
}

/// Why a value could not be turned; no type of ours has such a value.
#[derive(Debug)]
pub(super) struct ValueError(String);

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ValueError {}

impl ser::Error for ValueError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

struct ToValue;

macro_rules! scalars {
    ($($method:ident: $type:ty),*) => {$(
        fn $method(self, value: $type) -> Result<Value, ValueError> {
            Ok(Value::from(value))
        }
    )*};
}

impl Serializer for ToValue {
    type Ok = Value;
    type Error = ValueError;
    type SerializeSeq = List;
    type SerializeTuple = List;
    type SerializeTupleStruct = Impossible<Value, ValueError>;
    type SerializeTupleVariant = Impossible<Value, ValueError>;
    type SerializeMap = Object;
    type SerializeStruct = Object;
    type SerializeStructVariant = Impossible<Value, ValueError>;

    scalars! {
        serialize_bool: bool, serialize_i32: i32, serialize_i64: i64, serialize_u32: u32, serialize_u64: u64,
        serialize_f64: f64, serialize_str: &str
    }

    fn serialize_i8(self, value: i8) -> Result<Value, ValueError> {
        self.serialize_i32(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<Value, ValueError> {
        self.serialize_i32(value.into())
    }

    fn serialize_u8(self, value: u8) -> Result<Value, ValueError> {
        self.serialize_u32(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<Value, ValueError> {
        self.serialize_u32(value.into())
    }

    fn serialize_f32(self, value: f32) -> Result<Value, ValueError> {
        self.serialize_f64(value.into())
    }

    fn serialize_char(self, value: char) -> Result<Value, ValueError> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<Value, ValueError> {
        Err(ser::Error::custom("bytes have no form in JSON"))
    }

    fn serialize_none(self) -> Result<Value, ValueError> {
        Ok(Value::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, ValueError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Value, ValueError> {
        Ok(Value::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Value, ValueError> {
        Ok(Value::Null)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
    ) -> Result<Value, ValueError> {
        self.serialize_str(name)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Value, ValueError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        value: &T,
    ) -> Result<Value, ValueError> {
        Ok(Value::from(BTreeMap::from([(string(name), to_value(value)?)])))
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<List, ValueError> {
        Ok(List(Vec::with_capacity(length.unwrap_or_default())))
    }

    fn serialize_tuple(self, length: usize) -> Result<List, ValueError> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, ValueError> {
        Err(ser::Error::custom("tuple structs have no form in Kubernetes' types"))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, ValueError> {
        Err(ser::Error::custom("tuple variants have no form in Kubernetes' types"))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Object, ValueError> {
        Ok(Object { entries: BTreeMap::new(), key: None })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Object, ValueError> {
        self.serialize_map(None)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, ValueError> {
        Err(ser::Error::custom("struct variants have no form in Kubernetes' types"))
    }
}

struct List(Vec<Value>);

impl SerializeSeq for List {
    type Ok = Value;
    type Error = ValueError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ValueError> {
        self.0.push(to_value(value)?);
        Ok(())
    }

    fn end(self) -> Result<Value, ValueError> {
        Ok(Value::from(self.0))
    }
}

impl SerializeTuple for List {
    type Ok = Value;
    type Error = ValueError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ValueError> {
        SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<Value, ValueError> {
        SerializeSeq::end(self)
    }
}

struct Object {
    entries: BTreeMap<Value, Value>,
    key: Option<Value>,
}

impl Object {
    /// One for all types of fields.
    fn add(&mut self, name: &str, value: Result<Value, ValueError>) -> Result<(), ValueError> {
        self.entries.insert(string(name), value?);
        Ok(())
    }
}

impl SerializeMap for Object {
    type Ok = Value;
    type Error = ValueError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), ValueError> {
        self.key = Some(to_value(key)?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ValueError> {
        let Some(key) = self.key.take() else {
            return Err(ser::Error::custom("a value came before its key"));
        };
        self.entries.insert(key, to_value(value)?);
        Ok(())
    }

    fn end(self) -> Result<Value, ValueError> {
        Ok(Value::from(self.entries))
    }
}

impl SerializeStruct for Object {
    type Ok = Value;
    type Error = ValueError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), ValueError> {
        self.add(name, to_value(value))
    }

    fn end(self) -> Result<Value, ValueError> {
        Ok(Value::from(self.entries))
    }
}

/// Reads the members of a `violation`, `deny` or `warn` rule, sorted: objects with `msg` and `details`, as
/// Gatekeeper has them, or plain strings, as Conftest allows.
pub(super) fn violations(members: &Value) -> Result<Vec<Violation>, EngineError> {
    let mut violations = match members {
        Value::Set(set) => set.iter().map(violation).collect::<Result<Vec<_>, _>>()?,
        Value::Array(items) => items.iter().map(violation).collect::<Result<Vec<_>, _>>()?,
        _ => return Err(EngineError::new("the rule must be a set of violations")),
    };
    violations.sort();
    Ok(violations)
}

fn violation(member: &Value) -> Result<Violation, EngineError> {
    let empty = Violation {
        message: String::new(),
        path: None,
        pointer: None,
        at_key: false,
        line: None,
        container: None,
        severity: None,
        fix: None,
    };
    if let Value::String(message) = member {
        return Ok(Violation { message: message.to_string(), ..empty });
    }
    let Some(message) = text_of(member, "msg") else {
        return Err(EngineError::new("a violation must be a string or an object with the string `msg`"));
    };
    let Some(details) = field(member, "details") else {
        return Ok(Violation { message, ..empty });
    };
    Ok(Violation {
        message,
        path: text_of(details, "path"),
        pointer: text_of(details, "pointer"),
        at_key: text_of(details, "at").as_deref() == Some("key"),
        line: text_of(details, "line"),
        container: text_of(details, "container"),
        severity: text_of(details, "severity"),
        fix: field(details, "fix").map(Value::to_json_str).transpose().map_err(EngineError::new)?,
    })
}

fn field<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    value.as_object().ok()?.get(&string(name))
}

fn text_of(value: &Value, name: &str) -> Option<String> {
    match field(value, name)? {
        Value::String(text) => Some(text.to_string()),
        _ => None,
    }
}
