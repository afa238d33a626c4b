//! The native side of `tests/oracles/wasm`: least times from text to the report as JSON, as one line of JSON.
//!
//! Arguments: profile, rounds, and two files. Times are in microseconds: `load` (a gate from what was compiled
//! beforehand), `first` (its first verdict, on the first file), and for each file `hot0` and `hot1`, with the number of
//! its findings in `findings0` and `findings1`.

use std::hint::black_box;
use std::time::Instant;

use podgate::gate;
use podgate::host::{Host, HostInput};
use serde_json::{Map, Value, json};

const CALL: &str = r#"{"date": "2026-11-24"}"#;

fn micros<T>(run: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let result = black_box(run());
    (start.elapsed().as_secs_f64() * 1e6, result)
}

fn main() {
    // Cargo adds `--bench`.
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let (Some(profile), Some(rounds)) = (arguments.next(), arguments.next()) else { return };
    let rounds: u32 = rounds.parse().unwrap();
    let read = |path: String| [HostInput { bytes: std::fs::read(&path).unwrap(), source: path }];
    let inputs: Vec<[HostInput; 1]> = arguments.map(read).collect();
    let options = json!({ "profiles": [profile] }).to_string();
    let bytes: &'static [u8] = gate::precompile().unwrap().leak();
    let (load, host) = micros(|| Host::new(&options, Some(bytes)).unwrap());
    let (first, _) = micros(|| host.check(&inputs[0], CALL).unwrap());
    let mut times = Map::from_iter([("load".to_owned(), json!(load)), ("first".to_owned(), json!(first))]);
    for (index, input) in inputs.iter().enumerate() {
        let report: Value = serde_json::from_str(&host.check(input, CALL).unwrap()).unwrap();
        times.insert(format!("findings{index}"), json!(report["findings"].as_array().unwrap().len()));
        let hot = (0..rounds).map(|_| micros(|| host.check(input, CALL).unwrap()).0);
        times.insert(format!("hot{index}"), json!(hot.fold(f64::INFINITY, f64::min)));
    }
    println!("{}", Value::Object(times));
}
