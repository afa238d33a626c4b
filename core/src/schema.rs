//! The JSON Schemas (draft 2020-12) of what podgate reads and writes, made from the types themselves.

use schemars::schema_for;
use serde_json::Value;

/// The schema of `podgate.yaml`: [`crate::Settings`].
pub fn settings() -> Value {
    schema_for!(crate::Settings).to_value()
}

/// The schema of the JSON report: [`crate::Report`].
pub fn report() -> Value {
    schema_for!(crate::Report).to_value()
}
