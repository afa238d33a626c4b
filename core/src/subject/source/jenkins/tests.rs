//! Jenkins' files, and the pods that come of them.

use serde_json::{Value, json};

use super::super::super::{Subject, Subjects};
use super::super::testing::{metadata, notes, read_file, reasons, spec, written};

fn read(text: &str) -> Subjects {
    read_file("Jenkinsfile", text)
}

fn one(text: &str) -> Subject {
    let mut found = read(text);
    assert_eq!(found.subjects.len(), 1, "{text}: {:?}", reasons(&found));
    found.subjects.remove(0)
}

/// A part of the spec of the one pod.
fn part(text: &str, pointer: &str) -> Value {
    let spec = spec(&one(text));
    spec.pointer(pointer).cloned().unwrap_or_else(|| panic!("nothing at {pointer}: {spec}"))
}

/// What is not evaluated, and nothing judged.
fn none(text: &str) -> Vec<String> {
    let found = read(text);
    assert_eq!(found.subjects.iter().map(spec).collect::<Vec<_>>(), Vec::<Value>::new(), "{text}");
    reasons(&found)
}

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
    stage('b') { steps { container('jnlp') { sh(script: \"git ${x}\") ; bat 'no' } } }
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
                    "name": "jnlp", "args": ["git ${x}\n"],
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
    let found = read(text);
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
fn fields_are_over_the_yaml_and_templates_over_those_around_them() {
    let nested = |outer: &str, inner: &str| {
        format!("podTemplate({outer}) {{ podTemplate({inner}) {{ node(POD_LABEL) {{ sh 'x y' }} }} }}")
    };
    let privileged = "containers: [containerTemplate(name: 'a', image: 'a', privileged: true)]";
    let harmless = "containers: [containerTemplate(name: 'a', image: 'b', privileged: false)]";
    for (text, pointer, wanted) in [
        (nested(privileged, harmless), "/containers/0/securityContext/privileged", json!(true)),
        (nested(privileged, harmless), "/containers/0/image", json!("b")),
        (nested(privileged, "label: 'x'"), "/containers/0/securityContext/privileged", json!(true)),
        (nested("hostNetwork: true", "hostNetwork: false"), "/hostNetwork", json!(false)),
        (nested("hostNetwork: true", "label: 'x'"), "/hostNetwork", json!(true)),
        (nested("serviceAccount: 'a'", "serviceAccount: ''"), "/serviceAccountName", json!("a")),
        // Of YAML, the last one counts, unless they are merged.
        (nested("yaml: 'spec: {hostPID: true}'", "yaml: 'spec: {hostIPC: true}'"), "/hostIPC", json!(true)),
        (
            nested(
                "yaml: 'spec: {hostPID: true}'",
                "yaml: 'spec: {hostIPC: true}', yamlMergeStrategy: merge()",
            ),
            "/hostPID",
            json!(true),
        ),
        (
            nested(
                "yaml: 'spec: {hostPID: true}', yamlMergeStrategy: merge(), inheritYamlMergeStrategy: true",
                "yaml: 'spec: {hostIPC: true}'",
            ),
            "/hostPID",
            json!(true),
        ),
        (nested("yaml: 'spec: {hostPID: true}'", "label: 'x'"), "/hostPID", json!(true)),
        // The fields win over the YAML; `privileged: false` takes nothing back.
        (
            format!(
                "podTemplate(yaml: 'spec: {{containers: [{{name: a, image: y, securityContext: {{privileged: true, procMount: Unmasked}}}}]}}', {harmless}) {{}}"
            ),
            "/containers/0",
            json!({
                "name": "a", "image": "b", "securityContext": {"privileged": true, "procMount": "Unmasked"},
                "volumeMounts": [{"name": "workspace-volume", "mountPath": "/home/jenkins/agent"}],
            }),
        ),
    ] {
        assert_eq!(part(&text, pointer), wanted, "{text}");
    }
    let override_ = nested("yaml: 'spec: {hostPID: true}'", "yaml: 'spec: {hostIPC: true}'");
    assert_eq!(spec(&one(&override_)).get("hostPID"), None);
    let fresh = nested(privileged, "inheritFrom: '', label: 'x'");
    assert_eq!(spec(&one(&fresh))["containers"].as_array().map(Vec::len), Some(1), "nothing is inherited");
    // An outer template in which an agent is started, too, is a pod of its own.
    let both =
        "podTemplate(hostNetwork: true) { node(POD_LABEL) {}\n podTemplate(label: 'x') { node('x') {} } }";
    assert_eq!(read(both).subjects.len(), 2);
}

#[test]
fn containers_in_yaml_are_merged_as_the_plugin_does() {
    let merged = |outer: &str, inner: &str| {
        let text = format!(
            "podTemplate(yaml: 'spec: {{containers: [{{name: a, {outer}}}]}}') {{ podTemplate(yamlMergeStrategy: merge(), yaml: 'spec: {{containers: [{{name: a, {inner}}}]}}') {{ node(POD_LABEL) {{}} }} }}"
        );
        let mut container = part(&text, "/containers/0");
        container.as_object_mut().unwrap().retain(|key, _| key != "name" && key != "volumeMounts");
        container
    };
    let context = |outer: &str, inner: &str| {
        merged(&format!("securityContext: {{{outer}}}"), &format!("securityContext: {{{inner}}}"))["securityContext"].clone()
    };
    assert_eq!(context("privileged: true", "privileged: false"), json!({"privileged": true}));
    assert_eq!(
        context("privileged: true", "privileged: false, runAsUser: 1"),
        json!({"privileged": false, "runAsUser": 1})
    );
    assert_eq!(context("privileged: false", "privileged: true"), json!({"privileged": true}));
    assert_eq!(context("privileged: true", "allowPrivilegeEscalation: false"), json!({"privileged": true}));
    assert_eq!(
        context("capabilities: {add: [A]}", "capabilities: {drop: [ALL]}"),
        json!({"capabilities": {"add": ["A"], "drop": ["ALL"]}})
    );
    assert_eq!(
        merged("image: x, env: [{name: A, value: a}]", "image: \"\", env: [{name: B, value: b}]"),
        json!({
            "image": "x", "env": [{"name": "A", "value": "a"}, {"name": "B", "value": "b"}],
        })
    );
}

#[test]
fn what_is_not_known_is_not_clean() {
    let library =
        "`buildPlugin` is not defined here: what a library runs in which pod is judged in the library alone";
    for (text, wanted) in [
        ("buildPlugin(configurations: [])", vec![format!("/buildPlugin {library}")]),
        ("@Library('x') _\nbuildPlugin()", vec![format!("/buildPlugin {library}")]),
        ("pipeline { agent any\n stages {} }", vec!["/pipeline/agent `agent any` runs on an agent that only the controller's settings describe".to_owned()]),
        ("pipeline { agent { label 'x' } }", vec!["/pipeline/agent `agent { label … }` runs on an agent that only the controller's settings describe".to_owned()]),
        ("node('linux') { sh 'make' }", vec!["/node `node('linux')` runs on an agent that only the controller's settings describe".to_owned()]),
        ("node { }", vec!["/node `node` runs on an agent that only the controller's settings describe".to_owned()]),
        ("class A { def b() { c.d(e) } }", vec![" Groovy in which nothing asks for a pod".to_owned()]),
        ("load 'x.groovy'", vec!["/load `load` runs another file, which is judged by itself alone".to_owned()]),
        ("println 'x'", vec![" Groovy in which nothing asks for a pod".to_owned()]),
        ("", vec![" Groovy in which nothing asks for a pod".to_owned()]),
    ] {
        assert_eq!(none(text), wanted, "{text}");
    }
    for (text, wanted) in [
        (
            "podTemplate(inheritFrom: 'base') { node(POD_LABEL) {} }",
            "/podTemplate/inheritFrom `inheritFrom` names `base`: the templates of the controller are judged in its own settings",
        ),
        (
            "pipeline { agent { kubernetes { yamlFile 'a.yaml' } } }",
            "/pipeline/agent/kubernetes/yamlFile `yamlFile` names `a.yaml`: the pod in it is judged in its own file alone",
        ),
        (
            "pipeline { agent { kubernetes { yaml libraryResource('a') } } }",
            "/pipeline/agent/kubernetes/yaml `yaml` is worked out when the pipeline runs: the pod in it was not judged",
        ),
        (
            "podTemplate(yaml: podYaml) {}",
            "/podTemplate/yaml `yaml` is worked out when the pipeline runs: the pod in it was not judged",
        ),
        (
            "podTemplate(yaml: \"${podYaml}\") {}",
            "/podTemplate/yaml `yaml` is worked out when the pipeline runs: the pod in it was not judged",
        ),
        (
            "podTemplate(pods.maven()) { }",
            "/podTemplate/0 `podTemplate` is given what is worked out when the pipeline runs: its pod was not judged in full",
        ),
    ] {
        let found = read(text);
        assert_eq!(reasons(&found), [wanted], "{text}");
        let pod = &found.subjects[0];
        assert!(pod.entry.partial, "{text}");
        assert_eq!(notes(pod).len(), 2, "{text}");
        assert_eq!(pod.entry.unresolved.len(), 1, "{text}");
    }
    let broken = "podTemplate(yaml: '''\nspec: {containers: [}\n''') {}";
    assert_eq!(
        reasons(&read(broken)),
        ["/podTemplate/yaml the pod in `yaml`: not valid YAML: `[` is closed by `}`"]
    );
    let open = "podTemplate(yaml: \"spec: ]${a}\") {}";
    assert!(reasons(&read(open))[0].ends_with("it can be read only when its expressions are filled in"));
    let containers =
        one("podTemplate(containers: [x, containerTemplate(name: 'a', image: 'b')], volumes: more) {}");
    assert_eq!(containers.entry.unresolved, ["/podTemplate/containers/0", "/podTemplate/volumes"]);
    assert!(containers.entry.partial);
    let open =
        one("podTemplate(containers: [containerTemplate(name: 'a', image: 'b', privileged: params.P)]) {}");
    assert_eq!(
        notes(&open),
        [
            json!([{"author-pod": []}, "/podTemplate"]),
            json!(["Open", "/podTemplate/containers/0/containerTemplate()/privileged"])
        ]
    );
}

#[test]
fn pods_that_nothing_known_is_given_are_parts() {
    let text = "def pod(x) {\n  return \"\"\"\nspec:\n  containers:\n  - name: a\n    image: ${x}\n    securityContext: {privileged: true}\n\"\"\"\n}\npodTemplate(yaml: pod('y')) { node(POD_LABEL) {} }";
    let found = read(text);
    let stray =
        found.subjects.iter().find(|subject| subject.entry.object.pointer == "/def pod/return").unwrap();
    assert!(stray.entry.partial);
    assert_eq!(spec(stray)["containers"][0]["securityContext"], json!({"privileged": true}));
    assert_eq!(written(stray, "/spec/containers/0/securityContext/privileged"), "true");
    let text = "def all = []\nall << containerTemplate(name: 'a', image: 'b', privileged: true)\npodTemplate(containers: all, volumes: base + [hostPathVolume(hostPath: '/x', mountPath: '/x')]) { node(POD_LABEL) {} }";
    let found = read(text);
    let privileged = |subject: &Subject| {
        spec(subject).pointer("/containers/0/securityContext/privileged") == Some(&json!(true))
    };
    assert_eq!(found.subjects.iter().filter(|subject| privileged(subject)).count(), 1);
    assert!(found.subjects.iter().any(
        |subject| spec(subject)["volumes"][0] == json!({"name": "volume-0", "hostPath": {"path": "/x"}})
    ));
    // What a variable stands for is judged once, where it is used.
    let text = "def y = '''\nspec:\n  hostPID: true\n  containers: []\n'''\npipeline { agent { kubernetes { yaml y } } }";
    assert_eq!(part(text, "/hostPID"), json!(true));
    assert_eq!(written(&one(text), "/spec/hostPID"), "true");
}

#[test]
fn what_docker_is_told_on_an_agent_is_judged_as_a_command() {
    let text = "pipeline { agent { docker { image 'maven'; args '--privileged -v /:/host' } } }";
    let pod = one(text);
    assert_eq!(
        spec(&pod)["containers"],
        json!([{"name": "docker", "image": "maven", "args": ["docker run --privileged -v /:/host\n"]}])
    );
    assert!(pod.entry.partial);
    let text = "podTemplate(yaml: 'spec: {containers: []}') { node(POD_LABEL) { docker.image('maven').inside('-v /:/host') { sh 'mvn' } } }";
    assert_eq!(part(text, "/containers/0/args"), json!(["docker run -v /:/host\n", "mvn\n"]));
}

fn all(text: &str) -> Vec<(String, Value)> {
    let found = read_file("in.yaml", text);
    assert_eq!(reasons(&found), Vec::<String>::new());
    found.subjects.iter().map(|subject| (subject.entry.object.name.clone(), spec(subject))).collect()
}

const CASC: &str = "jenkins:
  clouds:
  - kubernetes:
      name: k8s
      namespace: ci
      templates:
      - name: base
        hostNetwork: true
        containers:
        - {name: jnlp, image: agent, privileged: true, runAsUser: '0'}
        volumes:
        - hostPathVolume: {hostPath: /var/run, mountPath: /host}
        - hostPath: {hostPath: /a, mountPath: /a}
        annotations: [{key: k, value: v}]
      - name: child
        inheritFrom: base
        containers:
        - {name: jnlp, image: other, privileged: false}
        workspaceVolume:
          hostPathWorkspaceVolume: {hostPath: /ws}
        yaml: |
          spec:
            hostPID: true
  - ecs: {}
";

#[test]
fn configuration_as_code_has_templates_that_inherit() {
    let pods = all(CASC);
    let names: Vec<&str> = pods.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["base", "child"]);
    let child = &pods[1].1;
    assert_eq!(child["containers"][0]["securityContext"], json!({"privileged": true, "runAsUser": 0}));
    assert_eq!(child["containers"][0]["image"], json!("other"));
    assert_eq!((&child["hostNetwork"], &child["hostPID"]), (&json!(true), &json!(true)));
    assert_eq!(
        child["volumes"],
        json!([
            {"name": "volume-0", "hostPath": {"path": "/var/run"}},
            {"name": "volume-1", "hostPath": {"path": "/a"}},
            {"name": "workspace-volume", "hostPath": {"path": "/ws"}},
        ])
    );
    let found = read_file("in.yaml", CASC);
    let child = &found.subjects[1];
    assert_eq!(written(child, "/spec/hostPID"), "true");
    assert_eq!(written(child, "/spec/containers/0/securityContext/privileged"), "true");
    assert_eq!(written(child, "/spec/volumes/0/hostPath/path"), "/var/run");
    let object = &child.entry.object;
    assert_eq!((object.kind.as_str(), object.namespace.as_str()), ("JenkinsTemplate", "ci"));
    let in_map = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata:\n  a: b\n  jcasc.yaml: |\n{}",
        CASC.lines().map(|line| format!("    {line}\n")).collect::<String>()
    );
    assert_eq!(all(&in_map), pods);
    assert_eq!(written(&read_file("in.yaml", &in_map).subjects[1], "/spec/hostPID"), "true");
    let restricted = CASC.replace("namespace: ci", "restrictedPssSecurityContext: true");
    let base = &all(&restricted)[0].1["containers"][0]["securityContext"];
    assert_eq!(
        base,
        &json!({"privileged": true, "runAsUser": 0, "runAsNonRoot": true, "allowPrivilegeEscalation": false,
            "capabilities": {"drop": ["ALL"]}, "seccompProfile": {"type": "RuntimeDefault"}})
    );
    let missing = CASC.replace("inheritFrom: base", "inheritFrom: elsewhere child");
    let found = read_file("in.yaml", &missing);
    assert_eq!(
        reasons(&found),
        [
            "/jenkins/clouds/0/kubernetes/templates/1/inheritFrom `inheritFrom` names `elsewhere`, which is not among the cloud's templates",
            "/jenkins/clouds/0/kubernetes/templates/1/inheritFrom `inheritFrom` names `child`, which is not among the cloud's templates",
        ]
    );
    assert!(found.subjects[1].entry.partial);
    let round = CASC.replace("name: base\n", "name: base\n        inheritFrom: child\n");
    assert_eq!(read_file("in.yaml", &round).subjects.len(), 2, "templates that inherit from each other");
}

const VALUES: &str = "controller:
  JCasC:
    configScripts:
      clouds: |
        jenkins:
          clouds:
          - kubernetes:
              templates:
              - name: script
                yaml: 'spec: {hostIPC: true}'
agent:
  podName: default
  hostNetworking: true
  privileged: true
  runAsUser: 1000
  image: {repository: jenkins/inbound-agent, tag: '1'}
  args: '${computer.jnlpmac}'
  envVars: [{name: A, value: b}]
  imagePullSecretName: s
  volumes:
  - {type: HostPath, hostPath: /var/run/docker.sock, mountPath: /var/run/docker.sock}
  - {type: PVC, claimName: c, mountPath: /c}
  additionalContainers:
  - {sideContainerName: dind, image: {repository: docker, tag: dind}, privileged: true}
  yamlTemplate: |
    spec:
      hostPID: true
  podTemplates:
    python: |
      - name: python
        containers:
        - {name: python, image: 'python:3', privileged: 'true', command: '/bin/sh -c', args: cat}
additionalAgents:
  maven:
    podName: maven
    privileged: false
    image: {repository: maven}
additionalClouds:
  other:
    agent: {podName: other, hostNetworking: false}
";

#[test]
fn values_of_the_chart_become_templates() {
    let pods = all(VALUES);
    let names: Vec<&str> = pods.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["default", "maven", "python", "other", "maven", "python", "script"]);
    let default = &pods[0].1;
    let mounts = json!([
        {"name": "volume-0", "mountPath": "/var/run/docker.sock"},
        {"name": "volume-1", "mountPath": "/c"},
        {"name": "workspace-volume", "mountPath": "/home/jenkins/agent"},
    ]);
    assert_eq!(
        default["containers"],
        json!([
            {"name": "jnlp", "image": "jenkins/inbound-agent:1", "args": ["${computer.jnlpmac}"], "env": [{"name": "A", "value": "b"}],
                "securityContext": {"privileged": true, "runAsUser": 1000}, "volumeMounts": mounts},
            {"name": "dind", "image": "docker:dind", "env": [{"name": "A", "value": "b"}],
                "securityContext": {"privileged": true, "runAsUser": 1000}, "volumeMounts": mounts},
        ])
    );
    assert_eq!((&default["hostNetwork"], &default["hostPID"]), (&json!(true), &json!(true)));
    assert_eq!(
        default["volumes"][0],
        json!({"name": "volume-0", "hostPath": {"path": "/var/run/docker.sock"}})
    );
    // What is false in the upper values is taken from the lower ones.
    assert_eq!(pods[1].1["containers"][0]["securityContext"]["privileged"], json!(true));
    assert_eq!(pods[1].1["containers"][0]["image"], json!("maven:1"));
    assert_eq!(pods[2].1["containers"][0]["securityContext"], json!({"privileged": true}));
    assert_eq!(pods[3].1["hostNetwork"], json!(true));
    assert_eq!(pods[6].1["hostIPC"], json!(true));
    let nested: String = VALUES.lines().map(|line| format!("  {line}\n")).collect();
    assert_eq!(all(&format!("jenkins:\n{nested}")), pods, "below the name of the chart");
    let found = read_file("in.yaml", VALUES);
    assert_eq!(written(&found.subjects[0], "/spec/hostPID"), "true");
    assert_eq!(written(&found.subjects[2], "/spec/containers/0/securityContext/privileged"), "'true'");
    assert_eq!(written(&found.subjects[6], "/spec/hostIPC"), "true");
}

#[test]
fn values_are_the_charts_by_little() {
    let text = "agent:\n  privileged: true\n  volumes: [{type: HostPath, hostPath: /x, mountPath: /y}]\n";
    assert_eq!(all(text)[0].1["containers"][0]["securityContext"], json!({"privileged": true}));
}

#[test]
fn values_of_other_charts_are_not_taken_for_these() {
    for text in [
        "agent: {image: x, enabled: true}\n",
        "controller: {replicas: 1}\nagent: {privileged: true}\n",
        "jenkins: {url: x}\n",
        "jenkins: {clouds: [{ecs: {}}]}\n",
    ] {
        let found = read_file("in.yaml", text);
        assert_eq!(found.subjects.len(), 0, "{text}");
        assert_eq!(found.not_evaluated.len() + found.without_pod.len(), 1, "{text}");
    }
    let broken = "controller: {JCasC: {configScripts: {a: 'jenkins: ]'}}}\n";
    assert_eq!(
        reasons(&read_file("in.yaml", broken)),
        [
            "/controller/JCasC/configScripts/a the configuration as code: not valid YAML: the closing bracket has no opening one"
        ]
    );
}

const XML: &str = "<?xml version='1.1' encoding='UTF-8'?>
<hudson>
  <clouds>
    <org.csanchez.jenkins.plugins.kubernetes.KubernetesCloud plugin=\"kubernetes@4300\">
      <name>k8s</name>
      <namespace>ci</namespace>
      <templates>
        <org.csanchez.jenkins.plugins.kubernetes.PodTemplate>
          <inheritFrom></inheritFrom>
          <name>base</name>
          <hostNetwork>true</hostNetwork>
          <volumes>
            <org.csanchez.jenkins.plugins.kubernetes.volumes.HostPathVolume>
              <mountPath>/s</mountPath>
              <hostPath>/var/run&#x2f;docker.sock</hostPath>
              <readOnly>false</readOnly>
            </org.csanchez.jenkins.plugins.kubernetes.volumes.HostPathVolume>
          </volumes>
          <containers>
            <org.csanchez.jenkins.plugins.kubernetes.ContainerTemplate>
              <name>a</name>
              <image>b</image>
              <privileged>true</privileged>
              <command></command>
              <envVars>
                <org.csanchez.jenkins.plugins.kubernetes.model.KeyValueEnvVar><key>A</key><value>&lt;b&gt;</value></org.csanchez.jenkins.plugins.kubernetes.model.KeyValueEnvVar>
              </envVars>
            </org.csanchez.jenkins.plugins.kubernetes.ContainerTemplate>
          </containers>
          <annotations/>
          <yamls>
            <string>spec:
  hostPID: &quot;true&quot;
  hostIPC: true</string>
          </yamls>
          <yamlMergeStrategy class=\"org.csanchez.jenkins.plugins.kubernetes.pod.yaml.Overrides\"/>
          <workspaceVolume class=\"org.csanchez.jenkins.plugins.kubernetes.volumes.workspace.HostPathWorkspaceVolume\">
            <hostPath>/ws</hostPath>
          </workspaceVolume>
        </org.csanchez.jenkins.plugins.kubernetes.PodTemplate>
        <org.csanchez.jenkins.plugins.kubernetes.PodTemplate>
          <name>child</name>
          <inheritFrom>base</inheritFrom>
          <yaml><![CDATA[spec: {shareProcessNamespace: true}]]></yaml>
        </org.csanchez.jenkins.plugins.kubernetes.PodTemplate>
      </templates>
    </org.csanchez.jenkins.plugins.kubernetes.KubernetesCloud>
  </clouds>
</hudson>
";

#[test]
fn the_controllers_own_file_has_the_same_templates() {
    let found = read_file("config.xml", XML);
    assert_eq!(reasons(&found), Vec::<String>::new());
    let [base, child] = found.subjects.as_slice() else { panic!("{} pods", found.subjects.len()) };
    let pod = spec(base);
    let a = &pod["containers"][0];
    assert_eq!(a["env"], json!([{"name": "A", "value": "<b>"}]));
    assert_eq!(a["securityContext"], json!({"privileged": true}));
    assert_eq!(a["volumeMounts"][0], json!({"name": "volume-0", "mountPath": "/s", "readOnly": false}));
    assert_eq!(
        pod["volumes"],
        json!([
            {"name": "volume-0", "hostPath": {"path": "/var/run/docker.sock"}},
            {"name": "workspace-volume", "hostPath": {"path": "/ws"}},
        ])
    );
    assert_eq!((&pod["hostNetwork"], &pod["hostIPC"]), (&json!(true), &json!(true)));
    assert_eq!(written(base, "/spec/volumes/0/hostPath/path"), "/var/run&#x2f;docker.sock");
    assert_eq!(written(base, "/spec/hostIPC"), "true");
    assert_eq!(written(base, "/spec/containers/0/securityContext/privileged"), "true");
    let child_pod = spec(child);
    assert_eq!(child_pod["shareProcessNamespace"], json!(true));
    assert_eq!(child_pod["containers"][0]["securityContext"], json!({"privileged": true}));
    assert_eq!(written(child, "/spec/shareProcessNamespace"), "true");
    assert_eq!((child.entry.object.name.as_str(), child.entry.object.namespace.as_str()), ("child", "ci"));
}

#[test]
fn xml_brings_nothing_from_elsewhere() {
    let first = |text: &str| {
        let error =
            crate::document::read_as(None, "config.xml", text, &crate::document::Limits::default()).remove(0);
        error.map(|_| ()).map_err(|error| error.to_string())
    };
    let types = "not valid XML: document types are not read, nor their entities";
    assert_eq!(
        first("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"),
        Err(types.to_owned())
    );
    assert!(first("<a>&b;</a>").unwrap_err().starts_with("not valid XML: "));
    assert!(first("<a><b></a>").unwrap_err().starts_with("not valid XML: "));
    assert!(
        first(&format!("{}{}", "<a>".repeat(200_000), "</a>".repeat(200_000)))
            .unwrap_err()
            .contains("too deep")
    );
    let none = read_file("config.xml", "<project><builders/></project>");
    assert_eq!(reasons(&none), [" XML in which there is no cloud of Jenkins' Kubernetes plugin"]);
    let job = read_file(
        "config.xml",
        "<flow-definition><definition><script>podTemplate {}</script></definition></flow-definition>",
    );
    assert_eq!(
        reasons(&job),
        [
            "/flow-definition/definition/script the pipeline of a job: give it in a file of its own to have it judged"
        ]
    );
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
    assert_eq!(read(&nested).subjects.len(), 3);
    let wide = format!(
        "podTemplate(containers: [{containers}]) {{\n{}}}",
        many("podTemplate(label: 'x') { node('x') {} }\n", 3_000)
    );
    let found = read(&wide);
    assert!(
        reasons(&found).iter().any(|reason| reason.contains("gives more than")),
        "{:?}",
        reasons(&found).first()
    );
}
