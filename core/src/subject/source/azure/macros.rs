//! Variables that Azure fills into scripts itself: `$(name)` before a task runs, `${{ variables.name }}` before the pipeline
//! does (<https://learn.microsoft.com/azure/devops/pipelines/process/variables>). Case does not count in them.

use std::collections::{BTreeMap, BTreeSet};

use super::super::super::part::Part;
use super::super::docker::variable;
use super::super::size;
use super::scope::in_scripts;

/// Variables by the names that scripts have for them, where these are not those of their environment.
pub(super) struct Aliases {
    known: BTreeMap<String, Vec<Part>>,
    names: BTreeSet<String>,
}

impl Aliases {
    pub(super) fn new(scripts: &[Part], env: &[Part]) -> Self {
        let mut known: BTreeMap<String, Vec<Part>> = BTreeMap::new();
        for own in env {
            if let (Some(name), Some(value)) = (own.text_of("name"), own.get("value")) {
                known.entry(name).or_default().push(value);
            }
        }
        let texts = scripts.iter().filter_map(Part::as_str);
        let names = texts.flat_map(|text| text.split("$(").skip(1)).filter_map(|behind| {
            let (name, behind) = name(behind)?;
            let meant = in_scripts(name);
            (behind.starts_with(')') && meant != name && known.contains_key(&meant)).then(|| name.to_owned())
        });
        Self { names: names.collect(), known }
    }

    /// The values of a name.
    fn values(&self, name: &str) -> &[Part] {
        self.known.get(&in_scripts(name)).map(Vec::as_slice).unwrap_or_default()
    }

    /// How many values they have: each name has all of what it means.
    pub(super) fn size(&self) -> usize {
        self.names.iter().map(|name| size(self.values(name)) + 2 * self.values(name).len()).sum()
    }

    pub(super) fn variables(&self) -> Vec<Part> {
        let all =
            |name: &String| self.values(name).iter().map(|value| variable(name, value.clone())).collect();
        self.names.iter().flat_map::<Vec<Part>, _>(all).collect()
    }
}

/// A script in which known variables that the pipeline fills in stand as those that a task does: `$(NAME)`.
pub(super) fn spelled(script: Part, known: &BTreeSet<String>) -> Part {
    let Some(text) = script.as_str().filter(|text| text.contains(OPENS)) else { return script };
    let (mut spelled, mut rest) = (String::new(), text);
    while let Some((before, from)) = rest.split_once(OPENS) {
        spelled.push_str(before);
        let own = reference(from).map(|(name, behind)| (in_scripts(name), behind));
        match own.filter(|(name, _)| known.contains(name)) {
            Some((name, behind)) => {
                spelled.extend(["$(", &name, ")"]);
                rest = behind;
            }
            None => {
                spelled.push_str(OPENS);
                rest = from;
            }
        }
    }
    spelled.push_str(rest);
    if spelled == text { script } else { Part::text(&spelled, &script.pointer) }
}

const OPENS: &str = "${{";

/// The variable that an expression names from its beginning, and what follows the expression.
fn reference(inner: &str) -> Option<(&str, &str)> {
    let inner = inner.trim_start_matches(' ').strip_prefix("variables")?;
    let (name, behind) = match inner.strip_prefix("['") {
        Some(inner) => {
            let (name, behind) = name(inner)?;
            (name, behind.strip_prefix("']")?)
        }
        None => name(inner.strip_prefix('.')?)?,
    };
    Some((name, behind.trim_start_matches(' ').strip_prefix("}}")?))
}

fn name(text: &str) -> Option<(&str, &str)> {
    let is_of_name = |one: char| one.is_ascii_alphanumeric() || matches!(one, '.' | '_' | '-');
    let end = text.find(|one| !is_of_name(one))?;
    text.split_at_checked(end).filter(|(name, _)| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{Aliases, Part, size, spelled, variable};

    #[test]
    fn known_variables_of_the_pipeline_are_spelled_as_in_scripts() {
        let known = ["OPTS", "A_B"].map(str::to_owned).into();
        for (text, wanted) in [
            ("docker run ${{ variables.opts }} x", "docker run $(OPTS) x"),
            ("${{variables.Opts}}${{ variables['a.b'] }}", "$(OPTS)$(A_B)"),
            ("$(opts) ${{ opts }} ${{ variables.other }}", "$(opts) ${{ opts }} ${{ variables.other }}"),
            ("${{ variables.opts ${{ variables['opts'} $", "${{ variables.opts ${{ variables['opts'} $"),
        ] {
            let part = spelled(Part::text(text, "/a"), &known);
            assert_eq!((part.as_str(), &*part.pointer), (Some(wanted), "/a"));
        }
    }

    #[test]
    fn variables_have_the_names_that_scripts_have_for_them() {
        let env = [variable("OPTS", Part::text("x", "/o")), variable("A_B", Part::text("y", "/a"))];
        let of = |text: &str| {
            let aliases = Aliases::new(&[Part::text(text, "/s")], &env);
            let env = aliases.variables();
            assert_eq!(aliases.size(), size(&env));
            let pairs = env.iter().map(|own| (own.text_of("name").unwrap(), own.text_of("value").unwrap()));
            pairs.collect::<Vec<_>>()
        };
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(of("docker run $(opts) $(a.b) $(opts)"), [pair("a.b", "y"), pair("opts", "x")]);
        assert_eq!(of("$(OPTS) $(docker ps) $opts $(none) $(opts"), []);
    }
}
