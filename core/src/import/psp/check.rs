//! What the API server asked of a policy beyond the types of its fields.

use serde_json::{Map, Value};

use super::Fault;

type Check = fn(&Map<String, Value>) -> Option<(String, String)>;

const CHECKS: [Check; 6] =
    [strategies, se_linux, capabilities, privilege_escalation, host_paths, runtime_class];

/// The first thing that the API server would not have taken.
pub(super) fn fault(values: &Map<String, Value>) -> Option<Fault> {
    let (field, reason) = CHECKS.iter().find_map(|check| check(values))?;
    Some(Fault { pointer: format!("/spec/{field}"), reason })
}

pub(super) fn list<'v>(values: &'v Map<String, Value>, field: &str) -> &'v [Value] {
    values.get(field).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

pub(super) fn rule<'v>(values: &'v Map<String, Value>, field: &str) -> &'v str {
    values.get(field).and_then(|strategy| strategy.get("rule")?.as_str()).unwrap_or_default()
}

fn strategies(values: &Map<String, Value>) -> Option<(String, String)> {
    ["runAsUser", "runAsGroup", "supplementalGroups", "fsGroup"].into_iter().find_map(|field| {
        let strategy = values.get(field)?;
        if strategy.is_null() {
            return Some((field.to_owned(), format!("the field `{field}` is missing: it needs a rule")));
        }
        let ranges = strategy.get("ranges").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let rule = rule(values, field);
        if ranges.is_empty() && matches!(rule, "MustRunAs" | "MayRunAs") {
            return Some((field.to_owned(), format!("the rule `{rule}` needs ranges")));
        }
        let bound = |range: &Value, name: &str| range.get(name).and_then(Value::as_i64);
        let turned = ranges.iter().position(|range| bound(range, "min") > bound(range, "max"))?;
        Some((format!("{field}/ranges/{turned}"), "`min` is greater than `max`".to_owned()))
    })
}

fn se_linux(values: &Map<String, Value>) -> Option<(String, String)> {
    let strategy = values.get("seLinux")?;
    let reason = if strategy.is_null() {
        "the field `seLinux` is missing: it needs a rule"
    } else if rule(values, "seLinux") == "MustRunAs" && strategy.get("seLinuxOptions").is_none() {
        "the rule `MustRunAs` needs `seLinuxOptions`"
    } else {
        return None;
    };
    Some(("seLinux".to_owned(), reason.to_owned()))
}

fn capabilities(values: &Map<String, Value>) -> Option<(String, String)> {
    let dropped = list(values, "requiredDropCapabilities");
    let all = Value::from("*");
    if !dropped.is_empty() && list(values, "allowedCapabilities").contains(&all) {
        let reason =
            "`requiredDropCapabilities` must be empty where `allowedCapabilities` has `*`".to_owned();
        return Some(("requiredDropCapabilities".to_owned(), reason));
    }
    ["defaultAddCapabilities", "allowedCapabilities"].into_iter().find_map(|field| {
        let at = list(values, field).iter().position(|name| dropped.contains(name))?;
        Some((
            format!("{field}/{at}"),
            format!("`{field}` and `requiredDropCapabilities` both have this capability"),
        ))
    })
}

fn privilege_escalation(values: &Map<String, Value>) -> Option<(String, String)> {
    let is = |field: &str, wanted: bool| values.get(field) == Some(&Value::Bool(wanted));
    let wrong = is("defaultAllowPrivilegeEscalation", true) && is("allowPrivilegeEscalation", false);
    let reason = "`defaultAllowPrivilegeEscalation` cannot be true where `allowPrivilegeEscalation` is false";
    wrong.then(|| ("defaultAllowPrivilegeEscalation".to_owned(), reason.to_owned()))
}

fn host_paths(values: &Map<String, Value>) -> Option<(String, String)> {
    let climbs = |entry: &Value| {
        let prefix = entry.get("pathPrefix").and_then(Value::as_str).unwrap_or_default();
        prefix.split('/').any(|name| name == "..")
    };
    let at = list(values, "allowedHostPaths").iter().position(climbs)?;
    Some((format!("allowedHostPaths/{at}/pathPrefix"), "`pathPrefix` must not contain `..`".to_owned()))
}

fn runtime_class(values: &Map<String, Value>) -> Option<(String, String)> {
    let strategy = values.get("runtimeClass")?;
    let default = strategy.get("defaultRuntimeClassName")?;
    let allowed = strategy.get("allowedRuntimeClassNames").and_then(Value::as_array);
    let takes = allowed.is_some_and(|names| names.contains(default) || names.contains(&Value::from("*")));
    let reason = "`defaultRuntimeClassName` is not in `allowedRuntimeClassNames`".to_owned();
    (!takes).then(|| ("runtimeClass/defaultRuntimeClassName".to_owned(), reason))
}
