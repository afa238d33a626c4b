//! Renderers: a [`Report`] in the words of a terminal, a code scanner or a CI system.
//!
//! Each format is one module with one `write` function of the report. None reads a file, asks the time or
//! decides anything: what a report says is the same in all of them, and so is what failed or was not judged.

pub mod github;
pub mod gitlab;
pub mod json;
pub mod junit;
pub mod policy_report;
pub mod sarif;
pub mod text;

mod escape;
mod excerpt;
mod place;

use std::sync::Arc;

pub(crate) use place::subject;

#[cfg(doc)]
use crate::report::Report;

/// Gives the text of a source by its name, for excerpts; `None` where it can no longer be had.
pub type Sources<'a> = &'a dyn Fn(&str) -> Option<Arc<str>>;
