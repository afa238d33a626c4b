//! Gives names in a policy another spelling; every other character stays.

use crate::engine::rego::Module;

/// The rule that policies find with.
const VERDICT: &str = "violation";

/// What it is called where a generated rule stands before it.
pub(super) const FINDING: &str = "finding";

/// The text of a policy with `finding` in the place of `violation`, so that the host's own verdict can be made
/// from it.
pub(super) fn verdict(module: &Module) -> String {
    edited(module, |word| (word == VERDICT).then(|| (VERDICT.to_owned(), FINDING.to_owned())))
}

/// The text of a module that names the library packages by imports instead of full paths.
///
/// Gatekeeper moves libraries to a place of its own and rewrites the paths that lead to them, but none inside a
/// call, a comprehension or `some … in`: those it leaves, and they lead nowhere.
pub(super) fn by_import(module: &Module, packages: &[&str], text: &str) -> String {
    let alias = |package: &str| package.trim_start_matches("data.").replace('.', "_");
    let within = |word: &str, package: &str| {
        word.strip_prefix(package).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let renamed = Module::read(crate::RegoFile { path: module.file.path.clone(), text: text.to_owned() });
    let Ok(module) = renamed else { return text.to_owned() };
    let find = |word: &str| packages.iter().find(|package| within(word, package));
    let rewritten = edited(&module, |word| find(word).map(|package| ((*package).to_owned(), alias(package))));
    let words = module.rules.iter().flat_map(|rule| &rule.words);
    let mut used: Vec<&str> = words.filter_map(|word| find(&word.text).copied()).collect();
    used.sort_unstable();
    used.dedup();
    let imports: String =
        used.iter().map(|package| format!("import {package} as {}\n", alias(package))).collect();
    let is_package = |line: &str| line.starts_with("package ");
    rewritten
        .split_inclusive('\n')
        .flat_map(|line| {
            [
                line,
                if is_package(line) && !imports.is_empty() { "\n" } else { "" },
                if is_package(line) { &imports } else { "" },
            ]
        })
        .collect()
}

/// The text with the beginnings of words replaced, where `change` gives the old and the new.
fn edited(module: &Module, change: impl Fn(&str) -> Option<(String, String)>) -> String {
    let words = module.rules.iter().flat_map(|rule| &rule.words);
    let mut edits: Vec<(usize, String, String)> = words
        .filter_map(|word| {
            let (old, new) = change(&word.text)?;
            Some((usize::try_from(word.start).ok()?, old, new))
        })
        .collect();
    edits.sort();
    edits.dedup();
    let source = module.file.text.as_str();
    let mut text = String::with_capacity(source.len());
    let mut done = 0;
    for (start, old, new) in &edits {
        let Some(before) = source.get(done..*start) else { continue };
        // A path may be written in another way than its name; then it stays, and the host refuses what it leads to.
        if source.get(*start..).is_some_and(|rest| rest.starts_with(old.as_str())) {
            text.push_str(before);
            text.push_str(new);
            done = start + old.len();
        }
    }
    text.push_str(source.get(done..).unwrap_or_default());
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::library;

    fn module(text: &str) -> Module {
        Module::read(crate::RegoFile { path: "a.rego".to_owned(), text: text.to_owned() }).unwrap()
    }

    #[test]
    fn only_the_verdict_changes() {
        let text = "package a\n\n# violation\nviolation contains x if {\n\tsome x in data.a.violation; y := \"violation\"\n}\n\nz if count(violation) > 0\n";
        let renamed = text
            .replace("\nviolation contains", "\nfinding contains")
            .replace("count(violation)", "count(finding)");
        assert_eq!(verdict(&module(text)), renamed);
    }

    #[test]
    fn libraries_are_imported() {
        let text = "package a\n\nx := data.lib.b.c if \"é\" == [y | some y in data.lib.b.d][0]\n\nz := data.lib.bc\n";
        let wanted = "package a\n\nimport data.lib.b as lib_b\n\nx := lib_b.c if \"é\" == [y | some y in lib_b.d][0]\n\nz := data.lib.bc\n";
        assert_eq!(by_import(&module(text), &["data.lib.b"], text), wanted);
    }

    /// What was left would be looked for in vain by Gatekeeper.
    #[test]
    fn no_full_path_is_left_in_a_built_in_policy() {
        let library = library::built_in().unwrap();
        let packages: Vec<&str> = library.modules.iter().map(|module| module.package.as_str()).collect();
        for own in &library.modules {
            let text = by_import(own, &packages, &own.file.text);
            let is_code = |line: &&str| !line.starts_with("import ") && !line.trim_start().starts_with('#');
            let left: Vec<&str> =
                text.lines().filter(is_code).filter(|line| line.contains("data.lib.")).collect();
            assert!(left.is_empty(), "{}: {left:?}", own.file.path);
        }
    }
}
