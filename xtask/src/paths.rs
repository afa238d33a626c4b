//! Where things are: the project's folder, and the cache outside it for what costs minutes to make.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The project's folder, wherever the task is started from.
pub(crate) fn root() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}

/// Where cargo puts what it builds.
pub(crate) fn target() -> PathBuf {
    root().join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}

/// The cache that outlives the work tree; everything in it can be made again.
pub(crate) fn cache() -> Result<PathBuf> {
    let base = match env::var_os("XDG_CACHE_HOME").filter(|folder| !folder.is_empty()) {
        Some(folder) => PathBuf::from(folder),
        None => {
            env::home_dir().context("no home folder to keep a cache in: set `XDG_CACHE_HOME`")?.join(".cache")
        }
    };
    Ok(base.join("podgate"))
}

/// Where cargo keeps the sources of dependencies.
pub(crate) fn cargo() -> Result<PathBuf> {
    match env::var_os("CARGO_HOME").filter(|folder| !folder.is_empty()) {
        Some(folder) => Ok(PathBuf::from(folder)),
        None => Ok(env::home_dir().context("no home folder for cargo: set `CARGO_HOME`")?.join(".cargo")),
    }
}
