//! Rewrites of the documents of a file: more of them, other places, lists.

use fastrand::Rng;
use serde_json::{Value, json};

use super::{Case, Rewrite, harmless};

pub(super) const REWRITES: &[Rewrite] = &[
    Rewrite { name: "list of the documents", apply: list_of_all },
    Rewrite { name: "list in a list", apply: list_in_list },
    Rewrite { name: "list of pods", apply: list_of_pods },
    Rewrite { name: "other documents before", apply: others_before },
    Rewrite { name: "the same document twice", apply: twice },
    Rewrite { name: "order of documents", apply: order },
];

fn moved(from: usize, to: String) -> (String, String) {
    (format!("{from}#"), to)
}

fn list_of_all(case: &mut Case, _: &mut Rng) -> bool {
    let items: Vec<Value> = case.documents.drain(..).collect();
    // What is no object keeps its place in no list.
    let objects: Vec<usize> = (0..items.len()).filter(|index| items[*index].is_object()).collect();
    let moves: Vec<_> =
        objects.iter().enumerate().map(|(to, from)| moved(*from, format!("0#/items/{to}"))).collect();
    let items: Vec<&Value> = objects.iter().map(|index| &items[*index]).collect();
    case.documents.push(json!({"apiVersion": "v1", "kind": "List", "items": items}));
    case.relocate(&moves);
    true
}

fn list_in_list(case: &mut Case, rng: &mut Rng) -> bool {
    let at = rng.usize(..case.documents.len());
    if !case.documents[at].is_object() {
        return false;
    }
    let inner = json!({"apiVersion": "v1", "kind": "List", "items": [case.documents[at]]});
    let between = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}});
    case.documents[at] = json!({"apiVersion": "v1", "kind": "List", "items": [between, inner]});
    let moves = [moved(at, format!("{at}#/items/1/items/0"))];
    case.relocate(&moves);
    true
}

/// Items of a typed list may leave their kind to the list.
fn list_of_pods(case: &mut Case, rng: &mut Rng) -> bool {
    let pods: Vec<usize> =
        (0..case.documents.len()).filter(|index| case.documents[*index]["kind"] == "Pod").collect();
    let Some(at) = rng.choice(&pods).copied() else { return false };
    let mut pod = case.documents[at].take();
    if let (Some(pod), true) = (pod.as_object_mut(), rng.bool()) {
        pod.remove("kind");
        pod.remove("apiVersion");
    }
    case.documents[at] = json!({"apiVersion": "v1", "kind": "PodList", "items": [pod]});
    let moves = [moved(at, format!("{at}#/items/0"))];
    case.relocate(&moves);
    true
}

fn others_before(case: &mut Case, rng: &mut Rng) -> bool {
    let container = harmless(rng);
    let others = [
        json!(null),
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"},
            "data": {"README.md": "Never write this:\n```\nkind: Pod\nspec: {hostPID: true}\n```\n"}}),
        json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {"ports": [{"port": 80}]}}),
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "other", "namespace": "ci"}, "spec": {
            "automountServiceAccountToken": false, "serviceAccountName": "builder", "hostUsers": false, "containers": [container],
            "securityContext": {"runAsNonRoot": true, "runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}}}}),
    ];
    let at = rng.usize(0..=case.documents.len());
    let moves: Vec<_> =
        (at..case.documents.len()).map(|from| moved(from, format!("{}#", from + 1))).collect();
    case.documents.insert(at, others[rng.usize(..others.len())].clone());
    case.relocate(&moves);
    true
}

fn twice(case: &mut Case, rng: &mut Rng) -> bool {
    let from = rng.usize(..case.documents.len());
    let to = case.documents.len();
    case.documents.push(case.documents[from].clone());
    let mut copy = case.clone();
    copy.relocate(&[moved(from, format!("{to}#"))]);
    let new = format!("{to}#");
    case.wanted.extend(copy.wanted.into_iter().filter(|one| one.places[0].at.starts_with(&new)));
    case.allowed.extend(copy.allowed.into_iter().filter(|one| one.place.starts_with(&new)));
    true
}

fn order(case: &mut Case, rng: &mut Rng) -> bool {
    let mut order: Vec<usize> = (0..case.documents.len()).collect();
    rng.shuffle(&mut order);
    let moves: Vec<_> = order.iter().enumerate().map(|(to, from)| moved(*from, format!("{to}#"))).collect();
    case.documents = order.iter().map(|from| case.documents[*from].clone()).collect();
    case.relocate(&moves);
    order.len() > 1
}
