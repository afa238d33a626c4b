//! The npm package: two modules by wasm-pack, and around them what `wasm/scripts` makes of `wasm/js`.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;

use anyhow::{Context, Result};

use crate::paths;
use crate::run::{command, run};
use crate::setup::{self, node, tools};

/// The modules: the folder in the package, and what cargo is told.
const MODULES: [(&str, &[&str]); 2] = [("compiler", &[]), ("verdict", &["--no-default-features"])];

/// What the package is made of: files, and folders with all that is in them.
const SOURCES: [&str; 10] = [
    "Cargo.lock",
    "Cargo.toml",
    "core",
    "docs/schema",
    "policies",
    "wasm/Cargo.toml",
    "wasm/build.rs",
    "wasm/js",
    "wasm/scripts",
    "wasm/src",
];

/// How they are optimised.
const PROFILE: &[&str] = &["--profile", "wasm"];

/// Builds the package in `wasm/npm`, prints its sizes and holds them to their budgets.
pub(crate) fn build() -> Result<()> {
    setup::wasm()?;
    setup::package()?;
    let npm = paths::root().join("wasm/npm");
    if npm.exists() {
        fs::remove_dir_all(&npm).with_context(|| format!("cannot empty `{}`", npm.display()))?;
    }
    for (folder, features) in MODULES {
        run(command("wasm-pack", ["build", "wasm", "--target", "web", "--out-name", "podgate"])
            .args(["--out-dir", &format!("npm/{folder}"), "--mode", "no-install"])
            .args(["--no-pack", "--no-typescript", "--no-gitignore"])
            .args(PROFILE)
            .arg("--")
            .args(features)
            .env("CARGO_ENCODED_RUSTFLAGS", without_paths()?)
            .env("PATH", path()?))
        .with_context(|| format!("cannot build the module `{folder}`"))?;
    }
    run(&mut command("node", ["wasm/scripts/build.mjs", env!("CARGO_PKG_VERSION")]))?;
    run(&mut command("node", ["wasm/scripts/sizes.mjs"]))
}

/// Flags for rustc by which no folder of who builds is in the module: it is the same wherever it is built.
fn without_paths() -> Result<OsString> {
    let sources = paths::cargo()?.join("registry/src");
    let registries =
        fs::read_dir(&sources).with_context(|| format!("cannot read `{}`", sources.display()))?;
    let mut flags = Vec::new();
    for registry in registries {
        let mut flag = OsString::from("--remap-path-prefix=");
        flag.push(registry?.path());
        flag.push("=");
        flags.push(flag);
    }
    // By this character cargo takes them apart.
    Ok(flags.join("\u{1f}".as_ref()))
}

/// Whether the package was built after the last change of what it is made of.
pub(crate) fn is_current() -> Result<bool> {
    let root = paths::root();
    // What is written last.
    match fs::metadata(root.join("wasm/npm/package.json")).and_then(|package| package.modified()) {
        Ok(built) => unchanged_since(built, SOURCES.iter().map(|source| root.join(source)).collect()),
        Err(_) => Ok(false),
    }
}

/// Whether no file of these, nor in folders of these, was changed after `built`.
fn unchanged_since(built: SystemTime, mut waiting: Vec<PathBuf>) -> Result<bool> {
    while let Some(path) = waiting.pop() {
        let unreadable = || format!("cannot read `{}`", path.display());
        let source = fs::metadata(&path).with_context(unreadable)?;
        if source.is_dir() {
            for entry in fs::read_dir(&path).with_context(unreadable)? {
                waiting.push(entry?.path());
            }
        } else if source.modified()? > built {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Tests core in WebAssembly, and the package as those who install it have it against the program.
pub(crate) fn test() -> Result<()> {
    core(&["--node"])?;
    if node::has(node::DRIVER) {
        core(&["--headless", "--chrome"])?;
    } else {
        eprintln!("tests of core in Chromium are skipped: there is no `{}`", node::DRIVER);
    }
    run(&mut command("cargo", ["build", "--quiet", "-p", "podgate-cli"]))?;
    let program = paths::target().join("debug/podgate");
    run(command("node", ["--test"]).args(tests()?).env("PODGATE", program))
}

/// Runs core's own tests in Node or a browser.
fn core(place: &[&str]) -> Result<()> {
    let mut test = command("wasm-pack", ["test", "--mode", "no-install"]);
    if !place.contains(&"--node") {
        // By this variable wasm-bindgen's runner takes tests that are bound to no place to the browser.
        test.env("WASM_BINDGEN_USE_BROWSER", "1").env("CHROMEDRIVER", node::DRIVER);
    }
    // Seconds; a busy machine is no fault.
    test.args(place).arg("wasm").env("WASM_BINDGEN_TEST_TIMEOUT", "300").env("PATH", path()?);
    run(&mut test).context("cannot test core in WebAssembly")
}

/// The files of the package's tests.
fn tests() -> Result<Vec<PathBuf>> {
    let folder = paths::root().join("wasm/test");
    let entries = fs::read_dir(&folder).with_context(|| format!("cannot read `{}`", folder.display()))?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    files.retain(|file| file.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    Ok(files)
}

fn path() -> Result<OsString> {
    tools::path([tools::WASM_PACK.bin()?, tools::WASM_BINDGEN.bin()?, node::bin("wasm")])
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_change_anywhere_below_is_seen() -> Result<()> {
        let sources = vec![paths::root().join("xtask"), paths::root().join("Cargo.toml")];
        let changed = fs::metadata(paths::root().join("xtask/src/package.rs"))?.modified()?;
        assert!(!unchanged_since(changed - Duration::from_secs(1), sources.clone())?);
        assert!(unchanged_since(SystemTime::now(), sources)?);
        assert!(unchanged_since(SystemTime::now(), vec!["no/such/file".into()]).is_err());
        Ok(())
    }
}
