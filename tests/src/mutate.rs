//! Seeded damage to documents: what a hurried author, a template or an attacker makes of a good pod.

use fastrand::Rng;
use serde_json::{Value, json};

/// Texts that have meant something to some parser.
const TEXTS: [&str; 24] = [
    "",
    " ",
    "/",
    "//",
    "..",
    "/var/run/docker.sock/../",
    "/run/./docker.sock ",
    "/proc/1/root/run/docker.sock",
    "$(HOME)/x",
    "{{ .Values.path }}",
    "true",
    "Yes",
    "0",
    "null",
    "docker:dind",
    "REGISTRY.example.com/Docker@sha256:00",
    "tcp://0.0.0.0:2375",
    "cap_sys_admin",
    "ALL",
    "Bidirectional",
    "a\nb\u{1b}[31m",
    "%v %d %",
    "~1/~0",
    "é\u{202e}𝄞\u{0}",
];

/// A copy with between one and four kinds of damage.
pub fn mutant(rng: &mut Rng, value: &Value) -> Value {
    let mut value = value.clone();
    for _ in 0..rng.usize(1..=4) {
        damage(rng, &mut value);
    }
    value
}

/// Damages one place below the root.
fn damage(rng: &mut Rng, root: &mut Value) {
    let mut pointers = Vec::new();
    collect(root, String::new(), &mut pointers);
    let Some(pointer) = rng.choice(&pointers).cloned() else { return };
    let other = rng.choice(&pointers).and_then(|other| root.pointer(other)).cloned();
    let Some((parent, last)) = pointer.rsplit_once('/') else { return };
    let last = last.replace("~1", "/").replace("~0", "~");
    let Some(parent) = root.pointer_mut(parent) else { return };
    match rng.u8(0..9) {
        0 => drop_from(parent, &last),
        1 => put(parent, &last, Value::Null),
        2 => put(parent, &last, scalar(rng)),
        3 => put(parent, &last, json!([])),
        4 => put(parent, &last, json!({})),
        5 => put(parent, &last, other.unwrap_or(Value::Null)),
        6 => wrap(parent, &last),
        7 => add(parent, rng),
        _ => repeat_or_shuffle(parent, &last, rng),
    }
}

fn collect(value: &Value, pointer: String, pointers: &mut Vec<String>) {
    if !pointer.is_empty() {
        pointers.push(pointer.clone());
    }
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, format!("{pointer}/{index}"), pointers);
            }
        }
        Value::Object(entries) => {
            for (key, item) in entries {
                let key = key.replace('~', "~0").replace('/', "~1");
                collect(item, format!("{pointer}/{key}"), pointers);
            }
        }
        _ => {}
    }
}

fn scalar(rng: &mut Rng) -> Value {
    match rng.u8(0..6) {
        0 => json!(rng.bool()),
        1 => json!(*rng.choice(&[0, 1, -1, i64::MAX, i64::MIN, 2375]).unwrap_or(&0)),
        2 => json!(*rng.choice(&[0.5, 1e300, -0.0, 1e-300]).unwrap_or(&0.0)),
        _ => json!(rng.choice(&TEXTS).copied().unwrap_or_default()),
    }
}

fn slot<'v>(parent: &'v mut Value, last: &str) -> Option<&'v mut Value> {
    match parent {
        Value::Array(items) => items.get_mut(last.parse::<usize>().ok()?),
        Value::Object(entries) => entries.get_mut(last),
        _ => None,
    }
}

fn put(parent: &mut Value, last: &str, value: Value) {
    if let Some(slot) = slot(parent, last) {
        *slot = value;
    }
}

fn drop_from(parent: &mut Value, last: &str) {
    match parent {
        Value::Array(items) => {
            if let Ok(index) = last.parse::<usize>()
                && index < items.len()
            {
                items.remove(index);
            }
        }
        Value::Object(entries) => _ = entries.remove(last),
        _ => {}
    }
}

fn wrap(parent: &mut Value, last: &str) {
    if let Some(slot) = slot(parent, last) {
        *slot = json!([slot.take()]);
    }
}

fn add(parent: &mut Value, rng: &mut Rng) {
    let value = scalar(rng);
    match parent {
        Value::Array(items) => items.push(value),
        Value::Object(entries) => {
            let fields = [
                "privileged",
                "hostPath",
                "hostPort",
                "subPath",
                "image",
                "name",
                "args",
                "env",
                "unknownField",
            ];
            let field = rng.choice(&fields).copied().unwrap_or_default();
            entries.insert(field.to_owned(), value);
        }
        _ => {}
    }
}

fn repeat_or_shuffle(parent: &mut Value, last: &str, rng: &mut Rng) {
    match parent {
        Value::Array(items) if rng.bool() => rng.shuffle(items),
        Value::Array(items) => {
            let copy = last.parse::<usize>().ok().and_then(|index| items.get(index)).cloned();
            items.extend(copy);
        }
        Value::Object(entries) => {
            if let Some(value) = entries.remove(last) {
                entries.insert(last.to_uppercase(), value);
            }
        }
        _ => {}
    }
}
