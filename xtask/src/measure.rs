//! What is looked at and not judged: times, coverage, and what a fuzzer finds.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::paths;
use crate::run::{command, output, run};
use crate::setup::tools;

/// Runs the benchmarks whose name contains the filter.
pub(crate) fn bench(filter: Option<&str>) -> Result<()> {
    run(command("cargo", ["bench", "--workspace", "--benches"])
        .args(filter.map(|name| ["--", name]).iter().flatten()))
}

/// How long the server as it is released takes to answer, under load and under abuse.
pub(crate) fn load() -> Result<()> {
    tools::OHA.install()?;
    run(serve("load::")?.env("PODGATE_OHA", tools::OHA.file()?))
}

/// Whether the server as it is released stays as it is for so many minutes.
pub(crate) fn soak(minutes: u32) -> Result<()> {
    run(serve("soak::")?.env("PODGATE_SOAK", minutes.to_string()))
}

/// Tests of the server that measure, over the program as it is released.
fn serve(filter: &str) -> Result<Command> {
    run(&mut command("cargo", ["build", "--release", "--package", "podgate-cli"]))?;
    let mut test =
        command("cargo", ["test", "--package", "podgate-tests", "--all-features", "--test", "serve"]);
    test.args(["--", "--nocapture", "--test-threads", "1", filter]);
    test.env("PODGATE_PROGRAM", paths::target().join("release/podgate"));
    Ok(test)
}

/// The seconds that an input may take before the fuzzer takes it for a fault: by default it waits for twenty minutes.
const SLOWEST: &str = "-timeout=20";

/// The bytes of the longest input that the fuzzer makes: enough for what takes the square of its length to be seen.
const LONGEST: &str = "-max_len=100000";

/// Fuzzes a target for a time, with the fixtures as seeds, and with real files of CI where `PODGATE_CI_CORPUS` is set.
pub(crate) fn fuzz(target: &str, seconds: u64) -> Result<()> {
    let source = paths::root().join("fuzz/fuzz_targets").join(target).with_extension("rs");
    ensure!(source.is_file(), "there is no fuzz target `{target}`: it would be `{}`", source.display());
    tools::FUZZ.install()?;
    // The fuzzer adds what it finds to the first folder and only reads the second.
    let corpus = Path::new("fuzz/corpus").join(target);
    fs::create_dir_all(paths::root().join(&corpus)).context("cannot create the corpus")?;
    run(tools::FUZZ
        .nightly()?
        .args(["run", target])
        .args([corpus.as_path(), Path::new("tests/fixtures")])
        .args(env::var_os("PODGATE_CI_CORPUS"))
        .args(["--", &format!("-max_total_time={seconds}"), SLOWEST, LONGEST]))
    .with_context(|| {
        format!("fuzzing `{target}` (it needs a nightly toolchain: `rustup toolchain install nightly`)")
    })
}

/// Prints regions, functions and lines covered by the tests, file by file.
pub(crate) fn coverage() -> Result<()> {
    tools::LLVM_COV.install()?;
    let mut cover = tools::LLVM_COV.command()?;
    cover.args(["--workspace", "--all-features"]);
    if let Some(major) = missing_llvm()? {
        for (variable, program) in [("LLVM_COV", "llvm-cov"), ("LLVM_PROFDATA", "llvm-profdata")] {
            cover.env(variable, format!("/usr/bin/{program}-{major}"));
        }
    }
    run(&mut cover)
}

/// The version of Debian's LLVM to use, installed, where rustup's `llvm-tools` are not.
fn missing_llvm() -> Result<Option<String>> {
    let sysroot = output(&mut command("rustc", ["--print", "sysroot"]))?;
    let about = output(&mut command("rustc", ["--version", "--verbose"]))?;
    let field = |name: &str| about.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let host = field("host:").context("rustc names no host")?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(host).join("bin/llvm-cov").is_file() {
        return Ok(None);
    }
    let version = field("LLVM version:").context("rustc names no version of LLVM")?;
    let major = version.split('.').next().unwrap_or(version);
    if !Path::new(&format!("/usr/bin/llvm-cov-{major}")).is_file() {
        let package = format!("llvm-{major}");
        run(&mut command("apt-get", ["install", "--yes", "--no-install-recommends", &package]))
            .context("coverage needs LLVM's tools: `rustup component add llvm-tools`, or Debian's package")?;
    }
    Ok(Some(major.to_owned()))
}
