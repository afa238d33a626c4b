//! The gates of a webhook: the operator's own, and those that namespaces may choose by their labels.

use std::collections::BTreeMap;

use crate::gate::{Gate, GateBuilder, GateError};
use crate::settings::AdmissionSettings;

/// Labels of a namespace, as far as anybody knows them.
pub type Labels = BTreeMap<String, String>;

/// Everything that admission judges by. Never changes, and may be shared between threads.
#[derive(Debug)]
pub struct Gates {
    own: Gate,
    /// Those that the settings let namespaces choose, by profile.
    chosen: BTreeMap<String, Gate>,
}

impl Gates {
    /// Builds them all: the operator's own with `profiles` (those of the settings where there are none), and one for
    /// each of `admission.namespaceProfiles` of the settings. `builder` is to have no profiles of its own.
    ///
    /// # Errors
    ///
    /// Those of [`GateBuilder::build`]; one of a profile that namespaces may choose has its place in the settings.
    pub fn build(builder: &GateBuilder, profiles: &[String]) -> Result<Self, GateError> {
        let own = profiles.iter().fold(builder.clone(), GateBuilder::profile).build()?;
        let mut chosen = BTreeMap::new();
        for (index, profile) in own.settings().admission.namespace_profiles.iter().enumerate() {
            let place = || Some(format!("/admission/namespaceProfiles/{index}"));
            let gate = builder.clone().profile(profile).build();
            let gate = gate.map_err(|error| error.chosen_at(place()))?;
            chosen.insert(plain(profile).to_owned(), gate);
        }
        Ok(Self { own, chosen })
    }

    /// The operator's own gate, by which everything is judged that no label decides.
    pub const fn own(&self) -> &Gate {
        &self.own
    }

    /// Whether an answer may depend on the labels of the namespace.
    pub fn want_labels(&self) -> bool {
        !self.chosen.is_empty()
    }

    /// The gate by which pods of a namespace with these labels are enforced, and what is wrong with the labels, for
    /// which the operator's own gate stands in.
    pub fn enforcing(&self, labels: &Labels) -> (&Gate, Vec<String>) {
        let choice = self.choose(labels);
        (choice.enforce, choice.faults)
    }

    /// All of them: the operator's own, then those that namespaces may choose.
    pub fn all(&self) -> impl Iterator<Item = &Gate> {
        std::iter::once(&self.own).chain(self.chosen.values())
    }

    pub(super) fn settings(&self) -> &AdmissionSettings {
        &self.own.settings().admission
    }

    /// The gates that the labels of a namespace choose.
    pub(super) fn choose(&self, labels: &Labels) -> Choice<'_> {
        let mut choice = Choice { enforce: &self.own, warn: None, audit: None, faults: Vec::new() };
        if self.want_labels() {
            choice.enforce = self.by_label(labels, "enforce", &mut choice.faults).unwrap_or(&self.own);
            choice.warn = self.by_label(labels, "warn", &mut choice.faults);
            choice.audit = self.by_label(labels, "audit", &mut choice.faults);
        }
        choice
    }

    fn by_label(&self, labels: &Labels, mode: &str, faults: &mut Vec<String>) -> Option<&Gate> {
        let label = format!("podgate.dev/{mode}");
        let profile = labels.get(&label)?;
        let wanted = match labels.get(&format!("{label}-version")) {
            Some(version) => format!("{profile}:{version}"),
            None => profile.clone(),
        };
        let gate = self.chosen.get(plain(&wanted));
        if gate.is_none() {
            let allowed: Vec<&str> = self.chosen.keys().map(String::as_str).collect();
            faults.push(format!(
                "label `{label}` of the namespace chooses profile `{wanted}`, expected one of `{}`",
                allowed.join("`, `")
            ));
        }
        gate
    }
}

/// A profile without the version that is meant where none is said.
fn plain(profile: &str) -> &str {
    profile.strip_suffix(":latest").unwrap_or(profile)
}

/// The gates by which a request is judged.
pub(super) struct Choice<'g> {
    pub(super) enforce: &'g Gate,
    /// Judges beside it; what it finds is only told.
    pub(super) warn: Option<&'g Gate>,
    /// Judges beside it; what it finds is only recorded.
    pub(super) audit: Option<&'g Gate>,
    /// Labels that choose what there is not, for which the operator's own gate enforces.
    pub(super) faults: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;

    fn gates() -> Gates {
        let settings = Settings::from_yaml(
            "podgate.yaml",
            "profiles: [ci]\nadmission: {namespaceProfiles: [pss-baseline, 'pss-restricted:v1.30']}\n",
        );
        Gates::build(&Gate::builder().settings(settings.unwrap()), &[]).unwrap()
    }

    fn chosen(labels: &[(&str, &str)]) -> (String, Option<String>, Option<String>, usize) {
        let gates = gates();
        let labels = labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let choice = gates.choose(&labels);
        let name = |gate: &Gate| gate.start(&crate::Context::default()).policies.profiles.join(" ");
        (name(choice.enforce), choice.warn.map(name), choice.audit.map(name), choice.faults.len())
    }

    #[test]
    fn labels_choose_among_what_the_settings_allow() {
        assert_eq!(chosen(&[]), ("ci".to_owned(), None, None, 0));
        let baseline = ("pss-baseline".to_owned(), None, None, 0);
        assert_eq!(chosen(&[("podgate.dev/enforce", "pss-baseline")]), baseline);
        let latest = [("podgate.dev/enforce", "pss-baseline"), ("podgate.dev/enforce-version", "latest")];
        assert_eq!(chosen(&latest), baseline);
        let three = [
            ("podgate.dev/enforce", "pss-restricted"),
            ("podgate.dev/enforce-version", "v1.30"),
            ("podgate.dev/warn", "pss-baseline"),
            ("podgate.dev/audit", "pss-restricted"),
            ("podgate.dev/audit-version", "v1.30"),
        ];
        let restricted = "pss-restricted:v1.30".to_owned();
        let expected = (restricted.clone(), Some("pss-baseline".to_owned()), Some(restricted), 0);
        assert_eq!(chosen(&three), expected);
    }

    #[test]
    fn what_is_not_allowed_is_told_and_the_operators_gate_stays() {
        for (profile, version) in [
            ("privileged", None),
            ("", None),
            ("psp", None),
            ("pss-restricted", None),
            ("pss-restricted", Some("v1.29")),
            ("pss-baseline", Some("")),
            ("pss-baseline", Some("v1.30")),
        ] {
            let mut labels = vec![("podgate.dev/enforce", profile)];
            labels.extend(version.map(|version| ("podgate.dev/enforce-version", version)));
            assert_eq!(chosen(&labels), ("ci".to_owned(), None, None, 1), "{labels:?}");
        }
    }

    #[test]
    fn a_profile_that_there_is_not_has_its_place() {
        let text = "admission: {namespaceProfiles: [ci, cii]}\n";
        let settings = Settings::from_yaml("podgate.yaml", text).unwrap();
        let error = Gates::build(&Gate::builder().settings(settings), &[]).unwrap_err();
        assert_eq!(error.pointer(), Some("/admission/namespaceProfiles/1"));
        assert_eq!(error.to_string(), "unknown profile `cii`; did you mean `ci`?");
    }
}
