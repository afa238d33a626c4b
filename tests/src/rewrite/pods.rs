//! Rewrites of a whole pod: the kind around it, its names, and what is written although it is the default.

use fastrand::Rng;
use serde_json::{Map, Value, json};

use super::{Case, Place, Rewrite, Site, TEMPLATES, fresh, rest};

pub(super) const REWRITES: &[Rewrite] = &[
    Rewrite { name: "workload kind", apply: other_kind },
    Rewrite { name: "pod of a workload", apply: pod_of_workload },
    Rewrite { name: "names of containers", apply: rename_container },
    Rewrite { name: "names of volumes", apply: rename_volume },
    Rewrite { name: "mount paths", apply: mount_elsewhere },
    Rewrite { name: "name, labels and annotations", apply: metadata },
    Rewrite { name: "nulls", apply: |case, rng| fill(case, rng, &json!(null), &nulls()) },
    Rewrite { name: "empty lists and maps", apply: |case, rng| fill(case, rng, &json!({}), &empties()) },
    Rewrite { name: "defaults", apply: |case, rng| fill(case, rng, &json!({}), &defaults()) },
];

/// Puts a pod into a workload.
fn other_kind(case: &mut Case, rng: &mut Rng) -> bool {
    let is_pod = |value: &Value| {
        let plain = ["apiVersion", "kind", "metadata", "spec"];
        value["kind"] == "Pod"
            && value.as_object().is_some_and(|pod| pod.keys().all(|key| plain.contains(&key.as_str())))
    };
    let sites = case.sites();
    let pods: Vec<_> = sites.into_iter().filter(|site| case.at(site, "").is_some_and(is_pod)).collect();
    let Some(site) = rng.choice(&pods) else { return false };
    let (kind, api_version, template) = TEMPLATES[rng.usize(1..TEMPLATES.len())];
    let Some(pod) = case.at_mut(site, "") else { return false };
    let of_pod = |key: &str| pod["metadata"].get(key).cloned();
    let mut metadata = Map::new();
    for key in ["name", "generateName", "namespace"] {
        metadata.extend(of_pod(key).map(|value| (key.to_owned(), value)));
    }
    let mut body = json!({"metadata": pod["metadata"], "spec": pod["spec"]});
    for key in template.split('/').skip(1).collect::<Vec<_>>().into_iter().rev() {
        body = json!({key: body});
    }
    body["apiVersion"] = api_version.into();
    body["kind"] = kind.into();
    body["metadata"] = Value::Object(metadata);
    *pod = body;
    let moves = [(site.place(""), site.place(template))];
    case.relocate(&moves);
    true
}

/// Takes the pod out of a workload, where nothing is found around it.
fn pod_of_workload(case: &mut Case, rng: &mut Rng) -> bool {
    let Some(site) = case.site(rng) else { return false };
    let whole = |template: &&str| site.base.strip_suffix(*template).filter(|_| !template.is_empty());
    let longest = TEMPLATES.iter().map(|(.., template)| *template).filter(|one| whole(one).is_some());
    let Some(template) = longest.max_by_key(|template| template.len()) else { return false };
    let object = Site { base: whole(&template).unwrap_or_default().to_owned(), ..site.clone() };
    let within = |place: &Place, site: &Site| rest(&place.at, &site.place("")).is_some();
    let around = |place: &Place| within(place, &object) && !within(place, &site);
    if case.wanted.iter().any(|one| one.places.iter().any(around)) {
        return false;
    }
    let namespace = case.at(&object, "/metadata/namespace").cloned();
    let Some(mut pod) = case.at(&site, "").cloned() else { return false };
    pod["apiVersion"] = "v1".into();
    pod["kind"] = "Pod".into();
    if let (Some(namespace), Some(pod)) = (namespace, pod.as_object_mut()) {
        let metadata = pod.entry("metadata").or_insert_with(|| json!({}));
        if let Some(metadata) = metadata.as_object_mut() {
            metadata.insert("namespace".to_owned(), namespace);
        }
    }
    let moves = [(site.place(""), object.place(""))];
    if let Some(slot) = case.at_mut(&object, "") {
        *slot = pod;
    }
    case.relocate(&moves);
    true
}

fn rename_container(case: &mut Case, rng: &mut Rng) -> bool {
    let Some(site) = case.site(rng) else { return false };
    let Some(container) = case.container(&site, rng) else { return false };
    let Some(old) = case.name_of(&site, &container) else { return false };
    let everything = case.at(&site, "").map(Value::to_string).unwrap_or_default();
    let alike = case
        .containers(&site)
        .iter()
        .filter(|one| case.name_of(&site, &one.2).as_ref() == Some(&old))
        .count();
    // Annotations and target containers refer to it.
    if alike > 1 || everything.contains("targetContainerName") || everything.contains(&format!("/{old}\":")) {
        return false;
    }
    let new = fresh(rng);
    if let Some(container) = case.at_mut(&site, &container) {
        container["name"] = new.clone().into();
    }
    let all = site.place("");
    for place in case.wanted.iter_mut().flat_map(|wanted| &mut wanted.places) {
        if rest(&place.at, &all).is_some() && place.container.as_ref() == Some(&old) {
            place.container = Some(new.clone());
        }
    }
    true
}

fn rename_volume(case: &mut Case, rng: &mut Rng) -> bool {
    let Some(site) = case.site(rng) else { return false };
    let Some(old) = rng.choice(case.list(&site, "/spec/volumes")).and_then(|volume| volume["name"].as_str())
    else {
        return false;
    };
    let (old, new) = (old.to_owned(), fresh(rng));
    let containers = case.containers(&site);
    let lists = containers
        .iter()
        .flat_map(|one| [format!("{}/volumeMounts", one.2), format!("{}/volumeDevices", one.2)])
        .chain(["/spec/volumes".to_owned()]);
    for list in lists.collect::<Vec<_>>() {
        for item in case.at_mut(&site, &list).and_then(Value::as_array_mut).into_iter().flatten() {
            if item["name"] == old.as_str() {
                item["name"] = new.clone().into();
            }
        }
    }
    true
}

/// What a container calls the node's directory makes no difference.
fn mount_elsewhere(case: &mut Case, rng: &mut Rng) -> bool {
    let Some(site) = case.site(rng) else { return false };
    let volumes = case.list(&site, "/spec/volumes").iter();
    let of_host: Vec<String> = volumes
        .filter(|volume| volume["hostPath"].is_object())
        .filter_map(|volume| volume["name"].as_str().map(str::to_owned))
        .collect();
    let mut changed = false;
    for (.., container) in case.containers(&site) {
        let mounts = case.at_mut(&site, &format!("{container}/volumeMounts"));
        for mount in mounts.and_then(Value::as_array_mut).into_iter().flatten() {
            if mount["name"].as_str().is_some_and(|name| of_host.iter().any(|one| one == name)) {
                mount["mountPath"] = format!("/{}", fresh(rng)).into();
                changed = true;
            }
        }
    }
    changed
}

fn metadata(case: &mut Case, rng: &mut Rng) -> bool {
    let Some(site) = case.site(rng) else { return false };
    let new = fresh(rng);
    let Some(Value::Object(pod)) = case.at_mut(&site, "") else { return false };
    let Value::Object(metadata) = pod.entry("metadata").or_insert_with(|| json!({})) else { return false };
    if rng.bool() {
        metadata.insert("name".to_owned(), new.clone().into());
    } else {
        metadata.remove("name");
        metadata.insert("generateName".to_owned(), format!("{new}-").into());
    }
    for (list, key, value) in [
        ("labels", "app.kubernetes.io/name", "extra"),
        ("labels", "podgate.dev/exempt", "true"),
        ("annotations", "podgate.dev/ignore", "CI101,CI201"),
        ("annotations", "note", "privileged: false\nhostPath: none\n"),
    ] {
        let Value::Object(entries) = metadata.entry(list).or_insert_with(|| json!({})) else { continue };
        if rng.bool() {
            entries.insert(key.to_owned(), value.into());
        }
    }
    true
}

/// Fields of the spec and of every container that may be null.
fn nulls() -> (Value, Value) {
    (
        json!({"hostPID": null, "hostIPC": null, "hostNetwork": null, "hostUsers": null, "securityContext": null,
            "initContainers": null, "ephemeralContainers": null, "volumes": null, "nodeSelector": null,
            "shareProcessNamespace": null, "automountServiceAccountToken": null, "serviceAccountName": null,
            "hostAliases": null, "runtimeClassName": null, "os": null, "tolerations": null}),
        json!({"securityContext": null, "env": null, "envFrom": null, "args": null, "command": null, "ports": null,
            "volumeMounts": null, "volumeDevices": null, "resources": null, "livenessProbe": null,
            "lifecycle": null, "workingDir": null, "restartPolicy": null, "imagePullPolicy": null}),
    )
}

fn empties() -> (Value, Value) {
    (
        json!({"securityContext": {}, "initContainers": [], "ephemeralContainers": [], "volumes": [],
            "nodeSelector": {}, "tolerations": [], "hostAliases": [], "imagePullSecrets": [], "affinity": {}}),
        json!({"securityContext": {"capabilities": {"add": []}}, "env": [], "envFrom": [], "args": [],
            "command": [], "ports": [], "volumeMounts": [], "volumeDevices": [], "resources": {}}),
    )
}

fn defaults() -> (Value, Value) {
    (
        json!({"hostPID": false, "hostIPC": false, "hostNetwork": false, "shareProcessNamespace": false,
            "dnsPolicy": "ClusterFirst", "restartPolicy": "Always", "schedulerName": "default-scheduler",
            "terminationGracePeriodSeconds": 30, "enableServiceLinks": true, "setHostnameAsFQDN": false}),
        json!({"securityContext": {"privileged": false, "procMount": "Default"}, "stdin": false, "tty": false,
            "imagePullPolicy": "IfNotPresent", "terminationMessagePath": "/dev/termination-log",
            "terminationMessagePolicy": "File"}),
    )
}

/// Writes some of the fields that are not there, and a default into ports, mounts and host paths.
fn fill(case: &mut Case, rng: &mut Rng, marker: &Value, fields: &(Value, Value)) -> bool {
    let Some(site) = case.site(rng) else { return false };
    if let Some(spec) = case.at_mut(&site, "/spec") {
        add_missing(spec, &fields.0, rng);
    }
    for (.., container) in case.containers(&site) {
        if let Some(container) = case.at_mut(&site, &container) {
            add_missing(container, &fields.1, rng);
            let of = |key: &str, field: &str, value: Value, container: &mut Value, rng: &mut Rng| {
                for item in container.get_mut(key).and_then(Value::as_array_mut).into_iter().flatten() {
                    add_missing(item, &json!({field: value}), rng);
                }
            };
            let or_null = |value: Value| if marker.is_null() { Value::Null } else { value };
            of("ports", "hostPort", or_null(json!(0)), container, rng);
            of("ports", "protocol", or_null(json!("TCP")), container, rng);
            of("volumeMounts", "mountPropagation", or_null(json!("None")), container, rng);
            of("volumeMounts", "subPath", or_null(json!("")), container, rng);
        }
    }
    for volume in case.at_mut(&site, "/spec/volumes").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(host_path) = volume.get_mut("hostPath") {
            let value = if marker.is_null() { Value::Null } else { json!("") };
            add_missing(host_path, &json!({"type": value}), rng);
        }
    }
    true
}

fn add_missing(into: &mut Value, fields: &Value, rng: &mut Rng) {
    let (Some(into), Some(fields)) = (into.as_object_mut(), fields.as_object()) else { return };
    for (key, value) in fields {
        match into.get_mut(key) {
            Some(present) if present.is_object() && value.is_object() => add_missing(present, value, rng),
            Some(_) => {}
            None if rng.bool() => _ = into.insert(key.clone(), value.clone()),
            None => {}
        }
    }
}
