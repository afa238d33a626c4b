//! The npm package: two modules by wasm-pack, and around them what `wasm/scripts` makes of `wasm/js`.

use std::fs;

use anyhow::{Context, Result};

use crate::paths;
use crate::run::{command, run};
use crate::setup::{self, node, tools};

/// The modules: the folder in the package, and what cargo is told.
const MODULES: [(&str, &[&str]); 2] = [("compiler", &[]), ("verdict", &["--no-default-features"])];

/// How they are optimised.
const PROFILE: &[&str] = &["--release"];

/// Builds the package in `wasm/npm`, prints its sizes and holds them to their budgets.
pub(crate) fn build() -> Result<()> {
    setup::wasm()?;
    setup::package()?;
    let npm = paths::root().join("wasm/npm");
    if npm.exists() {
        fs::remove_dir_all(&npm).with_context(|| format!("cannot empty `{}`", npm.display()))?;
    }
    let path = tools::path([tools::WASM_PACK.bin()?, tools::WASM_BINDGEN.bin()?, node::bin("wasm")])?;
    for (folder, features) in MODULES {
        run(command("wasm-pack", ["build", "wasm", "--target", "web", "--out-name", "podgate"])
            .args(["--out-dir", &format!("npm/{folder}"), "--mode", "no-install"])
            .args(["--no-pack", "--no-typescript", "--no-gitignore"])
            .args(PROFILE)
            .arg("--")
            .args(features)
            .env("PATH", &path))
        .with_context(|| format!("cannot build the module `{folder}`"))?;
    }
    run(&mut command("node", ["wasm/scripts/build.mjs", env!("CARGO_PKG_VERSION")]))?;
    run(&mut command("node", ["wasm/scripts/sizes.mjs"]))
}

/// Tests the package as those who install it have it, against the program.
pub(crate) fn test() -> Result<()> {
    run(&mut command("cargo", ["build", "--quiet", "-p", "podgate-cli"]))?;
    let program = paths::target().join("debug/podgate");
    run(command("node", ["--test", "wasm/test/"]).env("PODGATE", program))
}
