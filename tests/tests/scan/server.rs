//! An API server of a few lines: lists in pages, and whatever a test wants to go wrong.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};

/// A request.
#[derive(Debug, Clone)]
pub struct Ask {
    pub method: String,
    pub path: String,
    pub query: BTreeMap<String, String>,
    pub accept: String,
    pub body: String,
}

impl Ask {
    pub fn of(&self, key: &str) -> &str {
        self.query.get(key).map_or("", String::as_str)
    }

    pub fn is_list_of(&self, path: &str) -> bool {
        self.method == "GET" && self.path == path && self.of("watch").is_empty()
    }
}

/// What it says to one.
pub enum Answer {
    Whole(u16, String),
    /// Lines of a watch, until the sender ends.
    Lines(Receiver<String>),
}

impl Answer {
    pub fn json(code: u16, value: &Value) -> Self {
        Self::Whole(code, value.to_string())
    }

    pub fn failure(code: u16, reason: &str) -> Self {
        Self::json(code, &status(code, reason))
    }
}

pub fn status(code: u16, message: &str) -> Value {
    json!({"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": message, "reason": "Test", "code": code})
}

type Handle = dyn Fn(&Ask) -> Option<Answer> + Send + Sync;

/// Objects by the path of their list.
pub type Objects = BTreeMap<String, Vec<Value>>;

pub struct Server {
    pub address: SocketAddr,
    pub asks: Arc<Mutex<Vec<Ask>>>,
    pub objects: Arc<Mutex<Objects>>,
}

/// Paths of lists.
pub const PODS: &str = "/api/v1/pods";
pub const SETS: &str = "/apis/apps/v1/replicasets";
pub const JOBS: &str = "/apis/batch/v1/jobs";
pub const ACCOUNTS: &str = "/api/v1/serviceaccounts";

impl Server {
    /// One with these objects, at which nothing goes wrong.
    pub fn of(objects: &[(&str, Vec<Value>)]) -> Self {
        Self::with(objects, |_| None)
    }

    /// One at which `fault` answers first.
    pub fn with(
        objects: &[(&str, Vec<Value>)],
        fault: impl Fn(&Ask) -> Option<Answer> + Send + Sync + 'static,
    ) -> Self {
        let objects: Objects =
            objects.iter().map(|(path, list)| ((*path).to_owned(), list.clone())).collect();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (objects, asks) = (Arc::new(Mutex::new(objects)), Arc::<Mutex<Vec<Ask>>>::default());
        let server = Self { address, asks: Arc::clone(&asks), objects: Arc::clone(&objects) };
        let fault: Arc<Handle> = Arc::new(fault);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (objects, asks, fault) = (Arc::clone(&objects), Arc::clone(&asks), Arc::clone(&fault));
                thread::spawn(move || {
                    let Some(ask) = read(&stream) else { return };
                    asks.lock().unwrap().push(ask.clone());
                    let answer = fault(&ask).unwrap_or_else(|| usual(&ask, &objects.lock().unwrap()));
                    // A client may be gone, which the test then tells.
                    let _ = send(stream, answer);
                });
            }
        });
        server
    }

    /// What was asked, in order.
    pub fn asks(&self) -> Vec<Ask> {
        self.asks.lock().unwrap().clone()
    }

    /// How often a list was asked for.
    pub fn lists(&self, path: &str) -> usize {
        self.asks().iter().filter(|ask| ask.is_list_of(path)).count()
    }
}

fn read(stream: &TcpStream) -> Option<Ask> {
    let mut lines = BufReader::new(stream);
    let mut line = String::new();
    lines.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let (mut length, mut accept) = (0, String::new());
    loop {
        let mut header = String::new();
        lines.read_line(&mut header).ok()?;
        match header.trim().split_once(": ") {
            None => break,
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.parse().ok()?
            }
            Some((name, value)) if name.eq_ignore_ascii_case("accept") => accept = value.to_owned(),
            Some(_) => {}
        }
    }
    let mut body = vec![0; length];
    lines.read_exact(&mut body).ok()?;
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let query = pairs.map(|(key, value)| (key.to_owned(), decoded(value))).collect();
    Some(Ask { method, path: path.to_owned(), query, accept, body: String::from_utf8(body).ok()? })
}

fn decoded(text: &str) -> String {
    let mut parts = text.split('%');
    let mut decoded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (code, rest) = part.split_at(2);
        decoded.push(u8::from_str_radix(code, 16).unwrap().into());
        decoded.push_str(rest);
    }
    decoded
}

fn send(mut stream: TcpStream, answer: Answer) -> std::io::Result<()> {
    match answer {
        Answer::Whole(code, body) => write!(
            stream,
            "HTTP/1.1 {code} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        ),
        Answer::Lines(lines) => {
            write!(stream, "HTTP/1.1 200 X\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n")?;
            lines.iter().try_for_each(|line| writeln!(stream, "{line}").and_then(|()| stream.flush()))
        }
    }
}

/// What a healthy API server says.
fn usual(ask: &Ask, objects: &Objects) -> Answer {
    if ask.method != "GET" {
        return Answer::json(200, &json!({"kind": "Status", "status": "Success"}));
    }
    if let Some(list) = objects.get(&ask.path) {
        return page(ask, list);
    }
    // A list in one namespace is a part of the list of all.
    if let Some((root, rest)) = ask.path.split_once("/namespaces/")
        && let Some((namespace, plural)) = rest.split_once('/')
    {
        let (plural, name) = plural.split_once('/').unwrap_or((plural, ""));
        let all = objects.get(&format!("{root}/{plural}")).cloned().unwrap_or_default();
        let own: Vec<Value> =
            all.into_iter().filter(|one| one["metadata"]["namespace"] == namespace).collect();
        return match own.iter().find(|one| one["metadata"]["name"] == name) {
            Some(found) => Answer::json(200, found),
            None if name.is_empty() => page(ask, &own),
            None => Answer::failure(404, "not found"),
        };
    }
    let (parent, name) = ask.path.rsplit_once('/').unwrap();
    match objects.get(parent).and_then(|list| list.iter().find(|one| one["metadata"]["name"] == name)) {
        Some(found) => Answer::json(200, found),
        None if is_plural(name) => page(ask, &[]),
        None => Answer::failure(404, "not found"),
    }
}

fn is_plural(name: &str) -> bool {
    [
        "pods",
        "replicasets",
        "jobs",
        "serviceaccounts",
        "persistentvolumeclaims",
        "persistentvolumes",
        "namespaces",
    ]
    .contains(&name)
}

/// Tokens are numbers of objects that were told.
pub fn page(ask: &Ask, list: &[Value]) -> Answer {
    let limit: usize = ask.of("limit").parse().unwrap_or(usize::MAX);
    let from: usize = ask.of("continue").parse().unwrap_or(0);
    let selector = ask.of("labelSelector").split_once('=');
    let is_meant =
        |one: &&Value| selector.is_none_or(|(label, value)| one["metadata"]["labels"][label] == value);
    let list: Vec<&Value> = list.iter().filter(is_meant).collect();
    let to = from.saturating_add(limit).min(list.len());
    let next = if to < list.len() { to.to_string() } else { String::new() };
    Answer::json(
        200,
        &json!({"kind": "List", "apiVersion": "v1", "items": list[from..to],
        "metadata": {"resourceVersion": "100", "continue": next}}),
    )
}
