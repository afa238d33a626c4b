//! Any bytes as a Jenkinsfile.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| podgate_fuzz::file("Jenkinsfile", bytes));
