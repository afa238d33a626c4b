//! GitLab: pipelines and settings of the runner.

use super::{Case, MANY, few, many, some, variables};

pub(super) fn cases() -> Vec<Case> {
    let runner = |patch: &str| {
        format!(
            "[[runners]]\nexecutor = \"kubernetes\"\n[[runners.kubernetes.pod_spec]]\npatch_type = \"json\"\npatch = '[{patch}]'\n"
        )
    };
    vec![
        (
            "gitlab-ci.yml",
            format!("variables:\n{}job: {{image: a, stage: s, script: [x]}}\n", variables("  ")),
            1,
            0,
        ),
        (
            "gitlab-ci.yml",
            format!("job: {{image: '{}', stage: s, script: [x]}}\n", "${A".repeat(MANY * 5)),
            1,
            0,
        ),
        (
            "gitlab-ci.yml",
            format!(
                "variables: {{A: '{0}'}}\njob: {{image: '{0}', stage: s, script: [x]}}\n",
                "$A".repeat(MANY)
            ),
            1,
            0,
        ),
        (
            "config.toml",
            format!(
                "[[runners]]\nexecutor = \"kubernetes\"\n[runners.kubernetes]\ncap_add = [{0}]\ncap_drop = [{0}]\n",
                many(&|at| format!("\"C{at}\", "))
            ),
            1,
            0,
        ),
        (
            "config.toml",
            format!(
                "[[runners]]\nexecutor = \"kubernetes\"\nenvironment = [{}]\n[runners.kubernetes]\nservices = [{}]\n",
                many(&|at| format!("\"V{at}=a\", ")),
                many(&|_| "{name = \"a\"}, ".to_owned())
            ),
            0,
            1,
        ),
        (
            "config.toml",
            runner(many(&|at| format!(r#"{{"op": "add", "path": "/nodeSelector/k{at}", "value": "a"}}, "#))
                .trim_end_matches(", ")),
            1,
            0,
        ),
        (
            "config.toml",
            runner(many(&|at| format!(r#"{{"op": "add", "path": "/volumes/-", "value": {{"name": "v{at}", "emptyDir": {{}}}}}}, "#))
                .trim_end_matches(", ")),
            1,
            0,
        ),
        (
            "config.toml",
            runner(many(&|_| r#"{"op": "copy", "from": "/containers", "path": "/a"}, "#.to_owned())
                .trim_end_matches(", ")),
            1,
            0,
        ),
        (
            "gitlab-ci.yml",
            format!(
                ".a: {{script: [x]}}\njob:\n  stage: s\n  image: a\n  script:\n{}",
                many(&|_| "  - !reference [.a, script]\n".to_owned())
            ),
            2,
            0,
        ),
        (
            "gitlab-ci.yml",
            format!(
                "variables: {{LONG: '{}'}}\n{}",
                "a".repeat(4_000),
                (0..100)
                    .map(|job| format!("job{job}:\n  stage: s\n  image: a\n  script: [x]\n  variables:\n{}", (0..200).map(|at| format!("    V{at}: $LONG\n")).collect::<String>()))
                    .collect::<String>()
            ),
            19,
            1,
        ),
        (
            "gitlab-ci.yml",
            format!(
                "variables:\n{}{}",
                few(&|at| format!("  V{at}: a\n")),
                some(&|at| format!("j{at}: {{image: a, stage: s, script: [x]}}\n"))
            ),
            249,
            1,
        ),
        (
            "values.yaml",
            format!(
                "gitlabUrl: a\nrunnerRegistrationToken: b\nrunners:\n  config: |\n    [[runners]]\n      executor = \"kubernetes\"\n{}",
                many(&|at| format!("      {{{{ a{at} }}}}\n      b{at} = {{{{ c }}}}\n"))
            ),
            1,
            1,
        ),
    ]
}
