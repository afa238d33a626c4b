//! The client of a cluster, made once it is first asked: a plugin that brings the credentials may fail, or say nothing.

use std::time::Duration;

use kube::{Client, Config};
use tokio::sync::{Mutex, OnceCell};
use tokio::task::{JoinHandle, spawn_blocking};

use super::api::Failure;
use crate::faults::reason;

/// Longest that credentials may take: a person may have to log in.
const LOGIN: Duration = Duration::from_secs(300);

/// How a cluster is reached.
pub(super) struct Connection {
    config: Config,
    /// Where it is, in backticks, without what is secret.
    server: String,
    client: OnceCell<Client>,
    /// What still runs after somebody stopped waiting for it: a plugin that hangs is not run a second time.
    making: Mutex<Option<JoinHandle<kube::Result<Client>>>>,
}

impl Connection {
    pub(super) fn new(config: Config, server: String) -> Self {
        Self { config, server, client: OnceCell::new(), making: Mutex::new(None) }
    }

    pub(super) fn server(&self) -> &str {
        &self.server
    }

    /// The client; another try where there was none before.
    pub(super) async fn client(&self) -> Result<&Client, Failure> {
        self.client.get_or_try_init(|| self.make(LOGIN)).await
    }

    async fn make(&self, longest: Duration) -> Result<Client, Failure> {
        let mut making = self.making.lock().await;
        let task = making.get_or_insert_with(|| {
            let config = self.config.clone();
            spawn_blocking(move || Client::try_from(config))
        });
        let made = tokio::time::timeout(longest, task).await;
        let Ok(made) = made else { return Err(self.failure("its credential plugin does not end")) };
        *making = None;
        let made = made.map_err(|error| self.failure(&reason(&error)))?;
        made.map_err(|error| self.failure(&reason(&error)))
    }

    /// Why there is no answer of it.
    pub(super) fn failure(&self, why: &str) -> Failure {
        Failure::silence(format!("{} cannot be asked: {why}", self.server))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;
    use std::process::Command;

    use kube::config::ExecConfig;

    use super::*;

    /// A cluster whose credentials a script brings.
    fn connection(script: &str) -> Connection {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut config = Config::new("https://a.example".parse().unwrap());
        let plugin = serde_json::json!({
            "apiVersion": "client.authentication.k8s.io/v1", "command": "sh", "args": ["-c", script],
            "interactiveMode": "Never",
        });
        config.auth_info.exec = Some(serde_json::from_value::<ExecConfig>(plugin).unwrap());
        Connection::new(config, "`https://a.example`".to_owned())
    }

    async fn fault(connection: &Connection, longest: Duration) -> Option<String> {
        connection.make(longest).await.err().map(|failure| failure.reason)
    }

    fn lines(file: &Path) -> usize {
        fs::read_to_string(file).unwrap().lines().count()
    }

    const CREDENTIALS: &str = r#"echo '{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": "t"}}'"#;

    #[tokio::test]
    async fn a_plugin_that_failed_is_asked_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("there");
        let connection = connection(&format!("test -e {} || exit 3; {CREDENTIALS}", file.display()));
        let failed = "`https://a.example` cannot be asked: the credential plugin failed (exit status: 3)";
        assert_eq!(fault(&connection, LOGIN).await.as_deref(), Some(failed));
        assert!(connection.client().await.is_err_and(|failure| failure.is_silence));
        fs::write(file, "").unwrap();
        assert!(connection.client().await.is_ok());
    }

    #[tokio::test]
    async fn a_plugin_that_hangs_runs_once_and_is_taken_when_it_ends() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| folder.path().join(name);
        assert!(Command::new("mkfifo").arg(file("wait")).status().unwrap().success());
        let (begun, wait) = (file("begun"), file("wait"));
        // kube asks for credentials twice: for its requests, and for TLS.
        let script = format!(
            "test -e {0}.done || {{ echo begun >> {0}; read line < {1}; echo > {0}.done; }}; {CREDENTIALS}",
            begun.display(),
            wait.display()
        );
        let connection = connection(&script);
        let hangs = "`https://a.example` cannot be asked: its credential plugin does not end";
        for _ in 0..3 {
            assert_eq!(fault(&connection, Duration::ZERO).await.as_deref(), Some(hangs));
        }
        // Opening it waits for the script.
        fs::write(wait, "go\n").unwrap();
        assert!(connection.client().await.is_ok());
        assert_eq!(lines(&begun), 1);
    }
}
