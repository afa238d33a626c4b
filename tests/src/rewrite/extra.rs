//! Rewrites that add fields that have nothing to do with security.

use fastrand::Rng;
use serde_json::{Value, json};

use super::{Case, Rewrite};

pub(super) const REWRITES: &[Rewrite] = &[Rewrite { name: "fields beside", apply: fields_beside }];

/// Known fields of every object that has them, where they are missing.
fn fields_beside(case: &mut Case, rng: &mut Rng) -> bool {
    let Some(site) = case.site(rng) else { return false };
    let of_pod = json!({"priority": 0, "priorityClassName": "batch", "activeDeadlineSeconds": 600, "subdomain": "x",
        "tolerations": [{"key": "ci", "operator": "Exists"}], "nodeSelector": {"pool": "ci"}, "hostname": "x",
        "topologySpreadConstraints": [], "readinessGates": [], "preemptionPolicy": "Never"});
    let of_container = json!({"workingDir": "/workspace", "stdinOnce": false, "imagePullPolicy": "Always",
        "resources": {"limits": {"cpu": "1", "memory": "1Gi"}, "requests": {"cpu": "1", "memory": "1Gi"}}});
    let mut add = |into: Option<&mut Value>, fields: &Value| {
        let (Some(Value::Object(into)), Some(fields)) = (into, fields.as_object()) else { return };
        for (key, value) in fields {
            if rng.bool() && !into.contains_key(key) {
                into.insert(key.clone(), value.clone());
            }
        }
    };
    add(case.at_mut(&site, "/spec"), &of_pod);
    for (.., container) in case.containers(&site) {
        add(case.at_mut(&site, &container), &of_container);
    }
    true
}
