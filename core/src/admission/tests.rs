use serde_json::{Value, json};

use super::*;
use crate::document::Limits;
use crate::{Context, RegoFile, Settings};

fn gates(settings: &str) -> Gates {
    let settings = Settings::from_yaml("podgate.yaml", settings).unwrap();
    Gates::build(&Gate::builder().settings(settings), &[]).unwrap()
}

fn request(operation: &str, resource: &str, object: &Value, old: &Value) -> Value {
    let (group, resource) = resource.rsplit_once('/').unwrap_or(("", resource));
    json!({"uid": "u1", "operation": operation, "namespace": "ci",
        "resource": {"group": group, "version": "v1", "resource": resource},
        "userInfo": {"username": "dev", "groups": ["devs"]}, "object": object, "oldObject": old})
}

fn asked(gates: &Gates, request: &Value, around: &Circumstances<'_>) -> Reviewed {
    let body = json!({"apiVersion": API_VERSION, "kind": KIND, "request": request});
    let body = serde_json::to_vec(&body).unwrap();
    let reviewed = review(gates, &AdmissionRequest::read(&body).unwrap(), around);
    assert_eq!(reviewed.answer.response.uid, "u1");
    assert_eq!(reviewed.answer.response.allowed, reviewed.answer.response.status.is_none());
    reviewed
}

fn created(gates: &Gates, object: &Value) -> Reviewed {
    asked(gates, &request("CREATE", "pods", object, &Value::Null), &Circumstances::default())
}

fn updated(gates: &Gates, resource: &str, object: &Value, old: &Value) -> Reviewed {
    asked(gates, &request("UPDATE", resource, object, old), &Circumstances::default())
}

fn message(reviewed: &Reviewed) -> String {
    reviewed.answer.response.status.clone().unwrap().message.unwrap()
}

fn pod(privileged: bool) -> Value {
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "agent", "namespace": "ci"}, "spec": {
        "automountServiceAccountToken": false, "enableServiceLinks": false,
        "securityContext": {"runAsNonRoot": true, "runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [{"name": "build", "image": format!("registry.example/build:1@sha256:{}", "0".repeat(64)),
            "resources": {"limits": {"cpu": "1", "memory": "1Gi"}},
            "securityContext": {"privileged": privileged, "allowPrivilegeEscalation": privileged,
                "capabilities": {"drop": ["ALL"]}}}]}})
}

/// The object with the value at a pointer replaced or added.
fn with(mut object: Value, pointer: &str, value: Value) -> Value {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match object.pointer_mut(parent).unwrap() {
        Value::Array(items) => items.push(value),
        parent => parent[key] = value,
    }
    object
}

fn deployment(pod: &Value) -> Value {
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "agents"},
        "spec": {"selector": {}, "template": {"metadata": {}, "spec": pod["spec"]}}})
}

#[test]
fn a_clean_pod_is_allowed_and_said_by_whom() {
    let reviewed = created(&gates(""), &pod(false));
    assert_eq!(reviewed.outcome, Outcome::Allowed, "{:?}", reviewed.report.map(|report| report.findings));
    let report = reviewed.report.unwrap();
    assert_eq!(report, gates("").own().check_text("-", &pod(false).to_string(), &Context::default()));
    let digest = &report.policies.digest;
    let expected = json!({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
        "response": {"uid": "u1", "allowed": true, "auditAnnotations": {"digest": digest, "profiles": "ci"}}});
    assert_eq!(serde_json::to_value(reviewed.answer).unwrap(), expected);
}

#[test]
fn a_refusal_tells_what_and_where_and_what_instead() {
    let reviewed = created(&gates(""), &pod(true));
    assert_eq!(reviewed.outcome, Outcome::Denied);
    assert!(reviewed.answer.response.warnings.is_empty());
    let expected = "podgate (profile ci) refuses Pod \"agent\":\n\
        - container \"build\" is privileged: root in it is root on the node (CI201 privileged)\n  \
        instead: Set privileged: false, and build images with a builder that needs no privilege, such as rootless \
        BuildKit or Buildah.\n  see: https://podgate.dev/policies/CI201";
    assert_eq!(message(&reviewed), expected);
    let status = serde_json::to_value(reviewed.answer.response.status).unwrap();
    assert_eq!(
        (&status["status"], &status["code"], &status["reason"]),
        (&json!("Failure"), &json!(403), &json!("Forbidden"))
    );
    let cause = json!({"reason": "CI201", "field": "spec.containers[0].securityContext.privileged",
        "message": "container \"build\" is privileged: root in it is root on the node"});
    assert_eq!(status["details"], json!({"kind": "pods", "causes": [cause]}));
    assert_eq!(reviewed.answer.response.audit_annotations["denied"], "CI201");
}

#[test]
fn every_kind_of_container_is_enforced() {
    for (list, subresource) in [("initContainers", ""), ("ephemeralContainers", "ephemeralcontainers")] {
        let bad = json!([{"name": "x", "image": "x", "securityContext": {"privileged": true}}]);
        let object = with(pod(false), &format!("/spec/{list}"), bad);
        let mut request = request("UPDATE", "pods", &object, &pod(false));
        request["subResource"] = json!(subresource);
        let reviewed = asked(&gates(""), &request, &Circumstances::default());
        assert_eq!(reviewed.outcome, Outcome::Denied, "{list}");
        assert!(message(&reviewed).contains("container \"x\" is privileged"));
    }
}

#[test]
fn medium_findings_warn_and_exemptions_are_recorded() {
    let host_port = json!([{"containerPort": 80, "hostPort": 80}]);
    let object = with(pod(false), "/spec/containers/0/ports", host_port);
    let reviewed = created(&gates(""), &object);
    let report = reviewed.report.unwrap();
    let finding = report.findings.iter().find(|finding| finding.action == Action::Warn).unwrap();
    assert_eq!(reviewed.outcome, Outcome::Warned);
    let warnings = reviewed.answer.response.warnings;
    assert_eq!(warnings, [format!("podgate: {}: {}. {}", finding.policy, finding.message, finding.help)]);

    let settings =
        "exemptions: [{policies: [CI201], match: {users: ['de?']}, reason: r, expires: 2027-01-31}]";
    let around = |date: &str| Circumstances { date: Some(date.parse().unwrap()), ..Circumstances::default() };
    let request = request("CREATE", "pods", &pod(true), &Value::Null);
    let exempted = asked(&gates(settings), &request, &around("2027-01-31"));
    assert_eq!(exempted.outcome, Outcome::Allowed);
    assert_eq!(exempted.answer.response.audit_annotations["exempted"], "CI201");
    assert_eq!(asked(&gates(settings), &request, &around("2027-02-01")).outcome, Outcome::Denied);
}

#[test]
fn an_update_is_refused_for_what_it_brings() {
    let gates = gates("");
    let outcome = |object: &Value, old: &Value| updated(&gates, "pods", object, old).outcome;
    let labelled = with(pod(true), "/metadata/labels", json!({"a": "b"}));
    assert_eq!(outcome(&labelled, &pod(true)), Outcome::Warned, "nothing new");
    let other = with(labelled, "/spec/containers/0/image", json!("registry.example/other:2"));
    assert_eq!(outcome(&other, &pod(true)), Outcome::Denied, "a new image is judged with all the rest");
    assert_eq!(
        outcome(&pod(true), &pod(false)),
        Outcome::Denied,
        "what changes without an image counts, too"
    );
    let more = with(pod(true), "/spec/hostNetwork", json!(true));
    let reviewed = updated(&gates, "pods", &more, &pod(true));
    assert_eq!(reviewed.outcome, Outcome::Denied);
    assert!(message(&reviewed).contains("hostNetwork") || message(&reviewed).contains("network"));
    assert!(!message(&reviewed).contains("is privileged"), "{}", message(&reviewed));
    let broken = json!({"apiVersion": "v1", "kind": "Pod", "spec": 7});
    assert_eq!(
        outcome(&pod(true), &broken),
        Outcome::Denied,
        "an old pod that cannot be read excuses nothing"
    );
}

#[test]
fn workloads_are_warned_about_or_refused() {
    let (bad, good) = (deployment(&pod(true)), deployment(&pod(false)));
    let outcome = |settings: &str, object: &Value, old: Option<&Value>| {
        let operation = if old.is_some() { "UPDATE" } else { "CREATE" };
        let request = request(operation, "apps/deployments", object, old.unwrap_or(&Value::Null));
        asked(&gates(settings), &request, &Circumstances::default())
    };
    let warned = outcome("", &bad, None);
    assert_eq!(warned.outcome, Outcome::Warned);
    assert!(
        warned.answer.response.warnings[0].starts_with("podgate: CI201: container \"build\" is privileged")
    );
    let deny = "admission: {workloads: deny}";
    assert_eq!(outcome(deny, &bad, None).outcome, Outcome::Denied);
    assert_eq!(outcome(deny, &good, None).outcome, Outcome::Allowed);
    assert_eq!(outcome(deny, &bad, Some(&good)).outcome, Outcome::Denied);
    assert_eq!(
        outcome(deny, &with(bad.clone(), "/spec/replicas", json!(3)), Some(&bad)).outcome,
        Outcome::Warned
    );
    let broken = with(bad, "/spec", json!({"template": {"spec": {"containers": 7}}}));
    assert_eq!(outcome("", &broken, None).outcome, Outcome::Warned);
    assert_eq!(outcome(deny, &broken, None).outcome, Outcome::Denied);
}

#[test]
fn what_stores_no_pod_is_allowed_unjudged() {
    let gates = gates("admission: {workloads: deny}");
    let outcome = |operation: &str, resource: &str, part: &str, object: &Value| {
        let mut request = request(operation, resource, object, &Value::Null);
        request["subResource"] = json!(part);
        asked(&gates, &request, &Circumstances::default())
    };
    let bad = pod(true);
    for operation in ["DELETE", "CONNECT"] {
        assert_eq!(outcome(operation, "pods", "", &bad).outcome, Outcome::Ignored);
    }
    for part in WITHOUT_POD {
        assert_eq!(outcome("CREATE", "pods", part, &json!({})).outcome, Outcome::Ignored, "{part}");
    }
    assert_eq!(outcome("CREATE", "apps/deployments", "scale", &bad).outcome, Outcome::Ignored);
    assert_eq!(outcome("CREATE", "pods", "resize", &bad).outcome, Outcome::Denied);
    assert_eq!(outcome("CREATE", "pods", "later", &bad).outcome, Outcome::Denied, "parts to come hold pods");
    assert_eq!(outcome("CREATE", "pods", "later", &json!({"kind": "Later"})).outcome, Outcome::Failed);
    assert_eq!(outcome("CREATE", "metrics.k8s.io/pods", "", &json!({})).outcome, Outcome::Allowed);
    let map = json!({"apiVersion": "v1", "kind": "ConfigMap"});
    assert_eq!(outcome("CREATE", "configmaps", "", &map).outcome, Outcome::Allowed);
}

#[test]
fn what_cannot_be_judged_is_refused() {
    let gates = gates("admission: {workloads: deny}");
    for object in [
        json!({}),
        json!([]),
        json!("pod"),
        json!({"apiVersion": "v1", "kind": "ConfigMap"}),
        json!({"apiVersion": "v2", "kind": "Pod", "spec": {"containers": []}}),
        json!({"kind": "Pod", "spec": {"containers": []}}),
        json!({"apiVersion": "v1", "kind": "Pod"}),
        json!({"apiVersion": "v1", "kind": "List", "items": [pod(false)]}),
        deployment(&pod(false)),
    ] {
        let reviewed = created(&gates, &object);
        assert_eq!(reviewed.outcome, Outcome::Failed, "{object}");
        assert_eq!(reviewed.answer.response.status.as_ref().unwrap().code, Some(400));
        assert!(
            message(&reviewed).starts_with("podgate cannot judge the request: the object is no pod of `v1`")
        );
    }
    let invalid = created(&gates, &with(pod(false), "/spec/containers", json!(7)));
    assert_eq!(invalid.outcome, Outcome::Denied);
    let deep = request("CREATE", "pods", &with(pod(false), "/metadata/deep", json!("DEEP")), &Value::Null);
    let body = json!({"apiVersion": API_VERSION, "kind": KIND, "request": deep}).to_string();
    let body = body.replace("\"DEEP\"", &format!("{}{}", "[".repeat(1_500_000), "]".repeat(1_500_000)));
    let read = AdmissionRequest::read(body.as_bytes()).unwrap();
    let reviewed = review(&gates, &read, &Circumstances::default());
    assert_eq!(reviewed.outcome, Outcome::Failed);
    assert!(message(&reviewed).contains("nested"), "{}", message(&reviewed));
    let failed = |request: &Value| message(&asked(&gates, request, &Circumstances::default()));
    let null = Value::Null;
    assert!(failed(&request("CREATE", "pods", &null, &null)).ends_with("the request has no `object`"));
    assert!(failed(&request("UPDATE", "pods", &pod(false), &null)).ends_with("an update has no `oldObject`"));
    assert!(failed(&request("PATCH", "pods", &pod(false), &null)).contains("unknown operation `PATCH`"));
    assert!(failed(&request("", "pods", &pod(false), &null)).contains("unknown operation ``"));
}

#[test]
fn an_unreadable_body_is_refused_with_its_uid() {
    let body =
        br#"{"apiVersion":"admission.k8s.io/v1beta1","kind":"AdmissionReview","request":{"uid":"u7"}}"#;
    let reviewed = refuse(&AdmissionRequest::read(body).unwrap_err());
    let response = serde_json::to_value(reviewed.answer).unwrap();
    assert_eq!(response["apiVersion"], "admission.k8s.io/v1");
    assert_eq!(
        (&response["response"]["uid"], &response["response"]["allowed"]),
        (&json!("u7"), &json!(false))
    );
}

#[test]
fn a_busy_server_refuses_and_has_clients_try_again() {
    let body = json!({"apiVersion": API_VERSION, "kind": KIND, "request": request("CREATE", "pods", &pod(false), &Value::Null)});
    let body = body.to_string();
    let request = AdmissionRequest::read(body.as_bytes()).unwrap();
    let response = serde_json::to_value(busy(&request).answer.response).unwrap();
    assert_eq!((&response["uid"], &response["allowed"]), (&json!("u1"), &json!(false)));
    assert_eq!(response["status"]["code"], 429);
    assert_eq!(response["status"]["reason"], "TooManyRequests");
    assert_eq!(response["status"]["details"], json!({"retryAfterSeconds": 1}));
    let response = broken(&request, "a defect").answer.response;
    assert_eq!((response.allowed, response.status.unwrap().code), (false, Some(500)));
}

#[test]
fn settings_exempt_requests() {
    let outcome =
        |exempt: &str, object: &Value| created(&gates(&format!("admission: {{exempt: {exempt}}}")), object);
    let bad = with(pod(true), "/spec/runtimeClassName", json!("kata"));
    for (exempt, by) in [
        ("{users: [dev]}", "user"),
        ("{groups: [devs]}", "group"),
        ("{namespaces: [ci]}", "namespace"),
        ("{runtimeClasses: [kata]}", "runtime-class"),
    ] {
        let reviewed = outcome(exempt, &bad);
        assert_eq!(reviewed.outcome, Outcome::Exempt, "{exempt}");
        let annotations = reviewed.answer.response.audit_annotations;
        assert_eq!(annotations, BTreeMap::from([("exempt", by.to_owned())]));
    }
    for exempt in ["{users: [de]}", "{groups: ['*']}", "{namespaces: [c]}", "{serviceAccounts: [ci/dev]}"] {
        assert_eq!(outcome(exempt, &bad).outcome, Outcome::Denied, "{exempt}");
    }
    assert_eq!(outcome("{runtimeClasses: [kata]}", &pod(true)).outcome, Outcome::Denied);
    assert_eq!(outcome("{runtimeClasses: [kata]}", &json!({})).outcome, Outcome::Failed);
}

/// A pod of more values than are judged hides behind no other one, and is refused again when it changes.
#[test]
fn a_pod_that_is_too_crowded_is_no_pod_that_is_exempt() {
    let crowded =
        |value: &str| with(pod(false), "/spec/containers/0/args", json!(vec![value; 200]))["spec"].clone();
    let agents = |other: &Value| {
        let kata = with(pod(true), "/spec/runtimeClassName", json!("kata"))["spec"].clone();
        json!({"apiVersion": "ci.example/v1", "kind": "Agents", "metadata": {"name": "a"},
            "spec": {"one": {"template": {"spec": kata}}, "other": {"template": {"spec": other}}}})
    };
    let settings = "admission: {exempt: {runtimeClasses: [kata]}, workloads: deny}";
    let settings = Settings::from_yaml("podgate.yaml", settings).unwrap();
    let limits = Limits { pod: 200, ..Limits::default() };
    let own = Gates::build(&Gate::builder().settings(settings).limits(limits), &[]).unwrap();
    let kata = with(pod(false), "/spec/runtimeClassName", json!("kata"))["spec"].clone();
    let created = |object: &Value| {
        let request = request("CREATE", "ci.example/agents", object, &Value::Null);
        asked(&own, &request, &Circumstances::default()).outcome
    };
    assert_eq!(created(&agents(&kata)), Outcome::Exempt);
    assert_eq!(created(&agents(&crowded("a"))), Outcome::Denied);
    let (old, new) = (agents(&crowded("a")), agents(&crowded("b")));
    assert_eq!(updated(&own, "ci.example/agents", &new, &old).outcome, Outcome::Denied);
    let labelled = with(old.clone(), "/metadata/labels", json!({"a": "b"}));
    assert_eq!(updated(&own, "ci.example/agents", &labelled, &old).outcome, Outcome::Warned);
}

#[test]
fn labels_of_the_namespace_choose_profiles() {
    let gates = gates("admission: {namespaceProfiles: [pss-baseline, pss-restricted]}");
    let ask = |labels: Option<&[(&str, &str)]>, object: &Value| {
        let labels = labels.map(|labels| {
            labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Labels>()
        });
        let around = Circumstances { namespace_labels: labels.as_ref(), date: None };
        asked(&gates, &request("CREATE", "pods", object, &Value::Null), &around)
    };
    let socket = json!([{"name": "s", "hostPath": {"path": "/var/run/docker.sock"}}]);
    let docker = with(pod(false), "/spec/volumes", socket);
    let refused = |labels: &[(&str, &str)], object: &Value| message(&ask(Some(labels), object));
    assert!(refused(&[], &docker).starts_with("podgate (profile ci) refuses"));
    let baseline = [("podgate.dev/enforce", "pss-baseline")];
    assert!(refused(&baseline, &docker).starts_with("podgate (profile pss-baseline) refuses"));

    let root = with(
        pod(false),
        "/spec/securityContext",
        json!({"runAsNonRoot": false, "seccompProfile": {"type": "RuntimeDefault"}}),
    );
    let beside =
        [baseline[0], ("podgate.dev/warn", "pss-restricted"), ("podgate.dev/audit", "pss-restricted")];
    let reviewed = ask(Some(&beside), &root);
    assert_eq!(reviewed.outcome, Outcome::Warned);
    let response = reviewed.answer.response;
    assert!(
        response.warnings.iter().any(|warning| warning.contains("runAsNonRoot")),
        "{:?}",
        response.warnings
    );
    assert!(response.audit_annotations["audit-violations"].contains("runAsNonRoot"));

    let reviewed = ask(Some(&[("podgate.dev/enforce", "privileged")]), &pod(true));
    assert_eq!(reviewed.outcome, Outcome::Denied);
    let error = &reviewed.answer.response.audit_annotations["error"];
    let fault = "label `podgate.dev/enforce` of the namespace chooses profile `privileged`, expected one of \
        `pss-baseline`, `pss-restricted`";
    assert_eq!(error, fault);
    let told = message(&reviewed);
    assert!(
        told.starts_with("podgate (profile ci) refuses ") && told.ends_with(&format!("\nnote: {fault}")),
        "{told}"
    );
    assert_eq!(ask(Some(&[("podgate.dev/enforce", "privileged")]), &pod(false)).outcome, Outcome::Warned);

    let unknown = ask(None, &pod(false));
    assert_eq!((unknown.outcome, unknown.answer.response.status.unwrap().code), (Outcome::Failed, Some(500)));
}

#[test]
fn labels_are_wanted_for_what_they_can_change() {
    let chosen = gates("admission: {namespaceProfiles: [pss-baseline], exempt: {users: [root]}}");
    let of = |gates: &Gates, operation: &str, part: &str, changes: Value| {
        let mut request = request(operation, "pods", &pod(false), &pod(false));
        request["subResource"] = json!(part);
        request.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let body = json!({"apiVersion": API_VERSION, "kind": KIND, "request": request}).to_string();
        wants_labels(gates, &AdmissionRequest::read(body.as_bytes()).unwrap())
    };
    let deployments = json!({"resource": {"group": "apps", "version": "v1", "resource": "deployments"}});
    for (operation, part, changes, expected) in [
        ("CREATE", "", json!({}), true),
        ("UPDATE", "ephemeralcontainers", json!({}), true),
        ("CREATE", "", deployments, true),
        ("UPDATE", "status", json!({}), false),
        ("CONNECT", "exec", json!({}), false),
        ("DELETE", "", json!({}), false),
        ("CREATE", "", json!({"userInfo": {"username": "root"}}), false),
        ("CREATE", "", json!({"namespace": ""}), false),
    ] {
        assert_eq!(of(&chosen, operation, part, changes.clone()), expected, "{operation} {part} {changes}");
        assert!(!of(&gates(""), operation, part, changes), "{operation} {part}");
    }
}

#[test]
fn a_policy_that_fails_refuses_unless_its_mode_is_weaker() {
    let rego = "package a\nimport rego.v1\nviolation contains {\"msg\": \"m\"} if input.review.object.metadata.name == 1 / 0\n";
    let file = RegoFile { path: "a.rego".to_owned(), text: rego.to_owned() };
    let outcome = |settings: &str| {
        let settings = Settings::from_yaml("podgate.yaml", settings).unwrap();
        let builder = Gate::builder().settings(settings).policies([file.clone()]);
        created(&Gates::build(&builder, &[]).unwrap(), &pod(false))
    };
    let denied = outcome("");
    assert_eq!(denied.outcome, Outcome::Denied);
    assert!(message(&denied).contains("- policy `a` failed: "));
    assert_eq!(outcome("policies: {a: {mode: warn}}").outcome, Outcome::Warned);
    assert_eq!(outcome("policies: {a: {mode: audit}}").outcome, Outcome::Allowed);
}

/// What a policy that fails would have said of what is new, nobody knows.
#[test]
fn a_policy_that_fails_over_both_states_refuses_an_update_of_the_specification() {
    let rego = "package a\nimport rego.v1\nviolation contains {\"msg\": \"m\"} if input.review.object.metadata.name == 1 / 0\n";
    let file = RegoFile { path: "a.rego".to_owned(), text: rego.to_owned() };
    let gates = |settings: &str| {
        let settings = Settings::from_yaml("podgate.yaml", settings).unwrap();
        Gates::build(&Gate::builder().settings(settings).policies([file.clone()]), &[]).unwrap()
    };
    let own = gates("");
    let old = pod(false);
    for (what, value) in [
        ("/spec/activeDeadlineSeconds", json!(7)),
        ("/spec/tolerations", json!([{"operator": "Exists"}])),
        ("/spec/later", json!(true)),
    ] {
        let reviewed = updated(&own, "pods", &with(old.clone(), what, value), &old);
        assert_eq!(reviewed.outcome, Outcome::Denied, "{what}");
        assert!(message(&reviewed).contains("- policy `a` failed: "), "{}", message(&reviewed));
    }
    let labelled = with(old.clone(), "/metadata/labels", json!({"a": "b"}));
    assert_eq!(updated(&own, "pods", &labelled, &old).outcome, Outcome::Warned);
    let weaker = gates("policies: {a: {mode: warn}}");
    let deadline = with(old.clone(), "/spec/activeDeadlineSeconds", json!(7));
    assert_eq!(updated(&weaker, "pods", &deadline, &old).outcome, Outcome::Warned);
    let deny = gates("admission: {workloads: deny}");
    let (agents, scaled) = (deployment(&old), with(deployment(&old), "/spec/replicas", json!(3)));
    assert_eq!(updated(&deny, "apps/deployments", &scaled, &agents).outcome, Outcome::Warned);
    assert_eq!(updated(&deny, "apps/deployments", &deployment(&deadline), &agents).outcome, Outcome::Denied);
}
