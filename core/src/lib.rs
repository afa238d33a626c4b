//! Stops CI pods from taking over the node they run on: judges Kubernetes pods by policies in Rego.
//!
//! ```
//! use k8s_openapi::api::core::v1::{Container, Pod, PodSpec, SecurityContext};
//! use podgate::Gate;
//!
//! # fn main() -> Result<(), podgate::GateError> {
//! let gate = Gate::new()?;
//! let context = SecurityContext { privileged: Some(true), ..Default::default() };
//! let dind = Container { name: "dind".into(), security_context: Some(context), ..Default::default() };
//! let spec = PodSpec { containers: vec![dind], ..Default::default() };
//! let report = gate.check(&Pod { spec: Some(spec), ..Default::default() });
//! assert!(report.summary.denied);
//! # Ok(())
//! # }
//! ```
//!
//! The crate does no I/O, reads no clock but to bound the policies that its user brings, and builds for
//! `wasm32-unknown-unknown`. Features, all on by default:
//!
//! - `latest` chooses the newest Kubernetes that `k8s-openapi` has; a program that chooses a version itself turns it
//!   off.
//! - `compiler` reads and compiles Rego. Without it, a gate judges by built-in policies that were compiled when the
//!   program was built ([`GateBuilder::precompiled`]), and what needs Rego is an error or not there.
//!
//! Read from here, the modules are the life of a document: text → document → subject (a typed pod) → policies →
//! finding → report.

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod readme {}

// Text becomes documents, with the place of every value.
pub mod position;

pub mod document;

// Documents become subjects: typed pods, and what could not be typed.
mod typed;

pub mod subject;

// Policies and settings make a gate, which judges subjects.
pub mod policy;

mod engine;

pub mod settings;

pub mod gate;

// Settings also come from what other gates were told.
#[cfg(feature = "compiler")]
pub mod import;

// What it finds is a report, and looks as its reader needs it.
pub mod report;

pub mod fold;

pub mod render;

// Clusters ask in protocols of their own.
mod alone;

pub mod admission;

pub mod external_data;

// What policy authors, editors and other hosts need beside that.
#[cfg(feature = "compiler")]
pub mod export;

pub mod host;

pub mod schema;

#[cfg(feature = "compiler")]
pub mod testing;

pub use gate::{Context, Gate, GateBuilder, GateError, Inventory};
pub use jiff::civil::Date;
pub use policy::{Policy, RegoFile};
pub use report::Report;
pub use settings::Settings;
