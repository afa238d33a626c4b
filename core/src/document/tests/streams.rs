//! Many documents, broken ones, and those that are too much.

use super::*;

#[test]
fn streams_keep_every_document() {
    let table = [
        ("", ""),
        ("# a\n", ""),
        ("---\n# a\n---\nb: 1\n...\n---\n", "null\n{\"b\":1}\nnull"),
        ("--- # note\na: 1\n--- !t\nb: 1\n--- [c]\n", "{\"a\":1}\n{\"b\":1}\n[\"c\"]"),
        ("a: [1\n---\nb: 1\n", "error 1:4: not valid YAML: `[` is not closed\n{\"b\":1}"),
        ("a: !!int x\nb: [\n---\nc: 1", "error 1:10: `x` is no `!!int`\n{\"c\":1}"),
        ("a: 1\r\n---\r\nb: |\r\n  x\r\n", "{\"a\":1}\n{\"b\":\"x\\n\"}"),
        ("a: |\n ---\n x", "{\"a\":\"---\\nx\"}"),
        ("{\"a\": 1}\n{\"b\": 2} [3]", "{\"a\":1}\n{\"b\":2}\n[3]"),
        ("{\"a\": 1}\n---\n{b: yes}\n", "{\"a\":1}\n{\"b\":true}"),
        ("a:\n\tb: 1", "error 2:2: not valid YAML: a tab cannot indent: use spaces"),
        ("a: \u{7}x", "error 1:4: the control character U+0007 is not allowed in YAML"),
        ("a: 'x\u{7f}'", "error 1:6: the control character U+007F is not allowed in YAML"),
    ];
    for (text, wanted) in table {
        assert_eq!(show(text), wanted, "{text:?}");
    }
    let indices: Vec<_> = read("", "a: [\n---\n---\nb: 1", &Limits::default())
        .iter()
        .map(|one| one.as_ref().map_or_else(DocumentError::index, Document::index))
        .collect();
    assert_eq!(indices, [0, 1, 2]);
}

/// Each of these gives Kubernetes other fields than it gives a YAML 1.2 reader.
#[test]
fn text_with_two_readings_is_refused() {
    for text in [
        "a: 1 # b\u{2028}privileged: true",
        "a: x\u{85}# y",
        "a: 'x\u{2029}b'",
        "{privileged: true, privileged:}",
        "{privileged: true, privileged :}",
        "{?privileged: true}",
        "{!t :a}",
        "[!t, x]",
        "{a: !t &ac:}",
    ] {
        let shown = show(text);
        assert!(shown.contains("ambiguous in YAML"), "{text}: {shown}");
    }
    assert_eq!(
        show("a: \"\\u2028\\N\"\nb: {c: , d: }"),
        "{\"a\":\"\u{2028}\u{85}\",\"b\":{\"c\":null,\"d\":null}}"
    );
}

#[test]
fn limits_hold() {
    let limits = Limits { bytes: 200, depth: 4, nodes: 30, expansion: 20, documents: 3, ..Limits::default() };
    let table = [
        ("x".repeat(201), "error 1:1: too large: 201 bytes, at most 200 are read"),
        ("a: [[[1]]]".to_owned(), "{\"a\":[[[1]]]}"),
        ("a: [[[[1]]]]".to_owned(), "error 1:7: nested too deep: at most 4 levels are read"),
        ("[[[[[1]]]]]".to_owned(), "error 1:5: nested too deep: at most 4 levels are read"),
        (
            "a: &a [[1]]\nb: [*a]\nc: [[*a]]".to_owned(),
            "error 3:6: nested too deep: at most 4 levels are read",
        ),
        (format!("[{}1]", "1,".repeat(30)), "error 1:60: too many values: at most 30 are read"),
        (
            "- &a [1, 2, 3, 4]\n- &b [*a, *a]\n- [*b, *b]".to_owned(),
            "error 3:4: too many repeated values: at most 20 are followed",
        ),
        ("---\n".repeat(4), "null\nnull\nnull\nerror 4:1: too many documents: at most 3 are read"),
    ];
    for (text, wanted) in table {
        assert_eq!(show_as("", &text, &limits), wanted, "{text}");
    }
}

#[test]
fn large_and_deep_texts_end_quickly() {
    for text in ["[".repeat(20_000), "{\"a\":".repeat(20_000), "- ".repeat(20_000), "? ".repeat(20_000)] {
        assert!(read("", text, &Limits::default()).iter().all(Result::is_err));
    }
    let key = "k".repeat(1_000_000);
    assert_eq!(one(&format!("? {key}\n: 1")).get(&format!("/{key}")).and_then(Node::as_i64), Some(1));
    let bomb: String = (1..10).fold("a0: &a0 [x]\n".to_owned(), |text, at| {
        text + &format!("a{at}: &a{at} [{}*a{}]\n", format!("*a{}, ", at - 1).repeat(9), at - 1)
    });
    assert!(show(&bomb).contains("too many repeated values"));
}
