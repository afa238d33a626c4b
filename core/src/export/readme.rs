//! The README of an export: how it is used, and what is not the same there.

/// The text, with the notes in the end.
pub(super) fn text(about: &str, notes: &[String]) -> String {
    let notes: String = if notes.is_empty() {
        "Everything that was selected is here.\n".to_owned()
    } else {
        notes.iter().map(|note| format!("- {note}.\n")).collect()
    };
    format!(
        "{about}\n## What is not here\n\n{notes}\nMade by `podgate export`: export again after changing settings, and do not edit these files.\n"
    )
}
