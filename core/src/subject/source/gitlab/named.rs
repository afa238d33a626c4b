//! Pipelines that only the name of their file tells from other maps.

use super::super::super::part::Part;

/// Whether a file has the name that GitLab looks for, and something in it runs a script, as a job does.
pub(super) fn is_pipeline(whole: &Part, path: &str) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_named = name.ends_with(".gitlab-ci.yml") || name.ends_with(".gitlab-ci.yaml");
    let runs = |job: &Part| job.get("script").is_some();
    is_named && whole.get("apiVersion").is_none() && whole.entries().iter().any(|(_, job)| runs(job))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::subject::source::testing::{read_file, spec};

    #[test]
    fn a_script_alone_is_a_job_where_the_name_of_the_file_says_so() {
        let text = "build: {script: docker run --privileged a}\n";
        for name in [".gitlab-ci.yml", "ci/lint.gitlab-ci.yaml", "C:\\ci\\.gitlab-ci.yml"] {
            let found = read_file(name, text);
            let [subject] = found.subjects.as_slice() else { panic!("{name}: {found:#?}") };
            let args = json!(["docker run --privileged a"]);
            assert_eq!(spec(subject)["containers"][0]["args"], args, "{name}");
            assert_eq!(subject.entry.platform, "gitlab");
        }
        for (name, text) in [
            ("ci.yml", text),
            (".gitlab-ci.yml", "build: {a: b}\n"),
            (".gitlab-ci.yml", "apiVersion: v1\na: {script: b}\n"),
        ] {
            let found = read_file(name, text);
            assert!(found.subjects.is_empty() && found.not_evaluated.len() == 1, "{name} {text}: {found:#?}");
        }
    }
}
