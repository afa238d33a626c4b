//! The Helm chart and the plain manifests: Kubernetes knows every field, podgate's own pods pass podgate, nothing that
//! keeps the cluster alive waits for it, and the program takes the arguments that it is given.

use std::path::{Path, PathBuf};
use std::process::Command;

use k8s_openapi::api::admissionregistration::v1::ValidatingWebhookConfiguration;
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::batch::v1::CronJob;
use k8s_openapi::api::core::v1::{ConfigMap, Namespace, Service, ServiceAccount};
use k8s_openapi::api::networking::v1::NetworkPolicy;
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding};
use podgate::document::{self, Limits};
use podgate::policy::Severity;
use podgate::{Gate, Settings};
use podgate_tests::{check, named_by};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// The folder of a part of the deployment.
fn deploy(part: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy").join(part)
}

/// Helm, and the arguments with which it renders the chart.
fn helm(args: &[&str]) -> Option<Command> {
    let mut command = Command::new(named_by("PODGATE_HELM")?);
    command.arg("template").args(["podgate", "--namespace", "sec"]).args(args).arg(deploy("helm/podgate"));
    Some(command)
}

fn rendered(args: &[&str]) -> Option<String> {
    let output = helm(args)?.output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

/// Everything that is shipped, by what it is called: the plain manifests always, the chart where Helm is.
fn shipped() -> Vec<(String, String)> {
    let plain = std::fs::read_to_string(deploy("manifests/podgate.yaml")).unwrap();
    let mut all = vec![("manifests".to_owned(), plain)];
    all.extend(rendered(&[]).map(|text| ("chart".to_owned(), text)));
    for entry in std::fs::read_dir(deploy("helm/podgate/ci")).unwrap() {
        let file = entry.unwrap().path();
        let name = file.display().to_string();
        all.extend(rendered(&["--values", &name]).map(|text| (name, text)));
    }
    all
}

fn objects(name: &str, text: &str) -> Vec<Value> {
    let documents = document::read(name, text, &Limits::default());
    let values = documents.into_iter().map(|document| json!(document.unwrap().root()));
    values.filter(|value| !value.is_null()).collect()
}

fn of_kind(name: &str, text: &str, kind: &str) -> Vec<Value> {
    objects(name, text).into_iter().filter(|object| object["kind"] == kind).collect()
}

/// The object once it has been read by its type, which drops what the type does not have.
fn typed(object: &Value) -> Option<Value> {
    fn by<T: DeserializeOwned + Serialize>(object: &Value) -> Value {
        json!(
            serde_json::from_value::<T>(object.clone()).unwrap_or_else(|error| panic!("{error}: {object:#}"))
        )
    }
    Some(match object["kind"].as_str().unwrap() {
        "ClusterRole" => by::<ClusterRole>(object),
        "ClusterRoleBinding" => by::<ClusterRoleBinding>(object),
        "ConfigMap" => by::<ConfigMap>(object),
        "CronJob" => by::<CronJob>(object),
        "Deployment" => by::<Deployment>(object),
        "HorizontalPodAutoscaler" => by::<HorizontalPodAutoscaler>(object),
        "Namespace" => by::<Namespace>(object),
        "NetworkPolicy" => by::<NetworkPolicy>(object),
        "PodDisruptionBudget" => by::<PodDisruptionBudget>(object),
        "Service" => by::<Service>(object),
        "ServiceAccount" => by::<ServiceAccount>(object),
        "ValidatingWebhookConfiguration" => by::<ValidatingWebhookConfiguration>(object),
        "Certificate" | "Issuer" | "ServiceMonitor" => return None,
        other => panic!("a new kind, `{other}`"),
    })
}

#[test]
fn kubernetes_has_every_field() {
    for (name, text) in shipped() {
        let objects = objects(&name, &text);
        assert!(objects.len() >= 8, "{name}: {}", objects.len());
        for object in objects {
            if let Some(typed) = typed(&object) {
                assert_eq!(typed, object, "{name}");
            }
        }
    }
}

#[test]
fn podgates_own_pods_pass() {
    for profile in ["ci", "pss-restricted:latest"] {
        let settings = Settings { profiles: vec![profile.to_owned()], ..Settings::default() };
        let gate = Gate::builder().settings(settings).build().unwrap();
        for (name, text) in shipped() {
            let report = check(&gate, &name, &text);
            assert!(!report.has_errors() && !report.subjects.is_empty(), "{name}: {report:#?}");
            let severe = report.findings.iter().filter(|one| one.severity >= Severity::Medium);
            let severe: Vec<&str> = severe.map(|one| one.policy.as_str()).collect();
            assert!(severe.is_empty() && !report.summary.denied, "{name}: {severe:?}");
        }
    }
}

#[test]
fn nothing_that_keeps_the_cluster_alive_is_judged() {
    let more =
        rendered(&["--set-json", "webhook.excludedNamespaces=[]"]).map(|text| ("none".to_owned(), text));
    for (name, text) in shipped().into_iter().chain(more) {
        let own = if name == "manifests" { "podgate" } else { "sec" };
        let configuration = of_kind(&name, &text, "ValidatingWebhookConfiguration").remove(0);
        let webhooks = configuration["webhooks"].as_array().unwrap();
        assert_eq!(webhooks.len(), 2, "{name}");
        assert_eq!(webhooks[0]["failurePolicy"], "Fail", "{name}");
        for webhook in webhooks {
            let excluded = &webhook["namespaceSelector"]["matchExpressions"][0];
            assert_eq!(
                (&excluded["key"], &excluded["operator"]),
                (&json!("kubernetes.io/metadata.name"), &json!("NotIn"))
            );
            let names = excluded["values"].as_array().unwrap();
            assert!(
                names.contains(&json!("kube-system")) && names.contains(&json!(own)),
                "{name}: {names:?}"
            );
            assert!(webhook["objectSelector"].is_null(), "{name}: an author could choose the label");
        }
    }
}

#[test]
fn the_webhook_has_no_rights() {
    for (name, text) in shipped() {
        for object in objects(&name, &text) {
            let kind = object["kind"].as_str().unwrap();
            let is_of_scan = object["metadata"]["name"].as_str().unwrap().ends_with("-scan");
            assert!(is_of_scan || !kind.contains("Role") && kind != "Secret", "{name}: {object:#}");
        }
        let pod = &of_kind(&name, &text, "Deployment")[0]["spec"]["template"]["spec"];
        assert_eq!(pod["automountServiceAccountToken"], false, "{name}");
        let is_token = |volume: &Value| volume["projected"].is_object();
        assert!(!pod["volumes"].as_array().unwrap().iter().any(is_token), "{name}");
    }
}

/// What the scan may do, with and without reports and profiles that namespaces choose.
#[test]
fn the_scan_may_read_and_write_its_reports() {
    let may = |args: &[&str]| {
        let text = rendered(&[&["--set", "scan.enabled=true"], args].concat())?;
        let of_scan = |kind: &str| {
            let all = of_kind("scan", &text, kind).into_iter();
            all.filter(|one| one["metadata"]["name"].as_str().unwrap().ends_with("-scan"))
                .next_back()
                .unwrap()
        };
        let (role, binding) = (of_scan("ClusterRole"), of_scan("ClusterRoleBinding"));
        assert_eq!(binding["roleRef"]["name"], role["metadata"]["name"]);
        assert_eq!(
            binding["subjects"],
            json!([{"kind": "ServiceAccount", "name": "podgate-scan", "namespace": "sec"}])
        );
        let job = of_kind("scan", &text, "CronJob").remove(0);
        assert_eq!(
            job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["serviceAccountName"],
            "podgate-scan"
        );
        let words = |list: &Value| {
            list.as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect::<Vec<_>>().join(",")
        };
        let rules = role["rules"].as_array().unwrap().iter();
        let rules = rules.map(|rule| format!("{} {}", words(&rule["resources"]), words(&rule["verbs"])));
        Some(rules.collect::<Vec<_>>())
    };
    let read = [
        "pods list",
        "replicasets get,list",
        "jobs get,list",
        "persistentvolumeclaims,persistentvolumes,serviceaccounts list",
    ];
    let Some(least) = may(&[]) else { return };
    assert_eq!(least, read);
    let chosen = ["--set-json", "settings={\"admission\": {\"namespaceProfiles\": [\"pss-baseline\"]}}"];
    assert_eq!(may(&chosen).unwrap()[4..], ["namespaces get,list"]);
    let reports = may(&["--set", "scan.policyReports=openreports.io"]).unwrap();
    assert_eq!(reports[4..], ["reports,clusterreports create,delete,list,patch"]);
}

#[test]
fn the_program_takes_its_arguments() {
    for (name, text) in shipped() {
        let deployment = of_kind(&name, &text, "Deployment").remove(0);
        let jobs = of_kind(&name, &text, "CronJob");
        let templates = jobs.iter().map(|job| &job["spec"]["jobTemplate"]["spec"]["template"]);
        for template in templates.chain([&deployment["spec"]["template"]]) {
            let args = &template["spec"]["containers"][0]["args"];
            let args = args.as_array().unwrap().iter().map(|arg| arg.as_str().unwrap());
            let mut program = Command::new(env!("CARGO_BIN_EXE_podgate-tested"));
            // An argument that is not known is refused before help is given.
            let output = program.args(args).arg("--help").output().unwrap();
            assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        }
    }
}

#[test]
fn wrong_values_are_refused() {
    for values in [
        "replicas=0",
        "replica=3",
        "image.digest=sha256:abc",
        "webhook.failurePolicy=Open",
        "certificates.mode=none",
        "certificates.mode=secret",
        "certificates.mode=self-managed",
        "gatekeeper.clientCA=ca.crt",
        "scan.policyReports=kyverno.io",
        "scan.failOn=always",
    ] {
        let Some(mut helm) = helm(&["--set", values]) else { return };
        assert!(!helm.output().unwrap().status.success(), "{values}");
    }
}
