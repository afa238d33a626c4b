//! What the packages for JavaScript need: tools from npm at the versions of their lock file, and a browser.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

use super::debian;
use crate::paths;
use crate::run::{command, output, run, succeeds};

/// The oldest Node that the package works with.
const OLDEST: u32 = 20;

/// What drives Chromium in `wasm-pack test`.
pub(crate) const DRIVER: &str = "/usr/bin/chromedriver";

/// Debian's packages of the browsers and of Chromium's driver, and the programs in them.
const BROWSER: [(&str, &str); 3] =
    [("chromium", "/usr/bin/chromium"), ("chromium-driver", DRIVER), ("firefox-esr", "/usr/bin/firefox-esr")];

/// Installs what `package-lock.json` names in a folder of the project, unless it is there.
pub(crate) fn packages(folder: &str) -> Result<()> {
    ensure_node()?;
    let place = paths::root().join(folder);
    let (lock, done) = (place.join("package-lock.json"), place.join("node_modules/.installed-lock.json"));
    let wanted = fs::read(&lock).with_context(|| format!("cannot read `{}`", lock.display()))?;
    if fs::read(&done).is_ok_and(|installed| installed == wanted) {
        eprintln!("npm's packages of `{folder}` are there");
        return Ok(());
    }
    run(command("npm", ["ci", "--no-audit", "--no-fund"]).current_dir(&place))?;
    fs::write(&done, wanted).with_context(|| format!("cannot write `{}`", done.display()))
}

/// The folder of the programs that npm installed for a folder of the project.
pub(crate) fn bin(folder: &str) -> PathBuf {
    paths::root().join(folder).join("node_modules/.bin")
}

/// Installs Chromium with its driver where apt can; the tests in browsers are skipped, and say so, where it is not.
pub(crate) fn browser() -> Result<()> {
    for (package, program) in BROWSER {
        debian::install(package, program, "tests in a browser will be skipped")?;
    }
    Ok(())
}

/// Whether a program is there.
pub(crate) fn has(program: &str) -> bool {
    succeeds(&mut command(program, ["--version"]))
}

fn ensure_node() -> Result<()> {
    let version = output(&mut command("node", ["--version"]))
        .context("Node is missing: install version 20 or newer")?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    ensure!(
        major.is_some_and(|major| major >= OLDEST),
        "Node {} is too old: install version {OLDEST} or newer",
        version.trim()
    );
    Ok(())
}
