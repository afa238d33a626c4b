//! Scalars of YAML and JSON in their many forms.

use fastrand::Rng;
use serde_json::Number;

/// Words that are no texts when they stand alone.
const WORDS: [&str; 12] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "inf", "nan", "none"];

/// Whether a text can be written as it is, wherever it stands.
pub(super) fn is_plain(text: &str) -> bool {
    let begins = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/');
    let is_safe = |one: char| one.is_ascii_alphanumeric() || "_./:@=$- ".contains(one);
    begins
        && text.chars().all(is_safe)
        && !text.ends_with([' ', ':'])
        && !text.contains("  ")
        && !text.contains(": ")
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

/// Whether a text is one word, so that it can be written plainly after `!!str`.
pub(super) fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|one| one.is_ascii_alphanumeric())
}

fn is_one_line(text: &str) -> bool {
    text.chars().all(|one| (' '..='~').contains(&one) || ('\u{a1}'..='\u{2027}').contains(&one))
}

/// In single quotes where that can be, else in double quotes.
pub(super) fn quoted(text: &str, rng: &mut Rng) -> String {
    if is_one_line(text) && rng.bool() {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        double(text, |one, _| is_one_line(&one.to_string()), rng)
    }
}

/// In double quotes, some characters as escapes.
pub(super) fn escaped(text: &str, rng: &mut Rng) -> String {
    double(text, |one, rng| is_one_line(&one.to_string()) && rng.bool(), rng)
}

fn double(text: &str, mut stays: impl FnMut(char, &mut Rng) -> bool, rng: &mut Rng) -> String {
    let mut out = String::from("\"");
    for one in text.chars() {
        match one {
            '"' | '\\' => out.extend(['\\', one]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            one if stays(one, rng) => out.push(one),
            '/' if rng.bool() => out.push_str("\\/"),
            one => match (u32::from(one), rng.u8(0..3)) {
                (code @ 0..=0xff, 0) => out.push_str(&format!("\\x{code:02x}")),
                (code @ 0..=0xffff, 0 | 1) => out.push_str(&format!("\\u{code:04X}")),
                (code, _) => out.push_str(&format!("\\U{code:08x}")),
            },
        }
    }
    out + "\""
}

/// A JSON string, some characters as escapes.
pub(super) fn json_escaped(text: &str, rng: &mut Rng) -> String {
    let mut out = String::from("\"");
    for one in text.chars() {
        if matches!(one, '"' | '\\') || one.is_control() || rng.bool() {
            let mut units = [0; 2];
            for unit in one.encode_utf16(&mut units) {
                let escape = format!("\\u{unit:04x}");
                out.push_str(&if rng.bool() { escape } else { format!("\\u{unit:04X}") });
            }
        } else {
            out.push(one);
        }
    }
    out + "\""
}

/// A truth value of YAML 1.1.
pub(super) fn truth(truth: bool, rng: &mut Rng) -> &'static str {
    const YES: [&str; 11] = ["true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y"];
    const NO: [&str; 11] = ["false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N"];
    (if truth { YES } else { NO })[rng.usize(0..YES.len())]
}

/// A whole number in some base.
pub(super) fn number(number: &Number, rng: &mut Rng) -> String {
    let Some(whole) = number.as_u64() else { return number.to_string() };
    let digits = whole.to_string();
    match rng.u8(0..8) {
        0 => format!("0x{whole:x}"),
        1 => format!("0X{whole:X}"),
        2 => format!("0o{whole:o}"),
        3 => format!("0{whole:o}"),
        4 => format!("0b{whole:b}"),
        5 => format!("+{whole}"),
        6 if digits.len() > 1 => format!("{}_{}", &digits[..1], &digits[1..]),
        _ => digits,
    }
}

/// Head and body of a literal block.
pub(super) fn literal(text: &str, pad: &str) -> Option<(String, String)> {
    let (lines, head) = match text.strip_suffix('\n') {
        Some(lines) => (lines, "|"),
        None => (text, "|-"),
    };
    let is_clean = lines.split('\n').all(|line| is_one_line(line) && !line.ends_with(' '));
    if !is_clean || lines.is_empty() || lines.starts_with([' ', '\n']) || lines.ends_with('\n') {
        return None;
    }
    let body: Vec<String> = lines
        .split('\n')
        .map(|line| if line.is_empty() { String::new() } else { format!("{pad}{line}") })
        .collect();
    Some((head.to_owned(), body.join("\n")))
}

fn words(text: &str) -> Option<Vec<&str>> {
    let words: Vec<&str> = text.split(' ').collect();
    (is_one_line(text) && words.iter().all(|word| !word.is_empty())).then_some(words)
}

/// Head and body of a folded block, one word a line.
pub(super) fn folded(text: &str, pad: &str) -> Option<(String, String)> {
    let lines: Vec<String> = words(text)?.iter().map(|word| format!("{pad}{word}")).collect();
    Some((">-".to_owned(), lines.join("\n")))
}

/// A plain text, one word a line.
pub(super) fn plain_lines(text: &str, pad: &str) -> Option<(String, String)> {
    let words = words(text).filter(|words| words.len() > 1 && is_plain(text))?;
    Some((words.join(&format!("\n{pad}")), String::new()))
}

/// A text in double quotes that goes on in the next line.
pub(super) fn broken_quotes(text: &str, pad: &str, rng: &mut Rng) -> Option<(String, String)> {
    let at =
        text.char_indices().nth(rng.usize(0..text.len().max(1))).map(|(at, _)| at).filter(|at| *at > 0)?;
    let (left, right) = text.split_at(at);
    if !is_one_line(text) || right.starts_with(' ') {
        return None;
    }
    let half = |half: &str| half.replace('\\', "\\\\").replace('"', "\\\"");
    Some((format!("\"{}\\\n{pad}{}\"", half(left), half(right)), String::new()))
}
