use serde_json::json;

use super::super::super::part::Part;
use super::Docker;
use super::options::{Given, read};

fn given(line: &str) -> Vec<(String, String)> {
    let own = |one: Given| (one.name, one.value);
    read(line).unwrap().into_iter().map(own).collect()
}

fn made(line: &str) -> (serde_json::Value, Vec<String>) {
    let mut docker = Docker::new(Part::map("/c"));
    docker.options(&Part::text(line, "/c/options"), "options");
    let reaching = docker.reaching.clone();
    let node = docker.spec().into_node("", &mut Vec::new());
    (serde_json::to_value(node).unwrap(), reaching)
}

#[test]
fn options_are_words_of_a_command_line() {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        given("--cpus 1 --privileged -it -u0 -v /a:/b --pid=host -e=A=b --init image"),
        [
            pair("cpus", "1"),
            pair("privileged", ""),
            pair("interactive", ""),
            pair("tty", ""),
            pair("user", "0"),
            pair("volume", "/a:/b"),
            pair("pid", "host"),
            pair("env", "A=b"),
            pair("init", ""),
        ]
    );
    // What is the value of another option is no option.
    assert_eq!(given("--health-cmd 'curl --privileged'"), [pair("health-cmd", "curl --privileged")]);
    assert_eq!(given("--health-cmd --privileged"), [pair("health-cmd", "--privileged")]);
    assert_eq!(
        given("--of-tomorrow --privileged --other a"),
        [pair("of-tomorrow", ""), pair("privileged", ""), pair("other", "a")]
    );
    assert_eq!(
        given("--user ${{ matrix.user || 'root' }} --privileged"),
        [pair("user", "${{matrix.user||root}}"), pair("privileged", "")]
    );
    assert_eq!(read("--health-cmd 'open"), None);
}

#[test]
fn sockets_and_mounts_are_seen_in_whichever_form() {
    let socket = json!([{"name": "v0", "hostPath": {"path": "/var/run/docker.sock"}}]);
    for line in [
        "--use-api-socket",
        "--mount Type=Bind,SRC=/var/run/docker.sock,Dst=/x",
        "--mount type=volume,type=bind,src=/cache,src=/var/run/docker.sock,dst=/x",
    ] {
        let (spec, reaching) = made(line);
        assert_eq!(
            (&spec["volumes"], reaching),
            (&socket, vec!["--volume=/var/run/docker.sock".to_owned()]),
            "{line}"
        );
    }
    for line in ["--use-api-socket=false", "--mount type=bind,type=volume,src=/cache,dst=/x"] {
        let (spec, reaching) = made(line);
        assert!(!spec.to_string().contains("hostPath") && reaching.is_empty(), "{line}: {spec}");
    }
}

#[test]
fn options_become_fields_of_a_pod() {
    let line = "--privileged --pid host --ipc=host --network host --cap-add SYS_ADMIN --cap-drop=ALL \
                --device /dev/fuse:/dev/fuse:rwm --security-opt seccomp=unconfined --security-opt label:disable \
                --security-opt systempaths=unconfined -v /srv:/data:ro -v cache:/cache -u root:0 --group-add 999 \
                --mount type=bind,source=/etc,target=/host,readonly --read-only -e DOCKER_HOST=tcp://a:2375 --uts=host";
    let (spec, reaching) = made(line);
    let wanted = json!({
        "hostPID": true, "hostIPC": true, "hostNetwork": true,
        "securityContext": {"supplementalGroups": [999]},
        "volumes": [
            {"name": "d0", "hostPath": {"path": "/dev/fuse", "type": "CharDevice"}},
            {"name": "v1", "hostPath": {"path": "/srv"}},
            {"name": "v2", "emptyDir": {}},
            {"name": "v3", "hostPath": {"path": "/etc"}},
        ],
        "containers": [{
            "env": [{"name": "DOCKER_HOST", "value": "tcp://a:2375"}],
            "securityContext": {
                "privileged": true, "seccompProfile": {"type": "Unconfined"}, "seLinuxOptions": {"type": "spc_t"},
                "procMount": "Unmasked", "runAsUser": 0, "runAsGroup": 0, "readOnlyRootFilesystem": true,
                "capabilities": {"add": ["SYS_ADMIN"], "drop": ["ALL"]},
            },
            "volumeMounts": [
                {"name": "d0", "mountPath": "/dev/fuse"},
                {"name": "v1", "mountPath": "/data", "readOnly": true},
                {"name": "v2", "mountPath": "/cache"},
                {"name": "v3", "mountPath": "/host", "readOnly": true},
            ],
        }],
    });
    assert_eq!(spec, wanted);
    assert_eq!(
        reaching,
        [
            "--privileged",
            "--pid=host",
            "--ipc=host",
            "--network=host",
            "--cap-add=SYS_ADMIN",
            "--device=/dev/fuse:/dev/fuse:rwm",
            "--security-opt=seccomp=unconfined",
            "--security-opt=label:disable",
            "--security-opt=systempaths=unconfined",
            "--volume=/srv",
            "--volume=/etc",
            "--uts=host",
        ]
    );
    assert_eq!(made("--privileged=false --pid=container:x --network bridge -v cache:/c"), {
        let volumes = json!([{"name": "v0", "emptyDir": {}}]);
        let mounts = json!([{"name": "v0", "mountPath": "/c"}]);
        (json!({"volumes": volumes, "containers": [{"volumeMounts": mounts}]}), vec![])
    });
}

#[test]
fn volumes_have_a_source_on_the_host_or_none() {
    let parts = |text: &str| {
        let (source, target, mode) = super::volume_parts(text);
        (source.to_owned(), target.to_owned(), mode.to_owned(), super::is_path(source))
    };
    let is = |source: &str, target: &str, mode: &str, path: bool| {
        (source.to_owned(), target.to_owned(), mode.to_owned(), path)
    };
    assert_eq!(
        parts("/var/run/docker.sock:/var/run/docker.sock"),
        is("/var/run/docker.sock", "/var/run/docker.sock", "", true)
    );
    assert_eq!(parts("/:/host:ro"), is("/", "/host", "ro", true));
    assert_eq!(parts("/cache"), is("", "/cache", "", false));
    assert_eq!(parts("a:/b:ro"), is("a", "/b", "ro", false));
    assert_eq!(parts(r"C:\a:C:\b"), is(r"C:\a", r"C:\b", "", true));
    assert_eq!(
        parts(r"\\.\pipe\docker_engine:\\.\pipe\docker_engine"),
        is(r"\\.\pipe\docker_engine", r"\\.\pipe\docker_engine", "", true)
    );
    assert_eq!(parts("${{ env.A }}:/b"), is("${{ env.A }}", "/b", "", true));
}

#[test]
fn a_device_with_one_path_is_the_nodes() {
    for (line, target) in [("--device /dev/sda", "/dev/sda"), ("--device=/dev/sda:/dev/b", "/dev/b")] {
        let spec = made(line).0;
        assert_eq!(spec["volumes"][0]["hostPath"]["path"], json!("/dev/sda"), "{line}");
        assert_eq!(spec["containers"][0]["volumeMounts"][0]["mountPath"], json!(target), "{line}");
    }
}
