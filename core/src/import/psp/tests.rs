//! Manifests that are settings afterwards, and manifests that are refused.

use super::*;
use crate::{Context, Gate, Settings};

/// The least that a policy must say.
fn manifest(metadata: &str, spec: &str) -> String {
    let rules: String = ["seLinux", "runAsUser", "supplementalGroups", "fsGroup"]
        .into_iter()
        .filter(|field| !spec.contains(field))
        .map(|field| format!("  {field}: {{rule: RunAsAny}}\n"))
        .collect();
    format!(
        "apiVersion: policy/v1beta1\nkind: PodSecurityPolicy\nmetadata:\n  name: least\n{metadata}spec:\n{spec}{rules}"
    )
}

fn refused(text: &str) -> (String, u32, u32) {
    let error = import("psp.yaml", text, None).unwrap_err();
    let (line, column) = error.span().map_or((0, 0), |span| (span.start.line, span.start.column));
    (error.reason().to_owned(), line, column)
}

#[test]
fn every_field_is_written_and_read_again() {
    let spec = "  privileged: true\n  volumes: ['*']\n  hostPorts: [{min: 1, max: 2}]\n";
    let imported = import("psp.yaml", &manifest("", spec), None).unwrap();
    let settings = Settings::from_yaml("podgate.yaml", &imported.settings).unwrap();
    let given: usize = settings.policies.values().map(|own| own.parameters.len()).sum();
    assert_eq!(given, fields().unwrap().len());
    assert_eq!(settings.policies["PSP-privileged"].parameters["privileged"], true);
    assert_eq!(
        settings.policies["PSP-allowPrivilegeEscalation"].parameters["allowPrivilegeEscalation"],
        true
    );
    Gate::builder().settings(settings).build().unwrap();
    assert_eq!(imported.notes, Vec::<String>::new());
}

#[test]
fn a_policy_that_says_least_takes_a_plain_pod_and_no_volume() {
    let imported = import("psp.yaml", &manifest("", "  privileged: null\n"), None).unwrap();
    let settings = Settings::from_yaml("podgate.yaml", &imported.settings).unwrap();
    let gate = Gate::builder().settings(settings).build().unwrap();
    let ids = |spec: &str| {
        let pod = format!("{{apiVersion: v1, kind: Pod, metadata: {{name: a}}, spec: {spec}}}");
        let report = gate.check_text("pod.yaml", &pod, &Context::default());
        report.findings.into_iter().map(|finding| finding.policy).collect::<Vec<_>>()
    };
    assert_eq!(ids("{containers: [{name: a, image: a}], runtimeClassName: x}"), Vec::<String>::new());
    assert_eq!(ids("{containers: [{name: a, image: a}], volumes: [{name: v}]}"), ["PSP-volumes"]);
    let seccomp =
        "{containers: [{name: a, image: a}], securityContext: {seccompProfile: {type: RuntimeDefault}}}";
    assert_eq!(ids(seccomp), ["PSP-seccomp"]);
}

#[test]
fn what_admission_set_is_told_in_one_line_each() {
    let metadata = "  annotations:\n    seccomp.security.alpha.kubernetes.io/defaultProfileName: \"a\\nprofiles: []\"\n    \
                    apparmor.security.beta.kubernetes.io/defaultProfileName: runtime/default\n    \
                    security.alpha.kubernetes.io/sysctls: '*'\n";
    let spec = "  runAsUser: {rule: MustRunAsNonRoot}\n  fsGroup: {rule: MustRunAs, ranges: [{min: 5, max: 9}]}\n  \
                supplementalGroups: {rule: MayRunAs, ranges: [{min: 5, max: 9}]}\n  \
                seLinux: {rule: MustRunAs, seLinuxOptions: {level: s0}}\n  requiredDropCapabilities: [ALL]\n  \
                defaultAddCapabilities: [KILL]\n  readOnlyRootFilesystem: true\n  allowPrivilegeEscalation: false\n  \
                runtimeClass: {allowedRuntimeClassNames: [kata], defaultRuntimeClassName: kata}\n";
    let imported = import("psp.yaml", &manifest(metadata, spec), None).unwrap();
    assert_eq!(
        imported.notes,
        [
            "fsGroup was set to 5 in pods that set none",
            "runAsNonRoot was set to true in containers for which no user is set",
            "seLinuxOptions were set to {\"level\":\"s0\"} in pods that set none",
            "the capabilities KILL were added to containers that did not drop them",
            "the capabilities ALL were dropped from all containers",
            "readOnlyRootFilesystem was set to true in containers that did not say",
            "allowPrivilegeEscalation was set to false in containers that did not say",
            "the seccomp profile a\\nprofiles: [] was set in pods that named none",
            "the AppArmor profile runtime/default was set for containers that named none",
            "runtimeClassName was set to kata in pods that named none",
            "the annotation security.alpha.kubernetes.io/sysctls is passed over: Kubernetes 1.11 was the first to do so",
        ]
    );
    for note in &imported.notes {
        assert!(imported.settings.contains(&format!("#   - {note}\n")), "{note}");
    }
    assert_eq!(Settings::from_yaml("podgate.yaml", &imported.settings).unwrap().profiles, ["psp"]);
}

#[test]
fn what_the_api_server_would_not_take_is_refused_with_its_place() {
    let cases = [
        ("  privilegd: true\n", "unknown field `privilegd`; did you mean `privileged`?", 6),
        ("  privileged: 'yes'\n", "expected a boolean, found a string", 6),
        ("  volumes: [hostpath]\n", "unknown value `hostpath`; did you mean `hostPath`?", 6),
        ("  volumes: hostPath\n", "expected a list of strings, found a string", 6),
        ("  hostPorts: [{min: 1}]\n", "the key `max` is missing", 6),
        ("  runAsUser: {rule: MustRunAs}\n", "the rule `MustRunAs` needs ranges", 6),
        ("  runAsGroup: {rule: MayRunAs, ranges: []}\n", "the rule `MayRunAs` needs ranges", 6),
        ("  runAsUser: {rule: mustRunAs}\n", "unknown value `mustRunAs`; did you mean `MustRunAs`?", 6),
        ("  fsGroup: {}\n", "the key `rule` is missing", 6),
        ("  fsGroup:\n", "the field `fsGroup` is missing: it needs a rule", 6),
        ("  seLinux:\n", "the field `seLinux` is missing: it needs a rule", 6),
        ("  fsGroup: {rule: MustRunAs, ranges: [{min: 2, max: 1}]}\n", "`min` is greater than `max`", 6),
        ("  fsGroup: {rule: MustRunAs, ranges: [{min: -2, max: 1}]}\n", "expected at least 0, found -2", 6),
        ("  seLinux: {rule: MustRunAs}\n", "the rule `MustRunAs` needs `seLinuxOptions`", 6),
        (
            "  allowedCapabilities: [A]\n  requiredDropCapabilities: [A]\n",
            "`allowedCapabilities` and `requiredDropCapabilities` both have this capability",
            6,
        ),
        (
            "  allowedCapabilities: ['*']\n  requiredDropCapabilities: [A]\n",
            "`requiredDropCapabilities` must be empty where `allowedCapabilities` has `*`",
            7,
        ),
        (
            "  allowPrivilegeEscalation: false\n  defaultAllowPrivilegeEscalation: true\n",
            "`defaultAllowPrivilegeEscalation` cannot be true where `allowPrivilegeEscalation` is false",
            7,
        ),
        ("  allowedHostPaths: [{pathPrefix: /a/../b}]\n", "`pathPrefix` must not contain `..`", 6),
        (
            "  runtimeClass: {allowedRuntimeClassNames: [a], defaultRuntimeClassName: b}\n",
            "`defaultRuntimeClassName` is not in `allowedRuntimeClassNames`",
            6,
        ),
        ("  privileged: true\n  privileged: false\n", "key `privileged` is written twice", 7),
    ];
    for (spec, reason, line) in cases {
        let (told, at, column) = refused(&manifest("", spec));
        assert_eq!((told.as_str(), at), (reason, line), "{spec}");
        assert!(column >= 3, "{spec}: column {column}");
    }
}

#[test]
fn what_is_no_policy_is_refused() {
    let whole = [
        ("a: [", 1),
        ("", 0),
        ("kind: Pod\n", 0),
        ("apiVersion: policy/v1\nkind: PodSecurityPolicy\n", 1),
        ("apiVersion: policy/v1beta1\nkind: PodSecurityPolicy\n", 1),
        ("apiVersion: policy/v1beta1\nkind: PodSecurityPolicy\nspec: []\n", 3),
        ("apiVersion: policy/v1beta1\nkind: PodSecurityPolicy\nstatus: {}\nspec: {}\n", 3),
        ("apiVersion: policy/v1beta1\nkind: PodSecurityPolicy\nmetadata: {nam: a}\nspec: {}\n", 3),
    ];
    for (text, line) in whole {
        assert_eq!(refused(text).1, line, "{text:?}: {:?}", refused(text));
    }
    let misspelt = "  annotations:\n    seccomp.security.alpha.kubernetes.io/allowedProfileName: a\n";
    let (reason, line, _) = refused(&manifest(misspelt, ""));
    assert!(reason.starts_with("unknown field") && reason.ends_with("allowedProfileNames`?"), "{reason}");
    assert_eq!(line, 6);
}

#[test]
fn one_of_several_is_chosen_by_name() {
    let one = manifest("", "");
    let two = one.replace("name: least", "name: most").replace("policy/", "extensions/");
    let text = format!("{one}---\nkind: Role\n---\n{two}");
    let (reason, line, _) = refused(&text);
    assert_eq!(reason, "more than one PodSecurityPolicy: `least`, `most`; choose one by its name");
    assert_eq!(line, 13);
    assert_eq!(import("psp.yaml", &text, Some("most")).unwrap().name, "most");
    let error = import("psp.yaml", &text, Some("other")).unwrap_err();
    assert_eq!(error.reason(), "there is no PodSecurityPolicy `other` in `psp.yaml`, only `least`, `most`");
    let list = format!("kind: List\nitems:\n- {}", one.trim_end().replace('\n', "\n  "));
    assert_eq!(import("psp.yaml", &list, None).unwrap().name, "least");
    let bare =
        list.replace("kind: List", "kind: PodSecurityPolicyList").replace("\n  kind: PodSecurityPolicy", "");
    assert_eq!(import("psp.yaml", &bare, None).unwrap().name, "least");
}
