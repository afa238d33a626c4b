//! Profiles that namespaces choose by their labels, as podgate reads them from a real API server.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::api::Api;
use super::passage::Passage;
use super::webhook::Webhook;
use super::{goes_on, pod, until};
use crate::Ends;
use crate::client::Answer;

const SETTINGS: &str =
    "profiles: [ci]\nadmission: {namespaceProfiles: [pss-baseline, 'pss-restricted:v1.30']}\n";

/// A pod that `ci` refuses and `pss-baseline` does not.
fn with_docker(namespace: &str, name: &str) -> Value {
    let mut own = pod(namespace, name, false);
    own["spec"]["containers"][0]["env"] = json!([{"name": "DOCKER_HOST", "value": "tcp://docker:2375"}]);
    own
}

fn message(answer: &Answer) -> String {
    answer.json()["message"].as_str().unwrap_or_default().to_owned()
}

/// podgate with a way to the API server that can be cut, for all namespaces of one test.
struct Place<'a> {
    api: &'a Api,
    way: Passage,
    webhook: Webhook<'a>,
    /// A namespace that has been there from the beginning.
    namespace: String,
    _kubeconfig: TempDir,
}

impl<'a> Place<'a> {
    fn new(api: &'a Api, settings: &str) -> Self {
        let namespace = api.namespace(&json!({}));
        let label = json!({"metadata": {"labels": {"podgate-test": namespace}}});
        assert_eq!(api.merge(&format!("/api/v1/namespaces/{namespace}"), &label).status, 200);
        let (folder, way) = (TempDir::new().unwrap(), Passage::start(&[api.address()]));
        let kubeconfig = api.kubeconfig(folder.path(), &way);
        let selector = json!({"namespaceSelector": {"matchLabels": {"podgate-test": namespace}}});
        let webhook = Webhook::start_asking(api, &namespace, settings, &[], &selector, &kubeconfig);
        Self { api, way, webhook, namespace, _kubeconfig: folder }
    }

    /// Changes labels of a namespace; null removes one.
    fn label(&self, namespace: &str, labels: &Value) {
        let patch = json!({"metadata": {"labels": labels}});
        let answer = self.api.merge(&format!("/api/v1/namespaces/{namespace}"), &patch);
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    /// A new namespace of this test with more labels.
    fn namespace(&self, labels: &Value) -> String {
        let mut all = json!({"podgate-test": self.namespace});
        all.as_object_mut().unwrap().extend(labels.as_object().unwrap().clone());
        self.api.namespace(&all)
    }

    fn ask(&self, namespace: &str) -> Answer {
        self.api.try_pod(&with_docker(namespace, "agent"))
    }

    fn lookups(&self, answer: &str) -> f64 {
        self.webhook.server.metric(&format!("podgate_namespace_lookups_total{{answer=\"{answer}\"}}"))
    }
}

#[test]
fn labels_choose_profiles_and_changes_count() {
    let Some(api) = Api::connect() else { return };
    let place = Place::new(&api, SETTINGS);
    let own = &place.namespace;
    assert!(message(&place.ask(own)).contains("podgate (profile ci) refuses"), "{:?}", place.ask(own));
    place.label(own, &json!({"podgate.dev/enforce": "pss-baseline"}));
    until("the label counts", || place.ask(own).status == 201);
    place.label(
        own,
        &json!({"podgate.dev/enforce": "pss-restricted", "podgate.dev/enforce-version": "v1.30"}),
    );
    let privileged = || message(&api.try_pod(&pod(own, "agent", true)));
    until("the other label counts", || privileged().contains("podgate (profile pss-restricted:v1.30)"));
    place.label(own, &json!({"podgate.dev/enforce": "privileged", "podgate.dev/enforce-version": null}));
    until("what the settings do not allow chooses nothing", || place.ask(own).status == 403);
    place.label(
        own,
        &json!({"podgate.dev/enforce": null, "podgate.dev/warn": "pss-restricted",
        "podgate.dev/warn-version": "v1.30"}),
    );
    let warned = || {
        api.try_pod(&json!({"apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": "agent", "namespace": own}, "spec": {"automountServiceAccountToken": false,
        "containers": [{"name": "a", "image": "a"}]}}))
    };
    until("the warning comes", || {
        warned().warnings.iter().any(|own| own.contains("PSS-allowPrivilegeEscalation"))
    });
    assert!(place.lookups("known") > 0.0);
}

#[test]
fn a_namespace_counts_from_its_first_moment() {
    let Some(api) = Api::connect() else { return };
    let place = Place::new(&api, SETTINGS);
    for _ in 0..20 {
        let namespace = place.namespace(&json!({"podgate.dev/enforce": "pss-baseline"}));
        let answer = place.ask(&namespace);
        assert_eq!(answer.status, 201, "{answer:?}");
        let namespace = place.namespace(&json!({}));
        assert_eq!(place.ask(&namespace).status, 403);
    }
    assert_eq!(place.lookups("unknown"), 0.0);
}

#[test]
fn what_cannot_be_known_is_refused_and_what_is_known_stays() {
    let Some(api) = Api::connect() else { return };
    let place = Place::new(&api, SETTINGS);
    let labels = json!({"podgate.dev/enforce": "pss-baseline"});
    place.label(&place.namespace, &labels);
    until("the label counts", || place.ask(&place.namespace).status == 201);
    place.way.cut();
    let server = &place.webhook.server;
    until("it is told", || server.metric("podgate_cluster_failing{what=\"namespaces\"}") == 1.0);
    let (status, text) = server.operators("/readyz");
    assert!(status == 200 && text.contains("namespaces: cannot be brought up to date: "), "{text}");
    assert_eq!(place.ask(&place.namespace).status, 201, "what was known stays");
    let new = place.namespace(&labels);
    let refused = api.try_pod(&pod(&new, "agent", false));
    let reason = format!("the labels of namespace `{new}` are not known");
    assert!(refused.status == 500 && message(&refused).contains(&reason), "{refused:?}");
    assert!(place.lookups("unknown") >= 1.0);
    place.way.lead(&[api.address()]);
    until("the new namespace is known", || place.ask(&new).status == 201);
    until("all is well again", || server.operators("/readyz") == (200, "ok\n".to_owned()));
    assert_eq!(server.metric("podgate_cluster_failing{what=\"namespaces\"}"), 0.0);
}

#[test]
fn requests_wait_for_the_first_list() {
    let Some(api) = Api::connect() else { return };
    let (folder, way) = (Arc::new(TempDir::new().unwrap()), Passage::start(&[]));
    std::fs::write(folder.path().join("podgate.yaml"), SETTINGS).unwrap();
    let kubeconfig = api.kubeconfig(folder.path(), &way);
    let server =
        crate::server::Server::start_with(folder, &["--plain-http", "--shutdown-delay", "0"], &kubeconfig);
    let (status, text) = server.operators("/readyz");
    assert!(status == 503 && text.starts_with("not yet there: namespaces\n"), "{text}");
    way.lead(&[api.address()]);
    until("it is ready", || server.operators("/readyz") == (200, "ok\n".to_owned()));
}

/// A set that wants labels of an account that may not list namespaces: nobody's pods are refused for it.
#[test]
fn settings_that_want_labels_count_once_these_are_known() {
    const OWN: &str = "profiles: [ci]\n";
    let Some(api) = Api::connect() else { return };
    let namespace = api.namespace(&json!({}));
    let (folder, way) = (TempDir::new().unwrap(), Passage::start(&[api.address()]));
    let kubeconfig = api.kubeconfig(folder.path(), &way);
    let account = format!("system:serviceaccount:{namespace}:default");
    let config = std::fs::read_to_string(&kubeconfig).unwrap();
    let config = config.replace("client-certificate:", &format!("as: '{account}', client-certificate:"));
    std::fs::write(&kubeconfig, config).unwrap();
    let webhook = Webhook::start_asking(&api, &namespace, OWN, &[], &json!({}), &kubeconfig);
    let server = &webhook.server;
    let judges_well = || {
        assert_eq!(api.try_pod(&pod(&namespace, "agent", false)).status, 201);
        assert_eq!(api.try_pod(&pod(&namespace, "agent", true)).status, 403);
    };
    server.write("podgate.yaml", SETTINGS);
    let forbidden = format!(
        "the settings have `admission.namespaceProfiles`, which needs the labels of namespaces: failed to perform \
         initial object list: the API server answers 403: namespaces is forbidden: User \"{account}\" cannot list \
         resource \"namespaces\" in API group \"\" at the cluster scope"
    );
    let event = server.logged_where(|event| event["what"] == "policies");
    assert_eq!((&event["level"], &event["reason"]), (&json!("ERROR"), &json!(forbidden)));
    let (status, text) = server.operators("/readyz");
    assert!(
        status == 200 && text.contains(&format!("policies: the newest files are refused: {forbidden}\n")),
        "{text}"
    );
    assert_eq!(server.metric("podgate_reload_refused{what=\"policies\"}"), 1.0);
    judges_well();

    // A set that wants none is taken, and what was wrong is forgotten.
    server.write("podgate.yaml", "profiles: [ci]\npolicies: {CI104: {mode: 'off'}}\n");
    until("all is well", || server.operators("/readyz") == (200, "ok\n".to_owned()));
    assert_eq!(server.metric("podgate_cluster_failing{what=\"namespaces\"}"), 0.0);

    server.write("podgate.yaml", SETTINGS);
    server.logged_where(|event| event["what"] == "policies" && event["level"] == "ERROR");
    judges_well();
    let rbac = "/apis/rbac.authorization.k8s.io/v1";
    let role = json!({"metadata": {"name": namespace},
        "rules": [{"apiGroups": [""], "resources": ["namespaces"], "verbs": ["get", "list", "watch"]}]});
    let binding = json!({"metadata": {"name": namespace},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": namespace},
        "subjects": [{"kind": "ServiceAccount", "name": "default", "namespace": namespace}]});
    assert_eq!(api.create(&format!("{rbac}/clusterroles"), &role).status, 201);
    assert_eq!(api.create(&format!("{rbac}/clusterrolebindings"), &binding).status, 201);
    until("the settings count without another change", || {
        server.operators("/readyz") == (200, "ok\n".to_owned())
    });
    judges_well();
    let label = json!({"metadata": {"labels": {"podgate.dev/enforce": "pss-baseline"}}});
    assert_eq!(api.merge(&format!("/api/v1/namespaces/{namespace}"), &label).status, 200);
    until("the label counts", || api.try_pod(&with_docker(&namespace, "agent")).status == 201);
    api.delete(&format!("{rbac}/clusterrolebindings/{namespace}"));
    api.delete(&format!("{rbac}/clusterroles/{namespace}"));
}

/// Labels are turned off and on again by settings, while pods are created all the time.
#[test]
fn settings_turn_labels_off_and_on() {
    let Some(api) = Api::connect() else { return };
    let place = Place::new(&api, SETTINGS);
    place.label(&place.namespace, &json!({"podgate.dev/enforce": "pss-baseline"}));
    until("the label counts", || place.ask(&place.namespace).status == 201);
    let (done, asked) = (AtomicBool::new(false), AtomicUsize::new(0));
    let client = api.again();
    std::thread::scope(|scope| {
        let (done, asked, namespace) = (&done, &asked, &place.namespace);
        scope.spawn(move || {
            let _ends = Ends(done);
            goes_on(&client, namespace, done, asked);
        });
        let _ends = Ends(done);
        for (settings, status) in [("profiles: [ci]\n", 403), (SETTINGS, 201), ("profiles: [ci]\n", 403)] {
            place.webhook.server.write("podgate.yaml", settings);
            until("the settings count", || {
                assert!(!done.load(Ordering::Relaxed), "a client failed");
                place.ask(namespace).status == status
            });
        }
    });
    assert!(asked.load(Ordering::Relaxed) > 10);
}
