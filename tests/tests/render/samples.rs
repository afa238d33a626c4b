//! The same reports for every renderer.

use std::sync::Arc;

use podgate::policy::Severity;
use podgate::position::{Position, Span};
use podgate::report::{
    Cause, Exempted, FailedPolicy, Finding, Fix, NotEvaluated, ObjectEntry, Owner, PolicySet, Report, Stage,
    SubjectEntry, VoidExemption,
};

pub(crate) const AGENT: &str = include_str!("../../../docs/examples/jenkins-agent.yaml");
pub(crate) const CAFE: &str = "kind: Pod\nmetadata: {name: café-寿司}\nspec: {containers: [{name: ä, image: 'x', securityContext: {privileged: true}}]}\n";

/// The text of a source of these reports.
pub(crate) fn sources(name: &str) -> Option<Arc<str>> {
    match name {
        "docs/examples/jenkins-agent.yaml" => Some(AGENT.into()),
        "k8s/café & co/pod 1.yaml" => Some(CAFE.into()),
        "k8s/broken.yaml" => Some("kind: Pod\nspec: [\n".into()),
        "policies/mine/mine.rego" => {
            Some("package mine\n\nviolation contains 1 if {\n\tx := nope(1)\n}\n".into())
        }
        _ => None,
    }
}

pub(crate) fn all() -> Vec<(&'static str, Report)> {
    vec![
        ("empty", report()),
        ("clean", clean()),
        ("typical", typical()),
        ("non_ascii", non_ascii()),
        ("trouble", trouble()),
        ("forged", forged()),
        ("folded", folded()),
    ]
}

fn report() -> Report {
    Report::new(PolicySet { digest: format!("sha256:{}", "0".repeat(64)), profiles: vec!["ci".to_owned()] })
}

fn subject(source: &str, kind: &str, namespace: &str, name: &str) -> SubjectEntry {
    SubjectEntry {
        object: ObjectEntry {
            source: source.to_owned(),
            document: 0,
            pointer: String::new(),
            api_version: "v1".to_owned(),
            kind: kind.to_owned(),
            name: name.to_owned(),
            namespace: namespace.to_owned(),
        },
        platform: String::new(),
        partial: false,
        implied: Vec::new(),
        unresolved: Vec::new(),
        owner: None,
        pods: None,
    }
}

fn span(line: u32, column: u32, length: u32) -> Option<Span> {
    Some(Span { start: Position { line, column }, end: Position { line, column: column + length } })
}

fn finding(policy: (&str, &str), severity: Severity, source: &str, pointer: &str, message: &str) -> Finding {
    Finding {
        policy: policy.0.into(),
        name: policy.1.into(),
        severity,
        action: severity.default_action(),
        message: message.into(),
        source: source.into(),
        subject: 0,
        container: None,
        pointer: pointer.into(),
        span: None,
        evidence: None,
        attack: format!("whoever controls the pod uses {} to start a container that owns the node", policy.1)
            .into(),
        help: format!("do without {}: build with rootless BuildKit in a pod of its own", policy.1).into(),
        docs: format!("https://podgate.dev/policies/{}", policy.0).into(),
        fix: Fix::default(),
    }
}

fn clean() -> Report {
    let mut report = report();
    report.subjects.push(subject("k8s/a.yaml", "Pod", "ci", "a"));
    report.subjects.push(subject("k8s/b.yaml", "Deployment", "", "b"));
    report.summarise();
    report
}

fn typical() -> Report {
    let source = "docs/examples/jenkins-agent.yaml";
    let mut report = report();
    report.subjects.push(subject(source, "Pod", "jenkins", "jenkins-agent"));
    report.findings = vec![
        Finding {
            span: span(52, 15, 20),
            container: Some("docker".into()),
            evidence: Some("/var/run/docker.sock".into()),
            ..finding(
                ("CI101", "runtime-socket"),
                Severity::Critical,
                source,
                "/spec/volumes/1/hostPath/path",
                "host path `/var/run/docker.sock` is the socket of a container runtime",
            )
        },
        Finding {
            span: span(38, 21, 4),
            container: Some("dind".into()),
            ..finding(
                ("CI202", "privileged-dind"),
                Severity::Critical,
                source,
                "/spec/containers/2/securityContext/privileged",
                "container `dind` is a privileged Docker daemon",
            )
        },
        Finding {
            span: span(56, 15, 26),
            ..finding(
                ("CI105", "host-path"),
                Severity::Medium,
                source,
                "/spec/volumes/2/hostPath/path",
                "volume `build-cache` is the node's `/data/jenkins/docker-cache`",
            )
        },
        Finding {
            span: span(45, 11, 17),
            ..finding(
                ("CI105", "host-path"),
                Severity::Medium,
                source,
                "/spec/containers/2/volumeMounts/1",
                "volume `build-cache` is mounted writable",
            )
        },
    ];
    report.summarise();
    report
}

fn non_ascii() -> Report {
    let source = "k8s/café & co/pod 1.yaml";
    let mut report = report();
    report.subjects.push(subject(source, "Pod", "", "café-寿司"));
    report.findings = vec![
        Finding {
            span: span(3, 72, 4),
            container: Some("ä".into()),
            evidence: Some("true".into()),
            ..finding(
                ("CI201", "privileged"),
                Severity::High,
                source,
                "/spec/containers/0/securityContext/privileged",
                "container `ä` is privileged <&> 100%: \"寿司\"",
            )
        },
        finding(
            ("CI501", "latest"),
            Severity::Low,
            source,
            "/spec/containers/0/image",
            "image `x` has no digest",
        ),
    ];
    report.summarise();
    report
}

fn trouble() -> Report {
    let mut report = typical();
    let socket = report.findings.remove(0);
    let expires = "2026-12-31".parse().expect("a date");
    report.exempted.push(Exempted {
        finding: socket,
        reason: "OPS-7: moving to BuildKit".to_owned(),
        expires,
    });
    report.not_evaluated = vec![
        NotEvaluated {
            source: "k8s/broken.yaml".to_owned(),
            document: 0,
            pointer: String::new(),
            span: span(3, 1, 0),
            cause: Cause::Syntax,
            reason: "flow sequence is not closed".to_owned(),
        },
        NotEvaluated {
            source: "missing.yaml".to_owned(),
            document: 0,
            pointer: String::new(),
            span: None,
            cause: Cause::Unreadable,
            reason: "no such file".to_owned(),
        },
        NotEvaluated {
            source: "crds.yaml".to_owned(),
            document: 4,
            pointer: String::new(),
            span: span(90, 1, 9),
            cause: Cause::UnknownKind,
            reason: "kind `Widget` of `example.com/v1` is not known".to_owned(),
        },
    ];
    for number in 0..7 {
        report.not_evaluated.push(NotEvaluated {
            source: format!(".github/workflows/{number}.yaml"),
            document: 0,
            pointer: String::new(),
            span: span(1, 1, 4),
            cause: Cause::NotKubernetes,
            reason: "no Kubernetes object".to_owned(),
        });
    }
    report.failed_policies = vec![
        FailedPolicy {
            policy: "mine".to_owned(),
            stage: Stage::Load,
            subject: None,
            file: Some("policies/mine/mine.rego".to_owned()),
            span: span(4, 7, 4),
            reason: "function `nope` does not exist".to_owned(),
        },
        FailedPolicy {
            policy: "X1".to_owned(),
            stage: Stage::Evaluate,
            subject: Some(0),
            file: None,
            span: None,
            reason: "took longer than 100 ms".to_owned(),
        },
    ];
    report.void_exemptions.push(VoidExemption {
        policies: vec!["CI201".to_owned(), "CI202".to_owned()],
        reason: "OPS-3".to_owned(),
        expires: "2020-01-31".parse().expect("a date"),
    });
    report.summarise();
    report
}

/// Pods of a cluster, those of a Deployment as one subject.
fn folded() -> Report {
    let mut report = report();
    let owner =
        Owner { api_version: "apps/v1".to_owned(), kind: "Deployment".to_owned(), name: "agents".to_owned() };
    let of_owner = |pod: &str| SubjectEntry {
        owner: Some(owner.clone()),
        pods: Some(500),
        ..subject("production", "Pod", "ci", pod)
    };
    report.subjects = vec![
        of_owner("agents-7d9f-abcde"),
        subject("production", "Pod", "ci", "bare"),
        of_owner("agents-8888-x"),
    ];
    for subject in 0..2 {
        let container = Some("build".into());
        let pointer = "/spec/containers/0/securityContext/privileged";
        let message = "container `build` is privileged";
        let id = ("CI201", "privileged");
        let found = finding(id, Severity::Critical, "production", pointer, message);
        report.findings.push(Finding { container, subject, ..found });
    }
    report.summarise();
    report
}

/// Names that would draw a clean report over this one.
fn forged() -> Report {
    let evil = "\u{1b}[2J\u{1b}[H0 findings\nclean: 1 pod\r\u{9b}31m\u{202e}";
    let mut report = report();
    report.subjects.push(subject(evil, "Pod", evil, evil));
    report.findings = vec![Finding {
        container: Some(evil.into()),
        evidence: Some(evil.into()),
        ..finding((evil, evil), Severity::Critical, evil, evil, evil)
    }];
    report.not_evaluated.push(NotEvaluated {
        source: evil.to_owned(),
        document: 0,
        pointer: evil.to_owned(),
        span: None,
        cause: Cause::UnknownKind,
        reason: evil.to_owned(),
    });
    report.summarise();
    report
}
