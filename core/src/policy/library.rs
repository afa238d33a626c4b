//! A set of Rego files, read and sorted into policies, their tests and what they share.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use podgate_policies::{File, PAGES, RULES, TESTS};

use super::{Policy, PolicyError, RegoFile, metadata};
use crate::engine::rego::lint::{Lint, lint};
use crate::engine::rego::{Module, RegoError};
use crate::position::{Position, Span};
use crate::report::Warning;

/// Rego files that belong together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Library {
    /// The policies, sorted by id.
    pub(crate) policies: Vec<Policy>,
    /// The modules of the policies and what they share, without tests.
    pub(crate) modules: Vec<Module>,
    /// Modules of tests.
    pub(crate) tests: Vec<Module>,
    /// Files and policies that cannot be used.
    pub(crate) faults: Vec<PolicyError>,
    /// What is unwise but works.
    pub(crate) warnings: Vec<Warning>,
}

static BUILT_IN: LazyLock<Library> = LazyLock::new(|| {
    let mut library = Library::read(RULES.iter().map(rego), true);
    add_texts(&mut library.policies);
    library
});

/// Gives built-in policies their Rego and their pages.
pub(crate) fn add_texts(policies: &mut [Policy]) {
    let files: BTreeMap<&str, &str> = RULES.iter().chain(PAGES).map(|file| (file.path, file.text)).collect();
    let text = |path: &str| files.get(path).copied().map(Cow::Borrowed);
    for policy in policies {
        policy.rego = text(&policy.path).unwrap_or_default();
        policy.page = policy.path.strip_suffix(".rego").and_then(|stem| text(&format!("{stem}.md")));
    }
}

/// The built-in policies; an error is a defect of this build.
pub(crate) fn built_in() -> Result<&'static Library, PolicyError> {
    match BUILT_IN.faults.first() {
        None => Ok(&BUILT_IN),
        Some(fault) => Err(fault.clone()),
    }
}

/// What the built-in `policies` share.
pub(crate) fn shared(policies: &[Policy]) -> impl Iterator<Item = RegoFile> {
    let own: BTreeSet<&str> = policies.iter().map(|policy| policy.path.as_str()).collect();
    RULES.iter().filter(move |file| !own.contains(file.path)).map(rego)
}

/// The built-in policies together with their tests, which judging has no use for.
pub(crate) fn built_in_with_tests() -> Library {
    Library::read(RULES.iter().chain(TESTS).map(rego), true)
}

fn rego(file: &File) -> RegoFile {
    RegoFile { path: file.path.to_owned(), text: file.text.to_owned() }
}

fn is_test(file: &RegoFile) -> bool {
    file.path.ends_with("_test.rego")
}

impl Library {
    /// Reads files; what cannot be read is listed, and the rest counts.
    pub(crate) fn read(files: impl IntoIterator<Item = RegoFile>, built_in: bool) -> Self {
        let mut library = Self::default();
        for file in files {
            let is_test = is_test(&file);
            let path = file.path.clone();
            match Module::read(file) {
                Err(error) => library.faults.push(fault(&path, error)),
                Ok(module) if is_test => library.tests.push(module),
                Ok(module) => library.modules.push(module),
            }
        }
        library.collect_policies(built_in);
        library.policies.sort_by(|a, b| a.id.cmp(&b.id));
        if built_in {
            library.refuse_doubles_of_a_set();
        } else {
            library.refuse_doubles(&[]);
        }
        library
    }

    /// A package with a verdict rule is a policy, in however many files.
    fn collect_policies(&mut self, built_in: bool) {
        let judging = self.modules.iter().filter(|module| !module.verdict_rules().is_empty());
        let packages: BTreeSet<&str> = judging.map(|module| module.package.as_str()).collect();
        for package in packages {
            let own = self.modules.iter().filter(|module| module.package == package);
            let own: Vec<&RegoFile> = own.map(|module| &module.file).collect();
            match metadata::read(&own, package, built_in) {
                Err(error) => self.faults.push(error),
                Ok((policy, unwise)) => {
                    let unwise = unwise.iter().map(|reason| Warning::new(&policy.path, reason));
                    self.warnings.extend(unwise);
                    self.policies.push(policy);
                }
            }
        }
        // The built-in policies are held to the rules by a test, which costs nobody time.
        for module in self.modules.iter().filter(|_| !built_in) {
            self.warnings.extend(lint(module).into_iter().map(|found| warning(&module.file.path, found)));
        }
    }

    /// Built-in policies of two sets may have one name, where two standards call a danger the same; it then selects
    /// both. No id is the id or name of another.
    fn refuse_doubles_of_a_set(&mut self) {
        let set = |policy: &Policy| policy.package.rsplit_once('.').map(|(set, _)| set.to_owned());
        let mut names = BTreeSet::new();
        let ids: BTreeSet<String> = self.policies.iter().map(|policy| policy.id.to_lowercase()).collect();
        let doubled = ids.len() < self.policies.len();
        for policy in &self.policies {
            let name = policy.name.to_lowercase();
            let of_another = name != policy.id.to_lowercase() && ids.contains(&name);
            if doubled || of_another || !names.insert((set(policy), name)) {
                let reason = format!("policy `{}` has the id or name of another", policy.id);
                self.faults.push(advice(&policy.path, &reason));
            }
        }
    }

    /// A policy that answers to the id or name of another could hide it, or be exempted with it: it is refused.
    pub(crate) fn refuse_doubles(&mut self, others: &[Policy]) {
        let mut kept: Vec<Policy> = Vec::new();
        for policy in std::mem::take(&mut self.policies) {
            let taken = |other: &&Policy| other.answers_to(&policy.id) || other.answers_to(&policy.name);
            match others.iter().chain(&kept).find(taken) {
                None => kept.push(policy),
                Some(other) => {
                    let reason = format!("policy `{}` has the id or name of `{}`", policy.id, other.id);
                    self.faults.push(advice(&policy.path, &reason));
                }
            }
        }
        self.policies = kept;
    }

    /// The module that holds a policy's METADATA.
    pub(crate) fn module_of(&self, policy: &Policy) -> Option<&Module> {
        self.modules.iter().find(|module| module.file.path == policy.path)
    }

    /// All modules of a policy's package.
    pub(crate) fn modules_of(&self, policy: &Policy) -> impl Iterator<Item = &Module> {
        let package = format!("data.{}", policy.package);
        self.modules.iter().filter(move |module| module.package == package)
    }
}

/// What the linter says, as a report shows it.
fn warning(file: &str, found: Lint) -> Warning {
    let at = Position { line: found.line, column: found.column };
    Warning {
        span: Some(Span { start: at, end: at }),
        rule: Some(found.rule.to_owned()),
        ..Warning::new(file, &found.reason)
    }
}

fn advice(file: &str, reason: &str) -> PolicyError {
    PolicyError { file: file.to_owned(), line: 1, column: 1, reason: reason.to_owned() }
}

pub(crate) fn fault(file: &str, error: RegoError) -> PolicyError {
    PolicyError { file: file.to_owned(), line: error.line, column: error.column, reason: error.reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The forms that hold in every engine: see `docs/style.md`.
    #[test]
    fn built_in_policies_keep_to_the_safe_forms() {
        let library = built_in_with_tests();
        assert_eq!((library.faults.as_slice(), library.warnings.as_slice()), ([].as_slice(), [].as_slice()));
        for module in &library.modules {
            let path = &module.file.path;
            assert!(!module.v0, "{path}");
            assert!(module.facts().is_some(), "{path}: a `violation` does not begin with `some x in <fact>`");
            assert_eq!(lint(module), [], "{path}");
        }
        let problems = crate::engine::rego::check(&library.modules.iter().collect::<Vec<_>>());
        assert_eq!(problems, []);
    }
}
