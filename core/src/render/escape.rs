//! Text that others wrote, made harmless for a terminal.

use std::borrow::Cow;
use std::fmt::Write;

/// Longest text shown in one piece.
const LONGEST: usize = 1000;

/// `text` in one line: control characters, line breaks and characters that reorder or hide text are written
/// as `\u{…}`, and what is very long is cut. A manifest can so neither colour nor forge lines of a report.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    let cut = text.floor_char_boundary(LONGEST);
    let (head, tail) = text.split_at(cut);
    if tail.is_empty() { escape(head, false) } else { Cow::Owned(format!("{}…", escape(head, false))) }
}

/// The same for a line of an excerpt, in which tabs are harmless; its length is the caller's business.
pub(super) fn line(text: &str) -> Cow<'_, str> {
    escape(text, true)
}

fn escape(text: &str, keep_tabs: bool) -> Cow<'_, str> {
    let harmless = |character: char| keep_tabs && character == '\t' || !is_dangerous(character);
    if text.chars().all(harmless) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            _ if harmless(character) => escaped.push(character),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            _ => {
                let _ = write!(escaped, "{}", character.escape_unicode());
            }
        }
    }
    Cow::Owned(escaped)
}

/// Controls, and what moves, reorders or hides other characters.
fn is_dangerous(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_the_cursor_is_shown() {
        assert_eq!(visible("a\u{1b}[2Jb\nc\u{9b}1m\td"), "a\\u{1b}[2Jb\\nc\\u{9b}1m\\td");
        assert_eq!(visible("user\u{202e}txt\u{200b}"), "user\\u{202e}txt\\u{200b}");
        assert_eq!(line("\tkäse: 寿司"), "\tkäse: 寿司");
    }

    #[test]
    fn what_is_long_is_cut_between_characters() {
        let text = "ä".repeat(LONGEST);
        assert_eq!(visible(&text), format!("{}…", "ä".repeat(LONGEST / 2)));
    }
}
