//! Policies, their tests, their pages and their METADATA say the same, in both directions.

use std::collections::{BTreeMap, BTreeSet};

use podgate::{Context, Gate, Policy, policy, testing};
use podgate_policies::{PAGES, RULES, TESTS};

const HEADINGS: [&str; 7] =
    ["What it finds", "Why it matters", "Fields", "Avoid", "Prefer", "Exceptions", "Sources"];

fn built_in() -> &'static [Policy] {
    policy::built_in().unwrap()
}

#[test]
fn every_folder_is_a_policy_with_test_and_page() {
    let mut folders: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for file in RULES.iter().chain(TESTS).chain(PAGES).filter(|file| !file.path.starts_with("lib/")) {
        let (folder, name) = file.path.rsplit_once('/').unwrap();
        folders.entry(folder).or_default().insert(name);
    }
    let expected: BTreeMap<_, BTreeSet<String>> = built_in()
        .iter()
        .map(|policy| {
            let folder = policy.package.strip_prefix("podgate.").unwrap().replace('.', "/");
            let stem = folder.rsplit('/').next().unwrap().to_owned();
            let files = [format!("{stem}.rego"), format!("{stem}_test.rego"), format!("{stem}.md")];
            (folder, BTreeSet::from(files))
        })
        .collect();
    let found: BTreeMap<String, BTreeSet<String>> = folders
        .into_iter()
        .map(|(folder, files)| (folder.to_owned(), files.into_iter().map(str::to_owned).collect()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn names_follow_from_folders_and_ids_are_unique() {
    let mut seen = BTreeSet::new();
    for policy in built_in() {
        let (set, folder) = policy.package.rsplit_once('.').unwrap();
        match set {
            // Named as the fields of PodSecurityPolicy are, which other sets have names for, too.
            "podgate.psp" => {
                let field = policy.id.strip_prefix("PSP-").unwrap();
                let same = field.eq_ignore_ascii_case(&folder.replace('_', ""));
                assert!(same && policy.name == policy.id, "{}", policy.path);
            }
            // Pod Security Admission gives the name.
            "podgate.pss" => {
                assert_eq!(policy.id, format!("PSS-{}", policy.name), "{}", policy.path);
                assert_eq!(snake_case(&policy.name), folder, "{}", policy.path);
            }
            _ => assert_eq!(policy.name, folder.replace('_', "-"), "{}", policy.path),
        }
        let is_new = seen.insert(policy.id.clone()) && seen.insert(format!("{set} {}", policy.name));
        assert!(is_new, "{} is not unique", policy.id);
    }
}

/// `hostPathVolumes` as the name of a folder.
/// The machine computes every rule of a package that is read through an import, anew each time.
#[test]
fn rules_of_other_packages_are_read_by_their_full_path() {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    for file in RULES {
        let imports = file.text.lines().filter_map(|line| line.strip_prefix("import data."));
        let names = imports.map(|path| path.rsplit(['.', ' ']).next().unwrap());
        let lines =
            || file.text.lines().filter(|line| !line.starts_with("import ") && !line.starts_with('#'));
        for (name, line) in names.flat_map(|name| lines().map(move |line| (name, line))) {
            for (at, used) in line.match_indices(&format!("{name}.")) {
                let is_own = !line[..at].ends_with(|c: char| is_name(c) || ".\"/`$".contains(c));
                let rest = line[at + used.len()..].trim_start_matches(is_name);
                assert!(!is_own || rest.starts_with('('), "{}: {line}", file.path);
            }
        }
    }
}

fn snake_case(name: &str) -> String {
    let one = |one: char| match one {
        'A'..='Z' => format!("_{}", one.to_ascii_lowercase()),
        one => one.to_string(),
    };
    name.chars().map(one).collect()
}

/// The parameters of all policies stand in one object.
#[test]
fn a_parameter_means_the_same_to_every_policy_that_takes_it() {
    let mut seen = BTreeMap::new();
    for (policy, (name, schema)) in
        built_in().iter().flat_map(|policy| policy.parameters.iter().map(move |own| (policy, own)))
    {
        let first = seen.entry(name).or_insert((&policy.package, schema));
        let set = |package: &str| package.rsplit_once('.').map(|(set, _)| set.to_owned());
        let same = first.1 == schema && set(first.0) == set(&policy.package);
        assert!(same, "parameter `{name}` of {} means another thing in {}", policy.id, first.0);
    }
}

#[test]
fn all_tests_hold_and_cover_every_line() {
    let report = testing::run_built_in();
    assert_eq!(report.errors, []);
    let failed: Vec<_> = report.tests.iter().filter(|test| !test.passed).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    let missed: Vec<_> = report.coverage.iter().filter(|file| !file.not_covered.is_empty()).collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn every_policy_is_tested_both_ways() {
    let report = testing::run_built_in();
    for policy in built_in() {
        let package = format!("{}_test", policy.package);
        for kind in ["test_fail", "test_success"] {
            let has = report.tests.iter().any(|test| test.package == package && test.name.starts_with(kind));
            assert!(has, "{} has no {kind}…", policy.id);
        }
    }
}

#[test]
fn pages_have_their_headings() {
    for policy in built_in() {
        let page = policy.page.as_deref().unwrap();
        let headings: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        assert_eq!(headings, HEADINGS, "{}", policy.id);
        assert_eq!(page.lines().next().unwrap(), format!("# {} {}", policy.id, policy.name));
    }
}

/// The manifest under a heading of a page.
fn example<'p>(page: &'p str, heading: &str) -> &'p str {
    let section = page.split(&format!("## {heading}\n")).nth(1).unwrap();
    section.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap()
}

/// The settings under which a page's examples are judged: a profile with the policy, and the parameters that the
/// page gives as JSON, by the names that are unique over all policies.
fn page_settings(policy: &Policy, page: &str) -> podgate::Settings {
    let given = page.split("```json\n").nth(1).and_then(|rest| rest.split("```").next());
    let mut given: serde_json::Map<String, serde_json::Value> =
        given.map(|json| serde_json::from_str(json).unwrap()).unwrap_or_default();
    if policy.parameters.contains_key("registries") {
        given.insert("registries".to_owned(), serde_json::json!(["registry.example.com"]));
    }
    let profiles = policy.profiles.first().cloned().into_iter().collect();
    let mut settings = podgate::Settings { profiles, ..Default::default() };
    if policy.profiles.is_empty() {
        settings.policies.entry(policy.id.clone()).or_default().mode = Some(podgate::settings::Mode::Deny);
    }
    for (name, value) in given {
        let owner = built_in().iter().find(|policy| policy.parameters.contains_key(&name)).unwrap();
        settings.policies.entry(owner.id.clone()).or_default().parameters.insert(name, value);
    }
    settings
}

#[test]
fn what_a_page_says_to_avoid_fails_and_what_it_prefers_passes() {
    for policy in built_in() {
        let page = policy.page.as_deref().unwrap();
        let settings = page_settings(policy, page);
        let gate = Gate::builder().settings(settings.clone()).build().unwrap();
        let avoid = podgate_tests::check(&gate, "avoid.yaml", example(page, "Avoid"));
        assert!(
            avoid.findings.iter().any(|finding| finding.policy == policy.id),
            "{}: {avoid:#?}",
            policy.id
        );
        // Under every profile that has the policy; the first one judged what to avoid.
        let others = policy.profiles.iter().skip(1);
        let others =
            others.map(|name| Gate::builder().settings(settings.clone()).profile(name).build().unwrap());
        for gate in std::iter::once(gate).chain(others) {
            let prefer = podgate_tests::check(&gate, "prefer.yaml", example(page, "Prefer"));
            let left = prefer.findings.iter().filter(|finding| {
                finding.policy == policy.id || finding.severity >= podgate::policy::Severity::Medium
            });
            assert!(left.count() == 0 && !prefer.subjects.is_empty(), "{}: {prefer:#?}", policy.id);
            assert!(!prefer.has_errors(), "{}: {prefer:#?}", policy.id);
        }
    }
}

#[test]
fn metadata_says_what_a_developer_needs_to_know() {
    for policy in built_in() {
        for (what, text) in
            [("attack", &policy.attack), ("help", &policy.help), ("description", &policy.description)]
        {
            assert!(text.ends_with('.') && text.len() > 10, "{}: {what}: {text}", policy.id);
        }
        assert!(!policy.title.ends_with('.'), "{}: {}", policy.id, policy.title);
        assert!(!policy.related_resources.is_empty(), "{} says nowhere to read on", policy.id);
    }
}

#[test]
fn a_pod_without_findings_is_clean() {
    let gate = Gate::new().unwrap();
    let report =
        gate.check_text("pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n", &Context::default());
    assert_eq!(report.findings, []);
    assert!(report.has_errors(), "a pod without a spec is not clean");
}
