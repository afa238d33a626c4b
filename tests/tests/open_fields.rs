//! Where a template stands for a boolean, a number or a list, the finding and the report both say so.

use podgate::report::Cause;
use podgate::{Context, Gate, Report, Settings};

fn judge(profiles: &[&str], text: &str) -> Report {
    let profiles = profiles.iter().map(|name| (*name).to_owned()).collect();
    let settings = Settings { profiles, ..Settings::default() };
    Gate::builder().settings(settings).build().unwrap().check_text("pod.yaml", text, &Context::default())
}

fn places<'r>(report: &'r Report, policy: &str) -> Vec<&'r str> {
    let findings = report.findings.iter().filter(|finding| finding.policy == policy);
    findings.map(|finding| finding.pointer.as_str()).collect()
}

const DEPLOYMENT: &str = r#"
apiVersion: apps/v1
kind: Deployment
metadata: {name: agent, namespace: ci}
spec:
  template:
    spec:
      automountServiceAccountToken: false
      hostPID: ${HOST_PID}
      hostNetwork: maybe
      volumes: "{{ toYaml .Values.volumes }}"
      containers:
        - name: build
          image: alpine:3.22
          stdin: "{{ .Values.stdin }}"
          securityContext:
            privileged: "{{ .Values.privileged }}"
"#;

#[test]
fn each_open_field_that_matters_is_a_finding_at_its_place() {
    let report = judge(&["ci"], DEPLOYMENT);
    let template = "/spec/template/spec";
    let open = ["containers/0/securityContext/privileged", "hostPID", "volumes"];
    assert_eq!(places(&report, "CI801"), open.map(|field| format!("{template}/{field}")), "{report:#?}");
    let finding = report.findings.iter().find(|finding| finding.pointer.ends_with("hostPID")).unwrap();
    assert_eq!(finding.span.unwrap().start.line, 9);
}

#[test]
fn what_is_open_is_not_evaluated_whatever_policies_are_chosen() {
    for profiles in [&["ci"][..], &[]] {
        let report = judge(profiles, DEPLOYMENT);
        let open = report.not_evaluated.iter().filter(|entry| entry.cause == Cause::InvalidField);
        assert_eq!(open.count(), 5, "{report:#?}");
        assert!(report.has_errors());
    }
}

#[test]
fn an_open_field_of_an_unknown_kind_is_unresolved() {
    let report = judge(
        &["ci"],
        r#"
apiVersion: example.com/v1
kind: Runner
metadata: {name: agent, namespace: ci}
spec:
  pod:
    automountServiceAccountToken: false
    containers:
      - name: build
        image: alpine:3.22
        securityContext: {privileged: "${PRIVILEGED}"}
"#,
    );
    let place = "/spec/pod/containers/0/securityContext/privileged";
    assert_eq!(places(&report, "CI801"), [place], "{report:#?}");
    assert!(report.subjects.iter().any(|subject| subject.unresolved.iter().any(|open| open == place)));
}
