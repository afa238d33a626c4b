//! Policies and pods that nobody wrote by hand: few fields each, so that about half of the pods are admitted.

use fastrand::Rng;
use serde_json::{Map, Value, json};

const SOURCES: [&str; 8] =
    ["hostPath", "emptyDir", "cephfs", "flexVolume", "csi", "projected", "secret", "persistentVolumeClaim"];
const CAPABILITIES: [&str; 4] = ["CHOWN", "KILL", "NET_RAW", "ALL"];
const SECCOMP: [&str; 4] = ["runtime/default", "docker/default", "unconfined", "localhost/a.json"];
const APP_ARMOR: [&str; 3] = ["runtime/default", "unconfined", "localhost/a"];
const SYSCTLS: [&str; 4] =
    ["kernel.shm_rmid_forced", "kernel.msgmax", "net.core.somaxconn", "net.ipv4.tcp_syncookies"];

fn one<'a>(rng: &mut Rng, from: &[&'a str]) -> &'a str {
    from[rng.usize(..from.len())]
}

fn some(rng: &mut Rng, from: &[&str]) -> Vec<String> {
    let one = |name: &&str| rng.bool().then(|| (*name).to_owned());
    from.iter().filter_map(one).collect()
}

/// Puts a value in with a chance of one in `chance`.
fn maybe(
    rng: &mut Rng,
    into: &mut Map<String, Value>,
    chance: usize,
    key: &str,
    make: impl FnOnce(&mut Rng) -> Value,
) {
    if rng.usize(..chance) == 0 {
        let value = make(rng);
        into.insert(key.to_owned(), value);
    }
}

fn ranges(rng: &mut Rng) -> Value {
    let count = rng.usize(1..3);
    let ranges = (0..count).map(|_| {
        let min = rng.i64(0..6);
        json!({"min": min, "max": min + rng.i64(0..4)})
    });
    ranges.collect()
}

fn strategy(rng: &mut Rng, rules: &[&str]) -> Value {
    match one(rng, rules) {
        rule @ ("MustRunAs" | "MayRunAs") => json!({"rule": rule, "ranges": ranges(rng)}),
        rule => json!({"rule": rule}),
    }
}

fn se_linux(rng: &mut Rng) -> Value {
    let mut options = Map::new();
    maybe(rng, &mut options, 2, "level", |rng| json!(one(rng, &["s0", "s0:c1,c2", "s0:c2,c1", "s1:c1,c2"])));
    maybe(rng, &mut options, 4, "type", |rng| json!(one(rng, &["container_t", "spc_t"])));
    maybe(rng, &mut options, 6, "user", |_| json!("u"));
    Value::Object(options)
}

/// A policy that the API server would have taken.
pub(super) fn policy(rng: &mut Rng) -> Value {
    const GROUP_RULES: [&str; 4] = ["MustRunAs", "MayRunAs", "RunAsAny", "RunAsAny"];
    let mut spec = Map::new();
    for field in ["privileged", "hostPID", "hostIPC", "hostNetwork", "readOnlyRootFilesystem"] {
        maybe(rng, &mut spec, 2, field, |rng| json!(rng.bool()));
    }
    spec.insert("runAsUser".into(), strategy(rng, &["MustRunAs", "MustRunAsNonRoot", "RunAsAny"]));
    spec.insert("supplementalGroups".into(), strategy(rng, &GROUP_RULES));
    spec.insert("fsGroup".into(), strategy(rng, &GROUP_RULES));
    maybe(rng, &mut spec, 2, "runAsGroup", |rng| strategy(rng, &["MustRunAs", "MayRunAs"]));
    let wanted = if rng.usize(..4) == 0 {
        json!({"rule": "MustRunAs", "seLinuxOptions": se_linux(rng)})
    } else {
        json!({"rule": "RunAsAny"})
    };
    spec.insert("seLinux".into(), wanted);
    maybe(rng, &mut spec, 2, "hostPorts", ranges);
    let types = SOURCES.map(|source| if source == "cephfs" { "cephFS" } else { source });
    let all = rng.usize(..3) == 0;
    spec.insert("volumes".into(), if all { json!(["*"]) } else { json!(some(rng, &types)) });
    maybe(rng, &mut spec, 2, "allowedHostPaths", |rng| {
        let prefixes = some(rng, &["/", "/a", "/a/b/", "/ab"]);
        prefixes.into_iter().map(|prefix| json!({"pathPrefix": prefix, "readOnly": rng.bool()})).collect()
    });
    maybe(rng, &mut spec, 3, "allowedFlexVolumes", |rng| json!([{"driver": one(rng, &["x/a", "x/b"])}]));
    maybe(
        rng,
        &mut spec,
        3,
        "allowedCSIDrivers",
        |rng| json!([{"name": one(rng, &["a.example", "b.example"])}]),
    );
    let dropped = if rng.bool() { Vec::new() } else { some(rng, &CAPABILITIES) };
    let free: Vec<&str> =
        CAPABILITIES.into_iter().filter(|name| !dropped.iter().any(|own| own == name)).collect();
    let all = dropped.is_empty() && rng.usize(..3) == 0;
    spec.insert("allowedCapabilities".into(), if all { json!(["*"]) } else { json!(some(rng, &free)) });
    maybe(rng, &mut spec, 3, "defaultAddCapabilities", |rng| json!(some(rng, &free)));
    spec.insert("requiredDropCapabilities".into(), json!(dropped));
    maybe(rng, &mut spec, 2, "allowPrivilegeEscalation", |rng| json!(rng.bool()));
    if spec.get("allowPrivilegeEscalation") != Some(&json!(false)) || rng.bool() {
        let takes = spec.get("allowPrivilegeEscalation") != Some(&json!(false));
        maybe(rng, &mut spec, 3, "defaultAllowPrivilegeEscalation", |rng| json!(takes && rng.bool()));
    }
    maybe(rng, &mut spec, 3, "allowedProcMountTypes", |rng| json!(some(rng, &["Default", "Unmasked"])));
    maybe(rng, &mut spec, 2, "allowedUnsafeSysctls", |rng| {
        json!([one(rng, &["*", "kernel.*", "kernel.msgmax"])])
    });
    maybe(rng, &mut spec, 3, "forbiddenSysctls", |rng| {
        json!([one(rng, &["net.*", "kernel.shm_rmid_forced"])])
    });
    maybe(rng, &mut spec, 4, "runtimeClass", |rng| match rng.usize(..3) {
        0 => json!({"allowedRuntimeClassNames": ["*"]}),
        1 => json!({"allowedRuntimeClassNames": ["kata", "runc"], "defaultRuntimeClassName": "kata"}),
        _ => json!({"allowedRuntimeClassNames": []}),
    });
    let mut annotations = Map::new();
    maybe(rng, &mut annotations, 2, "seccomp.security.alpha.kubernetes.io/allowedProfileNames", |rng| {
        if rng.bool() { json!("*") } else { json!(some(rng, &SECCOMP).join(",")) }
    });
    maybe(rng, &mut annotations, 3, "seccomp.security.alpha.kubernetes.io/defaultProfileName", |rng| {
        json!(one(rng, &SECCOMP))
    });
    maybe(rng, &mut annotations, 3, "apparmor.security.beta.kubernetes.io/allowedProfileNames", |rng| {
        json!(some(rng, &APP_ARMOR).join(","))
    });
    maybe(rng, &mut annotations, 3, "apparmor.security.beta.kubernetes.io/defaultProfileName", |rng| {
        json!(one(rng, &APP_ARMOR))
    });
    json!({
        "apiVersion": "policy/v1beta1", "kind": "PodSecurityPolicy",
        "metadata": {"name": "random", "annotations": annotations}, "spec": spec,
    })
}

fn seccomp(rng: &mut Rng) -> Value {
    match one(rng, &["RuntimeDefault", "RuntimeDefault", "Unconfined", "Localhost"]) {
        "Localhost" => json!({"type": "Localhost", "localhostProfile": "a.json"}),
        kind => json!({"type": kind}),
    }
}

fn pod_context(rng: &mut Rng) -> Value {
    let mut context = Map::new();
    maybe(rng, &mut context, 4, "runAsUser", |rng| json!(rng.i64(0..8)));
    maybe(rng, &mut context, 6, "runAsGroup", |rng| json!(rng.i64(0..8)));
    maybe(rng, &mut context, 6, "runAsNonRoot", |rng| json!(rng.bool()));
    maybe(rng, &mut context, 6, "fsGroup", |rng| json!(rng.i64(0..8)));
    maybe(rng, &mut context, 6, "supplementalGroups", |rng| {
        let count = rng.usize(..3);
        (0..count).map(|_| rng.i64(0..8)).collect()
    });
    maybe(rng, &mut context, 8, "seLinuxOptions", se_linux);
    maybe(rng, &mut context, 6, "seccompProfile", seccomp);
    maybe(rng, &mut context, 8, "sysctls", |rng| json!([{"name": one(rng, &SYSCTLS), "value": "1"}]));
    Value::Object(context)
}

fn context(rng: &mut Rng) -> Value {
    let mut context = Map::new();
    maybe(rng, &mut context, 6, "runAsUser", |rng| json!(rng.i64(0..8)));
    maybe(rng, &mut context, 8, "runAsGroup", |rng| json!(rng.i64(0..8)));
    maybe(rng, &mut context, 8, "runAsNonRoot", |rng| json!(rng.bool()));
    maybe(rng, &mut context, 12, "seLinuxOptions", se_linux);
    maybe(rng, &mut context, 12, "seccompProfile", seccomp);
    maybe(rng, &mut context, 12, "privileged", |rng| json!(rng.bool()));
    maybe(rng, &mut context, 6, "readOnlyRootFilesystem", |rng| json!(rng.bool()));
    maybe(rng, &mut context, 8, "allowPrivilegeEscalation", |rng| json!(rng.bool()));
    maybe(rng, &mut context, 20, "procMount", |rng| json!(one(rng, &["Default", "Unmasked"])));
    maybe(rng, &mut context, 6, "capabilities", |rng| {
        let (add, drop) = (some(rng, &CAPABILITIES), some(rng, &CAPABILITIES));
        if rng.bool() { json!({"drop": drop}) } else { json!({"add": add, "drop": drop}) }
    });
    Value::Object(context)
}

fn container(rng: &mut Rng, name: &str, volumes: usize) -> Value {
    let mut container = Map::new();
    container.insert("name".into(), json!(name));
    container.insert("image".into(), json!("a"));
    maybe(rng, &mut container, 2, "securityContext", context);
    maybe(rng, &mut container, 8, "ports", |rng| {
        let mut port = json!({"containerPort": rng.i64(1..9)});
        if rng.bool() {
            port["hostPort"] = json!(rng.i64(0..9));
        }
        json!([port])
    });
    if volumes > 0 {
        maybe(rng, &mut container, 2, "volumeMounts", |rng| {
            let mut mount = json!({"name": format!("v{}", rng.usize(..volumes)), "mountPath": "/m"});
            if rng.bool() {
                mount["readOnly"] = json!(rng.bool());
            }
            json!([mount])
        });
    }
    Value::Object(container)
}

fn volume(rng: &mut Rng, index: usize) -> Value {
    let source = one(rng, &SOURCES);
    let body = match source {
        "hostPath" => json!({"path": one(rng, &["/", "/a", "/a/", "/a/b", "/a/b/c", "/ab", "/abc"])}),
        "cephfs" => json!({"monitors": ["a"]}),
        "flexVolume" => json!({"driver": one(rng, &["x/a", "x/b"])}),
        "csi" => json!({"driver": one(rng, &["a.example", "b.example"])}),
        "projected" => projected(rng),
        "secret" => json!({"secretName": "s"}),
        "persistentVolumeClaim" => json!({"claimName": "c"}),
        _ => json!({}),
    };
    if rng.usize(..10) == 0 {
        return json!({"name": format!("v{index}")});
    }
    json!({"name": format!("v{index}"), source: body})
}

fn projected(rng: &mut Rng) -> Value {
    let parts = [
        json!({"serviceAccountToken": {"path": "token", "expirationSeconds": 3607}}),
        json!({"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}}),
        json!({"downwardAPI": {"items": [{"path": "namespace", "fieldRef": {"fieldPath": "metadata.namespace"}}]}}),
        json!({"serviceAccountToken": {"path": "token", "audience": "vault"}}),
        json!({"configMap": {"name": "other"}}),
        json!({"downwardAPI": {"items": [{"path": "labels", "fieldRef": {"fieldPath": "metadata.labels"}}]}}),
        json!({"secret": {"name": "s"}}),
    ];
    let last = if rng.bool() { 3 } else { parts.len() };
    let count = rng.usize(..4);
    let sources = (0..count).map(|_| parts[rng.usize(..last)].clone()).collect::<Vec<_>>();
    json!({"sources": sources})
}

/// A pod that a YAML file might hold.
pub(super) fn pod(rng: &mut Rng) -> Value {
    let mut spec = Map::new();
    for field in ["hostPID", "hostIPC", "hostNetwork"] {
        maybe(rng, &mut spec, 12, field, |rng| json!(rng.bool()));
    }
    maybe(rng, &mut spec, 8, "runtimeClassName", |rng| json!(one(rng, &["kata", "runc", "gvisor"])));
    maybe(rng, &mut spec, 2, "securityContext", pod_context);
    let volumes = if rng.bool() { 0 } else { rng.usize(1..3) };
    if volumes > 0 {
        spec.insert("volumes".into(), (0..volumes).map(|index| volume(rng, index)).collect());
    }
    spec.insert("containers".into(), json!([container(rng, "a", volumes)]));
    maybe(rng, &mut spec, 4, "initContainers", |rng| json!([container(rng, "b", volumes)]));
    maybe(rng, &mut spec, 6, "ephemeralContainers", |rng| json!([container(rng, "c", volumes)]));
    let mut annotations = Map::new();
    maybe(rng, &mut annotations, 10, "seccomp.security.alpha.kubernetes.io/pod", |rng| {
        json!(one(rng, &SECCOMP))
    });
    for name in ["a", "b"] {
        let key = format!("container.seccomp.security.alpha.kubernetes.io/{name}");
        maybe(rng, &mut annotations, 16, &key, |rng| json!(one(rng, &["", "runtime/default", "unconfined"])));
        let key = format!("container.apparmor.security.beta.kubernetes.io/{name}");
        maybe(rng, &mut annotations, 8, &key, |rng| json!(one(rng, &APP_ARMOR)));
    }
    json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "random", "annotations": annotations}, "spec": spec,
    })
}
