//! From the paths that the user typed to inputs, in an order that depends on nothing else.

pub(crate) mod rendered;
mod walk;

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Something to judge, or what kept us from it.
#[derive(Debug)]
pub(crate) struct Input {
    /// Its name in the report.
    pub(crate) name: String,
    pub(crate) source: Source,
}

/// Where the bytes are.
#[derive(Debug)]
pub(crate) enum Source {
    File(PathBuf),
    /// Read already, since it can be read only once.
    Bytes(Arc<[u8]>),
    Unreadable(String),
}

/// How inputs are found and read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    /// Largest input in bytes.
    pub(crate) max_size: u64,
    /// Whether ignore files count.
    pub(crate) ignore: bool,
}

impl Input {
    fn unreadable(name: &Path, reason: impl Into<String>) -> Self {
        Self { name: name.display().to_string(), source: Source::Unreadable(reason.into()) }
    }

    /// Its bytes, or why they cannot be had.
    pub(crate) fn read(&self, rules: &Rules) -> Result<Arc<[u8]>, String> {
        match &self.source {
            Source::Bytes(bytes) => Ok(Arc::clone(bytes)),
            Source::Unreadable(reason) => Err(reason.clone()),
            Source::File(path) => {
                let size = fs::metadata(path).map_err(|error| reason(&error))?.len();
                if size > rules.max_size {
                    return Err(too_large(rules));
                }
                read_all(File::open(path).map_err(|error| reason(&error))?, rules)
            }
        }
    }
}

/// The inputs that `paths` name, each once: in the order of the paths, and sorted within each.
pub(crate) fn find(paths: &[PathBuf], rules: &Rules) -> Vec<Input> {
    let mut inputs: Vec<Input> = paths.iter().flat_map(|path| of_path(path, rules)).collect();
    let mut seen = HashSet::new();
    inputs.retain(|input| seen.insert(input.name.clone()));
    inputs
}

fn of_path(path: &Path, rules: &Rules) -> Vec<Input> {
    if path.as_os_str() == "-" {
        return vec![stdin(rules)];
    }
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => walk::folder(path, rules),
        Ok(metadata) if metadata.is_file() => vec![file(path.to_owned())],
        // A pipe, such as the shell's `<(…)`.
        Ok(_) => vec![once(path, rules)],
        Err(error) if error.kind() == io::ErrorKind::NotFound && walk::is_glob(path) => {
            walk::glob(path, rules)
        }
        Err(error) => vec![Input::unreadable(path, reason(&error))],
    }
}

fn file(path: PathBuf) -> Input {
    Input { name: path.display().to_string(), source: Source::File(path) }
}

fn stdin(rules: &Rules) -> Input {
    let source = read_all(io::stdin().lock(), rules).map_or_else(Source::Unreadable, Source::Bytes);
    Input { name: "-".to_owned(), source }
}

fn once(path: &Path, rules: &Rules) -> Input {
    let bytes = File::open(path).map_err(|error| reason(&error)).and_then(|file| read_all(file, rules));
    let source = bytes.map_or_else(Source::Unreadable, Source::Bytes);
    Input { name: path.display().to_string(), source }
}

fn read_all(reader: impl Read, rules: &Rules) -> Result<Arc<[u8]>, String> {
    let mut bytes = Vec::new();
    reader.take(rules.max_size + 1).read_to_end(&mut bytes).map_err(|error| reason(&error))?;
    if bytes.len() as u64 > rules.max_size { Err(too_large(rules)) } else { Ok(bytes.into()) }
}

fn too_large(rules: &Rules) -> String {
    format!("larger than {} MiB; --max-size allows more", rules.max_size >> 20)
}

/// What the system says, without its number.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "no permission to read it".to_owned(),
        _ => {
            let text = error.to_string();
            let text = text.split(" (os error").next().unwrap_or_default().to_owned();
            text.chars()
                .next()
                .map(|first| first.to_lowercase().chain(text.chars().skip(1)).collect())
                .unwrap_or(text)
        }
    }
}
