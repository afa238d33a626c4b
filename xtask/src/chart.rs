//! The Helm chart: the table in its README, the schema of its values, and the plain manifests that it renders.

use std::fs;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Map, Value};

use crate::paths;
use crate::run::{command, output, run};
use crate::setup::go;

/// Its folder.
const FOLDER: &str = "deploy/helm/podgate";

/// Between these, its README has the table of values.
const TABLE: [&str; 2] = ["<!-- values -->\n", "<!-- end of values -->\n"];

fn read(name: &str) -> Result<String> {
    let path = paths::root().join(FOLDER).join(name);
    fs::read_to_string(&path).with_context(|| format!("cannot read `{}`", path.display()))
}

/// The schema of the values, in which `settings` are what podgate's own schema (JSON text) says.
pub(crate) fn schema(settings: &str) -> Result<String> {
    let mut own: Map<String, Value> = serde_json::from_str(&read("values.schema.json")?)?;
    let mut settings: Map<String, Value> = serde_json::from_str(settings)?;
    // These are of a whole schema. References are to `#/$defs`, wherever they stand.
    let definitions = settings.remove("$defs").context("the schema of settings has no definitions")?;
    settings.retain(|key, _| !["$schema", "title"].contains(&key.as_str()));
    own.insert("$defs".to_owned(), definitions);
    let properties = own.get_mut("properties").and_then(Value::as_object_mut);
    let properties = properties.context("the schema of the chart's values has no properties")?;
    properties.insert("settings".to_owned(), settings.into());
    Ok(format!("{:#}\n", Value::Object(own)))
}

/// The README with the table of the values as they are now.
pub(crate) fn readme() -> Result<String> {
    let (old, values) = (read("README.md")?, read("values.yaml")?);
    let [begin, end] = TABLE;
    let parts = old.split_once(begin).and_then(|(before, rest)| Some((before, rest.split_once(end)?.1)));
    let (before, after) = parts.context("the chart's README has no place for the values")?;
    Ok(format!("{before}{begin}{}{end}{after}", table(&values)?))
}

/// The plain manifests; `None` where Helm is not there.
pub(crate) fn manifests() -> Result<Option<String>> {
    let Some(helm) = go::helm()? else {
        eprintln!("helm is missing: the plain manifests are not compared with the chart");
        return Ok(None);
    };
    let values = ["template", "podgate", FOLDER, "--namespace", "podgate", "--set", "namespace.create=true"];
    let rendered = output(&mut command(helm, values)).context("cannot render the chart")?;
    // What Helm itself would say of the objects, which nobody asks here.
    let is_kept = |line: &&str| !line.contains("helm.sh/chart:") && !line.starts_with("# Source:");
    let text: String = rendered.lines().filter(is_kept).map(|line| format!("{line}\n")).collect();
    let text = text.replace("app.kubernetes.io/managed-by: Helm", "app.kubernetes.io/managed-by: kubectl");
    Ok(Some(format!(
        "# Made by `cargo xtask generate` from deploy/helm/podgate with its own values.\n{text}"
    )))
}

/// Helm's own checks, where Helm is.
pub(crate) fn lint() -> Result<()> {
    let Some(helm) = go::helm()? else { return Ok(()) };
    let mut values = Vec::new();
    let folder = paths::root().join(FOLDER).join("ci");
    for entry in fs::read_dir(&folder).with_context(|| format!("cannot read `{}`", folder.display()))? {
        values.push(entry?.path());
    }
    values.sort();
    ensure!(!values.is_empty(), "`{}` has no values to check the chart with", folder.display());
    run(&mut command(&helm, ["lint", "--quiet", "--strict", FOLDER]))?;
    for file in values {
        run(command(&helm, ["lint", "--quiet", "--strict", FOLDER, "--values"]).arg(file))?;
    }
    Ok(())
}

/// A row for each value that a comment `# -- …` describes, with its name and what it is by default.
fn table(values: &str) -> Result<String> {
    let mut rows = String::from("| value | what | by default |\n|---|---|---|\n");
    let mut path: Vec<(usize, &str)> = Vec::new();
    let mut said = None;
    let mut lines = values.lines().peekable();
    while let Some(line) = lines.next() {
        let text = line.trim_start();
        let depth = line.len() - text.len();
        if let Some(what) = text.strip_prefix("# -- ") {
            said = Some(what);
            continue;
        }
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let key = text.split_once(':').filter(|(key, _)| !key.starts_with('-') && !key.contains(['{', ' ']));
        let Some((key, value)) = key else { bail!("`{line}` of the chart's values is no `key: value`") };
        path.retain(|(own, _)| *own < depth);
        path.push((depth, key));
        let below = |line: &&str| line.len() - line.trim_start().len() > depth && !line.is_empty();
        let Some(what) = said.take() else {
            let is_described = value.trim().is_empty() && lines.peek().is_some_and(below);
            ensure!(is_described, "value `{key}` of the chart is not described");
            continue;
        };
        let mut value = value.trim().to_owned();
        // A value that is not written in one line is shown as if it were.
        while let Some(more) = lines.next_if(below) {
            value = format!("{value} {}", more.trim()).trim().to_owned();
        }
        let name: Vec<&str> = path.iter().map(|(_, key)| *key).collect();
        rows.push_str(&format!("| `{}` | {what} | `{value}` |\n", name.join(".")));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shown_with_their_whole_names() {
        let values = "# Nothing.\n\na:\n  # -- One\n  b: 1\n  c:\n    # -- Two\n    d: \"\"\n# -- Three\ne:\n  f: [x]\n  g: {}\n";
        let rows = "| `a.b` | One | `1` |\n| `a.c.d` | Two | `\"\"` |\n| `e` | Three | `f: [x] g: {}` |\n";
        let expected = format!("| value | what | by default |\n|---|---|---|\n{rows}");
        assert_eq!(table(values).ok(), Some(expected));
        assert!(table("a: 1\n").is_err(), "a value without a description");
    }
}
