//! `podgate export`, and what the linter says on the command line.

use podgate::document::{self, Limits};

use super::{CLEAN, Folder};

const SETTINGS: &str = "\
policies:
  CI101: {mode: warn}
  CI102: {mode: 'off'}
  CI303: {severity: low}
  CI506: {parameters: {registries: [registry.example.com/ci]}}
exemptions:
  - policies: [CI104]
    match: {namespaces: [monitoring, 'team-*']}
    reason: reads /var/log
    expires: 2027-03-31
  - policies: [CI105]
    match: {images: [cache]}
    reason: a cache
    expires: 2027-03-31
  - policies: [CI201]
    match: {namespaces: [old]}
    reason: over
    expires: 2020-01-01
";

fn export(folder: &Folder, form: &str) -> super::Run {
    folder.run(&format!("export {form} --output out --date 2026-11-24"))
}

#[test]
fn gatekeeper_gets_modes_parameters_and_namespaces() {
    let folder = Folder::new(&[("podgate.yaml", SETTINGS)]);
    let run = export(&folder, "gatekeeper");
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let notes: Vec<&str> = run.out.lines().filter(|line| line.contains("exemption")).collect();
    assert!(notes.iter().any(|note| note.contains("has ended: CI201")), "{notes:?}");
    assert!(notes.iter().any(|note| note.contains("left out") && note.contains("CI105")), "{notes:?}");
    assert!(
        notes.iter().any(|note| note.contains("excludedNamespaces") && note.contains("CI104")),
        "{notes:?}"
    );
    for note in run.out.lines().filter_map(|line| line.strip_prefix("note: ")) {
        assert!(folder.read("out/README.md").contains(note), "{note}");
    }

    let warned = folder.read("out/constraints/ci101-runtime-socket.yaml");
    assert!(warned.contains("enforcementAction: warn") && !warned.contains("severities"), "{warned}");
    let low = folder.read("out/constraints/ci303-host-network.yaml");
    assert!(low.contains("enforcementAction: dryrun"), "{low}");
    let split = folder.read("out/constraints/ci104-sensitive-host-dir.yaml");
    assert_eq!(split.matches("\n      - monitoring\n      - \"team-*\"\n").count(), 3, "{split}");
    let registries = folder.read("out/constraints/ci506-registry-not-allowed.yaml");
    assert!(registries.contains("registries:\n      - registry.example.com/ci\n"), "{registries}");
    assert!(!folder.path().join("out/templates/ci102-runtime-socket-parent.yaml").exists());
    assert!(folder.read("out/sync.yaml").contains("kind: PersistentVolumeClaim"));
}

#[test]
fn templates_are_yaml_that_says_what_was_meant() {
    let folder = Folder::new(&[]);
    export(&folder, "gatekeeper");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder.path().join("out/templates")).expect("templates") {
        let path = entry.expect("a file").path();
        let text = std::fs::read_to_string(&path).expect("text");
        let documents: Vec<_> = document::read("t", text, &Limits::default()).into_iter().collect();
        let [Ok(document)] = documents.as_slice() else { panic!("{}", path.display()) };
        let value = serde_json::to_value(document.root()).expect("JSON");
        let source = &value["spec"]["targets"][0]["code"][0]["source"];
        let kind = value["spec"]["crd"]["spec"]["names"]["kind"].as_str().expect("a kind");
        assert_eq!(value["metadata"]["name"], kind.to_lowercase());
        let libs = source["libs"].as_array().expect("libraries").iter().chain([&source["rego"]]);
        for rego in libs.map(|rego| rego.as_str().expect("Rego")) {
            assert!(rego.contains("\npackage ") || rego.starts_with("package "), "{rego}");
            assert!(rego.contains("\n\t") && !rego.contains("rego.v1"), "{rego}");
        }
        seen += 1;
    }
    assert!(seen > 10, "{seen}");
}

#[test]
fn bundles_and_folders_have_one_entry_point() {
    let folder = Folder::new(&[("podgate.yaml", SETTINGS)]);
    assert_eq!(export(&folder, "opa-bundle").code, 0);
    let data = folder.read("out/data.json");
    assert!(data.contains("registry.example.com/ci"), "{data}");
    assert!(folder.read("out/.manifest").contains("\"rego_version\": 1"));
    let main = folder.read("out/podgate/main.rego");
    assert!(main.contains("\"CI101\": data.podgate.ci.runtime_socket.violation,"), "{main}");
    assert!(!main.contains("CI102"), "{main}");

    let folder = Folder::new(&[]);
    assert_eq!(export(&folder, "conftest").code, 0);
    let policy = folder.read("out/policy/podgate/ci/privileged/privileged.rego");
    assert!(policy.contains("\nfinding contains ") && !policy.contains("\nviolation "), "{policy}");
    assert!(folder.read("out/policy/podgate/main.rego").contains("data.podgate.ci.privileged.finding"));
}

#[test]
fn files_that_no_export_wrote_stay() {
    let folder = Folder::new(&[("out/mine.txt", "mine")]);
    let refused = export(&folder, "conftest");
    assert_eq!(refused.code, 2);
    assert_eq!(refused.err, "error: `out` is not empty and holds no export: name a new folder\n");
    assert!(!folder.path().join("out/policy").exists());

    let folder = Folder::new(&[("off.yaml", "policies: {CI201: {mode: 'off'}}")]);
    assert_eq!(export(&folder, "gatekeeper").code, 0);
    folder.write("out/templates/mine.yaml", b"mine");
    assert!(folder.path().join("out/templates/ci201-privileged.yaml").exists());
    assert_eq!(folder.run("export gatekeeper --output out --settings off.yaml").code, 0);
    assert!(
        !folder.path().join("out/templates/ci201-privileged.yaml").exists(),
        "what is off now is still there"
    );
    assert_eq!(folder.read("out/templates/mine.yaml"), "mine");

    folder.write("out/templates/ci201-privileged.yaml", b"mine, too");
    let refused = export(&folder, "gatekeeper");
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("was not written by an export"), "{}", refused.err);
    assert_eq!(folder.read("out/templates/ci201-privileged.yaml"), "mine, too");
}

#[test]
fn a_list_that_leads_out_of_the_folder_removes_nothing() {
    let folder = Folder::new(&[("mine.txt", "mine"), ("out/.podgate-export", "../mine.txt\n")]);
    assert_eq!(export(&folder, "conftest").code, 0);
    assert_eq!(folder.read("mine.txt"), "mine");
}

#[test]
fn own_policies_are_named_and_not_exported() {
    let own = "package mine\n\nimport rego.v1\n\ndeny contains \"x\" if input.spec.hostPID\n";
    let folder = Folder::new(&[("my/a.rego", own)]);
    let run = folder.run("export opa-bundle --output out --policies my");
    assert_eq!(run.code, 0);
    assert!(run.out.contains("note: mine is not exported: it is a policy of your own"), "{}", run.out);
}

#[test]
fn the_linter_warns_with_place_and_rule() {
    let own = "package mine\n\nimport rego.v1\n\ndeny contains msg if {\n\tsome c in input.spec.containers\n\t\
               msg := sprintf(\"%d\", [c.name])\n}\n";
    let folder = Folder::new(&[("my/a.rego", own), ("pod.yaml", CLEAN)]);
    let verb = "my/a.rego:7:18: `%d` in `sprintf` differs between the engines: use `%v` [sprintf-verb]";
    let checked = folder.run("check --policies my pod.yaml");
    assert!(checked.out.contains(&format!("warning: {verb}\n")), "{}", checked.out);
    let tested = folder.run("test my");
    assert_eq!(tested.code, 0, "{tested:?}");
    assert!(tested.out.contains(&format!("warning {verb}\n")), "{}", tested.out);
    let report = folder.run("check --policies my --format json pod.yaml").json();
    let warnings = report["warnings"].as_array().expect("a list");
    let own: Vec<_> = warnings.iter().filter(|one| one["rule"] == "undefined-assignment").collect();
    assert_eq!(own.len(), 1, "{warnings:?}");
    assert_eq!(own[0]["span"]["start"]["line"], 7);
}
