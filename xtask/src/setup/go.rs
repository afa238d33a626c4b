//! Other hosts of Rego, and Helm, each at one version, compiled once into the cache where Go is installed. The tests
//! compare verdicts with them and pass over those that are not there.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result};

use super::{debian, tools};
use crate::paths;
use crate::run::{self, run};

/// A program from a Go module.
struct Program {
    name: &'static str,
    package: &'static str,
    version: &'static str,
    /// By which the tests find it.
    variable: &'static str,
}

const PROGRAMS: [Program; 4] = [
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
    HELM,
];

const HELM: Program =
    Program { name: "helm", package: "helm.sh/helm/v4/cmd/helm", version: "4.3.1", variable: "PODGATE_HELM" };

/// Debian's packages of a Go that compiles all of it.
const DEBIAN: [&str; 2] = ["golang-1.26-go", "golang-1.26-src"];

/// Where they have it.
const DEBIAN_GO: &str = "usr/lib/go-1.26/bin";

/// The oldest Go that gets, by itself, the version that a module asks for.
const OLDEST: u32 = 21;

/// Compiles what is not in the cache. Five minutes of two cores for all of them.
pub(crate) fn install() -> Result<()> {
    if !is_there() && debian::is_here() {
        eprintln!("Go is missing: taking Debian's");
        // Without it everything else works, and the tests that need it say that they are skipped.
        from_debian().unwrap_or_else(|error| eprintln!("Go cannot be had: {error:#}"));
    }
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

/// Whether there is a Go, installed or in the cache.
pub(crate) fn is_there() -> bool {
    let version = command(["version"]).and_then(|mut go| Ok(go.output()?));
    let said = version.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    // `go version go1.26.8 linux/amd64`
    let minor =
        said.split_once("go1.").and_then(|(_, rest)| rest.split(['.', ' ']).next()?.parse::<u32>().ok());
    minor.is_some_and(|minor| minor >= OLDEST)
}

/// Go with these arguments.
pub(crate) fn command<const N: usize>(args: [&str; N]) -> Result<Command> {
    // By `env`, so that the search path is the one that is given here.
    let mut go = run::command("env", ["go"]);
    go.args(args).env("PATH", path()?);
    Ok(go)
}

/// The search path, on which there is Go if it is anywhere.
pub(crate) fn path() -> Result<OsString> {
    let own = folder()?.join(DEBIAN_GO);
    if own.is_dir() { tools::path([own]) } else { tools::path([]) }
}

fn folder() -> Result<PathBuf> {
    Ok(paths::cache()?.join("tools/go-1.26"))
}

fn from_debian() -> Result<()> {
    let (kept, half) = (folder()?, paths::cache()?.join("build/go"));
    for package in DEBIAN {
        let work = paths::cache()?.join("build").join(package);
        fs::create_dir_all(&work).with_context(|| format!("cannot create `{}`", work.display()))?;
        let file = debian::download(package, "1.26", &work)?;
        run(run::command("dpkg", ["-x"]).arg(file).arg(&half))?;
        fs::remove_dir_all(&work)?;
    }
    fs::rename(&half, &kept).with_context(|| format!("cannot create `{}`", kept.display()))
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

/// Helm, where it is.
pub(crate) fn helm() -> Result<Option<PathBuf>> {
    Ok(Some(HELM.file()?).filter(|file| file.is_file()))
}

impl Program {
    fn install(&self) -> Result<()> {
        let (name, version) = (self.name, self.version);
        eprintln!("{name} {version} is missing: compiling it, which takes minutes");
        // Into a folder beside it, so that what is interrupted is not taken for whole.
        let (file, build) = (self.file()?, paths::cache()?.join("build").join(name));
        run(command(["install", "-ldflags", "-s -w"])?
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
