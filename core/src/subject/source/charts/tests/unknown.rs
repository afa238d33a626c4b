//! Values of charts that are not known: those of known ones deep in them, and what looks like a privilege.

use super::{JENKINS, VALUES, read, written};
use crate::report::Cause;

/// Whose the pods of values are that stand below some keys.
fn below(keys: &[&str], values: &str) -> (Vec<String>, usize) {
    let mut text = values.to_owned();
    for key in keys.iter().rev() {
        let lines: String = text.lines().map(|line| format!("  {line}\n")).collect();
        text = format!("{key}:\n{lines}");
    }
    let found = read(&text);
    (found.subjects.iter().map(|one| one.entry.platform.clone()).collect(), found.not_evaluated.len())
}

#[test]
fn charts_are_found_deep_in_values_of_others() {
    for values in VALUES {
        let alone = below(&[], values);
        assert!(!alone.0.is_empty() && alone.0.iter().all(|platform| !platform.is_empty()), "{values}");
        for keys in [&["a"][..], &["a", "b"], &["a", "b", "c"], &["a", "b", "c", "d", "e"]] {
            // Jenkins' chart is known one level below by its name alone.
            if !(values == JENKINS && keys.len() == 1) {
                assert_eq!(below(keys, values), alone, "{keys:?} {values}");
            }
        }
        let deeper = below(&["a", "b", "c", "d", "e", "f"], values);
        assert_ne!(deeper, alone, "{values}");
    }
    let old = "runners: {privileged: true}\n";
    let alone = below(&["gitlab-runner"], old);
    assert_eq!(alone, (vec!["gitlab".to_owned()], 0));
    assert_eq!(below(&["a", "b", "gitlab-runner"], old), alone);
    assert_eq!(below(&["a", "b", "c"], old).0, [""; 0]);
    let jenkins = "agent: {privileged: true}\n";
    assert_eq!(below(&["a", "b", "jenkins"], jenkins).0, ["jenkins"]);
    assert_eq!(below(&["a", "b", "c"], jenkins).0, [""; 0]);
    // Several, with places, and what else there is; not what is no map.
    let text = "a:\n  x: {hostPID: true, gitlab: {gitlabUrl: u, runners: {privileged: true}}}\n  s: {githubConfigUrl: u, containerMode: {type: dind}}\n  l: [{gitlabUrl: u, runners: {privileged: true}}]\n";
    let found = read(text);
    let platforms: Vec<&str> = found.subjects.iter().map(|one| one.entry.platform.as_str()).collect();
    assert_eq!(platforms, ["gitlab", "github-actions", ""]);
    assert_eq!(written(&found.subjects[0], "/spec/containers/0/securityContext/privileged"), "true");
    assert_eq!(found.subjects[2].locate("/spec/hostPID"), "/a/x/hostPID");
    // Many are found in one pass, and those inside each other once.
    let many: String = (0..20_000).map(|at| format!("  c{at}: {{gitlabUrl: u, runners: {{}}}}\n")).collect();
    assert_eq!(read(&format!("a:\n  x: {{hostPID: true}}\n{many}")).subjects.len(), 1);
    let inner = "{gitlabUrl: u, runners: {privileged: true}, a: {b: ".repeat(20);
    let deep = format!("a: {{b: {inner}1{}}}\n", "}}".repeat(20));
    assert_eq!(read(&deep).subjects.len(), 20);
}

#[test]
fn privileges_outside_of_pods_are_told() {
    let told = |text: &str| {
        let found = read(text);
        let told = found.not_evaluated.iter().filter(|one| one.reason.starts_with("`privileged` in values"));
        let told: Vec<(String, bool)> = told.map(|one| (one.pointer.clone(), one.cause.is_error())).collect();
        (told, found.subjects.len())
    };
    let at = |pointers: &[&str]| pointers.iter().map(|at| ((*at).to_owned(), false)).collect::<Vec<_>>();
    for (text, places, pods) in [
        ("daemon: {privileged: true}\n", at(&["/daemon/privileged"]), 0),
        ("privileged: true\na: [{b: {privileged: true}}]\n", at(&["/privileged", "/a/0/b/privileged"]), 0),
        ("a: {hostPID: true, privileged: true}\n", at(&["/a/privileged"]), 1),
        ("a: {podSecurityContext: {privileged: true}}\n", at(&["/a/podSecurityContext/privileged"]), 0),
        ("a: {securityContext: {privileged: true}}\n", vec![], 1),
        ("a: {containerSecurityContext: {privileged: true}}\n", vec![], 1),
        ("a: {containers: [{name: a, image: b, securityContext: {privileged: true}}]}\n", vec![], 1),
        ("a: {privileged: false}\nb: {privileged: x}\npodSecurityPolicy: {privileged: true}\n", vec![], 0),
        ("{apiVersion: a/v1, kind: B, spec: {privileged: true}}\n", vec![], 0),
        (
            "gitlabUrl: u\nrunners: {privileged: true}\nother: {privileged: true}\n",
            at(&["/other/privileged"]),
            1,
        ),
        (
            "{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {name: r}, spec: {values: {a: {privileged: true}}}}\n",
            at(&["/spec/values/a/privileged"]),
            0,
        ),
        ("a: {b: {gitlabUrl: u, runners: {}}, c: {privileged: true}}\n", at(&["/a/c/privileged"]), 0),
    ] {
        assert_eq!(told(text), (places, pods), "{text}");
    }
    let many: String = (0..100).map(|at| format!("a{at}: {{privileged: true}}\n")).collect();
    assert_eq!(told(&many).0.len(), 16);
    assert_eq!(told(&format!("gitlabUrl: u\nrunners: {{}}\n{many}")).0.len(), 16);
    // That nothing has the shape of a pod is told as well.
    let alone = read("daemon: {privileged: true}\n");
    assert!(alone.not_evaluated.iter().any(|one| one.cause == Cause::NotKubernetes));
}
