//! Pods of Jenkinsfiles, declarative and scripted.

use serde_json::json;

use super::{metadata, notes, one, part, pipeline, reasons, spec, written};

const DECLARATIVE: &str = "pipeline {
  agent {
    kubernetes {
      label 'builder'
      namespace 'ci'
      serviceAccount 'robot'
      nodeSelector 'a=b,c=d'
      supplementalGroups '1,2'
      defaultContainer 'maven'
      yaml \"\"\"
        metadata:
          labels: {x: z}
        spec:
          containers:
          - name: maven
            image: \"maven:${env.TAG}\"
            command: [sleep, infinity]
          ---
          spec: {hostPID: true}
        \"\"\"
      workspaceVolume hostPathWorkspaceVolume(hostPath: '/ws')
    }
  }
  stages {
    stage('a') { steps { sh 'mvn' } }
    stage('b') { steps { container('jnlp') { sh(script: \"git ${x}\") ; bat '@echo no' } } }
  }
}
";

#[test]
fn a_declarative_agent_is_a_pod() {
    let text = DECLARATIVE.replace("          ---\n          spec: {hostPID: true}\n", "");
    let pod = one(&text);
    assert_eq!(
        spec(&pod),
        json!({
            "containers": [
                {
                    "name": "maven", "image": "maven:${env.TAG}", "command": ["sleep", "infinity"], "args": ["mvn\n"],
                    "volumeMounts": [{"name": "workspace-volume", "mountPath": "/home/jenkins/agent"}],
                },
                {
                    "name": "jnlp", "args": ["git ${x}\n", "@echo no\n"],
                    "volumeMounts": [{"name": "workspace-volume", "mountPath": "/home/jenkins/agent"}],
                },
            ],
            "nodeSelector": {"a": "b", "c": "d"},
            "securityContext": {"supplementalGroups": [1, 2]},
            "serviceAccountName": "robot",
            "volumes": [{"name": "workspace-volume", "hostPath": {"path": "/ws"}}],
        })
    );
    assert_eq!(metadata(&pod), json!({"labels": {"x": "z"}}));
    let entry = &pod.entry;
    assert_eq!(
        (entry.object.kind.as_str(), entry.object.name.as_str(), entry.object.namespace.as_str()),
        ("Jenkinsfile", "builder", "ci")
    );
    assert_eq!((entry.platform.as_str(), entry.partial), ("jenkins", false));
    assert_eq!(entry.object.pointer, "/pipeline/agent/kubernetes");
    assert_eq!(
        entry.implied,
        [
            "restartPolicy: Never",
            "container `jnlp` with the agent's image",
            "volume `workspace-volume`, mounted into every container"
        ]
    );
    assert_eq!(written(&pod, "/spec/containers/0/image"), "\"maven:${env.TAG}\"");
    assert_eq!(written(&pod, "/spec/containers/0/args/0"), "'mvn'");
    assert_eq!(written(&pod, "/spec/containers/1/args/0"), "\"git ${x}\"");
    assert_eq!(written(&pod, "/spec/volumes/0/hostPath/path"), "'/ws'");
    assert_eq!(written(&pod, "/spec/serviceAccountName"), "'robot'");
}

#[test]
fn only_the_first_document_of_a_yaml_counts() {
    let text = "podTemplate(yaml: '''\nspec: {hostPID: true}\n---\nspec: {hostIPC: true}\n''') { node(POD_LABEL) {} }";
    assert_eq!(part(text, "/hostPID"), json!(true));
    assert_eq!(spec(&one(text)).get("hostIPC"), None);
}

#[test]
fn stages_have_agents_of_their_own() {
    let text = "pipeline {
      agent none
      stages {
        stage('a') {
          agent { kubernetes { yaml 'spec: {containers: [{name: a, image: a}]}' } }
          steps { sh 'in a' }
        }
        stage('b') {
          parallel {
            stage('c') {
              agent { kubernetes { containerTemplate { name 'c'; image 'c'; privileged true } } }
              steps { container('c') { sh 'in c' } }
            }
          }
        }
      }
    }";
    let found = pipeline(text);
    assert_eq!(reasons(&found), Vec::<String>::new());
    let names: Vec<&str> = found.subjects.iter().map(|subject| subject.entry.object.name.as_str()).collect();
    assert_eq!(names, ["a", "c"]);
    let containers = |index: usize| spec(&found.subjects[index])["containers"].clone();
    assert_eq!(containers(0)[1]["args"], json!(["in a\n"]));
    assert_eq!(containers(1)[0]["args"], json!(["in c\n"]));
    assert_eq!(containers(1)[0]["securityContext"], json!({"privileged": true}));
}

#[test]
fn a_scripted_template_is_a_pod() {
    let text = "podTemplate(label: 'l', hostNetwork: true, runAsUser: '0', annotations: [podAnnotation(key: 'k', value: 'v')],
      imagePullSecrets: ['s'], envVars: [envVar(key: 'A', value: 'b'), secretEnvVar(key: 'C', secretName: 'n', secretKey: 'o')],
      containers: [
        containerTemplate(name: 'dind', image: 'docker:dind', privileged: true, command: 'sh -c \"a b\"', args: '--tls=false',
          runAsUser: '1000', ports: [portMapping(name: 'p', containerPort: 2375, hostPort: 2375)], alwaysPullImage: true),
      ],
      volumes: [
        hostPathVolume(mountPath: '/var/run/docker.sock', hostPath: '/var/run/docker.sock', readOnly: true),
        emptyDirVolume(mountPath: '/c', memory: true),
        secretVolume(secretName: 's', mountPath: '/s'),
        configMapVolume(configMapName: 'm', mountPath: '/m', subPath: 'x'),
        nfsVolume(serverAddress: 'h', serverPath: '/p', mountPath: '/n'),
        persistentVolumeClaim(claimName: 'c', mountPath: '/v'),
        [$class: 'HostPathVolume', hostPath: '/o', mountPath: '/o'],
      ]) {
      node('l') { stage('x') { container('dind') { sh 'docker ps' } } }
    }";
    let pod = one(text);
    let spec = spec(&pod);
    let dind = &spec["containers"][0];
    assert_eq!(dind["securityContext"], json!({"privileged": true, "runAsUser": 1000}));
    assert_eq!(dind["command"], json!(["sh", "-c", "a b"]));
    assert_eq!(dind["args"], json!(["--tls=false", "docker ps\n"]));
    assert_eq!(dind["ports"], json!([{"name": "p", "containerPort": 2375, "hostPort": 2375}]));
    assert_eq!(
        dind["env"],
        json!([{"name": "A", "value": "b"}, {"name": "C", "valueFrom": {"secretKeyRef": {"name": "n", "key": "o"}}}])
    );
    let mounts = json!([
        {"name": "volume-0", "mountPath": "/var/run/docker.sock", "readOnly": true},
        {"name": "volume-1", "mountPath": "/c"},
        {"name": "volume-2", "mountPath": "/s"},
        {"name": "volume-3", "mountPath": "/m", "subPath": "x"},
        {"name": "volume-4", "mountPath": "/n"},
        {"name": "volume-5", "mountPath": "/v"},
        {"name": "volume-6", "mountPath": "/o"},
        {"name": "workspace-volume", "mountPath": "/home/jenkins/agent"},
    ]);
    assert_eq!(dind["volumeMounts"], mounts);
    assert_eq!(spec["containers"][1]["volumeMounts"], mounts, "the agent's container has them too");
    assert_eq!(
        spec["volumes"],
        json!([
            {"name": "volume-0", "hostPath": {"path": "/var/run/docker.sock"}},
            {"name": "volume-1", "emptyDir": {"medium": "Memory"}},
            {"name": "volume-2", "secret": {"secretName": "s"}},
            {"name": "volume-3", "configMap": {"name": "m"}},
            {"name": "volume-4", "nfs": {"server": "h", "path": "/p"}},
            {"name": "volume-5", "persistentVolumeClaim": {"claimName": "c"}},
            {"name": "volume-6", "hostPath": {"path": "/o"}},
            {"name": "workspace-volume", "emptyDir": {}},
        ])
    );
    assert_eq!((&spec["hostNetwork"], &spec["securityContext"]), (&json!(true), &json!({"runAsUser": 0})));
    assert_eq!(spec["imagePullSecrets"], json!([{"name": "s"}]));
    assert_eq!(metadata(&pod), json!({"annotations": {"k": "v"}}));
    assert_eq!(written(&pod, "/spec/volumes/0/hostPath/path"), "'/var/run/docker.sock'");
    assert_eq!(written(&pod, "/spec/containers/0/securityContext/privileged"), "true");
    assert_eq!(notes(&pod), [json!([{"author-pod": []}, "/podTemplate"])]);
    assert!(!pod.entry.partial);
}

#[test]
fn large_pipelines_are_read_once() {
    let many = |line: &str, times: usize| line.repeat(times);
    let text =
        format!("podTemplate(hostNetwork: true) {{ node(POD_LABEL) {{\n{}}} }}", many("sh 'a b'\n", 20_000));
    assert_eq!(part(&text, "/containers/0/args").as_array().map(Vec::len), Some(20_000));
    let containers =
        (0..3_000).map(|at| format!("containerTemplate(name: 'c{at}', image: 'i'),")).collect::<String>();
    let nested = format!(
        "podTemplate(containers: [{containers}]) {{\n{}}}",
        many(&format!("podTemplate(containers: [{containers}]) {{ node(POD_LABEL) {{}} }}\n"), 3)
    );
    assert_eq!(pipeline(&nested).subjects.len(), 3);
    let wide = format!(
        "podTemplate(containers: [{containers}]) {{\n{}}}",
        many("podTemplate(label: 'x') { node('x') {} }\n", 3_000)
    );
    let found = pipeline(&wide);
    assert!(
        reasons(&found).iter().any(|reason| reason.contains("gives more than")),
        "{:?}",
        reasons(&found).first()
    );
}
