//! How the program ends.

use std::error::Error;
use std::fmt;
use std::io;
use std::process::ExitCode;

use podgate::render::text;

use crate::terminal;

/// The exit code. Where several apply the highest is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Nothing found.
    Clean = 0,
    /// Findings at or above the threshold, or tests that fail.
    Findings = 1,
    /// A mistake in the arguments, in the settings or in a policy.
    Usage = 2,
    /// Input that could not be read or evaluated.
    Input = 3,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status as u8)
    }
}

/// A message that is shown as it is, with its excerpt.
#[derive(Debug)]
pub(crate) struct Shown(pub(crate) String);

impl fmt::Display for Shown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Error for Shown {}

/// The message of an error, in the looks of standard error.
pub(crate) fn render(error: &anyhow::Error) -> String {
    if let Some(shown) = error.downcast_ref::<Shown>() {
        return shown.0.clone();
    }
    let options = terminal::options(&io::stderr());
    text::problem(&format!("{error:#}"), "", None, &|_| None, &options)
}

/// Whether the reader of our output went away, which is its right.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let mut causes = error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>());
    causes.any(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
