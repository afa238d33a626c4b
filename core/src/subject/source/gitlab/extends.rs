//! Jobs over those that they extend (<https://docs.gitlab.com/ci/yaml/#extends>).

use std::collections::{BTreeMap, BTreeSet};
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
    /// Those that another one extends.
    used: BTreeSet<&'p str>,
    /// Whether there may be references to something in one of them.
    pub(super) refers: bool,
}

/// A job over those that it extends.
#[derive(Clone)]
pub(super) struct Extended {
    pub(super) job: Part,
    /// What it extends, at whatever level, that is not in the file.
    pub(super) unknown: Vec<Part>,
}

impl<'p> Family<'p> {
    pub(super) fn of(entries: &'p [(Arc<str>, Part)], refers: bool) -> Self {
        let jobs = entries.iter().filter(|(_, part)| part.is_map()).map(|(name, part)| (&**name, part));
        Self { jobs: jobs.collect(), extended: BTreeMap::new(), used: BTreeSet::new(), refers }
    }

    /// Whether a job that was asked for extends this one.
    pub(super) fn is_extended(&self, name: &str) -> bool {
        self.used.contains(name)
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
            let Some((known, _)) = name.as_str().and_then(|text| self.jobs.get_key_value(text)) else {
                unknown.push(name);
                continue;
            };
            self.used.insert(known);
            let Some(other) = self.template(maker, &name, levels)? else { continue };
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

    /// A job of the file that another one names; one that extends itself, or is too far away, is told and not in it.
    pub(super) fn template(
        &mut self,
        maker: &mut Maker<'_>,
        name: &Part,
        levels: usize,
    ) -> Option<Option<&Extended>> {
        let job = name.as_str().and_then(|name| self.jobs.get_key_value(name));
        let Some((key, part)) = job.map(|(key, part)| (*key, *part)) else { return Some(None) };
        let below = levels.checked_sub(1);
        if let Some(levels) = below
            && !self.extended.contains_key(key)
        {
            self.extended.insert(key, None);
            let done = self.over_extended(maker, part, levels)?;
            self.extended.insert(key, Some(done));
        }
        let found = self.extended.get(key).and_then(Option::as_ref).filter(|_| below.is_some());
        if found.is_none() {
            let reason = format!(
                "`extends` leads back to the job, or through more than {MOST_EXTENDED} jobs: GitLab refuses that, and `{key}` was left out"
            );
            maker.refuse(&name.pointer, reason);
        }
        Some(found)
    }
}
