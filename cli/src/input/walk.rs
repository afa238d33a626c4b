//! Folders and globs.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use globset::{Glob, GlobBuilder};
use ignore::{DirEntry, WalkBuilder};
use podgate::document::Format;

use super::{Input, Rules, file, reason};

/// The manifests below `root`, and what cannot be entered there. Files without a byte are passed over: charts keep values
/// that nobody has to set in such.
pub(super) fn folder(root: &Path, rules: &Rules) -> Vec<Input> {
    let found = walk(root, rules, &|path| {
        let is_expected = path.file_name().and_then(|name| name.to_str()).is_some_and(Format::is_expected);
        is_expected && !is_without_bytes(path)
    });
    if found.is_empty() {
        return vec![Input::unreadable(
            root,
            "nothing in it to judge (*.yaml, *.yml, *.json, Jenkinsfile, *.groovy, config.toml, config.xml)",
        )];
    }
    found
}

/// Whether there is nothing in a file; some file systems give files that have something the length 0.
fn is_without_bytes(path: &Path) -> bool {
    path.metadata().is_ok_and(|file| file.len() == 0)
        && File::open(path).and_then(|mut file| file.read(&mut [0])).is_ok_and(|read| read == 0)
}

/// Whether a shell with globs would have expanded `path`.
pub(super) fn is_glob(path: &Path) -> bool {
    path.to_str().is_some_and(|text| text.contains(['*', '?', '[', '{']))
}

/// The files that match a glob; `**` stands for any folders.
pub(super) fn glob(pattern: &Path, rules: &Rules) -> Vec<Input> {
    let text = pattern.to_string_lossy();
    let text = text.strip_prefix("./").unwrap_or(&text);
    let matcher = match GlobBuilder::new(text).literal_separator(true).build() {
        Ok(glob) => Glob::compile_matcher(&glob),
        Err(error) => return vec![Input::unreadable(pattern, error.kind().to_string())],
    };
    let root: PathBuf = Path::new(text).components().take_while(|part| !is_glob(Path::new(part))).collect();
    let start = if root.as_os_str().is_empty() { Path::new(".") } else { &root };
    let found = walk(start, rules, &|path| matcher.is_match(path.strip_prefix("./").unwrap_or(path)));
    if found.is_empty() {
        return vec![Input::unreadable(pattern, "no file matches")];
    }
    found
}

/// The files below `root` that are wanted, sorted. Hidden ones are among them, since CI systems keep theirs
/// there; `.git` is not.
fn walk(root: &Path, rules: &Rules, is_wanted: &dyn Fn(&Path) -> bool) -> Vec<Input> {
    let mut walk = WalkBuilder::new(root);
    walk.standard_filters(false)
        .ignore(rules.ignore)
        .git_ignore(rules.ignore)
        .git_exclude(rules.ignore)
        .parents(rules.ignore)
        .require_git(false)
        .follow_links(true)
        .filter_entry(|entry| entry.file_name() != ".git")
        .sort_by_file_path(Path::cmp);
    if rules.ignore {
        walk.add_custom_ignore_filename(".podgateignore");
    }
    let inputs = walk.build().flat_map(|entry| match entry {
        Ok(entry) => of_entry(&entry, is_wanted),
        Err(error) => vec![unreadable(root, &error)],
    });
    inputs.collect()
}

fn of_entry(entry: &DirEntry, is_wanted: &dyn Fn(&Path) -> bool) -> Vec<Input> {
    let mut inputs = Vec::new();
    if let Some(error) = entry.error() {
        inputs.push(unreadable(entry.path(), error));
    }
    if entry.file_type().is_some_and(|kind| kind.is_file()) && is_wanted(entry.path()) {
        let path = entry.path();
        inputs.push(file(path.strip_prefix("./").unwrap_or(path).to_owned()));
    }
    inputs
}

fn unreadable(path: &Path, error: &ignore::Error) -> Input {
    match error {
        ignore::Error::WithPath { path, err } => unreadable(path, err),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            unreadable(path, err)
        }
        ignore::Error::Loop { ancestor, child } => {
            Input::unreadable(child, format!("a symbolic link back to `{}`", ancestor.display()))
        }
        ignore::Error::Io(error) => Input::unreadable(path, reason(error)),
        error => Input::unreadable(path, error.to_string()),
    }
}
