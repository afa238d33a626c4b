//! A gate whose policies were compiled beforehand says what a gate says that compiles them.

use std::sync::LazyLock;

use podgate::settings::{Mode, PolicySettings};
use podgate::{Gate, GateBuilder, Settings, gate};
use podgate_tests::{check, manifests};

static BYTES: LazyLock<&'static [u8]> = LazyLock::new(|| gate::precompile().unwrap().leak());

fn same(builder: &GateBuilder, what: &str) {
    let compiled = builder.clone().build().unwrap();
    let prepared = builder.clone().precompiled(*BYTES).build().unwrap();
    assert_eq!(compiled.policies(), prepared.policies(), "{what}");
    for folder in ["bad", "bypass", "clean", "good"] {
        for (path, text) in manifests(folder).unwrap() {
            let name = path.display().to_string();
            let reports = [&compiled, &prepared].map(|gate| check(gate, &name, &text));
            let [expected, found] = reports.map(|report| serde_json::to_string(&report).unwrap());
            assert_eq!(expected, found, "{what}: {name}");
        }
    }
}

fn with_modes<'p>(policies: impl IntoIterator<Item = &'p str>, mode: Mode) -> GateBuilder {
    let own = PolicySettings { mode: Some(mode), ..PolicySettings::default() };
    let policies = policies.into_iter().map(|policy| (policy.to_owned(), own.clone())).collect();
    Gate::builder().settings(Settings { policies, ..Settings::default() })
}

#[test]
fn every_profile_says_the_same() {
    for profile in ["ci", "pss-baseline", "pss-restricted", "pss-baseline:v1.20", "psp", "psp:restricted"] {
        same(&Gate::builder().profile(profile), profile);
    }
}

#[test]
fn several_profiles_say_the_same() {
    same(&Gate::builder().profile("ci").profile("pss-restricted"), "ci and pss-restricted");
    let all = ["ci", "psp:baseline", "pss-baseline", "pss-restricted:v1.25"];
    same(&all.into_iter().fold(Gate::builder(), GateBuilder::profile), "all");
}

#[test]
fn a_policy_that_is_off_stays_off() {
    same(&with_modes(["CI201"], Mode::Off), "CI201 off");
    let ci = podgate::policy::built_in().unwrap().iter().filter(|policy| policy.id.starts_with("CI"));
    same(&with_modes(ci.map(|policy| policy.id.as_str()), Mode::Off), "nothing");
}

#[test]
fn policies_of_another_profile_or_of_none_can_be_turned_on() {
    let policies = podgate::policy::built_in().unwrap();
    let policy = policies.iter().find(|policy| policy.profiles.is_empty()).unwrap();
    same(&with_modes([policy.id.as_str()], Mode::Deny), &policy.id);
    let mixed = [policy.id.as_str(), "PSS-sysctls", "PSP-privileged", "CI201"];
    same(&with_modes(mixed, Mode::Warn), "mixed");
}

#[test]
fn bytes_of_something_else_are_passed_over() {
    let expected = Gate::new().unwrap();
    for bytes in [&[][..], &b"something else"[..], &BYTES[1..], &BYTES[..BYTES.len() / 4]] {
        let bytes = bytes.to_vec().leak();
        let found = Gate::builder().precompiled(bytes).build().unwrap();
        assert_eq!(expected.policies(), found.policies());
    }
}
