//! The plain manifests, as the guide installs them, but for what needs a node: a replica of the Deployment is a process
//! here, with its arguments, its Service is this machine, and its certificate is not cert-manager's.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use podgate::document::{self, Limits};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::api::{Api, pods};
use super::webhook::bundle;
use super::{pod, until};
use crate::authority::Authority;
use crate::server::Server;

const MANIFESTS: &str = "../deploy/manifests/podgate.yaml";

/// The manifests, without those of cert-manager's kinds.
fn manifests() -> Vec<Value> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(MANIFESTS)).unwrap();
    let documents = document::read(MANIFESTS, text, &Limits::default());
    let values = documents.into_iter().map(|document| json!(document.unwrap().root()));
    values.filter(|value| !value.is_null() && value["apiVersion"] != "cert-manager.io/v1").collect()
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

/// A replica with the arguments of the Deployment, but for addresses and for the places of files.
fn replica(all: &[Value], authority: &Authority) -> Server {
    let folder = Arc::new(TempDir::new().unwrap());
    authority.leaf(2100).write(folder.path(), "tls");
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
    Server::start(folder, &args)
}

/// The shipped configuration, for one namespace.
fn configure(api: &Api, all: &[Value], namespace: &str, replica: &Server, authority: &Authority) {
    let mut own = of_kind(all, "ValidatingWebhookConfiguration").clone();
    for webhook in own["webhooks"].as_array_mut().unwrap() {
        webhook["clientConfig"]["caBundle"] = json!(bundle(&[&authority.pem]));
        webhook["clientConfig"]["service"]["port"] = json!(replica.address.port());
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

    let authority = Authority::new();
    let replica = replica(&all, &authority);
    configure(&api, &all, &namespace, &replica, &authority);
    until("the webhook is asked", || api.try_pod(&pod(&namespace, "agent", true)).status == 403);
    let safe = api.create_pod(&pod(&namespace, "agent", false));
    assert_eq!(safe.status, 201, "{safe:?}");
    let judged = "podgate_request_duration_seconds_count{endpoint=\"validate\"}";
    let before = replica.metric(judged);
    let pod = format!("{}/agent", pods(&namespace));
    let merged = api.merge(&pod, &json!({"metadata": {"finalizers": ["example.com/a"]}}));
    assert_eq!((merged.status, replica.metric(judged)), (200, before), "policies do not see it");
    let merged = api.merge(&pod, &json!({"metadata": {"labels": {"a": "b"}}}));
    assert_eq!((merged.status, replica.metric(judged)), (200, before + 1.0), "{merged:?}");
    api.delete(&path(of_kind(&all, "ValidatingWebhookConfiguration")));
}
