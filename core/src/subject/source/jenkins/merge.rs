//! One pod over another, as the plugin has it (`PodTemplateUtils.combine` of pods and of containers).
//!
//! The plugin drops some of what the upper pod says alone. Here that is kept: what either of them may do, the pod
//! may do.

use std::collections::{BTreeMap, BTreeSet};

use super::super::super::part::Part;

/// The spec of a pod over that of another.
pub(super) fn spec(parent: Part, own: &Part) -> Part {
    parent.merged(own.entries(), |key, before, value| {
        Some(match (key, before) {
            ("containers" | "initContainers", Some(before)) => by_name(before, &value, container),
            ("volumes", Some(before)) => by_name(before, &value, |_, own| own.clone()),
            ("tolerations" | "imagePullSecrets", Some(before)) => joined(before, &value),
            ("nodeSelector" | "securityContext", Some(before)) => entries(before, &value),
            (_, Some(before)) if before.as_bool() == Some(true) && !is_resolved(key) => return None,
            _ => value,
        })
    })
}

/// Truth values of which the upper pod's counts.
fn is_resolved(key: &str) -> bool {
    matches!(key, "hostNetwork" | "shareProcessNamespace")
}

/// Metadata over metadata.
pub(super) fn metadata(parent: Option<Part>, own: Option<Part>) -> Option<Part> {
    match (parent, own) {
        (Some(parent), Some(own)) => Some(parent.merged(own.entries(), |_, before, value| {
            Some(match before.filter(|before| before.is_map()) {
                Some(before) => entries(before, &value),
                None => value,
            })
        })),
        (parent, own) => own.or(parent),
    }
}

fn joined(before: &Part, own: &Part) -> Part {
    Part::list(&own.pointer, before.items().into_iter().chain(own.items()).collect())
}

fn entries(before: &Part, own: &Part) -> Part {
    before.clone().with_all(own.entries())
}

/// Items of two lists: those of one name are one.
pub(super) fn by_name(before: &Part, own: &Part, over: impl Fn(&Part, &Part) -> Part) -> Part {
    let mut all = before.items();
    let mut places = BTreeMap::new();
    for (at, item) in all.iter().enumerate() {
        if let Some(name) = item.text_of("name") {
            places.entry(name).or_insert(at);
        }
    }
    for item in own.items() {
        let at = item.text_of("name").and_then(|name| places.get(&name));
        match at.and_then(|at| all.get_mut(*at)) {
            Some(parent) => *parent = over(parent, &item),
            None => all.push(item),
        }
    }
    Part::list(&own.pointer, all)
}

/// A container over another one of its name.
fn container(parent: &Part, own: &Part) -> Part {
    let all = parent.clone().merged(own.entries(), |key, before, value| {
        let is_empty = value.as_str().is_some_and(str::is_empty)
            || !value.is_map() && !value.is_scalar() && value.items().is_empty();
        Some(match (key, before) {
            ("securityContext", before) => context(before.cloned(), value),
            ("env" | "envFrom", Some(before)) => by_name(before, &value, |_, own| own.clone()),
            ("volumeMounts", Some(before)) => mounts(before, &value),
            ("resources", Some(before)) => entries(before, &value),
            (_, Some(_)) if is_empty => return None,
            _ => value,
        })
    });
    all.placed(&own.pointer)
}

fn mounts(before: &Part, own: &Part) -> Part {
    let mine = own.items();
    let path = |part: &Part| part.text_of("mountPath");
    let taken: BTreeSet<_> = mine.iter().map(path).collect();
    let kept = before.items().into_iter().filter(|mount| !taken.contains(&path(mount)));
    Part::list(&own.pointer, kept.chain(mine.iter().cloned()).collect())
}

/// The security context of a container over that of its parent, of which four fields are taken over and the others
/// lost. `privileged: false` takes nothing back, unless a user, a group or capabilities are named, too.
fn context(parent: Option<Part>, own: Part) -> Part {
    const TAKEN: [&str; 4] = ["capabilities", "privileged", "runAsGroup", "runAsUser"];
    let own = own.only(&TAKEN);
    let Some(parent) = parent else { return own };
    let named = ["capabilities", "runAsGroup", "runAsUser"];
    let named = named.iter().any(|key| own.get(key).or_else(|| parent.get(key)).is_some());
    let mut all = entries(&parent, &own);
    if let Some(privileged) = parent.get("privileged").filter(|own| own.as_bool() == Some(true) && !named) {
        all = all.with("privileged", privileged);
    }
    if let (Some(before), Some(mine)) = (parent.get("capabilities"), own.get("capabilities")) {
        all = all.with("capabilities", entries(&before, &mine));
    }
    all.placed(&own.pointer)
}
