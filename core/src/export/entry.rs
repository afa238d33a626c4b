//! The generated entry point: what all policies say, with the severity and the action that the settings give.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::Chosen;
use crate::policy::Severity;

/// The entry point over these policies, whose verdict rule has this name.
pub(super) fn module(chosen: &[Chosen<'_>], verdict: &str) -> String {
    let about: Map<String, Value> =
        chosen.iter().map(|one| (one.policy.id.clone(), Value::Object(about(one)))).collect();
    let found: String = chosen
        .iter()
        .map(|one| {
            format!("\t{}: data.{}.{verdict},\n", Value::from(one.policy.id.as_str()), one.policy.package)
        })
        .collect();
    let kinds: BTreeSet<&str> = chosen.iter().flat_map(|one| &one.policy.kinds).map(String::as_str).collect();
    let others: Vec<&&str> = kinds.iter().filter(|kind| **kind != "Pod").collect();
    let actions: Map<String, Value> = Severity::ALL
        .iter()
        .map(|severity| (severity.as_str().to_owned(), json!(severity.default_action().as_str())))
        .collect();
    format!(
        "{HEAD}\n_found := {{\n{found}}}\n\n_policies := {}\n\n_other_kinds := {}\n\n_actions := {}\n",
        shown(&Value::Object(about)),
        shown(&json!(others)),
        shown(&Value::Object(actions)),
    )
}

fn about(one: &Chosen<'_>) -> Map<String, Value> {
    let mut about = Map::new();
    about.insert("name".to_owned(), json!(one.policy.name));
    about.insert("kinds".to_owned(), json!(one.policy.kinds));
    about.insert("severity".to_owned(), json!(one.severity.unwrap_or(one.policy.severity).as_str()));
    if one.severity.is_some() {
        about.insert("fixed".to_owned(), json!(true));
    }
    if let Some(action) = one.action {
        about.insert("action".to_owned(), json!(action.as_str()));
    }
    about
}

/// JSON is Rego.
fn shown(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default().replace("  ", "\t")
}

const HEAD: &str = r#"# Made by `podgate export`: what every policy says of one object, and what follows from it.
package podgate.main

import future.keywords.not
import rego.v1

# Everything that was found.
violations contains violation if {
	some id, policy in _policies
	_judges(policy)
	some found in _found[id]
	severity := _severity(policy, found)
	violation := {
		"policy": id,
		"name": policy.name,
		"severity": severity,
		"action": _action(policy, severity),
		"msg": found.msg,
		"details": object.get(found, "details", {}),
	}
}

deny contains violation if {
	some violation in violations
	violation.action == "deny"
}

warn contains violation if {
	some violation in violations
	violation.action != "deny"
}

warn contains {"msg": reason} if {
	some reason in unjudged
}

# What the policies cannot see into: they judge the object itself.
unjudged contains reason if {
	is_object(_object.spec.template.spec)
	reason := "the pod in this object is not judged: only pods are; `podgate check` finds the pods of workloads"
}

unjudged contains reason if {
	is_object(_object.spec.jobTemplate.spec.template.spec)
	reason := "the pod in this object is not judged: only pods are; `podgate check` finds the pods of workloads"
}

unjudged contains reason if {
	is_array(_object.items)
	reason := "the objects in this list are not judged: only pods are; `podgate check` finds the pods in lists"
}

unjudged contains reason if {
	is_object(input.request)
	reason := "an AdmissionReview is not judged as it is: pass its `request` as `review`"
}

_object := input.review.object if {
	is_object(input.review.object)
} else := input

_judges(policy) if {
	_object.kind in policy.kinds
} else if {
	"Pod" in policy.kinds
	not _object.kind in _other_kinds
}

_severity(policy, found) := policy.severity if {
	policy.fixed
} else := object.get(object.get(found, "details", {}), "severity", policy.severity)

_action(policy, severity) := policy.action if {
	policy.action
} else := object.get(_actions, severity, "deny")
"#;
