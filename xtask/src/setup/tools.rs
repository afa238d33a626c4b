//! Cargo's extensions, each at one version, compiled once into the cache.

use std::path::PathBuf;
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result};

use crate::paths;
use crate::run::{command, run};

/// A cargo extension that is installed from source.
pub(crate) struct Tool {
    /// The word after `cargo`.
    name: &'static str,
    package: &'static str,
    version: &'static str,
}

pub(crate) const DENY: Tool = Tool { name: "deny", package: "cargo-deny", version: "0.20.2" };
pub(crate) const FUZZ: Tool = Tool { name: "fuzz", package: "cargo-fuzz", version: "0.13.2" };
pub(crate) const LLVM_COV: Tool = Tool { name: "llvm-cov", package: "cargo-llvm-cov", version: "0.9.1" };

/// These run for seconds and compile for minutes: spend little on optimising them.
const QUICK_BUILD: [(&str, &str); 4] = [
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "0"),
];

impl Tool {
    /// Compiles the tool, unless this version is in the cache.
    pub(crate) fn install(&self) -> Result<()> {
        let folder = self.folder()?;
        if folder.join("bin").join(self.package).is_file() {
            eprintln!("{} {} is there", self.package, self.version);
            return Ok(());
        }
        eprintln!("{} {} is missing: compiling it, which takes minutes", self.package, self.version);
        let build = paths::cache()?.join("build").join(self.package);
        run(command("cargo", ["install", "--quiet", "--locked", self.package, "--version", self.version])
            .arg("--root")
            .arg(&folder)
            .arg("--target-dir")
            .arg(&build)
            .envs(QUICK_BUILD))
        .with_context(|| format!("cannot install {} {}", self.package, self.version))?;
        fs::remove_dir_all(&build).with_context(|| format!("cannot remove `{}`", build.display()))
    }

    /// `cargo <tool>` with the tool from the cache.
    pub(crate) fn command(&self) -> Result<Command> {
        let mut command = command("cargo", [self.name]);
        command.env("PATH", self.path()?);
        Ok(command)
    }

    /// `cargo +nightly <tool>`.
    pub(crate) fn nightly(&self) -> Result<Command> {
        let mut command = command("cargo", ["+nightly", self.name]);
        command.env("PATH", self.path()?);
        Ok(command)
    }

    /// The search path, the tool's own folder first.
    fn path(&self) -> Result<std::ffi::OsString> {
        let old = env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(self.folder()?.join("bin")).chain(env::split_paths(&old));
        env::join_paths(folders).context("the cache's folder cannot be put on `PATH`")
    }

    fn folder(&self) -> Result<PathBuf> {
        Ok(paths::cache()?.join("tools").join(format!("{}-{}", self.package, self.version)))
    }
}
