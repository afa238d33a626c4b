//! Findings as the fixtures have them. The tests in WebAssembly share this file.

use podgate::Report;

/// The findings of a report, one a line and sorted:
/// `<policy> <severity> <document>#<pointer> [container]`.
pub fn lines(report: &Report) -> String {
    let mut lines: Vec<String> = report
        .findings
        .iter()
        .map(|finding| {
            let document = report.subjects.get(finding.subject).map_or(0, |subject| subject.object.document);
            let container = finding.container.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
            let severity = finding.severity.as_str();
            format!("{} {severity} {document}#{}{container}\n", finding.policy, finding.pointer)
        })
        .collect();
    lines.sort();
    lines.concat()
}
