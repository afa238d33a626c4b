//! Values that are given one by one, as Helm's `--set` puts them over others (`pkg/strvals`).

use super::super::super::part::Part;
use super::super::Maker;
use crate::document::{Value, escape_pointer_token};

/// A value with the name of its place.
pub(super) struct Given {
    pub(super) name: String,
    pub(super) value: Part,
    /// Whether it is a text, whatever it looks like.
    pub(super) is_text: bool,
}

/// Some values with others put into them; what cannot be put is told.
pub(super) fn over(maker: &mut Maker<'_>, base: Option<Part>, given: Vec<Given>, at: &str) -> Option<Part> {
    if given.is_empty() || !maker.affords(at, given.len(), || base.as_ref().map_or(1, Part::size)) {
        return base;
    }
    let mut operations = Vec::new();
    for Given { name, value, is_text } in given {
        let pointer = value.pointer.clone();
        match path(&name) {
            Some(path) => operations.push(
                Part::map(&pointer)
                    .with("op", Part::text("replace", &pointer))
                    .with("path", Part::text(&path, &pointer))
                    .with("value", if is_text { value } else { typed(value) }),
            ),
            None => unknown(maker, &pointer),
        }
    }
    let base = base.unwrap_or_else(|| Part::map(at));
    let (values, doubts) = base.with_operations(&Part::list(at, operations));
    for (pointer, _) in doubts {
        unknown(maker, &pointer);
    }
    Some(values)
}

fn unknown(maker: &mut Maker<'_>, pointer: &str) {
    let reason = "the parameter's name is that of no place in the values that is known: it was not put there"
        .to_owned();
    maker.tell(pointer, reason);
}

/// The way that a name means, as a JSON Pointer: `a.b[0].c\\.d` is `/a/b/0/c.d`.
fn path(name: &str) -> Option<String> {
    let (mut path, mut token, mut is_open) = (String::new(), String::new(), true);
    let mut rest = name.chars();
    while let Some(one) = rest.next() {
        match one {
            '\\' => token.push(rest.next()?),
            '.' | '[' => {
                if !token.is_empty() {
                    path = format!("{path}/{}", escape_pointer_token(&std::mem::take(&mut token)));
                } else if is_open {
                    return None;
                }
                is_open = one == '.';
                if one == '[' {
                    let (index, behind) = rest.as_str().split_once(']')?;
                    index.parse::<u16>().ok()?;
                    path = format!("{path}/{index}");
                    rest = behind.chars();
                }
            }
            ',' | '=' | '{' | '}' => return None,
            _ if !is_open && token.is_empty() => return None,
            _ => token.push(one),
        }
    }
    match token.is_empty() {
        true if is_open => None,
        true => Some(path),
        false => Some(format!("{path}/{}", escape_pointer_token(&token))),
    }
}

/// What a text means as a value: a list in braces, a truth value, a number, nothing, or the text.
fn typed(value: Part) -> Part {
    let Some(text) = value.as_str() else { return value };
    let at = value.pointer.as_str();
    if let Some(items) = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) {
        let items = items.split(',').filter(|_| !items.is_empty());
        return Part::list(at, items.map(|item| Part::implied(scalar(item), at)).collect());
    }
    match scalar(text) {
        Value::String(_) => value,
        other => Part::implied(other, at),
    }
}

fn scalar(text: &str) -> Value {
    match text {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        "null" => Value::Null,
        _ => {
            let number = text.parse().ok().filter(|_| text == "0" || !text.starts_with(['0', '+']));
            number.map_or_else(|| Value::String(text.into()), Value::Int)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn names_are_ways() {
        for (name, way) in [
            ("a", Some("/a")),
            ("a.b.c", Some("/a/b/c")),
            ("a[0].b[12]", Some("/a/0/b/12")),
            ("a[0][1]", Some("/a/0/1")),
            (r"a\.b/c.d\,e", Some("/a.b~1c/d,e")),
            ("", None),
            ("a.", None),
            (".a", None),
            ("a..b", None),
            ("a[", None),
            ("a[x]", None),
            ("a[-1]", None),
            ("a[0]b", None),
            ("a,b", None),
            ("a\\", None),
        ] {
            assert_eq!(path(name).as_deref(), way, "{name}");
        }
    }
}
