//! Rego files of the user's, from folders.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use ignore::WalkBuilder;
use podgate::RegoFile;

/// Whether tests are wanted among the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tests {
    With,
    Without,
}

/// All `*.rego` below `paths`, sorted within each. A folder without any is a mistake: it would judge nothing.
pub(crate) fn read(paths: &[PathBuf], tests: Tests) -> Result<Vec<RegoFile>> {
    let mut files = Vec::new();
    for path in paths {
        let before = files.len();
        let mut walk = WalkBuilder::new(path);
        walk.standard_filters(false).follow_links(true).sort_by_file_path(Path::cmp);
        // Mounted ConfigMaps hold each file once more in `..data` and in the folder that this links to.
        walk.filter_entry(|entry| {
            entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with("..")
        });
        for entry in walk.build() {
            let entry = entry.with_context(|| format!("cannot read policies in `{}`", path.display()))?;
            if entry.file_type().is_some_and(|kind| kind.is_file()) && is_wanted(entry.path(), tests) {
                let text = fs::read_to_string(entry.path())
                    .with_context(|| format!("cannot read `{}`", entry.path().display()))?;
                files.push(RegoFile { path: entry.path().display().to_string(), text });
            }
        }
        ensure!(files.len() > before, "there is no policy (*.rego) in `{}`", path.display());
    }
    Ok(files)
}

fn is_wanted(path: &Path, tests: Tests) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.ends_with(".rego") && (tests == Tests::With || !name.ends_with("_test.rego"))
}
