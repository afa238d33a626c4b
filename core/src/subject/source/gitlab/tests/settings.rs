//! The settings of runners: what they make of pods, and where they stand.

use serde_json::json;

use super::{RUNNER, in_base64, metadata, notes, read, read_file, reasons, spec, values, written};

#[test]
fn a_runner_is_the_pod_that_every_job_has() {
    let found = read(&values(RUNNER));
    assert_eq!(reasons(&found), [""; 0]);
    let [subject] = found.subjects.as_slice() else { panic!("{found:#?}") };
    let mounts =
        json!([{"name": "dock", "mountPath": "/var/run/docker.sock"}, {"name": "tmp", "mountPath": "/tmp"}]);
    let env = json!([{"name": "DOCKER_HOST", "value": "tcp://docker:2375"}]);
    let all = json!({"privileged": true, "capabilities": {"add": ["SYS_ADMIN"], "drop": ["CHOWN"]}});
    let wanted = json!({
        "serviceAccountName": "ci", "hostPID": true, "hostNetwork": true,
        "securityContext": {"runAsNonRoot": true, "seLinuxOptions": {"type": "t"}},
        "volumes": [
            {"name": "dock", "hostPath": {"path": "/var/run/docker.sock"}},
            {"name": "tmp", "emptyDir": {"medium": "Memory"}},
        ],
        "containers": [
            {
                "name": "build", "image": "x:1", "env": env, "volumeMounts": mounts,
                "securityContext": {"privileged": false, "procMount": "Unmasked", "capabilities": {"drop": ["ALL"]}},
            },
            {"name": "helper", "env": env, "volumeMounts": mounts, "securityContext": all},
            {
                "name": "dind", "image": "docker:27-dind", "args": ["--tls=false"], "env": env, "volumeMounts": mounts,
                "securityContext": all,
            },
        ],
    });
    assert_eq!(spec(subject), wanted);
    assert_eq!(metadata(subject), json!({"annotations": {"iam.amazonaws.com/role": "admin"}}));
    assert!(
        subject.entry.partial && subject.entry.platform == "gitlab" && subject.entry.object.name == "k8s"
    );
    let at = "/runners/config/runners/0/kubernetes";
    let told = notes(subject);
    for note in [
        json!([{"gitlab-privileged": ["helper", "service", "init_permissions"]}, format!("{at}/Privileged")]),
        json!([{"gitlab-open-images": ["allowed_images"]}, format!("{at}/Privileged")]),
        json!([{"overwrite-allowed": [".*"]}, format!("{at}/service_account_overwrite_allowed")]),
        json!([{"overwrite-allowed": ["true"]}, format!("{at}/bearer_token_overwrite_allowed")]),
        json!([{"gitlab-host-path": ["/var/run/docker.sock"]}, format!("{at}/volumes/host_path/0/mount_path")]),
        json!([{"patch": "it stands in another file"}, format!("{at}/pod_spec/2/patch_path")]),
        json!([{"unknown": "allow_privilege_escalation"}, format!("{at}/build_container_security_context/allowPrivilegeEscalation")]),
    ] {
        assert!(told.contains(&note), "{note} {told:#?}");
    }
    assert_eq!(told.len(), 7, "{told:#?}");
}

#[test]
fn what_a_runner_says_has_its_place_in_the_string() {
    let found = read(&values(RUNNER));
    let subject = &found.subjects[0];
    for (pod, text) in [
        ("/spec/containers/1/securityContext/privileged", "true"),
        ("/spec/containers/0/securityContext/privileged", "false"),
        ("/spec/volumes/0/hostPath/path", "\"/var/run/docker.sock\""),
        ("/spec/containers/2/image", "\"docker:27-dind\""),
        ("/spec/hostNetwork", "true"),
        ("/spec/hostPID", "true"),
        ("/spec/containers/0/env/0/value", "\"DOCKER_HOST=tcp://docker:2375\""),
        ("/metadata/annotations/iam.amazonaws.com~1role", "\"admin\""),
    ] {
        assert_eq!(written(subject, pod), text, "{pod}");
    }
    let document = subject.document.as_ref().unwrap();
    let key =
        document.key_byte_span(&subject.locate("/spec/containers/1/securityContext/privileged")).unwrap();
    assert_eq!(document.written(key), "Privileged");
}

#[test]
fn settings_stand_in_config_maps_and_fragments_too() {
    let toml = "[runners.kubernetes]\nprivileged = true\n";
    let map = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata:\n  config.toml: |\n    {}\n",
        toml.replace('\n', "\n    ")
    );
    let found = read(&map);
    assert_eq!(found.subjects.len(), 1, "{found:#?}");
    assert_eq!(
        found.subjects[0].locate("/spec/containers/0/securityContext/privileged"),
        "/data/config.toml/runners/kubernetes/privileged"
    );
    // In a Secret they are in base64: what is in them has the place of the whole.
    let value = in_base64(toml);
    let secret = format!(
        "apiVersion: v1\nkind: Secret\nmetadata: {{name: c}}\ndata:\n  a: YQ==\n  config.toml: {value}\n"
    );
    let found = read(&secret);
    let [subject] = found.subjects.as_slice() else { panic!("{found:#?}") };
    let privileged = "/spec/containers/0/securityContext/privileged";
    assert_eq!(spec(subject).pointer(privileged.trim_start_matches("/spec")), Some(&json!(true)));
    assert_eq!(subject.locate(privileged), "/data/config.toml/runners/kubernetes/privileged");
    assert_eq!(written(subject, privileged), value);
    let wrong = secret.replace(&value, &in_base64("[runners.kubernetes]\nprivileged = yes\n"));
    let found = read(&wrong);
    assert_eq!(found.subjects.len(), 0);
    assert!(reasons(&found)[0].starts_with("/data/config.toml the settings of the runner: not valid TOML"));
    let span = found.not_evaluated[0].span.as_ref().unwrap();
    assert_eq!((span.start.line, span.end.line), (6, 6), "the place of the value");
    let other = secret.replace(&value, &in_base64("token: x\n"));
    assert_eq!(read(&other).without_pod.len(), 1);
    // The chart's values before it had `config`.
    let found = read(
        "gitlabUrl: https://a\nrunners: {privileged: true, image: \"a:1\"}\nvolumes: [{name: a, hostPath: {path: /}}]\n",
    );
    assert_eq!(spec(&found.subjects[0])["containers"][1]["securityContext"], json!({"privileged": true}));
    assert_eq!(spec(&found.subjects[1])["volumes"][0]["hostPath"]["path"], json!("/"));
    let below = format!(
        "gitlab-runner:\n{}",
        values(toml).lines().map(|line| format!("  {line}\n")).collect::<String>()
    );
    assert_eq!(read(&below).subjects.len(), 1);
}

#[test]
fn the_executor_for_docker_is_judged_too() {
    let toml = "[[runners]]\nexecutor = \"docker\"\n[runners.docker]\nimage = \"a:1\"\nprivileged = true\nnetwork_mode = \"host\"\n\
                pid_mode = \"host\"\ncap_add = [\"NET_ADMIN\"]\nvolumes = [\"/cache\", \"/var/run/docker.sock:/var/run/docker.sock\"]\n";
    let found = read(&values(toml));
    let wanted = json!({
        "hostNetwork": true, "hostPID": true,
        "volumes": [{"name": "v0", "emptyDir": {}}, {"name": "v1", "hostPath": {"path": "/var/run/docker.sock"}}],
        "containers": [
            {
                "name": "build", "image": "a:1", "securityContext": {"privileged": true, "capabilities": {"add": ["NET_ADMIN"]}},
                "volumeMounts": [{"name": "v0", "mountPath": "/cache"}, {"name": "v1", "mountPath": "/var/run/docker.sock"}],
            },
            {"name": "service", "securityContext": {"privileged": true}},
        ],
    });
    assert_eq!(spec(&found.subjects[0]), wanted);
    assert_eq!(written(&found.subjects[0], "/spec/hostPID"), "\"host\"");
}

#[test]
fn what_cannot_be_read_is_told_at_its_place() {
    let found = read(&values("[[runners]]\n  [runners.kubernetes]\n  privileged = yes\n"));
    assert!(found.subjects.is_empty());
    let [one] = found.not_evaluated.as_slice() else { panic!("{found:#?}") };
    assert!(one.reason.starts_with("the settings of the runner: not valid TOML: "), "{}", one.reason);
    assert_eq!(one.span.unwrap().start.line, 6, "{one:#?}");
    // What stands twice is none, whichever of them the template keeps.
    let found = read(&values(
        "[[runners]]\n[runners.kubernetes]\n{{ if .Values.x }}\nprivileged = true\n{{ else }}\nprivileged = false\n{{ end }}\n",
    ));
    let [one] = found.not_evaluated.as_slice() else { panic!("{found:#?}") };
    assert_eq!(one.cause, crate::report::Cause::Template);
    // A values file of another chart is none of ours.
    for other in ["runners: {config: \"a = 1\"}\n", "runners: [{name: a}]\n", "runners: 3\n"] {
        let found = read(other);
        assert!(
            found.subjects.iter().all(|one| one.entry.platform.is_empty()) && found.without_pod.is_empty(),
            "{found:#?}"
        );
    }
}

#[test]
fn lines_that_are_templates_are_left_out_and_told() {
    let told = |line: &str| {
        vec![format!(
            "/runners/config `{line}` is filled in before the settings are read: what its lines bring was not judged"
        )]
    };
    let privileged = |text: &str| {
        let found = read(&values(text));
        let [subject] = found.subjects.as_slice() else { panic!("{text}: {found:#?}") };
        let own = spec(subject)["containers"][0]["securityContext"]["privileged"].clone();
        let unresolved = subject.entry.unresolved.clone();
        (own, subject.entry.partial, unresolved, reasons(&found))
    };
    let at = vec!["/runners/config".to_owned()];
    for (line, more) in
        [("{{- if .Values.x }}", "{{- end }}"), ("{{ include \"a\" . }} {{ b }}", "# {{ c }}")]
    {
        let text = format!("[[runners]]\n  {line}\n[runners.kubernetes]\nprivileged = true\n{more}\n");
        assert_eq!(privileged(&text), (json!(true), true, at.clone(), told(line)), "{text}");
    }
    let place =
        "[[runners]]\n{{ x }}\n[runners.kubernetes]\nhost_aliases = []\nprivileged = true # {{ y }}\n";
    let found = read(&values(place));
    assert_eq!(written(&found.subjects[0], "/spec/containers/0/securityContext/privileged"), "true");
    // A value is open, in quotes or without.
    for value in ["{{ .Values.x }}", "\"{{ .Values.x }}\"", "{{ .Values.x }} # x", "{{ printf '%v' .x }}"] {
        let text = format!("[[runners]]\n[runners.kubernetes]\nprivileged = {value}\nimage = {value}\n");
        let found = read(&values(&text));
        let at = "/runners/config/runners/0/kubernetes/privileged";
        let reason = "`privileged` is filled in when the pipeline runs: what it is was not judged";
        // Once for each container.
        assert_eq!(reasons(&found), vec![format!("{at} {reason}"); 3], "{text}");
        let image = spec(&found.subjects[0])["containers"][0]["image"].clone();
        assert!(image.as_str().unwrap().starts_with("{{ "), "{image}");
        assert!(written(&found.subjects[0], "/spec/containers/0/image").contains("{{ "), "{text}");
    }
    // Where nothing is left, or the rest is no TOML, that is told.
    for text in [
        "{{ include \"runners\" (dict \"a=\" .) }}\n",
        "[[runners]]\n{{ x }}\na = [{{ b }}, c\n",
        "[[runners]]\n{{ if x }}a = true{{ end }}\n",
    ] {
        let found = read(&values(text));
        let causes: Vec<_> = found.not_evaluated.iter().map(|one| one.cause).collect();
        assert_eq!((found.subjects.len(), causes), (0, vec![crate::report::Cause::Template]), "{text}");
    }
    // Many lines are read once.
    let many =
        format!("[[runners]]\n{}[runners.kubernetes]\nprivileged = true\n", "{{ x }}\n".repeat(200_000));
    assert_eq!(read(&values(&many)).subjects.len(), 1);
}

#[test]
fn a_file_of_its_own_is_toml() {
    let found = read_file("config.toml", RUNNER);
    assert_eq!(reasons(&found), [""; 0]);
    let [subject] = found.subjects.as_slice() else { panic!("{found:#?}") };
    for (pod, text) in [
        ("/spec/containers/1/securityContext/privileged", "true"),
        ("/spec/hostNetwork", "true"),
        ("/spec/containers/0/image", "\"x:1\""),
    ] {
        assert_eq!(written(subject, pod), text, "{pod}");
    }
    assert_eq!(subject.locate("/spec/hostNetwork"), "/runners/0/kubernetes/pod_spec/1/patch/hostNetwork");
    let found = read_file("Cargo.toml", "[package]\nname = \"a\"\n");
    assert_eq!(reasons(&found), [" TOML without the settings of a GitLab runner"]);
    assert!(!found.not_evaluated[0].cause.is_error());
}

#[test]
fn what_stands_beside_the_values_of_a_chart_is_looked_at_too() {
    let other =
        "other: {spec: {containers: [{name: a, image: \"a:1\", securityContext: {privileged: true}}]}}\n";
    for own in [
        values("[runners.kubernetes]\nprivileged = true\n"),
        "x: {gitlabUrl: \"https://a\", runners: {privileged: true}}\n".to_owned(),
    ] {
        let found = read(&format!("{own}{other}"));
        let platforms: Vec<&str> = found.subjects.iter().map(|one| one.entry.platform.as_str()).collect();
        assert_eq!(platforms, ["gitlab", ""], "{found:#?}");
    }
    // A script in values of another chart makes no pipeline of them.
    for values in [
        "job: {script: make, image: {repository: a, tag: b}, tags: [a]}\n",
        "job: {script: make, tags: [a]}\nreplicas: 1\n",
    ] {
        let found = read(values);
        assert!(found.without_pod.is_empty() && found.subjects.is_empty(), "{found:#?}");
    }
}
