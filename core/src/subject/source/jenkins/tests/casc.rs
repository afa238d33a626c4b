//! Jenkins' configuration as code.

use serde_json::json;

use super::super::super::testing::{in_base64, read_with_room_for, spec};
use super::{all, read, reasons, written};

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
    let found = read(CASC);
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
    assert_eq!(written(&read(&in_map).subjects[1], "/spec/hostPID"), "true");
    // In a Secret it is in base64: what is in it has the place of the whole.
    let secret = format!(
        "apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\ndata:\n  a: YQ==\n  jcasc.yaml: {}\n",
        in_base64(CASC)
    );
    assert_eq!(all(&secret), pods);
    let found = read(&secret);
    assert_eq!(written(&found.subjects[1], "/spec/hostPID"), in_base64(CASC));
    let in_clear = in_map.replace("kind: ConfigMap", "kind: Secret").replace("data:", "stringData:");
    assert_eq!(all(&in_clear), pods);
    assert_eq!(written(&read(&in_clear).subjects[1], "/spec/hostPID"), "true");
    let restricted = CASC.replace("namespace: ci", "restrictedPssSecurityContext: true");
    let base = &all(&restricted)[0].1["containers"][0]["securityContext"];
    assert_eq!(
        base,
        &json!({"privileged": true, "runAsUser": 0, "runAsNonRoot": true, "allowPrivilegeEscalation": false,
            "capabilities": {"drop": ["ALL"]}, "seccompProfile": {"type": "RuntimeDefault"}})
    );
    let missing = CASC.replace("inheritFrom: base", "inheritFrom: elsewhere child");
    let found = read(&missing);
    assert_eq!(
        reasons(&found),
        [
            "/jenkins/clouds/0/kubernetes/templates/1/inheritFrom `inheritFrom` names `elsewhere`, `child`, which are not among the cloud's templates",
        ]
    );
    assert!(found.subjects[1].entry.partial);
    let round = CASC.replace("name: base\n", "name: base\n        inheritFrom: child\n");
    assert_eq!(read(&round).subjects.len(), 2, "templates that inherit from each other");
}

#[test]
fn scripts_that_make_jobs_are_told() {
    let script = "  - script: |\n      pipelineJob('a') { definition { cps { script('podTemplate(hostNetwork: true) {}') } } }\n";
    let told =
        "/jobs/0/script `script` makes jobs when it runs: give their pipelines as files to have them judged";
    for text in [
        format!("jobs:\n{script}"),
        format!("jenkins: {{systemMessage: x}}\njobs:\n{script}"),
        format!("{CASC}jobs:\n{script}"),
    ] {
        // Nothing else is told of it.
        let said = reasons(&read(&text));
        assert_eq!(said.iter().filter(|one| one.starts_with("/jobs")).collect::<Vec<_>>(), [told], "{text}");
    }
    let inside = "jobs:\n  - script: |\n      def pod = \"\"\"\n      spec:\n        hostPID: true\n        containers: []\n      \"\"\"\n      job('a') { text(pod) }\n";
    let found = read(inside);
    assert!(found.subjects.iter().any(|one| super::spec(one)["hostPID"] == json!(true)), "{found:#?}");
    assert_eq!(
        reasons(&read("jobs:\n- file: a.groovy\n"))[0],
        "/jobs/0/file `file` makes jobs when it runs: give their pipelines as files to have them judged"
    );
}

/// Templates with what each inherits, and what else all of them have.
fn templates(all: &[(&str, String)], more: &str) -> String {
    let one = |(name, inherits): &(&str, String)| {
        format!(
            "      - name: {name}\n        inheritFrom: '{inherits}'\n        containers: [{{name: jnlp, image: {name}}}]\n{more}"
        )
    };
    let all: String = all.iter().map(one).collect();
    format!("jenkins:\n  clouds:\n  - kubernetes:\n      templates:\n{all}")
}

#[test]
fn a_template_is_inherited_once_however_often_it_is_named() {
    const VARIABLE: &str = "        envVars: [{envVar: {key: a, value: b}}]\n";
    let named = |often: usize| {
        let rows = [("a", String::new()), ("b", String::new()), ("c", vec!["a b a"; often].join(" "))];
        all(&templates(&rows, VARIABLE))
    };
    let once = named(1);
    assert_eq!(once, named(10_000));
    assert_eq!(once[2].1["containers"][0]["image"], json!("c"));

    // Each inherits from seven before it, by every way there is.
    let own: Vec<String> = (0..40).map(|at| format!("t{at}")).collect();
    let before = |at: usize| own[at.saturating_sub(7)..at].join(" ");
    let rows: Vec<(&str, String)> =
        own.iter().enumerate().map(|(at, name)| (name.as_str(), before(at))).collect();
    assert_eq!(all(&templates(&rows, "")).len(), 40);
    // What is the sum of all ways has no room.
    let found = read_with_room_for(50_000, &templates(&rows, VARIABLE));
    let [told] = &reasons(&found)[..] else { panic!("{found:#?}") };
    assert!(told.ends_with("from here on no pod was judged") && found.subjects.len() < 40, "{told}");
}

#[test]
fn names_that_are_not_known_are_told_together() {
    let many: Vec<String> = (0..20_000).map(|at| format!("x{at}")).collect();
    let found = read(&templates(&[("a", many.join(" "))], ""));
    let told = "`inheritFrom` names `x0`, `x1`, `x2`, `x3`, `x4` and 19995 more, which are not among the cloud's templates";
    assert_eq!(reasons(&found), [format!("/jenkins/clouds/0/kubernetes/templates/0/inheritFrom {told}")]);
}

#[test]
fn clouds_of_other_plugins_are_told() {
    let told = |kind: &str, at: &str| {
        format!(
            "{at}/{kind} agents of the cloud `{kind}` are no pods, or another plugin's: they were not judged"
        )
    };
    let text = "jenkins:\n  clouds:\n  - ecs: {}\n  - kubernetes: {name: a}\n";
    let found = read(text);
    assert_eq!(reasons(&found), [told("ecs", "/jenkins/clouds/0")]);
    assert_eq!(found.subjects.len(), 0, "{found:#?}");
    let map = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata:\n  a.yaml: |\n    {}\n",
        text.replace('\n', "\n    ")
    );
    assert_eq!(reasons(&read(&map))[0], told("ecs", "/data/a.yaml/jenkins/clouds/0"));
}

#[test]
fn agents_of_a_cloud_of_docker_are_containers_of_its_daemon() {
    let docker = |base: &str| {
        read(&format!(
            "jenkins:\n  clouds:\n  - docker:\n      templates: [{{dockerTemplateBase: {base}}}]\n"
        ))
    };
    let told = [
        "/jenkins/clouds/0/docker a cloud of Docker's plugin: its agents are containers of a daemon, and no pods",
    ];
    let found = docker(
        "{image: i, privileged: true, dockerCommand: run it, network: host, user: 0, volumesString: \"cache:/c\\n/:/h\", \
         capabilitiesToAddString: SYS_ADMIN, securityOptsString: 'seccomp=unconfined', devicesString: /dev/sda, \
         mountsString: 'type=bind,source=/etc,target=/e', volumesFromString: x, environmentsString: A=b}",
    );
    assert_eq!(reasons(&found), told);
    let device = json!({"path": "/dev/sda", "type": "CharDevice"});
    let wanted = json!({
        "hostNetwork": true,
        "volumes": [
            {"name": "d0", "hostPath": device},
            {"name": "v1", "hostPath": {"path": "/etc"}},
            {"name": "v2", "emptyDir": {}},
            {"name": "v3", "hostPath": {"path": "/"}},
        ],
        "containers": [{
            "name": "docker", "image": "i", "args": ["run it"], "env": [{"name": "A", "value": "b"}],
            "securityContext": {
                "privileged": true, "runAsUser": 0, "seccompProfile": {"type": "Unconfined"},
                "capabilities": {"add": ["SYS_ADMIN"]},
            },
            "volumeMounts": [
                {"name": "d0", "mountPath": "/dev/sda"}, {"name": "v1", "mountPath": "/e"},
                {"name": "v2", "mountPath": "/c"}, {"name": "v3", "mountPath": "/h"},
            ],
        }],
    });
    assert_eq!(spec(&found.subjects[0]), wanted);
    let entry = &found.subjects[0].entry;
    let at = "/jenkins/clouds/0/docker/templates/0/dockerTemplateBase";
    assert_eq!((entry.partial, &entry.unresolved), (true, &vec![format!("{at}/volumesFromString")]));
    let place = found.subjects[0].locate("/spec/volumes/3/hostPath/path");
    assert_eq!(place, format!("{at}/volumesString"));
    let found = docker("{image: i, privileged: false, memoryLimit: 3, bindAllPorts: true}");
    assert_eq!(reasons(&found), told);
    assert_eq!(spec(&found.subjects[0]), json!({"containers": [{"name": "docker", "image": "i"}]}));
}
