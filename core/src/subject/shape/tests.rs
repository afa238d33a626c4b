//! Maps with the containers of a pod among values of a chart, or among settings of a custom resource.

use serde_json::{Value, json};

use super::super::source::testing::{notes, read, reasons, spec, specs};

const INIT: &str = "initContainers: [{name: a, image: b}]\n";

/// The specs of what is found, with and without a list of containers at its level.
fn with_containers(text: &str) -> Vec<Value> {
    let found = read(&format!("{text}{INIT}"));
    assert!(found.subjects.iter().all(|one| one.entry.partial), "{text}");
    let told = |found| reasons(found).into_iter().filter(|one| !one.starts_with(" not a Kubernetes object"));
    assert!(told(&found).eq(told(&read(text))), "{text}");
    // Nothing in values is a field of a pod that is misspelt.
    let told: Vec<Value> = found.subjects.iter().flat_map(notes).collect();
    assert_eq!(told, read(text).subjects.iter().flat_map(notes).collect::<Vec<_>>(), "{text}");
    found.subjects.iter().map(spec).collect()
}

#[test]
fn containers_in_values_hide_nothing_beside_them() {
    let init = json!([{"name": "a", "image": "b"}]);
    let lists = json!({"containers": [], "initContainers": init});
    for (text, own) in [
        ("securityContext: {privileged: true}\n", vec![json!({"privileged": true})]),
        ("image: {tag: a}\nsecurityContext: {procMount: Unmasked}\n", vec![json!({"procMount": "Unmasked"})]),
        ("containerSecurityContext: {privileged: true}\n", vec![json!({"privileged": true})]),
        ("nameOverride: ''\nreplicaCount: 1\n", vec![]),
    ] {
        let found = with_containers(text);
        let mut pod = found[0].clone();
        // What only a container has is not the pod's.
        pod.as_object_mut().unwrap().retain(|_, field| *field != json!({}));
        assert_eq!(pod, lists, "{text}");
        let contexts: Vec<Value> =
            found[1..].iter().map(|spec| spec["containers"][0]["securityContext"].clone()).collect();
        assert_eq!(contexts, own, "{text}");
        let below = specs(&format!("a:\n  {}", format!("{text}{INIT}").trim_end().replace('\n', "\n  ")));
        assert_eq!(below, found, "{text}");
    }
    let volumes = with_containers("extraVolumes: [{name: s, hostPath: {path: /}}]\n");
    let volume = json!([{"name": "s", "hostPath": {"path": "/"}}]);
    assert_eq!(volumes, [json!({"containers": [], "initContainers": init, "volumes": volume})]);
    let side =
        with_containers("image: x\nsidecars: [{name: c, image: d, securityContext: {privileged: true}}]\n");
    assert_eq!(side[1]["containers"][0]["name"], "c");
    assert_eq!(side.len(), 2);
    assert_eq!(with_containers("privileged: true\n"), [lists]);
}

#[test]
fn a_pod_in_a_custom_resource_is_a_pod() {
    let of = |settings: &str| {
        let head = "apiVersion: acme.io/v1\nkind: A\nmetadata: {name: a}\nspec:";
        read(&format!("{head}\n  {settings}\n  {INIT}")).subjects
    };
    // The security context of a pod has no such field.
    let [pod] = &of("securityContext: {privileged: true}")[..] else { panic!() };
    assert!(!pod.entry.partial);
    assert_eq!(spec(pod)["securityContext"], json!({}));
    let [pod, container] = &of("image: x\n  securityContext: {privileged: true}")[..] else { panic!() };
    assert!(!pod.entry.partial && container.entry.partial);
    assert_eq!(spec(container)["containers"][0]["securityContext"], json!({"privileged": true}));
}

#[test]
fn a_pod_among_values_keeps_its_own_fields() {
    let pod = "hostAliases: [{ip: 6.6.6.6, hostnames: [r]}]\nruntimeClassName: g\nsecurityContext: {privileged: false, sysctls: [{name: a, value: b}]}\n";
    for beside in ["image: x\n", "image: {tag: x}\n", "extraVolumes: []\nnameOverride: x\n"] {
        let found = read(&format!("{pod}{beside}{INIT}"));
        let own = spec(&found.subjects[0]);
        assert_eq!(own["hostAliases"], json!([{"ip": "6.6.6.6", "hostnames": ["r"]}]), "{beside}");
        assert_eq!(own["runtimeClassName"], "g", "{beside}");
        assert_eq!(own["securityContext"], json!({"sysctls": [{"name": "a", "value": "b"}]}), "{beside}");
        assert_eq!(
            spec(&found.subjects[1])["containers"][0]["securityContext"],
            json!({"privileged": false})
        );
        assert_eq!(found.subjects.len(), 2, "{beside}");
    }
    // Neither does a fragment without containers lose any.
    let found =
        read("hostNetwork: true\nprivileged: false\nsecurityContext: {seccompProfile: {type: Unconfined}}\n");
    assert_eq!(
        spec(&found.subjects[0])["securityContext"],
        json!({"seccompProfile": {"type": "Unconfined"}})
    );
    // A custom resource is as whole as its containers are.
    let head = "apiVersion: acme.io/v1\nkind: A\nmetadata: {name: a}\nspec:\n  image: x\n  hostPid: true\n  containers: [{name: a, image: b}]\n";
    let found = read(head);
    assert!(!found.subjects[0].entry.partial);
    assert_eq!(notes(&found.subjects[0]).len(), 1, "{:?}", notes(&found.subjects[0]));
}
