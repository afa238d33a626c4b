//! `podgate import psp`, and pods checked with what it writes.

use super::Folder;

const POLICY: &str = "\
apiVersion: v1
kind: ServiceAccount
metadata: {name: builds}
---
apiVersion: policy/v1beta1
kind: PodSecurityPolicy
metadata:
  name: builds
  annotations:
    seccomp.security.alpha.kubernetes.io/allowedProfileNames: '*'
spec:
  privileged: false
  allowPrivilegeEscalation: false
  volumes: [hostPath, emptyDir]
  allowedHostPaths: [{pathPrefix: /var/cache/ci, readOnly: true}]
  runAsUser: {rule: MustRunAs, ranges: [{min: 1000, max: 1999}]}
  seLinux: {rule: RunAsAny}
  supplementalGroups: {rule: RunAsAny}
  fsGroup: {rule: RunAsAny}
";

const ADMITTED: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: admitted, namespace: ci}
spec:
  containers:
    - name: build
      image: alpine
      volumeMounts: [{name: cache, mountPath: /cache, readOnly: true}]
  volumes: [{name: cache, hostPath: {path: /var/cache/ci/maven}}]
";

const REFUSED: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: refused, namespace: ci}
spec:
  containers:
    - name: build
      image: alpine
      securityContext: {runAsUser: 0, privileged: true}
      volumeMounts: [{name: cache, mountPath: /cache}]
  volumes: [{name: cache, hostPath: {path: /var/cache/ci}}]
";

#[test]
fn a_policy_becomes_settings_that_judge_the_same() {
    let folder = Folder::new(&[("psp.yaml", POLICY), ("good.yaml", ADMITTED), ("bad.yaml", REFUSED)]);
    let run = folder.run("import psp psp.yaml --output podgate.yaml");
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{run:?}");
    assert_eq!(
        run.err,
        "PodSecurityPolicy set the following in pods, and nothing sets it now:\n  \
         - runAsUser was set to 1000 in containers for which none is set\n  \
         - allowPrivilegeEscalation was set to false in containers that did not say\n"
    );
    let settings = folder.read("podgate.yaml");
    assert!(
        settings
            .starts_with("# Made by `podgate import psp` from the PodSecurityPolicy `builds` in psp.yaml.\n")
    );
    assert!(
        settings.contains("#   - runAsUser was set to 1000 in containers for which none is set\n"),
        "{settings}"
    );
    assert!(
        settings.contains("      allowedHostPaths: [{pathPrefix: \"/var/cache/ci\", readOnly: true}]\n"),
        "{settings}"
    );

    let good = folder.run("check good.yaml");
    assert_eq!(good.code, 0, "{good:?}");
    assert!(
        good.out.contains("lacks securityContext.runAsUser, which PodSecurityPolicy would have set to 1000")
    );
    let bad = folder.run("check bad.yaml --format json");
    assert_eq!(bad.code, 1, "{bad:?}");
    let findings = bad.json()["findings"].as_array().expect("a list").clone();
    let denied: Vec<_> =
        findings.iter().filter(|finding| finding["action"] == "deny").map(|one| &one["policy"]).collect();
    assert_eq!(denied, ["PSP-privileged", "PSP-allowedHostPaths", "PSP-runAsUser"]);

    let strict = settings.replace("policies:\n", "policies:\n  PSP-defaults: {mode: deny, severity: high}\n");
    folder.write("strict.yaml", strict.as_bytes());
    assert_eq!(folder.run("check good.yaml --settings strict.yaml").code, 1);
}

#[test]
fn a_policy_may_come_by_standard_input_and_the_settings_go_to_standard_output() {
    let folder = Folder::new(&[("psp.yaml", POLICY)]);
    let from_file = folder.run("import psp psp.yaml");
    let piped = folder.run_with("import psp -", |command| command.write_stdin(POLICY));
    assert_eq!((piped.code, piped.out), (0, from_file.out.replace("in psp.yaml", "in -")));
    assert_eq!(piped.err, from_file.err);
}

#[test]
fn mistakes_in_a_manifest_show_their_place() {
    let twice = format!(
        "{POLICY}---\n{}",
        POLICY.replace("name: builds\n  annotations", "name: other\n  annotations")
    );
    let cases = [
        (
            POLICY.replace("  privileged", "  privilegd"),
            "unknown field `privilegd`; did you mean `privileged`?",
            ":12:",
        ),
        (
            POLICY.replace("privileged: false", "privileged: 'no'"),
            "expected a boolean, found a string",
            ":12:",
        ),
        (twice.clone(), "more than one PodSecurityPolicy: `builds`, `other`; choose one by its name", ":25:"),
        (ADMITTED.to_owned(), "there is no PodSecurityPolicy in `psp.yaml`", ""),
        ("a: [\n".to_owned(), "", ":"),
    ];
    for (text, reason, place) in cases {
        let run = Folder::new(&[("psp.yaml", &text)]).run("import psp psp.yaml");
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{text}");
        assert!(run.err.starts_with(&format!("error: {reason}")), "{}", run.err);
        assert!(run.err.contains(place), "{}", run.err);
    }
    let folder = Folder::new(&[("psp.yaml", &twice)]);
    let chosen = folder.run("import psp psp.yaml --name other");
    assert!(chosen.code == 0 && chosen.out.contains("PodSecurityPolicy `other`"), "{chosen:?}");
    assert_eq!(folder.run("import psp psp.yaml --name none").code, 2);
    assert_eq!(folder.run("import psp psp.yaml --name other --output psp.yaml").code, 2);
    assert_eq!(folder.run("import psp missing.yaml").code, 2);
}
