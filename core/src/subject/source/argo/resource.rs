//! What a template of a workflow creates or changes by `kubectl`: a manifest, a patch, or what its flags name.

use super::super::super::part::Part;
use super::super::super::template::Template;
use super::super::Maker;
use super::pod::WHEN_FILLED_IN;
use super::workflow::open_patch;
use crate::report::Cause;

/// Flags of `kubectl` that name files, folders and addresses with objects.
const OF_FILES: [&str; 4] = ["--filename", "--kustomize", "-f", "-k"];

/// Where objects have a pod's spec, as a patch of one may name it.
const PODS: [&[&str]; 3] =
    [&["spec", "template", "spec"], &["spec", "jobTemplate", "spec", "template", "spec"], &["spec"]];

impl Maker<'_> {
    pub(super) fn resource(&mut self, resource: &Part) {
        for file in files(resource) {
            self.refer_to(&file, "flags");
        }
        let Some(manifest) = resource.get("manifest") else { return };
        if manifest.as_str().is_some_and(|text| text.contains("{{")) {
            self.fills_in(&manifest, "{{", WHEN_FILLED_IN);
        }
        let is = |key: &str, wanted: &str| resource.text_of(key).as_deref() == Some(wanted);
        if is("action", "patch") && is("mergeStrategy", "json") {
            self.operations(&manifest);
        } else {
            let action = resource.text_of("action").unwrap_or_default();
            self.named_by(&action, |maker| maker.read_all(&manifest));
        }
    }

    /// Reads what is to be created, or what an operation names of something that there is: that may be without a pod.
    pub(super) fn named_by(&mut self, operation: &str, act: impl FnOnce(&mut Maker<'_>)) {
        if ["", "apply", "create", "replace", "submit", "update"].contains(&operation) {
            act(self);
        } else {
            self.quietly(&[Cause::NoPod], act);
        }
    }

    /// What a JSON Patch makes of an object that is elsewhere.
    fn operations(&mut self, manifest: &Part) {
        let Some(list) = self.document(manifest, "the patch of an object") else { return };
        let (made, told) = Part::map(&manifest.pointer).with_operations(&list);
        let mut notes: Vec<_> = told.iter().map(|(at, why)| open_patch(at, (*why).to_owned())).collect();
        notes.iter_mut().for_each(|note| note.field = "manifest".to_owned());
        let spec = PODS.iter().find_map(|way| made.find(way)).filter(Part::is_map);
        if spec.is_none() && notes.is_empty() {
            let reason = "a patch of an object that is elsewhere: nothing of a pod is in it".to_owned();
            self.tell(&manifest.pointer, reason);
            return;
        }
        self.add(Template {
            spec: Some(spec.unwrap_or_else(|| Part::map(&manifest.pointer))),
            partial: true,
            guess: true,
            unresolved: told.into_iter().map(|(at, _)| at).collect(),
            notes,
            implied: vec!["it is put over an object that is in the cluster".to_owned()],
            ..Template::default()
        });
    }
}

/// The files and addresses that the flags of a template name.
pub(super) fn files(resource: &Part) -> Vec<Part> {
    let mut all = Vec::new();
    let mut is_next = false;
    for flag in resource.items_of("flags") {
        let text = flag.as_str().unwrap_or_default();
        let short = OF_FILES.iter().filter(|name| name.len() == 2).find_map(|name| text.strip_prefix(name));
        let long = text.split_once('=').filter(|(name, _)| OF_FILES.contains(name)).map(|(_, value)| value);
        let value = if is_next { Some(text) } else { long.or_else(|| short.filter(|rest| !rest.is_empty())) };
        is_next = !is_next && OF_FILES.contains(&text);
        all.extend(value.map(|value| Part::text(value, &flag.pointer)));
    }
    all
}
