//! GitLab: pipelines, which whoever commits may write, and the settings of runners, which decide what the pods of all
//! jobs may do.

mod docker;
mod extends;
mod job;
mod kubernetes;
mod operator;
mod pipeline;
mod reference;
mod runner;
#[cfg(test)]
mod tests;
mod values;

use super::super::Subjects;
use super::super::object::Object;
use super::super::part::Part;
use super::named::{self, Place};
use super::{called, make, texts, yes};
use crate::document::Format;
pub(super) use values::is_values;

const PLATFORM: &str = "gitlab";

/// Takes the operator's runners, pipelines, settings of runners, values of the runner's chart, and ConfigMaps and Secrets with settings.
pub(in crate::subject) fn read(object: &Object<'_>, found: &mut Subjects) -> bool {
    let whole = object.part();
    let named = |kind: &str| called(object, kind, "", &object.entry.pointer);
    if object.group().is_empty() && matches!(object.kind(), "ConfigMap" | "Secret") {
        return in_map(object, found);
    }
    if object.group() == "apps.gitlab.com" && object.kind() == "Runner" {
        return make(object, PLATFORM, found, |maker| {
            operator::runner(maker, &whole);
            true
        });
    }
    if !object.kind().is_empty() {
        return false;
    }
    if pipeline::is_header(&whole) {
        make(&named("GitLabPipeline"), PLATFORM, found, |_| true)
    } else if let Some((values, others)) = values::of_chart(&whole) {
        make(&named("GitLabRunnerValues"), PLATFORM, found, |maker| {
            if values::is_installed(&whole, &values) {
                values::judge(maker, &values);
            }
            maker.beside(&others);
            true
        })
    } else if runner::is_config(&whole, object.document.format() == Format::Toml) {
        make(&named("GitLabRunnerConfig"), PLATFORM, found, |maker| {
            runner::runners(maker, &whole);
            true
        })
    } else if pipeline::is_pipeline(&whole, named::place(object) == Some(Place::GitLab)) {
        make(&named("GitLabPipeline"), PLATFORM, found, |maker| pipeline::jobs(maker, &whole))
    } else {
        false
    }
}

/// Settings of runners as texts of a ConfigMap or Secret, and the variable by which a runner registers itself as
/// privileged. Others are left to whom they belong.
fn in_map(object: &Object<'_>, found: &mut Subjects) -> bool {
    let told: Vec<Part> = texts(object).into_iter().filter(|text| runner::is_in(object, text)).collect();
    let privileged = texts(object).into_iter().find(|text| text.pointer.ends_with("/KUBERNETES_PRIVILEGED"));
    let privileged = privileged.filter(|text| text.as_str().is_some_and(runner::is_true));
    (!told.is_empty() || privileged.is_some())
        && make(object, PLATFORM, found, |maker| {
            for text in &told {
                maker.take(text);
                runner::in_text(maker, text);
            }
            if let Some(on) = &privileged {
                let settings = Part::map(&on.pointer).with("privileged", yes(&on.pointer));
                runner::of_kubernetes(maker, &settings, &runner::OfJobs::default());
            }
            true
        })
}
