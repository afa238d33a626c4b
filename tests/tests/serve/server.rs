//! The program as a server, with its log.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::client::Client;

/// Longest for something that is logged. Reached, it fails the test.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Server {
    child: Child,
    events: Mutex<Receiver<Value>>,
    pub address: SocketAddr,
    pub metrics: SocketAddr,
    pub folder: Arc<TempDir>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(folder: &Path, args: &[&str]) -> Command {
    let program = std::env::var_os("PODGATE_PROGRAM");
    let mut command = Command::new(program.unwrap_or_else(|| env!("CARGO_BIN_EXE_podgate-tested").into()));
    command.current_dir(folder).args(["serve", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"]);
    command.args(["--log-format", "json", "--reload-interval", "1"]).args(args);
    // The cluster of whoever runs the tests is none of them.
    command.env("KUBECONFIG", "no-cluster").env_remove("KUBERNETES_SERVICE_HOST");
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

impl Server {
    /// A server without TLS and settings.
    pub fn plain(args: &[&str]) -> Self {
        let folder = Arc::new(TempDir::new().unwrap());
        Self::start(folder, &[&["--plain-http", "--shutdown-delay", "0"], args].concat())
    }

    /// A server in a folder, whose files the arguments may name.
    pub fn start(folder: Arc<TempDir>, args: &[&str]) -> Self {
        let own = command(folder.path(), args);
        Self::run(folder, own)
    }

    /// The same with the API server that a kubeconfig names.
    pub fn start_with(folder: Arc<TempDir>, args: &[&str], kubeconfig: &Path) -> Self {
        let mut own = command(folder.path(), args);
        own.env("KUBECONFIG", kubeconfig);
        Self::run(folder, own)
    }

    fn run(folder: Arc<TempDir>, mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let (sender, events) = channel();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let event = serde_json::from_str(&line).unwrap_or(Value::String(line));
                if sender.send(event).is_err() {
                    return;
                }
            }
        });
        let unknown = SocketAddr::from(([127, 0, 0, 1], 0));
        let events = Mutex::new(events);
        let mut server = Self { child, events, address: unknown, metrics: unknown, folder };
        let listening = server.logged("listening");
        server.address = listening["address"].as_str().unwrap().parse().unwrap();
        server.metrics = listening["metrics"].as_str().unwrap().parse().unwrap();
        server
    }

    /// What a server says that does not start, with its exit code.
    pub fn refused(folder: &Path, args: &[&str]) -> (Option<i32>, String) {
        let output = command(folder, args).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    }

    /// The next event with this message; those before it are dropped.
    pub fn logged(&self, message: &str) -> Value {
        self.logged_where(|event| event["message"] == message)
    }

    pub fn logged_where(&self, is_meant: impl Fn(&Value) -> bool) -> Value {
        let events = self.events.lock().unwrap();
        let mut seen = Vec::new();
        loop {
            match events.recv_timeout(PATIENCE) {
                Ok(event) if is_meant(&event) => return event,
                Ok(event) => seen.push(event),
                Err(error) => panic!("{error}: {seen:#?}"),
            }
        }
    }

    /// Every event to the end of the server, which something else brings about; those that were looked for before are
    /// left out.
    pub fn all(&self) -> Vec<Value> {
        let events = self.events.lock().unwrap();
        std::iter::from_fn(|| events.recv_timeout(PATIENCE).ok()).collect()
    }

    /// Drops what was logged until now.
    pub fn forget(&self) {
        self.events.lock().unwrap().try_iter().for_each(drop);
    }

    pub fn client(&self) -> Client {
        Client::plain(self.address).unwrap()
    }

    /// What operators read at a path.
    pub fn operators(&self, path: &str) -> (u16, String) {
        let answer = Client::plain(self.metrics).unwrap().get(path).unwrap();
        (answer.status, answer.body)
    }

    /// The value of a metric by its name and labels, as they are written; 0 where it is not there.
    pub fn metric(&self, name: &str) -> f64 {
        let (status, text) = self.operators("/metrics");
        assert_eq!(status, 200);
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        value.map_or(0.0, |value| value.parse().unwrap())
    }

    /// Replaces a file as a whole, as mounted Secrets and ConfigMaps change.
    pub fn write(&self, name: &str, text: &str) {
        let new = self.path(&format!("{name}.new"));
        fs::write(&new, text).unwrap();
        fs::rename(new, self.path(name)).unwrap();
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Bytes of memory that it holds.
    pub fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
    }

    /// Number of its open files and connections.
    pub fn open_files(&self) -> usize {
        fs::read_dir(format!("/proc/{}/fd", self.child.id())).unwrap().count()
    }

    pub fn terminate(&self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    }

    pub fn ended(mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }
}
