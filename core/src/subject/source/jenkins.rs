//! Jenkins and its Kubernetes plugin (<https://github.com/jenkinsci/kubernetes-plugin>).
//!
//! A pod is put together of templates: one in the Jenkinsfile, those around it, and those of the controller that it
//! inherits from. A template ([`template`]) has fields of its own and the YAML of a pod; [`pod`] makes one pod of
//! both, as the plugin does. Jenkinsfiles ([`pipeline`]) say which template is used where, and what runs in it;
//! configuration as code ([`casc`]), the values of Jenkins' chart ([`values`]) and the controller's own file ([`xml`])
//! have the controller's.

mod casc;
mod cloud;
mod field;
mod merge;
mod pipeline;
mod pod;
mod template;
#[cfg(test)]
mod tests;
mod values;
mod volume;
mod xml;

use super::super::Subjects;
use super::super::object::Object;
use super::super::part::Part;
use super::super::template::Template;
use super::{Maker, make, texts};
use crate::document::{Format, Node};
use crate::report::ObjectEntry;
use template::PodTemplate;
pub(super) use values::is_values;

const PLATFORM: &str = "jenkins";

/// Takes Jenkinsfiles and other Groovy, configuration as code, alone and in a ConfigMap or Secret, the chart's values,
/// and XML.
pub(in crate::subject) fn read(object: &Object<'_>, found: &mut Subjects) -> bool {
    make(object, PLATFORM, found, |maker| {
        let whole = object.part();
        if object.document.format() == Format::Groovy && whole.pointer.is_empty() {
            pipeline::read(maker, &whole, false);
            return true;
        }
        if object.document.format() == Format::Xml && whole.pointer.is_empty() {
            xml::read(maker, &whole);
            return true;
        }
        match (object.group(), object.kind()) {
            ("", "") => casc::read(maker, &whole) || values::read(maker, &whole),
            ("", "ConfigMap" | "Secret") => in_map(maker),
            _ => false,
        }
    })
}

/// The pipeline that a text of some object is.
pub(super) fn pipeline_in(maker: &mut Maker<'_>, text: &Part, what: &str) {
    program_in(maker, text, what, false);
}

/// The program that a text of some object is; it may be told already that not all of it is read.
fn program_in(maker: &mut Maker<'_>, text: &Part, what: &str, is_told: bool) {
    let read = |node: &Node| maker.object.document.groovy_in(node, &text.pointer);
    match text.as_node().and_then(read) {
        Some(Ok(program)) => maker.of_platform(PLATFORM, |maker| {
            pipeline::read(maker, &Part::new(program.root(), text.pointer.clone()), is_told);
        }),
        Some(Err(error)) => maker.unread(text, &error, what),
        None => maker.refuse(&text.pointer, format!("{what}: expected a text")),
    }
}

/// Configuration as code in the texts of a ConfigMap or Secret.
fn in_map(maker: &mut Maker<'_>) -> bool {
    let mut is_own = false;
    for text in texts(maker.object) {
        let has =
            |words: [&str; 2]| text.as_str().is_some_and(|text| words.iter().all(|word| text.contains(word)));
        if !has(["jenkins:", "clouds:"]) && !has(["jobs:", "script:"]) {
            continue;
        }
        if let Some(Ok(part)) = maker.try_document(&text) {
            let is_read = casc::read(maker, &part);
            is_own |= is_read;
            if is_read {
                maker.take(&text);
            }
        }
    }
    is_own
}

/// What a cloud says of all its pods.
struct Cloud {
    namespace: String,
    /// Whether what is not said is what the Pod Security Standards ask for.
    restricted: bool,
}

/// Adds the pod of a template of a controller.
fn add(maker: &mut Maker<'_>, template: PodTemplate, name: String, cloud: &Cloud) {
    let Some(mut made) = pod::build(maker, &template) else { return };
    if cloud.restricted {
        made.spec = pod::restricted(made.spec);
        made.implied.push(
            "what `restricted` of the Pod Security Standards asks for, where nothing else is said".to_owned(),
        );
    }
    let mut notes = template.notes.clone();
    notes.append(&mut made.notes);
    let namespace = template.fields.text_of("namespace").filter(|own| !own.is_empty());
    let object = ObjectEntry {
        pointer: template.pointer.clone(),
        api_version: String::new(),
        kind: "JenkinsTemplate".to_owned(),
        name,
        namespace: namespace.unwrap_or_else(|| cloud.namespace.clone()),
        ..maker.object.entry.clone()
    };
    let pod = Template {
        object,
        platform: maker.platform,
        metadata: made.metadata,
        spec: Some(made.spec),
        partial: template.partial,
        notes,
        implied: made.implied,
        unresolved: template.unresolved,
        ..Template::default()
    };
    pod.add_to(maker.object.document, maker.found);
}
