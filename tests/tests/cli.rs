//! The program as users run it: exit codes, what goes where, and input of every bad kind.

#[path = "cli/export.rs"]
mod export;
#[path = "cli/formats.rs"]
mod formats;
#[path = "cli/import.rs"]
mod import;
#[path = "cli/inputs.rs"]
mod inputs;
#[path = "cli/other.rs"]
mod other;
#[path = "cli/settings.rs"]
mod settings;

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use tempfile::TempDir;

/// A pod in which nothing is wrong.
pub(crate) const CLEAN: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: clean, namespace: ci}
spec:
  automountServiceAccountToken: false
  securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
  containers:
    - name: build
      image: ghcr.io/example/build@sha256:0000000000000000000000000000000000000000000000000000000000000000
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: {drop: [ALL]}
";

/// A pod with one finding, CI201 (critical).
pub(crate) const PRIVILEGED: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: bad, namespace: ci}
spec:
  containers:
    - name: build
      image: alpine
      securityContext:
        privileged: true
";

/// A folder with files, in which the program runs.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().expect("a folder"));
        for (name, text) in files {
            folder.write(name, text.as_bytes());
        }
        folder
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, bytes).expect("a file");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).expect("a file")
    }

    /// Runs the program with arguments divided by spaces.
    pub(crate) fn run(&self, args: &str) -> Run {
        self.run_with(args, |command| command)
    }

    pub(crate) fn run_with(&self, args: &str, with: impl FnOnce(&mut Command) -> &mut Command) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_podgate-tested"));
        command.current_dir(self.path()).args(args.split_whitespace());
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM"] {
            command.env_remove(name);
        }
        let output = with(&mut command).output().expect("the program");
        Run {
            code: output.status.code().expect("no signal"),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }
}

/// How the program ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    /// The last line of standard output: the summary.
    pub(crate) fn summary(&self) -> &str {
        self.out.lines().last().unwrap_or_default()
    }

    /// Source and reason of everything that was not evaluated, from a report in JSON.
    pub(crate) fn not_evaluated(&self) -> Vec<(String, String)> {
        let text = |entry: &serde_json::Value, key: &str| entry[key].as_str().expect("text").to_owned();
        let entries = self.json()["notEvaluated"].as_array().expect("a list").clone();
        entries.iter().map(|entry| (text(entry, "source"), text(entry, "reason"))).collect()
    }

    /// Names of the sources of what was judged, from a report in JSON.
    pub(crate) fn judged(&self) -> Vec<String> {
        let subjects = self.json()["subjects"].as_array().expect("a list").clone();
        subjects.iter().map(|subject| subject["source"].as_str().expect("text").to_owned()).collect()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}
