//! podgate for JavaScript: glue between `wasm-bindgen` and the calls in text of [`podgate::host`].
//!
//! The package's own JavaScript wraps what is exported here; nobody else should call it.

use js_sys::{Array, Uint8Array};
use podgate::host::{Host, HostError, HostInput};
use wasm_bindgen::prelude::{JsCast as _, JsValue, wasm_bindgen};

/// The built-in policies, compiled by the build script.
static PRECOMPILED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/policies.bin"));

/// Has a panic tell its message: it becomes the exception that ends the call.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|panic| wasm_bindgen::throw_str(&panic.to_string())));
}

/// Gives this instance up: the next call begins in a new one, where no [`Handle`] of this one counts.
#[wasm_bindgen]
pub fn abandon() {
    wasm_bindgen::handler::schedule_reinit();
}

/// Does nothing; a call in which a new instance can begin.
#[wasm_bindgen]
pub fn begin() {}

/// The version of the crate, by which the package's JavaScript knows its own module.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// A gate.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Handle(Host);

#[wasm_bindgen]
impl Handle {
    /// From [`podgate::host::HostOptions`] in JSON.
    ///
    /// # Errors
    ///
    /// A [`HostError`] in JSON.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str) -> Result<Self, JsValue> {
        Host::new(options, Some(PRECOMPILED)).map(Self).map_err(thrown)
    }

    /// Judges inputs (an array of names and texts, each a string or bytes, in turns); `call` is a
    /// [`podgate::host::HostCheck`] in JSON.
    ///
    /// # Errors
    ///
    /// A [`HostError`] in JSON.
    pub fn check(&self, inputs: &Array, call: &str) -> Result<String, JsValue> {
        let inputs: Vec<JsValue> = inputs.iter().collect();
        let inputs: Vec<HostInput> = inputs.chunks(2).map(input).collect();
        self.0.check(&inputs, call).map_err(thrown)
    }

    /// `sha256:` and the digest over policies and settings.
    pub fn digest(&self) -> String {
        self.0.digest().to_owned()
    }

    /// The policies that judge, as JSON.
    ///
    /// # Errors
    ///
    /// A [`HostError`] in JSON.
    pub fn policies(&self) -> Result<String, JsValue> {
        self.0.policies().map_err(thrown)
    }

    /// The built-in policies, whether they judge or not, as JSON.
    ///
    /// # Errors
    ///
    /// A [`HostError`] in JSON.
    #[wasm_bindgen(js_name = builtIn)]
    pub fn built_in(&self) -> Result<String, JsValue> {
        self.0.built_in().map_err(thrown)
    }

    /// The policies of that id or name with their texts, as JSON.
    ///
    /// # Errors
    ///
    /// A [`HostError`] in JSON.
    pub fn explain(&self, name: &str) -> Result<String, JsValue> {
        self.0.explain(name).map_err(thrown)
    }
}

/// What an input (an array of its name and its text, a string or bytes) is written in, as JSON.
///
/// # Errors
///
/// A [`HostError`] in JSON.
#[wasm_bindgen(js_name = formatOf)]
pub fn format_of(pair: &Array) -> Result<String, JsValue> {
    let pair: Vec<JsValue> = pair.iter().collect();
    podgate::host::format_of(&input(&pair)).map_err(thrown)
}

/// Runs the tests in Rego files, an array in JSON; the answer is in JSON.
///
/// # Errors
///
/// A [`HostError`] in JSON.
#[cfg(feature = "compiler")]
#[wasm_bindgen]
pub fn test(files: &str) -> Result<String, JsValue> {
    podgate::host::test(files).map_err(thrown)
}

fn input(pair: &[JsValue]) -> HostInput {
    let source = pair.first().and_then(JsValue::as_string).unwrap_or_default();
    let bytes = pair.get(1).map_or_else(Vec::new, |content| match content.as_string() {
        Some(text) => text.into_bytes(),
        None => content.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec).unwrap_or_default(),
    });
    HostInput { source, bytes }
}

fn thrown(error: HostError) -> JsValue {
    JsValue::from_str(&serde_json::to_string(&error).unwrap_or(error.message))
}
