//! What must hold before a change is taken: `check`, and `test` on top of it.

use std::time::Duration;

use anyhow::Result;

use crate::run::{command, run, succeeds_within};
use crate::setup::{self, go, tools};
use crate::{chart, cluster, demo, generate, image, package};

/// Tests of the build without the compiler. With other packages beside it, it would be one with it.
const VERDICT: &str = "podgate-tests-verdict";

/// Format, lints, dependencies, the WebAssembly build and generated files.
pub(crate) fn check() -> Result<()> {
    setup::all()?;
    run(&mut command("cargo", ["fmt", "--all", "--check"]))?;
    run(&mut command("cargo", ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    run(&mut command("cargo", ["clippy", "-p", VERDICT, "--all-targets", "--", "-D", "warnings"]))?;
    dependencies()?;
    run(&mut command("cargo", ["build", "-p", "podgate", "--target", setup::WASM]))?;
    chart::lint()?;
    generate::compare()
}

/// Everything that CI runs.
pub(crate) fn test() -> Result<()> {
    check()?;
    let lent = cluster::lend()?;
    run(command("cargo", ["test", "--workspace", "--exclude", VERDICT, "--all-features"])
        .env("PATH", go::path()?)
        .envs(go::variables()?)
        .envs(lent.variables()?))?;
    drop(lent);
    run(&mut command("cargo", ["test", "-p", VERDICT]))?;
    package::build()?;
    package::test()?;
    demo::test()?;
    image::test()
}

/// Licences, banned crates and sources always; known vulnerabilities where their database can be had.
fn dependencies() -> Result<()> {
    let reached = succeeds_within(tools::DENY.command()?.args(["fetch", "db"]), Duration::from_secs(30));
    let kinds: &[&str] = if reached {
        &["check"]
    } else {
        eprintln!("the advisory database cannot be reached: known vulnerabilities are NOT checked");
        &["check", "bans", "licenses", "sources"]
    };
    run(tools::DENY.command()?.args(kinds))
}
