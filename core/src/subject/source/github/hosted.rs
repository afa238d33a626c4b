//! Whose machine a job of a workflow runs on.

use super::super::super::part::Part;

/// The systems of runners that GitHub hosts, as their labels begin (`ubuntu-24.04`, `macos-latest-xlarge`).
const SYSTEMS: [&str; 3] = ["ubuntu-", "windows-", "macos-"];

/// What may follow the version: of a machine's processor, size or tools. Whoever runs runners may give them any other
/// label.
const ENDINGS: [&str; 6] = ["arm", "intel", "large", "vs2022", "vs2026", "xlarge"];

/// Whether a job runs on a virtual machine of GitHub's, which ends with the job. Where an expression decides, it may
/// run anywhere.
pub(super) fn is_hosted(runs_on: &Part) -> bool {
    let labels = runs_on.get("labels").unwrap_or_else(|| runs_on.clone());
    if runs_on.get("group").is_some() || labels.is_map() {
        return false;
    }
    let names: Vec<Part> = labels.items();
    !names.is_empty() && names.iter().all(|name| name.as_str().is_some_and(is_hosted_label))
}

fn is_hosted_label(label: &str) -> bool {
    let label = label.to_ascii_lowercase();
    let version = SYSTEMS.iter().find_map(|system| label.strip_prefix(system)).unwrap_or_default();
    let (first, ending) = version.split_once('-').unwrap_or((version, ""));
    if !ending.is_empty() && !ENDINGS.contains(&ending) || version.ends_with('-') {
        return false;
    }
    let is_number = first.starts_with(|one: char| one.is_ascii_digit())
        && first.chars().all(|one| one.is_ascii_digit() || one == '.');
    first == "latest" || first == "slim" || is_number
}

#[cfg(test)]
mod tests {
    use super::is_hosted_label;

    #[test]
    fn labels_of_github_are_known_and_no_others() {
        for label in
            ["ubuntu-latest", "ubuntu-24.04-arm", "Ubuntu-Slim", "windows-2025-vs2026", "macos-15-xlarge"]
        {
            assert!(is_hosted_label(label), "{label}");
        }
        for label in
            ["ubuntu-latest-arc", "ubuntu-24.04-", "ubuntu-", "ubuntu", "self-hosted", "windows-lab", ""]
        {
            assert!(!is_hosted_label(label), "{label}");
        }
    }
}
