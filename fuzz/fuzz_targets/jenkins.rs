//! Any bytes as a Jenkinsfile and as the controller's XML: nothing panics, and something is said of each.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use podgate::{Context, Gate};

static GATE: LazyLock<Gate> = LazyLock::new(|| Gate::new().expect("the built-in policies compile"));

fuzz_target!(|bytes: &[u8]| {
    for name in ["Jenkinsfile", "config.xml"] {
        let report = GATE.check_bytes(name, bytes, &Context::default());
        assert!(report.subjects.len() + report.not_evaluated.len() > 0, "{name}: {report:#?}");
    }
});
