//! Settings from what other gates were told.

pub mod psp;
