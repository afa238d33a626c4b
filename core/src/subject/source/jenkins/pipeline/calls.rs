//! Calls of what may come from a library.

use std::collections::BTreeSet;

use super::super::super::super::part::Part;
use super::super::field;
use super::super::template::FIELDS;
use super::jobs::makes_job;
use super::{Pipeline, called};
use crate::document::{Document, Entry, Node};

/// Steps and blocks of pipelines that bring no pod of their own. What is none of them, and is not defined in the
/// file, may come from a library.
const STEPS: [&str; 94] = [
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
    "withDockerContainer",
    "withDockerServer",
    "withEnv",
    "wrap",
    "writeFile",
    "ws",
];

/// More steps, of plugins that are in most installations: inside blocks, these are called all the time.
const OF_PLUGINS: [&str; 66] = [
    "aborted",
    "always",
    "assert",
    "body",
    "booleanParam",
    "branch",
    "changed",
    "choice",
    "cleanup",
    "containerTemplate",
    "copyArtifacts",
    "credentials",
    "disableConcurrentBuilds",
    "dockerFingerprintFrom",
    "dockerFingerprintRun",
    "expression",
    "failFast",
    "failure",
    "file",
    "findFiles",
    "fixed",
    "githubNotify",
    "hostPathVolume",
    "httpRequest",
    "label",
    "logRotator",
    "matrix",
    "nodejs",
    "notBuilt",
    "office365ConnectorSend",
    "pollSCM",
    "publishChecks",
    "readCSV",
    "readManifest",
    "readMavenPom",
    "readProperties",
    "recordCoverage",
    "recordIssues",
    "regression",
    "sha1",
    "sha256",
    "slackSend",
    "sshUserPrivateKey",
    "sshagent",
    "string",
    "success",
    "tee",
    "text",
    "touch",
    "unsuccessful",
    "unzip",
    "updateGitlabCommitStatus",
    "usernameColonPassword",
    "usernamePassword",
    "waitForQualityGate",
    "withAWS",
    "withChecks",
    "withDockerRegistry",
    "withGroovy",
    "withKubeConfig",
    "withKubeCredentials",
    "withMaven",
    "withSonarQubeEnv",
    "writeJSON",
    "writeYaml",
    "zip",
];

/// Blocks in which no step is called.
const WITHOUT_STEPS: [&str; 12] = [
    "agent",
    "axes",
    "environment",
    "excludes",
    "input",
    "libraries",
    "options",
    "parameters",
    "properties",
    "tools",
    "triggers",
    "when",
];

/// What has methods that are no library's: objects of a pipeline, and classes of the language.
const OBJECTS: [&str; 24] = [
    "ArrayList",
    "Date",
    "Exception",
    "File",
    "HashMap",
    "Integer",
    "Jenkins",
    "JsonOutput",
    "JsonSlurper",
    "JsonSlurperClassic",
    "Math",
    "Random",
    "String",
    "System",
    "currentBuild",
    "docker",
    "env",
    "groovy",
    "hudson",
    "it",
    "java",
    "jenkins",
    "params",
    "scm",
];

/// What makes pods, or runs something in them: another meaning of it is not followed.
const MAKERS: [&str; 5] = ["container", "containerTemplate", "node", "podTemplate", "sh"];

/// What runs a program that is a text, or whatever has a name.
const RUNNERS: [&str; 5] = ["evaluate", "invokeMethod", "me", "parseClass", "runScript"];

const REDEFINED: &str = "(…)";

/// Names of calls that are told of one file.
const MOST_TOLD: usize = 16;

/// A call, as far as it may be one of a library's.
pub(super) struct Call {
    pub(super) path: String,
    pub(super) value: Part,
    is_top: bool,
}

/// What is called in a program, and what is defined in it.
#[derive(Default)]
struct Calls {
    all: Vec<Call>,
    defined: BTreeSet<String>,
    /// What is defined as something that is not known to run anything in this file.
    values: BTreeSet<String>,
    uses_library: bool,
}

impl Calls {
    /// Adds what is called in a block; `caller` is what the block is given to, if anything.
    // Recursion is bounded by the depth of the document.
    fn of(&mut self, block: &Part, document: &Document, caller: Option<&str>) {
        if !block.is_map() {
            if !block.is_scalar() {
                block.items().iter().for_each(|item| self.of(item, document, Some("")));
            }
            return;
        }
        let written = block.as_node().and_then(Node::as_map).into_iter().flatten();
        let named: BTreeSet<&str> =
            written.filter(|entry| is_argument(document, entry)).map(Entry::key).collect();
        for (key, value) in block.entries() {
            let (path, name) = called(&key);
            // What a template is given is listed where it is read.
            if caller == Some("podTemplate") && FIELDS.contains(&name) {
                continue;
            }
            let defined = path.strip_prefix("def ").or_else(|| path.strip_suffix(" ="));
            self.defined.extend(defined.map(str::to_owned));
            let is_code = value.is_map() && !field::is_call(&value);
            self.values.extend(defined.filter(|_| !is_code).map(str::to_owned));
            let makes = defined.filter(|name| MAKERS.contains(name) || name.ends_with("Volume"));
            if let Some(name) = makes.filter(|_| is_code) {
                let path = format!("{name}{REDEFINED}");
                self.all.push(Call { path, value: value.clone(), is_top: true });
            }
            self.uses_library |= matches!(name, "@Library" | "library" | "libraries");
            let is_number = path.bytes().all(|byte| byte.is_ascii_digit());
            if !named.contains(&*key) && !is_number && defined.is_none() {
                self.all.push(Call { path: path.to_owned(), value: value.clone(), is_top: caller.is_none() });
            }
            if !WITHOUT_STEPS.contains(&name) && !makes_job(document, name, &value) {
                self.of(&value, document, Some(name));
            }
        }
    }
}

/// Whether an entry is a named argument or one of a map, and no call: a colon stands behind its name.
pub(super) fn is_argument(document: &Document, entry: &Entry) -> bool {
    let text = document.text().get(entry.key_bytes().end..).unwrap_or_default();
    let mut behind = text;
    loop {
        // A key that is worked out stands in brackets.
        behind = behind.trim_start_matches(|one: char| one.is_whitespace() || matches!(one, ')' | '\\'));
        behind = if let Some(comment) = behind.strip_prefix("/*") {
            comment.split_once("*/").map_or("", |(_, more)| more)
        } else if let Some(comment) = behind.strip_prefix("//") {
            comment.split_once('\n').map_or("", |(_, more)| more)
        } else {
            return behind.starts_with(':') && !behind.starts_with("::");
        };
    }
}

impl Pipeline<'_, '_> {
    /// Calls of what this file does not define, as far as they may bring pods: a library's, mostly. Other programs
    /// than pipelines call much that is none.
    pub(super) fn unknown_calls(&mut self, root: &Part) {
        let mut calls = Calls::default();
        calls.of(root, self.maker.object.document, None);
        self.makers(&calls.all, root);
        let document = self.maker.object.document;
        calls.all.retain(|call| !makes_job(document, called(&call.path).1, &call.value));
        let source = &self.maker.object.entry.source;
        let file = source.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
        let steps = ["node", "pipeline", "podTemplate", "properties", "stage"];
        let top: BTreeSet<&str> =
            calls.all.iter().filter(|call| call.is_top).map(|call| called(&call.path).1).collect();
        let is_named = file.contains("jenkinsfile") || file.ends_with(".jenkins");
        let is_pipeline = is_named || steps.iter().any(|step| top.contains(step));
        if !calls.uses_library && !is_pipeline {
            return;
        }
        let mut told = BTreeSet::new();
        for call in calls.all.iter().filter(|call| calls.is_unknown(call)) {
            if told.len() < MOST_TOLD && told.insert(call.path.as_str()) {
                self.of_library(call);
            }
        }
        // Methods inside blocks are mostly those of values: one stands for all where nothing else does.
        let method = calls.all.iter().find(|call| calls.is_foreign_method(call));
        if let Some(call) = method.filter(|_| told.is_empty() && calls.uses_library) {
            self.of_library(call);
        }
    }

    fn of_library(&mut self, call: &Call) {
        let path = call.path.as_str();
        let reason = match path.strip_suffix(REDEFINED) {
            Some(name) => {
                format!("`{name}` is something else here: the pods that it makes were not judged in full")
            }
            None => format!(
                "`{path}` is not defined here: what a library runs in which pod is judged in the library alone"
            ),
        };
        self.maker.tell(&call.value.pointer, reason);
    }
}

impl Calls {
    /// Whether a call may be one of a library's.
    fn is_unknown(&self, call: &Call) -> bool {
        let path = call.path.as_str();
        let is_step = STEPS.contains(&path) || WITHOUT_STEPS.contains(&path);
        if path.ends_with(REDEFINED) || RUNNERS.contains(&called(path).1) || path.starts_with("kubernetes.") {
            return true;
        }
        if path.is_empty() || path.contains([' ', '?', '@']) || is_step || self.is_own(path) {
            return false;
        }
        let is_open = path.contains("${");
        let is_method = path.contains('.') && !is_open;
        if call.is_top {
            // A method of something, without a block, brings nothing where there is no library.
            return !is_method || self.uses_library || call.value.is_map();
        }
        // What begins with a capital is a class.
        !is_method && !path.starts_with(char::is_uppercase) && !OF_PLUGINS.contains(&path)
    }

    /// Whether a call is of a method of something, or of a class, that may be a library's.
    fn is_foreign_method(&self, call: &Call) -> bool {
        let path = call.path.as_str();
        let may_be = path.contains('.') || path.starts_with(char::is_uppercase);
        may_be && !path.starts_with('.') && !path.contains([' ', '?', '@']) && !self.is_own(path)
    }

    /// Whether what is called is defined in the file, or something that every pipeline has.
    fn is_own(&self, path: &str) -> bool {
        let first = path.split('.').next().unwrap_or_default();
        let is_value = path == first && self.values.contains(first);
        self.defined.contains(first) && !is_value || OBJECTS.contains(&first)
    }
}
