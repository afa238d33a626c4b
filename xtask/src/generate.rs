//! Files made from code, so that they cannot drift from it.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use crate::run::{command, output};
use crate::{chart, paths};

/// A file, and the arguments with which `podgate` prints it.
struct Generated {
    path: &'static str,
    args: &'static [&'static str],
}

const SETTINGS: Generated =
    Generated { path: "docs/schema/podgate.schema.json", args: &["schema", "settings"] };

const FILES: &[Generated] = &[
    Generated { path: "docs/schema/report.schema.json", args: &["schema", "report"] },
    Generated { path: "docs/schema/host.schema.json", args: &["schema", "host"] },
    Generated { path: "docs/policies.md", args: &["policies", "--format", "markdown"] },
    Generated { path: "docs/man/podgate.1", args: &["man"] },
];

/// Every file with its text as it should be.
fn all() -> Result<Vec<(&'static str, String)>> {
    let settings = SETTINGS.text()?;
    let mut all = vec![("deploy/helm/podgate/values.schema.json", chart::schema(&settings)?)];
    all.push((SETTINGS.path, settings));
    for file in FILES {
        all.push((file.path, file.text()?));
    }
    all.push(("deploy/helm/podgate/README.md", chart::readme()?));
    all.extend(chart::manifests()?.map(|text| ("deploy/manifests/podgate.yaml", text)));
    Ok(all)
}

/// Writes the files that differ from what the code gives.
pub(crate) fn write() -> Result<()> {
    for (name, text) in all()? {
        let path = paths::root().join(name);
        if is_current(&path, &text) {
            println!("{name} is up to date");
            continue;
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).with_context(|| format!("cannot create `{}`", folder.display()))?;
        }
        fs::write(&path, text).with_context(|| format!("cannot write `{name}`"))?;
        println!("{name} written");
    }
    Ok(())
}

/// Fails with the names of all files that differ from what the code gives.
pub(crate) fn compare() -> Result<()> {
    let all = all()?;
    let stale = all.iter().filter(|(name, text)| !is_current(&paths::root().join(name), text));
    let stale: Vec<&str> = stale.map(|(name, _)| *name).collect();
    if stale.is_empty() {
        println!("{} generated files are up to date", all.len());
        return Ok(());
    }
    bail!("stale: {}; run `cargo xtask generate` and commit the result", stale.join(", "))
}

impl Generated {
    fn text(&self) -> Result<String> {
        let text = output(command("cargo", ["run", "--quiet", "-p", "podgate-cli", "--"]).args(self.args))
            .with_context(|| format!("cannot generate `{}`", self.path))?;
        ensure!(
            !text.trim().is_empty(),
            "cannot generate `{}`: `podgate {}` printed nothing",
            self.path,
            self.args.join(" ")
        );
        Ok(text)
    }
}

fn is_current(path: &Path, text: &str) -> bool {
    fs::read_to_string(path).is_ok_and(|old| old == text)
}
