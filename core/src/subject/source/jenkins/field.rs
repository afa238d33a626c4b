//! Values of the plugin's fields: texts that are numbers, lists in one text, and things with a name of their own.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::super::part::Part;
use super::pipeline::called;
use crate::document::Value;

/// Whether a value is not known: something is filled in, or has to be called.
pub(super) fn is_open(part: &Part) -> bool {
    part.as_str().is_some_and(|text| text.contains("${")) || is_call(part)
}

/// Whether nothing at all is known of a value.
pub(super) fn is_unknown(part: &Part) -> bool {
    let whole = |text: &str| text.starts_with("${") && text.find('}') == text.len().checked_sub(1);
    part.as_str().is_some_and(|text| whole(text.trim())) || is_call(part)
}

/// Whether a value is what something gives when it is called.
pub(super) fn is_call(part: &Part) -> bool {
    part.is_map() && part.entries().iter().any(|(key, _)| &**key == "?" || key.ends_with("()"))
}

/// The values of which one or several are taken when the pipeline runs, each at its place: both sides of a condition,
/// and the items of lists in it. Says whether that is open.
pub(super) fn choices(part: Part) -> (Vec<Part>, bool) {
    let Some(sides) = part.get("?") else { return (vec![part], false) };
    let (mut all, mut pending) = (Vec::new(), sides.items());
    pending.reverse();
    while let Some(side) = pending.pop() {
        let inner = side.get("?").unwrap_or_else(|| side.clone());
        if inner.is_map() || inner.is_scalar() {
            all.push(inner);
        } else {
            pending.extend(inner.items().into_iter().rev());
        }
    }
    (all, true)
}

/// A map in which each field is there once. Of one that is given again, any of the values may count.
pub(super) fn once(own: &Part) -> Part {
    let entries = own.entries();
    if !entries.iter().any(|(key, _)| key.ends_with(']')) {
        return own.clone();
    }
    let mut all: BTreeMap<Arc<str>, Vec<Part>> = BTreeMap::new();
    for (key, value) in entries {
        all.entry(Arc::from(called(&key).0)).or_default().push(value);
    }
    let either = |(key, mut values): (Arc<str>, Vec<Part>)| {
        if values.len() == 1 {
            return values.pop().map(|value| (key, value));
        }
        // In Groovy, the last one does.
        values.reverse();
        let at = values.first().map(|last| last.pointer.clone()).unwrap_or_default();
        Some((key, Part::map(&at).with("?", Part::list(&at, values))))
    };
    Part::map(&own.pointer).with_all(all.into_iter().filter_map(either))
}

/// Whether a key is no field: it is worked out, or belongs to a statement.
pub(super) fn is_odd(key: &str) -> bool {
    const WORDS: [&str; 7] = ["do", "else", "for", "if", "switch", "try", "while"];
    let is_part = |one: char| one.is_alphanumeric() || matches!(one, '_' | '-' | '$');
    WORDS.contains(&key) || !key.chars().all(is_part) || key.starts_with(|one: char| one.is_ascii_digit())
}

/// What is worked out as the text that stands for it.
fn opened(part: Part) -> Part {
    if is_call(&part) { Part::text("${...}", &part.pointer) } else { part }
}

/// What a value is, where the plugin has several of a kind: its name, in whichever form it is written, and its
/// fields. `hostPathVolume(…)`, `[$class: 'HostPathVolume', …]`, `hostPathVolume: {…}`, `{type: HostPath, …}`.
pub(super) fn symbol(part: &Part) -> Option<(String, Part)> {
    for key in ["$class", "type"] {
        if let Some(class) = part.text_of(key) {
            let name = class.rsplit('.').next().unwrap_or_default();
            return Some((lower_first(name), part.clone()));
        }
    }
    let entries = part.entries();
    let [(key, value)] = entries.as_slice() else { return None };
    let name = key.trim_end_matches("()").rsplit('.').next().unwrap_or_default();
    Some((lower_first(name), value.clone()))
}

/// A name with a small letter first.
pub(super) fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// A truth value, also one that is written as text. What is open stays as it is.
pub(super) fn truth(part: Part) -> Part {
    let part = opened(part);
    match part.as_str().map(str::trim) {
        Some("true") => Part::implied(Value::Bool(true), &part.pointer),
        Some("false" | "") => Part::implied(Value::Bool(false), &part.pointer),
        _ => part,
    }
}

/// A number, also one that is written as text; nothing for an empty text.
pub(super) fn number(part: Part) -> Option<Part> {
    let Some(text) = part.as_str().map(str::trim) else { return Some(part) };
    if text.is_empty() {
        return None;
    }
    Some(match text.parse::<i64>() {
        Ok(number) => Part::implied(Value::Int(number), &part.pointer),
        Err(_) => part,
    })
}

/// A text that is there and not empty.
pub(super) fn filled(part: Option<Part>) -> Option<Part> {
    part.filter(|part| part.as_str().is_none_or(|text| !text.is_empty())).map(opened)
}

/// The words of a command, as the plugin splits them: blanks part them, quotes hold them together. A list is taken
/// as it is.
pub(super) fn words(part: Option<Part>) -> Option<Part> {
    let part = filled(part)?;
    let Some(text) = part.as_str() else { return Some(part) };
    let mut words: Vec<String> = Vec::new();
    let (mut quote, mut inside) = (None, false);
    for one in text.chars() {
        match quote {
            Some(end) if one == end => quote = None,
            None if matches!(one, '"' | '\'') => {
                quote = Some(one);
                if !inside {
                    words.push(String::new());
                }
                inside = true;
            }
            None if one.is_whitespace() => inside = false,
            _ => {
                if !inside {
                    words.push(String::new());
                }
                inside = true;
                if let Some(last) = words.last_mut() {
                    last.push(one);
                }
            }
        }
    }
    let words = words.iter().map(|word| Part::text(word, &part.pointer)).collect();
    Some(Part::list(&part.pointer, words))
}

/// `a=b,c=d` as a map.
pub(super) fn pairs(part: Option<Part>) -> Option<Part> {
    let part = filled(part)?;
    let Some(text) = part.as_str() else { return Some(part) };
    let pairs = text.split(',').filter_map(|pair| pair.split_once('='));
    let entry = |(key, value): (&str, &str)| (Arc::from(key.trim()), Part::text(value.trim(), &part.pointer));
    Some(Part::map(&part.pointer).with_all(pairs.map(entry)))
}

/// Numbers in one text, parted by commas.
pub(super) fn numbers(part: Option<Part>) -> Option<Part> {
    let part = filled(part)?;
    let Some(text) = part.as_str() else { return Some(Part::list(&part.pointer.clone(), part.items())) };
    let items = text.split(',').filter_map(|one| number(Part::text(one.trim(), &part.pointer)));
    Some(Part::list(&part.pointer, items.collect()))
}

/// Variables of the environment: `envVar`, `secretEnvVar` and their older names.
pub(super) fn environment(list: Option<Part>) -> Vec<Part> {
    let items = list.map(|list| list.items()).unwrap_or_default();
    items.iter().filter_map(variable).collect()
}

/// A variable; nothing where its name is not known.
pub(super) fn variable(part: &Part) -> Option<Part> {
    let own = if part.get("key").is_some() { Some(part.clone()) } else { symbol(part).map(|(_, own)| own) };
    let own = own.unwrap_or_else(|| part.clone());
    let empty = Part::map(&part.pointer);
    let name = own.get("key").or_else(|| own.get("name")).filter(|name| !is_open(name))?;
    let named = empty.clone().with("name", name);
    Some(match own.get("secretName") {
        None => named.with("value", own.get("value")),
        Some(secret) => {
            let of_key = empty
                .clone()
                .with("name", Some(secret))
                .with("key", own.get("secretKey"))
                .with("optional", own.get("optional").map(truth));
            named.with("valueFrom", empty.with("secretKeyRef", of_key))
        }
    })
}

/// An annotation: its key and its value.
pub(super) fn annotation(item: &Part) -> Option<(Arc<str>, Part)> {
    let own = if item.get("key").is_some() { Some(item.clone()) } else { symbol(item).map(|(_, own)| own) };
    let own = own?;
    Some((Arc::from(own.text_of("key")?), own.get("value")?))
}
