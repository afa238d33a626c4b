//! A new policy's folder, from templates that pass their own tests.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;

use crate::paths;

/// `<file ending>`, and the template.
const TEMPLATES: [(&str, &str); 3] = [
    (".rego", include_str!("../templates/policy.rego")),
    ("_test.rego", include_str!("../templates/policy_test.rego")),
    (".md", include_str!("../templates/policy.md")),
];

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The policy's place, as in `runtime/host_socket`
    place: Place,
    /// Its id in the catalogue, as in `CI123`
    #[arg(long)]
    id: Id,
    #[arg(long)]
    severity: Severity,
    /// What it finds, as a statement: `Pod mounts the runtime's socket`
    #[arg(long)]
    title: Title,
}

#[derive(Clone, Copy, ValueEnum)]
enum Severity {
    Critical,
    High,
    Medium,
    Low,
    Info,
}

/// `<group>/<name>`, both in snake case.
#[derive(Clone)]
struct Place {
    group: String,
    name: String,
}

impl std::str::FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (group, name) = text.split_once('/').ok_or("expected `<group>/<name>`")?;
        for part in [group, name] {
            let snake = part.starts_with(|first: char| first.is_ascii_lowercase())
                && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
                && !part.contains("__")
                && !part.ends_with('_');
            if !snake {
                return Err(format!("`{part}` is not in snake case, as `host_socket` is"));
            }
        }
        if group == "lib" {
            return Err("`lib` is for what policies share".to_owned());
        }
        if name.ends_with("_test") {
            return Err("a name that ends in `_test` is for tests".to_owned());
        }
        Ok(Self { group: group.to_owned(), name: name.to_owned() })
    }
}

/// Two or three capital letters and three digits.
#[derive(Clone)]
struct Id(String);

impl std::str::FromStr for Id {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.trim_start_matches(|c: char| c.is_ascii_uppercase());
        let letters = text.len() - digits.len();
        if (2..=3).contains(&letters) && digits.len() == 3 && digits.chars().all(|c| c.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err("expected capital letters and three digits, as in `CI123`".to_owned())
        }
    }
}

/// One line that can stand in YAML and Markdown as it is.
#[derive(Clone)]
struct Title(String);

impl std::str::FromStr for Title {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let plain = text.starts_with(|first: char| first.is_alphanumeric())
            && !text.contains(|c: char| c.is_control())
            && !text.contains(": ")
            && !text.contains(" #")
            && !text.ends_with([':', '.', ' ']);
        if plain {
            Ok(Self(text.to_owned()))
        } else {
            Err("expected one plain line without a final period".to_owned())
        }
    }
}

/// Writes the policy, its tests and its page, unless any of the three is there.
pub(crate) fn create(args: &Args) -> Result<()> {
    let policies = paths::root().join("policies");
    if let Some(other) = holder(&policies, &args.id.0)? {
        anyhow::bail!("{} is the id of `{other}` already", args.id.0);
    }
    let relative = format!("policies/{}/{}", args.place.group, args.place.name);
    let folder = paths::root().join(&relative);
    ensure!(!folder.exists(), "`{relative}` exists already");
    fs::create_dir_all(&folder).with_context(|| format!("cannot create `{relative}`"))?;
    for (ending, template) in TEMPLATES {
        let name = format!("{}{ending}", args.place.name);
        fs::write(folder.join(&name), fill(template, args))
            .with_context(|| format!("cannot write `{relative}/{name}`"))?;
        println!("{relative}/{name}");
    }
    Ok(())
}

fn fill(template: &str, args: &Args) -> String {
    let severity = args.severity.to_possible_value();
    let severity = severity.as_ref().map(|value| value.get_name()).unwrap_or_default();
    [
        ("{{group}}", args.place.group.as_str()),
        ("{{name}}", &args.place.name),
        ("{{shown}}", &args.place.name.replace('_', "-")),
        ("{{id}}", &args.id.0),
        ("{{severity}}", severity),
        ("{{title}}", &args.title.0),
        ("{{version}}", env!("CARGO_PKG_VERSION")),
    ]
    .iter()
    .fold(template.to_owned(), |text, (place, value)| text.replace(place, value))
}

/// The file whose METADATA has the id, if one has.
fn holder(folder: &Path, id: &str) -> Result<Option<String>> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read `{}`", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            if let Some(found) = holder(&path, id)? {
                return Ok(Some(found));
            }
        } else if path.extension().is_some_and(|end| end == "rego") {
            let text =
                fs::read_to_string(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
            let is_it = |line: &str| {
                line.trim_start_matches(['#', ' ']).strip_prefix("id:").map(str::trim) == Some(id)
            };
            if text.lines().any(is_it) {
                let short = path.strip_prefix(paths::root()).unwrap_or(&path);
                return Ok(Some(short.display().to_string()));
            }
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_a_group_and_a_name_in_snake_case() {
        for good in ["runtime/host_socket", "a/b2"] {
            assert!(good.parse::<Place>().is_ok(), "{good}");
        }
        for bad in [
            "socket", "a/b/c", "A/b", "a/b-c", "a/", "/b", "a/_b", "a/b_", "a/b__c", "../b", "lib/pod",
            "a/b_test",
        ] {
            assert!(bad.parse::<Place>().is_err(), "{bad}");
        }
    }

    #[test]
    fn ids_are_letters_and_three_digits() {
        assert!("CI123".parse::<Id>().is_ok());
        for bad in ["", "ci123", "CI12", "CI1234", "C123", "123", "CI12a", "CI１23"] {
            assert!(bad.parse::<Id>().is_err(), "{bad}");
        }
    }

    #[test]
    fn titles_are_one_plain_line() {
        assert!("Pod mounts the runtime's socket".parse::<Title>().is_ok());
        for bad in ["", "Ends.", "two\nlines", "key: value", "a # comment", "- item"] {
            assert!(bad.parse::<Title>().is_err(), "{bad}");
        }
    }

    #[test]
    fn templates_are_filled_whole() {
        let args = Args {
            place: Place { group: "runtime".into(), name: "host_socket".into() },
            id: Id("CI999".into()),
            severity: Severity::High,
            title: Title("Pod mounts a socket".into()),
        };
        for (ending, template) in TEMPLATES {
            let text = fill(template, &args);
            assert!(!text.contains("{{"), "{ending}");
            assert!(text.contains("host-socket") || text.contains("host_socket"), "{ending}");
        }
    }
}
