//! What hosts that speak JSON exchange with core.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use crate::host::{Explanation, HostCheck, HostError, HostOptions};
use crate::policy::Policy;
use crate::testing::TestReport;

/// The schema of what hosts that speak JSON send and are given ([`crate::host`]), by call.
pub fn host() -> Value {
    SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<Calls<'_>>()
        .to_value()
}

/// What hosts send and are given.
#[derive(JsonSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "a list of types, of which no value is made")]
struct Calls<'a> {
    /// What a gate is made with.
    options: HostOptions,
    /// How an input is judged.
    check: HostCheck,
    /// The verdict.
    report: crate::Report,
    /// The policies that judge.
    policies: Vec<Policy>,
    /// The policies that answer to a name.
    explanations: Vec<Explanation<'a>>,
    /// What tests of policies say.
    tests: TestReport,
    /// Why there is no answer.
    error: HostError,
}
