mod outside;

use serde_json::json;

use super::super::testing::{astray, metadata, notes, read, reasons, spec, specs, written};

const RUN: &str = r#"apiVersion: tekton.dev/v1
kind: TaskRun
metadata: {generateName: img-, labels: {app: img}, annotations: {iam.amazonaws.com/role: admin}}
spec:
  serviceAccountName: builder
  podTemplate:
    hostNetwork: yes
    hostPID: true
    env: [{name: DOCKER_HOST, value: "tcp://node:2375"}]
    volumes: [{name: more, emptyDir: {}}]
  workspaces:
    - {name: src, persistentVolumeClaim: {claimName: sources}, subPath: main}
    - {name: cache, volumeClaimTemplate: {spec: {storageClassName: fast}}}
  taskSpec:
    workspaces: [{name: src, mountPath: /src}, {name: cache}, {name: other}]
    stepTemplate:
      env: [{name: A, value: template}, {name: B, value: template}]
      securityContext: {privileged: true, capabilities: {add: [SYS_ADMIN]}}
    steps:
      - name: one
        image: docker:27-cli
        env: [{name: A, value: step}]
        computeResources: {limits: {cpu: "1"}}
        script: |
          docker build .
      - {name: two, image: "alpine:3.22", securityContext: {privileged: false}, command: [make], privilegd: true}
    sidecars:
      - {name: daemon, image: "docker:27-dind", script: dockerd}
    volumes: [{name: x, hostPath: {path: /var/lib/docker}}]
"#;

#[test]
fn a_run_is_the_pod_that_tekton_makes_of_it() {
    let found = read(RUN);
    assert_eq!(reasons(&found), [""; 0]);
    let [subject] = found.subjects.as_slice() else { panic!("{found:#?}") };
    let mounts = json!([
        {"name": "workspace-src", "mountPath": "/src", "subPath": "main"},
        {"name": "workspace-cache", "mountPath": "/workspace/cache"},
    ]);
    let wanted = json!({
        "serviceAccountName": "builder",
        "hostNetwork": true,
        "volumes": [
            {"name": "more", "emptyDir": {}},
            {"name": "x", "hostPath": {"path": "/var/lib/docker"}},
            {"name": "workspace-src", "persistentVolumeClaim": {"claimName": "sources"}},
            {"name": "workspace-cache", "ephemeral": {"volumeClaimTemplate": {"spec": {"storageClassName": "fast"}}}},
        ],
        "containers": [
            {
                "name": "one", "image": "docker:27-cli", "command": ["docker build .\n"], "volumeMounts": mounts,
                "env": [
                    {"name": "A", "value": "step"},
                    {"name": "B", "value": "template"},
                    {"name": "DOCKER_HOST", "value": "tcp://node:2375"},
                ],
                "resources": {"limits": {"cpu": "1"}},
                "securityContext": {"privileged": true, "capabilities": {"add": ["SYS_ADMIN"]}},
            },
            {
                "name": "two", "image": "alpine:3.22", "command": ["make"], "volumeMounts": mounts,
                "env": [
                    {"name": "A", "value": "template"},
                    {"name": "B", "value": "template"},
                    {"name": "DOCKER_HOST", "value": "tcp://node:2375"},
                ],
                "securityContext": {"privileged": false, "capabilities": {"add": ["SYS_ADMIN"]}},
            },
            {"name": "daemon", "image": "docker:27-dind", "command": ["dockerd"], "volumeMounts": mounts},
        ],
    });
    assert_eq!(spec(subject), wanted);
    assert!(!subject.entry.partial && subject.entry.platform == "tekton");
    assert_eq!(
        metadata(subject),
        json!({"labels": {"app": "img"}, "annotations": {"iam.amazonaws.com/role": "admin"}})
    );
    let unknown = [
        json!([{"unknown": "hostIPC"}, "/spec/podTemplate/hostPID"]),
        json!([{"unknown": "privileged"}, "/spec/taskSpec/steps/1/privilegd"]),
    ];
    let told = notes(subject);
    assert!(told.iter().any(|note| note[1] == unknown[0][1]), "{told:?}");
    assert!(told.iter().any(|note| note[1] == unknown[1][1]), "{told:?}");
    assert_eq!(told.len(), 2, "{told:?}");
}

#[test]
fn every_value_of_the_pod_has_its_place_in_the_file() {
    let found = read(RUN);
    let subject = &found.subjects[0];
    let implied = [
        "/spec/volumes/2/name",
        "/spec/volumes/3/name",
        "/spec/containers/0/volumeMounts/1/mountPath",
        "/spec/containers/1/volumeMounts/1/mountPath",
        "/spec/containers/2/volumeMounts/1/mountPath",
    ];
    let astray = astray(subject, &implied);
    let astray: Vec<_> = astray.iter().filter(|one| !one.contains(" workspace-")).collect();
    // `hostNetwork: yes` is written otherwise than its value.
    assert_eq!(astray, ["/spec/hostNetwork true is at yes"]);
    let place = |pointer: &str| subject.locate(pointer);
    assert_eq!(
        place("/spec/containers/0/securityContext/privileged"),
        "/spec/taskSpec/stepTemplate/securityContext/privileged"
    );
    assert_eq!(
        place("/spec/containers/1/securityContext/privileged"),
        "/spec/taskSpec/steps/1/securityContext/privileged"
    );
    assert_eq!(place("/spec/containers/0/command/0"), "/spec/taskSpec/steps/0/script");
    assert_eq!(place("/spec/containers/2/image"), "/spec/taskSpec/sidecars/0/image");
    assert_eq!(place("/spec/containers/1/env/2/value"), "/spec/podTemplate/env/0/value");
    assert_eq!(place("/spec/volumes/1/hostPath/path"), "/spec/taskSpec/volumes/0/hostPath/path");
    assert_eq!(
        place("/spec/volumes/2/persistentVolumeClaim/claimName"),
        "/spec/workspaces/0/persistentVolumeClaim/claimName"
    );
    assert_eq!(place("/spec/hostNetwork"), "/spec/podTemplate/hostNetwork");
    assert_eq!(written(subject, "/spec/containers/0/command/0"), "|\n          docker build .");
}

#[test]
fn a_task_alone_is_a_part_of_a_pod() {
    for (kind, version) in [("Task", "v1"), ("Task", "v1beta1"), ("ClusterTask", "v1beta1")] {
        let found = read(&format!(
            "{{apiVersion: tekton.dev/{version}, kind: {kind}, metadata: {{name: a}}, spec: {{steps: [{{image: $(params.i)}}]}}}}"
        ));
        let entry = &found.subjects[0].entry;
        assert!(entry.partial && entry.platform == "tekton", "{entry:?}");
        assert_eq!(entry.unresolved, ["/spec/steps/0/image"]);
        assert_eq!(spec(&found.subjects[0]), json!({"containers": [{"name": "", "image": "$(params.i)"}]}));
    }
}

#[test]
fn a_step_action_is_one_step() {
    let text = "{apiVersion: tekton.dev/v1beta1, kind: StepAction, metadata: {name: a}, spec: {description: d, \
                params: [{name: x}], image: a:1, script: make, securityContext: {privileged: true}}}";
    let wanted = json!({"containers": [
        {"name": "", "image": "a:1", "command": ["make"], "securityContext": {"privileged": true}}
    ]});
    assert_eq!(specs(text), [wanted]);
    assert_eq!(notes(&read(text).subjects[0]), [json!(null); 0]);
}

#[test]
fn a_pipeline_is_a_pod_for_each_task_at_any_depth() {
    let text = r#"
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: p}
spec:
  tasks:
    - {name: a, taskSpec: {metadata: {annotations: {x: "1"}}, steps: [{name: a, image: "a:1"}]}}
    - {name: b, taskRef: {name: other}}
    - {name: c, pipelineSpec: {tasks: [{name: d, taskSpec: {steps: [{name: d, image: "d:1"}]}}]}}
    - {name: e, taskSpec: {apiVersion: v1, kind: Pod, spec: {containers: [{name: e, image: "e:1"}]}}}
  finally:
    - {name: f, taskSpec: {steps: [{name: f, image: "f:1"}]}}
"#;
    let found = read(text);
    let images: Vec<_> =
        found.subjects.iter().map(|one| spec(one)["containers"][0]["image"].clone()).collect();
    assert_eq!(images, ["a:1", "d:1", "e:1", "f:1"]);
    assert_eq!(metadata(&found.subjects[0]), json!({"annotations": {"x": "1"}}));
    let pointers: Vec<_> = found.subjects.iter().map(|one| one.locate("/spec/containers/0/image")).collect();
    assert_eq!(
        pointers,
        [
            "/spec/tasks/0/taskSpec/steps/0/image",
            "/spec/tasks/2/pipelineSpec/tasks/0/taskSpec/steps/0/image",
            "/spec/tasks/3/taskSpec/spec/containers/0/image",
            "/spec/finally/0/taskSpec/steps/0/image",
        ]
    );
    assert_eq!(
        reasons(&found),
        [
            "/spec/tasks/1/taskRef `taskRef` refers to `other`: what that brings is judged in its own file alone"
        ]
    );
}

#[test]
fn what_a_pipeline_run_says_of_single_tasks_counts_for_them() {
    let text = r#"
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {name: p}
spec:
  taskRunTemplate:
    serviceAccountName: all
    podTemplate: {hostNetwork: true, securityContext: {runAsUser: 1}, volumes: [{name: v, emptyDir: {}}, {name: w}]}
  taskRunSpecs:
    - pipelineTaskName: a
      serviceAccountName: one
      podTemplate: {hostNetwork: false, securityContext: {runAsGroup: 2}, volumes: [{name: v, hostPath: {path: /}}]}
  workspaces: [{name: shared, secret: {secretName: aws}}]
  pipelineSpec:
    tasks:
      - name: a
        workspaces: [{name: creds, workspace: shared}]
        taskSpec: {workspaces: [{name: creds, mountPath: /root/.aws}], steps: [{name: a, image: "a:1"}]}
      - {name: b, taskRef: {resolver: git}}
"#;
    let found = read(text);
    let a = json!({
        "hostNetwork": true,
        "securityContext": {"runAsGroup": 2},
        "serviceAccountName": "one",
        "volumes": [
            {"name": "w"},
            {"name": "v", "hostPath": {"path": "/"}},
            {"name": "workspace-creds", "secret": {"secretName": "aws"}},
        ],
        "containers": [{
            "name": "a", "image": "a:1",
            "volumeMounts": [{"name": "workspace-creds", "mountPath": "/root/.aws"}],
        }],
    });
    let b = json!({
        "hostNetwork": true,
        "securityContext": {"runAsUser": 1},
        "serviceAccountName": "all",
        "volumes": [{"name": "v", "emptyDir": {}}, {"name": "w"}],
        "containers": [],
    });
    assert_eq!(found.subjects.iter().map(spec).collect::<Vec<_>>(), [a, b]);
    let [a, b] = found.subjects.as_slice() else { panic!() };
    assert!(!a.entry.partial && b.entry.partial);
    assert_eq!(b.entry.unresolved, ["/spec/pipelineSpec/tasks/1/taskRef"]);
    assert_eq!(notes(b), [json!(["reference", "/spec/pipelineSpec/tasks/1/taskRef"])]);
}

#[test]
fn the_older_run_of_a_pipeline_and_a_referred_one() {
    let text = r#"
apiVersion: tekton.dev/v1beta1
kind: PipelineRun
metadata: {name: p}
spec:
  pipelineRef: {name: other}
  podTemplate: {hostNetwork: true}
  taskRunSpecs:
    - {pipelineTaskName: a, taskServiceAccountName: x, taskPodTemplate: {automountServiceAccountToken: false}}
"#;
    let all = json!({"hostNetwork": true, "containers": []});
    let one = json!({
        "hostNetwork": true, "automountServiceAccountToken": false, "serviceAccountName": "x", "containers": [],
    });
    assert_eq!(specs(text), [all, one]);
}

#[test]
fn what_is_wrong_is_told_at_its_place() {
    let broken =
        read("apiVersion: v1\nkind: ConfigMap\ndata:\n  default-pod-template: \"{hostNetwork: [\"\n");
    let told = reasons(&broken);
    assert!(
        told.len() == 1 && told[0].starts_with("/data/default-pod-template the template of all pods"),
        "{told:?}"
    );
    let text = "{apiVersion: tekton.dev/v1, kind: TaskRun, metadata: {name: a}, spec: {taskSpec: \
                {steps: $(x), volumes: 7, sidecars: [3, {name: s, image: 'a:1'}]}}}";
    let found = read(text);
    assert_eq!(
        reasons(&found),
        [
            "/spec/taskSpec/volumes `volumes`: expected an object, found a number; the rest was judged without it",
            "/spec/taskSpec/steps `steps` is open: it can be judged only when it is filled in",
            "/spec/taskSpec/sidecars/0 `0`: expected an object, found a number; the rest was judged without it",
        ]
    );
    assert_eq!(spec(&found.subjects[0])["containers"][2]["name"], "s");
    for (kind, reason) in [
        ("TaskRun", "/spec a TaskRun needs `taskSpec` or `taskRef`"),
        ("PipelineRun", "/spec a PipelineRun needs `pipelineSpec` or `pipelineRef`"),
    ] {
        let found = read(&format!("{{apiVersion: tekton.dev/v1, kind: {kind}, spec: {{params: []}}}}"));
        assert_eq!(reasons(&found), [reason]);
    }
}
