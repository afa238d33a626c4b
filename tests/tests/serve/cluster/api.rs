//! A client of the API server.

use std::cell::RefCell;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use podgate_tests::named_by;
use rustls::ClientConfig;
use rustls::version::TLS13;
use serde_json::{Value, json};

use super::passage::Passage;
use crate::authority::{self, Leaf};
use crate::client::{Answer, Client};

/// The cluster's administrator, over one connection.
pub struct Api {
    folder: PathBuf,
    address: SocketAddr,
    config: Arc<ClientConfig>,
    client: RefCell<Client>,
    /// Headers by which it speaks for another.
    speaks_for: String,
}

impl Api {
    /// The cluster of the environment; says that the test is skipped where there is none.
    pub fn connect() -> Option<Self> {
        let folder = named_by("PODGATE_CLUSTER")?;
        let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
        let own = Leaf { certificate: read("admin.crt"), key: read("admin.key") };
        let config = authority::client(&read("ca.crt"), &[&TLS13], Some(&own));
        let address = read("address").parse().unwrap();
        let client = RefCell::new(Client::tls(address, &config).unwrap());
        Some(Self { folder, address, config, client, speaks_for: String::new() })
    }

    /// Another connection.
    pub fn again(&self) -> Self {
        Self {
            folder: self.folder.clone(),
            address: self.address,
            config: Arc::clone(&self.config),
            client: RefCell::new(Client::tls(self.address, &self.config).unwrap()),
            speaks_for: self.speaks_for.clone(),
        }
    }

    /// The same for another user, in a group that may do everything.
    pub fn of(&self, user: &str, groups: &[&str]) -> Self {
        let mut own = self.again();
        own.speaks_for = format!("Impersonate-User: {user}\r\n");
        for group in groups.iter().chain(&["system:masters"]) {
            own.speaks_for += &format!("Impersonate-Group: {group}\r\n");
        }
        own
    }

    /// The same for a service account, with the rights that it has.
    pub fn account(&self, namespace: &str, name: &str) -> Self {
        let mut own = self.again();
        own.speaks_for = format!("Impersonate-User: system:serviceaccount:{namespace}:{name}\r\n");
        own
    }

    /// A kubeconfig for the API server behind a passage.
    pub fn kubeconfig(&self, folder: &Path, passage: &Passage) -> PathBuf {
        let own = fs::read_to_string(self.folder.join("kubeconfig")).unwrap();
        let file = folder.join("kubeconfig");
        fs::write(&file, own.replace(&self.address.to_string(), &passage.address.to_string())).unwrap();
        file
    }

    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The folder of the cluster.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn ask(&self, method: &str, path: &str, kind: &str, body: &str) -> Answer {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nContent-Type: {kind}\r\n\
             Content-Length: {}\r\n{}\r\n",
            body.len(),
            self.speaks_for
        );
        let mut client = self.client.borrow_mut();
        let sent = client.send(head.as_bytes()).and_then(|()| client.send(body.as_bytes()));
        // An API server may close a connection between two requests.
        let answer = sent.and_then(|()| client.answer()).unwrap_or_else(|_| {
            *client = Client::tls(self.address, &self.config).unwrap();
            client.send(head.as_bytes()).unwrap();
            client.send(body.as_bytes()).unwrap();
            client.answer().unwrap()
        });
        if answer.closes {
            *client = Client::tls(self.address, &self.config).unwrap();
        }
        answer
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "application/json", "")
    }

    pub fn create(&self, path: &str, object: &Value) -> Answer {
        self.ask("POST", path, "application/json", &object.to_string())
    }

    pub fn merge(&self, path: &str, patch: &Value) -> Answer {
        self.ask("PATCH", path, "application/strategic-merge-patch+json", &patch.to_string())
    }

    /// Creates or changes an object, in YAML or JSON, at its own path; whether that was taken.
    pub fn applies(&self, path: &str, text: &str) -> bool {
        let path = format!("{path}?fieldManager=tests&force=true");
        let answer = self.ask("PATCH", &path, "application/apply-patch+yaml", text);
        // Not found: a kind of object that is to come.
        assert!(matches!(answer.status, 200 | 201 | 404), "{answer:?}");
        answer.status != 404
    }

    pub fn apply(&self, path: &str, text: &str) {
        assert!(self.applies(path, text), "{path}");
    }

    pub fn delete(&self, path: &str) {
        let answer = self.ask("DELETE", path, "application/json", "{}");
        assert!(matches!(answer.status, 200 | 202 | 404), "{answer:?}");
    }

    /// Creates a pod in its namespace.
    pub fn create_pod(&self, pod: &Value) -> Answer {
        self.create(&pods(pod["metadata"]["namespace"].as_str().unwrap()), pod)
    }

    /// Asks what would become of a pod.
    pub fn try_pod(&self, pod: &Value) -> Answer {
        let path = pods(pod["metadata"]["namespace"].as_str().unwrap());
        self.create(&format!("{path}?dryRun=All"), pod)
    }

    /// A new namespace with these labels, and with the service account that a controller would put there.
    pub fn namespace(&self, labels: &Value) -> String {
        let object = json!({"metadata": {"generateName": "podgate-test-", "labels": labels}});
        let created = self.create("/api/v1/namespaces", &object);
        assert_eq!(created.status, 201, "{created:?}");
        let name = created.json()["metadata"]["name"].as_str().unwrap().to_owned();
        let account = json!({"metadata": {"name": "default"}});
        let made = self.create(&format!("/api/v1/namespaces/{name}/serviceaccounts"), &account);
        assert_eq!(made.status, 201, "{made:?}");
        name
    }
}

/// The path of the pods of a namespace.
pub fn pods(namespace: &str) -> String {
    format!("/api/v1/namespaces/{namespace}/pods")
}
