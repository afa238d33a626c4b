//! Other hosts of Rego, each at one version, compiled once into the cache where Go is installed. The tests compare
//! verdicts with them and pass over those that are not there.

use std::path::PathBuf;
use std::{env, fs};

use anyhow::{Context, Result};

use crate::paths;
use crate::run::{command, run, succeeds};

/// A program from a Go module.
struct Program {
    name: &'static str,
    package: &'static str,
    version: &'static str,
    /// By which the tests find it.
    variable: &'static str,
}

const PROGRAMS: [Program; 3] = [
    Program {
        name: "opa",
        package: "github.com/open-policy-agent/opa",
        version: "1.22.2",
        variable: "PODGATE_OPA",
    },
    Program {
        name: "conftest",
        package: "github.com/open-policy-agent/conftest",
        version: "0.71.1",
        variable: "PODGATE_CONFTEST",
    },
    Program {
        name: "gator",
        package: "github.com/open-policy-agent/gatekeeper/v3/cmd/gator",
        version: "3.23.1",
        variable: "PODGATE_GATOR",
    },
];

/// Compiles what is not in the cache. Five minutes of two cores for all of them.
pub(crate) fn install() -> Result<()> {
    for program in &PROGRAMS {
        let (name, version) = (program.name, program.version);
        if program.file()?.is_file() {
            eprintln!("{name} {version} is there");
        } else if is_there() {
            program.install()?;
        } else {
            eprintln!("{name} {version} skipped: Go is not installed");
        }
    }
    Ok(())
}

/// Whether Go is installed.
pub(crate) fn is_there() -> bool {
    succeeds(&mut command("go", ["version"]))
}

/// The variables by which tests find the programs that are there. What the caller has set stays.
pub(crate) fn variables() -> Result<Vec<(&'static str, PathBuf)>> {
    let mut found = Vec::new();
    for program in &PROGRAMS {
        let file = program.file()?;
        if file.is_file() && env::var_os(program.variable).is_none() {
            found.push((program.variable, file));
        }
    }
    Ok(found)
}

impl Program {
    fn install(&self) -> Result<()> {
        let (name, version) = (self.name, self.version);
        eprintln!("{name} {version} is missing: compiling it, which takes minutes");
        // Into a folder beside it, so that what is interrupted is not taken for whole.
        let (file, build) = (self.file()?, paths::cache()?.join("build").join(name));
        run(command("go", ["install", "-ldflags", "-s -w"])
            .arg(format!("{}@v{version}", self.package))
            .env("GOBIN", &build)
            .env("CGO_ENABLED", "0")
            .env("GOFLAGS", "-p=2 -trimpath"))
        .with_context(|| format!("cannot install {name} {version}"))?;
        let folder = file.parent().context("the cache has no folder for it")?;
        fs::create_dir_all(folder).with_context(|| format!("cannot create `{}`", folder.display()))?;
        fs::rename(build.join(name), &file).with_context(|| format!("cannot create `{}`", file.display()))?;
        fs::remove_dir_all(&build).with_context(|| format!("cannot remove `{}`", build.display()))
    }

    fn file(&self) -> Result<PathBuf> {
        let folder = format!("{}-{}", self.name, self.version);
        Ok(paths::cache()?.join("tools").join(folder).join("bin").join(self.name))
    }
}
