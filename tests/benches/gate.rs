//! How long a verdict takes, and what it is made of.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use k8s_openapi::api::core::v1::Pod;
use podgate::document::{self, Limits};
use podgate::{Context, Gate, subject};

fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name);
    std::fs::read_to_string(path).unwrap()
}

fn pod(text: &str) -> Pod {
    let document = document::read("pod", text, &Limits::default()).remove(0).unwrap();
    serde_json::from_value(serde_json::to_value(document.root()).unwrap()).unwrap()
}

fn verdicts(criterion: &mut Criterion) {
    let gate = Gate::new().unwrap();
    let context = Context::default();
    for (name, file) in [("bad", "bad/jenkins-dind.yaml"), ("clean", "good/hardened.yaml")] {
        let text = fixture(file);
        let pod = pod(&text);
        criterion.bench_function(&format!("typed pod to findings, {name}"), |bench| {
            bench.iter(|| gate.check(black_box(&pod)));
        });
        criterion.bench_function(&format!("text to report, {name}"), |bench| {
            bench.iter(|| gate.check_text("pod.yaml", black_box(&text), &context));
        });
        criterion.bench_function(&format!("text to document, {name} ({} bytes)", text.len()), |bench| {
            bench.iter(|| document::read("pod.yaml", black_box(text.as_str()), &Limits::default()));
        });
        let document =
            Arc::new(document::read("pod.yaml", text.as_str(), &Limits::default()).remove(0).unwrap());
        criterion.bench_function(&format!("document to subjects, {name}"), |bench| {
            bench.iter(|| subject::subjects(black_box(&document), &Limits::default()));
        });
    }
}

/// The Pod Security Standards: the newest version, and the one in which most checks have an exception to weigh.
fn pod_security(criterion: &mut Criterion) {
    for profile in ["pss-baseline", "pss-restricted", "pss-restricted:v1.25"] {
        let gate = Gate::builder().profile(profile).build().unwrap();
        for (name, file) in [("bad", "bad/jenkins-dind.yaml"), ("clean", "good/hardened.yaml")] {
            let pod = pod(&fixture(file));
            criterion.bench_function(&format!("typed pod to findings, {profile}, {name}"), |bench| {
                bench.iter(|| gate.check(black_box(&pod)));
            });
        }
    }
}

fn preparation(criterion: &mut Criterion) {
    let gate = || Gate::new().unwrap();
    gate();
    criterion.bench_function("gate from built-in policies", |bench| bench.iter(gate));
}

/// Every built-in policy by itself, on both engines: what the one entry point and the machine save.
fn engines(criterion: &mut Criterion) {
    let pod = pod(&fixture("bad/jenkins-dind.yaml"));
    let input = serde_json::json!({ "review": { "object": pod, "namespace": "ci" }, "parameters": {} });
    let input = regorus::Value::from(input);
    let mut engine = regorus::Engine::new();
    for file in podgate_policies::RULES {
        engine.add_policy(file.path.to_owned(), file.text.to_owned()).unwrap();
    }
    let policies = podgate::policy::built_in().unwrap();
    let rules: Vec<String> =
        policies.iter().map(|policy| format!("data.{}.violation", policy.package)).collect();
    let names: Vec<&str> = rules.iter().map(String::as_str).collect();
    let compiled = engine.compile_with_entrypoint(&names[0].into()).unwrap();
    let program =
        regorus::languages::rego::compiler::Compiler::compile_from_policy(&compiled, &names).unwrap();
    criterion.bench_function("policies one by one, machine, bad", |bench| {
        bench.iter(|| {
            let mut vm = regorus::rvm::RegoVM::new();
            vm.load_program(Arc::clone(&program));
            vm.set_max_instructions(1_000_000);
            vm.set_input(input.clone());
            names.iter().map(|name| vm.execute_entry_point_by_name(name).unwrap()).collect::<Vec<_>>()
        });
    });
    criterion.bench_function("policies one by one, interpreter, bad", |bench| {
        bench.iter(|| {
            let mut engine = engine.clone();
            engine.set_input(input.clone());
            rules.iter().map(|rule| engine.eval_rule(rule.clone()).unwrap()).collect::<Vec<_>>()
        });
    });
}

criterion_group!(benches, verdicts, pod_security, preparation, engines);
criterion_main!(benches);
