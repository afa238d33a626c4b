//! Jobs over those that they extend (<https://docs.gitlab.com/ci/yaml/#extends>).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::super::part::Part;
use super::super::Maker;

/// Jobs that a job may extend one after another, as GitLab has it.
pub(super) const MOST_EXTENDED: usize = 11;

/// The jobs of a pipeline, and those of them that others extend.
pub(super) struct Family<'p> {
    jobs: BTreeMap<&'p str, &'p Part>,
    /// Each is put over what it extends once; nothing as long as that is being done.
    extended: BTreeMap<&'p str, Option<Extended>>,
}

/// A job over those that it extends.
#[derive(Clone)]
pub(super) struct Extended {
    pub(super) job: Part,
    /// What it extends, at whatever level, that is not in the file or cannot be followed.
    pub(super) unknown: Vec<Part>,
}

impl<'p> Family<'p> {
    pub(super) fn of(entries: &'p [(Arc<str>, Part)]) -> Self {
        let jobs = entries.iter().filter(|(_, part)| part.is_map()).map(|(name, part)| (&**name, part));
        Self { jobs: jobs.collect(), extended: BTreeMap::new() }
    }

    /// Whether a job that was asked for extends this one.
    pub(super) fn is_extended(&self, name: &str) -> bool {
        self.extended.contains_key(name)
    }

    /// A job over those that it extends; the later of several win, and its own keys last. Nothing where there is no
    /// room for all of it.
    pub(super) fn over_extended(
        &mut self,
        maker: &mut Maker<'_>,
        job: &Part,
        levels: usize,
    ) -> Option<Extended> {
        let mut base: Option<Part> = None;
        let mut unknown: Vec<Part> = Vec::new();
        for name in job.items_of("extends") {
            let Some(text) = name.as_str() else { continue };
            let Some(other) = self.template(maker, text, levels)? else {
                unknown.push(name);
                continue;
            };
            let so_far = base.as_ref().map_or(0, Part::size) + job.size();
            let size = so_far + other.job.size() + unknown.len() + other.unknown.len();
            if !maker.affords(&job.pointer, 1, || size) {
                return None;
            }
            let Extended { job: other, unknown: more } = other.clone();
            unknown.extend(more);
            base = Some(match base {
                Some(base) => base.patched(other),
                None => other,
            });
        }
        // Two ways may lead to the same.
        unknown.sort_by(|one, other| one.pointer.cmp(&other.pointer));
        unknown.dedup_by(|one, other| one.pointer == other.pointer);
        let job = match base {
            Some(base) => base.placed(&job.pointer).patched(job.clone()),
            None => job.clone(),
        };
        Some(Extended { job, unknown })
    }

    /// A job that another one extends; `None` in it is one that is not known, extends itself, or is too far away.
    fn template(&mut self, maker: &mut Maker<'_>, name: &str, levels: usize) -> Option<Option<&Extended>> {
        let Some((name, part)) = self.jobs.get_key_value(name).map(|(name, part)| (*name, *part)) else {
            return Some(None);
        };
        let Some(levels) = levels.checked_sub(1) else { return Some(None) };
        if !self.extended.contains_key(name) {
            self.extended.insert(name, None);
            let done = self.over_extended(maker, part, levels)?;
            self.extended.insert(name, Some(done));
        }
        Some(self.extended.get(name).and_then(Option::as_ref))
    }
}
