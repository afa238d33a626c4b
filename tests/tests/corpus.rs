//! Real pods of real CI systems: every file is read as what it is, judged or listed with its reason, and the dangers
//! that people found in them are found. The folder is named by `PODGATE_CI_CORPUS`, and another one with the Groovy
//! files and templates that the first only lists by `PODGATE_CI_GROOVY`; neither is a part of this repository.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use podgate::policy::Severity;
use podgate::report::Cause;
use podgate::{Context, Gate, Report};
use podgate_tests::named_by;
use serde_json::Value;

/// Labels of one danger or of several that the same policies find, those policies, and from which severity on they
/// speak of it.
struct Danger {
    labels: &'static [&'static str],
    ids: &'static [&'static str],
    from: Severity,
}

const fn danger(labels: &'static [&'static str], ids: &'static [&'static str]) -> Danger {
    Danger { labels, ids, from: Severity::Info }
}

const DANGERS: [Danger; 20] = [
    danger(&["added_capabilities"], &["CI204"]),
    danger(&["aws_creds_secret", "other_creds_secret"], &["CI606"]),
    danger(&["dind"], &["CI202"]),
    danger(&["dind_needs_privilege"], &["CI501", "CI704"]),
    danger(&["docker_socket", "containerd_socket", "other_runtime_socket"], &["CI101"]),
    danger(&["docker_tcp"], &["CI306"]),
    danger(&["host_ipc"], &["CI302"]),
    danger(&["host_network"], &["CI303"]),
    danger(
        &["host_path_other", "host_device", "indirect_host_volume", "pv_host_path"],
        &["CI103", "CI104", "CI105", "CI108", "CI109", "CI111", "CI112", "CI113"],
    ),
    danger(&["host_pid"], &["CI301"]),
    danger(&["host_port"], &["CI304"]),
    danger(&["node_iam_grant"], &["CI609"]),
    danger(&["pod_iam_role"], &["CI603", "CI604"]),
    danger(&["privileged"], &["CI201"]),
    danger(&["proc_mount_unmasked"], &["CI206"]),
    danger(&["pv_host_path", "indirect_host_volume"], &["CI108"]),
    danger(&["runtime_socket_parent"], &["CI102"]),
    // Without a profile is not yet unconfined.
    Danger { labels: &["unconfined_profile"], ids: &["CI208", "CI209"], from: Severity::Medium },
    danger(&["unsafe_sysctl"], &["CI211"]),
    danger(&["windows_host_process"], &["CI207"]),
];

/// A difference from the labels that is right: the dangers, a text of the file that has it, and why.
struct Known {
    dangers: &'static [&'static str],
    mark: &'static str,
    why: &'static str,
}

const fn right(dangers: &'static [&'static str], mark: &'static str, why: &'static str) -> Known {
    Known { dangers, mark, why }
}

/// What is not found: it is not in a pod of the file, or it is nothing.
const MISSED: [Known; 6] = [
    right(
        &["dind", "host_network", "privileged"],
        "suite: Configuration as Code",
        "what the test of a chart gives it; nothing of it is installed",
    ),
    right(
        &["privileged"],
        "podSecurityPolicy:\n    create: false",
        "a pod security policy of a chart, which is switched off, would allow it",
    ),
    right(
        &["other_creds_secret"],
        "name: GOOGLE_APPLICATION_CREDENTIALS\n        value: \"\"",
        "the variable is empty",
    ),
    right(
        &["pod_iam_role"],
        "iam.amazonaws.com/allowed-roles: |\n      [\"role-arn\"]",
        "a namespace that allows one role by its name",
    ),
    right(
        &["dind", "privileged"],
        "seLinuxOptions:\n          level",
        "the controller takes the privilege back where SELinux is set",
    ),
    right(
        &["dind_needs_privilege"],
        "# secretResolution configures how secrets are",
        "the values hold a daemon that no mode switches on",
    ),
];

/// What is found beyond the labels.
const BEYOND: [Known; 2] = [
    right(
        &["dind"],
        "image: quay.io/podman/stable:latest",
        "Podman is taken for a daemon wherever it is privileged",
    ),
    right(
        &["host_path_other"],
        "/opt/woodpeckerci/dind-certs:/dind-certs",
        "a directory of the host, where Woodpecker runs by Docker",
    ),
];

/// Differences that were met, by danger and text, with why each is right.
type Met = BTreeMap<(&'static str, &'static str), &'static str>;

/// Whether a difference of a file is one of these, which then is met.
fn is_right(known: &'static [Known], danger: &Danger, text: &str, met: &mut Met) -> bool {
    for own in known.iter().filter(|own| text.contains(own.mark)) {
        if let Some(label) = own.dangers.iter().find(|label| danger.labels.contains(label)) {
            met.insert((label, own.mark), own.why);
            return true;
        }
    }
    false
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

fn reports(corpus: &Path) -> BTreeMap<String, (String, Report)> {
    let mut all = reports_in(corpus);
    assert!(all.len() > 600, "{} files", all.len());
    if let Some(groovy) = named_by("PODGATE_CI_GROOVY") {
        all.extend(reports_in(&groovy));
    }
    all
}

fn reports_in(folder: &Path) -> BTreeMap<String, (String, Report)> {
    let gate = Gate::new().unwrap();
    let mut paths = Vec::new();
    files(&folder.join("files"), &mut paths);
    let judged = paths.into_iter().map(|path| {
        let name = path.strip_prefix(folder).unwrap().display().to_string();
        let bytes = fs::read(path).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let mut context = Context::default();
        context.inventory.add_text(&name, &text);
        let report = gate.check_bytes(&name, &bytes, &context);
        (name, (text, report))
    });
    judged.collect()
}

#[test]
fn every_file_is_judged_or_listed_with_a_reason() {
    let Some(corpus) = named_by("PODGATE_CI_CORPUS") else { return };
    for (name, (text, report)) in reports(&corpus) {
        assert_eq!(report.failed_policies, [], "{name}");
        assert!(report.not_evaluated.iter().all(|entry| !entry.reason.is_empty()), "{name}");
        let said = report.subjects.len() + report.not_evaluated.len() + report.without_pod.len();
        let has_content =
            text.lines().any(|line| !line.trim().is_empty() && !line.starts_with(['#', '-', '.']));
        assert!(said > 0 || !has_content, "nothing is said of {name}");
    }
}

/// What the lists of files call each system, with its name in reports.
const SYSTEMS: [(&str, &str); 11] = [
    ("argo-workflows", "argo"),
    ("buildkite", "buildkite"),
    ("circleci-public", "circleci"),
    ("github-runner", "github-actions"),
    ("github-workflow", "github-actions"),
    ("gitlab-ci", "gitlab"),
    ("gitlab-runner", "gitlab"),
    ("jenkins", "jenkins"),
    ("prow", "prow"),
    ("tekton", "tekton"),
    ("woodpecker", "woodpecker"),
];

/// Files of a system that are taken for nothing, by their names, and why.
const TAKEN_FOR_NOTHING: [(&str, &str); 4] = [
    (
        "/charts/actions-runner-controller/values.yaml",
        "values of the controller, which has no runner in them",
    ),
    ("/charts/gha-runner-scale-set-experimental/tests/", "tests of a chart"),
    ("/charts/jenkins/unittests/", "tests of a chart"),
    ("/90-advanced-usage.md.line0148.yaml", "services without the steps that a pipeline must have"),
];

/// Files that the list gives to another system than theirs, by their names, with the system's name in reports.
const OF_ANOTHER: [(&str, &str); 1] = [("/azure-pipelines.yaml", "azure-pipelines")];

/// As what a file of a system is read: as its own, or as what it is as well. A label tells what a file is about: an
/// object of Kubernetes is one whatever it runs, and what cannot be read is told as that. Or what it is taken for.
fn reading(report: &Report, platform: &str) -> Result<&'static str, String> {
    if report.subjects.iter().any(|one| one.platform == platform) {
        return Ok("with pods");
    }
    if let Some(other) = report.subjects.iter().find(|one| one.object.api_version.is_empty()) {
        return Err(format!("{} of {:?}", other.object.kind, other.platform));
    }
    if !report.subjects.is_empty() {
        return Ok("objects of Kubernetes");
    }
    let is_nothing = |cause: &Cause| matches!(cause, Cause::NotKubernetes | Cause::UnknownKind);
    if let Some(nothing) = report.not_evaluated.iter().find(|one| is_nothing(&one.cause)) {
        return Err(nothing.reason.clone());
    }
    Ok(if report.not_evaluated.iter().any(|one| one.cause.is_error()) {
        "told as unreadable"
    } else if report.not_evaluated.is_empty() {
        "without pods"
    } else {
        "references alone"
    })
}

#[test]
fn every_file_of_a_system_is_read_as_its_own() {
    let Some(corpus) = named_by("PODGATE_CI_CORPUS") else { return };
    let lists =
        ["MANIFEST.csv", "not-included.csv"].map(|list| fs::read_to_string(corpus.join(list)).unwrap());
    let reports = reports(&corpus);
    let (mut seen, mut wrong) = (BTreeMap::<(&str, &str), usize>::new(), Vec::new());
    for line in lists.iter().flat_map(|list| list.lines().skip(1)) {
        let cells: Vec<&str> = line.split(',').collect();
        let system = cells.len().checked_sub(3).map(|at| cells[at]);
        let Some((system, platform)) = SYSTEMS.iter().find(|(name, _)| system == Some(*name)) else {
            continue;
        };
        let Some((_, report)) = reports.get(cells[0]) else { continue };
        let other = OF_ANOTHER.iter().find(|(name, _)| cells[0].ends_with(name));
        let how = match reading(report, other.map_or(platform, |(_, other)| other)) {
            Ok(how) => how,
            Err(_) if TAKEN_FOR_NOTHING.iter().any(|(name, _)| cells[0].contains(name)) => {
                "taken for nothing"
            }
            Err(what) => {
                wrong.push(format!("{} of {system}: {what}", cells[0]));
                continue;
            }
        };
        *seen.entry((system, how)).or_default() += 1;
    }
    println!("{seen:#?}");
    assert!(wrong.is_empty(), "{} files\n{}", wrong.len(), wrong.join("\n"));
    assert!(seen.values().sum::<usize>() > 300, "{seen:?}");
}

/// Kinds that are read as what they are, with the name of the system.
const PLATFORMS: [(&str, &str); 14] = [
    ("kind: ClusterTask", "tekton"),
    ("kind: ClusterWorkflowTemplate", "argo"),
    ("kind: CronWorkflow", "argo"),
    ("kind: EventSource", "argo"),
    ("kind: Pipeline", "tekton"),
    ("kind: PipelineRun", "tekton"),
    ("kind: Sensor", "argo"),
    ("kind: StepAction", "tekton"),
    ("kind: Task", "tekton"),
    ("kind: TaskRun", "tekton"),
    ("kind: TriggerTemplate", "tekton"),
    ("kind: Workflow", "argo"),
    ("kind: WorkflowEventBinding", "argo"),
    ("kind: WorkflowTemplate", "argo"),
];

#[test]
fn files_of_a_system_are_read_as_its_own() {
    let Some(corpus) = named_by("PODGATE_CI_CORPUS") else { return };
    let (mut seen, mut wrong) = (BTreeMap::<&str, usize>::new(), Vec::new());
    for (name, (text, report)) in reports(&corpus) {
        let lines: BTreeSet<&str> = text.lines().collect();
        for (line, platform) in PLATFORMS.iter().filter(|(line, _)| lines.contains(line)) {
            let group = if *platform == "argo" { "argoproj.io/" } else { "tekton.dev/" };
            let kind = line.trim_start_matches("kind: ");
            let is_own = |kinds: &str, version: &str| kinds == kind && version.contains(group);
            let read_by_shape = report
                .subjects
                .iter()
                .any(|one| is_own(&one.object.kind, &one.object.api_version) && one.platform != *platform);
            let is_unknown = report.not_evaluated.iter().any(|one| {
                one.cause == Cause::UnknownKind && one.reason.contains(&format!("`{kind}` of `{group}"))
            });
            if read_by_shape || is_unknown {
                wrong.push(format!("{kind} of {name} is not read as {platform}"));
            }
            *seen.entry(platform).or_default() += usize::from(text.contains(group));
        }
    }
    println!("{seen:?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen.values().all(|files| *files > 20), "{seen:?}");
}

#[test]
fn labelled_dangers_are_found_and_nothing_else() {
    let Some(corpus) = named_by("PODGATE_CI_CORPUS") else { return };
    let reports = reports(&corpus);
    let labels = fs::read_to_string(corpus.join("expected.jsonl")).unwrap();
    let known: BTreeSet<String> =
        Gate::new().unwrap().policies().iter().map(|policy| policy.id.clone()).collect();
    let (mut wrong, mut files) = (Vec::new(), 0);
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut met = Met::new();
    for label in labels.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
        if label["scored"] != true {
            continue;
        }
        let name = label["file"].as_str().unwrap();
        // Some labels are of files that the folder only lists, and that may not be there.
        let Some((text, report)) = reports.get(name) else { continue };
        files += 1;
        let labelled: BTreeSet<&str> =
            label["dangers"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        for danger in DANGERS.iter().filter(|danger| danger.ids.iter().any(|id| known.contains(*id))) {
            let own = || {
                let of_ids = report.findings.iter().filter(|one| danger.ids.contains(&one.policy.as_str()));
                of_ids.filter(|one| one.severity >= danger.from)
            };
            let what = danger.labels.join(" or ");
            let counted = counts.entry(danger.labels[0]).or_default();
            match (danger.labels.iter().any(|label| labelled.contains(label)), own().count() > 0) {
                (true, true) => counted.0 += 1,
                (true, false) if is_right(&MISSED, danger, text, &mut met) => counted.1 += 1,
                (true, false) => wrong.push(format!("missed {what} in {name}")),
                (false, true) if is_right(&BEYOND, danger, text, &mut met) => {}
                (false, true) if own().any(|one| one.severity > Severity::Low) => {
                    let first =
                        own().map(|one| format!("{} {} {}", one.policy, one.pointer, one.message)).next();
                    wrong.push(format!("false alarm {what} in {name}: {}", first.unwrap_or_default()));
                }
                (false, _) => {}
            }
        }
    }
    println!("{files} files; danger: found, missed for a known reason\n{counts:#?}");
    assert!(wrong.is_empty(), "{} differences\n{}", wrong.len(), wrong.join("\n"));
    println!("differences that are right: {met:#?}");
    // Some are of files that the folder only lists.
    if std::env::var_os("PODGATE_CI_GROOVY").is_some() {
        let all =
            MISSED.iter().chain(&BEYOND).flat_map(|own| own.dangers.iter().map(|label| (*label, own.mark)));
        let gone: Vec<_> = all.filter(|own| !met.contains_key(own)).collect();
        assert!(gone.is_empty(), "no longer a difference: {gone:?}");
    }
}

/// The ids that are found in each file, one JSON object a line, for the corpus' own scoring: `PODGATE_CI_RESULTS`
/// names the file to write.
#[test]
fn results_are_written_for_scoring() {
    let (Some(corpus), Some(file)) = (named_by("PODGATE_CI_CORPUS"), std::env::var_os("PODGATE_CI_RESULTS"))
    else {
        return;
    };
    let line = |(name, (_, report)): (&String, &(String, Report))| {
        let ids: BTreeSet<&str> = report.findings.iter().map(|finding| finding.policy.as_str()).collect();
        let unread = report.not_evaluated.iter().any(|entry| entry.cause.is_error());
        format!("{}\n", serde_json::json!({"file": name, "ids": ids, "not_evaluated": unread}))
    };
    let lines: String = reports(&corpus).iter().map(line).collect();
    fs::write(file, lines).unwrap();
}

/// What is grave in ordinary applications, listed, so that it can be judged whether it is true.
#[test]
fn grave_findings_of_applications_are_listed() {
    let Some(corpus) = named_by("PODGATE_CI_CORPUS") else { return };
    let manifest = fs::read_to_string(corpus.join("MANIFEST.csv")).unwrap();
    let of_application = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let role = cells.len().checked_sub(4).map(|at| cells[at]);
        (role == Some("app")).then(|| cells[0].to_owned())
    };
    let applications: BTreeSet<String> = manifest.lines().filter_map(of_application).collect();
    let (mut files, mut pods, mut grave) = (0, 0, BTreeMap::<String, usize>::new());
    for (name, (_, report)) in reports(&corpus).iter().filter(|(name, _)| applications.contains(*name)) {
        (files, pods) = (files + 1, pods + report.subjects.len());
        for finding in report.findings.iter().filter(|finding| finding.severity >= Severity::High) {
            println!(
                "{} {} {name}{} {}",
                finding.severity.as_str(),
                finding.policy,
                finding.pointer,
                finding.message
            );
            *grave.entry(finding.policy.to_string()).or_default() += 1;
        }
    }
    println!("{files} files, {pods} pods of applications; high and critical: {grave:?}");
    assert!(files > 50, "{files} files");
}
