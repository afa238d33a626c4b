//! Whether the server stays as it is over a long time, while it is asked and everything that it reads again changes.
//! `cargo xtask soak` runs this, with the program as it is released, for `PODGATE_SOAK` minutes.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rustls::ClientConfig;
use rustls::version::TLS13;
use tempfile::TempDir;

use crate::authority::Authority;
use crate::client::Client;
use crate::server::Server;
use crate::{Ends, keys, pod, review};

/// What memory may differ from its first third to its last.
const FLAT: f64 = 1.1;

/// Time between two requests of each client.
const PAUSE: Duration = Duration::from_millis(20);

/// Time between two changes of settings and certificate. Memory that the allocator keeps grows with the first hundred or
/// two of them, so these are to be over in the first third.
const CHANGE: Duration = Duration::from_secs(2);

#[derive(Default)]
struct Count {
    asked: AtomicUsize,
    wrong: AtomicUsize,
}

#[test]
fn nothing_grows() {
    let minutes = std::env::var("PODGATE_SOAK").ok().and_then(|text| text.parse::<u64>().ok());
    let Some(minutes) = minutes else {
        println!("skipped: PODGATE_SOAK is not set to a number of minutes");
        return;
    };
    let (authority, server) = start();
    let config = authority.client(&[&TLS13], Some(&authority.leaf(2100)));
    let (done, count) = (AtomicBool::new(false), Count::default());
    println!("| minute | asked | failed or wrong | resident | file descriptors |\n|---|---|---|---|---|");
    let mut samples = Vec::new();
    std::thread::scope(|scope| {
        let (done, count, server, config) = (&done, &count, &server, &config);
        for _ in 0..4 {
            scope.spawn(move || ask(server, config, done, count));
        }
        scope.spawn(|| change(server, &authority, CHANGE, done));
        let _ends = Ends(done);
        for minute in 1..=minutes.max(3) {
            std::thread::sleep(Duration::from_secs(60));
            server.forget();
            let (memory, files) = (server.memory(), server.open_files());
            let (asked, wrong) = (count.asked.load(Ordering::Relaxed), count.wrong.load(Ordering::Relaxed));
            println!("| {minute} | {asked} | {wrong} | {:.1} MB | {files} |", memory as f64 / 1e6);
            samples.push((memory, files));
        }
    });
    let third = samples.len() / 3;
    let most =
        |part: &[(u64, usize)]| part.iter().copied().fold((0, 0), |(a, b), (c, d)| (a.max(c), b.max(d)));
    let ((memory, files), (later, more)) = (most(&samples[..third]), most(&samples[samples.len() - third..]));
    assert_eq!(count.wrong.load(Ordering::Relaxed), 0);
    assert!(later as f64 <= memory as f64 * FLAT, "memory grew: {memory} to {later} bytes");
    assert!(more <= files + 8, "files are left open: {files} to {more}");
    for what in ["certificate", "policies"] {
        let reloads = server.metric(&format!("podgate_reloads_total{{what=\"{what}\",result=\"success\"}}"));
        assert!(reloads >= (minutes * 60 / CHANGE.as_secs() / 2) as f64, "{what}: {reloads} reloads");
    }
}

/// A server with settings and a certificate that [`change`] can change.
pub fn start() -> (Authority, Server) {
    let folder = Arc::new(TempDir::new().unwrap());
    let authority = Authority::new();
    authority.leaf(2100).write(folder.path(), "tls");
    fs::write(folder.path().join("podgate.yaml"), settings(0)).unwrap();
    fs::write(folder.path().join("ca.crt"), &authority.pem).unwrap();
    let args = ["--tls-cert", "tls.crt", "--tls-key", "tls.key", "--client-ca", "ca.crt"];
    (authority, Server::start(folder, &args))
}

/// Settings that judge the same and have another digest.
fn settings(round: usize) -> String {
    format!(
        "profiles: [ci]\npolicies: {{CI101: {{mode: {}}}}}\n",
        if round.is_multiple_of(2) { "deny" } else { "warn" }
    )
}

/// Asks by both protocols over one connection a hundred times, and then over a new one.
fn ask(server: &Server, config: &Arc<ClientConfig>, done: &AtomicBool, count: &Count) {
    let bodies = [false, true].map(|privileged| review("u", "pods", &pod(privileged).to_string()));
    let key = pod(true).to_string();
    while !done.load(Ordering::Relaxed) {
        let Ok(mut client) = Client::tls(server.address, config) else {
            count.wrong.fetch_add(1, Ordering::Relaxed);
            continue;
        };
        for turn in 0..100 {
            let is_right = match turn % 3 {
                2 => client.post("/external-data", &keys(&[&key])).is_ok_and(|answer| {
                    answer.json()["response"]["items"][0]["value"]["summary"]["denied"] == true
                }),
                at => client.post("/validate?timeout=10s", &bodies[at]).is_ok_and(|answer| {
                    answer.status == 200 && answer.json()["response"]["allowed"] == (at == 0)
                }),
            };
            count.asked.fetch_add(1, Ordering::Relaxed);
            count.wrong.fetch_add(usize::from(!is_right), Ordering::Relaxed);
            std::thread::sleep(PAUSE);
        }
    }
}

/// Changes settings and certificate again and again, so that verdicts stay what they are.
pub fn change(server: &Server, authority: &Authority, every: Duration, done: &AtomicBool) {
    let mut next = Instant::now() + every;
    let mut round = 0;
    while !done.load(Ordering::Relaxed) {
        std::thread::sleep(Duration::from_millis(200));
        if Instant::now() < next {
            continue;
        }
        next += every;
        round += 1;
        server.write("podgate.yaml", &settings(round));
        // A moment in which the two are no pair is one that the server must live with.
        let leaf = authority.leaf(2100);
        server.write("tls.crt", &leaf.certificate);
        server.write("tls.key", &leaf.key);
    }
}
