//! GitLab: pipelines, which whoever commits may write, and the settings of runners, which decide what the pods of all
//! jobs may do.

mod job;
mod kubernetes;
mod pipeline;
mod runner;
#[cfg(test)]
mod tests;
mod values;

use super::super::Subjects;
use super::super::object::Object;
use super::super::part::Part;
use super::{called, make};

const PLATFORM: &str = "gitlab";

/// Takes pipelines, settings of runners, values of the runner's chart, and ConfigMaps and Secrets with settings.
pub(in crate::subject) fn read(object: &Object<'_>, found: &mut Subjects) -> bool {
    let whole = object.part();
    let named = |kind: &str| called(object, kind, "", &object.entry.pointer);
    if object.group().is_empty() && matches!(object.kind(), "ConfigMap" | "Secret") {
        return in_map(object, &whole, found);
    }
    if !object.kind().is_empty() {
        return false;
    }
    if pipeline::is_header(&whole) {
        make(&named("GitLabPipeline"), PLATFORM, found, |_| true)
    } else if let Some(values) = values::of_chart(&whole) {
        make(&named("GitLabRunnerValues"), PLATFORM, found, |maker| {
            values::judge(maker, &values);
            true
        })
    } else if runner::is_config(&whole) {
        make(&named("GitLabRunnerConfig"), PLATFORM, found, |maker| {
            runner::runners(maker, &whole);
            true
        })
    } else if pipeline::is_pipeline(&whole, object.document.source()) {
        make(&named("GitLabPipeline"), PLATFORM, found, |maker| pipeline::jobs(maker, &whole))
    } else {
        false
    }
}

/// Settings of runners as texts of a ConfigMap or Secret. Others are left to whom they belong.
fn in_map(object: &Object<'_>, whole: &Part, found: &mut Subjects) -> bool {
    let maps = ["data", "stringData"].iter().filter_map(|key| whole.get(key));
    let texts = maps.flat_map(|map| map.entries()).map(|(_, text)| text);
    let told: Vec<Part> = texts.filter(|text| text.as_str().is_some_and(runner::is_told)).collect();
    !told.is_empty()
        && make(object, PLATFORM, found, |maker| {
            told.iter().for_each(|text| runner::in_text(maker, text));
            true
        })
}
