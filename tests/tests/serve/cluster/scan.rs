//! `podgate scan` of the real API server. Nothing makes pods here: the tests are the controllers.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use podgate_tests::named_by;
use serde_json::{Value, json};

use super::api::{Api, pods};
use super::{pod, until};

/// The program, as the cluster's administrator.
fn scan(api: &Api, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_podgate-tested"));
    command.arg("scan").arg("--kubeconfig").arg(api.folder().join("kubeconfig")).args(args);
    command.env_remove("HTTPS_PROXY").env_remove("https_proxy");
    command
}

fn report(command: &mut Command) -> (Option<i32>, Value, String) {
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {said}"));
    (output.status.code(), report, said)
}

/// Owner or pod of each subject, with the number of pods.
fn subjects(report: &Value) -> Vec<String> {
    let one = |subject: &Value| match subject.get("owner") {
        None => format!("Pod {}", subject["name"].as_str().unwrap()),
        Some(owner) => {
            format!(
                "{} {} x{}",
                owner["kind"].as_str().unwrap(),
                owner["name"].as_str().unwrap(),
                subject["pods"]
            )
        }
    };
    report["subjects"].as_array().unwrap().iter().map(one).collect()
}

fn created(api: &Api, path: &str, object: &Value) -> Value {
    let created = api.create(path, object);
    assert_eq!(created.status, 201, "{created:?}");
    created.json()
}

fn reference(version: &str, kind: &str, owner: &Value) -> Value {
    json!([{"apiVersion": version, "kind": kind, "name": owner["metadata"]["name"],
        "uid": owner["metadata"]["uid"], "controller": true}])
}

fn owned(namespace: &str, name: &str, owners: &Value) -> Value {
    let mut pod = pod(namespace, name, true);
    pod["metadata"]["ownerReferences"] = owners.clone();
    pod
}

/// A Deployment with a ReplicaSet of two pods, a CronJob with a Job of one, and a pod that stands alone.
fn fill(api: &Api, namespace: &str) {
    let template = json!({"metadata": {"labels": {"app": "a"}}, "spec": pod(namespace, "a", true)["spec"]});
    let apps = format!("/apis/apps/v1/namespaces/{namespace}");
    let spec = json!({"selector": {"matchLabels": {"app": "a"}}, "template": template});
    let deployment =
        created(api, &format!("{apps}/deployments"), &json!({"metadata": {"name": "agents"}, "spec": spec}));
    let metadata =
        json!({"name": "agents-7d9f", "ownerReferences": reference("apps/v1", "Deployment", &deployment)});
    let set = created(api, &format!("{apps}/replicasets"), &json!({"metadata": metadata, "spec": spec}));
    let owners = reference("apps/v1", "ReplicaSet", &set);
    for name in ["agents-7d9f-a", "agents-7d9f-b"] {
        created(api, &pods(namespace), &owned(namespace, name, &owners));
    }
    let batch = format!("/apis/batch/v1/namespaces/{namespace}");
    let mut template = template;
    template["spec"]["restartPolicy"] = json!("Never");
    let spec = json!({"template": template});
    let cron = json!({"metadata": {"name": "nightly"}, "spec": {"schedule": "1 1 1 1 *", "jobTemplate": {"spec": spec}}});
    let cron = created(api, &format!("{batch}/cronjobs"), &cron);
    let metadata =
        json!({"name": "nightly-29000000", "ownerReferences": reference("batch/v1", "CronJob", &cron)});
    let job = created(api, &format!("{batch}/jobs"), &json!({"metadata": metadata, "spec": spec}));
    created(
        api,
        &pods(namespace),
        &owned(namespace, "nightly-29000000-x", &reference("batch/v1", "Job", &job)),
    );
    created(api, &pods(namespace), &pod(namespace, "zebra", true));
}

const SUBJECTS: [&str; 3] = ["Deployment agents x2", "CronJob nightly x1", "Pod zebra"];

#[test]
fn pods_are_told_by_their_owners_page_by_page() {
    let Some(api) = Api::connect() else { return };
    let namespace = api.namespace(&json!({}));
    fill(&api, &namespace);
    for size in ["1", "500"] {
        let args = ["-n", &namespace, "--format", "json", "--page-size", size];
        let (code, report, said) = report(&mut scan(&api, &args));
        assert_eq!((code, said.as_str()), (Some(1), ""), "{report:#}");
        assert_eq!(subjects(&report), SUBJECTS);
        assert_eq!(
            (&report["subjects"][0]["source"], &report["notEvaluated"]),
            (&json!("podgate"), &json!([]))
        );
        let unknown: Vec<&Value> = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["policy"] == "unknown-field")
            .collect();
        assert!(unknown.is_empty(), "the API server stores nothing that podgate does not know: {unknown:?}");
    }
    let (code, ..) = report(&mut scan(&api, &["-n", "podgate-test-none", "--format", "json"]));
    assert_eq!(code, Some(3));
}

#[test]
fn new_pods_are_told_as_they_come() {
    let Some(api) = Api::connect() else { return };
    let namespace = api.namespace(&json!({}));
    let mut command = scan(&api, &["-n", &namespace, "--format", "json", "--watch"]);
    let mut program = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
    let mut next = || {
        let report: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
        subjects(&report)
    };
    assert_eq!(next(), Vec::<String>::new());
    created(&api, &pods(&namespace), &pod(&namespace, "one", true));
    assert_eq!(next(), ["Pod one"]);
    fill(&api, &namespace);
    assert_eq!([next(), next(), next()], SUBJECTS.map(|subject| vec![subject.replace("x2", "x1")]));
    let sent = Command::new("kill").arg(program.id().to_string()).status().unwrap();
    assert!(sent.success());
    assert_eq!(program.wait().unwrap().code(), Some(1));
}

/// The resource definitions of PolicyReports, whose fields the API server then holds podgate to.
fn definition(plural: &str, kind: &str, scope: &str) -> Value {
    let text = json!({"type": "string"});
    let texts = json!({"type": "object", "additionalProperties": {"type": "string"}});
    let number = json!({"type": "integer"});
    let reference = json!({"type": "object", "properties": {"apiVersion": text, "kind": text, "name": text,
        "namespace": text, "uid": text, "resourceVersion": text, "fieldPath": text}});
    let result = json!({"type": "object", "required": ["policy"], "properties": {
        "source": text, "policy": text, "rule": text, "category": text, "message": text, "scored": {"type": "boolean"},
        "severity": {"type": "string", "enum": ["critical", "high", "low", "medium", "info"]},
        "result": {"type": "string", "enum": ["pass", "fail", "warn", "error", "skip"]},
        "properties": texts, "resources": {"type": "array", "items": reference}}});
    let summary = json!({"type": "object", "properties":
        {"pass": number, "fail": number, "warn": number, "error": number, "skip": number}});
    let schema = json!({"type": "object", "properties": {"apiVersion": text, "kind": text,
        "metadata": {"type": "object"}, "scope": reference, "summary": summary,
        "results": {"type": "array", "items": result}}});
    json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": format!("{plural}.wgpolicyk8s.io"),
            "annotations": {"api-approved.kubernetes.io": "unapproved, for a test"}},
        "spec": {"group": "wgpolicyk8s.io", "scope": scope,
            "names": {"plural": plural, "singular": kind.to_lowercase(), "kind": kind, "listKind": format!("{kind}List")},
            "versions": [{"name": "v1alpha2", "served": true, "storage": true, "schema": {"openAPIV3Schema": schema}}]}})
}

fn define(api: &Api) {
    let all = [
        ("policyreports", "PolicyReport", "Namespaced"),
        ("clusterpolicyreports", "ClusterPolicyReport", "Cluster"),
    ];
    for (plural, kind, scope) in all {
        let path = format!("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{plural}.wgpolicyk8s.io");
        api.apply(&path, &definition(plural, kind, scope).to_string());
        until("the API server has the resource", || {
            api.get(&format!("/apis/wgpolicyk8s.io/v1alpha2/{plural}")).status == 200
        });
    }
}

#[test]
fn policy_reports_are_kept_in_line() {
    let Some(api) = Api::connect() else { return };
    define(&api);
    let namespace = api.namespace(&json!({}));
    fill(&api, &namespace);
    let path = format!("/apis/wgpolicyk8s.io/v1alpha2/namespaces/{namespace}/policyreports");
    let mut foreign = json!({"apiVersion": "wgpolicyk8s.io/v1alpha2", "kind": "PolicyReport",
        "metadata": {"name": "podgate-foreign", "labels": {"app.kubernetes.io/managed-by": "kyverno"}}});
    created(&api, &path, &foreign);
    foreign["metadata"] =
        json!({"name": "podgate-stale", "labels": {"app.kubernetes.io/managed-by": "podgate"}});
    created(&api, &path, &foreign);
    let stored = || {
        let (code, _, said) =
            report(&mut scan(&api, &["-n", &namespace, "--format", "json", "--policy-reports"]));
        assert_eq!(said, "");
        let items = api.get(&path).json()["items"].as_array().unwrap().clone();
        let one = |item: &Value| {
            let name = item["scope"]["name"].as_str().unwrap_or("").to_owned();
            (name, item["metadata"]["resourceVersion"].as_str().unwrap().to_owned())
        };
        (code, items.iter().map(one).collect::<Vec<_>>())
    };
    let (code, first) = stored();
    let names: Vec<&str> = first.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!((code, names), (Some(1), vec!["nightly", "agents", "", "zebra"]));
    assert_eq!(stored(), (code, first), "what is as it was is not written");
    api.delete(&format!("{}/zebra?gracePeriodSeconds=0", pods(&namespace)));
    let (_, last) = stored();
    assert_eq!(last.len(), 3, "the report over what is gone is gone: {last:?}");
}

/// With the rights that the chart gives, and no others.
#[test]
fn the_rights_of_the_chart_are_enough() {
    let (Some(api), Some(helm)) = (Api::connect(), named_by("PODGATE_HELM")) else { return };
    define(&api);
    let namespace = api.namespace(&json!({}));
    fill(&api, &namespace);
    let folder = tempfile::tempdir().unwrap();
    let values = [
        "--set",
        "scan.enabled=true,scan.policyReports=wgpolicyk8s.io",
        "--show-only",
        "templates/scan.yaml",
    ];
    let chart = concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy/helm/podgate");
    let rendered = Command::new(helm)
        .args(["template", "podgate", chart, "--namespace", &namespace])
        .args(values)
        .output()
        .unwrap();
    assert!(rendered.status.success(), "{rendered:?}");
    let text = String::from_utf8(rendered.stdout).unwrap();
    for document in podgate::document::read("chart", text, &podgate::document::Limits::default()) {
        let object = json!(document.unwrap().root());
        let name = object["metadata"]["name"].as_str().unwrap_or_default();
        let path = match object["kind"].as_str().unwrap_or_default() {
            "ServiceAccount" => format!("/api/v1/namespaces/{namespace}/serviceaccounts/{name}"),
            "ClusterRole" => format!("/apis/rbac.authorization.k8s.io/v1/clusterroles/{name}"),
            "ClusterRoleBinding" => format!("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/{name}"),
            "CronJob" => format!("/apis/batch/v1/namespaces/{namespace}/cronjobs/{name}"),
            _ => continue,
        };
        api.apply(&path, &object.to_string());
    }
    let config = std::fs::read_to_string(api.folder().join("kubeconfig")).unwrap();
    let account = format!("system:serviceaccount:{namespace}:podgate-scan");
    let config = config.replace("client-certificate:", &format!("as: '{account}', client-certificate:"));
    assert!(config.contains(&account), "{config}");
    let file = folder.path().join("kubeconfig");
    std::fs::write(&file, config).unwrap();
    let run = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_podgate-tested"));
        command.arg("scan").arg("--kubeconfig").arg(&file).args(["--format", "json"]).args(args);
        let (code, report, said) = report(&mut command);
        (code != Some(3), report["notEvaluated"].clone(), said)
    };
    // Of the whole cluster nothing is written: other tests have namespaces of their own.
    for args in [vec![], vec!["-n", &namespace, "--policy-reports"]] {
        let mut last = (false, json!([]), String::new());
        // Rights count once the API server has seen them.
        until("the rights count", || {
            last = run(&args);
            last.0
        });
        assert_eq!(last, (true, json!([]), String::new()), "{args:?}");
    }
}
