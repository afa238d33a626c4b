//! Rego of users: what works elsewhere works here; what is broken, hostile or read in two ways by two engines is
//! one failed policy with its place, and the others judge.

use podgate::report::{FailedPolicy, Stage};
use podgate::{Context, Gate, RegoFile, Report};
use podgate_tests::invariants;

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  hostPID: true\n  \
    containers: [{name: c, image: i, securityContext: {privileged: true}}, {name: d, image: j}]\n";

const GOOD: &str = "package team.good\n\nimport rego.v1\nimport future.keywords.not\n\n\
    violation contains {\"msg\": msg} if {\n\tsome c in input.review.object.spec.containers\n\t\
    msg := sprintf(\"image %v\", [c.image])\n}\n";

fn gate(texts: &[&str]) -> Gate {
    let files = texts
        .iter()
        .enumerate()
        .map(|(index, text)| RegoFile { path: format!("{index}.rego"), text: (*text).to_owned() });
    Gate::builder().policies(files).build().unwrap()
}

fn judge(gate: &Gate) -> Report {
    gate.check_text("in.yaml", POD, &Context::default())
}

/// What a user's policy says, as its messages; the built-in ones are left out.
fn messages(report: &Report) -> Vec<String> {
    let own = report.findings.iter().filter(|finding| !finding.policy.starts_with("CI"));
    own.map(|finding| format!("{} {}: {}", finding.policy, finding.action.as_str(), finding.message))
        .collect()
}

/// Judges with one bad policy beside a good one: the good one and the built-in ones must be untouched.
fn failure_of(text: &str) -> FailedPolicy {
    let report = judge(&gate(&[text, GOOD]));
    assert_eq!(
        messages(&report),
        ["team.good deny: image i", "team.good deny: image j"],
        "{text}\n{:?}",
        report.failed_policies
    );
    let built_in: Vec<&str> = report.findings.iter().map(|finding| finding.policy.as_str()).collect();
    assert!(built_in.contains(&"CI201") && built_in.contains(&"CI301"), "{built_in:?}");
    assert!(report.has_errors() && report.summary.denied);
    let [failed] = report.failed_policies.as_slice() else {
        panic!("{text}\n{:#?}", report.failed_policies);
    };
    invariants::error_text(&failed.reason).unwrap();
    assert_eq!(failed.file.as_deref(), Some("0.rego"));
    failed.clone()
}

/// `line:column stage reason` of a failure.
fn shown(failed: &FailedPolicy) -> String {
    let stage = if failed.stage == Stage::Load { "load" } else { "evaluate" };
    let at = failed.span.map_or("-".to_owned(), |span| format!("{}:{}", span.start.line, span.start.column));
    format!("{at} {stage} {}", failed.reason)
}

fn rule(body: &str) -> String {
    format!(
        "package team.bad\n\nimport rego.v1\nimport future.keywords.not\n\nviolation contains {{\"msg\": \"m\"}} if {{\n{body}\n}}\n"
    )
}

#[test]
fn what_cannot_be_loaded_is_told_with_its_place() {
    let table = [
        ("package team.bad\n\nviolation[", "3:11 load expecting expression"),
        ("import rego.v1\n", "1:1 load expecting `package` Missing package declaration"),
        ("\u{0}", "1:1 load expecting `package` Missing package declaration"),
        (&rule("no_such_function(1)"), "7:1 load unknown function `no_such_function`"),
        (&rule("x := input.a\n(x + 1) > 1"), "7:6 load unknown function `input.a`"),
        (&rule("no.such [0]"), "7:9 load invalid whitespace before ["),
        (
            &rule("numbers.range(1, 100000000)[_] == 0"),
            "7:1 load function `numbers.range` may not be called by a policy",
        ),
        (
            &rule("numbers.range (1, 100000000)[_] == 0"),
            "7:1 load function `numbers.range` may not be called by a policy",
        ),
        (
            &rule("numbers[\"range\"](1, 100000000)[_] == 0"),
            "7:1 load function `numbers.range` may not be called by a policy",
        ),
        (
            &rule("numbers[\"rang\\u0065\"](1, 100000000)[_] == 0"),
            "7:1 load function `numbers.range` may not be called by a policy",
        ),
        (&rule("time.now_ns() > 0"), "7:1 load function `time.now_ns` may not be called by a policy"),
        (
            &rule("http.send({\"url\": \"http://x\"}).status_code == 200"),
            "7:1 load function `http.send` may not be called by a policy",
        ),
        (&rule("x == 1"), "7:1 load use of undefined variable `x` is unsafe"),
        (&rule("input := 1"), "7:7 load input cannot be shadowed"),
        (
            &rule(&format!("x := {}1{}", "[".repeat(40), "]".repeat(40))),
            "7:19 load brackets are nested deeper than 14",
        ),
        (
            &rule(&format!("x := {}1{}", "[set(), ".repeat(40), "]".repeat(40))),
            "7:103 load brackets are nested deeper than 14",
        ),
        (
            &rule(&format!("x := {}", format!("{}\n", "set(".repeat(200)).repeat(1_000))),
            "1:1 load brackets are nested deeper than 14",
        ),
        (
            &rule(&format!("x := \"{}\"", "y".repeat(2_000))),
            "7:7 load line exceeds maximum column width of 1024",
        ),
    ];
    for (text, wanted) in table {
        assert_eq!(shown(&failure_of(text)), wanted, "{text}");
    }
}

#[test]
fn recursion_is_found_before_it_ends_the_process() {
    let table = [
        "f(x) := f(x + 1)\n\nviolation contains {\"msg\": \"m\"} if f(1)",
        "f(x) := g(x)\n\ng(x) := f (x)\n\nviolation contains {\"msg\": \"m\"} if f(1)",
        "p if q\n\nq if p\n\nviolation contains {\"msg\": \"m\"} if p",
        "p if data.team.bad.q\n\nq if data[\"team\"].bad[\"p\"]\n\nviolation contains {\"msg\": \"m\"} if p",
        "violation contains {\"msg\": m} if m := data.team.bad[_][_].msg",
        "violation contains {\"msg\": \"m\"} if {\n\tsome name\n\tdata.team[name].violation[_]\n}",
        "violation contains {\"msg\": \"m\"} if count(data) > 0",
        "violation contains {\"msg\": \"m\"} if {\n\tx := data\n\tx.team.bad.violation[_]\n}",
    ];
    for rules in table {
        let failed = failure_of(&format!("package team.bad\n\nimport rego.v1\n\n{rules}\n"));
        assert!(failed.reason.contains("leads back to itself"), "{rules}: {failed:?}");
        assert!(failed.span.is_some() && failed.stage == Stage::Load);
    }
}

#[test]
fn what_fails_while_judging_is_told_for_its_subject() {
    let table = [
        (
            rule("c := input.review.object.spec.nope"),
            "- evaluate the two engines disagree on `data.team.bad.violation`: 1 violations by one, 0 by the other; an undefined value in `:=` or in a rule's head is the usual cause",
        ),
        (
            rule(
                "t := concat(\"\", [\"0123456789\" | some _ in split(\"a,b\", \",\")])\nsome a in split(t, \"\")\nsome b in split(t, \"\")\nsome c in split(t, \"\")\nsome d in split(t, \"\")\nsome e in split(t, \"\")\nsome f in split(t, \"\")\na > \"9\"",
            ),
            "- evaluate Execution stopped: exceeded maximum instruction limit of 2000000 after 2000000 instructions",
        ),
        (
            rule("x := {\"a\": 1} & 3"),
            "7:6 evaluate `intersection` expects set argument. Got `{\"a\":1}` instead",
        ),
        (
            rule("true").replace("{\"msg\": \"m\"}", "{\"message\": \"m\"}"),
            "- evaluate a violation must be a string or an object with the string `msg`",
        ),
        (
            rule("true")
                .replace("{\"msg\": \"m\"}", "{\"msg\": \"m\", \"details\": {\"severity\": \"awful\"}}"),
            "- evaluate a violation has the unknown severity `awful`",
        ),
        (
            rule("true").replace("{\"msg\": \"m\"}", "{\"msg\": \"m\", \"details\": {\"fix\": 7}}"),
            "- evaluate the `fix` of a violation is not a JSON Patch",
        ),
        (
            "package team.bad\n\nimport rego.v1\n\nviolation := true\n".to_owned(),
            "- evaluate the rule must be a set of violations",
        ),
    ];
    let found: Vec<String> = table
        .iter()
        .map(|(text, _)| {
            let failed = failure_of(text);
            assert_eq!(failed.subject, Some(0));
            // The engine adds its program counter, which is nobody's business.
            shown(&failed).split(" (pc=").next().unwrap().to_owned()
        })
        .collect();
    let wanted: Vec<&str> = table.iter().map(|(_, wanted)| *wanted).collect();
    assert_eq!(found, wanted);
}

#[test]
fn policies_of_gatekeeper_and_conftest_run_as_they_are() {
    let gatekeeper = "package k8spspprivileged\n\nviolation[{\"msg\": msg, \"details\": {}}] {\n\t\
        c := input_containers[_]\n\tc.securityContext.privileged\n\t\
        msg := sprintf(\"Privileged container is not allowed: %v\", [c.name])\n}\n\n\
        input_containers[c] {\n\tc := input.review.object.spec.containers[_]\n}\n\n\
        input_containers[c] {\n\tc := input.review.object.spec.initContainers[_]\n}\n";
    let conftest = "package main\n\nimport rego.v1\n\nobject := object_of(input)\n\n\
        object_of(given) := given.review.object\n\n\
        deny contains msg if {\n\tobject.spec.hostPID\n\tmsg := \"no hostPID\"\n}\n\n\
        deny_image contains msg if {\n\tobject.spec.containers[_].image == \"j\"\n\tmsg := \"no j\"\n}\n\n\
        warn contains msg if {\n\tnot object.metadata.labels.team\n\tmsg := \"no team\"\n}\n";
    let gate = gate(&[gatekeeper, conftest]);
    let report = judge(&gate);
    assert_eq!(report.failed_policies, []);
    let mut found = messages(&report);
    found.sort();
    assert_eq!(
        found,
        [
            "k8spspprivileged deny: Privileged container is not allowed: c",
            "main deny: no hostPID",
            "main deny: no j",
            "main warn: no team",
        ]
    );
    let warnings: Vec<&str> = report.warnings.iter().map(|warning| warning.reason.as_str()).collect();
    assert_eq!(warnings.iter().filter(|one| one.contains("no METADATA block")).count(), 2, "{warnings:#?}");
    assert_eq!(warnings.iter().filter(|one| one.contains("future.keywords.not")).count(), 1, "{warnings:#?}");
}

#[test]
fn a_broken_helper_fails_those_that_use_it() {
    let helper = "package team.helper\n\nimport rego.v1\n\nbig(x) if nope(x)\n";
    let user = "package team.bad\n\nimport rego.v1\n\nimport data.team.helper\n\nviolation contains {\"msg\": \"m\"} if helper.big(1)\n";
    let report = judge(&gate(&[helper, GOOD, user]));
    assert_eq!(messages(&report), ["team.good deny: image i", "team.good deny: image j"]);
    let failed: Vec<_> =
        report.failed_policies.iter().map(|one| (one.policy.as_str(), one.file.as_deref())).collect();
    assert_eq!(failed, [("team.bad", Some("0.rego"))]);
    assert_eq!(shown(&report.failed_policies[0]), "5:11 load unknown function `nope`");
}

#[test]
fn what_the_machine_cannot_run_is_judged_by_the_interpreter_alone() {
    let text = rule("input.review.object.spec.hostPID with input.x as 1");
    let gate = gate(&[&text]);
    let report = judge(&gate);
    assert_eq!(messages(&report), ["team.bad deny: m"]);
    assert!(
        report.warnings.iter().any(|one| one.reason.contains("interpreter alone")),
        "{:?}",
        report.warnings
    );
}

/// The typed pod does not know them; whoever wrote them believed in them.
#[test]
fn policies_see_fields_that_the_types_do_not_have() {
    let text = rule(
        "input.review.object.spec.future.x == 1\ninput.review.object.spec.containers[1].Privileged == true\n\
         input.review.object.metadata[\"a/b\"] == [\"z\"]",
    );
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, a/b: [z]}\nspec:\n  future: {x: 1}\n  \
        containers: [{name: c}, {name: d, Privileged: true}]\n";
    for kind in ["", "apiVersion: v1\nkind: List\nitems:\n- "] {
        let indented = if kind.is_empty() { pod.to_owned() } else { pod.replace('\n', "\n  ") };
        let report = gate(&[&text]).check_text("in.yaml", &format!("{kind}{indented}"), &Context::default());
        assert_eq!(messages(&report), ["team.bad deny: m"], "{report:#?}");
    }
}
