//! The image that the chart's pods run, built by buildah: without a daemon, without privileges, and from nothing but
//! the static program.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::paths;
use crate::run::{command, output, run};
use crate::setup::{debian, node};

/// Debian's package and program.
pub(crate) const BUILDAH: (&str, &str) = ("buildah", "/usr/bin/buildah");

/// What cargo is told: the program of a release, or one that is built in less time.
#[derive(Clone, Copy)]
pub(crate) enum Profile {
    Release,
    /// Of the dependencies that tests are built with; it shows that the program is static and that the image runs.
    Dev,
}

impl Profile {
    const fn parts(self) -> (&'static str, &'static str) {
        match self {
            Self::Release => ("release", "release"),
            Self::Dev => ("dev", "debug"),
        }
    }
}

/// Builds the image into `target/image/podgate.tar`, an OCI archive, and tries it.
pub(crate) fn build(profile: Profile) -> Result<()> {
    debian::install(BUILDAH.0, BUILDAH.1, "the image cannot be built")?;
    let program = program(profile)?;
    let folder = folder();
    let context = folder.join("context");
    fs::create_dir_all(&context).with_context(|| format!("cannot create `{}`", context.display()))?;
    fs::copy(&program, context.join("podgate"))
        .with_context(|| format!("cannot copy `{}`", program.display()))?;
    let name = name();
    run(buildah(["build", "--isolation", "chroot", "--timestamp", "0", "--file", "deploy/Containerfile"])
        .args(["--tag", &name])
        .arg(&context))?;
    attempt(&name)?;
    let archive = folder.join("podgate.tar");
    if archive.exists() {
        fs::remove_file(&archive).with_context(|| format!("cannot replace `{}`", archive.display()))?;
    }
    run(buildah(["push", "--quiet", &name]).arg(format!("oci-archive:{}:{name}", archive.display())))?;
    let size = fs::metadata(&archive)?.len();
    println!("{}: {name}, {:.1} MB", archive.display(), size as f64 / 1e6);
    Ok(())
}

/// Builds the image of a quick build and tries it, where buildah is.
pub(crate) fn test() -> Result<()> {
    if node::has(BUILDAH.1) {
        return build(Profile::Dev);
    }
    eprintln!("the image is skipped: there is no `{}`", BUILDAH.1);
    Ok(())
}

/// The program, linked with all that it needs of the system.
fn program(profile: Profile) -> Result<PathBuf> {
    let (profile, folder) = profile.parts();
    let host = output(&mut command("rustc", ["--print", "host-tuple"]))?;
    let host = host.trim();
    // With a target, what runs while the program is built is not linked so.
    run(command("cargo", ["build", "--locked", "--package", "podgate-cli", "--profile", profile])
        .args(["--target", host])
        .env("RUSTFLAGS", "-C target-feature=+crt-static"))?;
    Ok(paths::target().join(host).join(folder).join("podgate"))
}

/// Runs the image's program in the image, as the user that it names, on a manifest that it must refuse.
fn attempt(name: &str) -> Result<()> {
    let container = output(&mut buildah(["from", name]))?;
    let container = container.trim();
    let manifest = fs::File::open(paths::root().join("docs/examples/jenkins-agent.yaml"))?;
    let tried = buildah([
        "run",
        "--isolation",
        "chroot",
        container,
        "--",
        "/podgate",
        "check",
        "--format",
        "json",
        "-",
    ])
    .stdin(manifest)
    .stderr(Stdio::inherit())
    .output();
    run(&mut buildah(["rm", container]))?;
    let tried = tried.context("the image cannot be run")?;
    let report: serde_json::Value = serde_json::from_slice(&tried.stdout)
        .with_context(|| format!("the image's program gave no report ({})", tried.status))?;
    let denied = report.pointer("/summary/denied").and_then(serde_json::Value::as_bool);
    ensure!(
        denied == Some(true),
        "the image's program did not refuse a pod with the node's socket: {report}"
    );
    Ok(())
}

/// buildah with a store of its own, so that it leaves nothing on the machine.
fn buildah<const N: usize>(args: [&str; N]) -> Command {
    let (store, state) = (folder().join("store"), folder().join("state"));
    let mut buildah = command(BUILDAH.1, ["--storage-driver", "vfs", "--root"]);
    buildah.arg(store).arg("--runroot").arg(state).args(args);
    buildah
}

fn folder() -> PathBuf {
    paths::target().join("image")
}

fn name() -> String {
    format!("podgate:{}", env!("CARGO_PKG_VERSION"))
}
