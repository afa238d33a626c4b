//! Clusters behind a proxy, and those that no proxy leads to.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::server::{PODS, Server};
use super::{Run, kubeconfig, pod, program};

/// The name of the cluster, which only the proxy knows the way to.
const FAR: &str = "api.cluster.example:6443";

/// A proxy that leads to one server, whatever it is asked for; and what it was asked for.
fn proxy(
    to: SocketAddr,
    greet: fn(&mut TcpStream) -> std::io::Result<String>,
) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, asked) = (listener.local_addr().unwrap(), Arc::<Mutex<Vec<String>>>::default());
    let told = Arc::clone(&asked);
    thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            let told = Arc::clone(&told);
            thread::spawn(move || {
                let Ok(ask) = greet(&mut client) else { return };
                told.lock().unwrap().push(ask);
                let mut server = TcpStream::connect(to).unwrap();
                let (mut from, mut back) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                // Either side may end, which the other is told.
                thread::spawn(move || std::io::copy(&mut from, &mut server));
                let _ = std::io::copy(&mut back, &mut client);
                let _ = client.shutdown(std::net::Shutdown::Both);
            });
        }
    });
    (address, asked)
}

/// The side of an HTTP proxy in `CONNECT`: the line and the credentials.
fn connect(client: &mut TcpStream) -> std::io::Result<String> {
    let mut lines = BufReader::new(client.try_clone()?);
    let mut ask = String::new();
    loop {
        let mut line = String::new();
        lines.read_line(&mut line)?;
        let is_meant = ask.is_empty() || line.to_ascii_lowercase().starts_with("proxy-authorization");
        if is_meant {
            ask.push_str(&line);
        }
        if line.trim().is_empty() {
            break;
        }
    }
    client.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
    Ok(ask.trim().to_owned())
}

/// The side of a SOCKS 5 proxy (RFC 1928) without credentials: host and port.
fn socks(client: &mut TcpStream) -> std::io::Result<String> {
    let mut from = client.try_clone()?;
    let mut read = |length: usize| {
        let mut bytes = vec![0; length];
        from.read_exact(&mut bytes).map(|()| bytes)
    };
    let methods = read(2)?[1];
    read(methods.into())?;
    client.write_all(&[5, 0])?;
    assert_eq!(read(4)?, [5, 1, 0, 3], "a name, which the proxy looks up");
    let length = read(1)?[0];
    let name = String::from_utf8(read(length.into())?).unwrap();
    let port = read(2)?;
    client.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 80])?;
    Ok(format!("{name}:{}", u16::from_be_bytes([port[0], port[1]])))
}

/// A kubeconfig whose cluster is far away, with a proxy or without.
fn far(proxy: Option<&str>) -> TempDir {
    let folder = kubeconfig(&[("dev", &Server::of(&[]))]);
    let file = folder.path().join("config");
    let mut config: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    let cluster = &mut config["clusters"][0]["cluster"];
    cluster["server"] = json!(format!("http://{FAR}"));
    cluster["proxy-url"] = json!(proxy);
    fs::write(&file, config.to_string()).unwrap();
    folder
}

fn run(mut command: Command) -> Run {
    let output = command.output().unwrap();
    Run {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn a_proxy_of_the_kubeconfig_is_gone_through() {
    let server = Server::of(&[(PODS, vec![pod("ci", "a", true, None)])]);
    let (address, asked) = proxy(server.address, connect);
    let folder = far(Some(&format!("http://user:p%40ss@{address}")));
    let found = run(program(&folder, "--format json"));
    assert_eq!((found.code, found.subjects()), (1, vec!["Pod ci/a".to_owned()]), "{found:?}");
    let asked = asked.lock().unwrap();
    let expected = format!("CONNECT {FAR} HTTP/1.1\r\nProxy-Authorization: Basic dXNlcjpwQHNz");
    assert!(asked.iter().all(|ask| ask.eq_ignore_ascii_case(&expected)), "{asked:?}");
    assert_eq!(asked.len(), server.asks().len());
}

#[test]
fn a_socks_proxy_is_gone_through() {
    let server = Server::of(&[(PODS, vec![pod("ci", "a", true, None)])]);
    let (address, asked) = proxy(server.address, socks);
    let found = run(program(&far(Some(&format!("socks5://{address}"))), "--format json"));
    assert_eq!((found.code, found.subjects()), (1, vec!["Pod ci/a".to_owned()]), "{found:?}");
    assert!(asked.lock().unwrap().iter().all(|ask| ask == FAR));
}

#[test]
fn a_proxy_of_the_environment_is_gone_through_but_for_its_exceptions() {
    let server = Server::of(&[(PODS, vec![pod("ci", "a", true, None)])]);
    let (address, asked) = proxy(server.address, connect);
    let folder = far(None);
    let with = |exceptions: &str| {
        let mut command = program(&folder, "--format json");
        command.env("HTTP_PROXY", format!("http://{address}")).env("NO_PROXY", exceptions);
        run(command)
    };
    assert_eq!(with("other.example").code, 1);
    let before = asked.lock().unwrap().len();
    assert!(before > 0);
    let found = with("other.example,.cluster.example");
    let reason = &found.not_evaluated()[0].1;
    assert_eq!(found.code, 3);
    assert!(reason.starts_with(&format!("replicasets cannot be read: `http://{FAR}` cannot be asked: ")));
    assert_eq!(asked.lock().unwrap().len(), before);
}

#[test]
fn a_proxy_that_is_not_there_is_told_without_its_credentials() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = nobody.local_addr().unwrap();
    drop(nobody);
    let found = run(program(&far(Some(&format!("http://user:geheim@{address}"))), "--format json"));
    let reason = format!(
        "replicasets cannot be read: `http://{FAR}` by the proxy `http://{address}` cannot be asked: Connection refused"
    );
    assert_eq!((found.code, &found.not_evaluated()[0].1), (3, &reason));
    assert!(!found.out.contains("geheim") && found.err.is_empty(), "{found:?}");
    let found = run(program(&far(Some("ftp://user:geheim@proxy")), ""));
    assert_eq!(
        (found.code, found.err.as_str()),
        (
            2,
            "error: context `dev` of the kubeconfig cannot be used: `proxy-url` cannot be used: its scheme is `ftp`, expected one of \
            `http`, `socks5`\n"
        )
    );
}
