//! The playground, `js-demo`: built over the npm package, served, and tested in a browser.

use anyhow::Result;

use crate::run::{command, run, succeeds};
use crate::setup::node;
use crate::{package, paths};

/// Its folder.
const FOLDER: &str = "js-demo";

/// The browser in which it is tested.
const BROWSER: &str = "chromium";

/// Builds the playground, and the npm package before it where that is not there yet, and serves it until it is stopped.
pub(crate) fn serve() -> Result<()> {
    if !paths::root().join("wasm/npm/package.json").is_file() {
        package::build()?;
    }
    build()?;
    npm(&["run", "--silent", "serve"])
}

/// Tests the site over the package as it was built last, against the program.
pub(crate) fn test() -> Result<()> {
    build()?;
    if !succeeds(&mut command(BROWSER, ["--version"])) {
        eprintln!("{BROWSER} is missing: the playground's tests are skipped");
        return Ok(());
    }
    run(&mut command("cargo", ["build", "--quiet", "-p", "podgate-cli"]))?;
    let program = paths::target().join("debug/podgate");
    run(command("npm", ["run", "--silent", "test:built"])
        .env("PODGATE", program)
        .current_dir(paths::root().join(FOLDER)))
}

fn build() -> Result<()> {
    node::packages(FOLDER)?;
    npm(&["run", "--silent", "build"])
}

fn npm(args: &[&str]) -> Result<()> {
    run(command("npm", args).current_dir(paths::root().join(FOLDER)))
}
