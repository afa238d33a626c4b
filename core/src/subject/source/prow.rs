//! Prow: jobs that hold whole pods or runs of Tekton's pipelines, and presets that are put over those with their labels
//! (<https://docs.prow.k8s.io/docs/jobs/>).

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use super::super::Subjects;
use super::super::object::Object;
use super::super::part::Part;
use super::super::template::Template;
use super::{Maker, called, labels_and_annotations, make, tekton, texts};

const PLATFORM: &str = "prow";

/// The keys of a file of jobs.
const LISTS: [&str; 3] = ["periodics", "postsubmits", "presubmits"];

/// The label of the preset of Kubernetes' own Prow that starts a Docker daemon in the job's container.
const DIND: &str = "preset-dind-enabled";

/// Takes files of jobs and presets, ConfigMaps that hold some, and ProwJobs.
pub(in crate::subject) fn read(object: &Object<'_>, found: &mut Subjects) -> bool {
    let whole = object.part();
    if object.group() == "prow.k8s.io" {
        return make(object, PLATFORM, found, |maker| {
            let spec = whole.get("spec").unwrap_or_else(|| Part::map(&whole.pointer));
            let metadata = labels_and_annotations(whole.get("metadata"));
            runs(maker, &spec, metadata.as_ref());
            let Some(pod) = spec.get("pod_spec") else { return true };
            add(maker, pod, metadata, &[]);
            true
        });
    }
    if object.group().is_empty() && object.kind() == "ConfigMap" {
        let is_told = |text: &Part| {
            text.as_str().is_some_and(|text| LISTS.iter().chain([&"presets"]).any(|list| text.contains(list)))
        };
        let texts: Vec<Part> = texts(object).into_iter().filter(is_told).collect();
        return !texts.is_empty()
            && make(object, PLATFORM, found, |maker| {
                let mut files = Vec::new();
                for text in &texts {
                    if let Some(file) = maker.try_document(text).and_then(Result::ok).filter(is_own) {
                        maker.take(text);
                        files.push(file);
                    }
                }
                read_files(maker, &files);
                !files.is_empty()
            });
    }
    let is_file = object.kind().is_empty() && is_own(&whole);
    is_file
        && make(&called(object, "ProwJobs", "", &object.entry.pointer), PLATFORM, found, |maker| {
            read_files(maker, &[whole]);
            true
        })
}

/// Judges the jobs of some files with the presets of all of them.
fn read_files(maker: &mut Maker<'_>, files: &[Part]) {
    let presets: Vec<Part> = files.iter().flat_map(|file| file.items_of("presets")).collect();
    for preset in &presets {
        alone(maker, preset);
    }
    let presets = Presets::of(&presets);
    for list in files.iter().flat_map(|file| LISTS.iter().filter_map(|key| file.get(key))) {
        jobs(maker, list, &presets);
    }
}

fn is_own(whole: &Part) -> bool {
    let lists = LISTS.iter().filter_map(|key| whole.get(key));
    let mut jobs = lists.flat_map(of_list);
    let is_job = |job: &Part| {
        let signs =
            ["agent", "always_run", "cron", "decorate", "interval", "run_if_changed", "spec", "labels"];
        job.text_of("name").is_some() && signs.iter().any(|sign| job.get(sign).is_some())
    };
    jobs.any(|job| is_job(&job))
        || whole.items_of("presets").iter().any(|one| one.get("labels").is_some_and(|own| own.is_map()))
}

/// The jobs of a list, or of lists by their repositories.
fn of_list(list: Part) -> Vec<Part> {
    if list.is_map() {
        list.entries().into_iter().flat_map(|(_, own)| own.items()).collect()
    } else {
        list.items()
    }
}

/// Presets by the first of their labels.
struct Presets<'p>(BTreeMap<Option<Label>, Vec<&'p Part>>);

/// A key and a value.
type Label = (String, String);

impl<'p> Presets<'p> {
    fn of(presets: &'p [Part]) -> Self {
        let mut all: BTreeMap<_, Vec<&Part>> = BTreeMap::new();
        for preset in presets {
            all.entry(labels(preset).into_iter().next()).or_default().push(preset);
        }
        Self(all)
    }

    /// Those that may be for a job, of which some may ask for more labels.
    fn near(&self, job: &BTreeSet<Label>) -> Vec<&'p Part> {
        let first = std::iter::once(None).chain(job.iter().cloned().map(Some));
        first.filter_map(|label| self.0.get(&label)).flatten().copied().collect()
    }
}

/// The labels of a job or preset.
fn labels(of: &Part) -> Vec<Label> {
    let all = of.get("labels").map(|labels| labels.entries()).unwrap_or_default();
    let label = |(key, value): (std::sync::Arc<str>, Part)| {
        (key.to_string(), value.into_text().as_str().unwrap_or_default().to_owned())
    };
    all.into_iter().map(label).collect()
}

fn jobs(maker: &mut Maker<'_>, list: Part, presets: &Presets<'_>) {
    let mut pending = of_list(list);
    pending.reverse();
    while let Some(job) = pending.pop() {
        // What runs when it has succeeded is a job, too.
        pending.extend(job.items_of("run_after_success").into_iter().rev());
        let name = job.text_of("name").unwrap_or_default();
        let metadata = labels_and_annotations(Some(job.clone()));
        maker.inside("ProwJob", &name, &job, |maker| runs(maker, &job, metadata.as_ref()));
        let Some(spec) = job.get("spec") else { continue };
        let has = labels(&job).into_iter().collect();
        let near = presets.near(&has);
        let size = super::size(near.iter().copied()).saturating_mul(spec.items_of("containers").len().max(1));
        if !maker.affords(&job.pointer, 1, || size) {
            return;
        }
        let fits = |preset: &&&Part| labels(preset).iter().all(|label| has.contains(label));
        let own: Vec<Part> = near.iter().filter(fits).map(|preset| (*preset).clone()).collect();
        maker.inside("ProwJob", &name, &job, |maker| add(maker, spec, metadata, &own));
    }
}

/// The runs of Tekton's pipelines that a job has: as their spec, and below the version of it.
fn runs(maker: &mut Maker<'_>, job: &Part, metadata: Option<&Part>) {
    let versioned = job.get("tekton_pipeline_run_spec").map(|own| {
        let runs: Vec<Part> = own.entries().into_iter().map(|(_, run)| run).collect();
        if runs.is_empty() { vec![own] } else { runs }
    });
    for run in job.get("pipeline_run_spec").into_iter().chain(versioned.unwrap_or_default()) {
        tekton::run_in(maker, &run, metadata.cloned());
    }
}

/// A preset without the jobs that it is put over.
fn alone(maker: &mut Maker<'_>, preset: &Part) {
    let volumes = preset.get("volumes");
    let env = preset.get("env");
    let container = Part::map(&preset.pointer)
        .with("name", Part::text("preset", &preset.pointer))
        .with("env", env)
        .with("volumeMounts", preset.get("volumeMounts"));
    let spec = Part::map(&preset.pointer)
        .with("volumes", volumes)
        .with("containers", Part::list(&preset.pointer, vec![container]));
    let name = preset.get("labels").map(|labels| labels.entries()).unwrap_or_default();
    let name = name.first().map(|(key, _)| key.to_string()).unwrap_or_default();
    maker.inside("ProwPreset", &name, preset, |maker| {
        maker.add(Template {
            spec: Some(spec),
            partial: true,
            implied: vec!["it is put over every job with its labels".to_owned()],
            ..Template::default()
        });
    });
}

/// Adds the pod of a job with its presets.
fn add(maker: &mut Maker<'_>, spec: Part, metadata: Option<Part>, presets: &[Part]) {
    let labels = metadata.as_ref().and_then(|metadata| metadata.get("labels"));
    let labels = labels.map(|labels| labels.entries()).unwrap_or_default();
    let known: BTreeSet<String> = presets.iter().flat_map(self::labels).map(|(key, _)| key).collect();
    let far: Vec<&(std::sync::Arc<str>, Part)> =
        labels.iter().filter(|(key, _)| key.starts_with("preset-") && !known.contains(&**key)).collect();
    let mut implied: Vec<String> = Vec::new();
    let mut env: Vec<Part> = presets.iter().flat_map(|preset| preset.items_of("env")).collect();
    let daemon = far.iter().find(|(key, value)| **key == *DIND && value.as_str() == Some("true"));
    if let Some((_, at)) = daemon {
        implied.push(
            "DOCKER_IN_DOCKER_ENABLED: true, by which the job's image starts a Docker daemon".to_owned(),
        );
        let variable =
            Part::map(&at.pointer).with("name", Part::text("DOCKER_IN_DOCKER_ENABLED", &at.pointer));
        env.push(variable.with("value", Part::text("true", &at.pointer)));
    }
    let mounts: Vec<Part> = presets.iter().flat_map(|preset| preset.items_of("volumeMounts")).collect();
    let volumes: Vec<Part> = presets.iter().flat_map(|preset| preset.items_of("volumes")).collect();
    let containers = spec.get("containers").map(|list| {
        let one = |one: Part| one.and("env", env.clone()).and("volumeMounts", mounts.clone());
        Part::list(&list.pointer, list.items().into_iter().map(one).collect())
    });
    let unresolved =
        far.iter().filter(|(key, _)| **key != *DIND).map(|(_, value)| value.pointer.clone()).collect();
    maker.add(Template {
        metadata,
        spec: Some(spec.with("containers", containers).and("volumes", volumes)),
        implied,
        unresolved,
        ..Template::default()
    });
}
