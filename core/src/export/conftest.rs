//! A folder for Conftest.

use jiff::civil::Date;
use serde_json::json;

use super::opa::{parameters, pretty, sources};
use super::rename::{self, FINDING};
use super::{Export, chosen, entry, exemptions, named};
use crate::Gate;
use crate::policy::PolicyError;

/// The selected policies as folders `policy` and `data` for `conftest test --policy --data`.
///
/// Conftest runs the rules `deny` and `warn` of every package; only the entry point has them, so that each finding
/// counts once and with its action.
///
/// # Errors
///
/// None in a published version: the built-in policies are known to load.
pub fn conftest(gate: &Gate, date: Option<Date>) -> Result<Export, PolicyError> {
    let mut export = Export::default();
    let chosen = chosen(gate, &mut export)?;
    for exemption in exemptions(gate, date, &mut export) {
        export.notes.push(format!("exemption left out, since Conftest has none: {}", named(exemption)));
    }
    for (path, text) in sources(&chosen, |one| rename::verdict(one.module)) {
        export.add(format!("policy/{path}"), text);
    }
    export.add("policy/podgate/main.rego", entry::module(&chosen, FINDING));
    export.add("data/parameters.json", pretty(&json!({ "parameters": parameters(&chosen) })));
    Ok(export.finish(ABOUT))
}

const ABOUT: &str = r#"# podgate's policies for Conftest

Needs a Conftest with OPA 1.17 or newer (`import future.keywords.not`): 0.71 has it.

```console
$ conftest test --policy policy --data data --all-namespaces pod.yaml
```

`--namespace podgate.main` gives the same as `--all-namespaces`: only that package has rules that Conftest runs. Findings that deny are failures, those that warn or are only recorded are warnings; each carries `policy`, `severity` and `details` in its metadata (`--output json`).

Conftest passes objects as they stand in the file. Pods are judged. For a Deployment or another workload, and for a list, there is a warning that its pods are not; `podgate check` finds those. What the API server makes of odd spellings (`privileged: yes`) is up to Conftest's reader of YAML. Parameters are in `data/parameters.json`.
"#;
