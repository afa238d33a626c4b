//! podgate.
