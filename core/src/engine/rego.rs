//! Reading Rego before the engine does: what a module defines, imports and calls, and whether it is safe to load.
//!
//! The engine accepts calls of functions that do not exist and finds out when a line is first reached; nests
//! brackets at exponential cost; and overflows the stack on recursive functions. All three are found here, when
//! a policy is loaded, with the place.

pub(crate) mod lint;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use regorus::Source;
use regorus::unstable::{BUILTINS, Module as Syntax, Parser, Rule, RuleHead, Token};

use crate::engine::error::{first_line, place};
use crate::policy::RegoFile;

use words::Word;

/// Functions that a policy may not call: a verdict must not depend on the clock, on chance, on the network or on
/// the machine, and must not exhaust it.
const REFUSED: [&str; 12] = [
    "bits.lsh",
    "graph.",
    "http.send",
    "io.jwt.",
    "net.cidr_expand",
    "net.lookup_ip_addr",
    "numbers.range",
    "opa.runtime",
    "rand.",
    "time.now_ns",
    "units.",
    "uuid.",
];

/// Words that may stand before a parenthesis without being called.
const KEYWORDS: [&str; 14] = [
    "as", "default", "else", "every", "false", "if", "import", "in", "not", "null", "package", "some",
    "true", "with",
];

/// A place in a Rego file and what is wrong there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub(crate) struct RegoError {
    /// Line from 1; 0 where the file as a whole is meant.
    pub(crate) line: u32,
    /// Column from 1.
    pub(crate) column: u32,
    pub(crate) reason: String,
}

/// A Rego module that parses.
#[derive(Debug, Clone)]
pub(crate) struct Module {
    pub(crate) file: RegoFile,
    /// Whether it is written in the first version of the language.
    pub(crate) v0: bool,
    /// Path of the package, such as `data.podgate.ci.runtime_socket`.
    pub(crate) package: String,
    /// Alias to path, for each import of data.
    pub(crate) imports: BTreeMap<String, String>,
    pub(crate) rules: Vec<RuleText>,
    /// `import rego.v1` and the like, as written.
    pub(crate) language_imports: BTreeSet<String>,
}

/// One rule as it stands in its file.
#[derive(Debug, Clone)]
pub(crate) struct RuleText {
    pub(crate) name: String,
    pub(crate) line: u32,
    pub(crate) words: Vec<Word>,
}

impl Module {
    /// Reads one file; as Rego v1, and as v0 where it is not that.
    pub(crate) fn read(file: RegoFile) -> Result<Self, RegoError> {
        let source = Source::from_contents(file.path.clone(), file.text.clone()).map_err(|e| error(&e))?;
        let tokens = words::tokens(&source)?;
        let (syntax, v0) = match parse(&source, true) {
            Ok(syntax) => (syntax, false),
            Err(v1_error) => (parse(&source, false).map_err(|_| v1_error)?, true),
        };
        let package = format!("data.{}", syntax.package.refr.span().text());
        let mut imports = BTreeMap::new();
        let mut language_imports = BTreeSet::new();
        for import in &syntax.imports {
            let path = import.refr.span().text().to_owned();
            if path == "data" || path.starts_with("data.") {
                let last = path.rsplit('.').next().unwrap_or_default().to_owned();
                imports.insert(import.r#as.as_ref().map_or(last, |alias| alias.text().to_owned()), path);
            } else {
                language_imports.insert(path);
            }
        }
        let rules = rules(&syntax, &tokens);
        Ok(Self { file, v0, package, imports, rules, language_imports })
    }

    /// The names of the rules whose members are violations: Gatekeeper's `violation`, Conftest's `deny` and
    /// `warn`, and those with a suffix (`deny_privileged`).
    pub(crate) fn verdict_rules(&self) -> BTreeSet<&str> {
        let is_verdict = |name: &str| {
            ["violation", "deny", "warn"].iter().any(|verdict| {
                name.strip_prefix(verdict).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
            })
        };
        self.rules.iter().map(|rule| rule.name.as_str()).filter(|name| is_verdict(name)).collect()
    }

    /// Whether it says `not` without `import future.keywords.not`, by which OPA means what the engine means.
    pub(crate) fn negates_without_import(&self) -> bool {
        let negates = self.rules.iter().any(|rule| rule.words.iter().any(|word| word.text == "not"));
        negates && !self.language_imports.contains("future.keywords.not")
    }

    /// The full path of a name used in this module, if it could name a rule.
    pub(crate) fn resolve(&self, word: &str) -> Option<String> {
        if word == "data" || word.starts_with("data.") {
            return Some(word.to_owned());
        }
        let (head, rest) = word.split_once('.').unwrap_or((word, ""));
        if let Some(path) = self.imports.get(head) {
            return Some(if rest.is_empty() { path.clone() } else { format!("{path}.{rest}") });
        }
        self.rules.iter().any(|rule| rule.name == head).then(|| format!("{}.{head}", self.package))
    }

    /// The facts that the bodies of `violation` begin with (`some x in FACT`), as full paths; `None` where a
    /// body begins in another way.
    pub(crate) fn facts(&self) -> Option<BTreeSet<String>> {
        let violations = self.rules.iter().filter(|rule| rule.name == "violation");
        violations
            .map(|rule| {
                let mut words = rule.words.iter().skip_while(|word| word.text != "if").skip(1);
                let some = words.next()?;
                let variable = words.next()?;
                let keyword = words.next()?;
                let fact = words.next()?;
                let in_form = some.text == "some" && !variable.called && keyword.text == "in" && !fact.called;
                if in_form { self.resolve(&fact.text) } else { None }
            })
            .collect()
    }
}

/// Checks modules that are to be loaded together: every function called exists and may be called, and none
/// leads back to itself. Returns the problems by file.
pub(crate) fn check(modules: &[&Module]) -> Vec<(String, RegoError)> {
    let mut problems = Vec::new();
    let known: BTreeSet<String> = modules
        .iter()
        .flat_map(|module| module.rules.iter().map(|rule| format!("{}.{}", module.package, rule.name)))
        .collect();
    let mut calls: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for module in modules {
        for rule in &module.rules {
            let own = format!("{}.{}", module.package, rule.name);
            let leads_to = calls.entry(own.clone()).or_default();
            for (index, word) in rule.words.iter().enumerate() {
                let path = module.resolve(&word.text);
                let target = path.as_deref().and_then(|path| known_prefix(path, &known));
                // The rule's own head names it without leading anywhere.
                let is_head =
                    index == 0 || (index == 1 && rule.words.first().is_some_and(|w| w.text == "default"));
                match target {
                    Some(target) if !(is_head && target == own) => _ = leads_to.insert(target),
                    None if !word.called => leads_to.extend(path.iter().flat_map(|path| below(path, &known))),
                    None => {
                        problems.extend(bad_call(word).map(|error| (module.file.path.clone(), error)));
                    }
                    _ => {}
                }
            }
        }
    }
    for module in modules {
        let is_there = |path: &str| {
            within(path, "data.inventory")
                || modules.iter().any(|m| within(&m.package, path) || within(path, &m.package))
        };
        for path in module.imports.values().filter(|path| !is_there(path)) {
            let reason = format!("nothing is defined at the import `{path}`");
            problems.push((module.file.path.clone(), RegoError { line: 1, column: 1, reason }));
        }
        for rule in &module.rules {
            let own = format!("{}.{}", module.package, rule.name);
            if leads_back(&own, &calls) {
                let reason =
                    format!("rule `{}` leads back to itself: recursion is not allowed in Rego", rule.name);
                problems.push((module.file.path.clone(), RegoError { line: rule.line, column: 1, reason }));
            }
        }
    }
    problems.dedup();
    problems
}

/// A module and those that it leads to, in their order among `all`.
pub(crate) fn needed_by<'m>(module: &'m Module, all: &[&'m Module]) -> Vec<&'m Module> {
    let mut needed = BTreeSet::new();
    let mut open = vec![module.package.clone()];
    while let Some(package) = open.pop() {
        let own = all.iter().filter(|module| module.package == package);
        if needed.insert(package.clone()) {
            let words = own.flat_map(|module| {
                module.rules.iter().flat_map(|rule| &rule.words).zip(std::iter::repeat(*module))
            });
            let paths: BTreeSet<String> =
                words.filter_map(|(word, module)| module.resolve(&word.text)).collect();
            let leads_to = |other: &&&Module| {
                paths.iter().any(|path| within(path, &other.package) || within(&other.package, path))
            };
            open.extend(all.iter().filter(leads_to).map(|other| other.package.clone()));
        }
    }
    all.iter().copied().filter(|module| needed.contains(&module.package)).collect()
}

/// Whether a dotted path is `prefix` or goes on from it.
fn within(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn known_prefix(path: &str, known: &BTreeSet<String>) -> Option<String> {
    let mut path = path;
    loop {
        if known.contains(path) {
            return Some(path.to_owned());
        }
        path = path.rsplit_once('.')?.0;
    }
}

/// The rules of a package, and of those below it: a path that ends at a package, or goes on with what is only
/// known later (`data.team[name]`), may lead to any of them.
fn below(package: &str, known: &BTreeSet<String>) -> Vec<String> {
    let prefix = format!("{package}.");
    known.range(prefix.clone()..).take_while(|path| path.starts_with(&prefix)).cloned().collect()
}

fn leads_back(start: &str, calls: &BTreeMap<String, BTreeSet<String>>) -> bool {
    let mut seen = BTreeSet::new();
    let mut open: Vec<&str> = calls.get(start).into_iter().flatten().map(String::as_str).collect();
    while let Some(rule) = open.pop() {
        if rule == start {
            return true;
        }
        if seen.insert(rule) {
            open.extend(calls.get(rule).into_iter().flatten().map(String::as_str));
        }
    }
    false
}

fn bad_call(word: &Word) -> Option<RegoError> {
    let name = word.text.as_str();
    let refused = REFUSED
        .iter()
        .any(|refused| name == *refused || (refused.ends_with('.') && name.starts_with(refused)));
    let reason = if refused || name.starts_with("numbers.range") {
        format!("function `{name}` may not be called by a policy")
    } else if BUILTINS.contains_key(name) || KEYWORDS.contains(&name) || matches!(name, "print" | "walk") {
        return None;
    } else {
        format!("unknown function `{name}`")
    };
    Some(RegoError { line: word.line, column: word.column, reason })
}

fn parse(source: &Source, v1: bool) -> Result<Syntax, RegoError> {
    let mut parser = Parser::new(source).map_err(|e| error(&e))?;
    if v1 {
        parser.enable_rego_v1().map_err(|e| error(&e))?;
    }
    parser.parse().map_err(|e| error(&e))
}

fn rules(syntax: &Syntax, tokens: &[Token]) -> Vec<RuleText> {
    let mut starts: Vec<(u32, u32, String)> = syntax
        .policy
        .iter()
        .map(|rule| {
            let refr = match rule.as_ref() {
                Rule::Spec { head, .. } => match head {
                    RuleHead::Compr { refr, .. }
                    | RuleHead::Set { refr, .. }
                    | RuleHead::Func { refr, .. } => refr,
                },
                Rule::Default { refr, .. } => refr,
            };
            let head = refr.span();
            let name = head.text().split(['.', '[', '(']).next().unwrap_or_default().trim().to_owned();
            (rule.span().start.min(head.start), rule.span().line, name)
        })
        .collect();
    starts.sort();
    let ends = starts.iter().skip(1).map(|(start, ..)| *start).chain([u32::MAX]);
    let spans: Vec<_> = starts.iter().zip(ends).collect();
    spans
        .into_iter()
        .map(|((start, line, name), end)| {
            let first = tokens.partition_point(|Token(_, at)| at.start < *start);
            let last = tokens.partition_point(|Token(_, at)| at.start < end);
            let own = tokens.get(first..last).unwrap_or_default();
            RuleText { name: name.clone(), line: *line, words: words::words(own) }
        })
        .collect()
}

fn error(error: &impl ToString) -> RegoError {
    let text = error.to_string();
    let (_, line, column) = place(&text).unwrap_or_default();
    RegoError { line, column, reason: first_line(&text) }
}
