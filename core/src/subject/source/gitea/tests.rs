use serde_json::{Value, json};

use super::super::testing::{notes, read, reasons, spec, written};
use crate::subject::Subjects;

const RUNNER: &str = "runner: {capacity: 2, labels: ['ubuntu-latest:docker://a/b:c']}\n";

fn job(found: &Subjects) -> Value {
    let [subject] = found.subjects.as_slice() else { panic!("{found:#?}") };
    assert_eq!((&*subject.entry.platform, &*subject.entry.object.kind), ("gitea", "GiteaRunnerConfig"));
    assert!(subject.entry.partial);
    spec(subject)
}

/// Paths of the host that jobs have.
fn paths(found: &Subjects) -> Vec<String> {
    let spec = job(found);
    let volumes = spec["volumes"].as_array().cloned().unwrap_or_default();
    volumes.iter().filter_map(|one| Some(one["hostPath"]["path"].as_str()?.to_owned())).collect()
}

#[test]
fn the_container_of_every_job_is_judged() {
    let found = read(&format!(
        "{RUNNER}container:\n  network: host\n  privileged: true\n  options: --cap-add=SYS_ADMIN -v /etc:/x\n  docker_host: '-'\n"
    ));
    let place = json!([{"name": "v0", "mountPath": "/x"}]);
    assert_eq!(
        job(&found),
        json!({
            "hostNetwork": true,
            "volumes": [{"name": "v0", "hostPath": {"path": "/etc"}}],
            "containers": [{
                "name": "job",
                "securityContext": {"privileged": true, "capabilities": {"add": ["SYS_ADMIN"]}},
                "volumeMounts": place,
            }],
        })
    );
    let subject = &found.subjects[0];
    assert_eq!(written(subject, "/spec/containers/0/securityContext/privileged"), "true");
    assert_eq!(written(subject, "/spec/hostNetwork"), "host");
    assert_eq!(reasons(&found), [""; 0]);
    let safe =
        read(&format!("{RUNNER}container: {{privileged: false, docker_host: '-', valid_volumes: []}}\n"));
    let own = json!({"name": "job", "securityContext": {"privileged": false}});
    assert_eq!(job(&safe), json!({"containers": [own]}));
}

#[test]
fn the_socket_is_in_every_job_unless_it_is_said_otherwise() {
    for (container, own) in [
        ("", vec!["/var/run/docker.sock"]),
        ("container: {docker_host: ''}\n", vec!["/var/run/docker.sock"]),
        ("container: {docker_host: }\n", vec!["/var/run/docker.sock"]),
        ("container: {docker_host: automount}\n", vec!["/var/run/docker.sock"]),
        ("container: {docker_host: 'unix:///run/user/1/docker.sock'}\n", vec!["/run/user/1/docker.sock"]),
        ("container: {docker_host: /run/docker.sock}\n", vec!["/run/docker.sock"]),
        ("container: {docker_host: '-'}\n", vec![]),
        // Forgejo's runner has another default.
        ("log: {job_level: info}\n", vec![]),
        ("log: {job_level: info}\ncontainer: {docker_host: automount}\n", vec!["/var/run/docker.sock"]),
    ] {
        let found = read(&format!("cache: {{enabled: true}}\n{RUNNER}{container}"));
        assert_eq!(paths(&found), own, "{container}");
        let is_implied = found.subjects[0].entry.implied.iter().any(|one| one.contains("docker_host"));
        assert_eq!(
            is_implied,
            !own.is_empty() && !container.contains("docker_host: a") && !container.contains("/run")
        );
    }
    let found = read(&format!("{RUNNER}container: {{docker_host: 'tcp://localhost:2376'}}\n"));
    assert_eq!(paths(&found), [""; 0]);
    let told = "/container/docker_host jobs get the socket of the machine that this daemon is on, which is not in the file";
    assert_eq!(reasons(&found), [told]);
}

#[test]
fn what_jobs_may_mount_counts() {
    for (pattern, own) in [
        ("**", vec!["/"]),
        ("/**", vec!["/"]),
        ("/data/*.json", vec!["/data"]),
        ("/var/run/docker.sock", vec!["/var/run/docker.sock"]),
        ("/", vec!["/"]),
        ("{/etc,/var/run}/**", vec!["/"]),
        ("[/]**", vec!["/"]),
        ("?etc/**", vec!["/"]),
        ("data", vec![]),
        ("data-*", vec![]),
    ] {
        let found = read(&format!("{RUNNER}container: {{docker_host: '-', valid_volumes: ['{pattern}']}}\n"));
        assert_eq!(paths(&found), own, "{pattern}");
    }
}

#[test]
fn jobs_on_the_host_and_in_pods_are_told_and_judged() {
    let found = read(
        "runner: {labels: ['a:host', 'b:host', 'c:lxc://d:e', 'f:kubernetes']}\nkubernetes: {pod_template: {spec: {hostPID: true}}}\n",
    );
    let pods: Vec<Value> = found.subjects.iter().map(spec).collect();
    assert_eq!(pods, [json!({"hostPID": true, "containers": []})]);
    assert_eq!(
        reasons(&found),
        [
            "/runner/labels/0 jobs with this label run on the runner's own machine, in no container",
            "/runner/labels/2 how jobs with this label run is not known: it was not judged",
        ]
    );
}

#[test]
fn what_is_none_of_their_settings_is_judged_by_its_shape() {
    let found = read(&format!(
        "{RUNNER}container: {{docker_host: '-', privileged: '${{P}}', x: {{hostPID: true}}}}\ndind: {{privileged: true}}\n"
    ));
    let pods: Vec<Value> = found.subjects.iter().map(spec).collect();
    assert_eq!(pods.len(), 2, "{pods:?}");
    assert_eq!(pods[1], json!({"hostPID": true, "containers": []}));
    // What is filled in is not off.
    let open = notes(&found.subjects[0]);
    assert!(open.iter().any(|note| note[1] == "/container/privileged"), "{open:?}");
    assert_eq!(
        reasons(&found)
            .iter()
            .filter(|one| one.starts_with("/dind/privileged `privileged` in values"))
            .count(),
        1
    );
    // A volume whose place is filled in is not known.
    let found = read(&format!("{RUNNER}container: {{docker_host: '-', valid_volumes: ['${{DIR}}']}}\n"));
    assert_eq!(found.subjects[0].entry.unresolved, ["/container/valid_volumes/0"]);
}

#[test]
fn other_settings_are_not_theirs() {
    for text in [
        "runner: {image: a}\nlog: {level: info}\n",
        "runner: {capacity: 1}\n",
        "container: {privileged: true}\n",
    ] {
        assert!(!read(text).subjects.iter().any(|one| one.entry.platform == "gitea"), "{text}");
    }
}
