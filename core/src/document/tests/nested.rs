//! Strings that hold documents: where what is in them stands.

use super::*;

/// What is written under a pointer, and its line and column.
fn at(text: &str, pointer: &str) -> String {
    let document = one(text);
    let bytes = document.byte_span(pointer).unwrap();
    let start = document.place(bytes.clone(), PositionEncoding::Utf32).start;
    format!("{}:{} {}", start.line, start.column, document.written(bytes))
}

#[test]
fn pointers_go_on_through_strings_of_every_style() {
    let json = r#"[{"Action": "ecr:*"}, "é"]"#;
    let literal = format!("a: 1\npolicy: |\n  {json}\nb: 2\n");
    assert_eq!(at(&literal, "/policy/0/Action"), "3:15 \"ecr:*\"");
    assert_eq!(at(&literal, "/policy/1"), "3:25 \"é\"");
    assert_eq!(at(&literal, "/policy"), format!("2:9 |\n  {json}"));
    let styles = [
        ("p: |-\n    [{\"A\":\n      [\"x\"]}]\n", "3:8 \"x\""),
        ("p: |2\n   [{\"A\":\n  [\"x\"]}]\n", "3:4 \"x\""),
        ("p: |+ # note\n\n\n  [{\"A\": [\"x\"]}]\n\n\nq: 1\n", "4:11 \"x\""),
        ("p: >\n  [{\"A\":\n\n\n  [\n    \"x\",\n\n    1]}]\n\nq: 1\n", "6:5 \"x\""),
        ("p: >-\n  [{\"A\":\n  [\"x\"]}]\nq: 1\n", "3:4 \"x\""),
        ("- p: >+2\n    [{\"A\":\n      [\"x\"]}]", "3:8 \"x\""),
        ("p: '[{\"A\": [\n\n  \"it''s\"]}]'\n", "3:3 \"it''s\""),
        ("p: \"[{\\\"A\\\": [\n    \\\"x\\u0041\\\\n\\\"]}]\"\n", "2:5 \\\"x\\u0041\\\\n\\\""),
        ("p: \"[{\\\"A\\\":\\\n    \\ [\\\"x\\\"]}]\"\n", "2:8 \\\"x\\\""),
        ("{\"p\": \"[{\\\"A\\\": [\\\"\\ud834\\udd1e\\\"]}]\"}", "1:18 \\\"\\ud834\\udd1e\\\""),
        ("p: \"A: [x,\n\n  'y']\"\n", "1:9 x"),
        ("p: |\r\n  - A: [\"x\"]\r\n", "2:9 \"x\""),
    ];
    for (text, wanted) in styles {
        let pointer = if text.starts_with('-') {
            "/0/p/0/A/0"
        } else if text.contains("\"A: ") {
            "/p/A/0"
        } else {
            "/p/0/A/0"
        };
        assert_eq!(at(text, pointer), wanted, "{text}");
    }
}

#[test]
fn keys_and_strings_in_strings_have_their_place() {
    let document = one("p: |\n  {\"Action\": \"{\\\"b\\\": [1]}\"}\n");
    let key = document.key_byte_span("/p/Action").unwrap();
    assert_eq!(document.written(key), "\"Action\"");
    let key = document.key_byte_span("/p/Action/b").unwrap();
    assert_eq!(document.written(key), "\\\"b\\\"");
    assert_eq!(document.written(document.byte_span("/p/Action/b/0").unwrap()), "1");
    assert_eq!(document.look("/p/Action/b/0").and_then(|node| node.as_i64()), Some(1));
    assert_eq!(document.look("/p/Action/c"), None);
    assert_eq!(document.get("/p/Action"), None);
}

#[test]
fn text_that_is_no_document_stays_one_value() {
    for (text, pointer) in [
        ("p: some text", "/p/0"),
        ("p: 'a: ['", "/p/a"),
        ("p: &x '[1]'\nq: *x", "/q/0"),
        ("p: !!binary WzFd", "/p/0"),
        ("p: 7", "/p/0"),
    ] {
        let document = one(text);
        let string = pointer.split('/').nth(1).unwrap();
        assert_eq!(document.byte_span(pointer), document.byte_span(&format!("/{string}")), "{text}");
        assert_eq!(document.key_byte_span(pointer), None);
    }
}

#[test]
fn what_is_wrong_in_a_string_has_its_place() {
    assert_eq!(at("p: |\n  [{\"A\" \"B\"}]\n", "/p/0"), "2:9 \"B\"");
    assert_eq!(at("p: \"[{\\\"A\\\": x}]\"", "/p/0"), "1:14 x");
    assert_eq!(at("p: '[{\"A\": 1},]'", "/p/0"), "1:15 ]");
    assert_eq!(at("p: '{[}'", "/p/0"), "1:6 [");
    let deep = format!("p: '{}'", "[".repeat(1000));
    assert_eq!(at(&deep, "/p/0"), "1:133 [");
    let document = one("p: |\n  a: [1\n  ---\n  b: 1\n  b: 2\n");
    let nested = Nested::of_scalar(&document, document.get("/p").unwrap()).unwrap();
    assert_eq!(nested.text(), "a: [1\n---\nb: 1\nb: 2\n");
    let [Err(error), Ok(second)] = &nested.read(&Limits::default())[..] else { panic!() };
    let place = error.span(PositionEncoding::Utf8).start;
    assert_eq!((place.line, place.column, error.text()), (2, 6, document.text()));
    assert_eq!(document.written(second.duplicates()[0].bytes.clone()), "b");
    assert_eq!(second.place(second.duplicates()[0].bytes.clone(), PositionEncoding::Utf8).start.line, 5);
}

#[test]
fn texts_are_taken_from_other_languages_piece_by_piece() {
    let document = one("'def x = \"\"\"a: \\$1\n\"\"\"'");
    let text = document.text();
    let mut nested = Nested::new(&document);
    let start = text.find("a:").unwrap();
    nested.copy(start..start + 3);
    nested.stand_for("$", start + 3..start + 5);
    nested.copy(start + 5..start + 7);
    // Not beyond the end.
    nested.stand_for("x", 5..1000);
    assert_eq!(nested.text(), "a: $1\n");
    let inner = nested.read(&Limits::default()).remove(0).unwrap();
    assert_eq!(inner.written(inner.byte_span("/a").unwrap()), "\\$1");
    assert_eq!(inner.source(), "input.yaml");
    assert_eq!(nested.place(0..0), start..start);
    assert_eq!(Nested::new(&document).place(3..5), 0..0);
}

/// A random value, and text that may stand in any style of scalar.
fn random(rng: &mut fastrand::Rng, depth: usize) -> serde_json::Value {
    const WORDS: [&str; 10] =
        ["", "a", "it's", "\"", "\\", "a b  c", " x ", "é𝄞", "line\nbreak\ttab", "# no: comment"];
    match rng.u8(0..if depth > 3 { 3 } else { 5 }) {
        0 => rng.i32(-9..99).into(),
        1 => rng.bool().into(),
        2 => (*rng.choice(&WORDS).unwrap()).into(),
        3 => (0..rng.usize(0..4)).map(|_| random(rng, depth + 1)).collect(),
        _ => {
            let entries = (0..rng.usize(0..4))
                .map(|at| (format!("{}{at}", rng.choice(&WORDS).unwrap()), random(rng, depth + 1)));
            serde_json::Value::Object(entries.collect())
        }
    }
}

/// A text as a scalar of every style that can hold it: what stands before it, how it is written, and what stands
/// behind it.
fn scalars(rng: &mut fastrand::Rng, text: &str) -> Vec<(&'static str, String, &'static str)> {
    let lines = |by: &str| text.replace('\n', by);
    let json = serde_json::to_string(text).unwrap();
    let escape = |one: char| match one {
        '"' | '\\' => format!("\\{one}"),
        '\n' => "\\n\\\n   ".to_owned(),
        ' ' => "\\x20".to_owned(),
        one if rng.u8(0..5) == 0 => format!("\\U{:08x}", u32::from(one)),
        one => one.to_string(),
    };
    vec![
        (
            "{\"p\": \"",
            json.strip_prefix('"').and_then(|json| json.strip_suffix('"')).unwrap().to_owned(),
            "\"}",
        ),
        ("p: |-\n  ", lines("\n  "), "\nq: 1\n"),
        ("x:\n- p: |4-\n      ", lines("\n      "), "\n  q: 1\n"),
        ("p: '", lines("\n\n  ").replace('\'', "''"), "'\n"),
        ("p: >-\n  ", lines("\n\n  "), "\n"),
        ("p: \"", text.chars().map(escape).collect(), "\"\n"),
    ]
}

/// The string in a text made by [`scalars`].
fn string(document: &Document) -> &Node {
    document.get("/p").or_else(|| document.get("/x/0/p")).unwrap()
}

#[test]
fn what_is_under_a_span_is_the_value() {
    let mut rng = fastrand::Rng::with_seed(609);
    let mut compared = 0;
    for _ in 0..300 {
        let value = serde_json::json!([random(&mut rng, 0)]);
        let write = if rng.bool() { serde_json::to_string_pretty } else { serde_json::to_string };
        for (before, body, behind) in scalars(&mut rng, &write(&value).unwrap()) {
            let document = one(&format!("{before}{body}{behind}"));
            let nested = Nested::of_scalar(&document, string(&document)).expect(&body);
            assert_eq!(Some(nested.text()), string(&document).as_str());
            let inner = nested.read(&Limits::default()).remove(0).unwrap();
            assert_eq!(serde_json::to_value(inner.root()).unwrap(), value, "{body}");
            let mut open = vec![inner.root().clone()];
            while let Some(node) = open.pop() {
                let written = document.written(node.bytes());
                // By itself in the same style, it is the same value.
                let alone = one(&format!("{before}{written}{behind}"));
                let alone = serde_json::from_str::<serde_json::Value>(string(&alone).as_str().unwrap());
                assert_eq!(alone.ok(), serde_json::to_value(&node).ok(), "{written:?} of {body}");
                open.extend(node.as_list().into_iter().flatten().cloned());
                open.extend(
                    node.as_map().into_iter().flat_map(|map| map.iter()).map(|one| one.value().clone()),
                );
                compared += 1;
            }
        }
    }
    assert!(compared > 5_000, "only {compared} values compared");
}

#[test]
fn no_input_is_too_strange() {
    const PARTS: [&str; 28] = [
        "|", ">", "|-", ">+", "|2", ">1-", "\n", "\r\n", "\r", "  ", " ", "\t", "'", "''", "\"", "\\", "\\n",
        "\\u00e9", "\\\n", "[", "{\"a\": ", "]", "}", "a: ", "- ", "é", "# x", "1,",
    ];
    let mut rng = fastrand::Rng::with_seed(4);
    let (mut read_, mut found) = (0, 0);
    for _ in 0..20_000 {
        let body: String = (0..rng.usize(1..14)).map(|_| *rng.choice(&PARTS).unwrap()).collect();
        let text = format!("{}{body}", if rng.bool() { "p: " } else { "- p: " });
        for document in read("x", text.as_str(), &Limits::default()).into_iter().flatten() {
            for pointer in ["/p/a", "/p/0/a", "/0/p/0", "/0/p/a/0/a"] {
                for bytes in
                    [document.byte_span(pointer), document.key_byte_span(pointer)].into_iter().flatten()
                {
                    assert!(document.text().get(bytes).is_some(), "{text:?}");
                }
            }
            let node = document.get("/p").or_else(|| document.get("/0/p"));
            let Some(node) = node.filter(|node| node.as_str().is_some()) else { continue };
            read_ += 1;
            let Some(nested) = Nested::of_scalar(&document, node) else { continue };
            found += 1;
            assert_eq!(Some(nested.text()), node.as_str(), "{text:?}");
            for at in 0..=nested.text().len() + 1 {
                let place = nested.place(at..at + 1);
                assert!(place.start <= place.end && place.end <= text.len(), "{text:?}");
            }
        }
    }
    // Escaped line breaks before blank lines are the rest.
    assert!(read_ > 500 && found * 100 > read_ * 99, "{found} of {read_}");
}

#[test]
fn strings_behind_escapes_have_their_places_too() {
    let inner = [
        "a: |\\n  b: c1\\n  d: e1",
        "a: >-\\n  b: c1\\n\\n  d: e1",
        "a: \\\"b: c1\\\\nd: e1\\\"",
        "a: '{b: c1, d: e1}'",
        "x: 1\\na: '{b: \\\"c1\\\",\\n\\n  d: e1}'",
    ];
    for text in inner {
        let text = format!("k: \"{text}\\n\"\n");
        let document = one(&text);
        for (pointer, wanted) in [("/k/a/b", "c1"), ("/k/a/d", "e1")] {
            let bytes = document.byte_span(pointer).unwrap();
            let written = document.written(bytes);
            assert_eq!(written.trim_matches(['\\', '"']), wanted, "{pointer} in {text}");
        }
    }
}
