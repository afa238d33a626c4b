//! Each rule has a text in which it fires and one, as near as may be, in which it does not.

use super::*;
use crate::policy::RegoFile;

const HEAD: &str = "package a\n\nimport future.keywords.not\nimport rego.v1\n\n";

/// The rules, by the names that stand in warnings and in `docs/style.md`.
const RULES: [&str; 16] = [
    "comprehension-head",
    "default-function",
    "loop-before-else",
    "nesting",
    "not-import",
    "overlapping-definitions",
    "partial-head",
    "print-call",
    "ref-head",
    "rego-v1-import",
    "sprintf-arguments",
    "sprintf-format",
    "sprintf-verb",
    "undefined-assignment",
    "walk-call",
    "with-modifier",
];

/// The names of the rules that fire in a text, with their lines.
fn fired(text: &str) -> Vec<(&'static str, u32)> {
    let module = Module::read(RegoFile { path: "a.rego".to_owned(), text: text.to_owned() }).unwrap();
    lint(&module).into_iter().map(|found| (found.rule, found.line)).collect()
}

/// For every rule a body that breaks it and one that does not; both stand behind the imports.
const CASES: [(&str, &str, &str); 14] = [
    (
        "comprehension-head",
        "x := [c.image | some c in input.review.object.spec.containers]",
        "x := [image | some c in input.review.object.spec.containers; image = c.image]",
    ),
    ("default-function", "default f(_) := 1\n\nf(x) := 2 if x > 1", "f(x) := 2 if x > 1\nelse := 1"),
    (
        "loop-before-else",
        "x := 1 if {\n\tsome c in data.b\n\tc > 1\n} else := 2",
        "x := 1 if {\n\tcount([c | some c in data.b; c > 1]) > 0\n} else := 2",
    ),
    ("nesting", "x := [[[[[[[[[[[[[1]]]]]]]]]]]]]", "x := [[[[[[[[[[[[1]]]]]]]]]]]]"),
    (
        "overlapping-definitions",
        "f(x) := 1 if x > 1\n\nf(x) := 2 if x > 2",
        "f(\"a\", x) := x\n\nf(\"b\", x) := x\n\ng(x) if x > 1\n\ng(x) if x > 2\n\nh := true if data.b\n\nh if data.c",
    ),
    (
        "partial-head",
        "violation contains {\"msg\": sprintf(\"%v\", [c])} if some c in data.b",
        "violation contains {\"msg\": msg, \"details\": {\"list\": [msg, 1, {}]}} if {\n\tsome c in data.b\n\t\
         msg := sprintf(\"%v\", [c])\n}",
    ),
    ("print-call", "x if print(1)", "test_x if print(1)"),
    ("ref-head", "a.b.c := 1", "a[key] := 1 if some key in data.b"),
    ("sprintf-arguments", "x := sprintf(\"%v %v\", [1])", "x := sprintf(\"%v %v 100 %%\", [1, 2])"),
    (
        "sprintf-format",
        "x := sprintf(data.b, [1])",
        "x := sprintf(`%v`, [1])\n\ny := z if {\n\ttext := \"%v\"\n\tz := sprintf(text, [1])\n}",
    ),
    ("sprintf-verb", "x := sprintf(\"%d\", [1])", "x := sprintf(\"%v d\", [1])"),
    (
        "undefined-assignment",
        "x if {\n\ty := input.review.object.spec.hostPID\n\tis_null(y)\n}",
        "x if {\n\ty = input.review.object.spec.hostPID\n\tis_null(y)\n}",
    ),
    ("walk-call", "x if walk(data.b, [_, _])", "x := data.b.walk"),
    ("with-modifier", "x if data.b with input as 1", "test_x if data.b with input as 1"),
];

#[test]
fn each_rule_fires_where_it_should_and_nowhere_else() {
    for (rule, bad, good) in CASES {
        let rules: Vec<&str> = fired(&format!("{HEAD}{bad}\n")).into_iter().map(|(rule, _)| rule).collect();
        assert_eq!(rules, [rule], "{bad}");
        assert_eq!(fired(&format!("{HEAD}{good}\n")), [], "{good}");
    }
}

#[test]
fn every_rule_is_tested_and_documented() {
    let mut tested: Vec<&str> =
        CASES.iter().map(|(rule, ..)| *rule).chain(["not-import", "rego-v1-import"]).collect();
    tested.sort_unstable();
    assert_eq!(tested, RULES);
    let style = include_str!("../../../../../docs/style.md");
    for rule in RULES {
        assert!(style.contains(&format!("`{rule}`")), "docs/style.md does not name `{rule}`");
    }
}

#[test]
fn imports_are_asked_for() {
    assert_eq!(fired("package a\n\nx := 1\n"), [("rego-v1-import", 1)]);
    assert_eq!(fired("package a\n\nimport rego.v1\n\nx if not data.b\n"), [("not-import", 5)]);
    assert_eq!(fired("package a\n\nimport rego.v1\n\nx if data.b\n"), []);
    // The first version of the language cannot import the second.
    assert_eq!(fired("package a\n\nx { data.b }\n"), []);
}

#[test]
fn what_a_statement_before_has_proved_is_defined() {
    let proved = "x if {\n\tis_string(input.review.object.spec.nodeName)\n\ty := upper(input.review.object.spec.nodeName)\n\t\
                  y == \"A\"\n\tz := input.review.object.spec\n\tz.a\n}\n";
    assert_eq!(fired(&format!("{HEAD}{proved}")), []);
    let negated = "x if {\n\tnot input.review.object.spec.nodeName\n\ty := input.review.object.spec.nodeName\n\tis_null(y)\n}\n";
    assert_eq!(fired(&format!("{HEAD}{negated}")), [("undefined-assignment", 8)]);
}

#[test]
fn parts_of_the_input_are_followed_through_variables() {
    let text = "x if {\n\tsome c in input.review.object.spec.containers\n\tcontext = c.securityContext\n\t\
                user := context.runAsUser\n\tuser == 0\n}\n";
    assert_eq!(fired(&format!("{HEAD}{text}")), [("undefined-assignment", 9)]);
    let own = "x if {\n\tsome c in data.lib.containers\n\tuser := c.user\n\tuser == 0\n}\n";
    assert_eq!(fired(&format!("{HEAD}{own}")), []);
}

#[test]
fn the_place_is_that_of_the_form() {
    let module = Module::read(RegoFile {
        path: "a.rego".to_owned(),
        text: format!("{HEAD}x := sprintf(\"%d\", [1])\n"),
    });
    let found = lint(&module.unwrap());
    assert_eq!(found.iter().map(|one| (one.line, one.column)).collect::<Vec<_>>(), [(6, 15)]);
}
