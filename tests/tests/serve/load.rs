//! How long answers take under load and under abuse. `cargo xtask load` runs this, with the program as it is released
//! (`PODGATE_PROGRAM`) and a generator of load (`PODGATE_OHA`); the figures are in `docs/benchmarks.md`.

use std::fs;
use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use podgate_tests::named_by;
use rustls::ClientConfig;
use rustls::version::TLS13;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::authority::Authority;
use crate::client::{Client, head};
use crate::server::Server;
use crate::{Ends, pod, review, soak};

/// Seconds of each measurement.
const SECONDS: u64 = 8;

struct Served {
    server: Server,
    config: Arc<ClientConfig>,
}

fn serve() -> Served {
    let folder = Arc::new(TempDir::new().unwrap());
    let authority = Authority::new();
    authority.leaf(2100).write(folder.path(), "tls");
    let server = Server::start(folder, &["--tls-cert", "tls.crt", "--tls-key", "tls.key"]);
    Served { server, config: authority.client(&[&TLS13], None) }
}

/// A review of a safe pod with four containers.
fn small() -> String {
    let mut pod = pod(false);
    let container = pod["spec"]["containers"][0].clone();
    let named = |at: usize| {
        let mut own = container.clone();
        own["name"] = json!(format!("build-{at}"));
        own
    };
    pod["spec"]["containers"] = (0..4).map(named).collect();
    review("u", "pods", &pod.to_string())
}

/// The same with as many variables as make it so long.
fn large(bytes: usize) -> String {
    let mut pod = pod(false);
    let all: Vec<Value> = (0..bytes / 100)
        .map(|at| json!({"name": format!("NAME_{at:06}"), "value": "x".repeat(66)}))
        .collect();
    pod["spec"]["containers"][0]["env"] = json!(all);
    review("u", "pods", &pod.to_string())
}

/// A review of as many containers as a pod may have, with something to find in each.
fn crowded() -> String {
    let mut pod = pod(true);
    let containers = (0..9_000).map(|at| json!({"name": format!("c{at}"), "image": "a"}));
    pod["spec"]["containers"] = containers.collect();
    pod["spec"]["containers"][0]["securityContext"] = json!({"privileged": true});
    let review = review("u", "pods", &pod.to_string());
    assert!(review.len() < 3 << 20, "{}", review.len());
    review
}

#[test]
fn answers_under_load() {
    let Some(oha) = named_by("PODGATE_OHA") else { return };
    let served = serve();
    println!("| pod | asked | answered | p50 | p99 | p99.9 | failed |\n|---|---|---|---|---|---|---|");
    for (name, body, rate) in [("4 containers", small(), 1000), ("300 kB", large(300_000), 100)] {
        let file = served.server.path("body.json");
        fs::write(&file, body).unwrap();
        let run = |rate: Option<u64>| {
            let (row, answered) = generate(&oha, &served.server, &file, rate, &[]);
            let asked = rate.map_or("all it can, 16 clients".to_owned(), |rate| format!("{rate}/s"));
            println!("| {name} | {asked} | {answered:.0}/s | {row} |");
            answered
        };
        run(Some(rate));
        let most = run(None);
        run(Some((most * 0.8) as u64));
    }
}

#[test]
fn answers_while_everything_changes() {
    let Some(oha) = named_by("PODGATE_OHA") else { return };
    let (authority, server) = soak::start();
    let file = server.path("body.json");
    fs::write(&file, small()).unwrap();
    let done = AtomicBool::new(false);
    println!("| settings and certificate change each second | asked | p50 | p99 | p99.9 | failed |");
    std::thread::scope(|scope| {
        scope.spawn(|| soak::change(&server, &authority, Duration::from_secs(1), &done));
        let _ends = Ends(&done);
        for (name, more) in
            [("over kept connections", &[][..]), ("a connection each", &["--disable-keepalive"])]
        {
            let (row, _) = generate(&oha, &server, &file, Some(200), more);
            println!("| {name} | 200/s | {row} |");
        }
    });
    let changed =
        |what: &str| server.metric(&format!("podgate_reloads_total{{what=\"{what}\",result=\"success\"}}"));
    println!("{} times settings, {} times the certificate", changed("policies"), changed("certificate"));
}

/// Latencies of a run in milliseconds, and answers per second.
fn generate(oha: &Path, server: &Server, body: &Path, rate: Option<u64>, more: &[&str]) -> (String, f64) {
    let mut command = Command::new(oha);
    command.args(more);
    command.args(["--no-tui", "--output-format", "json", "--insecure", "--http-version", "1.1", "-c", "16"]);
    command.args(["-m", "POST", "-T", "application/json", "-z", &format!("{SECONDS}s"), "-D"]).arg(body);
    if let Some(rate) = rate {
        command.args(["-q", &rate.to_string(), "--latency-correction"]);
    }
    let output = command.arg(format!("https://{}/validate?timeout=10s", server.address)).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let run: Value = serde_json::from_slice(&output.stdout).unwrap();
    let of = |name: &str| run["latencyPercentiles"][name].as_f64().unwrap() * 1000.0;
    let statuses = run["statusCodeDistribution"].as_object().unwrap();
    let bad: u64 = statuses.iter().filter(|(code, _)| *code != "200").filter_map(|(_, n)| n.as_u64()).sum();
    let errors = run["errorDistribution"].as_object().unwrap();
    // What was under way when the time was up.
    let lost: u64 =
        errors.iter().filter(|(text, _)| !text.contains("deadline")).filter_map(|(_, n)| n.as_u64()).sum();
    let row = format!("{:.2} ms | {:.2} ms | {:.2} ms | {}", of("p50"), of("p99"), of("p99.9"), bad + lost);
    (row, run["summary"]["requestsPerSec"].as_f64().unwrap())
}

/// What a client does that means no good, again and again until the time is up.
type Abuse = fn(&Served, &mut Vec<TcpStream>);

const ABUSES: [(&str, Abuse); 8] = [
    ("nothing else", |_, _| std::thread::sleep(Duration::from_millis(50))),
    ("10,000 connections that say nothing", |served, kept| match TcpStream::connect(served.server.address) {
        Ok(stream) if kept.len() < 2500 => kept.push(stream),
        _ => std::thread::sleep(Duration::from_millis(50)),
    }),
    ("heads of requests, a byte at a time", slow_heads),
    ("garbage in the place of TLS", |served, _| {
        if let Ok(mut stream) = TcpStream::connect(served.server.address) {
            let _ = stream
                .write_all(&[0x16, 3, 1, 0x40, 0, 1, 0, 0x3f, 0xfc, 3, 3])
                .and_then(|()| stream.write_all(&[7; 4096]));
        }
    }),
    ("HTTP/2 streams that are reset at once", |served, _| {
        if let Ok(mut client) = Client::tls(served.server.address, &served.config) {
            let stream =
                [&[0, 0, 1, 1, 5, 0, 0, 0, 1, 0x82][..], &[0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 8]].concat();
            let preface = &b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"[..];
            let _ = client.send(&[preface, &stream.repeat(1000)].concat());
        }
    }),
    ("bodies without an end", |served, _| {
        if let Ok(mut client) = Client::tls(served.server.address, &served.config) {
            let chunked =
                head("/validate", 0, "Transfer-Encoding: chunked\r\n").replace("Content-Length: 0\r\n", "");
            let chunk = format!("{:x}\r\n{}\r\n", 1 << 18, "x".repeat(1 << 18));
            let mut sent = client.send(chunked.as_bytes());
            while sent.is_ok() {
                sent = client.send(chunk.as_bytes());
            }
        }
    }),
    ("bodies that are compressed", |served, _| {
        if let Ok(mut client) = Client::tls(served.server.address, &served.config) {
            let _ = client.send(head("/validate", 3 << 20, "Content-Encoding: gzip\r\n").as_bytes());
            let _ = client.send(&vec![0x1f; 3 << 20]);
        }
    }),
    ("pods of 9,000 containers", |served, _| {
        if let Ok(mut client) = Client::tls(served.server.address, &served.config) {
            let body = crowded();
            let answer = client.post("/validate?timeout=10s", &body);
            assert!(
                answer.is_ok_and(|answer| answer.json()["response"]["allowed"] == false),
                "never allowed"
            );
        }
    }),
];

/// A hundred clients for each thread, of which each says a byte when its turn comes.
fn slow_heads(served: &Served, _: &mut Vec<TcpStream>) {
    let open = || Client::tls(served.server.address, &served.config);
    let mut slow: Vec<Client> = (0..100).filter_map(|_| open().ok()).collect();
    for byte in head("/validate", 100, "").bytes().take(40) {
        slow.retain_mut(|client| client.send(&[byte]).is_ok());
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn answers_under_abuse() {
    if named_by("PODGATE_OHA").is_none() {
        return;
    }
    println!("| beside it | asked | p50 | p99 | slowest | failed or wrong |\n|---|---|---|---|---|---|");
    for (name, abuse) in ABUSES {
        let served = serve();
        let (done, wrong) = (AtomicBool::new(false), AtomicUsize::new(0));
        let mut took = Vec::new();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                let (served, done) = (&served, &done);
                scope.spawn(move || {
                    let mut kept = Vec::new();
                    while !done.load(Ordering::Relaxed) {
                        abuse(served, &mut kept);
                    }
                });
            }
            let _ends = Ends(&done);
            let end = Instant::now() + Duration::from_secs(SECONDS);
            while Instant::now() < end {
                let begun = Instant::now();
                if !is_answered(&served) {
                    wrong.fetch_add(1, Ordering::Relaxed);
                }
                took.push(begun.elapsed());
                std::thread::sleep(Duration::from_millis(5));
            }
        });
        took.sort();
        let at = |part: f64| took[((took.len() - 1) as f64 * part) as usize].as_secs_f64() * 1000.0;
        let (wrong, slowest) = (wrong.load(Ordering::Relaxed), at(1.0));
        println!(
            "| {name} | {} | {:.1} ms | {:.1} ms | {slowest:.1} ms | {wrong} |",
            took.len(),
            at(0.5),
            at(0.99)
        );
    }
}

/// Whether a client that comes anew gets the right answer.
fn is_answered(served: &Served) -> bool {
    let ask = || Client::tls(served.server.address, &served.config)?.post("/validate?timeout=10s", &small());
    ask().is_ok_and(|answer| answer.status == 200 && answer.json()["response"]["allowed"] == true)
}
