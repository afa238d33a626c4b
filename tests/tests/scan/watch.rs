//! `--watch`: what is new is told, once, whatever becomes of the connection.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::server::{Answer, Ask, PODS, Server, status};
use super::{controller, kubeconfig, pod, program, subject};

/// Longest that a test waits for what is to come.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A server whose watches the test fills.
pub fn server(pods: Vec<Value>) -> (Server, Receiver<(Ask, Sender<String>)>) {
    let (tell, watches) = channel();
    let tell = Mutex::new(tell);
    let server = Server::with(&[(PODS, pods)], move |ask| {
        (ask.path == PODS && !ask.of("watch").is_empty()).then(|| {
            let (events, lines) = channel();
            tell.lock().unwrap().send((ask.clone(), events)).unwrap();
            Answer::Lines(lines)
        })
    });
    (server, watches)
}

pub struct Watching {
    program: Child,
    lines: Receiver<String>,
    _folder: TempDir,
}

impl Watching {
    pub fn start(server: &Server, format: &str) -> Self {
        let folder = kubeconfig(&[("dev", server)]);
        let args = format!("--watch --format {format}");
        let mut program = program(&folder, &args).stdout(Stdio::piped()).spawn().unwrap();
        let lines = lines(program.stdout.take().unwrap());
        Self { program, lines, _folder: folder }
    }

    pub fn line(&self) -> String {
        self.lines.recv_timeout(PATIENCE).expect("a line in time")
    }

    /// The subjects of the next report.
    pub fn report(&self) -> Vec<String> {
        let report: Value = serde_json::from_str(&self.line()).unwrap();
        report["subjects"].as_array().unwrap().iter().map(subject).collect()
    }

    pub fn end(mut self, signal: &str) -> Option<i32> {
        let sent = Command::new("kill").args([signal, &self.program.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let code = self.program.wait().unwrap().code();
        assert_eq!(self.lines.iter().collect::<Vec<_>>(), Vec::<String>::new(), "nothing more is told");
        code
    }
}

fn lines(out: impl Read + Send + 'static) -> Receiver<String> {
    let (tell, lines) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            if tell.send(line).is_err() {
                return;
            }
        }
    });
    lines
}

pub fn of(set: &str, name: &str, privileged: bool, version: u32) -> Value {
    let mut pod = pod("ci", name, privileged, Some(controller("apps/v1", "StatefulSet", set)));
    pod["metadata"]["resourceVersion"] = json!(version.to_string());
    pod
}

pub fn event(kind: &str, object: &Value) -> String {
    let mut object = object.clone();
    object["kind"] = json!("Pod");
    object["apiVersion"] = json!("v1");
    json!({"type": kind, "object": object}).to_string()
}

#[test]
fn what_is_new_is_told_once() {
    let (server, watches) = server(vec![of("a", "a-0", true, 1)]);
    let watching = Watching::start(&server, "json");
    assert_eq!(watching.report(), ["StatefulSet ci/a x1"]);
    let next = || watches.recv_timeout(PATIENCE).expect("a watch in time");

    let (ask, events) = next();
    assert_eq!((ask.of("resourceVersion"), ask.of("allowWatchBookmarks")), ("100", "true"));
    events.send(event("ADDED", &of("b", "b-0", true, 101))).unwrap();
    assert_eq!(watching.report(), ["StatefulSet ci/b x1"]);
    // Another pod of a known owner, a change that changes nothing, and a clean pod are no news.
    events.send(event("ADDED", &of("b", "b-1", true, 102))).unwrap();
    events.send(event("MODIFIED", &of("b", "b-1", true, 103))).unwrap();
    events.send(event("ADDED", &of("clean", "clean-0", false, 104))).unwrap();
    // A pod that becomes bad is.
    events.send(event("MODIFIED", &of("clean", "clean-0", true, 105))).unwrap();
    assert_eq!(watching.report(), ["StatefulSet ci/clean x1"]);

    // The connection ends, and the watch goes on from where it was.
    drop(events);
    let (ask, events) = next();
    assert_eq!(ask.of("resourceVersion"), "105");
    let mark = json!({"type": "BOOKMARK", "object": {"kind": "Pod", "apiVersion": "v1", "metadata": {"resourceVersion": "110"}}});
    events.send(mark.to_string()).unwrap();
    drop(events);
    let (ask, events) = next();
    assert_eq!(ask.of("resourceVersion"), "110");

    // The server has forgotten that version: everything is read again, and what is new of it told.
    let now = vec![of("a", "a-0", true, 1), of("c", "c-0", true, 111)];
    server.objects.lock().unwrap().insert(PODS.to_owned(), now);
    events
        .send(json!({"type": "ERROR", "object": status(410, "too old resource version")}).to_string())
        .unwrap();
    assert_eq!(watching.report(), ["StatefulSet ci/c x1"]);
    let (ask, events) = next();
    assert_eq!(ask.of("resourceVersion"), "100");
    // `b` went away in between: it is news when it comes back.
    events.send(event("ADDED", &of("b", "b-0", true, 112))).unwrap();
    assert_eq!(watching.report(), ["StatefulSet ci/b x1"]);

    for (set, name) in [("a", "a-0"), ("b", "b-0"), ("c", "c-0")] {
        events.send(event("DELETED", &of(set, name, true, 113))).unwrap();
    }
    let mut low = of("low", "low-0", false, 114);
    low["spec"]["automountServiceAccountToken"] = json!(null);
    events.send(event("ADDED", &low)).unwrap();
    assert_eq!(watching.report(), ["StatefulSet ci/low x1"]);
    assert_eq!(watching.end("-TERM"), Some(0), "the bad ones are gone");
}

#[test]
fn the_end_says_what_is_bad() {
    let (server, watches) = server(vec![of("a", "a-0", false, 1)]);
    let watching = Watching::start(&server, "text");
    assert_eq!(watching.line(), "clean: 1 pod judged by profile ci: nothing found");
    let (_, events) = watches.recv_timeout(PATIENCE).unwrap();
    events.send(event("MODIFIED", &of("a", "a-0", true, 2))).unwrap();
    assert!(watching.line().starts_with("critical[CI201]: container \"build\" is privileged"));
    while !watching.line().starts_with("1 pod judged by profile ci: 1 critical") {}
    assert_eq!(watching.end("-INT"), Some(1));
}

#[test]
fn a_failure_in_between_is_told_and_survived() {
    // What is not allowed may be again: a role is changed, or a new token is not known yet.
    for code in [500, 403] {
        survive(code);
    }
}

fn survive(code: u16) {
    let times = AtomicUsize::new(0);
    let (tell, watches) = channel();
    let tell = Mutex::new(tell);
    let server = Server::with(&[(PODS, vec![of("a", "a-0", false, 1)])], move |ask| {
        if ask.of("watch").is_empty() {
            return None;
        }
        if times.fetch_add(1, Ordering::SeqCst) == 0 {
            return Some(Answer::failure(code, "etcd has no leader"));
        }
        let (events, lines) = channel();
        tell.lock().unwrap().send(events).unwrap();
        Some(Answer::Lines(lines))
    });
    let folder = kubeconfig(&[("dev", &server)]);
    let mut command = program(&folder, "--watch --format json");
    let mut program = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    BufReader::new(program.stderr.take().unwrap()).read_line(&mut said).unwrap();
    assert_eq!(
        said,
        format!(
            "note: dev: watching goes on after a failure: changes of pods cannot be read: the API server answers \
            {code}: etcd has no leader\n"
        )
    );
    let lines = lines(program.stdout.take().unwrap());
    let watching = Watching { program, lines, _folder: folder };
    assert_eq!(watching.report(), ["StatefulSet ci/a x1"]);
    let events: Sender<String> = watches.recv_timeout(PATIENCE).expect("a second watch");
    events.send(event("MODIFIED", &of("a", "a-0", true, 2))).unwrap();
    assert_eq!(watching.report(), ["StatefulSet ci/a x1"]);
    assert_eq!(watching.end("-TERM"), Some(1));
}

/// Two clusters, of which the second does not answer before the test wants it to.
#[test]
fn one_of_several_clusters_that_cannot_be_read_is_tried_again() {
    let (one, watches) = server(vec![of("a", "a-0", false, 1)]);
    let is_up = Arc::new(AtomicBool::new(false));
    let (tell, others) = channel();
    let tell = Mutex::new(tell);
    let up = Arc::clone(&is_up);
    let two = Server::with(&[(PODS, vec![of("b", "b-0", true, 1)])], move |ask| {
        if !up.load(Ordering::SeqCst) {
            return Some(Answer::failure(500, "not yet"));
        }
        (!ask.of("watch").is_empty()).then(|| {
            let (events, lines) = channel();
            tell.lock().unwrap().send(events).unwrap();
            Answer::Lines(lines)
        })
    });
    let start = || {
        let folder = kubeconfig(&[("one", &one), ("two", &two)]);
        let mut command = program(&folder, "--watch --format json --context one --context two");
        let mut program = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (said, lines) = (lines(program.stderr.take().unwrap()), lines(program.stdout.take().unwrap()));
        (Watching { program, lines, _folder: folder }, said)
    };
    let failure = "note: two: watching goes on after a failure: serviceaccounts cannot be read: the API server \
        answers 500: not yet";
    let next = |said: &Receiver<String>| loop {
        let line = said.recv_timeout(PATIENCE).unwrap();
        if !line.starts_with("note: two: owners are told by the names of ") {
            return line;
        }
    };

    let (watching, said) = start();
    let first: Value = serde_json::from_str(&watching.line()).unwrap();
    assert_eq!(first["notEvaluated"][0]["source"], "two");
    assert_eq!(next(&said), failure);
    let (_, events) = watches.recv_timeout(PATIENCE).unwrap();
    assert_eq!(watching.end("-TERM"), Some(3), "one is clean, of the other nothing is known");
    drop(events);

    let (watching, said) = start();
    assert_eq!(watching.report(), ["StatefulSet ci/a x1"]);
    assert_eq!(next(&said), failure);
    let (_, events) = watches.recv_timeout(PATIENCE).unwrap();
    events.send(event("MODIFIED", &of("a", "a-0", true, 2))).unwrap();
    assert_eq!(watching.report(), ["StatefulSet ci/a x1"], "the one that is there is followed");
    is_up.store(true, Ordering::SeqCst);
    assert_eq!(watching.report(), ["StatefulSet ci/b x1"]);
    assert_eq!(next(&said), "note: two: everything is known again");
    let _events: Sender<String> = others.recv_timeout(PATIENCE).unwrap();
    assert_eq!(watching.end("-TERM"), Some(1));
}

/// A namespace that is not there is no clean one, however often it is looked for.
#[test]
fn a_namespace_that_is_not_there_is_waited_for() {
    const NAMESPACES: &str = "/api/v1/namespaces";
    let (tell, watches) = channel();
    let (look, looks) = channel();
    let channels = Mutex::new((tell, look));
    let space = |name: &str| json!({"metadata": {"name": name}});
    let objects = [(PODS, vec![of("a", "a-0", false, 1)]), (NAMESPACES, vec![space("ci")])];
    let server = Server::with(&objects, move |ask| {
        let (tell, look) = &*channels.lock().unwrap();
        if ask.path == "/api/v1/namespaces/later" {
            look.send(()).unwrap();
        }
        (!ask.of("watch").is_empty()).then(|| {
            let (events, lines) = channel();
            tell.send((ask.path.clone(), events)).unwrap();
            Answer::Lines(lines)
        })
    });
    let folder = kubeconfig(&[("dev", &server)]);
    let mut command = program(&folder, "--watch --format json -n ci -n later");
    let mut program = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (said, lines) = (lines(program.stderr.take().unwrap()), lines(program.stdout.take().unwrap()));
    let watching = Watching { program, lines, _folder: folder };
    let reason = "namespace `later` cannot be read: the API server answers 404: not found";
    let first: Value = serde_json::from_str(&watching.line()).unwrap();
    assert_eq!(first["notEvaluated"][0]["reason"], reason);
    let next = || -> (String, Sender<String>) { watches.recv_timeout(PATIENCE).expect("a watch in time") };
    let (path, _ci) = next();
    assert_eq!(path, "/api/v1/namespaces/ci/pods");
    for _ in 0..3 {
        looks.recv_timeout(PATIENCE).expect("another look in time");
    }
    server.objects.lock().unwrap().insert(NAMESPACES.to_owned(), vec![space("ci"), space("later")]);
    let (path, _later) = next();
    assert_eq!(path, "/api/v1/namespaces/later/pods");
    let failure = format!("note: dev: watching goes on after a failure: {reason}");
    let told = |_| said.recv_timeout(PATIENCE).unwrap();
    assert_eq!([0, 1].map(told), [failure, "note: dev: everything is known again".to_owned()]);
    assert_eq!(watching.end("-TERM"), Some(0));
    assert_eq!(said.iter().count(), 0, "each is told once");
}

/// A change is seen again that could not be judged, and not before that is everything known.
#[test]
fn a_change_that_cannot_be_judged_is_in_the_way_until_it_is() {
    let is_up = Arc::new(AtomicBool::new(false));
    let (tell, watches) = channel();
    let (tell, up) = (Mutex::new(tell), Arc::clone(&is_up));
    let server = Server::with(&[(PODS, vec![of("a", "a-0", false, 1)])], move |ask| {
        if ask.path.ends_with("/persistentvolumeclaims/data") && !up.load(Ordering::SeqCst) {
            return Some(Answer::failure(500, "not yet"));
        }
        (!ask.of("watch").is_empty()).then(|| {
            let (events, lines) = channel();
            tell.lock().unwrap().send((ask.of("resourceVersion").to_owned(), events)).unwrap();
            Answer::Lines(lines)
        })
    });
    let folder = kubeconfig(&[("dev", &server)]);
    let mut command = program(&folder, "--watch --format json");
    let mut program = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (said, lines) = (lines(program.stderr.take().unwrap()), lines(program.stdout.take().unwrap()));
    let watching = Watching { program, lines, _folder: folder };
    assert_eq!(watching.report(), ["StatefulSet ci/a x1"]);
    let mut own = of("b", "b-0", true, 150);
    own["spec"]["volumes"] = json!([{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]);
    let next = || -> (String, Sender<String>) { watches.recv_timeout(PATIENCE).expect("a watch in time") };
    let mark = |version: &str| {
        let metadata = json!({"resourceVersion": version});
        json!({"type": "BOOKMARK", "object": {"kind": "Pod", "apiVersion": "v1", "metadata": metadata}})
            .to_string()
    };
    let (version, events) = next();
    assert_eq!(version, "100");
    events.send(event("ADDED", &own)).unwrap();
    // Neither a watch that begins nor what is before the change says that the change was judged.
    let (version, events) = next();
    assert_eq!(version, "100");
    events.send(mark("149")).unwrap();
    events.send(event("ADDED", &own)).unwrap();
    let (version, events) = next();
    assert_eq!(version, "149");
    is_up.store(true, Ordering::SeqCst);
    events.send(event("ADDED", &own)).unwrap();
    assert_eq!(watching.report(), ["StatefulSet ci/b x1"]);
    let failure = "note: dev: watching goes on after a failure: persistentvolumeclaims cannot be read: the API \
        server answers 500: not yet";
    assert_eq!(said.recv_timeout(PATIENCE).unwrap(), failure);
    assert_eq!(said.recv_timeout(PATIENCE).unwrap(), "note: dev: everything is known again");
    assert_eq!(watching.end("-TERM"), Some(1));
    assert_eq!(said.iter().count(), 0, "each is told once");
}

#[test]
fn a_cluster_that_is_gone_at_the_end_is_not_clean() {
    let (tell, watches) = channel();
    let (tell, times) = (Mutex::new(tell), AtomicUsize::new(0));
    let server = Server::with(&[(PODS, vec![of("a", "a-0", false, 1)])], move |ask| {
        if ask.of("watch").is_empty() {
            return None;
        }
        if times.fetch_add(1, Ordering::SeqCst) > 0 {
            return Some(Answer::failure(500, "etcd has no leader"));
        }
        let (events, lines) = channel();
        tell.lock().unwrap().send(events).unwrap();
        Some(Answer::Lines(lines))
    });
    let folder = kubeconfig(&[("dev", &server)]);
    let mut program =
        program(&folder, "--watch").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (said, lines) = (lines(program.stderr.take().unwrap()), lines(program.stdout.take().unwrap()));
    let watching = Watching { program, lines, _folder: folder };
    assert_eq!(watching.line(), "clean: 1 pod judged by profile ci: nothing found");
    let events: Sender<String> = watches.recv_timeout(PATIENCE).unwrap();
    drop(events);
    assert!(said.recv_timeout(PATIENCE).unwrap().contains("changes of pods cannot be read"));
    assert_eq!(watching.end("-TERM"), Some(3));
}

#[test]
fn a_reader_who_goes_away_changes_nothing_of_the_verdict() {
    for (privileged, code) in [(true, 1), (false, 0)] {
        let (server, _watches) = server(vec![of("a", "a-0", privileged, 1)]);
        let folder = kubeconfig(&[("dev", &server)]);
        for args in ["--watch", "--watch --format json", "--format json", ""] {
            let mut program = program(&folder, args).stdout(Stdio::piped()).spawn().unwrap();
            drop(program.stdout.take());
            assert_eq!(program.wait().unwrap().code(), Some(code), "{args}");
        }
    }
}

#[test]
fn a_cluster_that_cannot_be_read_is_not_watched() {
    let server = Server::with(&[], |ask| ask.is_list_of(PODS).then(|| Answer::failure(403, "not for you")));
    let found = super::scan(&server, "--watch --format json");
    assert_eq!((found.code, found.not_evaluated().len()), (3, 1));
}
