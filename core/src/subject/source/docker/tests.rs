use serde_json::json;

use super::super::super::part::Part;
use super::options::{Given, read, words};
use super::{Docker, Note, NoteKind};

fn given(line: &str) -> Vec<(String, String)> {
    let own = |one: Given| (one.name, one.value);
    read(line).0.into_iter().map(own).collect()
}

fn made(line: &str) -> (serde_json::Value, Vec<String>) {
    let mut docker = Docker::new(Part::map("/c"));
    docker.options(&Part::text(line, "/c/options"), "options");
    let reaching = docker.reaching.iter().map(|(option, _)| option.clone()).collect();
    let node = docker.spec().into_node();
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
    assert_eq!(given(r#"--health-cmd "curl --privileged""#), [pair("health-cmd", "curl --privileged")]);
    // Of an option that is not known, both readings count.
    let (other, privileged) = (pair("other", "a"), pair("privileged", ""));
    assert_eq!(
        given("--of-tomorrow --privileged --other a"),
        [
            pair("of-tomorrow", "--privileged"),
            other.clone(),
            pair("of-tomorrow", ""),
            privileged.clone(),
            other
        ]
    );
    assert!(given("--hostname --label --privileged").contains(&privileged));
    assert_eq!(
        given("--user ${{ matrix.user || 'root' }} --privileged"),
        [pair("user", "${{matrix.user||root}}"), privileged]
    );
}

#[test]
fn words_are_those_of_dotnet() {
    let table: [(&str, &[&str], bool); 10] = [
        ("--label 'a --privileged -l b'", &["--label", "'a", "--privileged", "-l", "b'"], true),
        (r"--label a\ --privileged", &["--label", r"a\", "--privileged"], true),
        (r#"--label \"a b\""#, &["--label", r#""a"#, r#"b""#], true),
        (r#"--label "a\" --privileged""#, &["--label", r#"a" --privileged"#], true),
        (r#"--label "a\\" --privileged"#, &["--label", r"a\", "--privileged"], true),
        (r#"--label "a""b" c"#, &["--label", r#"a"b"#, "c"], true),
        (r#"-v "C:\a b":C:\c --label """#, &["-v", r"C:\a b:C:\c", "--label", ""], true),
        ("--cpus 1\n--privileged\t -x", &["--cpus", "1\n--privileged", "-x"], true),
        (r#"--label "a --privileged"#, &["--label", "a --privileged"], false),
        ("", &[], true),
    ];
    for (line, wanted, closed) in table {
        assert_eq!(words(line), (wanted.iter().map(|&word| word.to_owned()).collect(), closed), "{line}");
    }
}

#[test]
fn sockets_and_mounts_are_seen_in_whichever_form() {
    let socket = json!([{"name": "v0", "hostPath": {"path": "/var/run/docker.sock"}}]);
    for line in [
        "--use-api-socket",
        "--mount Type=Bind,SRC=/var/run/docker.sock,Dst=/x",
        "--mount type=volume,type=bind,src=/cache,src=/var/run/docker.sock,dst=/x",
        r#"--mount type=bind,\"src=/var/run/docker.sock\",dst=/x"#,
        "--mount type=volume,dst=/x,volume-opt=type=none,volume-opt=o=bind,volume-opt=device=/var/run/docker.sock",
        "-w /x --volume /var/run/docker.sock:/x",
        "--network-alias --label -v /var/run/docker.sock:/x",
    ] {
        let (spec, reaching) = made(line);
        assert_eq!(
            (&spec["volumes"], reaching),
            (&socket, vec!["--volume=/var/run/docker.sock".to_owned()]),
            "{line}"
        );
    }
    for line in [
        "--use-api-socket=false",
        "--mount type=bind,type=volume,src=/cache,dst=/x",
        "--mount type=volume,src=x,dst=/x,volume-opt=type=tmpfs,volume-opt=device=tmpfs",
        "-v ./cache:/x",
        "--network name=ci,alias=host",
        "--label \"a --privileged -v /:/x\"",
    ] {
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
fn what_leads_out_of_the_agents_folder_may_lead_anywhere() {
    for line in ["-v ../../../etc:/x", "--mount type=bind,src=./../../../etc,dst=/x"] {
        let (spec, reaching) = made(line);
        let path = spec["volumes"][0]["hostPath"]["path"].as_str().unwrap().to_owned();
        assert!(path.starts_with("/.") && path.ends_with("../etc"), "{line}: {path}");
        assert_eq!(reaching, [format!("--volume={path}")]);
    }
}

#[test]
fn a_device_has_the_same_name_inside_unless_told() {
    for (line, wanted) in [("--device /dev/sda", "/dev/sda"), ("--device=/dev/sda:/dev/x:r", "/dev/x")] {
        let (spec, reaching) = made(line);
        assert_eq!(
            spec["volumes"][0]["hostPath"],
            json!({"path": "/dev/sda", "type": "CharDevice"}),
            "{line}"
        );
        assert_eq!(spec["containers"][0]["volumeMounts"][0]["mountPath"], json!(wanted), "{line}");
        assert_eq!(reaching.len(), 1);
    }
}

#[test]
fn long_and_roundabout_forms_mean_the_same() {
    let (spec, reaching) = made(
        "--network alias=x,name=host --device-cgroup-rule \"b *:* rwm\" --security-opt label=type:spc_t",
    );
    assert_eq!(
        (&spec["hostNetwork"], &spec["volumes"][0]["hostPath"]["path"]),
        (&json!(true), &json!("/dev"))
    );
    assert_eq!(spec["containers"][0]["securityContext"], json!({"seLinuxOptions": {"type": "spc_t"}}));
    assert_eq!(reaching, ["--network=host", "--security-opt=label=type:spc_t"]);
}

/// The reasons why something cannot be known, and the pointers of all that cannot.
fn unknown(act: impl FnOnce(&mut Docker)) -> (Vec<String>, Vec<String>) {
    let mut docker = Docker::new(Part::map("/c"));
    act(&mut docker);
    let reason = |note: &Note| match &note.kind {
        NoteKind::OpenPatch { reason } => reason.clone(),
        other => panic!("{other:?}"),
    };
    (docker.notes.iter().map(reason).collect(), docker.unresolved)
}

#[test]
fn what_cannot_be_known_is_told() {
    let options = |line: &str| unknown(|docker| docker.options(&Part::text(line, "/c/options"), "options"));
    let at = |place: &str| vec![place.to_owned()];
    for (line, reason) in [
        ("--label \"a --privileged", "its quotes do not match"),
        ("--cpus 1\n--privileged", "its line breaks are part of the options before them"),
        ("--cpus ${{ inputs.cpus }}", super::FILLED_IN),
        ("--cpus $[variables.cpus]", super::FILLED_IN),
    ] {
        assert_eq!(options(line), (vec![reason.to_owned()], at("/c/options")), "{line}");
    }
    for line in
        ["--volumes-from a", "--pid=container:a", "--env-file ci/env", "--security-opt seccomp=ci/a.json"]
    {
        assert_eq!(options(line), (vec![], at("/c/options")), "{line}");
    }
    for line in ["--cpus 1\n", "--label 'a", "--pid=private", "--security-opt seccomp=builtin"] {
        assert_eq!(options(line), (vec![], vec![]), "{line}");
    }
    let volume = |text: &str| unknown(|docker| docker.listed_volume(&Part::text(text, "/c/volumes/0")));
    for text in [r#"a:/b\" --privileged -l "c"#, r"a:/b\", r"a\:/b"] {
        assert_eq!(volume(text), (vec![super::LEAVES_QUOTES.to_owned()], at("/c/volumes/0")), "{text}");
    }
    for text in ["a:/b", r"C:\a:C:\b", "/c d:/e"] {
        assert_eq!(volume(text), (vec![], vec![]), "{text}");
    }
    assert_eq!(volume("${{ inputs.volume }}"), (vec![], at("/c/volumes/0")));
}

#[test]
fn what_follows_a_port_is_options() {
    let made = |port: &str| {
        let mut docker = Docker::new(Part::map("/c"));
        docker.inserted(&Part::text(port, "/c/ports/0"), "ports", "-p %");
        assert!(docker.notes.is_empty(), "{port}");
        docker.reaching
    };
    let privileged = || vec![("--privileged".to_owned(), "/c/ports/0".to_owned())];
    assert_eq!(made("80:80 --privileged"), privileged());
    assert_eq!(made("${{ inputs.port }}:80"), []);
    let mut docker = Docker::new(Part::map("/c"));
    docker.inserted(&Part::text("${{ inputs.port }} --privileged", "/c/ports/0"), "ports", "-p %");
    assert_eq!((docker.reaching, docker.unresolved), (privileged(), vec!["/c/ports/0".to_owned()]));
    assert_eq!(made("80:80/tcp"), []);
}

#[test]
fn a_shell_parts_words() {
    let given = |line: &str| super::options::read_shell(line);
    let volume = |value: &str| super::Given::new("volume", value);
    assert_eq!(given("-v '/a b':/c\n--volume=\"/d\"e"), (vec![volume("/a b:/c"), volume("/de")], true));
    assert_eq!(given("-\\v /:/h").0.first(), Some(&volume("/:/h")));
    assert_eq!(given("-v C:\\a:/b").0.last(), Some(&volume("C:\\a:/b")));
    assert!(!given("-v '/:/h").1);
}
