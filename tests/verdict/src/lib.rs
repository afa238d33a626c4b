//! What gates say of every fixture. The build script has the same code with the compiler, and writes down what that says.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use podgate::host::{Host, HostError, HostInput};
use serde_json::json;

/// Settings of gates: each profile, several together, policies turned off, and on from another profile or from none.
pub const GATES: [&str; 9] = [
    "profiles: [ci]",
    "profiles: [pss-baseline:v1.20]",
    "profiles: [pss-restricted]",
    "profiles: [psp]",
    "profiles: [psp:restricted, ci, pss-restricted:v1.25]",
    "policies: {CI101: {mode: off}, CI201: {mode: warn}, CI506: {parameters: {registries: [registry.test/ci]}}}",
    "profiles: [pss-baseline]\npolicies: {CI201: {mode: deny}, PSP-privileged: {mode: audit}}",
    "policies: {CI601: {mode: deny, severity: high}}",
    "exemptions: [{policies: [CI104, CI105], match: {names: ['*']}, reason: a test, expires: 2030-01-01}]",
];

/// How reports are written. SARIF is left out: it shows the pages of policies, which only the compiler's build has.
pub const FORMATS: [&str; 5] = ["json", "text", "github", "gitlab", "junit"];

/// Every fixture, with its path from the folder of the fixtures.
///
/// # Errors
///
/// A folder or file that cannot be read.
pub fn fixtures() -> Result<Vec<HostInput>, Box<dyn Error>> {
    let root = root();
    let mut paths = Vec::new();
    for folder in ["bad", "bypass", "clean", "good"] {
        for entry in fs::read_dir(root.join(folder))? {
            paths.push(entry?.path());
        }
    }
    paths.sort();
    let read = |path: &PathBuf| {
        let source = path.strip_prefix(&root)?.display().to_string().replace('\\', "/");
        Ok(HostInput { source, bytes: fs::read(path)? })
    };
    paths.iter().filter(|path| path.is_file()).map(read).collect()
}

/// The folder of the fixtures.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures")
}

/// What a gate says of each fixture, in a format, one behind the other.
///
/// # Errors
///
/// Settings that make no gate, and calls that are none.
pub fn reports(
    settings: &str,
    format: &str,
    precompiled: Option<&'static [u8]>,
    fixtures: &[HostInput],
) -> Result<String, HostError> {
    let host = Host::new(&json!({ "settings": settings }).to_string(), precompiled)?;
    let call = json!({ "date": "2026-11-24", "format": format }).to_string();
    let report = |input: &HostInput| {
        Ok(format!("{}\n{}\n", input.source, host.check(std::slice::from_ref(input), &call)?))
    };
    fixtures.iter().map(report).collect()
}
