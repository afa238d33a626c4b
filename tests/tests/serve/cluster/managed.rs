//! The certificate that podgate makes itself, with the Secret, the webhook configuration and the Provider in a real API
//! server.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rustls::version::TLS13;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::api::Api;
use super::passage::Passage;
use super::webhook::{CONFIGURATIONS, bundle, configuration};
use super::{goes_on, pod, until};
use crate::Ends;
use crate::authority::{self, Authority};
use crate::client::Client;
use crate::server::Server;

const PROVIDERS: &str = "/apis/externaldata.gatekeeper.sh/v1beta1/providers";

/// What a cluster has of podgate before podgate starts: a Service, a webhook configuration and a Provider. Namespace,
/// configuration and Provider have one name.
struct Place<'a> {
    api: &'a Api,
    name: String,
    /// The Service: this machine, with as many replicas behind it as there are.
    service: Passage,
    folder: Arc<TempDir>,
    kubeconfig: PathBuf,
    /// What leads podgate to the API server.
    way: Passage,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.api.delete(&self.configuration());
            self.api.delete(&self.provider());
        }
    }
}

impl<'a> Place<'a> {
    fn new(api: &'a Api) -> Self {
        let (name, service) = (api.namespace(&json!({})), Passage::start(&[]));
        let (folder, way) = (Arc::new(TempDir::new().unwrap()), Passage::start(&[api.address()]));
        let kubeconfig = api.kubeconfig(folder.path(), &way);
        let own = Self { api, name, service, folder, kubeconfig, way };
        let namespace = &own.name;
        let object = json!({"metadata": {"name": "podgate"},
            "spec": {"type": "ExternalName", "externalName": "localhost"}});
        assert_eq!(api.create(&format!("/api/v1/namespaces/{namespace}/services"), &object).status, 201);
        let mut configured = configuration();
        configured["metadata"]["name"] = json!(namespace);
        let port = own.service.address.port();
        let client = json!({"service": {"namespace": namespace, "name": "podgate", "path": "/validate", "port": port}});
        let all = configured["webhooks"].as_array_mut().unwrap();
        all[0]["clientConfig"] = client;
        all[0]["namespaceSelector"] = json!({"matchLabels": {"kubernetes.io/metadata.name": namespace}});
        let mut other = all[0].clone();
        other["name"] = json!("other.example.com");
        other["clientConfig"]["service"]["name"] = json!("other");
        other["clientConfig"]["caBundle"] = json!(bundle(&[&Authority::new().pem]));
        other["namespaceSelector"] = json!({"matchLabels": {"kubernetes.io/metadata.name": "nowhere"}});
        all.push(other);
        assert_eq!(api.create(CONFIGURATIONS, &configured).status, 201);
        let provider = json!({"apiVersion": "externaldata.gatekeeper.sh/v1beta1", "kind": "Provider",
            "metadata": {"name": namespace}, "spec": {"timeout": 1, "caBundle": bundle(&[&Authority::new().pem]),
            "url": format!("https://podgate.{namespace}.svc:443/external-data")}});
        let made = api.create(PROVIDERS, &provider);
        assert_eq!(made.status, 201, "{made:?}");
        own
    }

    fn configuration(&self) -> String {
        format!("{CONFIGURATIONS}/{}", self.name)
    }

    fn provider(&self) -> String {
        format!("{PROVIDERS}/{}", self.name)
    }

    fn secret(&self) -> String {
        format!("/api/v1/namespaces/{}/secrets/podgate-certificate", self.name)
    }

    /// A replica, which is not yet behind the Service.
    fn replica(&self, lifetime: &str) -> Server {
        self.replica_of("podgate", lifetime)
    }

    /// A replica of the podgate that has this Service.
    fn replica_of(&self, service: &str, lifetime: &str) -> Server {
        let args = [
            format!("--managed-certificate={}/podgate-certificate", self.name),
            format!("--service={service}"),
            format!("--webhook-configuration={}", self.name),
            format!("--provider={}", self.name),
            format!("--certificate-lifetime={lifetime}"),
            "--shutdown-delay=0".to_owned(),
        ];
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        Server::start_with(Arc::clone(&self.folder), &args, &self.kubeconfig)
    }

    /// Waits until replicas take requests, and puts them behind the Service.
    fn serve(&self, replicas: &[&Server]) {
        for replica in replicas {
            until("a replica is ready", || replica.operators("/readyz") == (200, "ok\n".to_owned()));
        }
        self.service.lead(&replicas.iter().map(|replica| replica.address).collect::<Vec<_>>());
        until("the webhook refuses", || self.api.try_pod(&pod(&self.name, "agent", true)).status == 403);
    }

    /// A value of the Secret, in base64; nothing where there is none.
    fn value(&self, name: &str) -> String {
        let secret = self.api.get(&self.secret()).json();
        secret["data"][name].as_str().unwrap_or_default().to_owned()
    }

    /// Whom podgate's webhook, another one, and the Provider trust.
    fn trusted(&self) -> [Value; 3] {
        let configuration = self.api.get(&self.configuration()).json();
        let provider = self.api.get(&self.provider()).json();
        [
            configuration["webhooks"][0]["clientConfig"]["caBundle"].clone(),
            configuration["webhooks"][1]["clientConfig"]["caBundle"].clone(),
            provider["spec"]["caBundle"].clone(),
        ]
    }

    /// Whether webhook and Provider trust what the Secret says.
    fn is_told(&self) -> bool {
        let [own, _, provider] = self.trusted();
        let bundle = self.value("ca.crt");
        !bundle.is_empty() && own == *bundle && provider == *bundle
    }

    fn change(&self, path: &str, kind: &str, patch: &Value) {
        let answer = self.api.ask("PATCH", path, kind, &patch.to_string());
        assert_eq!(answer.status, 200, "{answer:?}");
    }
}

/// The text behind base64.
fn text(bundle: &str) -> String {
    String::from_utf8(BASE64_STANDARD.decode(bundle).unwrap()).unwrap()
}

/// The certificates in a text of PEM in base64.
fn count(bundle: &str) -> usize {
    text(bundle).matches("-----END CERTIFICATE-----").count()
}

/// Connects to all replicas again and again, and trusts what the webhook configuration said a moment before.
fn connects(api: &Api, name: &str, replicas: &[SocketAddr], done: &AtomicBool, asked: &AtomicUsize) {
    let trusted = || {
        let own = api.get(&format!("{CONFIGURATIONS}/{name}")).json();
        text(own["webhooks"][0]["clientConfig"]["caBundle"].as_str().unwrap())
    };
    let mut before = trusted();
    while !done.load(Ordering::Relaxed) {
        let config = authority::client(&before, &[&TLS13], None);
        before = trusted();
        for replica in replicas {
            let client = Client::tls_to(*replica, &format!("podgate.{name}.svc"), &config);
            assert_eq!(client.and_then(|mut client| client.get("/healthz")).unwrap().status, 200);
            asked.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Asks about a safe pod and a privileged one all the time, and connects anew, while something is done.
fn under_requests(place: &Place<'_>, replicas: &[Server; 2], what: impl FnOnce(&AtomicBool)) {
    let (done, asked) = (AtomicBool::new(false), AtomicUsize::new(0));
    let clients: Vec<Api> = (0..2).map(|_| place.api.again()).collect();
    let (api, addresses) = (place.api.again(), [replicas[0].address, replicas[1].address]);
    std::thread::scope(|scope| {
        let (flag, count, name) = (&done, &asked, &place.name);
        scope.spawn(move || {
            let _ends = Ends(flag);
            connects(&api, name, &addresses, flag, count);
        });
        for client in clients {
            let (done, asked, name) = (&done, &asked, &place.name);
            scope.spawn(move || {
                let _ends = Ends(done);
                goes_on(&client, name, done, asked);
            });
        }
        let _ends = Ends(&done);
        what(&done);
    });
    assert!(asked.load(Ordering::Relaxed) > 20, "{asked:?}");
    println!("{asked:?} requests, 0 failed");
}

#[test]
fn a_first_start_makes_the_certificate_and_tells_whom_to_trust() {
    let Some(api) = Api::connect() else { return };
    let place = Place::new(&api);
    let [_, other, _] = place.trusted();
    assert_eq!(api.get(&place.secret()).status, 404);
    let replica = place.replica("1h");
    let (status, text) = replica.operators("/readyz");
    assert!(status == 503 && text.starts_with("not yet there: certificate"), "{status} {text}");
    place.serve(&[&replica]);
    assert!(place.is_told());
    assert_eq!(place.trusted()[1], other, "another's webhook is nobody's business here");
    let secret = api.get(&place.secret()).json();
    assert_eq!(secret["type"], "Opaque");
    let keys: BTreeSet<&str> = secret["data"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, BTreeSet::from(["ca.crt", "tls.crt", "tls.key"]), "no key of the authority");
    let now = jiff::Timestamp::now().as_second() as f64;
    let left = replica.metric("podgate_certificate_expiry_timestamp_seconds") - now;
    assert!((3000.0..=3600.0).contains(&left), "{left}");

    // A replica that comes later finds all as it should be, and is ready at once.
    let version = secret["metadata"]["resourceVersion"].clone();
    let later = place.replica("1h");
    place.serve(&[&replica, &later]);
    assert_eq!(api.get(&place.secret()).json()["metadata"]["resourceVersion"], version);
    assert_eq!(later.metric("podgate_cluster_writes_total{object=\"secret\"}"), 0.0);
}

#[test]
fn what_others_overwrite_is_mended() {
    let Some(api) = Api::connect() else { return };
    let place = Place::new(&api);
    let replica = place.replica("1h");
    place.serve(&[&replica]);
    let foreign = bundle(&[&Authority::new().pem]);
    for wrong in [json!(foreign), json!(null)] {
        let patch = json!({"webhooks": [{"name": "pods.podgate.dev", "clientConfig": {"caBundle": wrong}}]});
        place.change(&place.configuration(), "application/strategic-merge-patch+json", &patch);
        until("the webhook configuration is mended", || place.is_told());
    }
    let patch = json!({"spec": {"caBundle": foreign}});
    place.change(&place.provider(), "application/merge-patch+json", &patch);
    until("the Provider is mended", || place.is_told());
    until("the webhook refuses", || api.try_pod(&pod(&place.name, "agent", true)).status == 403);
}

#[test]
fn a_damaged_secret_is_replaced_without_a_lost_request() {
    let Some(api) = Api::connect() else { return };
    let place = Place::new(&api);
    let replicas = [place.replica("1m"), place.replica("1m")];
    place.serve(&[&replicas[0], &replicas[1]]);
    under_requests(&place, &replicas, |done| {
        let mut shown = BTreeSet::from([place.value("tls.crt")]);
        let wrong = [
            json!({"data": {"tls.key": "Z2VoZWlt"}}),
            json!({"data": {"ca.crt": bundle(&[&Authority::new().pem])}}),
            json!({"data": {"tls.crt": "", "tls.key": "", "ca.crt": null}}),
        ];
        for damage in wrong {
            place.change(&place.secret(), "application/merge-patch+json", &damage);
            until("there is a new certificate", || {
                assert!(!done.load(Ordering::Relaxed), "a client failed");
                !place.value("tls.crt").is_empty() && !shown.contains(&place.value("tls.crt"))
            });
            shown.insert(place.value("tls.crt"));
            assert!(count(&place.value("ca.crt")) >= 2, "what replicas still show stays trusted");
            until("the webhook is told", || place.is_told());
            for replica in &replicas {
                replica.logged_where(|event| event["what"] == "certificate" && event["level"] == "INFO");
            }
        }
    });
    let removed = api.ask("DELETE", &place.secret(), "application/json", "{}");
    assert_eq!(removed.status, 200, "{removed:?}");
    until("there is a Secret again", || place.is_told());
}

#[test]
fn a_secret_of_somebody_else_is_left_alone() {
    let Some(api) = Api::connect() else { return };
    let place = Place::new(&api);
    let told = place.trusted();
    let foreign = json!({"metadata": {"name": "podgate-certificate"}, "data": {"tls.crt": "Z2VoZWlt"}});
    let made = api.create(&format!("/api/v1/namespaces/{}/secrets", place.name), &foreign);
    assert_eq!(made.status, 201, "{made:?}");
    let is_refused = |replica: &Server, why: &str| {
        until("it says why", || {
            let (status, text) = replica.operators("/readyz");
            assert!(!text.contains("Z2VoZWlt"), "values are secrets: {text}");
            status == 503 && text.contains(why)
        });
    };
    let replica = place.replica("1h");
    is_refused(&replica, "podgate did not make what it holds");
    assert_eq!(
        api.get(&place.secret()).json()["metadata"]["resourceVersion"],
        made.json()["metadata"]["resourceVersion"]
    );
    assert_eq!(place.trusted(), told);

    place.change(&place.secret(), "application/merge-patch+json", &json!({"data": null}));
    place.serve(&[&replica]);
    let secret = api.get(&place.secret()).json();
    assert_eq!(secret["metadata"]["annotations"], json!({"podgate.dev/service": "podgate"}));
    // What this replica knows for its own stays so, whoever takes the mark away.
    let strip = json!({"metadata": {"annotations": null}});
    place.change(&place.secret(), "application/merge-patch+json", &strip);
    until("the mark is there again", || {
        api.get(&place.secret()).json()["metadata"]["annotations"] == secret["metadata"]["annotations"]
    });
    let marked = api.get(&place.secret()).json();
    assert_eq!(marked["data"], secret["data"]);
    let secret = marked;
    let other = place.replica_of("other", "1h");
    is_refused(&other, "it is of podgate's Service `podgate`");
    assert_eq!(api.get(&place.secret()).json(), secret);
}

/// Two replicas that start at once and renew at once, while pods are created all the time.
#[test]
fn replicas_renew_together_without_a_lost_request() {
    let Some(api) = Api::connect() else { return };
    let place = Place::new(&api);
    let replicas = [place.replica("30s"), place.replica("30s")];
    place.serve(&[&replicas[0], &replicas[1]]);
    let mut shown = BTreeSet::from([place.value("tls.crt")]);
    under_requests(&place, &replicas, |done| {
        until("the certificate is renewed twice", || {
            assert!(!done.load(Ordering::Relaxed), "a client failed");
            shown.insert(place.value("tls.crt"));
            shown.len() >= 3
        });
        until("both show the newest", || {
            let expiry = |at: usize| replicas[at].metric("podgate_certificate_expiry_timestamp_seconds");
            assert!(!done.load(Ordering::Relaxed), "a client failed");
            expiry(0) == expiry(1)
        });
    });
    let made = replicas.map(|replica| {
        replica.terminate();
        replica.all().into_iter().filter(|event| event["message"] == "a certificate is made").count()
    });
    shown.insert(place.value("tls.crt"));
    assert_eq!(made.iter().sum::<usize>(), shown.len(), "each was made once: {made:?}");
}

#[test]
fn without_the_api_server_the_certificate_stays() {
    let Some(api) = Api::connect() else { return };
    let place = Place::new(&api);
    let replica = place.replica("1h");
    place.serve(&[&replica]);
    place.way.cut();
    until("it is told", || {
        let (status, text) = replica.operators("/readyz");
        let asked = place.way.address;
        status == 200
            && text.starts_with("ok\ncertificate: cannot be brought up to date: ")
            && text.contains(&format!("the API server `https://{asked}"))
    });
    assert_eq!(replica.metric("podgate_cluster_failing{what=\"certificate\"}"), 1.0);
    assert!(replica.metric("podgate_cluster_failures_total{what=\"certificate\"}") >= 1.0);
    replica.logged_where(|event| event["what"] == "certificate" && event["level"] == "ERROR");
    assert_eq!(api.try_pod(&pod(&place.name, "agent", true)).status, 403);
    assert_eq!(api.try_pod(&pod(&place.name, "agent", false)).status, 201);
    let foreign = bundle(&[&Authority::new().pem]);
    place.change(&place.provider(), "application/merge-patch+json", &json!({"spec": {"caBundle": foreign}}));
    place.way.lead(&[api.address()]);
    until("all is well again", || {
        replica.operators("/readyz") == (200, "ok\n".to_owned()) && place.is_told()
    });
    assert_eq!(replica.metric("podgate_cluster_failing{what=\"certificate\"}"), 0.0);
}

/// Two configurations, of which podgate may read and write one: that one is told, and of the other is said why not.
#[test]
fn each_that_can_be_told_is_told() {
    let Some(api) = Api::connect() else { return };
    let place = Place::new(&api);
    let name = &place.name;
    let second = format!("{name}-second");
    let mut own = configuration();
    own["metadata"]["name"] = json!(second);
    own["webhooks"][0]["clientConfig"] =
        json!({"service": {"namespace": name, "name": "podgate", "path": "/validate"}});
    own["webhooks"][0]["namespaceSelector"] =
        json!({"matchLabels": {"kubernetes.io/metadata.name": "nowhere"}});
    assert_eq!(api.create(CONFIGURATIONS, &own).status, 201);
    let rbac = "/apis/rbac.authorization.k8s.io/v1";
    let role = json!({"metadata": {"name": name}, "rules": [
        {"apiGroups": [""], "resources": ["secrets"], "verbs": ["*"]},
        {"apiGroups": ["admissionregistration.k8s.io"], "resources": ["validatingwebhookconfigurations"],
            "resourceNames": [second], "verbs": ["*"]}]});
    let binding = json!({"metadata": {"name": name},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": name},
        "subjects": [{"kind": "ServiceAccount", "name": "default", "namespace": name}]});
    assert_eq!(api.create(&format!("{rbac}/clusterroles"), &role).status, 201);
    assert_eq!(api.create(&format!("{rbac}/clusterrolebindings"), &binding).status, 201);
    let account = format!("system:serviceaccount:{name}:default");
    let config = std::fs::read_to_string(&place.kubeconfig).unwrap();
    let config = config.replace("client-certificate:", &format!("as: '{account}', client-certificate:"));
    std::fs::write(&place.kubeconfig, config).unwrap();
    let args = [
        format!("--managed-certificate={name}/podgate-certificate"),
        "--service=podgate".to_owned(),
        format!("--webhook-configuration={name}"),
        format!("--webhook-configuration={second}"),
        "--shutdown-delay=0".to_owned(),
    ];
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let replica = Server::start_with(Arc::clone(&place.folder), &args, &place.kubeconfig);
    until("the second is told", || {
        let told = api.get(&format!("{CONFIGURATIONS}/{second}")).json();
        let told = told["webhooks"][0]["clientConfig"]["caBundle"].as_str().unwrap_or_default().to_owned();
        !told.is_empty() && told == place.value("ca.crt")
    });
    let said = format!("cannot read webhook-configuration `{name}`: the API server answers 403: ");
    until("of the first is said why not", || replica.operators("/readyz").1.contains(&said));
    assert_eq!(replica.metric("podgate_cluster_writes_total{object=\"webhook-configuration\"}"), 1.0);
    for path in [
        format!("{CONFIGURATIONS}/{second}"),
        format!("{rbac}/clusterrolebindings/{name}"),
        format!("{rbac}/clusterroles/{name}"),
    ] {
        api.delete(&path);
    }
}

/// The command of the guide that has a certificate renewed, for both types that the Secret may have.
#[test]
fn an_emptied_secret_has_the_certificate_renewed() {
    let Some(api) = Api::connect() else { return };
    let guide =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/guides/admission-webhook.md"));
    let guide = guide.unwrap();
    let (_, rest) = guide.split_once("patch secret podgate-managed-certificate --patch '").unwrap();
    let (patch, _) = rest.split_once('\'').unwrap();
    let patch: Value = serde_json::from_str(patch).unwrap();
    for kind in ["Opaque", "kubernetes.io/tls"] {
        let place = Place::new(&api);
        let empty = json!({"metadata": {"name": "podgate-certificate"}, "type": kind,
            "data": {"tls.crt": "", "tls.key": ""}});
        let made = api.create(&format!("/api/v1/namespaces/{}/secrets", place.name), &empty);
        assert_eq!(made.status, 201, "{made:?}");
        let replica = place.replica("1h");
        place.serve(&[&replica]);
        let before = place.value("tls.crt");
        // As kubectl sends it.
        place.change(&place.secret(), "application/strategic-merge-patch+json", &patch);
        until("there is a new certificate", || {
            let now = place.value("tls.crt");
            !now.is_empty() && now != before
        });
    }
}
