//! Tools from crates.io, each at one version, compiled once into the cache.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result};

use crate::paths;
use crate::run::{command, run};

/// A program that is installed from source.
pub(crate) struct Tool {
    package: &'static str,
    version: &'static str,
    program: &'static str,
    /// Whether the versions that its own lock file names are all to be had.
    locked: bool,
}

pub(crate) const DENY: Tool = Tool::new("cargo-deny", "0.20.2");
pub(crate) const FUZZ: Tool = Tool::new("cargo-fuzz", "0.13.2");
pub(crate) const LLVM_COV: Tool = Tool::new("cargo-llvm-cov", "0.9.1");
pub(crate) const OHA: Tool = Tool::new("oha", "1.16.0");
pub(crate) const WASM_PACK: Tool = Tool::new("wasm-pack", "0.15.1");
/// Of the very version of the crate `wasm-bindgen`.
pub(crate) const WASM_BINDGEN: Tool =
    Tool { package: "wasm-bindgen-cli", version: "0.2.130", program: "wasm-bindgen", locked: false };

/// These run for seconds and compile for minutes: spend little on optimising them.
const QUICK_BUILD: [(&str, &str); 4] = [
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "0"),
];

impl Tool {
    const fn new(package: &'static str, version: &'static str) -> Self {
        Self { package, version, program: package, locked: true }
    }

    /// Compiles the tool, unless this version is in the cache.
    pub(crate) fn install(&self) -> Result<()> {
        let folder = self.folder()?;
        if folder.join("bin").join(self.program).is_file() {
            eprintln!("{} {} is there", self.package, self.version);
            return Ok(());
        }
        eprintln!("{} {} is missing: compiling it, which takes minutes", self.package, self.version);
        let build = paths::cache()?.join("build").join(self.package);
        run(command("cargo", ["install", "--quiet", self.package, "--version", self.version])
            .args(self.locked.then_some("--locked"))
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
        let mut command = command("cargo", [self.word()]);
        command.env("PATH", path([self.bin()?])?);
        Ok(command)
    }

    /// `cargo +nightly <tool>`.
    pub(crate) fn nightly(&self) -> Result<Command> {
        let mut command = command("cargo", ["+nightly", self.word()]);
        command.env("PATH", path([self.bin()?])?);
        Ok(command)
    }

    /// What cargo calls its extension.
    fn word(&self) -> &str {
        self.program.trim_start_matches("cargo-")
    }

    /// The program itself.
    pub(crate) fn file(&self) -> Result<PathBuf> {
        Ok(self.bin()?.join(self.program))
    }

    /// The folder that holds the program.
    pub(crate) fn bin(&self) -> Result<PathBuf> {
        Ok(self.folder()?.join("bin"))
    }

    fn folder(&self) -> Result<PathBuf> {
        Ok(paths::cache()?.join("tools").join(format!("{}-{}", self.package, self.version)))
    }
}

/// The search path with these folders first.
pub(crate) fn path(folders: impl IntoIterator<Item = PathBuf>) -> Result<OsString> {
    let old = env::var_os("PATH").unwrap_or_default();
    env::join_paths(folders.into_iter().chain(env::split_paths(&old)))
        .context("the folders of the tools cannot be put on `PATH`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wasm_bindgen_is_of_the_version_of_its_crate() {
        let lock = fs::read_to_string(paths::root().join("Cargo.lock")).unwrap_or_default();
        let entry = format!("name = \"wasm-bindgen\"\nversion = \"{}\"\n", WASM_BINDGEN.version);
        assert!(lock.contains(&entry), "Cargo.lock has another version of wasm-bindgen");
    }
}
