//! ConstraintTemplates and Constraints for Gatekeeper.

mod kinds;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::rename::{self, FINDING};
use super::yaml;
use super::{Chosen, Export, chosen, exemptions, named};
use crate::Gate;
use crate::engine::rego::Module;
use crate::policy::parameters::unread::LIMITS;
use crate::policy::{Action, PolicyError, Severity};
use crate::settings::Exemption;

/// The parameter by which one constraint of several takes its share of a policy's findings.
const SEVERITIES: &str = "severities";

/// The library package that reads parameters. Gatekeeper refuses Rego that looks at other data than its own.
const PARAMETER: &str = "data.lib.podgate.parameter";

/// The selected policies as Gatekeeper's templates and constraints, with what they need to be synchronised.
///
/// # Errors
///
/// None in a published version: the built-in policies are known to load.
pub fn gatekeeper(gate: &Gate, date: Option<Date>) -> Result<Export, PolicyError> {
    let mut export = Export::default();
    let chosen = chosen(gate, &mut export)?;
    let exemptions = exemptions(gate, date, &mut export);
    let names = kind_names(&chosen);
    let mut synced: BTreeSet<&str> = BTreeSet::new();
    for (one, kind) in chosen.iter().zip(&names) {
        let excluded = excluded(one, &exemptions);
        let file = format!("{}-{}", one.policy.id.to_lowercase(), kebab(&one.policy.name));
        export.add(format!("templates/{file}.yaml"), yaml::document(&template(one, kind)));
        let constraints: String = constraints(one, kind, &excluded, &mut export.notes)
            .iter()
            .map(|constraint| format!("---\n{}", yaml::document(constraint)))
            .collect();
        export.add(format!("constraints/{file}.yaml"), constraints);
        synced.extend(one.policy.inventory.iter().map(String::as_str));
    }
    for exemption in exemptions {
        export.notes.push(match expressible(exemption) {
            true => format!(
                "exemption written as `excludedNamespaces`, where it does not end by itself: export again when it \
                 ends: {}",
                named(exemption)
            ),
            false => {
                format!("exemption left out, since Gatekeeper exempts by namespace alone: {}", named(exemption))
            }
        });
    }
    if !synced.is_empty() {
        export.add("sync.yaml", yaml::document(&sync(&synced)));
    }
    export.add(
        "expansion.yaml",
        kinds::expansion().iter().map(|one| format!("---\n{}", yaml::document(one))).collect::<String>(),
    );
    Ok(export.finish(ABOUT))
}

/// `PodgateRuntimeSocket` for `runtime-socket`; with the id where two policies would share one, in whatever case: a
/// template is named by its kind in lower case.
fn kind_names(chosen: &[Chosen<'_>]) -> Vec<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for one in chosen {
        *counts.entry(camel(&one.policy.name).to_lowercase()).or_default() += 1;
    }
    let name = |one: &Chosen<'_>| {
        let name = camel(&one.policy.name);
        if counts.get(&name.to_lowercase()).is_some_and(|count| *count > 1) {
            format!("Podgate{}{name}", camel(&one.policy.id.to_lowercase()))
        } else {
            format!("Podgate{name}")
        }
    };
    chosen.iter().map(name).collect()
}

fn camel(name: &str) -> String {
    name.split(|one: char| !one.is_ascii_alphanumeric())
        .map(|word| {
            let mut letters = word.chars();
            letters
                .next()
                .map(|first| first.to_ascii_uppercase())
                .into_iter()
                .chain(letters)
                .collect::<String>()
        })
        .collect()
}

/// A name that objects of Kubernetes may have.
fn kebab(name: &str) -> String {
    name.chars().map(|one| if one.is_ascii_alphanumeric() { one.to_ascii_lowercase() } else { '-' }).collect()
}

fn template(one: &Chosen<'_>, kind: &str) -> Value {
    let policy = one.policy;
    let mut annotations = Map::from_iter([
        ("metadata.gatekeeper.sh/title".to_owned(), json!(policy.title)),
        ("metadata.gatekeeper.sh/version".to_owned(), json!(env!("CARGO_PKG_VERSION"))),
        ("description".to_owned(), json!(policy.description)),
    ]);
    if !policy.inventory.is_empty() {
        let needs: Vec<Value> = policy
            .inventory
            .iter()
            .filter_map(|kind| kinds::find(kind))
            .map(|kind| json!([{"groups": [kind.group], "versions": [kind.version], "kinds": [kind.kind]}]))
            .collect();
        annotations
            .insert("metadata.gatekeeper.sh/requires-sync-data".to_owned(), json!(json!(needs).to_string()));
    }
    let mut source = json!({ "version": "v1", "rego": rego(one) });
    let text = |lib: &&Module| match lib.package.as_str() {
        PARAMETER => PARAMETERS.to_owned(),
        _ => adapted(one, lib, &lib.file.text),
    };
    let libs: Vec<String> = one.libs.iter().map(text).collect();
    if let Some(source) = source.as_object_mut().filter(|_| !libs.is_empty()) {
        source.insert("libs".to_owned(), json!(libs));
    }
    json!({
        "apiVersion": "templates.gatekeeper.sh/v1",
        "kind": "ConstraintTemplate",
        "metadata": { "name": kind.to_lowercase(), "annotations": annotations },
        "spec": {
            "crd": { "spec": {
                "names": { "kind": kind },
                "validation": { "openAPIV3Schema": schema(one) },
            } },
            "targets": [{
                "target": "admission.k8s.gatekeeper.sh",
                "code": [{ "engine": "Rego", "source": source }],
            }],
        },
    })
}

/// The policy itself; where its findings differ in severity, with a rule that picks those of one constraint.
fn rego(one: &Chosen<'_>) -> String {
    if !splits(one) {
        return adapted(one, one.module, &one.module.file.text);
    }
    format!(
        "{}\n# What the constraint is about; there is one for each action.\nviolation contains found if {{\n\tsome \
         found in {FINDING}\n\tseverity := object.get(object.get(found, \"details\", {{}}), \"severity\", {:?})\n\t\
         severity in object.get(input.parameters, \"{SEVERITIES}\", [severity])\n}}\n",
        adapted(one, one.module, &rename::verdict(one.module)),
        one.policy.severity.as_str(),
    )
}

/// A module as Gatekeeper takes it. `import rego.v1` it refuses, and `version: v1` says the same.
fn adapted(one: &Chosen<'_>, module: &Module, text: &str) -> String {
    let packages: Vec<&str> = one.libs.iter().map(|lib| lib.package.as_str()).collect();
    let text = rename::by_import(module, &packages, text);
    text.lines().filter(|line| line.trim() != "import rego.v1").flat_map(|line| [line, "\n"]).collect()
}

/// Whether findings of one policy are to have different actions.
fn splits(one: &Chosen<'_>) -> bool {
    one.action.is_none() && one.severity_varies()
}

fn schema(one: &Chosen<'_>) -> Value {
    let mut properties: Map<String, Value> =
        one.policy.parameters.iter().map(|(name, schema)| (name.clone(), structural(schema))).collect();
    for name in one.parameters.keys().filter(|name| !one.policy.parameters.contains_key(*name)) {
        properties.insert(name.clone(), json!({ "x-kubernetes-preserve-unknown-fields": true }));
    }
    if splits(one) {
        let about = "the severities of the findings that this constraint is about";
        properties.insert(
            SEVERITIES.to_owned(),
            json!({"description": about, "type": "array", "items": {"type": "string"}}),
        );
    }
    json!({ "type": "object", "properties": properties })
}

/// The part of JSON Schema that Kubernetes takes in a CustomResourceDefinition. The settings have been held against
/// the whole schema already.
fn structural(schema: &Value) -> Value {
    const TOLD: [&str; 4] = ["description", "format", "title", "type"];
    let Some(entries) = schema.as_object().filter(|own| own.get("type").is_some_and(Value::is_string)) else {
        return json!({ "x-kubernetes-preserve-unknown-fields": true });
    };
    let mut kept: Map<String, Value> = entries
        .iter()
        .filter(|(keyword, _)| LIMITS.contains(&keyword.as_str()) || TOLD.contains(&keyword.as_str()))
        .map(|(keyword, value)| (keyword.clone(), value.clone()))
        .collect();
    match entries.get("type").and_then(Value::as_str) {
        Some("array") => {
            kept.insert("items".to_owned(), structural(entries.get("items").unwrap_or(&Value::Null)));
        }
        Some("object") => {
            match (entries.get("properties").and_then(Value::as_object), entries.get("additionalProperties"))
            {
                (Some(own), _) => {
                    let own: Map<_, _> =
                        own.iter().map(|(name, schema)| (name.clone(), structural(schema))).collect();
                    kept.insert("properties".to_owned(), Value::Object(own));
                }
                (None, Some(values @ Value::Object(_))) => {
                    kept.insert("additionalProperties".to_owned(), structural(values));
                }
                (None, _) => {
                    kept.insert("x-kubernetes-preserve-unknown-fields".to_owned(), json!(true));
                }
            }
        }
        _ => {}
    }
    Value::Object(kept)
}

/// One constraint for each action that the policy's findings can have.
fn constraints(one: &Chosen<'_>, kind: &str, excluded: &[String], notes: &mut Vec<String>) -> Vec<Value> {
    let mut selector = Map::from_iter([("kinds".to_owned(), json!(matched(one, notes)))]);
    if !excluded.is_empty() {
        selector.insert("excludedNamespaces".to_owned(), json!(excluded));
    }
    let constraint = |action: Action, severities: Option<Vec<&str>>| {
        let mut parameters = one.parameters.clone();
        let mut name = format!("podgate-{}", kebab(&one.policy.id));
        if let Some(severities) = severities {
            parameters.insert(SEVERITIES.to_owned(), json!(severities));
            name = format!("{name}-{}", action.as_str());
        }
        let mut spec = json!({ "enforcementAction": enforcement(action), "match": selector });
        if let Some(spec) = spec.as_object_mut().filter(|_| !parameters.is_empty()) {
            spec.insert("parameters".to_owned(), Value::Object(parameters));
        }
        json!({
            "apiVersion": "constraints.gatekeeper.sh/v1beta1",
            "kind": kind,
            "metadata": { "name": name },
            "spec": spec,
        })
    };
    if !splits(one) {
        let severity = one.severity.unwrap_or(one.policy.severity);
        return vec![constraint(one.action.unwrap_or_else(|| severity.default_action()), None)];
    }
    [Action::Deny, Action::Warn, Action::Audit]
        .into_iter()
        .map(|action| {
            let own = Severity::ALL.iter().filter(|severity| severity.default_action() == action);
            constraint(action, Some(own.map(|severity| severity.as_str()).collect()))
        })
        .collect()
}

const fn enforcement(action: Action) -> &'static str {
    match action {
        Action::Deny => "deny",
        Action::Warn => "warn",
        Action::Audit => "dryrun",
    }
}

fn matched(one: &Chosen<'_>, notes: &mut Vec<String>) -> Vec<Value> {
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for kind in &one.policy.kinds {
        match kinds::find(kind) {
            Some(known) => groups.entry(known.group).or_default().push(known.kind),
            None => notes.push(format!(
                "{} judges {kind} in podgate and not here, since the API group of that kind is not known",
                one.policy.id
            )),
        }
    }
    groups.into_iter().map(|(group, kinds)| json!({ "apiGroups": [group], "kinds": kinds })).collect()
}

/// The namespaces in which a policy is exempted.
fn excluded(one: &Chosen<'_>, exemptions: &[&Exemption]) -> Vec<String> {
    let own = exemptions.iter().filter(|exemption| {
        expressible(exemption) && exemption.policies.iter().any(|name| one.policy.answers_to(name))
    });
    let names: BTreeSet<&String> = own.flat_map(|exemption| &exemption.selector.namespaces).collect();
    names.into_iter().cloned().collect()
}

/// Whether Gatekeeper can match what the exemption matches: namespaces alone, with `*` only at their ends.
fn expressible(exemption: &Exemption) -> bool {
    let selector = &exemption.selector;
    let only_namespaces = crate::settings::Selector {
        namespaces: selector.namespaces.clone(),
        ..crate::settings::Selector::default()
    };
    let is_name = |pattern: &String| {
        let bare = pattern.strip_prefix("*-").or_else(|| pattern.strip_prefix('*')).unwrap_or(pattern);
        let bare = bare.strip_suffix("-*").or_else(|| bare.strip_suffix('*')).unwrap_or(bare);
        let is_letter = |one: char| one.is_ascii_lowercase() || one.is_ascii_digit() || one == '-';
        !bare.is_empty() && bare.chars().all(is_letter) && !bare.starts_with('-') && !bare.ends_with('-')
    };
    *selector == only_namespaces && selector.namespaces.iter().all(is_name)
}

fn sync(needed: &BTreeSet<&str>) -> Value {
    let gvks: Vec<Value> = needed
        .iter()
        .filter_map(|kind| kinds::find(kind))
        .map(|kind| json!({ "group": kind.group, "version": kind.version, "kind": kind.kind }))
        .collect();
    json!({
        "apiVersion": "syncset.gatekeeper.sh/v1alpha1",
        "kind": "SyncSet",
        "metadata": { "name": "podgate" },
        "spec": { "gvks": gvks },
    })
}

const PARAMETERS: &str = "# The parameters of the constraint.
package lib.podgate.parameter

values := input.parameters if {
	is_object(input.parameters)
} else := {}
";

const ABOUT: &str = r#"# podgate's policies for Gatekeeper

Needs Gatekeeper 3.23 or newer: the Rego is v1 and uses `import future.keywords.not` of OPA 1.17.

```console
$ kubectl apply -f templates/
$ kubectl wait --for=jsonpath='{.status.created}'=true constrainttemplate --all
$ kubectl apply -f sync.yaml -f expansion.yaml -f constraints/
$ gator test --filename templates/ --filename constraints/ --filename pod.yaml
```

One template for each policy, and one constraint for each action that its findings can have: deny, warn, or dryrun for what is only recorded. Where single findings differ in severity, the parameter `severities` says which of them a constraint is about. `details` of a violation holds the JSON Pointer `path`, the `container` and, where it differs, the `severity`.

`sync.yaml`, where it is there, lets Gatekeeper keep the objects that policies look up beside the one they judge; without it claims on volumes lead nowhere. `expansion.yaml` lets Gatekeeper judge the pods of Deployments and other workloads when these are created; without it pods are judged when they are.

The webhook of Gatekeeper must be asked about `pods/ephemeralcontainers` for debug containers to be judged.
"#;
