//! The gate: policies prepared once, then a pure function from subjects to a [`Report`].

mod build;
mod inventory;
mod judge;
mod precompiled;
mod profile;
mod psp;

// What takes the compiler, or what stands in its place where there is none.
#[cfg(feature = "compiler")]
mod rego;
#[cfg(not(feature = "compiler"))]
#[path = "gate/without_rego.rs"]
mod rego;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use jiff::civil::Date;
use k8s_openapi::api::core::v1::Pod;

use crate::document::{self, DocumentError, DocumentErrorKind, Format, Limits};
use crate::engine::{BuiltIn, Parameters};
use crate::policy::Policy;
use crate::position::PositionEncoding;
use crate::report::{Cause, FailedPolicy, NotEvaluated, PolicySet, Report, Told, VoidExemption, Warning};
use crate::settings::{Exemption, PolicySettings, Settings};
use crate::subject::{self, Subject};

pub use build::{GateBuilder, GateError};
pub use inventory::Inventory;
#[cfg(feature = "compiler")]
pub use rego::precompile;

/// Policies and settings, ready to judge.
///
/// A gate never changes and can be shared between threads. Its verdicts depend on the subject, on the settings
/// and on the [`Context`] alone.
///
/// ```
/// use podgate::Gate;
/// # use k8s_openapi::api::core::v1::Pod;
/// # fn main() -> Result<(), podgate::GateError> {
/// let gate = Gate::new()?;
/// let report = gate.check(&Pod::default());
/// assert!(!report.summary.denied);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Gate {
    built_in: BuiltIn,
    user: Vec<(Policy, rego::UserPolicy)>,
    /// All built-in policies, by id.
    known: Vec<Policy>,
    /// Those that judge: built-in ones by id, then the user's.
    policies: Vec<Policy>,
    failed: Vec<FailedPolicy>,
    warnings: Vec<Warning>,
    settings: Settings,
    /// Parameters of the built-in policies together, and of each of the user's.
    parameters: Parameters,
    user_parameters: BTreeMap<String, Parameters>,
    set: PolicySet,
    limits: Limits,
}

/// What a call depends on beside the subject and the settings.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// The day (UTC) on which the verdict is given. Exemptions expire by it; without it none counts.
    pub date: Option<Date>,
    /// Other objects that are known: what stands behind a volume claim, and the like.
    pub inventory: Inventory,
    /// What the columns of the report count; no verdict depends on it.
    pub columns: PositionEncoding,
    /// Who submits the object, where that is known: exemptions may name users.
    pub user: Option<String>,
    /// What texts are written in, where that is not to be told from each.
    pub format: Option<Format>,
    /// When the verdict is no longer wanted: policies that look at the object then fail.
    pub until: Option<Instant>,
}

impl Gate {
    /// A gate with the profile `ci` and no settings.
    ///
    /// # Errors
    ///
    /// None in a published version: the built-in policies are known to compile.
    pub fn new() -> Result<Self, GateError> {
        Self::builder().build()
    }

    /// A gate of one's own.
    pub fn builder() -> GateBuilder {
        GateBuilder::default()
    }

    /// The policies that judge.
    pub fn policies(&self) -> &[Policy] {
        &self.policies
    }

    /// The built-in policies, whether they judge or not, by id.
    pub fn built_in(&self) -> &[Policy] {
        &self.known
    }

    /// `sha256:` and the digest over everything that a verdict depends on beside subject and date.
    pub fn digest(&self) -> &str {
        &self.set.digest
    }

    /// Bounds on the text that it reads.
    pub(crate) const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The settings that it was made with.
    pub(crate) const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What the settings say of a policy.
    pub(crate) fn settings_of(&self, policy: &Policy) -> Option<&PolicySettings> {
        build::of_policy(&self.settings, policy)
    }

    /// A report over nothing: the policies and settings, those that failed to load, and the exemptions that do
    /// not count.
    pub fn start(&self, context: &Context) -> Report {
        let mut report = Report::new(self.set.clone());
        report.failed_policies.clone_from(&self.failed);
        report.warnings.clone_from(&self.warnings);
        report.void_exemptions = self
            .settings
            .exemptions
            .iter()
            .filter(|exemption| !exemption.counts_on(context.date))
            .map(void)
            .collect();
        report.summarise();
        report
    }

    /// Judges a pod that never was text. Exemptions need a date and do not count: see [`Self::evaluate`].
    pub fn check(&self, pod: &Pod) -> Report {
        self.evaluate(&Subject::from_pod(pod), &Context::default())
    }

    /// Judges every document of a text. `source` is its name in the report.
    ///
    /// What cannot be read stands in the report's `notEvaluated`.
    pub fn check_text(&self, source: &str, text: &str, context: &Context) -> Report {
        self.check_shared(source, Arc::from(text), context)
    }

    fn check_shared(&self, source: &str, text: Arc<str>, context: &Context) -> Report {
        let mut report = self.start(context);
        let line_is_blank = |line: &str| {
            matches!(line.trim_matches(['\u{feff}', ' ', '\t', '\r']), "" | "---" | "..." | "null")
        };
        let blank = text.lines().all(line_is_blank);
        if blank {
            let reason = "there is nothing in it".to_owned();
            report.not_evaluated.push(missing(source, Cause::Empty, reason));
        }
        for document in document::read_as(context.format, source, text, &self.limits) {
            match document {
                Err(error) => report.not_evaluated.push(unread(&error, context.columns)),
                Ok(document) => {
                    let document = Arc::new(document);
                    let mut found = subject::subjects(&document, &self.limits);
                    found.place(&document, context.columns);
                    report.not_evaluated.append(&mut found.not_evaluated);
                    report.without_pod.extend(found.without_pod);
                    let mut told = Told::new();
                    for subject in &found.subjects {
                        let mut verdict = self.evaluate(subject, context);
                        verdict.drop_told(&mut told);
                        report.absorb(verdict);
                    }
                }
            }
        }
        report.summarise();
        report
    }

    /// [`Self::check_text`] for bytes that should be text in UTF-8.
    pub fn check_bytes(&self, source: &str, bytes: &[u8], context: &Context) -> Report {
        match document::decode(source, bytes) {
            Ok(text) => self.check_shared(source, text, context),
            Err(error) => {
                let mut report = self.start(context);
                report.not_evaluated.push(unread(&error, context.columns));
                report.summarise();
                report
            }
        }
    }

    /// The report over an input that a front end could not read at all.
    pub fn unreadable(&self, source: &str, reason: String, context: &Context) -> Report {
        let mut report = self.start(context);
        report.not_evaluated.push(missing(source, Cause::Unreadable, reason));
        report.summarise();
        report
    }
}

fn unread(error: &DocumentError, columns: PositionEncoding) -> NotEvaluated {
    let (cause, reason) = match cause(error.kind()) {
        // What a template leaves open is mostly no YAML before it is rendered.
        Cause::Syntax if may_be_chart(error.kind()) && error.text().contains("{%") => {
            (Cause::Template, format!("{error}; this is a template, to be filled in first by what it is for"))
        }
        Cause::Syntax if may_be_chart(error.kind()) && error.text().contains("{{") => {
            let reason = format!(
                "{error}; this is a template, to be filled in first: `podgate check --helm CHART`, or `helm template … | podgate check -`"
            );
            (Cause::Template, reason)
        }
        // Many programs keep XML; what names nothing of Jenkins is none of its, whatever is wrong with it.
        Cause::Syntax if is_foreign_xml(error) => {
            (Cause::NotKubernetes, format!("{error}; it names neither a cloud nor a pipeline of Jenkins"))
        }
        cause => (cause, error.to_string()),
    };
    NotEvaluated {
        source: error.input().to_owned(),
        document: error.index(),
        pointer: String::new(),
        span: Some(error.span(columns)),
        cause,
        reason,
    }
}

/// What only XML of Jenkins that may ask for pods names, in small letters.
const OF_JENKINS: [&str; 5] =
    ["flow-definition", "flowdefinition", "kubernetes", "org.csanchez.jenkins", "podtemplate"];

/// Whether something is in a language in which the files of charts are.
fn may_be_chart(kind: &DocumentErrorKind) -> bool {
    !matches!(kind, DocumentErrorKind::Syntax { format: "Groovy" | "TOML" | "XML", .. })
}

/// Whether something is XML, as far as it goes, and Jenkins is not named in it.
fn is_foreign_xml(error: &DocumentError) -> bool {
    let is_xml = matches!(error.kind(), DocumentErrorKind::Syntax { format: "XML", .. });
    let file = error.input().rsplit(['/', '\\']).next().unwrap_or_default();
    let text = error.text().to_ascii_lowercase();
    let is_written = text.trim_start_matches(crate::position::BOM).trim_start().starts_with('<');
    if !is_xml || !is_written || file.eq_ignore_ascii_case("config.xml") {
        return false;
    }
    !OF_JENKINS.iter().any(|name| text.contains(name))
}

const fn cause(kind: &DocumentErrorKind) -> Cause {
    match kind {
        DocumentErrorKind::Encoding { .. } => Cause::Unreadable,
        DocumentErrorKind::TooLarge { .. }
        | DocumentErrorKind::TooDeep(_)
        | DocumentErrorKind::TooManyAttributes
        | DocumentErrorKind::TooManyNodes(_)
        | DocumentErrorKind::TooManyDocuments(_)
        | DocumentErrorKind::TooMuchExpansion(_)
        | DocumentErrorKind::TooMuchRepeated(_)
        | DocumentErrorKind::TooManyDuplicates => Cause::Limit,
        _ => Cause::Syntax,
    }
}

fn missing(source: &str, cause: Cause, reason: String) -> NotEvaluated {
    NotEvaluated { source: source.to_owned(), document: 0, pointer: String::new(), span: None, cause, reason }
}

fn void(exemption: &Exemption) -> VoidExemption {
    VoidExemption {
        policies: exemption.policies.clone(),
        reason: exemption.reason.clone(),
        expires: exemption.expires,
    }
}
