//! Every known way around a check is found by the policy that is there for it: the tables of `fixtures/README.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use jiff::civil::date;
use podgate::policy::Severity;
use podgate::{Context, Gate, Report, Settings};
use podgate_tests::{check, fixtures, manifests};

/// Policies that the tables name and this version lacks. What is added leaves this list.
const NOT_YET: [&str; 0] = [];

/// A line of the tables: vector, what, and either fixture and policies, or the source that is needed.
struct Row {
    vector: String,
    what: String,
    found_by: Result<(String, Vec<String>), String>,
}

fn rows() -> Vec<Row> {
    let text = fs::read_to_string(fixtures().join("README.md")).unwrap();
    let mut rows = Vec::new();
    for line in text.lines().filter(|line| line.starts_with("| B") || line.starts_with("| P")) {
        let cells: Vec<&str> = line.trim_matches(['|', ' ']).split(" | ").collect();
        let ids = |cell: &str| {
            let ids = cell.split(", ").filter(|id| *id != "nothing");
            ids.map(str::to_owned).collect::<Vec<_>>()
        };
        let (what, found_by) = match cells.as_slice() {
            [_, what, fixture, found] => (*what, Ok(((*fixture).to_owned(), ids(found)))),
            [_, fixture, found] if fixture.starts_with(cells[0]) => {
                ("", Ok(((*fixture).to_owned(), ids(found))))
            }
            [_, what, source] => (*what, Err((*source).to_owned())),
            _ => panic!("{line}"),
        };
        rows.push(Row { vector: cells[0].to_owned(), what: what.to_owned(), found_by });
    }
    rows
}

fn reports(gate: &Gate) -> BTreeMap<String, Report> {
    let mut reports = BTreeMap::new();
    for folder in ["bypass", "peers"] {
        for (path, text) in manifests(folder).unwrap() {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let report = check(gate, &path.display().to_string(), &text);
            assert_eq!(report.failed_policies, [], "{name}");
            reports.insert(name, report);
        }
    }
    reports
}

#[test]
fn every_vector_is_found_by_the_policy_that_is_there_for_it() {
    let gate = Gate::new().unwrap();
    let known: BTreeSet<&str> = gate.policies().iter().map(|policy| policy.id.as_str()).collect();
    let (reports, mut wrong, mut waiting) = (reports(&gate), Vec::new(), 0);
    for id in NOT_YET.iter().filter(|id| known.contains(*id)) {
        wrong.push(format!("{id} is there, and still on the list of what is not yet"));
    }
    for row in rows() {
        let Ok((fixture, ids)) = row.found_by else { continue };
        let Some(report) = reports.get(&fixture) else {
            wrong.push(format!("there is no fixture {fixture}"));
            continue;
        };
        let found: BTreeSet<&str> = report.findings.iter().map(|finding| finding.policy.as_str()).collect();
        let is_bad = report.findings.iter().any(|finding| finding.severity >= Severity::High);
        if ids.is_empty() && is_bad {
            wrong.push(format!("{fixture}: {found:?} and worse than medium, where nothing is to be found"));
        }
        for id in &ids {
            if NOT_YET.contains(&id.as_str()) {
                waiting += 1;
            } else if !known.contains(id.as_str()) {
                wrong.push(format!("{fixture}: there is no policy {id}"));
            } else if !found.contains(id.as_str()) {
                wrong.push(format!("{fixture}: not found by {id}, but by {found:?}"));
            }
        }
    }
    println!("{waiting} lines wait for a policy");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_vector_and_every_fixture_has_its_line() {
    let rows = rows();
    let vectors: BTreeSet<&str> = rows.iter().map(|row| row.vector.as_str()).collect();
    // Huge documents are a test of their own.
    let wanted = (1..=45).filter(|n| *n != 42).map(|n| format!("B{n:02}"));
    for vector in wanted.chain((1..=43).map(|n| format!("P{n:02}"))) {
        assert!(vectors.contains(vector.as_str()), "{vector} has no line");
    }
    let listed = rows.iter().filter_map(|row| row.found_by.as_ref().ok());
    let listed: BTreeSet<&str> = listed.map(|(fixture, _)| fixture.as_str()).collect();
    let gate = Gate::new().unwrap();
    for fixture in reports(&gate).keys() {
        assert!(listed.contains(fixture.as_str()), "{fixture} has no line");
    }
}

/// What podgate says of the ways to a node that other tools were measured with, as a table.
#[test]
fn peers_table() {
    let gate = Gate::new().unwrap();
    let reports = reports(&gate);
    println!("| vector | way to the node | found | severity |\n|---|---|---|---|");
    let mut seen = 0;
    for row in rows().into_iter().filter(|row| row.vector.starts_with('P')) {
        let (vector, what) = (row.vector, row.what);
        match row.found_by {
            Err(source) => println!("| {vector} | {what} | needs the source: {source} | |"),
            Ok((fixture, ids)) => {
                let findings = &reports[&fixture].findings;
                let own: BTreeSet<&str> = findings
                    .iter()
                    .map(|finding| finding.policy.as_str())
                    .filter(|id| ids.iter().any(|one| one == id))
                    .collect();
                let worst = findings.iter().filter(|finding| own.contains(finding.policy.as_str()));
                let worst = worst.map(|finding| finding.severity).max().map_or("-", Severity::as_str);
                seen += usize::from(!own.is_empty());
                println!(
                    "| {vector} | {what} | {} | {worst} |",
                    own.into_iter().collect::<Vec<_>>().join(", ")
                );
            }
        }
    }
    println!("{seen} of 43 found");
    assert!(seen >= 20);
}

/// F10: node agents do what CI pods must not; whoever runs the cluster names them, by namespace and name.
#[test]
fn a_node_agent_is_exempted_by_the_settings_alone() {
    const SETTINGS: &str = "
exemptions:
  - policies: [CI113]
    match: {namespaces: [monitoring], names: [log-collector], kinds: [DaemonSet]}
    reason: collects the logs of all pods
    expires: 2027-03-31
";
    let path = fixtures().join("clean/F10-node-agent.yaml");
    let text = fs::read_to_string(path).unwrap();
    let settings = Settings::from_yaml("podgate.yaml", SETTINGS).unwrap();
    let gate = Gate::builder().settings(settings).build().unwrap();
    let context = Context { date: Some(date(2026, 11, 23)), ..Context::default() };
    let bad = |text: &str| {
        let report = gate.check_text("in.yaml", text, &context);
        report.findings.iter().filter(|finding| finding.policy == "CI113").count()
    };
    assert_eq!(bad(&text), 0);
    assert_eq!(bad(&text.replace("namespace: monitoring", "namespace: ci")), 1);
    assert_eq!(bad(&text.replace("name: log-collector\n", "name: log-thief\n")), 1);
}
