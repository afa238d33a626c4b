//! Programs and the trees that they become.

use super::super::{Document, Format, Limits, Nested, Value, read_as};
use crate::position::PositionEncoding;

fn read_with(text: &str, limits: &Limits) -> Result<Document, String> {
    let mut documents = read_as(Some(Format::Groovy), "Jenkinsfile", text, limits);
    assert_eq!(documents.len(), 1);
    documents.remove(0).map_err(|error| {
        let at = error.span(PositionEncoding::Utf32).start;
        format!("{}:{}: {error}", at.line, at.column)
    })
}

fn read(text: &str) -> Document {
    read_with(text, &Limits::default()).unwrap_or_else(|error| panic!("{error} in {text}"))
}

/// The tree in JSON.
fn tree(text: &str) -> String {
    serde_json::to_string(read(text).root()).unwrap()
}

fn fault(text: &str) -> String {
    read_with(text, &Limits::default()).err().unwrap_or_else(|| panic!("no error in {text}"))
}

#[test]
fn calls_become_maps() {
    for (text, wanted) in [
        ("", "{}"),
        ("// a\n/* b\n c */\n", "{}"),
        ("// C:\\users \\u0041\na 1", r#"{"a":1}"#),
        ("#!/usr/bin/env groovy\na 1", r#"{"a":1}"#),
        ("a()", r#"{"a":null}"#),
        ("a 'b'", r#"{"a":"b"}"#),
        ("a('b')", r#"{"a":"b"}"#),
        ("a 'b', 'c'", r#"{"a":{"0":"b","1":"c"}}"#),
        ("a b: 1, c: [d: true, 'e f': null]", r#"{"a":{"b":1,"c":{"d":true,"e f":null}}}"#),
        ("a([b: 1])", r#"{"a":{"b":1}}"#),
        ("a { b 1 }", r#"{"a":{"b":1}}"#),
        ("a {\n  b 1; c 2\n  b 3\n}", r#"{"a":{"b":1,"c":2,"b[1]":3}}"#),
        ("a('b', c: 1) { d 2 }", r#"{"a":{"0":"b","c":1,"d":2}}"#),
        ("a(b: 1) { b 2 }", r#"{"a":{"b":1,"b[1]":2}}"#),
        ("a { x, y -> b x }", r#"{"a":{"b":"${x}"}}"#),
        ("a b: { c 1 }, d: { e 2 }", r#"{"a":{"b":{"c":1},"d":{"e":2}}}"#),
        ("a [b(c: 1), d('e')]", r#"{}"#),
        ("a b: [c(d: 1), e('f'), g()]", r#"{"a":{"b":[{"c()":{"d":1}},{"e()":"f"},{"g()":null}]}}"#),
        ("a.b.c 1", r#"{"a.b.c":1}"#),
        ("'a'(1)\nthis.\"b\"(2)\n\"c$d\"(3)", r#"{"a":1,"this.b":2,"c${...}":3}"#),
        ("a.b('c').d('e') { f 1 }", r#"{"a.b":"c","a.b.d":{"0":"e","f":1}}"#),
        ("a b c d", r#"{"a":"${b}","a.c":"${d}"}"#),
        ("a b\n  .c()", r#"{"a":{"b.c()":null}}"#),
        (
            "if (a()) { b 1 } else if (c) { d 2 } else e 3",
            r#"{"if":{"a":null,"b":1},"if[1]":{"d":2},"else":{"e":3}}"#,
        ),
        (
            "try { a 1 } catch (X | Y e) { b 2 } catch (Z e) {} finally { c 3 }",
            r#"{"try":{"a":1},"catch":{"b":2},"catch[1]":{},"finally":{"c":3}}"#,
        ),
        (
            "for (int i = 0; i < 3; i++) { a i }\nfor (x in y) a x\nwhile (true) { b() }",
            r#"{"for":{"i =":0,"a":"${i}"},"for[1]":{"a":"${x}"},"while":{"b":null}}"#,
        ),
        (
            "switch (x) {\n  case 'a': b 1; break\n  default:\n    c 2\n}",
            r#"{"switch":{"value":"a","b":1,"c":2}}"#,
        ),
        ("def a(b, c = 1) { return d(b) }", r#"{"def a":{"return":{"d()":"${b}"}}}"#),
        (
            "class A extends B implements C<D> {\n  private final String e = 'f'\n  A(String g) { h g }\n  void i() throws J {}\n}",
            r#"{"class A":{"def e":"f","def A":{"h":"${g}"},"def i":{}}}"#,
        ),
        (
            "a\n{\n  b\n  {\n    c 1\n  }\n  d('e')\n\n  // f\n  {\n    g 2\n  }\n}",
            r#"{"a":{"b":{"c":1},"d":{"0":"e","g":2}}}"#,
        ),
        (
            "while (a)\n{\n  b 1\n}\nif (c)\n{\n  d 2\n}\nelse\n{\n  e 3\n}",
            r#"{"while":{"b":1},"if":{"d":2},"else":{"e":3}}"#,
        ),
        (
            "@A('b') _\n@A('c') __\n@D e = 1\n@F\ndef g() {}\n@A('h') i; j 2",
            r#"{"@A":"b","@A[1]":"c","e =":1,"def g":{},"@A[2]":"h","j":2}"#,
        ),
        (
            "def \"it's $a\"() { b 1 }\nvoid 'c d'() { e 2 }",
            r#"{"def it's ${...}":{"b":1},"def c d":{"e":2}}"#,
        ),
        ("assert a(1), \"b\"\nassert c : d(2)", r#"{"a":1,"value":"b","d":2}"#),
        ("a (b[i] as C)()\n(d(1) as E)(f(2))", r#"{"a":"${...}","a[1]":null,"d":1,"":{"f()":2}}"#),
        ("a \"${b(c: 1)}\"", r#"{"a":"${...}","b":{"c":1}}"#),
        (
            "a \"${if (b) return 'c'; d(1)}\"\ne \"${f(1); g}\"",
            r#"{"a":"${...}","if":{"return":"c"},"d":1,"e":"${...}","f":1}"#,
        ),
        (
            "class A {\n  @B\n  A(String[] c, @D int e) throws F, G { h 1 }\n  A() { i 2 }\n}",
            r#"{"class A":{"def A":{"h":1},"def A[1]":{"i":2}}}"#,
        ),
        ("a((List<String>) b('c'), (String[]) d)", r#"{"a":{"0":{"b()":"c"},"1":"${d}"}}"#),
        ("a { String... b -> c b }", r#"{"a":{"c":"${b}"}}"#),
        ("a '\\uD83D\\uDE03\\u00e4'", r#"{"a":"😃ä"}"#),
        (
            "@interface A { boolean b() default false; String c() default 'd' }",
            r#"{"class interface":{"def b":{},"value":"d","def c":{}}}"#,
        ),
        ("@Library('x@y') _\nimport a.b.*\nimport static c.D.e as f\nx 1", r#"{"@Library":"x@y","x":1}"#),
        ("a = b c: 1\nd.e = [f: g()]", r#"{"a =":{"b()":{"c":1}},"d.e =":{"f":{"g()":null}}}"#),
        ("a(b ? c(1) : d(2))", r#"{"a":{"?":["${b}",{"c()":1},{"d()":2}]}}"#),
        ("a x + [b(1)]", r#"{"a":["${x}",{"b()":1}]}"#),
        ("a(-1, 0x1F, 1_000L, 0755, 1.5, 2g)", r#"{"a":{"0":-1,"1":31,"2":1000,"3":493,"4":1.5,"5":2}}"#),
        (
            "a { 'b.c' { d 1 }; \"e$f\" { g 2 } }\nh 'i' { j 3 }\n'k' 'l'",
            r#"{"a":{"b.c":{"d":1},"e${...}":{"g":2}},"h":{"0":"i","j":3},"k":"l"}"#,
        ),
        (
            "a(1) b(2) c 3\nif (d) e(4) else f(5)\ng(6) in h",
            r#"{"a":1,"a.b":2,"a.b.c":3,"if":{"e":4},"else":{"f":5},"g":6}"#,
        ),
        (
            "interface A {\n  B c() throws D,\n    e.F\n  boolean g()\n  int i() throws J\n}",
            r#"{"class A":{"def c":{},"def g":{},"def i":{}}}"#,
        ),
        (
            "@A([@B('c'), @D.E(f = 1)])\ndef g() { h 2 }",
            r#"{"@A":[{"@B()":"c"},{"@D()":1}],"def g":{"h":2}}"#,
        ),
        ("a((b.C) d, (b.C) e(1))", r#"{"a":{"0":"${d}","1":{"e()":1}}}"#),
        ("a \"b ${c: 'd'} ${e: f(1)}\"", r#"{"a":"b d ${...}","f":1}"#),
        ("a b.<C, D> e('f').g()", r#"{"a":{"b.e()":"f","b.e.g()":null}}"#),
        ("i++\n--j[k()]\na l++", r#"{"k":null,"a":"${...}"}"#),
        ("a((b): 1, 'c': 2, *: [d: 3], *: e)", r#"{"a":{"${b}":1,"c":2,"d":3,"0":"${e}"}}"#),
        (
            "a([(b): 1, *: [d: 3]], new F(g: h(1)))",
            r#"{"a":{"0":{"${b}":1,"d":3},"1":{"?":[{"?":[{"h()":1}]}]}}}"#,
        ),
        (
            "enum A { B, @I C(d(1)) { e 2 }; def f() { g 3 } }\nenum H { }",
            r#"{"class A":{"C":{"0":{"d()":1},"e":2},"def f":{"g":3}},"class H":{}}"#,
        ),
        (
            "a { var -> if (var == 'b') { c var } }\ndef var = d(1)\nfor (var in e) f 2\nvar.g(var) { h 3 }",
            r#"{"a":{"if":{"value":"b","c":"${var}"}},"def var":{"d()":1},"for":{"f":2},"var.g":{"0":"${var}","h":3}}"#,
        ),
        (
            "var a = b(1)\nfor (var c = 2; c < 3; c++) d c\nfinal String var\ne 4",
            r#"{"def a":{"b()":1},"for":{"c =":2,"d":"${c}"},"e":4}"#,
        ),
        (
            "a(b: 1,, c: 2)\nd(['e',, 'f'], [g: 3,, h: 4,])",
            r#"{"a":{"b":1,"c":2},"d":{"0":["e","f"],"1":{"g":3,"h":4}}}"#,
        ),
        (
            "class A {\n  @B\n  <T> T c(T d) { e d }\n  @B('f') <T, U extends V<T>> Map<T, U> g() { h 1 }\n  def i\n  <T> void j() { k 2 }\n  static\n  <T> T l() { m 3 }\n}",
            r#"{"class A":{"def c":{"e":"${d}"},"@B":"f","def g":{"h":1},"def j":{"k":2},"def l":{"m":3}}}"#,
        ),
        (
            "def a(b = c(1), d = 'e f') { g 2 }\nh { i = j(3) -> k 4 }",
            r#"{"def a":{"c":1,"value":"e f","g":2},"h":{"j":3,"k":4}}"#,
        ),
        (
            "a(b ? 'c d' : e, ['f g', h][1], !true, -true)",
            r#"{"a":{"0":{"?":["${b}","c d","${e}"]},"1":{"?":[["f g","${h}"],1]},"2":"${...}","3":"${...}"}}"#,
        ),
        (
            "def (a, b) = c()\nint[] d = [1]\nMap<String, List<X>> e = [:]",
            r#"{"def":{"c":null},"def d":[1],"def e":{}}"#,
        ),
        (
            "a(b as String, (int) c, !d, e instanceof F, g ?: 'h', i in [j], *k)",
            r#"{"a":{"0":"${b}","1":"${c}","2":"${...}","3":"${e}","4":"${...}","5":{"?":["${i}",["${j}"]]},"6":"${...}"}}"#,
        ),
    ] {
        if text == "a [b(c: 1), d('e')]" {
            // An item is taken of it.
            assert_eq!(tree(text), r#"{"b":{"c":1},"d":"e"}"#);
            continue;
        }
        assert_eq!(tree(text), wanted, "{text}");
    }
}

#[test]
fn strings_of_every_kind() {
    for (text, wanted) in [
        (r"a 'b\n\'c\\ \u00e9'", "b\n'c\\ é"),
        (r#"a "b\t\"c\$d""#, "b\t\"c$d"),
        ("a '''b\n'c' ''d'''", "b\n'c' ''d"),
        ("a '''\\\n  b'''", "  b"),
        ("a \"\"\"b\r\nc\"\"\"", "b\nc"),
        ("a(/b\\/c\\d $ {e}/)", "b/c\\d $ {e}"),
        ("a($/b $$c $/ d \\e/$)", "b $c / d \\e"),
        ("a 'b' + \"c\" + 1", "bc1"),
        ("a 'b' +\n  'c'", "bc"),
        ("a 'b'\n + 'c'", "b"),
        ("a '''\n    b\n      c\n'''.stripIndent()", "\nb\n  c\n"),
        ("a '''\n    b\n  c\n'''.stripIndent().trim()", "b\nc"),
        ("a '''b\n  |c\n  | d'''.stripMargin()", "b\nc\n d"),
        ("a '''b\n  |c'''.stripMargin('|').toString()", "b\nc"),
        ("a(['b', \"c\", 1].join(' '))", "b c 1"),
        ("a(['b'].join())", "b"),
        ("a(['b', 'c'].join('\\n').trim())", "b\nc"),
        ("a(['b', c, d.e()].join(\", \"))", "b, ${c}, ${...}"),
        ("def x = ['b', 'c']\na x.join(' ')", "b c"),
        ("def x = ['b', 'c']\ndef y = x.join(' ')\nf(x.join('-'))\ng y\na \"$y d\"", "b c d"),
        ("def x = ['b', 'c']\nx << 'd'\na x.join(' ')", ""),
        ("def x = ['b', 'c']\nf(x)\na x.join(' ')", ""),
        ("def x = ['b', 'c']\nx.join(' ').f(x)\na x.join(' ')", ""),
        ("a([b, c].join(' '))", ""),
        ("a(['b', c ? 'd e' : ''].join(' '))", ""),
        ("a(['b', ['c']].join(' '))", ""),
        ("a(['b', *c].join(' '))", ""),
        ("a(['b'].join(c))", ""),
        ("def x = 'y'\na \"$x-${x}-${x.trim()}\"", "y-y-y"),
        ("def x = 1\na \"b${x}\"", "b1"),
        ("def x = 'y'\nx = 'z'\na \"$x\"", "${x}"),
        ("def x = 'y'\ndef f(x) { a \"$x\" }\na x", "${x}"),
        ("a \"$env.FOO ${env.BAR} ${b(\"c\")} ${ -> d}\"", "${env.FOO} ${env.BAR} ${...} ${d}"),
        ("final String X = 'a'.trim()\na X", "a"),
        ("def y = x\ndef x = 'v'\na y", "v"),
        ("a b.trim()", ""),
        ("a c ? 'd' : 'e'", ""),
    ] {
        let document = read(text);
        let found = document.get("/a").or_else(|| document.get("/def f/a")).unwrap();
        let found = found.as_str().unwrap_or_default();
        match text {
            "a c ? 'd' : 'e'" => assert_eq!(found, "${...}"),
            _ => assert_eq!(found, wanted, "{text}"),
        }
    }
}

#[test]
fn what_makes_a_text_of_literals_is_no_call() {
    for (text, wanted) in [
        ("a '''b c'''.stripIndent()", r#"{"a":"b c"}"#),
        ("a(['b c', d].join(' '))", r#"{"a":"b c ${d}"}"#),
        ("a(['b c', d(1).trim()].join(' ').trim())", r#"{"a":"b c ${...}","d":1,"d.trim":null}"#),
        ("a \"${['b c', d(1)].join(' ')}\"", r#"{"a":"b c ${...}","d":1}"#),
    ] {
        assert_eq!(tree(text), wanted, "{text}");
    }
}

#[test]
fn texts_of_lists_have_the_places_of_their_items() {
    let text = "a(['b: c',\n'd: [e]'].join('\\n'))";
    let documents = read_as(Some(Format::Groovy), "Jenkinsfile", text, &Limits::default());
    let document = documents.into_iter().next().unwrap().unwrap();
    let nested = Nested::of_scalar(&document, document.get("/a").unwrap()).unwrap();
    assert_eq!(nested.text(), "b: c\nd: [e]");
    for wanted in ["c", "e"] {
        let at = nested.text().find(wanted).unwrap();
        assert_eq!(nested.place(at..at + 1), text.find(wanted).unwrap()..text.find(wanted).unwrap() + 1);
    }
}

#[test]
fn lists_are_put_together_as_far_as_there_is_room() {
    let mut again = format!("def x = ['{}', 'b']\n", "y".repeat(1 << 10));
    (0..1 << 9).for_each(|_| again.push_str("a x.join(' ')\n"));
    let between = format!("a([{}'b'].join('{}'))", "'',".repeat(1 << 9), "y".repeat(1 << 10));
    for text in [again, between] {
        let limits = Limits { bytes: 1 << 18, ..Limits::default() };
        let error = read_with(&text, &limits).unwrap_err();
        assert!(error.contains("repeated"), "{error}");
        assert!(read_with(&text, &Limits::default()).is_ok());
    }
}

#[test]
fn what_may_have_changed_is_not_known() {
    for text in [
        "def x = [1]\nx << 2\na b: x",
        "def x = [1]\nx.add(2)\na b: x",
        "def x = [1]\nx[1] = 2\na b: x",
        "def x = [1]\nf(x)\na b: x",
        "def x = [1]\nf(g: x)\na b: x",
        "def x = [1]\ndef y = x\na b: x",
        "def x = [1]\ny.z = x\na b: x",
        "def x = [1]\ndef f() { x }\na b: x",
        "def x = [[c: 1]]\nfor (y in x) { y.c = 2 }\na b: x",
        "def x = 1\nx++\na b: x",
        "def x = 1\n--x\na b: x",
        "x = '1'\nthis.x = '2'\na b: x",
        "x = '1'\nthis['x'] = '2'\na b: x",
        "x = '1'\nthis.\"${y}\" = '2'\na b: x",
        "x = '1'\nbinding.setVariable('x', '2')\na b: x",
        "x = '1'\nbinding.variables.putAll(y)\na b: x",
        "x = '1'\nf(binding)\na b: x",
        "x = '1'\nsetProperty(y, '2')\na b: x",
        "class C { def x = '1' }\nnew C(x: '2')\na b: x",
        "class C { def x = '1' }\nnew C().setX('2')\na b: x",
        "class C { def x = '1' }\n[x: '2'] as C\na b: x",
        "def x = '1'\n[x: '2'].with { y() }\na b: x",
        "def x = '1'\ny.delegate = [x: '2']\na b: x",
        "def x = '1'\ny.delegate = z()\na b: x",
        "x = '1'\nwithEnv(['x=2']) {}\na b: x",
        "x = '1'\nparameters { string(name: 'x', defaultValue: '2') }\na b: x",
        "if (y) { x = '1' }\na b: x",
        "def it = '1'\na b: it",
        "def x = [1]\nx += 2\na b: x",
        "def x\na b: x",
        "def x = '1'\n(x, y) = ['2', '3']\na b: x",
        "def x = '1'\ndef (y, x) = z\na b: x",
        "def f(x = [1]) { a b: x }",
        "x.each { y -> a b: y }",
    ] {
        let document = read(text);
        let found = ["/a/b", "/def f/a/b", "/x.each/a/b"].iter().find_map(|at| document.get(at));
        assert!(found.unwrap().as_str().unwrap().starts_with("${"), "{text}");
    }
    for text in [
        "def x = '1'\ny = x\na b: x",
        "def x = '1'\ny.z = '2'\na b: x",
        "y = x = '1'\na b: x",
        "x = '1'\nif (binding.hasVariable('y')) {}\na b: x",
        "def x = '1'\ny.delegate = [z: '2']\na b: x",
        "def x\nif (y) { x = '1' }\na b: x",
        "x = '1'\ncontainerTemplate(name: 'x')\nstring(name: 'x')\na b: x",
        "try { x = '1' } finally {}\na b: x",
    ] {
        assert_eq!(read(text).get("/a/b").and_then(|node| node.as_str()), Some("1"), "{text}");
    }
    assert_eq!(
        read("def x = [1, [c: d()]]\npodTemplate b: x")
            .get("/podTemplate/b/1/c/d()")
            .map(|node| node.is_null()),
        Some(true)
    );
}

#[test]
fn places_go_on_into_yaml() {
    let text = "def p = 'x'\na \"\"\"\\\n  b:\n  - \"c\\td\"\n  - '$p'\n  - e: ${f}\n\"\"\".stripIndent()\n";
    let document = read(text);
    let place = |pointer: &str| {
        let bytes = document.byte_span(pointer).unwrap();
        let at = document.place(bytes.clone(), PositionEncoding::Utf32).start;
        format!("{}:{} {}", at.line, at.column, document.written(bytes))
    };
    assert_eq!(place("/a/b/0"), "4:5 \"c\\td\"");
    assert_eq!(place("/a/b/1"), "5:5 '$p'");
    assert_eq!(place("/a/b/2/e"), "6:8 ${f}");
    assert_eq!(place("/a/nothing"), "3:3 b:\n  - \"c\\td\"\n  - '$p'\n  - e: ${f}");
    assert_eq!(document.look("/a/b/1").unwrap().as_str(), Some("x"));
    let key = document.key_byte_span("/a/b/2/e").unwrap();
    assert_eq!(document.written(key), "e");
    // A text that is written before it is used has its place there.
    let document = read("def y = '''\nk: v'''\na y");
    assert_eq!(document.written(document.byte_span("/a/k").unwrap()), "v");
    assert_eq!(document.place(document.byte_span("/a/k").unwrap(), PositionEncoding::Utf8).start.line, 2);
    // Pieces in another order than they are written in.
    let document = read("def z = 'k: '\ndef y = 'v'\na y + z + '2'");
    assert_eq!(document.get("/a").unwrap().as_str(), Some("vk: 2"));
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    for (text, wanted) in [
        ("a 'b", "1:3: not valid Groovy: the string is not closed"),
        ("a\nb '''c\n", "2:3: not valid Groovy: the string is not closed"),
        ("a \"${b\"", "1:7: not valid Groovy: the string is not closed"),
        ("a \"${b", "1:7: not valid Groovy: the expression in the string is not closed"),
        ("a {\n  b 1\n", "3:1: not valid Groovy: expected `}`, and the text ends"),
        ("a 1 }", "1:5: not valid Groovy: nothing is open that this could close"),
        ("a(b, [c)", "1:8: not valid Groovy: expected `]`"),
        ("a('b' 'c')", "1:7: not valid Groovy: expected `)`"),
        ("a 'b' 'c'", "1:7: not valid Groovy: expected the end of the statement"),
        ("a(b,,, c)", "1:6: not valid Groovy: expected a value"),
        ("[a,,, b]", "1:5: not valid Groovy: expected a value"),
        ("a /* b", "1:3: not valid Groovy: the comment is not closed"),
        ("a 1 2", "1:5: not valid Groovy: expected the end of the statement"),
        ("a = ", "1:5: not valid Groovy: expected a value, and the text ends"),
        ("if a", "1:1: not valid Groovy: `if` is no value"),
        ("p\\u006fdTemplate()", "1:2: not valid Groovy: `\\\\` cannot stand here"),
        ("a 'b\\u0027 + c", "1:5: not valid Groovy: the escape means a sign of the language: write the sign"),
        ("// a \\u000a b", "1:6: not valid Groovy: the escape means a sign of the language: write the sign"),
        (
            "/* \\uu002a/ a */",
            "1:4: not valid Groovy: the escape means a sign of the language: write the sign",
        ),
        ("a 'b\\q'", "1:5: not valid Groovy: unknown escape after `\\`"),
        ("pipeline {\n  agent any\n  stages {\n", "4:1: not valid Groovy: expected `}`, and the text ends"),
    ] {
        assert_eq!(fault(text), wanted, "{text}");
    }
}

#[test]
fn no_program_is_too_large_or_too_deep() {
    let limits = Limits { depth: 500, ..Limits::default() };
    for (open, close) in
        [("a { ", "}"), ("a(", ")"), ("[", "]"), ("(", ")"), ("if (a) ", ""), ("x ? ", ""), ("\"${", "}\"")]
    {
        let text = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        let error = read_with(&text, &limits).unwrap_err();
        assert!(error.contains("too deep"), "{open} {error}");
    }
    let within =
        |text: &str| read_with(text, &Limits { expansion: 1000, bytes: 1 << 20, ..Limits::default() });
    let doubled = |name: &str, value: &str| -> String {
        let lines = (0..40)
            .map(|at| format!("def {name}{} = {}\n", at + 1, value.replace('x', &format!("{name}{at}"))));
        let first = if name == "x" { "'abcdefgh'" } else { "[1]" };
        format!("def {name}0 = {first}\n{}a b: {name}15, c: [{name}40]", lines.collect::<String>())
    };
    assert!(within(&doubled("y", "x + x")).unwrap_err().contains("too many repeated values"));
    assert!(within(&doubled("x", "\"$x$x$x\"")).unwrap_err().contains("too much repeated text"));
    assert!(within("def x = y\ndef y = x\na x").is_ok());
    // Five megabytes of calls, of dots and of signs.
    for unit in ["a 'b'\n", "a.b.", "a + ", "a(b, ", "!", "a b ", "a<b\n", "{ x, ", "a { ", "'c' + ", "a = "]
    {
        let text = unit.repeat(5_000_000 / unit.len() / if cfg!(debug_assertions) { 20 } else { 1 });
        let _ = within(&text).map(|document| document.root().clone());
    }
}

#[test]
fn a_format_is_told_by_content_and_name() {
    for (name, text, wanted) in [
        ("Jenkinsfile", "", Format::Groovy),
        ("ci/Jenkinsfile.release", "a: b", Format::Groovy),
        ("Jenkinsfile-nightly", "", Format::Groovy),
        ("Jenkinsfile_release.txt", "", Format::Yaml),
        ("a.jenkinsfile", "", Format::Groovy),
        ("vars/b.groovy", "", Format::Groovy),
        ("deploy-Jenkinsfile", "", Format::Groovy),
        ("a.jenkins", "", Format::Groovy),
        ("Jenkinsfile.yaml", "pipeline { }", Format::Yaml),
        ("Jenkinsfile.md", "# a", Format::Yaml),
        ("-", "// c\n\npipeline {\n}", Format::Groovy),
        ("-", "@Library('a') _\n", Format::Groovy),
        ("build", "#!/usr/bin/env groovy\nx()", Format::Groovy),
        ("-", "podTemplate(yaml: '') {}", Format::Groovy),
        ("-", "def x = 1", Format::Groovy),
        ("-", "apiVersion: v1\nkind: Pod\n", Format::Yaml),
        ("-", "pipeline: {}\n", Format::Yaml),
        ("-", "def: 1\n", Format::Yaml),
        ("-", "{\"a\": 1}", Format::Yaml),
    ] {
        assert_eq!(Format::of(name, text), wanted, "{name} {text}");
    }
    for (name, wanted) in [
        ("Jenkinsfile", true),
        ("Jenkinsfile-nightly", true),
        ("jenkinsfile_release", true),
        ("Jenkinsfile-notes.md", false),
        ("Jenkinsfile2", true),
        ("pr_Jenkinsfile", true),
        ("prod.deploy-jenkinsfile", true),
        ("nightly.jenkins", true),
        (".jenkins", false),
        ("Dockerfile.jenkins", false),
        ("JenkinsfileTest.java", false),
        ("pr_Jenkinsfile.md", false),
        ("a.groovy", true),
        ("a.yml", true),
        ("a.txt", false),
        (".yaml", false),
    ] {
        assert_eq!(Format::is_expected(name), wanted, "{name}");
    }
}

#[test]
fn every_span_is_of_what_stands_there() {
    let text = "a b: 1, c: [d('e'), \"f${g}\"] {\n  h 'i'\n}\ndef j = 'k'\nl j\n";
    let document = read(text);
    fn walk(document: &Document, node: &super::super::Node) {
        let written = document.written(node.bytes());
        match node.value() {
            Value::List(items) => items.iter().for_each(|item| walk(document, item)),
            Value::Map(map) => map.iter().for_each(|entry| {
                let name = entry.key().trim_end_matches("()").trim_start_matches("def ");
                let name = if name.parse::<usize>().is_ok() { "" } else { name };
                assert!(document.written(entry.key_bytes()).contains(name), "{name}");
                walk(document, entry.value());
            }),
            Value::String(value) => assert!(written.contains(&**value), "{value} at {written}"),
            _ => assert!(!written.is_empty()),
        }
    }
    walk(&document, document.root());
}

#[test]
fn no_input_is_too_strange() {
    const PARTS: [&str; 44] = [
        "a",
        " ",
        "\n",
        "'",
        "\"",
        "'''",
        "\"\"\"",
        "/",
        "$/",
        "/$",
        "${",
        "$x",
        "}",
        "{",
        "(",
        ")",
        "[",
        "]",
        ":",
        ",",
        ".",
        "->",
        "=",
        "+",
        "?",
        "def ",
        "x",
        " = ",
        "if (",
        "else ",
        "class A ",
        "\\",
        "\\n",
        "\\u0041",
        "//",
        "/*",
        "*/",
        "@B",
        "1",
        "0x",
        "é",
        ";",
        "new ",
        ".stripIndent()",
    ];
    let mut rng = fastrand::Rng::with_seed(7);
    let mut read_ = 0;
    for _ in 0..20_000 {
        let text: String = (0..rng.usize(1..16)).map(|_| *rng.choice(&PARTS).unwrap()).collect();
        match read_with(&text, &Limits::default()) {
            Err(error) => {
                assert!(error.contains("not valid Groovy") || error.contains("too "), "{text:?}: {error}")
            }
            Ok(document) => {
                read_ += 1;
                let mut open = vec![document.root().clone()];
                while let Some(node) = open.pop() {
                    assert!(document.text().get(node.bytes()).is_some(), "{text:?}");
                    open.extend(node.as_list().into_iter().flatten().cloned());
                    let map = node.as_map().into_iter().flat_map(|map| map.iter());
                    open.extend(map.map(|entry| entry.value().clone()));
                }
            }
        }
    }
    assert!(read_ > 1_000, "{read_}");
}
