//! Jenkins and its Kubernetes plugin (<https://github.com/jenkinsci/kubernetes-plugin>).
//!
//! A pod is put together of templates: one in the Jenkinsfile, those around it, and those of the controller that it
//! inherits from. A template ([`template`]) has fields of its own and the YAML of a pod; [`pod`] makes one pod of
//! both, as the plugin does. Jenkinsfiles ([`pipeline`]) say which template is used where, and what runs in it.

mod field;
mod merge;
mod pipeline;
mod pod;
mod template;
#[cfg(test)]
mod tests;
mod volume;

use super::super::Subjects;
use super::super::object::Object;
use super::make;
use crate::document::Format;

/// Takes Jenkinsfiles and other Groovy.
pub(in crate::subject) fn read(object: &Object<'_>, found: &mut Subjects) -> bool {
    make(object, "jenkins", found, |maker| {
        let is_whole = object.entry.pointer.is_empty();
        if object.document.format() == Format::Groovy && is_whole {
            pipeline::read(maker, &object.part());
            return true;
        }
        false
    })
}
