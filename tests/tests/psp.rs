//! The profile `psp` and imported settings judge as the admission plugin of Kubernetes 1.24 did.

#[path = "psp/generate.rs"]
mod generate;
#[path = "psp/table.rs"]
mod table;

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::{fs, thread};

use fastrand::Rng;
use podgate::import::psp;
use podgate::{Context, Gate, RegoFile, Report, Settings};
use podgate_policies::RULES;
use podgate_tests::named_by;
use serde_json::{Value, json};

/// Random policies, and random pods for each.
const POLICIES: usize = 60;
const PODS: usize = 50;

/// A gate with the settings of a policy.
fn gate(psp: &str) -> Gate {
    let imported = psp::import("psp.yaml", psp, None).unwrap_or_else(|error| panic!("{error}: {psp}"));
    let settings = Settings::from_yaml("podgate.yaml", &imported.settings).unwrap();
    Gate::builder().settings(settings).build().unwrap()
}

fn judge(gate: &Gate, pod: &Value) -> Report {
    let report = gate.check_text("pod.json", &pod.to_string(), &Context::default());
    assert_eq!(report.failed_policies, [], "{pod}");
    assert_eq!(report.subjects.len(), 1, "{pod}");
    report
}

#[test]
fn pods_are_admitted_and_refused_as_upstream_says() {
    for (psp, cases) in table::TABLE {
        let gate = gate(&table::policy(psp));
        for (pod, refused_by) in *cases {
            let report = judge(&gate, &table::pod(pod));
            let denied = report.findings.iter().filter(|finding| finding.action.as_str() == "deny");
            let denied: Vec<&str> = denied.map(|finding| finding.policy.as_str()).collect();
            assert_eq!(denied, *refused_by, "{psp}: {pod}");
            assert_eq!(report.summary.denied, !refused_by.is_empty(), "{psp}: {pod}");
        }
    }
}

#[test]
fn the_documented_policies_are_the_profiles() {
    for name in ["restricted", "baseline", "privileged"] {
        let path = podgate_tests::fixtures().join(format!("psp/{name}.yaml"));
        let imported = gate(&fs::read_to_string(path).unwrap());
        let profile = Gate::builder().profile(format!("psp:{name}")).build().unwrap();
        let mut rng = Rng::with_seed(20_261_124);
        let mut found = 0;
        for _ in 0..200 {
            let pod = generate::pod(&mut rng);
            let (one, other) = (judge(&imported, &pod), judge(&profile, &pod));
            assert_eq!(one.findings, other.findings, "{name}: {pod}");
            found += one.findings.len();
        }
        assert!(found > 5, "{name}: {found}");
    }
    let plain = Gate::builder().profile("psp").build().unwrap();
    let named = Gate::builder().profile("psp:restricted").build().unwrap();
    let pod = generate::pod(&mut Rng::with_seed(1));
    assert_eq!(judge(&plain, &pod).findings, judge(&named, &pod).findings);
}

#[test]
fn what_the_policy_would_have_set_is_a_warning_that_can_be_made_a_refusal() {
    let pod = table::pod(
        "{containers: [{name: a, image: a}], securityContext: {seccompProfile: {type: RuntimeDefault}}}",
    );
    let gate = Gate::builder().profile("psp").build().unwrap();
    let report = judge(&gate, &pod);
    assert!(!report.summary.denied && report.findings.iter().all(|finding| finding.policy == "PSP-defaults"));
    assert!(!report.findings.is_empty());
    let strict =
        Settings::from_yaml("podgate.yaml", "profiles: [psp]\npolicies: {PSP-defaults: {mode: deny}}\n");
    let gate = Gate::builder().settings(strict.unwrap()).build().unwrap();
    assert!(judge(&gate, &pod).summary.denied);
}

#[test]
fn fields_of_a_policy_that_is_off_still_count_for_others() {
    let settings = "profiles: [psp]\npolicies:\n  PSP-volumes: {mode: off, parameters: {volumes: [hostPath]}}\n  \
                    PSP-allowedHostPaths: {parameters: {allowedHostPaths: [{pathPrefix: /a}]}}\n  \
                    PSP-seccomp: {mode: off}\n";
    let settings = Settings::from_yaml("podgate.yaml", settings).unwrap();
    let gate = Gate::builder().settings(settings).build().unwrap();
    let report = judge(&gate, &table::pod("{volumes: [{name: v, hostPath: {path: /b}}]}"));
    assert!(report.findings.iter().any(|finding| finding.policy == "PSP-allowedHostPaths"), "{report:?}");
}

#[test]
fn a_part_of_a_pod_lacks_nothing() {
    let gate = Gate::builder().profile("psp").build().unwrap();
    let part = "agent:\n  hostPID: false\n  volumes:\n  - name: work\n    emptyDir: {}\n";
    let report = gate.check_text("values.yaml", part, &Context::default());
    assert!(report.subjects.iter().all(|subject| subject.partial) && !report.subjects.is_empty());
    assert_eq!(report.findings, []);
}

#[test]
fn profiles_that_do_not_fit_are_refused() {
    for (profiles, reason) in [
        (vec!["psp:basline"], "unknown profile `psp:basline`; did you mean `psp:baseline`?"),
        (vec!["psp", "psp:baseline"], "profiles `psp` and `psp:baseline` exclude each other"),
    ] {
        let builder = profiles.into_iter().fold(Gate::builder(), |builder, name| builder.profile(name));
        assert_eq!(builder.build().unwrap_err().to_string(), reason);
    }
    Gate::builder().profile("psp:baseline").profile("ci").profile("psp:baseline").build().unwrap();
}

/// The policies of the profile, and what they share.
fn rego() -> Vec<RegoFile> {
    let own = RULES.iter().filter(|file| file.path.starts_with("lib/") || file.path.starts_with("psp/"));
    own.map(|file| RegoFile { path: file.path.to_owned(), text: file.text.to_owned() }).collect()
}

/// What policies were given and said, for a random policy and a random pod: the input, and id with message.
type Recorded = (Value, Vec<(String, String)>);

/// A policy of the user's that tells what policies are given.
const RECORDER: &str = "package recorder\n\nimport rego.v1\n\n\
                        violation contains {\"msg\": json.marshal(input.review)} if true\n";

fn record(rng: &mut Rng, policies: usize, pods: usize) -> Vec<Recorded> {
    let mut recorded = Vec::new();
    for _ in 0..policies {
        let psp = generate::policy(rng).to_string();
        let imported = psp::import("psp.yaml", &psp, None).unwrap();
        let settings = Settings::from_yaml("podgate.yaml", &imported.settings).unwrap();
        let given = settings.policies.values().flat_map(|own| own.parameters.clone());
        let parameters: Value = given.collect();
        let recorder = RegoFile { path: "recorder.rego".to_owned(), text: RECORDER.to_owned() };
        let gate = Gate::builder().settings(settings).policies([recorder]).build().unwrap();
        for _ in 0..pods {
            let report = judge(&gate, &generate::pod(rng));
            let (review, said): (Vec<_>, Vec<_>) =
                report.findings.into_iter().partition(|finding| finding.policy == "recorder");
            let review: Value = serde_json::from_str(&review[0].message).unwrap();
            let mut said: Vec<_> = said
                .into_iter()
                .map(|finding| (finding.policy.to_string(), finding.message.to_string()))
                .collect();
            said.sort();
            recorded.push((json!({"review": review, "parameters": parameters}), said));
        }
    }
    recorded
}

/// A module that gives the verdicts of all policies of the profile, by their ids.
fn driver() -> String {
    let policies = podgate::policy::built_in().unwrap();
    let own = policies.iter().filter(|policy| policy.id.starts_with("PSP-"));
    let verdicts: String =
        own.map(|policy| format!("\t{:?}: data.{}.violation,\n", policy.id, policy.package)).collect();
    format!(
        "package driver\n\nimport rego.v1\n\nverdicts := {{\n{verdicts}}}\n\nresults := [verdict |\n\tsome item in input\n\t\
         verdict := data.driver.verdicts with input as item\n]\n"
    )
}

fn compare(recorded: &[Recorded], verdicts: &Value) {
    let mut compared = 0;
    for ((given, said), verdict) in recorded.iter().zip(verdicts.as_array().unwrap()) {
        let mut other = Vec::new();
        for (id, violations) in verdict.as_object().unwrap() {
            for violation in violations.as_array().unwrap() {
                other.push((id.clone(), violation["msg"].as_str().unwrap().to_owned()));
            }
        }
        other.sort();
        assert_eq!(*said, other, "{given}");
        compared += said.len();
    }
    assert_eq!(recorded.len(), verdicts.as_array().unwrap().len());
    println!("{} pods, {compared} findings compared", recorded.len());
    assert!(compared > recorded.len());
}

#[test]
fn the_interpreter_agrees_on_random_policies_and_pods() {
    let recorded = record(&mut Rng::with_seed(20_261_125), 10, 20);
    let mut engine = regorus::Engine::new();
    for file in rego() {
        engine.add_policy(file.path, file.text).unwrap();
    }
    engine.add_policy("driver.rego".to_owned(), driver()).unwrap();
    let given: Vec<&Value> = recorded.iter().map(|(given, _)| given).collect();
    engine.set_input(regorus::Value::from_json_str(&json!(given).to_string()).unwrap());
    let verdicts = engine.eval_rule("data.driver.results".to_owned()).unwrap();
    compare(&recorded, &serde_json::from_str(&verdicts.to_json_str().unwrap()).unwrap());
}

#[test]
fn opa_agrees_on_random_policies_and_pods() {
    let Some(opa) = named_by("PODGATE_OPA") else { return };
    let recorded = record(&mut Rng::with_seed(20_261_126), 20, 50);
    let folder = tempfile::tempdir().unwrap();
    let driver = RegoFile { path: "driver.rego".to_owned(), text: driver() };
    for file in rego().into_iter().chain([driver]) {
        let path = folder.path().join("policies").join(file.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, file.text).unwrap();
    }
    let given: Vec<&Value> = recorded.iter().map(|(given, _)| given).collect();
    fs::write(folder.path().join("input.json"), json!(given).to_string()).unwrap();
    let output = Command::new(opa)
        .current_dir(folder.path())
        .args(["eval", "-d", "policies", "-i", "input.json", "-f", "raw", "data.driver.results"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    compare(&recorded, &serde_json::from_slice(&output.stdout).unwrap());
}

/// The verdicts of the program in `tests/oracles/psp`, in order.
fn ask(oracle: &std::ffi::OsStr, questions: &[Value]) -> Vec<Value> {
    let mut child =
        Command::new(oracle).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the oracle");
    let mut stdin = child.stdin.take().unwrap();
    let lines: String = questions.iter().map(|question| format!("{question}\n")).collect();
    let writer = thread::spawn(move || stdin.write_all(lines.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success(), "{output:?}");
    let lines = String::from_utf8(output.stdout).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn upstream_agrees_on_random_policies_and_pods() {
    // Go builds it from `tests/oracles/psp`.
    let Some(oracle) = named_by("PODGATE_PSP_ORACLE") else { return };
    let times = std::env::var("PODGATE_PSP_TIMES").ok().and_then(|times| times.parse().ok()).unwrap_or(1);
    let mut rng = Rng::with_seed(20_261_124);
    let (mut questions, mut verdicts) = (Vec::new(), Vec::new());
    let documented = ["restricted", "baseline", "privileged"].map(|name| {
        let path = podgate_tests::fixtures().join(format!("psp/{name}.yaml"));
        let text = fs::read_to_string(path).unwrap();
        let document = podgate::document::read("psp.yaml", text, &Default::default()).remove(0).unwrap();
        serde_json::to_value(document.root()).unwrap()
    });
    let random = (0..POLICIES * times).map(|_| generate::policy(&mut rng)).collect::<Vec<_>>();
    for psp in documented.into_iter().chain(random) {
        let gate = gate(&psp.to_string());
        for _ in 0..PODS {
            let pod = generate::pod(&mut rng);
            verdicts.push(judge(&gate, &pod));
            questions.push(json!({"psp": psp, "pod": pod}));
        }
    }
    let mut admitted = 0;
    for ((question, verdict), said) in
        questions.iter().zip(&verdicts).zip(ask(oracle.as_os_str(), &questions))
    {
        let lines = podgate_tests::lines(verdict);
        assert_eq!(Value::Bool(!verdict.summary.denied), said["admitted"], "{question}\n{said}\n{lines}");
        admitted += usize::from(said["admitted"] == true);
    }
    println!("{} pods under {} policies, {admitted} admitted", questions.len(), POLICIES * times + 3);
    assert!(admitted > questions.len() / 10 && admitted < questions.len() * 9 / 10, "{admitted}");
}
