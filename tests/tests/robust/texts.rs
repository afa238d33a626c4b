//! Lists, values of charts, and texts inside objects.

use super::super::BAD;
use super::{Case, many, some};

pub(super) fn cases() -> Vec<Case> {
    let held = |data: &str| format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata:\n{data}");
    let application = |helm: &str| {
        format!(
            "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: a}}\nspec: {{source: {{chart: c, helm: {{{helm}}}}}}}\n"
        )
    };
    let twice = "- {apiVersion: v1, kind: Pod, metadata: {name: a, name: b}, spec: {containers: [{name: c, image: i}]}}\n";
    vec![
        ("list.yaml", format!("apiVersion: v1\nkind: List\nitems:\n{}", twice.repeat(2_000)), 2_000, 0),
        (
            "log.yaml",
            held(&format!("  log: |\n{}", "    2026-01-01 INFO script: started\n".repeat(80_000))),
            0,
            0,
        ),
        ("keys.yaml", held(&format!("  keys: |\n{}", "    jobs: started\n".repeat(80_000))), 0, 0),
        ("words.yaml", held(&format!("  words: {}x\n", "run:".repeat(500_000))), 0, 0),
        (
            "texts.yaml",
            held(&some(&|at| {
                format!(
                    "  t{at}: '{{apiVersion: v1, kind: Pod, spec: {{containers: [{{name: c, image: i}}]}}}}'\n"
                )
            })),
            2_000,
            0,
        ),
        (
            "documents.yaml",
            held(&format!(
                "  all: |\n{}",
                some(&|_| {
                    "    ---\n    {apiVersion: v1, kind: Pod, spec: {containers: [{name: c, image: i}]}}\n"
                        .to_owned()
                })
            )),
            2_000,
            0,
        ),
        (
            "inside.yaml",
            (0..12).fold(BAD.to_owned(), |inner, _| {
                let lines = inner.lines().map(|line| format!("    {line}\n")).collect::<String>();
                held(&format!("  x: |\n{lines}"))
            }),
            0,
            1,
        ),
        (
            "parameters.yaml",
            application(&format!("parameters: [{}]", many(&|at| format!("{{name: 'a.k{at}', value: b}}, ")))),
            0,
            2,
        ),
        (
            "crowded.yaml",
            application(&format!(
                "parameters: [{}], valuesObject: {{{}}}",
                some(&|at| format!("{{name: 'a.k{at}', value: b}}, ")),
                many(&|at| format!("k{at}: a, "))
            )),
            0,
            2,
        ),
        (
            "kustomization.yaml",
            format!(
                "patches:\n{}",
                some(&|_| {
                    "- patch: '{apiVersion: apps/v1, kind: Deployment, spec: {template: {spec: {hostPID: true}}}}'\n"
                        .to_owned()
                })
            ),
            2_000,
            1,
        ),
        (
            "kustomization.yaml",
            format!(
                "patches:\n- patch: '[{}]'\n",
                many(&|at| format!(
                    "{{op: add, path: /spec/hostPID, value: true}}, {{op: add, path: /a/k{at}, value: b}}, "
                ))
            ),
            1,
            1,
        ),
    ]
}
