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
        let of = |cause: Cause| report.not_evaluated.iter().filter(|entry| entry.cause == cause).count();
        // One of them is no template, and wrong.
        assert_eq!((of(Cause::Template), of(Cause::InvalidField)), (4, 1), "{report:#?}");
        assert!(report.has_errors());
    }
}

/// What a system fills in itself is no fault of its file, and told in the words of the system.
#[test]
fn an_open_field_of_a_system_is_a_reference() {
    let pipeline = "worked out when the pipeline runs";
    let step = "filled in when the pipeline runs";
    let controller = "filled in when the controller reads its settings";
    let container = "containerTemplate(name: 'a', image: 'b:1'";
    for (name, text, told) in [
        (
            "Jenkinsfile",
            format!("podTemplate(hostNetwork: HOST, containers: [{container}, privileged: !false)]) {{ node(POD_LABEL) {{ sh 'make' }} }}\n"),
            vec![
                ("/podTemplate/hostNetwork", pipeline),
                ("/podTemplate/containers/0/containerTemplate()/privileged", pipeline),
            ],
        ),
        (
            "jenkins.yaml",
            "jenkins: {clouds: [{kubernetes: {templates: [{name: a, hostNetwork: '${HOST}', yaml: '${YAML}'}]}}]}\n".to_owned(),
            vec![
                ("/jenkins/clouds/0/kubernetes/templates/0/yaml", controller),
                ("/jenkins/clouds/0/kubernetes/templates/0/hostNetwork", controller),
            ],
        ),
        (
            "pipeline.yaml",
            "jobs: [{name: a, plan: [{task: t, privileged: ((p)), config: {platform: linux, run: {path: x}}}]}]\n".to_owned(),
            vec![("/jobs/0/plan/0/privileged", step)],
        ),
        (
            ".woodpecker.yaml",
            "steps: [{name: a, image: 'b:1', privileged: '${P}'}]\n".to_owned(),
            vec![("/steps/0/privileged", step)],
        ),
    ] {
        let report = Gate::new().unwrap().check_text(name, &text, &Context::default());
        let found: Vec<(&str, &str)> = report
            .not_evaluated
            .iter()
            .map(|entry| {
                assert_eq!(entry.cause, Cause::Reference, "{text}");
                let words = entry.reason.split_once(" is ").unwrap().1.split_once(": ").unwrap().0;
                (entry.pointer.as_str(), words)
            })
            .collect();
        assert_eq!(found, told, "{text}");
        assert!(!report.has_errors());
        for (at, _) in told {
            assert!(report.subjects[0].unresolved.iter().any(|open| open == at), "{at} {report:#?}");
            let policy = if at.ends_with("/yaml") { "CI711" } else { "CI801" };
            assert!(places(&report, policy).contains(&at), "{at} {report:#?}");
        }
    }
    let wrong = Gate::new().unwrap().check_text(
        ".woodpecker.yaml",
        "steps: [{name: a, image: 'b:1', privileged: maybe}]\n",
        &Context::default(),
    );
    assert_eq!(wrong.not_evaluated[0].cause, Cause::InvalidField);
}

/// An object reaches the API server only when all of it is filled in.
#[test]
fn an_open_field_of_an_object_is_a_template() {
    let report = judge(
        &["ci"],
        "apiVersion: template.openshift.io/v1
kind: Template
metadata: {name: t}
objects:
- {apiVersion: v1, kind: Pod, metadata: {name: a, namespace: b}, spec: {hostPID: '${{P}}', containers: [{name: a, image: b}]}}
",
    );
    assert_eq!(places(&report, "CI801"), ["/objects/0/spec/hostPID"]);
    let entry = &report.not_evaluated[0];
    assert_eq!(
        (entry.cause, entry.reason.as_str()),
        (Cause::Template, "`hostPID` is open: it can be judged only when it is filled in")
    );
    assert!(report.has_errors());
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

#[test]
fn what_is_filled_into_an_operation_of_a_patch_is_unresolved() {
    let patch = |path: &str, value: &str| {
        let text = format!(
            "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\npatches:\n- target: {{kind: Deployment}}\n  patch: |\n    - op: add\n      path: /spec/template/spec/{path}\n      value: {value}\n"
        );
        let report = judge(&["ci"], &text);
        let places: Vec<String> = places(&report, "CI801").into_iter().map(str::to_owned).collect();
        let unresolved = report.subjects.first().map(|subject| subject.unresolved.clone());
        (places, unresolved.unwrap_or_default())
    };
    let at = vec!["/patches/0/patch/0/value".to_owned()];
    for path in
        ["hostNetwork", "containers/0/securityContext/privileged", "volumes", "volumes/-", "containers/-"]
    {
        assert_eq!(patch(path, "${X}"), (at.clone(), at.clone()), "{path}");
        assert_eq!(patch(path, "false").0, [""; 0], "{path}");
    }
    // The same of an item in an object.
    let items = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [], volumes: ['${X}']}\n";
    assert_eq!(places(&judge(&["ci"], items), "CI801"), ["/spec/volumes/0"]);
}

/// Of which language a template is, its marks tell.
#[test]
fn a_template_is_told_as_what_it_is() {
    let reasons = |text: &str| {
        let report = judge(&["ci"], text);
        let told = report.not_evaluated.iter().filter(|entry| entry.cause == Cause::Template);
        told.map(|entry| entry.reason.clone()).collect::<Vec<_>>()
    };
    let told = |text: &str, has_helm: bool| {
        let reasons = reasons(text);
        assert_eq!(reasons.len(), 1, "{text}: {reasons:?}");
        assert!(reasons[0].contains("this is a template, to be filled in first"), "{text}: {reasons:?}");
        assert_eq!(reasons[0].contains("helm"), has_helm, "{text}: {reasons:?}");
    };
    told("kind: Pod\nspec:\n  {{- if .a }}\n  a: b\n  {{- end }}\n", true);
    told("kind: Pod\nspec:\n  {% if a %}\n  a: {{ b }}\n  {% endif %}\n", false);
    told("kind: Pod\nspec:\n  {% if a %}\n  a: b\n  {% endif %}\n", false);
    assert_eq!(reasons("kind: Pod\nspec:\n  - a\n  b: c\n"), [""; 0]);
}
