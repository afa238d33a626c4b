//! Any bytes as manifests, and as pipelines and settings of CI systems that are written in YAML.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| podgate_fuzz::file("input.yaml", bytes));
