//! Compiles the built-in policies, so that the program need not when it starts.

use std::error::Error;
use std::fs;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let folder = PathBuf::from(std::env::var("OUT_DIR")?);
    Ok(fs::write(folder.join("policies.bin"), podgate::gate::precompile()?)?)
}
