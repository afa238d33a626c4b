//! Upstream's fixtures and the pods made from them. The folder is named by `PODGATE_PSS_FIXTURES`; it is no part of
//! this repository.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use podgate_tests::named_by;
use serde_json::Value;

use super::{Gates, in_parallel, pod};

/// The reason that Pod Security Admission gives for each check.
const REASONS: [(&str, &str); 19] = [
    ("allowPrivilegeEscalation", "allowPrivilegeEscalation != false"),
    ("appArmorProfile", "forbidden AppArmor profile"),
    ("capabilities_baseline", "non-default capabilities"),
    ("capabilities_restricted", "unrestricted capabilities"),
    ("hostNamespaces", "host namespaces"),
    ("hostPathVolumes", "hostPath volumes"),
    ("hostPorts", "hostPort"),
    ("hostProbesAndHostLifecycle", "probe or lifecycle host"),
    ("privileged", "privileged"),
    ("procMount", "procMount"),
    ("procMount_restricted", "procMount"),
    ("restrictedVolumes", "restricted volume types"),
    ("runAsNonRoot", "runAsNonRoot != true"),
    ("runAsUser", "runAsUser=0"),
    ("seLinuxOptions", "seLinuxOptions"),
    ("seccompProfile_baseline", "seccompProfile"),
    ("seccompProfile_restricted", "seccompProfile"),
    ("sysctls", "forbidden sysctls"),
    ("windowsHostProcess", "hostProcess"),
];

/// The reason of a check. Of several AppArmor profiles and annotations the reason speaks in the plural.
fn singular(reason: &str) -> &str {
    reason.strip_suffix("AppArmor profiles").map_or(reason, |_| "forbidden AppArmor profile")
}

#[test]
fn fixtures_pass_and_fail_as_upstream() {
    let Some(folder) = named_by("PODGATE_PSS_FIXTURES") else { return };
    let list = |path: PathBuf| {
        let mut entries: Vec<_> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        entries
    };
    for level in ["baseline", "restricted"] {
        let (mut allowed, mut refused) = (0, 0);
        for of_version in list(folder.join(level)) {
            let version = of_version.file_name().unwrap().to_str().unwrap().to_owned();
            let gates = Gates::new([version.as_str()].into_iter());
            for (side, count) in [("pass", &mut allowed), ("fail", &mut refused)] {
                for path in list(of_version.join(side)) {
                    let name = path.display().to_string();
                    let verdict =
                        gates.judge(level, &version, &pod(&name, &fs::read_to_string(&path).unwrap()));
                    assert_eq!(verdict.is_allowed(), side == "pass", "{name}: {verdict:?}");
                    let check =
                        path.file_stem().unwrap().to_str().unwrap().trim_end_matches(char::is_numeric);
                    let by_check = verdict.0.keys().any(|own| is_of(own, check));
                    assert!(side == "pass" || by_check, "{name}: {verdict:?}");
                    *count += 1;
                }
            }
        }
        println!("{level}: {allowed} pods allowed and {refused} refused, all as upstream");
        assert!(allowed > 200 && refused > 500, "{allowed} {refused}");
    }
}

/// Whether a check is the one that a fixture is named by; a stricter check may stand in its place.
fn is_of(own: &str, fixture: &str) -> bool {
    let stem = |name: &str| {
        let name = name.to_lowercase();
        name.trim_end_matches("_baseline").trim_end_matches("_restricted").to_owned()
    };
    stem(own) == stem(fixture) || (fixture == "hostpathvolumes" && own == "restrictedVolumes")
}

#[test]
fn mutants_are_judged_as_upstream() {
    let Some(folder) = named_by("PODGATE_PSS_FIXTURES") else { return };
    let text = fs::read_to_string(folder.join("mutants.jsonl")).unwrap();
    let mutants: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let expected = |mutant: &Value| -> BTreeMap<String, BTreeMap<String, Vec<String>>> {
        serde_json::from_value(mutant["expected"].clone()).unwrap()
    };
    let reasons = BTreeMap::from(REASONS);
    let versions: BTreeSet<String> =
        mutants.iter().flat_map(|one| expected(one)["baseline"].clone().into_keys()).collect();
    let gates = Gates::new(versions.iter().map(String::as_str));
    let parts = in_parallel(&mutants, |part| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for mutant in part {
            let id = mutant["id"].as_str().unwrap();
            let pod = pod(id, mutant["pod"].as_str().unwrap());
            for (level, versions) in expected(mutant) {
                for (version, said) in versions {
                    let said: BTreeSet<&str> = said.iter().map(|reason| singular(reason)).collect();
                    let verdict = gates.judge(&level, &version, &pod);
                    let own: BTreeSet<&str> = verdict.0.keys().map(|check| reasons[check.as_str()]).collect();
                    assert_eq!(own, said, "{id} at {level}:{version}\n{}", mutant["pod"].as_str().unwrap());
                    *counts.entry(level.clone()).or_default() += 1;
                }
            }
        }
        counts
    });
    for level in ["baseline", "restricted"] {
        let count: usize = parts.iter().map(|counts| counts[level]).sum();
        println!("{level}: {count} verdicts on {} pods, all as upstream", mutants.len());
        assert!(count > 40_000, "{count}");
    }
}
