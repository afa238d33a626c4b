//! The built-in policies of podgate: Rego, their tests and their pages, as text.
//!
//! A policy is a folder `<group>/<policy>/` with `<policy>.rego`, `<policy>_test.rego` and `<policy>.md`; what
//! policies share is under `lib/`. The Rego runs under OPA and Conftest as it is; Gatekeeper wants
//! small changes, which `podgate export` makes.

/// A file of the policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct File {
    /// Its path below this crate's folder, with `/` between the parts.
    pub path: &'static str,
    /// Its text.
    pub text: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/files.rs"));
