//! OpenShift's builds: pods of the builder's own, to which a strategy adds variables, volumes and the node's socket, and
//! pipelines that it has Jenkins run.

#[cfg(test)]
mod tests;

use super::super::Subjects;
use super::super::object::Object;
use super::super::part::Part;
use super::super::template::Template;
use super::{Maker, jenkins, make, reference, setting};

/// Takes Build and BuildConfig, and templates of any objects.
pub(in crate::subject) fn read(object: &Object<'_>, found: &mut Subjects) -> bool {
    if object.kind() == "Template" && matches!(object.group(), "" | "template.openshift.io") {
        return make(object, "openshift", found, |maker| {
            let objects = object.part().get("objects").map(|list| list.items());
            let is_template = objects.is_some();
            objects.into_iter().flatten().for_each(|inner| maker.read(inner));
            is_template
        });
    }
    let is_own = matches!(object.kind(), "Build" | "BuildConfig")
        && matches!(object.group(), "" | "build.openshift.io");
    is_own
        && make(object, "openshift", found, |maker| {
            let whole = object.part();
            let hook = whole.find(&["spec", "postCommit"]).map_or_else(Vec::new, |hook| {
                ["script", "command", "args"].iter().flat_map(|key| hook.items_of(key)).collect()
            });
            if let Some(strategy) = whole.find(&["spec", "strategy"]) {
                judge(maker, &strategy, &hook);
            }
            true
        })
}

/// Judges a strategy; `hook` is what runs in the image that the build has made.
fn judge(maker: &mut Maker<'_>, strategy: &Part, hook: &[Part]) {
    if let Some(custom) = strategy.get("customStrategy") {
        let image = custom.find(&["from", "name"]);
        build(maker, &custom, "custom-build", image, &[]);
    }
    for (key, name) in [("dockerStrategy", "docker-build"), ("sourceStrategy", "sti-build")] {
        if let Some(own) = strategy.get(key) {
            build(maker, &own, name, None, hook);
        }
    }
    if let Some(pipeline) = strategy.get("jenkinsPipelineStrategy") {
        if let Some(env) = pipeline.get("env") {
            variables(maker, env);
        }
        if let Some(text) = pipeline.get("jenkinsfile") {
            return jenkins::pipeline_in(maker, &text, "the pipeline of the build");
        }
        let file = pipeline.get("jenkinsfilePath").unwrap_or_else(|| pipeline.clone());
        let name = Part::map(&file.pointer).with("name", Part::text("Jenkinsfile", &file.pointer));
        maker.refer(&name, "jenkinsPipelineStrategy");
    }
}

/// What the steps of a pipeline are given, wherever they run.
fn variables(maker: &mut Maker<'_>, env: Part) {
    let at = env.pointer.clone();
    let container = Part::map(&at).with("name", Part::text("jenkins-pipeline", &at)).with("env", env);
    maker.add(Template {
        spec: Some(Part::map(&at).with("containers", Part::list(&at, vec![container]))),
        partial: true,
        implied: vec!["the steps of the pipeline that Jenkins runs have it".to_owned()],
        ..Template::default()
    });
}

fn build(maker: &mut Maker<'_>, strategy: &Part, name: &str, image: Option<Part>, args: &[Part]) {
    let (mut volumes, mut mounts, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    if let Some(on) = strategy.get("exposeDockerSocket").filter(|on| on.as_bool() != Some(false)) {
        let at = &on.pointer;
        let path = Part::text("/var/run/docker.sock", at);
        let text = |text: &str| Part::text(text, at);
        let host = Part::map(at).with("path", path.clone());
        volumes.push(Part::map(at).with("name", text("docker-socket")).with("hostPath", host));
        mounts.push(Part::map(at).with("name", text("docker-socket")).with("mountPath", path));
        notes.push(setting("openshift-docker-socket", "exposeDockerSocket", at, Vec::new()));
    }
    for volume in strategy.items_of("volumes") {
        let source = volume.get("source").unwrap_or_else(|| Part::map(&volume.pointer));
        let own = source.without(&["type"]).with("name", volume.get("name"));
        for mount in volume.items_of("mounts") {
            let mount = Part::map(&mount.pointer)
                .with("name", volume.get("name"))
                .with("mountPath", mount.get("destinationPath"));
            mounts.push(mount);
        }
        volumes.push(own);
    }
    if let Some(from) = strategy
        .get("from")
        .filter(|from| image.is_none() && from.text_of("kind").as_deref() != Some("DockerImage"))
    {
        notes.push(reference(&from, "from"));
    }
    let at = &strategy.pointer;
    let list = |items: Vec<Part>| (!items.is_empty()).then(|| Part::list(at, items));
    let container = Part::map(at)
        .with("name", Part::text(name, at))
        .with("image", image)
        .and("args", args.to_vec())
        .with("env", strategy.get("env"))
        .with("volumeMounts", list(mounts));
    maker.add(Template {
        spec: Some(
            Part::map(at).with("volumes", list(volumes)).with("containers", Part::list(at, vec![container])),
        ),
        partial: true,
        notes,
        implied: vec![
            "the pod of the build is OpenShift's own and privileged; its author chooses what runs in it"
                .to_owned(),
        ],
        ..Template::default()
    });
}
