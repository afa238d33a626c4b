//! The options of `docker create`, as its command line reads them.

/// An option with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::subject::source) struct Given {
    /// The long name, without dashes.
    pub(super) name: String,
    /// The value; empty for an option that is given without one.
    pub(super) value: String,
}

impl Given {
    pub(in crate::subject::source) fn new(name: &str, value: &str) -> Self {
        Self { name: name.to_owned(), value: value.to_owned() }
    }

    /// Whether an option that is a truth value is switched on. What is filled in later counts as that.
    pub(super) fn is_true(&self) -> bool {
        !matches!(self.value.as_str(), "false" | "False" | "FALSE" | "f" | "F" | "0")
    }
}

/// Options that take no value behind a space (`docker create --help`).
const ALONE: [&str; 14] = [
    "detach",
    "disable-content-trust",
    "init",
    "interactive",
    "no-healthcheck",
    "oom-kill-disable",
    "privileged",
    "publish-all",
    "quiet",
    "read-only",
    "rm",
    "sig-proxy",
    "tty",
    "use-api-socket",
];

/// Options whose values are any text.
const FREE: [&str; 6] = ["annotation", "entrypoint", "env", "health-cmd", "label", "log-opt"];

/// The short forms that count, with their names.
const SHORT: [(char, &str); 14] = [
    ('P', "publish-all"),
    ('a', "attach"),
    ('c', "cpu-shares"),
    ('d', "detach"),
    ('e', "env"),
    ('h', "hostname"),
    ('i', "interactive"),
    ('l', "label"),
    ('m', "memory"),
    ('p', "publish"),
    ('q', "quiet"),
    ('t', "tty"),
    ('u', "user"),
    ('v', "volume"),
];

/// The options in a line that is written as for a shell. Nothing where its quotes do not match.
pub(super) fn read(line: &str) -> Option<Vec<Given>> {
    let mut words = shlex::split(&without_gaps(line))?.into_iter().peekable();
    let mut given = Vec::new();
    while let Some(word) = words.next() {
        if let Some(long) = word.strip_prefix("--") {
            given.push(match long.split_once('=') {
                Some((name, value)) => Given::new(name, value),
                None if ALONE.contains(&long) => Given::new(long, ""),
                // No other value begins so: what Docker has learned since may take none.
                None => {
                    let value = words.next_if(|next| FREE.contains(&long) || !next.starts_with("--"));
                    Given::new(long, &value.unwrap_or_default())
                }
            });
        } else if let Some(letters) = word.strip_prefix('-') {
            short(letters, &mut words, &mut given);
        }
    }
    Some(given)
}

/// Letters behind one dash: several that take no value, or one with its value.
fn short(letters: &str, words: &mut impl Iterator<Item = String>, given: &mut Vec<Given>) {
    for (at, letter) in letters.char_indices() {
        let Some((_, name)) = SHORT.iter().find(|(own, _)| *own == letter) else { return };
        if ALONE.contains(name) {
            given.push(Given::new(name, ""));
            continue;
        }
        let rest = letters.get(at + letter.len_utf8()..).unwrap_or_default();
        let value = rest.strip_prefix('=').unwrap_or(rest);
        let value = if value.is_empty() { words.next().unwrap_or_default() } else { value.to_owned() };
        given.push(Given::new(name, &value));
        return;
    }
}

/// A line whose expressions in double braces are one word each.
fn without_gaps(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, expression)) = rest.split_once("${{") {
        let (inner, behind) = expression.split_once("}}").unwrap_or((expression, ""));
        text.push_str(before);
        text.push_str("${{");
        text.extend(inner.chars().filter(|one| !one.is_whitespace() && !matches!(one, '\'' | '"' | '\\')));
        text.push_str("}}");
        rest = behind;
    }
    text.push_str(rest);
    text
}
