//! Which updates are judged as if the object were new: those that Pod Security Admission judges
//! (`isSignificantPodUpdate` of `k8s.io/pod-security-admission/admission`).

use std::sync::Arc;

use k8s_openapi::api::core::v1::{Container, EphemeralContainer, PodSpec};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::document::{self, Limits};
use crate::subject::{self, Body};

/// The pods in the JSON of an object; `None` where not all of it can be read.
pub(super) fn pods(object: &str, limits: &Limits) -> Option<Vec<PodSpec>> {
    let mut pods = Vec::new();
    for document in document::read("-", object, limits) {
        let found = subject::subjects(&Arc::new(document.ok()?), limits);
        if found.not_evaluated.iter().any(|entry| entry.cause.is_error()) {
            return None;
        }
        pods.extend(found.subjects.into_iter().filter_map(|subject| match subject.body {
            Body::Pod { spec, .. } => Some(*spec),
            Body::Object(_) => None,
        }));
    }
    Some(pods)
}

/// Whether two objects have the same text for `spec`. API servers write the same fields as the same text.
pub(super) fn is_same_spec(new: &str, old: &str) -> bool {
    #[derive(Deserialize)]
    struct Specified<'a> {
        #[serde(borrow)]
        spec: &'a RawValue,
    }
    let [new, old] = [new, old].map(serde_json::from_str::<Specified<'_>>);
    matches!((new, old), (Ok(new), Ok(old)) if new.spec.get() == old.spec.get())
}

/// Whether containers come, go, or change their image. Pods that cannot be matched with old ones are new.
pub(super) fn is_significant(new: &[PodSpec], old: &[PodSpec]) -> bool {
    new.is_empty() || new.len() != old.len() || new.iter().zip(old).any(|(new, old)| differ(new, old))
}

fn differ(new: &PodSpec, old: &PodSpec) -> bool {
    images(Some(&new.containers)) != images(Some(&old.containers))
        || images(new.init_containers.as_ref()) != images(old.init_containers.as_ref())
        || ephemeral(new).any(|own| {
            let before = ephemeral(old).find(|before| before.name == own.name);
            before.is_none_or(|before| before.image != own.image)
        })
}

fn images(containers: Option<&Vec<Container>>) -> Vec<Option<&str>> {
    containers.into_iter().flatten().map(|container| container.image.as_deref()).collect()
}

fn ephemeral(spec: &PodSpec) -> impl Iterator<Item = &EphemeralContainer> {
    spec.ephemeral_containers.iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(object: &str) -> Option<Vec<PodSpec>> {
        pods(object, &Limits::default())
    }

    fn differ(new: &str, old: &str) -> bool {
        let pod = |spec: &str| read(&format!("{{apiVersion: v1, kind: Pod, spec: {spec}}}")).unwrap();
        is_significant(&pod(new), &pod(old))
    }

    const OLD: &str = "{containers: [{name: a, image: x}], initContainers: [{name: b, image: x}], \
        ephemeralContainers: [{name: c, image: x}, {name: d, image: x}]}";

    #[test]
    fn images_and_numbers_of_containers_are_significant() {
        for new in [
            OLD.replacen("image: x", "image: y", 1),
            OLD.replace("name: b, image: x", "name: b, image: y"),
            OLD.replace("name: d, image: x", "name: d, image: y"),
            OLD.replace("name: d", "name: e"),
            OLD.replace("[{name: a, image: x}]", "[{name: a, image: x}, {name: f}]"),
            OLD.replace("[{name: b, image: x}]", "[]"),
        ] {
            assert!(differ(&new, OLD), "{new}");
        }
    }

    #[test]
    fn other_changes_are_not() {
        for new in [
            OLD.to_owned(),
            OLD.replace("{name: c, image: x}, {name: d, image: x}", "{name: d, image: x}"),
            OLD.replace("containers:", "tolerations: [{operator: Exists}], containers:"),
            OLD.replace("image: x}", "image: x, resources: {limits: {cpu: '2'}}}"),
        ] {
            assert!(!differ(&new, OLD), "{new}");
        }
    }

    #[test]
    fn specifications_are_the_same_by_their_text() {
        let same = |new, old| is_same_spec(new, old);
        assert!(same(r#"{"spec":{"a":1},"metadata":{"b":1}}"#, r#"{"metadata":{},"spec":{"a":1}}"#));
        assert!(!same(r#"{"spec":{"a":1,"later":2}}"#, r#"{"spec":{"a":1}}"#));
        assert!(!same("{}", "{}") && !same("{", "{"));
    }

    #[test]
    fn what_cannot_be_read_whole_is_told_from_what_has_no_pods() {
        let pod = read("{apiVersion: v1, kind: Pod, spec: {}}").unwrap();
        let none = read("{apiVersion: v1, kind: ConfigMap}").unwrap();
        assert_eq!((pod.len(), none.len()), (1, 0));
        assert!(is_significant(&pod, &none) && is_significant(&none, &none));
        assert_eq!(read("{"), None);
        assert_eq!(read("{apiVersion: v1, kind: Pod, spec: 1}"), None);
    }
}
