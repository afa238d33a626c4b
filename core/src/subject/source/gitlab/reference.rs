//! What a job takes over from elsewhere in the pipeline by `!reference`
//! (<https://docs.gitlab.com/ci/yaml/yaml_optimization/#reference-tags>).

use super::super::super::part::Part;
use super::super::Maker;
use super::extends::{Family, MOST_EXTENDED};

/// Whether there may be references in a text.
pub(super) fn are_in(text: &str) -> bool {
    text.contains(TAG)
}

/// References in what a reference stands for, as GitLab has it.
const MOST_LEVELS: usize = 10;

const TAG: &str = "!reference";

/// Bytes before a list in which its tag is looked for.
const BEFORE: usize = 256;

/// A job with all references in it resolved. Those to something that is not in the file are added to what is `open`,
/// and left out. Nothing where there is no room for all of it.
pub(super) fn resolved(
    maker: &mut Maker<'_>,
    job: Part,
    whole: &Part,
    family: &mut Family<'_>,
    open: &mut Vec<(Part, &'static str)>,
) -> Option<Part> {
    if !family.refers {
        return Some(job);
    }
    Resolver { maker, whole, family, open }.part(job, MOST_LEVELS)
}

struct Resolver<'r, 'm, 'p> {
    maker: &'r mut Maker<'m>,
    whole: &'r Part,
    family: &'r mut Family<'p>,
    open: &'r mut Vec<(Part, &'static str)>,
}

impl Resolver<'_, '_, '_> {
    // Recursion is bounded by the depth of the document, once for each level.
    fn part(&mut self, part: Part, levels: usize) -> Option<Part> {
        if part.is_scalar() {
            return Some(part);
        }
        if part.is_map() {
            let entries = part.entries().into_iter();
            let entries = entries.map(|(key, value)| Some((key, self.part(value, levels)?)));
            let entries = entries.collect::<Option<Vec<_>>>()?;
            return Some(part.with_all(entries));
        }
        let items: Vec<Part> = part.items().into_iter().map(Part::into_text).collect();
        let texts: Option<Vec<&str>> = items.iter().map(Part::as_str).collect();
        let tagged = self.is_tagged(&part);
        // One that an alias stands for has its tag elsewhere: then it counts where it leads to something.
        if let Some(way) = texts.filter(|texts| tagged && !texts.is_empty() || texts.len() > 1) {
            let found = self.target(&items, &way)?;
            match levels.checked_sub(1).zip(found) {
                Some((levels, found)) if self.maker.affords(&part.pointer, 1, || found.size()) => {
                    return self.part(found, levels);
                }
                Some(_) => return None,
                None if tagged => {
                    self.open.push((part.clone(), TAG));
                    return Some(Part::list(&part.pointer, Vec::new()));
                }
                None => {}
            }
        }
        let items =
            part.items().into_iter().map(|item| self.part(item, levels)).collect::<Option<Vec<Part>>>()?;
        Some(Part::list(&part.pointer, items))
    }

    /// What stands at the end of a way of keys that begins with a job or what is for all; nothing in it where there is
    /// nothing.
    fn target(&mut self, items: &[Part], way: &[&str]) -> Option<Option<Part>> {
        let Some((first, rest)) = way.split_first() else { return Some(None) };
        let Some(name) = items.first() else { return Some(None) };
        if self.whole.get(first).is_none() {
            return Some(None);
        }
        let job = self.family.template(self.maker, name, MOST_EXTENDED)?.map(|job| job.job.clone());
        let from = job.or_else(|| self.whole.get(first));
        let step = |part: Part, key: &&str| {
            part.get(key).or_else(|| {
                if part.is_map() { None } else { part.items().into_iter().nth(key.parse().ok()?) }
            })
        };
        Some(from.and_then(|from| rest.iter().try_fold(from, step)))
    }

    fn is_tagged(&self, part: &Part) -> bool {
        let document = self.maker.object.document;
        let before = document.byte_span(&part.pointer).and_then(|bytes| {
            let from = document.text().floor_char_boundary(bytes.start.saturating_sub(BEFORE));
            document.text().get(from..bytes.start)
        });
        let before = before.unwrap_or_default().trim_end();
        // An anchor may stand behind the tag.
        let anchored = before.rsplit_once(char::is_whitespace).filter(|(_, last)| last.starts_with('&'));
        let before = anchored.map_or(before, |(before, _)| before.trim_end());
        before.trim_end_matches('>').ends_with(TAG)
    }
}
