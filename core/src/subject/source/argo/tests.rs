mod controller;
mod manifests;
mod outside;

use serde_json::{Value, json};

use crate::report::Cause;

use super::super::testing::{
    astray, metadata, notes, read, read_with_room_for, reasons, spec, specs, written,
};

fn workflow(spec: &str) -> String {
    let kind = "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {generateName: w-}\n";
    format!("{kind}spec:\n{}", spec.lines().map(|line| format!("  {line}\n")).collect::<String>())
}

const WHOLE: &str = r#"
hostNetwork: true
serviceAccountName: all
automountServiceAccountToken: false
securityContext: {runAsUser: 1, fsGroup: 2}
podPriorityClassName: high
podMetadata: {labels: {a: workflow, b: workflow}}
hostAliases: [{ip: 10.0.0.1, hostnames: [a]}]
volumes: [{name: socket, hostPath: {path: /run/docker.sock}}, {name: unused, hostPath: {path: /run}}, {name: own}]
volumeClaimTemplates: [{metadata: {name: work}, spec: {storageClassName: fast}}]
templates:
  - name: main
    metadata: {annotations: {iam.amazonaws.com/role: admin}, labels: {b: template}}
    securityContext: {runAsNonRoot: true}
    serviceAccountName: one
    hostAliases: [{ip: 10.0.0.2, hostnames: [b]}]
    volumes: [{name: own, emptyDir: {}}]
    initContainers: [{name: init-0, image: "i:1", mirrorVolumeMounts: true}]
    sidecars:
      - {name: dind, image: "docker:27-dind", securityContext: {privileged: yes}, mirrorVolumeMounts: true}
      - {name: quiet, image: "q:1", mirrorVolumeMounts: false}
    container:
      image: docker:27-cli
      command: [docker]
      volumeMounts: [{name: socket, mountPath: /var/run/docker.sock}, {name: own, mountPath: /own}]
  - name: script
    daemon: true
    script: {image: "python:3", command: [python], source: "print(1)\n", volumeMounts: [{name: work, mountPath: /w}]}
  - {name: flow, steps: [[{name: a, template: main}]]}
"#;

#[test]
fn a_template_is_the_pod_that_argo_makes_of_it() {
    let found = read(&workflow(WHOLE));
    assert_eq!(reasons(&found), [""; 0]);
    let [main, script, rest] = found.subjects.as_slice() else { panic!("{found:#?}") };
    let mounts = json!([
        {"name": "socket", "mountPath": "/var/run/docker.sock"},
        {"name": "own", "mountPath": "/own"},
    ]);
    let wanted = json!({
        "hostNetwork": true,
        "serviceAccountName": "one",
        "automountServiceAccountToken": false,
        "securityContext": {"runAsNonRoot": true},
        "priorityClassName": "high",
        "hostAliases": [{"ip": "10.0.0.1", "hostnames": ["a"]}, {"ip": "10.0.0.2", "hostnames": ["b"]}],
        "volumes": [{"name": "own", "emptyDir": {}}, {"name": "socket", "hostPath": {"path": "/run/docker.sock"}}],
        "initContainers": [{"name": "init-0", "image": "i:1", "volumeMounts": mounts}],
        "containers": [
            {"name": "main", "image": "docker:27-cli", "command": ["docker"], "volumeMounts": mounts},
            {
                "name": "dind", "image": "docker:27-dind", "securityContext": {"privileged": true},
                "volumeMounts": mounts,
            },
            {"name": "quiet", "image": "q:1"},
        ],
    });
    assert_eq!(spec(main), wanted);
    assert_eq!(
        metadata(main),
        json!({"labels": {"a": "workflow", "b": "template"}, "annotations": {"iam.amazonaws.com/role": "admin"}})
    );
    let wanted = json!([{
        "name": "main", "image": "python:3", "command": ["python"], "args": ["print(1)\n"],
        "volumeMounts": [{"name": "work", "mountPath": "/w"}],
    }]);
    assert_eq!(spec(script)["containers"], wanted);
    let claim = json!({"metadata": {"name": "work"}, "spec": {"storageClassName": "fast"}});
    assert_eq!(
        spec(script)["volumes"],
        json!([{"name": "work", "ephemeral": {"volumeClaimTemplate": claim}}])
    );
    assert_eq!(spec(script)["securityContext"], json!({"runAsUser": 1, "fsGroup": 2}));
    // What no template mounts is in no pod, and is judged as declared.
    let left = json!({"containers": [], "volumes": [{"name": "unused", "hostPath": {"path": "/run"}}, {"name": "own"}]});
    assert_eq!(spec(rest), left);
    let partial: Vec<_> = found.subjects.iter().map(|one| one.entry.partial).collect();
    assert_eq!(partial, [false, false, true]);
    assert!(found.subjects.iter().all(|one| one.entry.platform == "argo"));
}

#[test]
fn every_value_of_the_pods_has_its_place_in_the_file() {
    let found = read(&workflow(WHOLE));
    for (subject, implied) in found.subjects.iter().zip([
        &["/spec/containers/0/name", "/spec/containers/1/securityContext/privileged"][..],
        &["/spec/containers/0/name"],
        &[],
    ]) {
        assert_eq!(astray(subject, implied), [""; 0]);
    }
    let main = &found.subjects[0];
    let places = [
        ("/spec/hostNetwork", "/spec/hostNetwork"),
        ("/spec/securityContext/runAsNonRoot", "/spec/templates/0/securityContext/runAsNonRoot"),
        ("/spec/containers/0/image", "/spec/templates/0/container/image"),
        (
            "/spec/containers/1/securityContext/privileged",
            "/spec/templates/0/sidecars/0/securityContext/privileged",
        ),
        (
            "/spec/containers/1/volumeMounts/0/mountPath",
            "/spec/templates/0/container/volumeMounts/0/mountPath",
        ),
        ("/spec/volumes/1/hostPath/path", "/spec/volumes/0/hostPath/path"),
        (
            "/metadata/annotations/iam.amazonaws.com~1role",
            "/spec/templates/0/metadata/annotations/iam.amazonaws.com~1role",
        ),
        ("/metadata/labels/a", "/spec/podMetadata/labels/a"),
    ];
    for (pod, document) in places {
        assert_eq!(main.locate(pod), document);
    }
    assert_eq!(written(&found.subjects[1], "/spec/containers/0/args/0"), "\"print(1)\\n\"");
    assert_eq!(written(main, "/spec/containers/1/securityContext/privileged"), "yes");
}

#[test]
fn patches_are_applied_last_and_keep_their_place_in_the_string() {
    let text = workflow(
        r#"
podSpecPatch: '{"hostPID": true, "containers": [{"name": "wait", "resources": {}}]}'
volumes: [{name: v, emptyDir: {}}]
templates:
  - name: a
    podSpecPatch: |
      hostIPC: yes
      containers:
        - name: main
          securityContext: {privileged: true, capabilities: {add: [SYS_ADMIN]}}
          env: [{name: A, value: patched}, {name: C, value: new}]
        - {name: wait, securityContext: {privileged: true}}
      volumes:
        - {name: v, $patch: delete}
        - {name: s, hostPath: {path: /run}}
    container:
      image: a:1
      env: [{name: A, value: own}, {name: B, value: own}]
      securityContext: {privileged: false, capabilities: {add: [NET_RAW], drop: [ALL]}}
      volumeMounts: [{name: v, mountPath: /v}]
"#,
    );
    let found = read(&text);
    assert_eq!(reasons(&found), [""; 0]);
    let subject = &found.subjects[0];
    let wanted = json!({
        "hostPID": true,
        "hostIPC": true,
        "volumes": [{"name": "s", "hostPath": {"path": "/run"}}],
        "containers": [
            {
                "name": "main", "image": "a:1",
                "env": [
                    {"name": "A", "value": "patched"},
                    {"name": "B", "value": "own"},
                    {"name": "C", "value": "new"},
                ],
                "securityContext": {"privileged": true, "capabilities": {"add": ["SYS_ADMIN"], "drop": ["ALL"]}},
                "volumeMounts": [{"name": "v", "mountPath": "/v"}],
            },
            {"name": "wait", "resources": {}, "securityContext": {"privileged": true}},
        ],
    });
    assert_eq!(spec(subject), wanted);
    let places = [
        ("/spec/hostPID", "/spec/podSpecPatch/hostPID", "true"),
        ("/spec/hostIPC", "/spec/templates/0/podSpecPatch/hostIPC", "yes"),
        (
            "/spec/containers/0/securityContext/privileged",
            "/spec/templates/0/podSpecPatch/containers/0/securityContext/privileged",
            "true",
        ),
        (
            "/spec/containers/0/env/0/value",
            "/spec/templates/0/podSpecPatch/containers/0/env/0/value",
            "patched",
        ),
        ("/spec/containers/0/env/1/value", "/spec/templates/0/container/env/1/value", "own"),
        ("/spec/volumes/0/hostPath/path", "/spec/templates/0/podSpecPatch/volumes/1/hostPath/path", "/run"),
    ];
    for (pod, document, text) in places {
        assert_eq!((subject.locate(pod), written(subject, pod)), (document.to_owned(), text.to_owned()));
    }
}

#[test]
fn a_patch_that_is_filled_in_is_never_known() {
    let spec_of = |patch: &str| {
        workflow(&format!("podSpecPatch: {patch}\ntemplates: [{{name: a, container: {{image: \"a:1\"}}}}]\n"))
    };
    let filled = "whoever chooses the parameters that are filled in chooses what it sets";
    for (patch, host) in [
        (r#"'{"hostPID": true, "priorityClassName": "{{workflow.parameters.p}}"}'"#, json!(true)),
        (r#"'{"hostPID": {{workflow.parameters.p}}}'"#, json!(null)),
        ("\"{{workflow.parameters.patch}}\"", json!(null)),
    ] {
        let found = read(&spec_of(patch));
        let [subject] = found.subjects.as_slice() else { panic!("{found:#?}") };
        assert_eq!(spec(subject)["hostPID"], host, "{patch}");
        assert_eq!(notes(subject), [json!([{"patch": filled}, "/spec/podSpecPatch"])]);
        assert!(subject.entry.unresolved.contains(&"/spec/podSpecPatch".to_owned()));
        assert_eq!(reasons(&found), [""; 0]);
    }
    let found = read(&spec_of("'{\"hostPID\": '"));
    assert_eq!(notes(&found.subjects[0]), [json!([{"patch": "it cannot be read"}, "/spec/podSpecPatch"])]);
    assert!(
        reasons(&found)[0].starts_with("/spec/podSpecPatch the patch of the pod: not valid JSON"),
        "{found:#?}"
    );
    for empty in ["''", "null", "'{}'"] {
        assert_eq!(notes(&read(&spec_of(empty)).subjects[0]), [json!(null); 0]);
    }
}

#[test]
fn templates_inside_others_and_in_sets_are_found() {
    let text = workflow(
        r#"
templateDefaults:
  podSpecPatch: '{"hostPID": true}'
  script: {image: "default:1", command: [sh]}
  container: {image: "default:2", securityContext: {privileged: true}}
templates:
  - {name: s, steps: [[{name: x, inline: {container: {command: [a]}}}], [{name: y, templateRef: {name: other, template: t}}]]}
  - {name: d, dag: {tasks: [{name: x, inline: {steps: [[{name: z, inline: {script: {source: make}}}]]}}]}}
  - name: c
    containerSet:
      volumeMounts: [{name: v, mountPath: /v}]
      containers: [{name: a, image: "a:1", dependencies: [b]}, {name: b, image: "b:1"}]
"#,
    );
    let found = read(&text);
    let containers: Vec<Value> = found.subjects.iter().map(|one| spec(one)["containers"].clone()).collect();
    let v = json!([{"name": "v", "mountPath": "/v"}]);
    assert_eq!(
        containers,
        [
            json!([{"name": "main", "image": "default:2", "command": ["a"], "securityContext": {"privileged": true}}]),
            json!([{"name": "main", "image": "default:1", "command": ["sh"], "args": ["make"]}]),
            json!([
                {"name": "a", "image": "a:1", "volumeMounts": v},
                {"name": "b", "image": "b:1", "volumeMounts": v},
            ]),
        ]
    );
    assert!(found.subjects.iter().all(|one| spec(one)["hostPID"] == json!(true)));
    assert_eq!(found.subjects[0].locate("/spec/hostPID"), "/spec/templateDefaults/podSpecPatch/hostPID");
    let privileged = found.subjects[0].locate("/spec/containers/0/securityContext/privileged");
    assert_eq!(privileged, "/spec/templateDefaults/container/securityContext/privileged");
    assert_eq!(
        reasons(&found),
        [
            "/spec/templates/0/steps/1/0/templateRef `templateRef` refers to `other`: what that brings is judged in its own file alone"
        ]
    );
}

#[test]
fn other_kinds_hold_workflows_and_pods_of_their_own() {
    let cron = "{apiVersion: argoproj.io/v1alpha1, kind: CronWorkflow, metadata: {name: c}, \
                spec: {workflowSpec: {templates: [{name: a, container: {image: 'a:1'}}]}}}";
    assert_eq!(
        read(cron).subjects[0].locate("/spec/containers/0/image"),
        "/spec/workflowSpec/templates/0/container/image"
    );
    for kind in ["WorkflowTemplate", "ClusterWorkflowTemplate"] {
        let text = format!(
            "{{apiVersion: argoproj.io/v1alpha1, kind: {kind}, metadata: {{name: c}}, spec: {{templates: [{{name: a, container: {{image: 'a:1'}}}}]}}}}"
        );
        assert!(read(&text).subjects[0].entry.partial);
    }
    let sensor = r#"
apiVersion: argoproj.io/v1alpha1
kind: Sensor
metadata: {name: s}
spec:
  template:
    metadata: {annotations: {a: b}}
    serviceAccountName: x
    volumes: [{name: v, hostPath: {path: /run}}]
    container: {securityContext: {privileged: true}}
  triggers:
    - template:
        argoWorkflow:
          source:
            resource:
              apiVersion: argoproj.io/v1alpha1
              kind: Workflow
              spec: {templates: [{name: a, container: {image: "a:1"}}]}
    - template:
        k8s:
          source:
            inline: |
              apiVersion: v1
              kind: Pod
              spec: {containers: [{name: a, image: "b:1"}]}
    - {template: {k8s: {source: {url: {path: "https://example.com"}}}}}
"#;
    let found = read(sensor);
    let own = json!({
        "serviceAccountName": "x",
        "volumes": [{"name": "v", "hostPath": {"path": "/run"}}],
        "containers": [{"name": "main", "securityContext": {"privileged": true}}],
    });
    assert_eq!(spec(&found.subjects[0]), own);
    assert_eq!(metadata(&found.subjects[0]), json!({"annotations": {"a": "b"}}));
    let images: Vec<_> =
        found.subjects[1..].iter().map(|one| one.locate("/spec/containers/0/image")).collect();
    assert_eq!(
        images,
        [
            "/spec/triggers/0/template/argoWorkflow/source/resource/spec/templates/0/container/image",
            "/spec/triggers/1/template/k8s/source/inline/spec/containers/0/image",
        ]
    );
    assert_eq!(found.not_evaluated.len(), 1, "{found:#?}");
    let nothing =
        read("{apiVersion: argoproj.io/v1alpha1, kind: Sensor, metadata: {name: s}, spec: {triggers: []}}");
    assert_eq!((nothing.without_pod.len(), nothing.not_evaluated.len()), (1, 0));
}

#[test]
fn what_a_workflow_says_counts_where_others_have_the_templates() {
    let text =
        workflow("hostNetwork: true\npodSpecPatch: '{\"hostPID\": true}'\nworkflowTemplateRef: {name: t}\n");
    let found = read(&text);
    let [subject] = found.subjects.as_slice() else { panic!("{found:#?}") };
    assert_eq!(spec(subject), json!({"hostNetwork": true, "hostPID": true, "containers": []}));
    assert!(subject.entry.partial);
    assert_eq!(notes(subject), [json!(["reference", "/spec/workflowTemplateRef"])]);
    let found = read(&workflow("workflowTemplateRef: {name: t}\n"));
    assert_eq!((found.subjects.len(), found.not_evaluated.len()), (0, 1));
    let collector =
        "artifactGC: {serviceAccountName: x, podSpecPatch: '{\"hostPID\": true}'}\ntemplates: []\n";
    assert_eq!(
        specs(&workflow(collector)),
        [json!({"hostPID": true, "serviceAccountName": "x", "containers": []})]
    );
}

#[test]
fn what_is_unknown_to_argo_is_told_once() {
    let text = workflow(
        "hostPID: true\ntemplates:\n  - {name: a, sidecar: [], container: {image: \"{{workflow.parameters.i}}\", privileged: true}}\n  - {name: b, container: {image: 'b:1'}}\n",
    );
    let found = read(&text);
    let told: Vec<_> = found.subjects.iter().map(notes).collect();
    let pointers: Vec<Vec<&str>> =
        told.iter().map(|one| one.iter().map(|note| note[1].as_str().unwrap()).collect()).collect();
    assert_eq!(
        pointers,
        [
            vec!["/spec/hostPID", "/spec/templates/0/sidecar", "/spec/templates/0/container/privileged"],
            vec![]
        ]
    );
    assert_eq!(found.subjects[0].entry.unresolved, ["/spec/templates/0/container/image"]);
}

#[test]
fn settings_in_very_many_pods_are_refused() {
    let text = workflow(
        "templateDefaults: {volumes: [{name: v}]}\ntemplates:\n  - {name: a, container: {image: a}}\n  \
         - {name: b, container: {image: b}}\n  - {name: c, container: {image: c}}\n",
    );
    assert_eq!(read(&text).subjects.len(), 3);
    let found = read_with_room_for(8, &text);
    let told: Vec<_> = found.not_evaluated.iter().map(|one| (one.cause, one.pointer.as_str())).collect();
    assert_eq!(told, [(Cause::Limit, "/spec/templates/1")]);
    assert_eq!(found.subjects.len(), 1);
}
