//! What people meet who create and change pods.

use std::fs;
use std::process::Command;

use podgate_tests::named_by;
use serde_json::{Value, json};

use super::api::{Api, pods};
use super::webhook::Webhook;
use super::{REFUSED, pod, until};

fn message(answer: &crate::client::Answer) -> String {
    answer.json()["message"].as_str().unwrap_or_default().to_owned()
}

fn deployment(namespace: &str, privileged: bool) -> Value {
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "agents", "namespace": namespace},
        "spec": {"selector": {"matchLabels": {"app": "a"}}, "template": {"metadata": {"labels": {"app": "a"}},
            "spec": pod(namespace, "a", privileged)["spec"]}}})
}

#[test]
fn a_privileged_pod_is_refused_and_a_safe_one_is_stored() {
    let Some(api) = Api::connect() else { return };
    let namespace = api.namespace(&json!({}));
    let webhook = Webhook::start(&api, &namespace, "");
    for path in [pods(&namespace), format!("{}?dryRun=All", pods(&namespace))] {
        let refused = api.create(&path, &pod(&namespace, "agent", true));
        assert_eq!(refused.status, 403, "{refused:?}");
        let status = refused.json();
        assert_eq!(status["reason"], "Forbidden");
        assert_eq!(
            status["message"].as_str().unwrap(),
            format!(
                "{REFUSED}podgate (profile ci) refuses Pod \"agent\":\n- container \"build\" is privileged: \
                 root in it is root on the node (CI201 privileged)\n  instead: Set privileged: false, and \
                 build images with a builder that needs no privilege, such as rootless BuildKit or Buildah.\n  \
                 see: https://podgate.dev/policies/CI201"
            )
        );
        let cause = &status["details"]["causes"][0];
        assert_eq!(
            (&cause["reason"], &cause["field"]),
            (&json!("CI201"), &json!("spec.containers[0].securityContext.privileged"))
        );
    }
    let dry = api.try_pod(&pod(&namespace, "agent", false));
    assert_eq!((dry.status, dry.warnings.clone()), (201, Vec::<String>::new()));
    assert_eq!(api.get(&format!("{}/agent", pods(&namespace))).status, 404, "a dry run stores nothing");
    assert_eq!(api.create_pod(&pod(&namespace, "agent", false)).status, 201);
    assert_eq!(api.get(&format!("{}/agent", pods(&namespace))).status, 200);

    let mut generated = pod(&namespace, "", true);
    generated["metadata"] = json!({"generateName": "job-", "namespace": namespace});
    assert!(message(&api.create_pod(&generated)).contains("refuses Pod \"job-"));
    let dry_runs = [(); 5].map(|()| webhook.server.logged("reviewed")["dry_run"].as_bool().unwrap());
    assert_eq!(dry_runs, [false, true, true, false, false]);
}

#[test]
fn workloads_are_warned_about_or_refused_by_the_settings() {
    let Some(api) = Api::connect() else { return };
    for (settings, status) in [("", 201), ("admission: {workloads: deny}\n", 403)] {
        let namespace = api.namespace(&json!({}));
        let _webhook = Webhook::start(&api, &namespace, settings);
        let path = format!("/apis/apps/v1/namespaces/{namespace}/deployments");
        let answer = api.create(&path, &deployment(&namespace, true));
        assert_eq!(answer.status, status, "{answer:?}");
        if status == 201 {
            let told = "podgate: CI201: container \"build\" is privileged: root in it is root on the node.";
            assert!(answer.warnings[0].starts_with(told), "{answer:?}");
        } else {
            assert!(message(&answer).contains("refuses Deployment \"agents\":"), "{answer:?}");
        }
        let mut safe = deployment(&namespace, false);
        safe["metadata"]["name"] = json!("safe");
        let answer = api.create(&path, &safe);
        assert_eq!((answer.status, answer.warnings.clone()), (201, Vec::<String>::new()));
    }
}

#[test]
fn an_old_pod_may_change_its_labels_and_nothing_that_matters() {
    let Some(api) = Api::connect() else { return };
    let namespace = api.namespace(&json!({}));
    let path = pods(&namespace);
    for (name, privileged) in [("bad", true), ("good", false)] {
        let mut pod = pod(&namespace, name, privileged);
        pod["spec"]["containers"][0]["resources"] = json!({"requests": {"cpu": "10m"}});
        assert_eq!(api.create_pod(&pod).status, 201);
    }
    let _webhook = Webhook::start(&api, &namespace, "");
    let merge = |name: &str, patch: Value| api.merge(&format!("{path}/{name}"), &patch);

    let labels = json!({"metadata": {"labels": {"team": "a"}, "finalizers": ["example.com/a"]}});
    assert_eq!(merge("bad", labels).status, 200);
    assert_eq!(merge("bad", json!({"metadata": {"finalizers": null}})).status, 200);
    let image = json!({"spec": {"containers": [{"name": "build", "image": "registry.example/build:2"}]}});
    let refused = merge("bad", image);
    assert!(refused.status == 403 && message(&refused).contains("CI201"), "{refused:?}");

    let debugger = |privileged: bool| {
        json!({"spec": {"ephemeralContainers": [{"name": "debugger", "image": "registry.example/debug:1",
            "securityContext": {"privileged": privileged}}]}})
    };
    let refused = merge("good/ephemeralcontainers", debugger(true));
    assert!(
        refused.status == 403 && message(&refused).contains("container \"debugger\" is privileged"),
        "{refused:?}"
    );
    assert_eq!(merge("good", json!({"metadata": {"labels": {"team": "b"}}})).status, 200);

    let resources =
        json!({"spec": {"containers": [{"name": "build", "resources": {"requests": {"cpu": "1m"}}}]}});
    for name in ["good", "bad"] {
        let resized = merge(&format!("{name}/resize"), resources.clone());
        assert_eq!(resized.status, 200, "it brings nothing that is refused: {resized:?}");
    }
}

/// As people do it: `kubectl debug`.
#[test]
fn kubectl_shows_the_reason() {
    let (Some(api), Some(kubectl)) = (Api::connect(), named_by("PODGATE_KUBECTL")) else { return };
    let namespace = api.namespace(&json!({}));
    let _webhook = Webhook::start(&api, &namespace, "");
    assert_eq!(api.create_pod(&pod(&namespace, "good", false)).status, 201);
    let run = |args: &[&str]| {
        let mut command = Command::new(&kubectl);
        command.arg("--kubeconfig").arg(api.folder().join("kubeconfig")).args(["-n", &namespace]).args(args);
        let output = command.output().unwrap();
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    };
    let debug = [
        "debug",
        "good",
        "--image=registry.example/debug:1",
        "--profile=sysadmin",
        "--container=dbg",
        "--",
        "sh",
    ];
    let (done, said) = run(&debug);
    assert!(!done && said.contains(REFUSED) && said.contains("container \"dbg\" is privileged"), "{said}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pod.json");
    fs::write(&file, pod(&namespace, "agent", true).to_string()).unwrap();
    let (done, said) = run(&["apply", "-f", file.to_str().unwrap()]);
    assert!(
        !done && said.contains("(Forbidden)") && said.contains("\n- container \"build\" is privileged"),
        "{said}"
    );
    fs::write(&file, deployment(&namespace, true).to_string()).unwrap();
    let (done, said) = run(&["apply", "-f", file.to_str().unwrap()]);
    assert!(done && said.starts_with("Warning: podgate: CI201: "), "{said}");
}

#[test]
fn exemptions_hold_for_what_they_name() {
    let Some(api) = Api::connect() else { return };
    let class = json!({"apiVersion": "node.k8s.io/v1", "kind": "RuntimeClass",
        "metadata": {"name": "podgate-test-kata"}, "handler": "kata"});
    api.apply("/apis/node.k8s.io/v1/runtimeclasses/podgate-test-kata", &class.to_string());
    let (namespace, exempt) = (api.namespace(&json!({})), api.namespace(&json!({})));
    let settings = format!(
        "admission:\n  exempt: {{users: [root-user], groups: [platform], namespaces: [{exempt}], \
         runtimeClasses: [podgate-test-kata], serviceAccounts: [{namespace}/builder]}}\n\
         exemptions:\n  - {{policies: [CI201], match: {{names: ['legacy-*']}}, reason: moving, expires: 2999-01-01}}\n"
    );
    let selector = json!({"namespaceSelector": {"matchExpressions": [
        {"key": "kubernetes.io/metadata.name", "operator": "In", "values": [namespace, exempt]}]}});
    let _webhook = Webhook::start_with(&api, &namespace, &settings, &[], &selector);
    let bad = pod(&namespace, "agent", true);
    assert_eq!(api.try_pod(&bad).status, 403);
    assert_eq!(api.of("someone", &["dev"]).try_pod(&bad).status, 403);
    assert_eq!(api.of("root-user", &[]).try_pod(&bad).status, 201);
    assert_eq!(api.of("someone", &["platform"]).try_pod(&bad).status, 201);
    let account = |name: &str| format!("system:serviceaccount:{namespace}:{name}");
    assert_eq!(api.of(&account("builder"), &[]).try_pod(&bad).status, 201);
    assert_eq!(api.of(&account("default"), &[]).try_pod(&bad).status, 403);
    assert_eq!(api.try_pod(&pod(&exempt, "agent", true)).status, 201);
    assert_eq!(api.try_pod(&pod(&namespace, "legacy-1", true)).status, 201);
    let mut kata = bad.clone();
    kata["spec"]["runtimeClassName"] = json!("podgate-test-kata");
    assert_eq!(api.try_pod(&kata).status, 201);
}

/// A kubelet shows the API server what it runs from its own files. To refuse the picture ends no process, but whoever
/// is no kubelet has no business to make one; `kube-system`, where they are, is left out of the configuration.
#[test]
fn the_picture_of_a_static_pod_is_judged_like_a_pod() {
    let Some(api) = Api::connect() else { return };
    let namespace = api.namespace(&json!({}));
    let _webhook = Webhook::start(&api, &namespace, "");
    let mut mirror = pod(&namespace, "static-node1", true);
    mirror["metadata"]["annotations"] =
        json!({"kubernetes.io/config.mirror": "a", "kubernetes.io/config.source": "file"});
    mirror["spec"]["nodeName"] = json!("node1");
    let kubelet = api.of("system:node:node1", &["system:nodes"]);
    let refused = kubelet.create_pod(&mirror);
    assert!(refused.status == 403 && message(&refused).contains("CI201"), "{refused:?}");
    mirror["metadata"]["namespace"] = json!("kube-system");
    assert_eq!(kubelet.try_pod(&mirror).status, 201);
}

#[test]
fn the_audit_log_has_what_was_found() {
    let Some(api) = Api::connect() else { return };
    let namespace = api.namespace(&json!({}));
    let _webhook = Webhook::start(&api, &namespace, "");
    assert_eq!(api.create_pod(&pod(&namespace, "agent", true)).status, 403);
    let mut own = None;
    until("the audit log has the request", || {
        let log = fs::read_to_string(api.folder().join("audit.log")).unwrap_or_default();
        let mut events = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        own = events.rfind(|event| {
            event["objectRef"]["namespace"] == *namespace && event["responseStatus"]["code"] == 403
        });
        own.is_some()
    });
    let annotations = own.unwrap()["annotations"].clone();
    assert_eq!(annotations["pods.podgate.dev/profiles"], "ci");
    assert!(annotations["pods.podgate.dev/denied"].as_str().unwrap().contains("CI201"), "{annotations}");
}

/// An API server writes six bytes for each `<` of an object, and an update holds the object twice: whatever it makes of a
/// request that it takes, podgate judges.
#[test]
fn a_pod_that_grows_on_its_way_is_judged_whatever_the_failure_policy() {
    let Some(api) = Api::connect() else { return };
    let namespace = api.namespace(&json!({}));
    let ignore = json!({"failurePolicy": "Ignore", "timeoutSeconds": 30});
    let _webhook = Webhook::start_with(&api, &namespace, "", &[], &ignore);
    for (length, status) in [(700_000, [201, 403]), (2_900_000, [201, 403])] {
        for (privileged, status) in [false, true].into_iter().zip(status) {
            let mut own = pod(&namespace, "agent", privileged);
            own["spec"]["containers"][0]["env"][0]["value"] = json!("<".repeat(length));
            let answer = api.try_pod(&own);
            assert_eq!(answer.status, status, "{length}: {}", message(&answer));
        }
    }
}
