//! The exported templates and constraints in Gatekeeper's gator.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use podgate::export;
use podgate_tests::named_by;
use serde_json::{Value, json};

use super::recorded::{self, Recorded, Said};

#[test]
fn gator_agrees_on_the_exported_templates() {
    let Some(gator) = named_by("PODGATE_GATOR") else { return };
    let (gate, mutants) = (recorded::gate(), super::mutants(300));
    let export = export::gatekeeper(&gate, None).unwrap();
    let policies = recorded::exported(&gate, &export, true);
    let severities: BTreeMap<&str, &str> =
        gate.policies().iter().map(|policy| (policy.id.as_str(), policy.severity.as_str())).collect();
    let all = recorded::record(&gate, mutants);
    let folder = tempfile::tempdir().unwrap();
    recorded::write(folder.path(), &export);
    let run = |objects: &[Value]| ask(&gator, folder.path(), objects, &severities);

    let (mut findings, mut subjects, mut left) = (0, 0, 0);
    let mut together: BTreeMap<usize, (&Recorded, Value)> = BTreeMap::new();
    let mut inventories: BTreeSet<String> = BTreeSet::new();
    for (number, one) in all.iter().enumerate() {
        let Some(object) = one.bare(number) else {
            left += 1;
            continue;
        };
        if !one.has_inventory() && object["kind"] == "Pod" {
            together.insert(number, (one, object));
        } else if inventories.insert(one.inventory.to_string()) && inventories.len() <= 12 {
            // Everything that gator is given is its inventory: such subjects need a call of their own.
            let mut objects = inventory(&one.inventory);
            // Gatekeeper cannot take one that no API server would have stored.
            objects.retain(|other| !has_other_labels(other));
            let is_same = |other: &Value| {
                other["kind"] == object["kind"] && other["metadata"]["name"] == object["metadata"]["name"]
            };
            objects.retain(|other| !is_same(other));
            objects.push(object);
            let there = run(&objects).remove(&number).unwrap_or_default();
            findings += recorded::compare("gator", one, &policies, there);
            subjects += 1;
        } else {
            left += 1;
        }
    }
    let objects: Vec<Value> = together.values().map(|(_, object)| object.clone()).collect();
    let mut there = run(&objects);
    for (number, (one, _)) in &together {
        findings += recorded::compare("gator", one, &policies, there.remove(number).unwrap_or_default());
    }
    subjects += together.len();
    println!(
        "gator: {subjects} subjects, {findings} findings, {} policies compared; 0 differ; {left} subjects passed over \
         (parts of pods, and further inventories)",
        policies.len()
    );
    assert!(findings > mutants / 2);
}

/// With the export's ExpansionTemplates a workload is judged by the pod that it makes.
#[test]
fn gator_sees_the_pods_of_workloads() {
    let Some(gator) = named_by("PODGATE_GATOR") else { return };
    let folder = tempfile::tempdir().unwrap();
    recorded::write(folder.path(), &export::gatekeeper(&recorded::gate(), None).unwrap());
    for (kind, group, open, close) in [
        ("Deployment", "apps/v1", r#"{"template": "#, "}"),
        ("CronJob", "batch/v1", r#"{"jobTemplate": {"spec": {"template": "#, "}}}"),
    ] {
        let template =
            r#"{"spec": {"containers": [{"name": "a", "securityContext": {"privileged": true}}]}}"#;
        let metadata = r#"{"name": "a", "namespace": "ci"}"#;
        let object = format!(
            r#"{{"apiVersion": "{group}", "kind": "{kind}", "metadata": {metadata}, "spec": {open}{template}{close}}}"#
        );
        fs::write(folder.path().join("workload.yaml"), object).unwrap();
        let output =
            Command::new(&gator).current_dir(folder.path()).args(["test", "--filename", "."]).output();
        let output = String::from_utf8(output.unwrap().stdout).unwrap();
        assert!(output.contains("podgate-ci201-deny"), "{kind}: {output}");
    }
}

/// Whether labels or annotations of an object are not texts, as they may be in a changed document.
fn has_other_labels(object: &Value) -> bool {
    ["labels", "annotations"].iter().any(|name| match &object["metadata"][name] {
        Value::Null => false,
        Value::Object(own) => own.values().any(|value| !value.is_string()),
        _ => true,
    })
}

/// The objects of an inventory.
fn inventory(inventory: &Value) -> Vec<Value> {
    let all = |value: &Value| {
        value.as_object().into_iter().flat_map(|own| own.values().cloned()).collect::<Vec<_>>()
    };
    let in_versions =
        |scope: &Value| all(scope).iter().flat_map(all).flat_map(|kind| all(&kind)).collect::<Vec<_>>();
    let mut objects = in_versions(&inventory["cluster"]);
    objects.extend(all(&inventory["namespace"]).iter().flat_map(in_versions));
    objects
}

/// What the constraints say of the objects, by the number in their `uid`.
fn ask(
    gator: &Path,
    folder: &Path,
    objects: &[Value],
    severities: &BTreeMap<&str, &str>,
) -> BTreeMap<usize, Vec<Said>> {
    let text: String = objects.iter().map(|object| format!("---\n{object}\n")).collect();
    fs::write(folder.join("objects.yaml"), text).unwrap();
    let output = Command::new(gator)
        .current_dir(folder)
        .args(["test", "--filename", "templates", "--filename", "constraints", "--filename", "objects.yaml"])
        .args(["--output", "json"])
        .output()
        .unwrap();
    let Ok(results) = serde_json::from_slice::<Option<Vec<Value>>>(&output.stdout) else {
        panic!("{}", String::from_utf8_lossy(&output.stderr));
    };
    let mut said: BTreeMap<usize, Vec<Said>> = BTreeMap::new();
    for result in results.into_iter().flatten() {
        let uid = result["violatingObject"]["metadata"]["uid"].as_str().and_then(|uid| uid.parse().ok());
        let Some(number) = uid else { continue };
        let constraint = result["constraint"]["metadata"]["name"].as_str().unwrap();
        let (id, own) = severities.iter().find(|(id, _)| is_of(constraint, id)).unwrap();
        let details = &result["metadata"]["details"];
        let severity = details["severity"].as_str().unwrap_or(own);
        assert!(acts(&result, severity), "{result}");
        let violation = json!({"msg": result["msg"], "details": details});
        said.entry(number).or_default().push(recorded::said(id, severity, &violation));
    }
    said
}

/// Whether a constraint is one of a policy: by its id, and the action where there are several.
fn is_of(constraint: &str, id: &str) -> bool {
    let id = id.to_lowercase().replace(|one: char| !one.is_ascii_alphanumeric(), "-");
    let rest = constraint.strip_prefix("podgate-").and_then(|name| name.strip_prefix(&id));
    matches!(rest, Some("" | "-deny" | "-warn" | "-audit"))
}

/// Whether the constraint does what follows from the severity.
fn acts(result: &Value, severity: &str) -> bool {
    let wanted = match severity {
        "critical" | "high" => "deny",
        "medium" => "warn",
        _ => "dryrun",
    };
    result["enforcementAction"] == wanted
}
