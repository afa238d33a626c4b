//! What a pod means is found however it is written: fixtures are rewritten without changing their meaning, and the
//! findings stay, move as the rewrite says, and no other come. `PODGATE_REWRITES` says how many rewritten files to
//! try, `PODGATE_REWRITES_SEED` which.

use std::collections::BTreeMap;
use std::path::PathBuf;

use fastrand::Rng;
use podgate::document::{self, Limits};
use podgate::{Gate, Report};
use podgate_tests::rewrite::{Case, Fault, Rewrite, Wanted, findings, rewrites};
use podgate_tests::{check, with_parameters, yaml_manifests};

const MUTANTS: usize = 2_000;
const SEED: u64 = 20_261_124;

struct Fixture {
    path: PathBuf,
    gate: Option<Gate>,
    case: Case,
}

/// Every fixture as documents, with what is found in them when they are written as JSON.
fn fixtures(plain: &Gate) -> Vec<Fixture> {
    let mut fixtures = Vec::new();
    for folder in ["bad", "bypass", "clean", "good", "peers"] {
        for (path, text) in yaml_manifests(folder).unwrap() {
            let gate = with_parameters(&path);
            let judge = |text: &str| judge(gate.as_ref().unwrap_or(plain), text);
            let mut case = Case::of(&text);
            let mut as_json = case.clone();
            as_json.style.json = true;
            case.wanted = findings(&judge(&as_json.text()));
            // A key that is written twice is the text's own.
            let mut of_text = findings(&judge(&text));
            of_text.retain(|one| one.policy != "CI809");
            assert_eq!(of_text, case.wanted, "{} as JSON", path.display());
            fixtures.push(Fixture { path, gate, case });
        }
    }
    fixtures
}

fn judge(gate: &Gate, text: &str) -> Report {
    check(gate, "in.yaml", text)
}

/// The text in each style says what the documents say.
#[test]
fn every_style_reads_back() {
    let styles: Vec<&Rewrite> =
        rewrites().into_iter().take_while(|rewrite| rewrite.name != "path alias").collect();
    assert!(styles.len() > 20, "{} styles", styles.len());
    let mut rng = Rng::with_seed(SEED);
    for folder in ["bad", "bypass", "clean", "good", "peers"] {
        for (path, text) in yaml_manifests(folder).unwrap() {
            let plain = Case::of(&text);
            for style in &styles {
                let mut case = plain.clone();
                (style.apply)(&mut case, &mut rng);
                (rng.choice(&styles).unwrap().apply)(&mut case, &mut rng);
                let written = case.text();
                assert_eq!(Case::of(&written).documents, plain.documents, "{}\n{written}", path.display());
            }
        }
    }
}

/// What goes wrong with a case.
enum Wrong {
    /// The text does not say what the documents say: the fault is in these tests, or in reading.
    Text(String),
    Report(String),
    Findings(Fault),
}

fn wrong(gate: &Gate, case: &Case) -> Option<Wrong> {
    let text = case.text();
    let read = document::read("in.yaml", text.as_str(), &Limits::default());
    let mut documents = Vec::new();
    for document in read {
        match document {
            Ok(document) => documents.push(serde_json::to_value(document.root()).unwrap()),
            Err(error) => return Some(Wrong::Text(error.to_string())),
        }
    }
    if documents != case.documents {
        let (read, meant) = (serde_json::to_string(&documents), serde_json::to_string(&case.documents));
        return Some(Wrong::Text(format!("read  {}\nmeant {}", read.unwrap(), meant.unwrap())));
    }
    let report = judge(gate, &text);
    let unread = report.not_evaluated.iter().filter(|entry| entry.cause.is_error()).count();
    if unread > 0 || !report.failed_policies.is_empty() {
        return Some(Wrong::Report(format!("{:#?}{:#?}", report.not_evaluated, report.failed_policies)));
    }
    case.compare(&report).map(Wrong::Findings)
}

/// Rewrites by their place in the list, each with the seed of its choices.
type Chain = Vec<(usize, u64)>;

/// The case after the rewrites that found a place.
fn apply(all: &[&Rewrite], case: &Case, chain: &Chain) -> (Case, Chain) {
    let (mut case, mut applied) = (case.clone(), Chain::new());
    for (index, seed) in chain {
        let before = case.clone();
        if (all[*index].apply)(&mut case, &mut Rng::with_seed(*seed)) {
            applied.push((*index, *seed));
        } else {
            case = before;
        }
    }
    (case, applied)
}

/// The shortest part of a chain that still goes wrong: what it is, in few words, and in full.
fn reproduced(all: &[&Rewrite], fixture: &Fixture, gate: &Gate, mut chain: Chain) -> (String, String) {
    let mut at = 0;
    while at < chain.len() {
        let mut shorter = chain.clone();
        shorter.remove(at);
        if wrong(gate, &apply(all, &fixture.case, &shorter).0).is_some() {
            chain = shorter;
        } else {
            at += 1;
        }
    }
    let (case, _) = apply(all, &fixture.case, &chain);
    let (kind, what) = match wrong(gate, &case) {
        None => (String::new(), "is right when tried again".to_owned()),
        Some(Wrong::Text(error)) => ("text".to_owned(), format!("is not read as it is meant: {error}")),
        Some(Wrong::Report(report)) => ("report".to_owned(), format!("is not judged in full: {report}")),
        Some(Wrong::Findings(fault)) => {
            let ids: Vec<&str> =
                fault.missing.iter().chain(&fault.new).map(|one| one.policy.as_str()).collect();
            (ids.join(" "), format!("{}{}", told("missing", &fault.missing), told("new", &fault.new)))
        }
    };
    let names: Vec<&str> = chain.iter().map(|(index, _)| all[*index].name).collect();
    let kind = format!("{} by {}", kind, names.join(", "));
    let seeds: Vec<String> =
        chain.iter().map(|(index, seed)| format!("{} ({seed})", all[*index].name)).collect();
    (
        kind,
        format!("{}\nrewritten by {}\n{what}\n{}\n", fixture.path.display(), seeds.join(", "), case.text()),
    )
}

fn told(what: &str, findings: &[Wanted]) -> String {
    let line = |one: &Wanted| format!("{what} {} {} {:?}\n", one.policy, one.severity, one.places);
    findings.iter().map(line).collect()
}

/// A fixture after one rewrite that finds a place in it, and up to three more before and after.
fn rewritten<'f>(
    all: &[&Rewrite],
    fixtures: &'f [Fixture],
    first: usize,
    rng: &mut Rng,
) -> (&'f Fixture, Case, Chain) {
    for _ in 0..fixtures.len() * 20 {
        let fixture = &fixtures[rng.usize(..fixtures.len())];
        let one = (first, rng.u64(..));
        if apply(all, &fixture.case, &vec![one]).1.is_empty() {
            continue;
        }
        let mut chain: Chain = (0..rng.usize(0..4)).map(|_| (rng.usize(..all.len()), rng.u64(..))).collect();
        chain.insert(rng.usize(0..=chain.len()), one);
        let (case, applied) = apply(all, &fixture.case, &chain);
        if !applied.is_empty() {
            return (fixture, case, applied);
        }
    }
    panic!("no fixture has a place for `{}`", all[first].name);
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|value| value.parse().unwrap())
}

#[test]
fn rewritten_fixtures_keep_their_findings() {
    let plain = Gate::new().unwrap();
    let (fixtures, all) = (fixtures(&plain), rewrites());
    let mutants = number("PODGATE_REWRITES").map_or(MUTANTS, |mutants| usize::try_from(mutants).unwrap());
    let mut rng = Rng::with_seed(number("PODGATE_REWRITES_SEED").unwrap_or(SEED));
    let mut counts: BTreeMap<&str, usize> = all.iter().map(|rewrite| (rewrite.name, 0)).collect();
    let (mut faults, mut failed, mut compared) = (BTreeMap::new(), 0, 0);
    for tried in 0..mutants {
        let (fixture, case, applied) = rewritten(&all, &fixtures, tried % all.len(), &mut rng);
        let gate = fixture.gate.as_ref().unwrap_or(&plain);
        compared += case.wanted.len();
        for (index, _) in &applied {
            *counts.entry(all[*index].name).or_default() += 1;
        }
        if wrong(gate, &case).is_some() {
            failed += 1;
            // One of each kind is told.
            if faults.len() < 20 && failed < 500 {
                let (kind, told) = reproduced(&all, fixture, gate, applied);
                faults.entry(kind).or_insert(told);
            }
        }
    }
    println!("{mutants} rewritten files of {} fixtures, {compared} findings wanted", fixtures.len());
    println!("{} rewrites, how often each was applied: {counts:#?}", all.len());
    let kinds: Vec<&String> = faults.keys().collect();
    let told: Vec<&String> = faults.values().collect();
    assert!(
        failed == 0,
        "{failed} of {mutants} went wrong: {kinds:#?}, such as:\n{}",
        told.iter().map(|one| one.as_str()).collect::<Vec<_>>().join("\n")
    );
    if mutants >= MUTANTS {
        let idle: Vec<&&str> =
            counts.iter().filter(|(_, count)| **count == 0).map(|(name, _)| name).collect();
        assert!(idle.is_empty(), "never applied: {idle:?}");
        assert!(compared > mutants, "only {compared} findings wanted");
    }
}
