//! Whose machine a job of a workflow runs on.

use super::super::super::part::Part;
use super::matrix;

/// Labels of the runners that GitHub hosts for everybody (<https://github.com/actions/runner-images>). Those that are no
/// more belong to whoever gives them to runners of one's own, and those of larger runners have names of one's own.
const LABELS: [&str; 26] = [
    "macos-14",
    "macos-14-large",
    "macos-14-xlarge",
    "macos-15",
    "macos-15-intel",
    "macos-15-large",
    "macos-15-xlarge",
    "macos-26",
    "macos-26-intel",
    "macos-26-large",
    "macos-26-xlarge",
    "macos-latest",
    "macos-latest-large",
    "macos-latest-xlarge",
    "ubuntu-22.04",
    "ubuntu-22.04-arm",
    "ubuntu-24.04",
    "ubuntu-24.04-arm",
    "ubuntu-latest",
    "ubuntu-slim",
    "windows-11-arm",
    "windows-2022",
    "windows-2025",
    "windows-2025-vs2022",
    "windows-2025-vs2026",
    "windows-latest",
];

/// Whether a job runs on a virtual machine of GitHub's, which ends with the job. Where an expression decides, it may
/// run anywhere, but for one that the job's matrix has nothing but such machines for.
pub(super) fn is_hosted(job: &Part) -> bool {
    let Some(runs_on) = job.get("runs-on") else { return false };
    let labels = runs_on.get("labels").unwrap_or_else(|| runs_on.clone());
    if runs_on.get("group").is_some() || labels.is_map() {
        return false;
    }
    let names: Vec<Part> = labels.items();
    let is_label = |name: &Part| name.as_str().is_some_and(is_hosted_label);
    let is_every = |values: Vec<Part>| {
        !values.is_empty() && values.iter().all(|value| !value.is_map() && value.items().iter().all(is_label))
    };
    !names.is_empty() && names.iter().all(|name| is_label(name) || is_every(matrix::values(job, Some(name))))
}

fn is_hosted_label(label: &str) -> bool {
    LABELS.contains(&label.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::is_hosted_label;

    #[test]
    fn labels_of_github_are_known_and_no_others() {
        for label in [
            "ubuntu-latest",
            "ubuntu-24.04-arm",
            "Ubuntu-Slim",
            "windows-2025-vs2026",
            "macos-15-xlarge",
            "macOS-latest",
        ] {
            assert!(is_hosted_label(label), "{label}");
        }
        for label in [
            "ubuntu-latest-arc",
            "ubuntu-24.04-",
            "ubuntu-",
            "ubuntu",
            "ubuntu-18.04",
            "ubuntu-20.04",
            "ubuntu-99.04",
            "ubuntu-latest-xlarge",
            "macos-10.15",
            "macos-13",
            "windows-2019",
            "self-hosted",
            "windows-lab",
            "",
        ] {
            assert!(!is_hosted_label(label), "{label}");
        }
    }
}
