//! A real Kubernetes API server with a real Gatekeeper, on this machine's loopback and without containers: `etcd`,
//! `kube-apiserver` and `gatekeeper` as plain processes. Everything that they write lies in one folder of `target`.
//!
//! There is no node and no controller: pods are stored and go no further, and a namespace has no service account but
//! those that are made by hand.

mod certificates;
mod process;

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use clap::Subcommand;

use self::process::Process;
use crate::paths;
use crate::run::{command, output, succeeds};
use crate::setup::cluster as programs;

#[derive(Subcommand)]
pub(crate) enum Task {
    /// Build what is missing, start it, and say how to use it
    Up,
    /// End it and remove what it has stored
    Down,
    /// Say what runs
    Status,
}

pub(crate) fn task(task: &Task) -> Result<()> {
    match task {
        Task::Up => {
            programs::install()?;
            if !programs::is_there()? {
                eprintln!("skipped: there is no cluster without Go");
                return Ok(());
            }
            let cluster = Cluster::new();
            cluster.up()?;
            cluster.tell()
        }
        Task::Down => Cluster::new().down(),
        Task::Status => Cluster::new().tell(),
    }
}

/// A cluster for as long as this is held. One that ran before stays.
pub(crate) struct Lent {
    cluster: Option<Cluster>,
    is_ours: bool,
}

/// The cluster for tests; none where its programs are not there.
pub(crate) fn lend() -> Result<Lent> {
    if !programs::is_there()? {
        eprintln!("skipped: there is no cluster without Go");
        return Ok(Lent { cluster: None, is_ours: false });
    }
    let cluster = Cluster::new();
    let is_ours = !cluster.runs();
    cluster.up()?;
    Ok(Lent { cluster: Some(cluster), is_ours })
}

impl Lent {
    /// The variables by which tests find it.
    pub(crate) fn variables(&self) -> Result<Vec<(&'static str, PathBuf)>> {
        match &self.cluster {
            None => Ok(Vec::new()),
            Some(cluster) => Ok(vec![
                ("PODGATE_CLUSTER", cluster.folder.clone()),
                ("PODGATE_KUBECTL", programs::KUBECTL.file()?),
            ]),
        }
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let (Some(cluster), true) = (&self.cluster, self.is_ours) else { return };
        if let Err(error) = cluster.down() {
            eprintln!("error: {error:#}");
        }
    }
}

struct Cluster {
    folder: PathBuf,
    etcd: Process,
    server: Process,
    gatekeeper: Process,
}

impl Cluster {
    fn new() -> Self {
        let folder = paths::target().join("cluster");
        let process = |name| Process::new(&folder, name);
        Self {
            etcd: process(programs::ETCD.name),
            server: process(programs::API_SERVER.name),
            gatekeeper: process(programs::GATEKEEPER.name),
            folder,
        }
    }

    fn runs(&self) -> bool {
        [&self.etcd, &self.server, &self.gatekeeper].into_iter().all(Process::runs)
    }

    /// Starts it, unless all of it runs.
    fn up(&self) -> Result<()> {
        if self.runs() {
            eprintln!("the cluster runs already");
            return Ok(());
        }
        self.down()?;
        let folder = &self.folder;
        for part in ["etcd-data", "gatekeeper/audit"] {
            fs::create_dir_all(folder.join(part))
                .with_context(|| format!("cannot create `{}`", folder.display()))?;
        }
        let started = self.start();
        if started.is_err() {
            // What was said of the failure has the end of the logs; nothing is left running.
            self.down()?;
        }
        started
    }

    fn start(&self) -> Result<()> {
        certificates::write(&self.folder)?;
        let start = Instant::now();
        let [etcd, peer, api, webhook, health, metrics] = ports()?;
        self.etcd.start(self.etcd(etcd, peer)?)?;
        self.etcd.wait(|| answers(etcd, "/health"))?;
        self.server.start(self.server(etcd, api)?)?;
        self.configure(api)?;
        self.server.wait(|| {
            succeeds(&mut self.quiet(["get", "--raw", "/readyz"]))
                && succeeds(&mut self.quiet(["get", "namespace", "default"]))
        })?;
        eprintln!("etcd and kube-apiserver are ready ({:.1} s)", start.elapsed().as_secs_f64());

        let start = Instant::now();
        self.apply(&documents(&programs::manifests()?, &["Namespace", "CustomResourceDefinition"]))?;
        let established = ["wait", "--for=condition=Established", "crd", "--all", "--timeout=120s"];
        output(&mut self.kubectl(established)?)?;
        self.gatekeeper.start(self.gatekeeper(webhook, health, metrics)?)?;
        self.gatekeeper.wait(|| answers(health, "/readyz"))?;
        self.apply(&self.webhook(webhook)?)?;
        eprintln!("gatekeeper is ready ({:.1} s)", start.elapsed().as_secs_f64());
        Ok(())
    }

    fn etcd(&self, client: u16, peer: u16) -> Result<Command> {
        let (client, peer) = (format!("http://127.0.0.1:{client}"), format!("http://127.0.0.1:{peer}"));
        let mut etcd =
            command(programs::ETCD.file()?, ["--unsafe-no-fsync", "--log-level", "warn", "--data-dir"]);
        etcd.arg(self.folder.join("etcd-data"));
        etcd.args(["--listen-client-urls", &client, "--advertise-client-urls", &client]);
        etcd.args(["--listen-peer-urls", &peer, "--initial-advertise-peer-urls", &peer]);
        etcd.args(["--initial-cluster", &format!("default={peer}")]);
        Ok(etcd)
    }

    fn server(&self, etcd: u16, port: u16) -> Result<Command> {
        let mut server = command(programs::API_SERVER.file()?, ["--bind-address", "127.0.0.1"]);
        server.current_dir(&self.folder);
        server.args([
            "--secure-port",
            &port.to_string(),
            "--etcd-servers",
            &format!("http://127.0.0.1:{etcd}"),
        ]);
        server.args(["--endpoint-reconciler-type", "none", "--service-cluster-ip-range", "10.0.0.0/24"]);
        server.args(["--tls-cert-file", "apiserver.crt", "--tls-private-key-file", "apiserver.key"]);
        server.args(["--client-ca-file", "ca.crt", "--service-account-key-file", "sa.pub"]);
        server.args(["--service-account-signing-key-file", "sa.key"]);
        server.args(["--service-account-issuer", "https://kubernetes.default.svc"]);
        // Off by default, and then privileged pods are not even shown to webhooks.
        server.args(["--authorization-mode", "RBAC", "--allow-privileged"]);
        server.args(["--cert-dir", "apiserver-certs", "--audit-log-path", "audit.log"]);
        server.args(["--audit-policy-file", "audit-policy.yaml"]);
        fs::write(self.folder.join("audit-policy.yaml"), AUDIT)?;
        Ok(server)
    }

    fn gatekeeper(&self, port: u16, health: u16, metrics: u16) -> Result<Command> {
        let mut gatekeeper =
            command(programs::GATEKEEPER.file()?, ["--host", "127.0.0.1", "--debug-use-fake-pod"]);
        gatekeeper.current_dir(&self.folder).env("POD_NAMESPACE", "gatekeeper-system");
        gatekeeper.args(["--kubeconfig", "kubeconfig", "--port", &port.to_string()]);
        gatekeeper.args(["--health-addr", &format!("127.0.0.1:{health}"), "--metrics-addr", "0"]);
        // Fixed by default, and taken where another cluster runs.
        gatekeeper.args(["--prometheus-port", &metrics.to_string()]);
        gatekeeper.args(["--cert-dir", "gatekeeper", "--disable-cert-rotation", "--shutdown-delay", "0"]);
        gatekeeper.args(["--api-cache-dir", "gatekeeper/audit", "--audit-interval", "0"]);
        gatekeeper.args(["--exempt-namespace", "gatekeeper-system", "--disable-opa-builtin", "{http.send}"]);
        Ok(gatekeeper)
    }

    /// Gatekeeper's own webhook configuration, with the addresses of this machine.
    fn webhook(&self, port: u16) -> Result<String> {
        let file = self.folder.join("gatekeeper/webhook.yaml");
        fs::write(&file, documents(&programs::manifests()?, &["ValidatingWebhookConfiguration"]))?;
        let authority = BASE64_STANDARD.encode(fs::read(self.folder.join("gatekeeper/ca.crt"))?);
        let at = |index: u8, path: &str| {
            format!(
                r#"{{"op": "replace", "path": "/webhooks/{index}/clientConfig", "value":
                {{"url": "https://127.0.0.1:{port}{path}", "caBundle": "{authority}"}}}}"#
            )
        };
        let patch = format!("[{}, {}]", at(0, "/v1/admit"), at(1, "/v1/admitlabel"));
        let mut patched = self.kubectl(["patch", "--local", "--type", "json", "-o", "yaml", "-p", &patch])?;
        output(patched.arg("-f").arg(file))
    }

    /// Writes the file by which `kubectl` and others find the API server.
    fn configure(&self, port: u16) -> Result<()> {
        let file = self.folder.join("kubeconfig");
        let path = |name: &str| self.folder.join(name).display().to_string();
        let text = format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: podgate\n\
             contexts: [{{name: podgate, context: {{cluster: podgate, user: admin}}}}]\n\
             clusters: [{{name: podgate, cluster: {{server: 'https://127.0.0.1:{port}', certificate-authority: '{}'}}}}]\n\
             users: [{{name: admin, user: {{client-certificate: '{}', client-key: '{}'}}}}]\n",
            path("ca.crt"),
            path("admin.crt"),
            path("admin.key"),
        );
        fs::write(self.folder.join("address"), format!("127.0.0.1:{port}"))?;
        fs::write(&file, text).with_context(|| format!("cannot write `{}`", file.display()))
    }

    fn kubectl<const N: usize>(&self, args: [&str; N]) -> Result<Command> {
        let mut kubectl = command(programs::KUBECTL.file()?, ["--kubeconfig"]);
        kubectl.arg(self.folder.join("kubeconfig"));
        kubectl.arg("--cache-dir").arg(self.folder.join("kubectl-cache")).args(args);
        Ok(kubectl)
    }

    /// The same for what may fail.
    fn quiet<const N: usize>(&self, args: [&str; N]) -> Command {
        self.kubectl(args).unwrap_or_else(|_| command("false", [""; 0]))
    }

    fn apply(&self, manifests: &str) -> Result<()> {
        let mut kubectl = self.kubectl(["apply", "--server-side", "-f", "-"])?;
        let mut child = kubectl.stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
        child.stdin.take().context("kubectl has no input")?.write_all(manifests.as_bytes())?;
        ensure!(child.wait()?.success(), "`kubectl apply` failed");
        Ok(())
    }

    fn down(&self) -> Result<()> {
        for process in [&self.gatekeeper, &self.server, &self.etcd] {
            process.stop()?;
        }
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder)
                .with_context(|| format!("cannot remove `{}`", self.folder.display()))?;
        }
        Ok(())
    }

    fn tell(&self) -> Result<()> {
        for process in [&self.etcd, &self.server, &self.gatekeeper] {
            process.tell();
        }
        if self.runs() {
            let (config, kubectl) = (self.folder.join("kubeconfig"), programs::KUBECTL.file()?);
            println!("export KUBECONFIG={}\n{} get namespaces", config.display(), kubectl.display());
        }
        Ok(())
    }
}

/// What the API server records: the annotations of webhooks on what is created and changed.
const AUDIT: &str = "apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived]\nrules:\n\
    - {level: Metadata, verbs: [create, update, patch], resources: [{group: ''}, {group: apps}, {group: batch}]}\n\
    - {level: None}\n";

/// Ports that are free now.
fn ports<const N: usize>() -> Result<[u16; N]> {
    // All held at once, so that none is given twice.
    let listeners = [(); N].map(|()| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)));
    let mut ports = [0; N];
    for (port, listener) in ports.iter_mut().zip(listeners) {
        *port = listener.and_then(|listener| listener.local_addr()).context("no port is free")?.port();
    }
    Ok(ports)
}

/// The documents of these kinds in a file of several.
fn documents(text: &str, kinds: &[&str]) -> String {
    let is_wanted = |document: &&str| {
        document.lines().any(|line| line.strip_prefix("kind: ").is_some_and(|kind| kinds.contains(&kind)))
    };
    text.split("\n---\n").filter(is_wanted).collect::<Vec<_>>().join("\n---\n")
}

/// Whether a server on this machine answers that all is well.
fn answers(port: u16, path: &str) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        write!(stream, "GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.split(' ').nth(1) == Some("200"))
}
