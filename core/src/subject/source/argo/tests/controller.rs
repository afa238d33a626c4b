//! The settings of the controller, in a ConfigMap and as values of its chart.

use serde_json::{Value, json};

use super::{read, reasons, spec, written};

#[test]
fn the_settings_of_the_controller_are_pods_of_all() {
    let text = r#"
apiVersion: v1
kind: ConfigMap
metadata: {name: workflow-controller-configmap}
data:
  containerRuntimeExecutor: docker
  executor: |
    securityContext: {privileged: true}
  mainContainer: |
    imagePullPolicy: Always
  workflowDefaults: |
    spec:
      hostNetwork: true
      podSpecPatch: '{"hostPID": true}'
      templateDefaults:
        script: {image: "s:1"}
        container: {securityContext: {privileged: true}}
        sidecars: [{name: s, image: "s:2"}]
  links: ""
"#;
    let found = read(text);
    assert_eq!(reasons(&found), [""; 0]);
    let docker = json!({
        "containers": [{
            "name": "wait",
            "volumeMounts": [{"name": "docker-sock", "mountPath": "/var/run/docker.sock", "readOnly": true}],
        }],
        "volumes": [{"name": "docker-sock", "hostPath": {"path": "/var/run/docker.sock", "type": "Socket"}}],
    });
    assert_eq!(
        found.subjects.iter().map(spec).collect::<Vec<_>>(),
        [
            json!({
                "hostNetwork": true,
                "hostPID": true,
                "containers": [
                    {"name": "main", "securityContext": {"privileged": true}},
                    {"name": "s", "image": "s:2"},
                ],
            }),
            json!({
                "hostNetwork": true,
                "hostPID": true,
                "containers": [{"name": "main", "image": "s:1"}, {"name": "s", "image": "s:2"}],
            }),
            json!({"containers": [{"name": "wait", "securityContext": {"privileged": true}}]}),
            json!({"containers": [{"name": "main", "imagePullPolicy": "Always"}]}),
            docker,
        ]
    );
    let places: Vec<_> = [
        (0, "/spec/hostPID"),
        (2, "/spec/containers/0/securityContext/privileged"),
        (4, "/spec/volumes/0/hostPath/path"),
    ]
    .map(|(at, pointer)| (found.subjects[at].locate(pointer), written(&found.subjects[at], pointer)))
    .to_vec();
    assert_eq!(
        places,
        [
            ("/data/workflowDefaults/spec/podSpecPatch/hostPID", "true"),
            ("/data/executor/securityContext/privileged", "true"),
            ("/data/containerRuntimeExecutor", "docker"),
        ]
        .map(|(place, text)| (place.to_owned(), text.to_owned()))
    );
    let one = "{apiVersion: v1, kind: ConfigMap, metadata: {name: workflow-controller-configmap}, \
               data: {config: \"containerRuntimeExecutors: [{name: pns}]\\ndockerSockPath: /x\\n\"}}";
    let found = read(one);
    let pns = json!({
        "shareProcessNamespace": true,
        "containers": [{"name": "wait", "securityContext": {"capabilities": {"add": ["SYS_PTRACE", "SYS_CHROOT"]}}}],
    });
    assert_eq!(found.subjects.iter().map(spec).collect::<Vec<_>>(), [pns]);
    assert_eq!(
        found.subjects[0].locate("/spec/shareProcessNamespace"),
        "/data/config/containerRuntimeExecutors/0/name"
    );
}

#[test]
fn values_of_the_chart_are_settings_of_the_controller() {
    let specs = |text: &str| {
        let found = read(text);
        let argo = found.subjects.iter().filter(|one| one.entry.platform == "argo");
        argo.map(spec).collect::<Vec<_>>()
    };
    let map = |data: &str| {
        specs(&format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: workflow-controller-configmap}}\ndata: {{{data}}}\n"
        ))
    };
    for (values, data) in [
        ("controller: {containerRuntimeExecutor: docker}", "containerRuntimeExecutor: docker"),
        (
            "controller: {containerRuntimeExecutors: [{name: pns, selector: {}}]}",
            "containerRuntimeExecutors: '[{name: pns}]'",
        ),
        (
            "controller: {workflowDefaults: {spec: {podSpecPatch: '{hostPID: true}'}}}",
            "workflowDefaults: \"spec: {podSpecPatch: '{hostPID: true}'}\"",
        ),
        (
            "controller: {replicas: 1}, executor: {image: {tag: x}, securityContext: {privileged: true}}, mainContainer: {securityContext: {procMount: Unmasked}}",
            "executor: 'securityContext: {privileged: true}', mainContainer: 'securityContext: {procMount: Unmasked}'",
        ),
    ] {
        let wanted = map(data);
        assert!(!wanted.is_empty(), "{data}");
        assert_eq!(specs(&format!("{{{values}}}\n")), wanted, "{values}");
        assert_eq!(specs(&format!("argo-workflows: {{{values}}}\n")), wanted, "{values} below the name");
        // What stands beside it is judged, too.
        let beside = read(&format!(
            "{{{values}, agentToken: t, config: {{workspace-volume: {{hostPath: {{path: /}}}}}}}}\n"
        ));
        assert_eq!(beside.subjects.len(), wanted.len() + 1, "{values}");
    }
    let quiet = "controller: {containerRuntimeExecutor: emissary, workflowDefaults: {}}, executor: {env: [], securityContext: {}}";
    assert_eq!(
        (specs(&format!("{{{quiet}}}\n")), read(&format!("{{{quiet}}}\n")).without_pod.len()),
        (vec![], 1)
    );
    assert_eq!(specs("controller: {replicas: 1}\nexecutor: {env: [{name: a}]}\n"), [Value::Null; 0]);
}
