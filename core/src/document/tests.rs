use std::fmt::Write;

use super::*;
use crate::position::Position;

/// All documents as JSON, one a line, errors as their message.
fn show(text: &str) -> String {
    show_as("input.yaml", text, &Limits::default())
}

fn show_as(source: &str, text: &str, limits: &Limits) -> String {
    let lines = read(source, text, limits).into_iter().map(|one| match one {
        Ok(document) => serde_json::to_string(document.root()).unwrap(),
        Err(error) => {
            let at = error.span(PositionEncoding::Utf32).start;
            format!("error {}:{}: {error}", at.line, at.column)
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn one(text: &str) -> Document {
    let mut documents = read("input.yaml", text, &Limits::default());
    assert_eq!(documents.len(), 1, "{text}");
    documents.remove(0).unwrap()
}

/// Every pointer of a document with the text of its value and, behind a tab, of its key.
fn spans(document: &Document) -> String {
    fn walk(document: &Document, pointer: &str, out: &mut String) {
        let value = document.written(document.byte_span(pointer).unwrap());
        let key = document.key_byte_span(pointer).map(|bytes| document.written(bytes));
        writeln!(out, "{pointer} {value:?} {}", key.unwrap_or("-")).unwrap();
        match document.get(pointer).unwrap().value() {
            Value::List(items) => {
                (0..items.len()).for_each(|at| walk(document, &format!("{pointer}/{at}"), out));
            }
            Value::Map(map) => map.iter().for_each(|entry| {
                walk(document, &format!("{pointer}/{}", escape_pointer_token(entry.key())), out);
            }),
            _ => {}
        }
    }
    let mut out = String::new();
    walk(document, "", &mut out);
    out
}

/// What `yaml.YAMLToJSON` of sigs.k8s.io/yaml 1.6.0 makes of a scalar.
#[test]
fn scalars_are_those_of_kubernetes() {
    let table = [
        ("true", "y Y yes Yes YES true True TRUE on On ON"),
        ("false", "n N no No NO false False FALSE off Off OFF"),
        ("null", "~ null Null NULL"),
        ("0", "0 00 -0 +0 0x0 0o0 0b0 0_0"),
        ("511", "511 0777 0o777 0x1FF 0X1ff 0b111111111 5_11 +511 511_"),
        ("-15", "-15 -017 -0o17 -0xF -0b1111 -1_5"),
        ("-1", "0b-1"),
        ("1", "0b+1"),
        ("89.0", "089"),
        ("1.5", "1.5 +1.5 1_.5 01.5 15e-1 .15e1"),
        ("0.1", ".1 .1_0"),
        ("1000.0", "1e3 1E+3 1_0e2"),
        ("9223372036854775807", "9223372036854775807 0x7fffffffffffffff"),
        ("9223372036854775808", "9223372036854775808 01000000000000000000000"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("1.8446744073709552e+19", "18446744073709551616 +18446744073709551615"),
    ];
    for (wanted, texts) in table {
        for text in texts.split(' ') {
            assert_eq!(show(&format!("a: {text}")), format!("{{\"a\":{wanted}}}"), "{text}");
            assert_eq!(show(&format!("a: \"{text}\"")), format!("{{\"a\":\"{text}\"}}"), "{text}");
            assert_eq!(show(&format!("a: !!str {text}")), format!("{{\"a\":\"{text}\"}}"), "{text}");
            assert_eq!(show(&format!("a: !Ref {text}")), format!("{{\"a\":\"{text}\"}}"), "{text}");
        }
    }
    let strings = "yEs tRue oN nULL _1 0x 0xg 0o8 0b2 1__x + -- . .. ._1 .5_ 1e 1e400 nan inf 0x1p-2 12:30 \
                   2001-01-01 2001-12-14t21:59:43Z 1.2.3 100m 1Gi << = 0x10000000000000000";
    for text in strings.split_whitespace() {
        assert_eq!(show(&format!("a: {text}")), format!("{{\"a\":\"{text}\"}}"), "{text}");
    }
}

#[test]
fn tags_are_obeyed_or_kept_out_of_the_way() {
    let table = [
        ("!!int \"12\"", "{\"a\":12}"),
        ("!!bool 'yes'", "{\"a\":true}"),
        ("!!float 1", "{\"a\":1.0}"),
        ("!!null ''", "{\"a\":null}"),
        ("!!binary aGVs\n  bG8=", "error 1:13: `aGVs bG8=` is no `!!binary`"),
        ("!!binary aGVsbG8=", "{\"a\":\"hello\"}"),
        ("!!binary /w==", "{\"a\":\"\u{fffd}\"}"),
        ("!!timestamp 2001-01-01", "{\"a\":\"2001-01-01\"}"),
        ("! 12", "{\"a\":\"12\"}"),
        ("!<tag:yaml.org,2002:int> 0x10", "{\"a\":16}"),
        ("!reference [job, script]", "{\"a\":[\"job\",\"script\"]}"),
        ("!!map {b: 1}", "{\"a\":{\"b\":1}}"),
        ("!!seq [1]", "{\"a\":[1]}"),
        ("!!set {b, c}", "{\"a\":{\"b\":null,\"c\":null}}"),
        ("!!int x", "error 1:10: `x` is no `!!int`"),
        ("!!null x", "error 1:11: `x` is no `!!null`"),
        ("!!timestamp x", "error 1:16: `x` is no `!!timestamp`"),
        (".inf", "error 1:4: `.inf` is no number that JSON can hold"),
    ];
    for (text, wanted) in table {
        assert_eq!(show(&format!("a: {text}")), wanted, "{text}");
    }
}

#[test]
fn keys_become_text_as_kubernetes_writes_them() {
    let table = [
        ("on", "true"),
        ("0x10", "16"),
        ("1.50", "1.5"),
        ("1e10", "1e+10"),
        ("1000000.5", "1.0000005e+06"),
        ("0.00001", "1e-05"),
        (".inf", ".inf"),
        ("!!str 1", "1"),
        ("\"<<\"", "<<"),
    ];
    for (key, wanted) in table {
        assert_eq!(show(&format!("{key}: x")), format!("{{\"{wanted}\":\"x\"}}"), "{key}");
    }
    assert_eq!(show("~: x"), "error 1:1: null cannot be a key");
    assert_eq!(show("[a]: x"), "error 1:1: a list cannot be a key");
    assert_eq!(show("? {a: b}\n: x"), "error 1:3: a map cannot be a key");
    assert_eq!(
        show("18446744073709551615: x"),
        "error 1:1: an integer above 9223372036854775807 cannot be a key"
    );
    let document = one("on: push");
    assert_eq!(document.written(document.key_byte_span("/true").unwrap()), "on");
}

#[test]
fn merge_keys_are_applied_where_they_stand() {
    let table = [
        ("<<: {a: 1}\na: 2", "{\"a\":2}"),
        // go-yaml sets the entries in the order of the text.
        ("a: 2\n<<: {a: 1}", "{\"a\":1}"),
        ("<<: [{a: 1}, {a: 2, b: 3}]", "{\"a\":1,\"b\":3}"),
        ("x: &x {a: 1}\nz: {<<: *x, b: 2}", "{\"x\":{\"a\":1},\"z\":{\"a\":1,\"b\":2}}"),
        ("!!merge <<: {a: 1}", "{\"a\":1}"),
        ("'<<': {a: 1}", "{\"<<\":{\"a\":1}}"),
        ("<<: 1", "error 1:1: the merge key `<<` needs a map or a list of maps"),
        ("<<: [1]", "error 1:1: the merge key `<<` needs a map or a list of maps"),
        ("x: &x [{a: 1}]\n<<: *x", "error 2:1: the merge key `<<` needs a map or a list of maps"),
    ];
    for (text, wanted) in table {
        let sorted = show(text).replace("{\"b\":3,\"a\":1}", "{\"a\":1,\"b\":3}");
        assert_eq!(sorted, wanted, "{text}");
    }
    assert_eq!(one("<<: {a: 1}\na: 2").duplicates(), []);
}

#[test]
fn aliases_share_and_stay_in_their_document() {
    let document = one("a: &x\n  b: 1\nc: *x\n*x2 : 3\n".replace("*x2 ", "d").as_str());
    assert_eq!(
        spans(&document),
        "\
 \"a: &x\\n  b: 1\\nc: *x\\nd: 3\" -
/a \"b: 1\" a
/a/b \"1\" b
/c \"*x\" c
/c/b \"1\" b
/d \"3\" d
"
    );
    assert_eq!(show("a: &k b\n*k : 1"), "{\"a\":\"b\",\"b\":1}");
    assert_eq!(show("&a b: *a"), "{\"b\":\"b\"}");
    assert_eq!(show("a: &a 1\n---\nb: *a"), "{\"a\":1}\nerror 3:4: unknown alias `*a`");
    assert_eq!(show("&a [*a]"), "error 1:5: the alias `*a` stands for a value that contains it");
}

#[test]
fn duplicate_keys_are_told_and_the_last_one_counts() {
    for text in ["a: {b/c: 1, d: 0, b/c: 2}", "{\"a\": {\"b/c\": 1, \"d\": 0, \"b/c\": 2}}"] {
        let document = one(text);
        assert_eq!(serde_json::to_string(document.root()).unwrap(), "{\"a\":{\"b/c\":2,\"d\":0}}");
        let [found] = document.duplicates() else { panic!("{text}") };
        assert_eq!((found.pointer.as_str(), &*found.key), ("/a/b~1c", "b/c"));
        let places: Vec<_> = text.match_indices("b/c").map(|(at, _)| at).collect();
        assert!(found.first.contains(&places[0]) && found.bytes.contains(&places[1]), "{text}");
    }
    let long: String = (0..40).map(|at| format!("k{}: {at}\n", at % 30)).collect();
    let document = one(&long);
    assert_eq!(document.duplicates().len(), 10);
    assert_eq!(document.get("/k9").and_then(Node::as_i64), Some(39));
    assert_eq!(document.get("/k29").and_then(Node::as_i64), Some(29));
    assert_eq!(document.get("/k30"), None);
}

#[test]
fn every_value_and_key_has_its_place() {
    let text = "\u{feff}é: |  # | no\n  x\n\n\"k\\u0041\": 'it''s'\nlist:\n- - 𝄞\n- {a: \"b\", c}\n- >-\n  z\n\n\
                # end\nplain: one\n  two # no\nempty:\ntag: !t &x\n  - 1\n";
    assert_eq!(
        spans(&one(&text.replace('\n', "\r\n"))).replace("\\r\\n", "\\n"),
        "\
 \"é: |  # | no\\n  x\\n\\n\\\"k\\\\u0041\\\": 'it''s'\\nlist:\\n- - 𝄞\\n- {a: \\\"b\\\", c}\\n- >-\\n  \
         z\\n\\n# end\\nplain: one\\n  two # no\\nempty:\\ntag: !t &x\\n  - 1\" -
/é \"|  # | no\\n  x\" é
/kA \"'it''s'\" \"k\\u0041\"
/list \"- - 𝄞\\n- {a: \\\"b\\\", c}\\n- >-\\n  z\" list
/list/0 \"- 𝄞\" -
/list/0/0 \"𝄞\" -
/list/1 \"{a: \\\"b\\\", c}\" -
/list/1/a \"\\\"b\\\"\" a
/list/1/c \"\" c
/list/2 \">-\\n  z\" -
/plain \"one\\n  two\" plain
/empty \"\" empty
/tag \"- 1\" tag
/tag/0 \"1\" -
"
    );
    let document = one("é: 1\n𝄞: {\"𝄞\": 2}");
    let place = |encoding| document.span("/𝄞/𝄞", encoding).unwrap().start;
    assert_eq!(place(PositionEncoding::Utf8), Position { line: 2, column: 15 });
    assert_eq!(place(PositionEncoding::Utf16), Position { line: 2, column: 11 });
    assert_eq!(place(PositionEncoding::Utf32), Position { line: 2, column: 9 });
    assert_eq!(document.byte_span("/𝄞/no/where"), document.byte_span("/𝄞"));
    assert_eq!(document.byte_span("no pointer"), None);
}

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
        ("a: \u{7}x", "error 1:4: not valid YAML: `\\u{7}` cannot begin a value"),
        ("a: x\u{7}", "error 1:5: the control character U+0007 is not allowed in YAML"),
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
fn json_is_strict() {
    let table = [
        (
            "{\"a\":[1,-2,3.0,1e2,true,null,\"\\u00e9\\/\\ud834\\udd1e\"]}",
            "{\"a\":[1,-2,3.0,100.0,true,null,\"é/𝄞\"]}",
        ),
        ("[18446744073709551615,-0,18446744073709551616]", "[18446744073709551615,0,1.8446744073709552e+19]"),
        ("[]{}", "[]\n{}"),
        ("[1,]", "error 1:4: not valid JSON: expected a value"),
        ("{\"a\":1,}", "error 1:8: not valid JSON: expected a key in double quotes"),
        ("[01]", "error 1:3: not valid JSON: expected `,` or `]`"),
        ("[1 2]", "error 1:4: not valid JSON: expected `,` or `]`"),
        ("[1] 2", "[1]\nerror 1:5: not valid JSON: expected `{` or `[` or the end of the text"),
        ("{\"a\":\"\t\"}", "error 1:7: not valid JSON: a control character in a string must be escaped"),
        ("[\u{b}1]", "error 1:2: not valid JSON: unexpected character"),
        ("[\"\\ud800\"]", "error 1:3: not valid JSON: the escape is no character"),
        ("['a']", "error 1:2: not valid JSON: expected double quotes"),
        ("[1e999]", "error 1:2: `1e999` is no number that JSON can hold"),
        ("{\"a\":1", "error 1:7: not valid JSON: the text ends before the value does"),
        ("[1}", "error 1:3: not valid JSON: expected `,` or `]`"),
    ];
    for (text, wanted) in table {
        // JSON that is also YAML is read as YAML where it is not strict; an `x` makes it neither.
        let shown = show_as("x.json", text, &Limits::default());
        if wanted.contains("not valid") && !shown.contains("not valid") {
            continue;
        }
        assert_eq!(shown, wanted, "{text}");
    }
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
            "error 3:4: too many values repeated by aliases: at most 20 are followed",
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
    assert!(show(&bomb).contains("too many values repeated by aliases"));
}

#[test]
fn bytes_are_decoded_as_yaml_says() {
    let utf16 = |mark: [u8; 2], bytes: fn(u16) -> [u8; 2]| {
        let units = "a: é𝄞".encode_utf16().flat_map(bytes);
        mark.into_iter().chain(units).collect::<Vec<_>>()
    };
    for bytes in [
        "a: é𝄞".as_bytes().to_vec(),
        utf16([0xfe, 0xff], u16::to_be_bytes),
        utf16([0xff, 0xfe], u16::to_le_bytes),
    ] {
        assert_eq!(&*decode("", &bytes).unwrap(), "a: é𝄞");
    }
    let error = decode("x.yaml", b"a: 1\nb: \xff").unwrap_err();
    assert_eq!(error.to_string(), "not UTF-8: the byte at offset 8 begins no character");
    assert_eq!(error.span(PositionEncoding::Utf32).start, Position { line: 2, column: 4 });
    assert_eq!(error.input(), "x.yaml");
    let error = decode("", &[0xff, 0xfe, b'a', 0, 0, 0xd8]).unwrap_err();
    assert_eq!(error.to_string(), "not UTF-16: the byte at offset 4 begins no character");
}

#[test]
fn pointers_follow_rfc_6901() {
    let document = one("{\"\": 0, \"a/b\": 1, \"m~n\": 8, \"l\": [5, 6], \"~1\": 9}");
    let table = [("/", 0), ("/a~1b", 1), ("/m~0n", 8), ("/l/1", 6), ("/~01", 9)];
    for (pointer, wanted) in table {
        assert_eq!(document.get(pointer).and_then(Node::as_i64), Some(wanted), "{pointer}");
    }
    for pointer in ["/l/01", "/l/-", "/l/+1", "/l/2", "/none", "a", "/l/1/x"] {
        assert_eq!(document.get(pointer), None, "{pointer}");
    }
    assert_eq!(escape_pointer_token("a/~b"), "a~1~0b");
}
