//! Where it stands.

use super::*;

#[test]
fn aliases_share_and_stay_in_their_document() {
    let document = one("a: &x\n  b: 1\nc: *x\n*x2 : 3\n".replace("*x2 ", "d").as_str());
    assert_eq!(
        spans(&document),
        "\
root \"a: &x\\n  b: 1\\nc: *x\\nd: 3\" -
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
fn every_value_and_key_has_its_place() {
    let text = "\u{feff}é: |  # | no\n  x\n\n\"k\\u0041\": 'it''s'\nlist:\n- - 𝄞\n- {a: \"b\", c}\n- >-\n  z\n\n\
                # end\nplain: one\n  two # no\nempty:\ntag: !t &x\n  - 1\n";
    assert_eq!(
        spans(&one(&text.replace('\n', "\r\n"))).replace("\\r\\n", "\\n"),
        "\
root \"é: |  # | no\\n  x\\n\\n\\\"k\\\\u0041\\\": 'it''s'\\nlist:\\n- - 𝄞\\n- {a: \\\"b\\\", c}\\n- >-\\n  \
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
    assert_eq!(place(PositionEncoding::Utf8), Position { line: 2, column: 16 });
    assert_eq!(place(PositionEncoding::Utf16), Position { line: 2, column: 12 });
    assert_eq!(place(PositionEncoding::Utf32), Position { line: 2, column: 10 });
    assert_eq!(document.byte_span("/𝄞/no/where"), document.byte_span("/𝄞"));
    assert_eq!(document.byte_span("no pointer"), None);
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
