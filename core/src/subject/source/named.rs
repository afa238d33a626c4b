//! The system whose pipeline a file is by its name: where a system looks for one, what it holds needs few other signs.

use super::super::object::Object;

/// A system that finds its pipelines by the names of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Azure,
    Buildkite,
    CircleCi,
    /// Or Forgejo, which both read workflows of GitHub.
    Gitea,
    GitLab,
    Woodpecker,
}

/// The system that looks for pipelines where a document stands, of which an object is the whole.
pub(super) fn place(object: &Object<'_>) -> Option<Place> {
    if object.entry.pointer.is_empty() { file(object) } else { None }
}

/// The system that looks for pipelines where the file stands in which an object is.
pub(super) fn file(object: &Object<'_>) -> Option<Place> {
    of(object.document.source())
}

fn of(path: &str) -> Option<Place> {
    let path = path.replace('\\', "/");
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", &path));
    let (stem, extension) = name.rsplit_once('.')?;
    let is_yaml = matches!(extension, "yml" | "yaml");
    let is_in = |folder: &str| folders.split('/').any(|own| own == folder);
    let in_order = |first: &str, second: &str| {
        let own: Vec<&str> = folders.split('/').collect();
        own.windows(2).any(|two| two == [first, second])
    };
    // Buildkite's agent looks for JSON, too (`buildkite-agent pipeline upload`).
    if (is_yaml || extension == "json")
        && (is_in(".buildkite")
            || stem == "buildkite"
            || stem == "pipeline" && folders.ends_with("buildkite"))
    {
        Some(Place::Buildkite)
    } else if !is_yaml {
        None
    } else if in_order(".gitea", "workflows") || in_order(".forgejo", "workflows") {
        Some(Place::Gitea)
    } else if stem.ends_with(".gitlab-ci") || in_order(".gitlab", "ci") {
        Some(Place::GitLab)
    } else if stem == ".woodpecker" || is_in(".woodpecker") {
        Some(Place::Woodpecker)
    } else if is_in(".circleci") {
        Some(Place::CircleCi)
    } else if stem.trim_start_matches('.').starts_with("azure-pipelines") || is_in(".azure-pipelines") {
        Some(Place::Azure)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, of};

    #[test]
    fn names_tell_the_system() {
        for (path, place) in [
            (".gitlab-ci.yml", Some(Place::GitLab)),
            ("C:\\ci\\lint.gitlab-ci.yaml", Some(Place::GitLab)),
            ("a/.gitlab/ci/build/x.yml", Some(Place::GitLab)),
            (".woodpecker.yaml", Some(Place::Woodpecker)),
            ("./.woodpecker/a.yml", Some(Place::Woodpecker)),
            (".circleci/config.yml", Some(Place::CircleCi)),
            ("azure-pipelines.yml", Some(Place::Azure)),
            ("ci/azure-pipelines-release.yml", Some(Place::Azure)),
            (".azure-pipelines/x.yml", Some(Place::Azure)),
            (".gitea/workflows/a.yml", Some(Place::Gitea)),
            ("x/.forgejo/workflows/a.yaml", Some(Place::Gitea)),
            (".gitea/a.yml", None),
            (".buildkite/pipeline.yml", Some(Place::Buildkite)),
            ("a/.buildkite/steps/x.json", Some(Place::Buildkite)),
            ("buildkite.yaml", Some(Place::Buildkite)),
            ("buildkite/pipeline.yml", Some(Place::Buildkite)),
            ("buildkite/values.yml", None),
            (".buildkite/x.sh", None),
            (".azure-pipelines/x.json", None),
            ("gitlab-ci.yml", None),
            (".gitlab/x.yml", None),
            (".gitlab-ci.yml.bak", None),
            ("woodpecker/a.yml", None),
            (".circleci.yml", None),
            ("", None),
        ] {
            assert_eq!(of(path), place, "{path}");
        }
    }
}
