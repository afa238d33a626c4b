//! A set of Rego files, read and sorted into policies, their tests and what they share.

use std::sync::LazyLock;

use super::{Policy, PolicyError, RegoFile, metadata};
use crate::engine::rego::{Module, RegoError};

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
    pub(crate) warnings: Vec<PolicyError>,
}

static BUILT_IN: LazyLock<Library> = LazyLock::new(|| {
    let mut library = Library::read(embedded().filter(|file| !is_test(file)), true);
    for policy in &mut library.policies {
        let page = policy.path.strip_suffix(".rego").map(|stem| format!("{stem}.md"));
        let page = podgate_policies::FILES.iter().find(|file| page.as_deref() == Some(file.path));
        policy.page = page.map(|page| page.text.to_owned());
    }
    library
});

/// The built-in policies; an error is a defect of this build.
pub(crate) fn built_in() -> Result<&'static Library, PolicyError> {
    match BUILT_IN.faults.first() {
        None => Ok(&BUILT_IN),
        Some(fault) => Err(fault.clone()),
    }
}

/// The built-in policies together with their tests, which judging has no use for.
pub(crate) fn built_in_with_tests() -> Library {
    Library::read(embedded(), true)
}

fn embedded() -> impl Iterator<Item = RegoFile> {
    let files = podgate_policies::FILES.iter().filter(|file| file.path.ends_with(".rego"));
    files.map(|file| RegoFile { path: file.path.to_owned(), text: file.text.to_owned() })
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
        library.refuse_doubles();
        library
    }

    fn collect_policies(&mut self, built_in: bool) {
        for module in self.modules.iter().filter(|module| !module.verdict_rules().is_empty()) {
            match metadata::read(&module.file, &module.package, built_in) {
                Err(error) => self.faults.push(error),
                Ok((policy, has_metadata)) => {
                    let advice = |reason: &str| PolicyError {
                        file: module.file.path.clone(),
                        line: 1,
                        column: 1,
                        reason: reason.to_owned(),
                    };
                    if !has_metadata {
                        self.warnings.push(advice(
                            "no METADATA block above the package: the policy goes by its package, with severity high",
                        ));
                    }
                    if !module.v0 && !module.language_imports.contains("future.keywords.not") {
                        self.warnings.push(advice(
                            "`import future.keywords.not` is missing: without it `not f(undefined)` means one thing \
                             here and another in OPA",
                        ));
                    }
                    self.policies.push(policy);
                }
            }
        }
    }

    /// Two policies with one name, or two files of one package that both judge, could hide each other.
    fn refuse_doubles(&mut self) {
        let mut doubles = Vec::new();
        for (index, policy) in self.policies.iter().enumerate() {
            let before = self.policies.iter().take(index);
            if let Some(other) = before
                .into_iter()
                .find(|other| other.answers_to(&policy.id) || other.answers_to(&policy.name))
            {
                doubles.push(PolicyError {
                    file: policy.path.clone(),
                    line: 1,
                    column: 1,
                    reason: format!(
                        "policy `{}` has the id or name of the one in `{}`",
                        policy.id, other.path
                    ),
                });
            }
        }
        self.faults.extend(doubles);
    }

    /// The module that holds a policy.
    pub(crate) fn module_of(&self, policy: &Policy) -> Option<&Module> {
        self.modules.iter().find(|module| module.file.path == policy.path)
    }
}

pub(crate) fn fault(file: &str, error: RegoError) -> PolicyError {
    PolicyError { file: file.to_owned(), line: error.line, column: error.column, reason: error.reason }
}
