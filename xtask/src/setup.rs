//! What a fresh machine lacks. Every step looks first and skips what is there; what costs minutes
//! is kept in the cache outside the tree.

pub(crate) mod cluster;
pub(crate) mod debian;
pub(crate) mod go;
pub(crate) mod node;
pub(crate) mod tools;
mod wasm_std;

use anyhow::{Result, ensure};

use crate::image;
use crate::run::{command, succeeds};

/// The target of every WebAssembly build.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Everything that `check` and `test` need.
pub(crate) fn all() -> Result<()> {
    for part in ["fmt", "clippy"] {
        ensure!(
            succeeds(&mut command("cargo", [part, "--version"])),
            "`cargo {part}` is missing: `rustup component add rustfmt clippy`"
        );
    }
    wasm()?;
    package()?;
    node::browser()?;
    debian::install(image::BUILDAH.0, image::BUILDAH.1, "the image will not be built")?;
    tools::DENY.install()?;
    go::install()?;
    cluster::install()
}

/// What a WebAssembly build needs.
pub(crate) fn wasm() -> Result<()> {
    wasm_std::install()
}

/// What the npm package is built with.
pub(crate) fn package() -> Result<()> {
    tools::WASM_PACK.install()?;
    tools::WASM_BINDGEN.install()?;
    node::packages("wasm")
}
