//! Every renderer over the same reports.

#[path = "render/samples.rs"]
mod samples;

use podgate::policy::Severity;
use podgate::render::policy_report::{self, Api};
use podgate::render::{github, gitlab, json, junit, sarif, text};
use podgate::report::Report;

type Writer = fn(&Report, &mut Vec<u8>);

fn formats() -> Vec<(&'static str, Writer)> {
    vec![
        ("text", |report, out| {
            text::write(report, &samples::sources, &text::Options::default(), out).expect("memory")
        }),
        ("json", |report, out| json::write(report, out).expect("memory")),
        ("sarif", |report, out| sarif::write(report, &[], out).expect("memory")),
        ("github", |report, out| github::write(report, out).expect("memory")),
        ("gitlab", |report, out| gitlab::write(report, out).expect("memory")),
        ("junit", |report, out| junit::write(report, out).expect("memory")),
        ("policy_report", |report, out| policy_report::write(report, Api::WgPolicy, out).expect("memory")),
    ]
}

fn render(format: &str, report: &Report) -> String {
    let (_, write) = formats().into_iter().find(|(name, _)| *name == format).expect("a format");
    let mut out = Vec::new();
    write(report, &mut out);
    String::from_utf8(out).expect("UTF-8")
}

#[test]
fn snapshots() {
    for (format, _) in formats() {
        for (sample, report) in samples::all() {
            insta::assert_snapshot!(format!("{format}__{sample}"), render(format, &report));
        }
    }
}

#[test]
fn colour_and_width_change_only_the_looks() {
    let (_, report) = samples::all().remove(2);
    let options = text::Options {
        color: true,
        width: Some(72),
        settings: Some("podgate.yaml"),
        ..text::Options::default()
    };
    let mut out = Vec::new();
    text::write(&report, &samples::sources, &options, &mut out).expect("memory");
    insta::assert_snapshot!(
        "text__typical_coloured",
        String::from_utf8(out).expect("UTF-8").replace('\u{1b}', "␛")
    );
}

#[test]
fn what_is_not_known_is_listed_from_low_on() {
    let text = |report: &Report, source: Option<&str>, least| {
        let options = text::Options { least, ..text::Options::default() };
        let mut out = Vec::new();
        text::write(report, &|_| source.map(Into::into), &options, &mut out).expect("memory");
        String::from_utf8(out).expect("UTF-8")
    };
    let gate = podgate::Gate::builder().build().expect("a gate");
    let pod = |number: usize| {
        let items: Vec<String> = (0..number).map(|at| format!("\n  c{at}")).collect();
        format!("podTemplate(yaml: 'spec: {{containers: []}}', containers: [{}\n]) {{}}", items.join(","))
    };
    let judge = |text: &str| gate.check_text("Jenkinsfile", text, &podgate::Context::default());
    for (number, wanted) in [
        (0, None),
        (1, Some("Jenkinsfile: Jenkinsfile: 1 value unknown at 2:3")),
        (8, Some("Jenkinsfile: Jenkinsfile: 8 values unknown at 2:3, 3:3, 4:3, 5:3, 6:3, 7:3, 8:3, 9:3")),
        (
            10,
            Some(
                "Jenkinsfile: Jenkinsfile: 10 values unknown at 2:3, 3:3, 4:3, 5:3, 6:3, 7:3, 8:3, 9:3 and 2 more, all in `--format json`",
            ),
        ),
    ] {
        let pod = pod(number);
        let report = judge(&pod);
        for (least, is_told) in [
            (Severity::Info, true),
            (Severity::Low, true),
            (Severity::Medium, false),
            (Severity::High, false),
        ] {
            let out = text(&report, Some(&pod), least);
            let told: Vec<&str> = out.lines().filter(|line| line.contains("unknown at")).collect();
            assert_eq!(told, Vec::from_iter(wanted.filter(|_| is_told)), "{out}");
        }
    }
    // Of a text that is no longer at hand, or is another one, there are no places.
    let report = judge(&pod(1));
    for source in [None, Some("a: b\n"), Some("a: [\n"), Some("")] {
        let out = text(&report, source, Severity::Low);
        let told = "Jenkinsfile: Jenkinsfile: 1 value unknown at /podTemplate/containers/0\n\n1 pod judged";
        assert!(out.contains(told), "{out}");
    }
}

#[test]
fn what_people_read_cannot_be_forged() {
    let (_, report) = samples::all().remove(5);
    for (format, _) in formats() {
        let out = render(format, &report);
        assert!(!out.contains('\u{1b}') && !out.contains('\r'), "{format}: {out}");
        assert!(!out.lines().any(|line| line.starts_with("clean")), "{format}: {out}");
    }
    for format in ["text", "github"] {
        let out = render(format, &report);
        let forged = out.chars().find(|character| character.is_control() && *character != '\n');
        assert_eq!(forged, None, "{format}: {out}");
    }
}

#[test]
fn fingerprints_survive_moved_lines_and_reordered_containers() {
    let (_, report) = samples::all().remove(2);
    let mut moved = report.clone();
    for finding in &mut moved.findings {
        finding.pointer = finding.pointer.replace("/2/", "/7/").replace("/1/", "/6/").into();
        let span = finding.span.as_mut().expect("a span");
        span.start.line += 10;
        span.end.line += 10;
    }
    for (format, key) in [("sarif", "podgate/v1"), ("gitlab", "\"fingerprint\"")] {
        let keys = |report| {
            let text = render(format, report);
            text.lines().filter(|line| line.contains(key)).map(str::to_owned).collect::<Vec<_>>()
        };
        let before = keys(&report);
        assert_eq!(before, keys(&moved), "{format}");
        let unique: std::collections::HashSet<_> = before.iter().collect();
        assert_eq!(unique.len(), report.findings.len(), "{format}");
    }
}

#[test]
fn sarif_is_valid() {
    // The published schema has a stray bracket in one pattern, which JavaScript reads as itself.
    let schema = include_str!("render/sarif-2.1.0.schema.json").replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$");
    let schema = serde_json::from_str(&schema).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for (sample, report) in samples::all() {
        let sarif = sarif_with_rules(&report);
        let errors: Vec<_> = validator
            .iter_errors(&sarif)
            .map(|error| format!("{error} at {}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{sample}: {errors:#?}");
    }
}

#[test]
fn sarif_carries_its_rules() {
    let (_, report) = samples::all().remove(2);
    let sarif = sarif_with_rules(&report);
    let at = |pointer: &str| sarif.pointer(pointer).unwrap_or_else(|| panic!("{pointer} in {sarif}"));
    let rules = at("/runs/0/tool/driver/rules").as_array().expect("a list");
    assert_eq!(rules.len(), podgate::policy::built_in().expect("policies").len());
    let index = at("/runs/0/results/0/ruleIndex").to_string();
    let rule = |key: &str| at(&format!("/runs/0/tool/driver/rules/{index}{key}")).as_str().expect("text");
    assert_eq!((rule("/id"), rule("/name")), ("CI101", "runtime-socket"));
    assert_eq!(
        (rule("/defaultConfiguration/level"), rule("/properties/security-severity")),
        ("error", "9.5")
    );
    for key in ["/shortDescription/text", "/fullDescription/text", "/help/text", "/help/markdown", "/helpUri"]
    {
        assert_ne!(rule(key), "", "{key}");
    }
}

fn sarif_with_rules(report: &Report) -> serde_json::Value {
    let mut out = Vec::new();
    sarif::write(report, podgate::policy::built_in().expect("policies"), &mut out).expect("memory");
    serde_json::from_slice(&out).expect("JSON")
}
