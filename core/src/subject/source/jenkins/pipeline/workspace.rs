//! The workspace of an agent, in what Docker is told. What runs there has it whether or not Docker mounts it, as
//! `inside` does: it is the agent's own folder, and no other place of the node.

use super::super::super::super::part::Part;
use super::super::field;
use super::called;

/// Variables that Jenkins and the step `pwd` give a value. A call of `pwd` is written as its variable.
const NAMES: [&str; 2] = ["WORKSPACE", "pwd"];

/// Which of these are the workspace in a whole program: whatever else it may make of one, wherever, counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Workspace {
    named: bool,
    current: bool,
}

impl Workspace {
    pub(super) fn of(root: &Part) -> Self {
        let mut own = Self { named: true, current: true };
        own.read(root);
        own
    }

    // Recursion is bounded by the depth of the document.
    fn read(&mut self, part: &Part) {
        if !self.named && !self.current {
            return;
        }
        if let Some(text) = part.as_str() {
            NAMES.into_iter().filter(|name| is_set_by(text, name)).for_each(|name| self.without(name));
        }
        for (key, value) in part.entries() {
            self.entry(&key, &value);
            self.read(&value);
        }
        if !part.is_map() && !part.is_scalar() {
            part.items().iter().for_each(|item| self.read(item));
        }
    }

    fn entry(&mut self, key: &str, value: &Part) {
        let (path, name) = called(key);
        let sets = path.starts_with("def ") || path.ends_with(" =");
        let is_word =
            |one: &&str| path.split(|own: char| !own.is_alphanumeric() && own != '_').any(|own| own == *one);
        NAMES.into_iter().filter(|_| sets).filter(is_word).for_each(|name| self.without(name));
        let moves = match name {
            "customWorkspace" | "ws" => true,
            // What is set is not known.
            "withEnv" => {
                field::choices(value.get("0").unwrap_or_else(|| value.clone())).0.iter().any(is_open_list)
            }
            "put" | "putAt" | "setProperty" => {
                path.starts_with("env.") && value.get("0").is_none_or(|name| is_open(&name))
            }
            _ => is_open_target(path),
        };
        if moves {
            NAMES.into_iter().for_each(|name| self.without(name));
        } else if name == "dir" {
            let path = value.get("path").or_else(|| value.get("0")).unwrap_or_else(|| value.clone());
            self.current &=
                path.as_str().is_some_and(|path| is_below(path) && !path.starts_with(['/', '\\']));
        }
    }

    fn without(&mut self, name: &str) {
        match name {
            "pwd" => self.current = false,
            _ => self.named = false,
        }
    }

    /// Options of Docker's, with a path of the workspace as one that begins with `.`, where it is the source of a
    /// volume and leads nowhere else.
    pub(super) fn within(self, options: &Part) -> Part {
        let text = options.as_str().filter(|text| NAMES.iter().any(|name| text.contains(name)));
        text.map_or_else(|| options.clone(), |text| Part::text(&self.shortened(text), &options.pointer))
    }

    fn shortened(self, text: &str) -> String {
        let mut all = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, from)) = rest.find('$').and_then(|at| rest.split_at_checked(at)) {
            all.push_str(before);
            let begins =
                all.is_empty() || all.ends_with("-v") || all.ends_with([' ', '\t', '\n', '"', '\'', '=']);
            let below = self.below(from).filter(|_| begins);
            all.push(if below.is_some() { '.' } else { '$' });
            rest = below.or_else(|| from.get(1..)).unwrap_or_default();
        }
        all.push_str(rest);
        all
    }

    /// What stands behind the workspace, if a text begins with it and the path ends in it.
    fn below(self, text: &str) -> Option<&str> {
        let named = ["${WORKSPACE}", "${env.WORKSPACE}", "$WORKSPACE"].map(|own| (own, self.named));
        let known = named.into_iter().chain([("${pwd}", self.current)]).filter(|(_, is_known)| *is_known);
        let below = known.filter_map(|(own, _)| text.strip_prefix(own)).next()?;
        let (path, behind) = below.split_at_checked(below.find([':', ',', '$', '`', ' ', '\n'])?)?;
        let is_path = path.is_empty() || path.starts_with('/');
        (is_path && is_below(path) && behind.starts_with([':', ','])).then_some(below)
    }
}

/// Whether a text sets a variable, as those of `withEnv` do, or is the name of one.
fn is_set_by(text: &str, name: &str) -> bool {
    text.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['=', '+']))
}

/// Whether a path does not lead upwards or to a drive of Windows, and is known.
fn is_below(path: &str) -> bool {
    !path.contains("..") && !path.contains(['$', '`', '\\', ':'])
}

/// Whether a variable of the environment is set, of which the name is worked out.
fn is_open_target(path: &str) -> bool {
    let target = path.strip_suffix(" =").and_then(|path| path.strip_prefix("env"));
    let Some(target) = target.filter(|own| own.starts_with(['.', '['])) else { return false };
    let own = target.trim_matches(['.', '[', ']', ' ']);
    let name = own.trim_matches(['\'', '"']);
    let is_plain = name.chars().all(|one| one.is_ascii_alphanumeric() || one == '_');
    !is_plain || target.starts_with('[') && own == name
}

/// Whether the name of a variable, which may have its value behind it, is worked out in full or in part.
fn is_open(part: &Part) -> bool {
    part.as_str().is_none_or(|text| text.split('=').next().is_some_and(|name| name.contains('$')))
}

/// Whether something in a list of variables is not known.
fn is_open_list(list: &Part) -> bool {
    if list.is_scalar() { is_open(list) } else { list.is_map() || list.items().iter().any(is_open) }
}
