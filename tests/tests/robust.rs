//! Bad input of every sort: a whole outcome for each, and the rest is still judged.

#[path = "robust/endless.rs"]
mod endless;

use std::sync::LazyLock;

use podgate::policy::Severity;
use podgate::report::{Cause, NotEvaluated};
use podgate::{Context, Gate, Report};
use podgate_tests::{invariants, lines};
use serde_json::{Value, json};

const BAD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: bad}\nspec: {hostPID: true, containers: [{name: c, image: i}]}\n";

static GATE: LazyLock<Gate> = LazyLock::new(|| Gate::new().unwrap());

/// What is found, but for what a pod merely leaves undone: the version of an image, a mount.
fn judge(bytes: &[u8]) -> Report {
    let mut report = GATE.check_bytes("in.yaml", bytes, &Context::default());
    if let Err(broken) = invariants::report("in.yaml", bytes, &report) {
        panic!("{broken}\n{report:#?}");
    }
    let is_told = |low: &str| low.starts_with("CI8");
    report.findings.retain(|finding| finding.severity >= Severity::Medium || is_told(&finding.policy));
    report.findings.retain(|finding| !["CI505", "CI807"].contains(&finding.policy.as_str()));
    report
}

/// Cause, line and column, and reason of what was not judged.
fn told(report: &Report) -> Vec<String> {
    let told = |entry: &NotEvaluated| {
        let at =
            entry.span.map_or("-".to_owned(), |span| format!("{}:{}", span.start.line, span.start.column));
        let cause = serde_json::to_value(entry.cause).unwrap();
        format!("{} {}#{} {at} {}", cause.as_str().unwrap(), entry.document, entry.pointer, entry.reason)
    };
    report.not_evaluated.iter().map(told).collect()
}

fn only(bytes: &[u8], wanted: &str) {
    let report = judge(bytes);
    assert_eq!(told(&report), [wanted]);
    assert_eq!((report.findings.len(), report.subjects.len()), (0, 0));
    assert!(report.has_errors());
}

#[test]
fn bytes_that_are_no_text() {
    only(b"kind: Pod\n\xff\xfe", "unreadable 0# 2:1 not UTF-8: the byte at offset 10 begins no character");
    only(b"\xff\xfe\x00\xd8a\x00", "unreadable 0# 1:1 not UTF-16: the byte at offset 2 begins no character");
    only(b"\x1f\x8b\x08\x00", "unreadable 0# 1:2 not UTF-8: the byte at offset 1 begins no character");
}

#[test]
fn text_that_is_no_yaml() {
    let table = [
        ("a: [1, 2\nb: }", "2:2 not valid YAML: `:` makes no key here: quote the text if it is one"),
        ("a: 1\n  b: 2\n", "2:4 not valid YAML: `:` makes no key here: quote the text if it is one"),
        ("a: \0", "1:4 the control character U+0000 is not allowed in YAML"),
        ("{\"kind\": \"Pod\", \"a\": ]", "1:22 not valid JSON: expected a value"),
        ("{\"kind\": \"Pod\"", "1:15 not valid JSON: the text ends before the value does"),
        ("kind: *pod", "1:7 unknown alias `*pod`"),
        ("kind: !!int Pod", "1:13 `Pod` is no `!!int`"),
    ];
    let found = table.map(|(text, _)| format!("{text}\n{}", told(&judge(text.as_bytes())).concat()));
    assert_eq!(found, table.map(|(text, wanted)| format!("{text}\nsyntax 0# {wanted}")));
}

#[test]
fn nothing_at_all() {
    for text in ["", "\n\n", "---\n...\n", "\u{feff}", "null", "---\n---\n"] {
        let report = judge(text.as_bytes());
        assert_eq!(told(&report), ["empty 0# - there is nothing in it"], "{text:?}");
        assert!(report.has_errors() && report.subjects.is_empty(), "{text:?}");
    }
    // A file that is commented out was meant to be.
    let silent = Gate::new().unwrap().start(&Context::default());
    assert_eq!(judge(b"# a\n# b\n"), silent);
}

#[test]
fn too_large() {
    let mut text = BAD.as_bytes().to_vec();
    text.resize(100_000_000, b'\n');
    only(&text, "limit 0# 1:1 too large: 100000000 bytes, at most 67108864 are read");
}

/// What the engine would need for it is out of all proportion to what a cluster can keep.
#[test]
fn too_crowded() {
    // The containers, the container, its name and its arguments, and the spec itself.
    let pod = |values: usize| {
        let args = "a, ".repeat(values - 6);
        format!(
            "{BAD}---\nkind: Pod\napiVersion: v1\nspec:\n  hostPID: true\n  containers: [{{name: c, args: [{args}]}}]\n"
        )
    };
    let most = judge(pod(250_000).as_bytes());
    assert_eq!((told(&most), most.subjects.len()), (Vec::new(), 2));
    let more = judge(pod(250_001).as_bytes());
    let said = "limit 1#/spec 9:3 the pod cannot be read: too many values: at most 250000 are judged";
    assert_eq!((told(&more), more.subjects.len()), (vec![said.to_owned()], 1), "the other one is judged");
    assert!(more.has_errors());
}

/// Each part of a path costs the same: what is looked up in lists goes no deeper than they do.
#[test]
fn long_paths() {
    let mounts = |path: &str| pod_with("/spec/volumes/0/hostPath/path", json!(path));
    let of_volume = |path: &str| {
        let report = judge(mounts(path).as_bytes());
        // Of the place, and not of how it is written (CI107).
        let of_place = ["CI101", "CI102", "CI103", "CI104", "CI105", "CI106"];
        let found = report.findings.iter().filter(|finding| of_place.contains(&&*finding.policy));
        let found: Vec<String> =
            found.map(|finding| format!("{} {}", finding.policy, finding.severity.as_str())).collect();
        (found, told(&report), report.failed_policies.len())
    };
    let nothing = Vec::<String>::new();
    let (found, told, failed) = of_volume(&"/a".repeat(500_000));
    assert_eq!((found, told, failed), (vec!["CI105 medium".to_owned()], nothing.clone(), 0));
    // Where it leads may be told, or it is the worst that it may be.
    let detour = |times: usize| format!("/var/log{}/run/docker.sock", "/a/..".repeat(times));
    assert_eq!(of_volume(&detour(10)).0, of_volume("/var/log/run/docker.sock").0);
    let (found, told, failed) = of_volume(&detour(100_000));
    assert_eq!((found, told, failed), (of_volume("/").0, nothing, 0));
}

#[test]
fn too_deep() {
    let deep = |open: &str, close: &str| format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
    only(deep("[", "]").as_bytes(), "limit 0# 1:129 nested too deep: at most 128 levels are read");
    only(deep("{\"a\":", "}").as_bytes(), "limit 0# 1:641 nested too deep: at most 128 levels are read");
    only("- ".repeat(10_000).as_bytes(), "limit 0# 1:257 nested too deep: at most 128 levels are read");
    let pod = format!("{BAD}---\na: {}\n---\n{BAD}", deep("[", "]"));
    let report = judge(pod.as_bytes());
    assert_eq!(report.not_evaluated[0].cause, Cause::Limit);
    assert_eq!(lines(&report), "CI301 high 0#/spec/hostPID\nCI301 high 2#/spec/hostPID\n");
}

#[test]
fn alias_bombs() {
    let levels = (1..30).map(|at| format!("a{at}: &a{at} [*a{0}, *a{0}]\n", at - 1)).collect::<String>();
    only(
        format!("a0: &a0 [x]\n{levels}").as_bytes(),
        "limit 0# 18:12 too many repeated values: at most 400000 are followed",
    );
    // Few values, each with much text: shared while read, but a typed pod has a copy of each.
    let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(1_000_000), "*a, ".repeat(100));
    only(long.as_bytes(), "limit 0# 2:273 too much repeated text: at most 67108864 bytes are followed");
}

#[test]
fn one_broken_document_hides_nothing() {
    let report = judge(format!("a: [\n---\n{BAD}---\nb: }}\n---\n{BAD}").as_bytes());
    assert_eq!(lines(&report), "CI301 high 1#/spec/hostPID\nCI301 high 3#/spec/hostPID\n");
    assert_eq!(
        told(&report),
        [
            "syntax 0# 1:4 not valid YAML: `[` is not closed",
            "syntax 2# 8:4 not valid YAML: the closing bracket has no opening one"
        ]
    );
}

/// A pod with something set at a pointer.
fn pod_with(pointer: &str, value: Value) -> String {
    let mut pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": {
        "hostPID": true, "containers": [{"name": "c", "image": "i", "ports": [{"containerPort": 1}],
        "resources": {"limits": {"cpu": 1}}, "securityContext": {"privileged": true}}],
        "volumes": [{"name": "v", "hostPath": {"path": "/run/docker.sock"}}]}});
    let (parent, last) = pointer.rsplit_once('/').unwrap();
    match pod.pointer_mut(parent).unwrap() {
        Value::Array(items) => items[last.parse::<usize>().unwrap()] = value,
        Value::Object(entries) => _ = entries.insert(last.to_owned(), value),
        _ => unreachable!(),
    }
    pod.to_string()
}

#[test]
fn wrong_types_at_every_level() {
    // What remains of the findings of the whole pod, and what is told.
    const ALL: &str = "CI101 CI201 CI301";
    let table = [
        ("/kind", json!(5), ALL, ""),
        (
            "/metadata",
            json!([]),
            ALL,
            "/metadata the pod's metadata: expected an object, found a list; the rest was judged without it",
        ),
        (
            "/metadata",
            json!("x"),
            ALL,
            "/metadata the pod's metadata: expected an object, found a string; the rest was judged without it",
        ),
        ("/metadata/name", json!(7), "CI101 CI201 CI301 CI803", ""),
        (
            "/metadata/labels",
            json!({"a": 1, "b": [1]}),
            "CI101 CI201 CI301 CI803",
            "/metadata/labels/b `b`: expected a string, found a list; the rest was judged without it",
        ),
        ("/spec", json!("x"), "", "/spec the pod cannot be read: expected an object, found a string"),
        ("/spec", json!([]), "", "/spec the pod cannot be read: expected an object, found a list"),
        ("/spec", json!(null), "", " Pod has no pod: `/spec` is missing"),
        (
            "/spec/hostPID",
            json!("maybe"),
            "CI101 CI201",
            "/spec/hostPID `hostPID`: expected a boolean, found a string; the rest was judged without it",
        ),
        (
            "/spec/hostPID",
            json!([true]),
            "CI101 CI201",
            "/spec/hostPID `hostPID`: expected a boolean, found a list; the rest was judged without it",
        ),
        ("/spec/hostPID", json!("yes"), "CI101 CI201 CI301 CI803", ""),
        (
            "/spec/containers",
            json!(5),
            "CI101 CI301",
            "/spec/containers `containers`: expected a list, found a number; the rest was judged without it",
        ),
        (
            "/spec/containers",
            json!({}),
            "CI101 CI301",
            "/spec/containers `containers`: expected a list, found an object; the rest was judged without it",
        ),
        ("/spec/containers", json!([null]), "CI101 CI301", ""),
        (
            "/spec/containers",
            json!([[{"name": "c"}], {"name": "d", "securityContext": {"privileged": true}}]),
            ALL,
            "/spec/containers/0 `0`: expected an object, found a list; the rest was judged without it",
        ),
        (
            "/spec/containers/0/ports/0/containerPort",
            json!("http"),
            ALL,
            "/spec/containers/0/ports/0/containerPort `containerPort`: expected a whole number, found a string; the rest was judged without it",
        ),
        (
            "/spec/containers/0/ports",
            json!({"a": 1}),
            ALL,
            "/spec/containers/0/ports `ports`: expected a list, found an object; the rest was judged without it",
        ),
        (
            "/spec/containers/0/securityContext",
            json!("privileged"),
            "CI101 CI301",
            "/spec/containers/0/securityContext `securityContext`: expected an object, found a string; the rest was judged without it",
        ),
        ("/spec/containers/0/securityContext/privileged", json!("yes"), "CI101 CI201 CI301 CI803", ""),
        ("/spec/containers/0/securityContext/privileged", json!(1), "CI101 CI201 CI301 CI803", ""),
        (
            "/spec/containers/0/resources/limits",
            json!(["cpu"]),
            ALL,
            "/spec/containers/0/resources/limits `limits`: expected an object, found a list; the rest was judged without it",
        ),
        (
            "/spec/volumes/0/hostPath",
            json!("/run/docker.sock"),
            "CI201 CI301",
            "/spec/volumes/0/hostPath `hostPath`: expected an object, found a string; the rest was judged without it",
        ),
        (
            "/spec/volumes/0/hostPath/path",
            json!(["/run/docker.sock"]),
            "CI105 CI201 CI301",
            "/spec/volumes/0/hostPath/path `path`: expected a string, found a list; the rest was judged without it",
        ),
        (
            "/spec/volumes",
            json!({"name": "v"}),
            "CI201 CI301",
            "/spec/volumes `volumes`: expected a list, found an object; the rest was judged without it",
        ),
    ];
    for (pointer, value, policies, reason) in table {
        let report = judge(pod_with(pointer, value.clone()).as_bytes());
        let mut found: Vec<&str> = report.findings.iter().map(|finding| finding.policy.as_str()).collect();
        found.sort_unstable();
        let told: Vec<_> =
            report.not_evaluated.iter().map(|one| format!("{} {}", one.pointer, one.reason)).collect();
        assert_eq!(
            (found.join(" "), told.concat()),
            (policies.to_owned(), reason.to_owned()),
            "{pointer} = {value}"
        );
        assert_eq!(report.has_errors(), !reason.is_empty(), "{pointer} = {value}");
    }
}

#[test]
fn null_everywhere_is_absent() {
    let whole: Value = serde_json::from_str(&pod_with("/spec/nodeName", json!("n"))).unwrap();
    let mut pointers = vec![String::new()];
    let mut at = 0;
    while let Some(pointer) = pointers.get(at).cloned() {
        match whole.pointer(&pointer).unwrap() {
            Value::Array(items) => {
                pointers.extend((0..items.len()).map(|index| format!("{pointer}/{index}")))
            }
            Value::Object(entries) => pointers.extend(entries.keys().map(|key| format!("{pointer}/{key}"))),
            _ => {}
        }
        at += 1;
    }
    for pointer in pointers.iter().skip(1) {
        let (mut null, mut absent) = (whole.clone(), whole.clone());
        *null.pointer_mut(pointer).unwrap() = Value::Null;
        let (parent, last) = pointer.rsplit_once('/').unwrap();
        if let Value::Object(entries) = absent.pointer_mut(parent).unwrap() {
            entries.remove(last);
            let (null, absent) = (judge(null.to_string().as_bytes()), judge(absent.to_string().as_bytes()));
            assert_eq!(lines(&null), lines(&absent), "{pointer}");
            assert_eq!(null.summary, absent.summary, "{pointer}");
        } else {
            assert!(!judge(null.to_string().as_bytes()).subjects.is_empty(), "{pointer}");
        }
    }
}

#[test]
fn many_of_everything() {
    let containers: Vec<Value> = (0..10_000)
        .map(|at| json!({"name": format!("c{at}"), "image": "i", "securityContext": {"privileged": at % 100 == 0}}))
        .collect();
    let report = judge(pod_with("/spec/containers", json!(containers)).as_bytes());
    assert_eq!((report.findings.len(), told(&report)), (102, Vec::new()));

    let arguments = vec!["-x"; 200_000];
    let report = judge(pod_with("/spec/containers/0/args", json!(arguments)).as_bytes());
    assert_eq!((report.findings.len(), told(&report)), (3, Vec::new()));

    let pods = vec![serde_json::from_str::<Value>(&pod_with("/spec/hostIPC", json!(true))).unwrap(); 2_000];
    let report = judge(json!({"kind": "List", "apiVersion": "v1", "items": pods}).to_string().as_bytes());
    assert_eq!((report.findings.len(), report.subjects.len()), (8_000, 2_000));

    let report = judge(vec![BAD; 2_000].join("---\n").as_bytes());
    assert_eq!((report.findings.len(), report.subjects.len()), (2_000, 2_000));
}

#[test]
fn huge_and_strange_names() {
    let long = "n".repeat(1_000_000);
    let report = judge(pod_with("/metadata/name", json!(long)).as_bytes());
    assert_eq!((report.findings.len(), report.subjects[0].object.name.len()), (3, 1_000_000));
    for name in ["a\u{0}b", "a\nerror: nothing found\r", "\u{1b}[2J", "é\u{202e}𝄞", "%v%d", "a/b~c", ""] {
        let report = judge(pod_with("/spec/containers/0/name", json!(name)).as_bytes());
        let container = report.findings.iter().find(|finding| finding.policy == "CI201").unwrap();
        assert!(!container.message.contains(char::is_control), "{name:?}: {:?}", container.message);
        assert_eq!(container.container.as_deref().unwrap_or_default(), name);
    }
    let field = json!({"a": 1});
    let report = judge(pod_with("/spec/a~1b\n", field).as_bytes());
    assert!(report.findings.iter().any(|finding| finding.pointer == "/spec/a~01b\n"), "{report:#?}");
}

#[test]
fn lists_in_lists_and_lists_without_kinds() {
    let pod: Value = serde_json::from_str(&pod_with("/metadata/name", json!("a"))).unwrap();
    let bare = json!({"metadata": pod["metadata"], "spec": pod["spec"]});
    let found = |value: Value| {
        let report = judge(value.to_string().as_bytes());
        let at: Vec<String> = report.subjects.iter().map(|subject| subject.object.pointer.clone()).collect();
        (at.join(" "), report.findings.len(), told(&report).join(" "))
    };
    let list = |kind: &str, items: Value| json!({"apiVersion": "v1", "kind": kind, "items": items});
    let nested = list("List", json!([list("List", json!([pod])), list("PodList", json!([bare, bare]))]));
    let places = "/items/0/items/0 /items/1/items/0 /items/1/items/1".to_owned();
    assert_eq!(found(nested), (places, 9, String::new()));
    assert_eq!(found(list("PodList", json!([]))), (String::new(), 0, String::new()));
    // kubectl creates the items of whatever has them.
    for kind in ["ConfigMap", "Service", "PersistentVolume"] {
        let (places, findings, _) = found(list(kind, json!([pod])));
        assert!(places.split(' ').any(|place| place == "/items/0") && findings == 3, "{kind}: {places}");
    }
    let mut clean = list("Pod", json!([bare]));
    clean["spec"] = json!({"containers": [{"name": "c", "image": "i"}]});
    assert_eq!(found(clean).1, 4, "the items, and the unknown field");
    assert_eq!(found(list("Foo", json!([pod]))).1, 3);
}

/// IAM policies in kops clusters: whatever stands in the text, the finding has its place in it, or the text is clean.
#[test]
fn policies_in_strings_are_judged_or_told() {
    const PARTS: [&str; 16] = [
        "[",
        "{",
        "]",
        "}",
        ",",
        ":",
        "\"Action\"",
        "\"Effect\"",
        "\"Allow\"",
        "\"*\"",
        "\"s3:*\"",
        "\"Resource\"",
        "\"Statement\"",
        " ",
        "\n",
        "\\",
    ];
    let mut rng = fastrand::Rng::with_seed(609);
    let mut told = 0;
    for _ in 0..400 {
        let mut policy: String = (0..rng.usize(1..20)).map(|_| *rng.choice(&PARTS).unwrap()).collect();
        if rng.bool() {
            policy = format!("[{{\"Effect\": \"Allow\", \"Action\": {policy}, \"Resource\": \"*\"}}]");
        }
        let cluster = json!({"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "a"},
            "spec": {"additionalPolicies": {"node": policy}}});
        let block = policy.replace('\n', "\n      ");
        let yaml = format!(
            "apiVersion: kops.k8s.io/v1alpha2\nkind: Cluster\nmetadata: {{name: a}}\nspec:\n  additionalPolicies:\n    node: |2\n      {block}\n"
        );
        for text in [cluster.to_string(), yaml] {
            let report = judge(text.as_bytes());
            assert_eq!((report.subjects.len(), report.failed_policies.len()), (1, 0), "{text}");
            let read = serde_json::from_str::<Value>(&policy);
            let unread = !matches!(read, Ok(Value::Array(_) | Value::Object(_))) && !policy.trim().is_empty();
            if unread {
                assert!(lines(&report).starts_with("CI609 "), "{text}: {report:#?}");
                told += 1;
            }
        }
    }
    assert!(told > 300, "only {told}");
}
