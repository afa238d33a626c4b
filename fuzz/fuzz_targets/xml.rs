//! Any bytes as the controller's XML.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| podgate_fuzz::file("config.xml", bytes));
