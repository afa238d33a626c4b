//! Jenkins' configuration as code (<https://github.com/jenkinsci/configuration-as-code-plugin>): the templates of the
//! controller's clouds, which inherit from each other.

use super::super::super::part::Part;
use super::super::Maker;
use super::template::PodTemplate;
use super::{Cloud, field};
use crate::report::Cause;

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
        let entry = maker.object.not_evaluated(&value.pointer, Cause::Reference, reason);
        maker.found.not_evaluated.push(entry);
        let text = value.as_str().unwrap_or_default();
        if &*key == "script"
            && ["containers", "kubernetes", "odTemplate"].iter().any(|word| text.contains(word))
        {
            super::pipeline_in(maker, &value, "the script that makes jobs");
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
    for own in templates {
        let family = Family { templates, defaults: defaults.as_deref() };
        let Some(template) = family.unwrapped(maker, own, MOST_PARENTS) else { return };
        let name = own.text_of("name").or_else(|| own.text_of("label")).unwrap_or_default();
        super::add(maker, template, name, &settings);
    }
}

/// Templates that inherit from each other.
const MOST_PARENTS: usize = 8;

struct Family<'f> {
    templates: &'f [Part],
    /// The template over which all others are.
    defaults: Option<&'f str>,
}

impl Family<'_> {
    /// A template over its parents. Nothing where there is no room for all of them.
    fn unwrapped(&self, maker: &mut Maker<'_>, own: &Part, levels: usize) -> Option<PodTemplate> {
        if !maker.affords(&own.pointer, 1, || own.size()) {
            return None;
        }
        let inherited = own.text_of("inheritFrom").unwrap_or_default();
        let named = |template: &Part, name: &str| template.text_of("name").as_deref() == Some(name);
        let defaults = self.defaults.filter(|name| levels == MOST_PARENTS && !named(own, name));
        let names: Vec<&str> = defaults.into_iter().chain(inherited.split_whitespace()).collect();
        let mut template = PodTemplate::read(maker, &own.clone().without(&["inheritFrom"]));
        let mut parents: Option<PodTemplate> = None;
        for name in names {
            let parent = self
                .templates
                .iter()
                .find(|template| named(template, name) && template.pointer != own.pointer);
            match parent.filter(|_| levels > 0) {
                Some(parent) => {
                    let parent = self.unwrapped(maker, parent, levels - 1)?;
                    parents = Some(match parents {
                        Some(before) => parent.over(&before),
                        None => parent,
                    });
                }
                None => {
                    let at = own.get("inheritFrom").unwrap_or_else(|| own.clone());
                    let reason =
                        format!("`inheritFrom` names `{name}`, which is not among the cloud's templates");
                    template.elsewhere(maker, &at, "inheritFrom", reason);
                }
            }
        }
        Some(match parents {
            Some(parents) => template.over(&parents),
            None => template,
        })
    }
}
