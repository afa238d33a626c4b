//! Writes manifests as YAML that people can read: Rego as a block, everything else as JSON would have it.

use std::fmt::Write as _;

use serde_json::Value;

/// The document, ending with a line break.
pub(super) fn document(value: &Value) -> String {
    let mut text = String::new();
    write(&mut text, value, 0);
    text.trim_start_matches('\n').to_owned()
}

fn write(text: &mut String, value: &Value, depth: usize) {
    let indent = "  ".repeat(depth);
    // Writing to a string cannot fail.
    let _ = match value {
        Value::Object(entries) if !entries.is_empty() => {
            text.push('\n');
            entries.iter().try_for_each(|(key, value)| {
                write!(text, "{indent}{}:", name(key))?;
                write(text, value, depth + 1);
                Ok(())
            })
        }
        Value::Array(items) if !items.is_empty() => {
            text.push('\n');
            items.iter().try_for_each(|item| {
                write!(text, "{indent}-")?;
                let mut own = String::new();
                write(&mut own, item, depth + 1);
                // The first entry of an item stands behind its dash.
                let own = match item {
                    Value::Object(entries) if !entries.is_empty() => format!(" {}", own.trim_start()),
                    _ => own,
                };
                text.push_str(&own);
                Ok(())
            })
        }
        Value::String(lines) if is_block(lines) => {
            text.push_str(" |\n");
            lines.lines().try_for_each(|line| match line {
                "" => writeln!(text),
                line => writeln!(text, "{indent}{line}"),
            })
        }
        Value::String(word) if is_plain(word) => writeln!(text, " {word}"),
        scalar => writeln!(text, " {scalar}"),
    };
}

fn name(key: &str) -> String {
    if is_plain(key) { key.to_owned() } else { Value::from(key).to_string() }
}

/// Lines that a literal block gives back exactly.
fn is_block(text: &str) -> bool {
    let is_odd = |one: char| one.is_control() && one != '\n' && one != '\t';
    text.contains('\n')
        && text.ends_with('\n')
        && !text.ends_with("\n\n")
        && !text.starts_with([' ', '\n', '\t'])
        && !text.contains(is_odd)
}

/// Words that no reader of YAML takes for anything but a string.
fn is_plain(word: &str) -> bool {
    let known = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];
    word.starts_with(|one: char| one.is_ascii_alphabetic())
        && word.chars().all(|one| one.is_ascii_alphanumeric() || "-./".contains(one))
        && !known.iter().any(|known| known.eq_ignore_ascii_case(word))
}
