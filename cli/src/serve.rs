//! `podgate serve`
//!
//! Nothing here decides: bodies go to [`podgate::admission`] and [`podgate::external_data`], which are pure
//! functions, and come back as answers. What is here keeps that up: TLS, files that change, bounds, and a good end.

mod clients;
mod cluster;
mod connections;
mod http;
mod log;
mod managed;
mod metrics;
mod namespaces;
mod policies;
mod protocols;
mod reload;
mod state;
mod tls;

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rustls::ProtocolVersion;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use self::connections::{Connections, Place, Stage, Watched};
use self::http::{Peer, Role};
use self::policies::Source;
use self::state::{Phase, Rules, State};
use self::tls::{Authorities, Origin, Origins, Pems};
use crate::args::{ManagedArgs, ServeArgs};
use crate::exit::Status;
use crate::signals::Signals;

/// Connections of operators. A few scrapers and probes have few.
const OPERATORS: usize = 64;

/// Bytes of the head of a request.
const HEAD: usize = 16 << 10;

/// Longest that the end waits for answers, which all have their own bounds.
const END: Duration = Duration::from_secs(20);

pub(crate) fn run(args: ServeArgs) -> Result<Status> {
    log::start(args.log_format, args.log_level)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.context("the server cannot be started")?;
    let status = runtime.block_on(serve(args));
    // What is still being judged at the end has nobody to answer to.
    runtime.shutdown_background();
    status
}

async fn serve(args: ServeArgs) -> Result<Status> {
    let mut signals = Signals::new()?;
    let source = Source::new(args.rules);
    let texts = source.read()?;
    let gates = Arc::new(source.gates(&texts)?);
    let rules = Rules { is_plain: args.plain_http, requires_certificate: args.require_client_cert };
    let state = Arc::new(State::new(Arc::clone(&gates), rules, usize::from(args.max_requests)));
    if gates.want_labels() {
        state.awaits(namespaces::WHAT);
    }
    state.start_by(gates).await?;
    let certificate =
        certificate(&state, args.tls_cert.zip(args.tls_key), args.managed, args.client_ca).await?;
    let cluster = bind(args.listen).await?;
    let operators = bind(args.metrics_listen).await?;
    let connections = Connections::new(usize::from(args.max_connections));
    tokio::spawn(listen(Arc::clone(&state), Role::Operators, operators.0, Connections::new(OPERATORS)));
    let listening = tokio::spawn(serve_cluster(Arc::clone(&state), cluster.0, Arc::clone(&connections)));
    let watched = reload::Watched { policies: (source, texts), certificate };
    let interval = Duration::from_secs(u64::from(args.reload_interval));
    tokio::spawn(reload::watch(Arc::clone(&state), watched, interval));
    tracing::info!(address = %cluster.1, metrics = %operators.1, tls = !args.plain_http, "listening");

    signals.next().await;
    state.phase.send_replace(Phase::Leaving);
    tracing::info!("shutting down");
    let delay = tokio::time::sleep(Duration::from_secs(u64::from(args.shutdown_delay)));
    tokio::select! { () = delay => {}, () = signals.next() => {} }
    state.phase.send_replace(Phase::Closing);
    // A connection that it has taken has its place once it has ended.
    let _ = listening.await;
    let all = tokio::time::timeout(END, connections.none());
    tokio::select! {
        done = all => if done.is_err() {
            tracing::warn!(connections = connections.len(), "requests are left unanswered");
        },
        () = signals.next() => {}
    }
    tracing::info!("ended");
    Ok(Status::Clean)
}

/// Where the certificate comes from, with what it is now; the state has it, or waits for it.
async fn certificate(
    state: &Arc<State>,
    files: Option<(PathBuf, PathBuf)>,
    managed: ManagedArgs,
    client_ca: Option<PathBuf>,
) -> Result<Option<(Origin, Option<Pems>)>> {
    let secret = managed.managed_certificate.clone().zip(managed.service.clone());
    let told = managed.client_ca_from.clone();
    let pair = match (files, secret) {
        (Some((certificate, key)), _) => Origins::Files { certificate, key },
        (None, Some((secret, service))) => {
            let cluster = cluster::client().context("a certificate needs a cluster that keeps it")?;
            state.awaits(managed::WHAT);
            Origins::Managed(managed::start(state, cluster, managed, secret, service))
        }
        (None, None) => return Ok(None),
    };
    let client_ca = match (client_ca, told) {
        (Some(path), _) => Some(Authorities::File(path)),
        (None, Some(name)) => {
            let told = clients::follow(state, &name).await?;
            Some(Authorities::Told(name, told))
        }
        (None, None) => None,
    };
    let origin = Origin { pair, client_ca };
    let pems = origin.read()?;
    if let Some(pems) = &pems {
        state.identify(origin.identity(pems)?);
    }
    Ok(Some((origin, pems)))
}

async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr)> {
    let context = || format!("cannot listen on `{address}`");
    let listener = TcpListener::bind(address).await.with_context(context)?;
    let own = listener.local_addr().with_context(context)?;
    Ok((listener, own))
}

/// Takes the cluster's connections, once there is a certificate to show.
async fn serve_cluster(state: Arc<State>, listener: TcpListener, connections: Arc<Connections>) {
    if !state.rules.is_plain {
        let mut phase = state.phase.subscribe();
        tokio::select! { () = state.identified() => {}, () = closing(&mut phase) => return }
    }
    listen(state, Role::Cluster, listener, connections).await;
}

/// Takes connections until the server closes.
async fn listen(state: Arc<State>, role: Role, listener: TcpListener, connections: Arc<Connections>) {
    let mut phase = state.phase.subscribe();
    let mut sweep = tokio::time::interval(Duration::from_secs(1));
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    // Mostly too many open files, which goes away with connections.
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            _ = sweep.tick() => {
                for _ in 0..connections.sweep(Instant::now()) {
                    state.metrics.closed("timeout");
                }
                count(&state, role, &connections);
                continue;
            }
            () = closing(&mut phase) => return,
        };
        let (place, made_room) = connections.open();
        if made_room || place.is_none() {
            state.metrics.closed("limit");
        }
        if let Some(place) = place {
            tokio::spawn(connection(Arc::clone(&state), role, stream, place));
        }
        count(&state, role, &connections);
    }
}

/// Waits until nothing more is to be taken.
async fn closing(phase: &mut watch::Receiver<Phase>) {
    // The sender lives as long as the server.
    let _ = phase.wait_for(|phase| *phase == Phase::Closing).await;
}

fn count(state: &State, role: Role, connections: &Connections) {
    if role == Role::Cluster {
        state.metrics.connections.set(i64::try_from(connections.len()).unwrap_or(i64::MAX));
    }
}

/// One connection from its handshake to its end.
async fn connection(state: Arc<State>, role: Role, stream: TcpStream, place: Place) {
    let close = Arc::clone(&place.connection);
    tokio::select! {
        ended = secured(&state, role, stream, &place) => if let Err(error) = ended {
            tracing::debug!(%error, "a connection failed");
        },
        () = close.close.notified() => {}
    }
}

async fn secured(state: &Arc<State>, role: Role, stream: TcpStream, place: &Place) -> io::Result<()> {
    stream.set_nodelay(true)?;
    if role == Role::Operators || state.rules.is_plain {
        return exchange(state, role, Peer { is_modern: true, has_certificate: false }, stream, place).await;
    }
    let identity = state.identity().ok_or_else(|| io::Error::other("there is no certificate yet"))?;
    let mut phase = state.phase.subscribe();
    let acceptor = TlsAcceptor::from(Arc::clone(&identity.config));
    let stream = tokio::select! {
        stream = acceptor.accept(stream) => stream.inspect_err(|_| state.metrics.closed("handshake"))?,
        () = closing(&mut phase) => return Ok(()),
    };
    let (_, session) = stream.get_ref();
    let peer = Peer {
        is_modern: session.protocol_version() == Some(ProtocolVersion::TLSv1_3),
        has_certificate: session.peer_certificates().is_some_and(|chain| !chain.is_empty()),
    };
    exchange(state, role, peer, stream, place).await
}

/// Requests and answers over one connection, until one of both ends it.
async fn exchange<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    state: &Arc<State>,
    role: Role,
    peer: Peer,
    stream: S,
    place: &Place,
) -> io::Result<()> {
    place.connection.enter(Stage::Idle);
    let watched = Watched { stream, connection: Arc::clone(&place.connection) };
    let service = service_fn(|request| {
        http::answer(Arc::clone(state), role, peer, Arc::clone(&place.connection), request)
    });
    // The head's time is watched here: hyper would count the wait for a request as a part of it.
    let served = http1::Builder::new()
        .header_read_timeout(None)
        .max_buf_size(HEAD)
        .serve_connection(TokioIo::new(watched), service);
    tokio::pin!(served);
    let mut phase = state.phase.subscribe();
    let ended = tokio::select! {
        ended = served.as_mut() => ended,
        () = closing(&mut phase) => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    ended.map_err(io::Error::other)
}
