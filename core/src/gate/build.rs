//! From settings and policies to a [`Gate`].

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::precompiled::{Catalogue, add};
use super::profile::{self, POD_SECURITY, Profile};
use super::rego::User;
use super::{Gate, psp};
use crate::document::Limits;
use crate::engine::{EngineError, Parameters};
use crate::policy::{Policy, PolicyError, RegoFile, parameters};
use crate::position::{Position, Span};
use crate::report::{FailedPolicy, PolicySet, Stage};
use crate::settings::{Mode, PolicySettings, Settings};
use crate::typed::nearest;

/// The profile where none is chosen.
const DEFAULT_PROFILE: &str = "ci";

/// Makes a [`Gate`].
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct GateBuilder {
    settings: Settings,
    profiles: Vec<String>,
    files: Vec<RegoFile>,
    precompiled: Option<&'static [u8]>,
    limits: Limits,
}

/// Settings or policies that cannot make a gate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GateError {
    /// A profile that there is not.
    #[error("unknown profile `{name}`{}", hint(nearest.as_deref()))]
    UnknownProfile {
        /// The name.
        name: String,
        /// The known name most like it.
        nearest: Option<String>,
        /// JSON Pointer in the settings, where it is they that name it.
        pointer: Option<String>,
    },
    /// A profile that there is, and that cannot be chosen like this: in a version that it does not have, or beside one
    /// that it excludes.
    #[error("{reason}")]
    Profile {
        /// The profile, as it was chosen.
        name: String,
        /// Why, in one line.
        reason: String,
        /// JSON Pointer in the settings, where it is they that name it.
        pointer: Option<String>,
    },
    /// Settings that do not fit the policies.
    #[error("{reason}")]
    Settings {
        /// JSON Pointer in the settings.
        pointer: String,
        /// Why, in one line.
        reason: String,
    },
    /// Rego in a build without the compiler.
    #[error("{reason}, and this build has no compiler")]
    NoCompiler {
        /// What there is to compile, in one line.
        reason: String,
    },
    /// A defect of this build: a built-in policy cannot be used.
    #[error(transparent)]
    BuiltIn(#[from] PolicyError),
}

impl GateError {
    /// Where in the settings it is, as a JSON Pointer; `None` where they are not at fault.
    pub fn pointer(&self) -> Option<&str> {
        match self {
            Self::UnknownProfile { pointer, .. } | Self::Profile { pointer, .. } => pointer.as_deref(),
            Self::Settings { pointer, .. } => Some(pointer),
            Self::NoCompiler { .. } | Self::BuiltIn(_) => None,
        }
    }

    /// The same of a profile that is chosen elsewhere.
    pub(crate) fn chosen_at(mut self, place: Option<String>) -> Self {
        if let Self::UnknownProfile { pointer, .. } | Self::Profile { pointer, .. } = &mut self {
            *pointer = place;
        }
        self
    }
}

fn hint(nearest: Option<&str>) -> String {
    nearest.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
}

impl GateBuilder {
    /// The settings; they replace those given before.
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Adds a profile, such as `ci` or `pss-restricted:v1.30`. Profiles given here replace those of the settings.
    pub fn profile(mut self, name: impl Into<String>) -> Self {
        self.profiles.push(name.into());
        self
    }

    /// Adds Rego files of the user's. Each package with a rule `violation`, `deny` or `warn` is a policy.
    pub fn policies(mut self, files: impl IntoIterator<Item = RegoFile>) -> Self {
        self.files.extend(files);
        self
    }

    /// What `podgate::gate::precompile` gave when the program was built. It makes starting faster and changes no
    /// verdict: bytes of other policies or of another version are passed over, which without the feature `compiler`
    /// is an error.
    pub fn precompiled(mut self, bytes: &'static [u8]) -> Self {
        self.precompiled = Some(bytes);
        self
    }

    /// Bounds on the text that is read.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Reads, checks and compiles everything.
    ///
    /// # Errors
    ///
    /// Unknown profiles, and settings that name what there is not. A policy of the user's that cannot be used is
    /// no error here: it stands in every report as failed, and the others count. Without the feature `compiler`
    /// the user's Rego is an error, and so are built-in policies that were not [`precompiled`](Self::precompiled).
    pub fn build(self) -> Result<Gate, GateError> {
        let catalogue = Catalogue::new(self.precompiled)?;
        let user = User::read(self.files, &catalogue.policies)?;
        let mut settings = self.settings;
        let is_of_settings = self.profiles.is_empty();
        if !is_of_settings {
            settings.profiles = self.profiles;
        }
        if settings.profiles.is_empty() {
            settings.profiles.push(DEFAULT_PROFILE.to_owned());
        }
        profile::check(&settings.profiles, &catalogue.policies)
            .map_err(|error| if is_of_settings { error } else { error.chosen_at(None) })?;
        let known: Vec<&Policy> = catalogue.policies.iter().chain(user.policies()).collect();
        check_settings(&settings, &known, &catalogue.policies)?;
        let policies: Vec<Policy> = catalogue
            .policies
            .iter()
            .filter(|policy| judges(&settings, policy, &catalogue.policies))
            .cloned()
            .collect();
        let built_in = catalogue.built_in(&policies)?;
        let parameters = merged_parameters(&settings, &catalogue.policies)?;
        let mut gate = Gate {
            built_in,
            user: Vec::new(),
            parameters: Parameters::new(parameters),
            user_parameters: BTreeMap::new(),
            set: PolicySet { digest: String::new(), profiles: settings.profiles.clone() },
            policies,
            known: catalogue.policies,
            failed: Vec::new(),
            warnings: Vec::new(),
            settings,
            limits: self.limits,
        };
        user.add_to(&mut gate)?;
        gate.set.digest = digest(&user, &gate);
        Ok(gate)
    }
}

/// What the settings say of a policy, by its id or name.
pub(super) fn of_policy<'s>(settings: &'s Settings, policy: &Policy) -> Option<&'s PolicySettings> {
    settings.policies.iter().find(|(name, _)| policy.answers_to(name)).map(|(_, own)| own)
}

/// Whether a built-in policy judges: by its profiles, or because the settings give it a mode. A mode that is given
/// by a name which several policies have is for those of them that are in a chosen profile, if one is.
fn judges(settings: &Settings, policy: &Policy, all: &[Policy]) -> bool {
    let is_chosen = |policy: &Policy| {
        let mut chosen = settings.profiles.iter().map(|written| Profile::read(written).name);
        chosen.any(|name| policy.profiles.iter().any(|own| own == name))
    };
    match of_policy(settings, policy).and_then(|own| own.mode) {
        Some(Mode::Off) => false,
        None => is_chosen(policy),
        Some(_) => {
            let by_id = settings.policies.keys().any(|name| policy.id.eq_ignore_ascii_case(name));
            let is_namesake = |other: &&Policy| other.name.eq_ignore_ascii_case(&policy.name);
            by_id || is_chosen(policy) || !all.iter().filter(is_namesake).any(is_chosen)
        }
    }
}

fn check_settings(settings: &Settings, known: &[&Policy], built_in: &[Policy]) -> Result<(), GateError> {
    let fail = |pointer: String, reason: String| Err(GateError::Settings { pointer, reason });
    if let Some((pointer, reason)) = settings.fault() {
        return fail(pointer, reason);
    }
    // A name may belong to one policy of each set, and selects them all.
    let find =
        |name: &str| known.iter().copied().filter(|policy| policy.answers_to(name)).collect::<Vec<&Policy>>();
    let unknown = |name: &str| {
        let names = known.iter().flat_map(|policy| [policy.id.as_str(), policy.name.as_str()]);
        format!("unknown policy `{name}`{}", hint(nearest(name, names)))
    };
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for (name, own) in &settings.policies {
        let pointer = format!("/policies/{}", crate::document::escape_pointer_token(name));
        let policies = find(name);
        if policies.is_empty() {
            return fail(pointer, unknown(name));
        }
        for policy in policies {
            if let Some(other) = seen.insert(&policy.id, name) {
                return fail(pointer, format!("`{name}` and `{other}` are the same policy"));
            }
            if let Some((place, reason)) = parameter_fault(policy, own, built_in) {
                return fail(format!("{pointer}/parameters{place}"), reason);
            }
        }
    }
    for (index, exemption) in settings.exemptions.iter().enumerate() {
        for (place, name) in exemption.policies.iter().enumerate() {
            let reason = match find(name).as_slice() {
                [_] => continue,
                [] => unknown(name),
                // An exemption removes what it names and nothing else.
                several => {
                    let ids = several.iter().map(|policy| policy.id.as_str()).collect::<Vec<_>>();
                    format!("`{name}` is the name of several policies: name `{}`", ids.join("` or `"))
                }
            };
            return fail(format!("/exemptions/{index}/policies/{place}"), reason);
        }
    }
    Ok(())
}

/// The place and the reason of the first parameter that a policy does not take as it is given.
fn parameter_fault(policy: &Policy, own: &PolicySettings, built_in: &[Policy]) -> Option<(String, String)> {
    let is_built_in = built_in.iter().any(|other| other.id == policy.id);
    own.parameters.iter().find_map(|(parameter, value)| {
        let place = format!("/{}", crate::document::escape_pointer_token(parameter));
        match policy.parameters.get(parameter) {
            None => {
                let nearest = nearest(parameter, policy.parameters.keys().map(String::as_str));
                Some((place, format!("unknown parameter `{parameter}`{}", hint(nearest))))
            }
            Some(_) if parameter == POD_SECURITY && is_built_in => {
                let reason = "the versions are chosen with the profile, as in `pss-baseline:v1.30`";
                Some((place, reason.to_owned()))
            }
            Some(schema) => parameters::mismatch(schema, value)
                .map(|wrong| (format!("{place}{}", wrong.pointer), wrong.reason)),
        }
    })
}

/// The parameters of all policies in one object: in the built-in set a name means one thing. Those of a policy that
/// does not judge count, too: others may read them. The profiles bring the versions of the Pod Security Standards and
/// the documented PodSecurityPolicy.
pub(super) fn merged_parameters(
    settings: &Settings,
    policies: &[Policy],
) -> Result<Map<String, Value>, GateError> {
    let documented = psp::chosen(&settings.profiles)?;
    let documented = documented.map(|name| (psp::PARAMETER.to_owned(), Value::from(name)));
    let versions = profile::pod_security(&settings.profiles).map(|asked| (POD_SECURITY.to_owned(), asked));
    let given = policies.iter().filter_map(|policy| of_policy(settings, policy));
    let given = given.flat_map(|own| own.parameters.clone());
    Ok(documented.into_iter().chain(given).chain(versions).collect())
}

/// What the engine could not load or evaluate, with the place where it says one.
pub(super) fn failed_in_engine(policy: &str, error: EngineError) -> FailedPolicy {
    let (file, span) = match error.place {
        None => (None, None),
        Some((file, line, column)) => {
            let at = Position { line, column };
            (Some(file), Some(Span { start: at, end: at }))
        }
    };
    let policy = policy.to_owned();
    FailedPolicy { policy, stage: Stage::Load, subject: None, file, span, reason: error.reason }
}

/// SHA-256 over everything that a verdict depends on beside subject and date.
fn digest(user: &User, gate: &Gate) -> String {
    let mut hash = Sha256::new_with_prefix(podgate_policies::DIGEST);
    for file in user.files() {
        add(&mut hash, &file.path);
        add(&mut hash, &file.text);
    }
    add(&mut hash, &serde_json::to_string(&gate.settings).unwrap_or_default());
    let hex: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}
