//! The JSON Schemas (draft 2020-12) of what podgate reads and writes, made from the types themselves.

// Its types are those of a host that has the compiler.
#[cfg(feature = "compiler")]
mod host;

use schemars::schema_for;
use serde_json::Value;

#[cfg(feature = "compiler")]
pub use host::host;

/// The schema of `podgate.yaml`: [`crate::Settings`].
pub fn settings() -> Value {
    schema_for!(crate::Settings).to_value()
}

/// The schema of the JSON report: [`crate::Report`].
pub fn report() -> Value {
    schema_for!(crate::Report).to_value()
}
