//! Runners of GitLab's operator, which patch the pod of their manager and its Deployment.

use super::super::super::part::Part;
use super::super::super::template::Template;
use super::super::{Maker, labels_and_annotations};
use super::kubernetes::patched;

/// Judges a runner: what is put over its manager, and the names of the settings of the others.
pub(super) fn runner(maker: &mut Maker<'_>, whole: &Part) {
    let Some(spec) = whole.get("spec") else { return };
    for (key, other) in ["config", "env"].into_iter().filter_map(|key| Some((key, spec.get(key)?))) {
        let name = Part::map(&other.pointer).with("name", other.clone());
        maker.refer(&name, key);
    }
    if let Some(patches) = spec.get("podSpec") {
        manager(maker, &patches, own(&patches.pointer), |made| (None, Some(made)));
    }
    if let Some(patches) = spec.get("deploymentSpec") {
        let map = || Part::map(&patches.pointer);
        let template = map().with("metadata", map()).with("spec", own(&patches.pointer));
        let base = map().with("template", template);
        let template = |made: Part| {
            let template = made.get("template").unwrap_or(made);
            (labels_and_annotations(template.get("metadata")), template.get("spec"))
        };
        manager(maker, &patches, base, template);
    }
}

/// What patches of the manager's pod are put over: nothing is known of it but that it has a container.
fn own(at: &str) -> Part {
    Part::map(at).with("containers", Part::list(at, vec![Part::map(at)]))
}

/// The pod of the manager, as far as patches say it; `pod` takes its metadata and spec out of what they are put over.
fn manager(
    maker: &mut Maker<'_>,
    patches: &Part,
    base: Part,
    pod: impl FnOnce(Part) -> (Option<Part>, Option<Part>),
) {
    let patch = |one: Part| {
        let (path, kind) = (one.get("patchFile"), one.get("patchType"));
        one.with("patch_path", path).with("patch_type", kind)
    };
    let list = Part::list(&patches.pointer, patches.items().into_iter().map(patch).collect());
    let mut notes = Vec::new();
    let settings = Part::map(&patches.pointer).with("pod_spec", list);
    let (metadata, spec) = pod(patched(maker, &settings, base, &mut notes));
    let spec = spec.unwrap_or_else(|| Part::map(&patches.pointer));
    let containers = spec.get("containers").map(|list| {
        let said = |one: &Part| !one.is_map() || !one.entries().is_empty();
        Part::list(&list.pointer, list.items().into_iter().filter(said).collect())
    });
    maker.add(Template {
        metadata,
        spec: Some(spec.with("containers", containers)),
        partial: true,
        notes,
        implied: vec!["it is put over the pod of the manager, which makes the pods of jobs".to_owned()],
        ..Template::default()
    });
}
