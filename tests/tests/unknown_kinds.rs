//! Custom resources: what has the shape of a pod, or of a part of one, is judged wherever it stands.

use podgate::policy::Severity;
use podgate::{Context, Gate, Settings};
use podgate_tests::lines;

/// What is found, but for what a pod merely leaves undone.
fn found(spec: &str) -> String {
    let text = format!("apiVersion: example.com/v1\nkind: Thing\nmetadata: {{name: a}}\nspec: {spec}\n");
    let mut report = Gate::new().unwrap().check_text("thing.yaml", &text, &Context::default());
    report.findings.retain(|finding| finding.severity >= Severity::Medium);
    lines(&report)
}

const BAD: &str = "{image: 'a:1', securityContext: {privileged: true}}";

#[test]
fn a_container_by_itself_is_judged() {
    let expected = "CI201 critical 0#/spec/templates/0/container/securityContext/privileged\n";
    assert_eq!(
        found(&format!("{{volumes: [{{name: v, emptyDir: {{}}}}], templates: [{{container: {BAD}}}]}}")),
        expected
    );
    assert_eq!(found(&format!("{{templates: [{{container: {BAD}}}]}}")), expected);
}

#[test]
fn a_part_of_a_container_is_judged() {
    let expected = "CI201 critical 0#/spec/stepTemplate/securityContext/privileged\n";
    assert_eq!(
        found(
            "{stepTemplate: {securityContext: {privileged: true}}, steps: [{image: 'a:1', volumeMounts: []}]}"
        ),
        expected
    );
}

#[test]
fn the_security_context_that_a_chart_gives_a_container_is_judged() {
    let expected = "CI201 critical 0#/spec/worker/containerSecurityContext/privileged\n";
    let with = |context: &str| {
        found(&format!(
            "{{worker: {{replicas: 2, image: {{repository: a}}, containerSecurityContext: {context}}}}}"
        ))
    };
    assert_eq!(with("{enabled: true, privileged: true}"), expected);
    assert_eq!(with("{privileged: true}"), expected);
    for harmless in
        ["{enabled: false, privileged: true}", "{enabled: true, privileged: false}", "{runAsUser: 1000}"]
    {
        assert_eq!(with(harmless), "", "{harmless}");
    }
    let told = Gate::new().unwrap().check_text(
        "values.yaml",
        "web: {securityContext: {privileged: false}, podSecurityContext: {fsGroup: 1}, containerSecurityContext: {}}\n",
        &Context::default(),
    );
    assert_eq!(lines(&told), "", "a chart's own fields are not misspelt");
    let both = found(
        "{worker: {securityContext: {capabilities: {add: [SYS_ADMIN]}}, containerSecurityContext: {privileged: true}}}",
    );
    assert_eq!(both, format!("{expected}CI204 critical 0#/spec/worker/securityContext/capabilities/add/0\n"));
}

#[test]
fn volumes_that_a_chart_adds_are_judged() {
    let socket = "{name: a, hostPath: {path: /var/run/docker.sock}}";
    for key in ["extraVolumes", "additionalVolumes"] {
        let at = format!("CI101 critical 0#/spec/worker/{key}/0/hostPath/path\n");
        assert_eq!(found(&format!("{{worker: {{{key}: [{socket}]}}}}")), at);
        let both = found(&format!("{{worker: {{{key}: [{socket}], volumes: [{socket}]}}}}"));
        assert_eq!(
            both,
            format!("{at}CI101 critical 0#/spec/worker/volumes/0/hostPath/path\n"),
            "beside its own"
        );
        for harmless in [format!("{key}: [{{name: a, emptyDir: {{}}}}]"), format!("{key}: [/a, /b]")] {
            assert_eq!(found(&format!("{{worker: {{{harmless}}}}}")), "", "{harmless}");
        }
    }
}

#[test]
fn places_of_the_node_in_the_words_of_a_chart_are_judged() {
    let values = |text: &str| {
        let mut report = Gate::new().unwrap().check_text("values.yaml", text, &Context::default());
        report.findings.retain(|finding| finding.severity >= Severity::Medium);
        lines(&report)
    };
    for (text, at) in [
        ("persistence: {sock: {type: hostPath, hostPath: /run/docker.sock}}\n", "/persistence/sock/hostPath"),
        ("docker: {hostPath: {path: /run/docker.sock}}\n", "/docker/hostPath/path"),
        ("mounts: [{hostPath: /run/docker.sock, mountPath: /a}]\n", "/mounts/0/hostPath"),
        ("volumes: {sock: {hostPath: {path: /run/docker.sock}}}\n", "/volumes/sock/hostPath/path"),
    ] {
        assert_eq!(values(text), format!("CI101 critical 0#{at}\n"), "{text}");
    }
    for harmless in
        ["a: {hostPath: x}\n", "a: {hostPath: ''}\n", "a: {hostPath: {prefix: /}}\n", "a: {path: /}\n"]
    {
        assert_eq!(values(harmless), "", "{harmless}");
    }
}

#[test]
fn what_a_policy_of_kyverno_compares_with_is_no_pod() {
    let policy = |rule: &str| {
        let text = format!(
            "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {{name: a}}\nspec: {{rules: [{{name: b, {rule}}}]}}\n"
        );
        let mut report = Gate::new().unwrap().check_text("policy.yaml", &text, &Context::default());
        report.findings.retain(|finding| finding.severity >= Severity::Medium);
        lines(&report)
    };
    let pod = format!("{{spec: {{containers: [{BAD}]}}}}");
    assert_eq!(policy(&format!("validate: {{pattern: {pod}}}")), "");
    assert_eq!(
        policy(&format!("mutate: {{patchStrategicMerge: {pod}}}")),
        "CI201 critical 0#/spec/rules/0/mutate/patchStrategicMerge/spec/containers/0/securityContext/privileged\n"
    );
}

#[test]
fn containers_in_any_list_are_judged() {
    let expected = "CI201 critical 0#/spec/anything/1/securityContext/privileged\n";
    assert_eq!(found(&format!("{{anything: [{{image: 'b:1'}}, {BAD}]}}")), expected);
}

#[test]
fn a_pod_beside_or_below_another_is_judged() {
    let pod = format!(
        "{{containers: [{{name: c, image: 'a:1'}}], worker: {{template: {{spec: {{containers: [{BAD}]}}}}}}}}"
    );
    let below = "CI201 critical 0#/spec/worker/template/spec/containers/0/securityContext/privileged\n";
    assert_eq!(found(&pod), below);
    let beside = format!("{{main: {BAD}, properties: {{objects: [{{spec: {pod}}}]}}}}");
    let expected = "CI201 critical 0#/spec/main/securityContext/privileged\n\
                    CI201 critical 0#/spec/properties/objects/0/spec/worker/template/spec/containers/0/securityContext/privileged\n";
    assert_eq!(found(&beside), expected);
}

#[test]
fn what_is_no_pod_is_listed() {
    let text = "apiVersion: example.com/v1\nkind: Thing\nspec: {size: 3}\n";
    let report = Gate::new().unwrap().check_text("thing.yaml", text, &Context::default());
    let reasons: Vec<_> = report.not_evaluated.iter().map(|entry| entry.reason.as_str()).collect();
    assert_eq!(
        reasons,
        ["unknown kind `Thing` of `example.com/v1`, in which nothing has the shape of a pod"]
    );
}

#[test]
fn an_object_with_two_kinds_is_refused() {
    let text = "kind: Pod\nkind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\n";
    let report = Gate::new().unwrap().check_text("a.yaml", text, &Context::default());
    let told: Vec<_> =
        report.not_evaluated.iter().map(|entry| (entry.pointer.as_str(), entry.reason.as_str())).collect();
    assert_eq!(told, [("/kind", "`kind` is written twice: what the object is cannot be told")]);
    assert!(report.has_errors());
}

#[test]
fn one_costly_value_does_not_silence_the_other_policies() {
    let words = "docker -H ".repeat(3000);
    let text = format!(
        "apiVersion: v1\nkind: Pod\nspec:\n  containers: [{{name: c, image: 'a:1', args: ['{words}'], securityContext: {{privileged: true}}}}]\n"
    );
    let mut report = Gate::new().unwrap().check_text("a.yaml", &text, &Context::default());
    report.findings.retain(|finding| finding.severity >= Severity::Medium);
    assert_eq!(lines(&report), "CI201 critical 0#/spec/containers/0/securityContext/privileged c\n");
    assert!(report.has_errors() && report.summary.denied);
    let failed: Vec<&str> = report.failed_policies.iter().map(|failed| failed.policy.as_str()).collect();
    assert_eq!(failed, ["CI306", "CI503"], "those that look at what Docker is told");
}

#[test]
fn two_keys_for_one_policy_are_a_mistake() {
    let settings =
        Settings::from_yaml("s", "policies: {CI201: {mode: warn}, privileged: {mode: deny}}").unwrap();
    let error = Gate::builder().settings(settings).build().unwrap_err();
    assert_eq!(error.to_string(), "`privileged` and `CI201` are the same policy");
}
