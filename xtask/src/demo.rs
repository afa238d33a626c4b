//! The playground, `js-demo`: built over the npm package, served, and tested in a browser.

use std::path::PathBuf;

use anyhow::Result;

use crate::run::{command, run, succeeds};
use crate::setup::node;
use crate::{package, paths};

/// Its folder.
const FOLDER: &str = "js-demo";

/// The browsers in which it is tested, and the scripts of the tests: all of them, and in the second what differs most
/// between browsers.
const BROWSERS: [(&str, &str); 2] = [("chromium", "test:built"), ("firefox-esr", "test:firefox")];

/// Builds the playground, and the npm package before it where that is not of the sources as they are, and serves it until
/// it is stopped.
pub(crate) fn serve() -> Result<()> {
    if !package::is_current()? {
        package::build()?;
    }
    build()?;
    npm(&["run", "--silent", "serve"])
}

/// Tests the site over the package as it was built last, against the program.
pub(crate) fn test() -> Result<()> {
    build()?;
    run(&mut command("cargo", ["build", "--quiet", "-p", "podgate-cli"]))?;
    let program = paths::target().join("debug/podgate");
    for (browser, script) in BROWSERS {
        if succeeds(&mut command(browser, ["--version"])) {
            run(command("npm", ["run", "--silent", script]).env("PODGATE", &program).current_dir(folder()))?;
        } else {
            eprintln!("{browser} is missing: the playground's tests in it are skipped");
        }
    }
    Ok(())
}

fn build() -> Result<()> {
    node::packages(FOLDER)?;
    npm(&["run", "--silent", "build"])
}

fn npm(args: &[&str]) -> Result<()> {
    run(command("npm", args).current_dir(folder()))
}

fn folder() -> PathBuf {
    paths::root().join(FOLDER)
}
