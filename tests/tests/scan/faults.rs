//! What goes wrong on the way is never clean, and what is read is told once.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::server::{ACCOUNTS, Answer, Ask, PODS, Server, status};
use super::{Run, controller, kubeconfig, pod, run, scan};

fn pods(number: usize) -> Vec<Value> {
    let owner = |index: usize| {
        controller("apps/v1", "StatefulSet", if index.is_multiple_of(2) { "even" } else { "odd" })
    };
    (0..number).map(|index| pod("ci", &format!("pod-{index}"), true, Some(owner(index)))).collect()
}

/// A server at which every page of pods but the first goes wrong, from the first time on or later.
fn failing(fault: impl Fn(&Ask, usize) -> Option<Answer> + Send + Sync + 'static) -> Server {
    let times = AtomicUsize::new(0);
    Server::with(&[(PODS, pods(10))], move |ask| {
        let later = ask.is_list_of(PODS) && !ask.of("continue").is_empty();
        later.then(|| fault(ask, times.fetch_add(1, Ordering::SeqCst))).flatten()
    })
}

fn expired(next: &str) -> Answer {
    let mut status = status(410, "The provided continue parameter is too old");
    status["metadata"] = json!({"continue": next});
    status["reason"] = json!("Expired");
    Answer::json(410, &status)
}

const ALL: [&str; 2] = ["StatefulSet ci/even x5", "StatefulSet ci/odd x5"];

#[test]
fn a_list_is_read_page_by_page() {
    let server = failing(|_, _| None);
    let found = scan(&server, "--format json --page-size 3");
    assert_eq!((found.code, found.subjects()), (1, ALL.map(str::to_owned).to_vec()));
    let asks = server.asks().into_iter().filter(|ask| ask.is_list_of(PODS));
    let asks: Vec<(String, String)> =
        asks.map(|ask| (ask.of("limit").to_owned(), ask.of("continue").to_owned())).collect();
    let expected = ["", "3", "6", "9"].map(|next| ("3".to_owned(), next.to_owned()));
    assert_eq!(asks, expected);
}

#[test]
fn an_expired_list_begins_again() {
    let server = failing(|_, time| (time == 1).then(|| expired("6")));
    let found = scan(&server, "--format json --page-size 3");
    assert_eq!((found.code, found.subjects()), (1, ALL.map(str::to_owned).to_vec()));
    assert_eq!(server.lists(PODS), 3 + 4);
}

#[test]
fn a_list_that_expires_again_goes_on() {
    // Pages 2 of both tries: the second goes on with what the server gives.
    let server = failing(|_, time| [0, 2].contains(&time).then(|| expired("6")));
    let found = scan(&server, "--format json --page-size 3");
    assert_eq!((found.code, found.subjects()), (1, ALL.map(str::to_owned).to_vec()));
    let asks = server.asks().into_iter().filter(|ask| ask.is_list_of(PODS));
    let asks: Vec<String> = asks.map(|ask| ask.of("continue").to_owned()).collect();
    assert_eq!(asks, ["", "3", "", "3", "6", "6", "9"]);
}

#[test]
fn a_list_that_expires_for_ever_is_not_clean() {
    for next in ["", "3"] {
        let found = scan(&failing(move |_, _| Some(expired(next))), "--format json --page-size 3");
        let reason = "pods after the first 3 cannot be read: the API server answers 410: The provided continue parameter is too old";
        assert_unread(&found, reason);
    }
}

#[track_caller]
fn assert_unread(found: &Run, reason: &str) {
    assert_eq!(found.code, 3, "{found:?}");
    assert_eq!(found.not_evaluated(), [("unreadable".to_owned(), reason.to_owned())]);
    assert_eq!(found.json()["notEvaluated"][0]["source"], "dev");
}

#[test]
fn a_page_that_fails_is_not_clean_and_the_others_are_told() {
    type Fault = fn() -> Answer;
    let answers: [(Fault, &str); 4] = [
        (|| Answer::failure(500, "etcd has\nno leader"), "the API server answers 500: etcd has no leader"),
        (
            || Answer::Whole(502, "<html>bad gateway</html>".to_owned()),
            "the API server answers 502: <html>bad gateway</html>",
        ),
        (
            || Answer::Whole(200, r#"{"kind": "PodList", "items": [{"#.to_owned()),
            "the answer is not what it should be: EOF while parsing an object at line 1 column 31",
        ),
        (|| Answer::json(200, &json!({"kind": "Status"})), "the answer is a `Status` and no list"),
    ];
    for (answer, reason) in answers {
        let found = scan(&failing(move |_, _| Some(answer())), "--format json --page-size 4");
        assert_unread(&found, &format!("pods after the first 4 cannot be read: {reason}"));
        assert_eq!(found.subjects(), ["StatefulSet ci/even x2", "StatefulSet ci/odd x2"]);
    }
}

#[test]
fn a_cluster_that_cannot_be_read_is_not_clean() {
    let forbidden =
        Server::with(&[], |ask| ask.is_list_of(PODS).then(|| Answer::failure(403, "not for you")));
    assert_unread(
        &scan(&forbidden, "--format json"),
        "pods cannot be read: the API server answers 403: not for you",
    );
    let mut own = pod("ci", "agents-7d9f-a", true, Some(controller("apps/v1", "ReplicaSet", "agents-7d9f")));
    own["metadata"]["labels"] = json!({"pod-template-hash": "7d9f"});
    let sets = Server::with(&[(PODS, vec![own])], |ask| {
        ask.path.ends_with("replicasets").then(|| Answer::failure(500, "broken"))
    });
    let found = scan(&sets, "--format json");
    assert_unread(&found, "replicasets cannot be read: the API server answers 500: broken");
    assert_eq!(found.subjects(), ["Deployment ci/agents x1"], "pods are judged, and owners guessed");

    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = Server { address: gone.local_addr().unwrap(), ..Server::of(&[]) };
    drop(gone);
    let reason = format!("`http://{}` cannot be asked: Connection refused", nobody.address);
    assert_unread(&scan(&nobody, "--format json"), &format!("replicasets cannot be read: {reason}"));
    let other = Server::of(&[(PODS, pods(2))]);
    let folder = kubeconfig(&[("dev", &nobody), ("other", &other)]);
    let both = run(&folder, "--format json --context dev --context other");
    assert_eq!((both.code, both.subjects().len()), (3, 2), "the others are judged");
}

#[test]
fn a_cluster_that_does_not_answer_is_not_asked_for_each_namespace() {
    let asks = |args: &str| {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Server { address: listener.local_addr().unwrap(), ..Server::of(&[]) };
        let asks = std::sync::Arc::new(AtomicUsize::new(0));
        let counted = std::sync::Arc::clone(&asks);
        std::thread::spawn(move || {
            for _hung_up in listener.incoming() {
                counted.fetch_add(1, Ordering::SeqCst);
            }
        });
        let found = scan(&server, &format!("--format json {args}"));
        assert_eq!((found.code, found.not_evaluated().len()), (3, 1), "{found:?}");
        asks.load(Ordering::SeqCst)
    };
    let one = asks("-n a");
    assert!(one > 0);
    assert_eq!([asks("-n a -n b -n c"), asks("-n a -n b -n c --watch")], [one; 2]);
}

#[test]
fn credentials_that_cannot_be_had_are_those_of_one_cluster() {
    let (one, other) = (Server::of(&[(PODS, pods(2))]), Server::of(&[(PODS, pods(2))]));
    let folder = kubeconfig(&[("dev", &one), ("other", &other)]);
    let file = folder.path().join("config");
    let mut config: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    config["contexts"][0]["context"]["user"] = json!("plugin");
    let plugin = json!({"apiVersion": "client.authentication.k8s.io/v1", "command": "false",
        "interactiveMode": "Never"});
    config["users"].as_array_mut().unwrap().push(json!({"name": "plugin", "user": {"exec": plugin}}));
    std::fs::write(file, config.to_string()).unwrap();
    let both = run(&folder, "--format json --context dev --context other");
    assert_unread(
        &both,
        &format!(
            "replicasets cannot be read: `http://{}` cannot be asked: the credential plugin failed (exit status: 1)",
            one.address
        ),
    );
    assert_eq!((both.subjects().len(), one.asks().len()), (2, 0), "the others are judged");
}

#[test]
fn a_selector_that_is_none_is_a_mistake() {
    let server = Server::with(&[(PODS, pods(1))], |ask| {
        (ask.of("labelSelector") == "!!")
            .then(|| Answer::failure(400, "unable to parse requirement: found '!'"))
    });
    assert_eq!(scan(&server, "-l a=b").code, 0, "no pod has it");
    for args in ["-l !!", "-l !! --watch", "-l !! -n ci --format json"] {
        let found = scan(&server, args);
        let said = "error: --selector `!!`: pods cannot be read: \
            the API server answers 400: unable to parse requirement: found '!'\n";
        assert_eq!((found.code, found.err.as_str(), found.out.as_str()), (2, said, ""), "{args}");
    }
}

#[test]
fn an_empty_cluster_is_clean_and_a_namespace_that_is_not_there_is_not() {
    let namespaces = vec![json!({"metadata": {"name": "empty"}})];
    let server = Server::of(&[("/api/v1/namespaces", namespaces)]);
    assert_eq!(scan(&server, "").code, 0);
    assert_eq!(scan(&server, "-n empty").code, 0);
    let found = scan(&server, "--format json -n emtpy");
    assert_unread(&found, "namespace `emtpy` cannot be read: the API server answers 404: not found");
    let forbidden = Server::with(&[], |ask| {
        ask.path.starts_with("/api/v1/namespaces/empty").then(|| {
            if ask.path.ends_with("empty") {
                Answer::failure(403, "no")
            } else {
                super::server::page(ask, &[])
            }
        })
    });
    assert_eq!(scan(&forbidden, "-n empty").code, 0, "whoever may not read namespaces");
}

#[test]
fn mistakes_are_told_before_anything_is_asked() {
    let server = Server::of(&[(PODS, pods(1))]);
    for args in [
        "--format sarif --watch",
        "--watch --output x",
        "--page-size 0",
        "--profile nope",
        "--kubeconfig none",
        "--cluster-name=",
        "--format json --output x --format sarif --output ./x",
    ] {
        assert_eq!(scan(&server, args).code, 2, "{args}");
    }
    assert_eq!(server.asks().len(), 0);
    let folder = tempfile::tempdir().unwrap();
    let nowhere = std::process::Command::new(env!("CARGO_BIN_EXE_podgate-tested"))
        .arg("scan")
        .env_clear()
        .current_dir(folder.path())
        .env("HOME", folder.path())
        .output()
        .unwrap();
    let said = "error: no kubeconfig has a current context, and podgate runs in no cluster\n";
    assert_eq!((nowhere.status.code(), &*String::from_utf8_lossy(&nowhere.stderr)), (Some(2), said));
}

/// `$KUBECONFIG` names several files, of which not all are on every machine.
#[test]
fn files_of_a_list_that_are_not_there_are_left_out() {
    let server = Server::of(&[(PODS, pods(1))]);
    let folder = kubeconfig(&[("dev", &server)]);
    let with = |list: &str, args: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_podgate-tested"));
        command.arg("scan").args(args).current_dir(folder.path()).env_clear().env("HOME", folder.path());
        let output = command.env("KUBECONFIG", list).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(with("none:config", &[]), (1, String::new()));
    assert_eq!(with("config:none:", &["--context", "dev"]), (1, String::new()));
    let none = "error: `KUBECONFIG` names no file that is there: `none`, `other`\n".to_owned();
    assert_eq!(with("none:other", &[]), (2, none));
    std::fs::write(folder.path().join("broken"), "contexts: [").unwrap();
    let (code, said) = with("config:broken", &[]);
    let broken = "error: cannot read `broken`: it is no kubeconfig (line 1, column 11)\n";
    assert_eq!((code, said.as_str()), (2, broken));
    // As `kubectl config unset current-context` leaves it.
    std::fs::write(folder.path().join("unset"), "current-context: \"\"\n").unwrap();
    assert_eq!(with("unset:config", &[]), (1, String::new()));
    let nowhere = "error: no kubeconfig has a current context, and podgate runs in no cluster\n".to_owned();
    assert_eq!(with("unset", &[]), (2, nowhere));
    let asked = "error: the kubeconfig has no current context; --context chooses one\n".to_owned();
    assert_eq!(with("", &["--kubeconfig", "unset"]), (2, asked));
    let unset = "error: there is no kubeconfig for the context `dev`\n".to_owned();
    assert_eq!(with("", &["--context", "dev"]), (2, unset));
}

#[test]
fn nothing_of_a_kubeconfig_that_cannot_be_read_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let before = "users:\n- name: tests\n  user:\n    token: geheim-4711\n";
    for (fault, place) in
        [("    exec: [\n", "line 5, column 11"), ("    exec: geheim\n", "line 5, column 11")]
    {
        std::fs::write(folder.path().join("config"), format!("{before}{fault}")).unwrap();
        let found = run(&folder, "");
        let said = format!("error: cannot read `config`: it is no kubeconfig ({place})\n");
        assert_eq!((found.code, found.err, found.out), (2, said, String::new()));
    }
}

/// A pod's own cluster, of which the service account's files are not there.
#[test]
fn why_the_own_cluster_cannot_be_asked_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_podgate-tested"));
    command.arg("scan").env_clear().current_dir(folder.path()).env("HOME", folder.path());
    let command = command.env("KUBERNETES_SERVICE_HOST", "10.0.0.1").env("KUBERNETES_SERVICE_PORT", "443");
    let output = command.output().unwrap();
    let said = "error: no kubeconfig has a current context, and podgate cannot ask the cluster in which it runs: \
        failed to read the default namespace: No such file or directory (os error 2)\n";
    assert_eq!((output.status.code(), &*String::from_utf8_lossy(&output.stderr)), (Some(2), said));
}

#[test]
fn a_proxy_of_the_environment_is_not_for_this_machine() {
    let server = Server::of(&[(PODS, pods(1))]);
    let folder = kubeconfig(&[("dev", &server)]);
    for (proxy, exceptions) in [("http://127.0.0.1:1", ""), ("proxy:3128/", ""), ("proxy:3128", "localhost,")]
    {
        let mut command = super::program(&folder, "");
        let with_proxy = command.env("HTTPS_PROXY", proxy).env("NO_PROXY", exceptions).output().unwrap();
        assert_eq!(with_proxy.status.code(), Some(1), "{with_proxy:?}");
    }
}

#[test]
fn service_accounts_are_looked_up_and_what_is_not_known_is_said() {
    let mut own = pod("ci", "a", false, None);
    own["spec"].as_object_mut().unwrap().remove("automountServiceAccountToken");
    let account =
        json!({"metadata": {"name": "builder", "namespace": "ci"}, "automountServiceAccountToken": false});
    let known = scan(&Server::of(&[(PODS, vec![own.clone()]), (ACCOUNTS, vec![account])]), "--format json");
    let of_token = |found: &Run| found.findings().iter().filter(|(policy, _)| policy == "CI601").count();
    assert_eq!((of_token(&known), known.not_evaluated()), (0, Vec::new()));
    let forbidden =
        Server::with(&[(PODS, vec![own])], |ask| (ask.path == ACCOUNTS).then(|| Answer::failure(403, "no")));
    let unknown = scan(&forbidden, "--format json");
    assert_eq!(of_token(&unknown), 1);
    let reason =
        "serviceaccounts cannot be read, and what hangs on them is unknown: the API server answers 403: no";
    assert_unread(&unknown, reason);
    let text = scan(&forbidden, "");
    assert!(text.out.lines().last().unwrap().ends_with(", 1 not evaluated"), "{text:?}");
    // Policies of the Pod Security Standards look up nothing.
    assert_eq!(scan(&forbidden, "--profile pss-baseline").code, 0);
}

#[test]
fn what_may_not_be_read_counts_where_a_pod_names_it() {
    let without = pod("ci", "a", false, None);
    let mut with = without.clone();
    with["spec"]["volumes"] = json!([{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]);
    let (claims, volumes) = ("/api/v1/persistentvolumeclaims", "/api/v1/persistentvolumes");
    let forbidding = |pod: &Value, path: &'static str| {
        Server::with(&[(PODS, vec![pod.clone()])], move |ask| {
            (ask.path == path).then(|| Answer::failure(403, "no"))
        })
    };
    for path in [claims, volumes] {
        assert_eq!(scan(&forbidding(&without, path), "").code, 0, "no pod has a claim");
        let found = scan(&forbidding(&with, path), "--format json");
        let plural = path.rsplit('/').next().unwrap();
        let reason = format!(
            "{plural} cannot be read, and what hangs on them is unknown: the API server answers 403: no"
        );
        assert_unread(&found, &reason);
    }
    // Said once, whatever the number of namespaces.
    let found = scan(&forbidding(&with, volumes), "--format json -n ci -n dev");
    assert_eq!(found.not_evaluated().len(), 2, "a namespace that is not there beside it: {found:?}");
}

#[test]
fn claims_lead_to_volumes() {
    let mut own = pod("ci", "a", false, None);
    own["spec"]["volumes"] = json!([{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]);
    let claim = json!({"metadata": {"name": "data", "namespace": "ci"}, "spec": {"volumeName": "disk"}});
    let volume = |path: &str| {
        json!({"metadata": {"name": "disk"}, "spec": {"hostPath": {"path": path},
            "claimRef": {"name": "data", "namespace": "ci"}}})
    };
    let with = |path: &str| {
        let (claims, volumes) = ("/api/v1/persistentvolumeclaims", "/api/v1/persistentvolumes");
        let server = Server::of(&[
            (PODS, vec![own.clone()]),
            (claims, vec![claim.clone()]),
            (volumes, vec![volume(path)]),
        ]);
        scan(&server, "--format json")
    };
    let found = with("/var/run/docker.sock");
    let report = found.json();
    let policies: Vec<String> = found.findings().into_iter().map(|(policy, _)| policy).collect();
    assert!(found.code == 1 && report["subjects"][0].get("unresolved").is_none(), "{report:#}");
    let without = scan(&Server::of(&[(PODS, vec![own.clone()])]), "--format json");
    let unresolved = json!(["/spec/volumes/0/persistentVolumeClaim"]);
    assert_eq!(
        (without.code, &without.json()["subjects"][0]["unresolved"]),
        (0, &unresolved),
        "{policies:?}"
    );
    assert_eq!(scan(&Server::of(&[(PODS, vec![own.clone()])]), "--strict").code, 3);
}

#[test]
fn namespaces_choose_the_profile_that_judges_as_in_admission() {
    let space = |name: &str, profile: &str| json!({"metadata": {"name": name, "labels": {"podgate.dev/enforce": profile}}});
    let spaces = vec![space("a", "pss-baseline"), space("b", "pss-restricted"), space("c", "nonsense")];
    let bare = |namespace: &str| {
        let mut pod = pod(namespace, "p", false, None);
        pod["spec"] = json!({"containers": [{"name": "a", "image": "a"}]});
        pod
    };
    let server = Server::of(&[(PODS, vec![bare("a"), bare("b"), bare("c")]), ("/api/v1/namespaces", spaces)]);
    let folder = kubeconfig(&[("dev", &server)]);
    let settings = "profiles: [ci]\nadmission: {namespaceProfiles: [pss-baseline, pss-restricted]}\n";
    std::fs::write(folder.path().join("podgate.yaml"), settings).unwrap();
    let found = run(&folder, "--format json");
    let of = |subject: u64| {
        let own = found.findings().into_iter().filter(|(_, index)| *index == subject);
        own.map(|(policy, _)| {
            policy.split(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '-']).next().unwrap().to_owned()
        })
        .collect::<std::collections::BTreeSet<_>>()
    };
    let only = |name: &str| [name.to_owned()].into();
    assert_eq!([of(0), of(1), of(2)], [[].into(), only("PSS"), only("CI")], "{found:?}");
    assert!(
        found.err.contains("note: dev: namespace `c`: label `podgate.dev/enforce` of the namespace chooses"),
        "{found:?}"
    );
    let blind = Server::with(&[(PODS, vec![bare("a")])], |ask| {
        ask.path.starts_with("/api/v1/namespaces").then(|| Answer::failure(403, "no"))
    });
    let folder = kubeconfig(&[("dev", &blind)]);
    std::fs::write(folder.path().join("podgate.yaml"), settings).unwrap();
    assert_unread(
        &run(&folder, "--format json"),
        "labels of namespaces cannot be read: the API server answers 403: no",
    );
}
