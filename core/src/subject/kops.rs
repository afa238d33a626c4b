//! kops' objects, which have no type here: what the nodes of a cluster may do is what every pod on them may do.

use crate::document::{Node, Value, escape_pointer_token, json_fault};
use crate::typed::{Note, NoteKind, TypeError};

/// The kind of a cluster.
pub(super) const CLUSTER: &str = "Cluster";

/// The groups that kops' kinds live or lived in.
pub(super) const GROUPS: &[&str] = &["kops.k8s.io", "kops"];

type Read = Result<(serde_json::Value, Vec<Note>), TypeError>;

/// A cluster, with a note for each of its IAM policies that is no JSON.
pub(super) fn cluster(node: &Node) -> Read {
    let mut notes = Vec::new();
    for (pointer, policy) in policies(node) {
        if let Some(text) = policy.as_str().filter(|text| !text.trim().is_empty())
            && let Some(error) = json_fault(text)
        {
            let field = pointer.rsplit('/').next().unwrap_or_default().to_owned();
            notes.push(Note { kind: NoteKind::Unread { reason: error.to_string() }, pointer, field });
        }
    }
    Ok((object(node, CLUSTER)?, notes))
}

/// A group of nodes.
pub(super) fn instance_group(node: &Node) -> Read {
    Ok((object(node, "InstanceGroup")?, Vec::new()))
}

/// Whether something without a kind is a part of a cluster, as kops' documents have it for `kops edit cluster`.
pub(super) fn is_part_of_cluster(node: &Node) -> bool {
    let spec = |key: &str| node.get("spec").and_then(|spec| spec.get(key));
    ["additionalPolicies", "externalPolicies"]
        .into_iter()
        .any(|key| spec(key).and_then(Node::as_map).is_some())
}

/// The values of a cluster that are IAM policies, with their pointers.
fn policies(node: &Node) -> Vec<(String, &Node)> {
    let mut found = Vec::new();
    if let Some(Value::Map(roles)) = node.pointer("/spec/additionalPolicies").map(Node::value) {
        found.extend(roles.iter().map(|role| {
            (format!("/spec/additionalPolicies/{}", escape_pointer_token(role.key())), role.value())
        }));
    }
    let accounts = node.pointer("/spec/iam/serviceAccountExternalPermissions").and_then(Node::as_list);
    for (index, account) in accounts.unwrap_or_default().iter().enumerate() {
        let policy = account.pointer("/aws/inlinePolicy");
        found.extend(policy.map(|policy| {
            (format!("/spec/iam/serviceAccountExternalPermissions/{index}/aws/inlinePolicy"), policy)
        }));
    }
    found
}

fn object(node: &Node, kind: &str) -> Result<serde_json::Value, TypeError> {
    let mut value = serde_json::to_value(node).map_err(TypeError::new)?;
    if let Some(fields) = value.as_object_mut() {
        fields.entry("apiVersion").or_insert_with(|| "kops.k8s.io/v1alpha2".into());
        fields.entry("kind").or_insert_with(|| kind.into());
    }
    Ok(value)
}
