//! A `PodSecurityPolicy` as settings of the profile `psp`.
//!
//! The settings judge as the admission plugin did: they admit a pod that it would have admitted after setting the
//! fields that the policy sets. What it set is told beside them, since a gate that judges does not set it.

mod check;
mod find;
mod notes;
#[cfg(test)]
mod tests;
mod write;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::{Map, Value};

use self::find::Found;
use crate::document::{Node, escape_pointer_token};
use crate::policy::{self, Policy, parameters};
use crate::settings::SettingsError;
use crate::typed::{self, nearest};

/// The profile whose policies have the fields as parameters.
const PROFILE: &str = "psp";

/// The parameter that is no field.
const DOCUMENTED: &str = "podSecurityPolicy";

/// Beginnings of the annotations by which a policy speaks of profiles.
const ANNOTATIONS: [&str; 2] =
    ["seccomp.security.alpha.kubernetes.io/", "apparmor.security.beta.kubernetes.io/"];

/// What became of a `PodSecurityPolicy`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Imported {
    /// Its name.
    pub name: String,
    /// Settings that judge the same, as YAML with comments.
    pub settings: String,
    /// What its admission did and the settings do not, one a line.
    pub notes: Vec<String>,
}

/// A fault, by its JSON Pointer in the manifest.
struct Fault {
    pointer: String,
    reason: String,
}

/// A field of a policy's spec, or one of its annotations, and the policy here that has it as a parameter.
struct Field {
    owner: &'static Policy,
    name: &'static str,
    schema: &'static Value,
}

impl Field {
    fn is_annotation(&self) -> bool {
        ANNOTATIONS.iter().any(|prefix| self.name.starts_with(prefix))
    }

    /// Where it stands in a manifest.
    fn pointer(&self) -> String {
        let place = if self.is_annotation() { "/metadata/annotations" } else { "/spec" };
        format!("{place}/{}", escape_pointer_token(self.name))
    }

    /// What counts where a manifest lacks it.
    fn absent(&self) -> Value {
        match self.name {
            "allowPrivilegeEscalation" => Value::Bool(true),
            "runAsGroup" => serde_json::json!({"rule": "RunAsAny"}),
            "runtimeClass" => serde_json::json!({"allowedRuntimeClassNames": ["*"]}),
            _ if self.schema.get("nullable").is_some() => Value::Null,
            _ => match self.schema.get("type").and_then(Value::as_str) {
                Some("boolean") => Value::Bool(false),
                Some("array") => Value::Array(Vec::new()),
                Some("string") => Value::String(String::new()),
                _ => Value::Null,
            },
        }
    }
}

/// Reads the `PodSecurityPolicy` in a text and writes the settings; `source` is the name of the text in messages.
/// Other objects in the text are passed over. Where it holds several such policies, `name` chooses one.
///
/// # Errors
///
/// Text that cannot be read, that holds no such policy or several, and a policy that the API server would not have
/// taken: unknown or doubled fields, values of a wrong type, strategies without what they need.
pub fn import(source: &str, text: &str, name: Option<&str>) -> Result<Imported, SettingsError> {
    let found = find::one(source, text, name)?;
    let fields = fields()?;
    let values = read(&found, &fields).map_err(|fault| found.error(&fault.pointer, fault.reason))?;
    let notes = notes::all(&values, &found);
    let settings = write::settings(source, &found.name, &fields, &values, &notes);
    Ok(Imported { name: found.name, settings, notes })
}

fn fields() -> Result<Vec<Field>, SettingsError> {
    let policies = policy::built_in()
        .map_err(|error| SettingsError::new(error.file.clone(), None, error.to_string()))?;
    let own = policies.iter().filter(|policy| policy.profiles.iter().any(|profile| profile == PROFILE));
    let fields = own
        .flat_map(|owner| owner.parameters.iter().map(move |(name, schema)| Field { owner, name, schema }));
    Ok(fields.filter(|field| field.name != DOCUMENTED).collect())
}

/// The value of every field.
fn read(found: &Found, fields: &[Field]) -> Result<Map<String, Value>, Fault> {
    let node = &found.node;
    if let Some(metadata) = node.get("metadata") {
        typed::read_strict::<ObjectMeta>(metadata, "/metadata").map_err(|error| Fault {
            pointer: error.pointer.unwrap_or_else(|| "/metadata".to_owned()),
            reason: error.reason,
        })?;
    }
    known(node, "", ["apiVersion", "kind", "metadata", "spec"].into_iter())?;
    let Some(spec) = node.get("spec") else {
        return Err(Fault { pointer: String::new(), reason: "the key `spec` is missing".to_owned() });
    };
    let (annotations, in_spec): (Vec<&Field>, Vec<&Field>) =
        fields.iter().partition(|field| field.is_annotation());
    known(spec, "/spec", in_spec.iter().map(|field| field.name))?;
    let of_profiles = |key: &str| ANNOTATIONS.iter().any(|prefix| key.starts_with(prefix));
    let given = node.pointer("/metadata/annotations").and_then(Node::as_map);
    for entry in given.into_iter().flatten().filter(|entry| of_profiles(entry.key())) {
        only(entry.key(), "/metadata/annotations", annotations.iter().map(|field| field.name))?;
    }
    let mut values = Map::new();
    for field in fields {
        let pointer = field.pointer();
        let given = node.pointer(&pointer).filter(|node| !node.is_null()).map(plain);
        let value = match given {
            None => field.absent(),
            Some(value) => match parameters::mismatch(field.schema, &value) {
                None => value,
                Some(wrong) => {
                    return Err(Fault {
                        pointer: format!("{pointer}{}", wrong.pointer),
                        reason: wrong.reason,
                    });
                }
            },
        };
        values.insert(field.name.to_owned(), value);
    }
    check::fault(&values).map_or(Ok(values), Err)
}

/// Refuses an entry of an object that is not known.
fn known<'k>(node: &Node, pointer: &str, names: impl Iterator<Item = &'k str> + Clone) -> Result<(), Fault> {
    let Some(entries) = node.as_map() else {
        return Err(Fault { pointer: pointer.to_owned(), reason: "expected an object".to_owned() });
    };
    entries.iter().try_for_each(|entry| only(entry.key(), pointer, names.clone()))
}

fn only<'k>(key: &str, pointer: &str, names: impl Iterator<Item = &'k str> + Clone) -> Result<(), Fault> {
    if names.clone().any(|name| name == key) {
        return Ok(());
    }
    let hint = nearest(key, names).map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
    let pointer = format!("{pointer}/{}", escape_pointer_token(key));
    Err(Fault { pointer, reason: format!("unknown field `{key}`{hint}") })
}

/// A value without the nulls in its objects, which are as good as not there.
fn plain(node: &Node) -> Value {
    match node.value() {
        crate::document::Value::Map(entries) => {
            let kept = entries.iter().filter(|entry| !entry.value().is_null());
            kept.map(|entry| (entry.key().to_owned(), plain(entry.value()))).collect()
        }
        crate::document::Value::List(items) => items.iter().map(plain).collect(),
        _ => serde_json::to_value(node).unwrap_or_default(),
    }
}
