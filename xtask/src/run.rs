//! Running other programs: shown before they start, and named with their exit code when they fail.

use std::fmt;
use std::path::Path;
use std::process::{Child, Command, ExitCode, ExitStatus};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::paths;

/// A program that ran and said no.
#[derive(Debug)]
pub(crate) struct CommandFailed {
    command: String,
    status: ExitStatus,
}

impl fmt::Display for CommandFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` failed ({})", self.command, self.status)
    }
}

impl std::error::Error for CommandFailed {}

/// The exit code of the program that failed, or 1 where something else did.
pub(crate) fn exit_code(error: &anyhow::Error) -> ExitCode {
    let code = error
        .chain()
        .find_map(|cause| cause.downcast_ref::<CommandFailed>())
        .and_then(|failed| failed.status.code())
        .and_then(|code| u8::try_from(code).ok());
    ExitCode::from(code.filter(|&code| code != 0).unwrap_or(1))
}

/// A program with its arguments, to be started in the project's folder.
pub(crate) fn command<I, S>(program: impl AsRef<Path>, args: I) -> Command
where
    I: IntoIterator<Item = S>,
    S: AsRef<std::ffi::OsStr>,
{
    let mut command = Command::new(program.as_ref());
    command.args(args).current_dir(paths::root());
    command
}

/// Shows and runs it; its output goes to the terminal, and anything but success is an error.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let shown = show(command);
    eprintln!("$ {shown}");
    let status = command.status().with_context(|| format!("`{shown}` could not be started"))?;
    succeeded(shown, status)
}

/// Runs it and gives back what it printed; its errors go to the terminal.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let shown = show(command);
    let output = command
        .stderr(std::process::Stdio::inherit())
        .output()
        .with_context(|| format!("`{shown}` could not be started"))?;
    succeeded(shown.clone(), output.status)?;
    String::from_utf8(output.stdout).with_context(|| format!("`{shown}` printed something that is not UTF-8"))
}

/// Runs it without showing anything: whether it can be started and succeeds.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// Shows and runs it, and ends it when the time is up: whether it succeeded in time.
pub(crate) fn succeeds_within(command: &mut Command, limit: Duration) -> bool {
    eprintln!("$ {}   (for at most {} s)", show(command), limit.as_secs());
    let Ok(mut child) = command.spawn() else {
        return false;
    };
    let end = Instant::now() + limit;
    while Instant::now() < end {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) => std::thread::sleep(Duration::from_millis(50)),
            Err(_) => break,
        }
    }
    stop(&mut child);
    false
}

fn stop(child: &mut Child) {
    // Both fail only for a child that has ended already, which is what is wanted.
    let _ = child.kill();
    let _ = child.wait();
}

fn succeeded(command: String, status: ExitStatus) -> Result<()> {
    if status.success() { Ok(()) } else { Err(CommandFailed { command, status }.into()) }
}

/// The command as one would type it in the project's folder.
fn show(command: &Command) -> String {
    let root = format!("{}/", paths::root().display());
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().replace(&root, "")).collect::<Vec<_>>().join(" ")
}
