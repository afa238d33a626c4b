//! A gate without the compiler says what one with it says, and what it cannot do is an error.

use std::fs;
use std::path::Path;

use podgate::host::{self, Host, HostErrorCode};
use podgate::{Gate, GateError, RegoFile};
use podgate_tests_verdict::{FORMATS, GATES, fixtures, reports};

static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/policies.bin"));

fn expected(gate: usize, format: &str) -> String {
    fs::read_to_string(Path::new(env!("OUT_DIR")).join(format!("{gate}.{format}"))).unwrap()
}

fn same(gate: usize, format: &str) {
    let expected = expected(gate, format);
    let found = reports(GATES[gate], format, Some(BYTES), &fixtures().unwrap()).unwrap();
    let differing = expected.lines().zip(found.lines()).find(|(expected, found)| expected != found);
    assert_eq!(differing, None, "{}", GATES[gate]);
    assert_eq!(expected, found, "{}", GATES[gate]);
}

#[test]
fn every_selection_says_the_same_of_every_fixture() {
    let files = fixtures().unwrap().len();
    assert!(files > 100, "{files}");
    for gate in 0..GATES.len() {
        same(gate, "json");
    }
}

#[test]
fn every_format_says_the_same() {
    for format in FORMATS {
        same(0, format);
    }
}

#[test]
fn rego_is_refused() {
    let file = RegoFile { path: "mine.rego".to_owned(), text: "package mine".to_owned() };
    let error = Gate::builder().precompiled(BYTES).policies([file]).build().unwrap_err();
    let reason = "`mine.rego` is a policy in Rego, and this build has no compiler";
    assert_eq!(error.to_string(), reason);
    let options = r#"{"policies": [{"path": "mine.rego", "text": "package mine"}]}"#;
    let error = Host::new(options, Some(BYTES)).unwrap_err();
    assert_eq!((error.code, error.message.as_str()), (HostErrorCode::NoCompiler, reason));
    let error = host::test("[]").unwrap_err();
    assert_eq!(error.code, HostErrorCode::NoCompiler);
    assert_eq!(error.message, "tests are in Rego, and this build has no compiler");
}

/// Never a gate that lets everything pass.
#[test]
fn policies_that_are_not_there_in_compiled_form_are_an_error() {
    let mut damaged = BYTES.to_vec();
    *damaged.last_mut().unwrap() ^= 1;
    let bytes: [Option<&[u8]>; 4] = [None, Some(&[]), Some(&BYTES[1..]), Some(damaged.leak())];
    for bytes in bytes {
        let builder = match bytes {
            None => Gate::builder(),
            Some(bytes) => Gate::builder().precompiled(bytes),
        };
        assert!(matches!(builder.build(), Err(GateError::NoCompiler { .. })));
    }
    assert!(matches!(Gate::new(), Err(GateError::NoCompiler { .. })));
}

#[test]
fn policies_are_told_without_their_texts() {
    let host = Host::new("{}", Some(BYTES)).unwrap();
    let found: serde_json::Value = serde_json::from_str(&host.explain("CI101").unwrap()).unwrap();
    assert_eq!((&found[0]["id"], &found[0]["severity"]), (&"CI101".into(), &"critical".into()));
    assert_eq!((&found[0]["page"], &found[0]["rego"]), (&().into(), &().into()));
}
