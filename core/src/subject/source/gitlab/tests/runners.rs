//! Settings of runners in other forms, and where none of a pod are written.

use serde_json::{Value, json};

use super::{in_base64, notes, read, read_file, reasons, spec, values};

fn privileged(found: &crate::subject::Subjects) -> Vec<Vec<Value>> {
    let of = |spec: Value| spec["containers"].as_array().cloned().unwrap_or_default();
    let own = |one: &Value| one["securityContext"]["privileged"].clone();
    found.subjects.iter().map(|subject| of(spec(subject)).iter().map(own).collect()).collect()
}

#[test]
fn names_of_settings_count_in_any_case_and_form() {
    let on = vec![vec![json!(true); 3]];
    for text in [
        "[[Runners]]\nExecutor = \"kubernetes\"\n[Runners.Kubernetes]\nPRIVILEGED = true\n",
        "[[\"runner\u{17f}\"]]\nexecutor = \"kubernetes\"\n[\"runner\u{17f}\".\"\u{212a}ubernetes\"]\nprivileged = true\n",
        "runners = [{executor = \"kubernetes\", kubernetes = {privileged = true}}]\n",
        "[[ runners ]]\nexecutor = \"kubernetes\"\nkubernetes.privileged = true\n",
    ] {
        let found = read_file("config.toml", text);
        assert_eq!((privileged(&found), reasons(&found)), (on.clone(), Vec::new()), "{text}");
        let lines = text.replace('\n', "\n    ");
        let map =
            format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata:\n  x: |\n    {lines}\n");
        assert_eq!(privileged(&read(&map)), on, "{map}");
        assert_eq!(privileged(&read(&values(text))), on, "{text}");
        let off = read_file("config.toml", &text.replace("true", "false"));
        assert_eq!(privileged(&off), [vec![json!(false); 3]], "{text}");
    }
}

#[test]
fn a_setting_in_two_cases_is_told() {
    let text = "[[runners]]\nexecutor = \"kubernetes\"\n[runners.kubernetes]\nprivileged = false\nPrivileged = true\n";
    let found = read_file("config.toml", text);
    let told = "/runners/0/kubernetes/Privileged `Privileged` is also written `privileged`, and which of them counts is chance";
    assert_eq!(reasons(&found), [told]);
    assert_eq!(privileged(&found), [vec![json!(true); 3]]);
    assert_eq!(reasons(&read_file("config.toml", &text.replace("Privileged", "image"))), [""; 0]);
}

#[test]
fn a_runner_has_the_settings_of_its_executor() {
    let with = |executor: &str| {
        read_file(
            "config.toml",
            &format!(
                "[[runners]]\nname = \"a\"\n{executor}\n[runners.docker]\nprivileged = true\n[runners.kubernetes]\nprivileged = true\n"
            ),
        )
    };
    for executor in ["shell", "ssh", "custom"] {
        let found = with(&format!("executor = \"{executor}\""));
        let told = format!(
            "/runners/0/executor the executor `{executor}` runs jobs on a machine, and in no container of these settings"
        );
        assert_eq!((found.subjects.len(), reasons(&found)), (0, vec![told]), "{executor}");
    }
    for (executor, pods) in [
        ("executor = \"kubernetes\"", 1),
        ("executor = \"docker\"", 1),
        ("executor = \"docker+machine\"", 1),
        ("executor = \"docker-autoscaler\"", 1),
        ("executor = \"{{ .Values.executor }}\"", 2),
        ("", 2),
    ] {
        let found = with(executor);
        assert_eq!(found.subjects.len(), pods, "{executor}");
        assert!(privileged(&found).iter().flatten().all(|one| *one == json!(true)), "{executor}");
    }
}

#[test]
fn a_runner_without_settings_has_the_pod_of_the_executor() {
    for (text, names) in [
        ("[[runners]]\nexecutor = \"kubernetes\"\n", json!(["build", "helper", "svc"])),
        ("[[runners]]\nurl = \"https://a\"\ntoken = \"b\"\n", json!(["build", "helper", "svc"])),
        ("[[runners]]\nexecutor = \"docker\"\n", json!(["build"])),
    ] {
        let found = read_file("config.toml", text);
        let [subject] = found.subjects.as_slice() else { panic!("{text} {found:#?}") };
        let containers = spec(subject)["containers"].clone();
        let own: Vec<Value> = containers.as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
        assert_eq!(json!(own), names, "{text}");
        assert!(subject.entry.partial && notes(subject).is_empty());
    }
}

#[test]
fn a_runner_that_registers_itself_as_privileged_is_one() {
    let map = |kind: &str, value: &str| {
        read(&format!(
            "{{apiVersion: v1, kind: {kind}, metadata: {{name: a}}, data: {{KUBERNETES_PRIVILEGED: \"{value}\"}}}}\n"
        ))
    };
    let encoded = in_base64("true");
    for (found, wanted) in [
        (map("ConfigMap", "true"), 1),
        (map("ConfigMap", "1"), 1),
        (map("Secret", &encoded), 1),
        (map("ConfigMap", "false"), 0),
        (map("ConfigMap", ""), 0),
    ] {
        assert_eq!(privileged(&found), vec![vec![json!(true); 3]; wanted], "{found:#?}");
        assert_eq!(found.without_pod.len(), 1 - wanted);
    }
    let env = json!([{"name": "KUBERNETES_PRIVILEGED", "value": "true"}]);
    for values in [
        "envVars: [{name: KUBERNETES_PRIVILEGED, value: \"true\"}]",
        "extraEnv: {KUBERNETES_PRIVILEGED: \"true\"}",
    ] {
        let found = read(&format!("gitlabUrl: https://a\nrunners: {{}}\n{values}\n"));
        let [manager] = found.subjects.as_slice() else { panic!("{found:#?}") };
        assert_eq!(spec(manager)["containers"][0]["env"], env, "{values}");
    }
}

#[test]
fn scripts_and_services_of_a_runner_are_in_every_job() {
    let text = |executor: &str| {
        format!(
            "[[runners]]\nexecutor = \"{executor}\"\nenvironment = [\"A=b\"]\npre_build_script = \"docker run --privileged a\"\n\
             post_get_sources_script = \"x\"\n[[runners.{executor}.services]]\nname = \"docker:dind\"\ncommand = [\"--tls=false\"]\n\
             environment = [\"DOCKER_TLS_CERTDIR=\"]\n"
        )
    };
    let args = json!(["x", "docker run --privileged a"]);
    let env = json!([{"name": "A", "value": "b"}, {"name": "DOCKER_TLS_CERTDIR", "value": ""}]);
    for executor in ["kubernetes", "docker"] {
        let found = read_file("config.toml", &text(executor));
        let containers = spec(&found.subjects[0])["containers"].clone();
        let service = containers.as_array().unwrap().last().unwrap().clone();
        assert_eq!((&containers[0]["args"], &containers[0]["env"]), (&args, &json!([env[0]])), "{executor}");
        assert_eq!(
            (&service["image"], &service["args"], &service["env"]),
            (&json!("docker:dind"), &json!(["--tls=false"]), &env),
            "{executor}"
        );
    }
}

#[test]
fn services_of_docker_have_options_of_their_own() {
    let found = read_file(
        "config.toml",
        "[[runners]]\nexecutor = \"docker\"\n[runners.docker]\ngroup_add = [\"0\"]\nservices_security_opt = [\"seccomp=unconfined\"]\n[runners.docker.services_devices]\n\"a/*\" = [\"/dev/sda\"]\n",
    );
    let [own, devices] = found.subjects.as_slice() else { panic!("{found:#?}") };
    let wanted = json!({
        "securityContext": {"supplementalGroups": [0]},
        "containers": [
            {"name": "build"},
            {"name": "service", "securityContext": {"seccompProfile": {"type": "Unconfined"}}},
        ],
    });
    assert_eq!(spec(own), wanted);
    let wanted = json!({
        "volumes": [{"name": "d0", "hostPath": {"path": "/dev/sda", "type": "CharDevice"}}],
        "containers": [{"name": "service", "volumeMounts": [{"name": "d0", "mountPath": "/dev/sda"}]}],
    });
    assert_eq!(spec(devices), wanted);
}

#[test]
fn the_managers_own_annotations_are_its_pods() {
    let found = read("gitlabUrl: https://a\nrunners: {}\npodAnnotations: {iam.amazonaws.com/role: admin}\n");
    let [manager] = found.subjects.as_slice() else { panic!("{found:#?}") };
    assert_eq!(super::metadata(manager), json!({"annotations": {"iam.amazonaws.com/role": "admin"}}));
    assert!(read("gitlabUrl: https://a\nrunners: {}\npodAnnotations: {}\n").subjects.is_empty());
}

#[test]
fn settings_of_docker_are_its_options() {
    let found = read_file(
        "config.toml",
        "[[runners]]\nname = \"r\"\nexecutor = \"docker\"\n[runners.docker]\nimage = \"a\"\nvolumes_from = [\"b\"]\n\
         device_cgroup_rules = [\"b 8:* rwm\"]\ndevices = [\"/dev/sda\"]\n[runners.docker.services_devices]\n\
         \"x\" = [\"/dev/sdb\"]\n[[runners.docker.services]]\nname = \"s\"\ncommand = [\"c\"]\n",
    );
    let [jobs, devices] = found.subjects.as_slice() else { panic!("{found:#?}") };
    let device = |path: &str| json!({"path": path, "type": "CharDevice"});
    let wanted = json!({
        "volumes": [
            {"name": "d0", "hostPath": device("/dev/sda")}, {"name": "d1", "hostPath": device("/dev")},
        ],
        "containers": [
            {
                "name": "build", "image": "a",
                "volumeMounts": [{"name": "d0", "mountPath": "/dev/sda"}, {"name": "d1", "mountPath": "/dev"}],
            },
            {"name": "service", "image": "s", "args": ["c"]},
        ],
    });
    assert_eq!(spec(jobs), wanted);
    assert_eq!(jobs.entry.unresolved, ["/runners/0/docker/volumes_from/0"]);
    assert_eq!(spec(devices)["volumes"], json!([{"name": "d0", "hostPath": device("/dev/sdb")}]));
}

#[test]
fn hooks_of_the_runner_are_those_of_its_containers() {
    let found = read_file(
        "config.toml",
        "[[runners]]\nname = \"r\"\nexecutor = \"kubernetes\"\n\
         [runners.kubernetes.container_lifecycle.post_start.exec]\ncommand = [\"nsenter\", \"-t\", \"1\"]\n\
         [runners.kubernetes.container_lifecycle.pre_stop.http_get]\nhost = \"h\"\nport = 80\n\
         [runners.kubernetes.init_permissions_container_security_context]\nrun_as_user = 1\n",
    );
    let [subject] = found.subjects.as_slice() else { panic!("{found:#?}") };
    let hooks = json!({
        "postStart": {"exec": {"command": ["nsenter", "-t", "1"]}},
        "preStop": {"httpGet": {"host": "h", "port": 80}},
    });
    let spec = spec(subject);
    for container in spec["containers"].as_array().unwrap() {
        assert_eq!(container["lifecycle"], hooks, "{container}");
    }
    assert_eq!(spec["initContainers"][0]["lifecycle"], json!(null));
    let at = subject.locate("/spec/containers/0/lifecycle/postStart/exec/command/0");
    assert_eq!(at, "/runners/0/kubernetes/container_lifecycle/post_start/exec/command/0");
}

#[test]
fn a_runner_that_gitlabs_chart_does_not_install_has_no_pod() {
    let with = |install: &str, around: &str| {
        let found = read(&format!(
            "{around}\ngitlab-runner:\n  {install}\n  gitlabUrl: https://a\n  securityContext: {{privileged: true}}\n  runners:\n    privileged: true\n    \
             config: |\n      [[runners]]\n        [runners.kubernetes]\n          privileged = true\n"
        ));
        (found.subjects.len(), found.without_pod.len(), reasons(&found))
    };
    for install in ["install: false", "install: no"] {
        assert_eq!(with(install, "global: {edition: ce}"), (0, 1, vec![]), "{install}");
    }
    let installed = with("concurrent: 1", "global: {edition: ce}");
    assert_eq!((installed.0, installed.1), (3, 0));
    for install in ["install: true", "install: \"false\"", "install: 0"] {
        assert_eq!(with(install, "global: {edition: ce}"), installed, "{install}");
    }
    // In values of another chart nobody knows whether that looks at it.
    assert_eq!(with("install: false", "web: {replicas: 1}").0, 3);
}
