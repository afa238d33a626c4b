//! Core's tests that need nothing of a front end, in WebAssembly: `wasm-pack test`, in Node and in Chromium.
#![cfg(target_arch = "wasm32")]

#[expect(unreachable_pub, reason = "the file is public in the package of the tests")]
#[path = "../../tests/src/findings.rs"]
mod findings;

use findings::lines;
use podgate::document::Limits;
use podgate::{Context, Gate, RegoFile, Report, Settings};
use wasm_bindgen_test::wasm_bindgen_test;

/// Fixtures: name, manifest, findings.
macro_rules! fixtures {
    ($($name:literal),* $(,)?) => {
        [$((
            $name,
            include_str!(concat!("../../tests/fixtures/", $name, ".yaml")),
            include_str!(concat!("../../tests/fixtures/", $name, ".findings")),
        )),*]
    };
}

fn check(gate: &Gate, text: &str) -> Report {
    let mut context = Context::default();
    context.inventory.add_text("a.yaml", text);
    gate.check_text("a.yaml", text, &context)
}

#[wasm_bindgen_test]
fn fixtures_have_exactly_their_findings() {
    let gate = Gate::new().unwrap();
    for (name, text, expected) in fixtures![
        "bad/builders",
        "bad/crowded-agent",
        "bad/jenkins-dind",
        "bad/kops-node-iam",
        "bad/metadata-spellings",
        "bad/token-and-default-account",
        "bypass/B03a-trailing-slash",
        "bypass/B09a-claim-by-volume-name",
        "good/hardened",
    ] {
        let report = check(&gate, text);
        assert_eq!(lines(&report), expected, "{name}");
        assert!(report.failed_policies.is_empty(), "{name}: {:?}", report.failed_policies);
    }
}

#[wasm_bindgen_test]
fn the_deepest_nesting_that_any_setting_allows_fits_the_stack() {
    let limits = Limits { depth: Limits::MAX_DEPTH, ..Limits::default() };
    let gate = Gate::builder().limits(limits).build().unwrap();
    for depth in [Limits::MAX_DEPTH - 8, 100_000] {
        let nested = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let pod = format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: a}}, spec: {{hostPID: true, a: {nested}}}}}"
        );
        let report = check(&gate, &pod);
        assert_eq!(report.summary.subjects + report.summary.not_evaluated, 1, "{depth}: {report:?}");
    }
}

#[wasm_bindgen_test]
fn settings_are_read_with_their_places() {
    let error = Settings::from_yaml("podgate.yaml", "policies:\n  CI101: {mode: wran}\n").unwrap_err();
    assert_eq!(error.span().map(|span| (span.start.line, span.start.column)), Some((2, 17)));
}

#[wasm_bindgen_test]
fn a_policy_that_loops_is_a_failed_policy() {
    let loops = ["a", "b", "c", "d", "e", "f"].map(|name| format!("    some {name} in many\n")).concat();
    let text = format!(
        "package a.loop\nimport rego.v1\nmany := {:?}\nviolation contains {{\"msg\": \"never\"}} if {{\n{loops}    \
         a + b + c + d + e + f == 0\n}}\n",
        (1..=20).collect::<Vec<_>>()
    );
    let file = RegoFile { path: "loop.rego".to_owned(), text };
    let gate = Gate::builder().policies([file]).build().unwrap();
    let report = check(&gate, "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {}}");
    let failed: Vec<&str> = report.failed_policies.iter().map(|failed| failed.policy.as_str()).collect();
    assert_eq!(failed, ["a.loop"]);
    assert!(report.summary.denied);
}
