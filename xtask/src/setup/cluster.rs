//! The programs of a real cluster, each at one version, compiled once into the cache where Go is installed.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::go;
use crate::paths;
use crate::run::{output, run};

/// A program of the cluster, from one of the Go modules in `tests/cluster`.
pub(crate) struct Program {
    pub(crate) name: &'static str,
    version: &'static str,
    module: &'static str,
    package: &'static str,
    /// The variable of the program that holds its version, and what is put before it there.
    says_version: Option<(&'static str, &'static str)>,
}

/// What Kubernetes and its command line call their version.
const KUBERNETES: Option<(&str, &str)> = Some(("k8s.io/component-base/version.gitVersion", "v"));

pub(crate) const ETCD: Program =
    Program { name: "etcd", version: "3.6.8", module: "kubernetes", package: "./etcd", says_version: None };
pub(crate) const API_SERVER: Program = Program {
    name: "kube-apiserver",
    version: "1.36.3",
    module: "kubernetes",
    package: "./kube-apiserver",
    says_version: KUBERNETES,
};
pub(crate) const KUBECTL: Program = Program { name: "kubectl", package: "./kubectl", ..API_SERVER };
pub(crate) const GATEKEEPER: Program = Program {
    name: "gatekeeper",
    version: "3.23.1",
    module: "gatekeeper",
    package: "github.com/open-policy-agent/gatekeeper/v3",
    says_version: Some(("github.com/open-policy-agent/gatekeeper/v3/pkg/version.Version", "v")),
};

const ALL: [&Program; 4] = [&ETCD, &API_SERVER, &KUBECTL, &GATEKEEPER];

/// Gatekeeper's manifests, beside its program.
const MANIFESTS: &str = "gatekeeper.yaml";

/// Compiles what is not in the cache. Twenty minutes of one core for all of them.
pub(crate) fn install() -> Result<()> {
    for program in ALL {
        let (name, version) = (program.name, program.version);
        if program.is_there()? {
            eprintln!("{name} {version} is there");
        } else if go::is_there() {
            program.install()?;
        } else {
            eprintln!("{name} {version} skipped: Go is not installed");
        }
    }
    Ok(())
}

/// Whether all of them are in the cache.
pub(crate) fn is_there() -> Result<bool> {
    for program in ALL {
        if !program.is_there()? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Gatekeeper's manifests, as its module has them.
pub(crate) fn manifests() -> Result<String> {
    let file = GATEKEEPER.folder()?.join(MANIFESTS);
    fs::read_to_string(&file).with_context(|| format!("cannot read `{}`", file.display()))
}

impl Program {
    /// Where the program is, or will be.
    pub(crate) fn file(&self) -> Result<PathBuf> {
        Ok(self.folder()?.join(self.name))
    }

    fn folder(&self) -> Result<PathBuf> {
        Ok(paths::cache()?.join("cluster").join(format!("{}-{}", self.name, self.version)))
    }

    fn is_there(&self) -> Result<bool> {
        Ok(self.file()?.is_file())
    }

    fn install(&self) -> Result<()> {
        eprintln!("{} {} is missing: compiling it, which takes minutes", self.name, self.version);
        let (folder, file) = (self.folder()?, self.file()?);
        fs::create_dir_all(&folder).with_context(|| format!("cannot create `{}`", folder.display()))?;
        // Beside it first, so that what is interrupted is not taken for whole.
        let half = folder.join(format!("half-{}", std::process::id()));
        let mut flags = "-s -w".to_owned();
        if let Some((variable, before)) = self.says_version {
            flags += &format!(" -X {variable}={before}{}", self.version);
        }
        run(self.go(["build", "-trimpath", "-ldflags", &flags])?.arg("-o").arg(&half).arg(self.package))
            .with_context(|| format!("cannot build {} {}", self.name, self.version))?;
        if self.name == GATEKEEPER.name {
            let module = output(&mut self.go(["list", "-m", "-f", "{{.Dir}}", self.package])?)?;
            let from = PathBuf::from(module.trim()).join("deploy").join(MANIFESTS);
            let text = fs::read(&from).with_context(|| format!("cannot read `{}`", from.display()))?;
            fs::write(folder.join(MANIFESTS), text)?;
        }
        fs::rename(&half, &file).with_context(|| format!("cannot create `{}`", file.display()))
    }

    fn go<const N: usize>(&self, args: [&str; N]) -> Result<Command> {
        let mut go = go::command(args)?;
        go.current_dir(paths::root().join("tests/cluster").join(self.module));
        go.env("CGO_ENABLED", "0").env("GOFLAGS", "-p=2 -buildvcs=false -mod=readonly");
        Ok(go)
    }
}
