//! Calls of what may come from a library.

use std::collections::BTreeSet;

use super::super::super::super::part::Part;
use super::{Pipeline, called};
use crate::report::Cause;

/// Steps and blocks of pipelines that bring no pod of their own. What is none of them, and is not defined in the
/// file, may come from a library.
const STEPS: [&str; 92] = [
    "@Field",
    "@Library",
    "@NonCPS",
    "ansiColor",
    "archiveArtifacts",
    "bat",
    "build",
    "buildDiscarder",
    "buildingTag",
    "catch",
    "catchError",
    "checkout",
    "cleanWs",
    "configFileProvider",
    "container",
    "containerLog",
    "currentBuild",
    "def",
    "deleteDir",
    "dir",
    "do",
    "dockerNode",
    "echo",
    "else",
    "emailext",
    "env",
    "environment",
    "error",
    "fileExists",
    "finally",
    "for",
    "git",
    "if",
    "input",
    "isUnix",
    "junit",
    "library",
    "load",
    "lock",
    "mail",
    "milestone",
    "node",
    "options",
    "parallel",
    "parameters",
    "pipeline",
    "podTemplate",
    "post",
    "powershell",
    "print",
    "println",
    "properties",
    "publishHTML",
    "pwd",
    "pwsh",
    "readFile",
    "readJSON",
    "readTrusted",
    "readYaml",
    "retry",
    "return",
    "script",
    "sh",
    "sleep",
    "stage",
    "stages",
    "stash",
    "static",
    "step",
    "steps",
    "switch",
    "synchronized",
    "throttle",
    "throttleJobProperty",
    "timeout",
    "timestamps",
    "tool",
    "tools",
    "triggers",
    "try",
    "unstable",
    "unstash",
    "value",
    "waitUntil",
    "warnError",
    "when",
    "while",
    "withCredentials",
    "withEnv",
    "wrap",
    "writeFile",
    "ws",
];

impl Pipeline<'_, '_> {
    /// Calls of what this file does not define, as far as they may bring pods: a library's, mostly. Other programs
    /// than pipelines call much that is none.
    pub(super) fn unknown_calls(&mut self, root: &Part) {
        let entries = root.entries();
        let names: BTreeSet<&str> = entries.iter().map(|(key, _)| called(key).1).collect();
        let uses_library = names.contains("@Library") || names.contains("library");
        let source = &self.maker.object.entry.source;
        let file = source.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
        let steps = ["node", "pipeline", "podTemplate", "properties", "stage"];
        if !uses_library && !file.starts_with("jenkinsfile") && !steps.iter().any(|step| names.contains(step))
        {
            return;
        }
        let defined: BTreeSet<&str> =
            entries.iter().filter_map(|(key, _)| key.strip_prefix("def ")).collect();
        for (key, value) in &entries {
            let (path, name) = called(key);
            let is_step = STEPS.contains(&name);
            let is_own = path.split('.').next().is_some_and(|first| defined.contains(first));
            let is_call = !path.contains([' ', '?', '@']);
            // A method of something, without a block, brings nothing where there is no library.
            let is_small = path.contains('.') && !uses_library && !value.is_map();
            if is_call && !is_step && !is_own && !is_small {
                let reason = format!(
                    "`{path}` is not defined here: what a library runs in which pod is judged in the library alone"
                );
                let entry = self.maker.object.not_evaluated(&value.pointer, Cause::Reference, reason);
                self.maker.found.not_evaluated.push(entry);
            }
        }
    }
}
