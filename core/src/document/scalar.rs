//! Scalars of YAML as sigs.k8s.io/yaml (go-yaml v2, `resolve.go`) resolves them for untyped decoding.

use std::sync::Arc;

use granit_parser::{ScalarStyle, Tag};

use super::error::{DocumentErrorKind, excerpt};
use super::node::Value;
use super::number;

/// The tags that change how a scalar is read; every other tag leaves its text as it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// No tag on a plain scalar.
    Plain,
    Str,
    Bool,
    Int,
    Float,
    Null,
    Timestamp,
    Binary,
    /// A tag of the author's (`!Ref`), `!`, or one of YAML's for something else.
    Opaque,
}

const PREFIX: &str = "tag:yaml.org,2002:";

fn kind(tag: Option<&Tag>, style: ScalarStyle) -> Kind {
    let Some(tag) = tag else {
        return if style == ScalarStyle::Plain { Kind::Plain } else { Kind::Str };
    };
    match tag.suffix_in_namespace(PREFIX).as_deref() {
        Some("str") => Kind::Str,
        Some("bool") => Kind::Bool,
        Some("int") => Kind::Int,
        Some("float") => Kind::Float,
        Some("null") => Kind::Null,
        Some("timestamp") => Kind::Timestamp,
        Some("binary") => Kind::Binary,
        _ => Kind::Opaque,
    }
}

/// Whether a scalar in the place of a key is the merge key: a plain `<<` without a tag, or with `!` or
/// `!!merge`.
pub(super) fn is_merge(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> bool {
    text == "<<"
        && match tag {
            None => style == ScalarStyle::Plain,
            Some(tag) => {
                (tag.handle() == "!" && tag.suffix().is_empty())
                    || (tag.handle().is_empty() && tag.suffix() == "!")
                    || tag.suffix_in_namespace(PREFIX).as_deref() == Some("merge")
            }
        }
}

/// The value of a scalar. Floats may be infinite or NaN here: as keys they have names.
pub(super) fn resolve(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Result<Value, DocumentErrorKind> {
    let kind = kind(tag, style);
    let name = match kind {
        Kind::Str | Kind::Opaque => return Ok(string(text)),
        Kind::Binary => return binary(text),
        Kind::Plain => return Ok(plain(text)),
        Kind::Bool => "!!bool",
        Kind::Int => "!!int",
        Kind::Float => "!!float",
        Kind::Null => "!!null",
        Kind::Timestamp => "!!timestamp",
    };
    match (kind, plain(text)) {
        (Kind::Bool, value @ Value::Bool(_))
        | (Kind::Int, value @ (Value::Int(_) | Value::UInt(_)))
        | (Kind::Float, value @ Value::Float(_))
        | (Kind::Null, value @ Value::Null) => Ok(value),
        #[expect(clippy::cast_precision_loss, reason = "go-yaml converts in the same way")]
        (Kind::Float, Value::Int(value)) => Ok(Value::Float(value as f64)),
        (Kind::Timestamp, value @ Value::String(_)) if is_date(text) => Ok(value),
        _ => Err(DocumentErrorKind::BadTag { text: excerpt(text), tag: name }),
    }
}

fn string(text: &str) -> Value {
    Value::String(Arc::from(text))
}

/// A plain scalar, by the YAML 1.1 types of null, bool, int and float as go-yaml v2 has them.
fn plain(text: &str) -> Value {
    let number = match text.as_bytes() {
        [] => return Value::Null,
        [b'~' | b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O', ..] => word(text),
        [b'.', ..] => infinity(text).or_else(|| number::pointed_float(text).map(Value::Float)),
        [b'+' | b'-' | b'0'..=b'9', ..] => infinity(text).or_else(|| numeric(text)),
        _ => None,
    };
    number.unwrap_or_else(|| string(text))
}

fn word(text: &str) -> Option<Value> {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Some(Value::Bool(true))
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Some(Value::Bool(false))
        }
        "~" | "null" | "Null" | "NULL" => Some(Value::Null),
        _ => None,
    }
}

fn infinity(text: &str) -> Option<Value> {
    match text {
        ".nan" | ".NaN" | ".NAN" => Some(Value::Float(f64::NAN)),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Some(Value::Float(f64::INFINITY)),
        "-.inf" | "-.Inf" | "-.INF" => Some(Value::Float(f64::NEG_INFINITY)),
        _ => None,
    }
}

fn numeric(text: &str) -> Option<Value> {
    let joined;
    let text = if text.contains('_') {
        joined = text.replace('_', "");
        &joined
    } else {
        text
    };
    number::integer(text)
        .or_else(|| number::float(text).map(Value::Float))
        .or_else(|| number::signed_binary(text))
}

/// The shape of a date, perhaps with a time (the YAML 1.1 timestamp type, less strictly than Go: the month
/// and the rest may be any digits).
fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let year = parts.next().unwrap_or_default();
    let month = parts.next().unwrap_or_default();
    let day: &str = parts.next().unwrap_or_default();
    let digits = |part: &str, most: usize| {
        (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let (day, _) = day.split_once(['t', 'T', ' ']).unwrap_or((day, ""));
    year.len() == 4 && digits(year, 4) && digits(month, 2) && digits(day, 2)
}

/// Base64 with padding (RFC 4648 §4), line breaks ignored; bytes that are no UTF-8 become U+FFFD one by
/// one, as Go writes them into JSON.
fn binary(text: &str) -> Result<Value, DocumentErrorKind> {
    let bytes =
        base64(text).ok_or_else(|| DocumentErrorKind::BadTag { text: excerpt(text), tag: "!!binary" })?;
    let mut rest = bytes.as_slice();
    let mut out = String::with_capacity(rest.len());
    loop {
        match std::str::from_utf8(rest) {
            Ok(valid) => {
                out.push_str(valid);
                return Ok(Value::String(out.into()));
            }
            Err(error) => {
                let (valid, broken) = rest.split_at(error.valid_up_to());
                out.push_str(std::str::from_utf8(valid).unwrap_or_default());
                out.push(char::REPLACEMENT_CHARACTER);
                rest = broken.get(1..).unwrap_or_default();
            }
        }
    }
}

/// The text that another one in base64 stands for; nothing where it is no such, or stands for no text.
pub(crate) fn base64_text(text: &str) -> Option<String> {
    String::from_utf8(base64(text)?).ok()
}

/// Letters of base64 that are looked at for a file; what has more is one.
const LOOKED_AT: usize = 4096;

/// Whether a text in base64 stands for one of several lines, or for a long one.
pub(crate) fn is_file_in_base64(text: &str) -> bool {
    let letters = text.chars().filter(|one| !matches!(one, '\r' | '\n'));
    let head: String = letters.take(LOOKED_AT).collect();
    let is_cut = head.len() >= LOOKED_AT;
    base64(&head).is_some_and(|bytes| match std::str::from_utf8(&bytes) {
        Ok(_) => is_cut || bytes.contains(&b'\n'),
        Err(error) => is_cut && error.error_len().is_none(),
    })
}

fn base64(text: &str) -> Option<Vec<u8>> {
    let text: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let padding = text.iter().rev().take(2).take_while(|byte| **byte == b'=').count();
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in text.get(..text.len() - padding)? {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(six)) & 0xffff;
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held & 0xff) as u8);
        }
    }
    Some(out)
}

/// A value as the key of a JSON object, as sigs.k8s.io/yaml writes it.
pub(super) fn key(value: &Value) -> Result<Arc<str>, DocumentErrorKind> {
    Ok(match value {
        Value::String(text) => Arc::clone(text),
        Value::Bool(value) => Arc::from(if *value { "true" } else { "false" }),
        Value::Int(value) => value.to_string().into(),
        Value::Float(value) => number::float_key(*value).into(),
        Value::Null => return Err(DocumentErrorKind::BadKey("null")),
        Value::UInt(_) => return Err(DocumentErrorKind::BadKey("an integer above 9223372036854775807")),
        Value::List(_) => return Err(DocumentErrorKind::BadKey("a list")),
        Value::Map(_) => return Err(DocumentErrorKind::BadKey("a map")),
    })
}
