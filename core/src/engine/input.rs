//! The input of a policy: the admission review of one object, as Gatekeeper shows it.

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use k8s_openapi::api::core::v1::PodSpec;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use regorus::Value;

use super::{EngineError, value};
use crate::document::{Node, pointer_tokens};

/// What policies see as `input`.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    value: Value,
    /// When no policy is to look at it any more.
    until: Option<Instant>,
}

/// What stands around the object in the review.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Review<'a> {
    /// The name of the object.
    pub(crate) name: &'a str,
    /// The namespace of the object.
    pub(crate) namespace: &'a str,
    /// Parameters of the policies.
    pub(crate) parameters: &'a Parameters,
    /// Whether only a part of the object is known.
    pub(crate) partial: bool,
    /// What was noticed while the object was read.
    pub(crate) notes: &'a [serde_json::Value],
    /// When the verdict is no longer wanted.
    pub(crate) until: Option<Instant>,
}

/// Parameters, ready for the engine.
#[derive(Debug, Clone)]
pub(crate) struct Parameters(Value);

impl Parameters {
    pub(crate) fn new(parameters: serde_json::Map<String, serde_json::Value>) -> Self {
        Self(Value::from(serde_json::Value::Object(parameters)))
    }
}

/// Names that every input has, made once.
struct Names {
    api_version: Value,
    group: Value,
    kind: Value,
    metadata: Value,
    name: Value,
    namespace: Value,
    notes: Value,
    object: Value,
    operation: Value,
    parameters: Value,
    partial: Value,
    pod: Value,
    create: Value,
    review: Value,
    spec: Value,
    v1: Value,
    version: Value,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| Names {
    api_version: value::string("apiVersion"),
    group: value::string("group"),
    kind: value::string("kind"),
    metadata: value::string("metadata"),
    name: value::string("name"),
    namespace: value::string("namespace"),
    notes: value::string("notes"),
    object: value::string("object"),
    operation: value::string("operation"),
    parameters: value::string("parameters"),
    partial: value::string("partial"),
    pod: value::string("Pod"),
    create: value::string("CREATE"),
    review: value::string("review"),
    spec: value::string("spec"),
    v1: value::string("v1"),
    version: value::string("version"),
});

impl Input {
    /// The review of a pod. `extras` are fields that the types do not have, by their JSON Pointer in the pod.
    pub(crate) fn pod(
        metadata: &ObjectMeta,
        spec: &PodSpec,
        extras: &[(String, Node)],
        review: Review<'_>,
    ) -> Result<Self, EngineError> {
        let mut spec = value::to_value(spec).map_err(EngineError::new)?;
        default_volumes(&mut spec);
        let mut object = Value::from(BTreeMap::from([
            (NAMES.api_version.clone(), NAMES.v1.clone()),
            (NAMES.kind.clone(), NAMES.pod.clone()),
            (NAMES.metadata.clone(), value::to_value(metadata).map_err(EngineError::new)?),
            (NAMES.spec.clone(), spec),
        ]));
        for (pointer, node) in extras {
            put(&mut object, pointer, value::from_node(node));
        }
        Ok(Self::of(object, review))
    }

    /// The review of any other object.
    pub(crate) fn object(object: &serde_json::Value, review: Review<'_>) -> Self {
        Self::of(Value::from(object.clone()), review)
    }

    fn of(object: Value, review: Review<'_>) -> Self {
        let field = |name: &Value| object.as_object().ok()?.get(name).cloned();
        let api_version = field(&NAMES.api_version).unwrap_or(Value::Null);
        let api_version = api_version.as_string().map_or("", |text| text);
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        let kind = BTreeMap::from([
            (NAMES.group.clone(), value::string(group)),
            (NAMES.kind.clone(), field(&NAMES.kind).unwrap_or(Value::Null)),
            (NAMES.version.clone(), value::string(version)),
        ]);
        let mut input = BTreeMap::from([
            (NAMES.parameters.clone(), review.parameters.0.clone()),
            (
                NAMES.review.clone(),
                Value::from(BTreeMap::from([
                    (NAMES.kind.clone(), Value::from(kind)),
                    (NAMES.name.clone(), value::string(review.name)),
                    (NAMES.namespace.clone(), value::string(review.namespace)),
                    (NAMES.object.clone(), object),
                    (NAMES.operation.clone(), NAMES.create.clone()),
                ])),
            ),
        ]);
        if review.partial {
            input.insert(NAMES.partial.clone(), Value::from(true));
        }
        if !review.notes.is_empty() {
            let notes = review.notes.iter().cloned().map(Value::from).collect::<Vec<_>>();
            input.insert(NAMES.notes.clone(), Value::from(notes));
        }
        Self { value: Value::from(input), until: review.until }
    }

    /// The same review as a policy of the user's sees it: with its own parameters, and with the fields of the
    /// object beside the review, since Conftest passes the object itself as the input.
    pub(crate) fn for_user(&self, parameters: &Parameters) -> Self {
        let mut value = self.value.clone();
        if let Ok(input) = value.as_object_mut() {
            let object =
                input.get(&NAMES.review).and_then(|review| review.as_object().ok()?.get(&NAMES.object));
            let fields = object.and_then(|object| object.as_object().ok()).into_iter().flat_map(|o| o.iter());
            let fields: Vec<_> = fields.map(|(name, field)| (name.clone(), field.clone())).collect();
            input.extend(fields);
            input.extend([(NAMES.parameters.clone(), parameters.0.clone())]);
        }
        Self { value, until: self.until }
    }

    /// The time that is left for it; `None` where it has no end.
    pub(super) fn left(&self) -> Option<Duration> {
        self.until.map(|until| until.saturating_duration_since(Instant::now()))
    }

    pub(super) const fn value(&self) -> &Value {
        &self.value
    }

    /// The scalar at a JSON Pointer in the object, as text.
    pub(crate) fn scalar(&self, pointer: &str) -> Option<String> {
        let mut value =
            self.value.as_object().ok()?.get(&NAMES.review)?.as_object().ok()?.get(&NAMES.object)?;
        for token in pointer_tokens(pointer) {
            value = match value {
                Value::Object(object) => object.get(&value::string(&token))?,
                Value::Array(items) => items.get(token.parse().ok()?)?,
                _ => return None,
            };
        }
        match value {
            Value::String(text) => Some(text.to_string()),
            Value::Bool(_) | Value::Number(_) => value.to_json_str().ok(),
            _ => None,
        }
    }
}

/// A volume without a source is an emptyDir: the API server's default
/// (`SetDefaults_Volume` in `k8s.io/kubernetes/pkg/apis/core/v1`).
fn default_volumes(spec: &mut Value) {
    let Ok(spec) = spec.as_object_mut() else { return };
    let Some(Ok(volumes)) = spec.get_mut(&value::string("volumes")).map(Value::as_array_mut) else {
        return;
    };
    for volume in volumes.iter_mut() {
        if let Ok(volume) = volume.as_object_mut()
            && volume.len() == 1
        {
            volume.extend([(value::string("emptyDir"), Value::new_object())]);
        }
    }
}

/// Puts a value back at its place, making the objects on the way where the typed pod has none.
fn put(object: &mut Value, pointer: &str, node: Value) {
    let tokens: Vec<_> = pointer_tokens(pointer).collect();
    let Some((last, way)) = tokens.split_last() else {
        return;
    };
    let mut target = object;
    for token in way {
        let next = match target {
            Value::Array(_) => {
                let Ok(index) = token.parse() else { return };
                target.as_array_mut().ok().and_then(|items| items.get_mut(index))
            }
            _ => {
                let key = value::string(token);
                let Ok(entries) = target.as_object_mut() else {
                    return;
                };
                if !entries.contains_key(&key) {
                    entries.extend([(key.clone(), Value::new_object())]);
                }
                entries.get_mut(&key)
            }
        };
        let Some(next) = next else { return };
        target = next;
    }
    if let Ok(entries) = target.as_object_mut() {
        entries.extend([(value::string(last), node)]);
    }
}
