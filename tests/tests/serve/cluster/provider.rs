//! A provider that does what a good one does not, as the pod's name in the key says.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::version::TLS13;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};

use crate::authority::Leaf;

/// Starts it; it ends with the tests.
pub fn start(own: &Leaf) -> SocketAddr {
    let chain = vec![CertificateDer::from_pem_slice(own.certificate.as_bytes()).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(own.key.as_bytes()).unwrap();
    let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_protocol_versions(&[&TLS13]).unwrap().with_no_client_auth();
    let config = Arc::new(builder.with_single_cert(chain, key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let config = Arc::clone(&config);
            // A client that goes away ends its connection, and nothing more.
            std::thread::spawn(move || serve(stream, config));
        }
    });
    address
}

fn serve(stream: TcpStream, config: Arc<ServerConfig>) -> io::Result<()> {
    let session = ServerConnection::new(config).map_err(io::Error::other)?;
    let mut stream = BufReader::new(StreamOwned::new(session, stream));
    loop {
        let (mut line, mut length) = (String::new(), 0);
        while line != "\r\n" {
            line.clear();
            if stream.read_line(&mut line)? == 0 {
                return Ok(());
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length: ") {
                length = value.trim().parse().map_err(io::Error::other)?;
            }
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body)?;
        let (status, answer) = answer(&serde_json::from_slice(&body)?);
        let head = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n\r\n", answer.len());
        stream.get_mut().write_all(format!("{head}{answer}").as_bytes())?;
        stream.get_mut().flush()?;
    }
}

/// What is wrong with the answer: the names of the pods that tell the provider to answer so.
pub const FAULTS: [&str; 12] = [
    "slow",
    "item-error",
    "system-error",
    "system-error-and-error",
    "empty",
    "nothing",
    "no-json",
    "wrong-type",
    "status-500",
    "other-key",
    "value-and-error",
    "no-report",
];

fn answer(request: &Value) -> (u16, String) {
    let key = request["request"]["keys"][0].clone();
    let object: Value = serde_json::from_str(key.as_str().unwrap_or_default()).unwrap_or_default();
    let clean = json!({"key": key, "value": {"findings": []}});
    let finding = json!({"action": "deny", "message": "it is bad", "policy": "CI0", "name": "bad", "help": "no", "docs": "at", "pointer": "/"});
    let items = |items: Value| json!({"response": {"idempotent": true, "items": items}});
    let error = json!({"key": key, "error": "no idea"});
    let answer = match object["metadata"]["name"].as_str().unwrap_or_default() {
        "slow" => {
            // Longer than the Provider's `timeout`.
            std::thread::sleep(Duration::from_millis(1500));
            items(json!([clean]))
        }
        "item-error" => items(json!([error])),
        "value-and-error" => items(json!([{"key": key, "value": {"findings": []}, "error": "no idea"}])),
        "system-error" => json!({"response": {"idempotent": true, "items": [], "systemError": "no idea"}}),
        "system-error-and-error" => {
            json!({"response": {"idempotent": true, "items": [error], "systemError": "no idea"}})
        }
        "empty" => items(json!([])),
        "nothing" => json!({}),
        "no-json" => return (200, "no json".to_owned()),
        "wrong-type" => json!({"response": {"items": 7}}),
        "status-500" => return (500, "an error\n".to_owned()),
        "other-key" => items(json!([{"key": "other", "value": {"findings": []}}])),
        "no-report" => items(json!([{"key": key, "value": "fine"}])),
        "bad" => items(json!([{"key": key, "value": {"findings": [finding]}}])),
        _ => items(json!([clean])),
    };
    (200, answer.to_string())
}
