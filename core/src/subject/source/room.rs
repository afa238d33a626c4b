//! What may be judged of the parts of a document that are written once and are in many pods.

use super::super::part::Part;
use super::super::template::Template;
use super::Maker;
use crate::report::Cause;

/// Values that the pods of one document may have from parts that are written once and are in each of many pods: to judge
/// them takes some seconds. A pipeline of 500 jobs that share 100 variables has less than half as many.
pub(super) const MOST_MADE: usize = 500_000;

/// Bytes of a script that take as long to judge as one value.
const BYTES: usize = 8;

/// Bytes of a script that is known by its text.
const LONG: usize = 256;

impl Maker<'_> {
    /// Whether there is room for so many copies of so many values in pods. Where there is none, that is told once.
    pub(super) fn affords(&mut self, pointer: &str, copies: usize, size: impl FnOnce() -> usize) -> bool {
        if self.found.made > MOST_MADE {
            return false;
        }
        let size = size();
        self.found.made = self.found.made.saturating_add(copies.saturating_mul(size));
        if self.found.made > MOST_MADE {
            let reason = format!(
                "what is written once and is in many pods gives more than {MOST_MADE} values: from here on no pod was judged"
            );
            self.found.not_evaluated.push(self.object.not_evaluated(pointer, Cause::Limit, reason));
        }
        self.found.made <= MOST_MADE
    }

    /// A pod with a patch over it. Nothing where there is no room for what the patch repeats.
    pub(super) fn patched(&mut self, spec: Part, patch: Part) -> Option<Part> {
        let repeated = patch.repeated();
        let fits = repeated == 0 || self.affords(&patch.pointer, repeated, || spec.size() + patch.size());
        fits.then(|| spec.patched(patch))
    }

    /// How many values there is room for.
    pub(super) fn room(&self) -> usize {
        MOST_MADE.saturating_sub(self.found.made)
    }

    /// Whether there is no room left: what would be made is not judged.
    pub(super) fn is_full(&self) -> bool {
        self.found.made > MOST_MADE
    }

    /// Whether there is room for the scripts of a pod that others had before it.
    pub(super) fn affords_scripts(&mut self, pod: &Template) -> bool {
        let Some(spec) = &pod.spec else { return true };
        let containers = ["initContainers", "containers"].into_iter().flat_map(|list| spec.items_of(list));
        let scripts = containers.flat_map(|one| ["command", "args"].map(|list| one.items_of(list))).flatten();
        let known = &mut self.found.scripts;
        let again = scripts.filter_map(|script| {
            let text = script.as_str()?;
            // By an alias a text is in several places.
            let name = if text.len() < LONG { script.pointer.as_str() } else { text };
            (!known.insert(name.to_owned())).then_some(text.len() / BYTES)
        });
        let again = again.sum();
        again == 0 || self.affords(&spec.pointer, 1, || again)
    }
}
