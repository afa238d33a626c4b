//! Writes down what gates with the compiler say, and compiles the policies for those without.

use std::error::Error;
use std::fs;
use std::path::PathBuf;

#[path = "src/lib.rs"]
mod shared;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src");
    println!("cargo::rerun-if-changed={}", shared::root().display());
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    fs::write(out.join("policies.bin"), podgate::gate::precompile()?)?;
    let fixtures = shared::fixtures()?;
    for (gate, settings) in shared::GATES.iter().enumerate() {
        let formats = if gate == 0 { &shared::FORMATS[..] } else { &["json"] };
        for format in formats {
            let expected = shared::reports(settings, format, None, &fixtures)?;
            fs::write(out.join(format!("{gate}.{format}")), expected)?;
        }
    }
    Ok(())
}
