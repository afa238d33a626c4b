//! The manifests in the guides are what the guides say they are.
//!
//! Above each stands a comment that no reader sees: `<!-- judged: pod-security=baseline ci=CI203,CI501 -->` has the
//! strictest Pod Security level that the manifest passes, and the policies of the profile `ci` that find something
//! of severity medium or above in it; `<!-- judged: no-pod -->` marks one without a pod.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use podgate::policy::Severity;
use podgate::{Gate, Settings};
use podgate_tests::check;

/// From the weakest on, each with the profile that proves it.
const LEVELS: [(&str, Option<&str>); 3] =
    [("privileged", None), ("baseline", Some("pss-baseline")), ("restricted", Some("pss-restricted"))];

/// A manifest with what its guide says of it.
struct Block {
    place: String,
    text: String,
    claim: Option<Claim>,
}

struct Claim {
    /// Index in [`LEVELS`].
    level: usize,
    found: BTreeSet<String>,
}

fn blocks() -> Vec<Block> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/guides");
    let mut blocks = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        for (start, _) in lines.iter().enumerate().filter(|(_, line)| ["```yaml", "```groovy"].contains(line))
        {
            let place = format!("{}:{}", path.display(), start + 1);
            let comment = lines[start - 1];
            let said = comment.strip_prefix("<!-- judged: ").and_then(|rest| rest.strip_suffix(" -->"));
            let said = said.unwrap_or_else(|| panic!("{place}: nothing says how the manifest is judged"));
            let body = lines[start + 1..].iter().take_while(|line| **line != "```");
            let text = body.map(|line| format!("{line}\n")).collect();
            let claim = (said != "no-pod").then(|| claim(&place, said));
            blocks.push(Block { place, text, claim });
        }
    }
    assert!(blocks.len() > 10, "only {} manifests in the guides", blocks.len());
    blocks
}

fn claim(place: &str, said: &str) -> Claim {
    let mut level = None;
    let mut found = BTreeSet::new();
    for word in said.split(' ') {
        match word.split_once('=') {
            Some(("pod-security", name)) => level = LEVELS.iter().position(|(known, _)| *known == name),
            Some(("ci", ids)) => found = ids.split(',').map(str::to_owned).collect(),
            _ => panic!("{place}: `{word}` says nothing"),
        }
    }
    Claim { level: level.unwrap_or_else(|| panic!("{place}: no Pod Security level")), found }
}

fn gate(profile: &str) -> Gate {
    let settings = Settings { profiles: vec![profile.to_owned()], ..Settings::default() };
    Gate::builder().settings(settings).build().unwrap()
}

#[test]
fn manifests_have_the_findings_that_the_guide_names() {
    let gate = gate("ci");
    for Block { place, text, claim } in blocks() {
        let report = check(&gate, &place, &text);
        assert!(!report.has_errors(), "{place}: {report:#?}");
        assert!(claim.is_none() || !report.subjects.is_empty(), "{place}: {report:#?}");
        let severe = report.findings.iter().filter(|finding| finding.severity >= Severity::Medium);
        let found: BTreeSet<&str> = severe.map(|finding| finding.policy.as_str()).collect();
        let named: BTreeSet<&str> = claim.iter().flat_map(|claim| &claim.found).map(String::as_str).collect();
        assert_eq!(found, named, "{place}: {:#?}", report.findings);
    }
}

#[test]
fn manifests_pass_the_level_that_the_guide_names_and_no_stricter_one() {
    for (level, (name, profile)) in LEVELS.iter().enumerate() {
        let Some(profile) = profile else { continue };
        let gate = gate(profile);
        for Block { place, text, claim } in blocks() {
            let Some(claim) = claim else { continue };
            let report = check(&gate, &place, &text);
            let passes = report.findings.is_empty() && !report.has_errors();
            assert_eq!(passes, level <= claim.level, "{place}: {name}: {report:#?}");
        }
    }
}
