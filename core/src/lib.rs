#![doc = include_str!("../../README.md")]
//!
//! # The life of a document
//!
//! ```text
//! text → document → subject (a typed pod) → policies (Rego) → finding → report
//! ```

pub mod document;
mod engine;
pub mod gate;
pub mod policy;
pub mod position;
pub mod render;
pub mod report;
pub mod schema;
pub mod settings;
pub mod subject;
pub mod testing;
mod typed;

pub use gate::{Context, Gate, GateBuilder, GateError, Inventory};
pub use policy::{Policy, RegoFile};
pub use report::Report;
pub use settings::Settings;
