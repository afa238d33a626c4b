//! Packages of Debian: those of the machine's own release, and single ones from another suite of its mirror, by a
//! private apt configuration that leaves the machine's lists and packages as they are.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use super::node;
use crate::run::{command, output, run};

/// Suites with newer versions than the machine's own, the nearest first.
const SUITES: [&str; 3] = ["trixie-backports", "testing", "unstable"];
const KEYRINGS: [&str; 2] =
    ["/usr/share/keyrings/debian-archive-keyring.gpg", "/usr/share/keyrings/debian-archive-keyring.pgp"];

/// Installs a package of the machine's own release for a program, unless it is there. Where apt cannot, it says what
/// follows.
pub(crate) fn install(package: &str, program: &str, otherwise: &str) -> Result<()> {
    if node::has(program) {
        eprintln!("{package} is there");
        return Ok(());
    }
    if !is_here() {
        eprintln!("`{program}` is missing: {otherwise}");
        return Ok(());
    }
    run(&mut command("apt-get", ["update", "-qq"]))?;
    run(command("apt-get", ["install", "--yes", "-qq", "--no-install-recommends", package])
        .env("DEBIAN_FRONTEND", "noninteractive"))
}

/// Whether this machine takes its packages from Debian.
pub(crate) fn is_here() -> bool {
    mirror().is_ok()
}

/// Downloads the newest package whose version starts so into a folder; its hash is the one in Debian's
/// signed index.
pub(crate) fn download(package: &str, version: &str, folder: &Path) -> Result<PathBuf> {
    let mirror = mirror()?;
    for suite in SUITES {
        let apt = Apt::new(&folder.join("apt").join(suite), &mirror, suite)?;
        run(&mut apt.command("apt-get", ["update", "-qq"]))
            .with_context(|| format!("cannot read what is in {suite}"))?;
        let listed = output(&mut apt.command("apt-cache", ["madison", package]))?;
        if let Some(found) = newest(&listed, version) {
            return apt.download(package, found, folder);
        }
        eprintln!("{suite} has no {package} {version}");
    }
    bail!("no suite of Debian has {package} {version}")
}

struct Apt {
    options: Vec<String>,
}

impl Apt {
    fn new(folder: &Path, mirror: &str, suite: &str) -> Result<Self> {
        let keyring = KEYRINGS
            .into_iter()
            .find(|keyring| Path::new(keyring).is_file())
            .context("Debian's keyring is missing: install `debian-archive-keyring`")?;
        for part in ["lists/partial", "cache/archives/partial"] {
            let part = folder.join(part);
            fs::create_dir_all(&part).with_context(|| format!("cannot create `{}`", part.display()))?;
        }
        let sources = folder.join("sources.list");
        fs::write(&sources, format!("deb [signed-by={keyring}] {mirror} {suite} main\n"))
            .with_context(|| format!("cannot write `{}`", sources.display()))?;
        let options = [
            format!("Dir::Etc::SourceList={}", sources.display()),
            "Dir::Etc::SourceParts=/dev/null".to_owned(),
            format!("Dir::State::Lists={}", folder.join("lists").display()),
            format!("Dir::Cache={}", folder.join("cache").display()),
            "Acquire::Languages=none".to_owned(),
            // The cache is in a home folder, which apt's own user cannot enter.
            "APT::Sandbox::User=root".to_owned(),
        ];
        Ok(Self { options: options.into_iter().flat_map(|option| ["-o".to_owned(), option]).collect() })
    }

    fn command<const N: usize>(&self, program: &str, args: [&str; N]) -> Command {
        let mut command = command(program, &self.options);
        command.args(args);
        command
    }

    fn download(&self, package: &str, version: &str, folder: &Path) -> Result<PathBuf> {
        let exact = format!("{package}={version}");
        run(self.command("apt-get", ["download", "-qq", &exact]).current_dir(folder))?;
        let entry = output(&mut self.command("apt-cache", ["show", &exact]))?;
        let promised = entry.lines().find_map(|line| line.strip_prefix("SHA256: "));
        let file = fs::read_dir(folder)?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .find(|path| path.extension().is_some_and(|end| end == "deb"))
            .with_context(|| format!("apt-get downloaded no file for {exact}"))?;
        let sum = output(command("sha256sum", ["--binary"]).arg(&file))?;
        ensure!(
            promised.is_some() && sum.split_whitespace().next() == promised,
            "`{}` does not have the hash that Debian's index promises",
            file.display()
        );
        Ok(file)
    }
}

/// The mirror from which the machine takes its own release.
fn mirror() -> Result<String> {
    let release = fs::read_to_string("/etc/os-release").context("this is not Debian")?;
    let codename = release
        .lines()
        .find_map(|line| line.strip_prefix("VERSION_CODENAME="))
        .context("this is not Debian: `/etc/os-release` names no release")?
        .trim_matches('"');
    let mut files = vec![PathBuf::from("/etc/apt/sources.list")];
    if let Ok(entries) = fs::read_dir("/etc/apt/sources.list.d") {
        files.extend(entries.filter_map(|entry| Some(entry.ok()?.path())));
    }
    files.sort();
    let of_file = |file: &PathBuf| {
        let text = fs::read_to_string(file).ok()?;
        match file.extension()?.to_str()? {
            "sources" => in_stanzas(&text, codename),
            "list" => in_lines(&text, codename),
            _ => None,
        }
    };
    files.iter().find_map(of_file).with_context(|| format!("apt's sources name no mirror for {codename}"))
}

/// Finds the mirror of a release in the newer form of sources: stanzas of `Key: value`.
fn in_stanzas(text: &str, codename: &str) -> Option<String> {
    text.split("\n\n").find_map(|stanza| {
        let words = |key: &str| -> Vec<&str> {
            let value = stanza.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
            value.unwrap_or_default().split_whitespace().collect()
        };
        let fits = words("Types").contains(&"deb")
            && words("Suites").contains(&codename)
            && words("Components").contains(&"main");
        fits.then(|| words("URIs").first().map(|uri| (*uri).to_owned()))?
    })
}

/// Finds the mirror of a release in the older form of sources: lines of `deb [options] uri suite main`.
fn in_lines(text: &str, codename: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let rest = line.trim().strip_prefix("deb ")?.trim_start();
        let rest = if rest.starts_with('[') { rest.split_once(']')?.1 } else { rest };
        let mut words = rest.split_whitespace();
        let uri = words.next()?;
        (words.next()? == codename && words.any(|component| component == "main")).then(|| uri.to_owned())
    })
}

/// The first version that starts so in the table of `apt-cache madison`, which begins with the newest.
fn newest<'a>(table: &'a str, version: &str) -> Option<&'a str> {
    table
        .lines()
        .filter_map(|line| line.split('|').nth(1))
        .map(str::trim)
        .find(|found| found.starts_with(version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mirror_is_the_one_of_the_release_and_not_of_its_security_updates() {
        let text = "Types: deb\nURIs: http://updates.test/debian-security\nSuites: bookworm-security\nComponents: main\n\n\
                    Types: deb\n# a note\nURIs: http://mirror.test/debian\nSuites: bookworm bookworm-updates\nComponents: main contrib\n";
        assert_eq!(in_stanzas(text, "bookworm").as_deref(), Some("http://mirror.test/debian"));
        assert_eq!(in_stanzas(text, "trixie"), None);
    }

    #[test]
    fn lines_may_have_options_and_may_be_switched_off() {
        let text = "# deb http://off.test/debian trixie main\ndeb-src http://src.test/debian trixie main\n\
                    deb [arch=amd64 signed-by=/k.gpg] http://mirror.test/debian trixie contrib main\n";
        assert_eq!(in_lines(text, "trixie").as_deref(), Some("http://mirror.test/debian"));
        assert_eq!(in_lines(text, "bookworm"), None);
    }

    #[test]
    fn only_the_exact_release_is_taken() {
        let table = "  rust-src | 1.95.0+dfsg1-2~bpo13+1 | mirror trixie-backports/main amd64 Packages\n  rust-src | 1.94.1+dfsg1-1 | mirror\n";
        assert_eq!(newest(table, "1.95.0+"), Some("1.95.0+dfsg1-2~bpo13+1"));
        assert_eq!(newest(table, "1.9+"), None);
    }
}
