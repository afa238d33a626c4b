//! Processes that go on when the task has ended: known by a file with their id, and ended by it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::run::{command, succeeds};

/// Longest until a process is ready, on a machine that does other work, too.
const READY: Duration = Duration::from_secs(180);

/// Longest that a process takes to end when it is asked to.
const END: Duration = Duration::from_secs(20);

/// Between two looks at something that is awaited.
const LOOK: Duration = Duration::from_millis(100);

/// A process of the cluster.
pub(super) struct Process {
    name: &'static str,
    folder: PathBuf,
}

impl Process {
    pub(super) fn new(folder: &Path, name: &'static str) -> Self {
        Self { name, folder: folder.to_owned() }
    }

    /// Starts it, with its output in a file.
    pub(super) fn start(&self, mut program: Command) -> Result<()> {
        let log = self.log();
        let shown = || format!("cannot create `{}`", log.display());
        let output = File::create(&log).with_context(shown)?;
        program.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        // Not of the terminal's group: what is typed there is not meant for it.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut program, 0);
        let child = program.spawn().with_context(|| format!("`{}` could not be started", self.name))?;
        fs::write(self.file(), child.id().to_string()).with_context(|| format!("`{}` has no file", self.name))
    }

    /// Waits until it is ready, or has ended.
    pub(super) fn wait(&self, mut is_ready: impl FnMut() -> bool) -> Result<()> {
        let end = Instant::now() + READY;
        while !is_ready() {
            ensure!(self.runs(), "`{}` has ended: {}", self.name, self.last_lines());
            if Instant::now() > end {
                bail!("`{}` is not ready after {} s: {}", self.name, READY.as_secs(), self.last_lines());
            }
            std::thread::sleep(LOOK);
        }
        Ok(())
    }

    /// Whether the process of the file runs, and is no other with the same number.
    pub(super) fn runs(&self) -> bool {
        let Some(id) = self.id() else { return false };
        // Not the command line: that is empty for a moment after the program was started. One that has ended has neither.
        fs::read_link(format!("/proc/{id}/exe")).is_ok_and(|program| program.ends_with(self.name))
    }

    /// Ends it and waits for that.
    pub(super) fn stop(&self) -> Result<()> {
        if let Some(id) = self.id().filter(|_| self.runs()) {
            for signal in ["-TERM", "-KILL"] {
                succeeds(&mut command("kill", [signal, &id]));
                let end = Instant::now() + END;
                while self.runs() && Instant::now() < end {
                    std::thread::sleep(LOOK);
                }
            }
            ensure!(!self.runs(), "`{}` ({id}) cannot be ended", self.name);
        }
        Ok(())
    }

    /// Says whether it runs, and where its output is.
    pub(super) fn tell(&self) {
        match self.id().filter(|_| self.runs()) {
            Some(id) => println!("{} runs as {id}, log {}", self.name, self.log().display()),
            None => println!("{} does not run", self.name),
        }
    }

    fn log(&self) -> PathBuf {
        self.folder.join(format!("{}.log", self.name))
    }

    fn file(&self) -> PathBuf {
        self.folder.join(format!("{}.pid", self.name))
    }

    fn id(&self) -> Option<String> {
        fs::read_to_string(self.file()).ok().filter(|id| id.parse::<u32>().is_ok())
    }

    fn last_lines(&self) -> String {
        let text = fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<&str> = text.lines().rev().take(5).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }
}
