//! Every message is one line, without a final full stop and without names of Rust's types, and has its place.

use podgate::document::{self, Limits};
use podgate::{Gate, RegoFile, Settings};
use podgate_tests::invariants;

fn well_said(message: &str) {
    if let Err(broken) = invariants::error_text(message) {
        panic!("{broken}");
    }
}

#[test]
fn of_documents() {
    let limits = Limits { bytes: 300, depth: 5, nodes: 40, expansion: 20, documents: 4, ..Limits::default() };
    let long = "x".repeat(60);
    let texts = [
        "x".repeat(301),
        "a: [[[[[[1]]]]]]".to_owned(),
        format!("[{}]", "1,".repeat(60)),
        "--- 1\n".repeat(6),
        "- &a [1, 2, 3, 4]\n- [*a, *a, *a, *a, *a, *a]".to_owned(),
        format!("- &a {long}\n- [*a, *a, *a, *a, *a, *a]"),
        "a: \u{7}".to_owned(),
        "a: \u{2028}".to_owned(),
        "{a:, b: 1}".to_owned(),
        "{!t, x}".to_owned(),
        "a: *nothing\n".to_owned(),
        "a: &a [*a]".to_owned(),
        "<<: 1".to_owned(),
        "? [a]\n: 1".to_owned(),
        "? ~\n: 1".to_owned(),
        "a: !!int x".to_owned(),
        "a: !!binary ä".to_owned(),
        "a: .inf".to_owned(),
        "{\"a\": 1e999}".to_owned(),
        "{\"a\": 1, \"b\": ]".to_owned(),
        "{\"a\": \"\\q\"}".to_owned(),
        "{\"a\" 1}".to_owned(),
        "{\"a\": tru]".to_owned(),
        "a: 'x".to_owned(),
        "a: \"\\q\"".to_owned(),
        "a: b: c".to_owned(),
        "a: |9x\n b".to_owned(),
        "%YAML 9.9\n---\na".to_owned(),
        "%TAG x\n---\na".to_owned(),
        "- a\nb: 1".to_owned(),
        "a: @b".to_owned(),
        "a: }".to_owned(),
    ];
    for text in texts {
        let errors: Vec<_> =
            document::read("in", text.as_str(), &limits).into_iter().filter_map(Result::err).collect();
        assert!(!errors.is_empty(), "{text}");
        for error in errors {
            well_said(&error.to_string());
            assert!(error.bytes().end <= error.text().len(), "{text}");
        }
    }
    for bytes in [b"\xff".as_slice(), b"\xfe\xff\x00"] {
        well_said(&document::decode("in", bytes).unwrap_err().to_string());
    }
}

#[test]
fn of_settings() {
    let texts = [
        "profiles: ci",
        "profile: [ci]",
        "policies: []",
        "policies: {CI101: {mode: denied}}",
        "policies: {CI101: {severity: 5}}",
        "policies: {CI101: {modes: deny}}",
        "apiVersion: v1",
        "kind: Pod",
        "exemptions: [{}]",
        "exemptions: [{policies: [], match: {names: [a]}, reason: r, expires: 2030-01-01}]",
        "exemptions: [{policies: [CI101], match: {}, reason: r, expires: 2030-01-01}]",
        "exemptions: [{policies: [CI101], match: {names: [a]}, reason: ' ', expires: 2030-01-01}]",
        "exemptions: [{policies: [CI101], match: {names: [a]}, reason: r, expires: tomorrow}]",
        "exemptions: [{policies: [CI101], match: {names: a}, reason: r, expires: 2030-01-01}]",
        "exemptions: [{policies: [CI101], match: {named: [a]}, reason: r, expires: 2030-13-01}]",
        "profiles: [ci]\nprofiles: [ci]",
        "profiles: [ci]\n---\nprofiles: [ci]",
        "profiles: [",
        "5",
        "[]",
        "true",
    ];
    for text in texts {
        let error = Settings::from_yaml("podgate.yaml", text).unwrap_err();
        well_said(error.reason());
        assert!(error.span().is_some(), "{text}: {error}");
    }
}

#[test]
fn of_the_gate() {
    let texts = [
        "profiles: [c1]",
        "profiles: ['']",
        "profiles: [pss-baseline:v1.x]",
        "profiles: ['pss-baseline:']",
        "profiles: [pss-basline:v1.30]",
        "profiles: [ci:v1.30]",
        "policies: {sysctls: {parameters: {podSecurity: {baseline: [v1.30]}}}}",
        "policies: {CI999: {mode: off}}",
        "policies: {runtime-sockets: {mode: off}}",
        "policies: {CI506: {parameters: {registry: []}}}",
        "policies: {CI506: {parameters: {registries: 5}}}",
        "policies: {CI506: {parameters: {registries: [5]}}}",
        "exemptions: [{policies: [CI1], match: {names: [a]}, reason: r, expires: 2030-01-01}]",
    ];
    for text in texts {
        let settings = Settings::from_yaml("podgate.yaml", text).unwrap();
        well_said(&Gate::builder().settings(settings).build().unwrap_err().to_string());
    }
}

#[test]
fn of_policies() {
    let metadata = |lines: &str| {
        format!("# METADATA\n{lines}\npackage a\n\nimport rego.v1\n\ndeny contains \"m\" if true\n")
    };
    let texts = [
        metadata("# title: ["),
        metadata("# title: [a]"),
        metadata("# custom: {severity: awful}"),
        metadata("# custom: {parameters: 5}"),
        metadata("# custom: {kinds: Pod}"),
        "package a\n\ndeny contains".to_owned(),
        "package a\n\nx := \"\\q\"\n\ndeny[x] { true }".to_owned(),
        "package a\n\nx := 'a'".to_owned(),
        "package a\nimport rego.v1\nimport rego.v1\ndeny contains 1 if { every x in [1] { x > y } }"
            .to_owned(),
    ];
    for text in texts {
        let gate =
            Gate::builder().policies([RegoFile { path: "a.rego".to_owned(), text: text.clone() }]).build();
        let gate = gate.unwrap();
        let report = gate.start(&podgate::Context::default());
        let told: Vec<&str> = report.failed_policies.iter().map(|failed| failed.reason.as_str()).collect();
        let warned = report.warnings.len();
        assert!(!told.is_empty() || warned > 0, "{text}");
        told.into_iter().for_each(well_said);
        report.warnings.iter().for_each(|warning| well_said(&warning.reason));
    }
}

/// `off` without quotes is a truth value in YAML 1.1, which settings are read as, too.
#[test]
fn off_means_off() {
    for text in ["policies: {CI201: {mode: off}}", "policies: {CI201: {mode: 'off'}}"] {
        let settings = Settings::from_yaml("podgate.yaml", text).unwrap();
        let gate = Gate::builder().settings(settings).build().unwrap();
        assert!(gate.policies().iter().all(|policy| policy.id != "CI201"));
    }
    assert!(Settings::from_yaml("podgate.yaml", "policies: {CI201: {mode: on}}").is_err());
}

#[test]
fn of_imports() {
    let manifest = |spec: &str| {
        format!("apiVersion: policy/v1beta1\nkind: PodSecurityPolicy\nmetadata: {{name: a}}\nspec: {spec}\n")
    };
    let rules =
        "seLinux: {rule: RunAsAny}, runAsUser: {rule: RunAsAny}, supplementalGroups: {rule: RunAsAny}";
    let texts = [
        "a: [".to_owned(),
        "a: 1".to_owned(),
        "kind: PodSecurityPolicy".to_owned(),
        manifest("1"),
        manifest("{}"),
        manifest("{a: 1}"),
        manifest(&format!("{{{rules}, fsGroup: 1}}")),
        manifest(&format!("{{{rules}, fsGroup: {{rule: MustRunAs}}}}")),
        manifest(&format!("{{{rules}, fsGroup: {{rule: RunAsAny}}, hostPorts: [{{min: 1}}]}}")),
        manifest(&format!("{{{rules}, fsGroup: {{rule: RunAsAny}}, volumes: [x]}}")),
        manifest(&format!(
            "{{{rules}, fsGroup: {{rule: RunAsAny}}, allowedHostPaths: [{{pathPrefix: ''}}]}}"
        )),
        manifest(&format!(
            "{{{rules}, fsGroup: {{rule: RunAsAny}}, allowedHostPaths: [{{pathPrefix: /..}}]}}"
        )),
        format!("{}---\n{}", manifest("{}"), manifest("{}")),
    ];
    for text in texts {
        let error = podgate::import::psp::import("psp.yaml", &text, None).unwrap_err();
        well_said(error.reason());
    }
}

/// What broken XML is told as.
#[test]
fn broken_xml_is_foreign_only_where_it_names_nothing_of_jenkins() {
    let gate = Gate::new().unwrap();
    let cause = |name: &str, text: &str| {
        let report = gate.check_text(name, text, &podgate::Context::default());
        let [told] = report.not_evaluated.as_slice() else { panic!("{name}: {report:#?}") };
        well_said(&told.reason);
        told.cause
    };
    let (foreign, broken) = (podgate::report::Cause::NotKubernetes, podgate::report::Cause::Syntax);
    let job = "<flow-definition><definition><script>sh 'a && b'</script></definition></flow-definition>";
    for (name, text, wanted) in [
        ("job.xml", job, broken),
        ("config.xml", "<project><a && b></project>", broken),
        ("jobs/a/CONFIG.xml", "<project><a && b></project>", broken),
        ("a.xml", "<a><definition class=\"org.x.CpsFlowDefinition\">&&</definition></a>", broken),
        ("a.xml", "<a><script>podTemplate(x) && y</script></a>", broken),
        ("a.xml", "<org.csanchez.jenkins.x>&&", broken),
        ("a.xml", "<a>kubernetes {", broken),
        ("pom.xml", "<project>a && b</project>", foreign),
        ("a.xml", "no xml at all", broken),
    ] {
        assert_eq!(cause(name, text), wanted, "{name} {text}");
    }
}
