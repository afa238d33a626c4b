//! Patches of the pods of jobs.

use serde_json::{Value, json};

use super::{notes, read_file, reasons, spec};

const RUNNER: &str = r#"[[runners]]
executor = "kubernetes"
[runners.kubernetes]
[[runners.kubernetes.volumes.host_path]]
name = "node"
mount_path = "/data"
[runners.kubernetes.pod_security_context]
run_as_user = 0
"#;

/// The pod with a patch over it, and the reasons of what is not known of it.
fn patched(kind: &str, patch: &str) -> (Value, Vec<Value>) {
    let table = format!("[[runners.kubernetes.pod_spec]]\npatch_type = \"{kind}\"\npatch = '''{patch}'''\n");
    let found = read_file("config.toml", &format!("{RUNNER}{table}"));
    assert_eq!(reasons(&found), [""; 0], "{patch}");
    let [subject] = found.subjects.as_slice() else { panic!("{patch} {found:#?}") };
    let is_patch = |note: &Value| note[0].get("patch").is_some() || note[0].get("unknown").is_some();
    (spec(subject), notes(subject).into_iter().filter(is_patch).map(|note| note[0].clone()).collect())
}

#[test]
fn operations_make_what_the_pod_of_the_runner_has() {
    for (path, value, place) in [
        ("/containers/0/securityContext/privileged", json!(true), "/containers/0/securityContext/privileged"),
        (
            "/containers/0/securityContext/privileged",
            json!(false),
            "/containers/0/securityContext/privileged",
        ),
        ("/containers/2/securityContext", json!({"privileged": true}), "/containers/2/securityContext"),
        ("/volumes/-", json!({"name": "a", "hostPath": {"path": "/"}}), "/volumes/1"),
        ("/volumes/0", json!({"name": "a", "hostPath": {"path": "/"}}), "/volumes/0"),
        (
            "/initContainers/-",
            json!({"name": "a", "securityContext": {"privileged": true}}),
            "/initContainers/0",
        ),
        (
            "/containers/0/env/-",
            json!({"name": "DOCKER_HOST", "value": "tcp://docker:2375"}),
            "/containers/0/env/0",
        ),
        (
            "/containers/1/volumeMounts/-",
            json!({"name": "node", "mountPath": "/b"}),
            "/containers/1/volumeMounts/1",
        ),
        ("/nodeSelector/a~1b", json!("c"), "/nodeSelector/a~1b"),
        ("/hostPID", json!(true), "/hostPID"),
        ("/HostPID", json!(true), "/hostPID"),
        ("/containers/0/SecurityContext", json!({"Privileged": true}), "/containers/0/securityContext"),
    ] {
        let patch = json!([{"op": "add", "path": path, "value": value}]).to_string();
        let (spec, told) = patched("json", &patch);
        let wanted = if path.contains("/Sec") { json!({"privileged": true}) } else { value };
        assert_eq!((spec.pointer(place), told), (Some(&wanted), Vec::new()), "{path}");
    }
}

#[test]
fn operations_that_cannot_be_followed_are_told() {
    let which = "it means an item by its number, and what stands there is not known";
    let unfit = "an operation of it fits nothing that is known of the pod";
    for (patch, why) in [
        (
            json!([{"op": "add", "path": "/initContainers/0/securityContext/privileged", "value": true}]),
            Some(which),
        ),
        (json!([{"op": "replace", "path": "/containers/5/image", "value": "a"}]), Some(which)),
        (json!([{"op": "remove", "path": "/containers/0/volumeMounts/0"}]), Some(which)),
        (json!([{"op": "move", "from": "/overhead", "path": "/x"}]), Some(unfit)),
        (json!([{"op": "copy", "from": "/tolerations/0", "path": "/tolerations/-"}]), Some(unfit)),
        (json!([{"op": "add", "path": "", "value": "a"}]), Some(unfit)),
        (json!([{"op": "merge", "path": "/a", "value": "a"}]), Some(unfit)),
        (json!([{"op": "remove", "path": "/securityContext"}]), None),
        (json!([{"op": "test", "path": "/a", "value": 1}]), None),
        (json!([{"op": "copy", "from": "/volumes/0", "path": "/volumes/-"}]), None),
    ] {
        let wanted: Vec<Value> = why.into_iter().map(|why| json!({"patch": why})).collect();
        assert_eq!(patched("json", &patch.to_string()).1, wanted, "{patch}");
    }
    let whole = json!([{"op": "replace", "path": "", "value": {"hostPID": true, "containers": []}}]);
    assert_eq!(patched("json", &whole.to_string()).0, json!({"hostPID": true, "containers": []}));
    let (moved, told) =
        patched("json", &json!([{"op": "move", "from": "/volumes/0", "path": "/volumes/-"}]).to_string());
    assert_eq!(
        (&moved["volumes"], told),
        (&json!([{"name": "node", "hostPath": {"path": "/data"}}]), Vec::new())
    );
}

#[test]
fn a_merge_patch_knows_no_directives_and_replaces_lists() {
    let (spec, told) = patched(
        "merge",
        r#"{"securityContext": {"$patch": "delete"}, "volumes": [{"name": "b"}], "hostIPC": true}"#,
    );
    assert_eq!(spec["securityContext"], json!({"runAsUser": 0}));
    assert_eq!((&spec["volumes"], &spec["hostIPC"]), (&json!([{"name": "b"}]), &json!(true)));
    assert_eq!(told, [json!({"unknown": null})]);
    let (spec, _) =
        patched("strategic", r#"{"securityContext": {"$patch": "delete"}, "volumes": [{"name": "b"}]}"#);
    assert_eq!((&spec["securityContext"], spec["volumes"].as_array().map(Vec::len)), (&Value::Null, Some(2)));
    let (spec, _) = patched("merge", r#"{"securityContext": null}"#);
    assert_eq!(spec["securityContext"], Value::Null);
    let form = json!({"patch": "it has not the form of its type"});
    for (kind, patch) in [("merge", "[]"), ("json", "{}"), ("strategic", "[]"), ("JSON", "{}")] {
        assert_eq!(patched(kind, patch).1, std::slice::from_ref(&form), "{kind}");
    }
}

#[test]
fn keys_of_patches_count_in_any_case() {
    for (patch, place, wanted) in [
        (r#"{"HostPID": true}"#, "/hostPID", json!(true)),
        (r#"{"ho\u017ftPID": true}"#, "/hostPID", json!(true)),
        (r#"{"hostNetwor\u212a": true}"#, "/hostNetwork", json!(true)),
        (r#"{"HostPID": false}"#, "/hostPID", json!(false)),
        // In the order of their bytes the last counts, as for Go.
        (r#"{"HostPID": true, "hostPID": false}"#, "/hostPID", json!(false)),
        (r#"{"ho\u017ftPID": true, "hostPID": false}"#, "/hostPID", json!(true)),
        (
            r#"{"SecurityContext": {"RunAsGroup": 1}}"#,
            "/securityContext",
            json!({"runAsUser": 0, "runAsGroup": 1}),
        ),
        (r#"{"SecurityContext": {"runAsUser": 1}}"#, "/securityContext", json!({"runAsUser": 0})),
        (r#"{"securitycontext": {"runAsUser": 1}}"#, "/securityContext", json!({"runAsUser": 1})),
        (
            r#"{"Volumes": [{"Name": "a", "HostPath": {"Path": "/"}}]}"#,
            "/volumes",
            json!([{"name": "a", "hostPath": {"path": "/"}}, {"name": "node", "hostPath": {"path": "/data"}}]),
        ),
        (
            r#"{"containers": [{"name": "build", "SecurityContext": {"Privileged": true}}]}"#,
            "/containers/0/securityContext",
            json!({"privileged": true}),
        ),
        // Keys of what is no field stay as they are.
        (r#"{"nodeSelector": {"A": "b", "a": "c"}}"#, "/nodeSelector", json!({"A": "b", "a": "c"})),
    ] {
        for kind in ["strategic", "merge"] {
            let (spec, told) = patched(kind, patch);
            assert_eq!((spec.pointer(place), told), (Some(&wanted), Vec::new()), "{kind} {patch}");
        }
    }
    let (_, told) = patched("strategic", r#"{"HostPIDs": true}"#);
    assert_eq!(told, [json!({"unknown": "hostPID"})]);
    // The API server knows no other case.
    let found = super::read(
        "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {HostPID: true, containers: []}}\n",
    );
    assert_eq!(spec(&found.subjects[0]), json!({"containers": []}));
    assert_eq!(notes(&found.subjects[0]), [json!([{"unknown": "hostPID"}, "/spec/HostPID"])]);
}
