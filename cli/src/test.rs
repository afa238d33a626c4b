//! `podgate test`

use std::io::{self, Write};

use anyhow::Result;
use podgate::testing::{self, FileCoverage, TestReport};

use crate::args::{TestArgs, TestFormat};
use crate::exit::Status;
use crate::report::unless_broken_pipe;
use crate::{rego, terminal};

pub(crate) fn run(args: &TestArgs) -> Result<Status> {
    let report = if args.paths.is_empty() {
        testing::run_built_in()
    } else {
        testing::run(rego::read(&args.paths, rego::Tests::With)?)?
    };
    print(&report, args).map_err(Into::into).or_else(unless_broken_pipe)?;
    Ok(match &report {
        report if !report.errors.is_empty() => Status::Usage,
        report if report.passed() => Status::Clean,
        _ => Status::Findings,
    })
}

fn print(report: &TestReport, args: &TestArgs) -> io::Result<()> {
    let mut out = terminal::stdout();
    match args.format {
        TestFormat::Text => text(report, args.coverage, &mut out)?,
        TestFormat::Json => {
            serde_json::to_writer_pretty(&mut out, report)?;
            writeln!(out)?;
        }
    }
    out.flush()
}

fn text(report: &TestReport, coverage: bool, out: &mut dyn Write) -> io::Result<()> {
    for error in &report.errors {
        writeln!(out, "error {}:{}:{}: {}", error.file, error.line, error.column, error.reason)?;
    }
    for warning in &report.warnings {
        let at = warning.span.map(|span| format!(":{}:{}", span.start.line, span.start.column));
        let rule = warning.rule.as_ref().map(|rule| format!(" [{rule}]"));
        writeln!(
            out,
            "warning {}{}: {}{}",
            warning.file,
            at.unwrap_or_default(),
            warning.reason,
            rule.unwrap_or_default()
        )?;
    }
    for test in report.tests.iter().filter(|test| !test.passed) {
        let reason = test.failure.as_deref().unwrap_or("not true");
        writeln!(out, "FAIL {}:{}: {}.{}: {reason}", test.file, test.line, test.package, test.name)?;
        for line in &test.output {
            writeln!(out, "    {line}")?;
        }
    }
    if coverage {
        report.coverage.iter().try_for_each(|file| lines(file, out))?;
    }
    let passed = report.tests.iter().filter(|test| test.passed).count();
    write!(out, "{passed} of {} tests passed", report.tests.len())?;
    if !report.errors.is_empty() {
        write!(out, ", {} files could not be used", report.errors.len())?;
    }
    if coverage {
        let count = |lines: fn(&FileCoverage) -> usize| report.coverage.iter().map(lines).sum::<usize>();
        let (covered, missed) = (count(|file| file.covered.len()), count(|file| file.not_covered.len()));
        write!(out, ", {:.1} % of lines covered", percent(covered, missed))?;
    }
    writeln!(out)
}

fn lines(file: &FileCoverage, out: &mut dyn Write) -> io::Result<()> {
    let percent = percent(file.covered.len(), file.not_covered.len());
    write!(out, "{percent:5.1} % {}", file.file)?;
    if !file.not_covered.is_empty() {
        write!(out, ", not line {}", ranges(&file.not_covered))?;
    }
    writeln!(out)
}

#[expect(clippy::cast_precision_loss, reason = "numbers of lines")]
fn percent(covered: usize, missed: usize) -> f64 {
    if covered + missed == 0 { 100.0 } else { covered as f64 * 100.0 / (covered + missed) as f64 }
}

/// `3, 5-7` for 3, 5, 6, 7.
fn ranges(lines: &[u32]) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for line in lines {
        match ranges.last_mut() {
            Some((_, end)) if *end + 1 == *line => *end = *line,
            _ => ranges.push((*line, *line)),
        }
    }
    let text =
        |(start, end): &(u32, u32)| if start == end { start.to_string() } else { format!("{start}-{end}") };
    ranges.iter().map(text).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::ranges;

    #[test]
    fn neighbours_are_joined() {
        assert_eq!(ranges(&[3, 5, 6, 7, 9]), "3, 5-7, 9");
    }
}
