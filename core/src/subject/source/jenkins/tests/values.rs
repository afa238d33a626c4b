//! The values of Jenkins' chart.

use serde_json::json;

use super::{all, read, reasons, spec, written};

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
    let found = read(VALUES);
    assert_eq!(written(&found.subjects[0], "/spec/hostPID"), "true");
    assert_eq!(written(&found.subjects[2], "/spec/containers/0/securityContext/privileged"), "'true'");
    assert_eq!(written(&found.subjects[6], "/spec/hostIPC"), "true");
}

#[test]
fn values_are_the_charts_by_little() {
    let text = "agent:\n  privileged: true\n  volumes: [{type: HostPath, hostPath: /x, mountPath: /y}]\n";
    assert_eq!(all(text)[0].1["containers"][0]["securityContext"], json!({"privileged": true}));
    for text in [
        "controller: {image: {repository: jenkins/jenkins}}\nagent: {runAsUser: 0}\n",
        "controller: {image: x}\nagent: {privileged: true}\n",
        "controller: {replicas: 1}\nagent: {image: jenkins/inbound-agent}\n",
    ] {
        assert_eq!(all(text).len(), 1, "{text}");
    }
}

#[test]
fn an_agent_that_is_privileged_needs_nothing_beside() {
    let privileged = |text: &str| {
        let found = read(text);
        // What an anchor holds is told where it stands.
        assert_eq!(reasons(&found).len(), usize::from(text.starts_with("base")), "{text}");
        let pods: Vec<_> = found.subjects.iter().map(spec).collect();
        let flags: Vec<_> =
            pods.iter().map(|spec| &spec["containers"][0]["securityContext"]["privileged"]).collect();
        json!(flags)
    };
    let alias = "base: &base {privileged: true, podName: b}\n";
    for (text, wanted) in [
        ("agent: {privileged: true}\n".to_owned(), json!([true])),
        ("controller: {replicas: 1}\nagent: {privileged: true}\n".to_owned(), json!([true])),
        ("jenkins: {agent: {privileged: true}}\n".to_owned(), json!([true])),
        (format!("{alias}agent: {{<<: *base}}\n"), json!([true])),
        ("additionalAgents: {a: {privileged: true}, b: {podName: b}}\n".to_owned(), json!([true, null])),
        (format!("{alias}additionalAgents: {{a: {{<<: *base, podName: a}}}}\n"), json!([true])),
        ("agent: {privileged: true}\nadditionalAgents: {a: {podName: a}}\n".to_owned(), json!([true, true])),
        ("additionalClouds: {c: {agent: {podName: o, privileged: true}}}\n".to_owned(), json!([true])),
        ("additionalClouds: {c: {additionalAgents: {a: {privileged: true}}}}\n".to_owned(), json!([true])),
        ("agent: {privileged: false}\n".to_owned(), json!([false])),
    ] {
        assert_eq!(privileged(&text), wanted, "{text}");
    }
}

#[test]
fn values_of_older_charts_have_other_names() {
    let agent = "privileged: true, volumes: [{type: HostPath, hostPath: /x, mountPath: /y}]";
    let new = all(&format!("controller: {{numExecutors: 0}}\nagent: {{{agent}, image: 'a', tag: '1'}}\n"));
    let old = all(&format!("master: {{numExecutors: 0}}\nagent: {{{agent}, image: 'a', tag: '1'}}\n"));
    assert_eq!(new, old);
    let first = format!(
        "Master: {{NumExecutors: 0}}\nAgent: {{{}, Image: 'a', ImageTag: '1'}}\n",
        agent.replacen('p', "P", 1)
    );
    assert_eq!(all(&first), new);
    let found = read("master: {numExecutors: 0, JCasC: {configScripts: {a: 'jenkins: ]'}}}\n");
    assert!(reasons(&found)[0].starts_with("/master/JCasC/configScripts/a "), "{found:#?}");
    assert_eq!(all("master: {numExecutors: 0, hostNetworking: true}\n")[0].1["hostNetwork"], json!(true));
}

#[test]
fn values_of_other_charts_are_not_taken_for_these() {
    for text in [
        "agent: {image: x, enabled: true}\n",
        "controller: {replicas: 1}\nagent: {privileged: true, dnsConfig: {}}\n",
        "agent: {image: x}\n",
        "additionalAgents: {a: {command: x, hosts: 2}}\n",
        "additionalClouds: {a: {region: x}}\n",
        "controller: {image: x}\nagent: {image: y, enabled: true}\n",
        "jenkins: {url: x}\n",
        "jenkins: {clouds: [{ecs: {}}]}\n",
    ] {
        let found = read(text);
        assert_eq!(found.subjects.len(), 0, "{text}");
        let told = 1 + text.matches("privileged").count();
        assert_eq!(found.not_evaluated.len() + found.without_pod.len(), told, "{text}");
    }
    let broken = "controller: {JCasC: {configScripts: {a: 'jenkins: ]'}}}\n";
    assert_eq!(
        reasons(&read(broken)),
        [
            "/controller/JCasC/configScripts/a the configuration as code: not valid YAML: the closing bracket has no opening one"
        ]
    );
}

#[test]
fn what_stands_beside_agents_is_judged() {
    let socket = json!([{"name": "s", "hostPath": {"path": "/var/run/docker.sock"}}]);
    let persistence = "persistence:\n  volumes:\n  - {name: s, hostPath: {path: /var/run/docker.sock}}\n";
    let agent = "agent: {podName: a, hostNetworking: false}\n";
    let below = |text: &str| text.lines().map(|line| format!("  {line}\n")).collect::<String>();
    for text in [
        format!("{agent}{persistence}"),
        format!("jenkins:\n{}", below(&format!("{agent}{persistence}"))),
        format!("jenkins:\n{}{persistence}", below(agent)),
    ] {
        let pods = all(&text);
        assert_eq!(pods.len(), 2, "{text}");
        assert_eq!(pods[1].1["volumes"], socket, "{text}");
    }
    let hosted = format!(
        "{agent}controller:\n  hostNetworking: true\n  containerSecurityContext: {{privileged: true}}\n"
    );
    let found: Vec<_> = all(&hosted).into_iter().skip(1).map(|(_, spec)| spec).collect();
    assert_eq!(found[0]["hostNetwork"], json!(true));
    assert_eq!(found[1]["containers"][0]["securityContext"], json!({"privileged": true}));
}

#[test]
fn charts_beside_each_other_are_each_judged() {
    let jenkins = "jenkins:\n  agent: {podName: a, hostNetworking: false}\n";
    let gitlab = "gitlab-runner:\n  gitlabUrl: https://a.example\n  runners: {privileged: true}\n";
    let github =
        "gha-runner-scale-set:\n  githubConfigUrl: https://github.com/a\n  containerMode: {type: dind}\n";
    let buildkite = "agent-stack-k8s:\n  config: {pod-spec-patch: {hostPID: true}}\n";
    let circleci = "container-agent:\n  agent: {resourceClasses: {a/b: {spec: {hostPID: true}}}}\n";
    let all = [jenkins, gitlab, github, buildkite, circleci];
    let platforms = |text: &str| {
        let found = read(text);
        let mut names: Vec<String> = found.subjects.iter().map(|one| one.entry.platform.clone()).collect();
        names.sort();
        names.dedup();
        names
    };
    let alone: Vec<Vec<String>> = all.iter().map(|text| platforms(text)).collect();
    assert_eq!(alone[..3], [["jenkins"], ["gitlab"], ["github-actions"]]);
    for first in [0, 1, 2] {
        for second in [0, 1, 2] {
            if first == second {
                continue;
            }
            let mut wanted = [alone[first].clone(), alone[second].clone()].concat();
            wanted.sort();
            assert_eq!(platforms(&format!("{}{}", all[first], all[second])), wanted);
        }
    }
    let old = "gitlab-runner: {runners: {privileged: true}}\n";
    assert_eq!(platforms(&format!("{jenkins}{old}")), ["gitlab", "jenkins"]);
    // Of what is taken from an entry, the place is where it stands.
    let found = read(&format!("{jenkins}{gitlab}"));
    let runner = found.subjects.iter().find(|one| one.entry.platform == "gitlab").unwrap();
    assert_eq!(written(runner, "/spec/containers/0/securityContext/privileged"), "true");
}

#[test]
fn texts_of_several_systems_in_one_map_are_each_judged() {
    let runner = "  config.toml: |\n    [[runners]]\n      executor = \"kubernetes\"\n      [runners.kubernetes]\n        privileged = true\n";
    let map =
        |more: &str| format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata:\n{runner}{more}");
    let platforms = |text: &str| {
        let found = read(text);
        assert_eq!(found.without_pod, [], "{text}");
        found.subjects.iter().map(|one| one.entry.platform.clone()).collect::<Vec<_>>()
    };
    assert_eq!(platforms(&map("")), ["gitlab"]);
    assert_eq!(platforms(&map("  default-pod-template: '{}'\n")), ["tekton", "gitlab"]);
    assert_eq!(platforms(&map("  containerRuntimeExecutor: emissary\n")), ["gitlab"]);
    assert_eq!(platforms(&map("  containerRuntimeExecutor: docker\n")), ["argo", "gitlab"]);
    // What holds nothing is listed once.
    let nothing = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: b}\n";
    assert_eq!(read(nothing).without_pod.len(), 1);
}
