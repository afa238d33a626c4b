//! Rewrites of lists: another order, other neighbours, another list of containers.

use fastrand::Rng;
use serde_json::{Value, json};

use super::{Case, LISTS, Rewrite, Site, fresh, harmless, names};

pub(super) const REWRITES: &[Rewrite] = &[
    Rewrite { name: "order of containers", apply: |case, rng| shuffle_of_pod(case, rng, &LISTS) },
    Rewrite { name: "order of volumes", apply: |case, rng| shuffle_of_pod(case, rng, &["volumes"]) },
    Rewrite {
        name: "order of mounts",
        apply: |case, rng| shuffle_of_container(case, rng, &["volumeMounts"]),
    },
    Rewrite {
        name: "order of variables",
        apply: |case, rng| shuffle_of_container(case, rng, &["env", "envFrom"]),
    },
    Rewrite { name: "order of ports", apply: |case, rng| shuffle_of_container(case, rng, &["ports"]) },
    Rewrite {
        name: "order of capabilities",
        apply: |case, rng| {
            const LISTS: [&str; 2] =
                ["securityContext/capabilities/add", "securityContext/capabilities/drop"];
            shuffle_of_container(case, rng, &LISTS)
        },
    },
    Rewrite { name: "other list of containers", apply: other_list },
    Rewrite { name: "container beside", apply: container_beside },
    Rewrite { name: "volume beside", apply: volume_beside },
    Rewrite { name: "mount beside", apply: mount_beside },
    Rewrite { name: "variable beside", apply: variable_beside },
];

fn shuffle_of_pod(case: &mut Case, rng: &mut Rng, lists: &[&str]) -> bool {
    let Some(site) = case.site(rng) else { return false };
    let lists: Vec<String> = lists.iter().map(|list| format!("/spec/{list}")).collect();
    shuffle_one(case, rng, &site, &lists)
}

fn shuffle_of_container(case: &mut Case, rng: &mut Rng, lists: &[&str]) -> bool {
    let Some(site) = case.site(rng) else { return false };
    let containers = case.containers(&site);
    let lists: Vec<String> = containers
        .iter()
        .flat_map(|(.., container)| lists.iter().map(move |list| format!("{container}/{list}")))
        .collect();
    shuffle_one(case, rng, &site, &lists)
}

/// Shuffles one of the lists that have an order to lose.
fn shuffle_one(case: &mut Case, rng: &mut Rng, site: &Site, lists: &[String]) -> bool {
    let long: Vec<&String> = lists
        .iter()
        .filter(|list| case.list(site, list).len() > 1 && is_without_order(case, site, list))
        .collect();
    let Some(list) = rng.choice(&long).copied() else { return false };
    let mut order: Vec<usize> = (0..case.list(site, list).len()).collect();
    rng.shuffle(&mut order);
    let moves: Vec<_> = order
        .iter()
        .enumerate()
        .map(|(to, from)| (site.place(&format!("{list}/{from}")), site.place(&format!("{list}/{to}"))))
        .collect();
    if let Some(Value::Array(items)) = case.at_mut(site, list) {
        *items = order.iter().map(|from| items[*from].clone()).collect();
    }
    case.relocate(&moves);
    true
}

/// Variables may refer to earlier ones, and of two with one name the last counts.
fn is_without_order(case: &Case, site: &Site, list: &str) -> bool {
    let items = case.list(site, list);
    let refers = |item: &Value| item["value"].as_str().is_some_and(|value| value.contains("$("));
    !list.ends_with("/env") || (!items.iter().any(refers) && names(items).len() == items.len())
}

/// Moves a container to another list. A pod needs one container: where the last leaves, a harmless one stays.
fn other_list(case: &mut Case, rng: &mut Rng) -> bool {
    let Some(site) = case.site(rng) else { return false };
    let Some((from, index, pointer)) = rng.choice(&case.containers(&site)).cloned() else { return false };
    let others: Vec<&str> = LISTS.into_iter().filter(|list| *list != from).collect();
    let Some(to) = rng.choice(&others).copied() else { return false };
    let Some(Value::Array(list)) = case.at_mut(&site, &format!("/spec/{from}")) else { return false };
    let mut container = list.remove(index);
    let left = list.len();
    if let Some(fields) = container.as_object_mut() {
        fields.remove("targetContainerName");
    }
    let at = case.list(&site, &format!("/spec/{to}")).len();
    let place = |list: &str, index: usize| site.place(&format!("/spec/{list}/{index}"));
    let mut moves: Vec<_> = (index..left).map(|at| (place(from, at + 1), place(from, at))).collect();
    moves.push((site.place(&pointer), place(to, at)));
    case.relocate(&moves);
    case.insert(&site, "/spec", to, at, container);
    stored(case, &site, to);
    let list = site.place("/spec/ephemeralContainers");
    if from == "ephemeralContainers" && left == 0 {
        for wanted in case.wanted.iter_mut().filter(|wanted| wanted.policy == "CI806") {
            wanted.is_optional |= wanted.places.iter().any(|place| place.at == list);
        }
    }
    if from == "containers" && left == 0 {
        let filler = harmless(rng);
        case.insert(&site, "/spec", "containers", 0, filler);
    }
    true
}

fn container_beside(case: &mut Case, rng: &mut Rng) -> bool {
    let Some(site) = case.site(rng) else { return false };
    let list = LISTS[rng.usize(..LISTS.len())];
    let at = rng.usize(0..=case.list(&site, &format!("/spec/{list}")).len());
    let container = harmless(rng);
    stored(case, &site, list);
    case.insert(&site, "/spec", list, at, container)
}

/// Ephemeral containers in a file are odd in themselves.
fn stored(case: &mut Case, site: &Site, list: &str) {
    if list == "ephemeralContainers" {
        case.allow(&["CI806"], &site.place("/spec/ephemeralContainers"));
    }
}

fn volume_beside(case: &mut Case, rng: &mut Rng) -> bool {
    let Some(site) = case.site(rng) else { return false };
    let at = rng.usize(0..=case.list(&site, "/spec/volumes").len());
    let sources = [
        json!({"emptyDir": {}}),
        json!({"emptyDir": {"medium": "Memory"}}),
        json!({"configMap": {"name": "settings"}}),
        json!({"downwardAPI": {"items": [{"path": "name", "fieldRef": {"fieldPath": "metadata.name"}}]}}),
    ];
    let mut volume = sources[rng.usize(..sources.len())].clone();
    volume["name"] = fresh(rng).into();
    case.insert(&site, "/spec", "volumes", at, volume)
}

fn mount_beside(case: &mut Case, rng: &mut Rng) -> bool {
    let Some(site) = case.site(rng) else { return false };
    let Some(container) = case.container(&site, rng) else { return false };
    let name = fresh(rng);
    let mount = json!({"name": name, "mountPath": format!("/{name}")});
    let volumes = case.list(&site, "/spec/volumes").len();
    let at = rng.usize(0..=case.list(&site, &format!("{container}/volumeMounts")).len());
    case.insert(&site, "/spec", "volumes", volumes, json!({"name": name, "emptyDir": {}}))
        && case.insert(&site, &container, "volumeMounts", at, mount)
}

fn variable_beside(case: &mut Case, rng: &mut Rng) -> bool {
    let Some(site) = case.site(rng) else { return false };
    let Some(container) = case.container(&site, rng) else { return false };
    let at = rng.usize(0..=case.list(&site, &format!("{container}/env")).len());
    let variable = match rng.u8(0..3) {
        0 => json!({"name": "EXTRA", "value": "privileged: false"}),
        1 => json!({"name": "EXTRA"}),
        _ => json!({"name": "EXTRA", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}),
    };
    let has_one = names(case.list(&site, &format!("{container}/env"))).contains("EXTRA");
    !has_one && case.insert(&site, &container, "env", at, variable)
}
