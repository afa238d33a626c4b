//! Settings as text, with comments.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::{Field, PROFILE};
use crate::report::one_line;

const SET: &str = "\
#
# PodSecurityPolicy set the following before it judged a pod. podgate judges and sets nothing: from now on the pods
# themselves, or a mutating policy, must do it. Until they do, these settings admit what PodSecurityPolicy admitted,
# and PSP-defaults warns of each field that is missing. To refuse such pods, give PSP-defaults `mode: deny`.
";

const RBAC: &str = "\
#
# Who could use the policy was said by RBAC (the verb `use`), and a pod was admitted if one of the policies that its
# user or service account could use admitted it. These settings are one policy, for whatever they are applied to.
";

/// The settings file of a policy.
pub(super) fn settings(
    source: &str,
    name: &str,
    fields: &[Field],
    values: &Map<String, Value>,
    notes: &[String],
) -> String {
    let origin =
        one_line(format!("Made by `podgate import psp` from the PodSecurityPolicy `{name}` in {source}."));
    let mut text = format!("# {origin}\n");
    if !notes.is_empty() {
        text.push_str(SET);
        for note in notes {
            line(&mut text, format_args!("#   - {note}"));
        }
    }
    text.push_str(RBAC);
    line(&mut text, format_args!("profiles: [{PROFILE}]\npolicies:"));
    let mut owner = "";
    for field in fields {
        if field.owner.id != owner {
            owner = &field.owner.id;
            line(&mut text, format_args!("  {owner}:\n    parameters:"));
        }
        let value = values.get(field.name).map_or_else(String::new, flow);
        line(&mut text, format_args!("      {}: {value}", field.name));
    }
    text
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    writeln!(text, "{line}").unwrap_or_default();
}

/// A value in YAML's flow style. Strings are quoted as in JSON, so that none is taken for anything else.
fn flow(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::Object(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("{key}: {}", flow(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        scalar => scalar.to_string(),
    }
}
