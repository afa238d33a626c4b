//! Settings from what other gates were told.

pub mod psp;

use crate::position::Span;

/// Text that no settings can be made from, with the place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct ImportError {
    source_name: String,
    span: Option<Span>,
    reason: String,
}

impl ImportError {
    pub(crate) const fn new(source_name: String, span: Option<Span>, reason: String) -> Self {
        Self { source_name, span, reason }
    }

    /// The name of the input, as it was given.
    pub fn source_name(&self) -> &str {
        &self.source_name
    }

    /// Where in the text; `None` where the text as a whole is meant.
    pub const fn span(&self) -> Option<Span> {
        self.span
    }

    /// Why, in one line.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}
