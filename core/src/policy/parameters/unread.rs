//! What a schema says that [`mismatch`](super::mismatch) does not read.

use regex::Regex;
use serde_json::Value;

use crate::document::escape_pointer_token;
use crate::typed::nearest;

/// The keywords that constrain a value itself.
pub(crate) const LIMITS: [&str; 10] = [
    "enum",
    "maxItems",
    "maxLength",
    "maximum",
    "minItems",
    "minLength",
    "minimum",
    "nullable",
    "pattern",
    "required",
];

/// The keywords that constrain what is in a value.
const INSIDE: [&str; 3] = ["additionalProperties", "items", "properties"];

/// The keywords that tell and do not constrain.
const NOTES: [&str; 6] =
    ["default", "description", "example", "format", "title", "x-kubernetes-preserve-unknown-fields"];

const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

/// What a schema says that is not read, as the place in it and the reason.
pub(crate) fn unread(schema: &Value, place: &str, faults: &mut Vec<String>) {
    let Some(schema) = schema.as_object() else {
        if !schema.is_boolean() {
            faults.push(format!("{place}: a schema must be an object"));
        }
        return;
    };
    for (keyword, value) in schema {
        let pointer = format!("{place}/{}", escape_pointer_token(keyword));
        match keyword.as_str() {
            "type" => {
                let names = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
                let known = |name: &&Value| name.as_str().is_some_and(is_type);
                faults.extend(
                    names
                        .iter()
                        .find(|name| !known(name))
                        .map(|name| format!("{pointer}: unknown type {name}")),
                );
            }
            "properties" => match value.as_object() {
                None => faults.push(format!("{pointer}: expected an object")),
                Some(entries) => {
                    for (name, inner) in entries {
                        unread(inner, &format!("{pointer}/{}", escape_pointer_token(name)), faults);
                    }
                }
            },
            "items" | "additionalProperties" => unread(value, &pointer, faults),
            "pattern" if value.as_str().is_none_or(|pattern| Regex::new(pattern).is_err()) => {
                faults.push(format!("{pointer}: not a regular expression that can be read"));
            }
            known if LIMITS.contains(&known) || INSIDE.contains(&known) || NOTES.contains(&known) => {}
            unknown => {
                let hint = nearest(unknown, LIMITS.into_iter().chain(INSIDE).chain(["type"]));
                let hint = hint.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
                faults.push(format!("{pointer}: the keyword `{unknown}` is not read{hint}"));
            }
        }
    }
}

fn is_type(name: &str) -> bool {
    TYPES.contains(&name) || name == "null"
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_not_read_is_told() {
        let schema = json!({
            "type": "object",
            "properties": {
                "a": {"type": "strng"},
                "b/c": {"oneOf": [], "minlength": 1},
                "d": {"type": "array", "items": {"pattern": "("}},
                "e": 1,
            },
        });
        let mut faults = Vec::new();
        unread(&schema, "", &mut faults);
        assert_eq!(
            faults,
            [
                "/properties/a/type: unknown type \"strng\"",
                "/properties/b~1c/minlength: the keyword `minlength` is not read; did you mean `minLength`?",
                "/properties/b~1c/oneOf: the keyword `oneOf` is not read",
                "/properties/d/items/pattern: not a regular expression that can be read",
                "/properties/e: a schema must be an object",
            ]
        );
    }
}
