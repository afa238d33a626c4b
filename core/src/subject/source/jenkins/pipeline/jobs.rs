//! Programs that make jobs (Job DSL), and those that set up agents by the classes of plugins. What they make is told,
//! and not read.

use std::collections::BTreeSet;

use super::super::super::super::part::Part;
use super::calls::{Call, is_argument};
use super::{Pipeline, called};
use crate::document::{Document, Entry, Node};

/// What makes a job, or a folder of such (<https://jenkinsci.github.io/job-dsl-plugin/>).
const JOBS: [&str; 12] = [
    "buildFlowJob",
    "freeStyleJob",
    "ivyJob",
    "job",
    "matrixJob",
    "mavenJob",
    "multiJob",
    "multibranchPipelineJob",
    "multibranchWorkflowJob",
    "organizationFolder",
    "pipelineJob",
    "workflowJob",
];

/// The packages of plugins whose templates a program may put together.
const PACKAGES: [&str; 2] = ["com.nirima.jenkins.plugins.docker", "org.csanchez.jenkins.plugins.kubernetes"];

/// Whether a call makes a job: a block says what it is.
pub(super) fn makes_job(document: &Document, name: &str, value: &Part) -> bool {
    let is_block = |entry: &Entry| {
        !is_argument(document, entry) && !entry.key().bytes().all(|byte| byte.is_ascii_digit())
    };
    JOBS.contains(&name) && value.as_node().and_then(Node::as_map).into_iter().flatten().any(is_block)
}

impl Pipeline<'_, '_> {
    /// Tells what makes jobs, once of a kind, and what sets up agents.
    pub(super) fn makers(&mut self, calls: &[Call], root: &Part) {
        let document = self.maker.object.document;
        let mut told = BTreeSet::new();
        for call in calls {
            let name = called(&call.path).1;
            if !told.contains(name) && makes_job(document, name, &call.value) {
                told.insert(name);
                let reason = format!(
                    "`{name}` makes jobs when it runs: give their pipelines as files to have them judged"
                );
                self.tell(&call.value, reason);
            }
        }
        let text = match root.as_node() {
            Some(node) if !root.pointer.is_empty() => document.text().get(node.bytes()).unwrap_or_default(),
            _ => document.text(),
        };
        if let Some(package) = PACKAGES.iter().find(|package| text.contains(*package)) {
            let reason =
                format!("it uses `{package}`: agents that a program sets up by its classes are not judged");
            self.tell(root, reason);
        }
    }

    fn tell(&mut self, at: &Part, reason: String) {
        self.maker.tell(&at.pointer, reason);
    }
}
