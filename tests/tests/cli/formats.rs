//! Formats, files and colours.

use std::io::Read;
use std::process::{Command, Stdio};

use super::{Folder, PRIVILEGED};

/// A format and something that only it says.
const FORMATS: [(&str, &str); 6] = [
    ("text", "critical[CI201]"),
    ("json", "\"kind\": \"Report\""),
    ("sarif", "\"version\": \"2.1.0\""),
    ("github", "::error file=a.yaml,line=9,"),
    ("gitlab", "\"check_name\": \"CI201 privileged\""),
    ("junit", "<testsuites name=\"podgate\""),
];

#[test]
fn formats_and_files_change_no_exit_code() {
    let folder = Folder::new(&[("a.yaml", PRIVILEGED)]);
    for (format, sign) in FORMATS {
        let run = folder.run(&format!("check a.yaml --format {format}"));
        assert_eq!((run.code, run.err.as_str()), (1, ""), "{format}");
        assert!(run.out.contains(sign) && run.out.ends_with('\n'), "{format}: {}", run.out);
        let filed = folder.run(&format!("check a.yaml --format {format} --output report"));
        assert_eq!((filed.code, filed.out.as_str(), filed.err.as_str()), (1, "", ""), "{format}");
        assert_eq!(folder.read("report"), run.out, "{format}");
    }
}

#[test]
fn several_formats_take_the_files_named_after_them() {
    let folder = Folder::new(&[("a.yaml", PRIVILEGED)]);
    let run = folder
        .run("check --format sarif --output a.sarif a.yaml --format text --format junit --output a.xml");
    assert_eq!(run.code, 1);
    assert!(run.out.contains("critical[CI201]"), "{}", run.out);
    assert!(folder.read("a.sarif").contains("2.1.0") && folder.read("a.xml").contains("testsuites"));
    assert_eq!(folder.run("check a.yaml --output b.json --format json").code, 1);
    assert!(folder.read("b.json").contains("\"Report\""));
    assert_eq!(folder.run("check a.yaml --output c.txt").code, 1);
    assert!(folder.read("c.txt").contains("critical[CI201]"));
}

#[test]
fn two_formats_cannot_share_standard_output() {
    let folder = Folder::new(&[("a.yaml", PRIVILEGED)]);
    let run = folder.run("check a.yaml --format json --format text");
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert_eq!(
        run.err,
        "error: only one --format can go to standard output; give the others an --output each\n"
    );
    let run = folder.run("check a.yaml --format json --output a --output b --output c");
    assert_eq!(run.code, 2);
    assert_eq!(run.err, "error: --output c has no --format of its own\n");
}

#[test]
fn a_hyphen_is_standard_output() {
    let folder = Folder::new(&[("a.yaml", PRIVILEGED)]);
    let plain = folder.run("check a.yaml --format json");
    for args in ["--format json --output -", "--output - --format json"] {
        let run = folder.run(&format!("check a.yaml {args}"));
        assert_eq!((run.code, run.out), (1, plain.out.clone()), "{args}");
    }
    let run = folder.run("check a.yaml --format sarif --output a.sarif --format json --output -");
    assert_eq!((run.code, run.out), (1, plain.out));
    assert!(folder.read("a.sarif").contains("2.1.0") && !folder.path().join("-").exists());
    for args in
        ["--format json --output - --format text", "--output - --format json --output - --format text"]
    {
        let run = folder.run(&format!("check a.yaml {args}"));
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{args}");
        assert!(run.err.contains("only one --format can go to standard output"), "{args}: {}", run.err);
    }
}

#[test]
fn two_formats_cannot_share_a_file() {
    let folder = Folder::new(&[("a.yaml", PRIVILEGED)]);
    for other in ["a.json", "./a.json", ".//a.json"] {
        let run = folder
            .run(&format!("check a.yaml --format json --output a.json --format sarif --output {other}"));
        assert_eq!((run.code, run.out.as_str()), (2, ""));
        let said =
            format!("error: only one --format can go to `{other}`; give the others an --output each\n");
        assert_eq!(run.err, said);
        assert!(!folder.path().join("a.json").exists());
    }
    let run = folder.run("check a.yaml --format json --output a.json --format sarif --output a.sarif");
    assert_eq!(run.code, 1);
}

#[test]
fn a_file_is_replaced_whole_or_not_at_all() {
    let folder = Folder::new(&[("a.yaml", PRIVILEGED), ("report", "before")]);
    let run = folder.run("check a.yaml --output missing/report");
    assert_eq!(run.code, 2);
    assert!(run.err.starts_with("error: cannot write `missing/report`: "), "{}", run.err);
    assert_eq!(folder.run("check a.yaml --output report").code, 1);
    assert_ne!(folder.read("report"), "before");
    let names = std::fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(names, 2, "no temporary file is left");
}

#[test]
fn colour_follows_the_conventions() {
    let folder = Folder::new(&[("a.yaml", PRIVILEGED)]);
    let is_coloured = |args: &str, env: &[(&str, &str)]| {
        let run = folder.run_with(args, |command| command.envs(env.iter().copied()));
        run.out.contains('\u{1b}')
    };
    assert!(!is_coloured("check a.yaml", &[]), "a pipe is no terminal");
    assert!(is_coloured("check a.yaml --color always", &[]));
    assert!(is_coloured("check a.yaml", &[("CLICOLOR_FORCE", "1")]));
    assert!(!is_coloured("check a.yaml", &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(!is_coloured("check a.yaml --color never", &[("CLICOLOR_FORCE", "1")]));
    assert!(!is_coloured("check a.yaml --color always --format json", &[]));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = Folder::new(&[]);
    for number in 0..200 {
        folder.write(&format!("k8s/{number}.yaml"), PRIVILEGED.as_bytes());
    }
    for args in [vec!["check", "k8s"], vec!["check", "k8s", "--format", "json"]] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_podgate-tested"))
            .args(args)
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program");
        let mut byte = [0];
        child.stdout.take().expect("a pipe").read_exact(&mut byte).expect("a byte");
        let output = child.wait_with_output().expect("an end");
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    }
}
