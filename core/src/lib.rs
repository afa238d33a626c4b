//! podgate.

pub mod document;
pub mod position;
