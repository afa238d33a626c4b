//! Which inputs are judged, and what happens with those that cannot be.

use std::fs;

use podgate_tests::fixtures;

use super::{CLEAN, Folder, PRIVILEGED};

#[test]
fn a_clean_pod_is_one_line() {
    let run = Folder::new(&[("a.yaml", CLEAN)]).run("check a.yaml");
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert_eq!(run.out, "clean: 1 pod judged by profile ci: nothing found\n");
}

#[test]
fn a_finding_shows_its_place() {
    let run = Folder::new(&[("k8s/a.yaml", PRIVILEGED)]).run("check k8s");
    assert_eq!((run.code, run.err.as_str()), (1, ""));
    insta::assert_snapshot!(run.out);
}

#[test]
fn the_threshold_decides_the_code() {
    let folder = Folder::new(&[("a.yaml", PRIVILEGED)]);
    for (fail_on, code) in [("critical", 1), ("info", 1), ("never", 0)] {
        assert_eq!(folder.run(&format!("check a.yaml --fail-on {fail_on}")).code, code, "{fail_on}");
    }
}

#[test]
fn standard_input_is_read_where_it_is_named_and_only_there() {
    let folder = Folder::new(&[]);
    let run = folder.run_with("check - --format json", |command| command.write_stdin(PRIVILEGED));
    assert_eq!((run.code, run.judged()), (1, vec!["-".to_owned()]));
    let run = folder.run_with("check -", |command| command.write_stdin(PRIVILEGED));
    assert!(run.out.contains(" --> standard input:9:"), "{}", run.out);
    let run = folder.run_with("check", |command| command.write_stdin(PRIVILEGED));
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("<PATH>"), "{}", run.err);
}

#[test]
fn folders_give_their_manifests_in_order() {
    let folder = Folder::new(&[
        ("k8s/b.yaml", CLEAN),
        ("k8s/a/z.YML", CLEAN),
        (
            "k8s/a.json",
            "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"j\"},\"spec\":{\"containers\":[]}}",
        ),
        ("k8s/.hidden/c.yaml", CLEAN),
        ("k8s/.git/d.yaml", CLEAN),
        ("k8s/readme.md", "x"),
        ("k8s/empty.yaml", ""),
        ("pod.txt", CLEAN),
    ]);
    let expected = ["pod.txt", "k8s/.hidden/c.yaml", "k8s/a/z.YML", "k8s/a.json", "k8s/b.yaml"];
    for threads in ["1", "7"] {
        let run = folder.run_with("check pod.txt k8s k8s/b.yaml --format json", |command| {
            command.env("RAYON_NUM_THREADS", threads)
        });
        assert_eq!((run.judged(), run.code), (expected.map(str::to_owned).to_vec(), 0));
    }
    // What is named, or all that there is, is not passed over.
    assert_eq!(folder.run("check k8s/empty.yaml").code, 3);
    let folder = Folder::new(&[("k8s/empty.yaml", "")]);
    assert_eq!(folder.run("check k8s").code, 3);
}

#[test]
fn ignore_files_count_unless_told_otherwise() {
    let folder = Folder::new(&[
        (".gitignore", "git.yaml\n"),
        ("k8s/.ignore", "ignore.yaml\n"),
        ("k8s/.podgateignore", "sub/\n"),
        ("k8s/git.yaml", CLEAN),
        ("k8s/ignore.yaml", CLEAN),
        ("k8s/sub/a.yaml", CLEAN),
        ("k8s/a.yaml", CLEAN),
    ]);
    assert_eq!(folder.run("check k8s --format json").judged(), ["k8s/a.yaml"]);
    assert_eq!(folder.run("check k8s --format json --no-ignore").judged().len(), 4);
    assert_eq!(folder.run("check k8s/git.yaml --format json").judged(), ["k8s/git.yaml"]);
}

#[test]
fn globs_work_without_a_shell() {
    let folder = Folder::new(&[("k8s/a.yaml", CLEAN), ("k8s/x/b.yaml", CLEAN), ("k8s/x/c.txt", CLEAN)]);
    assert_eq!(folder.run("check k8s/*.yaml --format json").judged(), ["k8s/a.yaml"]);
    assert_eq!(folder.run("check ./k8s/**/[bc].* --format json").judged(), ["k8s/x/b.yaml", "k8s/x/c.txt"]);
    let run = folder.run("check k8s/*.toml");
    assert_eq!(run.code, 3);
    assert!(run.out.contains("not evaluated: no file matches\n--> k8s/*.toml\n"), "{}", run.out);
}

#[test]
fn what_cannot_be_read_hides_nothing_else() {
    let folder = Folder::new(&[("bad.yaml", PRIVILEGED), ("empty.yaml", ""), ("text.yaml", "a: [\n")]);
    folder.write("latin1.yaml", b"kind: Pod\nmetadata: {name: caf\xe9}\n");
    folder.write("big.yaml", &vec![b'#'; (1 << 20) + 1]);
    fs::create_dir(folder.path().join("nothing")).expect("a folder");
    let paths = "bad.yaml missing.yaml empty.yaml text.yaml latin1.yaml big.yaml nothing";
    let run = folder.run(&format!("check {paths} --max-size 1 --format json"));
    assert_eq!((run.code, run.judged()), (3, vec!["bad.yaml".to_owned()]));
    assert_eq!(run.json()["summary"]["findings"]["critical"], 1);
    let entries = run.not_evaluated();
    let sources: Vec<_> = entries.iter().map(|(source, _)| source.as_str()).collect();
    assert_eq!(sources, ["missing.yaml", "empty.yaml", "text.yaml", "latin1.yaml", "big.yaml", "nothing"]);
    assert_eq!(entries[0].1, "no such file or folder");
    assert_eq!(entries[4].1, "larger than 1 MiB; --max-size allows more");
    assert_eq!(
        entries[5].1,
        "nothing in it to judge (*.yaml, *.yml, *.json, Jenkinsfile, *.groovy, config.toml, config.xml)"
    );
}

#[test]
fn strict_counts_what_is_no_kubernetes_object() {
    let folder = Folder::new(&[("a.yaml", CLEAN), ("values.yaml", "replicas: 3\n")]);
    assert_eq!(folder.run("check .").code, 0);
    let run = folder.run("check . --strict");
    assert_eq!(run.code, 3);
    assert!(run.out.contains("  values.yaml\n"), "{}", run.out);
}

#[test]
fn volumes_of_one_file_are_known_in_another() {
    let volume =
        "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: disk}\nspec: {hostPath: {path: /}}\n";
    let run = Folder::new(&[("a.yaml", CLEAN), ("z/pv.yaml", volume)]).run("check . --format json");
    assert!(run.judged().contains(&"z/pv.yaml".to_owned()), "{run:?}");
}

#[cfg(unix)]
#[test]
fn a_loop_of_links_is_told_and_left() {
    let folder = Folder::new(&[("k8s/a.yaml", CLEAN)]);
    std::os::unix::fs::symlink(".", folder.path().join("k8s/up")).expect("a link");
    std::os::unix::fs::symlink("a.yaml", folder.path().join("k8s/link.yaml")).expect("a link");
    let run = folder.run("check k8s --format json");
    assert_eq!(run.judged(), ["k8s/a.yaml", "k8s/link.yaml"]);
    let entries = run.not_evaluated();
    assert_eq!((run.code, entries.len()), (3, 1), "{entries:?}");
    assert!(entries[0].1.starts_with("a symbolic link back to `"), "{entries:?}");
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new(&[("k8s/a.yaml", CLEAN), ("k8s/no/b.yaml", CLEAN), ("k8s/no.yaml", CLEAN)]);
    let forbid = |name: &str| {
        fs::set_permissions(folder.path().join(name), fs::Permissions::from_mode(0o000))
            .expect("permissions");
    };
    forbid("k8s/no");
    forbid("k8s/no.yaml");
    if fs::read(folder.path().join("k8s/no.yaml")).is_ok() {
        eprintln!("skipped: this user may read everything");
        return;
    }
    let run = folder.run("check k8s --format json");
    fs::set_permissions(folder.path().join("k8s/no"), fs::Permissions::from_mode(0o700))
        .expect("permissions");
    assert_eq!((run.code, run.judged()), (3, vec!["k8s/a.yaml".to_owned()]));
    let mut entries = run.not_evaluated();
    entries.sort();
    let reason = "no permission to read it".to_owned();
    assert_eq!(entries, [("k8s/no".to_owned(), reason.clone()), ("k8s/no.yaml".to_owned(), reason)]);
}

/// A program of the folder that prints what it was told and one manifest.
#[cfg(unix)]
fn program(folder: &Folder, name: &str, script: &str) {
    use std::os::unix::fs::PermissionsExt;
    folder.write(&format!("bin/{name}"), format!("#!/bin/sh\n{script}\n").as_bytes());
    let path = folder.path().join("bin").join(name);
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

#[cfg(unix)]
#[test]
fn charts_and_kustomizations_are_judged_as_their_programs_print_them() {
    let folder = Folder::new(&[("a.yaml", CLEAN), ("pod.yaml", PRIVILEGED)]);
    let run = |args: &str| folder.run_with(args, |command| command.env("PATH", folder.path().join("bin")));
    let none = run("check --helm chart --kustomize k8s --format json");
    let wanted = [
        ("helm template chart", "`helm` is not there: it is not in the PATH"),
        ("kustomize build k8s", "neither `kustomize` nor `kubectl` is in the PATH"),
    ];
    let wanted: Vec<(String, String)> =
        wanted.iter().map(|(name, reason)| ((*name).to_owned(), (*reason).to_owned())).collect();
    assert_eq!((none.code, none.not_evaluated()), (3, wanted));
    program(&folder, "helm", "echo \"# $@\"; /bin/cat pod.yaml");
    program(&folder, "kubectl", "echo \"# $@\"; /bin/cat pod.yaml");
    let judged = run("check a.yaml --helm chart --values v.yaml --kustomize k8s --format json");
    assert_eq!(judged.judged(), ["a.yaml", "helm template chart", "kustomize build k8s"]);
    assert_eq!(judged.code, 1);
    // The excerpt is of what was printed.
    let text = run("check --helm chart --values v.yaml");
    assert!(text.out.contains(" --> helm template chart:10:"), "{}", text.out);
    // The lines of what was printed are in no file.
    let sarif = run("check --helm chart --values v.yaml --format sarif");
    let sarif: serde_json::Value = serde_json::from_str(&sarif.out).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let place = serde_json::json!({"artifactLocation": {"uri": "chart"}});
    let wrong: Vec<_> =
        results.iter().filter(|one| one["locations"][0]["physicalLocation"] != place).collect();
    assert!(!results.is_empty() && wrong.is_empty(), "{wrong:#?}");
    // Templates are judged as they are filled in, but for one that is named itself.
    folder.write("chart/templates/open.yaml", b"kind: Pod\nmetadata: {name: {{ .Name }}}\n");
    folder.write("chart/charts/inner/templates/open.yaml", b"kind: {{ .Name }}\n");
    folder.write("chart/values.yaml", b"a: b\n");
    let folders = run("check chart --helm chart --values v.yaml --format json");
    assert_eq!(folders.judged(), ["helm template chart"]);
    let left: Vec<String> = folders.not_evaluated().into_iter().map(|(name, _)| name).collect();
    assert_eq!((folders.code, left), (1, vec!["chart/values.yaml".to_owned()]));
    folder.write("chart/ci/templates/pod.yaml", PRIVILEGED.as_bytes());
    let judged = run("check chart --helm chart --values v.yaml --format json").judged();
    assert_eq!(judged, ["chart/ci/templates/pod.yaml", "helm template chart"]);
    let named = run("check chart chart/templates/open.yaml --helm chart --format json");
    assert!(named.not_evaluated().iter().any(|(name, _)| name == "chart/templates/open.yaml"));
    program(&folder, "helm", "echo \"Error: no chart\" >&2; exit 1");
    let left = run("check chart --helm chart --format json").not_evaluated();
    assert!(left.iter().any(|(name, _)| name == "chart/templates/open.yaml"), "{left:?}");
    let failed = run("check --helm chart --format json");
    assert_eq!(failed.code, 3);
    assert_eq!(
        failed.not_evaluated(),
        [("helm template chart".to_owned(), "`helm` ended with exit status: 1: Error: no chart".to_owned())]
    );
    assert_eq!(run("check a.yaml --values v.yaml").code, 2);
}

#[test]
fn settings_of_runners_are_read_in_folders_and_as_told() {
    let toml = "[[runners]]\n  executor = \"kubernetes\"\n  [runners.kubernetes]\n    privileged = true\n";
    let folder =
        Folder::new(&[("ci/config.toml", toml), ("ci/Cargo.toml", "[package]\n"), ("runner.txt", toml)]);
    assert_eq!(folder.run("check ci --format json").judged(), ["ci/config.toml"]);
    assert_eq!(folder.run("check runner.txt --format json").judged(), ["runner.txt"]);
    let run = folder.run("check runner.txt --as yaml --format json");
    assert_eq!((run.code, run.judged()), (3, Vec::new()));
    folder.write("broken.txt", b"[[runners]]\n  privileged = yes\n");
    let run = folder.run("check broken.txt --format json");
    assert_eq!(run.code, 3);
    assert!(run.not_evaluated()[0].1.starts_with("not valid TOML: "), "{run:?}");
}

#[test]
fn a_repository_is_read_for_the_files_of_every_system() {
    let folder = Folder::new(&[("README.md", "# Shop\n"), ("src/settings.toml", "[shop]\n")]);
    let files = [
        (".drone.yml", "P43-drone.yaml", "DronePipeline"),
        (".github/workflows/build.yaml", "P41-github-workflow.yaml", "GitHubJob"),
        (".gitlab-ci.yml", "P39-gitlab-ci.yaml", "GitLabJob"),
        ("Jenkinsfile", "P36-jenkinsfile.groovy", "Jenkinsfile"),
        ("argo/image.yaml", "P31-argo-workflow.yaml", "Workflow"),
        ("charts/arc/values.yaml", "P40-runner-set-values.yaml", "RunnerScaleSetValues"),
        ("jenkins/casc.yaml", "P42-jenkins-configuration.yaml", "JenkinsTemplate"),
        ("runner/config.toml", "P37-gitlab-config.toml", "GitLabRunner"),
        ("tekton/image.yaml", "P30-tekton-task.yaml", "Task"),
    ];
    for (name, fixture, _) in files {
        folder.write(name, &fs::read(fixtures().join("peers").join(fixture)).unwrap());
    }
    let run = folder.run("check . --format json");
    let found: Vec<(String, String)> = run.json()["subjects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["source"].as_str().unwrap().to_owned(), one["kind"].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(found, files.map(|(name, _, kind)| (name.to_owned(), kind.to_owned())));
    assert_eq!((run.code, run.not_evaluated()), (1, Vec::new()));
}

#[test]
fn jenkinsfiles_are_read_in_folders_and_as_told() {
    let pod = "podTemplate(yaml: 'spec: {hostPID: true}') { node(POD_LABEL) { sh 'make' } }\n";
    let library = "@Library('x') _\nbuildPlugin()\n";
    let folder = Folder::new(&[
        ("ci/Jenkinsfile", pod),
        (
            "ci/vars/build.groovy",
            "def call() {\n  pipeline { agent { kubernetes { yaml 'spec: {hostIPC: true}' } } }\n}\n",
        ),
        ("ci/src/Tool.groovy", "class Tool { def run() { [1, 2].each { println it } } }\n"),
        ("ci/Jenkinsfile.md", "# Jenkinsfile\n"),
        ("more/Jenkinsfile2", pod),
        ("more/pr_Jenkinsfile", pod),
        ("more/nightly.jenkins", pod),
        ("more/Dockerfile.jenkins", "FROM scratch\n"),
        ("release", pod),
        ("odd.txt", "timeout(1) { podTemplate(hostNetwork: true) { node(POD_LABEL) {} } }\n"),
        ("library/Jenkinsfile", library),
        ("broken/Jenkinsfile", "pipeline {\n  agent { kubernetes { yaml \'\'\'\n    spec: {hostPID: true}\n"),
    ]);
    let run = folder.run("check ci --format json");
    assert_eq!(run.judged(), ["ci/Jenkinsfile", "ci/vars/build.groovy"]);
    let tool = ("ci/src/Tool.groovy".to_owned(), "Groovy in which nothing asks for a pod".to_owned());
    assert_eq!((run.code, run.not_evaluated()), (1, vec![tool]));
    let more = ["more/Jenkinsfile2", "more/nightly.jenkins", "more/pr_Jenkinsfile"];
    assert_eq!(folder.run("check more --format json").judged(), more);
    assert_eq!(folder.run("check release --format json").judged(), ["release"]);
    assert_eq!(folder.run("check odd.txt --format json").judged(), Vec::<String>::new());
    assert_eq!(folder.run("check odd.txt --as jenkinsfile --format json").judged(), ["odd.txt"]);
    let run = folder.run("check release --as yaml --format json");
    assert_eq!((run.code, run.judged()), (3, Vec::new()));
    // What only a library does is told, and is not clean.
    let run = folder.run("check library");
    assert_eq!(run.code, 0);
    assert!(run.out.contains("not evaluated: `buildPlugin` is not defined here"), "{run:?}");
    assert!(!run.out.contains("clean"), "{run:?}");
    assert_eq!(folder.run("check library --strict").code, 3);
    let run = folder.run("check broken");
    assert_eq!(run.code, 3);
    assert!(
        run.out.contains("not valid Groovy: the string is not closed")
            && run.out.contains("broken/Jenkinsfile:2:29"),
        "{run:?}"
    );
}
