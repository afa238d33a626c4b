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

/// The name of what is filled in where an option may stand.
const OPEN: &str = "${...}";

/// Options whose values are any text.
const FREE: [&str; 6] = ["annotation", "entrypoint", "env", "health-cmd", "label", "log-opt"];

/// The short forms that count, with their names.
const SHORT: [(char, &str); 15] = [
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
    ('w', "workdir"),
];

/// The options in a line, and whether all its quotes are closed.
pub(super) fn read(line: &str) -> (Vec<Given>, bool) {
    let (words, is_closed) = words(&without_gaps(line));
    (of_words(&words), is_closed)
}

/// The same of a line that a shell splits. Programs that split it by themselves mostly keep a backslash: both count.
pub(super) fn read_shell(line: &str) -> (Vec<Given>, bool) {
    let (split, is_closed) = shell_words(line);
    let mut given = of_words(&split);
    if line.contains('\\') {
        given.extend(of_words(&words(line).0));
    }
    (given, is_closed)
}

/// Whether options may be filled into a line that a shell splits: a word that is none of them, and no value.
pub(in crate::subject::source) fn is_open(line: &str) -> bool {
    read_shell(line).0.iter().any(|given| given.name == OPEN)
}

fn of_words(words: &[String]) -> Vec<Given> {
    let mut given = options(words, true);
    // What Docker has learned since may take no value, and other values seldom begin with two dashes: both count.
    let lean = options(words, false);
    if lean != given {
        given.extend(lean);
    }
    given
}

/// The words of a line as a shell parts them, and whether all its quotes are closed.
fn shell_words(line: &str) -> (Vec<String>, bool) {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match quote {
            Some(end) if letter == end => quote = None,
            None if matches!(letter, '"' | '\'') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            None if letter.is_whitespace() => words.extend(word.take()),
            None | Some('"') if letter == '\\' => word.get_or_insert_default().extend(letters.next()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    (words, quote.is_none())
}

/// The words of a line as .NET gives them to a program on Linux (`ParseArgumentsIntoList` of its `Process`), which
/// runs no shell: a single quote is a letter like any other, and so is a backslash but before a double quote.
pub(super) fn words(line: &str) -> (Vec<String>, bool) {
    let (mut words, mut word, mut is_quoted) = (Vec::new(), None::<String>, false);
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == '"' && !(is_quoted && letters.peek() == Some(&'"')) {
            is_quoted = !is_quoted;
            word.get_or_insert_default();
        } else if matches!(letter, ' ' | '\t') && !is_quoted {
            words.extend(word.take());
        } else if letter == '\\' {
            let mut run = 1_usize;
            while letters.next_if_eq(&letter).is_some() {
                run += 1;
            }
            let is_before_quote = letters.peek() == Some(&'"');
            let kept = if is_before_quote { run / 2 } else { run };
            let escaped = if is_before_quote && run % 2 == 1 { letters.next() } else { None };
            word.get_or_insert_default().extend(std::iter::repeat_n(letter, kept).chain(escaped));
        } else {
            // Of two quotes inside quotes, one is meant.
            let _ = letters.next_if(|_| letter == '"');
            word.get_or_insert_default().push(letter);
        }
    }
    words.extend(word);
    (words, !is_quoted)
}

/// The options that words are: each takes the next one as its value unless it is known to take none, or, if they are
/// not to take all, unless that looks like an option.
fn options(words: &[String], takes_all: bool) -> Vec<Given> {
    let mut words = words.iter().map(String::as_str).peekable();
    let mut given = Vec::new();
    while let Some(word) = words.next() {
        if let Some(long) = word.strip_prefix("--") {
            given.push(match long.split_once('=') {
                Some((name, value)) => Given::new(name, value),
                None if ALONE.contains(&long) => Given::new(long, ""),
                None => {
                    let takes = |next: &&str| takes_all || FREE.contains(&long) || !next.starts_with("--");
                    Given::new(long, words.next_if(takes).unwrap_or_default())
                }
            });
        } else if let Some(letters) = word.strip_prefix('-') {
            short(letters, &mut words, &mut given);
        } else if word.starts_with("${") {
            given.push(Given::new(OPEN, word));
        }
    }
    given
}

/// Letters behind one dash: several that take no value, or one with its value.
fn short<'w>(letters: &str, words: &mut impl Iterator<Item = &'w str>, given: &mut Vec<Given>) {
    for (at, letter) in letters.char_indices() {
        let Some((_, name)) = SHORT.iter().find(|(own, _)| *own == letter) else { return };
        if ALONE.contains(name) {
            given.push(Given::new(name, ""));
            continue;
        }
        let rest = letters.get(at + letter.len_utf8()..).unwrap_or_default();
        let value = rest.strip_prefix('=').unwrap_or(rest);
        let value = if value.is_empty() { words.next().unwrap_or_default() } else { value };
        given.push(Given::new(name, value));
        return;
    }
}

/// A line whose expressions in double braces are one word each.
pub(super) fn without_gaps(line: &str) -> String {
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
