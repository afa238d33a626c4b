//! An OPA bundle.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::{Chosen, Export, chosen, entry, exemptions, named};
use crate::Gate;
use crate::policy::PolicyError;

/// The selected policies as a folder that `opa` takes as a bundle (`opa eval --bundle DIR`, `opa build --bundle`).
///
/// # Errors
///
/// None in a published version: the built-in policies are known to load.
pub fn opa_bundle(gate: &Gate, date: Option<Date>) -> Result<Export, PolicyError> {
    let mut export = Export::default();
    let chosen = chosen(gate, &mut export)?;
    for exemption in exemptions(gate, date, &mut export) {
        export.notes.push(format!("exemption left out, since a bundle has none: {}", named(exemption)));
    }
    for (path, text) in sources(&chosen, |one| one.module.file.text.clone()) {
        export.add(path, text);
    }
    export.add("podgate/main.rego", entry::module(&chosen, "violation"));
    export.add("data.json", pretty(&json!({ "parameters": parameters(&chosen) })));
    let manifest = json!({
        "revision": gate.digest(),
        "roots": ["lib/podgate", "parameters", "podgate"],
        "rego_version": 1,
    });
    export.add(".manifest", pretty(&manifest));
    Ok(export.finish(ABOUT))
}

/// The Rego files of all policies and of what they use, once each.
pub(super) fn sources(
    chosen: &[Chosen<'_>],
    policy: impl Fn(&Chosen<'_>) -> String,
) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for one in chosen {
        for lib in &one.libs {
            files.insert(lib.file.path.clone(), lib.file.text.clone());
        }
    }
    for one in chosen {
        files.insert(format!("podgate/{}", one.module.file.path), policy(one));
    }
    files
}

/// The parameters of all policies together; their names are unique.
pub(super) fn parameters(chosen: &[Chosen<'_>]) -> Map<String, Value> {
    chosen.iter().flat_map(|one| one.parameters.clone()).collect()
}

pub(super) fn pretty(value: &Value) -> String {
    format!("{}\n", serde_json::to_string_pretty(value).unwrap_or_default())
}

const ABOUT: &str = r#"# podgate's policies as an OPA bundle

Needs OPA 1.17 or newer (`import future.keywords.not`).

```console
$ opa eval --bundle . --input pod.json 'data.podgate.main.violations'
$ opa build --bundle . --output podgate.tar.gz
```

`data.podgate.main.violations` is the set of all findings: `policy`, `name`, `severity`, `action`, `msg` and `details`, in which `path` is a JSON Pointer in the object, `container` the container's name and `line` the line of a script that is meant, as it is written. `data.podgate.main.deny` and `.warn` are its parts by action, and `data.podgate.main.unjudged` says why an object that was given is not judged. Each policy by itself is `data.podgate.<group>.<name>.violation`.

The input is one pod, or `{"review": {"object": POD, "namespace": "…"}}`; for an admission review pass its `request` as `review`. Parameters are `data.parameters`; `input.parameters`, where given, counts instead. Other objects that policies look up (volumes behind claims) are expected in `data.inventory`, in Gatekeeper's shape.
"#;
