//! Objects of Argo, Tekton and OpenShift.

use super::{Case, few, many, some};

pub(super) fn cases() -> Vec<Case> {
    let argo = |spec: &str| {
        format!(
            "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {{name: w}}\nspec:\n  entrypoint: t\n{spec}"
        )
    };
    let tekton = |kind: &str, spec: &str| {
        format!("apiVersion: tekton.dev/v1\nkind: {kind}\nmetadata: {{name: t}}\nspec:\n{spec}")
    };
    let trigger = |parameters: &str| {
        format!(
            "  - template: {{name: a, k8s: {{source: {{resource: {{apiVersion: v1, kind: Pod, metadata: {{name: p}}, spec: {{containers: [{{name: c, image: i}}]}}}}}}, parameters: [{parameters}]}}}}\n"
        )
    };
    let sensor = |triggers: &str| {
        format!(
            "apiVersion: argoproj.io/v1alpha1\nkind: Sensor\nmetadata: {{name: s}}\nspec:\n  triggers:\n{triggers}"
        )
    };
    vec![
        (
            "template.yaml",
            format!(
                "apiVersion: v1\nkind: Template\nmetadata: {{name: t}}\nobjects:\n{}",
                some(&|at| format!(
                    "- {{apiVersion: build.openshift.io/v1, kind: BuildConfig, metadata: {{name: b{at}}}, spec: {{strategy: {{sourceStrategy: {{env: [{{name: A, value: b}}]}}}}}}}}\n"
                ))
            ),
            2_000,
            0,
        ),
        (
            "volumes.yaml",
            argo(&format!(
                "  volumes:\n{}  templates:\n  - name: t\n    container:\n      image: i\n      volumeMounts:\n{}",
                many(&|at| format!("  - {{name: v{at}, emptyDir: {{}}}}\n")),
                many(&|at| format!("      - {{name: v{at}, mountPath: /v{at}}}\n"))
            )),
            1,
            0,
        ),
        (
            "templates.yaml",
            argo(&format!(
                "  templates:\n{}",
                some(&|at| format!("  - {{name: t{at}, container: {{image: i}}}}\n"))
            )),
            2_000,
            0,
        ),
        (
            "set.yaml",
            argo(&format!(
                "  templates:\n  - name: t\n    containerSet:\n      volumeMounts: [{{name: v, mountPath: /v}}]\n      containers:\n{}",
                some(&|at| format!("      - {{name: c{at}, image: i, dependencies: [c0]}}\n"))
            )),
            1,
            0,
        ),
        (
            "steps.yaml",
            argo(&format!(
                "  templates:\n  - name: t\n    steps:\n{}",
                some(&|at| format!("    - - {{name: s{at}, inline: {{container: {{image: i}}}}}}\n"))
            )),
            2_000,
            0,
        ),
        (
            "patch.yaml",
            argo(&format!(
                "  podSpecPatch: |\n    NodeSelector:\n{}  templates: [{{name: t, container: {{image: i}}}}]\n",
                many(&|at| format!("      K{at}: a\n"))
            )),
            1,
            0,
        ),
        (
            "containers.yaml",
            argo(&format!(
                "  podSpecPatch: |\n    Containers:\n{}  templates: [{{name: t, container: {{image: i}}}}]\n",
                some(&|at| format!(
                    "    - {{Name: c{at}, Image: i, SecurityContext: {{RunAsUser: {at}}}}}\n"
                ))
            )),
            1,
            0,
        ),
        ("sensor.yaml", sensor(&trigger(&many(&|at| format!("{{dest: spec.a{at}}}, ")))), 1, 0),
        ("sensor.yaml", sensor(&some(&|at| trigger(&format!("{{dest: spec.a{at}}}")))), 2_000, 0),
        (
            "task.yaml",
            tekton(
                "Task",
                &format!(
                    "  stepTemplate: {{env: [{{name: A, value: b}}]}}\n  steps:\n{}",
                    some(&|at| format!("  - {{name: s{at}, image: i, script: x}}\n"))
                ),
            ),
            1,
            0,
        ),
        (
            "task.yaml",
            tekton(
                "Task",
                &format!(
                    "  workspaces:\n{}  steps: [{{image: i}}]\n",
                    many(&|at| format!("  - {{name: w{at}}}\n"))
                ),
            ),
            1,
            0,
        ),
        (
            "run.yaml",
            tekton(
                "PipelineRun",
                &format!(
                    "  taskRunSpecs:\n{}  pipelineSpec:\n    tasks:\n{}",
                    few(&|at| format!("  - {{pipelineTaskName: t{at}, serviceAccountName: a}}\n")),
                    few(&|at| format!("    - {{name: t{at}, taskSpec: {{steps: [{{image: i}}]}}}}\n"))
                ),
            ),
            498,
            1,
        ),
        (
            "workflow.yaml",
            argo(&format!(
                "  podSpecPatch: |\n    containers:\n{}  templates: [{{name: t, container: {{image: i}}}}]\n",
                some(&|at| format!("    - {{name: main, env: [{{name: V{at}, value: a}}]}}\n"))
            )),
            1,
            1,
        ),
    ]
}
