//! Jenkins' configuration as code (<https://github.com/jenkinsci/configuration-as-code-plugin>): the templates of the
//! controller's clouds, which inherit from each other.

use std::collections::{BTreeMap, BTreeSet};

use super::super::super::part::Part;
use super::super::Maker;
use super::template::PodTemplate;
use super::{Cloud, cloud, field};

/// The clouds of a configuration; nothing where it is none.
pub(super) fn clouds(root: &Part) -> Option<Vec<Part>> {
    let jenkins = root.get("jenkins")?;
    let clouds = jenkins.get("clouds")?.items();
    Some(clouds.iter().filter_map(|cloud| cloud.get("kubernetes")).collect())
}

/// Judges the templates of a configuration, and its jobs. Says whether it is one.
pub(super) fn read(maker: &mut Maker<'_>, root: &Part) -> bool {
    let (clouds, jobs) = (clouds(root), jobs(root));
    if clouds.is_none() && jobs.is_empty() {
        return false;
    }
    for cloud in clouds.unwrap_or_default() {
        let templates = cloud.items_of("templates");
        self::templates(maker, &cloud, &templates);
    }
    for (kind, cloud) in
        root.find(&["jenkins", "clouds"]).iter().flat_map(Part::items).flat_map(|cloud| cloud.entries())
    {
        match &*kind {
            "kubernetes" => {}
            "docker" => cloud::docker(maker, &cloud),
            _ => {
                let reason = format!(
                    "agents of the cloud `{kind}` are no pods, or another plugin's: they were not judged"
                );
                maker.tell(&cloud.pointer, reason);
            }
        }
    }
    for job in jobs {
        self::job(maker, &job);
    }
    true
}

/// How the plugin of jobs is told where their scripts are.
const JOBS: [&str; 3] = ["file", "script", "url"];

/// The scripts that make jobs; none where these are jobs of something else.
fn jobs(root: &Part) -> Vec<Part> {
    let is_own = |job: &Part| {
        let entries = job.entries();
        matches!(entries.as_slice(), [(key, value)] if JOBS.contains(&&**key) && value.as_str().is_some())
    };
    let jobs = root.get("jobs").filter(|jobs| !jobs.is_map()).map(|jobs| jobs.items()).unwrap_or_default();
    if jobs.iter().all(is_own) { jobs } else { Vec::new() }
}

/// A script that makes jobs. The pipelines of these are texts in it, or stand elsewhere.
fn job(maker: &mut Maker<'_>, job: &Part) {
    for (key, value) in job.entries() {
        let reason =
            format!("`{key}` makes jobs when it runs: give their pipelines as files to have them judged");
        maker.tell(&value.pointer, reason);
        let text = value.as_str().unwrap_or_default();
        if &*key == "script"
            && ["containers", "kubernetes", "odTemplate"].iter().any(|word| text.contains(word))
        {
            super::program_in(maker, &value, "the script that makes jobs", true);
        }
    }
}

/// Judges the templates of a cloud, each over those that it inherits from.
pub(super) fn templates(maker: &mut Maker<'_>, cloud: &Part, templates: &[Part]) {
    let settings = Cloud {
        namespace: cloud.text_of("namespace").unwrap_or_default(),
        restricted: cloud.get("restrictedPssSecurityContext").and_then(|own| field::truth(own).as_bool())
            == Some(true),
    };
    let defaults = cloud.text_of("defaultsProviderTemplate").filter(|name| !name.is_empty());
    let mut family = Family::of(templates, defaults.as_deref());
    for own in templates {
        let Some(template) = family.over_parents(maker, own, MOST_PARENTS) else { return };
        let name = own.text_of("name").or_else(|| own.text_of("label")).unwrap_or_default();
        super::add(maker, template, name, &settings);
    }
}

/// Templates that inherit from each other.
const MOST_PARENTS: usize = 8;

/// Names that are told of those that are not known.
const MOST_TOLD: usize = 5;

struct Family<'f> {
    /// By their names, of which one may be given twice.
    templates: BTreeMap<String, Vec<&'f Part>>,
    /// The template over which all others are.
    defaults: Option<&'f str>,
    /// Those that others inherit from, by their pointers: each is put over its own parents once. Nothing as long as
    /// that is being done.
    parents: BTreeMap<&'f str, Option<PodTemplate>>,
}

impl<'f> Family<'f> {
    fn of(templates: &'f [Part], defaults: Option<&'f str>) -> Self {
        let mut named: BTreeMap<String, Vec<&Part>> = BTreeMap::new();
        for template in templates {
            if let Some(name) = template.text_of("name") {
                named.entry(name).or_default().push(template);
            }
        }
        Self { templates: named, defaults, parents: BTreeMap::new() }
    }

    /// A template over its parents. Nothing where there is no room for all of them.
    fn over_parents(&mut self, maker: &mut Maker<'_>, own: &Part, levels: usize) -> Option<PodTemplate> {
        if !maker.affords(&own.pointer, 1, || own.size()) {
            return None;
        }
        let inherited = own.text_of("inheritFrom").unwrap_or_default();
        let own_name = own.text_of("name").unwrap_or_default();
        let defaults = self.defaults.filter(|name| levels == MOST_PARENTS && *name != own_name);
        let mut template = PodTemplate::read(maker, &own.clone().without(&["inheritFrom"]));
        let mut parents: Option<PodTemplate> = None;
        let mut missing = Vec::new();
        for name in each_once(defaults.into_iter().chain(inherited.split_whitespace())) {
            let Some(parent) = self.parent(maker, name, own, levels)? else {
                missing.push(name);
                continue;
            };
            let size = parent.size() + parents.as_ref().map_or(0, PodTemplate::size);
            if !maker.affords(&own.pointer, 1, || size) {
                return None;
            }
            parents = Some(match parents {
                Some(before) => parent.clone().over(before),
                None => parent.clone(),
            });
        }
        if !missing.is_empty() {
            let at = own.get("inheritFrom").unwrap_or_else(|| own.clone());
            template.elsewhere(maker, &at, "inheritFrom", not_among(&missing));
        }
        Some(match parents {
            Some(parents) => template.over(parents),
            None => template,
        })
    }

    /// A template from which another one inherits; `None` in it is one that is not known, inherits from itself, or is
    /// too far away.
    fn parent(
        &mut self,
        maker: &mut Maker<'_>,
        name: &str,
        own: &Part,
        levels: usize,
    ) -> Option<Option<&PodTemplate>> {
        let mut named = self.templates.get(name).into_iter().flatten().copied();
        let found = named.find(|template| template.pointer != own.pointer);
        let (Some(parent), Some(levels)) = (found, levels.checked_sub(1)) else { return Some(None) };
        let place = parent.pointer.as_str();
        if !self.parents.contains_key(place) {
            self.parents.insert(place, None);
            let done = self.over_parents(maker, parent, levels)?;
            self.parents.insert(place, Some(done));
        }
        Some(self.parents.get(place).and_then(Option::as_ref))
    }
}

/// Names without those that come again: the last one of a name counts.
fn each_once<'n>(names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let all: Vec<&str> = names.collect();
    let mut taken = BTreeSet::new();
    let mut once: Vec<&str> = all.into_iter().rev().filter(|name| taken.insert(*name)).collect();
    once.reverse();
    once
}

/// Why templates from which one inherits are not known.
fn not_among(missing: &[&str]) -> String {
    let told: Vec<String> = missing.iter().take(MOST_TOLD).map(|name| format!("`{name}`")).collect();
    let more = match missing.len() - told.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let are = if missing.len() == 1 { "is" } else { "are" };
    format!("`inheritFrom` names {}{more}, which {are} not among the cloud's templates", told.join(", "))
}
