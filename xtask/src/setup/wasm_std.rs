//! The standard library for wasm32: from rustup, or else built from Debian's `rust-src`.
//!
//! With the library in rustc's own sysroot, plain `cargo build --target wasm32-unknown-unknown` works
//! as it does after `rustup target add`.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::{WASM, debian};
use crate::paths;
use crate::run::{command, output, run, succeeds, succeeds_within};

/// A library that links everything a library of ours may use.
const PROBE: &str = "//! Probe.\npub fn probe() -> String { std::collections::BTreeMap::<u8, u8>::new().len().to_string() }\n";

/// What the standard library of the target is built as part of.
const MANIFEST: &str = "[package]\nname = \"sysroot\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[lib]\ncrate-type = [\"cdylib\"]\npath = \"lib.rs\"\n\n[workspace]\n";

/// Installs the library for the project's own rustc, unless a build with it works already.
pub(crate) fn install() -> Result<()> {
    // A folder of its own for each run: several work trees share the cache.
    let work = paths::cache()?.join("build").join(format!("wasm32-std-{}", std::process::id()));
    fresh(&work)?;
    let done = install_in(&work);
    fs::remove_dir_all(&work).with_context(|| format!("cannot remove `{}`", work.display()))?;
    done
}

fn install_in(work: &Path) -> Result<()> {
    if works(work)? {
        eprintln!("the {WASM} standard library is there");
        return Ok(());
    }
    eprintln!("the {WASM} standard library is missing");
    let start = Instant::now();
    // rustup also says yes where its notes tell of a library whose files are gone.
    if !(from_rustup() && works(work)?) {
        from_source(work)?;
    }
    ensure!(works(work)?, "rustc still cannot build for {WASM}");
    // Cargo does not notice another standard library: what was built for the target must be built anew.
    if paths::target().join(WASM).is_dir() {
        run(&mut command("cargo", ["clean", "--target", WASM]))?;
    }
    eprintln!("the {WASM} standard library is installed ({} s)", start.elapsed().as_secs());
    Ok(())
}

/// Whether rustc links a library for the target.
fn works(work: &Path) -> Result<bool> {
    let source = work.join("probe.rs");
    fs::write(&source, PROBE).with_context(|| format!("cannot write `{}`", source.display()))?;
    Ok(succeeds(
        command("rustc", ["--crate-type=cdylib", "--target", WASM, "-o"])
            .arg(work.join("probe.wasm"))
            .arg(source),
    ))
}

/// Asks rustup; not for long where there is another way.
fn from_rustup() -> bool {
    let limit = if debian::is_here() { 20 } else { 600 };
    let mut rustup = command("rustup", ["target", "add", WASM]);
    // A refusal is expected here; its stack is of no use.
    rustup.env("RUST_BACKTRACE", "0");
    let done = succeeds_within(&mut rustup, Duration::from_secs(limit));
    if !done {
        eprintln!("rustup cannot install it");
    }
    done
}

fn from_source(work: &Path) -> Result<()> {
    let rustc = Rustc::of_the_project()?;
    let kept = paths::cache()?.join("wasm32-std").join(&rustc.name);
    if kept.is_dir() {
        eprintln!("it was built here before");
    } else {
        build(&rustc, work, &kept)?;
    }
    let folder = rustc.sysroot.join("lib/rustlib").join(WASM).join("lib");
    copy_whole(&kept, &folder)
}

/// Builds the library from source into `kept`.
fn build(rustc: &Rustc, work: &Path, kept: &Path) -> Result<()> {
    ensure!(
        debian::is_here(),
        "the {WASM} standard library is missing: run `rustup target add {WASM}` (building it from source needs Debian's packages)"
    );
    let source = rustc.sysroot.join("lib/rustlib/src/rust/library");
    if !source.join("std").is_dir() {
        let package = debian::download("rust-src", &format!("{}+", rustc.release), work)?;
        let unpacked = work.join("unpacked");
        run(command("dpkg", ["-x"]).arg(package).arg(&unpacked))?;
        copy_whole(&unpacked.join(format!("usr/src/rustc-{}/library", rustc.release)), &source)?;
    }
    let manifest = work.join("Cargo.toml");
    fs::write(&manifest, MANIFEST)?;
    fs::write(work.join("lib.rs"), "//! Empty.\n")?;
    let target = work.join("target");
    // Bitcode, or a later `lto = "fat"` cannot read the library.
    run(command(
        "cargo",
        ["build", "--quiet", "--release", "-Zbuild-std=std,panic_abort,test", "--target", WASM],
    )
    .arg("--manifest-path")
    .arg(manifest)
    .arg("--target-dir")
    .arg(&target)
    .env("RUSTC_BOOTSTRAP", "1")
    .env("RUSTFLAGS", "-Cembed-bitcode=yes")
    .env_remove("CARGO_ENCODED_RUSTFLAGS"))
    .context("cannot build the standard library")?;

    let built = work.join("built");
    fresh(&built)?;
    let folder = target.join(WASM).join("release/deps");
    for entry in fs::read_dir(&folder).with_context(|| format!("cannot read `{}`", folder.display()))? {
        let file = entry?.path();
        if let Some(name) = file.file_name().filter(|_| file.extension().is_some_and(|end| end == "rlib")) {
            fs::copy(&file, built.join(name)).with_context(|| format!("cannot copy `{}`", file.display()))?;
        }
    }
    copy_whole(&built, kept)
}

/// The compiler that the project's folder selects.
struct Rustc {
    /// As in `1.95.0`.
    release: String,
    /// Tells builds of one release apart.
    name: String,
    sysroot: PathBuf,
}

impl Rustc {
    fn of_the_project() -> Result<Self> {
        let about = output(&mut command("rustc", ["--version", "--verbose"]))?;
        let field = |name: &str| about.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        let (Some(release), Some(commit)) = (field("release:"), field("commit-hash:")) else {
            bail!("`rustc --version --verbose` names no release and commit");
        };
        let sysroot = output(&mut command("rustc", ["--print", "sysroot"]))?;
        Ok(Self {
            release: release.to_owned(),
            name: format!("{release}-{commit}"),
            sysroot: PathBuf::from(sysroot.trim()),
        })
    }
}

/// Copies a folder so that its new place holds all of it or does not exist.
fn copy_whole(from: &Path, to: &Path) -> Result<()> {
    let shown = || format!("cannot copy `{}` to `{}`", from.display(), to.display());
    let mut half = to.as_os_str().to_owned();
    half.push(".half");
    let half = PathBuf::from(half);
    fs::create_dir_all(to.parent().unwrap_or(to)).with_context(shown)?;
    for old in [&half, to] {
        if old.exists() {
            fs::remove_dir_all(old).with_context(shown)?;
        }
    }
    run(command("cp", ["-r"]).arg(from).arg(&half)).with_context(shown)?;
    fs::rename(&half, to).with_context(shown)
}

fn fresh(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot empty `{}`", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot create `{}`", folder.display()))
}
