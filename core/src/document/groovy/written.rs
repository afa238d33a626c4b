//! Names and plain values, as they are written.

use std::sync::Arc;

use super::super::node::Value;

/// The longest way to what is called; behind it, a name begins anew.
pub(super) const LONGEST_NAME: usize = 256;

/// A name, or the beginning of one that is longer than any that is known.
pub(super) fn short(name: &str) -> &str {
    name.get(..name.floor_char_boundary(LONGEST_NAME)).unwrap_or_default()
}

/// The name of a target that may go over several lines.
pub(super) fn one_line(written: &str) -> String {
    written.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A number, a truth value or `null`. What fits no number of JSON is its text.
pub(super) fn plain(written: &str) -> Value {
    match written {
        "null" => return Value::Null,
        "true" => return Value::Bool(true),
        "false" => return Value::Bool(false),
        _ => {}
    }
    let digits: String = written.chars().filter(|one| !matches!(one, '_' | ' ')).collect();
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits.as_str()), |rest| ("-", rest));
    let suffixed = digits.trim_end_matches(['i', 'I', 'l', 'L', 'g', 'G']);
    let whole = |radix, digits: &str| i64::from_str_radix(&format!("{sign}{digits}"), radix).ok();
    let integer = match suffixed.as_bytes() {
        [b'0', b'x' | b'X', ..] => whole(16, suffixed.get(2..).unwrap_or_default()),
        [b'0', b'b' | b'B', ..] => whole(2, suffixed.get(2..).unwrap_or_default()),
        [b'0', _, ..] if !suffixed.contains('.') => whole(8, suffixed),
        _ => whole(10, suffixed),
    };
    if let Some(integer) = integer {
        return Value::Int(integer);
    }
    let decimal = digits.trim_end_matches(['d', 'D', 'f', 'F', 'g', 'G']);
    match format!("{sign}{decimal}").parse::<f64>() {
        Ok(number) if number.is_finite() => Value::Float(number),
        _ => Value::String(Arc::from(written)),
    }
}
