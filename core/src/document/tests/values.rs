//! What is read.

use super::*;

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
        assert_eq!(lines(json::read(&Text::new("", Arc::from(text)), &Limits::default())), wanted, "{text}");
    }
}

/// kubectl goes on to YAML where text in brackets is no JSON.
#[test]
fn brackets_that_are_no_json_are_yaml() {
    let table = [
        ("x.json", "[1,]", "[1]"),
        ("x.json", "{a: yes}", "{\"a\":true}"),
        ("x.json", "{a: [}", "error 1:2: not valid JSON: expected a key in double quotes"),
        ("x.yaml", "{\"a\": [}", "error 1:8: not valid JSON: expected a value"),
        ("x.yaml", "{a: [}", "error 1:5: not valid YAML: `[` is closed by `}`"),
        ("x.yaml", "{{ .Values }}", "error 1:2: a map cannot be a key"),
    ];
    for (source, text, wanted) in table {
        assert_eq!(show_as(source, text, &Limits::default()), wanted, "{text}");
    }
}
