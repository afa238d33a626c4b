//! Pods and parts of pods that stand in a program without being given to anything that is known: a text that a
//! method returns, containers in a list that is put together.

use std::collections::BTreeSet;

use super::super::super::super::part::Part;
use super::super::super::super::template::Template;
use super::super::pod;
use super::super::template::PodTemplate;
use super::{Pipeline, called};

impl Pipeline<'_, '_> {
    /// Judges what looks like a pod and was not judged yet, as parts of one.
    pub(super) fn strays(&mut self, root: &Part) {
        let mut found = Strays::default();
        let unread = std::mem::take(&mut self.unread);
        for part in &unread {
            self.release(part);
        }
        self.collect(root, &mut found);
        unread.iter().for_each(|part| self.collect(part, &mut found));
        for text in found.texts {
            self.text(&text);
        }
        if found.containers.is_empty() && found.volumes.is_empty() {
            return;
        }
        let first = found.containers.first().or_else(|| found.volumes.first());
        let at = first.map(|part| part.pointer.clone()).unwrap_or_default();
        let loose = Part::map(&at)
            .with("containers", Part::list(&at, found.containers))
            .with("volumes", Part::list(&at, found.volumes));
        let template = PodTemplate::read(self.maker, &loose);
        let Some(made) = pod::build(self.maker, &template) else { return };
        // Which of them belong together is not known, and neither is the agent.
        let containers = made.spec.items_of("containers").into_iter();
        let agent = template.agent();
        let own = containers.filter(|one| {
            one.text_of("name").as_deref() != Some(agent.as_str()) || one.get("image").is_some()
        });
        let containers = Part::list(&at, own.collect());
        self.add_pod(Template {
            object: self.entry_at(&at, String::new()),
            spec: Some(made.spec.with("containers", containers)),
            partial: true,
            implied: vec!["containers and volumes that may belong to different pods".to_owned()],
            ..Template::default()
        });
    }

    /// Forgets that what is in some part was read.
    fn release(&mut self, part: &Part) {
        if let Some(bytes) = bytes(part) {
            self.consumed.remove(&bytes);
        }
        let inner = if part.is_map() {
            part.entries().into_iter().map(|(_, value)| value).collect()
        } else if part.is_scalar() {
            Vec::new()
        } else {
            part.items()
        };
        inner.iter().for_each(|part| self.release(part));
    }

    fn is_consumed(&self, part: &Part) -> bool {
        bytes(part).is_some_and(|bytes| self.consumed.contains(&bytes))
    }

    // Recursion is bounded by the depth of the document.
    fn collect(&self, part: &Part, found: &mut Strays) {
        if self.is_consumed(part) {
            return;
        }
        if let Some(text) = part.as_str() {
            let is_pod = WORDS.iter().any(|word| text.contains(word));
            if is_pod && text.contains(['\n', '{']) && !found.has(part) {
                found.seen.extend(bytes(part));
                found.texts.push(part.clone());
            }
        } else if part.is_map() {
            for (key, value) in part.entries() {
                let name = called(&key).1;
                let of_pod = matches!(name, "containerTemplate" | "hostPathVolume") && value.is_map();
                if of_pod && !self.is_consumed(&value) && !found.has(&value) {
                    found.seen.extend(bytes(&value));
                    match name {
                        "containerTemplate" => found.containers.push(value.clone()),
                        _ => found.volumes.push(Part::map(&value.pointer).with(name, value.clone())),
                    }
                }
                self.collect(&value, found);
            }
        } else if !part.is_scalar() {
            part.items().iter().for_each(|item| self.collect(item, found));
        }
    }

    /// A text that is a pod, or the spec of one.
    fn text(&mut self, text: &Part) {
        let Some(Ok(yaml)) = self.maker.try_document(text) else { return };
        let is_other = yaml.text_of("kind").is_some_and(|kind| kind != "Pod");
        if is_other {
            return self.maker.read_all(text);
        }
        let Some(spec) = in_part(yaml.get("spec").unwrap_or_else(|| yaml.clone())) else { return };
        self.add_pod(Template {
            object: self.entry_at(&text.pointer, String::new()),
            metadata: yaml.get("metadata"),
            spec: Some(spec),
            partial: true,
            implied: vec!["a text that looks like a pod; what it is given to is not known".to_owned()],
            ..Template::default()
        });
    }
}

/// What the text of a pod, or of a part of one that decides over the node, has in it.
const WORDS: [&str; 6] = ["containers", "hostIPC", "hostNetwork", "hostP", "privileged", "securityContext"];

/// The spec that some part of a pod is in: a container, a volume, lists of them, a security context.
fn in_part(part: Part) -> Option<Part> {
    const OF_SPEC: [&str; 6] =
        ["containers", "hostIPC", "hostNetwork", "hostPID", "initContainers", "volumes"];
    let has = |part: &Part, keys: &[&str]| keys.iter().any(|key| part.get(key).is_some());
    let at = part.pointer.clone();
    if has(&part, &OF_SPEC) {
        return Some(part);
    }
    let items = if part.is_map() && has(&part, &["capabilities", "privileged"]) {
        vec![Part::map(&at).with("securityContext", part)]
    } else {
        part.items()
    };
    let is_one = |item: &Part| item.get("securityContext").or_else(|| item.get("hostPath"));
    if !items.iter().all(Part::is_map) || !items.iter().filter_map(is_one).any(|own| own.is_map()) {
        return None;
    }
    let (volumes, containers) = items.into_iter().partition(|item| item.get("hostPath").is_some());
    let spec = Part::map(&at).with("containers", Part::list(&at, containers));
    Some(spec.with("volumes", Part::list(&at, volumes)))
}

#[derive(Default)]
struct Strays {
    texts: Vec<Part>,
    containers: Vec<Part>,
    volumes: Vec<Part>,
    /// The bytes of all of them.
    seen: BTreeSet<(usize, usize)>,
}

impl Strays {
    /// Whether the same was found already, where another variable stands for it.
    fn has(&self, part: &Part) -> bool {
        bytes(part).is_some_and(|bytes| self.seen.contains(&bytes))
    }
}

/// Where a value stands.
fn bytes(part: &Part) -> Option<(usize, usize)> {
    part.as_node().map(|node| (node.bytes().start, node.bytes().end))
}
