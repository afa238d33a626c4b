//! Pipelines of other systems.

use super::{Case, many, some, variables};

pub(super) fn cases() -> Vec<Case> {
    let options = many(&|at| format!("-e V{at}=a "));
    let preset = |at: usize| format!("- {{labels: {{preset-{at}: 'true'}}, env: [{{name: A, value: b}}]}}\n");
    let job = |at: usize| {
        format!(
            "- {{name: j{at}, interval: 1h, labels: {{preset-{at}: 'true'}}, spec: {{containers: [{{image: a}}]}}}}\n"
        )
    };
    vec![
        (
            ".github/workflows/a.yml",
            format!(
                "on: push\njobs:\n  a:\n    runs-on: x\n    container: {{image: a, options: '{options}'}}\n    steps: [{{run: x}}]\n"
            ),
            1,
            0,
        ),
        (
            "azure-pipelines.yml",
            format!(
                "resources: {{containers: [{{container: c, image: a, options: '{options}'}}]}}\njobs: [{{job: a, container: c, steps: [{{script: x}}]}}]\n"
            ),
            2,
            0,
        ),
        (
            ".drone.yml",
            format!(
                "kind: pipeline\ntype: kubernetes\nname: a\nsteps:\n- name: a\n  image: a\n  environment:\n{}",
                variables("    ")
            ),
            1,
            0,
        ),
        (
            ".woodpecker.yml",
            format!("steps:\n- name: a\n  image: a\n  environment:\n{}", variables("    ")),
            1,
            0,
        ),
        (
            "azure-pipelines.yml",
            format!(
                "variables: {{A: a}}\n${{{{ if a }}}}: {{}}\njobs:\n{}",
                many(&|at| format!("- {{job: j{at}, steps: [{{bash: x}}]}}\n"))
            ),
            20_000,
            0,
        ),
        (
            ".github/workflows/a.yml",
            format!(
                "on: push\njobs:\n  a:\n    runs-on: x\n    strategy: {{matrix: {{c: [{}]}}}}\n    container: '${{{{ matrix.c }}}}'\n    steps: []\n",
                some(&|at| format!("a:{at}, "))
            ),
            2_000,
            0,
        ),
        (
            ".github/workflows/a.yml",
            format!(
                "on: push\nenv:\n{}jobs: {{a: {{runs-on: x, steps: [{}]}}}}\n",
                variables("  "),
                many(&|at| format!("{{run: x, env: {{W{at}: a}}}}, "))
            ),
            1,
            0,
        ),
        (
            "azure-pipelines.yml",
            format!(
                "variables:\n{}jobs: [{{job: a, steps: [{}]}}]\n",
                variables("  "),
                many(&|at| format!("{{script: x, env: {{W{at}: a}}}}, "))
            ),
            1,
            0,
        ),
        (
            "azure-pipelines.yml",
            format!(
                "pool: own\njobs:\n- job: a\n  container:\n    image: a\n{}",
                many(&|at| format!("    ${{{{ if {at} }}}}: {{options: --init}}\n"))
            ),
            1,
            0,
        ),
        (
            "config.yml",
            format!(
                "version: 2.1\ncommands:\n{}jobs: {{a: {{docker: [{{image: a}}], resource_class: a/b, steps: [c0]}}}}\n",
                many(&|at| format!("  c{at}: {{steps: [c{0}, c{0}, {{run: x}}]}}\n", at + 1))
            ),
            1,
            0,
        ),
        (
            "config.yml",
            format!(
                "version: 2.1\ncommands:\n{}jobs:\n{}",
                many(&|at| format!("  c{at}: {{steps: [c{}]}}\n", at + 1)),
                many(&|at| format!(
                    "  j{at}: {{docker: [{{image: a}}], resource_class: a/b, steps: [c0]}}\n"
                ))
            ),
            8,
            1,
        ),
        ("pipeline.yml", format!("env:\n{}steps: [{{label: a, command: x}}]\n", variables("  ")), 1, 0),
        (
            "pipeline.yml",
            format!(
                "jobs: [{{name: a, plan: [{{task: t, params: {{{}}}, config: {{platform: linux, run: {{path: x}}}}}}], ensure: {{do: [{}]}}}}]\n",
                many(&|at| format!("V{at}: a, ")),
                some(&|_| "{task: t, config: {platform: linux, run: {path: x}}}, ".to_owned())
            ),
            2_001,
            0,
        ),
        (
            "pipeline.yml",
            format!(
                "steps: [{{label: a, command: x, plugins: [{{kubernetes: {{podSpecPatch: {{containers: [{}]}}}}}}]}}]\n",
                some(&|at| format!("{{name: container-0, env: [{{name: V{at}, value: a}}]}}, "))
            ),
            0,
            1,
        ),
        ("prow.yaml", format!("presets:\n{}periodics:\n{}", some(&preset), some(&job)), 4_000, 0),
    ]
}
