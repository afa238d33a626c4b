//! What the fuzz targets have in common: a text under a name, which says how it is read.

#[path = "../../tests/src/invariants.rs"]
pub mod invariants;

use std::sync::LazyLock;

use podgate::{Context, Gate};

static GATE: LazyLock<Gate> = LazyLock::new(|| Gate::new().expect("the built-in policies compile"));

/// Any bytes as a file of this name, through its parser and the whole gate: nothing panics, every place lies in the
/// text, every finding has its place, nothing is dropped in silence, and the report reads back.
pub fn file(name: &str, bytes: &[u8]) {
    if let Err(broken) = invariants::documents(name, bytes) {
        panic!("{name}: {broken}");
    }
    let mut context = Context::default();
    if let Ok(text) = std::str::from_utf8(bytes) {
        context.inventory.add_text(name, text);
    }
    let report = GATE.check_bytes(name, bytes, &context);
    if let Err(broken) = invariants::report(name, bytes, &report) {
        panic!("{name}: {broken}\n{report:#?}");
    }
}
