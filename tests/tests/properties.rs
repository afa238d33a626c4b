//! What holds for every pod, tried on every fixture and on seeded mutants of them.

use fastrand::Rng;
use jiff::civil::date;
use podgate::policy::Severity;
use podgate::report::Finding;
use podgate::{Context, Gate, Report, Settings};
use podgate_tests::{documents, mutate};
use serde_json::{Value, json};

const ROUNDS: usize = 400;

fn gate_of(settings: &Value) -> Gate {
    let settings = Settings::from_yaml("podgate.yaml", &settings.to_string()).unwrap();
    Gate::builder().settings(settings).build().unwrap()
}

fn judge(gate: &Gate, text: &str) -> Report {
    gate.check_text("in.yaml", text, &Context { date: Some(date(2026, 11, 23)), ..Context::default() })
}

/// Fixtures and mutants of them, of whatever kind.
fn samples(seed: u64) -> Vec<Value> {
    let documents: Vec<Value> = documents().unwrap().into_iter().map(|(_, value)| value).collect();
    let mut rng = Rng::with_seed(seed);
    let mut mutants = Vec::new();
    for _ in 0..ROUNDS {
        let chosen = rng.usize(..documents.len());
        mutants.push(mutate::mutant(&mut rng, &documents[chosen]));
    }
    documents.into_iter().chain(mutants).collect()
}

/// Pods with a spec, without anything around it that a template could not have.
fn pods(seed: u64) -> Vec<Value> {
    let whole = samples(seed).into_iter().filter(|value| value["kind"] == "Pod" && value["spec"].is_object());
    let metadata =
        |value: &Value| if value["metadata"].is_object() { value["metadata"].clone() } else { json!({}) };
    whole
        .map(|value| json!({"apiVersion": "v1", "kind": "Pod", "metadata": metadata(&value), "spec": value["spec"]}))
        .collect()
}

/// A finding without its place in the text, which depends on how the text is written.
fn plain(finding: &Finding) -> Finding {
    Finding { span: None, ..finding.clone() }
}

fn plains(report: &Report) -> Vec<Finding> {
    report.findings.iter().map(plain).collect()
}

/// Block style, each scalar in the form that JSON has for it.
fn yaml(value: &Value, indent: usize, out: &mut String) {
    let pad = " ".repeat(indent);
    match value {
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                out.push_str(&format!("\n{pad}-"));
                yaml(item, indent + 2, out);
            }
        }
        Value::Object(entries) if !entries.is_empty() => {
            for (key, item) in entries {
                out.push_str(&format!("\n{pad}{}:", json!(key)));
                yaml(item, indent + 2, out);
            }
        }
        scalar => out.push_str(&format!(" {scalar}")),
    }
}

#[test]
fn yaml_and_json_are_judged_alike() {
    let gate = Gate::new().unwrap();
    for sample in samples(1) {
        let mut text = String::from("# YAML\n---");
        yaml(&sample, 0, &mut text);
        let (by_yaml, by_json) = (judge(&gate, &text), judge(&gate, &sample.to_string()));
        assert_eq!(plains(&by_yaml), plains(&by_json), "{text}");
        assert_eq!(by_yaml.summary, by_json.summary, "{text}");
    }
}

/// The pod inside another object: the object, and where the pod's metadata and spec stand in it.
fn wrapped(pod: &Value, kind: &str) -> (Value, &'static str) {
    let template = json!({"metadata": pod["metadata"], "spec": pod["spec"]});
    let of = |api_version: &str, spec: Value| json!({"apiVersion": api_version, "kind": kind, "metadata": pod["metadata"], "spec": spec});
    let plain = json!({"template": template});
    match kind {
        "Pod" => (pod.clone(), ""),
        "List" | "PodList" => (json!({"apiVersion": "v1", "kind": kind, "items": [pod]}), "/items/0"),
        "PodTemplate" => {
            let template =
                json!({"apiVersion": "v1", "kind": kind, "metadata": pod["metadata"], "template": template});
            (template, "/template")
        }
        "ReplicationController" => (of("v1", plain), "/spec/template"),
        "Job" => (of("batch/v1", plain), "/spec/template"),
        "CronJob" => {
            (of("batch/v1", json!({"jobTemplate": {"spec": plain}})), "/spec/jobTemplate/spec/template")
        }
        "Workflow" => (of("example.com/v1", json!({"steps": {"pod": template}})), "/spec/steps/pod"),
        _ => (of("apps/v1", plain), "/spec/template"),
    }
}

#[test]
fn every_workload_is_judged_as_its_pod() {
    const KINDS: [&str; 10] = [
        "List",
        "PodList",
        "PodTemplate",
        "ReplicationController",
        "ReplicaSet",
        "Deployment",
        "StatefulSet",
        "DaemonSet",
        "Job",
        "CronJob",
    ];
    let gate = Gate::new().unwrap();
    let mut compared = 0;
    for pod in pods(2) {
        let alone = judge(&gate, &pod.to_string());
        for kind in KINDS {
            let (object, prefix) = wrapped(&pod, kind);
            let inside = judge(&gate, &object.to_string());
            let shifted: Vec<Finding> = plains(&alone)
                .into_iter()
                .map(|finding| Finding { pointer: format!("{prefix}{}", finding.pointer).into(), ..finding })
                .collect();
            assert_eq!(plains(&inside), shifted, "{kind} of {pod}");
            assert_eq!(inside.summary, alone.summary, "{kind} of {pod}");
            compared += shifted.len();
        }
    }
    assert!(compared > 1_000, "only {compared} findings compared");
}

/// A pod in a custom resource is known by its shape alone, so some of what is odd about it is the resource's own.
#[test]
fn a_pod_in_an_unknown_kind_keeps_its_dangers() {
    let gate = Gate::new().unwrap();
    for (name, document) in documents().unwrap() {
        if document["kind"] == "Pod" {
            let (object, prefix) = wrapped(&document, "Workflow");
            let found = |report: &Report, prefix: &str| -> Vec<String> {
                let dangers = report.findings.iter().filter(|finding| finding.severity > Severity::Low);
                dangers
                    .map(|finding| {
                        format!("{} {}", finding.policy, finding.pointer.trim_start_matches(prefix))
                    })
                    .collect()
            };
            let alone = found(&judge(&gate, &document.to_string()), "");
            assert_eq!(found(&judge(&gate, &object.to_string()), prefix), alone, "{name}");
        }
    }
}

fn exemption(policies: &[&str], selector: &Value, expires: &str) -> Value {
    json!({"policies": policies, "match": selector, "reason": "tested", "expires": expires})
}

#[test]
fn an_exemption_moves_the_findings_that_it_names_and_nothing_else() {
    let without = Gate::new().unwrap();
    let ids: Vec<&str> = without.policies().iter().map(|policy| policy.id.as_str()).collect();
    let mut rng = Rng::with_seed(3);
    let mut moved = 0;
    for _ in 0..40 {
        let policies = [*rng.choice(&ids).unwrap(), *rng.choice(&ids).unwrap()];
        let selectors = [
            json!({"names": ["*"]}),
            json!({"containers": ["?*"]}),
            json!({"images": ["*docker*"]}),
            json!({"namespaces": ["ci", "default"], "kinds": ["Pod"]}),
            json!({"serviceAccounts": ["default"]}),
        ];
        let selector = rng.choice(&selectors).unwrap();
        let with = gate_of(&json!({"exemptions": [exemption(&policies, selector, "2026-11-23")]}));
        for (name, document) in documents().unwrap() {
            let text = document.to_string();
            let (before, after) = (judge(&without, &text), judge(&with, &text));
            assert_eq!((after.void_exemptions.len(), after.failed_policies.len()), (0, 0));
            let (mut left, mut gone) = (after.findings.iter().peekable(), after.exempted.iter().peekable());
            for finding in &before.findings {
                let stays = left.next_if(|one| *one == finding).is_some();
                let goes = !stays && gone.next_if(|one| one.finding == *finding).is_some();
                assert!(stays || goes, "{name}: {finding:?} was changed");
                assert!(
                    !goes || policies.contains(&finding.policy.as_str()),
                    "{name}: {finding:?} was not named"
                );
                moved += usize::from(goes);
            }
            assert!(left.next().is_none() && gone.next().is_none(), "{name}: something was added");
            assert_eq!(after.subjects, before.subjects);
        }
    }
    assert!(moved > 20, "only {moved} findings were exempted");
}

#[test]
fn an_expired_exemption_changes_nothing_and_is_told() {
    let without = Gate::new().unwrap();
    let all: Vec<&str> = without.policies().iter().map(|policy| policy.id.as_str()).collect();
    let expired = gate_of(&json!({"exemptions": [exemption(&all, &json!({"names": ["*"]}), "2026-11-22")]}));
    let valid = gate_of(&json!({"exemptions": [exemption(&all, &json!({"names": ["*"]}), "2026-11-23")]}));
    for (name, document) in documents().unwrap() {
        let text = document.to_string();
        let (before, after) = (judge(&without, &text), judge(&expired, &text));
        assert_eq!(after.findings, before.findings, "{name}");
        assert_eq!((after.exempted.len(), after.void_exemptions.len()), (0, 1), "{name}");
        let dateless = valid.check_text("in.yaml", &text, &Context::default());
        assert_eq!(dateless.findings, before.findings, "{name}: without a date none counts");
        assert_eq!(dateless.void_exemptions.len(), 1, "{name}");
    }
}

/// Two containers of one name are refused by the API server, but not by whoever reads files.
#[test]
fn the_image_of_one_container_excuses_no_other() {
    let gate =
        gate_of(&json!({"exemptions": [exemption(&["CI201"], &json!({"images": ["good"]}), "2030-01-01")]}));
    let container =
        |image: &str| json!({"name": "c", "image": image, "securityContext": {"privileged": true}});
    let pod = |list: &str| {
        let mut pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"},
            "spec": {"containers": [container("good")]}});
        pod["spec"][list] = json!([container("good"), container("evil")]);
        pod.to_string()
    };
    for list in ["containers", "initContainers", "ephemeralContainers"] {
        let report = judge(&gate, &pod(list));
        let own = report.findings.iter().filter(|finding| finding.policy == "CI201");
        let left: Vec<&str> = own.map(|finding| finding.pointer.as_str()).collect();
        assert_eq!(left, [format!("/spec/{list}/1/securityContext/privileged")]);
    }
}

#[test]
fn reports_add_up() {
    let gate = Gate::new().unwrap();
    let samples = samples(4);
    let texts: Vec<String> = samples.iter().map(|sample| format!("--- {sample}\n")).collect();
    let whole = judge(&gate, &texts.concat());
    let mut sum = gate.start(&Context { date: Some(date(2026, 11, 23)), ..Context::default() });
    for (index, text) in texts.iter().enumerate() {
        sum.extend(judge(&gate, &format!("{}{text}", "--- null\n".repeat(index))));
    }
    let spanless = |mut report: Report| {
        report.findings.iter_mut().for_each(|finding| finding.span = None);
        report.not_evaluated.iter_mut().for_each(|entry| entry.span = None);
        report
    };
    assert_eq!(spanless(sum), spanless(whole));
}

#[test]
fn modes_and_severities_are_obeyed() {
    let plain = Gate::new().unwrap();
    let texts: Vec<String> = documents().unwrap().iter().map(|(_, value)| format!("--- {value}\n")).collect();
    let text = texts.concat();
    let before = judge(&plain, &text);
    for policy in plain.policies() {
        let others = |report: &Report| -> Vec<Finding> {
            report.findings.iter().filter(|finding| finding.policy != policy.id).cloned().collect()
        };
        let own = |settings: Value| {
            let report = judge(&gate_of(&json!({"policies": {policy.name.to_uppercase(): settings}})), &text);
            assert_eq!(others(&report), others(&before), "{}", policy.id);
            let own: Vec<_> =
                report.findings.into_iter().filter(|finding| finding.policy == policy.id).collect();
            own.into_iter().map(|finding| (finding.action.as_str(), finding.severity)).collect::<Vec<_>>()
        };
        let found: Vec<_> = before.findings.iter().filter(|finding| finding.policy == policy.id).collect();
        assert_eq!(own(json!({"mode": "off"})), []);
        for mode in ["deny", "warn", "audit"] {
            let mut wanted: Vec<_> = found.iter().map(|finding| (mode, finding.severity)).collect();
            let mut shown = own(json!({"mode": mode}));
            wanted.sort();
            shown.sort();
            assert_eq!(shown, wanted, "{}", policy.id);
        }
        let info = own(json!({"severity": "info"}));
        assert_eq!(info, vec![("audit", Severity::Info); found.len()]);
        let both = own(json!({"severity": "low", "mode": "deny"}));
        assert_eq!(both, vec![("deny", Severity::Low); found.len()]);
    }
}

/// Adds fields that no type has to every object below the spec.
fn decorate(value: &mut Value, rng: &mut Rng) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| decorate(item, rng)),
        Value::Object(entries) => {
            entries.values_mut().for_each(|item| decorate(item, rng));
            for field in ["x-note", "Privileged", "hostpath", "aaa", "zzz/~"] {
                if rng.u8(0..3) == 0 && !entries.contains_key(field) {
                    entries.insert(field.to_owned(), json!("y"));
                }
            }
        }
        _ => {}
    }
}

#[test]
fn unknown_fields_hide_nothing() {
    let gate = Gate::new().unwrap();
    let mut rng = Rng::with_seed(5);
    for pod in pods(5) {
        let mut decorated = pod.clone();
        decorate(&mut decorated["spec"], &mut rng);
        let (before, after) = (judge(&gate, &pod.to_string()), judge(&gate, &decorated.to_string()));
        let after = plains(&after);
        for finding in plains(&before) {
            // The nearest known name of a field, in a message, may change; what it is about may not.
            let same = |one: &Finding| {
                (&one.policy, &one.pointer, one.severity)
                    == (&finding.policy, &finding.pointer, finding.severity)
            };
            assert!(after.iter().any(same), "{finding:?} is gone from {decorated}");
        }
    }
}
