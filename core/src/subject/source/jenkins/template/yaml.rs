//! The pods in YAML of a template: which texts these are, what is filled into them, and which of them count.

use super::super::super::super::part::Part;
use super::super::super::Maker;
use super::super::field;
use super::PodTemplate;

/// Names that are told of those that are worked out.
const MOST_TOLD: usize = 16;

impl PodTemplate {
    /// Reads the texts, and lists what stands in a file.
    pub(super) fn read_yaml(&mut self, maker: &mut Maker<'_>, own: &Part) {
        // What is read from a file replaces what is written here.
        if let Some(file) = field::filled(own.get("yamlFile")) {
            let name = file.as_str().unwrap_or("a file");
            let reason = format!("`yamlFile` names `{name}`: the pod in it is judged in its own file alone");
            self.elsewhere(maker, &file, "yamlFile", reason);
        }
        let one = own.get("yaml").into_iter().chain(own.items_of("yamls"));
        for yaml in one.filter(|yaml| yaml.as_str().is_none_or(|text| !text.trim().is_empty())) {
            let (choices, is_open) = field::choices(yaml.clone());
            let is_pod = |text: &Part| {
                text.as_str().is_some() && matches!(maker.try_document(text), Some(Ok(part)) if part.is_map())
            };
            let mut texts: Vec<Part> = choices.into_iter().filter(|text| is_open && is_pod(text)).collect();
            if texts.is_empty() {
                self.read_one_yaml(maker, &yaml);
                continue;
            }
            let reason = "`yaml` may be one of several texts: each was judged".to_owned();
            self.elsewhere(maker, &yaml, "yaml", reason);
            let first = texts.remove(0);
            self.read_one_yaml(maker, &first);
            for other in texts {
                self.read_one_yaml(maker, &other);
                let place = self.yamls.len().saturating_sub(1);
                self.others.extend(self.yamls.pop().map(|other| (place.saturating_sub(1), other)));
            }
        }
    }

    fn read_one_yaml(&mut self, maker: &mut Maker<'_>, yaml: &Part) {
        let open = field::is_open(yaml);
        let reason = format!("`yaml` is {}: the pod in it was not judged", self.when(maker));
        if yaml.as_str().is_none() || field::is_unknown(yaml) {
            self.unread.push(yaml.clone());
            return self.elsewhere(maker, yaml, "yaml", reason);
        }
        match maker.try_document(yaml) {
            Some(Ok(part)) if part.is_map() => {
                if open
                    && yaml.as_node().is_none_or(|node| maker.object.document.is_filled(node, &yaml.pointer))
                {
                    self.read_filled(maker, yaml, &part);
                }
                self.yamls.push(part);
            }
            Some(Err(error)) => {
                self.unknown(yaml);
                maker.unread_where(yaml, &error, "the pod in `yaml`", open);
            }
            Some(_) if open => self.elsewhere(maker, yaml, "yaml", reason),
            Some(Ok(_)) => {
                self.unknown(yaml);
                maker.refuse(&yaml.pointer, "the pod in `yaml` is no object".to_owned());
            }
            None => {}
        }
    }

    /// When what is open in it is filled in: by the pipeline that has it, or by the controller, whose template it is.
    fn when(&self, maker: &Maker<'_>) -> &'static str {
        let is_of_pipeline = maker.object.document.is_call(&self.pointer);
        if is_of_pipeline {
            "worked out when the pipeline runs"
        } else {
            "filled in when the controller reads its settings"
        }
    }

    /// Lists what is filled into a pod in YAML. A name that is worked out may be any; and what stands in a comment
    /// may end it.
    fn read_filled(&mut self, maker: &mut Maker<'_>, yaml: &Part, pod: &Part) {
        let times = |text: &str| text.matches("${").count();
        let (mut seen, mut named, mut parts) = (0, 0, vec![pod.clone()]);
        while let Some(part) = parts.pop() {
            let filled = part.as_str().map_or(0, times);
            if filled > 0 {
                self.unresolved.push(part.pointer.clone());
            }
            seen += filled;
            for (key, value) in part.entries() {
                if key.contains("${") {
                    seen += times(&key);
                    named += 1;
                    if named > MOST_TOLD {
                        self.unresolved.push(value.pointer.clone());
                    } else {
                        let when = self.when(maker);
                        let reason = format!("`{key}` in `yaml` is {when}: what it is was not judged");
                        self.elsewhere(maker, &value, "yaml", reason);
                    }
                }
                parts.push(value);
            }
            if !part.is_map() && !part.is_scalar() {
                parts.extend(part.items());
            }
        }
        if seen != yaml.as_str().map_or(0, times) {
            self.unresolved.push(yaml.pointer.clone());
        }
    }

    /// The pods in YAML that count: all of them where they are merged, else the last.
    pub(in super::super) fn counting_yamls(&self) -> &[Part] {
        let from = if self.merges == Some(true) { 0 } else { self.yamls.len().saturating_sub(1) };
        self.yamls.get(from..).unwrap_or_default()
    }

    /// How many templates it may be.
    pub(in super::super) fn count(&self) -> usize {
        1 + self.others.len() + usize::from(self.is_undecided)
    }

    /// The templates that it may be: with each of the texts of which one counts, and with all of them merged.
    pub(in super::super) fn variants(mut self) -> Vec<Self> {
        let mut all = Vec::new();
        for (place, other) in std::mem::take(&mut self.others) {
            let mut own = self.clone();
            if let Some(one) = own.yamls.get_mut(place) {
                *one = other;
            }
            all.push(own);
        }
        if self.is_undecided && self.yamls.len() > 1 {
            all.push(Self { merges: Some(self.merges != Some(true)), ..self.clone() });
        }
        all.insert(0, self);
        all
    }
}
