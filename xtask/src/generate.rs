//! Files made from code, so that they cannot drift from it.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use crate::paths;
use crate::run::{command, output};

/// A file, and the arguments with which `podgate` prints it.
struct Generated {
    path: &'static str,
    args: &'static [&'static str],
}

const FILES: &[Generated] = &[
    Generated { path: "docs/schema/podgate.schema.json", args: &["schema", "settings"] },
    Generated { path: "docs/schema/report.schema.json", args: &["schema", "report"] },
    Generated { path: "docs/schema/host.schema.json", args: &["schema", "host"] },
    Generated { path: "docs/policies.md", args: &["policies", "--format", "markdown"] },
    Generated { path: "docs/man/podgate.1", args: &["man"] },
];

/// Writes the files that differ from what the code gives.
pub(crate) fn write() -> Result<()> {
    for file in FILES {
        let text = file.text()?;
        let path = paths::root().join(file.path);
        if is_current(&path, &text) {
            println!("{} is up to date", file.path);
            continue;
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).with_context(|| format!("cannot create `{}`", folder.display()))?;
        }
        fs::write(&path, text).with_context(|| format!("cannot write `{}`", file.path))?;
        println!("{} written", file.path);
    }
    Ok(())
}

/// Fails with the names of all files that differ from what the code gives.
pub(crate) fn compare() -> Result<()> {
    let mut stale = Vec::new();
    for file in FILES {
        if !is_current(&paths::root().join(file.path), &file.text()?) {
            stale.push(file.path);
        }
    }
    if stale.is_empty() {
        println!("{} generated files are up to date", FILES.len());
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
