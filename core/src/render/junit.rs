//! JUnit XML: one suite a source, one test case a policy and subject.
//!
//! A case is named by its policy and its class by the subject, so that CI systems can tell since when it
//! fails. A subject without findings is one case that passes.
//!
//! Written with `quick-xml`: `quick-junit` would bring a second library of dates for what is never written here.

use std::collections::HashMap;
use std::hash::Hash;
use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::escape::{line, visible};
use super::place;
use crate::report::{Exempted, FailedPolicy, Finding, NotEvaluated, Report};

/// Writes `report`; findings are failures, what failed or could not be read is an error, and what is exempted
/// or nothing that podgate judges is skipped. There are no times and no random ids in it.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let unread = report.not_evaluated.iter().map(|entry| (entry.source.as_str(), not_evaluated(entry)));
    let failed = report.failed_policies.iter().map(|failed| ("policies", failed_policy(failed)));
    let suites = grouped(subjects(report).into_iter().chain(unread).chain(failed));
    let mut xml = Writer::new_with_indent(&mut *out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let [tests, failures, errors, skipped] = totals(suites.iter().flat_map(|(_, cases)| cases));
    xml.create_element("testsuites")
        .with_attributes([("name", "podgate"), ("tests", &tests), ("failures", &failures)])
        .with_attributes([("errors", errors.as_str()), ("skipped", &skipped)])
        .write_inner_content(|xml| suites.iter().try_for_each(|(source, cases)| suite(xml, source, cases)))?;
    writeln!(xml.get_mut())
}

/// Values by key, in the order in which keys first come.
fn grouped<K: Copy + Eq + Hash, V>(items: impl IntoIterator<Item = (K, V)>) -> Vec<(K, Vec<V>)> {
    let mut groups: Vec<(K, Vec<V>)> = Vec::new();
    let mut places: HashMap<K, usize> = HashMap::new();
    for (key, value) in items {
        let place = *places.entry(key).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((_, values)) => values.push(value),
            None => groups.push((key, vec![value])),
        }
    }
    groups
}

/// One test case.
struct Case {
    name: String,
    class: String,
    /// Where to look; not of the schema, but what GitLab and Jenkins link. Empty where there is none.
    file: String,
    outcome: Outcome,
}

/// How a case ended, with a line and a text.
enum Outcome {
    Passed,
    Failed { message: String, severity: &'static str, text: String },
    Error(String),
    Skipped(String),
}

/// Cases, failures, errors and skipped ones, as attributes show them.
fn totals<'c>(cases: impl Iterator<Item = &'c Case>) -> [String; 4] {
    let mut counts = [0_usize; 4];
    let [tests, failures, errors, skipped] = &mut counts;
    for case in cases {
        *tests += 1;
        match case.outcome {
            Outcome::Passed => {}
            Outcome::Failed { .. } => *failures += 1,
            Outcome::Error(_) => *errors += 1,
            Outcome::Skipped(_) => *skipped += 1,
        }
    }
    counts.map(|count| count.to_string())
}

fn suite(xml: &mut Writer<&mut dyn Write>, source: &str, cases: &[Case]) -> io::Result<()> {
    let [tests, failures, errors, skipped] = totals(cases.iter());
    xml.create_element("testsuite")
        .with_attributes([("name", &*visible(source)), ("tests", &tests), ("failures", &failures)])
        .with_attributes([("errors", errors.as_str()), ("skipped", &skipped)])
        .write_inner_content(|xml| cases.iter().try_for_each(|case| case.write(xml)))?;
    Ok(())
}

impl Case {
    fn write(&self, xml: &mut Writer<&mut dyn Write>) -> io::Result<()> {
        let (name, class, file) = (visible(&self.name), visible(&self.class), visible(&self.file));
        let mut element =
            xml.create_element("testcase").with_attributes([("name", &*name), ("classname", &*class)]);
        if !file.is_empty() {
            element = element.with_attribute(("file", &*file));
        }
        if matches!(self.outcome, Outcome::Passed) {
            element.write_empty()?;
        } else {
            element.write_inner_content(|xml| self.outcome.write(xml))?;
        }
        Ok(())
    }
}

impl Outcome {
    fn write(&self, xml: &mut Writer<&mut dyn Write>) -> io::Result<()> {
        match self {
            Self::Passed => {}
            Self::Failed { message, severity, text } => {
                xml.create_element("failure")
                    .with_attributes([("message", &*visible(message)), ("type", severity)])
                    .write_text_content(BytesText::new(text))?;
            }
            Self::Error(reason) => write_empty(xml, "error", reason)?,
            Self::Skipped(reason) => write_empty(xml, "skipped", reason)?,
        }
        Ok(())
    }
}

fn write_empty(xml: &mut Writer<&mut dyn Write>, name: &str, message: &str) -> io::Result<()> {
    xml.create_element(name).with_attribute(("message", &*visible(message))).write_empty()?;
    Ok(())
}

/// The cases of all subjects, with their sources.
fn subjects(report: &Report) -> Vec<(&str, Case)> {
    let mut findings: Vec<Vec<&Finding>> = vec![Vec::new(); report.subjects.len()];
    for finding in &report.findings {
        if let Some(of_subject) = findings.get_mut(finding.subject) {
            of_subject.push(finding);
        }
    }
    let mut exempted: HashMap<usize, Vec<&Exempted>> = HashMap::new();
    for entry in &report.exempted {
        exempted.entry(entry.finding.subject).or_default().push(entry);
    }
    let subjects = report.subjects.iter().zip(findings).enumerate();
    subjects
        .flat_map(|(index, (subject, findings))| {
            let (source, class) = (subject.object.source.as_str(), place::subject(subject));
            let mut cases = by_policy(&findings, &class);
            if cases.is_empty() {
                let (name, file) = ("no findings".to_owned(), place::path(source).into_owned());
                cases.push(Case { name, class: class.clone(), file, outcome: Outcome::Passed });
            }
            let exempted = exempted.remove(&index).unwrap_or_default();
            cases.extend(exempted.into_iter().map(|entry| exempted_case(entry, &class)));
            cases.into_iter().map(move |case| (source, case))
        })
        .collect()
}

/// The findings of one subject, those of one policy in one case.
fn by_policy(findings: &[&Finding], class: &str) -> Vec<Case> {
    let groups = grouped(findings.iter().map(|finding| (finding.policy.as_str(), *finding)));
    groups.iter().filter_map(|(_, group)| policy_case(group, class)).collect()
}

fn policy_case(group: &[&Finding], class: &str) -> Option<Case> {
    let first = group.first()?;
    let mut lines: Vec<String> = group
        .iter()
        .map(|finding| format!("{}: {}: {}", location(finding), finding.severity.as_str(), finding.message))
        .collect();
    lines.push(format!("attack: {}", first.attack));
    lines.push(format!("help: {}", first.help));
    lines.push(format!("see: {}", first.docs));
    let outcome = Outcome::Failed {
        message: first.message.to_string(),
        severity: first.severity.as_str(),
        text: lines.iter().map(|text| line(text)).collect::<Vec<_>>().join("\n"),
    };
    Some(named(first, class, outcome))
}

fn named(finding: &Finding, class: &str, outcome: Outcome) -> Case {
    Case {
        name: format!("{} {}", finding.policy, finding.name),
        class: class.to_owned(),
        file: place::path(&finding.source).into_owned(),
        outcome,
    }
}

fn location(finding: &Finding) -> String {
    finding.span.map_or_else(
        || format!("{} {}", finding.source, finding.pointer),
        |span| format!("{}:{}:{}", finding.source, span.start.line, span.start.column),
    )
}

fn exempted_case(exempted: &Exempted, class: &str) -> Case {
    let reason = format!("exempted until {}: {}", exempted.expires, exempted.reason);
    named(&exempted.finding, class, Outcome::Skipped(reason))
}

fn not_evaluated(entry: &NotEvaluated) -> Case {
    let reason = entry.reason.clone();
    let place = entry.span.map(|span| format!(", line {}", span.start.line)).unwrap_or_default();
    Case {
        name: format!("document {}{place}", entry.document + 1),
        class: "not evaluated".to_owned(),
        file: place::path(&entry.source).into_owned(),
        outcome: if entry.cause.is_error() { Outcome::Error(reason) } else { Outcome::Skipped(reason) },
    }
}

fn failed_policy(failed: &FailedPolicy) -> Case {
    Case {
        name: failed.policy.clone(),
        class: "failed policy".to_owned(),
        file: failed.file.clone().unwrap_or_default(),
        outcome: Outcome::Error(failed.reason.clone()),
    }
}
