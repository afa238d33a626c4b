use crate::document::{Document, Format, Limits, read_as};

fn read(text: &str) -> Document {
    read_as(None, "config.toml", text, &Limits::default()).remove(0).unwrap()
}

const TEXT: &str = r#"
concurrent = 4 # jobs
[[runners]]
name = 'a'
time = 2026-01-02
[runners.kubernetes]
"pod.label" = { a = 1, b = [true, 2.5] }
patch = """
{"hostPID": \
   true, "a\u0062": [1]}"""
literal = '''
hostIPC: true
'''
quoted = "a:\n  - b"
[[runners]]
name = "b"
"#;

#[test]
fn values_keep_their_places() {
    let document = read(TEXT);
    assert_eq!(document.format(), Format::Toml);
    let written = |pointer: &str| document.written(document.byte_span(pointer).unwrap()).to_owned();
    let json = serde_json::to_value(document.root()).unwrap();
    assert_eq!(json["concurrent"], 4);
    assert_eq!(json["runners"][0]["kubernetes"]["pod.label"], serde_json::json!({"a": 1, "b": [true, 2.5]}));
    assert_eq!(json["runners"][0]["time"], "2026-01-02");
    for (pointer, text) in [
        ("/concurrent", "4"),
        ("/runners/0/name", "'a'"),
        ("/runners/1/name", "\"b\""),
        ("/runners/0/kubernetes/pod.label/b/1", "2.5"),
        // Through strings of every form.
        ("/runners/0/kubernetes/patch/hostPID", "true"),
        ("/runners/0/kubernetes/patch/ab/0", "1"),
        ("/runners/0/kubernetes/literal/hostIPC", "true"),
        ("/runners/0/kubernetes/quoted/a/0", "b"),
    ] {
        assert_eq!(written(pointer), text, "{pointer}");
    }
    let key = document.key_byte_span("/runners/0/kubernetes/pod.label").unwrap();
    assert_eq!(document.written(key), "\"pod.label\"");
}

#[test]
fn toml_inside_yaml_inside_toml_keeps_its_places() {
    let yaml = "config: |\n  [[runners]]\n    [runners.kubernetes]\n      patch = '''\n        - {op: add,\n           path: x}\n      '''\n";
    let documents = read_as(None, "values.yaml", yaml, &Limits::default());
    let document = documents[0].as_ref().unwrap();
    let pointer = "/config/runners/0/kubernetes/patch/0/path";
    assert_eq!(document.written(document.byte_span(pointer).unwrap()), "x");
}

#[test]
fn faults_are_told_with_their_place() {
    for (text, problem, line) in [
        ("a = \n", "not valid TOML: ", 1),
        ("a = 1\na = 2\n", "not valid TOML: duplicate key", 2),
        ("a = 1\nb = yes\n", "not valid TOML: ", 2),
        ("a = nan\n", "`NaN` is no number that JSON can hold", 1),
    ] {
        let documents = read_as(Some(Format::Toml), "x", text, &Limits::default());
        let error = documents[0].as_ref().unwrap_err();
        assert!(error.to_string().starts_with(problem), "{error}");
        assert!(!error.to_string().contains('\n'));
        assert_eq!(error.span(Default::default()).start.line, line, "{text}");
    }
    assert!(read_as(Some(Format::Toml), "x", "# nothing\n", &Limits::default()).is_empty());
    let deep = format!("a = {}1{}\n", "[".repeat(1000), "]".repeat(1000));
    assert!(read_as(Some(Format::Toml), "x", deep, &Limits::default())[0].is_err());
}

#[test]
fn texts_are_told_apart_by_their_content() {
    for toml in [
        "[[runners]]\nname = \"a\"\n",
        "# c\n\nconcurrent = 1\n[session_server]\n",
        "[runners.kubernetes]\n  a = 1\n",
    ] {
        assert_eq!(Format::of("-", toml), Format::Toml, "{toml}");
    }
    for yaml in [
        "a: b = c\n",
        "[a, b]\n",
        "[[a]]\n",
        "config: |\n  [[runners]]\n  a = 1\n",
        "a = b\n",
        "{\"a\": \"[b]\\nc = 1\"}\n",
    ] {
        assert_eq!(Format::of("-", yaml), Format::Yaml, "{yaml}");
    }
    assert_eq!(Format::of("Config.TOML", ""), Format::Toml);
    for (name, expected) in [
        ("config.toml", true),
        ("config.template.toml", true),
        ("my-runner.toml", true),
        ("Cargo.toml", false),
        ("a.yml", true),
        (".toml", false),
    ] {
        assert_eq!(Format::is_expected(name), expected, "{name}");
    }
}
