//! One text judged by itself, as the command line judges what it reads from standard input.

use crate::gate::{Context, Gate, Inventory};
use crate::report::Report;

/// Source of the text in reports: the name that the command line gives to standard input.
pub(crate) const SOURCE: &str = "-";

/// The report over a text, of whose objects each may look up what another defines: the inventory of the context.
pub(crate) fn check(gate: &Gate, text: &str, context: Context) -> Report {
    let mut inventory = Inventory::default();
    if Inventory::wants(text) {
        inventory.add_text(SOURCE, text);
    }
    gate.check_text(SOURCE, text, &Context { inventory, ..context })
}
