//! The plain manifests, as the guide installs them, but for what needs a node: a replica of the Deployment is a process
//! here, with its arguments and the rights of its service account, and its Service is this machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use podgate::document::{self, Limits};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::api::{Api, pods};
use super::passage::Passage;
use super::webhook::CONFIGURATIONS;
use super::{pod, until};
use crate::server::Server;

const MANIFESTS: &str = "../deploy/manifests/podgate.yaml";

fn manifests() -> Vec<Value> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(MANIFESTS)).unwrap();
    let documents = document::read(MANIFESTS, text, &Limits::default());
    let values = documents.into_iter().map(|document| json!(document.unwrap().root()));
    values.filter(|value| !value.is_null()).collect()
}

fn of_kind<'a>(all: &'a [Value], kind: &str) -> &'a Value {
    all.iter().find(|one| one["kind"] == kind).unwrap()
}

/// Where an object is, by its kind and its names.
fn path(object: &Value) -> String {
    let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str);
    let version = text("/apiVersion").unwrap();
    let root = if version.contains('/') { "apis" } else { "api" };
    let kind = text("/kind").unwrap().to_lowercase();
    let plural = kind.strip_suffix('y').map_or(format!("{kind}s"), |stem| format!("{stem}ies"));
    let space = text("/metadata/namespace").map_or(String::new(), |space| format!("namespaces/{space}/"));
    format!("/{root}/{version}/{space}{plural}/{}", text("/metadata/name").unwrap())
}

/// Applies everything, first as it is shipped and as a dry run. The webhook configuration is left to [`configure`].
fn install(api: &Api, all: &[Value]) {
    let space = of_kind(all, "Namespace");
    api.apply(&path(space), &space.to_string());
    for object in all {
        let dry = format!("{}?fieldManager=shipped&force=true&dryRun=All", path(object));
        let answer = api.ask("PATCH", &dry, "application/apply-patch+yaml", &object.to_string());
        assert!(matches!(answer.status, 200 | 201) && answer.warnings.is_empty(), "{answer:?}");
    }
    for object in all.iter().filter(|one| one["kind"] != "ValidatingWebhookConfiguration") {
        let mut object = object.clone();
        if object["kind"] == "Service" {
            object["spec"] = json!({"type": "ExternalName", "externalName": "localhost"});
        }
        api.apply(&path(&object), &object.to_string());
    }
}

/// A kubeconfig with the token that the Deployment's pods would have.
fn account(api: &Api, folder: &Path) -> PathBuf {
    let asked = json!({"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}});
    let token = api.create("/api/v1/namespaces/podgate/serviceaccounts/podgate/token", &asked);
    assert_eq!(token.status, 201, "{token:?}");
    let token = token.json()["status"]["token"].as_str().unwrap().to_owned();
    let (file, authority) = (folder.join("kubeconfig"), api.folder().join("ca.crt"));
    let cluster = json!({"server": format!("https://{}", api.address()), "certificate-authority": authority});
    let config = json!({"apiVersion": "v1", "kind": "Config", "current-context": "a",
        "contexts": [{"name": "a", "context": {"cluster": "a", "user": "a"}}],
        "clusters": [{"name": "a", "cluster": cluster}], "users": [{"name": "a", "user": {"token": token}}]});
    fs::write(&file, config.to_string()).unwrap();
    file
}

/// A replica with the arguments of the Deployment, but for addresses and for the places of files.
fn replica(api: &Api, all: &[Value]) -> Server {
    let folder = Arc::new(TempDir::new().unwrap());
    let kubeconfig = account(api, folder.path());
    let settings = of_kind(all, "ConfigMap")["data"]["podgate.yaml"].as_str().unwrap();
    fs::write(folder.path().join("podgate.yaml"), settings).unwrap();
    let args = &of_kind(all, "Deployment")["spec"]["template"]["spec"]["containers"][0]["args"];
    let args = args.as_array().unwrap().iter().map(|arg| arg.as_str().unwrap());
    // What the test's server is always started with.
    let here = ["serve", "--listen", "--metrics-listen", "--log-format"];
    let args = args.filter(|arg| !here.contains(&arg.split('=').next().unwrap()));
    let args: Vec<String> = args
        .map(|arg| match arg.split_once("=/etc/podgate/") {
            None => arg.to_owned(),
            Some((name, path)) => format!("{name}={}", path.rsplit('/').next().unwrap()),
        })
        .collect();
    let args: Vec<&str> = args.iter().map(String::as_str).chain(["--shutdown-delay=0"]).collect();
    Server::start_with(folder, &args, &kubeconfig)
}

/// The shipped configuration, for one namespace.
fn configure(api: &Api, all: &[Value], namespace: &str, service: &Passage) {
    let mut own = of_kind(all, "ValidatingWebhookConfiguration").clone();
    for webhook in own["webhooks"].as_array_mut().unwrap() {
        assert!(webhook["clientConfig"]["caBundle"].is_null(), "podgate writes it");
        webhook["clientConfig"]["service"]["port"] = json!(service.address.port());
        let only = json!({"key": "kubernetes.io/metadata.name", "operator": "In", "values": [namespace]});
        webhook["namespaceSelector"]["matchExpressions"].as_array_mut().unwrap().push(only);
    }
    api.apply(&path(&own), &own.to_string());
}

#[test]
fn the_plain_manifests_are_taken_and_judge_pods() {
    let Some(api) = Api::connect() else { return };
    let (all, namespace) = (manifests(), api.namespace(&json!({})));
    install(&api, &all);

    // Pod Security Admission, which the manifests ask to be strict, takes podgate's own pods.
    let mut own = of_kind(&all, "Deployment")["spec"]["template"].clone();
    own["metadata"]["name"] = json!("podgate-0");
    let taken = api.create(&format!("{}?dryRun=All", pods("podgate")), &own);
    assert_eq!((taken.status, taken.warnings.clone()), (201, Vec::<String>::new()), "{taken:?}");

    let service = Passage::start(&[]);
    configure(&api, &all, &namespace, &service);
    let replicas = [replica(&api, &all), replica(&api, &all)];
    for replica in &replicas {
        until("a replica is ready", || replica.operators("/readyz") == (200, "ok\n".to_owned()));
    }
    service.lead(&[replicas[0].address, replicas[1].address]);
    until("the webhook is asked", || api.try_pod(&pod(&namespace, "agent", true)).status == 403);
    let safe = api.create_pod(&pod(&namespace, "agent", false));
    assert_eq!(safe.status, 201, "{safe:?}");
    let judged = "podgate_request_duration_seconds_count{endpoint=\"validate\"}";
    let judged = || replicas.iter().map(|replica| replica.metric(judged)).sum::<f64>();
    let before = judged();
    let pod = format!("{}/agent", pods(&namespace));
    let merged = api.merge(&pod, &json!({"metadata": {"finalizers": ["example.com/a"]}}));
    assert_eq!((merged.status, judged()), (200, before), "policies do not see it");
    let merged = api.merge(&pod, &json!({"metadata": {"labels": {"a": "b"}}}));
    assert_eq!((merged.status, judged()), (200, before + 1.0), "{merged:?}");

    install_again(&api, &all, &namespace, &service);
    assert_eq!(api.try_pod(&crate::cluster::pod(&namespace, "other", true)).status, 403);
    has_no_other_rights(&api);
    api.delete(&path(of_kind(&all, "ValidatingWebhookConfiguration")));
    api.delete(&path(of_kind(&all, "Secret")));
}

/// An upgrade, which applies everything again: what podgate has written stays.
fn install_again(api: &Api, all: &[Value], namespace: &str, service: &Passage) {
    let secret = path(of_kind(all, "Secret"));
    let before = api.get(&secret).json()["data"].clone();
    assert_eq!(before.as_object().map_or(0, serde_json::Map::len), 3, "{before}");
    install(api, all);
    configure(api, all, namespace, service);
    assert_eq!(api.get(&secret).json()["data"], before);
    let configuration = api.get(&path(of_kind(all, "ValidatingWebhookConfiguration"))).json();
    for webhook in configuration["webhooks"].as_array().unwrap() {
        assert_eq!(webhook["clientConfig"]["caBundle"], before["ca.crt"]);
    }
}

/// What the service account may not do.
fn has_no_other_rights(api: &Api) {
    let own = api.account("podgate", "podgate");
    let secret = |name: &str| json!({"metadata": {"name": name}});
    assert_eq!(own.get("/api/v1/namespaces/podgate/secrets/podgate-managed-certificate").status, 200);
    let names =
        "/api/v1/namespaces/podgate/secrets?fieldSelector=metadata.name%3Dpodgate-managed-certificate";
    assert_eq!(own.get(names).status, 200);
    for path in [
        "/api/v1/namespaces/podgate/secrets",
        "/api/v1/namespaces/podgate/secrets/other",
        "/api/v1/namespaces/kube-system/secrets/podgate-managed-certificate",
        "/api/v1/namespaces",
        "/api/v1/pods",
        CONFIGURATIONS,
        &format!("{CONFIGURATIONS}/gatekeeper-validating-webhook-configuration"),
        "/apis/externaldata.gatekeeper.sh/v1beta1/providers",
    ] {
        assert_eq!(own.get(path).status, 403, "{path}");
    }
    assert_eq!(own.create("/api/v1/namespaces/podgate/secrets", &secret("more")).status, 403);
    let removed = own.ask("DELETE", &format!("{CONFIGURATIONS}/podgate"), "application/json", "{}");
    assert_eq!(removed.status, 403);
}
