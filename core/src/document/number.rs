//! Numbers as Go reads them.

use super::node::Value;

/// An integer with sign and base prefix: `strconv.ParseInt(text, 0, 64)`, then `ParseUint`.
///
/// Bases: `0x`, `0o` and `0b` in either case, and a leading `0` for octal. No underscores.
pub(super) fn integer(text: &str) -> Option<Value> {
    let (sign, digits) = split_sign(text);
    let (digits, radix) = match digits.as_bytes() {
        [b'0', b'x' | b'X', _, ..] => (digits.get(2..)?, 16),
        [b'0', b'o' | b'O', _, ..] => (digits.get(2..)?, 8),
        [b'0', b'b' | b'B', _, ..] => (digits.get(2..)?, 2),
        [b'0'] => (digits, 10),
        [b'0', ..] => (digits.get(1..)?, 8),
        _ => (digits, 10),
    };
    signed(sign, digits, radix)
}

/// `0b` before a binary number that has its own sign: the last resort of Go's YAML resolver.
pub(super) fn signed_binary(text: &str) -> Option<Value> {
    let (sign, digits) = split_sign(text.strip_prefix("0b")?);
    signed(sign, digits, 2)
}

/// An integer of JSON: decimal, perhaps with a minus sign.
pub(super) fn decimal(text: &str) -> Option<Value> {
    let (sign, digits) = split_sign(text);
    signed(sign, digits, 10)
}

fn split_sign(text: &str) -> (Option<u8>, &str) {
    match text.as_bytes().first() {
        Some(sign @ (b'+' | b'-')) => (Some(*sign), text.get(1..).unwrap_or_default()),
        _ => (None, text),
    }
}

fn signed(sign: Option<u8>, digits: &str, radix: u32) -> Option<Value> {
    // The standard parser would take a second sign.
    if !digits.starts_with(|first: char| first.is_ascii_alphanumeric()) {
        return None;
    }
    let size = u64::from_str_radix(digits, radix).ok()?;
    match (sign, i64::try_from(size)) {
        (Some(b'-'), _) => 0_i64.checked_sub_unsigned(size).map(Value::Int),
        (_, Ok(size)) => Some(Value::Int(size)),
        (None, Err(_)) => Some(Value::UInt(size)),
        (Some(_), Err(_)) => None,
    }
}

/// A number that is written as go-yaml's pattern for floats wants it:
/// `^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`. Nothing if it is too large for 64 bits.
pub(super) fn float(text: &str) -> Option<f64> {
    let (_, rest) = split_sign(text);
    // What the standard parser takes beyond the pattern begins with a letter: `inf`, `nan`.
    if !rest.starts_with(|first: char| first == '.' || first.is_ascii_digit()) {
        return None;
    }
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

/// A number that begins with a point: `strconv.ParseFloat(text, 64)`, where an underscore may stand between
/// two digits.
pub(super) fn pointed_float(text: &str) -> Option<f64> {
    if !text.contains('_') {
        return float(text);
    }
    let digit = |at: Option<usize>| at.and_then(|at| text.as_bytes().get(at)).is_some_and(u8::is_ascii_digit);
    let between = |at: usize| digit(at.checked_sub(1)) && digit(at.checked_add(1));
    let apart = text.match_indices('_').all(|(at, _)| between(at));
    if apart { float(&text.replace('_', "")) } else { None }
}

/// A number as the key of a map: `strconv.FormatFloat(value, 'g', -1, 32)` and go-yaml's names for what is
/// no number, as sigs.k8s.io/yaml writes it.
pub(super) fn float_key(value: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "sigs.k8s.io/yaml writes keys in 32 bits")]
    let value = value as f32;
    if value.is_nan() {
        return ".nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    let text = format!("{value:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    match exponent.parse::<i32>() {
        Ok(exponent) if !(-4..6).contains(&exponent) => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{digits}e{sign}{:02}", exponent.abs())
        }
        _ => format!("{value}"),
    }
}
