//! podgate.
pub mod policy;
pub mod position;
pub mod report;
