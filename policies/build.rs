//! Lists every file of the policies, so that adding a folder adds a policy.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

/// A path below this crate's folder, and where the file is.
type Listed = (String, PathBuf);

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let mut files = Vec::new();
    for entry in fs::read_dir(&root)? {
        let path = entry?.path();
        let is_group = path.is_dir() && !path.ends_with("src") && !path.ends_with("target");
        if is_group {
            println!("cargo::rerun-if-changed={}", path.display());
            collect(&root, &path, &mut files)?;
        }
    }
    files.sort();
    let (pages, rego): (Vec<_>, Vec<_>) = files.into_iter().partition(|(name, _)| name.ends_with(".md"));
    let (tests, rules): (Vec<_>, Vec<_>) =
        rego.into_iter().partition(|(name, _)| name.ends_with("_test.rego"));
    // One list for each use: a program that never shows pages or runs tests does not carry them.
    let mut text = list("RULES", "The Rego that judges: policies and what they share.", &rules)?;
    text += &list("TESTS", "The Rego that tests them.", &tests)?;
    text += &list("PAGES", "The pages of the policies, in Markdown.", &pages)?;
    write!(text, "/// SHA-256 over [`RULES`].\npub const DIGEST: [u8; 32] = {:?};\n", digest(&rules)?)?;
    fs::write(PathBuf::from(std::env::var("OUT_DIR")?).join("files.rs"), text)?;
    Ok(())
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<Listed>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if path.extension().is_some_and(|ending| ending == "rego" || ending == "md") {
            files.push((path.strip_prefix(root)?.display().to_string().replace('\\', "/"), path));
        }
    }
    Ok(())
}

fn list(name: &str, about: &str, files: &[Listed]) -> Result<String, Box<dyn Error>> {
    let mut text = format!("/// {about} Sorted by path.\npub static {name}: &[File] = &[\n");
    for (path, file) in files {
        let file = file.display().to_string();
        writeln!(text, "    File {{ path: {path:?}, text: include_str!({file:?}) }},")?;
    }
    Ok(text + "];\n")
}

/// Paths and texts, each behind its length, so that none can run into the next.
fn digest(files: &[Listed]) -> Result<[u8; 32], Box<dyn Error>> {
    let mut hash = Sha256::new();
    for (path, file) in files {
        for part in [path.as_bytes(), &fs::read(file)?] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
    }
    Ok(hash.finalize().into())
}
