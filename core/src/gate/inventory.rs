//! Other objects of a run, in the shape of Gatekeeper's `data.inventory`.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use serde_json::{Map, Value, json};

use crate::document::{self, Format, Limits, Node};
use crate::engine::Data;

/// Kinds that policies look up: kind, group, and whether they live in a namespace.
const KINDS: [(&str, &str, bool); 8] = [
    ("PersistentVolume", "", false),
    ("PersistentVolumeClaim", "", true),
    ("Namespace", "", false),
    ("ServiceAccount", "", true),
    ("Role", RBAC, true),
    ("ClusterRole", RBAC, false),
    ("RoleBinding", RBAC, true),
    ("ClusterRoleBinding", RBAC, false),
];

const RBAC: &str = "rbac.authorization.k8s.io";

/// What every name of [`KINDS`] has in it.
const STEMS: [&str; 4] = ["PersistentVolume", "Namespace", "ServiceAccount", "Role"];

/// Ways to write a letter of a name so that the name is not in the text.
const ESCAPES: [&str; 4] = ["\\u", "\\U", "\\x", "binary"];

/// Objects that are known beside the one that is judged.
#[derive(Debug, Clone, Default)]
pub struct Inventory {
    objects: Value,
    /// The ways to places at which different objects were added; nothing stands there.
    twice: BTreeSet<Vec<String>>,
    /// The objects as policies see them, once they are looked at.
    data: OnceLock<Data>,
}

impl Inventory {
    /// Whether a text may hold something for the inventory: cheap, and never wrongly `false`.
    pub fn wants(text: &str) -> bool {
        STEMS.iter().any(|stem| text.match_indices(stem).any(|(at, _)| is_kind(word(text, at))))
            || ESCAPES.iter().any(|escape| text.contains(escape))
            || has_broken_word(text)
    }

    /// Adds what a text holds: volumes and claims, namespaces, service accounts, roles and their bindings, in any
    /// order. Of two different objects with one name it cannot be told which counts, so neither does: what hangs on
    /// them is unknown. What cannot be read is passed over; judging tells of it.
    pub fn add_text(&mut self, source: &str, text: &str) {
        self.add_text_as(None, source, text);
    }

    /// [`Self::add_text`] for a text that is said to be in a format.
    pub fn add_text_as(&mut self, format: Option<Format>, source: &str, text: &str) {
        if format.unwrap_or_else(|| Format::of(source, text)) != Format::Yaml {
            return;
        }
        for document in document::read(source, text, &Limits::default()).into_iter().flatten() {
            self.add(document.root(), None);
        }
        self.data = OnceLock::new();
    }

    /// Whether it is known what a claim brings into a pod: the volume that it names, or that names it. One that is
    /// released still names the claim that it was of, which another of that name is not.
    pub(crate) fn knows_claim(&self, namespace: &str, name: &str) -> bool {
        let claims = self.objects.pointer("/namespace").and_then(|all| all.get(namespace)?.get("v1"));
        let claim = claims.and_then(|own| own.get("PersistentVolumeClaim")?.get(name));
        let volumes = self.objects.pointer("/cluster/v1/PersistentVolume").and_then(Value::as_object);
        let of_claim = |pointer: &str| claim.and_then(|claim| claim.pointer(pointer)?.as_str());
        let (named, uid) = (of_claim("/spec/volumeName"), of_claim("/metadata/uid"));
        volumes.into_iter().flatten().any(|(own, volume)| {
            let of = |key: &str| volume.pointer("/spec/claimRef").and_then(|claim| claim.get(key)?.as_str());
            let is_of_another = uid.zip(of("uid")).is_some_and(|(uid, bound)| uid != bound);
            let names_it = of("name") == Some(name) && of("namespace").unwrap_or("default") == namespace;
            !is_of_another && (names_it || named == Some(own.as_str()))
        })
    }

    pub(crate) fn data(&self) -> &Data {
        self.data.get_or_init(|| match &self.objects {
            Value::Null => Data::default(),
            objects => Data::new(json!({ "inventory": objects })),
        })
    }

    /// Adds an object, or those of a list, whose items may leave their kind to it.
    fn add(&mut self, node: &Node, of_list: Option<(&str, &str)>) {
        let text = |key: &str| node.get(key).and_then(Node::as_str);
        let kind = text("kind").or(of_list.map(|(kind, _)| kind));
        let version = text("apiVersion").or(of_list.map(|(_, version)| version));
        if let Some(items) = node.get("items").and_then(Node::as_list) {
            let item = kind.and_then(|kind| kind.strip_suffix("List")).filter(|kind| !kind.is_empty());
            items.iter().for_each(|one| self.add(one, item.zip(version)));
        }
        let metadata = |key: &str| node.get("metadata").and_then(|m| m.get(key)).and_then(Node::as_str);
        let (Some(kind), Some(version), Some(name)) = (kind, version, metadata("name")) else {
            return;
        };
        let group = version.split_once('/').map_or("", |(group, _)| group);
        let known = KINDS.iter().find(|(known, own, _)| (*known, *own) == (kind, group));
        let (Some((.., namespaced)), Ok(object)) = (known, serde_json::to_value(node)) else {
            return;
        };
        let namespace = metadata("namespace").filter(|own| !own.is_empty()).unwrap_or("default");
        let scope: &[&str] = if *namespaced { &["namespace", namespace] } else { &["cluster"] };
        let way: Vec<&str> = scope.iter().copied().chain([version, kind]).collect();
        let own = || way.iter().chain([&name]).map(|step| (*step).to_owned()).collect::<Vec<String>>();
        let objects = way.iter().fold(&mut self.objects, |place, step| entry(place, step));
        let place = entry(objects, name);
        if place.is_null() && !self.twice.contains(&own()) {
            *place = object;
        } else if *place != object {
            self.twice.insert(own());
            objects.as_object_mut().and_then(|all| all.remove(name));
        }
    }
}

/// The word around a place in a text, cut where it is longer than any name of a kind.
fn word(text: &str, at: usize) -> &str {
    const LONGEST: usize = 32;
    let (before, behind) = text.as_bytes().split_at_checked(at).unwrap_or_default();
    let start = at - before.iter().rev().take(LONGEST).take_while(|one| one.is_ascii_alphanumeric()).count();
    let end = at + behind.iter().take(LONGEST).take_while(|one| one.is_ascii_alphanumeric()).count();
    text.get(start..end).unwrap_or_default()
}

/// Whether a word is the name of a kind, or of a list of it.
fn is_kind(word: &str) -> bool {
    let own = word.strip_suffix("List").unwrap_or(word);
    KINDS.iter().any(|(kind, ..)| *kind == own)
}

/// Whether a word goes on behind an escaped line break, as it may in double quotes.
fn has_broken_word(text: &str) -> bool {
    text.as_bytes().array_windows().any(|[before, slash, after]| {
        *slash == b'\\' && before.is_ascii_alphabetic() && matches!(after, b'\n' | b'\r')
    })
}

fn entry<'v>(value: &'v mut Value, key: &str) -> &'v mut Value {
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    // Just made an object, so the index inserts and cannot panic.
    &mut value[key]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inventory(texts: &[&str]) -> Value {
        let mut inventory = Inventory::default();
        for text in texts {
            assert!(Inventory::wants(text), "{text}");
            inventory.add_text("x.yaml", text);
        }
        inventory.objects
    }

    #[test]
    fn objects_stand_where_gatekeeper_has_them() {
        let objects = inventory(&[
            "{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Namespace, metadata: {name: ci}}]}",
            "apiVersion: v1\nkind: ServiceAccountList\nitems: [{metadata: {name: a, namespace: ci}}]\n",
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r, namespace: ''}\n",
            "apiVersion: rbac.authorization.k8s.io/v1beta1\nkind: \"Cluster\\\n  Role\"\nmetadata: {name: c}\n",
            "{\"apiVersion\": \"v1\", \"kind\": \"\\u004eamespace\", \"metadata\": {\"name\": \"ci\", \"labels\": null}}",
        ]);
        assert_eq!(
            objects.pointer("/cluster/v1/Namespace/ci"),
            None,
            "two that differ: it is not known which counts"
        );
        for pointer in [
            "/namespace/ci/v1/ServiceAccount/a",
            "/namespace/default/rbac.authorization.k8s.io~1v1/Role/r",
            "/cluster/rbac.authorization.k8s.io~1v1beta1/ClusterRole/c",
        ] {
            assert!(objects.pointer(pointer).is_some(), "{pointer}: {objects}");
        }
    }

    #[test]
    fn a_volume_is_of_one_claim_and_of_none_that_has_its_name_later() {
        let claim = |uid: &str, volume: &str| {
            format!(
                "{{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {{name: a, namespace: ci{uid}}}, spec: {{{volume}}}}}"
            )
        };
        let volume = |uid: &str| {
            format!(
                "{{apiVersion: v1, kind: PersistentVolume, metadata: {{name: v}}, spec: {{claimRef: {{name: a, namespace: ci{uid}}}}}}}"
            )
        };
        for (claim, volume, expected) in [
            (claim("", ""), volume(""), true),
            (claim(", uid: old", ""), volume(", uid: old"), true),
            (claim(", uid: old", ""), volume(""), true),
            (claim("", "volumeName: v"), volume(", uid: old"), true),
            (claim(", uid: new", ""), volume(", uid: old"), false),
            (claim(", uid: new", "volumeName: v"), volume(", uid: old"), false),
            (claim(", uid: new", "volumeName: w"), volume(", uid: old"), false),
        ] {
            let mut inventory = Inventory::default();
            inventory.add_text("a.yaml", &claim);
            inventory.add_text("b.yaml", &volume);
            assert_eq!(inventory.knows_claim("ci", "a"), expected, "{claim} {volume}");
        }
    }

    #[test]
    fn what_policies_do_not_look_up_is_not_read_for_them() {
        for text in [
            "kind: Pod\nspec: {automountServiceAccountToken: false, serviceAccountName: a}\n",
            "kind: Deployment\nmetadata: {namespace: ci}\n",
            "kind: IAMRole\n",
            "args: [\"a \\\n b\"]\n",
            "",
        ] {
            assert!(!Inventory::wants(text), "{text}");
        }
        let objects = [
            "apiVersion: iam.example.com/v1\nkind: Role\nmetadata: {name: a}\n",
            "apiVersion: v1\nkind: Namespace\nmetadata: 7\n",
            "apiVersion: v1\nkind: Namespace\nmetadata: {name: [a]}\n",
            "kind: Namespace\nmetadata: {name: a}\n",
            "[Namespace]",
        ];
        assert_eq!(inventory(&objects), Value::Null);
    }
}
