//! The report itself, as JSON with two spaces of indentation.

use std::io::{self, Write};

use crate::report::Report;

/// Writes `report` with a newline at its end. The same report gives the same bytes.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, report)?;
    writeln!(out)
}
