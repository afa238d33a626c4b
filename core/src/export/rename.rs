//! Gives the verdict rule of a policy another name, so that the host's own verdict can be made from it.

use crate::engine::rego::Module;

/// The rule that policies find with.
const VERDICT: &str = "violation";

/// What it is called where a generated rule stands before it.
pub(super) const FINDING: &str = "finding";

/// The text of a policy with `finding` in the place of `violation`. Every other character stays.
pub(super) fn verdict(module: &Module) -> String {
    let words = module.rules.iter().flat_map(|rule| &rule.words);
    let mut places: Vec<(u32, u32)> =
        words.filter(|word| word.text == VERDICT).map(|word| (word.line, word.column)).collect();
    places.sort_unstable();
    places.dedup();
    let mut text = String::with_capacity(module.file.text.len());
    for (number, line) in (1_u32..).zip(module.file.text.split_inclusive('\n')) {
        let mut rest = line;
        let mut column = 1;
        for (_, at) in places.iter().filter(|(own, _)| *own == number) {
            let before: String = rest.chars().take(at.saturating_sub(column) as usize).collect();
            let Some(after) = rest.strip_prefix(&before).and_then(|rest| rest.strip_prefix(VERDICT)) else {
                continue;
            };
            text.push_str(&before);
            text.push_str(FINDING);
            rest = after;
            column = at.saturating_add(u32::try_from(VERDICT.len()).unwrap_or_default());
        }
        text.push_str(rest);
    }
    text
}
