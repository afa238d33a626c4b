//! What `deploy/gatekeeper` ships, in a real Gatekeeper: from the API server to the provider and back.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use podgate_tests::documents;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::api::Api;
use super::passage::Passage;
use super::webhook::{Webhook, bundle};
use super::{REFUSED, pod, provider, until};
use crate::authority::Authority;
use crate::client::{Answer, Client};
use crate::server::Server;

fn shipped(name: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/gatekeeper").join(name);
    fs::read_to_string(file).unwrap()
}

const PROVIDERS: &str = "/apis/externaldata.gatekeeper.sh/v1beta1/providers";
const TEMPLATE: &str = "/apis/templates.gatekeeper.sh/v1/constrainttemplates/podgateverdict";
const CONSTRAINTS: &str = "/apis/constraints.gatekeeper.sh/v1beta1/podgateverdict";

/// The shipped Provider under another name, at another address.
fn provide(api: &Api, name: &str, address: &str, authority: &str) {
    let url = shipped("provider.yaml")
        .lines()
        .find_map(|line| line.trim().strip_prefix("url: ").map(str::to_owned));
    let own = shipped("provider.yaml")
        .replace("name: podgate", &format!("name: {name}"))
        .replace(&url.unwrap(), &format!("https://{address}/external-data"))
        .replace("CA_OF_PODGATE", &bundle(&[authority]));
    api.apply(&format!("{PROVIDERS}/{name}"), &own);
}

/// The shipped constraints under other names, for one namespace and one provider.
fn constrain(api: &Api, namespace: &str, provider: &str) {
    until("Gatekeeper takes the template", || api.applies(TEMPLATE, &shipped("template.yaml")));
    for own in shipped("constraints.yaml").split("\n---\n") {
        let name = own.lines().find_map(|line| line.trim().strip_prefix("name: ")).unwrap();
        let unique = format!("{namespace}-{name}");
        let own = own
            .replace(&format!("name: {name}\n"), &format!("name: {unique}\n"))
            .replace(
                "excludedNamespaces: [",
                &format!("namespaces: [{namespace}]\n    excludedNamespaces: ["),
            )
            .replace("\nspec:\n", &format!("\nspec:\n  parameters: {{provider: {provider}}}\n"));
        until("there is the kind of the template", || api.applies(&format!("{CONSTRAINTS}/{unique}"), &own));
    }
}

fn message(answer: &Answer) -> String {
    answer.json()["message"].as_str().unwrap_or_default().to_owned()
}

const DENIED: &str = "admission webhook \"validation.gatekeeper.sh\" denied the request: ";
const UNKNOWN: &str = "podgate has no verdict on this object: ";

#[test]
fn whatever_goes_wrong_with_the_provider_denies() {
    let Some(api) = Api::connect() else { return };
    let (authority, other) = (Authority::new(), Authority::new());
    let address = provider::start(&authority.leaf(2100)).to_string();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let namespace = api.namespace(&json!({}));
    provide(&api, &namespace, &address, &authority.pem);
    constrain(&api, &namespace, &namespace);
    until("the constraint acts", || {
        let answer = api.try_pod(&pod(&namespace, "bad", false));
        message(&answer).contains("it is bad (CI0 bad). no See at")
    });
    assert_eq!(
        api.try_pod(&pod(&namespace, "clean", false)).status,
        201,
        "it admits what has a clean report"
    );
    let mut rows = 0;
    for fault in provider::FAULTS {
        // The second time Gatekeeper may have kept something.
        for _ in 0..2 {
            let answer = api.try_pod(&pod(&namespace, fault, false));
            assert_eq!(answer.status, 403, "{fault}: {answer:?}");
            let said = message(&answer);
            assert!(said.starts_with(DENIED) && said.contains(UNKNOWN), "{fault}: {said}");
            println!("{fault}: {}", said.split(UNKNOWN).nth(1).unwrap());
        }
        rows += 1;
    }
    for (fault, address, authority) in [
        ("down", &closed, &authority),
        ("wrong-authority", &address, &other),
        ("absent", &address, &authority),
    ] {
        let own = api.namespace(&json!({}));
        if fault != "absent" {
            provide(&api, &own, address, &authority.pem);
        }
        constrain(&api, &own, &own);
        until("the constraint acts", || {
            let said = message(&api.try_pod(&pod(&own, "clean", false)));
            said.starts_with(DENIED) && said.contains(UNKNOWN)
        });
        println!("{fault}: {}", message(&api.try_pod(&pod(&own, "clean", false))));
        rows += 1;
    }
    println!("{rows} ways to fail, each denied");
}

/// A server that takes the certificates of Gatekeeper alone.
fn podgate(api: &Api, authority: &Authority, args: &[&str]) -> Server {
    let folder = Arc::new(TempDir::new().unwrap());
    authority.leaf(2100).write(folder.path(), "tls");
    let own = api.folder().join("gatekeeper/ca.crt");
    fs::copy(own, folder.path().join("ca.crt")).unwrap();
    fs::create_dir(folder.path().join("rego")).unwrap();
    fs::write(folder.path().join("rego/own.rego"), rego("false")).unwrap();
    let tls =
        ["--tls-cert", "tls.crt", "--tls-key", "tls.key", "--client-ca", "ca.crt", "--shutdown-delay", "0"];
    Server::start(folder, &[&tls, args].concat())
}

/// The authority of Gatekeeper's certificate is read from Gatekeeper's own webhook configuration.
#[test]
fn gatekeepers_authority_is_known_from_its_webhook_configuration() {
    let Some(api) = Api::connect() else { return };
    let (namespace, authority) = (api.namespace(&json!({})), Authority::new());
    let folder = Arc::new(TempDir::new().unwrap());
    authority.leaf(2100).write(folder.path(), "tls");
    let way = Passage::start(&[]);
    let kubeconfig = api.kubeconfig(folder.path(), &way);
    let from = "--client-ca-from=gatekeeper-validating-webhook-configuration";
    let args = ["--tls-cert", "tls.crt", "--tls-key", "tls.key", from, "--shutdown-delay", "0"];
    let server = Server::start_with(folder, &args, &kubeconfig);
    provide(&api, &namespace, &server.address.to_string(), &authority.pem);
    constrain(&api, &namespace, &namespace);
    let said = || message(&api.try_pod(&pod(&namespace, "a", true)));
    until("nobody is answered as long as it is not known", || said().contains(UNKNOWN));
    way.lead(&[api.address()]);
    until("Gatekeeper is answered", || said().contains("CI201"));
    let other = authority.client(&[&rustls::version::TLS13], Some(&Authority::new().leaf(2100)));
    let other = Client::tls(server.address, &other).and_then(|mut client| client.get("/readyz"));
    assert!(other.is_err(), "another authority's certificate is not verified");
}

/// The policies that a message names, as in `(CI201 privileged)`.
fn policies(message: &str) -> BTreeSet<String> {
    let words = message.split(['(', ' ', ',']);
    let is_id = |word: &&str| {
        word.strip_prefix("CI").is_some_and(|rest| rest.len() == 3 && rest.parse::<u16>().is_ok())
    };
    words.filter(is_id).map(str::to_owned).collect()
}

#[test]
fn gatekeeper_says_of_every_fixture_what_the_webhook_says() {
    let Some(api) = Api::connect() else { return };
    let (by_webhook, by_gatekeeper) = (api.namespace(&json!({})), api.namespace(&json!({})));
    let _webhook = Webhook::start(&api, &by_webhook, "");
    let authority = Authority::new();
    let server = podgate(&api, &authority, &[]);
    provide(&api, &by_gatekeeper, &server.address.to_string(), &authority.pem);
    constrain(&api, &by_gatekeeper, &by_gatekeeper);
    until("the constraint acts", || message(&api.try_pod(&pod(&by_gatekeeper, "a", true))).contains("CI201"));
    assert_eq!(api.try_pod(&pod(&by_gatekeeper, "a", false)).status, 201);
    let (mut refused, mut admitted, mut invalid) = (0, 0, 0);
    for (name, object) in documents().unwrap() {
        if object["kind"] != "Pod" || !object["spec"].is_object() {
            continue;
        }
        let ask = |namespace: &str| {
            let mut pod = object.clone();
            pod["metadata"]["namespace"] = json!(namespace);
            pod["metadata"]["name"] = json!("p");
            for absent in ["serviceAccountName", "serviceAccount", "runtimeClassName", "priorityClassName"] {
                pod["spec"].as_object_mut().unwrap().remove(absent);
            }
            api.try_pod(&pod)
        };
        let (webhook, gatekeeper) = (ask(&by_webhook), ask(&by_gatekeeper));
        assert_eq!(webhook.status, gatekeeper.status, "{name}: {webhook:?}\n{gatekeeper:?}");
        match webhook.status {
            201 => admitted += 1,
            403 => {
                let (own, said) = (message(&webhook), message(&gatekeeper));
                assert!(own.starts_with(REFUSED) && said.starts_with(DENIED), "{name}: {own}\n{said}");
                assert_eq!(policies(&own), policies(&said), "{name}: {own}\n{said}");
                refused += 1;
            }
            _ => invalid += 1,
        }
    }
    println!(
        "{refused} pods refused for the same policies, {admitted} admitted, {invalid} invalid, 0 differences"
    );
    assert!(refused > 60 && admitted > 5, "{refused} {admitted} {invalid}");
    let answered = server.metric("podgate_external_data_keys_total{answer=\"value\"}");
    assert!(answered > 60.0, "{answered} keys were asked for");
}

#[test]
fn workloads_warn_debuggers_are_denied_and_old_pods_change_their_labels() {
    let Some(api) = Api::connect() else { return };
    let namespace = api.namespace(&json!({}));
    let path = super::api::pods(&namespace);
    for (name, privileged) in [("bad", true), ("good", false)] {
        assert_eq!(api.create_pod(&pod(&namespace, name, privileged)).status, 201);
    }
    let authority = Authority::new();
    let server = podgate(&api, &authority, &[]);
    provide(&api, &namespace, &server.address.to_string(), &authority.pem);
    constrain(&api, &namespace, &namespace);
    until("the constraint acts", || message(&api.try_pod(&pod(&namespace, "a", true))).contains("CI201"));

    let merge = |name: &str, patch: Value| api.merge(&format!("{path}/{name}"), &patch);
    assert_eq!(
        merge("bad", json!({"metadata": {"labels": {"a": "b"}, "finalizers": ["example.com/a"]}})).status,
        200
    );
    let image = json!({"spec": {"containers": [{"name": "build", "image": "registry.example/build:2"}]}});
    assert!(message(&merge("bad", image)).contains("CI201"));
    let debugger = json!({"spec": {"ephemeralContainers": [{"name": "debugger", "image": "registry.example/debug:1",
        "securityContext": {"privileged": true}}]}});
    let refused = merge("good/ephemeralcontainers", debugger);
    assert!(message(&refused).contains("container \"debugger\" is privileged"), "{refused:?}");

    let deployments = format!("/apis/apps/v1/namespaces/{namespace}/deployments");
    let deployment = json!({"metadata": {"name": "agents"}, "spec": {"selector": {"matchLabels": {"a": "a"}},
        "template": {"metadata": {"labels": {"a": "a"}}, "spec": pod(&namespace, "a", true)["spec"]}}});
    let mut warned = api.create(&format!("{deployments}?dryRun=All"), &deployment);
    until("the constraint of workloads acts", || {
        warned = api.create(&format!("{deployments}?dryRun=All"), &deployment);
        !warned.warnings.is_empty()
    });
    assert_eq!(warned.status, 201);
    assert!(warned.warnings[0].contains("container \"build\" is privileged"), "{warned:?}");
}

/// A policy of one's own.
fn rego(condition: &str) -> String {
    format!("package own\nimport rego.v1\nviolation contains {{\"msg\": \"m\"}} if {condition}\n")
}

/// A policy that fails denies, and once it is mended the same object is admitted: Gatekeeper, which keeps answers for
/// three minutes, has kept nothing of the failure.
#[test]
fn a_failure_is_not_kept() {
    let Some(api) = Api::connect() else { return };
    let namespace = api.namespace(&json!({}));
    let authority = Authority::new();
    let server = podgate(&api, &authority, &["--policies", "rego"]);
    provide(&api, &namespace, &server.address.to_string(), &authority.pem);
    constrain(&api, &namespace, &namespace);
    let safe = pod(&namespace, "safe", false);
    until("the constraint acts", || message(&api.try_pod(&pod(&namespace, "a", true))).contains("CI201"));
    server.write("rego/own.rego", &rego("count(input.review.object.metadata.name) > 1 / 0"));
    server.logged_where(|event| event["what"] == "policies");
    let said = message(&api.try_pod(&safe));
    assert!(said.contains(UNKNOWN) && said.contains("policy `own` failed"), "{said}");
    server.write("rego/own.rego", &rego("false"));
    server.logged_where(|event| event["what"] == "policies");
    let answer = api.try_pod(&safe);
    assert_eq!(answer.status, 201, "{answer:?}");
}
