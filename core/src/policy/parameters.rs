//! Parameters against the JSON Schema in a policy's METADATA.
//!
//! Read is the part of JSON Schema that Gatekeeper's templates use (OpenAPI v3 as CustomResourceDefinitions have
//! it). A keyword beyond it is told when the policy is loaded ([`unread`]). A library would read all of JSON
//! Schema, but none knows `nullable`, and all pass over keywords that they do not know. They also cost too much in
//! WebAssembly, where 600 kB (brotli) are allowed for everything: measured beside a module that only reads JSON,
//! `jsonschema` 0.37 adds 472 kB and `boon` 0.6 adds 340 kB. This module starts at no cost: it compiles nothing.

#[cfg(feature = "compiler")]
pub(crate) mod unread;

use regex::Regex;
use serde_json::Value;

use crate::document::escape_pointer_token;
use crate::typed::nearest;

/// A value that a schema does not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mismatch {
    /// JSON Pointer of the value, from the one that was checked.
    pub(crate) pointer: String,
    /// Why, in one line.
    pub(crate) reason: String,
}

/// The first thing that a schema does not take in `value`.
pub(crate) fn mismatch(schema: &Value, value: &Value) -> Option<Mismatch> {
    if value.is_null() && schema.get("nullable") == Some(&Value::Bool(true)) {
        return None;
    }
    let here = |reason: String| Some(Mismatch { pointer: String::new(), reason });
    if !has_type(schema, value) {
        return here(format!("expected {}, found {}", wanted(schema), found(value)));
    }
    let reason = match value {
        Value::String(text) => of_string(schema, text),
        Value::Number(_) => of_number(schema, value),
        Value::Array(items) => of_length(schema, items.len(), ["minItems", "maxItems"], "item"),
        _ => None,
    };
    if let Some(reason) = reason.or_else(|| of_choice(schema, value)) {
        return here(reason);
    }
    match value {
        Value::Array(items) => {
            let wanted = schema.get("items")?;
            let mut inner = items.iter().enumerate();
            inner.find_map(|(index, item)| inside(&index.to_string(), mismatch(wanted, item)))
        }
        Value::Object(entries) => of_object(schema, entries),
        _ => None,
    }
}

fn inside(token: &str, mismatch: Option<Mismatch>) -> Option<Mismatch> {
    let Mismatch { pointer, reason } = mismatch?;
    Some(Mismatch { pointer: format!("/{}{pointer}", escape_pointer_token(token)), reason })
}

/// The types that a schema allows; none where it names none.
fn types(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn has_type(schema: &Value, value: &Value) -> bool {
    let types = types(schema);
    let is = |name: &&str| match *name {
        "array" => value.is_array(),
        "boolean" => value.is_boolean(),
        // As JSON Schema has it, 1.0 is an integer, too.
        "integer" => {
            value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|number| number.fract() == 0.0)
        }
        "number" => value.is_number(),
        "object" => value.is_object(),
        "string" => value.is_string(),
        "null" => value.is_null(),
        _ => true,
    };
    types.is_empty() || types.iter().any(is)
}

fn of_string(schema: &Value, text: &str) -> Option<String> {
    let length = text.chars().count();
    if length == 0 && number(schema, "minLength").is_some_and(|least| least > 0.0) {
        return Some("expected a string that is not empty".to_owned());
    }
    let pattern = schema.get("pattern").and_then(Value::as_str);
    let fits = |pattern: &&str| Regex::new(pattern).is_ok_and(|regex| regex.is_match(text));
    match pattern.filter(|pattern| !fits(pattern)) {
        Some(pattern) => Some(format!("`{text}` does not match `{pattern}`")),
        None => of_length(schema, length, ["minLength", "maxLength"], "character"),
    }
}

fn of_number(schema: &Value, value: &Value) -> Option<String> {
    let own = value.as_f64()?;
    match (number(schema, "minimum"), number(schema, "maximum")) {
        (Some(least), _) if own < least => Some(format!("expected at least {least}, found {value}")),
        (_, Some(most)) if own > most => Some(format!("expected at most {most}, found {value}")),
        _ => None,
    }
}

fn of_length(schema: &Value, length: usize, [least, most]: [&str; 2], unit: &str) -> Option<String> {
    let bound = |keyword: &str| usize::try_from(schema.get(keyword)?.as_u64()?).ok();
    let told = |how: &str, bound: usize| {
        let plural = if bound == 1 { "" } else { "s" };
        Some(format!("expected at {how} {bound} {unit}{plural}, found {length}"))
    };
    match (bound(least), bound(most)) {
        (Some(least), _) if length < least => told("least", least),
        (_, Some(most)) if length > most => told("most", most),
        _ => None,
    }
}

fn of_choice(schema: &Value, value: &Value) -> Option<String> {
    let choices = schema.get("enum")?.as_array()?;
    if choices.contains(value) {
        return None;
    }
    let shown = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let written = shown(value);
    match nearest(&written, choices.iter().filter_map(Value::as_str)) {
        Some(nearest) => Some(format!("unknown value `{written}`; did you mean `{nearest}`?")),
        None => {
            let known: Vec<String> = choices.iter().map(|choice| format!("`{}`", shown(choice))).collect();
            Some(format!("unknown value `{written}`, expected {}", known.join(" or ")))
        }
    }
}

fn of_object(schema: &Value, entries: &serde_json::Map<String, Value>) -> Option<Mismatch> {
    let properties = schema.get("properties").and_then(Value::as_object);
    let others = schema.get("additionalProperties");
    for (key, value) in entries {
        let wrong = match (properties.and_then(|properties| properties.get(key)), others) {
            (Some(own), _) => mismatch(own, value),
            (None, Some(Value::Bool(false))) => {
                let known =
                    properties.into_iter().flat_map(|properties| properties.keys().map(String::as_str));
                let hint = nearest(key, known).map(|name| format!("; did you mean `{name}`?"));
                let reason = format!("unknown key `{key}`{}", hint.unwrap_or_default());
                Some(Mismatch { pointer: String::new(), reason })
            }
            (None, Some(others)) => mismatch(others, value),
            (None, None) => None,
        };
        if let Some(wrong) = inside(key, wrong) {
            return Some(wrong);
        }
    }
    let mut required = schema.get("required")?.as_array()?.iter().filter_map(Value::as_str);
    let missing = required.find(|key| !entries.contains_key(*key))?;
    Some(Mismatch { pointer: String::new(), reason: format!("the key `{missing}` is missing") })
}

fn number(schema: &Value, keyword: &str) -> Option<f64> {
    schema.get(keyword)?.as_f64()
}

/// What a schema wants, in words.
fn wanted(schema: &Value) -> String {
    let mut names: Vec<&str> = types(schema).into_iter().map(named).collect();
    if schema.get("nullable") == Some(&Value::Bool(true)) {
        names.push("null");
    }
    match (names.as_slice(), schema.get("items").map(types).as_deref()) {
        (["a list"], Some([items])) => format!("a list of {}", plural(items)),
        _ => names.join(" or "),
    }
}

fn named(name: &str) -> &str {
    match name {
        "array" => "a list",
        "boolean" => "a boolean",
        "integer" => "a whole number",
        "number" => "a number",
        "object" => "an object",
        "string" => "a string",
        other => other,
    }
}

fn plural(name: &str) -> &str {
    match name {
        "array" => "lists",
        "boolean" => "booleans",
        "integer" => "whole numbers",
        "number" => "numbers",
        "object" => "objects",
        "string" => "strings",
        other => other,
    }
}

fn found(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(number) if number.is_f64() => "a number",
        Value::Number(_) => "a whole number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_does_not_fit_is_told_with_its_place() {
        let range = json!({
            "type": "object", "required": ["min", "max"], "additionalProperties": false,
            "properties": {"min": {"type": "integer", "minimum": 0}, "max": {"type": "integer", "maximum": 9}},
        });
        let strings = json!({"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}});
        let rule = json!({"type": "string", "enum": ["MustRunAs", "RunAsAny"]});
        let cases = [
            (&strings, json!("a"), "", "expected a list of strings, found a string"),
            (&strings, json!([]), "", "expected at least 1 item, found 0"),
            (&strings, json!(["a", 1]), "/1", "expected a string, found a whole number"),
            (&strings, json!(["a", ""]), "/1", "expected a string that is not empty"),
            (&range, json!([1]), "", "expected an object, found a list"),
            (&range, json!({"min": 1}), "", "the key `max` is missing"),
            (&range, json!({"min": -1, "max": 1}), "/min", "expected at least 0, found -1"),
            (&range, json!({"min": 1, "max": 10}), "/max", "expected at most 9, found 10"),
            (&range, json!({"min": 1.5, "max": 1}), "/min", "expected a whole number, found a number"),
            (&range, json!({"min": 1, "mux": 1}), "/mux", "unknown key `mux`; did you mean `max`?"),
            (&range, json!({"a/b": 1}), "/a~1b", "unknown key `a/b`"),
            (&rule, json!("mustRunAS"), "", "unknown value `mustRunAS`; did you mean `MustRunAs`?"),
            (&rule, json!("x"), "", "unknown value `x`, expected `MustRunAs` or `RunAsAny`"),
            (&rule, json!(null), "", "expected a string, found null"),
        ];
        for (schema, value, pointer, reason) in cases {
            let expected = Mismatch { pointer: pointer.to_owned(), reason: reason.to_owned() };
            assert_eq!(mismatch(schema, &value), Some(expected), "{value}");
        }
        for (schema, value) in
            [(&strings, json!(["a"])), (&range, json!({"min": 0, "max": 9.0})), (&rule, json!("RunAsAny"))]
        {
            assert_eq!(mismatch(schema, &value), None, "{value}");
        }
    }

    #[test]
    fn the_other_keywords_count_too() {
        let cases = [
            (
                json!({"type": ["string", "null"]}),
                json!(1),
                "expected a string or null, found a whole number",
            ),
            (
                json!({"type": "boolean", "nullable": true}),
                json!("x"),
                "expected a boolean or null, found a string",
            ),
            (json!({"type": "string", "maxLength": 1}), json!("ab"), "expected at most 1 character, found 2"),
            (json!({"type": "array", "maxItems": 2}), json!([1, 2, 3]), "expected at most 2 items, found 3"),
            (json!({"type": "string", "pattern": "^a"}), json!("b"), "`b` does not match `^a`"),
            (
                json!({"additionalProperties": {"type": "number"}}),
                json!({"a": "b"}),
                "expected a number, found a string",
            ),
        ];
        for (schema, value, reason) in cases {
            assert_eq!(mismatch(&schema, &value).unwrap().reason, reason);
        }
        for (schema, value) in [
            (json!({}), json!([{"a": null}])),
            (json!({"type": "boolean", "nullable": true}), json!(null)),
            (json!({"type": "object", "properties": {"a": {}}}), json!({"b": 1})),
            (json!({"additionalProperties": true}), json!({"b": 1})),
        ] {
            assert_eq!(mismatch(&schema, &value), None, "{schema}");
        }
    }
}
