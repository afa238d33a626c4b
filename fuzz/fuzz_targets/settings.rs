//! Any text as settings: they are read, or refused with a place in the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use podgate::{Gate, Settings};
use podgate_fuzz::invariants;

fuzz_target!(|text: &str| {
    let broken = match Settings::from_yaml("podgate.yaml", text) {
        Err(error) => invariants::error_text(error.reason()),
        Ok(settings) => match Gate::builder().settings(settings).build() {
            Err(error) => invariants::error_text(&error.to_string()),
            Ok(_) => Ok(()),
        },
    };
    if let Err(broken) = broken {
        panic!("{broken}");
    }
});
