//! Settings, profiles, exemptions and policies of one's own.

use super::{CLEAN, Folder, PRIVILEGED};

const EXEMPTION: &str = "\
exemptions:
  - policies: [CI201]
    match: {namespaces: [ci]}
    reason: moving to BuildKit
    expires: 2026-06-30
";

#[test]
fn settings_of_the_working_directory_are_used_and_named() {
    let folder = Folder::new(&[("a.yaml", PRIVILEGED), ("podgate.yaml", EXEMPTION)]);
    let run = folder.run("check a.yaml --date 2026-06-30");
    assert_eq!(run.code, 0, "{run:?}");
    insta::assert_snapshot!(run.out);
    let run = folder.run("check a.yaml --date 2026-07-01");
    assert_eq!(run.code, 1);
    assert!(run.out.contains("void exemption: of CI201, its last day was 2026-06-30"), "{}", run.out);
    assert_eq!(folder.run("check a.yaml --settings podgate.yaml --date 2026-06-30").code, 0);
}

#[test]
fn mistakes_in_settings_show_their_place() {
    let cases = [
        ("unknown_key", "profile: [ci]\n"),
        ("wrong_type", "profiles:\n  - ci\n  - {a: b}\n"),
        ("unknown_policy", "policies:\n  xyz: {mode: warn}\n"),
        ("unknown_profile", "profiles: [cj]\n"),
        ("profile_version", "profiles:\n  - ci\n  - pss-baseline:1.30\n"),
        (
            "pod_security_parameter",
            "policies:\n  sysctls: {parameters: {podSecurity: {baseline: [v1.20]}}}\n",
        ),
        ("not_yaml", "profiles: [\n"),
        ("no_expiry", "exemptions:\n  - policies: [CI201]\n    match: {namespaces: [ci]}\n    reason: x\n"),
    ];
    for (name, text) in cases {
        let run = Folder::new(&[("a.yaml", CLEAN), ("s.yaml", text)]).run("check a.yaml --settings s.yaml");
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{name}");
        insta::assert_snapshot!(format!("mistake__{name}"), run.err);
    }
}

#[test]
fn parameters_are_held_against_their_schema() {
    let cases = [
        (
            "runAsUser",
            "{rule: MustRunAs, ranges: [{min: 1, mux: 5}]}",
            "unknown key `mux`; did you mean `max`?",
            4,
        ),
        ("runAsUser", "{rule: mustRunAs}", "unknown value `mustRunAs`; did you mean `MustRunAs`?", 4),
        (
            "runAsUser",
            "{rule: MustRunAs,\n        ranges: [{min: one, max: 5}]}",
            "expected a whole number, found a string",
            5,
        ),
        ("runasuser", "{rule: RunAsAny}", "unknown parameter `runasuser`; did you mean `runAsUser`?", 4),
    ];
    for (name, value, reason, line) in cases {
        let text = format!("policies:\n  PSP-runAsUser:\n    parameters:\n      {name}: {value}\n");
        let run = Folder::new(&[("a.yaml", CLEAN), ("s.yaml", &text)]).run("check a.yaml --settings s.yaml");
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{value}");
        assert!(run.err.starts_with(&format!("error: {reason}\n")), "{}", run.err);
        assert!(run.err.contains(&format!("s.yaml:{line}:")), "{}", run.err);
    }
}

#[test]
fn a_schema_that_is_not_read_whole_is_told() {
    let rego = format!(
        "# METADATA\n# title: Mine\n# custom:\n#   id: MINE\n#   parameters:\n#     properties:\n#       a: {{oneOf: []}}\n{OWN}"
    );
    let folder = Folder::new(&[("a.yaml", CLEAN), ("rego/mine.rego", &rego)]);
    let run = folder.run("check a.yaml --policies rego --format json");
    let warnings = run.json()["warnings"].clone();
    let told = "METADATA: custom.parameters/properties/a/oneOf: the keyword `oneOf` is not read";
    assert!(warnings.to_string().contains(told), "{warnings}");
}

#[test]
fn what_is_not_there_is_a_mistake() {
    let folder = Folder::new(&[("a.yaml", CLEAN), ("empty/readme.md", "")]);
    for (args, message) in [
        ("--settings no.yaml", "error: cannot read settings `no.yaml`: "),
        ("--profile cj", "error: unknown profile `cj`; did you mean `ci`?\n"),
        (
            "--profile pss-basline:v1.30",
            "error: unknown profile `pss-basline:v1.30`; did you mean `pss-baseline`?\n",
        ),
        (
            "--profile pss-baseline:v2.0",
            "error: unknown version `v2.0` of profile `pss-baseline`, expected `latest` or one such as `v1.30`\n",
        ),
        ("--profile ci:v1.30", "error: profile `ci` has no versions, expected `ci` alone\n"),
        ("--policies empty", "error: there is no policy (*.rego) in `empty`\n"),
        ("--policies missing", "error: cannot read policies in `missing`: "),
        ("--date 2026-13-01", "error: invalid value '2026-13-01' for '--date <YYYY-MM-DD>'"),
    ] {
        let run = folder.run(&format!("check a.yaml {args}"));
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{args}");
        assert!(run.err.starts_with(message), "{args}: {}", run.err);
    }
}

#[test]
fn profiles_may_say_a_version_and_come_together() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  securityContext:\n    sysctls: [{name: \
                net.ipv4.tcp_rmem, value: '1'}]\n  containers: [{name: a, image: b}]\n";
    let folder = Folder::new(&[("a.yaml", text)]);
    for (args, code) in [
        ("--profile pss-baseline:v1.31", 1),
        ("--profile pss-baseline:v1.32", 0),
        ("--profile pss-baseline", 0),
        ("--profile pss-baseline:latest", 0),
        ("--profile pss-baseline:v1.99", 0),
        ("--profile pss-baseline:v1.99 --profile pss-baseline:v1.31", 1),
        ("--profile pss-restricted:v1.31", 1),
    ] {
        let run = folder.run(&format!("check a.yaml {args} --format json"));
        assert_eq!(run.code, code, "{args}: {run:?}");
        assert_eq!(run.json()["summary"]["denied"], code == 1, "{args}");
    }
    let run =
        folder.run("check a.yaml --profile pss-baseline:v1.20 --profile pss-baseline:v1.31 --format json");
    assert_eq!(run.json()["findings"].as_array().expect("a list").len(), 1, "{run:?}");
    let run =
        folder.run("check a.yaml --profile pss-baseline:v1.20 --profile pss-restricted:v1.7 --format json");
    let names = run.json()["findings"].as_array().expect("a list").clone();
    let names: Vec<&str> = names.iter().filter_map(|finding| finding["name"].as_str()).collect();
    assert_eq!(names, ["runAsNonRoot", "sysctls"]);
}

#[test]
fn a_name_that_two_sets_have_selects_both_policies() {
    let settings = "profiles: [ci, pss-baseline]\npolicies:\n  privileged: {mode: warn}\n";
    let folder = Folder::new(&[("a.yaml", PRIVILEGED), ("s.yaml", settings)]);
    let run = folder.run("check a.yaml --settings s.yaml --format json");
    assert_eq!(run.json()["summary"]["denied"], false, "{run:?}");
    let policies = run.json()["findings"].as_array().expect("a list").clone();
    let policies: Vec<&str> = policies.iter().filter_map(|finding| finding["policy"].as_str()).collect();
    for id in ["CI201", "PSS-privileged"] {
        assert!(policies.contains(&id), "{policies:?}");
    }
    // A mode turns none on that is in another profile than the chosen ones.
    let run = folder.run("check a.yaml --settings s.yaml --profile pss-baseline --format json");
    let policies = run.json()["findings"].as_array().expect("a list").clone();
    assert_eq!(policies.len(), 1, "{run:?}");
    assert_eq!(policies[0]["policy"], "PSS-privileged");
    let run = folder.run("explain privileged");
    for heading in ["CI201 privileged: ", "PSS-privileged privileged: "] {
        assert!(run.out.contains(heading), "{run:?}");
    }
}

#[test]
fn an_exemption_names_one_policy_of_those_that_share_a_name() {
    let exemption = |name: &str| {
        format!(
            "exemptions:\n- {{policies: [{name}], match: {{names: [bad]}}, reason: r, expires: 2099-01-01}}\n"
        )
    };
    let (shared, own) = (exemption("privileged"), exemption("CI201"));
    let folder = Folder::new(&[("a.yaml", PRIVILEGED), ("shared.yaml", &shared), ("own.yaml", &own)]);
    let run = folder.run("check a.yaml --settings shared.yaml");
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("name `CI201` or `PSS-privileged`"), "{run:?}");
    assert_eq!(folder.run("check a.yaml --settings own.yaml").code, 0);
}

const OWN: &str = "\
package mine

import rego.v1

violation contains {\"msg\": msg, \"details\": {\"path\": \"/spec/containers/0/image\"}} if {
\tsome container in input.review.object.spec.containers
\tcontainer.image == \"alpine\"
\tmsg := \"alpine is not ours\"
}
";

#[test]
fn policies_of_ones_own_judge_too() {
    let folder = Folder::new(&[
        ("a.yaml", PRIVILEGED),
        ("rego/mine.rego", OWN),
        ("rego/mine_test.rego", "package mine_test\n\nthis is no rego\n"),
    ]);
    let run = folder.run("check a.yaml --policies rego");
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.out.contains("alpine is not ours"), "{}", run.out);
}

#[test]
fn a_policy_that_fails_to_load_fails_the_run_but_not_the_others() {
    let folder =
        Folder::new(&[("a.yaml", CLEAN), ("rego/bad.rego", "package bad\n\nviolation contains 1 if {\n")]);
    let run = folder.run("check a.yaml --policies rego");
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.out.contains("policy failed"), "{}", run.out);
    assert!(run.summary().ends_with("1 policy failed"), "{}", run.out);
    let folder = Folder::new(&[
        ("a.yaml", PRIVILEGED),
        ("rego/bad.rego", "package bad\n\nviolation contains 1 if {\n"),
    ]);
    assert_eq!(folder.run("check a.yaml missing.yaml --policies rego").code, 3);
}
