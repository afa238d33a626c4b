//! Jenkins' configuration as code (<https://github.com/jenkinsci/configuration-as-code-plugin>): the templates of the
//! controller's clouds, which inherit from each other.

use super::super::super::part::Part;
use super::super::Maker;
use super::template::PodTemplate;
use super::{Cloud, field};

/// The clouds of a configuration; nothing where it is none.
pub(super) fn clouds(root: &Part) -> Option<Vec<Part>> {
    let jenkins = root.get("jenkins")?;
    let clouds = jenkins.get("clouds")?.items();
    Some(clouds.iter().filter_map(|cloud| cloud.get("kubernetes")).collect())
}

/// Judges the templates of a configuration. Says whether it is one.
pub(super) fn read(maker: &mut Maker<'_>, root: &Part) -> bool {
    let Some(clouds) = clouds(root) else { return false };
    for cloud in clouds {
        let templates = cloud.items_of("templates");
        self::templates(maker, &cloud, &templates);
    }
    true
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
