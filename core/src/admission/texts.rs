//! What people read of an answer: the reason of a refusal, and warnings.

use std::fmt::Write as _;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::StatusCause;

use super::verdict::Entry;
use crate::document::pointer_tokens;
use crate::report::Finding;

/// Characters of one warning that reach the user, whatever other webhooks say (`truncateItemRunes` of
/// `k8s.io/apiserver/pkg/endpoints/filters/warning.go`).
const WARNING: usize = 256;

/// Characters of all warnings together, beyond which the API server cuts and then drops them
/// (`truncateAtTotalRunes` of the same file).
const WARNINGS: usize = 4096;

/// Room for the warning that says how many more there are.
const LAST_WARNING: usize = 80;

/// Reasons that a refusal tells in full. More than that nobody reads at a terminal.
const REASONS: usize = 20;

/// Characters of one reason.
const REASON: usize = 1000;

/// The first characters of a text, with a mark where it was cut.
pub(super) fn cut(text: &str, length: usize) -> String {
    if text.chars().count() <= length {
        return text.to_owned();
    }
    text.chars().take(length.saturating_sub(1)).chain(['…']).collect()
}

/// The message of a refusal: what is wrong, in which container, what to do instead, and where to read on; then what is
/// wrong with how the profiles were chosen.
pub(super) fn refusal(object: &str, profiles: &[String], entries: &[&Entry], faults: &[String]) -> String {
    let mut text = format!("podgate (profile {}) refuses {object}:", profiles.join(", "));
    for entry in entries.iter().take(REASONS) {
        // Writing to a string cannot fail.
        write!(text, "\n- {}", cut(&entry.what, REASON)).unwrap_or_default();
        if let Some(finding) = &entry.finding {
            write!(text, "{}", place(finding)).unwrap_or_default();
            for (label, line) in [("instead: ", &finding.help), ("see: ", &finding.docs)] {
                if !line.is_empty() {
                    write!(text, "\n  {label}{line}").unwrap_or_default();
                }
            }
        }
    }
    if let Some(more @ 1..) = entries.len().checked_sub(REASONS) {
        write!(text, "\n- and {more} more").unwrap_or_default();
    }
    for fault in faults {
        write!(text, "\nnote: {}", cut(fault, REASON)).unwrap_or_default();
    }
    text
}

/// The policy of a finding, and its container where the message does not name it.
fn place(finding: &Finding) -> String {
    let container = finding.container.as_deref();
    let unnamed = container.filter(|name| !finding.message.contains(&format!("\"{name}\"")));
    match unnamed {
        Some(name) => format!(" (container \"{name}\", {} {})", finding.policy, finding.name),
        None => format!(" ({} {})", finding.policy, finding.name),
    }
}

/// The same for programs.
pub(super) fn causes(entries: &[&Entry]) -> Vec<StatusCause> {
    let cause = |entry: &&Entry| StatusCause {
        reason: Some(entry.policy.clone()).filter(|policy| !policy.is_empty()),
        message: Some(cut(&entry.what, REASON)),
        field: entry.finding.as_ref().map(|finding| field(&finding.pointer)),
    };
    entries.iter().take(REASONS).map(cause).collect()
}

/// A JSON Pointer as the API names fields: `spec.containers[0].image`.
fn field(pointer: &str) -> String {
    let mut field = String::new();
    for token in pointer_tokens(pointer) {
        let is_index = token.bytes().all(|byte| byte.is_ascii_digit());
        if is_index || !token.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            field.push_str(&format!("[{token}]"));
        } else {
            field.push_str(if field.is_empty() { "" } else { "." });
            field.push_str(&token);
        }
    }
    field
}

/// Warnings within what the API server passes on. The last says how many there was no room for.
pub(super) fn warnings(entries: &[&Entry]) -> Vec<String> {
    let mut warnings: Vec<String> = Vec::new();
    for entry in entries {
        let help = entry.finding.as_ref().map(|finding| finding.help.as_str()).unwrap_or_default();
        let text = match (entry.policy.as_str(), help) {
            ("", _) => format!("podgate: {}", entry.what),
            (policy, "") => format!("podgate: {policy}: {}", entry.what),
            (policy, help) => format!("podgate: {policy}: {}. {help}", entry.what),
        };
        let text = cut(&text, WARNING);
        if !warnings.contains(&text) {
            warnings.push(text);
        }
    }
    let mut room = WARNINGS - LAST_WARNING;
    let fits = |warning: &&String| {
        let after = room.checked_sub(warning.chars().count());
        room = after.unwrap_or_default();
        after.is_some()
    };
    let fit = warnings.iter().take_while(fits).count();
    if fit < warnings.len() {
        let more = warnings.len() - fit;
        warnings.truncate(fit);
        warnings.push(format!("podgate: and {more} more; `podgate check` shows them all"));
    }
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(what: &str) -> Entry {
        Entry { policy: "CI1".to_owned(), what: what.to_owned(), finding: None }
    }

    #[test]
    fn fields_are_named_as_the_api_names_them() {
        assert_eq!(field("/spec/containers/0/image"), "spec.containers[0].image");
        assert_eq!(field("/metadata/annotations/a.b~1c"), "metadata.annotations[a.b/c]");
        assert_eq!(field(""), "");
    }

    #[test]
    fn texts_are_cut_between_characters() {
        assert_eq!(cut("äöü", 3), "äöü");
        assert_eq!(cut("äöüß", 3), "äö…");
    }

    #[test]
    fn warnings_stay_within_the_bounds_of_the_api_server() {
        for length in [1, 200, 255, 300] {
            for number in [0, 1, 15, 16, 17, 20, 1000] {
                let entries: Vec<Entry> =
                    (0..number).map(|at| entry(&format!("{at} {}", "ü".repeat(length)))).collect();
                let warnings = warnings(&entries.iter().collect::<Vec<_>>());
                let all: usize = warnings.iter().map(|warning| warning.chars().count()).sum();
                assert!(all <= WARNINGS, "{length} {number}: {all}");
                assert!(warnings.iter().all(|warning| warning.chars().count() <= WARNING));
                let told = warnings.last().map_or(0, |last| {
                    let more = last.strip_prefix("podgate: and ").and_then(|rest| rest.split(' ').next());
                    more.map_or(warnings.len(), |more| warnings.len() - 1 + more.parse::<usize>().unwrap())
                });
                assert_eq!(told, number, "{length} {number}");
            }
        }
        let same = entry("a");
        assert_eq!(warnings(&[&same, &same]), ["podgate: CI1: a"]);
    }

    #[test]
    fn a_refusal_says_how_many_reasons_it_leaves_out() {
        let entries: Vec<Entry> = (0..23).map(|at| entry(&format!("what {at}"))).collect();
        let text = refusal("Pod \"a\"", &["ci".to_owned()], &entries.iter().collect::<Vec<_>>(), &[]);
        assert!(text.starts_with("podgate (profile ci) refuses Pod \"a\":\n- what 0\n- what 1\n"), "{text}");
        assert!(text.ends_with("\n- what 19\n- and 3 more"), "{text}");
    }
}
