//! Any bytes as the settings of a runner.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| podgate_fuzz::file("config.toml", bytes));
