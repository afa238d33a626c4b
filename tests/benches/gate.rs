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
            bench.iter(|| subject::subjects(black_box(&document)));
        });
    }
}

fn preparation(criterion: &mut Criterion) {
    let gate = || Gate::new().unwrap();
    gate();
    criterion.bench_function("gate from built-in policies", |bench| bench.iter(gate));
}

criterion_group!(benches, verdicts, preparation);
criterion_main!(benches);
