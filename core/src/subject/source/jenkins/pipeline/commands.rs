//! What runs in pods: steps of the shell, and what is set in their environment.

use std::collections::BTreeMap;

use super::super::super::super::part::Part;
use super::super::super::super::template::Template;
use super::super::field;
use super::{Pipeline, Scope, windows};

/// `environment { NAME = 'value' }`
pub(super) fn environment(block: &Part) -> Vec<Part> {
    block.entries().iter().filter_map(|(key, value)| export(key.strip_suffix(" =")?, value)).collect()
}

/// `withEnv(['NAME=value']) { … }`
pub(super) fn pairs(call: &Part) -> Vec<Part> {
    let list = call.get("0").unwrap_or_else(|| call.clone());
    let (items, _) = field::choices(list);
    let pair = |item: &Part| match item.as_str().and_then(|text| text.split_once('=')) {
        Some((name, value)) => export(name, &Part::text(value, &item.pointer)),
        // Which variables these are is not known.
        None => Some(Part::text("${...}", &item.pointer)),
    };
    items.iter().flat_map(Part::items).filter_map(|item| pair(&item)).collect()
}

/// `env.NAME = 'value'`, and what does the same by a call.
pub(super) fn of_env(path: &str, value: &Part) -> Option<Part> {
    if let Some(method) = path.strip_prefix("env.")
        && ["put", "putAt", "setProperty"].contains(&method)
    {
        let (name, value) = (value.get("0")?, value.get("1")?);
        // Which variable it is, or what it becomes, is not known.
        let open = || Some(Part::text("${...}", &value.pointer));
        return name.as_str().and_then(|name| export(name, &value)).or_else(open);
    }
    let name = path.strip_suffix(" =")?.strip_prefix("env")?;
    export(name.trim_matches(['.', '[', ']', '\'', '"']), value)
}

/// A variable as the script that sets it, at the place of its value.
pub(super) fn export(name: &str, value: &Part) -> Option<Part> {
    let text = value.as_str()?;
    let is_name = |one: char| one.is_ascii_alphanumeric() || one == '_';
    let is_own = !name.is_empty() && name.chars().all(is_name);
    let script = || format!("export {name}='{}'", text.replace('\'', ""));
    is_own.then(|| Part::text(&script(), &value.pointer))
}

impl Pipeline<'_, '_> {
    /// Sets what the environment has from some place on.
    pub(super) fn export(&mut self, from: usize, scope: &Scope) {
        let exports = self.exports.get(from..).unwrap_or_default();
        let Some(first) = exports.first() else { return };
        if self.maker.affords(&first.pointer, 1, || exports.len()) {
            let exports = exports.to_vec();
            for export in exports {
                self.runs(export, scope);
            }
        }
    }

    /// What runs in a block with variables of its own.
    pub(super) fn with_environment(&mut self, exports: Vec<Part>, block: &Part, scope: &Scope) {
        let before = self.exports.len();
        self.exports.extend(exports);
        let known = self.pods.len() + self.machines.len();
        if scope.place().is_some() {
            self.export(before, scope);
        }
        self.block(block, scope);
        // Pods and machines that began in there have it.
        if scope.place().is_none() && self.pods.len() + self.machines.len() == known {
            self.export(before, scope);
        }
        self.exports.truncate(before);
    }

    /// `sh 'text'` and `sh(script: 'text')`, and the same of another shell.
    pub(super) fn script(&mut self, shell: &str, value: &Part, scope: &Scope) {
        let script = value.get("script").or_else(|| value.get("0")).unwrap_or_else(|| value.clone());
        let (choices, _) = field::choices(script.clone());
        let (texts, others): (Vec<Part>, Vec<Part>) =
            choices.into_iter().partition(|choice| choice.as_str().is_some());
        // What is no text is worked out.
        if others.iter().any(|other| !other.is_null()) {
            self.runs(Part::text("${...}", &script.pointer), scope);
        }
        self.maker.created_by(&texts);
        texts.into_iter().for_each(|text| self.runs(windows::as_posix(shell, text), scope));
    }

    pub(super) fn runs(&mut self, script: Part, scope: &Scope) {
        if let Some(machine) = scope.machine.and_then(|index| self.machines.get_mut(index)) {
            return machine.scripts.push(script);
        }
        match scope.pod.and_then(|index| self.pods.get_mut(index)) {
            Some(pending) => pending.scripts.push((scope.container.clone(), script)),
            None if scope.is_nowhere => {}
            None => self.loose.push(script),
        }
    }

    /// What methods and closures run: where, whoever calls them says.
    pub(super) fn finish_loose(&mut self) {
        let scripts = std::mem::take(&mut self.loose);
        let is_run = !self.pods.is_empty() || !self.machines.is_empty();
        let Some(at) = scripts.first().map(|first| first.pointer.clone()).filter(|_| is_run) else {
            return;
        };
        let scripts = scripts.iter().map(in_lines).collect();
        let container =
            Part::map(&at).with("name", Part::text("steps", &at)).with("args", Part::list(&at, scripts));
        let spec = Part::map(&at).with("containers", Part::list(&at, vec![container]));
        self.add_pod(Template {
            object: self.entry_at(&at, String::new()),
            spec: Some(spec),
            partial: true,
            implied: vec!["steps that run where they are called".to_owned()],
            ..Template::default()
        });
    }
}

/// A script as a text that is none of one word.
pub(in super::super) fn in_lines(script: &Part) -> Part {
    Part::text(&format!("{}\n", script.as_str().unwrap_or_default()), &script.pointer)
}

/// The pod with scripts among the arguments of the containers that they run in: where there is none of that name, of
/// the agent's.
pub(super) fn with_scripts(spec: Part, scripts: &[(Option<String>, Part)], agent: &str) -> Part {
    let Some(list) = spec.get("containers").filter(|_| !scripts.is_empty()) else { return spec };
    let containers = list.items();
    let mut of: Vec<Vec<Part>> = vec![Vec::new(); containers.len()];
    let mut places = BTreeMap::new();
    for (at, one) in containers.iter().enumerate() {
        places.entry(one.text_of("name").unwrap_or_default()).or_insert(at);
    }
    for (container, script) in scripts {
        let at = container.as_ref().and_then(|name| places.get(name)).or_else(|| places.get(agent));
        if let Some(own) = at.and_then(|at| of.get_mut(*at)) {
            own.push(in_lines(script));
        }
    }
    let containers = containers.into_iter().zip(of).map(|(one, scripts)| one.and("args", scripts)).collect();
    let containers = Part::list(&list.pointer, containers);
    spec.with("containers", containers)
}
