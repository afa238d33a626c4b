//! SARIF 2.1.0, which code scanners and editors read.

mod log;

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::io::{self, Write};

use self::log::{
    Artifact, Configuration, Descriptor, Driver, Help, Invocation, Location, Log, LogicalLocation, Message,
    Notification, PhysicalLocation, Region, Rule, RuleProperties, Run, Suppression, Text, Tool,
};
use super::place::{self, Fingerprints};
use crate::policy::{Policy, Severity};
use crate::position::Span;
use crate::report::{Exempted, Finding, Report, Stage};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Writes `report`, with `policies` as the rules.
///
/// Exempted findings are results with a suppression; what failed or was not judged is a notification.
pub fn write(report: &Report, policies: &[Policy], out: &mut dyn Write) -> io::Result<()> {
    let rules = policies.iter().enumerate().map(|(index, policy)| (policy.id.as_str(), index)).collect();
    let mut results = Results { report, rules, keys: Fingerprints::default() };
    let findings = report.findings.iter().map(|finding| results.finding(finding, None));
    let mut findings: Vec<_> = findings.collect();
    findings.extend(report.exempted.iter().map(|entry| results.finding(&entry.finding, Some(entry))));
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool { driver: driver(policies) },
            column_kind: "unicodeCodePoints",
            invocations: [invocation(report)],
            results: findings,
            properties: BTreeMap::from([("policyDigest", report.policies.digest.as_str())]),
        }],
    };
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

fn driver(policies: &[Policy]) -> Driver<'_> {
    Driver {
        name: "podgate",
        semantic_version: env!("CARGO_PKG_VERSION"),
        information_uri: env!("CARGO_PKG_REPOSITORY"),
        rules: policies.iter().map(rule).collect(),
    }
}

fn rule(policy: &Policy) -> Rule<'_> {
    let text = format!("{}\nattack: {}\nhelp: {}", policy.description, policy.attack, policy.help);
    let markdown = policy.page.as_deref().map(str::to_owned).unwrap_or_else(|| {
        format!("{}\n\n**Attack**: {}\n\n**Help**: {}\n", policy.description, policy.attack, policy.help)
    });
    let mut tags = vec!["security", "kubernetes"];
    tags.extend(policy.profiles.iter().map(String::as_str));
    Rule {
        id: &policy.id,
        name: &policy.name,
        short_description: Message { text: &policy.title },
        full_description: Message { text: &policy.description },
        help: Help { text, markdown },
        help_uri: &policy.docs,
        default_configuration: Configuration { level: level(policy.severity) },
        properties: RuleProperties { tags, security_severity: score(policy.severity) },
    }
}

struct Results<'a> {
    report: &'a Report,
    rules: HashMap<&'a str, usize>,
    keys: Fingerprints,
}

impl<'a> Results<'a> {
    fn finding(&mut self, finding: &'a Finding, exempted: Option<&Exempted>) -> log::Finding<'a> {
        let suppression = exempted.map(|exempted| Suppression {
            kind: "external",
            status: "accepted",
            justification: format!("{} (until {})", exempted.reason, exempted.expires),
        });
        let key = self.keys.finding(self.report, finding);
        log::Finding {
            rule_id: &finding.policy,
            rule_index: self.rules.get(finding.policy.as_str()).copied(),
            level: level(finding.severity),
            message: Message { text: &finding.message },
            locations: [Location {
                physical_location: Some(physical(&finding.source, finding.span)),
                logical_locations: logical(self.report, finding),
            }],
            partial_fingerprints: BTreeMap::from([("podgate/v1", key)]),
            suppressions: suppression.into_iter().collect(),
        }
    }
}

fn physical(source: &str, span: Option<Span>) -> PhysicalLocation {
    let region = span.filter(|_| place::printed_of(source).is_none()).map(|span| Region {
        start_line: span.start.line,
        start_column: span.start.column,
        end_line: span.end.line,
        end_column: span.end.column,
    });
    PhysicalLocation { artifact_location: Artifact { uri: uri(&place::path(source)) }, region }
}

/// The object, and the field in it.
fn logical(report: &Report, finding: &Finding) -> Vec<LogicalLocation> {
    let subject = report.subjects.get(finding.subject);
    let object = subject.map(place::subject).unwrap_or_default();
    let mut locations = Vec::new();
    if let Some(subject) = subject {
        locations.push(LogicalLocation {
            name: subject.owner.as_ref().map_or(&subject.object.name, |owner| &owner.name).clone(),
            fully_qualified_name: object.clone(),
            kind: "resource",
        });
    }
    locations.push(LogicalLocation {
        name: finding.container.as_deref().unwrap_or_default().to_owned(),
        fully_qualified_name: format!("{object}{}", finding.pointer),
        kind: "member",
    });
    locations
}

fn invocation(report: &Report) -> Invocation {
    let not_evaluated = report.not_evaluated.iter().map(|entry| Notification {
        descriptor: Descriptor { id: "not-evaluated" },
        level: if entry.cause.is_error() { "error" } else { "note" },
        message: Text { text: entry.reason.clone() },
        locations: vec![at(&entry.source, entry.span)],
    });
    let failed = |stage| {
        report.failed_policies.iter().filter(move |failed| failed.stage == stage).map(|failed| Notification {
            descriptor: Descriptor { id: "failed-policy" },
            level: "error",
            message: Text { text: format!("policy {} failed: {}", failed.policy, failed.reason) },
            locations: failed.file.iter().map(|file| at(file, failed.span)).collect(),
        })
    };
    let void = report.void_exemptions.iter().map(|void| Notification {
        descriptor: Descriptor { id: "void-exemption" },
        level: "warning",
        message: Text {
            text: format!(
                "the exemption of {} does not count, its last day was {} ({})",
                void.policies.join(", "),
                void.expires,
                void.reason
            ),
        },
        locations: Vec::new(),
    });
    Invocation {
        execution_successful: !report.has_errors(),
        tool_execution_notifications: not_evaluated.chain(failed(Stage::Evaluate)).collect(),
        tool_configuration_notifications: failed(Stage::Load).chain(void).collect(),
    }
}

fn at(source: &str, span: Option<Span>) -> Location {
    Location { physical_location: Some(physical(source, span)), logical_locations: Vec::new() }
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// GitHub ranks by this number: from 9.0 critical, from 7.0 high, from 4.0 medium.
const fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "3.0",
        Severity::Info => "0.0",
    }
}

/// A path as a URI reference (RFC 3986); what is relative stays so.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z'
            | b'A'..=b'Z'
            | b'0'..=b'9'
            | b'-'
            | b'.'
            | b'_'
            | b'~'
            | b'/'
            | b'@'
            | b'+'
            | b'='
            | b',' => {
                uri.push(char::from(byte));
            }
            _ => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::position::Position;

    #[test]
    fn what_a_chart_prints_has_the_place_of_the_chart() {
        let at = |line| Position { line, column: 1 };
        let span = Span { start: at(2), end: at(3) };
        for (source, wanted) in [
            ("helm template ./charts/a b", json!({"artifactLocation": {"uri": "charts/a%20b"}})),
            ("kustomize build k8s", json!({"artifactLocation": {"uri": "k8s"}})),
            (
                "k8s/a.yaml",
                json!({
                    "artifactLocation": {"uri": "k8s/a.yaml"},
                    "region": {"startLine": 2, "startColumn": 1, "endLine": 3, "endColumn": 1},
                }),
            ),
        ] {
            assert_eq!(serde_json::to_value(physical(source, Some(span))).unwrap(), wanted);
        }
    }

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("k8s/a b%ü:1.yaml"), "k8s/a%20b%25%C3%BC%3A1.yaml");
        assert_eq!(uri("/abs/x.yaml"), "file:///abs/x.yaml");
    }
}
