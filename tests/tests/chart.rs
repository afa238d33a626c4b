//! The Helm chart and the plain manifests: Kubernetes knows every field, podgate's own pods pass podgate, nothing that
//! keeps the cluster alive waits for it, and the program takes the arguments that it is given.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use k8s_openapi::api::admissionregistration::v1::ValidatingWebhookConfiguration;
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::batch::v1::CronJob;
use k8s_openapi::api::core::v1::{ConfigMap, Namespace, ResourceQuota, Secret, Service, ServiceAccount};
use k8s_openapi::api::networking::v1::NetworkPolicy;
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding, Role, RoleBinding};
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

fn is_of_scan(object: &Value) -> bool {
    object["metadata"]["name"].as_str().unwrap().ends_with("-scan")
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
        "ResourceQuota" => by::<ResourceQuota>(object),
        "Role" => by::<Role>(object),
        "RoleBinding" => by::<RoleBinding>(object),
        "Secret" => by::<Secret>(object),
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
            let severe: BTreeSet<&str> = severe.map(|one| one.policy.as_str()).collect();
            let Asks { certificate, labels, .. } = asks(&name);
            // What asks the API server has a token, and says so.
            let expected = ["CI601"].into_iter().filter(|_| profile == "ci" && (certificate || labels));
            assert_eq!((severe, report.summary.denied), (expected.collect(), false), "{name}");
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

/// What the server asks the API server for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Asks {
    /// Keeps its certificate.
    certificate: bool,
    /// Tells a Provider of Gatekeeper, and reads Gatekeeper's authority.
    provider: bool,
    /// Reads the labels of namespaces.
    labels: bool,
}

/// What it asks for in each of what is shipped.
fn asks(name: &str) -> Asks {
    let of = |certificate, provider, labels| Asks { certificate, provider, labels };
    match name.rsplit('/').next().unwrap() {
        "cert-manager.yaml" | "secret.yaml" => of(false, false, false),
        "namespaces.yaml" => of(false, false, true),
        "managed.yaml" => of(true, true, true),
        "manifests" | "chart" | "everything.yaml" => of(true, false, false),
        other => panic!("new values, `{other}`"),
    }
}

#[test]
fn rights_are_no_more_than_what_is_asked_for() {
    for (name, text) in shipped() {
        let Asks { certificate, provider, labels } = asks(&name);
        let own = if name == "manifests" { "podgate" } else { "sec" };
        let cluster_wide = if name == "manifests" { "podgate" } else { "sec-podgate" };
        let rule = |group: &str, resource: &str, names: &[&str], verbs: &[&str]| {
            let mut rule = json!({"apiGroups": [group], "resources": [resource], "verbs": verbs});
            if !names.is_empty() {
                rule["resourceNames"] = json!(names);
            }
            rule
        };
        let (reads, gatekeepers) = (["get", "list", "watch"], "gatekeeper-validating-webhook-configuration");
        let secret =
            rule("", "secrets", &["podgate-managed-certificate"], &["get", "list", "watch", "update"]);
        let patches = ["get", "list", "watch", "patch"];
        let configurations = ("admissionregistration.k8s.io", "validatingwebhookconfigurations");
        let all = [
            (certificate, rule(configurations.0, configurations.1, &[cluster_wide], &patches)),
            (provider, rule("externaldata.gatekeeper.sh", "providers", &["podgate"], &patches)),
            (provider, rule(configurations.0, configurations.1, &[gatekeepers], &reads)),
            (labels, rule("", "namespaces", &[], &reads)),
        ];
        let all: Vec<Value> =
            all.into_iter().filter(|(is_there, _)| *is_there).map(|(_, rule)| rule).collect();
        // The scan has rights of its own.
        let of_kind = |kind: &str| {
            let all = of_kind(&name, &text, kind).into_iter();
            all.filter(|one| !is_of_scan(one)).collect::<Vec<_>>()
        };
        let rules = |kind: &str| of_kind(kind).iter().map(|role| role["rules"].clone()).collect();
        let (role, cluster_role): (Vec<Value>, Vec<Value>) = (rules("Role"), rules("ClusterRole"));
        assert_eq!(role, if certificate { vec![json!([secret])] } else { Vec::new() }, "{name}");
        assert_eq!(cluster_role, if all.is_empty() { Vec::new() } else { vec![json!(all)] }, "{name}");
        for kind in ["RoleBinding", "ClusterRoleBinding"] {
            for binding in of_kind(kind) {
                let account = json!([{"kind": "ServiceAccount", "name": "podgate", "namespace": own}]);
                assert_eq!(binding["subjects"], account, "{name}");
            }
        }
        for secret in of_kind("Secret") {
            assert!(certificate && secret["data"].is_null(), "{name}: what is there is podgate's");
        }
    }
}

#[test]
fn only_what_asks_the_api_server_has_a_token_and_a_way_to_it() {
    for (name, text) in shipped() {
        let asks = asks(&name);
        let asks = asks.certificate || asks.labels;
        let pod = &of_kind(&name, &text, "Deployment")[0]["spec"]["template"]["spec"];
        assert_eq!(pod["automountServiceAccountToken"], false, "{name}");
        assert_eq!(of_kind(&name, &text, "ServiceAccount")[0]["automountServiceAccountToken"], false);
        let is_token = |volume: &&Value| volume["projected"].is_object();
        let tokens = pod["volumes"].as_array().unwrap().iter().filter(is_token).count();
        assert_eq!(tokens, usize::from(asks), "{name}");
        let egress = of_kind(&name, &text, "NetworkPolicy")[0]["spec"]["egress"].clone();
        let ports = |rule: &Value| {
            rule["ports"].as_array().unwrap().iter().map(|port| port["port"].as_u64().unwrap()).collect()
        };
        let ports: Vec<Vec<u64>> = egress.as_array().unwrap().iter().map(ports).collect();
        assert_eq!(ports, if asks { vec![vec![443, 6443, 8443, 16443]] } else { Vec::new() }, "{name}");
    }
}

/// What the scan may do, with and without reports and profiles that namespaces choose.
#[test]
fn the_scan_may_read_and_write_its_reports() {
    let may = |args: &[&str]| {
        let text = rendered(&[&["--set", "scan.enabled=true"], args].concat())?;
        let of_scan = |kind: &str| of_kind("scan", &text, kind).into_iter().rfind(is_of_scan).unwrap();
        let (role, binding) = (of_scan("ClusterRole"), of_scan("ClusterRoleBinding"));
        assert_eq!(binding["roleRef"]["name"], role["metadata"]["name"]);
        assert_eq!(
            binding["subjects"],
            json!([{"kind": "ServiceAccount", "name": "podgate-scan", "namespace": "sec"}])
        );
        let job = of_kind("scan", &text, "CronJob").remove(0);
        let pod = &job["spec"]["jobTemplate"]["spec"]["template"]["spec"];
        assert_eq!(
            (&pod["serviceAccountName"], &pod["automountServiceAccountToken"]),
            (&json!("podgate-scan"), &json!(false))
        );
        assert!(pod["volumes"].as_array().unwrap().iter().any(|volume| volume["projected"].is_object()));
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
        "certificates.lifetime=90d",
        "gatekeeper.provider=A",
        "gatekeeper.clientCA=ca.crt",
        "scan.policyReports=kyverno.io",
        "scan.failOn=always",
    ] {
        let Some(mut helm) = helm(&["--set", values]) else { return };
        assert!(!helm.output().unwrap().status.success(), "{values}");
    }
    for (values, is_taken) in [
        ("certificates.lifetime=0h", false),
        ("certificates.lifetime=87601h", false),
        ("certificates.lifetime=1h", true),
        ("certificates.lifetime=87600h", true),
        ("gatekeeper.provider=a..b", false),
        ("gatekeeper.provider=a.b", true),
        ("autoscaling.enabled=true,autoscaling.minReplicas=7", false),
        ("autoscaling.enabled=true,autoscaling.minReplicas=6", true),
        ("replicas=null", false),
        ("image=null", false),
        ("log.format=null", false),
        ("scan.enabled=true,settings.admission=null", false),
    ] {
        let Some(mut helm) = helm(&["--set", values]) else { return };
        assert_eq!(helm.output().unwrap().status.success(), is_taken, "{values}");
    }
}

#[test]
fn names_fit_whatever_the_release_is_called() {
    let long = "ci-guard-of-the-production-cluster-europe-w-4-blue-01";
    for (release, expected) in [
        ("podgate.prod", "podgate-prod"),
        ("gate", "gate-podgate"),
        (long, "ci-guard-of-the-production-cluster-europe-w-4-b"),
    ] {
        let Some(program) = named_by("PODGATE_HELM") else { return };
        let mut command = Command::new(program);
        command.args(["template", release, "--set", "scan.enabled=true"]).arg(deploy("helm/podgate"));
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        let name =
            |kind: &str| of_kind("chart", &text, kind)[0]["metadata"]["name"].as_str().unwrap().to_owned();
        assert_eq!(name("Service"), expected);
        assert_eq!(name("CronJob"), format!("{expected}-scan"));
        assert!(name("CronJob").len() <= 52, "{release}");
    }
}

/// Of whoever may read the metrics, none is not all.
#[test]
fn the_metrics_are_for_those_that_are_named() {
    for (values, rules) in [("networkPolicy.metricsFrom=[]", 1), ("networkPolicy.enabled=true", 2)] {
        let Some(text) = rendered(&["--set-json", values]) else { return };
        let ingress = of_kind("chart", &text, "NetworkPolicy")[0]["spec"]["ingress"].clone();
        assert_eq!(ingress.as_array().unwrap().len(), rules, "{values}");
    }
}

#[test]
fn settings_are_held_to_podgates_own_schema() {
    for (settings, wrong) in [
        (json!({"profiles": ["ci"]}), None),
        (json!({"profiles": ["ci"], "policies": {"CI101": {"mode": "deny"}}}), None),
        (json!({"profile": ["ci"]}), Some("profile")),
        (json!({"policies": {"CI101": {"mode": "block"}}}), Some("/settings/policies/CI101/mode")),
        (json!({"admission": {"exempt": {"users": "admin"}}}), Some("/settings/admission/exempt/users")),
    ] {
        let Some(mut helm) = helm(&["--set-json", &format!("settings={settings}")]) else { return };
        let output = helm.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.success(), wrong.is_none(), "{settings}: {said}");
        assert!(wrong.is_none_or(|wrong| said.contains(wrong)), "{settings}: {said}");
    }
}
