#![doc = include_str!("../../README.md")]
//!
//! # The life of a document
//!
//! ```text
//! text → document → subject (a typed pod) → policies (Rego) → finding → report
//! ```

pub mod position;
pub mod document;
mod typed;
pub mod subject;
pub mod policy;
mod engine;
pub mod settings;
pub mod gate;
pub mod report;

pub use gate::{Context, Gate, GateBuilder, GateError, Inventory};
pub use policy::{Policy, RegoFile};
pub use report::Report;
pub use settings::Settings;
